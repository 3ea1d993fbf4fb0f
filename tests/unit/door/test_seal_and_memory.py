"""The seal, and what the in-memory door store remembers and forgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from cryptography.fernet import Fernet

from iepcore.ids import AdultId, SiteId
from lti_app.doors.lti.keys import make_key
from lti_app.doors.memory import MemoryDoorStore
from lti_app.doors.records import (
    ApiClient,
    ApiGrant,
    Deployment,
    DeploymentState,
    GrantState,
    LaunchState,
    NoticeLink,
    Site,
)
from lti_app.doors.seal import Seal

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(days=2)
FIRST, SECOND = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SITE = SiteId(UUID(int=1))
ADULT = AdultId(UUID(int=2))
REGISTRATION = UUID(int=3)


def test_seal_round_trip_ends_in_time() -> None:
    """What was sealed opens within its time and not after, and not when touched."""
    seal = Seal([FIRST])
    sealed = seal.close({"x": "ü"}, at=NOW)
    assert {"x": "ü"} == seal.open(sealed, ttl_seconds=120, at=NOW + timedelta(seconds=119))
    assert seal.open(sealed, ttl_seconds=120, at=NOW + timedelta(seconds=121)) is None
    assert seal.open(sealed[:-4] + "AAAA", ttl_seconds=120, at=NOW) is None
    assert "x" not in sealed[:4]


def test_seal_survives_key_rotation() -> None:
    """The first key closes, all open; a proof under a former first key still counts."""
    old, new = Seal([FIRST]), Seal([SECOND, FIRST])
    assert {"a": 1} == new.open(old.close({"a": 1}, at=NOW), ttl_seconds=60, at=NOW)
    assert new.proves(old.proof("state"), "state")
    assert not Seal([SECOND]).proves(old.proof("state"), "state")
    assert not new.proves(None, "state")
    assert not new.proves(old.proof("other"), "state")


def test_seal_opens_objects_only() -> None:
    """A sealed list is not what we seal."""
    seal = Seal([FIRST])
    assert seal.open(seal.close([1], at=NOW), ttl_seconds=60, at=NOW) is None  # type: ignore[arg-type]


def test_each_key_pair_is_its_own() -> None:
    """A key's published half has no private part and is named by its thumbprint."""
    one, two = make_key(at=NOW), make_key(at=NOW)
    assert one.kid != two.kid
    assert '"d"' not in one.public_jwk
    assert one.kid in one.public_jwk


def test_memory_store_takes_things_once_and_sweeps() -> None:
    """States are taken once and not after their time; the sweep removes what is over and counts it."""
    doors = MemoryDoorStore()
    doors.add_site(Site(id=SITE, name="Maple Street School", zone="America/Chicago"))
    for name in ("one", "two"):
        doors.add_launch_state(
            LaunchState(
                state_hash=name,
                nonce="n",
                registration_id=REGISTRATION,
                target_link_uri="x",
                storage_target=None,
                created_at=NOW,
                expires_at=SOON,
            )
        )
    assert doors.take_launch_state("one", at=NOW) is not None
    assert doors.take_launch_state("one", at=NOW) is None
    assert doors.take_launch_state("two", at=SOON) is None
    grant_state = GrantState(
        state_hash="g",
        registration_id=REGISTRATION,
        site_id=SITE,
        adult_id=ADULT,
        token_hash="t",
        expires_at=SOON,
    )
    doors.add_grant_state(grant_state)
    assert grant_state == doors.take_grant_state("g", at=NOW)
    assert doors.take_grant_state("g", at=NOW) is None
    doors.add_grant_state(grant_state)
    doors.add_notice_link(NoticeLink(link_hash="l", site_id=SITE, created_at=NOW, expires_at=SOON))
    assert doors.notice_link("l", at=NOW) is not None
    assert doors.notice_link("l", at=SOON) is None
    assert 0 == doors.sweep(at=NOW)
    assert 2 == doors.sweep(at=LATER)
    assert [SITE] == [site.id for site in doors.sites()]


def test_memory_store_keeps_grants_by_adult() -> None:
    """A school's Canvas client is found by site through its deployment; a grant belongs to one adult."""
    doors = MemoryDoorStore()
    assert doors.api_client_of_site(SITE) is None
    doors.save_deployment(
        Deployment(
            registration_id=REGISTRATION, deployment_id="d", state=DeploymentState.ACTIVE, site_id=SITE
        )
    )
    assert doors.api_client_of_site(SITE) is None
    client = ApiClient(registration_id=REGISTRATION, base_url="https://lms", client_id="c", client_secret="s")
    doors.save_api_client(client)
    assert client == doors.api_client_of_site(SITE) == doors.api_client(REGISTRATION)
    grant = ApiGrant(
        site_id=SITE,
        registration_id=REGISTRATION,
        adult_id=ADULT,
        access_token="a",
        refresh_token="r",
        expires_at=SOON,
        platform_user_id="7",
    )
    doors.save_grant(grant)
    assert grant == doors.grant(SITE, ADULT)
    assert doors.grant(SITE, AdultId(uuid4())) is None


def test_memory_store_ignores_unknown_sessions() -> None:
    """Changes to a session that is not there change nothing."""
    doors = MemoryDoorStore()
    doors.touch_session("x", seen_at=NOW, idle_until=SOON)
    doors.bind_adult("x", ADULT)
    doors.revoke_session("x", at=NOW)
    doors.renew_session("x", token_hash="z")
    assert doors.session("x") is None
    assert () == doors.registrations()
