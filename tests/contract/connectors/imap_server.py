"""A real IMAP server in a thread: enough of RFC 3501 to be read from, and it can fall silent and hang up."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Lying:
    """A mail as it lies in the mailbox."""

    uid: int
    raw: bytes
    at: datetime


@dataclass
class Box:
    """The mailbox and how the server behaves. ``commands`` keeps every command without its password."""

    mails: list[Lying] = field(default_factory=list)
    password: str = "right"
    folders: frozenset[str] = frozenset({"INBOX"})
    validity: int = 7
    commands: list[str] = field(default_factory=list)
    hang_up_after: int = -1
    """Fetches that are answered before the line breaks; -1 for ever."""
    broken_search: bool = False
    odd_date: bool = False
    gone: frozenset[int] = frozenset()
    tls: ssl.SSLContext | None = None
    port: int = 0

    def put(self, mail: EmailMessage | bytes, at: datetime | None = None) -> int:
        """Lay a mail into the box; return its uid."""
        uid = self.mails[-1].uid + 1 if self.mails else 1
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        self.mails.append(Lying(uid, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), at or _now()))
        return uid

    def fetched(self) -> list[int]:
        """Return the uids that were fetched."""
        return [int(one.split()[2]) for one in self.commands if one.startswith("UID FETCH")]


def _now() -> datetime:
    return datetime(2026, 11, 24, 16, 30, tzinfo=UTC)


class _Handler(socketserver.StreamRequestHandler):
    """One talk."""

    timeout = 20

    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]
        self._say("* OK ready")
        answered = 0
        while line := self.rfile.readline(70_000):
            tag, _, command = line.decode("ascii", "replace").strip().partition(" ")
            verb = command.split(" ")[0].upper()
            box.commands.append("LOGIN" if verb == "LOGIN" else command)
            if verb == "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1 STARTTLS")
            elif verb == "STARTTLS" and box.tls is not None:
                self._say(f"{tag} OK begin")
                self.connection = box.tls.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")  # type: ignore[assignment]
                self.wfile = self.connection.makefile("wb")  # type: ignore[assignment]
                continue
            elif verb == "LOGIN" and not command.endswith((f'"{box.password}"', f" {box.password}")):
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] someone@example.org is wrong")
                continue
            elif verb == "EXAMINE":
                if command.split('"')[1] not in box.folders:
                    self._say(f"{tag} NO no such folder")
                    continue
                self._say(f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] ids")
            elif verb == "SELECT":
                self._say(f"{tag} NO it would be marked as read")
                continue
            elif command.upper().startswith("UID SEARCH"):
                if box.broken_search:
                    self._say(f"{tag} NO not today")
                    continue
                self._say(f"* SEARCH {' '.join(self._found(box, command))}".rstrip())
            elif command.upper().startswith("UID FETCH"):
                if answered == box.hang_up_after:
                    return
                answered += 1
                self._fetch(box, command)
            elif verb == "LOGOUT":
                self._say(f"* BYE\r\n{tag} OK")
                return
            self._say(f"{tag} OK done")

    def finish(self) -> None:
        """Close the talk, also one that was upgraded."""
        with suppress(OSError, ValueError):
            super().finish()
        self.connection.close()

    def _found(self, box: Box, command: str) -> Iterator[str]:
        day, month, year = command.split()[-1].split("-")
        since = datetime(int(year), MONTHS.index(month) + 1, int(day), tzinfo=UTC)
        return (str(one.uid) for one in reversed(box.mails) if one.at >= since)

    def _fetch(self, box: Box, command: str) -> None:
        uid = int(command.split()[2])
        found = next((one for one in box.mails if one.uid == uid), None)
        limit = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", command)
        if found is None or uid in box.gone or limit is None:
            return
        part = found.raw[: int(limit[1])]
        at = found.at
        stamp = f"{at.day:>2}-{MONTHS[at.month - 1]}-{at.year} {at:%H:%M:%S} +0000"
        stamp = "yesterday" if box.odd_date else stamp
        size = f"RFC822.SIZE {len(found.raw)} BODY[]<0> {{{len(part)}}}"
        head = f'* 1 FETCH (UID {uid} INTERNALDATE "{stamp}" {size}'
        self.wfile.write(head.encode() + b"\r\n" + part + b")\r\n")
        self.wfile.flush()

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: Box, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.box = box
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when the other side hangs up."""


@contextmanager
def imap_server(box: Box, *, tls: ssl.SSLContext | None = None) -> Iterator[Box]:
    """Serve ``box`` on a free port of this machine; ``tls`` from the first byte."""
    server = _Server(box, tls)
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()


def mail(
    text: str = "Thank you.",
    *,
    sender: str = "Elena <elena@example.org>",
    answers: str = "",
    **headers: str,
) -> EmailMessage:
    """Return a mail as a family's program writes it; header names with ``_`` for ``-``."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = "notices@school.example.org"
    made["Subject"] = "Re: A message"
    made["Message-ID"] = f"<{abs(hash((text, sender, answers)))}@mail.example>"
    if answers:
        made["In-Reply-To"] = answers
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made
