"""Tokens of one adult's consent: one refresh at a time, the others wait and use its result."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from connectors.google_classroom.oauth import GoogleGrant, GoogleOAuth
from connectors.google_classroom.routes import FETCH_TOKEN
from connectors.http import Timing
from connectors.http.errors import CallTrace, ConsentLost
from iepcore.ids import AdultId

EARLY = timedelta(seconds=60)
"""A token is refreshed this long before it runs out."""


class GoogleGrantStore(Protocol):
    """Where grants are kept, for one site. The implementation encrypts them."""

    def load(self, adult_id: AdultId) -> GoogleGrant | None:
        """Return the adult's grant, lost ones included, or None when there never was one."""
        ...

    def save(self, adult_id: AdultId, grant: GoogleGrant) -> None:
        """Store the adult's grant over the former one."""
        ...

    def mark_lost(self, adult_id: AdultId) -> None:
        """Mark the adult's grant as lost, and forget its tokens."""
        ...


@dataclass(slots=True)
class UserPlace:
    """What everybody who speaks in one adult's name shares within this process."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    refused: str = ""


class UserTokens:
    """A ``TokenSource`` over one adult's grant.

    The store is read each time: another process (web beside worker) may have refreshed, or the adult may have
    connected again. Two processes may refresh at once; Google lets both new tokens live.
    """

    def __init__(
        self,
        adult_id: AdultId,
        *,
        store: GoogleGrantStore,
        oauth: GoogleOAuth,
        place: UserPlace | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._adult_id = adult_id
        self._store = store
        self._oauth = oauth
        self._place = place or UserPlace()
        self._timing = timing or Timing()

    def token(self) -> str:
        """Return a token that should work for another minute.

        Raises:
            ConsentLost: there is no grant any more; the loss is stored.
            CallError: the token endpoint failed; nothing is lost by that.
        """
        with self._place.lock:
            grant = self._grant()
            fresh = grant.expires_at - EARLY > self._timing.now()
            if fresh and grant.access_token != self._place.refused:
                return grant.access_token
            try:
                renewed = self._oauth.refresh(grant)
            except ConsentLost:
                self._mark_lost(grant)
                raise
            self._store.save(self._adult_id, renewed)
            return renewed.access_token

    def invalidate(self, token: str) -> None:
        """Remember that Google refused this very token; a newer one in the store stays good."""
        with self._place.lock:
            self._place.refused = token

    def _grant(self) -> GoogleGrant:
        grant = self._store.load(self._adult_id)
        if grant is None or grant.is_lost:
            raise ConsentLost(CallTrace(method=FETCH_TOKEN.method, template=FETCH_TOKEN.template))
        return grant

    def _mark_lost(self, grant: GoogleGrant) -> None:
        # The adult may have connected again while the old token was being asked about.
        if self._store.load(self._adult_id) == grant:
            self._store.mark_lost(self._adult_id)
