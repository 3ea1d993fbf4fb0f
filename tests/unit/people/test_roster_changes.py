"""Comparing two lists of a course: who came, who left, whose line changed, and when it is too many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.people import RosterMember, RosterStanding, roster_changes
from iepcore.testing.store_values import a_member

SUBJECTS = st.sets(st.sampled_from([f"pupil-{n}" for n in range(9)]))


def people(subjects: set[str], **changes: object) -> list[RosterMember]:
    """Return lines for these subjects."""
    return [a_member(subject, **changes) for subject in sorted(subjects)]


def names(found: tuple[RosterMember, ...]) -> set[str]:
    """Return the subjects of lines."""
    return {one.subject for one in found}


@given(SUBJECTS, SUBJECTS)
def test_whole_list_adds_up(before: set[str], after: set[str]) -> None:
    """Who stood before, less who left, plus who came, is who stands now."""
    found = roster_changes(people(before), people(after), complete=True)
    assert (after - before, before - after) == (names(found.came), names(found.left))
    assert after == before - names(found.left) | names(found.came)
    assert (len(before), ()) == (found.stood, found.changed)


@given(SUBJECTS, SUBJECTS)
def test_partial_list_lets_nobody_leave(before: set[str], after: set[str]) -> None:
    """Whom a part of a list does not name is still there; who is told to be gone is gone."""
    assert () == roster_changes(people(before), people(after), complete=False).left
    gone = roster_changes(people(before), people(after, active=False), complete=False)
    assert before & after == names(gone.left)
    assert () == gone.came


def test_who_had_left_comes_back() -> None:
    """A line that was inactive counts as new when it is active again."""
    old, back = a_member(active=False), a_member()
    assert {"pupil-1"} == names(roster_changes([old], [back], complete=True).came)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Another Name"},
        {"email": "new@example.org"},
        {"channel_user_id": "7"},
        {"standing": RosterStanding.HELPER},
        {"context_title": "Room 13"},
    ],
)
def test_line_that_changed(changes: dict[str, object]) -> None:
    """A new name, address, number, standing or course title is a change; the time of seeing is none."""
    seen = a_member(seen_at=a_member().seen_at + timedelta(days=1))
    assert () == roster_changes([a_member()], [seen], complete=True).changed
    assert {"pupil-1"} == names(roster_changes([a_member()], [a_member(**changes)], complete=True).changed)


@pytest.mark.parametrize(
    ("stood", "stay", "mass"),
    [(10, 5, False), (10, 4, True), (3, 1, False), (3, 0, True), (2, 0, False), (0, 0, False), (24, 0, True)],
)
def test_more_than_half_at_once_is_doubted(stood: int, stay: int, mass: bool) -> None:
    """More than half and more than two: that is more likely a fault of the list."""
    before = people({f"p{n:02}" for n in range(stood)})
    assert mass == roster_changes(before, before[:stay], complete=True).is_mass_leaving
