"""Rows of Canvas become our values: what is odd in a row costs that piece of it, nothing else."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from connectors.canvas.mapping import enrollments_of, guardians_of, people_of, sections_of, state_of
from connectors.canvas.roster_schemas import EnrollmentRow, EnrollmentSchema, Section, User, UserSchema
from iepcore.people import EnrollmentState, RosterStanding


def a_row(**changes: object) -> EnrollmentRow:
    """Return the row of a pupil."""
    values: dict[str, object] = {
        "id": "1",
        "user_id": "1001",
        "course_section_id": "501",
        "type": "StudentEnrollment",
        "role": "StudentEnrollment",
        "enrollment_state": "active",
        "user": User(id="1001", name="Avery Smith"),
    }
    return EnrollmentRow(**(values | changes))  # type: ignore[arg-type]


def test_a_person_without_a_name_has_none() -> None:
    """Null, and no user at all: the id is enough to be there."""
    rows = [a_row(user=User(id="1001")), a_row(user_id="1002", user=None)]

    assert [("1001", None), ("1002", None)] == [(one.subject, one.name) for one in people_of(rows)]


def test_the_fuller_of_two_rows_counts() -> None:
    """A name from one, the school's number from another."""
    rows = [
        a_row(user=User(id="1001", sis_user_id="S1")),
        a_row(user=User(id="1001", name="Avery Smith")),
        a_row(user=User(id="1001", name="Another", sis_user_id="S9")),
    ]

    [avery] = people_of(rows)
    assert ("Avery Smith", "S1") == (avery.name, avery.sis_id)


def test_a_user_of_another_number_is_not_this_person() -> None:
    """Whatever the platform meant by it."""
    [found] = people_of([a_row(user=User(id="7", name="Somebody Else"))])

    assert ("1001", None) == (found.subject, found.name)


@pytest.mark.parametrize("text", ["soon", "2026-13-40", ""])
def test_a_time_nobody_can_read_is_no_day(text: str) -> None:
    """The enrollment stays."""
    [found] = enrollments_of([a_row(start_at=text)], UTC)

    assert found.begins_on is None


def test_a_time_without_a_zone_is_in_utc() -> None:
    """As Canvas means it."""
    [found] = enrollments_of([a_row(start_at="2026-08-20T03:00:00")], ZoneInfo("America/Chicago"))

    assert date(2026, 8, 19) == found.begins_on


def test_a_type_nobody_knows_is_other() -> None:
    """And gives nobody a standing they do not have."""
    [found] = enrollments_of([a_row(type="WizardEnrollment")], UTC)

    assert RosterStanding.OTHER is found.standing


@pytest.mark.parametrize("state", ["inactive", "completed", "concluded", "deleted", "rejected", "odd"])
def test_whatever_is_not_going_on_has_ended(state: str) -> None:
    """A state that Canvas invents tomorrow opens nothing."""
    assert EnrollmentState.ENDED is state_of(a_row(enrollment_state=state))


def test_a_pupil_with_somebody_associated_watches_nobody() -> None:
    """Only observers are linked."""
    assert () == guardians_of([a_row(associated_user_id="1002")])


def test_a_section_without_a_name_has_an_empty_one() -> None:
    """And one that only a row speaks of is there."""
    sections = sections_of([Section(id="501")], [a_row(), a_row(course_section_id="502")])

    assert [("501", ""), ("502", "")] == [(one.id, one.title) for one in sections]


def test_nothing_of_a_person_is_in_a_representation() -> None:
    """A row that ends in a log tells numbers only."""
    text = repr(a_row(user=User(id="1001", name="Avery Smith", sis_user_id="S2001")))

    assert "Avery" not in text
    assert "S2001" not in text


def test_null_and_missing_are_not_the_same() -> None:
    """An observer of nobody has a null; a key without the include has no field."""
    bare = {
        "id": 1,
        "user_id": 2,
        "course_section_id": 3,
        "type": "ObserverEnrollment",
        "role": "ObserverEnrollment",
        "enrollment_state": "active",
    }
    schema = EnrollmentSchema()

    assert schema.load({**bare, "observed_user": None}, many=False).observed_user is None  # type: ignore[union-attr]
    assert "0" == schema.load(bare, many=False).observed_user.id  # type: ignore[union-attr]
    assert UserSchema().load({"id": 1, "name": None}, many=False).name is None  # type: ignore[union-attr]
