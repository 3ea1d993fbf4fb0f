"""Changes on the way: each begins a line of its own, and none touches what was expected before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.plan import (
    DataPoint,
    FindingPolicy,
    Goal,
    GoalPhase,
    GoalState,
    begin_phase,
    find,
    move_goal,
    phase_of,
    phased_series,
    withdraw_phase,
)
from iepcore.plan.findings import default_period, series_of
from iepcore.plan.phases import MAX_WORDS
from iepcore.progress import (
    Aimline,
    AimlineSegments,
    FindingWord,
    Measure,
    MeasureKind,
    finding_word,
    four_point_flag,
    period_status,
)
from iepcore.schemas import export_lines, import_lines
from iepcore.testing import a_goal, words
from iepcore.testing.store_values import a_phase, a_point, an_adult

START = date(2026, 9, 7)
END = START + timedelta(days=280)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
BY = an_adult().id


def _goal(**changes: Any) -> Goal:
    return a_goal(**{"baseline": 20, "target": 80, "starts_on": START, "ends_on": END, **changes})


def _phase(day: int = 42, **changes: Any) -> GoalPhase:
    """Return a change so many days after the start."""
    whole: dict[str, Any] = {"starts_on": START + DAY * day, "baseline": 35.0, "ends_on": END}
    return a_phase(BY, **whole | changes)


PHASES = st.builds(
    _phase,
    st.integers(1, 279),
    words=st.sampled_from([words("Echo reading"), words("خواندن با هم", "fa"), words('"\\\n\u2028é')]),
    baseline=st.floats(0, 100),
    target=st.floats(0, 100),
    ends_on=st.integers(280, 700).map(lambda day: START + DAY * day),
    noted_at=st.datetimes(timezones=st.just(UTC)),
)
"""Changes on the percent scale, in any order."""


@st.composite
def changed_goals(draw: st.DrawFn) -> Goal:
    """Return goals of either direction with up to four changes, each later than the one before."""
    low, high = sorted([draw(st.floats(0, 100)), draw(st.floats(0, 100))])
    falls = draw(st.booleans())
    goal = _goal(baseline=high if falls else low, target=low if falls else high)
    for day in sorted(draw(st.sets(st.integers(1, 279), max_size=4))):
        goal = begin_phase(goal, replace(draw(PHASES), starts_on=START + DAY * day))
    return goal


# ------------------------------------------------------------------------------------------------ one change


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"words": words("x" * (MAX_WORDS + 1))}, "text_too_long", "words"),
        ({"ends_on": START + DAY * 42}, "ends_before_start", "ends_on"),
        ({"ends_on": START}, "ends_before_start", "ends_on"),
        ({"baseline": float("nan")}, "not_a_number", "baseline"),
        ({"target": float("inf")}, "not_a_number", "target"),
        ({"target": 10**400}, "too_large", "target"),
    ],
    ids=["81 letters", "ends that day", "ends before", "no number", "infinite", "too large"],
)
def test_change_outside_its_ranges_is_refused(changes: dict[str, Any], code: str, field: str) -> None:
    """Every range has its code and names its field; eighty letters are fine."""
    with pytest.raises(InvalidValue) as refused:
        _phase(**changes)

    assert (code, field) == (refused.value.code, refused.value.field)
    assert MAX_WORDS == len(_phase(words=words("x" * MAX_WORDS)).words.text)


def test_change_is_the_same_however_its_numbers_were_typed() -> None:
    """Whole or not, they compare and are stored alike."""
    assert _phase(baseline=35, target=80) == _phase(baseline=35.0, target=80.0)
    assert [float, float] == [type(_phase(baseline=35, target=80).baseline), type(_phase().target)]


# -------------------------------------------------------------------------------------- a goal and its lines


def test_goal_without_changes_has_one_line() -> None:
    """The plain line, as before there were changes."""
    goal = _goal()
    line = Aimline(baseline=20, target=80, starts_on=START, ends_on=END)

    assert ((line,), line, line, line) == (goal.lines, goal.line, goal.first_line, goal.aimline)


def test_change_begins_the_newest_line() -> None:
    """It holds from its day on; the first line, baseline and target stay as they were agreed."""
    goal = _goal()
    changed = begin_phase(goal, _phase())

    assert ((goal.first_line, _phase().line), _phase().line) == (changed.lines, changed.line)
    assert AimlineSegments(changed.lines) == changed.aimline
    assert (35.0, 80.0) == (changed.aimline.value_at(START + DAY * 42), changed.aimline.value_at(END))
    assert replace(goal, phases=changed.phases, version=2) == changed


@pytest.mark.parametrize("day", [-7, 0, 41, 42], ids=["before the goal", "first day", "before", "same day"])
def test_change_comes_after_the_start_and_the_change_before(day: int) -> None:
    """Two on one day would leave a line that never held."""
    goal = _goal(phases=(_phase(42),))
    with pytest.raises(InvalidValue, match="phase_order") as refused:
        begin_phase(goal, _phase(day))

    assert "starts_on" == refused.value.field
    assert 43 == (begin_phase(goal, _phase(43)).line.starts_on - START).days


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"baseline": -0.5}, "baseline"), ({"baseline": 101}, "baseline"), ({"target": 100.5}, "target")],
)
def test_change_stays_on_the_scale(changes: dict[str, float], field: str) -> None:
    """A level no reading can have is refused; so is one beyond an open scale."""
    with pytest.raises(InvalidValue, match="out_of_scale") as refused:
        begin_phase(_goal(), _phase(**changes))
    assert field == refused.value.field
    with pytest.raises(InvalidValue, match="out_of_scale"):
        begin_phase(_goal(measure=Measure(kind=MeasureKind.FREQUENCY)), _phase(**{field: 1e13}))


def test_change_may_begin_past_the_target() -> None:
    """What was reached is kept: the line leads back to the target, and rises or falls as it must."""
    changed = begin_phase(_goal(), _phase(baseline=90.0))

    assert (90.0, 80.0) == (changed.aimline.value_at(START + DAY * 42), changed.aimline.value_at(END))


@pytest.mark.parametrize("state", [one for one in GoalState if one is not GoalState.ACTIVE])
def test_only_a_goal_in_use_changes(state: GoalState) -> None:
    """A draft is rewritten, an ended goal is over."""
    goal = _goal(state=state, phases=(_phase(),))
    for attempt in (lambda: begin_phase(goal, _phase(50)), lambda: withdraw_phase(goal)):
        with pytest.raises(IllegalMove, match="goal_not_active") as refused:
            attempt()
        assert {"state": state.value} == refused.value.params


def test_there_is_nothing_to_take_back_without_a_change() -> None:
    """The first line is no change."""
    with pytest.raises(IllegalMove, match="no_phase"):
        withdraw_phase(_goal())


def test_changes_stay_with_a_goal_that_ends() -> None:
    """Its history is part of what was met."""
    assert (_phase(),) == move_goal(_goal(phases=(_phase(),)), GoalState.MET).phases


@given(goal=changed_goals(), phase=PHASES, day=st.integers(-30, 400))
def test_change_never_alters_what_was_expected_before_it(goal: Goal, phase: GoalPhase, day: int) -> None:
    """On every earlier day the same value, the same side for any score, the same line; from its day on its
    own."""
    if phase.starts_on <= goal.line.starts_on:
        return
    changed, on = begin_phase(goal, phase), START + DAY * day
    if on < phase.starts_on:
        assert goal.aimline.value_at(on) == changed.aimline.value_at(on)
        assert goal.aimline.segment_at(on) == changed.aimline.segment_at(on)
        assert goal.aimline.target_held_since(on) == changed.aimline.target_held_since(on)
        assert phase_of(goal, on) == phase_of(changed, on)
        for score in (0.0, 50.0, 100.0):
            assert goal.aimline.side(on, score, goal.direction) == changed.aimline.side(
                on, score, goal.direction
            )
    else:
        assert phase.line.value_at(on) == changed.aimline.value_at(on)
        assert phase_of(goal, on) + 1 == phase_of(changed, on)


@given(goal=changed_goals(), phase=PHASES)
def test_change_taken_back_leaves_only_its_version(goal: Goal, phase: GoalPhase) -> None:
    """The same goal, two versions on, with the same line on every day."""
    if phase.starts_on <= goal.line.starts_on:
        return
    back = withdraw_phase(begin_phase(goal, phase))

    assert replace(goal, version=goal.version + 2) == back
    assert goal.aimline == back.aimline


@given(changed_goals())
def test_changes_survive_an_export(goal: Goal) -> None:
    """Written out and read back, every line, word and instant is the same."""
    (back,) = import_lines(export_lines([goal], made_at=goal.created_at))

    assert goal == back
    assert isinstance(back, Goal)
    assert goal.aimline == back.aimline


def test_export_from_before_there_were_changes_is_read() -> None:
    """A file without the field gives a goal without changes."""
    head, line = export_lines([_goal()], made_at=datetime(2026, 1, 1, tzinfo=UTC))
    (back,) = import_lines([head, line.replace(', "phases": []', "")])

    assert "phases" in line
    assert isinstance(back, Goal)
    assert () == back.phases


# -------------------------------------------------------------------------------------------- phases of days


def test_days_are_counted_by_teaching_and_changes() -> None:
    """-1 before teaching, 0 from its first day, one more from each change's own day on."""
    goal = _goal(introduced_on=START + DAY * 10, phases=(_phase(20), _phase(30)))

    assert [-1, -1, 0, 0, 1, 1, 2] == [
        phase_of(goal, START + DAY * day) for day in (-1, 9, 10, 19, 20, 29, 30)
    ]
    assert -1 == phase_of(replace(goal, introduced_on=None), END)


def test_changes_from_before_teaching_count_from_its_first_day() -> None:
    """Until then all is before teaching, whatever was changed."""
    goal = _goal(introduced_on=START + DAY * 25, phases=(_phase(20), _phase(30)))

    assert [-1, 1, 1, 2] == [phase_of(goal, START + DAY * day) for day in (24, 25, 29, 30)]


def test_series_carries_each_days_phase() -> None:
    """Only standing points of the goal; a day without a score keeps its place."""
    goal = _goal(phases=(_phase(20),))
    points = [
        a_point(goal, score=score, observed_on=START + DAY * day)
        for day, score in ((25, 40.0), (7, 30.0), (20, None))
    ]
    series = phased_series(goal, [*points, a_point(_goal(), observed_on=START)])

    assert [("0", 30.0), ("1", None), ("1", 40.0)] == [(one.phase, one.score) for one in series]
    assert 2 == len(series.current_phase())


# ------------------------------------------------------------------------------------- findings with changes


def _scored(goal: Goal, *scores: float | None) -> list[DataPoint]:
    """Return a point a week with each score, the first a week after the start."""
    return [
        a_point(goal, score=score, observed_on=START + WEEK * week)
        for week, score in enumerate(scores, start=1)
    ]


@given(
    scores=st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=20),
    on=st.integers(-20, 320),
    falls=st.booleans(),
)
def test_finding_without_changes_is_as_before(scores: list[float | None], on: int, falls: bool) -> None:
    """What ``find`` says of a goal without changes is what the plain line says, number by number."""
    goal = _goal(baseline=80, target=20) if falls else _goal()
    line = Aimline(baseline=goal.baseline, target=goal.target, starts_on=START, ends_on=END)
    day = START + DAY * on
    points = _scored(goal, *scores)
    found = find(goal, points, on=day)
    series = series_of([one for one in points if one.observed_on <= day])
    status = period_status(
        series,
        line,
        goal.direction,
        goal.criterion,
        default_period(goal, day, FindingPolicy()),
        introduced=day >= START,
    )

    assert status == found.status
    assert finding_word(status, line, goal.direction) is found.word
    assert four_point_flag(series, line, goal.direction) == found.flag


@given(goal=changed_goals(), scores=st.lists(st.floats(0, 100), max_size=20), ahead=st.integers(1, 200))
def test_finding_of_a_day_is_not_altered_by_a_later_change(
    goal: Goal, scores: list[float], ahead: int
) -> None:
    """Asked again for last month, the words are last month's."""
    day = goal.line.starts_on + DAY * 20
    points = _scored(goal, *scores)
    later = begin_phase(
        goal, _phase(starts_on=day + DAY * ahead, baseline=1.0, target=99.0, ends_on=END + DAY * 900)
    )

    assert replace(find(goal, points, on=day), goal_version=later.version) == find(later, points, on=day)


def test_score_on_the_day_of_a_change_is_held_against_the_new_line() -> None:
    """The day before it the old one still holds."""
    goal = _goal(phases=(_phase(42, baseline=30.0),))
    old, new = _scored(goal, *[30.0] * 5), _scored(goal, *[30.0] * 6)
    before, on = find(goal, old, on=START + DAY * 41), find(goal, new, on=START + DAY * 42)

    assert (goal.first_line.value_at(START + WEEK * 5), 30.0) == (before.expected, on.expected)
    assert FindingWord.ON_TRACK is on.word


@pytest.mark.parametrize(("target", "word"), [(80.0, FindingWord.MET), (85.0, FindingWord.ON_TRACK)])
def test_same_target_does_not_break_a_run_towards_it(target: float, word: FindingWord) -> None:
    """Two at target before a change and one after it are three in a row; a new target starts anew."""
    goal = _goal(phases=(_phase(21, target=target),))

    assert word is find(goal, _scored(goal, 80.0, 85.0, 90.0), on=START + WEEK * 3).word
