"""What every RosterRepository does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict, IepError
from iepcore.ids import RosterFeedId, new_uuid7
from iepcore.people import (
    CourseStanding,
    DoubtState,
    EnrollmentState,
    PersonKind,
    RunState,
    Shortfall,
    ShortfallKind,
    UnreadRow,
)
from iepcore.ports import Store
from iepcore.testing import roster_values as r
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

HOUR = timedelta(hours=1)


class RostersContract(StoreFixtures):
    """Sources, their pulls, the courses that wait, who acts for whom, and doubts."""

    def test_feeds_come_back_in_the_order_they_were_connected(self, store: Store) -> None:
        """They are found by id and listed; a version that does not follow is a Conflict."""
        first, second = r.a_feed(), r.a_feed(connected_at=a.NOW + HOUR, name="Canvas", nightly=True)
        with store.write() as uow:
            uow.rosters.add_feed(second)
            uow.rosters.add_feed(first)
            uow.rosters.save_feed(replace(first, ended_at=a.NOW, version=2))
        with pytest.raises(Conflict), store.write() as uow:
            uow.rosters.save_feed(replace(first, version=2))
        with store.read() as uow:
            assert [replace(first, ended_at=a.NOW, version=2), second] == list(uow.rosters.feeds())
            assert second == uow.rosters.feed(second.id)
            assert uow.rosters.feed(RosterFeedId(new_uuid7())) is None

    def test_a_feed_has_one_open_pull(self, store: Store) -> None:
        """A second wish gets the pull that goes on; once that has ended it gets one of its own."""
        feed, other = r.a_feed(), r.a_feed(name="Other")
        first = r.a_run(feed)
        with store.write() as uow:
            for one in (feed, other):
                uow.rosters.add_feed(one)
            assert first == uow.rosters.add_run(first)
            assert first == uow.rosters.add_run(r.a_run(feed))
            theirs = uow.rosters.add_run(r.a_run(other, asked_at=a.NOW + HOUR))
        running = replace(first, state=RunState.RUNNING, lease_until=a.NOW + HOUR, version=2)
        ended = replace(running, state=RunState.DONE, done=3, of=3, ended_at=a.NOW, version=3)
        with store.write() as uow:
            uow.rosters.save_run(running)
            assert running == uow.rosters.add_run(r.a_run(feed))
            assert [running, theirs] == list(uow.rosters.open_runs())
            uow.rosters.save_run(ended)
            again = uow.rosters.add_run(r.a_run(feed, asked_at=a.NOW + HOUR))
        with pytest.raises(Conflict), store.write() as uow:
            uow.rosters.save_run(running)
        with store.read() as uow:
            assert [again, ended] == list(uow.rosters.runs_of(feed.id))
            assert [again] == list(uow.rosters.runs_of(feed.id, limit=1))
            assert ended == uow.rosters.run(first.id)

    def test_a_pull_needs_its_feed(self, store: Store) -> None:
        """A pull of a source that is not in the site is refused."""
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.rosters.add_run(r.a_run(r.a_feed()))

    def test_a_course_is_known_by_its_last_pull(self, store: Store) -> None:
        """Another pull of the same course takes the place of the one before; reasons come back."""
        feed = r.a_feed()
        run = r.a_run(feed)
        whole = r.a_course_state(run)
        lost = (Shortfall(kind=ShortfallKind.PAGES_LOST, code="timeout", count=2),)
        part = replace(whole, standing=CourseStanding.PARTIAL, shortfalls=lost, unread=3)
        elsewhere = r.a_course_state(run, context_id="course-2")
        with store.write() as uow:
            uow.rosters.add_feed(feed)
            uow.rosters.add_run(run)
            for state in (whole, elsewhere, part):
                uow.rosters.put_course(state)
        with store.read() as uow:
            assert [part, elsewhere] == list(uow.rosters.courses_of(feed.id))
            assert [] == list(uow.rosters.courses_of(r.a_feed().id))

    def test_what_waits_comes_back_as_it_was_read(self, store: Store) -> None:
        """A staged course is found by feed and course and by its pull, and goes alone or with the others."""
        feed = r.a_feed()
        run = r.a_run(feed)
        roster = r.a_roster(pupils=("one", "two"), teachers=("t",), guardians=[("mother", "one")])
        roster = replace(
            roster,
            enrollments=(
                *roster.enrollments,
                replace(
                    roster.enrollments[0],
                    state=EnrollmentState.ENDED,
                    begins_on=a.TODAY,
                    ends_on=a.TODAY,
                    role_label="TA",
                ),
            ),
            shortfalls=(Shortfall(kind=ShortfallKind.REFUSED),),
            unread=(UnreadRow(place="users.csv", line=3, code="field", fields=("email",)),),
        )
        first = r.a_staged_course(run, roster)
        second = r.a_staged_course(run, r.a_roster("course-2"))
        with store.write() as uow:
            uow.rosters.add_feed(feed)
            uow.rosters.add_run(run)
            for course in (second, r.a_staged_course(run, r.a_roster()), first):
                uow.rosters.stage(course)
        with store.read() as uow:
            assert first == uow.rosters.staged(feed.id, "course-1")
            assert uow.rosters.staged(feed.id, "course-3") is None
            assert [first, second] == list(uow.rosters.staged_of(run.id))
        with store.write() as uow:
            assert 1 == uow.rosters.drop_staged(feed.id, "course-2")
            assert [first] == list(uow.rosters.staged_of(run.id))
            assert 1 == uow.rosters.drop_staged(feed.id)
            assert [] == list(uow.rosters.staged_of(run.id))

    def test_only_a_whole_roster_ends_who_acts_for_whom(self, store: Store) -> None:
        """A part adds; the whole replaces what the course said before, and no other course's word."""
        mother, father = r.a_guardian("mother"), r.a_guardian("father")
        elsewhere = r.a_guardian("mother", context_id="course-2")
        with store.write() as uow:
            uow.rosters.replace_guardians("platform-1", "course-1", [mother], complete=True)
            uow.rosters.replace_guardians("platform-1", "course-2", [elsewhere], complete=True)
            uow.rosters.replace_guardians("platform-1", "course-1", [father], complete=False)
            assert [father, mother] == list(uow.rosters.guardians_in("platform-1", "course-1"))
            found = uow.rosters.guardians_of("platform-1", "pupil-1")
            assert {father, mother, elsewhere} == set(found)
            uow.rosters.replace_guardians("platform-1", "course-1", [father], complete=True)
        with store.read() as uow:
            assert {father, elsewhere} == set(uow.rosters.guardians_of("platform-1", "pupil-1"))
            assert [] == list(uow.rosters.guardians_of("platform-2", "pupil-1"))

    def test_the_same_doubt_is_raised_once(self, store: Store, room: a.Classroom) -> None:
        """A second one about the same line and person is the first; its answer is guarded by version."""
        doubt = r.a_doubt(room.student.id)
        adult = r.a_doubt(room.mother.id, kind=PersonKind.ADULT, raised_at=a.NOW + HOUR)
        with store.write() as uow:
            assert doubt == uow.rosters.add_doubt(doubt)
            assert doubt == uow.rosters.add_doubt(r.a_doubt(room.student.id, reason="kind_unclear"))
            uow.rosters.add_doubt(adult)
        same = replace(doubt, state=DoubtState.SAME, decided_by=room.teacher.id, decided_at=a.NOW, version=2)
        with store.write() as uow:
            uow.rosters.save_doubt(same)
        with pytest.raises(Conflict), store.write() as uow:
            uow.rosters.save_doubt(replace(doubt, state=DoubtState.OTHER, version=2))
        with store.read() as uow:
            assert [same, adult] == list(uow.rosters.doubts())
            assert same == uow.rosters.doubt(doubt.id)

    def test_a_subject_can_be_taken_back(self, store: Store, room: a.Classroom) -> None:
        """One identity goes; the person's others, and the same subject elsewhere, stay."""
        first = a.an_identity(room.teacher.id, subject="one")
        second = a.an_identity(room.teacher.id, subject="two")
        with store.write() as uow:
            for identity in (first, second):
                uow.people.add_identity(identity)
            uow.rosters.drop_identity(first.source, "one")
            uow.rosters.drop_identity("elsewhere", "two")
        with store.read() as uow:
            assert [second] == list(uow.people.identities_of(room.teacher.id))
            assert [second] == list(uow.rosters.all_identities())

    def test_a_record_that_was_just_opened_can_be_taken_back(self, store: Store, room: a.Classroom) -> None:
        """The student, its account and its place go, its line of the address book stays; a record on which
        something hangs is refused, and stays whole."""
        fresh = a.a_student()
        line = a.a_member("fresh")
        pupil = a.an_identity(fresh.id, kind=PersonKind.STUDENT, subject="fresh")
        with store.write() as uow:
            uow.people.add_student(fresh)
            uow.people.add_identity(pupil)
            uow.people.add_assignment(a.an_assignment(fresh.id, room.teacher.id))
            uow.people.save_roster("platform-1", "course-1", [line], complete=True)
        with store.write() as uow:
            uow.rosters.unopen(fresh.id)
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.rosters.unopen(room.student.id)  # she has a goal
        with store.read() as uow:
            assert uow.people.student(fresh.id) is None
            assert uow.people.identity("platform-1", "fresh") is None
            assert [] == list(uow.people.assignments_of_student(fresh.id))
            assert [line] == list(uow.people.roster("platform-1", "course-1"))
            assert room.student == uow.people.student(room.student.id)

    def test_an_erased_child_is_in_no_roster_that_waits(self, store: Store, room: a.Classroom) -> None:
        """Erasure takes the child out of staged courses, hints and doubts; the other pupils stay there."""
        feed = r.a_feed(source="platform-1")
        run = r.a_run(feed)
        pupil = a.an_identity(room.student.id, kind=PersonKind.STUDENT, subject="pupil-1")
        roster = r.a_roster(pupils=("pupil-1", "pupil-2"), guardians=[("parent-1", "pupil-1")])
        elsewhere = a.an_identity(
            room.student.id, kind=PersonKind.STUDENT, source="platform-2", subject="pupil-2"
        )
        others_room = r.a_staged_course(run, r.a_roster("course-2", pupils=("pupil-3",)))
        with store.write() as uow:
            uow.people.add_identity(pupil)
            uow.people.add_identity(elsewhere)
            uow.rosters.add_feed(feed)
            uow.rosters.add_run(run)
            uow.rosters.stage(r.a_staged_course(run, roster))
            uow.rosters.stage(others_room)
            hints = [r.a_guardian(), r.a_guardian(pupil="pupil-2")]
            uow.rosters.replace_guardians("platform-1", "course-1", hints, complete=True)
            uow.rosters.add_doubt(r.a_doubt(room.student.id))
        with store.write() as uow:
            removed = uow.archive.erase_student(room.student.id)
        assert (1, 1, 1) == tuple(removed[one] for one in ("staged_course", "guardian_hint", "match_doubt"))
        with store.read() as uow:
            staged = uow.rosters.staged(feed.id, "course-1")
            assert others_room == uow.rosters.staged(feed.id, "course-2")
            assert staged is not None
            assert {"pupil-2", "parent-1"} == {one.subject for one in staged.roster.people}
            assert (1, 0) == (len(staged.roster.enrollments), len(staged.roster.guardians))
            assert [hints[1]] == list(uow.rosters.guardians_in("platform-1", "course-1"))
            assert [] == list(uow.rosters.doubts())
