"""Answers that nobody could match: read, put into a conversation, passed on to somebody, or set aside."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request

from iepcore.caseload import Caseload, UnmatchedRow
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, ReplyId, StudentId, parse_uuid
from lti_app.screens.bubbles import when_words
from lti_app.screens.choices import Options, refusal
from lti_app.screens.forms import given_id
from lti_app.screens.outbox_words import road_name
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("answers", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One answer with what may be done about it."""

    id: str
    sender: str
    road: str
    when: str
    why: str
    text: str
    places: Options


@blueprint.get(PATH)
def answers() -> Answer:
    """Show the answers on the viewer's list (senders of notices, case managers, records officers)."""
    viewer = current_viewer()
    return _page(viewer, caseload_of(viewer))


@blueprint.post(PATH)
def decide() -> Answer:
    """Put an answer where it belongs, pass it on, or set it aside."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    reply_id = ReplyId(given_id("reply"))
    do = request.form.get("do", "")
    try:
        if do == "attach":
            child, _, adult = request.form.get("place", "").partition(".")
            caseload.unmatched.attach(
                reply_id,
                StudentId(parse_uuid(child, field="place")),
                AdultId(parse_uuid(adult, field="place")),
            )
        elif do == "pass":
            caseload.unmatched.pass_on(reply_id, AdultId(given_id("to")))
        elif do == "aside":
            caseload.unmatched.set_aside(reply_id)
        else:
            raise InvalidValue("unknown_field", field="do")
    except InvalidValue as refused:
        return _page(viewer, caseload, refused=str(advice(refused, frame_of(viewer)))), 422
    except IllegalMove as moved:
        return _page(viewer, caseload, refused=str(refusal(frame_of(viewer), moved))), 409
    return goto(PATH, said="answer_done")


def _page(viewer: Viewer, caseload: Caseload, *, refused: str = "") -> str:
    frame = frame_of(viewer)
    found = caseload.unmatched.page()
    return page(
        frame,
        "answers.html",
        title=frame.words("Unmatched answers"),
        lines=[_line(frame, row) for row in found.rows],
        handlers=[(str(one), name) for one, name in found.handlers],
        is_officer=found.is_officer,
        refused=refused,
        said_sentence=frame.words("Done.") if request.args.get("said") == "answer_done" else "",
    )


def _line(frame: Frame, row: UnmatchedRow) -> AnswerLine:
    reply = row.reply
    return AnswerLine(
        id=str(reply.id),
        sender=reply.sender,
        road=road_name(frame, reply.road),
        when=when_words(frame, reply.received_at),
        why=_why(frame, row),
        text=reply.text,
        places=[
            (
                f"{one.student_id}.{one.adult_id}",
                frame.words("%(adult)s, about %(child)s", adult=one.adult, child=one.child),
            )
            for one in row.places
        ],
    )


def _why(frame: Frame, row: UnmatchedRow) -> str:
    """Return why a person must look."""
    name = row.sent_to or frame.words("A family member")
    sentences = {
        "stranger": frame.words(
            "It answers a notice to %(name)s, but came from another address. Ask before you rely on it.",
            name=name,
        ),
        "right_ended": frame.words(
            "It came from %(name)s, whose right to take part has ended. Do not answer by this road.",
            name=name,
        ),
        "person_disabled": frame.words("It came from %(name)s, who is disabled here.", name=name),
        "only_attachments": frame.words(
            "%(name)s sent only attachments, and those are not taken. Ask to see them in another way.",
            name=name,
        ),
    }
    return sentences.get(row.reply.reason, frame.words("Nothing ties it to one notice."))
