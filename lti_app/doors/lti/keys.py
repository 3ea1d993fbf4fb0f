"""Our own keys: the newest signs, every unexpired one is published, and a new one is made before the old
runs out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from joserfc.jwk import RSAKey

from lti_app.doors.records import DoorStore, ToolKey

SIGNS_FOR = timedelta(days=365)
PUBLISHED_AFTER = timedelta(days=14)
PUBLISHED_FOR = SIGNS_FOR + PUBLISHED_AFTER
"""Two weeks longer than it signs: an assertion lives 5 minutes, a platform's cached key set at most days."""


def make_key(*, at: datetime) -> ToolKey:
    """Return a fresh RSA-2048 pair, named by its RFC 7638 thumbprint."""
    key = RSAKey.generate_key(2048, private=True)
    kid = key.thumbprint()
    public = {**key.as_dict(private=False), "kid": kid, "alg": "RS256", "use": "sig"}
    return ToolKey(
        kid=kid,
        private_pem=key.as_pem(private=True).decode(),
        public_jwk=json.dumps(public, sort_keys=True),
        created_at=at,
        expires_at=at + PUBLISHED_FOR,
    )


class OwnKeys:
    """The tool's signing keys, kept in the door store (the private half encrypted there)."""

    def __init__(self, doors: DoorStore, *, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._clock = clock
        self._lock = Lock()

    def signing(self) -> ToolKey:
        """Return the newest key, making one when there is none or it has signed for a year."""
        with self._lock:
            now = self._clock()
            newest = next(iter(self._doors.keys(at=now)), None)
            if newest is not None and now - newest.created_at < SIGNS_FOR:
                return newest
            return self._make(now)

    def rotate(self, *, lost: bool = False) -> ToolKey:
        """Make a new signing key at once.

        The old ones stay published for two weeks at most, for what they signed already. ``lost``: somebody
        else may have one of them, so none of them is published from now on.
        """
        with self._lock:
            now = self._clock()
            until = now if lost else now + PUBLISHED_AFTER
            for old in self._doors.keys(at=now):
                ends = until if old.expires_at is None else min(old.expires_at, until)
                self._doors.add_key(replace(old, expires_at=ends))
            return self._make(now)

    def published(self) -> Sequence[ToolKey]:
        """Return the keys in the key set, newest first; the first one signs."""
        self.signing()
        return self._doors.keys(at=self._clock())

    def key_set(self) -> dict[str, list[dict[str, Any]]]:
        """Return the JWKS: public halves only."""
        return {"keys": [json.loads(key.public_jwk) for key in self.published()]}

    def _make(self, now: datetime) -> ToolKey:
        key = make_key(at=now)
        self._doors.add_key(key)
        return key
