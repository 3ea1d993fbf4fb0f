"""The dates of one child from which due dates count: what happened or is planned, on which day, who wrote it
down.

Nothing is overwritten: a correction is a new event that names the one it replaces (compare Ed-Fi's
``IDEAEvent``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ClientKey, StudentId, TimelineEventId
from iepcore.language import FreeText

LONGEST_NOTE = 1_000


class TimelineKind(StrEnum):
    """What happened, or is planned for a day."""

    REFERRED = "referred"
    PART_C = "part_c"
    """The child comes from early intervention (Part C); the day on which the school was told."""
    EVALUATION_CONSENT = "evaluation_consent"
    EVALUATION_DATE_AGREED = "evaluation_date_agreed"
    """Parent and agency agreed on another end of the evaluation (34 CFR 300.301(e)); the agreed day."""
    EVALUATED = "evaluated"
    REEVALUATION_UNNEEDED = "reevaluation_unneeded"
    """Parent and agency agreed in writing that a reevaluation is unnecessary (34 CFR 300.303(b)(2))."""
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    INITIAL_MEETING = "initial_meeting"
    SERVICES_CONSENT = "services_consent"
    SERVICES_STARTED = "services_started"
    PLAN_BEGAN = "plan_began"
    PLAN_ENDS = "plan_ends"
    MEETING_PLANNED = "meeting_planned"
    MEETING_NOTICE_SENT = "meeting_notice_sent"
    MEETING_PAPERS_SENT = "meeting_papers_sent"
    ANNUAL_REVIEW = "annual_review"
    PLAN_COPY_SENT = "plan_copy_sent"
    PLAN_PROPOSED = "plan_proposed"
    """The family received a proposed plan; a state may set a time to answer."""
    PLAN_ANSWERED = "plan_answered"
    CHANGE_PLANNED = "change_planned"
    """The day on which a change is to take effect."""
    WRITTEN_NOTICE_SENT = "written_notice_sent"
    SAFEGUARDS_GIVEN = "safeguards_given"
    PROGRESS_REPORT_SENT = "progress_report_sent"
    SURROGATE_NEEDED = "surrogate_needed"
    SURROGATE_ASSIGNED = "surrogate_assigned"
    TRANSFER_STATEMENT = "transfer_statement"
    """The plan says that the student was told of the rights to come."""
    RIGHTS_TRANSFERRED = "rights_transferred"
    """Notice of the transfer of rights went to the student and the parents."""
    PLACEMENT_CHANGE = "placement_change"
    """A decision to change the placement because of conduct."""
    MANIFESTATION_REVIEWED = "manifestation_reviewed"
    PLAN_504_EVALUATED = "plan_504_evaluated"
    SERVICES_REVOKED = "services_revoked"
    EXITED = "exited"


PLANNED = frozenset(
    {
        TimelineKind.MEETING_PLANNED,
        TimelineKind.CHANGE_PLANNED,
        TimelineKind.PLAN_ENDS,
        TimelineKind.PLAN_BEGAN,
        TimelineKind.EVALUATION_DATE_AGREED,
    }
)
"""Kinds that may lie ahead. Everything else has happened when it is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One date of a child. ``supersedes`` names the event it corrects; ``withdrawn`` says that one did not
    happen at all, and then the rest is a copy of it.

    Raises:
        InvalidValue: ``event_note`` for a note of more than 1,000 characters, ``event_withdrawn`` for a
            withdrawal of nothing.
    """

    id: TimelineEventId
    student_id: StudentId
    kind: TimelineKind
    dated_on: date
    recorded_by: AdultId
    recorded_at: datetime
    client_key: ClientKey
    note: FreeText | None = None
    supersedes: TimelineEventId | None = None
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if self.note is not None and len(self.note.text) > LONGEST_NOTE:
            raise InvalidValue("event_note", field="note", params={"limit": LONGEST_NOTE})
        if self.withdrawn and self.supersedes is None:
            raise InvalidValue("event_withdrawn", field="supersedes")


def standing_events(events: Iterable[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    """Return the events that hold: corrected and withdrawn ones left out, by day and then as recorded."""
    given: Sequence[TimelineEvent] = tuple(events)
    replaced = {one.supersedes for one in given if one.supersedes is not None}
    standing = [one for one in given if one.id not in replaced and not one.withdrawn]
    return tuple(sorted(standing, key=lambda one: (one.dated_on, one.recorded_at, one.id)))
