"""Secrets at rest: ciphertext in the file, readable again, and sealed anew when keys are rotated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from iepcore.errors import IepError
from iepcore.ids import AdultId, SiteId, new_uuid7
from lti_app.doors.records import ApiClient, ApiGrant, Registration, Site, ToolKey
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.rotation import reseal_all
from lti_app.storage.schema import metadata
from lti_app.storage.vault import Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SITE = Site(id=SiteId(new_uuid7()), name="A school", zone="UTC")
PLATFORM = Registration(
    id=new_uuid7(),
    issuer="https://platform.example",
    client_id="1",
    auth_url="https://platform.example/auth",
    token_url="https://platform.example/token",
    jwks_url="https://platform.example/jwks",
)
KEY = ToolKey(kid="k", private_pem="PLAIN-pem", public_jwk="{}", created_at=NOW)
CLIENT = ApiClient(
    registration_id=PLATFORM.id, base_url="https://lms.example", client_id="7", client_secret="PLAIN-client"
)
GRANT = ApiGrant(
    site_id=SITE.id,
    registration_id=PLATFORM.id,
    adult_id=AdultId(new_uuid7()),
    access_token="PLAIN-access",
    refresh_token="PLAIN-refresh",
    expires_at=NOW,
    platform_user_id="12",
)


@pytest.fixture
def filled(engines: Engines) -> Engines:
    """A database with every kind of secret, sealed with the old key."""
    doors = SqlDoorStore(engines, Vault([OLD]))
    doors.add_site(SITE)
    doors.save_registration(PLATFORM)
    doors.add_key(KEY)
    doors.save_api_client(CLIENT)
    doors.save_grant(GRANT)
    return engines


def test_no_secret_lies_in_the_database_as_it_is(filled: Engines) -> None:
    """Whoever reads every table finds no plain secret."""
    with filled.reading() as connection:
        cells = [
            str(cell)
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            for cell in row
        ]
    assert any("platform.example" in cell for cell in cells)
    assert not any("PLAIN" in cell for cell in cells)


def test_after_rotation_the_old_key_may_go(filled: Engines) -> None:
    """Four secrets are sealed again; the new key alone reads them all."""
    assert reseal_all(filled, Vault([NEW, OLD])) == 4
    doors = SqlDoorStore(filled, Vault([NEW]))
    assert ([KEY], CLIENT, GRANT) == (
        list(doors.keys(at=NOW)),
        doors.api_client(PLATFORM.id),
        doors.grant(SITE.id, GRANT.adult_id),
    )


def test_rotation_without_the_old_key_changes_nothing(filled: Engines) -> None:
    """A secret that cannot be opened stops the rotation; the old key still reads everything."""
    with pytest.raises(IepError, match="secret_unreadable"):
        reseal_all(filled, Vault([NEW]))
    assert SqlDoorStore(filled, Vault([OLD])).grant(SITE.id, GRANT.adult_id) == GRANT
