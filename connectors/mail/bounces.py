"""Mails that say a mail did not arrive: delivery status notifications (RFC 3464) and what looks like them."""

from __future__ import annotations

import re
from email.message import Message
from enum import StrEnum

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_DAEMONS = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_NO_ADDRESS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.10"})
_FULL = re.compile(r"quota|mailbox (?:is )?full|over ?quota|storage limit|buz[oó]n lleno", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"user unknown|no such (?:user|address|recipient|mailbox)|unknown (?:user|recipient)|does not exist"
    r"|address (?:not found|couldn't be found)|no existe",
    re.IGNORECASE,
)
_WAITS = re.compile(r"delayed|will (?:keep|continue) trying|temporar|not yet been delivered", re.IGNORECASE)


class Bounced(StrEnum):
    """What a mailbox said: our code, shown to the sender in plain words."""

    NO_ADDRESS = "mailbox_no_address"
    FULL = "mailbox_full"
    LATER = "mailbox_later"
    REFUSED = "mailbox_refused"


def bounce_of(mail: Message, sender: str, text: str) -> Bounced | None:
    """Return what a mail says of one of ours, or None for a mail that is no bounce, or reports a success."""
    if mail.get_content_type() == "multipart/report" and _report_type(mail) == "delivery-status":
        return _by_fields(mail) or None
    if _DAEMONS.match(sender):
        return _by_words(text)
    return None


def is_report(mail: Message, sender: str) -> bool:
    """Tell whether a mail comes from the machinery of mail, whatever it says."""
    return mail.get_content_type() == "multipart/report" or _DAEMONS.match(sender) is not None


def original_ids(mail: Message) -> list[str]:
    """Return the Message-IDs of mails that are enclosed in a report, whole or headers only."""
    found = []
    for part in mail.walk():
        if part is mail:
            continue
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
            found += re.findall(r"(?im)^message-id:\s*(<[^<>\s]{3,250}>)", text)
        elif part.get("Message-ID"):
            found.append(str(part["Message-ID"]).strip())
    return found


def _report_type(mail: Message) -> str:
    return str(mail.get_param("report-type") or "").lower()


def _by_fields(mail: Message) -> Bounced | None:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Message):
                continue
            action = str(block.get("Action", "")).strip().lower()
            if action == "delayed":
                return Bounced.LATER
            if action == "failed":
                return _by_status(str(block.get("Status", "")), str(block.get("Diagnostic-Code", "")))
    return None


def _by_status(status: str, words: str) -> Bounced:
    match = _STATUS.search(status) or _STATUS.search(words)
    code = f"{int(match[2])}.{int(match[3])}" if match else ""
    if code in _NO_ADDRESS:
        return Bounced.NO_ADDRESS
    if code == "2.2" or _FULL.search(words):
        return Bounced.FULL
    if not code or code == "0.0":
        return Bounced.NO_ADDRESS if _UNKNOWN.search(words) else Bounced.REFUSED
    return Bounced.REFUSED


def _by_words(text: str) -> Bounced:
    match = _STATUS.search(text)
    if _WAITS.search(text) and (match is None or match[1] == "4"):
        return Bounced.LATER
    if _FULL.search(text):
        return Bounced.FULL
    if _UNKNOWN.search(text):
        return Bounced.NO_ADDRESS
    return _by_status(match[0] if match else "", text)
