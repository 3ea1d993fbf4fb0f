"""Prior written notice: seven parts in plain words, before the school changes or refuses anything (34 CFR
300.503).

It is not the notice of a meeting. Where a family's language has no script, it is told aloud, understanding is
checked, and written evidence of both is kept (300.503(c)(2)).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, PlanVersionId, StudentId, WrittenNoticeId
from iepcore.language import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeParts:
    """The seven parts of 300.503(b), each in its author's words."""

    action: FreeText
    why: FreeText
    evidence: FreeText
    safeguards: FreeText
    sources_of_help: FreeText
    options_considered: FreeText
    other_factors: FreeText


NOTICE_PARTS: tuple[str, ...] = tuple(one.name for one in fields(NoticeParts))
"""The names of the seven parts, in the order of the rule."""


class NoticeStep(StrEnum):
    """Which step a notice goes before: a step rests on a notice of its own kind only."""

    PLAN = "plan"
    EXIT = "exit"
    REVOCATION = "revocation"
    REFUSAL = "refusal"
    EVALUATION = "evaluation"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenNotice:
    """One notice about one child. ``language`` is the one it is read in; ``sent_on`` the day it went to the
    family
    (or "done there on", where the official plan is kept elsewhere); ``told_aloud_on`` with
    ``evidence_of_telling`` for a language that is not written. ``step`` and ``version_id`` say what it is
    about; ``kept_in`` names the system in which it was written and sent, whose words need not be here.

    Raises:
        InvalidValue: ``telling_without_evidence``; ``notice_parts`` (field ``parts``) without the seven
            parts, unless it was sent by another system.
    """

    id: WrittenNoticeId
    student_id: StudentId
    parts: NoticeParts | None
    language: str
    written_by: AdultId
    sent_on: date | None = None
    told_aloud_on: date | None = None
    evidence_of_telling: FreeText | None = None
    version: int = 1
    step: NoticeStep = NoticeStep.PLAN
    version_id: PlanVersionId | None = None
    kept_in: str = ""

    def __post_init__(self) -> None:
        if self.parts is None and (not self.kept_in or self.sent_on is None):
            raise InvalidValue("notice_parts", field="parts")
        if (self.told_aloud_on is None) != (self.evidence_of_telling is None):
            raise InvalidValue("telling_without_evidence", field="evidence_of_telling")

    def was_sent_before(self, day: date) -> bool:
        """Whether the family had it before a day."""
        return self.sent_on is not None and self.sent_on < day


def send_notice(notice: WrittenNotice, *, on: date) -> WrittenNotice:
    """Return the notice as sent; from then on its words stand.

    Raises:
        IllegalMove: ``notice_sent`` the second time.
    """
    if notice.sent_on is not None:
        raise IllegalMove("notice_sent", params={"rule": "34 CFR 300.503(a)"})
    return replace(notice, sent_on=on, version=notice.version + 1)
