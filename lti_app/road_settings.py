"""Settings of the roads back: the mailbox that answers come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Imap:
    """A mailbox. ``tls`` starts encrypted (``imaps://``); ``starttls`` upgrades a plain connection."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    starttls: bool = False
    tls: bool = False


def read_imap(text: str) -> Imap | None:
    """Return the mailbox of a URL such as ``imaps://user:password@mail.example.org/INBOX``; None for no text.

    Raises:
        ValueError: what is wrong with it, as the end of a sentence.
    """
    if not text:
        return None
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or port == -1 or not parts.username:
        raise ValueError("must look like imaps://user:password@mail.example.org/INBOX")
    tls = parts.scheme == "imaps"
    return Imap(
        host=parts.hostname,
        port=port or (993 if tls else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        starttls=parse_qs(parts.query).get("starttls", ["0"])[-1] in ("1", "true", "yes"),
        tls=tls,
    )
