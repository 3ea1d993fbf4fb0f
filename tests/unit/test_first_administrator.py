"""Who installs the tool from the platform becomes the site's administrator, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iepcore.access import AuditEvent
from iepcore.people import Appointment, SiteRole
from lti_app.demo.seed import people
from lti_app.doors.installs import Installation
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.roles import Standing
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]

ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"


def a_launch(house: House, **changes: Any) -> LaunchContext:
    """Return the launch of the practice LMS's IT administrator from the account's menu."""
    registration = house.wired.doors.registrations()[0]
    user = next(one for one in people()["users"] if one["key"] == "pell")
    values: dict[str, Any] = {
        "site_id": house.wired.doors.sites()[0].id,
        "registration_id": registration.id,
        "deployment_id": "1:practice",
        "source": f"lti:{registration.id}",
        "subject": user["sub"],
        "standing": Standing.ADMIN,
        "roles": (ADMINISTRATOR,),
        "observees": (),
        "message_type": "LtiResourceLinkRequest",
        "target_path": "/app/",
        "display_name": user["name"],
    }
    return LaunchContext(**{**values, **changes})


def open_claim(house: House, *, days: int = 7) -> Installation:
    """Let the practice LMS be a new connection."""
    now = house.clock()
    made = Installation(
        registration_id=house.wired.doors.registrations()[0].id,
        site_id=house.wired.doors.sites()[0].id,
        product="canvas",
        name="",
        frames=(),
        created_at=now,
        claim_until=now + timedelta(days=days),
    )
    house.wired.installs.save_installation(made)
    return made


def administrators(house: House) -> list[Appointment]:
    """Return who administers the site."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return [one for one in uow.people.appointments() if one.role is SiteRole.ADMINISTRATOR]


def test_the_first_administrator_is_appointed_once(house: House) -> None:
    """The first launch appoints and ends the time for it; a second one changes nothing."""
    made = open_claim(house)
    adult_id = house.wired.arrive(a_launch(house))
    house.wired.arrive(a_launch(house, subject="another-administrator", display_name="Bo Lindqvist"))

    (appointed,) = administrators(house)
    assert adult_id == appointed.adult_id
    assert appointed.appointed_by is None
    assert replace(made, claim_until=None) == house.wired.installs.installation(made.registration_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"masquerading_id": "17"},
        {"roles": ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",)},
        {"standing": Standing.FAMILY},
        {"standing": Standing.NONE, "subject": "nobody"},
    ],
    ids=["masquerade", "teacher", "parent", "nobody"],
)
def test_nobody_else_is_appointed(house: House, changes: dict[str, Any]) -> None:
    """A face worn by another, a teacher, a parent: no standing."""
    open_claim(house)
    house.wired.arrive(a_launch(house, **changes))

    assert [] == administrators(house)


def test_without_a_new_connection_nobody_is_appointed(house: House) -> None:
    """A platform connected long ago, or never by us, gives no standing."""
    house.wired.arrive(a_launch(house))
    open_claim(house, days=-1)
    house.wired.arrive(a_launch(house))

    assert [] == administrators(house)


def test_a_site_that_has_an_administrator_keeps_its_own(house: House) -> None:
    """A second platform's administrator waits to be appointed by the site's people."""
    made = open_claim(house)
    house.caseload("ames").staff.appoint(house.adult("hart"), SiteRole.ADMINISTRATOR)
    house.wired.arrive(a_launch(house))

    assert [house.adult("hart")] == [one.adult_id for one in administrators(house)]
    after = house.wired.installs.installation(made.registration_id)
    assert after is not None
    assert after.claim_until is None


def test_the_appointment_stands_in_the_trail(house: House) -> None:
    """Whoever looks later sees how the first standing came about."""
    open_claim(house)
    adult_id = house.wired.arrive(a_launch(house))
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        trail = [one for one in uow.archive.values() if isinstance(one, AuditEvent)]
    events = [one for one in trail if one.what == "appoint_administrator"]

    assert [(adult_id, "first_launch_of_a_connection")] == [(one.actor_id, one.reason) for one in events]
