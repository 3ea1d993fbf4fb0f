"""Mail: plain text to one recipient over the school's mail server, and the answers from its mailbox."""

from __future__ import annotations

from connectors.mail.channel import SmtpChannel
from connectors.mail.inbox import Inbox, InboxError, InboxSettings
from connectors.mail.replies import MailReplies
from connectors.mail.settings import MailSecurity, MailSettings

__all__ = [
    "Inbox",
    "InboxError",
    "InboxSettings",
    "MailReplies",
    "MailSecurity",
    "MailSettings",
    "SmtpChannel",
]
