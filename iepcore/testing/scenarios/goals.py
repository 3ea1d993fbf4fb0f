"""Goals and their data: each goal is opened on its first day, each point recorded on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from iepcore.caseload import NewGoal
from iepcore.ids import AdultId, GoalId, StudentId
from iepcore.plan import GoalState, move_goal
from iepcore.progress import (
    ConsecutiveCriterion,
    Criterion,
    Direction,
    Measure,
    MeasureKind,
    NOfMCriterion,
)
from iepcore.testing.scenarios.form import Facts, FormError, day_of, noon
from iepcore.testing.scenarios.plans import Told
from iepcore.testing.scenarios.site import Site, new_id, new_key, said

_AFTER = "after the scenario's day: it has not happened yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How a scenario's numbers are recorded: the measure, and what a person would have typed."""

    measure: Measure
    tenths: bool = False

    def raw(self, value: float) -> dict[str, object]:
        """Return the raw fields of one reading."""
        if self.measure.kind is MeasureKind.PERCENT_CORRECT:
            return {"correct": round(value * 10), "trials": 1000}
        if self.measure.kind is MeasureKind.FREQUENCY:
            return {"count": round(value)}
        if self.measure.kind is MeasureKind.DURATION:
            return {"seconds": [value]}
        return (
            {"count": round(value * 10), "minutes": 10}
            if self.tenths
            else {"count": round(value), "minutes": 1}
        )


def build_goals(site: Site, told: list[Told]) -> None:
    """Plan the opening of every goal and the recording of every point. A goal is opened when the first
    version it stands in is written, or on its first day where that comes first.
    """
    listed = list(site.facts.each("goals"))
    for one in listed:
        with site.reading.leaving(one.path):
            _open(site, one, _written_on(told, one.needed_day("start")))
    for one in listed:
        successor = one.text("superseded_by", None)
        if successor is None or one.text("id") not in site.goals:
            continue
        other = next((two for two in listed if two.text("id") == successor), None)
        with site.reading.leaving(one.path):
            if other is None:
                raise FormError(f"{one.path}.superseded_by", f"there is no goal {successor}")
            _supersede(site, one.text("id"), other.needed_day("start"))


def measure_of(unit: str, values: Sequence[float]) -> Recorded:
    """Return how numbers of a unit are recorded. A unit without a measure of its own is a count."""
    whole = all(float(value).is_integer() for value in values)
    if unit.startswith("percent"):
        return Recorded(measure=Measure(kind=MeasureKind.PERCENT_CORRECT))
    if unit.endswith("_per_minute"):
        return Recorded(measure=Measure(kind=MeasureKind.RATE), tenths=not whole)
    if unit in {"seconds", "duration_seconds"}:
        return Recorded(measure=Measure(kind=MeasureKind.DURATION))
    if not whole:
        return Recorded(measure=Measure(kind=MeasureKind.RATE), tenths=True)
    top = unit.rpartition("count_of_")[2] if unit.startswith("count_of_") else ""
    limit = int(top) if top.isdecimal() else None
    return Recorded(measure=Measure(kind=MeasureKind.FREQUENCY, count_limit=limit))


def criterion_of(one: Facts) -> Criterion:
    """Return when a goal is met.

    Raises:
        FormError: for a kind of criterion the library does not have.
    """
    kind = one.text("type")
    if kind == "consecutive":
        return ConsecutiveCriterion(k=one.whole("k"))
    if kind == "n_of_m":
        return NOfMCriterion(n=one.whole("n"), m=one.whole("m"))
    raise FormError(f"{one.path}.type", "consecutive or n_of_m is needed")


def points_of(one: Facts, key: str = "data") -> list[tuple[date, float]]:
    """Return the points of a goal, as day and value.

    Raises:
        FormError: unless each is a pair of a day and a number.
    """
    found = []
    for place, told in enumerate(one.items(key)):
        path = f"{one.path}.{key}[{place}]"
        if not isinstance(told, list) or len(told) != 2 or not isinstance(told[1], int | float):
            raise FormError(path, "a day and a number are needed")
        found.append((day_of(told[0], path), float(told[1])))
    return found


def _written_on(told: list[Told], starts: date) -> date:
    """Return the day the first version is written that is in force on or after a goal's first day."""
    held = [one.written_on for one in told if one.until >= starts]
    return min([starts, *held[:1]])


def _open(site: Site, one: Facts, written_on: date) -> None:
    points = points_of(one)
    baseline, target = one.number("baseline"), one.number("target")
    told = measure_of(one.text("unit"), [baseline, target, *(value for _, value in points)])
    criterion = one.inner("criterion")
    if criterion is None:
        raise FormError(f"{one.path}.criterion", "is missing")
    direction = one.text("direction", "increase" if target >= baseline else "decrease")
    if direction not in {kind.value for kind in Direction}:
        raise FormError(f"{one.path}.direction", "increase or decrease is needed")
    starts = one.needed_day("start")
    goal_id = GoalId(new_id())
    new = NewGoal(
        id=goal_id,
        area=one.text("area"),
        text=said(one.text("text")),
        measure=told.measure,
        baseline=baseline,
        target=target,
        direction=Direction(direction),
        criterion=criterion_of(criterion),
        starts_on=starts,
        ends_on=one.needed_day("end"),
        skill_words=said(one.text("metric", None) or one.text("area")),
        introduced_on=starts,
    )
    manager = site.adults["manager"]
    student = site.students.get(one.text("student", "student"))
    if student is None:
        raise FormError(f"{one.path}.student", "no such child here")
    recorder = _recorder(site, one)
    site.goals[one.text("id")] = goal_id
    site.on(written_on, lambda: _add(site, manager, new, student), hour=4, path=one.path)
    late = [day for day, _ in points if day > site.as_of]
    if late:
        site.reading.leave(f"{one.path}.data", f"{len(late)} points {_AFTER}")
    early = [day for day, _ in points if day < starts]
    if early:
        site.reading.leave(
            f"{one.path}.data", f"{len(early)} points from before the goal: they belong to none"
        )
    for day, value in points:
        if starts <= day <= site.as_of:
            site.on(day, _point(site, recorder, goal_id, told.raw(value), day), path=one.path)


def _add(site: Site, manager: AdultId, new: NewGoal, student: StudentId) -> None:
    site.caseload(manager).goals.add(student, new)


def _recorder(site: Site, one: Facts) -> AdultId:
    named = one.text("recorder", None)
    if named is not None:
        return site.adult(named, f"{one.path}.recorder")
    site.reading.assume(f"{one.path}.data", "recorded by the case manager, each point at noon of its day")
    return site.adults["manager"]


def _point(
    site: Site, recorder: AdultId, goal_id: GoalId, raw: dict[str, object], day: date
) -> Callable[[], None]:
    def step() -> None:
        site.caseload(recorder).progress.record(goal_id, raw, new_key(), observed_at=noon(day, site.zone))

    return step


def _supersede(site: Site, key: str, on: date) -> None:
    """Another goal takes its place in an amended plan."""

    def step() -> None:
        with site.store.write() as uow:
            for goal in uow.plan.goals_of_students({site.student_id}):
                if goal.id == site.goals[key] and goal.state is GoalState.ACTIVE:
                    uow.plan.save_goal(move_goal(goal, GoalState.SUPERSEDED))

    if on <= site.as_of:
        site.on(on, step, hour=7)
