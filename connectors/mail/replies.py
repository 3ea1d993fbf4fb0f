"""Answers to notices by mail: each mail of the mailbox is tied to its notice, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.mail.inbox import Inbox, RawMail
from connectors.mail.incoming import IncomingMail, read_mail
from iepcore.ids import OutboxId
from iepcore.notices import IncomingReply, ReplyKind, SentNotice
from iepcore.people import AddressKind, ChannelAddress

NOBODY = ChannelAddress(kind=AddressKind.MAIL, value="unknown@invalid")
"""Stands for a sender a mail does not name plainly: nobody's address, so a person decides."""

_REFERENCE = re.compile(r"(?<![0-9A-Za-z])[2-9A-HJ-NP-Z]{8}(?![0-9A-Za-z])")


class MailReplies:
    """``iepcore.ports.ReplySource`` over one mailbox."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._taken: set[tuple[str, str]] = set()

    def replies(self, *, since: datetime, sent: Sequence[SentNotice]) -> Iterator[IncomingReply]:
        """Yield what came in since, oldest first. A mail is not fetched again once its taker asked for the
        next.

        A mail answers the notice whose Message-ID it names (``In-Reply-To``, then ``References``), else
        the one whose printed reference stands in its text. Bounces are tied the same way, by the mail
        enclosed in them.

        Raises:
            InboxError: the mailbox cannot be read to its end; what was yielded stays good.
        """
        by_id = {one.platform_id: one.item_id for one in sent if one.platform_id}
        by_reference = {one.reference: one.item_id for one in sent}
        for raw in self._inbox.mails(since=since.date(), known=lambda *key: key in self._taken):
            yield _reply(raw, by_id, by_reference)
            # Only now: a taker that failed never comes here, and gets the same mail next time.
            self._taken.add((raw.generation, raw.uid))


def _reply(raw: RawMail, by_id: dict[str, OutboxId], by_reference: dict[str, OutboxId]) -> IncomingReply:
    mail = read_mail(raw.raw, is_cut=raw.is_cut)
    kind, code = ReplyKind.ANSWER, ""
    if mail.bounced is not None:
        kind, code = ReplyKind.BOUNCE, mail.bounced.value
    elif mail.is_automatic:
        kind = ReplyKind.AUTOMATIC
    elif mail.attachments:
        code = "attachments_left"
    elif mail.is_cut:
        code = "text_cut"
    is_answer = kind is ReplyKind.ANSWER
    return IncomingReply(
        kind=kind,
        platform_id=mail.key,
        sender=ChannelAddress(kind=AddressKind.MAIL, value=mail.sender) if mail.sender else NOBODY,
        received_at=raw.at,
        item_id=_item(mail, by_id, by_reference),
        text=mail.text if is_answer else "",
        code=code,
    )


def _item(
    mail: IncomingMail, by_id: dict[str, OutboxId], by_reference: dict[str, OutboxId]
) -> OutboxId | None:
    for name in mail.answers:
        if name in by_id:
            return by_id[name]
    named = {by_reference[one] for one in _REFERENCE.findall(mail.whole) if one in by_reference}
    return named.pop() if len(named) == 1 else None
