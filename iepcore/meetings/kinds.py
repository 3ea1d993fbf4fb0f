"""Kinds of meetings and how each goes: planned, invited, confirmed, held, its minutes final (domain guide 3,
6.1).

::

    planned ──> invited ──> confirmed ──> held ─────────────────> minutes_final
       │          │  ^          ├───────> held_without_parent ──────┘
       │          │  └── rescheduled (from invited or confirmed)
       │          └────────────────────── held_without_parent (needs a record of attempts)
       └── cancelled (any before it was held)
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class MeetingKind(StrEnum):
    """What people meet for. A parent-teacher conference decides nothing about services."""

    INITIAL = "iep_initial"
    ANNUAL_REVIEW = "iep_annual_review"
    REVIEW = "iep_review"
    TRANSITION = "iep_transition"
    ESY = "iep_esy"
    TRANSFER = "iep_transfer"
    MANIFESTATION = "manifestation"
    ELIGIBILITY = "eligibility"
    TRANSITION_CONFERENCE = "transition_conference"
    SECTION_504 = "section_504"
    CONFERENCE = "parent_teacher_conference"
    WORKSHOP = "workshop"
    SUPPORT_GROUP = "support_group"

    @property
    def is_of_the_team(self) -> bool:
        """Whether the rules for meetings of a plan's team hold (M1 to M9; 34 CFR 300.321, 300.322)."""
        return self in _OF_THE_TEAM

    @property
    def is_about_a_child(self) -> bool:
        """Whether anything of a child's record belongs to it. Workshops and support groups have none."""
        return self not in {MeetingKind.WORKSHOP, MeetingKind.SUPPORT_GROUP}

    @property
    def hides_who_came(self) -> bool:
        """Whether who came is nobody's business but their own: a support group."""
        return self is MeetingKind.SUPPORT_GROUP


_OF_THE_TEAM = frozenset(
    {
        MeetingKind.INITIAL,
        MeetingKind.ANNUAL_REVIEW,
        MeetingKind.REVIEW,
        MeetingKind.TRANSITION,
        MeetingKind.ESY,
        MeetingKind.TRANSFER,
        MeetingKind.MANIFESTATION,
    }
)


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    INVITED = "invited"
    RESCHEDULED = "rescheduled"
    CONFIRMED = "confirmed"
    HELD = "held"
    HELD_WITHOUT_PARENT = "held_without_parent"
    MINUTES_FINAL = "minutes_final"
    CANCELLED = "cancelled"


_S = MeetingState
MEETING_MOVES: Mapping[MeetingState, frozenset[MeetingState]] = {
    _S.PLANNED: frozenset({_S.INVITED, _S.CANCELLED}),
    _S.INVITED: frozenset({_S.CONFIRMED, _S.RESCHEDULED, _S.HELD_WITHOUT_PARENT, _S.CANCELLED}),
    _S.RESCHEDULED: frozenset({_S.INVITED, _S.CANCELLED}),
    _S.CONFIRMED: frozenset({_S.HELD, _S.RESCHEDULED, _S.HELD_WITHOUT_PARENT, _S.CANCELLED}),
    _S.HELD: frozenset({_S.MINUTES_FINAL}),
    _S.HELD_WITHOUT_PARENT: frozenset({_S.MINUTES_FINAL}),
    _S.MINUTES_FINAL: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""Every step there is; what is not here is refused."""

WAS_HELD = frozenset({_S.HELD, _S.HELD_WITHOUT_PARENT, _S.MINUTES_FINAL})
"""States after which a meeting is history."""
