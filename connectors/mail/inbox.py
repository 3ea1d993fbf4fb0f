"""A mailbox read over IMAP (RFC 3501), and only read: nothing is marked, moved or deleted there.

The mailbox is opened with EXAMINE and bodies are fetched with PEEK, so that a person who looks after it
finds it as it was. Time limits are ours; a mail is read up to a limit, so that a film sent by a family
fills no memory.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from connectors.http import is_loopback
from connectors.mail.settings import MailSecurity
from iepcore.errors import ConnectorError, InvalidValue

LARGEST_READ = 1024 * 1024
"""Bytes of one mail that are read: text comes first, what follows are attachments that are not taken
anyway."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_AT = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class InboxError(ConnectorError):
    """The mailbox cannot be read now. The code says why; no word of the server travels on."""

    default_code = "mail_inbox_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSettings:
    """Where answers arrive. Seconds: to connect, per answer.

    Raises:
        InvalidValue: ``mail_server_form``, ``mail_insecure`` (a password would cross the network in the
        open).
    """

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: MailSecurity = MailSecurity.TLS
    folder: str = "INBOX"
    connect_seconds: float = 5.0
    read_seconds: float = 20.0

    def __post_init__(self) -> None:
        if not self.host or not self.user or not 0 < self.port < 65_536:
            raise InvalidValue("mail_server_form", field="host")
        if not self.folder or any(ch in self.folder for ch in '"\\\r\n') or not self.folder.isascii():
            raise InvalidValue("mail_server_form", field="folder")
        if self.security is MailSecurity.NONE and not is_loopback(self.host):
            raise InvalidValue("mail_insecure", field="security")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RawMail:
    """One mail as it lies there. ``uid`` names it for good within ``generation`` (UIDVALIDITY); ``at`` is
    when the server got it, by the server's clock."""

    generation: str
    uid: str
    at: datetime
    raw: bytes
    is_cut: bool


class Inbox:
    """Reads mails of a mailbox, oldest first."""

    def __init__(
        self, settings: InboxSettings, *, tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ) -> None:
        self._settings = settings
        self._tls = tls

    def mails(
        self, *, since: date, known: Callable[[str, str], bool] = lambda *_: False
    ) -> Iterator[RawMail]:
        """Yield the mails that the server got on ``since`` or later, one after the other.

        ``known(generation, uid)`` tells which need not be fetched again.

        Raises:
            InboxError: ``mail_inbox_down``, ``mail_inbox_login``, ``mail_inbox_security`` or
                ``mail_inbox_folder``; those already yielded stay good.
        """
        client = self._open()
        try:
            yield from self._read(client, since, known)
        except (imaplib.IMAP4.error, OSError, ValueError) as problem:
            raise _told(problem) from None
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
            with suppress(OSError):
                client.shutdown()

    def _open(self) -> imaplib.IMAP4:
        settings = self._settings
        client: imaplib.IMAP4 | None = None
        try:
            if settings.security is MailSecurity.TLS:
                client = imaplib.IMAP4_SSL(
                    settings.host, settings.port, ssl_context=self._tls(), timeout=settings.connect_seconds
                )
            else:
                client = imaplib.IMAP4(settings.host, settings.port, timeout=settings.connect_seconds)
            client.sock.settimeout(settings.read_seconds)
            if settings.security is MailSecurity.STARTTLS:
                client.starttls(self._tls())
        except (imaplib.IMAP4.error, OSError, ValueError) as problem:
            _close(client)
            raise _told(problem) from None
        try:
            client.login(settings.user, settings.password)
        except imaplib.IMAP4.abort as problem:
            _close(client)
            raise _told(problem) from None
        except imaplib.IMAP4.error:
            _close(client)
            raise InboxError("mail_inbox_login") from None
        except OSError as problem:
            _close(client)
            raise _told(problem) from None
        return client

    def _read(
        self, client: imaplib.IMAP4, since: date, known: Callable[[str, str], bool]
    ) -> Iterator[RawMail]:
        if client.select(f'"{self._settings.folder}"', readonly=True)[0] != "OK":
            raise InboxError("mail_inbox_folder")
        validity = client.response("UIDVALIDITY")[1]
        generation = _word(validity[0] if validity else b"0")
        day = f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"
        answer, found = client.uid("SEARCH", "SINCE", day)
        if answer != "OK":
            raise InboxError
        uids = (found[0] or b"").split() if found else []
        for uid in sorted((_word(one) for one in uids if one.isdigit()), key=int):
            if not known(generation, uid):
                mail = self._fetch(client, generation, uid)
                if mail is not None:
                    yield mail

    def _fetch(self, client: imaplib.IMAP4, generation: str, uid: str) -> RawMail | None:
        """Return one mail; None when somebody took it away meanwhile."""
        answer, parts = client.uid("FETCH", uid, f"(INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.{LARGEST_READ}>)")
        if answer != "OK":
            raise InboxError
        pairs = [one for one in parts if isinstance(one, tuple) and len(one) == 2]
        if not pairs:
            return None
        about = b" ".join([pairs[0][0], *(one for one in parts if isinstance(one, bytes))])
        size = _SIZE.search(about)
        return RawMail(
            generation=generation,
            uid=uid,
            at=_instant(about),
            raw=pairs[0][1],
            is_cut=size is not None and int(size[1]) > len(pairs[0][1]),
        )


def _close(client: imaplib.IMAP4 | None) -> None:
    if client is not None:
        with suppress(OSError):
            client.shutdown()


def _word(value: Any) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "0")


def _instant(about: bytes) -> datetime:
    """Return the server's INTERNALDATE (``24-Nov-2026 16:30:00 +0000``). Months are English in IMAP."""
    match = _AT.search(about)
    words = match[1].decode("ascii", "replace").strip() if match else ""
    parts = re.fullmatch(r"(\d{1,2})-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})", words)
    if parts is None or parts[2].title() not in _MONTHS:
        raise InboxError
    month = _MONTHS.index(parts[2].title()) + 1
    iso = f"{parts[3]}-{month:02}-{int(parts[1]):02}T{parts[4]}{parts[5]}"
    return datetime.fromisoformat(iso).astimezone(UTC)


def _told(problem: Exception) -> InboxError:
    if isinstance(problem, InboxError):
        return problem
    if isinstance(problem, ssl.SSLError):
        return InboxError("mail_inbox_security")
    return InboxError()
