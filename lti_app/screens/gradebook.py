"""A word in the gradebook: a step of its own, a warning of who reads it, and what became of each word."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request

from iepcore.errors import ConnectorError, InvalidValue, NotFound
from iepcore.ids import ClientKey, StudentId
from iepcore.language import format_day
from iepcore.notices import GradebookWord, WordState
from iepcore.ports import GradebookSink
from lti_app.screens.choices import lms_name
from lti_app.screens.forms import given_key
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of, screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("gradebook", __name__)

NEW_COLUMN = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """One word that went out. ``kind`` is a notice kind; ``state`` says what became of it."""

    text: str
    when: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it stands."""

    text: str
    column: str = ""
    aware: bool = False


@blueprint.get("/app/c/<uuid:student_id>/gradebook")
def word_form(student_id: UUID) -> Response:
    """Show what can be sent, who reads it, and what was sent before."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    return _show(frame, viewer, StudentId(student_id), Typed(text=frame.words("Thank you for checking in.")))


@blueprint.post("/app/c/<uuid:student_id>/gradebook")
def send_word(student_id: UUID) -> Response:
    """Send one word, once."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    typed = Typed(
        text=request.form.get("text", ""),
        column=request.form.get("column", ""),
        aware=request.form.get("aware") == "1",
    )
    caseload = caseload_of(viewer)
    caseload.gradebook.page(StudentId(student_id))  # before the platform is asked anything
    sink = screen_parts().gradebook(viewer)
    if sink is None:
        raise NotFound("gradebook")
    try:
        if not typed.aware:
            raise InvalidValue("gradebook_unaware", field="aware")
        word = caseload.gradebook.send(
            StudentId(student_id),
            _column(frame, typed, sink),
            typed.text,
            ClientKey(given_key()),
            sink,
            aware=typed.aware,
        )
    except InvalidValue as refused:
        return _show(frame, viewer, StudentId(student_id), typed, refused=refused)
    said = "word_sent" if word.state is WordState.SENT else "word_not_sure"
    return goto(f"/app/c/{student_id}/gradebook", said=said)


def _column(frame: Frame, typed: Typed, sink: GradebookSink) -> str:
    """Return the chosen column, one of those the platform shows; a new one is made now."""
    if typed.column == NEW_COLUMN:
        return sink.make_column(frame.words("Check-in"))
    if typed.column not in {address for address, _ in sink.columns()}:
        raise InvalidValue("column_form", field="column")
    return typed.column


def _show(
    frame: Frame,
    viewer: Viewer,
    student_id: StudentId,
    typed: Typed,
    *,
    refused: InvalidValue | None = None,
) -> Response:
    student, words = caseload_of(viewer).gradebook.page(student_id)
    sink, problem = screen_parts().gradebook(viewer), ""
    columns: list[tuple[str, str]] = []
    if sink is None:
        problem = frame.words(
            "%(lms)s offers no gradebook here. Open Rapport from the course of the pupil.",
            lms=lms_name(frame),
        )
    else:
        try:
            columns = [*sink.columns(), (NEW_COLUMN, frame.words("A new column “Check-in”"))]
        except ConnectorError:
            problem = frame.words("%(lms)s did not show its gradebook just now.", lms=lms_name(frame))
    body = page(
        frame,
        "gradebook.html",
        title=frame.words("A word in the gradebook"),
        child=student.preferred_name,
        student_id=student_id,
        typed=typed,
        columns=columns,
        problem=problem,
        rows=[_row(frame, word) for word in reversed(words)],
        client_key=request.form.get("client_key") or uuid4(),
        error=advice(refused, frame) if refused is not None else "",
        error_at=refused.field or "text" if refused is not None else "",
        lms=lms_name(frame),
        outcome=_outcome(frame, request.args.get("said", "")),
    )
    return make_response(body, 200 if refused is None else 422)


def _outcome(frame: Frame, said: str) -> tuple[str, str] | None:
    """Return (notice kind, sentence) for what the send before came to."""
    sentences = {
        "word_sent": ("good", frame.words("The word is in the gradebook.")),
        "word_not_sure": ("warn", frame.words("The word may not have arrived. See below.")),
    }
    return sentences.get(said)


def _row(frame: Frame, word: GradebookWord) -> WordRow:
    at = frame.local(word.written_at)
    states = {
        WordState.SENT: ("good", frame.words("In the gradebook")),
        WordState.REFUSED: ("stop", _refused_words(frame, word.reason)),
        WordState.UNKNOWN: ("warn", _unknown_words(frame)),
        WordState.SENDING: ("warn", _unknown_words(frame)),
    }
    kind, state = states[word.state]
    when = frame.words(
        "%(day)s at %(time)s", day=format_day(at.date(), frame.lang), time=at.strftime("%H:%M")
    )
    return WordRow(text=word.text, when=when, state=state, kind=kind)


def _unknown_words(frame: Frame) -> str:
    return frame.words("We cannot tell whether it arrived. Look in the gradebook before you write another.")


def _refused_words(frame: Frame, reason: str) -> str:
    sentences = {
        "not_in_course": frame.words("Not sent: the pupil is not in this course."),
        "score_superseded": frame.words("Not sent: something newer is there."),
        "scope_not_granted": frame.words("Not sent: the administrator of the LMS has not allowed it."),
        "platform_silent": frame.words("Not sent: the LMS did not answer. You can try again."),
    }
    return sentences.get(reason) or frame.words("Not sent: the LMS refused it.")
