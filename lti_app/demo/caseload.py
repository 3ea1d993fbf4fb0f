"""The fictional caseload as values: children, goals and points of ``children.json``, moved so that they end
today."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from iepcore.ids import (
    AdultId,
    ClientKey,
    GoalId,
    PointId,
    RelationshipId,
    StudentId,
)
from iepcore.language import FreeText
from iepcore.people import Relation, Relationship, Student
from iepcore.plan import DataPoint, Goal, GoalPhase
from iepcore.progress import (
    CbmTask,
    ConsecutiveCriterion,
    Direction,
    Measure,
    MeasureKind,
    NOfMCriterion,
    baseline_median,
    reading_from_raw,
    score,
)

_NAMESPACE = UUID("4f6d7c1e-0f5b-4e0e-9a55-2d5b7b1c7a10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Today in the school's zone, and how days of the file are moved: by whole weeks, so that weekdays
    stay."""

    today: date
    zone: ZoneInfo

    def moved(self, text: str, as_of: str) -> date:
        """Return a day of the file moved by the weeks between its child's ``as_of`` and today."""
        weeks = (self.today - date.fromisoformat(as_of)).days // 7
        return date.fromisoformat(text) + timedelta(weeks=weeks)

    def at(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """Return a wall-clock instant of a day."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)


@cache
def children() -> tuple[Mapping[str, Any], ...]:
    """Return the children of the file, in the order of Today's list."""
    text = files("lti_app.demo").joinpath("children.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["children"])


def demo_id(*names: str) -> UUID:
    """Return a stable id for a demo thing, so that starting over gives the same addresses."""
    return uuid5(_NAMESPACE, "/".join(names))


def student_of(row: Mapping[str, Any], *, by: AdultId, calendar: Calendar) -> Student:
    """Return a child of the file."""
    return Student(
        id=StudentId(demo_id("student", row["key"])),
        legal_name=row["legal_name"],
        preferred_name=row["preferred_name"],
        grade=row["grade"],
        home_language=row["home_language"],
        created_by=by,
        created_at=calendar.at(calendar.today - timedelta(days=80)),
    )


def relationship_of(
    child: str, row: Mapping[str, Any], adult_id: AdultId, *, by: AdultId, calendar: Calendar
) -> Relationship:
    """Return a confirmed relationship of the file, in force since the record was opened."""
    opened = calendar.today - timedelta(days=80)
    return Relationship(
        id=RelationshipId(demo_id("relationship", child, row["key"])),
        student_id=StudentId(demo_id("student", child)),
        adult_id=adult_id,
        relation=Relation(row["relation"]),
        household=row["household"],
        may_access_records=row["records"],
        may_decide=row["decisions"],
        basis=row["basis"],
        verified_by=by,
        verified_at=calendar.at(opened),
        valid_from=opened,
        address_protected=row["address_protected"],
    )


def goal_of(child: Mapping[str, Any], row: Mapping[str, Any], *, by: AdultId, calendar: Calendar) -> Goal:
    """Return a goal of the file."""
    as_of = child["as_of"]
    starts_on, ends_on = calendar.moved(row["starts_on"], as_of), calendar.moved(row["ends_on"], as_of)
    counted, measure = row["criterion"], _measure_of(row["measure"])
    return Goal(
        id=GoalId(demo_id("goal", child["key"], row["key"])),
        student_id=StudentId(demo_id("student", child["key"])),
        area=row["area"],
        text=FreeText(text=row["text"].replace("{end}", ends_on.isoformat()), lang="en"),
        measure=measure,
        baseline=float(row["baseline"]),
        target=float(row["target"]),
        direction=Direction(row["direction"]),
        criterion=ConsecutiveCriterion(k=counted["k"])
        if "k" in counted
        else NOfMCriterion(n=counted["n"], m=counted["m"]),
        starts_on=starts_on,
        ends_on=ends_on,
        skill_key=row["skill"],
        introduced_on=starts_on if row["introduced"] else None,
        created_by=by,
        created_at=calendar.at(starts_on, 8),
        phases=tuple(
            _phase_of(child, row, change, measure, ends_on, by=by, calendar=calendar)
            for change in row.get("changes", ())
        ),
    )


def _phase_of(
    child: Mapping[str, Any],
    row: Mapping[str, Any],
    change: Mapping[str, str],
    measure: Measure,
    ends_on: date,
    *,
    by: AdultId,
    calendar: Calendar,
) -> GoalPhase:
    """Return a change in teaching of the file; the line starts again at the middle of the three scores
    before."""
    before = [
        score(measure, reading_from_raw(measure, raw)) for on, raw in row["points"] if on <= change["on"]
    ]
    starts_on = calendar.moved(change["on"], child["as_of"])
    level = baseline_median([one for one in before if one is not None][-3:])
    assert level is not None  # every change of the file has scores before it
    return GoalPhase(
        starts_on=starts_on,
        words=FreeText(text=change["words"], lang="en"),
        baseline=level,
        target=float(row["target"]),
        ends_on=ends_on,
        noted_by=by,
        noted_at=calendar.at(starts_on, 15),
    )


def points_of(
    child: Mapping[str, Any], row: Mapping[str, Any], goal: Goal, *, by: AdultId, calendar: Calendar
) -> tuple[DataPoint, ...]:
    """Return the points of a goal of the file."""
    points = []
    for day_text, raw in row["points"]:
        day = calendar.moved(day_text, child["as_of"])
        reading = reading_from_raw(goal.measure, raw)
        seen_at = calendar.at(day)
        points.append(
            DataPoint(
                id=PointId(demo_id("point", child["key"], row["key"], day_text)),
                goal_id=goal.id,
                goal_version=goal.version,
                student_id=goal.student_id,
                recorder_id=by,
                client_key=ClientKey(demo_id("key", child["key"], row["key"], day_text)),
                reading=reading,
                score=score(goal.measure, reading),
                observed_on=day,
                observed_at=seen_at,
                received_at=seen_at + timedelta(seconds=20),
            )
        )
    return tuple(points)


def _measure_of(row: Mapping[str, Any]) -> Measure:
    settings = dict(row)
    kind = MeasureKind(settings.pop("kind"))
    if "cbm_task" in settings:
        settings["cbm_task"] = CbmTask(settings["cbm_task"])
    return Measure(kind=kind, **settings)
