"""Pulling rosters as a job: preview, resumption, faults, who left, and that nobody gets a right by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from iepcore.access import System
from iepcore.caseload import ROSTERS, Caseload, PullingDesk
from iepcore.errors import Busy, ConnectorError, IllegalMove, NotFound, NotPermitted
from iepcore.ids import RosterFeedId
from iepcore.people import (
    CourseList,
    CourseListing,
    CourseRoster,
    CourseStanding,
    DoubtState,
    PullProgress,
    RosterPerson,
    RosterRun,
    RunState,
    Shortfall,
    ShortfallKind,
)
from iepcore.ports import Tell
from iepcore.testing.roster_values import a_roster
from tests.unit.caseload.town import Town

SIS = "sis-1"
PART = (Shortfall(kind=ShortfallKind.PAGES_LOST),)


@dataclass
class ListedSource:
    """A source whose courses a test writes down. ``break_at``: before which course it falls silent."""

    courses_now: list[CourseRoster] = field(default_factory=list)
    list_complete: bool = True
    break_at: str = ""
    asked: list[str] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def source(self) -> str:
        return SIS

    def courses(self) -> CourseList:
        listed = tuple(one.course for one in self.courses_now)
        return CourseList(courses=listed, shortfalls=() if self.list_complete else PART)

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        wanted = {one.id for one in courses}
        done = 0
        for roster in self.courses_now:
            if roster.course.id not in wanted:
                continue
            if roster.course.id == self.break_at:
                raise self.error or ConnectorError("no_answer")
            self.asked.append(roster.course.id)
            done += 1
            if tell is not None:
                tell(PullProgress(done=done, of=len(courses), pages=done, rows=done * 10))
            yield roster


def _job(town: Town) -> PullingDesk:
    return Caseload(town.store, System(job=ROSTERS), town.clock, town.policy).pulling


def _connect(town: Town, *, accepted: bool = True) -> RosterFeedId:
    desk = town.caseload("officer").rosters
    feed_id = desk.connect("listed", "Student system", SIS)
    if accepted:
        with town.store.write() as uow:
            feed = uow.rosters.feed(feed_id)
            assert feed is not None
            uow.rosters.save_feed(replace(feed, accepted_at=town.clock.now(), version=2))
    return feed_id


def _pull(town: Town, source: ListedSource, feed_id: RosterFeedId | None = None) -> RosterRun:
    if feed_id is not None:
        town.caseload("officer").rosters.ask(feed_id)
    claimed = _job(town).claim()
    assert claimed is not None
    return _job(town).carry_out(*claimed, source)


def _active(town: Town, course: str = "course-1") -> set[str]:
    with town.store.read() as uow:
        return {one.subject for one in uow.people.roster(SIS, course) if one.active}


def test_the_first_pull_is_a_preview(town: Town) -> None:
    """Nothing enters the address book before a person says yes; then it is taken in without reading again."""
    feed_id = _connect(town, accepted=False)
    source = ListedSource([a_roster(pupils=("ana", "ben"), teachers=("tom",)), a_roster("course-2")])
    run = _pull(town, source, feed_id)

    assert RunState.WAITING == run.state
    assert set() == _active(town)
    officer = town.caseload("officer").rosters
    page = officer.feed(feed_id)
    assert {"Ana", "Ben", "Tom"} == {one.name for one in page.previews[0].came}
    assert {CourseStanding.STAGED} == {one.standing for one in page.courses}
    assert _job(town).claim() is None  # it waits for a person

    officer.accept(feed_id)
    done = _pull(town, ListedSource())
    assert (RunState.DONE, 2, 2) == (done.state, done.done, done.of)
    assert {"ana", "ben", "tom"} == _active(town)
    assert ["course-1", "course-2"] == source.asked
    with town.store.read() as uow:
        assert [] == list(uow.rosters.staged_of(run.id))
    with pytest.raises(IllegalMove, match="no_preview"):
        officer.accept(feed_id)


def test_a_preview_that_is_declined_leaves_nothing(town: Town) -> None:
    """No line, nothing staged; the next wish is a preview again. An administrator sees no names in it."""
    feed_id = _connect(town, accepted=False)
    source = ListedSource([a_roster(pupils=("ana",))])
    _pull(town, source, feed_id)
    assert () == town.caseload("installer").rosters.feed(feed_id).previews[0].came
    town.caseload("officer").rosters.decline(feed_id)

    assert set() == _active(town)
    assert () == town.caseload("officer").rosters.feed(feed_id).previews
    assert RunState.WAITING == _pull(town, source, feed_id).state
    town.caseload("officer").rosters.decline(feed_id)
    with pytest.raises(IllegalMove, match="no_preview"):
        town.caseload("officer").rosters.decline(feed_id)


def test_a_preview_nobody_decides_about_is_forgotten(town: Town) -> None:
    """After a week what lay ready is gone, and the pull says why."""
    feed_id = _connect(town, accepted=False)
    run = _pull(town, ListedSource([a_roster(pupils=("ana",))]), feed_id)
    town.clock.forward(days=8)
    assert _job(town).claim() is None
    with town.store.read() as uow:
        found = uow.rosters.run(run.id)
        assert found is not None
        assert (RunState.DECLINED, "nobody_decided") == (found.state, found.reason)
        assert [] == list(uow.rosters.staged_of(run.id))


def test_a_pull_that_breaks_off_goes_on_where_it_stopped(town: Town) -> None:
    """The courses that are done stay done and are not read again when a worker died in between."""
    feed_id = _connect(town)
    courses = [a_roster(f"course-{number}", pupils=(f"p{number}",)) for number in range(4)]
    town.caseload("officer").rosters.ask(feed_id)
    claimed = _job(town).claim()
    assert claimed is not None
    with pytest.raises(KeyboardInterrupt):  # the process ends here
        _job(town).carry_out(*claimed, ListedSource(courses, break_at="course-2", error=KeyboardInterrupt()))
    assert _job(town).claim() is None  # its lease lasts
    town.clock.forward(minutes=4)

    source = ListedSource(courses)
    done = _pull(town, source)
    assert ["course-2", "course-3"] == source.asked
    assert (RunState.DONE, 4, 4, 2) == (done.state, done.done, done.of, done.tries)
    assert claimed[1].id == done.id


def test_what_the_source_refuses_is_told_and_the_rest_stays(town: Town) -> None:
    """A fault that concerns all courses ends the pull with its code; courses before it are kept."""
    feed_id = _connect(town)
    courses = [a_roster("course-1", pupils=("ana",)), a_roster("course-2", pupils=("ben",))]
    run = _pull(town, ListedSource(courses, break_at="course-2"), feed_id)

    assert (RunState.FAILED, "no_answer", 1) == (run.state, run.reason, run.done)
    assert {"ana"} == _active(town)
    nobody = _job(town)
    town.caseload("officer").rosters.ask(feed_id)
    claimed = nobody.claim()
    assert claimed is not None
    assert (RunState.FAILED, "no_source") == (
        (ended := nobody.carry_out(*claimed, None)).state,
        ended.reason,
    )


def test_a_full_disk_leaves_no_half_course(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A course whose transaction cannot be written leaves none of its lines; the pull says what to do."""
    feed_id = _connect(town)
    courses = [a_roster("course-1", pupils=("ana",)), a_roster("course-2", pupils=("ben", "cleo"))]
    town.caseload("officer").rosters.ask(feed_id)
    claimed = _job(town).claim()
    assert claimed is not None
    from iepcore.memory.rosters import MemoryRosters

    kept = MemoryRosters.put_course

    def put_course(self: MemoryRosters, state: object) -> None:
        if state.context_id == "course-2":  # type: ignore[attr-defined]
            raise Busy("store_full")
        kept(self, state)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(MemoryRosters, "put_course", put_course)
        run = _job(town).carry_out(*claimed, ListedSource(courses))

    assert (RunState.INTERRUPTED, "store_full", 1) == (run.state, run.reason, run.done)
    assert ({"ana"}, set()) == (_active(town), _active(town, "course-2"))
    assert RunState.DONE == _pull(town, ListedSource(courses), feed_id).state
    assert {"ben", "cleo"} == _active(town, "course-2")


def test_three_beginnings_without_an_end_are_enough(town: Town) -> None:
    """A pull that kills its worker each time is marked as interrupted."""
    feed_id = _connect(town)
    town.caseload("officer").rosters.ask(feed_id)
    for _ in range(3):
        assert _job(town).claim() is not None
        town.clock.forward(minutes=4)
    assert _job(town).claim() is None
    page = town.caseload("officer").rosters.feed(feed_id)
    assert (RunState.INTERRUPTED, "began_three_times") == (page.runs[0].state, page.runs[0].reason)


def test_a_pull_that_somebody_stops_ends(town: Town) -> None:
    """The worker notices with its next course; what it had in hand is not kept."""
    feed_id = _connect(town)
    officer = town.caseload("officer").rosters
    officer.ask(feed_id)
    claimed = _job(town).claim()
    assert claimed is not None
    officer.stop(feed_id)
    assert RunState.RUNNING == _job(town).carry_out(*claimed, ListedSource([a_roster(pupils=("ana",))])).state
    assert set() == _active(town)
    run = officer.feed(feed_id).runs[0]
    assert (RunState.INTERRUPTED, "stopped_by_person") == (run.state, run.reason)
    officer.stop(feed_id)  # nothing goes on any more


def test_many_who_leave_at_once_are_a_question(town: Town) -> None:
    """More than half missing changes nothing before a person says so; a part makes nobody leave."""
    feed_id = _connect(town)
    pupils = ("ana", "ben", "cleo", "dov", "eve")
    _pull(town, ListedSource([a_roster(pupils=pupils)]), feed_id)
    _pull(town, ListedSource([a_roster(pupils=("ana",), shortfalls=PART)]), feed_id)
    assert set(pupils) == _active(town)
    _pull(town, ListedSource([a_roster(pupils=("ana",))]), feed_id)
    assert set(pupils) == _active(town)

    officer = town.caseload("officer").rosters
    held = officer.feed(feed_id).held
    assert {"Ben", "Cleo", "Dov", "Eve"} == {one.name for one in held[0].left}
    officer.settle(feed_id, "course-1", left=False)
    assert set(pupils) == _active(town)
    with pytest.raises(NotFound):
        officer.settle(feed_id, "course-1", left=True)
    _pull(town, ListedSource([a_roster(pupils=("ana",))]), feed_id)
    officer.settle(feed_id, "course-1", left=True)
    assert {"ana"} == _active(town)


def test_a_course_that_is_listed_no_more_loses_its_people(town: Town) -> None:
    """Only where the list of courses is whole, and without a question unless most courses vanish at once."""
    feed_id = _connect(town)
    courses = [a_roster(f"course-{number}", pupils=("a", "b", "c")) for number in range(6)]
    _pull(town, ListedSource(courses), feed_id)
    _pull(town, ListedSource(courses[1:], list_complete=False), feed_id)
    assert {"a", "b", "c"} == _active(town, "course-0")
    _pull(town, ListedSource(courses[1:]), feed_id)
    assert set() == _active(town, "course-0")
    _pull(town, ListedSource(courses[5:]), feed_id)
    assert {"a", "b", "c"} == _active(town, "course-1")
    states = {one.context_id: one.standing for one in town.caseload("officer").rosters.feed(feed_id).courses}
    assert (CourseStanding.GONE, CourseStanding.HELD, CourseStanding.WHOLE) == (
        states["course-0"],
        states["course-1"],
        states["course-5"],
    )


def test_a_night_pull_is_due_once_a_night(town: Town) -> None:
    """After two in the school's own night; not for a source that nobody said yes to, nor one switched off."""
    feed_id = _connect(town)
    source = ListedSource([a_roster(pupils=("ana",))])
    assert RunState.DONE == _pull(town, source).state  # never pulled: due
    assert _job(town).claim() is None
    town.clock.forward(hours=13)  # one in the morning
    assert _job(town).claim() is None
    town.clock.forward(hours=2)
    assert RunState.DONE == _pull(town, source).state
    assert _job(town).claim() is None
    town.caseload("officer").rosters.set_nightly(feed_id, on=False)
    town.clock.forward(hours=24)
    assert _job(town).claim() is None


def test_progress_is_written_down_while_a_pull_goes_on(town: Town) -> None:
    """What the source tells stands in the pull, at most once a second."""
    feed_id = _connect(town)

    class Slow(ListedSource):
        def rosters(self, courses, *, tell=None):  # type: ignore[no-untyped-def]
            for roster in super().rosters(courses, tell=tell):
                town.clock.forward(seconds=2)
                yield roster

    run = _pull(town, Slow([a_roster(f"course-{n}", pupils=("a",)) for n in range(3)]), feed_id)
    assert (3, 3) == (run.done, run.of)
    assert (3, 30) == (run.pages, run.rows)


def test_a_file_is_laid_ready_and_taken_in_by_the_job(town: Town) -> None:
    """A first file is a preview; a newer one is taken in, and who is not in it any more has left."""
    feed_id = _connect(town, accepted=False)
    officer = town.caseload("officer").rosters
    first = [a_roster("course-1", pupils=("ana",)), a_roster("course-2", pupils=("ben",))]
    assert RunState.WAITING == officer.bring(feed_id, ListedSource(first)).state
    with pytest.raises(IllegalMove, match="pull_open"):
        officer.bring(feed_id, ListedSource(first))
    officer.accept(feed_id)
    assert RunState.DONE == _pull(town, ListedSource()).state
    assert ({"ana"}, {"ben"}) == (_active(town), _active(town, "course-2"))

    officer.bring(feed_id, ListedSource([a_roster("course-1", pupils=("ana", "cleo"))]))
    assert RunState.DONE == _pull(town, ListedSource()).state
    assert ({"ana", "cleo"}, set()) == (_active(town), _active(town, "course-2"))


def test_a_roster_opens_no_record(town: Town) -> None:
    """A teacher, a helper and a parent who stand in every roster with Maya reach nothing of hers by it."""
    feed_id = _connect(town)
    roster = a_roster(
        pupils=("maya-sis",),
        teachers=("stranger", "t2"),
        helpers=("opener",),
        guardians=[("ivos_mother", "maya-sis")],
    )
    with town.store.write() as uow:
        from iepcore.people import Identity, PersonKind

        for name in ("stranger", "opener", "ivos_mother"):
            uow.people.add_identity(
                Identity(source=SIS, subject=name, kind=PersonKind.ADULT, person_id=town.id(name))
            )
        uow.people.add_identity(
            Identity(source=SIS, subject="maya-sis", kind=PersonKind.STUDENT, person_id=town.maya.id)
        )
    _pull(town, ListedSource([roster]), feed_id)
    for name in ("stranger", "opener", "ivos_mother"):
        caseload = town.caseload(name)
        with pytest.raises(NotPermitted):
            caseload.goals.student(town.maya.id)
        with pytest.raises(NotPermitted):
            caseload.families.view(town.maya.id)
        assert () == caseload.today.page().children or name == "ivos_mother"
    found = town.caseload("manager").families.view(town.maya.id).candidates
    assert ["ivos_mother"] == [one.member.subject for one in found if one.linked]


def test_only_an_officer_or_administrator_looks_after_sources(town: Town) -> None:
    """Everybody else is refused, whatever they do."""
    feed_id = _connect(town)
    for name in ("manager", "opener", "general", "mother", "interpreter", "stranger"):
        desk = town.caseload(name).rosters
        assert not desk.may_look()
        for call in (
            desk.feeds,
            lambda desk=desk: desk.feed(feed_id),
            lambda desk=desk: desk.ask(feed_id),
            lambda desk=desk: desk.connect("x", "X", "x"),
        ):
            with pytest.raises(NotPermitted):
                call()
    assert town.caseload("installer").rosters.may_look()


def _with_number(subject: str, number: str, **changes: object) -> RosterPerson:
    return RosterPerson(subject=subject, name=subject.title(), sis_id=number, **changes)  # type: ignore[arg-type]


def test_the_schools_number_ties_a_pupil_and_asks_about_an_adult(town: Town) -> None:
    """Maya's second account is hers at once; her teacher's waits for a person, who may take it back."""
    town.enrol("maya", sis_id="0042")
    town.enrol("general", standing=_teacher(), sis_id="T7")
    feed_id = _connect(town)
    roster = replace(
        a_roster(pupils=("m-1",), teachers=("t-1",)),
        people=(_with_number("m-1", "0042"), _with_number("t-1", "T7")),
    )
    _pull(town, ListedSource([roster]), feed_id)
    with town.store.read() as uow:
        known = uow.people.identity(SIS, "m-1")
        assert known is not None
        assert town.maya.id == known.person_id
        assert uow.people.identity(SIS, "t-1") is None

    doubts = town.caseload("officer").doubts
    row = doubts.of_adults()[0]
    assert ("sure_adult", "General Person") == (row.doubt.reason, row.name)
    assert () == town.caseload("manager").doubts.of_adults()
    doubts.decide(row.doubt.id, DoubtState.LATER)
    assert [row.doubt.id] == [one.doubt.id for one in doubts.of_adults()]
    doubts.decide(row.doubt.id, DoubtState.SAME)
    doubts.decide(row.doubt.id, DoubtState.SAME)
    assert () == doubts.of_adults()
    with town.store.read() as uow:
        assert uow.people.identity(SIS, "t-1") is not None
    doubts.decide(row.doubt.id, DoubtState.OPEN)
    with town.store.read() as uow:
        assert uow.people.identity(SIS, "t-1") is None
    with pytest.raises(IllegalMove, match="own_confirmation"):
        _doubt_about_officer(town)


def _doubt_about_officer(town: Town) -> None:
    from iepcore.people import PersonKind
    from iepcore.testing.roster_values import a_doubt

    doubt = a_doubt(town.id("officer"), kind=PersonKind.ADULT)
    with town.store.write() as uow:
        uow.rosters.add_doubt(doubt)
    town.caseload("officer").doubts.decide(doubt.id, DoubtState.SAME)


def _teacher():  # type: ignore[no-untyped-def]
    from iepcore.people import RosterStanding

    return RosterStanding.TEACHER


def test_a_question_about_a_pupil_is_asked_of_her_manager_only(town: Town) -> None:
    """Whether a pupil has a record is confidential: an officer sees no such question, nor may answer it."""
    town.enrol("maya", sis_id="0042")
    feed_id = _connect(town)
    twice = replace(
        a_roster(pupils=("m-1", "m-2")),
        people=(_with_number("m-1", "0042"), _with_number("m-2", "0042")),
    )
    _pull(town, ListedSource([twice]), feed_id)
    assert () == town.caseload("officer").doubts.of_adults()
    rows = town.caseload("manager").doubts.of_pupils()
    assert ["Mayabel Quill"] * 2 == [one.name for one in rows]
    assert () == town.caseload("ivos_teacher").doubts.of_pupils()
    with pytest.raises(NotPermitted):
        town.caseload("officer").doubts.decide(rows[0].doubt.id, DoubtState.SAME)
    town.caseload("manager").doubts.decide(rows[0].doubt.id, DoubtState.OTHER)
    assert 1 == len(town.caseload("manager").doubts.of_pupils())
    with pytest.raises(NotFound):
        town.caseload("manager").doubts.decide(_unknown(), DoubtState.SAME)


def _unknown():  # type: ignore[no-untyped-def]
    from iepcore.ids import MatchDoubtId, new_uuid7

    return MatchDoubtId(new_uuid7())


def test_an_account_of_somebody_else_is_not_taken(town: Town) -> None:
    """A "same" about an account that is another's by now is refused."""
    from iepcore.people import PersonKind
    from iepcore.testing.roster_values import a_doubt

    doubt = a_doubt(town.id("general"), kind=PersonKind.ADULT, source="platform-1", subject="therapist")
    with town.store.write() as uow:
        uow.rosters.add_doubt(doubt)
    assert () == town.caseload("officer").doubts.of_adults()
    with pytest.raises(IllegalMove, match="account_taken"):
        town.caseload("officer").doubts.decide(doubt.id, DoubtState.SAME)


def test_connecting_the_same_source_twice_is_one(town: Town) -> None:
    """A second wish for the same kind and source finds the first; an unknown one is not found."""
    first = _connect(town)
    officer = town.caseload("officer").rosters
    assert first == officer.connect("listed", "Again", SIS)
    assert [first] == [one.feed.id for one in officer.feeds()]
    with pytest.raises(NotFound):
        officer.feed(RosterFeedId(town.maya.id))
    run = officer.ask(first)
    assert run == officer.ask(first)
    assert run == officer.feed(first).open_run
    assert timedelta(0) == run.asked_at - town.clock.now()
