"""The office's books at their edges: who sees what of the trail, requests and openings that are not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from iepcore.access import OpeningReason, RequestAnswer, RequestEnd, RequestState, RequestWay, TrailQuery
from iepcore.calendars import SiteChoices
from iepcore.caseload import verify_chains
from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.ids import BreakGlassId, RecordRequestId, StudentId, new_uuid7
from iepcore.testing import trail_values as b
from iepcore.testing.store_values import a_key, an_event
from tests.unit.caseload.town import Town

WORDS = "Nobody of the team answers the telephone."


@pytest.fixture
def town() -> Town:
    """A town in memory."""
    return Town()


def test_an_administrator_sees_staff_and_no_child_in_the_trail(town: Town) -> None:
    """The officer sees both; a question about a child is dropped for the administrator."""
    town.caseload("mother").home.child(town.maya.id)
    asked = TrailQuery(student_id=town.maya.id)
    officer, installer = town.caseload("officer").trail, town.caseload("installer").trail

    assert {town.maya} == {row.student for row in officer.page(asked).rows}
    seen = installer.page(asked)
    assert not seen.sees_children
    assert {None} == {row.student for row in (*seen.rows, *installer.file())}
    assert {None} == {row.event.student_id for row in seen.rows}
    assert officer.may_look()
    assert not town.caseload("teacher").trail.may_look()


def test_a_long_trail_has_another_page(town: Town) -> None:
    """The place to go on from is that of the last row."""
    with town.store.write() as uow:
        for _ in range(101):
            uow.audit.add(an_event(None))
    first = town.caseload("officer").trail.page()
    second = town.caseload("officer").trail.page(before=first.before)
    assert first.before is not None
    assert second.before is None
    with town.store.read() as uow:
        told: list[int] = []
        reports = verify_chains(uow, town.store.site_id, tell=lambda _, rows: told.append(rows))
    assert all(report.holds for report in reports.values())


def test_progress_is_told_each_thousand_rows(town: Town) -> None:
    """So that somebody who waits sees that it goes on."""
    with town.store.write() as uow:
        for _ in range(1_000):
            uow.audit.add(an_event(None))
    told: list[int] = []
    with town.store.read() as uow:
        verify_chains(uow, town.store.site_id, tell=lambda _, rows: told.append(rows))
    assert [1_000] == told


def test_staff_file_no_request_of_their_own(town: Town) -> None:
    """The case manager notes who asked; she asks for nothing herself."""
    with pytest.raises(NotPermitted, match="not_of_the_family"):
        town.caseload("manager").requests.file(town.maya.id, RequestWay.LOOK, "", a_key())
    with pytest.raises(NotPermitted):
        town.caseload("teacher").requests.page()
    assert not town.caseload("teacher").requests.may_look()


def test_what_is_not_there_is_not_found(town: Town) -> None:
    """A request, an opening, a child."""
    officer = town.caseload("officer")
    with pytest.raises(NotFound):
        officer.requests.answer(RecordRequestId(new_uuid7()), RequestAnswer.LOOKED)
    with pytest.raises(NotFound):
        officer.openings.close(BreakGlassId(new_uuid7()))
    with pytest.raises(NotFound):
        officer.openings.take_note(BreakGlassId(new_uuid7()))
    with pytest.raises(NotFound):
        officer.disclosures.page(StudentId(new_uuid7()))


def test_a_request_waits_for_the_office_and_not_for_who_asked(town: Town) -> None:
    """The family's own is not told to it; met and taken back ones wait no more."""
    mother, officer = town.caseload("mother").requests, town.caseload("officer").requests
    asked = mother.file(town.maya.id, RequestWay.LOOK, "", a_key())
    assert (1, 0, 0) == (officer.waiting(), mother.waiting(), town.caseload("teacher").requests.waiting())
    ended = mother.withdraw(asked.id)
    assert (RequestState.ENDED, RequestEnd.WITHDRAWN) == (ended.state, ended.end)
    assert 0 == officer.waiting()


def test_an_opening_ends_only_for_who_opened_it(town: Town) -> None:
    """Somebody else's stays as it is, and so does one that is over; the same tap is one opening."""
    key = a_key()
    installer = town.caseload("installer").openings
    held = installer.open("Maya", None, OpeningReason.COVER, WORDS, key)
    assert held == installer.open("maya", None, OpeningReason.COVER, WORDS, key)
    assert held == town.caseload("officer").openings.close(held.id)
    assert installer.close(held.id).closed_at is not None
    assert installer.close(held.id) == installer.close(held.id)
    assert [held.id] == [row.opening.id for row in installer.page()]
    manager = town.caseload("manager").openings
    assert [held.id] == [row.opening.id for row in manager.told()]
    assert manager.take_note(held.id) == manager.take_note(held.id)
    assert () == manager.told()
    with pytest.raises(InvalidValue, match="opening_several"):
        _twin(town)


def _twin(town: Town) -> None:
    with town.store.write() as uow:
        uow.people.add_student(replace(town.maya, id=StudentId(new_uuid7())))
    town.caseload("installer").openings.open("Maya", None, OpeningReason.COVER, WORDS, a_key())


def test_a_site_may_show_the_names_of_its_staff(town: Town) -> None:
    """Then the family's page names who opened the record; by its default it does not."""
    town.caseload("manager").goals.student(town.maya.id)
    mother = town.caseload("mother").disclosures
    before = mother.seen(town.maya.id)
    with town.store.write() as uow:
        uow.calendars.add_choices(SiteChoices(staff_names_shown=True, version=1))
    after = mother.seen(town.maya.id, everything=True)

    assert [()] == [one.names for day in before.days for one in day.by]
    assert [("Manager Person",)] == [one.names for day in after.days for one in day.by]
    assert after.since is None


def test_a_case_manager_reads_the_record_of_access_without_what_is_sealed(town: Town) -> None:
    """She does not keep it, and learns of no sealed line."""
    from iepcore.access import DisclosureSeal

    with town.store.write() as uow:
        uow.disclosures.add(b.a_disclosure(town.maya.id, seal=DisclosureSeal.SEALED))
        uow.disclosures.add(b.a_disclosure(town.maya.id))
    page = town.caseload("manager").disclosures.page(town.maya.id)
    assert (1, False) == (len(page.lines), page.may_note)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: b.a_record_request(StudentId(new_uuid7()), answer=RequestAnswer.LOOKED),
        lambda: b.a_record_request(StudentId(new_uuid7()), end=RequestEnd.WITHDRAWN),
        lambda: b.a_record_request(StudentId(new_uuid7()), version=0),
        lambda: b.a_record_request(StudentId(new_uuid7()), answered_on=date(2000, 1, 1)),
        lambda: b.a_break_glass(StudentId(new_uuid7()), version=0),
        lambda: b.a_break_glass(StudentId(new_uuid7()), until=b.NOW),
        lambda: b.a_disclosure(StudentId(new_uuid7()), consent_paper="a\nb"),
    ],
)
def test_values_that_cannot_be_are_refused(wrong) -> None:  # type: ignore[no-untyped-def]
    """Half an answer, half an end, no window, a line that is two."""
    with pytest.raises(InvalidValue):
        wrong()
