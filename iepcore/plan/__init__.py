"""The plan: goals, the points recorded on them, taps of one try each, and the finding of a goal."""

from __future__ import annotations

from iepcore.plan.findings import Finding, FindingPolicy, find
from iepcore.plan.goals import Goal, GoalState, move_goal
from iepcore.plan.points import DataPoint, correct_point, current_points, point_of_set
from iepcore.plan.skills import COUNTED_IN, SKILL_KEYS
from iepcore.plan.trials import Tally, Trial, TrialOutcome, TrialSet, end_set, tally

__all__ = [
    "COUNTED_IN",
    "SKILL_KEYS",
    "DataPoint",
    "Finding",
    "FindingPolicy",
    "Goal",
    "GoalState",
    "Tally",
    "Trial",
    "TrialOutcome",
    "TrialSet",
    "correct_point",
    "current_points",
    "end_set",
    "find",
    "move_goal",
    "point_of_set",
    "tally",
]
