"""Recording: the grid of today's group, one tap at a time, the end of a session, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, request

from iepcore.caseload import Caseload, RecorderRow, Tapped, takes_taps
from iepcore.errors import IepError, IllegalMove, InvalidValue, NotFound
from iepcore.ids import ClientKey, GoalId, parse_uuid
from iepcore.language import advice_phrase
from iepcore.plan import TrialOutcome
from iepcore.progress import PercentReading
from lti_app.screens.findings import FindingWords, finding_words, skill_words
from lti_app.screens.page import Frame, initials, page
from lti_app.screens.point_forms import blueprint as point_forms
from lti_app.screens.point_forms import staff
from lti_app.screens.record_grid import (
    MOST_ROWS,
    buttons,
    count_words,
    grid_rows,
    group_choice,
    groups_of,
    obvious,
    planned_of,
    single_choice,
    standing,
)
from lti_app.screens.record_words import page_words
from lti_app.session.goto import goto

blueprint = Blueprint("recording", __name__)
blueprint.register_blueprint(point_forms)

LATEST_BY = timedelta(hours=12)
"""A page lives at most as long as its session: a tap said to be older has a wrong clock, and ours is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What one child's set came to. ``words`` None: the reader may not open the goal's finding."""

    name: str
    initials: str
    count: str
    finding: FindingWords
    goal_href: str
    correct_href: str
    write_href: str


@blueprint.get("/app/record")
def record() -> str | Response:
    """Open a grid at once: the rows asked for by ``g``, else the obvious group, else a choice."""
    frame, caseload = staff()
    rows = caseload.progress.recordable()
    groups = groups_of(rows)
    asked = list(dict.fromkeys(request.args.getlist("g")))
    if asked:
        by_id = {str(row.goal.id): row for row in rows if takes_taps(row.goal)}
        shown = tuple(by_id[one] for one in asked if one in by_id)[:MOST_ROWS]
        form = next((row for row in rows if str(row.goal.id) == asked[0]), None)
        if not shown and form is not None:
            return goto(f"/app/g/{form.goal.id}/point")
        if not shown:
            raise NotFound("goal")
    else:
        first = obvious(groups)
        shown = first.rows if first is not None else ()
    return page(
        frame,
        "record.html",
        title=frame.words("Record"),
        current="record",
        name=_name_of(frame, shown),
        lead=_lead(frame, shown),
        rows=grid_rows(frame, shown),
        buttons=buttons(frame),
        back=("undo", frame.words("Undo"), "U"),
        locked=frame.viewer.masquerade,
        page_words=page_words(frame),
        me=str(frame.viewer.adult_id),
        groups=[group_choice(frame, one) for one in groups if len(one.rows) > 1 and one.rows != shown],
        singles=[
            single_choice(frame, row)
            for row in sorted(rows, key=lambda row: row.student.preferred_name.casefold())
        ],
    )


@blueprint.post("/app/record/tap")
def tap() -> Response:
    """Keep one try or take one back: JSON in, and out how the set stands."""
    frame, caseload = staff()
    sent = request.get_json(silent=True)
    try:
        if not isinstance(sent, dict):
            raise InvalidValue("trial_form", field="outcome")
        done = _keep(caseload, sent)
    except (InvalidValue, IllegalMove) as error:
        return _refused(frame, caseload, error, sent)
    return jsonify(_state(done))


@blueprint.post("/app/record/end")
def end() -> Response:
    """End the sets named by ``s`` (goal and set key). Repeating it changes nothing and shows the same."""
    _, caseload = staff()
    pairs = _pairs(request.form.getlist("s"))
    caseload.progress.end(pairs)
    return goto("/app/record/done?" + "&".join(f"s={goal_id}.{set_key}" for goal_id, set_key in pairs))


@blueprint.get("/app/record/done")
def done() -> str:
    """Show what each ended set became: the score, the finding, and the way to the family."""
    frame, caseload = staff()
    became: list[Became] = []
    for goal_id, set_key in _pairs(request.args.getlist("s")):
        found = caseload.goals.goal(goal_id)
        point = next(
            (
                one
                for one in found.history
                if one.client_key == set_key and one.recorder_id == frame.viewer.adult_id
            ),
            None,
        )
        if point is None or not isinstance(point.reading, PercentReading):
            continue
        became.append(
            Became(
                name=found.student.preferred_name,
                initials=initials(found.student.legal_name),
                count=count_words(frame, point.reading.correct, point.reading.trials),
                finding=finding_words(frame, found.card),
                goal_href=f"/app/g/{goal_id}",
                correct_href=f"/app/point/{point.id}/correct",
                write_href=f"/app/g/{goal_id}/write" if found.may_write else "",
            )
        )
    return page(
        frame, "record_done.html", title=frame.words("Session ended"), current="record", became=became
    )


def _keep(caseload: Caseload, sent: dict[str, Any]) -> Tapped:
    goal_id = GoalId(_id(sent, "goal"))
    set_key, client_key = ClientKey(_id(sent, "set_key")), ClientKey(_id(sent, "client_key"))
    at = _instant(sent.get("at"), caseload.desk.clock.now())
    if sent.get("undoes"):
        undoes = ClientKey(_id(sent, "undoes"))
        return caseload.progress.undo(goal_id, set_key, client_key, undoes, at=at)
    try:
        outcome = TrialOutcome(str(sent.get("outcome")))
    except ValueError:
        raise InvalidValue("trial_form", field="outcome") from None
    planned = sent.get("planned")
    if isinstance(planned, bool) or not isinstance(planned, int):
        raise InvalidValue("not_whole", field="planned")
    return caseload.progress.tap(goal_id, set_key, client_key, outcome, at=at, planned_trials=planned)


def _id(sent: dict[str, Any], field: str) -> UUID:
    value = sent.get(field)
    if not isinstance(value, str):
        raise InvalidValue("not_an_id", field=field)
    return parse_uuid(value, field=field)


def _instant(text: object, now: datetime) -> datetime | None:
    """Return the device's time of a tap, or None where it says nothing or cannot be right."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or now - at > LATEST_BY:
        return None
    return at


def _state(kept: Tapped) -> dict[str, object]:
    return standing(kept.tally) | {
        "set": str(kept.trial_set.client_key),
        "planned": kept.trial_set.planned_trials,
    }


def _refused(frame: Frame, caseload: Caseload, error: IepError, sent: object) -> Response:
    """Say why a tap was not kept, and how the set stands, so that the page shows what is true."""
    answer: dict[str, object] = {
        "code": error.code,
        "words": str(frame.say(advice_phrase(error)).striptags()),
    }
    if isinstance(sent, dict) and isinstance(sent.get("goal"), str):
        try:
            rows = caseload.progress.rows([GoalId(parse_uuid(sent["goal"]))])
        except InvalidValue:
            rows = ()
        for row in rows:
            if row.trial_set is not None and str(row.trial_set.client_key) == sent.get("set_key"):
                answer |= _state(Tapped(trial_set=row.trial_set, tally=row.tally))
    return make_response(jsonify(answer), 409 if isinstance(error, IllegalMove) else 422)


def _pairs(listed: list[str]) -> list[tuple[GoalId, ClientKey]]:
    pairs = []
    for one in listed[: 4 * MOST_ROWS]:
        goal_text, _, key_text = one.partition(".")
        pairs.append((GoalId(parse_uuid(goal_text)), ClientKey(parse_uuid(key_text))))
    return pairs


def _name_of(frame: Frame, rows: tuple[RecorderRow, ...]) -> str:
    skills = dict.fromkeys(str(skill_words(frame, row.goal).striptags()) for row in rows)
    if not skills:
        return frame.words("What do you want to record?")
    return next(iter(skills)) if len(skills) == 1 else frame.words("Record")


def _lead(frame: Frame, rows: tuple[RecorderRow, ...]) -> str:
    planned = {planned_of(row) for row in rows}
    children = len({row.student.id for row in rows})
    counted = frame.count_words("%(number)s child", "%(number)s children", children)
    if len(planned) != 1:
        return counted if rows else ""
    tries = frame.count_words("%(number)s try each", "%(number)s tries each", planned.pop())
    return f"{counted} · {tries}"
