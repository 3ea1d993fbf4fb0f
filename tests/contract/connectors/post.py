"""Our mail channel in front of one server."""

from __future__ import annotations

import ssl
from pathlib import Path

from connectors.mail import MailSecurity, MailSettings, SmtpChannel
from iepcore.ids import AdultId, new_uuid7
from iepcore.notices import Notice, Receipt
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.doers import SUBJECT, Watch, make_notice, text_of

PARENT = "casey.smith@mail.example"
FROM = "messages@northside.example"
TEACHER_ID = AdultId(new_uuid7())


class Post:
    """Our channel in front of one server."""

    def __init__(self, port: int, watch: Watch, *, tls: Path | None = None, **settings: object) -> None:
        values: dict[str, object] = {
            "host": "localhost",
            "port": port,
            "from_address": FROM,
            "security": MailSecurity.NONE,
            "read_seconds": 20.0,
        }
        self.settings = MailSettings(**(values | settings))  # type: ignore[arg-type]
        self.channel = SmtpChannel(
            self.settings,
            now=watch.now,
            tls=lambda: ssl.create_default_context(cafile=str(tls) if tls else None),
        )

    def deliver(
        self,
        to: str = PARENT,
        *,
        notice: Notice | None = None,
        subject: str = SUBJECT,
        text: str | None = None,
    ) -> Receipt:
        """Send a notice."""
        notice = notice or make_notice()
        words = text_of(notice) if text is None else text
        address = ChannelAddress(kind=AddressKind.MAIL, value=to)
        return self.channel.deliver(notice, words, subject, address, sender_id=TEACHER_ID)


def outcome(receipt: Receipt) -> tuple[str, str, bool]:
    """Return what the worker acts on."""
    return receipt.state.value, receipt.reason, receipt.retryable
