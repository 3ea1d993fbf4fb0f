"""The trail: what was done to whose record, by whom, and by which rule. Append-only for everyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from iepcore.access.chain import (
    ChainHead,
    ChainName,
    Erasure,
    Link,
    Plain,
    blanked,
    erasure_note,
    plain_id,
    plain_instant,
)
from iepcore.ids import AdultId, EventId, StudentId


class AuditKind(StrEnum):
    """Reads are folded to one row per actor, child, kind and 10 minutes; each write has its row."""

    READ = "read"
    LIST = "list"
    WRITE = "write"
    REFUSED = "refused"


_ERASURES = {chain.blanked: chain for chain in ChainName}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One row of the trail. It holds codes and ids only; ``bucket`` folds repeated reads (unique when
    set).

    ``link`` is its place in the chain, given by the store; two events are equal whatever their places.
    ``student_id``, ``object_id`` and ``bucket`` are blanked when the child's record is erased.
    """

    id: EventId
    at: datetime
    kind: AuditKind
    what: str
    reason: str
    citation: str
    actor_id: AdultId | None = None
    job: str | None = None
    student_id: StudentId | None = None
    object_id: str | None = None
    bucket: str | None = None
    link: Link | None = field(default=None, compare=False, repr=False)

    def public_parts(self) -> tuple[Plain, ...]:
        """Return what stays when the child's record is erased."""
        return (
            plain_id(self.id),
            plain_instant(self.at),
            self.kind.value,
            self.what,
            self.reason,
            self.citation,
            plain_id(self.actor_id),
            self.job,
        )

    def private_parts(self) -> tuple[Plain, ...]:
        """Return what goes when the child's record is erased."""
        return (plain_id(self.student_id), self.object_id, self.bucket)

    @property
    def erasure(self) -> Erasure | None:
        """What the row says of the rows an erasure blanked, if it is of that sort."""
        chain = _ERASURES.get(self.what)
        return None if chain is None else Erasure(chain=chain, note=self.object_id or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailQuery:
    """Which rows of the trail: everything that is given must be so. ``since`` is included, ``until`` not."""

    student_id: StudentId | None = None
    actor_id: AdultId | None = None
    kinds: frozenset[AuditKind] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, event: AuditEvent) -> bool:
        """Tell whether an event is asked for."""
        return (
            self.student_id in (None, event.student_id)
            and self.actor_id in (None, event.actor_id)
            and (not self.kinds or event.kind in self.kinds)
            and (self.since is None or event.at >= self.since)
            and (self.until is None or event.at < self.until)
        )


def blank_event(event: AuditEvent, erased_in: int) -> AuditEvent:
    """Return a row without its references to an erased child."""
    assert event.link is not None
    return replace(event, student_id=None, object_id=None, bucket=None, link=blanked(event.link, erased_in))


def erasure_event(
    event_id: EventId, at: datetime, begin: ChainHead, chain: ChainName, seq: int, hashes: Sequence[str]
) -> AuditEvent:
    """Return the row at ``seq`` that tells of rows of a chain an erasure blanks, given by their hashes."""
    return AuditEvent(
        id=event_id,
        at=at,
        kind=AuditKind.WRITE,
        what=chain.blanked,
        reason="record_erased",
        citation="34 CFR 300.624(b)",
        job="erase",
        object_id=erasure_note(begin, seq, hashes),
    )


def event_bucket(actor: str, student: str, what: str, at: datetime, *, minutes: int) -> str:
    """Return the fold key of a read: the same actor, child and thing within ``minutes`` share one row."""
    stamp = int(at.timestamp()) // (minutes * 60)
    return f"{actor}:{student}:{what}:{minutes}:{stamp}"
