"""What a screen says once after something was done: the sentence for the code that came with the move."""

from __future__ import annotations

from lti_app.screens.page import Frame


def said_words(frame: Frame, code: str) -> str:
    """Return the sentence for a code of ``goto(said=...)``, empty for one that is not ours."""
    sentences = {
        "note_sent": frame.words("Sent. The notice goes out on its own."),
        "reply_sent": frame.words("Your answer is sent."),
        "point_saved": frame.words("Saved at school."),
        "point_corrected": frame.words("Corrected. The old score stays in the history."),
        "goal_added": frame.words("The goal is added."),
        "records_opened": frame.words("The records are open."),
        "records_taken_back": frame.words("The records are closed again. Nothing is left of them."),
        "child_added": frame.words("The record is open."),
        "parent_confirmed": frame.words("Confirmed."),
        "confirmation_ended": frame.words("Taken back. Nothing opens for this person any more."),
        "confirmation_back": frame.words("Put back, with the rights as they were."),
        "transfer_noted": frame.words("Noted."),
        "student_let_in": frame.words("The student’s page is open."),
        "window_opened": frame.words("Opened for that time, and for nothing else."),
        "window_closed": frame.words("Closed."),
        "rights_changed": frame.words("The rights are changed."),
        "team_changed": frame.words("The team is changed."),
        "staff_changed": frame.words("The appointments are changed."),
        "notice_queued": frame.words("The notice is queued again."),
        "canvas_connected": frame.words("Canvas is connected. What was waiting goes out now."),
        "google_left": frame.words("Google is disconnected. Notices wait from now on."),
        "canvas_left": frame.words("Canvas is disconnected. Notices wait from now on."),
        "plan_kept": frame.words("Kept."),
        "plan_part_put": frame.words("It stands in the draft."),
        "plan_form_kept": frame.words("Your words are kept. They are not in the draft yet."),
        "plan_dropped": frame.words("The draft is gone."),
        "plan_pasted": frame.words("The lines stand in the draft. Look at each part once more."),
        "wish_asked": frame.words("The family is asked."),
        "plan_notice_kept": frame.words("The notice is written. It is not sent yet."),
        "plan_notice_sent": frame.words("The notice is on record as sent."),
        "plan_proposed": frame.words("The plan is proposed. The family can read it and answer each part."),
        "plan_in_effect": frame.words("The plan is in effect."),
        "plan_answered": frame.words("Noted. The plan in effect stays in effect."),
        "plan_ended": frame.words("The plan has ended. It stays readable."),
        "plan_adopted": frame.words("The plan is adopted."),
        "consent_asked": frame.words("The signature is asked for."),
        "consent_noted": frame.words("It is on record."),
        "copy_noted": frame.words("The copy is on record."),
        "translation_asked": frame.words("The interpreter is asked."),
        "translation_done": frame.words("The translation is sent."),
    }
    return sentences.get(code, "")
