"""One mail that came in, read as far as needed: who, in answer to what, in which words, by whose hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256

from connectors.mail.bounces import Bounced, bounce_of, is_report, original_ids
from connectors.mail.quoting import text_of_html, without_quotes
from connectors.mail.settings import is_plain_address

LONGEST_TEXT = 20_000
"""Characters of an answer that are kept; the rest is cut, and the answer says so."""

_ID = re.compile(r"<[^<>\s]{3,250}>")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_BY_MACHINE = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "List-Id", "List-Unsubscribe")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncomingMail:
    """What one mail says. ``key`` recognises it again; ``answers`` are the Message-IDs it names, nearest
    first; ``whole`` is its text with the quotation. Its representation shows no word and no address."""

    key: str
    sender: str
    answers: tuple[str, ...]
    text: str
    whole: str
    attachments: int
    is_automatic: bool
    is_cut: bool
    bounced: Bounced | None

    def __repr__(self) -> str:
        return f"IncomingMail({self.key[:8]})"


def read_mail(raw: bytes, *, is_cut: bool = False) -> IncomingMail:
    """Return what a mail says. Whatever is malformed in it is left out; nothing is raised."""
    mail = message_from_bytes(raw)
    sender = _sender(mail)
    whole, attachments = _content(mail)
    text = without_quotes(whole)
    bounced = bounce_of(mail, sender, whole)
    answers = [*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))]
    if bounced is not None or is_report(mail, sender):
        answers = [*original_ids(mail), *answers, *_ID.findall(whole)]
    own = _ids(mail, "Message-ID")
    return IncomingMail(
        key=sha256(own[0].encode() if own else raw).hexdigest()[:40],
        sender=sender,
        answers=tuple(dict.fromkeys(answers)),
        text=text[:LONGEST_TEXT],
        whole=whole,
        attachments=attachments,
        is_automatic=_is_automatic(mail) or is_report(mail, sender),
        is_cut=is_cut or len(text) > LONGEST_TEXT,
        bounced=bounced,
    )


def _header(mail: Message, name: str) -> str:
    value = mail.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def _ids(mail: Message, name: str) -> list[str]:
    return [one for value in mail.get_all(name, []) for one in _ID.findall(str(value))]


def _sender(mail: Message) -> str:
    """Return the one address a mail says it is from; empty when it names none, several, or a strange one."""
    named = [
        address for _, address in getaddresses([str(one) for one in mail.get_all("From", [])]) if address
    ]
    return named[0] if len(named) == 1 and is_plain_address(named[0]) else ""


def _is_automatic(mail: Message) -> bool:
    submitted = _header(mail, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if any(mail.get(name) is not None for name in _BY_MACHINE):
        return True
    if _header(mail, "X-Auto-Response-Suppress").strip().lower() == "all":
        return True
    return (
        _header(mail, "Precedence").strip().lower() in _BULK or _header(mail, "Return-Path").strip() == "<>"
    )


def _content(mail: Message) -> tuple[str, int]:
    """Return the text of a mail and how many attachments it has (none of them is opened)."""
    plain: str | None = None
    html: str | None = None
    attachments = 0
    for part in _outer_parts(mail):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in {"text/plain", "text/html"}:
            attachments += kind not in {"message/delivery-status", "text/rfc822-headers", "message/rfc822"}
        elif kind == "text/plain":
            plain = _decoded(part) if plain is None else f"{plain}\n{_decoded(part)}"
        elif html is None:
            html = text_of_html(_decoded(part))
    return (plain if plain is not None and plain.strip() else html or ""), attachments


def _outer_parts(mail: Message) -> list[Message]:
    """Return the parts of a mail without those of mails enclosed in it."""
    if not mail.is_multipart() or mail.get_content_type().startswith("message/"):
        return [mail]
    found: list[Message] = []
    payload = mail.get_payload()
    for part in payload if isinstance(payload, list) else []:
        if isinstance(part, Message):
            found += _outer_parts(part)
    return found


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
