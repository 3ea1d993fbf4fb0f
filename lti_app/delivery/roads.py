"""The roads out of a site: which channel serves which kind of address, made once per site and kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from connectors.canvas import CanvasChannel, Senders
from connectors.http import Origin
from connectors.mail.channel import SmtpChannel
from connectors.mail.settings import MailSecurity, MailSettings
from iepcore.people import AddressKind
from iepcore.ports import NoticeChannel
from lti_app.delivery.connections import CanvasConnections
from lti_app.delivery.grants import SiteGrants
from lti_app.doors.records import ApiClient, DoorStore, Site
from lti_app.settings import Settings


class Roads:
    """Channels by kind of address. A site without a Canvas key has no Canvas road; mail needs
    IEP_SMTP_URL."""

    def __init__(self, settings: Settings, doors: DoorStore, connections: CanvasConnections) -> None:
        mail = mail_settings(settings)  # a wrong mail server is told at start, not at the first notice
        self._mail = SmtpChannel(mail) if mail is not None else None
        self._doors = doors
        self._connections = connections
        self._kept: dict[tuple[object, ApiClient], CanvasChannel] = {}
        self._lock = threading.Lock()

    def of(self, site: Site) -> Mapping[AddressKind, NoticeChannel]:
        """Return the site's channels."""
        roads: dict[AddressKind, NoticeChannel] = {}
        client = self._doors.api_client_of_site(site.id)
        if client is not None:
            roads[AddressKind.CANVAS] = self._canvas(site, client)
        if self._mail is not None:
            roads[AddressKind.MAIL] = self._mail
        return roads

    def _canvas(self, site: Site, client: ApiClient) -> CanvasChannel:
        # Kept, so that the refresh lock and the rate gate of each teacher are the same for every delivery.
        with self._lock:
            key = (site.id, client)
            if key not in self._kept:
                senders = Senders(
                    Origin.parse(client.base_url),
                    self._connections.oauth(client),
                    SiteGrants(self._doors, site, client),
                )
                self._kept[key] = CanvasChannel(senders)
            return self._kept[key]


def mail_settings(settings: Settings) -> MailSettings | None:
    """Return the mail server of the settings, or None when none is given."""
    smtp = settings.smtp
    if smtp is None or settings.mail_from is None:
        return None
    security = MailSecurity.NONE
    if smtp.tls:
        security = MailSecurity.TLS
    elif smtp.starttls:
        security = MailSecurity.STARTTLS
    return MailSettings(
        host=smtp.host,
        port=smtp.port,
        user=smtp.user or "",
        password=smtp.password or "",
        security=security,
        from_address=settings.mail_from,
    )
