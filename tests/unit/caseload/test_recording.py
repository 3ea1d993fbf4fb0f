"""Recording: repeats are harmless, nothing is overwritten, and odd clocks and keys do no harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from iepcore.caseload import Caseload, close_idle_sets, takes_taps
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import PointId, new_uuid7
from iepcore.plan import GoalState, TrialOutcome, move_goal
from iepcore.progress import FindingWord, Measure, MeasureKind
from iepcore.testing import a_key, words
from tests.unit.caseload.town import Town, goal_with

EIGHT = {"correct": 8, "trials": 10}


def _add(town: Town, **changes: object) -> object:
    goal = goal_with(town.maya, **changes)
    with town.store.write() as uow:
        uow.plan.add_goal(goal)
    return goal


def test_first_tap_begins_its_set_and_a_repeat_changes_nothing(each_town: Town) -> None:
    """One request per tap; the same again, by a nervous browser, is one try."""
    desk, set_key, key = each_town.caseload("teacher").progress, a_key(), a_key()
    tapped = [desk.tap(each_town.goal.id, set_key, key, TrialOutcome.CORRECT) for _ in range(3)]

    assert {1} == {one.tally.trials for one in tapped}
    assert 1 == len({one.trial_set.id for one in tapped})
    assert key == tapped[-1].tally.last_key


def test_set_begun_first_keeps_its_key(each_town: Town) -> None:
    """Starting twice is starting once; the key of one goal's set is refused on another."""
    desk, key = each_town.caseload("teacher").progress, a_key()
    first = desk.start_set(each_town.goal.id, key, planned_trials=5)

    assert first == desk.start_set(each_town.goal.id, key, planned_trials=9)
    with pytest.raises(InvalidValue, match="key_of_other_set"):
        desk.start_set(each_town.second.id, key, planned_trials=5)
    with pytest.raises(InvalidValue, match="key_of_other_set"):
        desk.tap(each_town.second.id, key, a_key(), TrialOutcome.CORRECT)


def test_two_recorders_with_one_key_do_not_meet(each_town: Town) -> None:
    """Keys are each person's own."""
    key = a_key()
    points = [
        each_town.caseload(name).progress.record(each_town.goal.id, EIGHT, key).point
        for name in ("teacher", "aide")
    ]

    assert 2 == len({point.id for point in points}) == len(each_town.history())


def test_repeated_reading_returns_the_first_point(each_town: Town) -> None:
    """Even with other numbers: what was kept is kept. A key used on another goal is refused, not mixed up."""
    desk, key = each_town.caseload("teacher").progress, a_key()
    first = desk.record(each_town.goal.id, EIGHT, key, note=words())

    assert first.point == desk.record(each_town.goal.id, {"correct": 0, "trials": 1}, key).point
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        desk.record(each_town.second.id, EIGHT, key)
    assert (first.point,) == each_town.history()


def test_reading_outside_the_measure_stores_nothing(each_town: Town) -> None:
    """Nine correct of eight is a clear error; nothing is half-written."""
    before = each_town.everything()
    with pytest.raises(InvalidValue, match="correct_over_trials"):
        each_town.caseload("teacher").progress.record(each_town.goal.id, {"correct": 9, "trials": 8}, a_key())
    assert before == each_town.everything()


@pytest.mark.parametrize(("ahead", "kept"), [(4, True), (5, True), (6, False)])
def test_clock_of_a_device_is_believed_within_five_minutes(town: Town, ahead: int, kept: bool) -> None:
    """A device far ahead does not write into tomorrow; one that was offline writes its own time."""
    at = town.clock.now() + timedelta(minutes=ahead)
    point = town.caseload("teacher").progress.record(town.goal.id, EIGHT, a_key(), observed_at=at).point
    late = town.clock.now() - timedelta(days=3)
    old = town.caseload("teacher").progress.record(town.goal.id, EIGHT, a_key(), observed_at=late).point

    assert (at if kept else town.clock.now()) == point.observed_at
    assert (late, town.clock.now()) == (old.observed_at, old.received_at)


def test_day_of_a_point_is_the_schools(town: Town) -> None:
    """Seven in the evening in Denver is tomorrow in UTC, and today at school."""
    town.clock.at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    point = town.caseload("teacher").progress.record(town.goal.id, EIGHT, a_key()).point

    assert "2026-11-24" == point.observed_on.isoformat() == town.clock.today().isoformat()


def test_nothing_is_recorded_before_a_goal_begins(town: Town) -> None:
    """Taps, sets and readings alike belong to the goal in force on their day."""
    early = datetime.combine(town.goal.starts_on - timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    desk, goal = town.caseload("teacher").progress, town.goal.id
    later = _add(town, starts_on=town.clock.today() + timedelta(days=1))
    for record in (
        lambda: desk.record(goal, EIGHT, a_key(), observed_at=early),
        lambda: desk.tap(goal, a_key(), a_key(), TrialOutcome.CORRECT, at=early),
        lambda: desk.start_set(later.id, a_key(), planned_trials=5),  # type: ignore[attr-defined]
    ):
        with pytest.raises(InvalidValue, match="before_start"):
            record()


def test_correction_supersedes_and_keeps_the_old_one(each_town: Town) -> None:
    """The history holds both; a second correction of the same point is refused; its own repeat is not."""
    desk, key = each_town.caseload("teacher").progress, a_key()
    old = desk.record(each_town.goal.id, EIGHT, a_key()).point
    each_town.clock.forward(minutes=1)
    new = desk.correct(old.id, {"correct": 9, "trials": 10}, key, note=words("typed wrong"))

    assert (old.id, old.observed_at) == (new.point.supersedes, new.point.observed_at)
    assert new.point == desk.correct(old.id, {"correct": 9, "trials": 10}, key).point
    with pytest.raises(IllegalMove, match="already_corrected"):
        desk.correct(old.id, EIGHT, a_key())
    assert (old, new.point) == each_town.history()
    page = desk.point(old.id)
    assert (True, old, each_town.goal) == (page.corrected, page.point, page.goal)
    assert not desk.point(new.point.id).corrected


def test_aide_corrects_her_own_points_only(each_town: Town) -> None:
    """What somebody else typed is not hers to change, nor to open for changing."""
    theirs = each_town.caseload("teacher").progress.record(each_town.goal.id, EIGHT, a_key()).point
    desk = each_town.caseload("aide").progress
    own = desk.record(each_town.goal.id, EIGHT, a_key()).point

    assert own.id == desk.point(own.id).point.id
    desk.correct(own.id, {"correct": 1, "trials": 2}, a_key())
    for attempt in (lambda: desk.correct(theirs.id, EIGHT, a_key()), lambda: desk.point(theirs.id)):
        with pytest.raises(NotPermitted, match="not_yours"):
            attempt()
    with pytest.raises(NotPermitted, match="may_not_write"):
        each_town.caseload("principal").progress.point(theirs.id)
    for attempt in (
        lambda: desk.correct(PointId(new_uuid7()), EIGHT, a_key()),
        lambda: desk.point(PointId(new_uuid7())),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_ended_sets_become_points(each_town: Town) -> None:
    """Several at once; one without a standing try, an unknown one and one of another goal make none."""
    desk = each_town.caseload("teacher").progress
    keys = {name: a_key() for name in ("full", "undone", "stranger", "mixed")}
    tries = [TrialOutcome.CORRECT, TrialOutcome.PROMPTED, TrialOutcome.CORRECT]
    for outcome in tries:
        desk.tap(each_town.goal.id, keys["full"], a_key(), outcome)
    key = a_key()
    desk.tap(each_town.second.id, keys["undone"], key, TrialOutcome.CORRECT)
    desk.undo(each_town.second.id, keys["undone"], a_key(), key)
    done = desk.end(
        [
            (each_town.goal.id, keys["full"]),
            (each_town.second.id, keys["undone"]),
            (each_town.goal.id, keys["stranger"]),
            (each_town.second.id, keys["full"]),
        ]
    )

    assert [100 * 2 / 3] == [one.point.score for one in done]
    assert FindingWord.NOT_ENOUGH_DATA is done[0].finding.word
    assert desk.end([(each_town.goal.id, keys["full"])]) == ()


def test_forgotten_set_is_closed_by_the_job(each_town: Town) -> None:
    """After the policy's idle time; with tries it is a point of the day it began, without it is nothing."""
    desk = each_town.caseload("teacher").progress
    desk.tap(each_town.goal.id, a_key(), a_key(), TrialOutcome.CORRECT)
    desk.start_set(each_town.second.id, a_key(), planned_trials=5)
    job = each_town.job("idle_sets").desk
    assert 0 == close_idle_sets(job)
    each_town.clock.forward(minutes=each_town.policy.idle_minutes + 1)

    assert 1 == close_idle_sets(job)
    assert 0 == close_idle_sets(job)
    assert 1 == len(each_town.history())
    desk.tap(each_town.goal.id, a_key(), a_key(), TrialOutcome.CORRECT)
    each_town.clock.forward(minutes=each_town.policy.idle_minutes + 1)
    gardening = each_town.job("gardening").desk
    with pytest.raises(NotPermitted, match="unknown_job"):
        close_idle_sets(gardening)


def test_ended_goal_takes_nothing(town: Town) -> None:
    """A goal that was met is closed to taps and readings."""
    with town.store.write() as uow:
        uow.plan.save_goal(move_goal(town.goal, GoalState.MET))
    for record in (
        lambda: town.caseload("teacher").progress.record(town.goal.id, EIGHT, a_key()),
        lambda: town.caseload("teacher").progress.start_set(town.goal.id, a_key(), planned_trials=5),
    ):
        with pytest.raises(IllegalMove, match="goal_not_active"):
            record()


def test_rows_of_the_recorder_are_the_goals_one_may_record_on(each_town: Town) -> None:
    """In the order asked, each once, with what is tapped already; others' and ended goals are left out."""
    desk = each_town.caseload("aide").progress
    desk.tap(each_town.second.id, a_key(), a_key(), TrialOutcome.CORRECT)
    met = _add(each_town, state=GoalState.MET)
    asked = [
        each_town.second.id, each_town.goal.id, each_town.second.id, each_town.ivos_goal.id, met.id,  # type: ignore[attr-defined]
    ]  # fmt: skip
    rows = desk.rows(asked)

    assert [(each_town.second.id, 1), (each_town.goal.id, 0)] == [
        (row.goal.id, row.tally.trials) for row in rows
    ]
    assert {each_town.second.id, each_town.goal.id} == {row.goal.id for row in desk.recordable()}
    assert each_town.caseload("principal").progress.recordable() == ()
    assert each_town.caseload("mother").progress.rows([each_town.goal.id]) == ()
    assert each_town.caseload("stranger").progress.recordable() == ()


def test_place_that_ended_records_nothing_more(town: Town) -> None:
    """From the day after, the same taps are refused."""
    town.leave("teacher")
    with pytest.raises(NotPermitted, match="standing_not_current"):
        town.caseload("teacher").progress.record(town.goal.id, EIGHT, a_key())
    assert town.caseload("teacher").progress.recordable() == ()


def test_percent_goals_take_taps_and_others_have_a_form(town: Town) -> None:
    """Only what is counted try by try is on the grid."""
    counted = replace(town.goal, measure=Measure(kind=MeasureKind.FREQUENCY))

    assert (True, False) == (takes_taps(town.goal), takes_taps(counted))
    assert isinstance(town.caseload("teacher"), Caseload)
