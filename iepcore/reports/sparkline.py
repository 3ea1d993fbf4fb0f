"""The small line of a row: the last scores and the aim, for the eye; the words stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iepcore.plan import DataPoint, Goal, current_points
from iepcore.reports.chart import Place
from iepcore.reports.scales import Box, DayScale, value_scale

LAST_SCORES = 12
"""How many scores the small line holds at most."""

WIDTH, HEIGHT = 88, 28
_BOX = Box(left=4.0, right=84.0, top=4.0, bottom=24.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """Geometry in a box of 88 x 28 units; ``end`` is the last score. ``aim`` may be empty."""

    points: tuple[Place, ...]
    aim: tuple[Place, ...]
    end: Place


def sparkline_of(goal: Goal, points: Sequence[DataPoint]) -> Sparkline | None:
    """Return the small line of a goal's standing points; None when there is no score.

    A single score stands where it would on its way to the goal's end.
    """
    scored = [
        (point.observed_on, point.score)
        for point in current_points(points)
        if point.goal_id == goal.id and point.score is not None
    ][-LAST_SCORES:]
    if not scored:
        return None
    first, last = scored[0][0], scored[-1][0]
    if first == last:
        first, last = min(first, goal.starts_on), max(last, goal.line.ends_on)
    changes = [phase.starts_on for phase in goal.phases]
    lined = [
        (on, value)
        for on in (max(first, goal.starts_on), *(day for day in changes if first < day < last), last)
        if on <= last and (value := goal.aimline.value_at(on)) is not None
    ]
    days = DayScale(first=first, last=last, box=_BOX)
    values = value_scale([*(score for _, score in scored), *(value for _, value in lined)], _BOX)
    places = tuple((days.place(on), values.place(score)) for on, score in scored)
    return Sparkline(
        points=places,
        aim=tuple((days.place(on), values.place(value)) for on, value in lined),
        end=places[-1],
    )
