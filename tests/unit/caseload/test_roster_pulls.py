"""Pulling rosters as a job: preview, resumption, faults, who left, and that nobody gets a right by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from iepcore.errors import Busy, IllegalMove, NotFound, NotPermitted
from iepcore.ids import RosterFeedId
from iepcore.people import (
    CourseStanding,
    RunState,
    Shortfall,
    ShortfallKind,
)
from iepcore.testing import ListedSource
from iepcore.testing.roster_values import a_roster
from tests.unit.caseload.pulls import SIS, active, connect, job, pull
from tests.unit.caseload.town import Town

PART = (Shortfall(kind=ShortfallKind.PAGES_LOST),)


def test_the_first_pull_is_a_preview(town: Town) -> None:
    """Nothing enters the address book before a person says yes; then it is taken in without reading again."""
    feed_id = connect(town, accepted=False)
    source = ListedSource([a_roster(pupils=("ana", "ben"), teachers=("tom",)), a_roster("course-2")])
    run = pull(town, source, feed_id)

    assert RunState.WAITING == run.state
    assert set() == active(town)
    officer = town.caseload("officer").rosters
    page = officer.feed(feed_id)
    assert {"Ana", "Ben", "Tom"} == {one.name for one in page.previews[0].came}
    assert {CourseStanding.STAGED} == {one.standing for one in page.courses}
    assert job(town).claim() is None  # it waits for a person

    officer.accept(feed_id)
    done = pull(town, ListedSource())
    assert (RunState.DONE, 2, 2) == (done.state, done.done, done.of)
    assert {"ana", "ben", "tom"} == active(town)
    assert ["course-1", "course-2"] == source.asked
    with town.store.read() as uow:
        assert [] == list(uow.rosters.staged_of(run.id))
    with pytest.raises(IllegalMove, match="no_preview"):
        officer.accept(feed_id)


def test_a_preview_that_is_declined_leaves_nothing(town: Town) -> None:
    """No line, nothing staged; the next wish is a preview again. An administrator sees no names in it."""
    feed_id = connect(town, accepted=False)
    source = ListedSource([a_roster(pupils=("ana",))])
    pull(town, source, feed_id)
    assert () == town.caseload("installer").rosters.feed(feed_id).previews[0].came
    town.caseload("officer").rosters.decline(feed_id)

    assert set() == active(town)
    assert () == town.caseload("officer").rosters.feed(feed_id).previews
    assert RunState.WAITING == pull(town, source, feed_id).state
    town.caseload("officer").rosters.decline(feed_id)
    with pytest.raises(IllegalMove, match="no_preview"):
        town.caseload("officer").rosters.decline(feed_id)


def test_a_preview_nobody_decides_about_is_forgotten(town: Town) -> None:
    """After a week what lay ready is gone, and the pull says why."""
    feed_id = connect(town, accepted=False)
    run = pull(town, ListedSource([a_roster(pupils=("ana",))]), feed_id)
    town.clock.forward(days=8)
    assert job(town).claim() is None
    with town.store.read() as uow:
        found = uow.rosters.run(run.id)
        assert found is not None
        assert (RunState.DECLINED, "nobody_decided") == (found.state, found.reason)
        assert [] == list(uow.rosters.staged_of(run.id))


def test_a_pull_that_breaks_off_goes_on_where_it_stopped(town: Town) -> None:
    """The courses that are done stay done and are not read again when a worker died in between."""
    feed_id = connect(town)
    courses = [a_roster(f"course-{number}", pupils=(f"p{number}",)) for number in range(4)]
    town.caseload("officer").rosters.ask(feed_id)
    claimed = job(town).claim()
    assert claimed is not None
    with pytest.raises(KeyboardInterrupt):  # the process ends here
        job(town).carry_out(*claimed, ListedSource(courses, break_at="course-2", error=KeyboardInterrupt()))
    assert job(town).claim() is None  # its lease lasts
    town.clock.forward(minutes=4)

    source = ListedSource(courses)
    done = pull(town, source)
    assert ["course-2", "course-3"] == source.asked
    assert (RunState.DONE, 4, 4, 2) == (done.state, done.done, done.of, done.tries)
    assert claimed[1].id == done.id


def test_what_the_source_refuses_is_told_and_the_rest_stays(town: Town) -> None:
    """A fault that concerns all courses ends the pull with its code; courses before it are kept."""
    feed_id = connect(town)
    courses = [a_roster("course-1", pupils=("ana",)), a_roster("course-2", pupils=("ben",))]
    run = pull(town, ListedSource(courses, break_at="course-2"), feed_id)

    assert (RunState.FAILED, "no_answer", 1) == (run.state, run.reason, run.done)
    assert {"ana"} == active(town)
    nobody = job(town)
    town.caseload("officer").rosters.ask(feed_id)
    claimed = nobody.claim()
    assert claimed is not None
    assert (RunState.FAILED, "no_source") == (
        (ended := nobody.carry_out(*claimed, None)).state,
        ended.reason,
    )


def test_a_full_disk_leaves_no_half_course(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A course whose transaction cannot be written leaves none of its lines; the pull says what to do."""
    feed_id = connect(town)
    courses = [a_roster("course-1", pupils=("ana",)), a_roster("course-2", pupils=("ben", "cleo"))]
    town.caseload("officer").rosters.ask(feed_id)
    claimed = job(town).claim()
    assert claimed is not None
    from iepcore.memory.rosters import MemoryRosters

    kept = MemoryRosters.put_course

    def put_course(self: MemoryRosters, state: object) -> None:
        if state.context_id == "course-2":  # type: ignore[attr-defined]
            raise Busy("store_full")
        kept(self, state)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(MemoryRosters, "put_course", put_course)
        run = job(town).carry_out(*claimed, ListedSource(courses))

    assert (RunState.INTERRUPTED, "store_full", 1) == (run.state, run.reason, run.done)
    assert ({"ana"}, set()) == (active(town), active(town, "course-2"))
    assert RunState.DONE == pull(town, ListedSource(courses), feed_id).state
    assert {"ben", "cleo"} == active(town, "course-2")


def test_three_beginnings_without_an_end_are_enough(town: Town) -> None:
    """A pull that kills its worker each time is marked as interrupted."""
    feed_id = connect(town)
    town.caseload("officer").rosters.ask(feed_id)
    for _ in range(3):
        assert job(town).claim() is not None
        town.clock.forward(minutes=4)
    assert job(town).claim() is None
    page = town.caseload("officer").rosters.feed(feed_id)
    assert (RunState.INTERRUPTED, "began_three_times") == (page.runs[0].state, page.runs[0].reason)


def test_a_pull_that_somebody_stops_ends(town: Town) -> None:
    """The worker notices with its next course; what it had in hand is not kept."""
    feed_id = connect(town)
    officer = town.caseload("officer").rosters
    officer.ask(feed_id)
    claimed = job(town).claim()
    assert claimed is not None
    officer.stop(feed_id)
    assert RunState.RUNNING == job(town).carry_out(*claimed, ListedSource([a_roster(pupils=("ana",))])).state
    assert set() == active(town)
    run = officer.feed(feed_id).runs[0]
    assert (RunState.INTERRUPTED, "stopped_by_person") == (run.state, run.reason)
    officer.stop(feed_id)  # nothing goes on any more


def test_many_who_leave_at_once_are_a_question(town: Town) -> None:
    """More than half missing changes nothing before a person says so; a part makes nobody leave."""
    feed_id = connect(town)
    pupils = ("ana", "ben", "cleo", "dov", "eve")
    pull(town, ListedSource([a_roster(pupils=pupils)]), feed_id)
    pull(town, ListedSource([a_roster(pupils=("ana",), shortfalls=PART)]), feed_id)
    assert set(pupils) == active(town)
    pull(town, ListedSource([a_roster(pupils=("ana",))]), feed_id)
    assert set(pupils) == active(town)

    officer = town.caseload("officer").rosters
    held = officer.feed(feed_id).held
    assert {"Ben", "Cleo", "Dov", "Eve"} == {one.name for one in held[0].left}
    officer.settle(feed_id, "course-1", left=False)
    assert set(pupils) == active(town)
    with pytest.raises(NotFound):
        officer.settle(feed_id, "course-1", left=True)
    pull(town, ListedSource([a_roster(pupils=("ana",))]), feed_id)
    officer.settle(feed_id, "course-1", left=True)
    assert {"ana"} == active(town)


def test_a_course_that_is_listed_no_more_loses_its_people(town: Town) -> None:
    """Only where the list of courses is whole, and without a question unless most courses vanish at once."""
    feed_id = connect(town)
    courses = [a_roster(f"course-{number}", pupils=("a", "b", "c")) for number in range(6)]
    pull(town, ListedSource(courses), feed_id)
    pull(town, ListedSource(courses[1:], listed=False), feed_id)
    assert {"a", "b", "c"} == active(town, "course-0")
    pull(town, ListedSource(courses[1:]), feed_id)
    assert set() == active(town, "course-0")
    pull(town, ListedSource(courses[5:]), feed_id)
    assert {"a", "b", "c"} == active(town, "course-1")
    states = {one.context_id: one.standing for one in town.caseload("officer").rosters.feed(feed_id).courses}
    assert (CourseStanding.GONE, CourseStanding.HELD, CourseStanding.WHOLE) == (
        states["course-0"],
        states["course-1"],
        states["course-5"],
    )


def test_a_night_pull_is_due_once_a_night(town: Town) -> None:
    """After two in the school's own night; not for a source that nobody said yes to, nor one switched off."""
    feed_id = connect(town)
    source = ListedSource([a_roster(pupils=("ana",))])
    assert RunState.DONE == pull(town, source).state  # never pulled: due
    assert job(town).claim() is None
    town.clock.forward(hours=13)  # one in the morning
    assert job(town).claim() is None
    town.clock.forward(hours=2)
    assert RunState.DONE == pull(town, source).state
    assert job(town).claim() is None
    town.caseload("officer").rosters.set_nightly(feed_id, on=False)
    town.clock.forward(hours=24)
    assert job(town).claim() is None


def test_progress_is_written_down_while_a_pull_goes_on(town: Town) -> None:
    """What the source tells stands in the pull, at most once a second."""
    feed_id = connect(town)

    class Slow(ListedSource):
        def rosters(self, courses, *, tell=None):  # type: ignore[no-untyped-def]
            for roster in super().rosters(courses, tell=tell):
                town.clock.forward(seconds=2)
                yield roster

    run = pull(town, Slow([a_roster(f"course-{n}", pupils=("a",)) for n in range(3)]), feed_id)
    assert (3, 3) == (run.done, run.of)
    assert (3, 30) == (run.pages, run.rows)


def test_a_file_is_laid_ready_and_taken_in_by_the_job(town: Town) -> None:
    """A first file is a preview; a newer one is taken in, and who is not in it any more has left."""
    feed_id = connect(town, accepted=False)
    officer = town.caseload("officer").rosters
    first = [a_roster("course-1", pupils=("ana",)), a_roster("course-2", pupils=("ben",))]
    assert RunState.WAITING == officer.bring(feed_id, ListedSource(first)).state
    with pytest.raises(IllegalMove, match="pull_open"):
        officer.bring(feed_id, ListedSource(first))
    officer.accept(feed_id)
    assert RunState.DONE == pull(town, ListedSource()).state
    assert ({"ana"}, {"ben"}) == (active(town), active(town, "course-2"))

    officer.bring(feed_id, ListedSource([a_roster("course-1", pupils=("ana", "cleo"))]))
    assert RunState.DONE == pull(town, ListedSource()).state
    assert ({"ana", "cleo"}, set()) == (active(town), active(town, "course-2"))


def test_a_roster_opens_no_record(town: Town) -> None:
    """A teacher, a helper and a parent who stand in every roster with Maya reach nothing of hers by it."""
    feed_id = connect(town)
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
    pull(town, ListedSource([roster]), feed_id)
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
    feed_id = connect(town)
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


def test_connecting_the_same_source_twice_is_one(town: Town) -> None:
    """A second wish for the same kind and source finds the first; an unknown one is not found."""
    first = connect(town)
    officer = town.caseload("officer").rosters
    assert first == officer.connect("listed", "Again", SIS)
    assert [first] == [one.feed.id for one in officer.feeds()]
    with pytest.raises(NotFound):
        officer.feed(RosterFeedId(town.maya.id))
    run = officer.ask(first)
    assert run == officer.ask(first)
    assert run == officer.feed(first).open_run
    assert timedelta(0) == run.asked_at - town.clock.now()
