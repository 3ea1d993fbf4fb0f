"""Messages of a conversation: one thread per goal (or per child), made of phrases and free text.

A message is seen by its author, by the adults it names, and by the child's staff when ``to_staff`` is set. A
parent's
answer names nobody else, so one household never reads another's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ClientKey, DraftId, GoalId, MessageId, StudentId, ThreadId
from iepcore.language import Part, normalise_tag
from iepcore.notices import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation about one goal of one child; ``goal_id`` None is the child's general conversation."""

    id: ThreadId
    student_id: StudentId
    goal_id: GoalId | None
    created_at: datetime


class MessageKind(StrEnum):
    """``update`` comes from school with data, ``note`` without, ``reply`` answers."""

    UPDATE = "update"
    NOTE = "note"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, never changed and never silently deleted.

    ``parts`` in reading order; ``recipient_ids`` the adults of the family it is for (empty in a parent's
    reply);
    ``client_key`` makes a repeated send harmless.

    Raises:
        InvalidValue: ``message_empty``, ``too_many_parts``, ``nobody_to_read``, ``answer_day_missing``.
    """

    id: MessageId
    thread_id: ThreadId
    student_id: StudentId
    goal_id: GoalId | None
    author_id: AdultId
    from_family: bool
    kind: MessageKind
    parts: tuple[Part, ...]
    recipient_ids: frozenset[AdultId]
    client_key: ClientKey
    sent_at: datetime
    to_staff: bool = True
    urgency: Urgency = Urgency.NOT_URGENT
    answer_by: date | None = None
    in_reply_to: MessageId | None = None

    def __post_init__(self) -> None:
        if not self.parts:
            raise InvalidValue("message_empty", field="parts")
        if len(self.parts) > 40:
            raise InvalidValue("too_many_parts", field="parts", params={"limit": 40})
        if not self.recipient_ids and not self.to_staff:
            raise InvalidValue("nobody_to_read", field="recipient_ids")
        if self.urgency is Urgency.PLEASE_ANSWER and self.answer_by is None:
            raise InvalidValue("answer_day_missing", field="answer_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOpened:
    """Somebody's screen showed a message. Opened is not understood, and no screen may say so."""

    message_id: MessageId
    adult_id: AdultId
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The author's own unfinished words: seen by nobody else, gone when sent or after 30 days."""

    id: DraftId
    author_id: AdultId
    student_id: StudentId
    goal_id: GoalId | None
    parts: tuple[Part, ...]
    language: str
    saved_at: datetime
    version: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "language", normalise_tag(self.language))


def is_visible_to(message: Message, adult_id: AdultId, *, is_staff: bool) -> bool:
    """Tell whether an adult takes part in a message: as author, as a named recipient, or as staff of the
    child."""
    return (
        message.author_id == adult_id or adult_id in message.recipient_ids or (is_staff and message.to_staff)
    )
