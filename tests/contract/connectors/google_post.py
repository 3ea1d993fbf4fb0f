"""Our Gmail channel and our calendar in the teacher's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from connectors.google_classroom import (
    GmailChannel,
    GoogleAccounts,
    GoogleCalendar,
    Invitation,
    LetterWriter,
)
from connectors.http import Limits
from connectors.mail import MailSecurity, MailSettings
from connectors.mail.letter import write_letter
from iepcore.notices import Notice, Receipt
from iepcore.people import AddressKind, ChannelAddress
from tests.contract.connectors.doers import SUBJECT, make_notice, text_of
from tests.contract.connectors.google_doers import LIMITS, School

PARENT = "casey@mail.example"
BEGIN = datetime(2026, 11, 5, 15, 30, tzinfo=UTC)


def letter(notice: Notice, text: str, subject: str, to: str, *, sender: str, at: datetime) -> EmailMessage:
    """Write the letter that SMTP would carry."""
    settings = MailSettings(host="localhost", security=MailSecurity.NONE, from_address=sender)
    return write_letter(notice, text, subject, to, settings=settings, at=at)


def accounts(school: School, *, limits: Limits = LIMITS) -> GoogleAccounts:
    """Return the adults of the school; the teacher has connected."""
    if school.teacher_id not in school.grants.kept:
        school.connect()
    return GoogleAccounts(school.oauth, school.grants, timing=school.watch.timing, limits=limits)


def mail_address(value: str = PARENT) -> ChannelAddress:
    """Return a mail address."""
    return ChannelAddress(kind=AddressKind.MAIL, value=value)


def deliver(
    school: School,
    to: ChannelAddress | None = None,
    *,
    notice: Notice | None = None,
    subject: str = SUBJECT,
    text: str | None = None,
    limits: Limits = LIMITS,
    write: LetterWriter = letter,
) -> Receipt:
    """Send a notice over Gmail."""
    channel = GmailChannel(accounts(school, limits=limits), write, origin=school.origin)
    notice = notice or make_notice()
    return channel.deliver(
        notice,
        text_of(notice) if text is None else text,
        subject,
        to or mail_address(),
        sender_id=school.teacher_id,
    )


def calendar(school: School, *, limits: Limits = LIMITS) -> GoogleCalendar:
    """Return the calendar."""
    return GoogleCalendar(accounts(school, limits=limits), origin=school.origin)


def invitation(to: str = PARENT, **changes: object) -> Invitation:
    """Return an invitation to a meeting of an hour."""
    values: dict[str, object] = {
        "key": "0198f2b4",
        "guest": mail_address(to),
        "begins_at": BEGIN,
        "ends_at": BEGIN + timedelta(hours=1),
    }
    return Invitation(**(values | changes))  # type: ignore[arg-type]


def outcome(receipt: Receipt) -> tuple[str, str, bool]:
    """Return what the worker acts on."""
    return receipt.state.value, receipt.reason, receipt.retryable
