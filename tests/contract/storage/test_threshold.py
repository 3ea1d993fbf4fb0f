"""The one question of a launch says what the records say: who is there, and what they are on that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from iepcore.ids import AdultId
from iepcore.people import Appointment, SiteRole
from lti_app.demo.seed import people
from lti_app.doors.lti.roles import Part
from lti_app.doors.records import LaunchState
from lti_app.doors.threshold import Asked, PlainThreshold, Sight
from lti_app.storage.threshold import SqlPerson
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]

DEPLOYMENT = "1:practice"


def a_login(house: House, state_hash: str = "state") -> str:
    """Keep a login that lasts beyond every day tried here."""
    now = house.clock()
    house.wired.doors.add_launch_state(
        LaunchState(
            state_hash=state_hash,
            nonce="nonce",
            registration_id=house.wired.doors.registrations()[0].id,
            target_link_uri="https://tool.example/app/",
            storage_target=None,
            created_at=now,
            expires_at=now + timedelta(days=4000),
        )
    )
    return state_hash


def look(house: House, subject: str, deployment_id: str = DEPLOYMENT) -> Sight | None:
    """Look for a subject now."""
    asked = Asked(state_hash="state", issuer="any", deployment_id=deployment_id, subject=subject)
    return house.wired.threshold.look(asked, at=house.clock())


def part_of(house: House, subject: str) -> Part | None:
    """Return the part of a subject as the threshold says it now."""
    sight = look(house, subject)
    assert sight is not None
    if sight.person is None:
        return None
    assert isinstance(sight.person, SqlPerson)
    return sight.person.part


def test_everybody_has_the_part_the_records_say(house: House) -> None:
    """Two ways to ask, one answer, for every person of the school, long before and after today too."""
    a_login(house)
    today = house.clock()
    for days in (-900, -400, -1, 0, 1, 400, 900):
        house.clock.at = today + timedelta(days=days)
        for user in people()["users"]:
            source = f"lti:{house.wired.doors.registrations()[0].id}"
            with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
                known = uow.people.identity(source, user["sub"])
                adult = uow.people.adult(AdultId(known.person_id)) if known is not None else None
            site_id = house.wired.doors.sites()[0].id
            expected = house.wired.part_of(site_id, adult.id) if adult is not None else None
            assert expected == part_of(house, user["sub"]), (days, user["key"])


@pytest.mark.parametrize(("hour", "holds"), [(-30, False), (6, True), (54, True), (78, False)])
def test_both_ends_of_a_window_count_at_the_school(house: House, hour: int, holds: bool) -> None:
    """An office from one day to the next holds on both, by the school's own midnight and not by UTC's."""
    a_login(house)
    site = house.wired.doors.sites()[0]
    house.wired.doors.add_site(replace(site, zone="Pacific/Honolulu"))  # ten hours behind UTC
    first = datetime(2030, 1, 10, tzinfo=UTC)
    with house.wired.store(site.id).write() as uow:
        adult = uow.people.all_adults()[0]
        subject = uow.people.identities_of(adult.id)[0].subject
        uow.people.add_appointment(
            Appointment(
                adult_id=adult.id,
                role=SiteRole.INTERPRETER,
                starts_on=first.date() - timedelta(days=1),
                ends_on=first.date() + timedelta(days=1),
                appointed_by=None,
                appointed_at=first,
            )
        )
    house.clock.at = first + timedelta(hours=hour)
    seen = part_of(house, subject)
    assert seen is not None
    assert (holds, holds) == (house.wired.part_of(site.id, adult.id).staff, seen.staff)


def test_what_is_not_there_is_nothing(house: House) -> None:
    """An unknown state, an old one, a deployment or a subject nobody knows: no login, or no person."""
    user = people()["users"][0]
    assert None is look(house, user["sub"])
    a_login(house)
    unknown = look(house, user["sub"], "of nobody")
    assert unknown is not None
    assert (None, None) == (unknown.login.deployment, unknown.person)
    assert None is part_of(house, "of nobody")
    house.clock.forward(days=4000)
    assert None is look(house, user["sub"])


def test_without_sql_only_the_login_is_seen(house: House) -> None:
    """A store of another kind has the same law: the login, and every arrival asks the site."""
    a_login(house)
    doors = house.wired.doors
    asked = Asked(state_hash="state", deployment_id=DEPLOYMENT, subject=people()["users"][0]["sub"])
    plain, sql = PlainThreshold(doors), house.wired.threshold
    seen, full = plain.look(asked, at=house.clock()), sql.look(asked, at=house.clock())
    assert seen is not None
    assert full is not None
    assert (full.login, None) == (seen.login, seen.person)
    assert None is plain.look(Asked(state_hash="other"), at=house.clock())
