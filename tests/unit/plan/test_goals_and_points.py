"""Goals and points: what is refused, the goal's state machine, corrections that never overwrite."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import ClientKey, PointId, new_uuid7
from iepcore.language import Phrase, has_message, render
from iepcore.plan import (
    SKILL_KEYS,
    DataPoint,
    GoalState,
    correct_point,
    current_points,
    end_set,
    move_goal,
    point_of_set,
    tally,
)
from iepcore.plan.skills import COUNTED_IN
from iepcore.progress import Direction, Measure, MeasureKind, PercentReading
from iepcore.testing import NOW, TODAY, a_goal, points_of, words
from iepcore.testing.store_values import a_set, a_trial

ALLOWED = {
    (GoalState.DRAFT, GoalState.ACTIVE),
    (GoalState.ACTIVE, GoalState.MET),
    (GoalState.ACTIVE, GoalState.DISCONTINUED),
    (GoalState.ACTIVE, GoalState.CONTINUED),
    (GoalState.ACTIVE, GoalState.SUPERSEDED),
}
"""Domain guide section 3: draft -> active -> met | discontinued | continued | superseded."""


@pytest.mark.parametrize("start", GoalState)
@pytest.mark.parametrize("end", GoalState)
def test_goal_moves_as_the_guide_says_and_not_otherwise(start: GoalState, end: GoalState) -> None:
    """Each step makes the next version; every other one is refused with both states."""
    goal = a_goal(state=start, version=4)
    if (start, end) in ALLOWED:
        assert replace(goal, state=end, version=5) == move_goal(goal, end)
        return
    with pytest.raises(IllegalMove, match="goal_state") as refused:
        move_goal(goal, end)
    assert {"from": start.value, "to": end.value} == refused.value.params


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"ends_on": TODAY}, "dates_reversed", "ends_on"),
        ({"ends_on": TODAY - timedelta(days=1)}, "dates_reversed", "ends_on"),
        ({"baseline": -1}, "out_of_scale", "baseline"),
        ({"target": 100.5}, "out_of_scale", "target"),
        ({"target": float("nan"), "direction": Direction.INCREASE}, "out_of_scale", "target"),
        ({"baseline": float("inf"), "direction": Direction.INCREASE}, "out_of_scale", "baseline"),
        ({"direction": Direction.DECREASE}, "wrong_direction", "target"),
        ({"baseline": 80, "target": 20, "direction": Direction.INCREASE}, "wrong_direction", "target"),
        ({"skill_key": None}, "skill_missing", "skill"),
        ({"skill_key": "flying"}, "skill_missing", "skill"),
        ({"version": 0}, "version_range", "version"),
    ],
)
def test_goal_outside_its_ranges_is_refused(changes: dict[str, object], code: str, field: str) -> None:
    """Every range has its code and names its field."""
    with pytest.raises(InvalidValue) as refused:
        a_goal(**changes)  # type: ignore[arg-type]

    assert (code, field) == (refused.value.code, refused.value.field)


@pytest.mark.parametrize("number", [1e305, 10**400, 1.0000001e12], ids=["1e305", "400 digits", "a trillion"])
def test_goal_on_an_open_scale_has_a_top_all_the_same(number: float) -> None:
    """A slip of the finger is refused when the goal is written, not on every page that draws its line."""
    count = Measure(kind=MeasureKind.FREQUENCY)
    with pytest.raises(InvalidValue, match="out_of_scale"):
        a_goal(measure=count, baseline=1, target=number)
    assert 1e12 == a_goal(measure=count, baseline=1, target=1e12).line.target


def test_goal_names_its_skill_in_exactly_one_way() -> None:
    """From the catalogue or in the author's words; both together are refused."""
    assert a_goal(skill_words=words("Lacing shoes")).skill_key is None
    with pytest.raises(InvalidValue, match="skill_missing"):
        replace(a_goal(), skill_words=words("Lacing shoes"))


def test_goal_may_keep_a_level_and_a_count_has_no_top() -> None:
    """Holding what is there is a goal too, in both directions; a count may be any number from 0."""
    for direction in Direction:
        assert 50 == a_goal(baseline=50, target=50, direction=direction).aimline.value_at(TODAY)
    assert 900 == a_goal(measure=Measure(kind=MeasureKind.FREQUENCY), baseline=1000, target=900).target


def test_scores_are_counted_in_what_the_skill_is_about() -> None:
    """A count of a skill from the catalogue may be of words; in one's own words it is a count."""
    count = Measure(kind=MeasureKind.FREQUENCY)
    skill, unit = next(iter(COUNTED_IN.items()))

    assert [unit, count.unit_key] == [
        a_goal(measure=count, skill_key=skill).unit_key,
        a_goal(measure=count, skill_words=words("Lacing shoes")).unit_key,
    ]
    assert "percent" == a_goal(skill_key=skill).unit_key


@pytest.mark.parametrize("language", ["en", "es", "prs"])
def test_every_skill_has_words_in_every_catalogue(language: str) -> None:
    """A skill key without a sentence would show a key to a family."""
    unknown = [key for key in SKILL_KEYS if not has_message(f"skill.{key}", language)]

    assert [] == unknown
    assert all(f"skill.{key}" not in render(Phrase(key=f"skill.{key}"), language).text for key in SKILL_KEYS)


# ---------------------------------------------------------------------------------------------- corrections


def _point(goal: object, at: datetime, **changes: object) -> DataPoint:
    day = at.date()
    made = points_of(goal, {day: {"correct": 1, "trials": 2}}, observed_at=at)[0]  # type: ignore[arg-type]
    return replace(made, **changes)  # type: ignore[arg-type]


def test_correction_names_what_it_corrects_and_changes_nothing_else() -> None:
    """The new point is as given plus the id of the old one, which stays what it was."""
    goal = a_goal()
    old, new = _point(goal, NOW), _point(goal, NOW)

    assert replace(new, supersedes=old.id) == correct_point(old, new)
    assert old.supersedes is None


def test_correction_stays_with_its_goal() -> None:
    """A point of one goal never corrects one of another."""
    with pytest.raises(IllegalMove, match="correction_of_other_goal"):
        correct_point(_point(a_goal(), NOW), _point(a_goal(), NOW))


@given(st.data())
def test_standing_points_are_those_nobody_corrected(data: st.DataObject) -> None:
    """Appending points and corrections in any order keeps each chain's last, oldest day first."""
    goal = a_goal()
    history: list[DataPoint] = []
    standing: dict[PointId, DataPoint] = {}
    for _ in range(data.draw(st.integers(0, 12))):
        at = datetime(2026, 3, data.draw(st.integers(1, 28)), data.draw(st.integers(0, 23)), tzinfo=UTC)
        point = _point(goal, at)
        if standing and data.draw(st.booleans()):
            old = data.draw(st.sampled_from(sorted(standing.values(), key=lambda one: one.id)))
            point = correct_point(old, point)
            del standing[old.id]
        standing[point.id] = point
        history.append(point)
    found = current_points(data.draw(st.permutations(history)))

    assert sorted(standing) == sorted(one.id for one in found)
    assert list(found) == sorted(found, key=lambda one: (one.observed_on, one.observed_at, one.id))


# ------------------------------------------------------------------------------------------- sets of tries


def test_set_becomes_a_point_only_when_it_has_ended() -> None:
    """An open set has no result yet; an ended one ends once."""
    trial_set = a_set(a_goal())
    result = tally([a_trial(trial_set)])
    with pytest.raises(InvalidValue, match="set_open"):
        point_of_set(trial_set, result, point_id=PointId(new_uuid7()), observed_on=TODAY, received_at=NOW)
    ended = end_set(trial_set, NOW)
    with pytest.raises(IllegalMove, match="set_ended"):
        end_set(ended, NOW)

    point = point_of_set(ended, result, point_id=PointId(new_uuid7()), observed_on=TODAY, received_at=NOW)

    assert (100.0, PercentReading(correct=1, trials=1), ended.id) == (
        point.score,
        point.reading,
        point.from_set,
    )
    assert (ended.client_key, ended.recorder_id, ended.goal_version) == (
        point.client_key,
        point.recorder_id,
        point.goal_version,
    )


def test_set_without_a_try_is_no_data_and_not_zero() -> None:
    """No opportunity is a point without a score (domain guide 2.5)."""
    ended = end_set(a_set(a_goal()), NOW)
    point = point_of_set(ended, tally([]), point_id=PointId(new_uuid7()), observed_on=TODAY, received_at=NOW)

    assert (None, PercentReading(correct=0, trials=0)) == (point.score, point.reading)


@pytest.mark.parametrize(("planned", "allowed"), [(0, False), (1, True), (200, True), (201, False)])
def test_set_has_a_sensible_size(planned: int, allowed: bool) -> None:
    """From 1 to 200 planned tries."""
    if allowed:
        assert planned == a_set(a_goal(), planned_trials=planned).planned_trials
        return
    with pytest.raises(InvalidValue, match="planned_trials_range"):
        a_set(a_goal(), planned_trials=planned)


@pytest.mark.parametrize("both", [True, False])
def test_line_is_a_try_or_an_undo(both: bool) -> None:
    """Neither and both are refused."""
    trial_set = a_set(a_goal())
    with pytest.raises(InvalidValue, match="trial_form"):
        a_trial(trial_set, undoes=ClientKey(uuid4())) if both else a_trial(trial_set, outcome=None)


def test_points_of_reads_what_was_typed() -> None:
    """The builder scores as the recorder does and refuses what the measure refuses."""
    day = date(2026, 11, 2)
    point = points_of(a_goal(), {day: {"correct": 8, "trials": 10}})[0]

    assert (day, 80.0) == (point.observed_on, point.score)
    with pytest.raises(InvalidValue, match="correct_over_trials"):
        points_of(a_goal(), {day: {"correct": 9, "trials": 8}})
