"""The roads out of a site: which channel serves which kind of address, made once per site and kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage

from connectors.canvas import CanvasChannel, CanvasReplies
from connectors.google_classroom import GmailChannel
from connectors.http import Origin
from connectors.mail.channel import SmtpChannel
from connectors.mail.inbox import Inbox, InboxSettings
from connectors.mail.letter import write_letter
from connectors.mail.replies import MailReplies
from connectors.mail.settings import MailSecurity, MailSettings
from iepcore.ids import SiteId
from iepcore.notices import Notice
from iepcore.people import AddressKind
from iepcore.ports import NoticeChannel, ReplySource
from lti_app.delivery.connections import CanvasConnections
from lti_app.delivery.google_connections import GoogleConnections
from lti_app.delivery.sms import sms_channel
from lti_app.doors.google.clients import google_client_of_site
from lti_app.doors.google_access import GoogleUse
from lti_app.doors.records import ApiClient, DoorStore, Site
from lti_app.settings import Settings

KNOWN_SECONDS = 5.0


class Roads:
    """Channels by kind of address. A site without a Canvas key has no Canvas road; mail needs
    IEP_SMTP_URL, or a site that chose its adults' own Gmail."""

    def __init__(
        self,
        settings: Settings,
        doors: DoorStore,
        connections: CanvasConnections,
        google: GoogleConnections | None = None,
    ) -> None:
        mail = mail_settings(settings)  # a wrong mail server is told at start, not at the first notice
        inbox = inbox_settings(settings)
        self._mail = SmtpChannel(mail, takes_replies=inbox is not None) if mail is not None else None
        self._sms = sms_channel(settings)
        self.mailbox: ReplySource | None = MailReplies(Inbox(inbox)) if inbox is not None else None
        self._doors = doors
        self._connections = connections
        self._google = google
        self._gmail_known: dict[SiteId, tuple[float, GmailChannel | None]] = {}
        self._kept: dict[tuple[object, ApiClient], tuple[CanvasChannel, CanvasReplies]] = {}
        self._lock = threading.Lock()

    def of(self, site: Site) -> Mapping[AddressKind, NoticeChannel]:
        """Return the site's channels."""
        roads: dict[AddressKind, NoticeChannel] = {}
        client = self._doors.api_client_of_site(site.id)
        if client is not None:
            roads[AddressKind.CANVAS] = self._canvas(site, client)[0]
        mail = self._gmail(site) or self._mail
        if mail is not None:
            roads[AddressKind.MAIL] = mail
        if self._sms is not None:
            roads[AddressKind.SMS] = self._sms
        return roads

    def reply_sources(self, site: Site) -> Mapping[AddressKind, ReplySource]:
        """Return where answers to a site's notices can be fetched, beside the mailbox all sites share."""
        client = self._doors.api_client_of_site(site.id)
        return {} if client is None else {AddressKind.CANVAS: self._canvas(site, client)[1]}

    def _gmail(self, site: Site) -> GmailChannel | None:
        """Return the road through the senders' own Google accounts where the site chose it.

        Looked up every few seconds only: every request asks which roads there are.
        """
        known = self._gmail_known.get(site.id)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        found = self._look_for_gmail(site)
        self._gmail_known[site.id] = (time.monotonic() + KNOWN_SECONDS, found)
        return found

    def _look_for_gmail(self, site: Site) -> GmailChannel | None:
        client = google_client_of_site(self._doors, site.id) if self._google is not None else None
        if self._google is None or client is None or not self._google.uses(site, GoogleUse.MAIL):
            return None
        origin = Origin.parse(client.endpoints.gmail_url)
        return GmailChannel(self._google.accounts(client), _gmail_letter, origin=origin)

    def _canvas(self, site: Site, client: ApiClient) -> tuple[CanvasChannel, CanvasReplies]:
        # Kept, so that the refresh lock and the rate gate of each teacher are the same for every delivery.
        with self._lock:
            key = (site.id, client)
            if key not in self._kept:
                senders = self._connections.senders(site, client)
                self._kept[key] = CanvasChannel(senders), CanvasReplies(senders)
            return self._kept[key]


def _gmail_letter(
    notice: Notice, text: str, subject: str, to: str, *, sender: str, at: datetime
) -> EmailMessage:
    """Write the same letter that the school's mail server would carry, from the sender's own address."""
    settings = MailSettings(host="gmail", from_address=sender)
    return write_letter(notice, text, subject, to, settings=settings, at=at)


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


def inbox_settings(settings: Settings) -> InboxSettings | None:
    """Return the mailbox of the settings, or None when none is given.

    Raises:
        InvalidValue: ``mail_insecure`` for a mailbox on another machine without TLS.
    """
    imap = settings.imap
    if imap is None:
        return None
    security = MailSecurity.TLS if imap.tls else MailSecurity.STARTTLS if imap.starttls else MailSecurity.NONE
    return InboxSettings(
        host=imap.host,
        port=imap.port,
        user=imap.user,
        password=imap.password,
        security=security,
        folder=imap.folder,
    )
