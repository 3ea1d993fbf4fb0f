"""School years, a site's choices and a child's dates as values: what they refuse, what holds by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from iepcore.calendars import (
    OPEN_QUESTIONS,
    CalendarDay,
    CounselChoice,
    CounselQuestion,
    DayKind,
    DayUnit,
    LeapRule,
    OfficialPlan,
    PolicyKey,
    PolicyLevel,
    ProgressCode,
    SiteChoices,
    TermKind,
    TimelineKind,
    school_calendar,
    standing_events,
    with_rule,
)
from iepcore.errors import InvalidValue
from iepcore.ids import StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.progress import FindingWord
from iepcore.testing.calendar_values import a_date, a_rule, a_year, full_choices, some_choices
from iepcore.testing.people_values import NOW, TODAY

CHILD = StudentId(new_uuid7())
SNOW = date(2027, 1, 12)


def test_a_year_counts_as_its_days_say() -> None:
    """Days off of both kinds are no school days, an extra Saturday is one, report cards change nothing."""
    year = a_year()
    term = year.term()
    assert not term.is_school_day(SNOW)
    assert not term.is_school_day(date(2026, 11, 26))
    assert term.is_school_day(date(2027, 5, 1))
    assert term.is_school_day(date(2027, 1, 22))
    assert (date(2027, 1, 22), date(2027, 6, 11)) == year.report_cards
    assert year.on(date(2027, 1, 22)) is None
    said = year.on(SNOW)
    assert said is not None
    assert "Snow" == said.name


def test_a_day_is_said_and_taken_back() -> None:
    """A new word about school replaces the old one, beside a report card; each step is a version."""
    year = a_year()
    open_again = year.with_day(CalendarDay(day=SNOW, kind=DayKind.NO_SCHOOL, name="Staff day"))
    assert 2 == open_again.version
    assert [DayKind.NO_SCHOOL] == [one.kind for one in open_again.days if one.day == SNOW]
    both = open_again.with_day(CalendarDay(day=SNOW, kind=DayKind.REPORT_CARD))
    assert 2 == sum(one.day == SNOW for one in both.days)
    back = both.without_day(SNOW, DayKind.REPORT_CARD).without_day(SNOW, DayKind.NO_SCHOOL)
    assert 5 == back.version
    assert not any(one.day == SNOW for one in back.days)
    with pytest.raises(InvalidValue, match="calendar_day_unknown"):
        back.without_day(SNOW, DayKind.NO_SCHOOL)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "calendar_name"),
        ({"name": "x" * 81}, "calendar_name"),
        ({"version": 0}, "version_range"),
        ({"last_day": date(2026, 8, 1)}, "term_order"),
        ({"weekdays": frozenset()}, "term_weekdays"),
        ({"days": (CalendarDay(day=date(2026, 8, 1), kind=DayKind.CLOSED),)}, "term_day_outside"),
        ({"days": (CalendarDay(day=date(2026, 8, 1), kind=DayKind.REPORT_CARD),)}, "term_day_outside"),
        (
            {"days": tuple(CalendarDay(day=SNOW, kind=kind) for kind in (DayKind.CLOSED, DayKind.EXTRA))},
            "calendar_day_twice",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_year_refuses_what_cannot_be(changes: dict[str, Any], code: str) -> None:
    """Each with a code that says what to put right."""
    with pytest.raises(InvalidValue, match=code):
        a_year(**changes)


def test_a_calendar_is_made_of_one_kind_of_term() -> None:
    """ESY is counted by itself; without any term there is no calendar; a day's name is one line."""
    summer = a_year(
        kind=TermKind.ESY, name="Summer", first_day=date(2027, 6, 28), last_day=date(2027, 7, 23), days=()
    )
    assert school_calendar([]) is None
    assert school_calendar([summer]) is None
    esy = school_calendar([a_year(), summer], TermKind.ESY)
    assert esy is not None
    assert 20 == len(esy.school_days(date(2027, 6, 1), date(2027, 8, 1)))
    with pytest.raises(InvalidValue, match="calendar_name"):
        CalendarDay(day=SNOW, kind=DayKind.CLOSED, name="a\u0007b")


def test_the_default_is_what_holds_while_nobody_has_chosen() -> None:
    """Kept elsewhere with no name yet, federal numbers, the first answer of each question."""
    held = SiteChoices()
    assert held.is_kept_elsewhere
    assert OfficialPlan() == held.official_plan
    assert (5, 2, 30) == (held.minutes_days, held.reply_days, held.quiet_days)
    assert [one.answers[0] for one in OPEN_QUESTIONS.values()] == [held.answer(q) for q in CounselQuestion]
    rule = held.profile.at(PolicyKey.INITIAL_EVALUATION, TODAY)
    assert rule is not None
    assert (60, DayUnit.CALENDAR) == (rule.value, rule.unit)
    assert LeapRule.FEB28 is held.deadline_rules(None).leap_birthday


def test_choices_lay_state_and_district_over_the_federal_rules() -> None:
    """The state's number, the district's from its day on, the state's holidays, counsel's leap day."""
    held = full_choices(state=" ca ")
    assert "CA" == held.state
    request = held.profile.at(PolicyKey.RECORD_REQUEST, TODAY)
    assert request is not None
    assert (5, DayUnit.BUSINESS) == (request.value, request.unit)
    later = held.profile.at(PolicyKey.INITIAL_EVALUATION, date(2026, 9, 1))
    assert later is not None
    assert 50 == later.value
    rules = held.deadline_rules(school_calendar([a_year()]))
    assert LeapRule.MAR1 is rules.leap_birthday
    assert not rules.business.is_business_day(date(2026, 11, 27))
    decided = held.decided(CounselQuestion.LEAP_BIRTHDAY)
    assert decided is not None
    assert "Letter of May" == decided.note
    assert not held.is_kept_elsewhere


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "Texas"}, "state_unknown"),
        ({"minutes_days": 31}, "choice_range"),
        ({"reply_days": 0}, "choice_range"),
        ({"quiet_days": 500}, "choice_range"),
        ({"version": -1}, "version_range"),
        ({"rules": (a_rule(value=61),)}, "policy_less_protective"),
        ({"rules": (a_rule(unit=DayUnit.SCHOOL, value=45),)}, "policy_units_differ"),
        ({"rules": (a_rule(key=PolicyKey.AGE_OF_MAJORITY, unit=DayUnit.YEAR),)}, "policy_state_only"),
        ({"rules": (a_rule(level=PolicyLevel.FEDERAL),)}, "policy_level"),
        (
            {
                "counsel": tuple(
                    CounselChoice(question=CounselQuestion.ED_FI, answer=one, decided_on=TODAY)
                    for one in ("on", "off")
                )
            },
            "counsel_twice",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_choices_refuse_what_gives_a_family_less(changes: dict[str, Any], code: str) -> None:
    """The floor of the rule above, and numbers out of their range."""
    with pytest.raises(InvalidValue, match=code):
        some_choices(**changes)


def test_a_district_is_held_against_its_state_in_whatever_order_they_came() -> None:
    """A state's own 45 days stand above a district's 50, although the district's rule was entered first."""
    state = a_rule(level=PolicyLevel.STATE, value=45, citation="State code 1")
    with pytest.raises(InvalidValue, match="policy_less_protective"):
        some_choices(rules=(a_rule(value=50), state))
    held = some_choices(rules=(a_rule(value=40), state))
    rule = held.profile.at(PolicyKey.INITIAL_EVALUATION, date(2026, 9, 1))
    assert rule is not None
    assert 40 == rule.value


def test_a_number_of_the_same_day_takes_the_place_of_the_old_one() -> None:
    """Key, level and first day together name a number."""
    first, second, later = a_rule(), a_rule(value=45), a_rule(effective_from=date(2027, 7, 1))
    assert (second,) == with_rule((first,), second)
    assert (first, later) == with_rule((first,), later)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: OfficialPlan(name="x" * 81), "official_name"),
        (lambda: OfficialPlan(link="http://plans.example.org"), "official_link"),
        (lambda: OfficialPlan(link="https://me:secret@plans.example.org"), "official_link"),
        (lambda: OfficialPlan(link="https://[plans"), "official_link"),
        (lambda: OfficialPlan(text_limit=99), "official_limit"),
        (
            lambda: OfficialPlan(
                codes=tuple(ProgressCode(word=FindingWord.MET, code=one) for one in ("M", "MET"))
            ),
            "official_code_twice",
        ),
        (lambda: ProgressCode(word=FindingWord.MET, code=" "), "official_code"),
        (
            lambda: CounselChoice(question=CounselQuestion.ED_FI, answer="maybe", decided_on=TODAY),
            "counsel_answer",
        ),
        (
            lambda: CounselChoice(
                question=CounselQuestion.ED_FI, answer="on", decided_on=TODAY, note="x" * 501
            ),
            "counsel_note",
        ),
        (lambda: a_date(CHILD, withdrawn=True), "event_withdrawn"),
        (lambda: a_date(CHILD, note=FreeText(text="x" * 1001, lang="en")), "event_note"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_small_values_refuse_what_they_cannot_hold(make: Callable[[], object], code: str) -> None:
    """With the field's own code."""
    with pytest.raises(InvalidValue, match=code):
        make()


def test_the_official_system_has_its_own_codes() -> None:
    """A word without a code has none."""
    plan = some_choices().official_plan
    assert plan is not None
    assert "SP" == plan.code(FindingWord.ON_TRACK)
    assert "" == plan.code(FindingWord.MET)


def test_a_corrected_date_stands_in_place_of_the_old_one() -> None:
    """A chain of corrections leaves the last; what was taken back is gone; the rest stands by day."""
    first = a_date(CHILD, dated_on=TODAY)
    second = a_date(CHILD, dated_on=TODAY - timedelta(days=1), supersedes=first.id)
    third = a_date(CHILD, dated_on=TODAY - timedelta(days=2), supersedes=second.id)
    gone = a_date(CHILD, kind=TimelineKind.EVALUATED)
    back = a_date(CHILD, supersedes=gone.id, withdrawn=True, recorded_at=NOW + timedelta(hours=1))
    early = a_date(CHILD, dated_on=TODAY - timedelta(days=9))
    assert (early, third) == standing_events([first, second, third, gone, back, early])
