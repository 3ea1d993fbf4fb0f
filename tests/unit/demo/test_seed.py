"""The fictional school as it is seeded: everybody once, nobody known, and an empty school that is empty."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from iepcore.access import AuditEvent
from iepcore.people import Adult, Appointment, Identity, SiteRole, Student
from iepcore.plan import DataPoint, Goal
from lti_app.demo.caseload import Calendar, children, demo_id
from lti_app.demo.classroom import PracticeClassroom, classroom_children, classroom_people, google_id
from lti_app.demo.seed import Practice, people, seed
from lti_app.storage.migrate import upgrade
from lti_app.wiring import wire
from tests.unit.screens.conftest import House, house, seeded_file
from tests.unit.test_wiring import settings_for

__all__ = ["house", "seeded_file"]

PRACTICE = Practice(lms_url="http://localhost:8600", api_client_secret="practice-only")


def values(house: House) -> list[object]:
    """Return everything the seeded school holds."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return list(uow.archive.values())


def test_every_child_of_the_file_is_there(house: House) -> None:
    """24 children; every goal and every point of the file, once."""
    counted = Counter(type(value) for value in values(house))

    goals = [goal for child in children() for goal in child["goals"]]
    assert 24 == counted[Student] == len(children())
    assert len(goals) == counted[Goal]
    assert sum(len(goal["points"]) for goal in goals) == counted[DataPoint]


def test_no_point_lies_in_the_future(house: House) -> None:
    """Moved by whole weeks, the last point is at most a week old and weekdays stay."""
    today = house.clock().astimezone(ZoneInfo("America/Chicago")).date()
    days = [value.observed_on for value in values(house) if isinstance(value, DataPoint)]

    assert max(days) <= today
    assert (today - max(days)).days < 7
    assert not [day for day in days if day.weekday() > 4]


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 11, 23), date(2031, 7, 4)])
def test_days_move_by_whole_weeks(today: date) -> None:
    """Whatever today is, a Monday of the file stays a Monday."""
    calendar = Calendar(today=today, zone=ZoneInfo("America/Chicago"))
    for child in children():
        moved = calendar.moved(child["as_of"], child["as_of"])

        assert date.fromisoformat(child["as_of"]).weekday() == moved.weekday()
        assert 0 <= (today - moved).days < 7


def test_everybody_writes_from_an_example_address() -> None:
    """Nobody here can be reached, for nobody here is real."""
    addresses = [user["email"] for user in people()["users"]]

    assert [] == [one for one in addresses if not one.endswith("example.org")]


def test_ids_are_stable() -> None:
    """Starting over gives the same addresses, so a link in the tutorial leads somewhere."""
    assert demo_id("student", "maya") == demo_id("student", "maya")
    assert demo_id("student", "maya") != demo_id("adult", "maya")


def test_an_empty_school_holds_its_officer_only(tmp_path: Path) -> None:
    """One adult, one appointment, one identity, and the line that sending is on; no child, no roster."""
    wired = wire(settings_for(tmp_path / "empty.db"))
    upgrade(wired.engines)

    site_id = seed(wired, PRACTICE, empty=True)

    with wired.store(site_id).read() as uow:
        found = list(uow.archive.values())
    platforms, client = wired.doors.registrations(), wired.doors.api_client_of_site(site_id)
    wired.engines.close()
    expected = Counter({Adult: 1, Identity: 1, Appointment: 1, AuditEvent: 1})
    assert expected == Counter(type(value) for value in found)
    assert [SiteRole.RECORDS_OFFICER] == [one.role for one in found if isinstance(one, Appointment)]
    assert ["http://localhost:8600"] == [platform.issuer for platform in platforms]
    assert client is not None
    assert "practice-only" == client.client_secret


def test_the_half_that_works_in_classroom(tmp_path: Path) -> None:
    """With a practice Classroom the school has one more platform, one more case manager and her children."""
    there = PracticeClassroom(
        origin="http://localhost:8600", client_secret="practice-only", domain=classroom_people()["domain"]
    )
    wired = wire(settings_for(tmp_path / "both.db"))
    upgrade(wired.engines)
    practice = Practice(
        lms_url=PRACTICE.lms_url, api_client_secret=PRACTICE.api_client_secret, classroom=there
    )

    site_id = seed(wired, practice)

    with wired.store(site_id).read() as uow:
        students = [one for one in uow.archive.values() if isinstance(one, Student)]
        key = uow.people.identity("google", classroom_children()[0]["subject"])
    client = wired.doors.api_client_of_site(site_id, "google")
    wired.engines.close()
    assert len(children()) + len(classroom_children()) == len({one.legal_name for one in students})
    assert key is not None
    assert demo_id("student", classroom_children()[0]["key"]) == key.person_id
    assert client is not None
    assert google_id() == client.registration_id
