"""What every Store does with calendars, a site's choices and the dates of children."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from iepcore.calendars import DayKind, SchoolYear, SiteChoices, TermKind
from iepcore.errors import Conflict, IepError
from iepcore.ids import SchoolYearId, TimelineEventId, new_uuid7
from iepcore.ports import Store
from iepcore.testing import calendar_values as c
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

HOUR = timedelta(hours=1)


def a_summer() -> SchoolYear:
    """Four weeks of ESY, Monday to Thursday."""
    return c.a_year(
        kind=TermKind.ESY,
        name="Summer 2027",
        first_day=date(2027, 6, 28),
        last_day=date(2027, 7, 23),
        weekdays=frozenset({0, 1, 2, 3}),
        days=(),
        version=3,
    )


class CalendarsContract(StoreFixtures):
    """School years, choices, dates."""

    def test_years_stand_in_order_and_carry_a_version(self, store: Store, room: a.Classroom) -> None:
        """A year comes back as it was given; a stale one is a Conflict; one that is dropped is gone."""
        this, summer = c.a_year(changed_by=room.teacher.id), a_summer()
        with store.write() as uow:
            uow.calendars.add_year(summer)
            uow.calendars.add_year(this)
        with store.read() as uow:
            assert [this, summer] == list(uow.calendars.years())
            assert summer == uow.calendars.year(summer.id)
            assert uow.calendars.year(SchoolYearId(new_uuid7())) is None
        opened = this.without_day(date(2027, 1, 12), DayKind.CLOSED)
        with store.write() as uow:
            uow.calendars.save_year(opened)
            with pytest.raises(Conflict):
                uow.calendars.save_year(opened)
        with store.write() as uow:
            uow.calendars.drop_year(summer.id)
            uow.calendars.drop_year(summer.id)
        with store.read() as uow:
            assert [opened] == list(uow.calendars.years())

    def test_two_years_of_one_kind_have_two_names(self, store: Store, room: a.Classroom) -> None:
        """The same name again is refused; an ESY term may be called as the year is."""
        with store.write() as uow:
            uow.calendars.add_year(c.a_year())
            uow.calendars.add_year(replace(a_summer(), name="2026-27"))
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.calendars.add_year(c.a_year())

    def test_choices_keep_every_version(self, store: Store, room: a.Classroom) -> None:
        """Nothing chosen gives the default; each save is one more version; a stale one is a Conflict."""
        first, second = c.some_choices(), c.full_choices()
        with store.read() as uow:
            assert SiteChoices() == uow.calendars.choices()
        with store.write() as uow:
            uow.calendars.add_choices(first)
            uow.calendars.add_choices(second)
        with store.read() as uow:
            assert second == uow.calendars.choices()
            assert [first, second] == list(uow.calendars.all_choices())
        for stale in (first, second, replace(second, version=4)):
            with pytest.raises(Conflict), store.write() as uow:
                uow.calendars.add_choices(stale)

    def test_dates_are_added_once_and_stand_in_order(self, store: Store, room: a.Classroom) -> None:
        """By day and then as recorded, corrected ones too; the same tap again gives the first one."""
        other = a.a_student()
        late = c.a_date(room.student.id, recorded_by=room.teacher.id, note=a.words())
        early = c.a_date(room.student.id, dated_on=a.TODAY - timedelta(days=9), recorded_at=a.NOW + HOUR)
        fixed = c.a_date(room.student.id, supersedes=late.id, recorded_at=a.NOW + HOUR, withdrawn=True)
        with store.write() as uow:
            uow.people.add_student(other)
            for event in (fixed, late, early, c.a_date(other.id)):
                assert event == uow.calendars.add_event(event)
            again = replace(late, id=TimelineEventId(new_uuid7()), dated_on=a.TODAY + HOUR * 24)
            assert late == uow.calendars.add_event(again)
        with store.read() as uow:
            assert [early, late, fixed] == list(uow.calendars.events_of_students({room.student.id}))
            assert [] == list(uow.calendars.events_of_students(set()))
            assert late == uow.calendars.event(late.id)
            assert uow.calendars.event(TimelineEventId(new_uuid7())) is None
