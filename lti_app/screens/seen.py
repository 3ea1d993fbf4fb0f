"""The family's page of who has seen the record, and its request to see it, in two taps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request

from iepcore.access import RequestWay
from iepcore.access.decide import BREAK_GLASS
from iepcore.caseload import Caseload, SeenBy
from iepcore.errors import InvalidValue
from iepcore.ids import ClientKey, RecordRequestId, StudentId
from iepcore.language import Phrase, format_day
from lti_app.screens.choices import plain
from lti_app.screens.conversation import EMERGENCY
from lti_app.screens.family_frame import reading_frame
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.page import Frame, advice, family_nav, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.request_words import basis_words, line_of, way_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("seen", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLine:
    """Somebody outside who asked for the record or got a part of it."""

    day: str
    party: str
    what: str
    why: str
    basis: str
    given: bool


@blueprint.get("/app/my/<uuid:student_id>/seen")
def seen(student_id: UUID) -> Response:
    """Show who has seen the record."""
    return _show(caseload_of(current_viewer()), StudentId(student_id))


@blueprint.post("/app/my/<uuid:student_id>/ask")
def ask(student_id: UUID) -> Response:
    """Ask to see the record, or take that back."""
    caseload = caseload_of(current_viewer())
    if request.form.get("do") == "back":
        caseload.requests.withdraw(RecordRequestId(given_id("request")))
        return goto(f"/app/my/{student_id}/seen", said="back")
    try:
        try:
            way = RequestWay(request.form.get("way", ""))
        except ValueError:
            raise InvalidValue("unknown_field", field="way") from None
        caseload.requests.file(
            StudentId(student_id), way, request.form.get("about", ""), ClientKey(given_key())
        )
    except InvalidValue as error:
        return _show(caseload, StudentId(student_id), error=error)
    return goto(f"/app/my/{student_id}/seen", said="asked")


def _show(caseload: Caseload, student_id: StudentId, *, error: InvalidValue | None = None) -> Response:
    frame = reading_frame(current_viewer(), caseload)
    found = caseload.disclosures.seen(student_id, everything=request.args.get("all") == "1")
    today = caseload.desk.clock.today()
    said = {
        "asked": frame.words("Your request is at the school. It stands here until it is met."),
        "back": frame.words("Taken back."),
    }
    body = page(
        frame,
        "seen.html",
        title=frame.words("Who has seen this"),
        current="my",
        nav=family_nav(frame) if frame.family else (),
        child=found.student.preferred_name,
        student_id=student_id,
        outside=[
            OutsideLine(
                day=format_day(one.on, frame.lang),
                party=one.party,
                what=one.what,
                why=one.why,
                basis=basis_words(frame, one.basis),
                given=one.given,
            )
            for one in found.disclosures
        ],
        days=[
            (format_day(day.on, frame.lang), [_by_words(frame, one) for one in day.by]) for day in found.days
        ],
        since=format_day(found.since, frame.lang) if found.since else "",
        asked=[line_of(frame, row, today) for row in found.requests if row.request.is_open],
        over=[line_of(frame, row, today) for row in found.requests if not row.request.is_open],
        may_ask=found.may_ask,
        ways=[(one.value, way_words(frame, one)) for one in RequestWay],
        typed=request.form if error is not None else {},
        error=advice(error, frame) if error is not None else "",
        key=uuid4(),
        audience=frame.words(
            "The records office and the case manager read this. It is part of the school record."
        ),
        watched=frame.say(Phrase(key="watch.family", params={"number": EMERGENCY})),
        done=said.get(request.args.get("said", ""), ""),
    )
    return make_response(body, 200 if error is None else 422)


def _by_words(frame: Frame, by: SeenBy) -> str:
    if by.role == BREAK_GLASS:
        role = frame.words("Somebody of the school office, with a written reason")
    else:
        role = plain(frame, f"role.{by.role}")
    return role if not by.names else f"{role}: {', '.join(by.names)}"
