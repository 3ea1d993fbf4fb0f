"""Adding a child from the roster, the team, and the school's staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from iepcore.errors import IllegalMove
from iepcore.ids import AdultId, AssignmentId, RosterMemberId, new_uuid7
from iepcore.people import (
    Adult,
    Assignment,
    Identity,
    PersonKind,
    RosterMember,
    RosterStanding,
    SiteRole,
    StaffRole,
)
from lti_app.demo.seed import people
from lti_app.screens.parts import RosterPull
from tests.unit.screens.conftest import House

ROOM = people()["courses"][0]["context_id"]


def source(house: House) -> str:
    """The name of the practice LMS among the site's sources."""
    return f"lti:{house.wired.doors.registrations()[0].id}"


def enrol(house: House, name: str | None, standing: RosterStanding, subject: str = "new-one") -> RosterMember:
    """Put one more line into the address book of the Resource room."""
    line = RosterMember(
        id=RosterMemberId(new_uuid7()),
        source=source(house),
        context_id=ROOM,
        context_title="Resource room",
        subject=subject,
        standing=standing,
        seen_at=house.clock(),
        name=name,
    )
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.people.save_roster(line.source, ROOM, [line], complete=False)
    return line


class Rosters:
    """An LMS that gives what a test wants."""

    def __init__(self, pull: RosterPull, *lines: RosterMember) -> None:
        self.answer, self.lines, self.asked = pull, lines, [False][:0]

    def pull(
        self,
        viewer: Any,
        services: Any,
        keep: Callable[[list[RosterMember], bool], None],
        *,
        fresh: bool = False,
    ) -> RosterPull:
        self.asked.append(fresh)
        if self.answer.complete:
            try:
                keep(list(self.lines), True)
            except IllegalMove as refusal:
                return RosterPull(count=len(self.lines), complete=False, problem=refusal.code)
        return self.answer


def child(**changes: str) -> dict[str, str]:
    """The short form, filled in."""
    return {"preferred_name": "Ola", "grade": "4", "home_language": "es", **changes}


def posted(house: House, path: str, data: dict[str, str], as_: str = "halloran") -> tuple[int, str | None]:
    """Send a form; return the status and where it leads."""
    answer = house.post(path, data, as_=as_)
    return answer.status_code, answer.headers.get("Rapport-Goto")


# the list


def test_list_is_told_to_be_old_when_the_lms_shares_none(house: House) -> None:
    """The kept list has its time and the honest reason; a button that cannot help is not offered."""
    enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    text = house.get("/app/add", as_="halloran").text
    assert "Ola Nowak" in text
    assert "Canvas does not share the list of this course" in text
    assert "As Canvas listed them on 23 November 2026 at 10:30." in text
    assert "Refresh from Canvas" not in text


def test_list_is_pulled_and_refreshed(house: House) -> None:
    """Opening asks the LMS, the button asks it afresh, and a member who is gone is gone."""
    everybody = enrolled(house)
    gone = enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    rosters = Rosters(RosterPull(count=1, complete=True), *everybody, gone)
    house.wired.rosters = rosters  # type: ignore[assignment]
    text = house.get("/app/add", as_="halloran").text
    assert "Refresh from Canvas" in text
    assert "Ola Nowak" in text
    rosters.lines = tuple(everybody)
    assert (200, "/app/add") == posted(house, "/app/add/refresh", {})
    assert [False, True] == rosters.asked
    assert "Ola Nowak" not in house.get("/app/add", as_="halloran").text


def test_list_that_lost_too_many_waits_for_a_word(house: House) -> None:
    """N7: more than half gone at once changes nothing until the teacher says that they left."""
    before = enrolled(house)
    line = replace(enrol(house, "Ola Nowak", RosterStanding.PUPIL), id=RosterMemberId(new_uuid7()))
    house.wired.rosters = Rosters(RosterPull(count=1, complete=True), line)  # type: ignore[assignment]
    text = house.get("/app/add", as_="halloran").text
    assert "left out more than half of this course" in text
    assert "They have left: update the list" in text
    assert {one.subject for one in before} < {one.subject for one in enrolled(house)}
    assert (200, "/app/add") == posted(house, "/app/add/refresh", {"left": "1"})
    assert {line.subject} == {one.subject for one in enrolled(house)}


def enrolled(house: House) -> list[RosterMember]:
    """Who stands in the course's list now."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return [one for one in uow.people.roster(source(house), ROOM) if one.active]


@pytest.mark.parametrize("problem", ["roster_silent", "roster_refused", "no_course"])
def test_failed_pull_keeps_the_old_list(house: House, problem: str) -> None:
    """Nobody vanishes because an LMS did not answer."""
    enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    house.wired.rosters = Rosters(  # type: ignore[assignment]
        RosterPull(count=0, complete=False, problem=problem)
    )
    text = house.get("/app/add", as_="halloran").text
    assert "The list may be old" in text
    assert "Ola Nowak" in text


def test_search_is_a_form_and_forgives_accents(house: House) -> None:
    """A name never stands in an address; letters without accents find it."""
    enrol(house, "Íñigo Sáez", RosterStanding.PUPIL)
    text = house.post("/app/add", {"q": "inigo"}, as_="halloran").text
    assert ["Íñigo Sáez"] == re.findall(r'href="/app/add/[^"]+"><bdi>([^<]+)</bdi></a>', text)
    assert "No pupil of this course" in house.post("/app/add", {"q": "zzz"}, as_="halloran").text


def test_nameless_pupil_has_a_neutral_label(house: House) -> None:
    """A platform may hide names: the row says so, and the form asks for the name."""
    line = enrol(house, None, RosterStanding.PUPIL, subject="abcdefgh-rest")
    assert "Name not told (account abcdefgh)" in house.get("/app/add", as_="halloran").text
    assert 'name="legal_name"' in house.get(f"/app/add/{line.id}", as_="halloran").text
    assert (422, None) == posted(house, f"/app/add/{line.id}", child())
    status, leads = posted(house, f"/app/add/{line.id}", child(legal_name="Ola Nowak"))
    assert 200 == status
    assert leads is not None
    assert "Ola Nowak" in house.get(leads, as_="halloran").text


def test_staff_without_the_standing_see_who_can(house: House) -> None:
    """A teacher reads whom to ask; a family finds nothing here; neither makes the LMS work."""
    rosters = Rosters(RosterPull(count=0, complete=True))
    house.wired.rosters = rosters  # type: ignore[assignment]
    line = enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    for path in ("/app/add", f"/app/add/{line.id}"):
        answer = house.get(path, as_="eklund")
        assert 403 == answer.status_code
        assert "Case managers open records here" in answer.text
        assert "Ola Nowak" not in answer.text
    assert (403, None) == posted(house, f"/app/add/{line.id}", child(), as_="eklund")
    assert 404 == house.get("/app/add", as_="dana").status_code
    posted(house, "/app/add/refresh", {}, as_="eklund")
    assert [] == rosters.asked


# the short form


def test_record_opens_once(house: House) -> None:
    """The called name is prefilled, the form leads to the student, and the same form again too."""
    line = enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    assert 'value="Ola"' in house.get(f"/app/add/{line.id}", as_="halloran").text
    first = posted(house, f"/app/add/{line.id}", child())
    assert 200 == first[0]
    assert first == posted(house, f"/app/add/{line.id}", child())
    assert first[1] is not None
    assert "Add a goal" in house.get(first[1], as_="halloran").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"preferred_name": " "}, "preferred_name", id="no-name"),
        pytest.param({"preferred_name": "x" * 121}, "preferred_name", id="long-name"),
        pytest.param({"grade": "99"}, "grade", id="no-grade"),
        pytest.param({"home_language": ""}, "home_language", id="no-language"),
        pytest.param({"home_language": "not a tag"}, "home_language", id="odd-language"),
    ],
)
def test_bad_entries_are_said_at_their_field(house: House, changes: dict[str, str], field: str) -> None:
    """Nothing typed is lost, the error stands at its field and in the summary."""
    line = enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    answer = house.post(f"/app/add/{line.id}", child(**changes), as_="halloran")
    assert 422 == answer.status_code
    assert f'href="#{field}"' in answer.text or f'id="{field}-error"' in answer.text
    assert "Grade 4" in answer.text


def test_record_of_another_manager_is_not_told(house: House) -> None:
    """A pupil with a record the actor may not see looks like any other; the refusal says no more."""
    house.caseload("ames").staff.appoint(house.adult("eklund"), SiteRole.CASE_MANAGER)
    text = house.get("/app/add", as_="eklund").text
    rows = dict(re.findall(r'href="(/app/[^"]+)"><bdi>([^<]+)</bdi>', text))
    theirs = next(path for path, name in rows.items() if name.startswith("Theo"))
    assert theirs.startswith("/app/add/")
    answer = house.post(theirs, child(), as_="eklund")
    assert 409 == answer.status_code
    assert "This child has a record here already." in answer.text
    assert "Halloran" not in answer.text


def test_member_of_another_course_is_not_here(house: House) -> None:
    """A form for somebody who is no pupil of the viewer's course is not found."""
    teacher = enrol(house, "Ana Teacher", RosterStanding.TEACHER)
    assert 404 == house.get(f"/app/add/{teacher.id}", as_="halloran").status_code
    assert 404 == house.get(f"/app/add/{uuid4()}", as_="halloran").status_code


# the team


def place_of(house: House, child_key: str, adult_key: str) -> Assignment:
    """Return somebody's place on a child's team."""
    rows = house.caseload("halloran").people.team(house.student(child_key)).rows
    return next(row.assignment for row in rows if row.adult.id == house.adult(adult_key))


def test_team_says_who_since_when_and_who_else(house: House) -> None:
    """Role words, the first day, and the staff the LMS lists beside them with a role offered first."""
    text = house.get(f"/app/c/{house.student('maya')}/team", as_="halloran").text
    assert re.search(r"Case manager, since \d+ \w+ 2026", text)
    assert "June Abara" in text
    assert '<option value="paraprofessional" selected>' in text
    assert "Last day of the substitute" in text


def test_add_take_off_put_back(house: House) -> None:
    """One tap each; taking off is undone on the next page; twice is once."""
    path = f"/app/c/{house.student('maya')}/team"
    view = house.caseload("halloran").people.team(house.student("maya"))
    june = next(one for one in view.suggestions if one.name == "June Abara")
    for _ in range(2):
        data = {"do": "add", "member": str(june.id), "role": "related_service_provider"}
        assert (200, path) == posted(house, path, data)
    place = place_of(house, "maya", "abara")
    assert StaffRole.RELATED_SERVICE_PROVIDER is place.role
    assert (200, path) == posted(house, path, {"do": "off", "place": str(place.id)})
    text = house.get(path, as_="halloran").text
    assert "Put back" in text
    for _ in range(2):
        assert (200, path) == posted(house, path, {"do": "back", "place": str(place.id)})
    assert StaffRole.RELATED_SERVICE_PROVIDER is place_of(house, "maya", "abara").role
    assert "Put back" not in house.get(path, as_="halloran").text


def test_last_case_manager_stays(house: House) -> None:
    """The refusal says what to do first, on the same page."""
    path = f"/app/c/{house.student('maya')}/team"
    place = place_of(house, "maya", "halloran")
    answer = house.post(path, {"do": "off", "place": str(place.id)}, as_="halloran")
    assert 409 == answer.status_code
    assert "A child always has a case manager." in answer.text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"do": "add", "member": "x", "role": "paraprofessional"}, id="no-id"),
        pytest.param({"do": "add", "member": str(UUID(int=1)), "role": "king"}, id="no-role"),
        pytest.param({"do": "dance"}, id="no-such-thing"),
    ],
)
def test_odd_team_forms_change_nothing(house: House, data: dict[str, str]) -> None:
    """What no form of ours sends is refused."""
    assert (422, None) == posted(house, f"/app/c/{house.student('maya')}/team", data)


def test_unknown_places_are_not_found(house: House) -> None:
    """Neither a place nor a member of nowhere can be named."""
    path = f"/app/c/{house.student('maya')}/team"
    nowhere = str(AssignmentId(new_uuid7()))
    for data in (
        {"do": "back", "place": nowhere},
        {"do": "off", "place": nowhere},
        {"do": "add", "member": nowhere, "role": "paraprofessional"},
    ):
        assert (404, None) == posted(house, path, data)


def test_who_may_not_change_sees_no_forms(house: House) -> None:
    """A teacher reads the team, sees not whom the LMS lists, and cannot change it; a family has its own
    screens."""
    path = f"/app/c/{house.student('maya')}/team"
    text = house.get(path, as_="eklund").text
    assert "Priya Halloran" in text
    assert "June Abara" not in text
    assert "Take off" not in text
    assert 404 == house.get(path, as_="dana").status_code
    for key in ("eklund", "dana"):
        assert (404, None) == posted(house, path, {"do": "off", "place": str(new_uuid7())}, as_=key)


# the staff page


def test_officer_appoints_and_ends(house: House) -> None:
    """One tap appoints, one ends, twice is once; each is in force at once."""
    data = {"adult": str(house.adult("eklund")), "role": "case_manager"}
    for _ in range(2):
        assert (200, "/app/staff") == posted(house, "/app/staff", {"do": "appoint", **data}, as_="ames")
    assert 200 == house.get("/app/add", as_="eklund").status_code
    assert (200, "/app/staff") == posted(house, "/app/staff", {"do": "end", **data}, as_="ames")
    assert 403 == house.get("/app/add", as_="eklund").status_code


def test_last_officer_stays(house: House) -> None:
    """A school is never left without one; a second one makes ending possible."""
    own = {"adult": str(house.adult("ames")), "role": "records_officer", "do": "end"}
    answer = house.post("/app/staff", own, as_="ames")
    assert 409 == answer.status_code
    assert "A school always has a records officer." in answer.text
    with pytest.raises(IllegalMove, match="last_records_officer"):
        house.caseload("ames").staff.end(house.adult("ames"), SiteRole.RECORDS_OFFICER)
    posted(house, "/app/staff", {**own, "adult": str(house.adult("pell")), "do": "appoint"}, as_="ames")
    assert 200 == posted(house, "/app/staff", own, as_="ames")[0]
    assert 404 == house.get("/app/staff", as_="ames").status_code


def test_families_are_no_staff(house: House) -> None:
    """No confirmed parent stands on the page, nor somebody the LMS lists only as an observer; an officer who
    is a parent too does."""
    site = house.wired.doors.sites()[0].id
    observer = enrol(house, "Nora Observer", RosterStanding.OBSERVER, subject="observer")
    with house.wired.store(site).write() as uow:
        adult = Adult(id=AdultId(new_uuid7()), name="Nora Observer", reads="en", created_at=house.clock())
        uow.people.add_adult(adult)
        uow.people.add_identity(
            Identity(source=observer.source, subject="observer", kind=PersonKind.ADULT, person_id=adult.id)
        )
    house.caseload("ames").staff.appoint(house.adult("dana"), SiteRole.INTERPRETER)
    text = house.get("/app/staff", as_="ames").text
    assert "Priya Halloran" in text
    assert "Dana Ortega-Lind" in text
    for name in ("Rui Ortega-Lind", "Elena Duarte", "Nora Observer", "Maya"):
        assert name not in text


@pytest.mark.parametrize(
    "data", [{"role": "king", "do": "appoint"}, {"role": "interpreter", "do": "dance"}], ids=["role", "do"]
)
def test_odd_staff_forms_change_nothing(house: House, data: dict[str, str]) -> None:
    """What no form of ours sends is refused."""
    assert (422, None) == posted(house, "/app/staff", {"adult": str(house.adult("pell")), **data}, as_="ames")


def test_only_officers_open_the_staff_page(house: House) -> None:
    """A case manager finds nothing here; an officer cannot appoint somebody who is not there."""
    assert 404 == house.get("/app/staff", as_="halloran").status_code
    data = {"do": "appoint", "adult": str(uuid4()), "role": "interpreter"}
    assert (404, None) == posted(house, "/app/staff", data, as_="ames")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_pages_come_in_staff_languages(house: House, lang: str) -> None:
    """Both languages render every page."""
    line = enrol(house, "Ola Nowak", RosterStanding.PUPIL)
    maya = house.student("maya")
    for path, key in (
        ("/app/add", "halloran"),
        (f"/app/add/{line.id}", "halloran"),
        (f"/app/c/{maya}/team", "halloran"),
        ("/app/staff", "ames"),
    ):
        answer = house.get(path, as_=key, lang=lang)
        assert 200 == answer.status_code
        assert f'<html lang="{lang}"' in answer.text
