"""How the screens say where a pull stands, why a course is only a part, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from iepcore.language import Phrase
from iepcore.language.catalogue import has_message
from iepcore.people import CourseStanding, CourseState, RosterRun, RunState, Shortfall, ShortfallKind
from lti_app.screens.page import Frame


def kind_name(frame: Frame, kind: str) -> str:
    """Return what people call a kind of source."""
    names = {
        "canvas": "Canvas",
        "google": "Google Classroom",
        "oneroster": frame.words("OneRoster file"),
    }
    return names.get(kind, kind)


def run_words(frame: Frame, run: RosterRun) -> str:
    """Return where a pull stands, in one sentence."""
    if run.state is RunState.RUNNING and run.of:
        return frame.count_words(
            "%(done)s of %(number)s course", "%(done)s of %(number)s courses", run.of, done=run.done
        )
    return {
        RunState.ASKED: frame.words("It begins in a moment."),
        RunState.RUNNING: frame.words("The list of courses is read."),
        RunState.WAITING: frame.words("Everything is read. Look at it first; nothing is changed yet."),
        RunState.DONE: frame.words("Done."),
        RunState.INTERRUPTED: frame.words("It broke off. The courses that are done stay as they are."),
        RunState.FAILED: frame.words("It could not go on. The courses that are done stay as they are."),
        RunState.DECLINED: frame.words("You said no. Nothing was changed."),
    }[run.state]


def reason_words(frame: Frame, reason: str) -> Markup | str:
    """Return what to do about a pull that broke off."""
    own = {
        "": "",
        "no_source": frame.words(
            "Nobody's account opens this source any more. Connect it again, or bring a new file."
        ),
        "stopped_by_person": frame.words("Somebody stopped it. “Update now” goes on."),
        "began_three_times": frame.words(
            "It began three times and never came to an end. Tell whoever runs the server, then try again."
        ),
        "nobody_decided": frame.words("Nobody decided within a week, so it was forgotten."),
        "store_full": frame.words(
            "The disk is full. Whoever runs the server makes room; then “Update now” goes on."
        ),
        "consent_lost": frame.words(
            "Whoever connected this source took the consent back, or it ran out. Connect it again."
        ),
        "scope_missing": frame.words(
            "The school's key may not read rosters. Its administrator adds that permission."
        ),
        "platform_down": frame.words("The source cannot be reached. It is tried again tonight."),
        "no_answer": frame.words("The source fell silent. “Update now” goes on where it stopped."),
        "server_fault": frame.words("The source has a fault of its own. Try again later."),
        "no_room_here": frame.words(
            "The disk is full. Whoever runs the server makes room; then “Update now” goes on."
        ),
        "forbidden_there": frame.words(
            "The source does not let this account read it. Ask its administrator."
        ),
        "rate_limited": frame.words("The source asked us to come later. It is tried again tonight."),
        "not_found_there": frame.words("The source does not know this account. Ask its administrator."),
    }
    if reason in own:
        return own[reason]
    if has_message(f"advice.{reason}"):
        return frame.say(Phrase(key=f"advice.{reason}"))
    return frame.words("The source did not answer as expected. “Update now” goes on where it stopped.")


def course_badge(frame: Frame, state: CourseState) -> tuple[str, str]:
    """Return (words, kind of badge) of how whole a course is."""
    return {
        CourseStanding.WHOLE: (frame.words("whole"), "done"),
        CourseStanding.PARTIAL: (frame.words("a part of it"), "open"),
        CourseStanding.HELD: (frame.words("waits for you"), "open"),
        CourseStanding.STAGED: (frame.words("read, not taken in"), ""),
        CourseStanding.GONE: (frame.words("no longer listed"), ""),
    }[state.standing]


def counts_words(frame: Frame, state: CourseState) -> str:
    """Return how many people a course has, and what the last pull changed."""
    words = [frame.count_words("%(number)s person", "%(number)s people", state.people)]
    if state.came:
        words.append(frame.words("%(number)s new", number=state.came))
    if state.changed:
        words.append(frame.words("%(number)s changed", number=state.changed))
    if state.left:
        words.append(frame.words("%(number)s left", number=state.left))
    return " · ".join(words)


def shortfall_words(frame: Frame, shortfalls: Iterable[Shortfall]) -> list[str]:
    """Return why a course is only a part, one sentence for each reason."""
    sentences = {
        ShortfallKind.PAGES_LOST: frame.words("A page of the list could not be read."),
        ShortfallKind.ROWS_UNREADABLE: frame.words("Some rows could not be read."),
        ShortfallKind.LIMITED_VIEW: frame.words("The account that asked sees only its own section."),
        ShortfallKind.FIELDS_WITHHELD: frame.words("The source leaves out who acts for whom."),
        ShortfallKind.MOVED_MEANWHILE: frame.words("The list changed while it was read."),
        ShortfallKind.REFUSED: frame.words("The source does not let this account read the course."),
        ShortfallKind.DELTA: frame.words("The file told changes only; everybody else is as before."),
    }
    return list(dict.fromkeys(sentences[one.kind] for one in shortfalls))


def doubt_words(frame: Frame, reason: str) -> str:
    """Return why a person is asked."""
    sentences = {
        "sure_adult": frame.words("Same school number or verified address."),
        "sis_id_of_several": frame.words("Two people here have this school number."),
        "mail_of_several": frame.words("Two people here share this address."),
        "sis_id_and_mail_disagree": frame.words("The number is one person's, the address another's."),
        "adult_and_pupil": frame.words("One side is an adult, the other a pupil."),
        "kind_unclear": frame.words("The source does not say whether this is an adult or a pupil."),
        "second_account": frame.words("It would be a second account in the same source."),
    }
    return sentences.get(reason, frame.words("The match is not sure."))
