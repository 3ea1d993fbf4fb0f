"""Text messages to the adults of one child: who agreed, when, how; noted by whom they told it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.caseload import TextingRow
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, StudentId
from iepcore.notices import ConsentWay, RoadConsentState
from iepcore.people import AddressKind
from lti_app.screens.bubbles import when_words
from lti_app.screens.forms import given_id
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of, screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("texting", __name__)

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextingLine:
    """One adult; ``error`` stands at the number that was refused."""

    id: str
    name: str
    number: str
    standing: str
    agreed: bool
    error: str


@blueprint.get("/app/c/<uuid:student_id>/texting")
def texting(student_id: UUID) -> Answer:
    """Show where each adult of a child stands."""
    return _page(student_id)


@blueprint.post("/app/c/<uuid:student_id>/texting")
def note(student_id: UUID) -> Answer:
    """Note what an adult told about text messages to a number."""
    caseload = caseload_of(current_viewer())
    adult_id = AdultId(given_id("adult"))
    try:
        number = screen_parts().address_of(request.form.get("number", ""))
        agreed = request.form.get("do") == "agreed"
        caseload.texting.note(StudentId(student_id), adult_id, number, agreed=agreed)
    except InvalidValue as refused:
        frame = frame_of(current_viewer())
        return _page(student_id, wrong=str(adult_id), why=str(advice(refused, frame))), 422
    return goto(f"/app/c/{student_id}/texting", said="texting_noted")


def _page(student_id: UUID, *, wrong: str = "", why: str = "") -> str:
    viewer = current_viewer()
    frame = frame_of(viewer)
    rows = caseload_of(viewer).texting.of_child(StudentId(student_id))
    return page(
        frame,
        "texting.html",
        title=frame.words("Text messages"),
        path=f"/app/c/{student_id}",
        lines=[_line(frame, row, wrong=wrong, why=why) for row in rows],
        on=AddressKind.SMS in screen_parts().roads_of(viewer.site),
        said_sentence=frame.words("Noted.") if request.args.get("said") == "texting_noted" else "",
    )


def _line(frame: Frame, row: TextingRow, *, wrong: str, why: str) -> TextingLine:
    mine = str(row.adult.id) == wrong
    return TextingLine(
        id=str(row.adult.id),
        name=row.adult.name,
        number=request.form.get("number", "") if mine else row.number,
        standing=_standing(frame, row),
        agreed=row.said is not None and row.said.state is RoadConsentState.GIVEN,
        error=why if mine else "",
    )


def _standing(frame: Frame, row: TextingRow) -> str:
    said = row.said
    if said is None:
        return frame.words("Not asked yet. No text message is sent.")
    when = when_words(frame, said.at)
    if said.way is ConsentWay.BY_TEXT:
        return {
            RoadConsentState.GIVEN: frame.words("Said START from this telephone, %(when)s.", when=when),
            RoadConsentState.WITHDRAWN: frame.words(
                "Said STOP from this telephone, %(when)s. No text message is sent.", when=when
            ),
            RoadConsentState.WRONG_NUMBER: frame.words(
                "Somebody else has this number and said so, %(when)s. Ask for the right one.", when=when
            ),
        }[said.state]
    if said.state is RoadConsentState.GIVEN:
        return frame.words("Agreed, noted by %(name)s, %(when)s.", name=row.noted_by, when=when)
    return frame.words(
        "Does not want text messages, noted by %(name)s, %(when)s.", name=row.noted_by, when=when
    )
