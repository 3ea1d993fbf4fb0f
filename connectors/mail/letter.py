"""A notice as a mail: plain UTF-8 text, one recipient, nothing that tracks and nothing that tells."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from connectors.mail.settings import MailSettings
from iepcore.notices import Notice

# 7-bit on the wire: no server has to be asked whether it can carry more.
_POLICY = SMTP.clone(cte_type="7bit")


def write_letter(
    notice: Notice, text: str, subject: str, to: str, *, settings: MailSettings, at: datetime
) -> EmailMessage:
    """Return the mail. Its Message-ID comes from the notice's reference, so that a repeat is the same mail.

    ``Auto-Submitted`` (RFC 3834) keeps holiday answers away.
    """
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(display_name=one_line(notice.school_name), addr_spec=settings.from_address)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = one_line(subject)
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = message_id(notice.reference, settings=settings)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text, subtype="plain", charset="utf-8")
    return letter


def message_id(reference: str, *, settings: MailSettings) -> str:
    """Return the stable Message-ID of a reference. Hexadecimal digits spell no word, whatever was drawn."""
    return f"<{sha256(reference.encode()).hexdigest()[:32]}@{settings.from_domain}>"


def one_line(text: str) -> str:
    """Return a header's text without line ends and control characters: a header cannot be added to."""
    spaced = ("".join(" " if unicodedata.category(ch) in {"Cc", "Zl", "Zp"} else ch for ch in text)).split()
    return " ".join(spaced)
