"""Login: the first step of a launch. State, nonce, registration and target become one single-use record.

LTI security framework 5.1.1, OpenID Connect third-party initiated login. The authorization request is
composed by pylti1p3; what it gets wrong is closed here: 256-bit random state and nonce, target required and
ours, one client only, an authorization URL that already has a query, and our own partitioned cookie instead
of its two.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

from flask import request
from pylti1p3.contrib.flask.oidc_login import FlaskOIDCLogin
from pylti1p3.contrib.flask.request import FlaskRequest
from pylti1p3.cookie import CookieService
from pylti1p3.registration import Registration as LibRegistration
from pylti1p3.session import SessionService
from typing_extensions import override

from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.toolconf import StoredToolConf, as_library
from lti_app.doors.parts import Parts
from lti_app.doors.records import LaunchState, Registration
from lti_app.session.tokens import hash_of

STATE_FOR = timedelta(minutes=10)
LOGIN_PATH = "/lti/login"
LAUNCH_PATH = "/lti/launch"
LOGIN_PARAMETERS = (
    "iss",
    "login_hint",
    "target_link_uri",
    "lti_message_hint",
    "client_id",
    "lti_deployment_id",
    "deployment_id",
)
_LONGEST = 8000
_FRAME_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,100}")
_UNSAFE = re.compile(r"[\x00-\x20\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A login under way: where the browser goes next and what it must be able to show when it comes back."""

    auth_url: str
    state: str
    proof: str
    storage_target: str | None


class StateCookies(CookieService):
    """The cookie that ties one login to one browser: one per state, so that parallel logins do not meet.

    ``__Host-`` fixes origin and path; ``Partitioned`` keeps it inside this LMS where third-party cookies are
    blocked.
    """

    @override
    def get_cookie(self, name: str) -> str | None:
        return request.cookies.get(cookie_name(name))

    @override
    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Nothing: the login route sets ours when the record is stored."""


class UnusedSession(SessionService):
    """Stands where the library keeps nonces and launches in the browser's session; we keep one record on the
    server.
    """

    def __init__(self) -> None:
        """Do not build the library's session storage."""

    @override
    def save_nonce(self, nonce: str) -> None:
        """Nothing: the nonce is in the record."""


class StrictLogin(FlaskOIDCLogin):
    """The library's login with its gaps closed. ``start`` is the only call from outside."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._conf = StoredToolConf(parts.doors)
        self._nonce = secrets.token_urlsafe(32)
        self._state = secrets.token_urlsafe(32)
        super().__init__(  # type: ignore[no-untyped-call]
            FlaskRequest(session={}),  # type: ignore[no-untyped-call]
            self._conf,
            session_service=UnusedSession(),
            cookie_service=StateCookies(),
        )

    def start(self) -> Login:
        """Check the request, keep the record, and return where to go.

        Raises:
            LaunchRefused: with the reason.
        """
        url = self._prepare_redirect_url(self._parts.settings.url(LAUNCH_PATH))
        now = self._parts.clock()
        state = url_parameter_state(self._state)
        target = self._parameter("lti_storage_target")
        storage_target = target if target and _FRAME_NAME.fullmatch(target) else None
        again = _login_query()
        self._parts.doors.add_launch_state(
            LaunchState(
                state_hash=hash_of(state),
                nonce=self._nonce,
                registration_id=self._found.id,
                target_link_uri=self._parameter("target_link_uri"),
                storage_target=storage_target,
                created_at=now,
                expires_at=now + STATE_FOR,
                again=again if len(again) <= _LONGEST else None,
            )
        )
        return Login(
            auth_url=url, state=state, proof=self._parts.seal.proof(state), storage_target=storage_target
        )

    @override
    def validate_oidc_login(self) -> LibRegistration:
        for name in ("iss", "login_hint", "target_link_uri"):
            if not self._parameter(name):
                raise LaunchRefused(f"login_missing:{name}")
        if any(len(self._parameter(name)) > _LONGEST for name in LOGIN_PARAMETERS):
            raise LaunchRefused("login_too_long")
        if own_path(self._parameter("target_link_uri"), self._parts.settings.public_url) is None:
            raise LaunchRefused("login_foreign_target")
        self._found = self._registration_asked()
        return as_library(self._found)

    def _registration_asked(self) -> Registration:
        deployment_id = self._parameter("lti_deployment_id") or self._parameter("deployment_id")
        found = self._conf.registered(
            self._parameter("iss"), self._parameter("client_id") or None, deployment_id or None
        )
        if found is None:
            raise LaunchRefused("login_unknown_platform", page="unknown_platform")
        return found

    def _parameter(self, name: str) -> str:
        return str(self._get_request_param(name) or "")

    @override
    def _get_uuid(self) -> str:
        return self._state

    @override
    def _generate_nonce(self) -> str:
        return self._nonce

    @override
    def _prepare_redirect_url(self, launch_url: str) -> str:
        composed = super()._prepare_redirect_url(launch_url)
        base = self._found.auth_url
        query = composed[len(base) + 1 :]
        separator = "?" if "?" not in base else "" if base.endswith(("?", "&")) else "&"
        return base + separator + query


def url_parameter_state(random_part: str) -> str:
    """Return the state as the library writes it into the authorization request."""
    return "state-" + random_part


def cookie_name(state: str) -> str:
    """Return the name of the cookie that belongs to ``state``."""
    return cookie_of(hash_of(state))


def cookie_of(state_hash: str) -> str:
    """Return the name of the cookie that belongs to the state behind a hash."""
    return "__Host-door-" + state_hash[:16]


@lru_cache(maxsize=256)  # a platform launches into the same few places
def own_path(url: str, public_url: str) -> str | None:
    """Return path and query of ``url`` when it is under our own origin, else None."""
    if _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
    except ValueError:
        return None
    if origin != public_url or "@" in parts.netloc:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def same_login_in_a_window() -> str:
    """Return the path that starts this login again; opened in its own window, where our cookies are first-
    party.
    """
    return LOGIN_PATH + "?" + _login_query()


def _login_query() -> str:
    given = {name: request.values[name] for name in LOGIN_PARAMETERS if request.values.get(name)}
    return urlencode(given)
