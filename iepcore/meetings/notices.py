"""The notice of a meeting: what it says, when it went, and how, in the family's language (34 CFR 300.322; M1,
D8).

It is not prior written notice (300.503), which tells of a change to the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.calendars import DeadlineRules
from iepcore.errors import InvalidValue
from iepcore.language import FreeText, normalise_tag


class NoticeMode(StrEnum):
    """How a family has the notice: to read, or told aloud where the language is not written for them."""

    WRITTEN = "written"
    ALOUD = "aloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNotice:
    """One notice of one meeting.

    ``attending`` are positions, such as the regular teacher; names are not needed (300.322(b)(1)(i)).
    ``may_bring``: it tells of the right of both sides to bring people with knowledge of the child;
    ``tells_part_c`` of the right to have the Part C coordinator asked. From transition age on: that the
    meeting is about transition, that the student is asked, and which agencies are (300.322(b)(2)).
    ``understood_on``: the day somebody checked that what was told aloud was understood, with ``evidence`` of
    it in writing. ``shortened_on``: the day the parent said in writing that a shorter time is enough.

    Raises:
        InvalidValue: ``notice_instant`` for a start without a zone, ``unknown_language``.
    """

    purpose: str
    starts_at: datetime | None
    place: str
    attending: tuple[str, ...]
    language: str
    sent_on: date | None = None
    mode: NoticeMode = NoticeMode.WRITTEN
    may_bring: bool = True
    tells_part_c: bool = False
    tells_transition: bool = False
    student_asked: bool = False
    agencies: tuple[str, ...] = ()
    understood_on: date | None = None
    evidence: FreeText | None = None
    shortened_on: date | None = None

    def __post_init__(self) -> None:
        if self.starts_at is not None and self.starts_at.tzinfo is None:
            raise InvalidValue("notice_instant", field="starts_at")
        object.__setattr__(self, "language", normalise_tag(self.language))


class NoticeGap(StrEnum):
    """What the notice of a meeting lacks."""

    PURPOSE = "purpose_missing"
    TIME = "time_missing"
    PLACE = "place_missing"
    ATTENDING = "attending_missing"
    MAY_BRING = "right_to_bring_missing"
    PART_C = "part_c_right_missing"
    TRANSITION = "transition_purpose_missing"
    STUDENT = "student_not_asked"
    AGENCIES = "agencies_missing"
    UNDERSTOOD = "understanding_not_checked"
    EVIDENCE = "written_evidence_missing"


NOTICE_RULES: dict[NoticeGap, str] = {
    NoticeGap.PURPOSE: "34 CFR 300.322(b)(1)(i)",
    NoticeGap.TIME: "34 CFR 300.322(b)(1)(i)",
    NoticeGap.PLACE: "34 CFR 300.322(b)(1)(i)",
    NoticeGap.ATTENDING: "34 CFR 300.322(b)(1)(i)",
    NoticeGap.MAY_BRING: "34 CFR 300.322(b)(1)(ii)",
    NoticeGap.PART_C: "34 CFR 300.322(b)(1)(ii)",
    NoticeGap.TRANSITION: "34 CFR 300.322(b)(2)(i)(A)",
    NoticeGap.STUDENT: "34 CFR 300.322(b)(2)(i)(B)",
    NoticeGap.AGENCIES: "34 CFR 300.322(b)(2)(ii)",
    NoticeGap.UNDERSTOOD: "34 CFR 300.503(c)(2)(ii)",
    NoticeGap.EVIDENCE: "34 CFR 300.503(c)(2)(iii)",
}


def notice_gaps(
    notice: MeetingNotice, *, transition: bool = False, from_part_c: bool = False, agencies: bool = False
) -> tuple[NoticeGap, ...]:
    """Return what a notice lacks, in the order of the rule; none when it says everything.

    ``transition``: the meeting will talk about transition; ``agencies``: an outside agency will be asked;
    ``from_part_c``: the child comes from early intervention and this is the first meeting.
    """
    aloud = notice.mode is NoticeMode.ALOUD
    held = {
        NoticeGap.PURPOSE: bool(notice.purpose.strip()),
        NoticeGap.TIME: notice.starts_at is not None,
        NoticeGap.PLACE: bool(notice.place.strip()),
        NoticeGap.ATTENDING: bool(notice.attending),
        NoticeGap.MAY_BRING: notice.may_bring,
        NoticeGap.PART_C: notice.tells_part_c or not from_part_c,
        NoticeGap.TRANSITION: notice.tells_transition or not transition,
        NoticeGap.STUDENT: notice.student_asked or not transition,
        NoticeGap.AGENCIES: bool(notice.agencies) or not agencies,
        NoticeGap.UNDERSTOOD: notice.understood_on is not None or not aloud,
        NoticeGap.EVIDENCE: notice.evidence is not None or not aloud,
    }
    return tuple(gap for gap in NoticeGap if not held[gap])


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTiming:
    """How long before a meeting its notice went. ``latest_on`` is the last day to send it, by the policy;
    None
    where no calendar can tell. ``is_short``: later than that, and no parent said in writing that it is
    enough. A short notice is shown; whether it was early enough is for people to say (300.322(a)(1)).
    """

    days: int | None
    latest_on: date | None
    is_short: bool


def notice_timing(notice: MeetingNotice, meeting_on: date, rules: DeadlineRules) -> NoticeTiming:
    """Return the timing of a notice. An unsent one has no days and is short once its last day is known."""
    latest = rules.meeting_notice(meeting_on).due_on
    days = (meeting_on - notice.sent_on).days if notice.sent_on is not None else None
    late = latest is not None and (notice.sent_on is None or notice.sent_on > latest)
    return NoticeTiming(days=days, latest_on=latest, is_short=late and notice.shortened_on is None)
