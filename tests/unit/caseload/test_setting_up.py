"""Setting up a caseload: a list, records opened together and taken back, people around the children."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.caseload import Confirmation, Opening
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import RosterMemberId, StudentId, new_uuid7
from iepcore.people import (
    Relation,
    RosterMember,
    RosterStanding,
    RowMatch,
    StaffRole,
    WantedPupil,
)
from iepcore.testing.roster_values import a_guardian
from iepcore.testing.store_values import a_member
from tests.unit.caseload.town import Town

SIS, CLASS = "platform-1", "class-1"


def _fill(town: Town, *lines: RosterMember, course: str = CLASS) -> dict[str, RosterMember]:
    """Put a course into the address book of the source that the town's people come by."""
    with town.store.write() as uow:
        uow.people.save_roster(SIS, course, lines, complete=False)
        return {one.subject: one for one in uow.people.roster(SIS, course)}


def _pupil(subject: str, name: str, **changes: object) -> RosterMember:
    return a_member(subject, name=name, context_id=CLASS, context_title="Class 1", **changes)


def _class(town: Town) -> dict[str, RosterMember]:
    return _fill(
        town,
        _pupil("p1", "Ada Zee", sis_id="4001", grade="03"),
        _pupil("p2", "Bo Young", sis_id="4002", grade="KG", email="bo@example.org", email_verified=True),
        _pupil("p3", "Ada Zee", sis_id="4003"),
        _pupil("general", "General Person", standing=RosterStanding.TEACHER),
        _pupil("new-teacher", "Nia New", standing=RosterStanding.TEACHER),
        _pupil("new-aide", "Ari Aide", standing=RosterStanding.HELPER),
        _pupil("mo", "Mo Zee", standing=RosterStanding.OBSERVER),
    )


def _open(town: Town, *members: RosterMember, who: str = "opener") -> tuple[StudentId, ...]:
    openings = [
        Opening(member_id=one.id, preferred_name="Ada", grade="3", home_language="es") for one in members
    ]
    return town.caseload(who).setup.open_all(openings).student_ids


def test_a_list_is_matched_by_number_and_address_and_never_by_name(town: Town) -> None:
    """A number or a verified address is sure; an equal name is a choice for a person; a stranger is new."""
    _class(town)
    rows = town.caseload("opener").setup.review(
        [
            WantedPupil(name="Ada Zee", sis_id="4001"),
            WantedPupil(name="Bo", mail="BO@example.org"),
            WantedPupil(name="Zee, Ada"),
            WantedPupil(name="Somebody Else", sis_id="4002"),
            WantedPupil(name="Nobody Here"),
        ]
    )
    assert [
        (RowMatch.SURE, 1),
        (RowMatch.SURE, 1),
        (RowMatch.CHOOSE, 2),
        (RowMatch.CHOOSE, 1),
        (RowMatch.NEW, 0),
    ] == [(one.row.match, len(one.choices)) for one in rows]
    assert ("3", ("Class 1",)) == (rows[0].choices[0].pupil.grade, rows[0].choices[0].pupil.courses)


def test_one_pupil_of_two_courses_is_one_choice(town: Town) -> None:
    """A caseload is matched across courses and sources: the school's number brings the lines together."""
    _class(town)
    math = replace(_pupil("p1", "Ada Zee", sis_id="4001"), context_id="class-2", context_title="Math")
    _fill(town, math, course="class-2")
    with town.store.write() as uow:
        other = a_member("x9", source="other", name="A. Zee", sis_id="4001", context_title="Elsewhere")
        uow.people.save_roster("other", "o", [other], complete=True)
    found = town.caseload("opener").setup.choices(["other"])
    ada = next(one for one in found if "4001" in {line.sis_id for line in one.pupil.lines})
    assert ("Elsewhere", "Class 1", "Math") == ada.pupil.courses
    assert {("platform-1", "p1"), ("other", "x9")} == ada.pupil.accounts


def test_records_are_opened_together_once(town: Town) -> None:
    """All at once, with grade and language; the same wish again opens nothing; the opener manages them."""
    lines = _class(town)
    setup = town.caseload("opener").setup
    wish = [
        Opening(member_id=lines["p1"].id, preferred_name="Ada", grade="3", home_language="es"),
        Opening(member_id=lines["p2"].id, preferred_name="Bo", grade="K", home_language="en"),
        Opening(
            preferred_name="Nil", legal_name="Nil Newman", grade="5", home_language="en", key="k1", sis_id="9"
        ),
    ]
    first, again = setup.open_all(wish), setup.open_all(wish)
    assert (3, 0, 0, 3) == (len(first.student_ids), first.already, len(again.student_ids), again.already)
    with town.store.read() as uow:
        students = {one.preferred_name: one for one in uow.people.students(first.student_ids)}
        assert ("Ada Zee", "3", "es") == (
            students["Ada"].legal_name,
            students["Ada"].grade,
            students["Ada"].home_language,
        )
        assert ["k1"] == [one.subject for one in uow.people.roster("list")]
    assert "Ada" == town.caseload("opener").goals.student(students["Ada"].id).student.preferred_name
    marked = {one.pupil.name: one.student_id for one in setup.choices()}
    assert students["Bo"].id == marked["Bo Young"]
    assert students["Nil"].id == marked["Nil Newman"]
    assert {"Ada", "Bo", "Nil"} == {one.preferred_name for one in setup.fresh()}


def test_opening_is_all_or_none(town: Town) -> None:
    """A line that is no pupil, or a name that does not fit, opens none of them."""
    lines = _class(town)
    setup = town.caseload("opener").setup
    good = Opening(member_id=lines["p1"].id, preferred_name="Ada", grade="3", home_language="es")
    for bad, code in (
        (replace(good, member_id=lines["mo"].id), "roster_member"),
        (replace(good, member_id=RosterMemberId(new_uuid7())), "roster_member"),
        (replace(good, member_id=lines["p2"].id, preferred_name=" "), "name_empty"),
    ):
        with pytest.raises(InvalidValue, match=code):
            setup.open_all([good, bad])
    assert () == setup.fresh()


def test_whoever_may_not_open_records_sets_up_nothing(town: Town) -> None:
    """Opening stays with a site's case managers; others see no list and open nothing."""
    lines = _class(town)
    for who in ("manager", "general", "officer", "installer", "mother", "stranger"):
        setup = town.caseload(who).setup
        for call in (setup.choices, lambda setup=setup: setup.review([WantedPupil(name="Ada")])):
            with pytest.raises(NotPermitted):
                call()
        with pytest.raises(NotPermitted):
            _open(town, lines["p1"], who=who)


def test_a_record_that_another_manages_is_passed_over_in_silence(town: Town) -> None:
    """Maya's pupil is open already: it is counted and not told whose it is; the choice shows no record."""
    line = _fill(town, _pupil("maya", "Mayabel Quill", sis_id="0042"))["maya"]
    opened = town.caseload("opener").setup.open_all(
        [Opening(member_id=line.id, preferred_name="M", grade="3", home_language="en")]
    )
    assert ((), 1) == (opened.student_ids, opened.already)
    assert [None] == [
        one.student_id for one in town.caseload("opener").setup.choices() if one.pupil.name == "Mayabel Quill"
    ]


def test_what_was_opened_can_be_taken_back_while_nothing_is_written(each_town: Town) -> None:
    """The lines stay in the address book and can be opened again; a second undo does nothing."""
    town = each_town
    lines = _class(town)
    ids = _open(town, lines["p1"], lines["p2"])
    setup = town.caseload("opener").setup
    assert 2 == setup.take_back(ids)
    assert 0 == setup.take_back(ids)
    assert () == setup.fresh()
    with pytest.raises(NotPermitted):
        town.caseload("opener").goals.student(ids[0])
    assert 1 == len(_open(town, lines["p1"]))


def test_nothing_is_taken_back_once_something_was_written(town: Town) -> None:
    """A parent, a colleague or a goal in one of them keeps all open; another's record is never touched."""
    lines = _class(town)
    ids = _open(town, lines["p1"], lines["p2"])
    opener = town.caseload("opener")
    opener.people.add_to_team(ids[1], lines["new-teacher"].id, StaffRole.GEN_ED_TEACHER)
    with pytest.raises(IllegalMove, match="record_written"):
        opener.setup.take_back(ids)
    assert [ids[0]] == [one.id for one in opener.setup.fresh()]
    for theirs in (town.maya.id, town.ivo.id):
        with pytest.raises(IllegalMove, match="record_written"):
            opener.setup.take_back([theirs])
    town.clock.forward(hours=30)
    assert () == opener.setup.fresh()


def test_staff_of_the_courses_are_offered_once_for_all_children(town: Town) -> None:
    """Three of the staff, one tap each for all the children; added twice is once; taken off again."""
    lines = _class(town)
    ids = _open(town, lines["p1"], lines["p2"])
    around = town.caseload("opener").around
    page = around.page()
    assert (3, {"General Person", "Nia New", "Ari Aide"}) == (
        page.listed,
        {one.line.name for one in page.staff},
    )
    assert [2, 2, 2] == [len(one.students) for one in page.staff]
    wish = {
        lines["new-teacher"].id: StaffRole.GEN_ED_TEACHER,
        lines["new-aide"].id: StaffRole.PARAPROFESSIONAL,
    }
    assert (4, 0) == (around.add_staff(wish), around.add_staff(wish))
    page = around.page()
    assert ["General Person"] == [one.line.name for one in page.staff]
    assert [("Ari Aide", 2), ("Nia New", 2)] == [(one.adult.name, one.students) for one in page.added]
    assert 2 == around.take_off(page.added[0].adult.id, StaffRole.PARAPROFESSIONAL)
    assert {"General Person", "Ari Aide"} == {one.line.name for one in around.page().staff}
    assert set(ids) == {one.id for one in page.students}
    with pytest.raises(NotFound):
        around.add_staff({RosterMemberId(new_uuid7()): StaffRole.GEN_ED_TEACHER})


def test_a_parent_is_offered_and_confirmed_by_a_person(town: Town) -> None:
    """The roster's word starts the question; both rights come from a person; then the offer is gone."""
    lines = _class(town)
    ids = _open(town, lines["p1"])
    with town.store.write() as uow:
        hints = [a_guardian("mo", "p1", context_id=CLASS), a_guardian("ghost", "p1", context_id=CLASS)]
        uow.rosters.replace_guardians(SIS, CLASS, hints, complete=True)
    caseload = town.caseload("opener")
    page = caseload.around.page()
    assert [("Mo Zee", "parent", False)] == [
        (one.line.name, one.relation, one.is_actor) for one in page.parents
    ]
    assert () == page.without_adult
    with town.store.read() as uow:
        assert [] == list(uow.people.relationships_of_student(ids[0]))
    caseload.families.confirm(
        ids[0],
        page.parents[0].line.id,
        Confirmation(
            relation=Relation.MOTHER,
            household="A",
            may_access_records=True,
            may_decide=False,
            basis="Card seen today",
            reads="es",
        ),
    )
    assert () == caseload.around.page().parents


def test_others_have_nobody_around_them(town: Town) -> None:
    """A teacher who manages no child sees an empty page; another's child is never in it."""
    _class(town)
    page = town.caseload("general").around.page()
    assert ((), (), ()) == (page.students, page.staff, page.parents)
    assert {town.maya.id} == {one.id for one in town.caseload("manager").around.page().students}
