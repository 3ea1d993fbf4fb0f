"""Due dates in words: what is due, when, counted from what, and the rule. Never whether a rule was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from iepcore.calendars import (
    BORN,
    DayUnit,
    DeadlineGap,
    DeadlineKind,
    DueDate,
    DueState,
    PolicyRule,
    TimelineKind,
)
from iepcore.caseload import ChildDue, Dues
from iepcore.language import format_day
from lti_app.screens.page import Frame

TOGETHER = 3
"""From so many children on, the same thing due on the same day is one line."""

SHOWN_ROWS = 6
"""So many rows of each group stand on Today; the others are folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One due date. ``why`` has the rule on demand, a sentence per line, under the question ``ask``; ``act``
    is (words, path).
    """

    child: str
    title: str
    when: str
    beside: str
    why: tuple[str, ...]
    ask: str
    act: tuple[str, str] | None
    is_late: bool
    others: tuple[tuple[str, str], ...] = ()
    """(name, path) of each child, where one line stands for several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueGroup:
    """The lines of one nearness, those to show at once and those to unfold."""

    title: str
    rows: tuple[DueLine, ...]
    more: tuple[DueLine, ...]


def due_title(frame: Frame, kind: DeadlineKind) -> str:
    """Return what is due, as a heading."""
    titles = {
        DeadlineKind.ANNUAL_REVIEW: frame.words("Annual review meeting"),
        DeadlineKind.REEVALUATION: frame.words("Reevaluation"),
        DeadlineKind.INITIAL_EVALUATION: frame.words("First evaluation"),
        DeadlineKind.INITIAL_MEETING: frame.words("First plan meeting"),
        DeadlineKind.SERVICES_START: frame.words("Start of services"),
        DeadlineKind.YEAR_START: frame.words("A plan for the new school year"),
        DeadlineKind.THIRD_BIRTHDAY: frame.words("A plan by the third birthday"),
        DeadlineKind.MEETING_NOTICE: frame.words("Meeting notice"),
        DeadlineKind.DOCUMENTS_BEFORE: frame.words("Papers before the meeting"),
        DeadlineKind.DOCUMENTS_AFTER: frame.words("The finished plan to the family"),
        DeadlineKind.PRIOR_WRITTEN_NOTICE: frame.words("Prior written notice"),
        DeadlineKind.RESPONSE_TO_PLAN: frame.words("The family’s answer to the plan"),
        DeadlineKind.RECORD_REQUEST: frame.words("Request to see the record"),
        DeadlineKind.SURROGATE: frame.words("A surrogate parent"),
        DeadlineKind.TRANSITION: frame.words("Transition in the plan"),
        DeadlineKind.TRANSFER_STATEMENT: frame.words("Statement about the rights to come"),
        DeadlineKind.RIGHTS_TRANSFER: frame.words("Notice of the transfer of rights"),
        DeadlineKind.SAFEGUARDS: frame.words("Notice of procedural safeguards"),
        DeadlineKind.PROGRESS_REPORT: frame.words("Progress report"),
        DeadlineKind.MANIFESTATION_REVIEW: frame.words("Manifestation review"),
        DeadlineKind.RETENTION: frame.words("Records may be destroyed from"),
        DeadlineKind.SECTION_504: frame.words("Reevaluation under section 504"),
    }
    return titles[kind]


def event_words(frame: Frame, kind: TimelineKind) -> str:
    """Return what happened or is planned, as it stands in the list and in the form."""
    words = {
        TimelineKind.REFERRED: frame.words("Referral for an evaluation"),
        TimelineKind.PART_C: frame.words("Told: comes from early intervention (Part C)"),
        TimelineKind.EVALUATION_CONSENT: frame.words("Consent to evaluate received"),
        TimelineKind.EVALUATION_DATE_AGREED: frame.words("End of the evaluation agreed for"),
        TimelineKind.EVALUATED: frame.words("Evaluation completed"),
        TimelineKind.REEVALUATION_UNNEEDED: frame.words("Agreed in writing: no reevaluation needed"),
        TimelineKind.ELIGIBLE: frame.words("Decided: eligible"),
        TimelineKind.NOT_ELIGIBLE: frame.words("Decided: not eligible"),
        TimelineKind.INITIAL_MEETING: frame.words("First plan meeting held"),
        TimelineKind.SERVICES_CONSENT: frame.words("Consent to first services received"),
        TimelineKind.SERVICES_STARTED: frame.words("Services started"),
        TimelineKind.PLAN_BEGAN: frame.words("The plan begins"),
        TimelineKind.PLAN_ENDS: frame.words("The plan ends"),
        TimelineKind.MEETING_PLANNED: frame.words("Meeting planned for"),
        TimelineKind.MEETING_NOTICE_SENT: frame.words("Meeting notice sent"),
        TimelineKind.MEETING_PAPERS_SENT: frame.words("Papers for the meeting sent"),
        TimelineKind.ANNUAL_REVIEW: frame.words("Annual review meeting held"),
        TimelineKind.PLAN_COPY_SENT: frame.words("Finished plan sent to the family"),
        TimelineKind.PLAN_PROPOSED: frame.words("Proposed plan given to the family"),
        TimelineKind.PLAN_ANSWERED: frame.words("The family answered"),
        TimelineKind.CHANGE_PLANNED: frame.words("A change is to take effect on"),
        TimelineKind.WRITTEN_NOTICE_SENT: frame.words("Prior written notice sent"),
        TimelineKind.SAFEGUARDS_GIVEN: frame.words("Notice of procedural safeguards given"),
        TimelineKind.PROGRESS_REPORT_SENT: frame.words("Progress report sent"),
        TimelineKind.SURROGATE_NEEDED: frame.words("Found: a surrogate parent is needed"),
        TimelineKind.SURROGATE_ASSIGNED: frame.words("Surrogate parent assigned"),
        TimelineKind.TRANSFER_STATEMENT: frame.words("Told about the rights to come"),
        TimelineKind.RIGHTS_TRANSFERRED: frame.words("Notice of the transfer of rights sent"),
        TimelineKind.PLACEMENT_CHANGE: frame.words("Decided: change of placement for conduct"),
        TimelineKind.MANIFESTATION_REVIEWED: frame.words("Manifestation review held"),
        TimelineKind.PLAN_504_EVALUATED: frame.words("Evaluation under section 504"),
        TimelineKind.SERVICES_REVOKED: frame.words("Services ended: consent taken back"),
        TimelineKind.EXITED: frame.words("Left special education or the school"),
    }
    return words[kind]


def group_title(frame: Frame, state: DueState) -> str:
    """Return the heading of a group on Today and on a child's page."""
    titles = {
        DueState.OVERDUE: frame.words("Overdue"),
        DueState.NOW: frame.words("Now"),
        DueState.THIS_WEEK: frame.words("This week"),
        DueState.COMING: frame.words("Coming in the next 90 days"),
        DueState.LATER: frame.words("Later"),
        DueState.UNKNOWN: frame.words("Not known yet"),
    }
    return titles[state]


def span_words(frame: Frame, value: int, unit: DayUnit | None) -> str:
    """Return a number with what is counted."""
    if unit is DayUnit.YEAR:
        return frame.count_words("%(number)s year", "%(number)s years", value)
    if unit is DayUnit.SCHOOL:
        return frame.count_words("%(number)s school day", "%(number)s school days", value)
    if unit is DayUnit.BUSINESS:
        return frame.count_words("%(number)s business day", "%(number)s business days", value)
    if unit is DayUnit.CALENDAR:
        return frame.count_words("%(number)s calendar day", "%(number)s calendar days", value)
    return str(value)


def due_line(
    frame: Frame, due: DueDate, today: date, *, path: str, child: str = "", may_write: bool = True
) -> DueLine:
    """Return one due date in words; ``path`` is the page of the child's dates."""
    deadline = due.deadline
    beside = ""
    if deadline is not None and deadline.due_on is not None:
        school = deadline.school_day_on
        if school is not None and school != deadline.due_on:
            beside = frame.words("Last school day before it: %(day)s", day=format_day(school, frame.lang))
    return DueLine(
        child=child,
        title=due_title(frame, due.kind),
        when=_when(frame, due, today),
        beside=beside,
        why=why_words(frame, due),
        ask=frame.words("Why this date?"),
        act=_act(frame, due, path) if may_write else None,
        is_late=due.state(today) is DueState.OVERDUE,
    )


def _when(frame: Frame, due: DueDate, today: date) -> str:
    if due.deadline is None:
        return needs_words(frame, due)
    if due.due_on is None:
        return gap_words(frame, due.deadline.gap)
    day = format_day(due.due_on, frame.lang)
    left = (due.due_on - today).days
    if left == 0:
        return frame.words("%(day)s, today", day=day)
    if left < 0:
        return frame.count_words(
            "%(day)s, %(number)s day ago", "%(day)s, %(number)s days ago", -left, day=day
        )
    return frame.count_words("%(day)s, in %(number)s day", "%(day)s, in %(number)s days", left, day=day)


def needs_words(frame: Frame, due: DueDate) -> str:
    """Return which fact is missing and what to enter."""
    if due.needs == BORN:
        return frame.words("Not known: the date of birth is missing.")
    kind = TimelineKind(due.needs)
    return frame.words("Not known. Enter this date: %(event)s.", event=event_words(frame, kind))


def gap_words(frame: Frame, gap: DeadlineGap | None) -> str:
    """Return why a date cannot be computed."""
    if gap is DeadlineGap.NO_CALENDAR:
        return frame.words("Not known: no school calendar is entered, and this is counted in school days.")
    if gap is DeadlineGap.CALENDAR_ENDS:
        return frame.words("Not known: the school calendar does not reach that far.")
    return frame.words("Not known: no rule is entered for it.")


def why_words(frame: Frame, due: DueDate) -> tuple[str, ...]:
    """Return the rule of a due date, on demand: from what it counts, how long, where it stands."""
    deadline = due.deadline
    if deadline is None:
        return ()
    lines = []
    from_day = format_day(deadline.counts_from, frame.lang)
    if due.since is not None:
        lines.append(
            frame.words("Counted from %(day)s: %(event)s.", day=from_day, event=event_words(frame, due.since))
        )
    elif due.kind is DeadlineKind.RECORD_REQUEST:
        lines.append(frame.words("The request came on %(day)s.", day=from_day))
    if deadline.limit == "meeting":
        lines.append(frame.words("The next meeting comes before the number of days is over."))
    if deadline.limit == "agreed":
        lines.append(frame.words("Both sides agreed on this day."))
    if deadline.limit == "plan":
        lines.append(frame.words("The plan itself names this day."))
    if deadline.rule is not None and deadline.limit != "agreed":
        lines.append(rule_words(frame, deadline.rule))
    if deadline.citation:
        lines.append(frame.words("Source: %(citation)s.", citation=deadline.citation))
    return tuple(lines)


def rule_words(frame: Frame, rule: PolicyRule) -> str:
    """Return a number with who set it."""
    span = span_words(frame, rule.value, rule.unit)
    if rule.is_product_default:
        return frame.words("%(span)s: a number of this tool, since the rule names none.", span=span)
    if rule.level.value == "district":
        return frame.words("%(span)s: set by the district.", span=span)
    if rule.level.value == "state":
        if not rule.is_checked:
            return frame.words("%(span)s: a state rule that nobody has checked yet. Ask counsel.", span=span)
        return frame.words("%(span)s: a state rule.", span=span)
    return frame.words("%(span)s: the federal rule.", span=span)


def _act(frame: Frame, due: DueDate, path: str) -> tuple[str, str] | None:
    if due.needs == BORN:
        return frame.words("Enter"), f"{path}?write={BORN}#write"
    if due.needs:
        return frame.words("Enter"), f"{path}?write={due.needs}#write"
    if due.kind is DeadlineKind.RECORD_REQUEST:
        return frame.words("Open"), "/app/requests"
    if due.done_by is not None:
        return frame.words("Write down"), f"{path}?write={due.done_by.value}#write"
    return None


def due_groups(frame: Frame, dues: Dues, today: date) -> tuple[DueGroup, ...]:
    """Return what is near in a caseload, by how near it is; empty groups are left out."""
    groups = []
    for state in (DueState.OVERDUE, DueState.NOW, DueState.THIS_WEEK):
        lines = _lines(frame, [one for one in dues.rows if one.state is state], today)
        if lines:
            title = group_title(frame, state)
            groups.append(DueGroup(title=title, rows=lines[:SHOWN_ROWS], more=lines[SHOWN_ROWS:]))
    return tuple(groups)


def coming_lines(frame: Frame, dues: Dues, today: date) -> tuple[DueLine, ...]:
    """Return what comes in the next 90 days."""
    return _lines(frame, [one for one in dues.rows if one.state is DueState.COMING], today)


def _lines(frame: Frame, rows: Sequence[ChildDue], today: date) -> tuple[DueLine, ...]:
    """Return a line for each row; the same thing due on the same day for many children is one line."""
    same: dict[tuple[DeadlineKind, date | None], list[ChildDue]] = {}
    for one in rows:
        same.setdefault((one.due.kind, one.due.due_on), []).append(one)
    lines: list[DueLine] = []
    for found in same.values():
        if len(found) >= TOGETHER:
            lines.append(_together(frame, found, today))
        else:
            lines += [
                due_line(frame, one.due, today, path=_path(one), child=one.student.preferred_name)
                for one in found
            ]
    return tuple(lines)


def _together(frame: Frame, found: Sequence[ChildDue], today: date) -> DueLine:
    line = due_line(frame, found[0].due, today, path=_path(found[0]))
    return replace(
        line,
        child=frame.count_words("%(number)s student", "%(number)s students", len(found)),
        act=None,
        others=tuple((one.student.preferred_name, line_path(one)) for one in found),
    )


def line_path(row: ChildDue) -> str:
    """Return where a due date of a child is written down as done."""
    done_by = row.due.done_by
    return _path(row) if done_by is None else f"{_path(row)}?write={done_by.value}#write"


def _path(row: ChildDue) -> str:
    return f"/app/c/{row.student.id}/dates"
