"""Tokens of one adult's consent at Google. Two processes may refresh at once; both new tokens live."""

from __future__ import annotations

from typing import Protocol

from connectors.google_classroom.oauth import GoogleGrant, GoogleOAuth
from connectors.google_classroom.routes import FETCH_TOKEN
from connectors.http import LentGrants, LentTokens, RefreshTurn, Timing
from iepcore.ids import AdultId


class GoogleGrantStore(LentGrants[GoogleGrant], Protocol):
    """Where grants are kept, for one site."""


class UserTokens(LentTokens[GoogleGrant]):
    """A ``TokenSource`` over one adult's grant. ``turn`` is shared by all who speak in that adult's name."""

    def __init__(
        self,
        adult_id: AdultId,
        *,
        store: GoogleGrantStore,
        oauth: GoogleOAuth,
        turn: RefreshTurn | None = None,
        timing: Timing | None = None,
    ) -> None:
        super().__init__(
            adult_id,
            turn or RefreshTurn(),
            store=store,
            oauth=oauth,
            route=FETCH_TOKEN,
            timing=timing or Timing(),
        )
