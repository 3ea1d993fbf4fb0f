"""The rules two rights flags are held against, and windows for people from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from iepcore.errors import InvalidValue
from iepcore.people import AccessWindow, Relation, StaffRole, WindowKind, check_rights
from iepcore.testing.people_values import (
    NOW,
    TODAY,
    a_relationship,
    a_student,
    a_window,
    an_adult,
    an_assignment,
)

CHILD, ADULT = a_student(), an_adult()


def a_bond(relation: Relation, **changes: Any) -> Any:
    """How somebody stands to the child, reading and not deciding."""
    return a_relationship(CHILD.id, an_adult().id, **{"relation": relation, "may_decide": False, **changes})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"relation": Relation.FATHER, "may_access_records": False}, "paper_needed"),
        ({"relation": Relation.GUARDIAN, "may_access_records": False}, "paper_needed"),
        ({"relation": Relation.CASEWORKER, "may_decide": True}, "caseworker_decides"),
        ({"relation": Relation.STEPPARENT, "may_decide": True}, "parent_decides_first"),
        ({"relation": Relation.GRANDPARENT, "may_decide": True}, "parent_decides_first"),
        (
            {"relation": Relation.MOTHER, "may_decide": True, "may_access_records": False},
            "decides_without_records",
        ),
        ({"relation": Relation.STUDENT, "may_decide": True}, "student_flags"),
    ],
)
def test_flags_that_no_rule_allows_are_refused(said: dict[str, Any], code: str) -> None:
    """Custody alone ends no record access, a caseworker never decides, an acting parent decides first."""
    mother = a_bond(Relation.MOTHER, may_decide=True)
    with pytest.raises(InvalidValue, match=code):
        check_rights(a_bond(**said), [mother], TODAY)


@pytest.mark.parametrize(
    "said",
    [
        {"relation": Relation.FATHER, "may_access_records": False, "document": "Order of 2025-06-30"},
        {"relation": Relation.GRANDPARENT, "may_decide": True, "document": "Guardianship letter"},
        {"relation": Relation.FATHER, "may_decide": True},
        {"relation": Relation.STEPPARENT},
        {"relation": Relation.OTHER, "may_access_records": False},
        {"relation": Relation.STUDENT},
    ],
)
def test_flags_with_their_paper_are_kept(said: dict[str, Any]) -> None:
    """An order that revokes, a court that names somebody, and both parents deciding are all in order."""
    check_rights(a_bond(**said), [a_bond(Relation.MOTHER, may_decide=True)], TODAY)


def test_somebody_else_decides_where_no_parent_acts() -> None:
    """A grandmother raising the child decides while no parent with decision rights is there."""
    gone = a_bond(Relation.MOTHER, may_decide=True, valid_to=TODAY, valid_from=TODAY)

    check_rights(a_bond(Relation.GRANDPARENT, may_decide=True), [gone], TODAY + timedelta(days=1))


def test_only_a_substitute_stands_in() -> None:
    """Whom a place replaces is said of a substitute only."""
    with pytest.raises(InvalidValue, match="substitute_only"):
        an_assignment(CHILD.id, ADULT.id, stands_in_for=an_adult().id)
    an_assignment(CHILD.id, ADULT.id, role=StaffRole.SUBSTITUTE, stands_in_for=an_adult().id)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": " "}, "basis_empty"),
        ({"purpose": ""}, "purpose_empty"),
        ({"purpose": "x" * 301}, "too_long"),
        ({"closes_at": NOW}, "dates_reversed"),
        ({"parts": frozenset()}, "nothing_listed"),
        ({"kind": WindowKind.CONSENT}, "signer_missing"),
        ({"version": 0}, "version_range"),
    ],
)
def test_window_says_what_why_and_until_when(changes: dict[str, Any], code: str) -> None:
    """Nothing is opened without a list, a reason, an end, and for a consent its signer."""
    with pytest.raises(InvalidValue, match=code):
        a_window(CHILD.id, ADULT.id, **changes)


def test_window_is_open_from_its_first_moment_to_before_its_last() -> None:
    """The end is outside, and closing early counts."""
    window: AccessWindow = a_window(CHILD.id, ADULT.id)
    early = a_window(CHILD.id, ADULT.id, ended_at=NOW + timedelta(minutes=5))
    at = [NOW - timedelta(seconds=1), NOW, window.closes_at - timedelta(seconds=1), window.closes_at]

    assert [False, True, True, False] == [window.is_open_at(one) for one in at]
    assert not early.is_open_at(NOW + timedelta(minutes=5))
