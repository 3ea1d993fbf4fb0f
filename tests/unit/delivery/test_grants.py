"""A teacher's consent in our own store: it comes back as given, and goes to no other platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from connectors.canvas import CHANNEL_SCOPES, Grant
from iepcore.ids import SiteId, new_uuid7
from lti_app.delivery.grants import SiteGrants
from lti_app.doors.records import ApiClient, Registration, Site
from tests.unit.screens.conftest import House


def client_of(house: House) -> ApiClient:
    """Return the practice Canvas key of the site."""
    found = house.wired.doors.api_client_of_site(house.wired.doors.sites()[0].id)
    assert found is not None
    return found


def grants_of(house: House, client: ApiClient | None = None) -> SiteGrants:
    """Return the site's grants for one Canvas."""
    return SiteGrants(house.wired.doors, house.wired.doors.sites()[0], client or client_of(house))


def a_grant(house: House, **changed: object) -> Grant:
    """Return a grant that lives for an hour."""
    made = Grant(
        canvas_user_id="1001",
        access_token="7~access",
        refresh_token="7~refresh",
        expires_at=house.clock() + timedelta(hours=1),
        scopes=tuple(CHANNEL_SCOPES),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def test_a_grant_comes_back_as_it_was_given(house: House) -> None:
    """Saved, loaded, equal; a later one replaces it."""
    grants, adult = grants_of(house), house.adult("halloran")
    later = a_grant(house, access_token="7~later", expires_at=house.clock() + timedelta(hours=2))

    grants.save(adult, a_grant(house))
    first = grants.load(adult)
    grants.save(adult, later)

    assert a_grant(house) == first
    assert later == grants.load(adult)


def test_who_never_said_yes_has_none(house: House) -> None:
    """No grant, and marking what is not there as lost makes none."""
    grants = grants_of(house)
    grants.mark_lost(house.adult("eklund"))

    assert grants.load(house.adult("eklund")) is None


def test_a_lost_grant_holds_no_token(house: House) -> None:
    """It stays known as lost, so that the screen asks again, without anything that could be used."""
    grants, adult = grants_of(house), house.adult("halloran")
    grants.save(adult, a_grant(house))
    grants.mark_lost(adult)

    assert a_grant(house, access_token="", refresh_token="", is_lost=True) == grants.load(adult)


def test_a_token_never_goes_to_another_platform(house: House) -> None:
    """The same adult, another Canvas: the first one's token is not handed out."""
    adult, doors = house.adult("halloran"), house.wired.doors
    grants_of(house).save(adult, a_grant(house))
    other = Registration(
        id=new_uuid7(),
        issuer="https://other.example.org",
        client_id="1",
        auth_url="https://other.example.org/a",
        token_url="https://other.example.org/t",
        jwks_url="https://other.example.org/j",
    )
    doors.save_registration(other)
    elsewhere = replace(client_of(house), registration_id=other.id, base_url="https://other.example.org")

    assert grants_of(house, elsewhere).load(adult) is None
    assert a_grant(house) == grants_of(house).load(adult)


def test_a_grant_belongs_to_one_site(house: House) -> None:
    """The same adult id in another school finds nothing."""
    adult = house.adult("halloran")
    grants_of(house).save(adult, a_grant(house))
    client = client_of(house)
    other = Site(id=SiteId(new_uuid7()), name="Alder Creek", zone="America/Chicago")
    house.wired.doors.add_site(other)

    assert SiteGrants(house.wired.doors, other, client).load(adult) is None
