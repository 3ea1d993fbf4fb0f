"""Answers that come back by the road a notice took, and what can be said of each road."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.ids import AdultId, OutboxId
from iepcore.people import AddressKind, ChannelAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTraits:
    """What a road promises, as its vendor documents it.

    ``is_private``: the platform can show that only the one recipient sees it. ``is_recallable``: it can be
    taken back. ``is_idempotent``: the same notice twice arrives once. ``leaves_platform``: the words go on to
    mailboxes or telephones the school does not keep. ``takes_replies``: an answer by the same road can be
    fetched; where it cannot, the notice says so and where to answer instead.
    """

    kind: AddressKind
    is_private: bool
    is_recallable: bool
    is_idempotent: bool
    leaves_platform: bool
    takes_replies: bool


class ReplyKind(StrEnum):
    """What came back. Only ``answer`` holds a person's words to the school."""

    ANSWER = "answer"
    STOP = "stop"
    """The recipient wants nothing more by this road."""
    START = "start"
    """The recipient takes that back."""
    WRONG_NUMBER = "wrong_number"
    """Somebody else has this address: nothing more goes there until a person looked."""
    BOUNCE = "bounce"
    """The road itself says that it could not be delivered; ``code`` says why."""
    AUTOMATIC = "automatic"
    """A holiday answer and its like: nobody wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNotice:
    """A notice that left and may be answered: what its answer can be recognised by.

    ``platform_id`` is the conversation or Message-ID of the road, ``reference`` the word printed in the
    notice.
    """

    item_id: OutboxId
    sender_id: AdultId
    recipient: ChannelAddress
    reference: str
    sent_at: datetime
    platform_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IncomingReply:
    """One thing that came back. Its representation shows no word and no address.

    ``item_id`` is the notice it answers when the road itself ties the two (the stored conversation, the
    ``In-Reply-To`` of our Message-ID, the reference quoted), None when nothing does: then a person decides.
    ``sender`` is the address it came from as the road tells it; it is compared with the recipient of that
    notice, and a stranger's answer goes to a person. ``text`` is plain, without the quoted notice.
    """

    kind: ReplyKind
    platform_id: str
    sender: ChannelAddress
    received_at: datetime
    item_id: OutboxId | None = None
    text: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return f"IncomingReply({self.kind.value}, {self.platform_id!r})"
