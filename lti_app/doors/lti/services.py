"""Platform services: access tokens by signed assertion, kept until they expire, one careful way to read and
one to write.

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
from requests.auth import AuthBase
from urllib3.exceptions import NameResolutionError, NewConnectionError

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
_LOST, _NOT_SENT = object(), object()
_OAUTH_ERRORS = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
)
_PASSING_OR_LOST = frozenset({0, 502, 503, 504})


class ServiceRefused(ConnectorError):
    """The platform said no, and would say so again. ``params`` holds the HTTP status."""

    default_code = "platform_refused"


class ServiceSilent(ConnectorError):
    """The platform did not answer in time or not in a form we can read; a later try may work."""

    default_code = "platform_silent"


class ServiceUnknown(ConnectorError):
    """The platform may or may not have done it: look before anything is sent again."""

    default_code = "platform_unknown"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Call:
    """One request to a service. ``repeatable``: doing it twice is the same as doing it once."""

    method: str
    url: str
    accept: str
    body: bytes | None = None
    content_type: str = ""
    repeatable: bool = True


class _Bearer(AuthBase):
    """Our token, and no other: with a header alone a ``.netrc`` on the machine would take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    value: str
    good_until: datetime


def _anywhere(registration_id: UUID) -> bool:
    return True


class PlatformServices:
    """Calls a platform's services for one registration and deployment at a time. Safe to share between
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
        outward: requests.Session | None = None,
        inside: Callable[[UUID], bool] = _anywhere,
    ) -> None:
        """``inside`` says of a registration whether its platform may be in a private network; ``outward``
        asks the others.
        """
        self._outward = outward or requests.Session()
        self._outward.headers["User-Agent"] = USER_AGENT
        self._inside = inside
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
        """GET ``url`` as JSON, with a token for ``scopes``; the body is read whole. Asked up to ``TRIES``
        times.

        Raises:
            ServiceRefused: 4xx, a token that is not given, or a scope that is not granted.
            ServiceSilent: time-outs, 5xx and 429 after ``TRIES``, an answer too large.
        """
        try:
            return self.write(registration, deployment_id, Call(method="GET", url=url, accept=accept), scopes)
        except ServiceUnknown:
            raise ServiceSilent() from None

    def write(
        self, registration: Registration, deployment_id: str, call: Call, scopes: Sequence[str]
    ) -> requests.Response:
        """Do ``call`` with a token for ``scopes`` and return the answer, its body read whole.

        What surely did nothing is tried again, up to ``TRIES``: a platform that cannot be reached or says
        429. What may have done something only where ``call.repeatable``. A refused token costs one new one.

        Raises:
            ServiceRefused: 4xx and redirects, a token that is not given, or a scope that is not granted.
            ServiceSilent: nothing was done; a later try may work.
            ServiceUnknown: it may have been done (the answer was lost, or was a 5xx).
        """
        if usable_service_url(call.url) is None:
            raise ServiceRefused("platform_address")
        renewed = False
        attempt = 0
        while True:
            answer = self._with_token(registration, deployment_id, call, scopes)
            if isinstance(answer, requests.Response):
                if answer.status_code == 401 and not renewed:
                    renewed = True
                    self._forget(registration, deployment_id, scopes)
                    continue
                if 200 <= answer.status_code < 300:
                    return answer
                if answer.status_code < 500 and answer.status_code != 429:
                    raise ServiceRefused(params={"status": answer.status_code})
            attempt += 1
            done_nothing = answer is _NOT_SENT or _status(answer) == 429
            again = done_nothing or (call.repeatable and _status(answer) in _PASSING_OR_LOST)
            if not again or attempt >= TRIES:
                raise ServiceSilent() if done_nothing else ServiceUnknown()
            self._pause(_wait_seconds(answer, attempt))

    def _with_token(
        self, registration: Registration, deployment_id: str, call: Call, scopes: Sequence[str]
    ) -> requests.Response | object:
        token = self._token(registration, deployment_id, scopes)
        headers = {"Accept": call.accept}
        if call.content_type:
            headers["Content-Type"] = call.content_type
        started = time.monotonic()
        try:
            with self._session(registration).request(
                call.method,
                call.url,
                data=call.body,
                headers=headers,
                auth=_Bearer(token),
                timeout=self._timeout_seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = bytearray()
                for piece in answer.iter_content(64 * 1024):
                    body += piece
                    if len(body) > LARGEST_BYTES or time.monotonic() - started > DEADLINE_SECONDS:
                        if call.method != "GET":
                            return _LOST
                        raise ServiceSilent("platform_too_large")
                answer._content = bytes(body)  # what ``requests`` itself does after reading a stream
                return answer
        except requests.RequestException as problem:
            return _NOT_SENT if _never_left(problem) else _LOST

    def _session(self, registration: Registration) -> requests.Session:
        return self._http if self._inside(registration.id) else self._outward

    def prove(self, registration: Registration, deployment_id: str, scopes: Sequence[str]) -> None:
        """Ask for a fresh token, only to see whether the platform knows us and grants ``scopes``.

        Raises:
            ServiceRefused, ServiceSilent: as for a token that is needed.
        """
        self._ask_token(registration, deployment_id, scopes)

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
            answer = self._session(registration).post(
                registration.token_url,
                data=form,
                auth=_as_it_is,  # a ``.netrc`` on this machine has no say
                timeout=self._timeout_seconds,
                allow_redirects=False,
            )
        except requests.RequestException:
            raise ServiceSilent("token_silent") from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise ServiceSilent("token_silent", params={"status": answer.status_code})
        if answer.status_code != 200:
            raise ServiceRefused(
                "token_refused", params={"status": answer.status_code, "error": _oauth_error(answer)}
            )
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


def _oauth_error(answer: requests.Response) -> str:
    """Return the code of a refused token request (RFC 6749 section 5.2), empty when it is none of those."""
    try:
        told = json.loads(answer.content)
    except (ValueError, RecursionError):
        return ""
    code = str(told.get("error")) if isinstance(told, dict) else ""
    return code if code in _OAUTH_ERRORS else ""


def _wait_seconds(answer: object, attempt: int) -> float:
    """How long to wait: what ``Retry-After`` says (at most 30 s), else one, then two seconds."""
    said = answer.headers.get("Retry-After", "") if isinstance(answer, requests.Response) else ""
    return min(float(said), 30.0) if said.isascii() and said.isdigit() else float(attempt)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no credentials."""
    return request


def _status(answer: object) -> int:
    """The status of an answer; 0 for one that was lost."""
    return answer.status_code if isinstance(answer, requests.Response) else 0


def _never_left(problem: requests.RequestException) -> bool:
    """Whether a request surely did not reach anybody: no connection, no name."""
    if isinstance(problem, requests.ConnectTimeout):
        return True
    reason = getattr(problem.args[0], "reason", None) if problem.args else None
    return isinstance(reason, NewConnectionError | NameResolutionError)
