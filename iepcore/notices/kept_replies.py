"""An answer that came back by a road, as it is kept: filed with its conversation, or waiting for a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from iepcore.errors import IllegalMove
from iepcore.ids import AdultId, MessageId, OutboxId, ReplyId, StudentId
from iepcore.notices.replies import ReplyKind
from iepcore.people import AddressKind


class ReplyState(StrEnum):
    """``filed``: it stands in the conversation. ``noted``: nobody's words (a holiday answer, a bounce, STOP).
    ``waiting``: a person must look. ``set_aside``: a person looked and it belongs nowhere."""

    FILED = "filed"
    NOTED = "noted"
    WAITING = "waiting"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeptReply:
    """One answer, once per road and ``platform_id``. Its representation shows no word and no address.

    ``reason`` says why a person must look: ``no_match`` (nothing ties it to a notice), ``stranger`` (not the
    address the notice went to), ``right_ended``, ``person_disabled``, ``not_filed``. ``handler_id`` is whose
    list it stands on; None is the records officers'. Words and address are kept only while somebody has to
    look: once it is filed the words stand in the conversation, once set aside they are gone.
    """

    id: ReplyId
    road: AddressKind
    platform_id: str
    kind: ReplyKind
    state: ReplyState
    received_at: datetime
    kept_at: datetime
    sender: str = ""
    text: str = ""
    reason: str = ""
    item_id: OutboxId | None = None
    student_id: StudentId | None = None
    adult_id: AdultId | None = None
    handler_id: AdultId | None = None
    message_id: MessageId | None = None
    settled_by: AdultId | None = None
    settled_at: datetime | None = None
    version: int = 1

    def __repr__(self) -> str:
        return f"KeptReply({self.state.value}, {self.platform_id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadFetch:
    """When a road was last read to its end."""

    road: AddressKind
    fetched_at: datetime


def file_reply(
    reply: KeptReply, *, message_id: MessageId, student_id: StudentId, by: AdultId | None, at: datetime
) -> KeptReply:
    """Return the answer after its words became a message of a conversation.

    Raises:
        IllegalMove: ``reply_state`` when nobody has to look at it any more.
    """
    _expect_waiting(reply)
    return replace(
        reply,
        state=ReplyState.FILED,
        message_id=message_id,
        student_id=student_id,
        text="",
        sender="",
        settled_by=by,
        settled_at=at,
        version=reply.version + 1,
    )


def set_reply_aside(reply: KeptReply, *, by: AdultId, at: datetime) -> KeptReply:
    """Return the answer set aside; its words and address are gone.

    Raises:
        IllegalMove: ``reply_state`` when nobody has to look at it any more.
    """
    _expect_waiting(reply)
    return replace(
        reply,
        state=ReplyState.SET_ASIDE,
        text="",
        sender="",
        settled_by=by,
        settled_at=at,
        version=reply.version + 1,
    )


def pass_reply_on(reply: KeptReply, *, to: AdultId) -> KeptReply:
    """Return the answer on another person's list.

    Raises:
        IllegalMove: ``reply_state`` when nobody has to look at it any more.
    """
    _expect_waiting(reply)
    return replace(reply, handler_id=to, version=reply.version + 1)


def _expect_waiting(reply: KeptReply) -> None:
    if reply.state is not ReplyState.WAITING:
        raise IllegalMove("reply_state", params={"from": reply.state.value})
