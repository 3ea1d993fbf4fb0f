"""In whose name we speak: per sending adult one lock for refreshing, one gate, one source of tokens."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.oauth import CanvasOAuth, Grant, GrantStore
from connectors.canvas.routes import FETCH_TOKEN
from connectors.http import (
    InFlightGate,
    LentTokens,
    Limits,
    Origin,
    RefreshTurn,
    RetryLaw,
    SessionFactory,
    Timing,
    Transport,
    new_session,
)
from iepcore.ids import AdultId


@dataclass(slots=True)
class _Place:
    """What one adult's calls share within this process."""

    gate: InFlightGate
    turn: RefreshTurn = field(default_factory=RefreshTurn)


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

    def tokens(self, adult_id: AdultId) -> LentTokens[Grant]:
        """Return the token source of one adult."""
        return LentTokens(
            adult_id,
            self._place(adult_id).turn,
            store=self.store,
            oauth=self._oauth,
            route=FETCH_TOKEN,
            timing=self.timing,
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
