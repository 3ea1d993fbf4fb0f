"""Actors and things to decide on: one adult in one standing, and another adult beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from iepcore.access import Basis, Grant, Party, Person, Relations, Resource, ResourceKind
from iepcore.ids import AdultId, GoalId, StudentId, new_uuid7

DAY = date(2026, 11, 24)
ME = AdultId(new_uuid7())
OTHER = AdultId(new_uuid7())
CHILD = StudentId(new_uuid7())
GOAL = GoalId(new_uuid7())
PERSON = Person(adult_id=ME)
OF_SITE = frozenset({Party.SITE_RECORDS_OFFICER, Party.SITE_CASE_MANAGER, Party.SITE_ADMINISTRATOR})
FAMILY = frozenset(
    {
        Party.PARENT_RECORDS_AND_DECISIONS,
        Party.PARENT_RECORDS_ONLY,
        Party.PARENT_NO_RECORDS,
        Party.PARENT_AFTER_TRANSFER,
        Party.ADULT_STUDENT,
        Party.ADULT_STUDENT_IN_GAP,
        Party.STUDENT,
    }
)
WINDOWED = {
    Party.INTERPRETER: frozenset({ResourceKind.IEP}),
    Party.OUTSIDE_PARTY: frozenset({ResourceKind.IEP, ResourceKind.GOAL}),
}
"""What a window opens to these, whoever made it."""


def a_grant(party: Party, **changes: Any) -> Grant:
    """A standing towards the child (or the site) that began a month ago and is open."""
    whole: dict[str, Any] = {
        "party": party,
        "basis": Basis.ASSIGNMENT,
        "student_id": None if party in OF_SITE else CHILD,
        "starts_on": DAY - timedelta(days=30),
    }
    return Grant(**whole | changes)


def as_(*parties: Party) -> Relations:
    """Everything somebody brings who stands so."""
    grants = [a_grant(party) for party in parties]
    grants += [
        a_grant(party, basis=Basis.WINDOW, kinds=WINDOWED[party]) for party in parties if party in WINDOWED
    ]
    return Relations(grants=tuple(grants))


def a_thing(kind: ResourceKind, party: Party | None = None, **changes: Any) -> Resource:
    """Something of the child (of the site, for a party of the site) that nobody in particular made."""
    return Resource(**{"kind": kind, "student_id": None if party in OF_SITE else CHILD} | changes)
