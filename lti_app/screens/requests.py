"""Requests to see a record, for the office and case managers: both limits, and how one is met or ended."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from flask import Blueprint, Response, request

from iepcore.access import RequestAnswer, RequestEnd, RequestWay
from iepcore.caseload import Caseload
from iepcore.errors import IllegalMove, InvalidValue, NotPermitted
from iepcore.ids import AdultId, ClientKey, RecordRequestId, StudentId
from lti_app.screens.choices import refusal
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.page import advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.request_words import answer_words, end_words, line_of, way_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

W = TypeVar("W", bound=StrEnum)

blueprint = Blueprint("requests", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/requests"


@blueprint.get(PATH)
def requests() -> Answer:
    """Show the requests of every child the viewer looks after."""
    return _page(caseload_of(current_viewer()))


@blueprint.post(PATH)
def change() -> Answer:
    """Note a request, say when the meeting is, answer or end one."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    if not caseload.requests.may_look():
        raise NotPermitted("no_standing")
    try:
        said = _apply(caseload, request.form.get("do", ""))
    except InvalidValue as refused:
        return _page(caseload, refused=refused), 422
    except IllegalMove as moved:
        return _page(caseload, moved=str(refusal(frame_of(viewer), moved))), 409
    return goto(PATH, said=said)


def _apply(caseload: Caseload, do: str) -> str:
    if do == "note":
        student, _, asker = request.form.get("asked", "").partition(" ")
        try:
            pair = StudentId(UUID(student)), AdultId(UUID(asker))
        except ValueError:
            raise InvalidValue("asker_unknown", field="asked") from None
        received = given_day("received_on")
        if received is None:
            raise InvalidValue("date_needed", field="received_on")
        caseload.requests.note(
            *pair,
            received,
            ClientKey(given_key()),
            way=word_of(RequestWay, "way"),
            about=request.form.get("about", ""),
            meeting_on=given_day("meeting_on"),
        )
        return "request_noted"
    request_id = RecordRequestId(given_id("request"))
    if do == "plan":
        caseload.requests.plan(
            request_id, meeting_on=given_day("meeting_on"), hearing_on=given_day("hearing_on")
        )
    elif do == "answer":
        caseload.requests.answer(request_id, word_of(RequestAnswer, "answer"))
    elif do == "end":
        caseload.requests.end(request_id, word_of(RequestEnd, "end"), request.form.get("end_words", ""))
    elif do == "agree":
        later = given_day("agreed_to")
        if later is None:
            raise InvalidValue("date_needed", field="agreed_to")
        caseload.requests.agree(request_id, later, request.form.get("agreed_note", ""))
    else:
        raise InvalidValue("unknown_field", field="do")
    return "request_changed"


def given_day(name: str) -> date | None:
    """Return the day in a field of the form, None for an empty one.

    Raises:
        InvalidValue: ``date_needed`` for something that is no day.
    """
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("date_needed", field=name) from None


def word_of(words: type[W], name: str) -> W:
    """Return the word in a field of the form.

    Raises:
        InvalidValue: ``unknown_field``.
    """
    try:
        return words(request.form.get(name, ""))
    except ValueError:
        raise InvalidValue("unknown_field", field=name) from None


def _page(caseload: Caseload, *, refused: InvalidValue | None = None, moved: str = "") -> str:
    frame = frame_of(current_viewer())
    found = caseload.requests.page()
    sentences = {
        "request_noted": frame.words("Written down. The family sees it on its page."),
        "request_changed": frame.words("Written down."),
    }
    return page(
        frame,
        "requests.html",
        title=frame.words("Requests to see the record"),
        current="requests",
        waiting=[line_of(frame, row, found.today) for row in found.waiting],
        over=[line_of(frame, row, found.today) for row in found.over],
        askers=[
            (f"{student.id} {adult.id}", f"{student.preferred_name}: {adult.name}")
            for student, adults in found.askers
            for adult in adults
        ],
        ways=[(one.value, way_words(frame, one)) for one in RequestWay],
        answers=[(one.value, answer_words(frame, one)) for one in RequestAnswer],
        ends=[(one.value, end_words(frame, one)) for one in RequestEnd],
        may_settle=found.may_settle,
        today=found.today.isoformat(),
        typed=request.form if refused is not None else {},
        error=advice(refused, frame) if refused is not None else "",
        wrong=refused.field if refused is not None else "",
        moved=moved,
        key=uuid4(),
        said_sentence=sentences.get(request.args.get("said", ""), ""),
    )
