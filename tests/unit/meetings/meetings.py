"""Meetings, notices and contacts for tests: every field has a default."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from iepcore.family import ContactDirection, ContactLogEntry, ContactMethod, ContactResult
from iepcore.ids import AdultId, ContactId, MeetingId, StudentId, new_uuid7
from iepcore.meetings import Meeting, MeetingKind, MeetingNotice
from iepcore.testing import a_key

MEETING_ON = date(2027, 3, 9)
CHILD = StudentId(new_uuid7())


def somebody() -> AdultId:
    """Return a new adult's id."""
    return AdultId(new_uuid7())


def a_meeting(**changes: Any) -> Meeting:
    """Return a planned annual review."""
    values: dict[str, Any] = {
        "id": MeetingId(new_uuid7()),
        "student_id": CHILD,
        "kind": MeetingKind.ANNUAL_REVIEW,
        "on": MEETING_ON,
    }
    return Meeting(**(values | changes))


def a_notice(**changes: Any) -> MeetingNotice:
    """Return a notice that says everything and went three weeks before."""
    values: dict[str, Any] = {
        "purpose": "to review the plan",
        "starts_at": datetime(2027, 3, 9, 16, tzinfo=UTC),
        "place": "room 4",
        "attending": ("special teacher", "regular teacher", "administrator"),
        "language": "en",
        "sent_on": date(2027, 2, 16),
    }
    return MeetingNotice(**(values | changes))


def a_contact(
    with_id: AdultId,
    at: datetime,
    method: ContactMethod = ContactMethod.PHONE,
    direction: ContactDirection = ContactDirection.FROM_SCHOOL,
) -> ContactLogEntry:
    """Return a contact nobody answered."""
    return ContactLogEntry(
        id=ContactId(new_uuid7()),
        student_id=CHILD,
        at=at,
        direction=direction,
        method=method,
        by_id=somebody(),
        with_id=with_id,
        language="en",
        result=ContactResult.NO_ANSWER,
        client_key=a_key(),
    )
