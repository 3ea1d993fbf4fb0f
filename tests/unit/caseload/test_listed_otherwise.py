"""Platforms that list a parent or an aide as a pupil: the list decides nothing, both facts are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.caseload import Arrival, arrive
from iepcore.errors import InvalidValue
from iepcore.ids import RosterMemberId, new_uuid7
from iepcore.people import RosterMember, RosterStanding, StaffRole
from tests.unit.caseload.test_people_and_families import a_confirmation
from tests.unit.caseload.town import COURSE, SOURCE, Town


def came(town: Town, subject: str, *, as_staff: bool = False, observes: tuple[str, ...] = ()) -> None:
    """Let somebody launch."""
    arrival = Arrival(
        source=SOURCE,
        subject=subject,
        name=subject.title(),
        reads="en",
        is_staff=as_staff,
        is_family=True,
        observes=observes,
    )
    assert arrive(town.store, town.clock, arrival) is not None


def test_aide_listed_as_a_pupil_can_be_added_once_she_came_as_staff(each_town: Town) -> None:
    """The list says pupil, the launch said staff: both are shown, and a person adds."""
    each_town.enrol("maya")
    listed = each_town.enrol("an-aide", "classmate")
    teacher = each_town.enrol("elsewhere", standing=RosterStanding.TEACHER)[0]
    people, maya = each_town.caseload("manager").people, each_town.maya.id
    before = people.team(maya)
    assert (["elsewhere"], frozenset()) == ([one.subject for one in before.suggestions], before.launched)

    came(each_town, "an-aide", as_staff=True)
    came(each_town, "elsewhere", as_staff=False)
    view = people.team(maya)
    aide = next(one for one in listed if one.subject == "an-aide")
    assert ["an-aide", "elsewhere"] == [one.subject for one in view.suggestions]
    assert (RosterStanding.PUPIL, {aide.id}) == (view.suggestions[0].standing, view.launched)
    people.add_to_team(maya, aide.id, StaffRole.PARAPROFESSIONAL)
    assert [teacher.id] == [one.id for one in people.team(maya).suggestions]


def test_staff_line_goes_before_a_pupil_line_of_the_same_person(each_town: Town) -> None:
    """Who is a teacher in one course and a pupil in another is suggested once, as the teacher."""
    each_town.enrol("maya")
    came(each_town, "elsewhere", as_staff=True)
    with each_town.store.write() as uow:
        (mine,) = [one for one in uow.people.roster(SOURCE, COURSE) if one.subject == "maya"]

        def line(subject: str, standing: RosterStanding) -> RosterMember:
            return replace(
                mine,
                id=RosterMemberId(new_uuid7()),
                subject=subject,
                standing=standing,
                context_id="second",
                name=subject.title(),
            )

        uow.people.save_roster(
            SOURCE,
            "second",
            [line("maya", RosterStanding.PUPIL), line("elsewhere", RosterStanding.TEACHER)],
            complete=True,
        )
    each_town.enrol("elsewhere")
    view = each_town.caseload("manager").people.team(each_town.maya.id)
    assert [("elsewhere", RosterStanding.TEACHER)] == [
        (one.subject, one.standing) for one in view.suggestions
    ]


def test_adult_among_the_pupils_of_a_course_is_marked(each_town: Town) -> None:
    """Who opens records sees that a line of the pupils is somebody known here as an adult."""
    each_town.enrol("classmate", "parent-listed-so")
    came(each_town, "parent-listed-so")
    rows = each_town.caseload("opener").people.roster(SOURCE, COURSE)
    assert {"Classmate": False, "Parent-Listed-So": True} == {row.member.name: row.is_adult for row in rows}


def test_parent_listed_as_a_pupil_is_confirmed_by_who_knows_the_adult(each_town: Town) -> None:
    """Such a parent is no candidate by the list alone; who knows the adult says so, and may confirm."""
    each_town.enrol("maya")
    lines = {one.subject: one for one in each_town.enrol("a-mother", "classmate")}
    parent = lines["a-mother"]
    families, maya = each_town.caseload("manager").families, each_town.maya.id
    view = families.view(maya)
    assert "a-mother" not in [one.member.subject for one in view.candidates]
    found = {one.member.subject: one for one in view.listed_as_pupils}
    assert {"a-mother", "classmate"} == found.keys()
    assert (True, False, False) == (
        found["a-mother"].listed_as_pupil,
        found["a-mother"].linked,
        found["a-mother"].launched_as_staff,
    )

    with pytest.raises(InvalidValue, match="member_is_pupil") as refused:
        families.confirm(maya, parent.id, a_confirmation())
    assert "knows_adult" == refused.value.field
    families.confirm(maya, parent.id, a_confirmation(knows_adult=True))
    view = families.view(maya)
    assert "A-Mother" in [row.adult.name for row in view.rows]
    assert ["classmate"] == [one.member.subject for one in view.listed_as_pupils]


def test_linked_parent_listed_as_a_pupil_is_a_candidate(each_town: Town) -> None:
    """The platform's link is a fact too; the list does not hide it."""
    each_town.enrol("maya")
    each_town.enrol("a-mother")
    came(each_town, "a-mother", as_staff=True, observes=("maya",))
    view = each_town.caseload("manager").families.view(each_town.maya.id)
    row = next(one for one in view.candidates if one.member.subject == "a-mother")
    assert (True, True, True) == (row.linked, row.listed_as_pupil, row.launched_as_staff)
    assert () == view.listed_as_pupils


def test_pupil_with_a_record_is_never_made_a_parent(each_town: Town) -> None:
    """Also for who says to know an adult: an open record is a child's."""
    each_town.enrol("maya")
    ivo = each_town.enrol("ivo")[0]
    families = each_town.caseload("manager").families
    with pytest.raises(InvalidValue, match="member_is_pupil"):
        families.confirm(each_town.maya.id, ivo.id, a_confirmation(knows_adult=True))
