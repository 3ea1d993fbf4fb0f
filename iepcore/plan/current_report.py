"""Rules and trend over the scores of the phase that is in force, the same for every page that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from iepcore.plan.findings import phase_of, phased_series, points_until
from iepcore.plan.goals import Goal
from iepcore.plan.points import DataPoint
from iepcore.progress import DefaultReport, Series, default_report


def current_report(goal: Goal, points: Sequence[DataPoint], *, on: date) -> DefaultReport:
    """Return the default report of a goal as it stands on ``on``; corrected points are left out.

    It has no scores before teaching begins: no rule judges a plan that nobody follows yet. Nor has it any
    after a change until there are scores of its own: what was before led to it and judges nothing any more.
    """
    current = phase_of(goal, on)
    series = phased_series(goal, points_until(goal, points, on)) if current >= 0 else Series()
    now = Series(one for one in series if one.phase == str(current))
    return default_report(now, goal.aimline, goal.direction)
