"""What the tests of the Google door share: the school in Classroom, and a browser at it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from lti_app.demo.caseload import Calendar
from lti_app.demo.classroom import (
    GOOGLE_CLIENT_ID,
    PracticeClassroom,
    add_classroom,
    fill_classroom,
    google_id,
)
from lti_app.sandbox import SandboxConfig, run_in_thread
from tests.contract.google.school import School, Visitor
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]

SECRET = "practice-only-not-a-secret"


@pytest.fixture
def school(house: House) -> Iterator[School]:
    """The house with a Google client, and the practice Classroom it belongs to."""
    tool = house.wired.settings.public_url
    config = SandboxConfig(
        public_url="http://localhost:0",
        tool_url=tool,
        google_client_id=GOOGLE_CLIENT_ID,
        google_client_secret=SECRET,
        google_add_on=f"{tool}/classroom/{google_id()}",
        clock=house.clock,
    )
    with run_in_thread(config) as lms:
        site = house.wired.doors.sites()[0]
        there = PracticeClassroom(
            origin=lms.url, client_secret=SECRET, domain=lms.world.classroom.people.domain
        )
        add_classroom(house.wired, site, there)
        zone = ZoneInfo(site.zone)
        calendar = Calendar(today=house.clock().astimezone(zone).date(), zone=zone)
        with house.wired.store(site.id).write() as uow:
            fill_classroom(uow, there, calendar, house.clock())
        yield School(house=house, lms=lms)


@pytest.fixture
def visitor(school: School) -> Visitor:
    """One browser."""
    return Visitor(school)
