"""In whose name we speak: per sending adult one lock for refreshing, one gate, one source of tokens."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.oauth import CanvasOAuth, Grant, GrantStore
from connectors.canvas.routes import FETCH_TOKEN
from connectors.http import (
    InFlightGate,
    Limits,
    Origin,
    RetryLaw,
    SessionFactory,
    Timing,
    Transport,
    new_session,
)
from connectors.http.errors import CallTrace, ConsentLost
from iepcore.ids import AdultId

EARLY = timedelta(seconds=60)
"""A token is refreshed this long before it runs out."""


@dataclass(slots=True)
class _Place:
    """What one adult's calls share within this process."""

    gate: InFlightGate
    lock: threading.Lock = field(default_factory=threading.Lock)
    refused: str = ""


class GrantTokens:
    """The tokens of one adult's grant: one refresh at a time, others wait and use its result.

    The store is read each time: another process (web beside worker) may have refreshed, or the teacher may
    have connected again.
    """

    def __init__(
        self, adult_id: AdultId, place: _Place, *, store: GrantStore, oauth: CanvasOAuth, timing: Timing
    ) -> None:
        self._adult_id = adult_id
        self._place = place
        self._store = store
        self._oauth = oauth
        self._timing = timing

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
        """Remember that Canvas refused this very token; a newer one in the store stays good."""
        with self._place.lock:
            self._place.refused = token

    def lose(self) -> None:
        """Store that Canvas called the consent revoked."""
        with self._place.lock:
            self._mark_lost(self._grant())

    def _grant(self) -> Grant:
        grant = self._store.load(self._adult_id)
        if grant is None or grant.is_lost:
            raise ConsentLost(CallTrace(method=FETCH_TOKEN.method, template=FETCH_TOKEN.template))
        return grant

    def _mark_lost(self, grant: Grant) -> None:
        # The teacher may have connected again while the old token was being asked about.
        if self._store.load(self._adult_id) == grant:
            self._store.mark_lost(self._adult_id)


class Senders:
    """Transports in the names of the adults of one site, for one Canvas.

    ``also`` names other addresses of the same Canvas, such as a school's own domain (see ``CanvasDialect``).
    """

    def __init__(
        self,
        origin: Origin,
        oauth: CanvasOAuth,
        store: GrantStore,
        *,
        timing: Timing | None = None,
        law: RetryLaw | None = None,
        limits: Limits | None = None,
        sessions: SessionFactory = new_session,
        also: Collection[Origin] = (),
    ) -> None:
        self.store = store
        self.timing = timing or Timing()
        self._origin = origin
        self._oauth = oauth
        self._law = law
        self._limits = limits
        self._sessions = sessions
        self.also = tuple(also)
        self._places: dict[AdultId, _Place] = {}
        self._places_lock = threading.Lock()

    def tokens(self, adult_id: AdultId) -> GrantTokens:
        """Return the token source of one adult."""
        return GrantTokens(
            adult_id, self._place(adult_id), store=self.store, oauth=self._oauth, timing=self.timing
        )

    @contextmanager
    def transport(self, adult_id: AdultId) -> Iterator[Transport]:
        """Give a transport that speaks in this adult's name, and close its connections afterwards."""
        transport = Transport(
            self._origin,
            CanvasDialect(now=self.timing.now, also=self.also),
            gate=self._place(adult_id).gate,
            tokens=self.tokens(adult_id),
            timing=self.timing,
            law=self._law,
            limits=self._limits,
            sessions=self._sessions,
        )
        try:
            yield transport
        finally:
            transport.close()

    def _place(self, adult_id: AdultId) -> _Place:
        with self._places_lock:
            if adult_id not in self._places:
                self._places[adult_id] = _Place(gate=InFlightGate(timing=self.timing))
            return self._places[adult_id]
