"""The doors' store in SQL: each call one short transaction, single-use things go by DELETE .. RETURNING."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from iepcore.ids import AdultId, SiteId
from iepcore.plan import ReportCodes
from lti_app.doors.records import (
    CANVAS,
    GOOGLE,
    ApiClient,
    ApiGrant,
    Deployment,
    DeploymentState,
    GrantState,
    KeySet,
    LaunchState,
    Login,
    NoticeLink,
    Registration,
    Site,
    ToolKey,
    WebSession,
)
from lti_app.storage import door_tables as t
from lti_app.storage.engine import Engines
from lti_app.storage.login_rows import (
    LOGIN,
    NOTHING_YET,
    SESSION,
    TAKE_LOGIN,
    USE_LOGIN,
    deployment_of,
    login_of,
    session_of,
    session_row,
    state_of,
    state_row,
)
from lti_app.storage.prepared import Prepared, insert_into, select_by
from lti_app.storage.rows import fetch, fetch_one, insert, upsert
from lti_app.storage.vault import Vault

Row: TypeAlias = RowMapping | dict[str, Any]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _site(row: Row) -> Site:
    return Site(**{**row, "report_codes": ReportCodes.of(row["report_codes"])})


_BOOT = Path("/proc/sys/kernel/random/boot_id")

# What every launch asks, compiled once.
_SITE = select_by(t.site, "id")
_REGISTRATION = select_by(t.registration, "id")
_DEPLOYMENT = select_by(t.deployment, "registration_id", "deployment_id")
_ADD_VISIT = insert_into(t.visit)


def this_boot() -> str | None:
    """Return what Linux calls this start of the machine, containers included; None where it says nothing."""
    try:
        return _BOOT.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeError):
        return None


class SqlDoorStore:
    """``DoorStore`` over SQLite or PostgreSQL. Raises ``Busy`` when the database cannot answer or write."""

    def __init__(self, engines: Engines, vault: Vault) -> None:
        self._engines = engines
        self._vault = vault
        self._boot = this_boot() if engines.dialect == "sqlite" else None

    # the shapes every call below has
    def _one(self, statement: sa.Select[Any]) -> RowMapping | None:
        with self._engines.reading() as connection:
            return fetch_one(connection, statement)

    def _find(self, sentence: Prepared, **values: object) -> dict[str, Any] | None:
        with self._engines.bare_reading() as bare:
            return sentence.first(bare, values)

    def _all(self, statement: sa.Select[Any]) -> list[RowMapping]:
        with self._engines.reading() as connection:
            return fetch(connection, statement)

    def _add(self, table: sa.Table, row: dict[str, Any]) -> None:
        with self._engines.writing() as connection:
            insert(connection, table, row)

    def _save(self, table: sa.Table, row: dict[str, Any]) -> None:
        with self._engines.writing() as connection:
            upsert(connection, table, row)

    def _take(self, table: sa.Table, state_hash: str) -> RowMapping | None:
        with self._engines.writing() as connection:
            return fetch_one(
                connection, sa.delete(table).where(table.c.state_hash == state_hash).returning(*table.c)
            )

    def _change(self, table: sa.Table, where: Sequence[sa.ColumnElement[bool]], **values: object) -> int:
        with self._engines.writing() as connection:
            return connection.execute(sa.update(table).where(*where).values(**values)).rowcount

    # sites
    def add_site(self, site: Site) -> None:
        codes = {word: code for word, code in asdict(site.report_codes).items() if code}
        self._save(t.site, {**asdict(site), "report_codes": codes})

    def site(self, site_id: SiteId) -> Site | None:
        row = self._find(_SITE, id=site_id)
        return _site(row) if row else None

    def sites(self) -> Sequence[Site]:
        return tuple(_site(row) for row in self._all(sa.select(t.site).order_by(t.site.c.id)))

    # registrations
    def save_registration(self, registration: Registration) -> None:
        self._save(t.registration, asdict(registration))

    def registration(self, registration_id: UUID) -> Registration | None:
        row = self._find(_REGISTRATION, id=registration_id)
        return Registration(**row) if row else None

    def registrations_of(self, issuer: str, client_id: str | None) -> Sequence[Registration]:
        statement = sa.select(t.registration).where(t.registration.c.issuer == issuer)
        if client_id is not None:
            statement = statement.where(t.registration.c.client_id == client_id)
        return tuple(Registration(**row) for row in self._all(statement.order_by(t.registration.c.id)))

    def registrations(self) -> Sequence[Registration]:
        return tuple(
            Registration(**row) for row in self._all(sa.select(t.registration).order_by(t.registration.c.id))
        )

    def save_deployment(self, deployment: Deployment) -> None:
        self._save(t.deployment, {**asdict(deployment), "state": deployment.state.value})

    def deployment(self, registration_id: UUID, deployment_id: str) -> Deployment | None:
        row = self._find(_DEPLOYMENT, registration_id=registration_id, deployment_id=deployment_id)
        return deployment_of(row) if row else None

    def deployments(self) -> Sequence[Deployment]:
        order = (t.deployment.c.registration_id, t.deployment.c.deployment_id)
        return tuple(deployment_of(row) for row in self._all(sa.select(t.deployment).order_by(*order)))

    def frame_ancestors(self) -> Sequence[str]:
        columns = (t.registration.c.issuer, t.registration.c.auth_url)
        google = sa.select(t.api_client.c.registration_id).where(t.api_client.c.kind == GOOGLE)
        live = t.registration.c.enabled.is_(True), t.registration.c.id.not_in(google)
        rows = self._all(sa.select(*columns).where(*live))
        return tuple(sorted({_origin(url) for row in rows for url in row.values()}))

    # our own keys
    def add_key(self, key: ToolKey) -> None:
        self._save(t.tool_key, {**asdict(key), "private_pem": self._vault.seal(key.private_pem)})

    def keys(self, *, at: datetime) -> Sequence[ToolKey]:
        k = t.tool_key.c
        statement = sa.select(t.tool_key).where(sa.or_(k.expires_at.is_(None), k.expires_at > at))
        rows = self._all(statement.order_by(k.created_at.desc(), k.kid))
        return tuple(ToolKey(**{**row, "private_pem": self._vault.open(row["private_pem"])}) for row in rows)

    # platforms' keys
    def save_key_set(self, key_set: KeySet) -> None:
        with self._engines.writing(light=True) as connection:
            upsert(connection, t.platform_key_set, asdict(key_set))

    def key_set(self, url: str) -> KeySet | None:
        row = self._one(sa.select(t.platform_key_set).where(t.platform_key_set.c.url == url))
        return KeySet(**row) if row else None

    # launches
    def add_launch_state(self, state: LaunchState) -> None:
        row = state_row(state, self.key_of(state.state_hash))
        with self._engines.bare_sentence(light=True) as bare:  # lost, it is only a login to be done again
            _ADD_VISIT.rows(bare, row)

    def login(self, state_hash: str, deployment_id: str, *, at: datetime) -> Login | None:
        asked = {"of_key": self.key_of(state_hash), "deployment_id": deployment_id}
        with self._engines.bare_reading(light=True) as bare:
            rows = LOGIN.rows(bare, asked)
        if not rows:
            return None
        login = login_of(rows[0], state_hash)
        return login if login.state.expires_at > at else None

    def take_launch_state(self, state_hash: str, *, at: datetime) -> LaunchState | None:
        key = self.key_of(state_hash)
        with self._engines.bare_sentence(light=key != state_hash) as bare:
            rows = TAKE_LOGIN.rows(bare, {"of_key": key})
        state = state_of(rows[0], state_hash) if rows else None
        return state if state is not None and state.expires_at > at else None

    def key_of(self, state_hash: str) -> str:
        """Return the key of a login, which on SQLite is good until the machine starts again.

        So taking one need not wait for the disk: a power cut may bring a used one back, but nobody finds it.
        Other processes on this machine do. Where the system does not tell its boots apart, and on a server
        that several machines share, the key is the hash itself and taking it is durable.
        """
        if self._boot is None:
            return state_hash
        return sha256(f"{self._boot}:{state_hash}".encode()).hexdigest()

    # sessions
    def open_session(self, session: WebSession, *, using: str | None = None) -> bool:
        row = session_row(session)
        # Lost, it is only a launch to be done again. A login used up must not come back, though.
        with self._engines.bare_sentence(light=using is None or session.key != using) as bare:
            if using is not None:
                return USE_LOGIN.changed(bare, {**row, "of_key": session.key}) == 1
            _ADD_VISIT.rows(bare, {**NOTHING_YET, **row})
        return True

    def session(self, key: str) -> WebSession | None:
        with self._engines.bare_reading() as bare:
            rows = SESSION.rows(bare, {"key": key})
        return session_of(rows[0]) if rows else None

    def touch_session(self, key: str, *, seen_at: datetime, idle_until: datetime) -> None:
        where = (t.visit.c.key == key,)
        self._change(t.visit, where, seen_at=seen_at, idle_until=idle_until)

    def bind_adult(self, key: str, adult_id: AdultId) -> None:
        self._change(t.visit, (t.visit.c.key == key,), adult_id=adult_id)

    def revoke_session(self, key: str, *, at: datetime) -> None:
        where = (t.visit.c.key == key, t.visit.c.revoked_at.is_(None))
        self._change(t.visit, where, revoked_at=at)

    def revoke_sessions_of(self, site_id: SiteId, adult_id: AdultId, *, at: datetime) -> int:
        s = t.visit.c
        where = (s.site_id == site_id, s.adult_id == adult_id, s.revoked_at.is_(None))
        return self._change(t.visit, where, revoked_at=at)

    def renew_session(self, key: str, *, token_hash: str) -> None:
        self._change(t.visit, (t.visit.c.key == key,), token_hash=token_hash)

    # Canvas grants
    def save_api_client(self, client: ApiClient) -> None:
        self._save(t.api_client, {**asdict(client), "client_secret": self._vault.seal(client.client_secret)})

    def _api_client(self, row: RowMapping | None) -> ApiClient | None:
        return ApiClient(**{**row, "client_secret": self._vault.open(row["client_secret"])}) if row else None

    def api_client(self, registration_id: UUID) -> ApiClient | None:
        return self._api_client(
            self._one(sa.select(t.api_client).where(t.api_client.c.registration_id == registration_id))
        )

    def api_client_of_site(self, site_id: SiteId, kind: str = CANVAS) -> ApiClient | None:
        d, c = t.deployment.c, t.api_client.c
        mapped = sa.select(d.registration_id).where(
            d.site_id == site_id, d.state == DeploymentState.ACTIVE.value
        )
        statement = (
            sa.select(t.api_client)
            .where(c.registration_id.in_(mapped), c.kind == kind)
            .order_by(c.registration_id)
            .limit(1)
        )
        return self._api_client(self._one(statement))

    def save_grant(self, grant: ApiGrant) -> None:
        sealed = {name: self._vault.seal(getattr(grant, name)) for name in ("access_token", "refresh_token")}
        self._save(t.api_grant, {**asdict(grant), **sealed})

    def grant(self, site_id: SiteId, adult_id: AdultId) -> ApiGrant | None:
        g = t.api_grant.c
        row = self._one(sa.select(t.api_grant).where(g.site_id == site_id, g.adult_id == adult_id))
        if row is None:
            return None
        opened = {name: self._vault.open(row[name]) for name in ("access_token", "refresh_token")}
        return ApiGrant(**{**row, **opened})

    def add_grant_state(self, state: GrantState) -> None:
        self._add(t.grant_state, asdict(state))

    def take_grant_state(self, state_hash: str, *, at: datetime) -> GrantState | None:
        row = self._take(t.grant_state, state_hash)
        return GrantState(**row) if row and row["expires_at"] > at else None

    # notice links
    def add_notice_link(self, link: NoticeLink) -> None:
        self._save(t.notice_link, asdict(link))

    def notice_link(self, link_hash: str, *, at: datetime) -> NoticeLink | None:
        n = t.notice_link.c
        row = self._one(sa.select(t.notice_link).where(n.link_hash == link_hash, n.expires_at > at))
        return NoticeLink(**row) if row else None

    # housekeeping
    def sweep(self, *, at: datetime) -> int:
        v = t.visit.c
        dead = (
            (t.grant_state, t.grant_state.c.expires_at <= at),
            (t.notice_link, t.notice_link.c.expires_at <= at),
            (t.visit, sa.or_(v.ends_at <= at, v.idle_until <= at)),
        )
        with self._engines.writing() as connection:
            return sum(connection.execute(sa.delete(table).where(gone)).rowcount for table, gone in dead)
