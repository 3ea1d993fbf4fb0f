"""What is due for one child: every deadline of the domain guide whose facts are there, what it rests on, what
to write down when it is done; and where a fact is missing, which one.

Nothing here says whether anybody kept a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from iepcore.calendars.child_dates import BORN, ChildDates
from iepcore.calendars.deadlines import Deadline, DeadlineGap, DeadlineKind, DeadlineRules
from iepcore.calendars.timeline import TimelineKind

_WEEK, _COMING = timedelta(days=7), timedelta(days=90)
_LATE_REPORT = timedelta(days=14)
_NEW_PLAN = timedelta(days=60)
_K, _D = TimelineKind, DeadlineKind


class DueState(StrEnum):
    """How near a date is. ``now``: due today, or no school day is left before it."""

    OVERDUE = "overdue"
    NOW = "now"
    THIS_WEEK = "this_week"
    COMING = "coming"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """One thing that is due. ``since`` is the event it counts from (None: a birthday, a plan or a calendar).

    ``done_by`` is the event to write down when it is done. ``needs`` names what is missing: the value of a
    :class:`TimelineKind`, ``born_on``, or nothing. ``deadline`` is None only when something is missing.
    """

    kind: DeadlineKind
    deadline: Deadline | None = None
    since: TimelineKind | None = None
    done_by: TimelineKind | None = None
    needs: str = ""

    @property
    def due_on(self) -> date | None:
        """The legal date; None while it is unknown."""
        return None if self.deadline is None else self.deadline.due_on

    def state(self, today: date) -> DueState:
        """Return how near it is."""
        if self.deadline is None or self.due_on is None:
            return DueState.UNKNOWN
        if self.due_on < today:
            return DueState.OVERDUE
        beside = self.deadline.school_day_on
        if self.due_on == today or (beside is not None and beside <= today):
            return DueState.NOW
        if self.due_on <= today + _WEEK:
            return DueState.THIS_WEEK
        return DueState.COMING if self.due_on <= today + _COMING else DueState.LATER


def due_dates(child: ChildDates, rules: DeadlineRules, *, today: date) -> tuple[DueDate, ...]:
    """Return what is due for a child, the nearest first, what is unknown last."""
    found = [*_always(child, rules)]
    if child.has_plan:
        found += _of_plan(child, rules, today)
    else:
        found += _before_plan(child, rules)
    found += _around_meetings(child, rules, today)
    found += _rights(child, rules, today)
    return tuple(
        sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max, one.kind.value, one.needs))
    )


def _always(child: ChildDates, rules: DeadlineRules) -> Iterator[DueDate]:
    """Yield what is due whether or not a child has a plan."""
    for received in child.record_requests:
        deadline = rules.record_request(received, next_meeting_on=child.meeting_on)
        yield DueDate(kind=_D.RECORD_REQUEST, deadline=deadline)
    exited = child.last_ever(_K.EXITED)
    if exited is not None and child.is_over:
        kept = rules.retention(exited)
        if kept.gap is not DeadlineGap.NO_RULE:
            yield DueDate(kind=_D.RETENTION, deadline=kept, since=_K.EXITED)
    evaluated = child.last_ever(_K.PLAN_504_EVALUATED)
    if evaluated is not None and exited is None:
        yield DueDate(
            kind=_D.SECTION_504,
            deadline=rules.section_504(evaluated),
            since=_K.PLAN_504_EVALUATED,
            done_by=_K.PLAN_504_EVALUATED,
        )


def _before_plan(child: ChildDates, rules: DeadlineRules) -> Iterator[DueDate]:
    """Yield what leads to a first plan: evaluation, eligibility, meeting, third birthday."""
    consent, evaluated = child.last(_K.EVALUATION_CONSENT), child.last(_K.EVALUATED)
    eligible = child.last(_K.ELIGIBLE)
    if consent is not None and not child.since(_K.EVALUATED, consent):
        yield DueDate(
            kind=_D.INITIAL_EVALUATION,
            deadline=_evaluation(child, rules, consent),
            since=_K.EVALUATION_CONSENT,
            done_by=_K.EVALUATED,
        )
    elif consent is None and evaluated is None and child.last(_K.REFERRED) is not None:
        yield DueDate(kind=_D.INITIAL_EVALUATION, needs=_K.EVALUATION_CONSENT.value)
    elif evaluated is not None and eligible is None:
        yield DueDate(kind=_D.INITIAL_MEETING, needs=_K.ELIGIBLE.value)
    if eligible is not None:
        yield DueDate(
            kind=_D.INITIAL_MEETING,
            deadline=rules.initial_meeting(eligible),
            since=_K.ELIGIBLE,
            done_by=_K.INITIAL_MEETING,
        )
    if child.last(_K.PART_C) is not None:
        if child.born_on is None:
            yield DueDate(kind=_D.THIRD_BIRTHDAY, needs=BORN)
        else:
            yield DueDate(
                kind=_D.THIRD_BIRTHDAY,
                deadline=rules.third_birthday(child.born_on),
                done_by=_K.INITIAL_MEETING,
            )


def _evaluation(child: ChildDates, rules: DeadlineRules, consent: date) -> Deadline:
    """Return the end of an evaluation: the day both sides agreed on, else the state's or federal period."""
    by_rule = rules.initial_evaluation(consent)
    agreed = child.last(_K.EVALUATION_DATE_AGREED)
    if agreed is None or agreed <= consent:
        return by_rule
    beside = rules.school.last_on_or_before(agreed) if rules.school is not None else None
    return Deadline(
        kind=_D.INITIAL_EVALUATION,
        counts_from=consent,
        due_on=agreed,
        school_day_on=beside,
        citation="34 CFR 300.301(e), 300.309(c)",
        rule=by_rule.rule,
        limit="agreed",
    )


def _of_plan(child: ChildDates, rules: DeadlineRules, today: date) -> Iterator[DueDate]:
    """Yield what a plan makes due: review, reevaluation, start of services, the new year, reports."""
    reviewed = child.reviewed_on
    if reviewed is None:
        yield DueDate(kind=_D.ANNUAL_REVIEW, needs=_K.ANNUAL_REVIEW.value)
    else:
        yield DueDate(
            kind=_D.ANNUAL_REVIEW,
            deadline=rules.annual_review(reviewed),
            since=_K.ANNUAL_REVIEW,
            done_by=_K.ANNUAL_REVIEW,
        )
    evaluated = child.latest(_K.EVALUATED, _K.REEVALUATION_UNNEEDED)
    if evaluated is None:
        yield DueDate(kind=_D.REEVALUATION, needs=_K.EVALUATED.value)
    else:
        yield DueDate(
            kind=_D.REEVALUATION,
            deadline=rules.reevaluation(evaluated),
            since=_K.EVALUATED,
            done_by=_K.EVALUATED,
        )
    first = child.last(_K.INITIAL_MEETING)
    if first is not None and child.last(_K.SERVICES_STARTED) is None:
        agreed = child.last(_K.SERVICES_CONSENT)
        if agreed is None:
            yield DueDate(kind=_D.SERVICES_START, needs=_K.SERVICES_CONSENT.value)
        else:
            yield DueDate(
                kind=_D.SERVICES_START,
                deadline=rules.services_start(max(first, agreed)),
                since=_K.SERVICES_CONSENT,
                done_by=_K.SERVICES_STARTED,
            )
    new_year = rules.year_start(today)
    if new_year.due_on is not None and child.ends_on is not None and child.ends_on < new_year.due_on:
        yield DueDate(kind=_D.YEAR_START, deadline=new_year, done_by=_K.PLAN_BEGAN)
    yield from _reports(child, rules, today)


def _reports(child: ChildDates, rules: DeadlineRules, today: date) -> Iterator[DueDate]:
    """Yield the next report day and the ones just gone for which nothing was sent."""
    begins = child.begins_on or child.reviewed_on or today
    review = rules.annual_review(begins).due_on
    ends = child.ends_on or review or begins
    computed = rules.progress_reports(begins, ends)
    if child.report_days:
        known = {one.due_on: one for one in computed if one.due_on is not None}
        computed = tuple(known.get(day) or _own_report(rules, begins, day) for day in child.report_days)
    elif any(one.gap is not None for one in computed):
        yield from (DueDate(kind=_D.PROGRESS_REPORT, deadline=one) for one in computed)
        return
    sent = list(child.all(_K.PROGRESS_REPORT_SENT))
    open_days = [one for one in computed if one.due_on is not None]
    for day in sent:
        # A report counts for the first open day that is not long past when it goes out.
        answered = next((one for one in open_days if _is_for(one, day)), None)
        if answered is not None:
            open_days.remove(answered)
    for one in open_days:
        if one.due_on is None or one.due_on < today - _LATE_REPORT:
            continue
        yield DueDate(kind=_D.PROGRESS_REPORT, deadline=one, done_by=_K.PROGRESS_REPORT_SENT)
        if one.due_on >= today:
            return


def _is_for(deadline: Deadline, sent: date) -> bool:
    return deadline.due_on is not None and sent <= deadline.due_on + _LATE_REPORT


def _own_report(rules: DeadlineRules, begins: date, day: date) -> Deadline:
    """Return a report day that the plan itself names."""
    return Deadline(
        kind=_D.PROGRESS_REPORT,
        counts_from=begins,
        due_on=day,
        school_day_on=rules.school.last_on_or_before(day) if rules.school is not None else None,
        citation="34 CFR 300.320(a)(3)(ii)",
        limit="plan",
    )


def _around_meetings(child: ChildDates, rules: DeadlineRules, today: date) -> Iterator[DueDate]:
    """Yield notices and papers around meetings and changes, and the family's time to answer."""
    meeting = child.meeting_on
    if meeting is not None and meeting >= today:
        found: list[tuple[Deadline, TimelineKind]] = []
        if not child.noted_after(_K.MEETING_NOTICE_SENT, _K.MEETING_PLANNED):
            found.append((rules.meeting_notice(meeting), _K.MEETING_NOTICE_SENT))
        if not child.noted_after(_K.MEETING_PAPERS_SENT, _K.MEETING_PLANNED):
            found.append((rules.documents_before(meeting), _K.MEETING_PAPERS_SENT))
        yield from _ruled(found, since=_K.MEETING_PLANNED)
    held = child.latest(_K.ANNUAL_REVIEW, _K.INITIAL_MEETING)
    if held is not None and held > today - _NEW_PLAN and not child.since(_K.PLAN_COPY_SENT, held):
        yield from _ruled([(rules.documents_after(held), _K.PLAN_COPY_SENT)], since=_K.ANNUAL_REVIEW)
    for effect in child.changes_ahead(today):
        yield from _ruled(
            [(rules.prior_written_notice(effect), _K.WRITTEN_NOTICE_SENT)], since=_K.CHANGE_PLANNED
        )
    for proposed in child.unanswered():
        found = [(rules.response_to_plan(proposed), _K.PLAN_ANSWERED)]
        yield from _ruled(found, since=_K.PLAN_PROPOSED)


def _ruled(found: Sequence[tuple[Deadline, TimelineKind]], *, since: TimelineKind) -> Iterator[DueDate]:
    """Yield the deadlines that somebody has set a rule for."""
    for deadline, done_by in found:
        if deadline.gap is not DeadlineGap.NO_RULE:
            yield DueDate(kind=deadline.kind, deadline=deadline, since=since, done_by=done_by)


def _rights(child: ChildDates, rules: DeadlineRules, today: date) -> Iterator[DueDate]:
    """Yield what rests on age, on rights and on conduct."""
    need = child.last(_K.SURROGATE_NEEDED)
    if need is not None and not child.since(_K.SURROGATE_ASSIGNED, need):
        yield DueDate(
            kind=_D.SURROGATE,
            deadline=rules.surrogate(need),
            since=_K.SURROGATE_NEEDED,
            done_by=_K.SURROGATE_ASSIGNED,
        )
    decided = child.last(_K.PLACEMENT_CHANGE)
    if decided is not None and not child.since(_K.MANIFESTATION_REVIEWED, decided):
        yield DueDate(
            kind=_D.MANIFESTATION_REVIEW,
            deadline=rules.manifestation_review(decided),
            since=_K.PLACEMENT_CHANGE,
            done_by=_K.MANIFESTATION_REVIEWED,
        )
    if not child.has_plan:
        return
    if rules.school is None or rules.school.term_of(today) is not None:
        given = rules.safeguards(child.last(_K.SAFEGUARDS_GIVEN), today=today)
        if given.gap is not DeadlineGap.CALENDAR_ENDS:
            yield DueDate(kind=_D.SAFEGUARDS, deadline=given, done_by=_K.SAFEGUARDS_GIVEN)
    if child.born_on is None:
        yield DueDate(kind=_D.TRANSITION, needs=BORN)
        return
    yield from _birthdays(child.born_on, child, rules, today)


def _birthdays(born_on: date, child: ChildDates, rules: DeadlineRules, today: date) -> Iterator[DueDate]:
    transition = rules.transition(born_on, on=today)
    if transition.due_on is not None and transition.due_on >= today:
        yield DueDate(kind=_D.TRANSITION, deadline=transition)
    majority, told = rules.rights_transfer(born_on, on=today), rules.transfer_statement(born_on, on=today)
    is_ahead = majority.due_on is not None and majority.due_on > today
    if is_ahead and told.due_on is not None and child.last(_K.TRANSFER_STATEMENT) is None:
        yield DueDate(kind=_D.TRANSFER_STATEMENT, deadline=told, done_by=_K.TRANSFER_STATEMENT)
    if majority.due_on is not None and child.last(_K.RIGHTS_TRANSFERRED) is None:
        yield DueDate(kind=_D.RIGHTS_TRANSFER, deadline=majority, done_by=_K.RIGHTS_TRANSFERRED)
