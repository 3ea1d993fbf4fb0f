"""Due dates D1 to D20 of the domain guide: from an event, a policy and a calendar to a date that explains
itself.

A deadline says its rule, what it counts from, the citation, and beside a legal date the last school day on or
before it. What cannot be computed is unknown with a reason; nothing here says whether anybody kept a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from iepcore.calendars.business import BusinessCalendar
from iepcore.calendars.days import DayUnit, LeapRule, add_days, add_years, attains_age
from iepcore.calendars.policy import PolicyKey, PolicyProfile, PolicyRule
from iepcore.calendars.school import SchoolCalendar
from iepcore.errors import InvalidValue

_ONE = timedelta(days=1)


class DeadlineKind(StrEnum):
    """What is due, named by its row in the domain guide 2.1."""

    ANNUAL_REVIEW = "D1"
    REEVALUATION = "D2"
    INITIAL_EVALUATION = "D3"
    INITIAL_MEETING = "D4"
    SERVICES_START = "D5"
    YEAR_START = "D6"
    THIRD_BIRTHDAY = "D7"
    MEETING_NOTICE = "D8"
    DOCUMENTS_BEFORE = "D9"
    DOCUMENTS_AFTER = "D9a"
    PRIOR_WRITTEN_NOTICE = "D10"
    RESPONSE_TO_PLAN = "D11"
    RECORD_REQUEST = "D12"
    SURROGATE = "D13"
    TRANSITION = "D14"
    TRANSFER_STATEMENT = "D15"
    RIGHTS_TRANSFER = "D15a"
    SAFEGUARDS = "D16"
    PROGRESS_REPORT = "D17"
    MANIFESTATION_REVIEW = "D18"
    RETENTION = "D19"
    SECTION_504 = "D20"


class DeadlineGap(StrEnum):
    """Why a date is unknown."""

    NO_CALENDAR = "no_calendar"
    CALENDAR_ENDS = "calendar_ends"
    NO_RULE = "no_rule"


COUNTDOWN = (90, 60, 30, 10)
"""Days before an annual review at which it is shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One due date. ``due_on`` is the legal date, never moved for a weekend; ``school_day_on`` the last
    school day
    on or before it (None when no calendar knows). ``limit`` names which of several limits bites. Either
    ``due_on`` or ``gap`` is there.
    """

    kind: DeadlineKind
    counts_from: date
    citation: str
    due_on: date | None = None
    school_day_on: date | None = None
    limit: str = ""
    rule: PolicyRule | None = None
    gap: DeadlineGap | None = None

    def days_left(self, today: date) -> int | None:
        """Return the calendar days from ``today`` to the due date, negative once it has passed."""
        return None if self.due_on is None else (self.due_on - today).days


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRules:
    """A policy profile with the calendars of a site: what every computation here needs.

    ``school`` is None while nobody has entered a calendar. Rules are read as of the day a deadline counts
    from.
    """

    profile: PolicyProfile
    school: SchoolCalendar | None = None
    business: BusinessCalendar = field(default_factory=BusinessCalendar)
    leap_deadline: LeapRule = LeapRule.FEB28
    leap_birthday: LeapRule = LeapRule.FEB28

    def annual_review(self, last_review_on: date) -> Deadline:
        """D1: one year after the last annual review *meeting*; an amendment or a begin date moves nothing."""
        return self._after(DeadlineKind.ANNUAL_REVIEW, PolicyKey.ANNUAL_REVIEW, last_review_on)

    def reevaluation(self, last_evaluation_on: date) -> Deadline:
        """D2: three years after the last evaluation."""
        return self._after(DeadlineKind.REEVALUATION, PolicyKey.REEVALUATION, last_evaluation_on)

    def initial_evaluation(self, consent_received_on: date) -> Deadline:
        """D3: 60 calendar days after consent was *received*, or the state's own period in its place."""
        return self._after(DeadlineKind.INITIAL_EVALUATION, PolicyKey.INITIAL_EVALUATION, consent_received_on)

    def initial_meeting(self, eligible_on: date) -> Deadline:
        """D4: 30 calendar days after the eligibility decision."""
        return self._after(DeadlineKind.INITIAL_MEETING, PolicyKey.INITIAL_MEETING, eligible_on)

    def services_start(self, plan_begins_on: date) -> Deadline:
        """D5: the day from which a missing start is shown; the rule itself says "as soon as possible"."""
        return self._after(DeadlineKind.SERVICES_START, PolicyKey.SERVICES_START_WARNING, plan_begins_on)

    def year_start(self, on: date) -> Deadline:
        """D6: a plan in effect on the first school day of the year that begins on or after ``on``."""
        first = None
        if self.school is not None:
            days = [next(term.school_days(), None) for term in self.school.terms]
            first = min((day for day in days if day is not None and day >= on), default=None)
        citation = "34 CFR 300.323(a)"
        if first is None:
            return self._unknown(DeadlineKind.YEAR_START, on, citation)
        return self._known(DeadlineKind.YEAR_START, on, first, citation)

    def third_birthday(self, born_on: date) -> Deadline:
        """D7: a plan in effect by the third birthday, also in a break."""
        due = attains_age(born_on, 3, leap=self.leap_deadline)
        return self._known(DeadlineKind.THIRD_BIRTHDAY, born_on, due, "34 CFR 300.124, 300.101(b)")

    def meeting_notice(self, meeting_on: date) -> Deadline:
        """D8: the last day to send the notice of a meeting."""
        return self._before(DeadlineKind.MEETING_NOTICE, PolicyKey.MEETING_NOTICE, meeting_on)

    def documents_before(self, meeting_on: date) -> Deadline:
        """D9: the last day to send what the meeting will talk about, where a state asks for it."""
        return self._before(DeadlineKind.DOCUMENTS_BEFORE, PolicyKey.DOCUMENTS_BEFORE, meeting_on)

    def documents_after(self, meeting_on: date) -> Deadline:
        """D9: the last day to send the finished plan, where a state asks for it."""
        return self._after(DeadlineKind.DOCUMENTS_AFTER, PolicyKey.DOCUMENTS_AFTER, meeting_on)

    def prior_written_notice(self, takes_effect_on: date) -> Deadline:
        """D10: the last day to send prior written notice of a change."""
        return self._before(
            DeadlineKind.PRIOR_WRITTEN_NOTICE, PolicyKey.PRIOR_WRITTEN_NOTICE, takes_effect_on
        )

    def response_to_plan(self, received_on: date) -> Deadline:
        """D11: when a state's time to answer a proposed plan is over; the rule's note says what silence
        means.
        """
        return self._after(DeadlineKind.RESPONSE_TO_PLAN, PolicyKey.RESPONSE_TO_PLAN, received_on)

    def record_request(
        self, received_on: date, *, next_meeting_on: date | None = None, hearing_on: date | None = None
    ) -> Deadline:
        """D12: so many days after the request, and before the next meeting about the plan, hearing or
        resolution
        session: whichever comes first. ``limit`` says which (``days``, ``meeting``, ``hearing``).

        Meetings before the request count for nothing.
        """
        by_days = self._after(DeadlineKind.RECORD_REQUEST, PolicyKey.RECORD_REQUEST, received_on)
        limits = [] if by_days.due_on is None else [(by_days.due_on, "days")]
        for event, name in ((next_meeting_on, "meeting"), (hearing_on, "hearing")):
            if event is not None and event > received_on:
                limits.append((event - _ONE, name))
        if not limits:
            return by_days
        due, name = min(limits)
        return self._known(
            DeadlineKind.RECORD_REQUEST, received_on, due, by_days.citation, rule=by_days.rule, limit=name
        )

    def surrogate(self, need_determined_on: date) -> Deadline:
        """D13: reasonable efforts to assign a surrogate parent within 30 days."""
        return self._after(DeadlineKind.SURROGATE, PolicyKey.SURROGATE, need_determined_on)

    def transition(self, born_on: date, *, on: date) -> Deadline:
        """D14: the birthday from which a plan holds transition services."""
        return self._birthday(DeadlineKind.TRANSITION, PolicyKey.TRANSITION_AGE, born_on, on)

    def needs_transition(self, born_on: date, *, plan_begins_on: date, plan_ends_on: date) -> bool:
        """D14: whether a plan must hold transition services: the birthday comes before it ends, or on that
        day.
        """
        due = self.transition(born_on, on=plan_begins_on).due_on
        return due is not None and due <= plan_ends_on

    def transfer_statement(self, born_on: date, *, on: date) -> Deadline:
        """D15: the day by which the plan says that the student was told of the rights to come."""
        rule = self.profile.at(PolicyKey.TRANSFER_STATEMENT, on)
        majority = self.rights_transfer(born_on, on=on)
        if rule is None or majority.due_on is None:
            return self._unknown(
                DeadlineKind.TRANSFER_STATEMENT, born_on, majority.citation, DeadlineGap.NO_RULE
            )
        due = add_years(majority.due_on, -rule.value, leap=self.leap_deadline)
        return self._known(DeadlineKind.TRANSFER_STATEMENT, born_on, due, rule.citation, rule=rule)

    def rights_transfer(self, born_on: date, *, on: date) -> Deadline:
        """D15: the day of majority, when a state moves the rights to the student; both get notice."""
        return self._birthday(DeadlineKind.RIGHTS_TRANSFER, PolicyKey.AGE_OF_MAJORITY, born_on, on)

    def records_become_theirs(self, born_on: date) -> date:
        """Return the day the student's education records become the student's own: 18 (34 CFR 99.3, 99.5)."""
        return attains_age(born_on, 18, leap=self.leap_birthday)

    def safeguards(self, last_given_on: date | None, *, today: date) -> Deadline:
        """D16: once in each school year: due by the last day of the year that holds ``today`` when none was
        given
        in it. Other events (referral, complaint, discipline, a request) are due at once, on their day.
        """
        citation = "34 CFR 300.504(a)"
        term = self.school.term_of(today) if self.school is not None else None
        if term is None:
            return self._unknown(DeadlineKind.SAFEGUARDS, today, citation)
        if last_given_on is not None and term.holds(last_given_on):
            due = None if self.school is None else self.school.after(term.last_day, 1)
            if due is None:
                return self._unknown(DeadlineKind.SAFEGUARDS, last_given_on, citation)
            return self._known(DeadlineKind.SAFEGUARDS, last_given_on, due, citation)
        return self._known(DeadlineKind.SAFEGUARDS, term.first_day, term.last_day, citation)

    def progress_reports(self, begins_on: date, ends_on: date) -> tuple[Deadline, ...]:
        """D17: every report-card day within a plan, when the plan itself names no other days. Without a
        calendar
        one unknown deadline says so.
        """
        citation = "34 CFR 300.320(a)(3)(ii)"
        if self.school is None:
            return (self._unknown(DeadlineKind.PROGRESS_REPORT, begins_on, citation),)
        return tuple(
            self._known(DeadlineKind.PROGRESS_REPORT, begins_on, day, citation)
            for day in self.school.report_cards_in(begins_on, ends_on)
        )

    def manifestation_review(self, decided_on: date) -> Deadline:
        """D18: ten school days after a decision to change placement for conduct."""
        citation = "34 CFR 300.530(e)"
        return self._counted(DeadlineKind.MANIFESTATION_REVIEW, decided_on, 10, DayUnit.SCHOOL, citation)

    def retention(self, exited_on: date) -> Deadline:
        """D19: the first day on which records may be destroyed, where a state says how long they are kept."""
        return self._after(DeadlineKind.RETENTION, PolicyKey.RETENTION, exited_on)

    def section_504(self, last_evaluation_on: date) -> Deadline:
        """D20: the periodic reevaluation of a plan under section 504."""
        return self._after(DeadlineKind.SECTION_504, PolicyKey.SECTION_504_REEVALUATION, last_evaluation_on)

    # ---------------------------------------------------------------------------------------------- how

    def _after(self, kind: DeadlineKind, key: PolicyKey, start: date) -> Deadline:
        rule = self.profile.at(key, start)
        if rule is None or rule.unit is None:
            return self._unknown(kind, start, "", DeadlineGap.NO_RULE)
        return self._counted(kind, start, rule.value, rule.unit, rule.citation, rule=rule)

    def _before(self, kind: DeadlineKind, key: PolicyKey, event: date) -> Deadline:
        rule = self.profile.at(key, event)
        if rule is None or rule.unit is None:
            return self._unknown(kind, event, "", DeadlineGap.NO_RULE)
        return self._counted(kind, event, -rule.value, rule.unit, rule.citation, rule=rule)

    def _counted(
        self,
        kind: DeadlineKind,
        start: date,
        count: int,
        unit: DayUnit,
        citation: str,
        *,
        rule: PolicyRule | None = None,
    ) -> Deadline:
        due = self._date(start, count, unit)
        if due is None:
            return self._unknown(kind, start, citation, rule=rule)
        return self._known(kind, start, due, citation, rule=rule)

    def _date(self, start: date, count: int, unit: DayUnit) -> date | None:
        """Return the day ``count`` units after ``start`` (before it when negative); None where no calendar
        knows.
        """
        if count == 0:
            return start
        if unit is DayUnit.CALENDAR:
            return add_days(start, count)
        if unit is DayUnit.YEAR:
            return add_years(start, count, leap=self.leap_deadline)
        days = self.business if unit is DayUnit.BUSINESS else self.school
        if days is None:
            return None
        return days.after(start, count) if count > 0 else days.before(start, -count)

    def _birthday(self, kind: DeadlineKind, key: PolicyKey, born_on: date, on: date) -> Deadline:
        rule = self.profile.at(key, on)
        if rule is None:
            return self._unknown(kind, born_on, "", DeadlineGap.NO_RULE)
        due = attains_age(born_on, rule.value, leap=self.leap_birthday)
        return self._known(kind, born_on, due, rule.citation, rule=rule)

    def _known(
        self,
        kind: DeadlineKind,
        start: date,
        due: date,
        citation: str,
        *,
        rule: PolicyRule | None = None,
        limit: str = "",
    ) -> Deadline:
        beside = self.school.last_on_or_before(due) if self.school is not None else None
        return Deadline(
            kind=kind,
            counts_from=start,
            due_on=due,
            school_day_on=beside,
            citation=citation,
            rule=rule,
            limit=limit,
        )

    def _unknown(
        self,
        kind: DeadlineKind,
        start: date,
        citation: str,
        gap: DeadlineGap | None = None,
        *,
        rule: PolicyRule | None = None,
    ) -> Deadline:
        if gap is None:
            gap = DeadlineGap.NO_CALENDAR if self.school is None else DeadlineGap.CALENDAR_ENDS
        return Deadline(kind=kind, counts_from=start, citation=citation, gap=gap, rule=rule)


def warned_on(deadline: Deadline, *, before: tuple[int, ...] = COUNTDOWN) -> tuple[date, ...]:
    """Return the days on which a deadline is shown again, earliest first; none when its date is unknown.

    Raises:
        InvalidValue: ``span_range`` for a negative number of days.
    """
    if any(days < 0 for days in before):
        raise InvalidValue("span_range", field="before")
    if deadline.due_on is None:
        return ()
    return tuple(add_days(deadline.due_on, -days) for days in sorted(before, reverse=True))
