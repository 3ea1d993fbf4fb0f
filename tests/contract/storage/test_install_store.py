"""The store of connecting platforms: one contract, every implementation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from iepcore.ids import AdultId, SiteId, new_uuid7
from lti_app.doors.installs import (
    MOST_NOTES,
    OPENED,
    Installation,
    InstallStore,
    Invite,
    LaunchNote,
    MemoryInstallStore,
)
from lti_app.doors.records import Deployment, DeploymentState, Registration, Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.installs import SqlInstallStore
from lti_app.storage.vault import Vault

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = SiteId(UUID(int=7))
REGISTRATION = UUID(int=11)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, vault: Vault) -> Iterator[InstallStore]:
    """Each implementation with a site and a registration to speak about."""
    if request.param == "memory":
        yield MemoryInstallStore()
        return
    engines: Engines = request.getfixturevalue(f"{request.param}_engines")
    doors = SqlDoorStore(engines, vault)
    doors.add_site(Site(id=SITE, name="Cedar Hollow", zone="America/Chicago"))
    doors.save_registration(
        Registration(
            id=REGISTRATION,
            issuer="https://lms.example.edu",
            client_id="7",
            auth_url="https://lms.example.edu/auth",
            token_url="https://lms.example.edu/token",
            jwks_url="https://lms.example.edu/jwks",
        )
    )
    yield SqlInstallStore(engines)


def an_invite(**changes: object) -> Invite:
    """Return an invite of two days."""
    values: dict[str, object] = {
        "code_hash": "code",
        "site_id": SITE,
        "made_by": None,
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=48),
    }
    return Invite(**{**values, **changes})  # type: ignore[arg-type]


def a_note(minutes: int, outcome: str = OPENED) -> LaunchNote:
    """Return a note some minutes from now."""
    return LaunchNote(
        id=new_uuid7(),
        registration_id=REGISTRATION,
        deployment_id="1:a",
        at=NOW + timedelta(minutes=minutes),
        outcome=outcome,
        reference="" if outcome == OPENED else "ABCD2345",
    )


def test_an_invite_is_taken_once(store: InstallStore) -> None:
    """Looking does not use it up, taking does."""
    made = an_invite(made_by=AdultId(UUID(int=3)))
    store.add_invite(made)

    assert made == store.invite("code", at=NOW)
    assert made == store.take_invite("code", at=NOW)
    assert store.take_invite("code", at=NOW) is None
    assert store.invite("code", at=NOW) is None


def test_an_old_invite_is_none(store: InstallStore) -> None:
    """From its end on it is neither shown nor taken, and the next one made takes its place."""
    store.add_invite(an_invite())
    later = NOW + timedelta(hours=48)

    assert store.invite("code", at=later) is None
    store.add_invite(an_invite(code_hash="next", created_at=later, expires_at=later + timedelta(hours=1)))
    assert store.invite("code", at=NOW) is None
    assert store.invite("next", at=later) is not None
    store.add_invite(an_invite())
    assert store.take_invite("code", at=later) is None


def test_of_many_takers_one_gets_the_invite(store: InstallStore) -> None:
    """Two platforms cannot connect with one link."""
    store.add_invite(an_invite())
    got: list[Invite] = []

    def take() -> None:
        found = store.take_invite("code", at=NOW)
        if found is not None:
            got.append(found)

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [an_invite()] == got


def test_an_installation_is_kept_and_replaced(store: InstallStore) -> None:
    """Everything comes back as it was written; the same registration again replaces it."""
    first = Installation(
        registration_id=REGISTRATION,
        site_id=SITE,
        product="canvas",
        name="Practice Canvas",
        frames=("https://*.example.edu", "https://lms.example.edu"),
        created_at=NOW,
        claim_until=NOW + timedelta(days=7),
    )
    store.save_installation(first)
    assert first == store.installation(REGISTRATION)

    claimed = Installation(
        registration_id=REGISTRATION, site_id=SITE, product="", name="", frames=(), created_at=NOW
    )
    store.save_installation(claimed)
    assert (claimed,) == tuple(store.installations())
    assert store.installation(UUID(int=99)) is None


def test_the_newest_launches_come_first_and_are_bounded(store: InstallStore) -> None:
    """A platform that sends nonsense all day fills no disk."""
    for minute in range(MOST_NOTES + 5):
        store.note_launch(a_note(minute, "nonce" if minute % 2 else OPENED))

    newest = store.launch_notes(REGISTRATION, limit=3)
    everything = store.launch_notes(REGISTRATION, limit=10_000)

    assert [a.at for a in newest] == [NOW + timedelta(minutes=MOST_NOTES + 4 - n) for n in range(3)]
    assert MOST_NOTES == len(everything)
    assert {"", "ABCD2345"} == {note.reference for note in everything}
    assert () == tuple(store.launch_notes(UUID(int=99), limit=5))


def test_only_a_registration_that_opened_nothing_is_removed(engines: Engines, vault: Vault) -> None:
    """On both databases: all that hangs on it goes, and one that leads to a site stays."""
    doors, store = SqlDoorStore(engines, vault), SqlInstallStore(engines)
    doors.add_site(Site(id=SITE, name="Cedar Hollow", zone="America/Chicago"))
    made = {}
    for number, site_id in ((1, None), (2, SITE)):
        made[number] = UUID(int=number)
        doors.save_registration(
            Registration(
                id=made[number],
                issuer="https://lms.example.edu",
                client_id=str(number),
                auth_url="https://lms.example.edu/auth",
                token_url="https://lms.example.edu/token",
                jwks_url="https://lms.example.edu/jwks",
            )
        )
        doors.save_deployment(
            Deployment(
                registration_id=made[number],
                deployment_id="1:a",
                state=DeploymentState.PENDING if site_id is None else DeploymentState.DISABLED,
                site_id=site_id,
            )
        )
        store.note_launch(replace(a_note(number), registration_id=made[number]))

    assert [True, False, False] == [store.remove_unused(one) for one in (made[1], made[2], UUID(int=99))]
    assert [made[2]] == [one.id for one in doors.registrations()]
    assert () == tuple(store.launch_notes(made[1], limit=5))
