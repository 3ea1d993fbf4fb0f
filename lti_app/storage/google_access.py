"""Google access and consents in SQL; every secret through the vault."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa

from iepcore.ids import AdultId, SiteId
from lti_app.doors.google_access import GoogleAccess, GoogleConsent, GoogleUse
from lti_app.storage import google_tables as t
from lti_app.storage.engine import Engines
from lti_app.storage.rows import fetch_one, upsert
from lti_app.storage.vault import Vault

_TOKENS = ("access_token", "refresh_token")


class SqlGoogleStore:
    """``GoogleAccessStore`` over SQLite or PostgreSQL. Raises ``Busy`` when the database cannot answer."""

    def __init__(self, engines: Engines, vault: Vault) -> None:
        self._engines = engines
        self._vault = vault

    def save_google_access(self, access: GoogleAccess) -> None:
        row = {
            "registration_id": access.registration_id,
            "uses": [use.value for use in access.uses],
            "service_key": self._vault.seal(access.service_key),
            "subjects": list(access.subjects),
        }
        with self._engines.writing() as connection:
            upsert(connection, t.google_access, row)

    def google_access(self, registration_id: UUID) -> GoogleAccess:
        column = t.google_access.c
        with self._engines.reading() as connection:
            row = fetch_one(
                connection, sa.select(t.google_access).where(column.registration_id == registration_id)
            )
        if row is None:
            return GoogleAccess(registration_id=registration_id)
        return GoogleAccess(
            registration_id=registration_id,
            uses=tuple(GoogleUse(word) for word in row["uses"]),
            service_key=self._vault.open(row["service_key"]),
            subjects=tuple(row["subjects"]),
        )

    def save_google_consent(self, consent: GoogleConsent) -> None:
        sealed = {name: self._vault.seal(getattr(consent, name)) for name in _TOKENS}
        row = {**asdict(consent), "scopes": list(consent.scopes), **sealed}
        with self._engines.writing() as connection:
            upsert(connection, t.google_consent, row)

    def google_consent(self, site_id: SiteId, adult_id: AdultId) -> GoogleConsent | None:
        column = t.google_consent.c
        statement = sa.select(t.google_consent).where(column.site_id == site_id, column.adult_id == adult_id)
        with self._engines.reading() as connection:
            row = fetch_one(connection, statement)
        if row is None:
            return None
        opened = {name: self._vault.open(row[name]) for name in _TOKENS}
        return GoogleConsent(**{**row, "scopes": tuple(row["scopes"]), **opened})
