"""Platform keys: the public keys a platform signs with, cached as key objects, refetched with restraint.

A warm launch asks nobody. A kid we do not know causes one refetch, at most once per 30 seconds per URL (SEC
6.4); when the key set is unreachable, keys seen in the last 24 hours stay good.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lti_app.doors.lti.refusals import LaunchRefused

FRESH_FOR = timedelta(hours=1)
STALE_FOR = timedelta(hours=24)
REFETCH_EVERY = timedelta(seconds=30)
TIMEOUT_SECONDS = (3.0, 5.0)
DEADLINE_SECONDS = 8.0
LARGEST_BYTES = 256 * 1024
SMALLEST_RSA_BITS = 2048
USER_AGENT = "Rapport-LTI/1.3"


@dataclass(slots=True)
class _KeySet:
    keys: Mapping[str, RSAKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    asked_at: datetime | None = None
    missed_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)


class PlatformKeys:
    """Finds the key of a kid in the key set at a URL."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        http: requests.Session | None = None,
        timeout_seconds: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> None:
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self.http = http or requests.Session()
        self.http.headers["User-Agent"] = USER_AGENT
        self._sets: dict[str, _KeySet] = {}
        self._lock = Lock()

    def find(self, url: str, kid: str) -> RSAKey:
        """Return the RSA signature key ``kid``.

        Raises:
            LaunchRefused: ``jwks_unreachable``, ``jwks_malformed`` or ``unknown_kid``.
        """
        with self._lock:
            cached = self._sets.setdefault(url, _KeySet())
        key = cached.keys.get(kid)
        if key is not None and self._younger(cached.fetched_at, FRESH_FOR):
            return key
        with cached.lock:
            return self._refetched(cached, url, kid)

    def _younger(self, moment: datetime | None, span: timedelta) -> bool:
        return moment is not None and self._clock() - moment < span

    def _refetched(self, cached: _KeySet, url: str, kid: str) -> RSAKey:
        """Ask again if that may help and is not too soon: when the set is old, or for an unknown kid."""
        failure: LaunchRefused | None = None
        fresh = self._younger(cached.fetched_at, FRESH_FOR)
        last = cached.missed_at if fresh else cached.asked_at
        if not (fresh and kid in cached.keys) and not self._younger(last, REFETCH_EVERY):
            cached.asked_at = self._clock()
            if fresh:
                cached.missed_at = cached.asked_at
            try:
                cached.keys, cached.fetched_at = _signature_keys(self._fetch(url)), cached.asked_at
            except LaunchRefused as refused:
                failure = refused
        known = self._younger(cached.fetched_at, STALE_FOR)
        key = cached.keys.get(kid) if known else None
        if key is not None:
            return key
        raise failure or LaunchRefused("unknown_kid" if known else "jwks_unreachable", status=401)

    def _fetch(self, url: str) -> Any:
        started = time.monotonic()
        try:
            with self.http.get(
                url,
                timeout=self._timeout_seconds,
                allow_redirects=False,
                stream=True,
                headers={"Accept": "application/jwk-set+json, application/json"},
            ) as answer:
                if answer.status_code != 200:
                    raise LaunchRefused("jwks_unreachable", status=401)
                body = bytearray()
                for piece in answer.iter_content(16 * 1024):
                    body += piece
                    if len(body) > LARGEST_BYTES or time.monotonic() - started > DEADLINE_SECONDS:
                        raise LaunchRefused("jwks_malformed", status=401)
        except requests.RequestException:
            raise LaunchRefused("jwks_unreachable", status=401) from None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise LaunchRefused("jwks_malformed", status=401) from None


def _signature_keys(document: Any) -> dict[str, RSAKey]:
    """Return the keys we accept: RSA of 2048 bit or more, for signatures, RS256 or no algorithm named."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise LaunchRefused("jwks_malformed", status=401)
    keys: dict[str, RSAKey] = {}
    for jwk in listed[:100]:
        if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or jwk.get("use", "sig") != "sig":
            continue
        kid = jwk.get("kid")
        if not isinstance(kid, str) or not kid or jwk.get("alg", "RS256") != "RS256":
            continue
        try:
            key = RSAKey.import_key({name: jwk[name] for name in ("kty", "n", "e")})
            bits = key.public_key.key_size
        except (JoseError, KeyError, TypeError, ValueError):
            continue
        if bits >= SMALLEST_RSA_BITS:
            keys.setdefault(kid, key)
    return keys
