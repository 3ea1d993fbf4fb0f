"""What a school lets us do at Google beside the sign-in, and what its adults lent us there.

The client itself (id, secret, domains) is a registration like every platform's; see
:mod:`lti_app.doors.google.clients`. The service account's key and every token are encrypted at rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from iepcore.ids import AdultId, SiteId


class GoogleUse(StrEnum):
    """What adults are asked to lend: sending mail, their courses' rosters, invitations in their calendar; and
    whether the service account reads the guardians of the domain, too."""

    MAIL = "mail"
    ROSTERS = "rosters"
    CALENDAR = "calendar"
    GUARDIANS = "guardians"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleAccess:
    """A school's choices. ``service_key`` is the text of a service account's key file, or empty; ``subjects``
    are the only addresses it may act for."""

    registration_id: UUID
    uses: tuple[GoogleUse, ...] = ()
    service_key: str = field(default="", repr=False)
    subjects: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleConsent:
    """One adult's own consent at one client. ``subject`` and ``email`` are the account's."""

    site_id: SiteId
    adult_id: AdultId
    registration_id: UUID
    subject: str
    email: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: tuple[str, ...] = ()
    domain: str = ""
    lost: bool = False


class GoogleAccessStore(Protocol):
    """Where both are kept. Each call is one short transaction; raises ``Busy`` when it cannot write."""

    def save_google_access(self, access: GoogleAccess) -> None:
        """Keep a client's choices over the former ones."""
        ...

    def google_access(self, registration_id: UUID) -> GoogleAccess:
        """Return a client's choices; none chosen when there are none."""
        ...

    def save_google_consent(self, consent: GoogleConsent) -> None:
        """Keep an adult's consent over the former one."""
        ...

    def google_consent(self, site_id: SiteId, adult_id: AdultId) -> GoogleConsent | None:
        """Return an adult's consent, lost ones included, or None when there never was one."""
        ...
