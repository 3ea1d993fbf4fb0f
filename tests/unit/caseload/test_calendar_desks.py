"""The calendar, a site's choices and a child's dates as use cases: who may, what is refused and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from iepcore.access import AuditKind
from iepcore.calendars import (
    CalendarLine,
    CounselQuestion,
    DayKind,
    LineKind,
    OfficialPlan,
    PolicyKey,
    PolicyLevel,
    SiteChoices,
    TimelineKind,
)
from iepcore.caseload import CALENDAR_IMPORT
from iepcore.errors import Conflict, InvalidRows, InvalidValue, NotFound, NotPermitted
from iepcore.ids import SchoolYearId, new_uuid7
from iepcore.testing.calendar_values import a_rule, a_year
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.town import Town

K = TimelineKind
TODAY = date(2026, 11, 24)
YEAR = CalendarLine(
    place="line 2", kind=LineKind.YEAR, name="2026-27", first=date(2026, 8, 31), last=date(2027, 6, 11)
)


def with_calendar(town: Town) -> None:
    """Enter this school year."""
    with town.store.write() as uow:
        uow.calendars.add_year(a_year())


# ------------------------------------------------------------------------------------------------ calendar


def test_staff_look_at_the_calendar_and_the_office_changes_it(town: Town) -> None:
    """Whoever has a place on a team reads; only a records officer or administrator writes; others nothing."""
    with_calendar(town)
    for name in ("manager", "aide", "general", "sub"):
        page = town.caseload(name).calendars.page()
        assert (1, False) == (len(page.years), page.may_change)
        assert not town.caseload(name).calendars.may_change()
        with pytest.raises(NotPermitted):
            town.caseload(name).calendars.set_day(TODAY, DayKind.CLOSED)
    assert town.caseload("officer").calendars.page().may_change
    for name in ("mother", "stranger"):
        with pytest.raises(NotPermitted):
            town.caseload(name).calendars.page()
    with pytest.raises(NotPermitted):
        town.job("outboxes").calendars.page()


def test_a_snow_day_is_set_and_taken_back(town: Town) -> None:
    """Two taps; the same tap again changes nothing; each change is in the trail."""
    with_calendar(town)
    desk = town.caseload("officer").calendars
    (year,) = desk.set_day(TODAY, DayKind.CLOSED, name="Snow")
    assert (2, town.id("officer")) == (year.version, year.changed_by)
    (again,) = desk.set_day(TODAY, DayKind.CLOSED, name="Snow")
    assert 2 == again.version
    held = desk.page().year_on(TODAY)
    assert held is not None
    assert not held.term().is_school_day(TODAY)
    desk.take_back(TODAY, DayKind.CLOSED)
    with pytest.raises(InvalidValue, match="calendar_day_unknown"):
        desk.take_back(TODAY, DayKind.CLOSED)
    with pytest.raises(InvalidValue, match="calendar_no_year"):
        desk.set_day(date(2020, 1, 1), DayKind.CLOSED)
    assert {"calendar_day", "calendar_day_back"} <= {
        one.what for one in town.everything() if getattr(one, "kind", None) is AuditKind.WRITE
    }
    assert desk.page().year_on(date(2020, 1, 1)) is None


def test_a_term_entered_by_mistake_is_dropped(town: Town) -> None:
    """Once; then it is not there."""
    with_calendar(town)
    desk = town.caseload("officer").calendars
    (year,) = desk.page().years
    desk.drop(year.id)
    assert () == desk.page().years
    for gone in (year.id, SchoolYearId(new_uuid7())):
        with pytest.raises(NotFound):
            desk.drop(gone)


def test_a_file_is_seen_before_it_is_taken_in(make_store: MakeStore) -> None:
    """A preview writes nothing; what was seen is taken in whole; a second time is no change."""
    town = Town(make_store)
    desk = town.caseload("officer").calendars
    lines = [
        YEAR,
        CalendarLine(place="line 3", kind=LineKind.STATE, name="TX"),
        CalendarLine(place="line 4", kind=LineKind.POLICY, rule=a_rule(key=PolicyKey.ATTEMPTS, unit=None)),
    ]
    seen = desk.preview(lines)
    assert () == desk.page().years
    desk.take_in(lines, seen=seen.fingerprint)
    assert ["2026-27"] == [one.name for one in desk.page().years]
    choices = town.caseload("officer").choices.held()
    assert ("TX", 1) == (choices.state, choices.version)
    assert desk.preview(lines).is_empty
    job = town.job(CALENDAR_IMPORT).calendars
    assert job.take_in(lines).is_empty
    job.take_in([replace(YEAR, last=date(2027, 6, 4))])
    assert (date(2027, 6, 4), None) == (desk.page().years[0].last_day, desk.page().years[0].changed_by)


def test_what_changed_since_it_was_seen_is_not_taken_in(town: Town) -> None:
    """Somebody else entered the year between the two taps."""
    desk = town.caseload("officer").calendars
    seen = desk.preview([YEAR])
    desk.take_in([replace(YEAR, last=date(2027, 6, 4))])
    with pytest.raises(Conflict):
        desk.take_in([YEAR], seen=seen.fingerprint)


def test_a_file_with_a_problem_writes_nothing(town: Town) -> None:
    """Not even its good lines; and who may not change the calendar sees no preview."""
    lines = [
        YEAR,
        CalendarLine(place="line 3", kind=LineKind.CLOSED, first=date(2020, 1, 1)),
    ]
    with pytest.raises(InvalidRows):
        town.caseload("officer").calendars.take_in(lines)
    assert () == town.caseload("officer").calendars.page().years
    with pytest.raises(NotPermitted):
        town.caseload("manager").calendars.preview([YEAR])


# ------------------------------------------------------------------------------------------------- choices


def test_choices_are_saved_version_by_version(town: Town) -> None:
    """Saving the same changes nothing; a stale page is a Conflict that carries both."""
    desk = town.caseload("officer").choices
    page = desk.page()
    assert (SiteChoices(), None, 0) == (page.choices, page.changed_by, page.versions)
    values = {
        "state": "TX",
        "official_plan": OfficialPlan(name="Frontline"),
        "student_voice": True,
        "staff_names_shown": False,
        "minutes_days": 3,
        "reply_days": 2,
        "quiet_days": 14,
    }
    saved = desk.save(version=0, **values)  # type: ignore[arg-type]
    assert (1, "Frontline") == (saved.version, saved.official_plan.name if saved.official_plan else "")
    assert saved == desk.save(version=1, **values)  # type: ignore[arg-type]
    with pytest.raises(Conflict) as clash:
        desk.save(version=0, **(values | {"quiet_days": 20}))  # type: ignore[arg-type]
    assert saved == clash.value.current
    assert town.adults["officer"] == desk.page().changed_by
    with pytest.raises(NotPermitted):
        town.caseload("manager").choices.save(version=1, **values)  # type: ignore[arg-type]
    assert not town.caseload("manager").choices.page().may_change


def test_numbers_are_set_and_taken_back(town: Town) -> None:
    """A number that protects less is refused with the rule above it, and so is one that is not the site's."""
    desk = town.caseload("officer").choices
    desk.set_rule(a_rule(value=50))
    desk.set_rule(a_rule(value=45))
    number = next(one for one in desk.page().numbers if one.key is PolicyKey.INITIAL_EVALUATION)
    assert number.rule is not None
    assert number.outer is not None
    assert (45, 60, 1) == (number.rule.value, number.outer.value, len(number.own))
    with pytest.raises(InvalidValue, match="policy_less_protective") as refused:
        desk.set_rule(a_rule(value=70))
    assert (60, "34 CFR 300.301(c)(1)(i)") == (
        refused.value.params["value"],
        refused.value.params["citation"],
    )
    held = a_rule()
    desk.drop_rule(held.key, held.level, held.effective_from)
    assert () == desk.held().rules
    with pytest.raises(InvalidValue, match="policy_not_own"):
        desk.drop_rule(held.key, PolicyLevel.STATE, held.effective_from)


def test_counsel_decides_and_a_decision_is_taken_back(town: Town) -> None:
    """With the day and the note; going back to the default twice is once."""
    desk = town.caseload("officer").choices
    held = desk.decide(CounselQuestion.LEAP_BIRTHDAY, "mar1", note="Letter")
    decided = held.decided(CounselQuestion.LEAP_BIRTHDAY)
    assert decided is not None
    assert (TODAY, "Letter") == (decided.decided_on, decided.note)
    assert "feb28" == desk.undecide(CounselQuestion.LEAP_BIRTHDAY).answer(CounselQuestion.LEAP_BIRTHDAY)
    assert 2 == desk.undecide(CounselQuestion.LEAP_BIRTHDAY).version
    with pytest.raises(InvalidValue, match="counsel_answer"):
        desk.decide(CounselQuestion.ED_FI, "perhaps")


# --------------------------------------------------------------------------------------------------- dates
