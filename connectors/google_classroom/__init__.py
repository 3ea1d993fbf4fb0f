"""Google: rosters of Classroom, mail in the sender's own name, and one guest's calendar.

Each name is loaded at its first use: who pulls rosters needs neither letters nor calendars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.google_classroom.accounts import GoogleAccounts
    from connectors.google_classroom.calendar import GoogleCalendar, Invitation
    from connectors.google_classroom.delegated import DelegatedTokens, Delegation, ServiceAccount
    from connectors.google_classroom.dialect import GoogleDialect
    from connectors.google_classroom.gmail import GmailChannel, LetterWriter
    from connectors.google_classroom.oauth import (
        Consent,
        GoogleClient,
        GoogleGrant,
        GoogleOAuth,
        new_consent,
    )
    from connectors.google_classroom.pace import Pace
    from connectors.google_classroom.routes import (
        ADD_ON_SCOPES,
        ALL_ROUTES,
        CALENDAR_SCOPES,
        COURSE_SCOPES,
        DELEGATED_SCOPES,
        GMAIL_SCOPES,
        ROSTER_SCOPES,
        SOURCE,
    )
    from connectors.google_classroom.source import GoogleSource
    from connectors.google_classroom.user_tokens import GoogleGrantStore, UserTokens

_HOMES = {
    "routes": (
        "ADD_ON_SCOPES",
        "ALL_ROUTES",
        "CALENDAR_SCOPES",
        "COURSE_SCOPES",
        "DELEGATED_SCOPES",
        "GMAIL_SCOPES",
        "ROSTER_SCOPES",
        "SOURCE",
    ),
    "oauth": (
        "Consent",
        "GoogleClient",
        "GoogleGrant",
        "GoogleOAuth",
        "new_consent",
    ),
    "delegated": (
        "DelegatedTokens",
        "Delegation",
        "ServiceAccount",
    ),
    "gmail": (
        "GmailChannel",
        "LetterWriter",
    ),
    "accounts": ("GoogleAccounts",),
    "calendar": (
        "GoogleCalendar",
        "Invitation",
    ),
    "dialect": ("GoogleDialect",),
    "user_tokens": (
        "GoogleGrantStore",
        "UserTokens",
    ),
    "source": ("GoogleSource",),
    "pace": ("Pace",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ADD_ON_SCOPES",
    "ALL_ROUTES",
    "CALENDAR_SCOPES",
    "COURSE_SCOPES",
    "DELEGATED_SCOPES",
    "GMAIL_SCOPES",
    "ROSTER_SCOPES",
    "SOURCE",
    "Consent",
    "DelegatedTokens",
    "Delegation",
    "GmailChannel",
    "GoogleAccounts",
    "GoogleCalendar",
    "GoogleClient",
    "GoogleDialect",
    "GoogleGrant",
    "GoogleGrantStore",
    "GoogleOAuth",
    "GoogleSource",
    "Invitation",
    "LetterWriter",
    "Pace",
    "ServiceAccount",
    "UserTokens",
    "new_consent",
]

# Hidden from the type checker, which would otherwise believe in every name anyone types.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value
