"""Due dates D1 to D20: the dates of the fictional cases, and what is unknown without a calendar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import (
    FEDERAL,
    BusinessCalendar,
    DayUnit,
    Deadline,
    DeadlineGap,
    DeadlineKind,
    DeadlineRules,
    LeapRule,
    PolicyKey,
    PolicyLevel,
    PolicyProfile,
    PolicyRule,
    SchoolCalendar,
    Term,
    state_profile,
    warned_on,
)
from iepcore.errors import InvalidValue


def off(*spans: tuple[int, int, int, int]) -> frozenset[date]:
    """Return days off, each span as (year, month, first day, last day)."""
    return frozenset(date(y, m, d) for y, m, first, last in spans for d in range(first, last + 1))


TERM = Term(
    name="2026-27",
    first_day=date(2026, 8, 24),
    last_day=date(2027, 6, 4),
    no_school=off(
        (2026, 9, 7, 7), (2026, 10, 12, 12), (2026, 11, 11, 11), (2026, 11, 25, 27), (2026, 12, 21, 25),
        (2026, 12, 28, 31), (2027, 1, 1, 1), (2027, 1, 18, 18), (2027, 2, 15, 15), (2027, 3, 29, 31),
        (2027, 4, 1, 2), (2027, 5, 31, 31),
    ),
)  # fmt: skip
SCHOOL = SchoolCalendar(
    terms=(TERM,),
    report_cards=(date(2026, 10, 30), date(2027, 1, 22), date(2027, 4, 9), date(2027, 6, 4)),
)
RULES = DeadlineRules(profile=FEDERAL, school=SCHOOL)
TEXAS = DeadlineRules(profile=state_profile("TX"), school=SCHOOL)
BARE = DeadlineRules(profile=FEDERAL)


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (RULES.annual_review(date(2026, 12, 1)), date(2027, 12, 1)),
        (RULES.annual_review(date(2024, 2, 29)), date(2025, 2, 28)),
        (RULES.reevaluation(date(2024, 2, 29)), date(2027, 2, 28)),
        (RULES.reevaluation(date(2025, 2, 27)), date(2028, 2, 27)),
        (RULES.initial_evaluation(date(2026, 9, 15)), date(2026, 11, 14)),
        (TEXAS.initial_evaluation(date(2026, 9, 15)), date(2026, 11, 19)),
        (RULES.initial_evaluation(date(2027, 1, 8)), date(2027, 3, 9)),
        (RULES.initial_meeting(date(2026, 11, 12)), date(2026, 12, 12)),
        (RULES.initial_meeting(date(2027, 2, 18)), date(2027, 3, 20)),
        (RULES.third_birthday(date(2024, 4, 3)), date(2027, 4, 3)),
        (RULES.meeting_notice(date(2027, 2, 18)), date(2027, 2, 8)),
        (TEXAS.meeting_notice(date(2027, 4, 6)), date(2027, 3, 23)),
        (RULES.surrogate(date(2026, 9, 10)), date(2026, 10, 10)),
        (RULES.transfer_statement(date(2009, 2, 19), on=date(2026, 12, 1)), date(2026, 2, 19)),
        (RULES.rights_transfer(date(2009, 2, 19), on=date(2026, 12, 1)), date(2027, 2, 19)),
        (RULES.rights_transfer(date(2012, 2, 29), on=date(2027, 1, 4)), date(2030, 2, 28)),
        (RULES.transition(date(2012, 2, 29), on=date(2027, 1, 4)), date(2028, 2, 29)),
        (RULES.section_504(date(2027, 2, 12)), date(2030, 2, 12)),
        (RULES.services_start(date(2026, 10, 1)), date(2026, 10, 11)),
        (RULES.prior_written_notice(date(2026, 12, 11)), date(2026, 12, 1)),
        (RULES.manifestation_review(date(2026, 11, 20)), date(2026, 12, 9)),
        (RULES.year_start(date(2026, 7, 1)), date(2026, 8, 24)),
    ],
)  # fmt: skip
def test_due_dates_of_the_fictional_cases(found: Deadline, due: date) -> None:
    """Each as the domain guide computes it; all carry their citation."""
    assert due == found.due_on
    assert found.citation
    assert found.gap is None


def test_a_weekend_does_not_move_a_legal_date() -> None:
    """14 November 2026 is a Saturday and stays; the Friday before stands beside it."""
    found = RULES.initial_evaluation(date(2026, 9, 15))
    assert 5 == date(2026, 11, 14).weekday()
    assert date(2026, 11, 13) == found.school_day_on
    assert 44 == found.days_left(date(2026, 10, 1))
    assert -1 == found.days_left(date(2026, 11, 15))


def test_without_a_calendar_what_needs_one_is_unknown_and_says_why() -> None:
    """The legal date in calendar days stays known; the school day beside it does not."""
    unknown = DeadlineRules(profile=state_profile("TX")).initial_evaluation(date(2026, 9, 15))
    assert (None, DeadlineGap.NO_CALENDAR) == (unknown.due_on, unknown.gap)
    assert unknown.days_left(date(2026, 10, 1)) is None
    assert () == warned_on(unknown)
    ends = TEXAS.initial_evaluation(date(2027, 5, 3))
    assert (None, DeadlineGap.CALENDAR_ENDS) == (ends.due_on, ends.gap)
    known = BARE.initial_evaluation(date(2026, 9, 15))
    assert (date(2026, 11, 14), None) == (known.due_on, known.school_day_on)
    assert DeadlineGap.NO_CALENDAR is BARE.year_start(date(2026, 7, 1)).gap
    assert DeadlineGap.CALENDAR_ENDS is RULES.year_start(date(2027, 7, 1)).gap
    assert DeadlineGap.NO_CALENDAR is BARE.manifestation_review(date(2026, 11, 20)).gap


def test_without_a_rule_a_date_is_unknown() -> None:
    """Nothing federal says when copies are sent or how long records are kept; an empty profile says less."""
    for found in (
        RULES.documents_before(date(2027, 2, 18)),
        RULES.documents_after(date(2027, 2, 18)),
        RULES.retention(date(2027, 6, 4)),
        RULES.response_to_plan(date(2027, 2, 18)),
        DeadlineRules(profile=PolicyProfile(name="none", rules=())).rights_transfer(
            date(2009, 2, 19), on=date(2026, 12, 1)
        ),
        DeadlineRules(profile=PolicyProfile(name="none", rules=())).transfer_statement(
            date(2009, 2, 19), on=date(2026, 12, 1)
        ),
        DeadlineRules(profile=PolicyProfile(name="none", rules=())).record_request(date(2026, 12, 1)),
    ):
        assert DeadlineGap.NO_RULE is found.gap


def test_states_count_documents_in_their_own_days() -> None:
    """Maryland five business days, Illinois three school days; a break makes the difference."""
    maryland = DeadlineRules(profile=state_profile("MD"), school=SCHOOL, business=BusinessCalendar())
    illinois = DeadlineRules(profile=state_profile("IL"), school=SCHOOL)
    meeting = date(2027, 4, 6)
    assert date(2027, 3, 30) == maryland.documents_before(meeting).due_on
    assert date(2027, 4, 13) == maryland.documents_after(meeting).due_on
    assert date(2027, 3, 25) == illinois.documents_before(meeting).due_on


@pytest.mark.parametrize(
    ("meeting", "hearing", "due", "limit"),
    [
        (None, None, date(2027, 1, 15), "days"),
        (date(2026, 12, 15), None, date(2026, 12, 14), "meeting"),
        (date(2027, 3, 1), None, date(2027, 1, 15), "days"),
        (date(2026, 12, 15), date(2026, 12, 10), date(2026, 12, 9), "hearing"),
        (date(2026, 11, 1), None, date(2027, 1, 15), "days"),  # held before the request
    ],
)
def test_a_record_request_has_two_limits(
    meeting: date | None, hearing: date | None, due: date, limit: str
) -> None:
    """45 days, and before the next meeting or hearing: the answer says which one bites."""
    found = RULES.record_request(date(2026, 12, 1), next_meeting_on=meeting, hearing_on=hearing)
    assert (due, limit) == (found.due_on, found.limit)


def test_transition_belongs_in_a_plan_that_reaches_the_birthday() -> None:
    """On the last day of the plan is reached; a day later is not."""
    born = date(2011, 3, 10)
    begins = date(2026, 3, 11)
    assert RULES.needs_transition(born, plan_begins_on=begins, plan_ends_on=date(2027, 3, 10))
    assert not RULES.needs_transition(born, plan_begins_on=begins, plan_ends_on=date(2027, 3, 9))


def test_majority_follows_the_state_and_records_follow_eighteen() -> None:
    """In Mississippi the plan's rights move at 21, the records at 18 all the same."""
    rules = DeadlineRules(profile=state_profile("MS"), leap_birthday=LeapRule.MAR1)
    born = date(2008, 2, 29)
    assert date(2029, 3, 1) == rules.rights_transfer(born, on=date(2026, 12, 1)).due_on
    assert date(2026, 3, 1) == rules.records_become_theirs(born)


def test_safeguards_are_given_once_in_each_school_year() -> None:
    """Given this year: due again next year, as far as a calendar knows; not given: due by this year's end."""
    following = Term(name="2027-28", first_day=date(2027, 8, 23), last_day=date(2028, 6, 2))
    longer = DeadlineRules(profile=FEDERAL, school=SchoolCalendar(terms=(TERM, following)))
    today = date(2026, 11, 24)
    assert date(2027, 6, 4) == longer.safeguards(None, today=today).due_on
    assert date(2027, 6, 4) == longer.safeguards(date(2026, 5, 4), today=today).due_on
    assert date(2027, 8, 23) == longer.safeguards(date(2026, 9, 4), today=today).due_on
    assert DeadlineGap.CALENDAR_ENDS is RULES.safeguards(date(2026, 9, 4), today=today).gap
    assert DeadlineGap.CALENDAR_ENDS is RULES.safeguards(None, today=date(2027, 7, 4)).gap
    assert DeadlineGap.NO_CALENDAR is BARE.safeguards(None, today=today).gap


def test_progress_is_reported_on_every_report_card_day_of_a_plan() -> None:
    """From the first day of the plan to its last; without a calendar one unknown date says so."""
    days = [one.due_on for one in RULES.progress_reports(date(2026, 12, 2), date(2027, 11, 30))]
    assert [date(2027, 1, 22), date(2027, 4, 9), date(2027, 6, 4)] == days
    assert [DeadlineGap.NO_CALENDAR] == [
        one.gap for one in BARE.progress_reports(date(2026, 12, 2), date(2027, 1, 1))
    ]


def test_a_countdown_is_shown_on_its_days() -> None:
    """90, 60, 30 and 10 days before."""
    found = RULES.annual_review(date(2025, 12, 1))
    assert (date(2026, 9, 2), date(2026, 10, 2), date(2026, 11, 1), date(2026, 11, 21)) == warned_on(found)
    with pytest.raises(InvalidValue, match="span_range"):
        warned_on(found, before=(-1,))


def test_a_rule_of_no_days_is_due_on_the_day_itself() -> None:
    """A district that asks for a meeting on the very day counts nothing."""
    rule = PolicyRule(
        key=PolicyKey.SURROGATE, value=0, unit=DayUnit.SCHOOL, anchor="need_determined", citation="Board 7",
        level=PolicyLevel.DISTRICT,
    )  # fmt: skip
    rules = DeadlineRules(profile=FEDERAL.with_rule(rule))
    assert date(2026, 11, 24) == rules.surrogate(date(2026, 11, 24)).due_on


@given(
    start=st.dates(min_value=date(2026, 8, 24), max_value=date(2027, 6, 4)),
    kind=st.sampled_from(
        ["annual_review", "reevaluation", "initial_evaluation", "initial_meeting", "surrogate"]
    ),
)
def test_a_deadline_lies_after_what_it_counts_from(start: date, kind: str) -> None:
    """And the school day beside it is never later than the date itself."""
    for rules in (RULES, TEXAS):
        found = getattr(rules, kind)(start)
        assert start == found.counts_from
        assert isinstance(found.kind, DeadlineKind)
        if found.due_on is not None:
            assert found.due_on > start
            assert found.school_day_on is None or found.school_day_on <= found.due_on
