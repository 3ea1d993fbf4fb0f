"""Mail: plain text to one recipient over the school's mail server."""

from __future__ import annotations

from connectors.mail.channel import SmtpChannel
from connectors.mail.settings import MailSecurity, MailSettings

__all__ = ["MailSecurity", "MailSettings", "SmtpChannel"]
