"""What is kept of a school's Google: choices, a sealed key, and the consents of its adults."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from iepcore.ids import AdultId, SiteId, new_uuid7
from lti_app.doors.google_access import GoogleAccess, GoogleConsent, GoogleUse
from lti_app.doors.records import Registration, Site
from lti_app.storage import google_tables as t
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.google_access import SqlGoogleStore
from lti_app.storage.rotation import reseal_all
from lti_app.storage.vault import Vault

SITE = SiteId(UUID(int=7))
CLIENT = UUID(int=11)
ADULT = AdultId(new_uuid7())
ACCESS = GoogleAccess(
    registration_id=CLIENT,
    uses=(GoogleUse.MAIL, GoogleUse.ROSTERS),
    service_key='{"private_key": "word of the key"}',
    subjects=("robin.price@school.example",),
)
CONSENT = GoogleConsent(
    site_id=SITE,
    adult_id=ADULT,
    registration_id=CLIENT,
    subject="110000000000000000001",
    email="jordan.lee@school.example",
    access_token="word of access",
    refresh_token="word of refresh",
    expires_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    scopes=("https://www.googleapis.com/auth/gmail.send",),
    domain="school.example",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engines(request: pytest.FixtureRequest, vault: Vault) -> Engines:
    """Each database with a site and a client to speak about."""
    found: Engines = request.getfixturevalue(f"{request.param}_engines")
    doors = SqlDoorStore(found, vault)
    doors.add_site(Site(id=SITE, name="Cedar Hollow", zone="America/Chicago"))
    address = "https://accounts.google.com"
    doors.save_registration(
        Registration(
            id=CLIENT, issuer=address, client_id="7", auth_url=address, token_url=address, jwks_url=address
        )
    )
    return found


def test_nothing_is_chosen_at_first(engines: Engines, vault: Vault) -> None:
    """No use, no key, nobody to act for, no consent."""
    store = SqlGoogleStore(engines, vault)

    assert GoogleAccess(registration_id=CLIENT) == store.google_access(CLIENT)
    assert store.google_consent(SITE, ADULT) is None


def test_what_was_kept_comes_back(engines: Engines, vault: Vault) -> None:
    """And the newer replaces the older."""
    store = SqlGoogleStore(engines, vault)
    store.save_google_access(replace(ACCESS, uses=()))
    store.save_google_access(ACCESS)
    store.save_google_consent(CONSENT)
    lost = replace(CONSENT, access_token="", refresh_token="", lost=True)
    assert CONSENT == store.google_consent(SITE, ADULT)
    store.save_google_consent(lost)

    assert ACCESS == store.google_access(CLIENT)
    assert lost == store.google_consent(SITE, ADULT)


def test_no_secret_lies_in_the_open(engines: Engines, vault: Vault) -> None:
    """Key and tokens are sealed, shown nowhere, and sealed again with a new key."""
    store = SqlGoogleStore(engines, vault)
    store.save_google_access(ACCESS)
    store.save_google_consent(CONSENT)

    with engines.reading() as connection:
        rows = [
            str(row)
            for table in (t.google_access, t.google_consent)
            for row in connection.execute(sa.select(table)).all()
        ]
    assert "word of" not in " ".join(rows)
    assert "word of" not in f"{ACCESS!r} {CONSENT!r}"
    assert "jordan.lee" not in repr(CONSENT)
    assert 3 <= reseal_all(engines, vault)
    assert ACCESS == store.google_access(CLIENT)
