"""Opening a record outside any assignment: a reason first, then the name; for an hour, and told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from flask import Blueprint, Response, request

from iepcore.access import OpeningReason
from iepcore.access.openings import OPEN_MINUTES, SHORTEST_REASON
from iepcore.caseload import Caseload, OpeningRow
from iepcore.errors import InvalidValue, NotPermitted
from iepcore.ids import BreakGlassId, ClientKey
from lti_app.screens.bubbles import when_words
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.requests import given_day
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("openings", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/openings"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLine:
    """One opening in words. ``href`` leads to the record while it is open to the viewer."""

    id: str
    child: str
    who: str
    why: str
    words: str
    when: str
    until: str
    href: str
    seen: str


@blueprint.get(PATH)
def openings() -> Answer:
    """Show one's own openings, or all of them to a records officer, and the form."""
    return _page(caseload_of(current_viewer()))


@blueprint.post(PATH)
def change() -> Answer:
    """Open a record with a reason, or close one before its time."""
    caseload = caseload_of(current_viewer())
    if not caseload.openings.may_open():
        raise NotPermitted("no_standing")
    try:
        if request.form.get("do") == "close":
            caseload.openings.close(BreakGlassId(given_id("opening")))
            return goto(PATH, said="closed")
        try:
            why = OpeningReason(request.form.get("why", ""))
        except ValueError:
            raise InvalidValue("opening_why", field="why") from None
        opened = caseload.openings.open(
            request.form.get("name", ""),
            given_day("born_on"),
            why,
            request.form.get("words", ""),
            ClientKey(given_key()),
        )
    except InvalidValue as refused:
        return _page(caseload, refused=refused), 422
    return goto(f"/app/c/{opened.student_id}")


@blueprint.post(f"{PATH}/told")
def take_note() -> Response:
    """Say that one has read of an opening of one's own child."""
    caseload_of(current_viewer()).openings.take_note(BreakGlassId(given_id("opening")))
    return goto("/app/today")


def _page(caseload: Caseload, *, refused: InvalidValue | None = None) -> str:
    viewer = current_viewer()
    frame = frame_of(viewer)
    lines = [_line(frame, row) for row in caseload.openings.page()]
    return page(
        frame,
        "openings.html",
        title=frame.words("Open a record with a reason"),
        current="openings",
        lines=lines,
        whys=[(one.value, why_words(frame, one)) for one in OpeningReason],
        minutes=OPEN_MINUTES,
        shortest=SHORTEST_REASON,
        typed=request.form if refused is not None else {},
        error=advice(refused, frame) if refused is not None else "",
        wrong=refused.field if refused is not None else "",
        key=uuid4(),
        said_sentence=frame.words("Closed.") if request.args.get("said") == "closed" else "",
    )


def _line(frame: Frame, row: OpeningRow) -> OpeningLine:
    one = row.opening
    mine = row.adult is not None and row.adult.id == frame.viewer.adult_id
    return OpeningLine(
        id=str(one.id),
        child=row.student.preferred_name if row.student else "",
        who=row.adult.name if row.adult else "",
        why=why_words(frame, one.why),
        words=one.words,
        when=when_words(frame, one.opened_at),
        until=when_words(frame, one.closed_at or one.until),
        href=f"/app/c/{one.student_id}" if row.is_open and mine else "",
        seen=when_words(frame, one.seen_at) if one.seen_at else "",
    )


def told_lines(frame: Frame, rows: tuple[OpeningRow, ...]) -> list[OpeningLine]:
    """Return the openings a case manager is told of on Today."""
    return [_line(frame, row) for row in rows]


def why_words(frame: Frame, why: OpeningReason) -> str:
    """Return what sort of reason it is."""
    return {
        OpeningReason.EMERGENCY: frame.words("Somebody’s health or safety is at risk"),
        OpeningReason.RECORD_REQUEST: frame.words("A family asked to see the record"),
        OpeningReason.COMPLAINT: frame.words("A complaint is looked into"),
        OpeningReason.COVER: frame.words("Nobody of the team can be reached"),
        OpeningReason.SECURITY: frame.words("A misuse of the record is looked into"),
    }[why]
