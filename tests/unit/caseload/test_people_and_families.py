"""Opening a record, building a team, confirming parents, appointing staff, coming through a door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iepcore.caseload import Arrival, Confirmation, arrive
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import AdultId, AssignmentId, RelationshipId, RosterMemberId, new_uuid7
from iepcore.people import (
    AddressKind,
    ChannelAddress,
    Relation,
    RosterStanding,
    SiteRole,
    StaffRole,
)
from iepcore.testing import a_parent, an_assignment
from iepcore.testing.store_values import a_hint, an_identity
from tests.unit.caseload.town import COURSE, SOURCE, START, Town


def a_confirmation(**changes: Any) -> Confirmation:
    """A mother with both rights."""
    whole: dict[str, Any] = {
        "relation": Relation.MOTHER,
        "household": "C",
        "may_access_records": True,
        "may_decide": True,
        "basis": "Birth certificate seen",
        "reads": "so",
    }
    return Confirmation(**whole | changes)


# ------------------------------------------------------------------------------------- opening and teams


def test_case_manager_of_the_site_opens_a_record_and_manages_it(each_town: Town) -> None:
    """From a line of the roster; she is on the team at once, and the record opens to her alone."""
    pupil = each_town.enrol("newpupil")[0]
    opener = each_town.caseload("opener")
    student_id = opener.people.open_child(
        pupil.id, preferred_name="Nia", grade="2", home_language="so", legal_name="Niara New"
    )

    page = opener.goals.student(student_id)
    assert ("Nia", "Niara New", True) == (
        page.student.preferred_name,
        page.student.legal_name,
        page.may_change,
    )
    assert [StaffRole.CASE_MANAGER] == [place.role for place, _ in page.team]
    with pytest.raises(NotPermitted):
        each_town.caseload("teacher").goals.student(student_id)
    with pytest.raises(IllegalMove, match="record_open"):
        opener.people.open_child(pupil.id, preferred_name="Nia", grade="2", home_language="so")


@pytest.mark.parametrize("name", ["teacher", "manager", "officer", "installer", "mother", "stranger"])
def test_nobody_else_opens_a_record(town: Town, name: str) -> None:
    """Neither a team's case manager nor a records officer nor an administrator does it by that alone."""
    pupil = town.enrol("newpupil")[0]
    assert not town.caseload(name).people.may_open_records()
    with pytest.raises(NotPermitted):
        town.caseload(name).people.open_child(pupil.id, preferred_name="N", grade="1", home_language="en")
    assert town.caseload("opener").people.may_open_records()


def test_record_is_opened_for_pupils_of_the_roster_only(town: Town) -> None:
    """A teacher's line or an id of nothing is no pupil; without a legal name the roster's is taken."""
    people = town.caseload("opener").people
    teacher = town.enrol("colleague", standing=RosterStanding.TEACHER)[0]
    for member_id in (teacher.id, RosterMemberId(new_uuid7())):
        with pytest.raises(NotFound):
            people.open_child(member_id, preferred_name="N", grade="1", home_language="en")
    student_id = people.open_child(town.enrol("zed")[0].id, preferred_name="Z", grade="1", home_language="en")
    assert "Zed" == town.caseload("opener").goals.student(student_id).student.legal_name


def test_roster_marks_an_open_record_only_for_those_who_may_know(each_town: Town) -> None:
    """Outside the team a pupil with a record looks like every other pupil."""
    each_town.enrol("maya", "ivo", "nobody")
    each_town.enrol("gone", active=False)
    each_town.enrol("colleague", standing=RosterStanding.TEACHER)
    with each_town.store.write() as uow:
        uow.people.add_assignment(an_assignment(each_town.maya, each_town.adults["opener"], starts_on=START))
    rows = each_town.caseload("opener").people.roster(SOURCE, COURSE)

    assert [("Ivo", None), ("Maya", each_town.maya.id), ("Nobody", None)] == [
        (row.member.name, row.student_id) for row in rows
    ]


def test_complete_pull_marks_who_left_and_a_partial_one_nobody(each_town: Town) -> None:
    """The address book follows the platform, and half an answer removes nobody."""
    members = each_town.enrol("maya", "ivo")
    people = each_town.caseload("opener").people
    people.keep_roster(SOURCE, COURSE, members[:1], complete=False)
    assert 2 == len(people.roster(SOURCE, COURSE))
    people.keep_roster(SOURCE, COURSE, members[:1], complete=True)
    assert 1 == len(people.roster(SOURCE, COURSE))


def test_team_is_built_from_the_roster(each_town: Town) -> None:
    """Who teaches the same courses is suggested, added once, taken off, and put back."""
    each_town.enrol("maya")
    helper = each_town.enrol("helper", standing=RosterStanding.HELPER)[0]
    each_town.enrol("teacher", "elsewhere", standing=RosterStanding.TEACHER)
    people = each_town.caseload("manager").people
    maya = each_town.maya.id

    assert ["elsewhere", "helper"] == [one.subject for one in people.team(maya).suggestions]
    place = people.add_to_team(maya, helper.id, StaffRole.PARAPROFESSIONAL)
    assert place == people.add_to_team(maya, helper.id, StaffRole.PARAPROFESSIONAL)
    view = people.team(maya)
    assert 8 == len(view.rows)
    assert ["elsewhere"] == [one.subject for one in view.suggestions]
    people.end_place(maya, place)
    view = people.team(maya)
    assert (7, [place]) == (len(view.rows), [row.assignment.id for row in view.gone])
    with pytest.raises(NotFound):
        people.end_place(maya, place)
    again = people.put_back(maya, place)
    assert again == people.put_back(maya, place) != place
    with pytest.raises(NotFound):
        people.put_back(maya, AssignmentId(new_uuid7()))


def test_team_without_the_right_to_change_it_has_no_suggestions(town: Town) -> None:
    """A teacher reads who is on the team, and is not offered what she may not do."""
    town.enrol("maya")
    town.enrol("elsewhere", standing=RosterStanding.TEACHER)
    view = town.caseload("teacher").people.team(town.maya.id)

    assert (7, (), (), False) == (len(view.rows), view.gone, view.suggestions, view.may_change)


def test_last_case_manager_stays(town: Town) -> None:
    """Somebody coordinates; the second one may go."""
    people = town.caseload("manager").people
    with pytest.raises(IllegalMove, match="last_case_manager"):
        people.end_place(town.maya.id, town.places["manager"].id)
    second = town.enrol("second", standing=RosterStanding.TEACHER)[0]
    place = people.add_to_team(town.maya.id, second.id, StaffRole.CASE_MANAGER)
    people.end_place(town.maya.id, place)


def test_pupil_or_parent_of_the_roster_joins_no_team(town: Town) -> None:
    """Only lines of staff are staff, and a pupil never becomes an adult."""
    people = town.caseload("manager").people
    for member in (*town.enrol("pupil"), *town.enrol("observer", standing=RosterStanding.OBSERVER)):
        with pytest.raises(NotFound):
            people.add_to_team(town.maya.id, member.id, StaffRole.ADMINISTRATOR)
    liar = town.enrol("maya", standing=RosterStanding.TEACHER)[0]
    with pytest.raises(InvalidValue, match="member_is_pupil"):
        people.add_to_team(town.maya.id, liar.id, StaffRole.ADMINISTRATOR)


def test_known_person_is_found_by_identity_and_never_by_name(town: Town) -> None:
    """The same name under another subject is another adult; an identity without its adult is not found."""
    people = town.caseload("manager").people
    twin = town.enrol("twin", standing=RosterStanding.TEACHER, email="t@example.org", channel_user_id="77")[0]
    place = people.add_to_team(town.maya.id, twin.id, StaffRole.ADMINISTRATOR)
    row = next(row for row in people.team(town.maya.id).rows if row.assignment.id == place)
    assert [(AddressKind.CANVAS, "77"), (AddressKind.MAIL, "t@example.org")] == [
        (one.kind, one.value) for one in row.adult.addresses
    ]
    ghost = town.enrol("ghost", standing=RosterStanding.TEACHER)[0]
    with town.store.write() as uow:
        uow.people.add_identity(an_identity(AdultId(new_uuid7()), source=SOURCE, subject="ghost"))
    with pytest.raises(NotFound):
        people.add_to_team(town.maya.id, ghost.id, StaffRole.ADMINISTRATOR)


# -------------------------------------------------------------------------------------------- families


def test_parent_is_confirmed_with_both_flags(each_town: Town) -> None:
    """The LMS's link is a hint at the top of the list; the record opens by the confirmation only."""
    each_town.enrol("maya")
    linked = each_town.enrol("linked", standing=RosterStanding.OBSERVER)[0]
    each_town.enrol("observer", standing=RosterStanding.OBSERVER)
    with each_town.store.write() as uow:
        hint = a_hint("linked", "maya", source=SOURCE, expires_at=each_town.clock.now() + timedelta(hours=1))
        uow.people.replace_hints(SOURCE, "linked", [hint])
    families, maya = each_town.caseload("manager").families, each_town.maya.id
    candidates = families.view(maya).candidates

    assert [("linked", True), ("observer", False)] == [(one.member.subject, one.linked) for one in candidates]
    families.confirm(maya, linked.id, a_confirmation())
    view = families.view(maya)
    new = next(row for row in view.rows if row.adult.name == "Linked")
    assert (True, True, "so", "so") == (
        new.relationship.may_access_records,
        new.relationship.may_decide,
        new.adult.reads,
        new.adult.speaks,
    )
    assert ["observer"] == [one.member.subject for one in view.candidates]
    with pytest.raises(IllegalMove, match="already_confirmed"):
        families.confirm(maya, linked.id, a_confirmation())


def test_old_hint_and_other_course_make_no_candidate(town: Town) -> None:
    """A link of yesterday, and an observer of a course the child is not in, are not shown."""
    town.enrol("maya")
    stale, other = town.enrol("stale", "other", standing=RosterStanding.OBSERVER)
    with town.store.write() as uow:
        uow.people.save_roster(
            SOURCE, COURSE, [replace(stale, standing=RosterStanding.OTHER)], complete=False
        )
        uow.people.save_roster(SOURCE, "course-2", [replace(other, context_id="course-2")], complete=False)
        uow.people.save_roster(SOURCE, COURSE, [replace(other, active=False)], complete=False)
        hint = a_hint("stale", "maya", source=SOURCE, expires_at=town.clock.now())
        uow.people.replace_hints(SOURCE, "stale", [hint])

    assert town.caseload("manager").families.view(town.maya.id).candidates == ()
    assert town.caseload("teacher").families.view(town.maya.id).may_change is False


def test_confirmation_changes_the_adult_only_where_it_says_more(town: Town) -> None:
    """Language and interpreter are kept with the adult; the same again makes no new version."""
    town.enrol("maya")
    aunt = town.enrol("aunt", standing=RosterStanding.OBSERVER)[0]
    families = town.caseload("manager").families
    with pytest.raises(InvalidValue, match="student_in_person"):
        families.confirm(town.maya.id, aunt.id, a_confirmation(relation=Relation.STUDENT))
    said = a_confirmation(speaks="mam", needs_interpreter=True, valid_from=START, reads="en")
    families.confirm(town.maya.id, aunt.id, said)
    adult = next(row.adult for row in families.view(town.maya.id).rows if row.adult.name == "Aunt")

    assert ("en", "mam", True, 2) == (adult.reads, adult.speaks, adult.needs_interpreter, adult.version)
    uncle = town.enrol("uncle", standing=RosterStanding.OBSERVER)[0]
    families.confirm(town.maya.id, uncle.id, a_confirmation(reads="en"))
    assert (
        1 == next(row.adult for row in families.view(town.maya.id).rows if row.adult.name == "Uncle").version
    )


def test_nobody_confirms_a_pupil_or_themselves(town: Town) -> None:
    """A child is never made a parent, a case manager never her own."""
    families, maya = town.caseload("manager").families, town.maya.id
    pupil = town.enrol("stranger")[0]
    with pytest.raises(InvalidValue, match="member_is_pupil"):
        families.confirm(maya, pupil.id, a_confirmation())
    own = town.enrol("manager", standing=RosterStanding.OBSERVER)[0]
    with pytest.raises(IllegalMove, match="own_confirmation"):
        families.confirm(maya, own.id, a_confirmation())
    with pytest.raises(NotFound):
        families.confirm(maya, RosterMemberId(new_uuid7()), a_confirmation())


def test_rights_change_by_version(each_town: Town) -> None:
    """A stale change is refused with both; nobody changes their own; an unknown one is not found."""
    families, maya = each_town.caseload("manager").families, each_town.maya.id
    held = each_town.relationships["mother"]

    def set_rights(version: int, relationship_id: RelationshipId = held.id) -> Any:
        return families.set_rights(
            relationship_id, maya, may_access_records=True, may_decide=False, basis="Order", version=version
        )

    assert 2 == set_rights(1).version
    with pytest.raises(Conflict) as stale:
        set_rights(1)
    assert (2, 2) == (stale.value.current.version, stale.value.yours.version)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        set_rights(1, RelationshipId(new_uuid7()))
    with each_town.store.write() as uow:
        mine = a_parent(each_town.maya, each_town.adults["manager"], valid_from=START)
        uow.people.add_relationship(mine)
    with pytest.raises(IllegalMove, match="own_confirmation"):
        set_rights(1, mine.id)


# -------------------------------------------------------------------------------------- staff of the site


def test_records_officer_appoints_and_ends(each_town: Town) -> None:
    """From today on, once; ended it no longer counts; the last officer stays."""
    staff, who = each_town.caseload("officer").staff, each_town.id("teacher")
    for _ in range(2):
        staff.appoint(who, SiteRole.RECORDS_OFFICER)
    roles = {row.adult.id: row.roles for row in staff.rows()}
    assert (SiteRole.RECORDS_OFFICER,) == roles[who]
    assert each_town.id("mother") not in roles
    staff.end(who, SiteRole.RECORDS_OFFICER)
    assert () == {row.adult.id: row.roles for row in staff.rows()}[who]
    with pytest.raises(IllegalMove, match="last_records_officer"):
        staff.end(each_town.id("officer"), SiteRole.RECORDS_OFFICER)
    with pytest.raises(NotFound):
        staff.appoint(AdultId(new_uuid7()), SiteRole.INTERPRETER)
    with pytest.raises(NotPermitted):
        each_town.caseload("teacher").staff.rows()
    with pytest.raises(NotPermitted):
        each_town.caseload("installer").staff.appoint(who, SiteRole.CASE_MANAGER)


def test_officer_sees_who_came_as_staff_and_nobody_of_a_family(town: Town) -> None:
    """A teacher of the roster or of a staff door is listed; a parent or an observer is not."""
    town.enrol("general", "principal", standing=RosterStanding.TEACHER)
    town.enrol("stranger", standing=RosterStanding.OBSERVER)
    arrive(town.store, town.clock, _an_arrival(subject="new-teacher", is_staff=True))
    names = {row.adult.name for row in town.caseload("officer").staff.rows()}

    assert {"General Person", "Principal Person", "Rosa"} <= names
    assert not {"Stranger Person", "Mother Person", "Father Person"} & names


# ---------------------------------------------------------------------------------------------- arrivals


def _an_arrival(**changes: Any) -> Arrival:
    whole: dict[str, Any] = {"source": SOURCE, "subject": "rosa", "name": "Rosa", "reads": "es"}
    return Arrival(**whole | changes)


def test_new_adult_is_known_and_has_no_right(each_town: Town) -> None:
    """Staff or family become known; the same subject is the same adult, whatever it is called next time."""
    first = arrive(
        each_town.store,
        each_town.clock,
        _an_arrival(is_family=True, email="rosa@example.org", channel_user_id="9", observes=("maya", "maya")),
    )
    again = arrive(each_town.store, each_town.clock, _an_arrival(name="Other", reads="en", is_family=True))

    assert first == again is not None
    with each_town.store.read() as uow:
        adult = uow.people.adult(first)
        hints = uow.people.hints_of_pupil(SOURCE, "maya", at=each_town.clock.now())
    assert adult is not None
    assert ("Rosa", "es", 2) == (adult.name, adult.reads, len(adult.addresses))
    assert list(hints) == []  # the second launch observed nobody
    with pytest.raises(NotPermitted):
        each_town.caseload("stranger").home.child(each_town.maya.id)


def test_pupil_and_stranger_leave_no_trace(each_town: Town) -> None:
    """A child with a record, one without, somebody with no part here: None, and nothing is stored."""
    before = each_town.everything()

    assert arrive(each_town.store, each_town.clock, _an_arrival(subject="maya", is_staff=True)) is None
    assert arrive(each_town.store, each_town.clock, _an_arrival(subject="pupil")) is None
    assert before == each_town.everything()


def test_addresses_the_platform_vouches_for_are_refreshed_in_their_order(town: Town) -> None:
    """A new mail address takes the old one's place; the preferred road stays first; odd ones are left."""
    arrive(
        town.store, town.clock, _an_arrival(subject="mother", channel_user_id="9", email="new@example.org")
    )
    with town.store.read() as uow:
        mother = uow.people.adult(town.id("mother"))
    assert mother is not None
    assert (
        ChannelAddress(kind=AddressKind.MAIL, value="new@example.org"),
        ChannelAddress(kind=AddressKind.CANVAS, value="9"),
    ) == mother.addresses
    assert 2 == mother.version
    arrive(town.store, town.clock, _an_arrival(subject="mother", channel_user_id="9x", email="no address"))
    with town.store.read() as uow:
        assert mother == uow.people.adult(town.id("mother"))


def test_two_first_launches_at_once_are_one_adult(town: Town) -> None:
    """The later one loses the race, is repeated, and finds the first."""
    real, raced = town.store.write, []

    class Racing:
        site_id, read = town.store.site_id, town.store.read

        def write(self) -> Any:
            if not raced:
                raced.append(arrive(town.store, town.clock, _an_arrival(is_staff=True)))
                raise Conflict("identity", current=None, yours=None)
            return real()

    late = arrive(Racing(), town.clock, _an_arrival(is_staff=True))  # type: ignore[arg-type]

    assert [late] == raced
