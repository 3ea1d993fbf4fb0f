"""Builders of what the chains and the books beside them hold, with defaults for everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from iepcore.access import (
    BreakGlass,
    Disclosure,
    DisclosureBasis,
    DisclosureSeal,
    OpeningReason,
    RecordRequest,
    RequestAnswer,
    RequestEnd,
    RequestWay,
)
from iepcore.ids import (
    AdultId,
    BreakGlassId,
    ClientKey,
    DisclosureId,
    ParentConsentId,
    RecordRequestId,
    StudentId,
    new_uuid7,
)
from iepcore.testing.people_values import NOW, TODAY

HOUR = timedelta(hours=1)


def a_disclosure(student_id: StudentId, **changes: Any) -> Disclosure:
    """Return a disclosure to a school where the child enrols."""
    values: dict[str, Any] = {
        "id": DisclosureId(new_uuid7()),
        "student_id": student_id,
        "on": TODAY,
        "party": "Lakeview School",
        "what": "the plan and the last report",
        "why": "the child enrols there",
        "basis": DisclosureBasis.TRANSFER,
        "noted_at": NOW,
        "noted_by": AdultId(new_uuid7()),
    }
    return Disclosure(**values | changes)


def a_record_request(student_id: StudentId, **changes: Any) -> RecordRequest:
    """Return an open request of a parent to look at the whole record."""
    asked_by = changes.get("asked_by", AdultId(new_uuid7()))
    values: dict[str, Any] = {
        "id": RecordRequestId(new_uuid7()),
        "student_id": student_id,
        "asked_by": asked_by,
        "received_on": TODAY,
        "noted_at": NOW,
        "noted_by": asked_by,
        "client_key": ClientKey(new_uuid7()),
    }
    return RecordRequest(**values | changes)


def a_break_glass(student_id: StudentId, **changes: Any) -> BreakGlass:
    """Return an opening of one hour because nobody of the team can be reached."""
    opened_at = changes.get("opened_at", NOW)
    values: dict[str, Any] = {
        "id": BreakGlassId(new_uuid7()),
        "student_id": student_id,
        "adult_id": AdultId(new_uuid7()),
        "why": OpeningReason.COVER,
        "words": "Nobody of the team is in the house and the bus is late.",
        "opened_at": opened_at,
        "until": opened_at + HOUR,
        "client_key": ClientKey(new_uuid7()),
    }
    return BreakGlass(**values | changes)


def every_line(student_id: StudentId, teacher_id: AdultId, mother_id: AdultId) -> Iterator[object]:
    """Return lines of each book, filled and empty, about one child."""
    first = a_disclosure(student_id)
    yield first
    yield a_disclosure(
        student_id,
        basis=DisclosureBasis.CONSENT,
        consent_id=ParentConsentId(new_uuid7()),
        consent_paper="letter of 2 March",
        seal=DisclosureSeal.PROTECTED,
        told_to_keep=True,
        corrects=first.id,
        noted_by=None,
    )
    yield a_record_request(
        student_id,
        asked_by=mother_id,
        noted_by=teacher_id,
        way=RequestWay.COPIES,
        about="the reports of this year",
        meeting_on=TODAY,
        hearing_on=TODAY,
        agreed_to=TODAY,
        agreed_note="by letter",
        answer=RequestAnswer.COPIES_GIVEN,
        answered_on=TODAY,
        version=3,
    )
    yield a_record_request(
        student_id, end=RequestEnd.NO_RIGHT, ended_on=TODAY, end_words="order of March", version=2
    )
    yield a_break_glass(student_id, closed_at=NOW + HOUR, seen_by=teacher_id, seen_at=NOW + HOUR, version=3)
