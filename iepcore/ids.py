"""Typed identifiers: UUIDv7 made by us, one type per kind of thing, text on every wire.

RFC 9562 section 5.7: 48 bits of Unix milliseconds, then random bits, so that new rows sort near each
other in an index. Python gains ``uuid.uuid7`` only in 3.14, hence the few lines here.
"""

from __future__ import annotations

import os
import time
from typing import NewType
from uuid import UUID

from iepcore.errors import InvalidValue

SiteId = NewType("SiteId", UUID)
StudentId = NewType("StudentId", UUID)
AdultId = NewType("AdultId", UUID)
RelationshipId = NewType("RelationshipId", UUID)
AccessWindowId = NewType("AccessWindowId", UUID)
AssignmentId = NewType("AssignmentId", UUID)
RosterMemberId = NewType("RosterMemberId", UUID)
GoalId = NewType("GoalId", UUID)
PointId = NewType("PointId", UUID)
TrialSetId = NewType("TrialSetId", UUID)
TrialId = NewType("TrialId", UUID)
ThreadId = NewType("ThreadId", UUID)
MessageId = NewType("MessageId", UUID)
DraftId = NewType("DraftId", UUID)
ObservationId = NewType("ObservationId", UUID)
ContactId = NewType("ContactId", UUID)
TranslationId = NewType("TranslationId", UUID)
OutboxId = NewType("OutboxId", UUID)
EventId = NewType("EventId", UUID)
SuspensionId = NewType("SuspensionId", UUID)
HoldId = NewType("HoldId", UUID)
GradebookWordId = NewType("GradebookWordId", UUID)
ServiceId = NewType("ServiceId", UUID)
SessionId = NewType("SessionId", UUID)
PlanId = NewType("PlanId", UUID)
PlanVersionId = NewType("PlanVersionId", UUID)
ParentConsentId = NewType("ParentConsentId", UUID)
WrittenNoticeId = NewType("WrittenNoticeId", UUID)
ConsentId = NewType("ConsentId", UUID)
ReplyId = NewType("ReplyId", UUID)
RosterFeedId = NewType("RosterFeedId", UUID)
RosterRunId = NewType("RosterRunId", UUID)
MatchDoubtId = NewType("MatchDoubtId", UUID)
FamilyWishId = NewType("FamilyWishId", UUID)
PlanCommentId = NewType("PlanCommentId", UUID)
PartAnswerId = NewType("PartAnswerId", UUID)
PartDraftId = NewType("PartDraftId", UUID)
CopySentId = NewType("CopySentId", UUID)
SchoolYearId = NewType("SchoolYearId", UUID)
TimelineEventId = NewType("TimelineEventId", UUID)
MeetingId = NewType("MeetingId", UUID)
DisclosureId = NewType("DisclosureId", UUID)
RecordRequestId = NewType("RecordRequestId", UUID)
BreakGlassId = NewType("BreakGlassId", UUID)

ClientKey = NewType("ClientKey", UUID)
"""Made by whoever taps (UUIDv4), unique per (site, recorder): a repeated tap is recognised by it."""


def new_uuid7(*, milliseconds: int | None = None) -> UUID:
    """Return a fresh UUID version 7. ``milliseconds`` (Unix time) is for tests; the default is now."""
    stamp = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    value = ((stamp & (2**48 - 1)) << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def parse_uuid(text: str, *, field: str = "id") -> UUID:
    """Return the UUID written in ``text``.

    Raises:
        InvalidValue: ``not_an_id`` when it is not the canonical 36-character form.
    """
    try:
        value = UUID(text)
    except ValueError:
        raise InvalidValue("not_an_id", field=field) from None
    # UUID() also takes braces, "urn:" and hyphens anywhere; one id has one spelling here.
    if text.lower() != str(value):
        raise InvalidValue("not_an_id", field=field)
    return value


def parse_client_key(text: str) -> ClientKey:
    """Return the client key written in ``text``.

    Raises:
        InvalidValue: ``not_an_id`` when it is no UUID.
    """
    return ClientKey(parse_uuid(text, field="client_key"))
