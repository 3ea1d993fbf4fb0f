"""Changes on the way to a goal: who may note one, where the line starts again, and that nothing is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from iepcore.access import AuditKind, Person
from iepcore.caseload import Caseload, NewPhase
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import GoalId, new_uuid7
from iepcore.people import StaffRole
from iepcore.plan import Goal, GoalState, move_goal
from iepcore.progress import Decision
from iepcore.testing import an_assignment, words
from iepcore.testing.store_values import a_point
from tests.unit.caseload.test_races import QuickStore
from tests.unit.caseload.town import FAMILY, SITE, STAFF, START, Town, goal_with

DAY, WEEK = timedelta(days=1), timedelta(days=7)
CHANGE = START + WEEK * 6
NEIGHBOURS = {"ivos_mother", "ivos_teacher", "stranger"}


def new_phase(starts_on: date = CHANGE, **changes: Any) -> NewPhase:
    """Return what staff write about a change in week six."""
    whole: dict[str, Any] = {"starts_on": starts_on, "words": words("Echo reading begins")}
    return NewPhase(**whole | changes)


def stored(town: Town, goal: Goal | None = None) -> Goal:
    """Return a goal as it is kept now, Maya's first unless another is named."""
    with town.store.read() as uow:
        found = uow.plan.goal((goal or town.goal).id)
    assert found is not None
    return found


def open_goal(town: Town, **changes: Any) -> Goal:
    """Open another goal of Maya's, as the manager's own."""
    goal = goal_with(town.maya, **{"created_by": town.id("manager"), **changes})
    with town.store.write() as uow:
        uow.plan.add_goal(goal)
    return goal


def take_scores(town: Town, *taken: tuple[int, float | None], goal: Goal | None = None) -> None:
    """Keep a score on each (day after the start)."""
    about = goal or town.goal
    with town.store.write() as uow:
        for number, (day, score) in enumerate(taken):
            seen = a_point(about, score=score, observed_on=START + DAY * day)
            uow.plan.add_point(replace(seen, observed_at=seen.observed_at + timedelta(minutes=number)))


# --------------------------------------------------------------------------------------- what the form shows


def test_form_shows_where_the_line_would_start_again(each_town: Town) -> None:
    """The child, the goal, the last three scores with their middle, and the days that can be chosen."""
    take_scores(each_town, (7, 30.0), (14, 70.0), (21, None), (28, 40.0), (35, 50.0))
    page = each_town.caseload("manager").changes.opening(each_town.goal.id)
    today = each_town.clock.today()

    assert (each_town.maya, each_town.goal) == (page.student, page.goal)
    assert ((70.0, 40.0, 50.0), 50.0) == (page.scores, page.suggested)
    assert (START + DAY, today, today) == (page.earliest, page.latest, page.today)
    assert (AuditKind.READ, "change_form") == (each_town.trail()[0].kind, each_town.trail()[0].what)


def test_form_without_a_score_suggests_where_the_line_stands(town: Town) -> None:
    """And, before the line begins, the first baseline; no day can be chosen then, nor after its end."""
    today = town.clock.today()
    page = town.caseload("manager").changes.opening(town.goal.id)
    assert ((), town.goal.aimline.value_at(today)) == (page.scores, page.suggested)

    later = open_goal(town, starts_on=today + WEEK, ends_on=today + WEEK * 30)
    page = town.caseload("manager").changes.opening(later.id)
    assert (20.0, True) == (page.suggested, page.latest < page.earliest)

    over = open_goal(town, starts_on=START, ends_on=START + WEEK * 4)
    page = town.caseload("manager").changes.opening(over.id)
    assert (80.0, START + WEEK * 4 - DAY) == (page.suggested, page.latest)


def test_form_after_a_change_begins_the_day_after_it(town: Town) -> None:
    """Changes follow each other by a day at least."""
    town.caseload("manager").changes.add(town.goal.id, new_phase(), version=1)

    assert CHANGE + DAY == town.caseload("manager").changes.opening(town.goal.id).earliest


@pytest.mark.parametrize("state", [GoalState.DRAFT, GoalState.MET, GoalState.SUPERSEDED])
def test_goal_that_is_not_in_use_has_no_form(town: Town, state: GoalState) -> None:
    """What is over or has not begun is not changed on the way."""
    goal = open_goal(town, state=state)
    with pytest.raises(NotFound):
        town.caseload("manager").changes.opening(goal.id)
    with pytest.raises(IllegalMove, match="goal_not_active"):
        town.caseload("manager").changes.add(goal.id, new_phase(), version=1)


# --------------------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize(
    "name",
    sorted((STAFF.keys() - {"manager", "teacher"}) | FAMILY.keys() | SITE.keys() | NEIGHBOURS),
)
def test_others_note_no_change_and_learn_nothing(town: Town, name: str) -> None:
    """Neither form nor change nor its taking back; each refusal is in the trail and nothing else is."""
    town.caseload("manager").changes.add(town.goal.id, new_phase(), version=1)
    desk, before = town.caseload(name).changes, stored(town)
    for attempt in (
        lambda: desk.opening(town.goal.id),
        lambda: desk.add(town.goal.id, new_phase(CHANGE + WEEK), version=2),
        lambda: desk.withdraw(town.goal.id, version=2),
    ):
        with pytest.raises(NotPermitted) as refused:
            attempt()
        assert "Echo" not in str(refused.value)
    assert before == stored(town)
    refused_events = {one.what for one in town.trail() if one.kind is AuditKind.REFUSED}
    assert {"change_form", "note_change", "withdraw_change"} == refused_events


@pytest.mark.parametrize("name", ["manager", "teacher"])
def test_who_may_change_the_goal_may_note_a_change(each_town: Town, name: str) -> None:
    """It is one write, one event in the trail and one version on; it carries who noted it and when."""
    changed = each_town.caseload(name).changes.add(each_town.goal.id, new_phase(), version=1)
    (phase,) = changed.phases

    assert (changed, 2) == (stored(each_town), changed.version)
    assert (CHANGE, words("Echo reading begins"), each_town.id(name), each_town.clock.now()) == (
        phase.starts_on,
        phase.words,
        phase.noted_by,
        phase.noted_at,
    )
    assert (each_town.goal.target, each_town.goal.ends_on) == (phase.target, phase.ends_on)
    assert [(AuditKind.WRITE, "note_change")] == [
        (one.kind, one.what) for one in each_town.trail() if one.kind is AuditKind.WRITE
    ]


def test_provider_changes_goals_of_their_own_area_only(each_town: Town) -> None:
    """A related service provider writes goals of their own; those of others are read."""
    theirs = open_goal(each_town, created_by=each_town.id("therapist"))
    desk = each_town.caseload("therapist").changes

    assert theirs == desk.opening(theirs.id).goal
    assert 2 == desk.add(theirs.id, new_phase(), version=1).version
    assert 3 == desk.withdraw(theirs.id, version=2).version
    with pytest.raises(NotPermitted, match="not_yours"):
        desk.add(each_town.goal.id, new_phase(), version=1)


def test_worn_face_and_jobs_note_no_change(town: Town) -> None:
    """Nothing is written under another's face; a job has no name to sign with."""
    worn = town.caseload("manager", masquerade=True).changes
    with pytest.raises(NotPermitted, match="masquerade"):
        worn.opening(town.goal.id)
    with pytest.raises(NotPermitted, match="masquerade"):
        worn.add(town.goal.id, new_phase(), version=1)
    with pytest.raises(NotPermitted, match="person_needed"):
        town.job("import").changes.add(town.goal.id, new_phase(), version=1)


def test_goal_nobody_has_is_not_found(town: Town) -> None:
    """An id without a goal answers as a refusal does outside."""
    desk, nowhere = town.caseload("manager").changes, GoalId(new_uuid7())
    for attempt in (
        lambda: desk.opening(nowhere),
        lambda: desk.add(nowhere, new_phase(), version=1),
        lambda: desk.withdraw(nowhere, version=1),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_goal_erased_between_two_looks_is_not_found(town: Town) -> None:
    """Whose it was is known, the goal is gone: nothing is written, not even to the trail."""
    before = town.everything()
    actor = Person(adult_id=town.id("manager"))
    gone = QuickStore(town.store, write={"goal": lambda _: None})
    desk = Caseload(gone, actor, town.clock).changes
    with pytest.raises(NotFound):
        desk.add(town.goal.id, new_phase(), version=1)
    with pytest.raises(NotFound):
        desk.withdraw(town.goal.id, version=1)
    assert before == town.everything()


def test_member_of_another_team_gets_in_by_no_goal_of_hers(town: Town) -> None:
    """A place on one child's team opens that child's goals, not the neighbour's."""
    with town.store.write() as uow:
        place = an_assignment(town.ivo, town.adults["general"], role=StaffRole.CASE_MANAGER, starts_on=START)
        uow.people.add_assignment(place)
    desk = town.caseload("general").changes

    assert 2 == desk.add(town.ivos_goal.id, new_phase(), version=1).version
    with pytest.raises(NotPermitted):
        desk.add(town.goal.id, new_phase(), version=1)


# --------------------------------------------------------------------------- sent twice, at once, taken back


def test_form_sent_twice_notes_one_change(each_town: Town) -> None:
    """The same again is the same; another level for that day is not taken for it."""
    desk = each_town.caseload("manager").changes
    first = desk.add(each_town.goal.id, new_phase(baseline=45), version=1)

    assert first == desk.add(each_town.goal.id, new_phase(baseline=45), version=1)
    assert first == desk.add(each_town.goal.id, new_phase(), version=2)
    with pytest.raises(InvalidValue, match="phase_order"):
        desk.add(each_town.goal.id, new_phase(baseline=60), version=2)
    assert first == stored(each_town)


@pytest.mark.parametrize("day", [CHANGE - WEEK, CHANGE, CHANGE + WEEK], ids=["before", "same day", "after"])
def test_change_noted_on_a_page_of_before_is_a_conflict(each_town: Town, day: date) -> None:
    """Whatever its day: both are carried, and what was noted first stays."""
    first = each_town.caseload("manager").changes.add(each_town.goal.id, new_phase(), version=1)
    mine = new_phase(day, words=words("Pictures instead of words"), baseline=33)
    with pytest.raises(Conflict) as stale:
        each_town.caseload("teacher").changes.add(each_town.goal.id, mine, version=1)

    assert (first, mine) == (stale.value.current, stale.value.yours)
    assert first == stored(each_town)


def test_change_noted_on_a_goal_ended_meanwhile_is_a_conflict(town: Town) -> None:
    """The page said that the goal was in use; what became of it is shown."""
    with town.store.write() as uow:
        uow.plan.save_goal(move_goal(town.goal, GoalState.MET))
    with pytest.raises(Conflict) as stale:
        town.caseload("manager").changes.add(town.goal.id, new_phase(), version=1)

    assert stored(town) == stale.value.current
    with pytest.raises(IllegalMove, match="goal_not_active"):
        town.caseload("manager").changes.withdraw(town.goal.id, version=2)


def test_two_who_note_a_change_at_once_lose_nothing(each_town: Town) -> None:
    """One is kept whole; the other is told of it and holds what they wrote; then they note theirs."""
    start = threading.Barrier(2)
    kept: list[Goal] = []
    stale: list[Conflict] = []
    news = {name: new_phase(CHANGE, words=words(f"Noted by the {name}")) for name in ("manager", "teacher")}

    def note(name: str) -> None:
        desk = each_town.caseload(name).changes
        start.wait(30)
        try:
            kept.append(desk.add(each_town.goal.id, news[name], version=1))
        except Conflict as refused:
            stale.append(refused)

    threads = [threading.Thread(target=note, args=(name,)) for name in news]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (1, 1) == (len(kept), len(stale))
    assert (kept[0], kept[0]) == (stored(each_town), stale[0].current)
    yours = stale[0].yours
    assert isinstance(yours, NewPhase)
    assert {one.words for one in news.values()} == {kept[0].phases[0].words, yours.words}
    both = each_town.caseload("manager").changes.add(
        each_town.goal.id, replace(yours, starts_on=CHANGE + DAY), version=2
    )
    assert ([2, 3], 2) == ([kept[0].version, both.version], len(both.phases))
    assert both == stored(each_town)
    writes = [one for one in each_town.trail() if one.kind is AuditKind.WRITE]
    assert ["note_change", "note_change"] == [one.what for one in writes]


def test_store_that_finds_a_newer_goal_at_the_last_moment_says_the_same(town: Town) -> None:
    """Two writers passed the look at the version together: what was written is still in the refusal."""
    newer = replace(town.goal, version=7)

    def refuse(changed: Goal) -> None:
        raise Conflict("goal", current=newer, yours=changed)

    quick = QuickStore(town.store, write={"save_goal": refuse})
    desk = Caseload(quick, Person(adult_id=town.id("manager")), town.clock).changes
    with pytest.raises(Conflict) as stale:
        desk.add(town.goal.id, new_phase(), version=1)

    assert (newer, new_phase()) == (stale.value.current, stale.value.yours)


def test_change_noted_by_mistake_is_taken_back(each_town: Town) -> None:
    """The goal is as before but for its version; a second tap or an old page takes nothing more with it."""
    desk = each_town.caseload("manager").changes
    desk.add(each_town.goal.id, new_phase(), version=1)
    desk.add(each_town.goal.id, new_phase(CHANGE + WEEK), version=2)
    one = desk.withdraw(each_town.goal.id, version=3)

    assert (1, 4) == (len(one.phases), one.version)
    with pytest.raises(Conflict) as stale:
        desk.withdraw(each_town.goal.id, version=3)
    assert one == stale.value.current == stored(each_town)
    assert replace(each_town.goal, version=5) == desk.withdraw(each_town.goal.id, version=4)
    with pytest.raises(IllegalMove, match="no_phase"):
        desk.withdraw(each_town.goal.id, version=5)
    assert "withdraw_change" in {one.what for one in each_town.trail()}


def test_goals_page_waits_for_scores_after_a_change(town: Town) -> None:
    """Eight low scores ask for a change; once it is noted no rule asks for another before it has scores."""
    take_scores(town, *((7 * week, 5.0) for week in range(1, 9)))
    manager = town.caseload("manager")
    before = manager.goals.goal(town.goal.id).report
    manager.changes.add(town.goal.id, new_phase(START + WEEK * 9), version=1)
    after = manager.goals.goal(town.goal.id).report

    assert before is not None
    assert after is not None
    assert [Decision.CHANGE_INSTRUCTION, Decision.INSUFFICIENT_DATA] == [
        before.four_point.decision,
        after.four_point.decision,
    ]
    assert town.caseload("aide").goals.goal(town.goal.id).report is None


def test_scores_keep_their_place_when_a_change_is_taken_back(each_town: Town) -> None:
    """They are held against the line before again."""
    take_scores(each_town, (7, 30.0), (14, 40.0), (21, 50.0), (49, 55.0), (56, 60.0))
    manager = each_town.caseload("manager")
    before = manager.goals.goal(each_town.goal.id)
    manager.changes.add(each_town.goal.id, new_phase(baseline=20), version=1)
    between = manager.goals.goal(each_town.goal.id)
    manager.changes.withdraw(each_town.goal.id, version=2)
    after = manager.goals.goal(each_town.goal.id)

    assert before.card.points == between.card.points == after.card.points
    assert before.card.finding.expected != between.card.finding.expected
    assert replace(before.card.finding, goal_version=3) == after.card.finding
