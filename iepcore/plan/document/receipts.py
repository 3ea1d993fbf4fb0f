"""What went to whom: copies to a family, and the word of staff that they know their duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.ids import AdultId, ClientKey, CopySentId, PlanVersionId, StudentId, WrittenNoticeId
from iepcore.language import normalise_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReceipt:
    """ "Got it": a staff member has read their duties under one version (34 CFR 300.323(d)). The first one
    counts.
    """

    student_id: StudentId
    version_id: PlanVersionId
    adult_id: AdultId
    got_at: datetime


class CopyKind(StrEnum):
    """What was copied (domain guide M9, D16)."""

    PLAN = "plan"
    NOTICE = "notice"
    SAFEGUARDS = "safeguards"
    EVALUATION = "evaluation"
    MINUTES = "minutes"
    PROGRESS = "progress"


class CopyWay(StrEnum):
    """How it went. ``ELSEWHERE``: by the system that keeps the official plan."""

    IN_TOOL = "in_tool"
    BY_HAND = "by_hand"
    POST = "post"
    MAIL = "mail"
    ELSEWHERE = "elsewhere"


class CopyFormat(StrEnum):
    """In which form a person can use it (domain guide 5.6)."""

    PRINT = "print"
    SCREEN = "screen"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    AUDIO = "audio"
    EASY_READ = "easy_read"
    TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySent:
    """One copy to one adult: free of charge (300.322(f)). ``language`` is a BCP-47 tag."""

    id: CopySentId
    student_id: StudentId
    kind: CopyKind
    to_id: AdultId
    sent_on: date
    way: CopyWay
    language: str
    noted_by: AdultId
    noted_at: datetime
    client_key: ClientKey
    format: CopyFormat = CopyFormat.PRINT
    version_id: PlanVersionId | None = None
    notice_id: WrittenNoticeId | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "language", normalise_tag(self.language))
