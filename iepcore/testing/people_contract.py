"""What every PeopleRepository does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict, IepError, NotFound
from iepcore.ids import AdultId, RosterMemberId, StudentId, new_uuid7
from iepcore.people import PersonKind, SiteRole
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures


class PeopleContract(StoreFixtures):
    """Students, adults, rights, teams, identities and the address book."""

    def test_people_come_back_as_they_were_given(self, store: Store) -> None:
        """A student and an adult come back equal, by id and in a list; strangers are None or left out."""
        student, adult = a.a_student(), a.an_adult()
        with store.write() as uow:
            uow.people.add_student(student)
            uow.people.add_adult(adult)
        stranger = new_uuid7()
        with store.read() as uow:
            people = uow.people
            assert student == people.student(student.id)
            assert adult == people.adult(adult.id)
            assert [student] == list(people.students([student.id, StudentId(stranger)]))
            assert [adult] == list(people.adults([adult.id, AdultId(stranger)]))
            assert [adult] == list(people.all_adults())
            assert (None, None) == (people.student(StudentId(stranger)), people.adult(AdultId(stranger)))
            assert ([], []) == (list(people.students([])), list(people.adults([])))

    def test_versions_follow_each_other(self, store: Store) -> None:
        """Version 2 goes over 1; another 2 is a Conflict that carries both; an unknown one is NotFound."""
        first = a.an_adult()
        mine, theirs = (replace(first, name=name, version=2) for name in ("Mine", "Theirs"))
        with store.write() as uow:
            uow.people.add_adult(first)
            uow.people.save_adult(theirs)
        with pytest.raises(Conflict) as caught, store.write() as uow:
            uow.people.save_adult(mine)
        assert (theirs, mine) == (caught.value.current, caught.value.yours)
        with pytest.raises(NotFound), store.write() as uow:
            uow.people.save_adult(a.an_adult(version=2))
        with store.read() as uow:
            assert theirs == uow.people.adult(first.id)

    def test_every_versioned_value_of_a_team_is_guarded(self, store: Store, room: a.Classroom) -> None:
        """Students, relationships and assignments refuse a version that does not follow."""
        bond = a.a_relationship(room.student.id, room.mother.id)
        place = a.an_assignment(room.student.id, room.teacher.id)
        with store.write() as uow:
            uow.people.add_relationship(bond)
            uow.people.add_assignment(place)
        with store.write() as uow:
            uow.people.save_student(replace(room.student, grade="4", version=2))
            uow.people.save_relationship(replace(bond, may_decide=False, version=2))
            uow.people.save_assignment(replace(place, ends_on=a.TODAY, version=2))
        with store.write() as uow:
            with pytest.raises(Conflict):
                uow.people.save_student(replace(room.student, version=2))
            with pytest.raises(Conflict):
                uow.people.save_relationship(replace(bond, version=4))
            with pytest.raises(Conflict):
                uow.people.save_assignment(replace(place, version=1))

    def test_a_team_is_found_from_both_ends(self, store: Store, room: a.Classroom) -> None:
        """Relationships and assignments are found by child and by adult, and by nobody else."""
        bond = a.a_relationship(room.student.id, room.mother.id)
        place = a.an_assignment(room.student.id, room.teacher.id)
        other = a.a_student()
        with store.write() as uow:
            uow.people.add_student(other)
            uow.people.add_relationship(bond)
            uow.people.add_assignment(place)
        with store.read() as uow:
            people = uow.people
            assert [bond] == list(people.relationships_of_student(room.student.id))
            assert [bond] == list(people.relationships_of_students([room.student.id, other.id]))
            assert [bond] == list(people.relationships_of_adult(room.mother.id))
            assert [] == list(people.relationships_of_student(other.id))
            assert [place] == list(people.assignments_of_student(room.student.id))
            assert [place] == list(people.assignments_of_adult(room.teacher.id))
            assert [] == list(people.assignments_of_adult(room.mother.id))

    def test_windows_are_found_from_both_ends_and_guarded(self, store: Store, room: a.Classroom) -> None:
        """By child in the order they open, by adult, by nobody else; a stale end of one is refused."""
        first = a.a_window(room.student.id, room.mother.id)
        later = a.a_window(room.student.id, room.teacher.id, opens_at=first.opens_at + timedelta(minutes=5))
        with store.write() as uow:
            uow.people.add_window(later)
            uow.people.add_window(first)
        ended = replace(first, ended_at=first.closes_at, version=2)
        with store.write() as uow:
            uow.people.save_window(ended)
        with store.read() as uow:
            assert [ended, later] == list(uow.people.windows_of_student(room.student.id))
            assert [ended] == list(uow.people.windows_of_adult(room.mother.id))
            assert [] == list(uow.people.windows_of_adult(AdultId(new_uuid7())))
        with pytest.raises(Conflict), store.write() as uow:
            uow.people.save_window(ended)

    def test_transfer_is_noted_once_per_version(self, store: Store, room: a.Classroom) -> None:
        """The first is version 1, each later one follows; the same number again is a conflict with both."""
        first = a.a_transfer(room.student.id, room.teacher.id)
        with store.write() as uow:
            uow.people.put_transfer(first)
        with pytest.raises(Conflict), store.write() as uow:
            uow.people.put_transfer(replace(first, parents_may_write=True))
        told = replace(first, student_told_on=a.TODAY, version=2)
        with store.write() as uow:
            uow.people.put_transfer(told)
        with pytest.raises(Conflict), store.write() as uow:
            uow.people.put_transfer(replace(told, basis="Another"))
        with store.read() as uow:
            assert [told] == list(uow.people.transfers_of([room.student.id]))
            assert [] == list(uow.people.transfers_of([StudentId(new_uuid7())]))

    def test_a_right_needs_its_people(self, store: Store, room: a.Classroom) -> None:
        """A relationship or place of somebody who is not in the site is refused."""
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.people.add_relationship(a.a_relationship(room.student.id, AdultId(new_uuid7())))
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.people.add_assignment(a.an_assignment(StudentId(new_uuid7()), room.teacher.id))

    def test_an_appointment_is_replaced_to_end_it(self, store: Store, room: a.Classroom) -> None:
        """The same adult, role and first day is the same appointment; another role is another."""
        held = a.an_appointment(room.teacher.id)
        ended = replace(held, ends_on=a.TODAY)
        other = a.an_appointment(room.teacher.id, role=SiteRole.INTERPRETER)
        with store.write() as uow:
            for appointment in (held, other, ended):
                uow.people.add_appointment(appointment)
        with store.read() as uow:
            assert {ended, other} == set(uow.people.appointments())
            assert {ended, other} == set(uow.people.appointments_of_adult(room.teacher.id))
            assert [] == list(uow.people.appointments_of_adult(room.mother.id))

    def test_a_subject_belongs_to_one_person(self, store: Store, room: a.Classroom) -> None:
        """The same identity twice is harmless; the subject of somebody else is a Conflict."""
        known = a.an_identity(room.teacher.id)
        pupil = a.an_identity(room.student.id, kind=PersonKind.STUDENT, source="platform-2")
        with store.write() as uow:
            for identity in (known, known, pupil):
                uow.people.add_identity(identity)
        with pytest.raises(Conflict), store.write() as uow:
            uow.people.add_identity(replace(known, person_id=room.mother.id))
        with store.read() as uow:
            people = uow.people
            assert known == people.identity(known.source, known.subject)
            assert people.identity("platform-2", known.subject) is None
            assert [known] == list(people.identities_of(room.teacher.id))
            assert [pupil] == list(people.identities_of_source("platform-2"))

    def test_a_roster_keeps_ids_and_a_complete_pull_marks_who_left(self, store: Store) -> None:
        """Members keep their ids; those missing from a complete pull are inactive, from a partial one not."""
        first, second = a.a_member("one"), a.a_member("two")
        elsewhere = a.a_member("one", context_id="course-2")
        with store.write() as uow:
            uow.people.save_roster("platform-1", "course-1", [first, second], complete=True)
            uow.people.save_roster("platform-1", "course-2", [elsewhere], complete=True)
        renamed = a.a_member("one", name="Maya E.")
        with store.write() as uow:
            uow.people.save_roster("platform-1", "course-1", [renamed], complete=False)
        kept = replace(renamed, id=first.id)
        with store.read() as uow:
            assert {kept, second} == set(uow.people.roster("platform-1", "course-1"))
            assert {kept, second, elsewhere} == set(uow.people.roster("platform-1"))
            assert [] == list(uow.people.roster("platform-9"))
        with store.write() as uow:
            uow.people.save_roster("platform-1", "course-1", [renamed], complete=True)
        with store.read() as uow:
            gone = replace(second, active=False)
            assert {kept, gone, elsewhere} == set(uow.people.roster("platform-1"))
            assert gone == uow.people.roster_member(second.id)
            assert uow.people.roster_member(RosterMemberId(new_uuid7())) is None

    def test_hints_are_replaced_at_the_next_launch_and_expire(self, store: Store) -> None:
        """An observer's new launch replaces their old hints, nobody else's; an old hint is not given."""
        later = a.a_hint(pupil="two", expires_at=a.NOW + timedelta(hours=30))
        other = a.a_hint("parent-2", "one")
        with store.write() as uow:
            uow.people.replace_hints("platform-1", "parent-1", [a.a_hint(pupil="one"), later])
            uow.people.replace_hints("platform-1", "parent-2", [other])
            uow.people.replace_hints("platform-1", "parent-1", [later, later])
        with store.read() as uow:
            people = uow.people
            assert [other] == list(people.hints_of_pupil("platform-1", "one", at=a.NOW))
            assert [later] == list(people.hints_of_pupil("platform-1", "two", at=a.NOW))
            assert [] == list(people.hints_of_pupil("platform-1", "one", at=other.expires_at))
            assert [] == list(people.hints_of_pupil("platform-2", "two", at=a.NOW))
            assert [later] == list(people.hints_of_observer("platform-1", "parent-1"))
            assert [other] == list(people.hints_of_observer("platform-1", "parent-2"))
            assert [] == list(people.hints_of_observer("platform-2", "parent-1"))
