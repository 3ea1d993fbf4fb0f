"""One whole reading on a form: recording it for any measure, and correcting one that is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, takes_taps
from iepcore.errors import IllegalMove, InvalidValue, NotPermitted
from iepcore.family.updates import value_phrase
from iepcore.ids import ClientKey, GoalId, PointId, parse_uuid
from iepcore.language import FreeText, Phrase, format_day
from iepcore.people import Student
from iepcore.plan import Goal, GoalState
from iepcore.progress import MeasureKind
from lti_app.screens.findings import skill_words
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.reading_fields import (
    MOST_PROBES,
    place_of_error,
    raw_of_form,
    several_of,
    start_of,
    typed_of,
)
from lti_app.screens.reading_words import fields_of
from lti_app.screens.record_grid import grid_path
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("points", __name__)

NOTE_LIMIT = 2_000
"""Characters of a note on one score: a few sentences; more belongs in a message."""

NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One form: whose it is, what stands in it, and what is wrong with it. ``old`` are the words of the score
    that is corrected, empty for a new one."""

    frame: Frame
    student: Student
    goal: Goal
    action: str
    several: int
    typed: dict[str, str]
    old: tuple[Markup, str] | None = None
    errors: dict[str, Markup | str] = field(default_factory=dict)


def staff() -> tuple[Frame, Caseload]:
    """Return the frame and the use cases of a member of staff.

    Raises:
        NotPermitted: ``staff_only`` for a family, whose screens are others.
    """
    viewer = current_viewer()
    if viewer.family:
        raise NotPermitted("staff_only")
    return frame_of(viewer), caseload_of(viewer)


@blueprint.get("/app/g/<uuid:goal_id>/point")
def point(goal_id: UUID) -> str | Response:
    """Show the form of a goal's measure. ``?probes=3`` asks for three timed passages."""
    corrects = request.args.get("corrects")
    if corrects:
        return goto(f"/app/point/{parse_uuid(corrects)}/correct")
    return _show(_sheet(goal_id, _whole(request.args.get("probes"))))


@blueprint.post("/app/g/<uuid:goal_id>/point")
def keep_point(goal_id: UUID) -> Response:
    """Keep the reading. What does not fit comes back with everything that was typed."""
    sheet = _sheet(goal_id, _whole(request.form.get("probes")))
    sheet.typed.clear()
    sheet.typed.update(_typed())
    try:
        observed_at = _observed_at(sheet)
        _caseload().progress.record(
            sheet.goal.id,
            raw_of_form(sheet.goal.measure, sheet.typed, several=sheet.several),
            ClientKey(parse_uuid(sheet.typed.get("client_key", ""), field="client_key")),
            observed_at=observed_at,
            note=_note(sheet),
        )
    except InvalidValue as error:
        return _again(sheet, error)
    return goto(f"/app/g/{goal_id}", said="point_saved")


@blueprint.get("/app/point/<uuid:point_id>/correct")
def correct(point_id: UUID) -> str:
    """Show a stored score to be corrected."""
    return _show(_correction(point_id))


@blueprint.post("/app/point/<uuid:point_id>/correct")
def keep_correction(point_id: UUID) -> Response:
    """Keep the correction; the old score stays in the history."""
    sheet = _correction(point_id)
    sheet.typed.clear()
    sheet.typed.update(_typed())
    try:
        _caseload().progress.correct(
            PointId(point_id),
            raw_of_form(sheet.goal.measure, sheet.typed, several=sheet.several),
            ClientKey(parse_uuid(sheet.typed.get("client_key", ""), field="client_key")),
            note=_note(sheet),
        )
    except InvalidValue as error:
        return _again(sheet, error)
    return goto(f"/app/g/{sheet.goal.id}", said="point_corrected")


def _caseload() -> Caseload:
    return caseload_of(current_viewer())


def _sheet(goal_id: UUID, probes: int | None) -> Sheet:
    frame, caseload = staff()
    found = caseload.goals.goal(GoalId(goal_id))
    goal = found.card.goal
    if not found.may_record and not frame.viewer.masquerade:
        raise NotPermitted("may_not_record")
    if goal.state is not GoalState.ACTIVE:
        raise IllegalMove("goal_not_active")
    several = several_of(goal.measure, probes)
    today = caseload.desk.clock.today().isoformat()
    return Sheet(
        frame=frame,
        student=found.student,
        goal=goal,
        action=f"/app/g/{goal_id}/point",
        several=several,
        typed=start_of(goal.measure, several=several) | {"observed_on": today},
    )


def _correction(point_id: UUID) -> Sheet:
    frame, caseload = staff()
    found = caseload.progress.point(PointId(point_id))
    stored, goal = found.point, found.goal
    if found.corrected and request.method == "GET":
        raise IllegalMove("already_corrected")
    value = (
        frame.say(value_phrase(goal, stored.score))
        if stored.score is not None
        else Markup("{}").format(frame.words("No chance to try"))
    )
    return Sheet(
        frame=frame,
        student=found.student,
        goal=goal,
        action=f"/app/point/{point_id}/correct",
        several=several_of(goal.measure, reading=stored.reading),
        typed=typed_of(stored.reading) | {"note": stored.note.text if stored.note else ""},
        old=(value, format_day(stored.observed_on, frame.lang)),
    )


def _show(sheet: Sheet) -> str:
    frame, goal = sheet.frame, sheet.goal
    title = frame.words("Correct a score") if sheet.old else frame.words("Record a score")
    three = goal.measure.kind is MeasureKind.CBM and sheet.several == 1 and not sheet.old
    fields = fields_of(frame, goal.measure, sheet.typed, sheet.errors, several=sheet.several)
    order = [one.place.name for one in fields] + ["observed_on", "note"]
    return page(
        frame,
        "point.html",
        title=title,
        current="record",
        child=sheet.student.preferred_name,
        skill=skill_words(frame, goal),
        text=goal.text,
        goal_href=f"/app/g/{goal.id}",
        action=sheet.action,
        fields=fields,
        typed=sheet.typed,
        errors=sheet.errors,
        listed_errors=sorted(
            sheet.errors.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order)
        ),
        old=sheet.old,
        today=_caseload().desk.clock.today().isoformat(),
        first_day=goal.starts_on.isoformat(),
        note_limit=NOTE_LIMIT,
        readers_words=frame.say(Phrase(key="audience.team")),
        several=sheet.several,
        tap_href=grid_path([goal]) if takes_taps(goal) and not sheet.old else "",
        three_href=f"{sheet.action}?probes={MOST_PROBES}" if three else "",
        client_key=sheet.typed.get("client_key") or str(uuid4()),
        locked=frame.viewer.masquerade,
    )


def _again(sheet: Sheet, error: InvalidValue) -> Response:
    name = place_of_error(sheet.goal.measure, error) or "note"
    sheet.errors[name] = advice(error, sheet.frame)
    if name == "client_key":
        sheet.typed["client_key"] = ""
    return make_response(_show(sheet), 422)


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name != "probes"}


def _note(sheet: Sheet) -> FreeText | None:
    text = sheet.typed.get("note", "").strip()
    if not text:
        return None
    if len(text) > NOTE_LIMIT:
        raise InvalidValue("text_too_long", field="note", params={"limit": NOTE_LIMIT})
    return FreeText(text=text, lang=sheet.frame.lang)


def _observed_at(sheet: Sheet) -> datetime | None:
    """Return noon of the chosen day in the school's zone, or None for today: the present instant."""
    desk = _caseload().desk
    text = sheet.typed.get("observed_on", "")
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("not_a_date", field="observed_on") from None
    if on > desk.clock.today():
        raise InvalidValue("in_future", field="observed_on")
    if on == desk.clock.today():
        return None
    return datetime.combine(on, NOON, tzinfo=sheet.frame.zone)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 4 else None
