# ruff: noqa: D102  (the Protocol says what each call means)
"""MemoryDoorStore: the reference implementation of ``DoorStore``, for tests and for reading what each call
means.

One lock makes every call one short transaction, so that "exactly one caller gets it" holds for threads too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock
from urllib.parse import urlsplit
from uuid import UUID

from iepcore.ids import AdultId, SiteId
from lti_app.doors.records import (
    CANVAS,
    GOOGLE,
    ApiClient,
    ApiGrant,
    Deployment,
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


class MemoryDoorStore:
    """A ``DoorStore`` that forgets everything when the process ends."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._sites: dict[SiteId, Site] = {}
        self._registrations: dict[UUID, Registration] = {}
        self._deployments: dict[tuple[UUID, str], Deployment] = {}
        self._keys: dict[str, ToolKey] = {}
        self._key_sets: dict[str, KeySet] = {}
        self._launch_states: dict[str, LaunchState] = {}
        self._sessions: dict[str, WebSession] = {}
        self._api_clients: dict[UUID, ApiClient] = {}
        self._grants: dict[tuple[SiteId, AdultId], ApiGrant] = {}
        self._grant_states: dict[str, GrantState] = {}
        self._links: dict[str, NoticeLink] = {}

    # sites
    def add_site(self, site: Site) -> None:
        self._sites[site.id] = site

    def site(self, site_id: SiteId) -> Site | None:
        return self._sites.get(site_id)

    def sites(self) -> Sequence[Site]:
        return tuple(self._sites.values())

    # registrations
    def save_registration(self, registration: Registration) -> None:
        self._registrations[registration.id] = registration

    def registration(self, registration_id: UUID) -> Registration | None:
        return self._registrations.get(registration_id)

    def registrations_of(self, issuer: str, client_id: str | None) -> Sequence[Registration]:
        return tuple(
            one
            for one in self._registrations.values()
            if one.issuer == issuer and client_id in (None, one.client_id)
        )

    def registrations(self) -> Sequence[Registration]:
        return tuple(self._registrations.values())

    def save_deployment(self, deployment: Deployment) -> None:
        self._deployments[deployment.registration_id, deployment.deployment_id] = deployment

    def deployment(self, registration_id: UUID, deployment_id: str) -> Deployment | None:
        return self._deployments.get((registration_id, deployment_id))

    def deployments(self) -> Sequence[Deployment]:
        return tuple(self._deployments.values())

    def frame_ancestors(self) -> Sequence[str]:
        origins: dict[str, None] = {}
        for one in self._registrations.values():
            key = self._api_clients.get(one.id)
            if one.enabled and (key is None or key.kind != GOOGLE):
                for url in (one.issuer, one.auth_url):
                    parts = urlsplit(url)
                    origins[f"{parts.scheme}://{parts.netloc}"] = None
        return tuple(origins)

    # our own keys
    def add_key(self, key: ToolKey) -> None:
        self._keys[key.kid] = key

    def keys(self, *, at: datetime) -> Sequence[ToolKey]:
        live = [key for key in self._keys.values() if key.expires_at is None or key.expires_at > at]
        return tuple(sorted(live, key=lambda key: key.created_at, reverse=True))

    # platforms' keys
    def save_key_set(self, key_set: KeySet) -> None:
        self._key_sets[key_set.url] = key_set

    def key_set(self, url: str) -> KeySet | None:
        return self._key_sets.get(url)

    # launches
    def key_of(self, state_hash: str) -> str:
        return state_hash

    def add_launch_state(self, state: LaunchState) -> None:
        with self._lock:
            self._launch_states[state.state_hash] = state

    def login(self, state_hash: str, deployment_id: str, *, at: datetime) -> Login | None:
        with self._lock:
            state = self._launch_states.get(state_hash)
        registration = None if state is None else self.registration(state.registration_id)
        if state is None or registration is None or state.expires_at <= at:
            return None
        deployment = self.deployment(registration.id, deployment_id)
        return Login(state=state, registration=registration, deployment=deployment)

    def take_launch_state(self, state_hash: str, *, at: datetime) -> LaunchState | None:
        with self._lock:
            state = self._launch_states.pop(state_hash, None)
        return state if state is not None and state.expires_at > at else None

    # sessions
    def open_session(self, session: WebSession, *, using: str | None = None) -> bool:
        with self._lock:
            if using is not None and self._launch_states.pop(using, None) is None:
                return False
            self._sessions[session.key] = session
        return True

    def session(self, key: str) -> WebSession | None:
        return self._sessions.get(key)

    def touch_session(self, key: str, *, seen_at: datetime, idle_until: datetime) -> None:
        with self._lock:
            if (session := self._sessions.get(key)) is not None:
                self._sessions[key] = replace(session, seen_at=seen_at, idle_until=idle_until)

    def bind_adult(self, key: str, adult_id: AdultId) -> None:
        with self._lock:
            if (session := self._sessions.get(key)) is not None:
                self._sessions[key] = replace(session, adult_id=adult_id)

    def revoke_session(self, key: str, *, at: datetime) -> None:
        with self._lock:
            session = self._sessions.get(key)
            if session is not None and session.revoked_at is None:
                self._sessions[key] = replace(session, revoked_at=at)

    def revoke_sessions_of(self, site_id: SiteId, adult_id: AdultId, *, at: datetime) -> int:
        with self._lock:
            theirs = [
                session
                for session in self._sessions.values()
                if session.site_id == site_id and session.adult_id == adult_id and session.revoked_at is None
            ]
            for session in theirs:
                self._sessions[session.key] = replace(session, revoked_at=at)
        return len(theirs)

    def renew_session(self, key: str, *, token_hash: str) -> None:
        with self._lock:
            if (session := self._sessions.get(key)) is not None:
                self._sessions[key] = replace(session, token_hash=token_hash)

    # Canvas grants
    def save_api_client(self, client: ApiClient) -> None:
        self._api_clients[client.registration_id] = client

    def api_client(self, registration_id: UUID) -> ApiClient | None:
        return self._api_clients.get(registration_id)

    def api_client_of_site(self, site_id: SiteId, kind: str = CANVAS) -> ApiClient | None:
        for deployment in self._deployments.values():
            client = self._api_clients.get(deployment.registration_id)
            if deployment.site_id == site_id and client is not None and client.kind == kind:
                return client
        return None

    def save_grant(self, grant: ApiGrant) -> None:
        self._grants[grant.site_id, grant.adult_id] = grant

    def grant(self, site_id: SiteId, adult_id: AdultId) -> ApiGrant | None:
        return self._grants.get((site_id, adult_id))

    def add_grant_state(self, state: GrantState) -> None:
        with self._lock:
            self._grant_states[state.state_hash] = state

    def take_grant_state(self, state_hash: str, *, at: datetime) -> GrantState | None:
        with self._lock:
            state = self._grant_states.pop(state_hash, None)
        return state if state is not None and state.expires_at > at else None

    # notice links
    def add_notice_link(self, link: NoticeLink) -> None:
        self._links[link.link_hash] = link

    def notice_link(self, link_hash: str, *, at: datetime) -> NoticeLink | None:
        link = self._links.get(link_hash)
        return link if link is not None and link.expires_at > at else None

    # housekeeping
    def sweep(self, *, at: datetime) -> int:
        with self._lock:
            before = self._perishable()
            self._launch_states = {k: v for k, v in self._launch_states.items() if v.expires_at > at}
            self._sessions = {k: v for k, v in self._sessions.items() if v.ends_at > at}
            self._grant_states = {k: v for k, v in self._grant_states.items() if v.expires_at > at}
            self._links = {k: v for k, v in self._links.items() if v.expires_at > at}
            return before - self._perishable()

    def _perishable(self) -> int:
        kept = (self._launch_states, self._sessions, self._grant_states, self._links)
        return sum(len(rows) for rows in kept)
