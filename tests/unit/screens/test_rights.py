"""Rights and age on the screen: what is noted, whose page opens, what is open to people from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from iepcore.access import Action, Person, Resource, ResourceKind
from iepcore.people import Relation
from iepcore.testing.people_values import a_relationship, an_adult
from tests.unit.screens.conftest import House

CHILD = "maya"


def path_of(house: House) -> str:
    """The page of Maya's rights."""
    return f"/app/c/{house.student(CHILD)}/rights"


def store(house: House) -> Any:
    """The site's records."""
    return house.wired.store(house.wired.doors.sites()[0].id)


def be_born(house: House, born: date) -> None:
    """Let Maya have another birthday."""
    with store(house).write() as uow:
        student = uow.people.student(house.student(CHILD))
        uow.people.save_student(replace(student, born_on=born, version=student.version + 1))


def test_minor_is_told_when_the_rights_pass(house: House) -> None:
    """The day of the turn stands there with its rule, in staff's languages, before it comes."""
    be_born(house, date(2010, 5, 4))
    english = house.get(path_of(house), as_="halloran").text

    assert "4 May 2028" in english
    assert "34 CFR 300.520" in english
    assert 200 == house.get(f"{path_of(house)}?lang=es", as_="halloran").status_code


def test_without_a_birthday_nothing_passes(house: House) -> None:
    """The page says so instead of guessing."""
    with store(house).write() as uow:
        student = uow.people.student(house.student(CHILD))
        uow.people.save_student(replace(student, born_on=None, version=student.version + 1))

    assert "The birthday is not known here" in house.get(path_of(house), as_="halloran").text


def test_transfer_is_noted_with_both_notices_and_a_colleague_is_not_overwritten(house: House) -> None:
    """The second of two at once gets both; an exception without its paper comes back."""
    form = {"do": "transfer", "outcome": "transfers", "student_told_on": "2026-11-20", "version": "0"}
    assert (
        422
        == house.post(path_of(house), {**form, "outcome": "stays_with_parents"}, as_="halloran").status_code
    )
    assert 422 == house.post(path_of(house), {**form, "student_told_on": "x"}, as_="halloran").status_code
    assert 422 == house.post(path_of(house), {**form, "outcome": "x"}, as_="halloran").status_code
    assert 200 == house.post(path_of(house), form, as_="halloran").status_code
    assert 409 == house.post(path_of(house), form, as_="halloran").status_code
    again = {**form, "parents_told_on": "2026-11-21", "version": "1"}
    assert 200 == house.post(path_of(house), again, as_="halloran").status_code
    assert "2026-11-21" in house.get(path_of(house), as_="halloran").text


def test_students_page_opens_for_an_adult_and_closes_again(house: House) -> None:
    """A minor's stays closed while the school has not chosen so; an adult's opens by right."""
    form = {"do": "student", "basis": "Adult student"}
    be_born(house, date(2012, 5, 4))
    assert 409 == house.post(path_of(house), form, as_="halloran").status_code
    be_born(house, date(2006, 5, 4))
    assert 422 == house.post(path_of(house), {**form, "basis": ""}, as_="halloran").status_code
    assert 200 == house.post(path_of(house), form, as_="halloran").status_code
    own = house.caseload("halloran").rights.page(house.student(CHILD)).own
    assert own is not None
    assert "Open since" in house.get(path_of(house), as_="halloran").text
    assert "The student" in house.get(f"/app/c/{house.student(CHILD)}/family", as_="halloran").text
    page = house.wired.caseload_of(house.wired.doors.sites()[0], Person(adult_id=own.adult_id))
    assert page.home.child(house.student(CHILD)).may_decide
    end = {"do": "end", "relationship": str(own.id)}
    assert 200 == house.post(path_of(house), end, as_="halloran").status_code
    assert () == page.home.children()


@pytest.mark.parametrize("do", ["", "everything"])
def test_unknown_step_is_refused(do: str, house: House) -> None:
    """A form that names no step changes nothing."""
    assert 422 == house.post(path_of(house), {"do": do}, as_="halloran").status_code


def test_interpreters_papers_have_a_time_and_nothing_else(house: House) -> None:
    """A day and two times; the plan is open in between, the list shows it, one tap closes it."""
    ruiz, today = house.adult("ruiz"), house.clock().date()
    form = {
        "do": "window",
        "kind": "meeting",
        "adult": str(ruiz),
        "basis": "Annual review",
        "purpose": "To interpret",
        "first_day": today.isoformat(),
        "from": "00:00",
        "to": "23:59",
    }
    for wrong in ({"first_day": ""}, {"from": "25:00"}, {"to": "00:00"}, {"basis": ""}, {"kind": "x"}):
        assert 422 == house.post(path_of(house), {**form, **wrong}, as_="halloran").status_code
    assert 200 == house.post(path_of(house), form, as_="halloran").status_code
    assert "open now" in house.get(path_of(house), as_="halloran").text
    desk = house.caseload("ruiz").desk
    with store(house).read() as uow:
        kinds = {
            kind
            for kind in ResourceKind
            if desk.may(uow, Action.READ, Resource(kind=kind, student_id=house.student(CHILD)))
        }
    assert {ResourceKind.IEP} == kinds
    window = house.caseload("halloran").rights.page(house.student(CHILD)).windows[0]
    closing = {"do": "close", "window": str(window.id)}
    assert 200 == house.post(path_of(house), closing, as_="halloran").status_code
    assert "over" in house.get(path_of(house), as_="halloran").text


def test_consent_lists_what_and_who_signed(house: House) -> None:
    """An advocate is confirmed without rights first; the consent needs its signer and its list."""
    advocate = an_adult(name="Ada Advocate")
    with store(house).write() as uow:
        uow.people.add_adult(advocate)
        uow.people.add_relationship(
            a_relationship(
                house.student(CHILD),
                advocate.id,
                relation=Relation.OTHER,
                household="Z",
                may_access_records=False,
                may_decide=False,
                valid_from=house.clock().date(),
            )
        )
    day = house.clock().date()
    form = {
        "do": "window",
        "kind": "consent",
        "adult": str(advocate.id),
        "parts": "goals",
        "basis": "Letter of 2 November, on file",
        "purpose": "To advise the family",
        "agreed_by": str(house.adult("dana")),
        "first_day": day.isoformat(),
        "last_day": (day + timedelta(days=9)).isoformat(),
    }
    assert "Ada Advocate" in house.get(path_of(house), as_="halloran").text
    for wrong in ({"agreed_by": ""}, {"parts": []}, {"purpose": ""}, {"last_day": "2001-01-01"}):
        assert 422 == house.post(path_of(house), {**form, **wrong}, as_="halloran").status_code
    assert 200 == house.post(path_of(house), form, as_="halloran").status_code
    shown = house.get(path_of(house), as_="halloran").text
    assert "By signed consent" in shown
    assert "the goals" in shown


def test_teacher_of_the_team_reads_and_changes_nothing(house: House) -> None:
    """The page is for who may read how adults stand to the child; changing is the case manager's."""
    assert 404 == house.get(path_of(house), as_="moss").status_code
    assert (
        404
        == house.post(path_of(house), {"do": "transfer", "outcome": "transfers"}, as_="eklund").status_code
    )


def test_birthday_is_noted_by_who_may_write_the_record(house: House) -> None:
    """A date that no pupil can have been born on comes back; the right one gives the day of the turn."""
    for wrong in ("", "1950-01-01", "2099-01-01"):
        form = {"do": "birthday", "born_on": wrong}
        assert 422 == house.post(path_of(house), form, as_="halloran").status_code
    right = {"do": "birthday", "born_on": "2010-05-04"}
    assert 200 == house.post(path_of(house), right, as_="halloran").status_code
    assert 200 == house.post(path_of(house), right, as_="halloran").status_code
    assert "4 May 2028" in house.get(path_of(house), as_="halloran").text


def test_substitute_comes_with_a_last_day(house: House) -> None:
    """Without the day the form comes back with why; with it the team shows from when to when."""
    path = f"/app/c/{house.student(CHILD)}/team"
    shown = house.get(path, as_="halloran").text
    member = re.search(r'name="member" value="([0-9a-f-]+)"', shown)
    assert member is not None
    form = {"do": "add", "member": member.group(1), "role": "substitute"}
    refused = house.post(path, form, as_="halloran")
    assert (422, True) == (refused.status_code, "last day of the substitute" in refused.text)
    day = house.clock().date() + timedelta(days=4)
    whole = {**form, "until": day.isoformat(), "stands_in_for": str(house.adult("halloran"))}
    assert 200 == house.post(path, whole, as_="halloran").status_code
    assert ", from " in house.get(path, as_="halloran").text
    elsewhere = {**whole, "stands_in_for": str(house.adult("ruiz"))}
    assert 422 == house.post(path, elsewhere, as_="halloran").status_code
