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
        "rights_changed": frame.words("The rights are changed."),
        "team_changed": frame.words("The team is changed."),
        "staff_changed": frame.words("The appointments are changed."),
        "notice_queued": frame.words("The notice is queued again."),
        "canvas_connected": frame.words("Canvas is connected. What was waiting goes out now."),
        "google_left": frame.words("Google is disconnected. Notices wait from now on."),
        "canvas_left": frame.words("Canvas is disconnected. Notices wait from now on."),
        "translation_asked": frame.words("The interpreter is asked."),
        "translation_done": frame.words("The translation is sent."),
    }
    return sentences.get(code, "")
