"""What the doors remember, and the one store that keeps it: sites, registrations, keys, launch states,
sessions.

``DoorStore`` is the only store not bound to a site, because a launch must find its site first. It holds no
child's data: subjects and adult ids only. Its SQL face is ``lti_app.storage.door``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from iepcore.ids import AdultId, SiteId
from iepcore.plan import ReportCodes
from lti_app.doors.launch_offers import NOTHING, Offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One school organisation: the tenant. ``zone`` is an IANA name; ``phone`` the number families know;
    ``report_codes`` what its report cards print for the words of a finding; ``gradebook_words`` whether its
    teachers may let a neutral word travel to a gradebook."""

    id: SiteId
    name: str
    zone: str
    phone: str = ""
    lms_name: str = ""
    lms_url: str = ""
    report_codes: ReportCodes = field(default_factory=ReportCodes)
    gradebook_words: bool = False


CANVAS, GOOGLE = "canvas", "google"
"""Whose API a key is for."""


class DeploymentState(StrEnum):
    """Whether a deployment may launch: approved and mapped, still waiting, or turned off."""

    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One (issuer, client id) pair as the platform's administrator gave it. URLs are used as written."""

    id: UUID
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    auth_audience: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment of a registration, mapped to exactly one site once it is active; ``site_id`` None =
    pending.
    """

    registration_id: UUID
    deployment_id: str
    state: DeploymentState
    site_id: SiteId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolKey:
    """One of our own RSA key pairs. The private half is encrypted at rest; ``kid`` is the RFC 7638
    thumbprint.
    """

    kid: str
    private_pem: str
    public_jwk: str
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """The last good key set of a platform: the document as JSON, when it came and how long it is fresh."""

    url: str
    document: str
    fetched_at: datetime
    fresh_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchState:
    """One login in flight: state, nonce, registration and target bound together, used once, at most 10
    minutes.

    ``state_hash`` is SHA-256 of the state. The proof that ties it to a browser is derived from the state
    under our key (``lti_app.doors.seal``), so nothing of it is kept here. ``again`` is the query that starts
    the same login once more, for a browser that works only in a window of its own; None when there is none.
    """

    state_hash: str
    nonce: str
    registration_id: UUID
    target_link_uri: str
    storage_target: str | None
    created_at: datetime
    expires_at: datetime
    again: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A login in flight, whose it is, and the deployment that was asked for, if there is one of that id."""

    state: LaunchState
    registration: Registration
    deployment: Deployment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """One bearer session. Only hashes of its secrets are kept; rights are read again at each request.

    ``key`` finds it and authorises nothing: the key of the login it came from, else the hash of its token.
    ``secret_hash`` and ``tab_hash`` are what a reload must show: the cookie or storage secret AND the tab's
    random key; empty, it cannot be resumed.
    ``adult_id`` None means: the platform vouched for a subject that no adult of the site belongs to yet.
    ``context`` is the LMS course of the launch (opaque id), ``roster_url`` its NRPS address if offered,
    ``offers`` what else came with the launch.
    """

    token_hash: str
    site_id: SiteId
    registration_id: UUID | None
    deployment_id: str | None
    door: str
    subject: str
    adult_id: AdultId | None
    family: bool
    context_id: str | None
    context_title: str | None
    roster_url: str | None
    launch_roles: tuple[str, ...]
    observees: tuple[str, ...]
    canvas_user_id: str | None
    display_name: str | None
    locale: str | None
    masquerade: bool
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    revoked_at: datetime | None = None
    offers: Offers = NOTHING
    key: str = ""
    secret_hash: str = ""
    tab_hash: str = ""

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", self.token_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """The school's API key at a platform, one per ``kind`` (``CANVAS``, ``GOOGLE``): it lets people grant us
    what is theirs there. The secret is encrypted at rest.
    """

    registration_id: UUID
    base_url: str
    client_id: str
    client_secret: str
    kind: str = CANVAS


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiGrant:
    """One adult's own grant to send Canvas conversations. Tokens are encrypted at rest."""

    site_id: SiteId
    registration_id: UUID
    adult_id: AdultId
    access_token: str
    refresh_token: str
    expires_at: datetime
    platform_user_id: str
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantState:
    """An authorisation pop-up in flight: the OAuth ``state`` (hash) bound to the session that opened it, by
    the session's key (``token_hash``).
    """

    state_hash: str
    registration_id: UUID
    site_id: SiteId
    adult_id: AdultId
    token_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLink:
    """``/n/<random>``: only the site is remembered (to show its LMS); never whose notice it is."""

    link_hash: str
    site_id: SiteId
    created_at: datetime
    expires_at: datetime


class DoorStore(Protocol):
    """The unbound store. Each call is one short transaction. Raises ``Busy`` when it cannot write."""

    # sites
    def add_site(self, site: Site) -> None: ...
    def site(self, site_id: SiteId) -> Site | None: ...
    def sites(self) -> Sequence[Site]: ...
    # registrations
    def save_registration(self, registration: Registration) -> None: ...
    def registration(self, registration_id: UUID) -> Registration | None: ...
    def registrations_of(self, issuer: str, client_id: str | None) -> Sequence[Registration]: ...
    def registrations(self) -> Sequence[Registration]: ...
    def save_deployment(self, deployment: Deployment) -> None: ...
    def deployment(self, registration_id: UUID, deployment_id: str) -> Deployment | None: ...
    def deployments(self) -> Sequence[Deployment]: ...
    def frame_ancestors(self) -> Sequence[str]:
        """Origins of enabled registrations (issuer and authorization endpoint), for ``frame-ancestors``.
        Google's accounts frame nobody; who may is named in its installation.
        """
        ...

    # our own keys
    def add_key(self, key: ToolKey) -> None: ...
    def keys(self, *, at: datetime) -> Sequence[ToolKey]:
        """Unexpired keys, newest first."""
        ...

    # platforms' keys
    def save_key_set(self, key_set: KeySet) -> None:
        """Keep the last good key set of an address. A power cut may take it."""
        ...

    def key_set(self, url: str) -> KeySet | None: ...

    # launches
    def key_of(self, state_hash: str) -> str:
        """Return the key of a login, which becomes the key of its session."""
        ...

    def add_launch_state(self, state: LaunchState) -> None: ...
    def login(self, state_hash: str, deployment_id: str, *, at: datetime) -> Login | None:
        """Return a login in flight, and leave it as it is. Expired ones are None."""
        ...

    def take_launch_state(self, state_hash: str, *, at: datetime) -> LaunchState | None:
        """Return the state and delete it, atomically: of many callers exactly one gets it. Expired ones are
        None.
        """
        ...

    # sessions
    def open_session(self, session: WebSession, *, using: str | None = None) -> bool:
        """Keep a session. A power cut may take it.

        ``using`` is the hash of a login that is used up by it (the session has its key): of many callers
        exactly one gets its session. False: it was used before, and nothing is kept.
        """
        ...

    def session(self, key: str) -> WebSession | None: ...
    def touch_session(self, key: str, *, seen_at: datetime, idle_until: datetime) -> None: ...
    def bind_adult(self, key: str, adult_id: AdultId) -> None: ...
    def revoke_session(self, key: str, *, at: datetime) -> None: ...
    def revoke_sessions_of(self, site_id: SiteId, adult_id: AdultId, *, at: datetime) -> int: ...
    def renew_session(self, key: str, *, token_hash: str) -> None:
        """Give a session another token; the one it had is good for nothing from now on."""
        ...

    # Canvas grants
    def save_api_client(self, client: ApiClient) -> None: ...
    def api_client(self, registration_id: UUID) -> ApiClient | None: ...
    def api_client_of_site(self, site_id: SiteId, kind: str = CANVAS) -> ApiClient | None:
        """Return the key of an active deployment of the site; a site may have Canvas and Google."""
        ...

    def save_grant(self, grant: ApiGrant) -> None: ...
    def grant(self, site_id: SiteId, adult_id: AdultId) -> ApiGrant | None: ...
    def add_grant_state(self, state: GrantState) -> None: ...
    def take_grant_state(self, state_hash: str, *, at: datetime) -> GrantState | None: ...
    # notice links
    def add_notice_link(self, link: NoticeLink) -> None:
        """Keep a link; the same one again (a delivery tried once more) replaces it."""
        ...

    def notice_link(self, link_hash: str, *, at: datetime) -> NoticeLink | None: ...
    # housekeeping
    def sweep(self, *, at: datetime) -> int:
        """Delete expired states, sessions and links; return how many rows went."""
        ...
