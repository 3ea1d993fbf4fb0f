"""The trail: what was done to whose record, by whom, and by which rule. Append-only for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.ids import AdultId, EventId, StudentId


class AuditKind(StrEnum):
    """Reads are folded to one row per actor, child, kind and 10 minutes; each write has its row."""

    READ = "read"
    LIST = "list"
    WRITE = "write"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One row of the trail. It holds codes and ids only; ``bucket`` folds repeated reads (unique when
    set)."""

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


def event_bucket(actor: str, student: str, what: str, at: datetime, *, minutes: int) -> str:
    """Return the fold key of a read: the same actor, child and thing within ``minutes`` share one row."""
    stamp = int(at.timestamp()) // (minutes * 60)
    return f"{actor}:{student}:{what}:{minutes}:{stamp}"
