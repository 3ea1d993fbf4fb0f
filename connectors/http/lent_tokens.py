"""Tokens of what an adult lent us: one refresh at a time, the others wait and use its result."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from connectors.http.errors import CallTrace, ConsentLost
from connectors.http.retry import Timing
from connectors.http.routes import Route
from iepcore.ids import AdultId

EARLY = timedelta(seconds=60)
"""A token is refreshed this long before it runs out."""


class LentGrant(Protocol):
    """What every vendor's grant has."""

    @property
    def access_token(self) -> str:
        """The bearer, as long as it is good."""
        ...

    @property
    def expires_at(self) -> datetime:
        """When the bearer runs out."""
        ...

    @property
    def is_lost(self) -> bool:
        """Whether the vendor no longer accepts it: the adult connects again."""
        ...


G = TypeVar("G", bound=LentGrant)


class LentGrants(Protocol[G]):
    """Where grants are kept, for one site and one platform. The implementation encrypts them."""

    def load(self, adult_id: AdultId) -> G | None:
        """Return the adult's grant, lost ones included, or None when there never was one."""
        ...

    def save(self, adult_id: AdultId, grant: G) -> None:
        """Store the adult's grant over the former one."""
        ...

    def mark_lost(self, adult_id: AdultId) -> None:
        """Mark the adult's grant as lost, and forget its tokens."""
        ...


class Refresher(Protocol[G]):
    """A vendor's token endpoint."""

    def refresh(self, grant: G) -> G:
        """Return the grant with a fresh token. Raises ``ConsentLost`` or another ``CallError``."""
        ...


@dataclass(slots=True)
class RefreshTurn:
    """What everybody who speaks in one adult's name shares within this process."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    refused: str = ""


class LentTokens(Generic[G]):
    """A ``TokenSource`` over one adult's grant.

    The store is read each time: another process (web beside worker) may have refreshed, or the adult may have
    connected again. ``route`` is the token endpoint, named by the error of a consent that is gone.
    """

    def __init__(
        self,
        adult_id: AdultId,
        turn: RefreshTurn,
        *,
        store: LentGrants[G],
        oauth: Refresher[G],
        route: Route,
        timing: Timing,
    ) -> None:
        self._adult_id = adult_id
        self._turn = turn
        self._store = store
        self._oauth = oauth
        self._route = route
        self._timing = timing

    def token(self) -> str:
        """Return a token that should work for another minute.

        Raises:
            ConsentLost: there is no grant any more; the loss is stored.
            CallError: the token endpoint failed; nothing is lost by that.
        """
        with self._turn.lock:
            grant = self._grant()
            fresh = grant.expires_at - EARLY > self._timing.now()
            if fresh and grant.access_token != self._turn.refused:
                return grant.access_token
            try:
                renewed = self._oauth.refresh(grant)
            except ConsentLost:
                self._mark_lost(grant)
                raise
            self._store.save(self._adult_id, renewed)
            return renewed.access_token

    def invalidate(self, token: str) -> None:
        """Remember that this very token was refused; a newer one in the store stays good."""
        with self._turn.lock:
            self._turn.refused = token

    def lose(self) -> None:
        """Store that the platform called the consent revoked."""
        with self._turn.lock:
            self._mark_lost(self._grant())

    def _grant(self) -> G:
        grant = self._store.load(self._adult_id)
        if grant is None or grant.is_lost:
            raise ConsentLost(CallTrace(method=self._route.method, template=self._route.template))
        return grant

    def _mark_lost(self, grant: G) -> None:
        # The adult may have connected again while the old token was being asked about.
        if self._store.load(self._adult_id) == grant:
            self._store.mark_lost(self._adult_id)
