"""Dates of a child and what is due by them: who reads, who writes, what a plan brings along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from iepcore.access import RecordRequest
from iepcore.calendars import (
    BORN,
    CalendarLine,
    DeadlineKind,
    DueState,
    LineKind,
    SiteChoices,
    TimelineKind,
)
from iepcore.caseload import DatesPage
from iepcore.caseload.deadlines import SiteRules, dues_of
from iepcore.errors import Conflict, InvalidValue, NotFound, NotPermitted
from iepcore.ids import RecordRequestId, StudentId, TimelineEventId, new_uuid7
from iepcore.plan.document import PlanState, PlanStep
from iepcore.testing import a_key, a_student
from iepcore.testing.calendar_values import a_year
from iepcore.testing.document_values import a_plan_version
from iepcore.testing.store_values import words
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


def page_of(town: Town, name: str = "manager") -> DatesPage:
    """Return Maya's dates for somebody."""
    return town.caseload(name).deadlines.child(town.maya.id)


def test_dates_are_written_down_corrected_and_taken_back(make_store: MakeStore) -> None:
    """Each step stays in the history; the same tap again is the first one; what no longer stands is left."""
    town = Town(make_store)
    desk = town.caseload("manager").deadlines
    key = a_key()
    first = desk.record(town.maya.id, K.ANNUAL_REVIEW, TODAY, client_key=key, note=words())
    assert first == desk.record(town.maya.id, K.ANNUAL_REVIEW, TODAY, client_key=key)
    fix = a_key()
    earlier = TODAY - timedelta(days=7)
    second = desk.record(town.maya.id, K.ANNUAL_REVIEW, earlier, client_key=fix, corrects=first.id)
    assert second == desk.record(town.maya.id, K.ANNUAL_REVIEW, earlier, client_key=fix, corrects=first.id)
    (row,) = page_of(town).events
    assert (second, (first,), town.adults["manager"]) == (row.event, row.replaced, row.by)
    with pytest.raises(InvalidValue, match="event_corrected"):
        desk.record(town.maya.id, K.ANNUAL_REVIEW, TODAY, client_key=a_key(), corrects=first.id)
    desk.withdraw(town.maya.id, second.id, client_key=a_key())
    page = page_of(town)
    assert () == page.events
    assert [second, first] == list(page.taken_back[0].replaced)
    with pytest.raises(InvalidValue, match="event_corrected"):
        desk.withdraw(town.maya.id, second.id, client_key=a_key())


def test_what_cannot_be_a_date_is_refused(town: Town) -> None:
    """Something that happened lies not ahead; nothing lies before 1990; nobody's event is not there."""
    desk = town.caseload("manager").deadlines
    ahead = TODAY + timedelta(days=1)
    with pytest.raises(InvalidValue, match="event_ahead"):
        desk.record(town.maya.id, K.EVALUATED, ahead, client_key=a_key())
    desk.record(town.maya.id, K.MEETING_PLANNED, ahead, client_key=a_key())
    with pytest.raises(InvalidValue, match="event_long_ago"):
        desk.record(town.maya.id, K.EVALUATED, date(1989, 12, 31), client_key=a_key())
    with pytest.raises(NotFound):
        desk.withdraw(town.maya.id, TimelineEventId(new_uuid7()), client_key=a_key())


@pytest.mark.parametrize("name", ["mother", "stranger", "sub", "ivos_teacher"])
def test_dates_are_for_those_who_may_read_the_whole_plan(town: Town, name: str) -> None:
    """A substitute sees a part of the plan, and dates are not that part; families have their own page."""
    with pytest.raises(NotPermitted):
        town.caseload(name).deadlines.record(town.maya.id, K.EVALUATED, TODAY, client_key=a_key())
    if name != "mother":
        with pytest.raises(NotPermitted):
            page_of(town, name)


def test_a_general_teacher_reads_dates_and_writes_none(town: Town) -> None:
    """300.323(d): staff know the plan; its dates are kept by those who write it."""
    assert not page_of(town, "general").may_write
    assert page_of(town).may_write
    with pytest.raises(NotPermitted):
        town.caseload("therapist").deadlines.record(town.maya.id, K.EVALUATED, TODAY, client_key=a_key())


def test_a_birthday_is_kept_once_for_all(town: Town) -> None:
    """It is asked for, kept over the right version, refused when nobody can be so old."""
    desk = town.caseload("manager").deadlines
    desk.record(town.maya.id, K.ANNUAL_REVIEW, TODAY, client_key=a_key())
    with town.store.write() as uow:
        uow.people.save_student(replace(town.maya, born_on=None, version=2))
    assert BORN in {due.needs for due, _ in page_of(town).due}
    desk.set_birthday(town.maya.id, date(2016, 5, 4), version=2)
    desk.set_birthday(town.maya.id, date(2016, 5, 4), version=3)
    assert date(2016, 5, 4) == page_of(town).student.born_on
    with pytest.raises(Conflict):
        desk.set_birthday(town.maya.id, date(2016, 5, 5), version=2)
    for wrong in (TODAY + timedelta(days=1), date(1990, 1, 1)):
        with pytest.raises(InvalidValue, match="birthday_range"):
            desk.set_birthday(town.maya.id, wrong, version=3)
    with pytest.raises(NotPermitted):
        town.caseload("general").deadlines.set_birthday(town.maya.id, date(2016, 5, 4), version=3)


def test_the_plan_in_force_brings_its_own_dates(town: Town) -> None:
    """Review, span, the notice a draft still needs, the answer a proposal waits for."""
    with_calendar(town)
    begins = TODAY + timedelta(days=20)
    held = a_plan_version(
        town.maya.id,
        state=PlanState.IN_EFFECT,
        reviewed_on=date(2026, 10, 14),
        begins_on=date(2026, 10, 15),
        ends_on=date(2027, 10, 13),
    )
    draft = a_plan_version(
        town.maya.id, number=2, reviewed_on=TODAY, begins_on=begins, ends_on=begins + timedelta(days=300)
    )
    proposed = replace(
        draft,
        id=a_plan_version(town.maya.id).id,
        number=3,
        state=PlanState.PROPOSED,
        steps=(PlanStep(state=PlanState.PROPOSED, on=TODAY, by=None),),
    )
    with town.store.write() as uow:
        for one in (held, draft, proposed):
            uow.plans.add_version(one)
    town.caseload("officer").choices.save(
        version=0,
        state="NJ",
        official_plan=None,
        student_voice=False,
        staff_names_shown=False,
        minutes_days=5,
        reply_days=2,
        quiet_days=30,
    )
    due = {one.kind: one.due_on for one, _ in page_of(town).due}
    assert date(2027, 10, 14) == due[DeadlineKind.ANNUAL_REVIEW]
    assert begins - timedelta(days=10) == due[DeadlineKind.PRIOR_WRITTEN_NOTICE]
    assert TODAY + timedelta(days=15) == due[DeadlineKind.RESPONSE_TO_PLAN]
    assert date(2027, 1, 22) == due[DeadlineKind.PROGRESS_REPORT]


def test_today_shows_what_is_near_and_who_lacks_a_date(town: Town) -> None:
    """Overdue first; a child without any date is named as lacking; who may not read the plan sees none."""
    page = town.caseload("manager").today.page()
    assert ([], [town.maya.id], False) == (
        list(page.dues.rows),
        [one.id for one in page.dues.lacking],
        page.dues.has_calendar,
    )
    desk = town.caseload("manager").deadlines
    desk.record(town.maya.id, K.ANNUAL_REVIEW, TODAY - timedelta(days=370), client_key=a_key())
    desk.record(town.maya.id, K.MEETING_PLANNED, TODAY + timedelta(days=15), client_key=a_key())
    rows = town.caseload("general").today.page().dues.rows
    assert [
        (DeadlineKind.ANNUAL_REVIEW, DueState.OVERDUE),
        (DeadlineKind.MEETING_NOTICE, DueState.THIS_WEEK),
    ] == [(one.due.kind, one.state) for one in rows if one.state is not DueState.COMING]
    assert () == town.caseload("sub").today.page().dues.rows
    assert () == town.caseload("sub").today.page().dues.lacking
    desk.record(town.maya.id, K.EXITED, TODAY, client_key=a_key())
    assert () == town.caseload("manager").today.page().dues.lacking


def test_the_sites_own_number_says_when_a_family_is_quiet(town: Town) -> None:
    """Once somebody has chosen, the choice holds; before that the policy of the installation."""
    assert 30 == town.caseload("manager").today.page().quiet_days
    with town.store.write() as uow:
        uow.calendars.add_choices(SiteChoices(quiet_days=21, version=1))
    assert 21 == town.caseload("manager").today.page().quiet_days


def test_a_child_that_is_not_there_is_not_found(town: Town) -> None:
    """A job asks for a child that was erased meanwhile."""
    desk = town.job("standing").deadlines
    with pytest.raises(NotFound):
        desk.child(StudentId(new_uuid7()))
    with pytest.raises(NotFound):
        desk.set_birthday(StudentId(new_uuid7()), date(2016, 5, 4), version=1)
    with pytest.raises(NotFound):
        desk.record(StudentId(new_uuid7()), K.EVALUATED, TODAY, client_key=a_key())


def test_a_request_to_see_the_record_is_due_for_whoever_sees_requests(town: Town) -> None:
    """D12 for the case manager; a general teacher is not told that anybody asked."""
    with town.store.write() as uow:
        uow.disclosures.add_request(
            RecordRequest(
                id=RecordRequestId(new_uuid7()),
                student_id=town.maya.id,
                asked_by=town.id("mother"),
                received_on=TODAY - timedelta(days=40),
                noted_at=town.clock.now(),
                noted_by=town.id("mother"),
                client_key=a_key(),
            )
        )
    due = {one.kind: one.due_on for one, _ in page_of(town).due}
    assert {DeadlineKind.RECORD_REQUEST: TODAY + timedelta(days=5)} == due
    kinds = [one.due.kind for one in town.caseload("manager").today.page().dues.rows]
    assert [DeadlineKind.RECORD_REQUEST] == kinds
    assert () == page_of(town, "general").due
    assert () == town.caseload("general").today.page().dues.rows


def test_many_children_cost_as_many_questions_as_one(town: Town) -> None:
    """The dates of a caseload are read at once."""
    asked: list[str] = []
    with town.store.write() as uow:
        children = [a_student() for _ in range(5)]
        for child in children:
            uow.people.add_student(child)
    with town.store.read() as uow:
        site = SiteRules.load(uow)
        for some in (children[:1], children):
            judge = town.caseload("manager").desk.judge(uow)
            asked.append(str(len(dues_of(uow, {one.id: one for one in some}, site, judge).lacking)))
    assert ["1", "5"] == asked
