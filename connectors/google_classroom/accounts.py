"""In whose name we speak at Google: per adult one lock for refreshing, one pace, one source of tokens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.google_classroom.dialect import GoogleDialect
from connectors.google_classroom.oauth import GoogleOAuth
from connectors.google_classroom.pace import Pace
from connectors.google_classroom.user_tokens import GoogleGrantStore, UserTokens
from connectors.http import (
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


class GoogleAccounts:
    """Transports in the names of the adults of one site. Keep one per site: its locks are shared."""

    def __init__(
        self,
        oauth: GoogleOAuth,
        store: GoogleGrantStore,
        *,
        pace: Pace | None = None,
        timing: Timing | None = None,
        law: RetryLaw | None = None,
        limits: Limits | None = None,
        sessions: SessionFactory = new_session,
    ) -> None:
        self.store = store
        self.timing = timing or Timing()
        self._oauth = oauth
        self._pace = pace or Pace(timing=self.timing)
        self._law = law
        self._limits = limits
        self._sessions = sessions
        self._turns: dict[AdultId, RefreshTurn] = {}
        self._lock = threading.Lock()

    def tokens(self, adult_id: AdultId) -> UserTokens:
        """Return the token source of one adult."""
        with self._lock:
            turn = self._turns.setdefault(adult_id, RefreshTurn())
        return UserTokens(adult_id, store=self.store, oauth=self._oauth, turn=turn, timing=self.timing)

    @contextmanager
    def transport(self, adult_id: AdultId, origin: Origin) -> Iterator[Transport]:
        """Give a transport to one of Google's interfaces that speaks in this adult's name, and close its
        connections afterwards."""
        transport = Transport(
            origin,
            GoogleDialect(now=self.timing.now),
            gate=self._pace.of(str(adult_id)),
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
