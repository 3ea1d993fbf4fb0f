"""Platform keys: the public keys a platform signs with, cached as key objects, refetched with restraint.

A warm launch asks nobody. A kid we do not know causes one refetch, at most once per 30 seconds per URL (SEC
6.4). When the key set is unreachable, keys seen in the last 24 hours stay good, and while one launch finds
out, the others do not wait for it. The last good set is kept in the store too, so that a restart during an
outage changes none of that.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol

import requests
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from urllib3.exceptions import HTTPError

from iepcore.errors import IepError
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.records import KeySet

log = logging.getLogger("lti_app.doors.lti")

FRESH_FOR = timedelta(hours=1)
"""How long a key set is good without asking. A shorter ``max-age`` of the platform counts (SEC 6.4), down to
``FRESH_AT_LEAST``."""
FRESH_AT_LEAST = timedelta(minutes=5)
STALE_FOR = timedelta(hours=24)
REFETCH_EVERY = timedelta(seconds=30)
RETRY_EVERY = timedelta(minutes=5)
"""How often a key set that does not come is asked for again while its old keys still open launches."""
TIMEOUT_SECONDS = (2.0, 3.0)
DEADLINE_SECONDS = 5.0
LARGEST_BYTES = 256 * 1024
SMALLEST_RSA_BITS = 2048
USER_AGENT = "Rapport-LTI/1.3"
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


class KeptKeySets(Protocol):
    """Where key sets are kept; a :class:`lti_app.doors.records.DoorStore` is one."""

    def save_key_set(self, key_set: KeySet) -> None:
        """Keep the last good set of an address."""
        ...

    def key_set(self, url: str) -> KeySet | None:
        """Return it."""
        ...


@dataclass(slots=True)
class _KeySet:
    keys: Mapping[str, RSAKey] = field(default_factory=dict)
    fetched_at: datetime | None = None
    fresh_for: timedelta = FRESH_FOR
    asked_at: datetime | None = None
    missed_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)


def _anywhere() -> bool:
    return True


class PlatformKeys:
    """Finds the key of a kid in the key set at a URL."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        http: requests.Session | None = None,
        timeout_seconds: tuple[float, float] = TIMEOUT_SECONDS,
        deadline_seconds: float = DEADLINE_SECONDS,
        aside: Callable[[], AbstractContextManager[None]] = nullcontext,
        kept: KeptKeySets | None = None,
        outward: requests.Session | None = None,
    ) -> None:
        """``aside`` is entered while a platform is asked; ``kept`` is where the last good sets outlive us;
        ``outward`` asks platforms that must be on the open internet.
        """
        self._kept = kept
        self.outward = outward or requests.Session()
        self.outward.headers["User-Agent"] = USER_AGENT
        self._aside = aside
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._deadline_seconds = deadline_seconds
        self.http = http or requests.Session()
        self.http.headers["User-Agent"] = USER_AGENT
        self._sets: dict[str, _KeySet] = {}
        self._lock = Lock()

    def find(self, url: str, kid: str, *, inside: Callable[[], bool] = _anywhere) -> RSAKey:
        """Return the RSA signature key ``kid``. ``inside`` says, when the platform must be asked, whether it
        may be in a private network.

        Raises:
            LaunchRefused: ``jwks_unreachable``, ``jwks_malformed`` or ``unknown_kid``.
        """
        with self._lock:
            cached = self._sets.setdefault(url, _KeySet())
        key = cached.keys.get(kid)
        if key is not None and self._younger(cached.fetched_at, cached.fresh_for):
            return key
        with self._aside():
            still_good = key is not None and self._younger(cached.fetched_at, STALE_FOR)
            if not cached.lock.acquire(blocking=not still_good):
                assert key is not None
                return key  # another launch is asking already
            try:
                if cached.fetched_at is None:
                    self._recall(cached, url)
                return self._refetched(cached, url, kid, inside)
            finally:
                cached.lock.release()

    def _younger(self, moment: datetime | None, span: timedelta) -> bool:
        return moment is not None and self._clock() - moment < span

    def _refetched(self, cached: _KeySet, url: str, kid: str, inside: Callable[[], bool]) -> RSAKey:
        """Ask again if that may help and is not too soon: when the set is old, or for an unknown kid."""
        failure: LaunchRefused | None = None
        fresh = self._younger(cached.fetched_at, cached.fresh_for)
        held = kid in cached.keys
        last = cached.missed_at if fresh else cached.asked_at
        every = RETRY_EVERY if held and self._younger(cached.fetched_at, STALE_FOR) else REFETCH_EVERY
        if not (fresh and held) and not self._younger(last, every):
            cached.asked_at = self._clock()
            if fresh:
                cached.missed_at = cached.asked_at
            try:
                document, fresh_for = self._fetch(url, self.http if inside() else self.outward)
                cached.keys, cached.fetched_at = _signature_keys(document), cached.asked_at
                cached.fresh_for = fresh_for
                self._keep(url, document, cached)
            except LaunchRefused as refused:
                failure = refused
        known = self._younger(cached.fetched_at, STALE_FOR)
        key = cached.keys.get(kid) if known else None
        if key is not None:
            return key
        raise failure or LaunchRefused("unknown_kid" if known else "jwks_unreachable", status=401)

    def _recall(self, cached: _KeySet, url: str) -> None:
        """Take up what was kept by an earlier process, or by another one beside us."""
        try:
            kept = None if self._kept is None else self._kept.key_set(url)
            if kept is not None:
                cached.keys, cached.fetched_at = _signature_keys(json.loads(kept.document)), kept.fetched_at
                cached.fresh_for = timedelta(seconds=kept.fresh_seconds)
        except (IepError, LaunchRefused, ValueError):  # then the platform is asked, as if nothing were kept
            log.warning("a kept key set could not be read")

    def _keep(self, url: str, document: Any, cached: _KeySet) -> None:
        if self._kept is None or cached.fetched_at is None or not cached.keys:
            return
        key_set = KeySet(
            url=url,
            document=json.dumps(document),
            fetched_at=cached.fetched_at,
            fresh_seconds=int(cached.fresh_for.total_seconds()),
        )
        try:
            self._kept.save_key_set(key_set)
        except IepError:  # a launch does not fail for it
            log.warning("a key set could not be kept")

    def _fetch(self, url: str, http: requests.Session) -> tuple[Any, timedelta]:
        """Return the document at ``url`` and how long it is good, in bounded time however slowly it comes."""
        started = time.monotonic()
        try:
            with http.get(
                url,
                timeout=self._timeout_seconds,
                allow_redirects=False,
                stream=True,
                headers={"Accept": "application/jwk-set+json, application/json"},
            ) as answer:
                if answer.status_code != 200:
                    raise LaunchRefused("jwks_unreachable", status=401)
                body = bytearray()
                # ``read1`` returns what has come; ``iter_content`` would wait for a full piece.
                while piece := answer.raw.read1(16 * 1024, decode_content=True):
                    body += piece
                    if len(body) > LARGEST_BYTES or time.monotonic() - started > self._deadline_seconds:
                        raise LaunchRefused("jwks_malformed", status=401)
                fresh_for = _fresh_for(answer.headers.get("Cache-Control", ""))
        except (requests.RequestException, HTTPError):
            raise LaunchRefused("jwks_unreachable", status=401) from None
        try:
            return json.loads(body), fresh_for
        except (ValueError, RecursionError):
            raise LaunchRefused("jwks_malformed", status=401) from None


def _fresh_for(cache_control: str) -> timedelta:
    said = _MAX_AGE.search(cache_control)
    asked = timedelta(seconds=int(said.group(1))) if said else FRESH_FOR
    return min(max(asked, FRESH_AT_LEAST), FRESH_FOR)


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
