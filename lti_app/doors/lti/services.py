"""Platform services: access tokens by signed assertion, kept until they expire, and one careful way to read.

LTI security framework 4.1 (client credentials with a JWT assertion; ``deployment_id`` claim as core 6.2.1
asks). A token is asked for once per (client, deployment, scopes) and hour; a 401 costs one new token and one
more try.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from iepcore.errors import ConnectorError
from lti_app.doors.lti.claims import usable_service_url
from lti_app.doors.lti.id_token import LTI
from lti_app.doors.lti.keys import OwnKeys
from lti_app.doors.lti.platform_keys import USER_AGENT
from lti_app.doors.records import Registration

ASSERTION_FOR = timedelta(minutes=5)
RENEW_BEFORE = timedelta(seconds=60)
TIMEOUT_SECONDS = (5.0, 20.0)
DEADLINE_SECONDS = 60.0
LARGEST_BYTES = 8 * 1024 * 1024
TRIES = 3
_PASSING = frozenset({429, 502, 503, 504})


class ServiceRefused(ConnectorError):
    """The platform said no, and would say so again. ``params`` holds the HTTP status."""

    default_code = "platform_refused"


class ServiceSilent(ConnectorError):
    """The platform did not answer in time or not in a form we can read; a later try may work."""

    default_code = "platform_silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    value: str
    good_until: datetime


class PlatformServices:
    """Reads a platform's services for one registration and deployment at a time. Safe to share between
    threads.
    """

    def __init__(
        self,
        *,
        keys: OwnKeys,
        clock: Callable[[], datetime],
        http: requests.Session | None = None,
        pause: Callable[[float], None] = time.sleep,
        timeout_seconds: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._pause = pause
        self._timeout_seconds = timeout_seconds
        self._http = http or requests.Session()
        self._http.headers["User-Agent"] = USER_AGENT
        self._tokens: dict[tuple[UUID, str, str], _Token] = {}
        self._lock = Lock()

    def read(
        self, registration: Registration, deployment_id: str, url: str, *, scopes: Sequence[str], accept: str
    ) -> requests.Response:
        """GET ``url`` as JSON, with a token for ``scopes``; the body is read whole.

        Raises:
            ServiceRefused: 4xx, a token that is not given, or a scope that is not granted.
            ServiceSilent: time-outs, 5xx and 429 after ``TRIES``, an answer too large.
        """
        if usable_service_url(url) is None:
            raise ServiceRefused("platform_address")
        renewed = False
        for attempt in range(TRIES):
            token = self._token(registration, deployment_id, scopes)
            answer = self._get(url, {"Authorization": f"Bearer {token}", "Accept": accept})
            if answer is not None and answer.status_code == 401 and not renewed:
                renewed = True
                self._forget(registration, deployment_id, scopes)
                token = self._token(registration, deployment_id, scopes)
                answer = self._get(url, {"Authorization": f"Bearer {token}", "Accept": accept})
            if answer is not None and answer.status_code == 200:
                return answer
            if answer is not None and answer.status_code not in _PASSING:
                raise ServiceRefused(params={"status": answer.status_code})
            if attempt + 1 < TRIES:
                self._pause(_wait_seconds(answer, attempt))
        raise ServiceSilent()

    def _get(self, url: str, headers: dict[str, str]) -> requests.Response | None:
        started = time.monotonic()
        try:
            with self._http.get(
                url, headers=headers, timeout=self._timeout_seconds, allow_redirects=False, stream=True
            ) as answer:
                body = bytearray()
                for piece in answer.iter_content(64 * 1024):
                    body += piece
                    if len(body) > LARGEST_BYTES or time.monotonic() - started > DEADLINE_SECONDS:
                        raise ServiceSilent("platform_too_large")
                answer._content = bytes(body)  # what ``requests`` itself does after reading a stream
                return answer
        except requests.RequestException:
            return None

    def _token(self, registration: Registration, deployment_id: str, scopes: Sequence[str]) -> str:
        key = _cache_key(registration, deployment_id, scopes)
        with self._lock:
            held = self._tokens.get(key)
        if held is not None and self._clock() < held.good_until:
            return held.value
        fresh = self._ask_token(
            registration, deployment_id, scopes
        )  # no lock: one slow platform stops no other
        with self._lock:
            self._tokens[key] = fresh
        return fresh.value

    def _forget(self, registration: Registration, deployment_id: str, scopes: Sequence[str]) -> None:
        with self._lock:
            self._tokens.pop(_cache_key(registration, deployment_id, scopes), None)

    def _ask_token(self, registration: Registration, deployment_id: str, scopes: Sequence[str]) -> _Token:
        now = self._clock()
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(registration, deployment_id, now),
            "scope": " ".join(sorted(scopes)),
        }
        try:
            answer = self._http.post(
                registration.token_url, data=form, timeout=self._timeout_seconds, allow_redirects=False
            )
        except requests.RequestException:
            raise ServiceSilent("token_silent") from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise ServiceSilent("token_silent", params={"status": answer.status_code})
        if answer.status_code != 200:
            raise ServiceRefused("token_refused", params={"status": answer.status_code})
        return _read_token(answer, scopes, now)

    def _assertion(self, registration: Registration, deployment_id: str, now: datetime) -> str:
        own = self._keys.signing()
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.auth_audience or registration.token_url,
            "iat": issued - 5,  # a platform whose clock is a little behind
            "exp": issued - 5 + int(ASSERTION_FOR.total_seconds()),
            "jti": str(uuid4()),
            LTI + "deployment_id": deployment_id,
        }
        header = {"alg": "RS256", "typ": "JWT", "kid": own.kid}
        return jwt.encode(header, claims, RSAKey.import_key(own.private_pem), algorithms=["RS256"])


def read_json(answer: requests.Response) -> Any:
    """Return the JSON of an answer.

    Raises:
        ServiceSilent: ``platform_not_json`` for a page of HTML and other surprises.
    """
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        raise ServiceSilent("platform_not_json") from None


def _cache_key(
    registration: Registration, deployment_id: str, scopes: Sequence[str]
) -> tuple[UUID, str, str]:
    return registration.id, deployment_id, " ".join(sorted(scopes))


def _read_token(answer: requests.Response, scopes: Sequence[str], now: datetime) -> _Token:
    document = read_json(answer)
    value = document.get("access_token") if isinstance(document, dict) else None
    if not isinstance(value, str) or not value:
        raise ServiceRefused("token_missing")
    granted = document.get("scope")
    if isinstance(granted, str) and not set(scopes) <= set(granted.split()):
        raise ServiceRefused("scope_not_granted")
    lasts = document.get("expires_in")
    seconds = float(lasts) if isinstance(lasts, int | float) and not isinstance(lasts, bool) else 3600.0
    return _Token(
        value=value, good_until=now + timedelta(seconds=min(max(seconds, 0), 24 * 3600)) - RENEW_BEFORE
    )


def _wait_seconds(answer: requests.Response | None, attempt: int) -> float:
    """How long to wait: what ``Retry-After`` says (at most 30 s), else one, then two seconds."""
    said = answer.headers.get("Retry-After", "") if answer is not None else ""
    return min(float(said), 30.0) if said.isascii() and said.isdigit() else 1.0 + attempt
