"""Words about requests and disclosures that families read as well as the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from iepcore.access import DisclosureBasis, RequestAnswer, RequestEnd, RequestState, RequestWay
from iepcore.calendars import Deadline
from iepcore.caseload import RequestRow
from iepcore.language import format_day
from lti_app.screens.page import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request in words. ``limits`` are both limits, each with whether it is the one that bites."""

    id: str
    child: str
    who: str
    way: str
    about: str
    received: str
    due: str
    left: str
    late: bool
    limits: tuple[tuple[str, bool], ...]
    agreed: str
    over: str
    meeting_on: str
    hearing_on: str


def line_of(frame: Frame, row: RequestRow, today: date) -> RequestLine:
    """Return a request in words."""
    one, due = row.request, row.due.due
    days = due.days_left(today)
    return RequestLine(
        id=str(one.id),
        child=row.student.preferred_name,
        who=row.asked_by.name if row.asked_by is not None else "",
        way=way_words(frame, one.way),
        about=one.about,
        received=format_day(one.received_on, frame.lang),
        due="" if due.due_on is None else format_day(due.due_on, frame.lang),
        left="" if days is None else left_words(frame, days),
        late=days is not None and days < 0,
        limits=limits_of(frame, row),
        agreed=(
            ""
            if one.agreed_to is None
            else frame.words(
                "The family agreed to %(day)s (%(how)s).",
                day=format_day(one.agreed_to, frame.lang),
                how=one.agreed_note,
            )
        ),
        over=_over(frame, row),
        meeting_on=one.meeting_on.isoformat() if one.meeting_on else "",
        hearing_on=one.hearing_on.isoformat() if one.hearing_on else "",
    )


def limits_of(frame: Frame, row: RequestRow) -> tuple[tuple[str, bool], ...]:
    """Return both limits in words; the one that bites is marked."""
    due, lines = row.due.due, []
    by_days, by_event = row.due.by_days, row.due.by_event
    if by_days.due_on is not None and by_days.rule is not None:
        words = frame.words(
            "%(days)s days after it was asked: %(day)s",
            days=by_days.rule.value,
            day=format_day(by_days.due_on, frame.lang),
        )
        lines.append((words, due.limit == "days"))
    if by_event is not None and by_event.due_on is not None:
        lines.append((_event_words(frame, by_event), due.limit == by_event.limit))
    else:
        lines.append((frame.words("Before the next meeting: no meeting is planned yet"), False))
    return tuple(lines)


def _event_words(frame: Frame, limit: Deadline) -> str:
    assert limit.due_on is not None
    day = format_day(limit.due_on, frame.lang)
    if limit.limit == "hearing":
        return frame.words("The day before the hearing: %(day)s", day=day)
    return frame.words("The day before the next meeting: %(day)s", day=day)


def left_words(frame: Frame, days: int) -> str:
    """Return how many days are left, in words."""
    if days < 0:
        return frame.count_words("%(number)s day over", "%(number)s days over", -days)
    if days == 0:
        return frame.words("Today")
    return frame.count_words("%(number)s day left", "%(number)s days left", days)


def way_words(frame: Frame, way: RequestWay) -> str:
    """Return how somebody wants to see the record."""
    return {
        RequestWay.LOOK: frame.words("Look at it at school"),
        RequestWay.COPIES: frame.words("Get copies"),
        RequestWay.EXPLAIN: frame.words("Have it explained"),
    }[way]


def answer_words(frame: Frame, answer: RequestAnswer) -> str:
    """Return how a request was met."""
    return {
        RequestAnswer.LOOKED: frame.words("They looked at it"),
        RequestAnswer.COPIES_GIVEN: frame.words("They have the copies"),
        RequestAnswer.EXPLAINED: frame.words("It was explained to them"),
    }[answer]


def end_words(frame: Frame, end: RequestEnd) -> str:
    """Return why a request ended without being met."""
    return {
        RequestEnd.WITHDRAWN: frame.words("They took it back"),
        RequestEnd.NO_RIGHT: frame.words("They have no right to it (say which paper)"),
        RequestEnd.NO_RECORD: frame.words("There is no such record"),
    }[end]


def _over(frame: Frame, row: RequestRow) -> str:
    one = row.request
    if one.state is RequestState.ANSWERED and one.answer is not None and one.answered_on is not None:
        words, day = answer_words(frame, one.answer), one.answered_on
    elif one.end is not None and one.ended_on is not None:
        words, day = end_words(frame, one.end), one.ended_on
    else:
        return ""
    return frame.words("%(words)s, %(day)s", words=words, day=format_day(day, frame.lang))


def basis_words(frame: Frame, basis: DisclosureBasis) -> str:
    """Return by what right something was disclosed, in words a family understands."""
    return {
        DisclosureBasis.CONSENT: frame.words("The family said yes in writing"),
        DisclosureBasis.TRANSFER: frame.words("A school where the child enrolls"),
        DisclosureBasis.AUDIT: frame.words("A check of the school’s programs"),
        DisclosureBasis.EMERGENCY: frame.words("Somebody’s health or safety was at risk"),
        DisclosureBasis.COURT: frame.words("A court asked for it"),
        DisclosureBasis.CARE: frame.words("A case worker who is responsible for the child"),
        DisclosureBasis.OTHER: frame.words("Another rule"),
    }[basis]
