"""The plan: goals, the points recorded on them, taps of one try each, and the finding of a goal.

``iepcore.plan.weighing`` (for specialists) is loaded only by who asks for it: it needs every effect size.
"""

from __future__ import annotations

from iepcore.plan.findings import (
    Finding,
    FindingPolicy,
    Growth,
    find,
    growth_since,
    is_second_not_yet,
    phase_of,
    phased_series,
)
from iepcore.plan.goals import Goal, GoalState, begin_phase, move_goal, withdraw_phase
from iepcore.plan.phases import GoalPhase
from iepcore.plan.points import DataPoint, correct_point, current_points, point_of_set
from iepcore.plan.report_codes import ReportCodes
from iepcore.plan.section504 import Section504Plan
from iepcore.plan.services import Delivery, Interval, ServicePrescription
from iepcore.plan.skills import COUNTED_IN, SKILL_KEYS
from iepcore.plan.transfers import (
    TRANSFER_RULES,
    Transfer,
    TransferDecision,
    TransferGap,
    transfer_gaps,
)
from iepcore.plan.trials import Tally, Trial, TrialOutcome, TrialSet, end_set, tally

__all__ = [
    "COUNTED_IN",
    "SKILL_KEYS",
    "TRANSFER_RULES",
    "DataPoint",
    "Delivery",
    "Finding",
    "FindingPolicy",
    "Goal",
    "GoalPhase",
    "GoalState",
    "Growth",
    "Interval",
    "ReportCodes",
    "Section504Plan",
    "ServicePrescription",
    "Tally",
    "Transfer",
    "TransferDecision",
    "TransferGap",
    "Trial",
    "TrialOutcome",
    "TrialSet",
    "begin_phase",
    "correct_point",
    "current_points",
    "end_set",
    "find",
    "growth_since",
    "is_second_not_yet",
    "move_goal",
    "phase_of",
    "phased_series",
    "point_of_set",
    "tally",
    "transfer_gaps",
    "withdraw_phase",
]
