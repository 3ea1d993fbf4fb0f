"""The mailbox: a small SMTP server that keeps what it is given, byte by byte."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy

from aiosmtpd.smtp import SMTP, Envelope, Session

from lti_app.sandbox.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One received message; ``raw`` is the content as it came over the wire."""

    number: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        """The message, read by the standard library."""
        return message_from_bytes(self.raw, policy=default_policy)

    @property
    def subject(self) -> str:
        """The decoded subject, empty when there is none."""
        return str(self.parsed.get("Subject", ""))

    @property
    def text(self) -> str:
        """The plain text part, decoded, lines ended by a newline; empty when there is none."""
        body = self.parsed.get_body(preferencelist=("plain",))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


class Mailbox:
    """Keeps mail; ``handle_DATA`` is what aiosmtpd calls."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._lock = threading.Lock()
        self._mails: list[Mail] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept one message."""
        raw = envelope.original_content or b""
        self.take(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw)
        return "250 OK"

    def take(
        self, sender: str, recipients: tuple[str, ...], raw: bytes, *, wire: bytes | None = None
    ) -> Mail:
        """Keep one message; ``wire`` is what came over the line where that was more."""
        delivery = self._wire.record("mail", ", ".join(recipients), raw if wire is None else wire)
        mail = Mail(number=delivery.number, at=delivery.at, sender=sender, recipients=recipients, raw=raw)
        with self._lock:
            self._mails.append(mail)
        return mail

    def all(self) -> list[Mail]:
        """Every message, oldest first."""
        with self._lock:
            return list(self._mails)

    def clear(self) -> None:
        """Throw everything away."""
        with self._lock:
            self._mails.clear()


class MailServer:
    """The SMTP listener on 127.0.0.1, in a thread with its own event loop. Port 0 takes any free one."""

    def __init__(self, mailbox: Mailbox, port: int = 0) -> None:
        self._mailbox = mailbox
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="practice-smtp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the listener and wait for its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        listener = self._loop.run_until_complete(self._loop.create_server(self._session, sock=self._socket))
        try:
            self._loop.run_forever()
        finally:
            listener.close()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    def _session(self) -> SMTP:
        return SMTP(self._mailbox, hostname="localhost", loop=self._loop, enable_SMTPUTF8=True)
