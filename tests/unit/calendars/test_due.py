"""What is due for one child: each deadline from its facts, each missing fact named, nothing after an end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import (
    BORN,
    CalendarDay,
    ChildDates,
    DayKind,
    Deadline,
    DeadlineGap,
    DeadlineKind,
    DeadlineRules,
    DueDate,
    DueState,
    PlanDates,
    SiteChoices,
    TimelineEvent,
    TimelineKind,
    child_dates,
    due_dates,
    school_calendar,
)
from iepcore.ids import StudentId, new_uuid7
from iepcore.testing.calendar_values import a_date, a_year, some_choices
from iepcore.testing.people_values import NOW

K, D = TimelineKind, DeadlineKind
CHILD = StudentId(new_uuid7())
TODAY = date(2026, 11, 24)
BORN_ON = date(2016, 5, 4)
SCHOOL = school_calendar([a_year()])
RULES = SiteChoices().deadline_rules(SCHOOL)
NO_CALENDAR = SiteChoices().deadline_rules(None)


def on(kind: TimelineKind, day: date, hours: int = 0) -> TimelineEvent:
    """Return an event, written down ``hours`` after the others."""
    return a_date(CHILD, kind=kind, dated_on=day, recorded_at=NOW + timedelta(hours=hours))


def days(number: int) -> date:
    """Return a day so far from today."""
    return TODAY + timedelta(days=number)


def due(
    *events: TimelineEvent,
    rules: DeadlineRules = RULES,
    born_on: date | None = BORN_ON,
    plan: PlanDates | None = None,
    **more: tuple[date, ...],
) -> Mapping[DeadlineKind, DueDate]:
    """Return what is due, by its kind; the first of several."""
    found: dict[DeadlineKind, DueDate] = {}
    facts = child_dates(events, born_on=born_on, plan=plan, **more)
    for one in due_dates(facts, rules, today=TODAY):
        found.setdefault(one.kind, one)
    return found


REVIEWED = on(K.ANNUAL_REVIEW, date(2026, 10, 14))


def test_a_child_of_whom_nothing_is_known_has_nothing_due() -> None:
    """No guess, no question."""
    assert {} == due()


def test_an_evaluation_counts_from_consent_until_it_is_completed() -> None:
    """D3 from consent; a referral alone asks for the consent; an agreed day takes the place of the sixty."""
    consent = on(K.EVALUATION_CONSENT, date(2026, 10, 1))
    found = due(on(K.REFERRED, date(2026, 9, 20)), consent)
    assert date(2026, 11, 30) == found[D.INITIAL_EVALUATION].due_on
    assert K.EVALUATED is found[D.INITIAL_EVALUATION].done_by
    asked = due(on(K.REFERRED, date(2026, 9, 20)))[D.INITIAL_EVALUATION]
    assert ("evaluation_consent", None) == (asked.needs, asked.due_on)
    for rules in (RULES, NO_CALENDAR):
        agreed = due(consent, on(K.EVALUATION_DATE_AGREED, date(2026, 12, 10)), rules=rules)
        assert date(2026, 12, 10) == agreed[D.INITIAL_EVALUATION].due_on
        held = agreed[D.INITIAL_EVALUATION].deadline
        assert held is not None
        assert "agreed" == held.limit
    early = due(consent, on(K.EVALUATION_DATE_AGREED, date(2026, 9, 10)))
    assert date(2026, 11, 30) == early[D.INITIAL_EVALUATION].due_on
    assert D.INITIAL_EVALUATION not in due(consent, on(K.EVALUATED, date(2026, 11, 1)))


def test_eligibility_leads_to_a_first_meeting() -> None:
    """An evaluation without a decision asks for it; the decision counts thirty days; the meeting ends it."""
    done = on(K.EVALUATED, date(2026, 11, 1))
    assert "eligible" == due(done)[D.INITIAL_MEETING].needs
    eligible = on(K.ELIGIBLE, date(2026, 11, 5))
    assert date(2026, 12, 5) == due(done, eligible)[D.INITIAL_MEETING].due_on
    assert D.INITIAL_MEETING not in due(done, eligible, on(K.INITIAL_MEETING, date(2026, 11, 20)))
    assert {} == due(done, on(K.NOT_ELIGIBLE, date(2026, 11, 5)))


def test_a_child_from_early_intervention_has_a_plan_by_the_third_birthday() -> None:
    """D7, and the birthday is asked for when nobody entered it."""
    told = on(K.PART_C, date(2026, 9, 1))
    assert date(2027, 4, 3) == due(told, born_on=date(2024, 4, 3))[D.THIRD_BIRTHDAY].due_on
    assert BORN == due(told, born_on=None)[D.THIRD_BIRTHDAY].needs


def test_a_plan_is_reviewed_within_a_year_of_its_meeting() -> None:
    """D1 from the last review, of the plan or as written down; a plan of which no review is known asks."""
    assert date(2027, 10, 14) == due(REVIEWED)[D.ANNUAL_REVIEW].due_on
    plan = PlanDates(reviewed_on=date(2026, 11, 1), begins_on=date(2026, 11, 2), ends_on=date(2027, 10, 31))
    assert date(2027, 11, 1) == due(REVIEWED, plan=plan)[D.ANNUAL_REVIEW].due_on
    assert "annual_review" == due(on(K.PLAN_BEGAN, date(2026, 10, 1)))[D.ANNUAL_REVIEW].needs


def test_a_reevaluation_counts_from_the_last_or_from_the_agreement() -> None:
    """D2; without an evaluation it asks for one."""
    assert "evaluated" == due(REVIEWED)[D.REEVALUATION].needs
    evaluated = on(K.EVALUATED, date(2024, 2, 29))
    assert date(2027, 2, 28) == due(REVIEWED, evaluated)[D.REEVALUATION].due_on
    unneeded = on(K.REEVALUATION_UNNEEDED, date(2026, 9, 3))
    assert date(2029, 9, 3) == due(REVIEWED, evaluated, unneeded)[D.REEVALUATION].due_on


def test_services_start_after_consent() -> None:
    """D5: the consent is asked for, then the start is shown, then nothing."""
    first = on(K.INITIAL_MEETING, date(2026, 11, 10))
    assert "services_consent" == due(first)[D.SERVICES_START].needs
    consent = on(K.SERVICES_CONSENT, date(2026, 11, 16))
    assert date(2026, 11, 26) == due(first, consent)[D.SERVICES_START].due_on
    assert D.SERVICES_START not in due(first, consent, on(K.SERVICES_STARTED, date(2026, 11, 20)))


def test_a_plan_that_ends_before_the_new_year_is_shown() -> None:
    """D6 when the calendar knows the next year and the plan ends before it."""
    next_year = a_year(name="2027-28", first_day=date(2027, 8, 30), last_day=date(2028, 6, 9), days=())
    rules = SiteChoices().deadline_rules(school_calendar([a_year(), next_year]))
    ends = on(K.PLAN_ENDS, date(2027, 6, 11))
    assert date(2027, 8, 30) == due(REVIEWED, ends, rules=rules)[D.YEAR_START].due_on
    assert D.YEAR_START not in due(REVIEWED, on(K.PLAN_ENDS, date(2027, 10, 13)), rules=rules)
    assert D.YEAR_START not in due(REVIEWED, rules=rules)


def test_reports_are_due_with_the_report_cards() -> None:
    """D17: the next one; the one just gone while nothing was sent; a late report counts for the late one."""
    near = a_year(days=tuple(_card(day) for day in (date(2026, 11, 20), date(2027, 1, 22))))
    rules = SiteChoices().deadline_rules(school_calendar([near]))
    plan = PlanDates(reviewed_on=date(2026, 10, 14), begins_on=date(2026, 10, 15), ends_on=date(2027, 10, 13))
    assert [date(2026, 11, 20), date(2027, 1, 22)] == _reports(rules, plan)
    assert [date(2027, 1, 22)] == _reports(rules, plan, on(K.PROGRESS_REPORT_SENT, TODAY))
    assert [] == _reports(rules, plan, *(on(K.PROGRESS_REPORT_SENT, TODAY) for _ in range(2)))
    # A day long past is answered by nothing that goes out now.
    old = on(K.PROGRESS_REPORT_SENT, date(2027, 6, 20))
    assert [date(2026, 11, 20), date(2027, 1, 22)] == _reports(rules, plan, old)
    assert [] == _reports(SiteChoices().deadline_rules(school_calendar([a_year(days=())])), plan)


def _card(day: date) -> CalendarDay:
    return CalendarDay(day=day, kind=DayKind.REPORT_CARD)


def _reports(rules: DeadlineRules, plan: PlanDates, *events: TimelineEvent) -> list[date | None]:
    found = due_dates(child_dates(events, born_on=BORN_ON, plan=plan), rules, today=TODAY)
    return [one.due_on for one in found if one.kind is D.PROGRESS_REPORT]


def test_a_plan_may_name_its_own_report_days() -> None:
    """They hold with and without a calendar; a day that is long past and the days after the next are left."""
    plan = PlanDates(
        reviewed_on=date(2026, 9, 1),
        begins_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 31),
        report_days=(date(2026, 10, 1), date(2026, 12, 18), date(2027, 1, 22)),
    )
    for rules in (RULES, NO_CALENDAR):
        assert [date(2026, 12, 18)] == _reports(rules, plan)


def test_without_a_calendar_what_needs_one_is_unknown_and_says_so() -> None:
    """Reports, safeguards; legal dates in calendar days are there all the same."""
    found = due(REVIEWED, rules=NO_CALENDAR)
    for kind in (D.PROGRESS_REPORT, D.SAFEGUARDS):
        held = found[kind].deadline
        assert held is not None
        assert DeadlineGap.NO_CALENDAR is held.gap
        assert DueState.UNKNOWN is found[kind].state(TODAY)
    assert date(2027, 10, 14) == found[D.ANNUAL_REVIEW].due_on


def test_a_planned_meeting_needs_its_notice() -> None:
    """D8 until one is noted after the meeting was planned; D9 only where somebody set a number."""
    planned = on(K.MEETING_PLANNED, days(12))
    found = due(REVIEWED, planned)
    assert days(2) == found[D.MEETING_NOTICE].due_on
    assert D.DOCUMENTS_BEFORE not in found
    assert D.MEETING_NOTICE not in due(REVIEWED, planned, on(K.MEETING_NOTICE_SENT, TODAY, hours=1))
    moved = on(K.MEETING_PLANNED, days(20), hours=2)
    again = due(REVIEWED, planned, on(K.MEETING_NOTICE_SENT, TODAY, hours=1), moved)
    assert days(10) == again[D.MEETING_NOTICE].due_on
    assert D.MEETING_NOTICE not in due(REVIEWED, on(K.MEETING_PLANNED, days(-1)))
    maryland = some_choices(state="MD").deadline_rules(SCHOOL)
    papers = due(REVIEWED, planned, rules=maryland)
    assert K.MEETING_PAPERS_SENT is papers[D.DOCUMENTS_BEFORE].done_by
    sent = on(K.MEETING_PAPERS_SENT, TODAY, hours=1)
    assert D.DOCUMENTS_BEFORE not in due(REVIEWED, planned, sent, rules=maryland)


def test_the_finished_plan_goes_out_after_the_meeting_where_a_state_says_so() -> None:
    """D9 after; a copy that went ends it, and so do two months."""
    maryland = some_choices(state="MD").deadline_rules(SCHOOL)
    held = on(K.ANNUAL_REVIEW, days(-1))
    assert K.PLAN_COPY_SENT is due(held, rules=maryland)[D.DOCUMENTS_AFTER].done_by
    assert D.DOCUMENTS_AFTER not in due(held, on(K.PLAN_COPY_SENT, TODAY), rules=maryland)
    assert D.DOCUMENTS_AFTER not in due(on(K.ANNUAL_REVIEW, days(-61)), rules=maryland)


def test_a_change_ahead_needs_prior_written_notice() -> None:
    """D10 of an event, of a plan that is still written, none once a notice is noted or the day is over."""
    change = on(K.CHANGE_PLANNED, days(15))
    assert days(5) == due(REVIEWED, change)[D.PRIOR_WRITTEN_NOTICE].due_on
    assert D.PRIOR_WRITTEN_NOTICE not in due(REVIEWED, change, on(K.WRITTEN_NOTICE_SENT, TODAY, hours=1))
    assert D.PRIOR_WRITTEN_NOTICE not in due(REVIEWED, on(K.CHANGE_PLANNED, days(-1)))
    assert days(10) == due(REVIEWED, effects=(days(20), days(-3)))[D.PRIOR_WRITTEN_NOTICE].due_on


def test_a_family_has_its_states_time_to_answer() -> None:
    """D11 only where a state sets one; of an event and of a plan that was proposed; an answer ends it."""
    jersey = some_choices(state="NJ").deadline_rules(SCHOOL)
    given_ = on(K.PLAN_PROPOSED, TODAY)
    assert days(15) == due(REVIEWED, given_, rules=jersey)[D.RESPONSE_TO_PLAN].due_on
    assert days(14) == due(REVIEWED, rules=jersey, proposed=(days(-1),))[D.RESPONSE_TO_PLAN].due_on
    assert D.RESPONSE_TO_PLAN not in due(REVIEWED, given_, on(K.PLAN_ANSWERED, TODAY), rules=jersey)
    assert D.RESPONSE_TO_PLAN not in due(REVIEWED, given_)


def test_a_request_for_the_record_is_due_before_the_meeting() -> None:
    """D12: 45 days, or the day before the meeting that was planned."""
    assert days(35) == due(record_requests=(days(-10),))[D.RECORD_REQUEST].due_on
    found = due(on(K.MEETING_PLANNED, days(5)), record_requests=(days(-10),))
    assert days(4) == found[D.RECORD_REQUEST].due_on


@pytest.mark.parametrize(
    ("begun", "done", "kind", "number"),
    [
        (K.SURROGATE_NEEDED, K.SURROGATE_ASSIGNED, D.SURROGATE, 30),
        (K.PLACEMENT_CHANGE, K.MANIFESTATION_REVIEWED, D.MANIFESTATION_REVIEW, None),
    ],
    ids=["surrogate", "manifestation"],
)
def test_what_begins_with_one_event_ends_with_another(
    begun: TimelineKind, done: TimelineKind, kind: DeadlineKind, number: int | None
) -> None:
    """D13 and D18."""
    found = due(on(begun, TODAY))[kind]
    assert found.done_by is done
    assert (days(number) if number else date(2026, 12, 9)) == found.due_on
    assert kind not in due(on(begun, TODAY), on(done, days(0)))


def test_safeguards_are_given_once_a_year() -> None:
    """D16: by the end of the year while none was; nothing to show once given in the last year known."""
    assert date(2027, 6, 11) == due(REVIEWED)[D.SAFEGUARDS].due_on
    assert D.SAFEGUARDS not in due(REVIEWED, on(K.SAFEGUARDS_GIVEN, days(-3)))
    summer = due_dates(child_dates([REVIEWED], born_on=BORN_ON), RULES, today=date(2027, 7, 1))
    assert D.SAFEGUARDS not in {one.kind for one in summer}


def test_birthdays_bring_transition_and_rights() -> None:
    """D14, D15: shown until they are past or noted; a missing birthday is asked for once."""
    young = due(REVIEWED)
    assert date(2032, 5, 4) == young[D.TRANSITION].due_on
    assert date(2033, 5, 4) == young[D.TRANSFER_STATEMENT].due_on
    assert date(2034, 5, 4) == young[D.RIGHTS_TRANSFER].due_on
    assert BORN == due(REVIEWED, born_on=None)[D.TRANSITION].needs
    grown = due(REVIEWED, born_on=date(2008, 1, 1))
    assert D.TRANSITION not in grown
    assert D.TRANSFER_STATEMENT not in grown
    assert DueState.OVERDUE is grown[D.RIGHTS_TRANSFER].state(TODAY)
    told = (on(K.TRANSFER_STATEMENT, TODAY), on(K.RIGHTS_TRANSFERRED, TODAY))
    noted = due(REVIEWED, *told, born_on=date(2009, 5, 1))
    assert {D.TRANSFER_STATEMENT, D.RIGHTS_TRANSFER}.isdisjoint(noted)


def test_after_an_end_only_what_came_later_counts() -> None:
    """An exit leaves retention where a state has one; a new referral begins anew; a later plan counts."""
    out = on(K.EXITED, days(-30))
    assert {} == due(REVIEWED, on(K.EVALUATED, date(2025, 1, 1)), out)
    utah = some_choices(state="UT").deadline_rules(SCHOOL)
    assert date(2029, 10, 25) == due(REVIEWED, out, rules=utah)[D.RETENTION].due_on
    again = due(REVIEWED, out, on(K.REFERRED, days(-2)), rules=utah)
    assert {D.INITIAL_EVALUATION} == set(again)
    old = PlanDates(reviewed_on=days(-90), begins_on=days(-80), ends_on=days(200))
    assert {} == due(out, plan=old)
    new = PlanDates(reviewed_on=days(-10), begins_on=days(-5), ends_on=days(200))
    assert D.ANNUAL_REVIEW in due(out, plan=new)


def test_a_504_plan_is_looked_at_again() -> None:
    """D20 by itself, beside a special-education plan that ended; an exit from school ends it."""
    looked = on(K.PLAN_504_EVALUATED, date(2026, 3, 2))
    assert date(2029, 3, 2) == due(looked, on(K.SERVICES_REVOKED, days(-3)))[D.SECTION_504].due_on
    assert D.SECTION_504 not in due(looked, on(K.EXITED, days(-3)))


@pytest.mark.parametrize(
    ("left", "school", "state"),
    [
        (-1, None, DueState.OVERDUE),
        (0, None, DueState.NOW),
        (3, 0, DueState.NOW),
        (3, 2, DueState.THIS_WEEK),
        (7, None, DueState.THIS_WEEK),
        (8, None, DueState.COMING),
        (90, None, DueState.COMING),
        (91, None, DueState.LATER),
    ],
)
def test_how_near_a_date_is(left: int, school: int | None, state: DueState) -> None:
    """Now is today, or no school day left before it."""
    deadline = Deadline(
        kind=D.ANNUAL_REVIEW,
        counts_from=TODAY,
        citation="x",
        due_on=days(left),
        school_day_on=None if school is None else days(school),
    )
    assert state is DueDate(kind=D.ANNUAL_REVIEW, deadline=deadline).state(TODAY)
    assert DueState.UNKNOWN is DueDate(kind=D.ANNUAL_REVIEW, needs=BORN).state(TODAY)


EVENTS = st.builds(
    lambda kind, number, hours: on(kind, days(number), hours),
    st.sampled_from(TimelineKind),
    st.integers(-1500, 400),
    st.integers(0, 99),
)


@given(
    events=st.lists(EVENTS, max_size=14),
    born_on=st.none() | st.dates(date(2000, 1, 1), date(2025, 1, 1)),
    plan=st.none()
    | st.builds(
        lambda start, length: PlanDates(
            reviewed_on=days(start), begins_on=days(start), ends_on=days(start + length)
        ),
        st.integers(-800, 100),
        st.integers(0, 400),
    ),
    rules=st.sampled_from(
        [RULES, NO_CALENDAR, *(some_choices(state=one).deadline_rules(SCHOOL) for one in ("MD", "TX", "MA"))]
    ),
)
def test_whatever_was_written_down_something_can_be_said(
    events: list[TimelineEvent], born_on: date | None, plan: PlanDates | None, rules: DeadlineRules
) -> None:
    """No order of events breaks it; known dates come in order before unknown ones; unknown ones say why."""
    facts = child_dates(events, born_on=born_on, plan=plan)
    found = due_dates(facts, rules, today=TODAY)
    known = [one.due_on for one in found if one.due_on is not None]
    assert sorted(known) == known
    assert known == [one.due_on for one in found[: len(known)]]
    for one in found:
        gap = one.deadline.gap if one.deadline is not None else None
        assert (one.due_on is not None) or one.needs or gap is not None
    assert isinstance(facts, ChildDates)
