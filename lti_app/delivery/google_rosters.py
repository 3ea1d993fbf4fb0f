"""Rosters out of Google Classroom: in the name of a teacher who lent them, or of a listed administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.google_classroom import (
    COURSE_SCOPES,
    ROSTER_SCOPES,
    Delegation,
    GoogleDialect,
    GoogleSource,
    ServiceAccount,
)
from connectors.http import Origin, Transport
from iepcore.ids import AdultId
from lti_app.delivery.google_connections import GoogleConnections
from lti_app.doors.google.clients import GoogleClient, google_client_of_site
from lti_app.doors.google_access import GoogleAccess, GoogleAccessStore, GoogleUse
from lti_app.doors.records import DoorStore, Site

LONGEST_KEY = 16 * 1024
"""Bytes of a key file; Google's have about 2,400."""


def delegation(client: GoogleClient, access: GoogleAccess) -> Delegation | None:
    """Return a school's service account with the accounts it may act for, or None when there is none.

    Raises:
        InvalidValue: the stored key is not one any more.
    """
    if not access.service_key:
        return None
    minting = Origin.parse(client.endpoints.token_url.removesuffix("/token"))
    return Delegation(ServiceAccount.parse(access.service_key, minting=minting), access.subjects)


def domain_scopes(access: GoogleAccess) -> tuple[str, ...]:
    """Return what the service account asks for: with the guardians' scope only where they are chosen."""
    return ROSTER_SCOPES if GoogleUse.GUARDIANS in access.uses else COURSE_SCOPES


class GoogleRosters:
    """Opens Classroom as a source of rosters, for as long as a pull takes."""

    def __init__(self, doors: DoorStore, kept: GoogleAccessStore, connections: GoogleConnections) -> None:
        self._doors = doors
        self._kept = kept
        self._connections = connections

    def administrators(self, site: Site) -> tuple[str, ...]:
        """Return the accounts in whose name the whole domain can be read."""
        access = self._connections.access(site)
        return () if access is None or not access.service_key else access.subjects

    @contextmanager
    def of_domain(self, site: Site, administrator: str) -> Iterator[GoogleSource | None]:
        """Give the rosters of the whole domain as an administrator sees them, with the guardians in one list
        where the school chose them (where they are switched off, no roster would ever be whole).

        None where the site has no service account.

        Raises:
            InvalidValue: ``subject_not_listed``.
        """
        client = google_client_of_site(self._doors, site.id)
        access = None if client is None else self._kept.google_access(client.id)
        made = None if client is None or access is None else delegation(client, access)
        if client is None or access is None or made is None:
            yield None
            return
        transport = Transport(
            Origin.parse(client.endpoints.classroom_url),
            GoogleDialect(),
            gate=self._connections.pace(client).of(administrator.casefold()),
            tokens=made.tokens(administrator, domain_scopes(access)),
        )
        try:
            guardians = GoogleUse.GUARDIANS in access.uses
            yield GoogleSource(transport, whole_domain=True, everybodys_guardians=guardians)
        finally:
            transport.close()

    @contextmanager
    def of_teacher(
        self, site: Site, adult_id: AdultId, *, guardians_of: tuple[str, ...] = ()
    ) -> Iterator[GoogleSource | None]:
        """Give the rosters of the courses that an adult teaches, by her own consent; None without one.

        Guardians are asked for one student at a time, for those named only.
        """
        client = google_client_of_site(self._doors, site.id)
        if client is None or self._connections.state(site, adult_id, GoogleUse.ROSTERS) != "connected":
            yield None
            return
        origin = Origin.parse(client.endpoints.classroom_url)
        with self._connections.accounts(client).transport(adult_id, origin) as transport:
            yield GoogleSource(transport, guardians_of=guardians_of)
