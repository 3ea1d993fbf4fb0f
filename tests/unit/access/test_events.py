"""Workshops and support groups: nothing of a child's record, and who came is nobody's business."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from iepcore.access import (
    Action,
    Basis,
    Grant,
    Outcome,
    Party,
    Person,
    Relations,
    Resource,
    ResourceKind,
    decide,
)
from iepcore.ids import AdultId, StudentId, new_uuid7

ME = AdultId(new_uuid7())
DAY = date(2026, 11, 23)


def _as(party: Party, ends_on: date | None = None) -> Relations:
    grant = Grant(
        party=party,
        basis=Basis.RELATIONSHIP,
        student_id=StudentId(new_uuid7()),
        starts_on=DAY - timedelta(days=9),
        ends_on=ends_on,
    )
    return Relations(grants=(grant,))


def _decided(thing: Resource, action: Action, relations: Relations) -> tuple[Outcome, str]:
    decision = decide(Person(adult_id=ME), action, thing, DAY, relations)
    return decision.outcome, decision.reason


@pytest.mark.parametrize("party", Party)
def test_the_list_of_events_is_read_by_everybody_here_and_written_by_none(party: Party) -> None:
    """Also by a parent whose rights about the record were revoked: it holds nothing about a child."""
    events = Resource(kind=ResourceKind.EVENT)
    assert (Outcome.ALLOW, "no_student_information") == _decided(events, Action.READ, _as(party))
    assert Outcome.DENY is _decided(events, Action.WRITE, _as(party))[0]


def test_a_stranger_and_somebody_whose_time_is_over_read_no_list() -> None:
    """A standing has to be in force; an event has no child."""
    events = Resource(kind=ResourceKind.EVENT)
    over = _as(Party.PARENT_RECORDS_ONLY, ends_on=DAY - timedelta(days=1))
    assert Outcome.DENY is _decided(events, Action.READ, Relations())[0]
    assert Outcome.DENY is _decided(events, Action.READ, over)[0]
    child = Resource(kind=ResourceKind.EVENT, student_id=StudentId(new_uuid7()))
    assert Outcome.DENY is _decided(child, Action.READ, _as(Party.CASE_MANAGER))[0]


@pytest.mark.parametrize("party", Party)
def test_who_came_to_a_support_group_is_for_nobody_but_oneself(party: Party) -> None:
    """No role reads it; everybody sees their own."""
    assert (Outcome.DENY, "attendance_private") == _decided(
        Resource(kind=ResourceKind.ATTENDANCE), Action.READ, _as(party)
    )
    mine = Resource(kind=ResourceKind.ATTENDANCE, of_adult_id=ME)
    assert (Outcome.OWN_ONLY, "own_attendance") == _decided(mine, Action.READ, _as(party))
