"""What comes in from a district's own system: pasted words of a plan, read line by line, never believed."""

from __future__ import annotations

from iepcore.plan.incoming.blocks import Block, BlockKind, PastedLine, blocks_of
from iepcore.plan.incoming.goals import GoalDoubt, PastedGoal, goal_of
from iepcore.plan.incoming.pasted_plan import PastedPlan, PastedSupport, read_pasted_plan
from iepcore.plan.incoming.services import PastedService, ServiceDoubt, service_of

__all__ = [
    "Block",
    "BlockKind",
    "GoalDoubt",
    "PastedGoal",
    "PastedLine",
    "PastedPlan",
    "PastedService",
    "PastedSupport",
    "ServiceDoubt",
    "blocks_of",
    "goal_of",
    "read_pasted_plan",
    "service_of",
]
