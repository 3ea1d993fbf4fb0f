"""Google: rosters of Classroom, mail in the sender's own name, and one guest's calendar."""

from __future__ import annotations

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
from connectors.google_classroom.user_tokens import GoogleGrantStore, UserPlace, UserTokens

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
    "UserPlace",
    "UserTokens",
    "new_consent",
]
