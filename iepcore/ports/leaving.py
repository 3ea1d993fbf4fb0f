"""The records of one site that tell what left, what was done and what is kept: a repository per room."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from iepcore.ids import (
    AdultId,
    HoldId,
    MessageId,
    OutboxId,
    ReplyId,
    StudentId,
)
from iepcore.notices import (
    GradebookWord,
    KeptReply,
    OutboxItem,
    RoadConsent,
    RoadFetch,
    SendingPolicy,
)
from iepcore.people import (
    AddressKind,
    LegalHold,
    Suspension,
)


class OutboxRepository(Protocol):
    """Items to deliver."""

    def add(self, item: OutboxItem) -> None: ...
    def save(self, item: OutboxItem) -> None: ...
    def item(self, item_id: OutboxId) -> OutboxItem | None: ...
    def of_messages(self, message_ids: Collection[MessageId]) -> Sequence[OutboxItem]: ...
    def waiting_of(self, sender_id: AdultId) -> Sequence[OutboxItem]: ...
    def open_of(self, adult_id: AdultId) -> Sequence[OutboxItem]:
        """Queued and waiting items to this adult or in this adult's name."""
        ...

    def held_of_students(self, student_ids: Collection[StudentId], *, reason: str) -> Sequence[OutboxItem]:
        """Items about these children that were held for a reason, oldest first."""
        ...

    def lease_due(self, *, at: datetime, until: datetime, limit: int) -> Sequence[OutboxItem]:
        """Take due queued items, oldest first, and return them leased. Two workers never get the same one."""
        ...

    def vanished(self, *, at: datetime) -> Sequence[OutboxItem]:
        """Leased items whose lease ran out: their worker died between sending and saying so."""
        ...

    def waiting_for(self, reasons: Collection[str]) -> Sequence[OutboxItem]:
        """Waiting items with one of these reasons, oldest first."""
        ...

    def open_or_since(self, since: datetime, *, limit: int) -> Sequence[OutboxItem]:
        """Items that are not settled for good, and those settled since; newest first."""
        ...

    def answerable(self, channel: AddressKind, since: datetime) -> Sequence[OutboxItem]:
        """Items that left by a road since (or may have), oldest first."""
        ...

    def unlooked(self) -> Sequence[OutboxItem]:
        """Items with an unknown outcome that nobody has looked up yet."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How many items stand in each state."""
        ...


class GradebookRepository(Protocol):
    """Words that went to a gradebook."""

    def add(self, word: GradebookWord) -> GradebookWord:
        """Return the stored word: the first one for the same person and client key."""
        ...

    def save(self, word: GradebookWord) -> None: ...
    def of_student(self, student_id: StudentId) -> Sequence[GradebookWord]:
        """Oldest first."""
        ...


class KeepingRepository(Protocol):
    """Disabled people, and legal holds."""

    def add_suspension(self, suspension: Suspension) -> None: ...
    def save_suspension(self, suspension: Suspension) -> None: ...
    def suspension_of(self, adult_id: AdultId) -> Suspension | None:
        """The one in force: a person has at most one."""
        ...

    def suspensions(self) -> Sequence[Suspension]:
        """All there ever were, oldest first."""
        ...

    def add_hold(self, hold: LegalHold) -> None: ...
    def save_hold(self, hold: LegalHold) -> None: ...
    def hold(self, hold_id: HoldId) -> LegalHold | None: ...
    def holds(self) -> Sequence[LegalHold]:
        """All there ever were, oldest first."""
        ...

    def holds_on(self, student_id: StudentId) -> Sequence[LegalHold]:
        """Those in force on a child's record: its own and the site's."""
        ...


class ArchiveRepository(Protocol):
    """Everything, for export, import and erasure."""

    def values(self, *, student_id: StudentId | None = None) -> Iterator[object]:
        """Every stored value in an order in which it can be restored; of one child, when a child is named."""
        ...

    def restore(self, values: Iterable[object]) -> int:
        """Store values as they are (ids and versions kept) into an empty place; return how many."""
        ...

    def erase_student(self, student_id: StudentId) -> Mapping[str, int]:
        """Remove a child and all that hangs on it; return rows removed per kind. Rows of the trail and of
        the record of access stay, without what names the child, and a row of the trail tells how many.

        Raises ``IllegalMove``: ``legal_hold`` while a hold is in force on the child or the site,
        ``record_request_open`` while somebody waits to see the record.
        """
        ...


class SendingRepository(Protocol):
    """What may leave the site, what adults said about being written to, and what came back by the roads."""

    def policy(self) -> SendingPolicy:
        """The site's policy; ``off`` when none was ever set."""
        ...

    def save_policy(self, policy: SendingPolicy) -> None:
        """Store the policy over the one before it (``version``). Raises ``Conflict``."""
        ...

    def add_consent(self, consent: RoadConsent) -> None: ...
    def consents_of(self, adult_ids: Collection[AdultId]) -> Sequence[RoadConsent]:
        """Everything these adults ever said, oldest first."""
        ...

    def consents_at(self, road: AddressKind, value: str) -> Sequence[RoadConsent]:
        """Everything said about one address, oldest first."""
        ...

    def add_reply(self, reply: KeptReply) -> KeptReply:
        """Return the stored answer: the first one with the same road and ``platform_id``."""
        ...

    def save_reply(self, reply: KeptReply) -> None: ...
    def reply(self, reply_id: ReplyId) -> KeptReply | None: ...
    def reply_of(self, road: AddressKind, platform_id: str) -> KeptReply | None: ...
    def waiting_replies(self) -> Sequence[KeptReply]:
        """Those a person must look at, oldest first."""
        ...

    def replies_of_messages(self, message_ids: Collection[MessageId]) -> Sequence[KeptReply]: ...
    def fetched_at(self, road: AddressKind) -> datetime | None: ...
    def set_fetched(self, fetch: RoadFetch) -> None: ...
