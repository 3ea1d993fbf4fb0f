"""Corners of rosters and of setting up: doubled wishes, races, and values that do not fit."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from iepcore.caseload import Opening
from iepcore.errors import Busy, IllegalMove, InvalidValue
from iepcore.people import (
    DoubtState,
    Identity,
    LegalHold,
    PersonKind,
    RosterRun,
    RosterStanding,
    RunState,
    StaffRole,
)
from iepcore.ports import UnitOfWork
from iepcore.testing import ListedSource
from iepcore.testing.roster_values import a_doubt, a_feed, a_roster, a_run
from iepcore.testing.store_values import a_hold, a_member
from tests.unit.caseload.pulls import SIS, connect, job, pull
from tests.unit.caseload.town import Town


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_empty"),
        ({"kind": ""}, "identity_form"),
        ({"source": "x" * 256}, "identity_form"),
        ({"version": 0}, "version_range"),
    ],
)
def test_a_source_that_does_not_fit_is_refused(changes: dict[str, object], code: str) -> None:
    """A name, a kind, whose subjects, and a version from 1."""
    with pytest.raises(InvalidValue, match=code):
        a_feed(**changes)


def test_an_ended_source_is_passed_over(town: Town) -> None:
    """Connecting its like again makes a new one; it is asked for nothing; its open pull ends."""
    feed_id = connect(town)
    officer = town.caseload("officer").rosters
    officer.ask(feed_id)
    with town.store.write() as uow:
        feed = uow.rosters.feed(feed_id)
        assert feed is not None
        uow.rosters.save_feed(replace(feed, ended_at=town.clock.now(), version=feed.version + 1))
    assert job(town).claim() is None
    assert feed_id != officer.connect("listed", "Again", SIS)


def test_every_night_twice_is_once(town: Town) -> None:
    """Switching on what is on writes nothing."""
    feed_id = connect(town)
    officer = town.caseload("officer").rosters
    officer.set_nightly(feed_id, on=True)
    assert 2 == officer.feed(feed_id).feed.version


def test_a_pull_that_begins_while_a_file_is_read_goes_first(town: Town) -> None:
    """What was read of the file is dropped, and the person is told."""
    feed_id = connect(town)
    officer = town.caseload("officer").rosters

    class Slow(ListedSource):
        def courses(self):  # type: ignore[no-untyped-def]
            officer.ask(feed_id)
            return super().courses()

    with pytest.raises(IllegalMove, match="pull_open"):
        officer.bring(feed_id, Slow([a_roster(pupils=("ana",))]))


def test_a_disk_that_stays_full_leaves_the_pull_to_its_lease(town: Town) -> None:
    """Where not even the end can be written, the pull is found again when its lease has run out."""
    feed_id = connect(town)
    town.caseload("officer").rosters.ask(feed_id)
    claimed = job(town).claim()
    assert claimed is not None
    kept = town.store

    class Full:
        site_id = kept.site_id
        read = staticmethod(kept.read)

        def write(self) -> AbstractContextManager[UnitOfWork]:
            raise Busy("store_full")

    town.store = Full()
    assert RunState.RUNNING == job(town).carry_out(*claimed, ListedSource([a_roster()])).state
    town.store = kept
    town.clock.forward(minutes=4)
    assert RunState.DONE == pull(town, ListedSource([a_roster()])).state


def test_a_pull_that_was_ended_meanwhile_stays_as_it_ended(town: Town) -> None:
    """A source that fails after a person stopped the pull changes nothing of its end."""
    feed_id = connect(town)
    officer = town.caseload("officer").rosters
    officer.ask(feed_id)
    claimed = job(town).claim()
    assert claimed is not None
    officer.stop(feed_id)
    job(town).carry_out(*claimed, None)
    assert "stopped_by_person" == officer.feed(feed_id).runs[0].reason


def test_an_account_tied_to_somebody_else_is_not_untied(town: Town) -> None:
    """Taking a "same" back leaves the account where somebody put it meanwhile."""
    doubt = replace(
        a_doubt(town.id("general"), kind=PersonKind.ADULT, source=SIS, subject="t-1"), state=DoubtState.SAME
    )
    theirs = Identity(source=SIS, subject="t-1", kind=PersonKind.ADULT, person_id=town.id("therapist"))
    with town.store.write() as uow:
        uow.rosters.add_doubt(doubt)
        uow.people.add_identity(theirs)
    town.caseload("officer").doubts.decide(doubt.id, DoubtState.OTHER)
    with town.store.read() as uow:
        assert theirs == uow.people.identity(SIS, "t-1")


def test_accounts_of_one_platform_are_one_pupil(town: Town) -> None:
    """What a launch and the platform's own interface call one account is one, by the account's number."""
    launched = a_member("maya-launched", source="lti:7", channel_user_id="99")
    asked = a_member("4711", source="canvas:7", channel_user_id="99")
    with town.store.write() as uow:
        uow.people.save_roster("lti:7", "course-1", [launched], complete=True)
        uow.people.save_roster("canvas:7", "course-1", [asked], complete=True)
        uow.people.add_identity(
            Identity(source="lti:7", subject="maya-launched", kind=PersonKind.STUDENT, person_id=town.maya.id)
        )
        feed = a_feed(source="canvas:7")
        uow.rosters.add_feed(feed)
        uow.rosters.add_run(a_run(feed))
    run = pull(town, ListedSource([], source="canvas:7", listed=False))
    assert isinstance(run, RosterRun)
    with town.store.read() as uow:
        known = uow.people.identity("canvas:7", "4711")
        assert known is not None
        assert town.maya.id == known.person_id


def test_a_hold_keeps_even_what_was_just_opened(town: Town) -> None:
    """A record under a legal hold is not taken back."""
    line = town.enrol("fresh")[0]
    setup = town.caseload("opener").setup
    opened = setup.open_all(
        [Opening(member_id=line.id, preferred_name="Fay", grade="3", home_language="en")]
    ).student_ids
    hold: LegalHold = a_hold(opened[0])
    with town.store.write() as uow:
        uow.keeping.add_hold(hold)
    with pytest.raises(IllegalMove, match="legal_hold"):
        setup.take_back(opened)


def test_somebody_on_the_team_already_gets_no_second_place(town: Town) -> None:
    """A line of another source whose person stands on the team makes no place."""
    teacher, *_ = town.enrol("general", standing=RosterStanding.TEACHER)
    town.enrol("maya")
    around = town.caseload("manager").around
    assert 0 == around.add_staff({teacher.id: StaffRole.GEN_ED_TEACHER})
    both = {one.id: StaffRole.GEN_ED_TEACHER for one in _two_lines_of_one(town)}
    assert 1 == around.add_staff(both)


def _two_lines_of_one(town: Town):  # type: ignore[no-untyped-def]
    with town.store.write() as uow:
        for course in ("c-1", "c-2"):
            lines = [
                a_member("maya", context_id=course),
                a_member("nia", context_id=course, standing=RosterStanding.TEACHER, name="Nia"),
            ]
            uow.people.save_roster("platform-1", course, lines, complete=True)
        return [one for one in uow.people.roster("platform-1") if one.subject == "nia"]
