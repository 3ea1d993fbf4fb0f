"""The evidence of a goal: what its scores carry on one day, whatever the measure and the changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.plan import DataPoint, Goal, correct_point
from iepcore.plan.current_report import current_report
from iepcore.plan.weighing import Evidence, evidence
from iepcore.progress import (
    CbmTask,
    DataLevel,
    Decision,
    Direction,
    Measure,
    MeasureKind,
    forecast,
    lrr_decrease,
    lrr_increase,
    mann_kendall,
    nap,
    pand,
    smd,
    tau_bc,
)
from iepcore.testing import a_goal, words
from iepcore.testing.store_values import a_phase, a_point, an_adult

START = date(2026, 9, 7)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
K = MeasureKind
EVERY_MEASURE = (
    Measure(kind=K.PERCENT_CORRECT),
    Measure(kind=K.PERCENT_CORRECT, trials_per_set=10),
    Measure(kind=K.FREQUENCY),
    Measure(kind=K.FREQUENCY, count_limit=20),
    Measure(kind=K.RATE),
    Measure(kind=K.RATE, observation_seconds=300),
    Measure(kind=K.DURATION),
    Measure(kind=K.DURATION, observation_seconds=600),
    Measure(kind=K.DURATION, observation_seconds=600, as_share_of_session=True),
    Measure(kind=K.LATENCY, ceiling_seconds=30),
    Measure(kind=K.PARTIAL_INTERVAL, intervals=20),
    Measure(kind=K.WHOLE_INTERVAL),
    Measure(kind=K.MOMENTARY_TIME_SAMPLE, intervals=12, interval_seconds=15),
    Measure(kind=K.PROMPT_LEVEL, prompt_levels=("full", "partial", "alone")),
    Measure(kind=K.RUBRIC, rubric_top=4),
    Measure(kind=K.TASK_ANALYSIS, steps=("take", "pour", "drink")),
    Measure(kind=K.CBM, cbm_task=CbmTask.ORAL_READING),
)


def _goal(**changes: Any) -> Goal:
    return a_goal(**{"baseline": 20, "target": 80, "starts_on": START, **changes})


def _scored(goal: Goal, *scores: float | None, first: int = 1) -> list[DataPoint]:
    """Return a point a week with each score, the first so many weeks after the start."""
    return [
        a_point(goal, score=score, observed_on=START + WEEK * week)
        for week, score in enumerate(scores, start=first)
    ]


def _changed(goal: Goal, *weeks: int, baseline: float = 40) -> Goal:
    """Return the goal with a change so many weeks after its start."""
    noted_by = an_adult().id
    phases = tuple(
        a_phase(
            noted_by,
            starts_on=START + WEEK * week,
            words=words(f"Change in week {week}"),
            baseline=baseline,
            target=goal.target,
            ends_on=goal.ends_on,
        )
        for week in weeks
    )
    return replace(goal, phases=phases)


def _numbers(value: object) -> Iterator[float]:
    """Yield every float anywhere inside a value."""
    if isinstance(value, float):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            yield from _numbers(getattr(value, one.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, dict):
        yield from _numbers(list(value.values()))


# ------------------------------------------------------------------------------------------ one phase, known


def test_evidence_is_what_the_rules_say_of_the_same_scores() -> None:
    """Nothing is computed twice in two ways: each part is the library's own answer."""
    goal = _goal()
    scores = [22.0, 25.0, 24.0, 30.0, 28.0, 33.0, 36.0, 35.0, 40.0]
    on = START + WEEK * 9
    found = evidence(goal, _scored(goal, *scores), on=on)
    weeks = [float(week) for week in range(1, 10)]

    assert (9, DataLevel.CAUTION, goal.version, on) == (
        found.report.n,
        found.report.level,
        found.goal_version,
        found.on,
    )
    assert mann_kendall(scores) == found.tendency
    assert (
        forecast(weeks, scores, at=52.0, goal=80.0, direction=Direction.INCREASE, scale=(0.0, 100.0))
        == found.at_end
    )
    assert (goal.ends_on, 80.0, ()) == (found.ends_on, found.target, found.comparisons)
    assert [(0, START, None, 9, pytest.approx(273 / 9), 30.0)] == [
        (one.index, one.starts_on, one.words, one.n, one.mean, one.median) for one in found.spans
    ]
    assert found.weeks_for_trend is not None
    assert 3 <= found.weeks_for_trend <= 20


def test_evidence_without_scores_says_so() -> None:
    """No phase, no trend, no forecast, and the reason of each."""
    goal = _goal()
    found = evidence(goal, [], on=START + WEEK)

    assert ((), (), None, "insufficient_data", "insufficient_data") == (
        found.spans,
        found.comparisons,
        found.weeks_for_trend,
        found.at_end.reason,
        found.tendency.reason,
    )
    assert Decision.INSUFFICIENT_DATA is found.report.four_point.decision


def test_evidence_before_the_goal_begins_looks_at_its_first_line() -> None:
    """A page opened in summer speaks of the line that will be."""
    goal = _goal()
    found = evidence(goal, _scored(goal, 10, 20, first=-3), on=START - DAY)

    assert (goal.ends_on, 80.0, 0, [-1]) == (
        found.ends_on,
        found.target,
        found.report.n,
        [one.index for one in found.spans],
    )


def test_evidence_leaves_out_what_does_not_stand() -> None:
    """Corrected points, points of other goals and the days to come change nothing."""
    goal = _goal()
    points = _scored(goal, 20, 30, 25, 35, 40, 38)
    on = START + WEEK * 6
    wrong = a_point(goal, score=99.0, observed_on=START + WEEK)
    noise = [
        wrong,
        *_scored(_goal(), 0, 0, 0),
        *_scored(goal, 90, 95, first=7),
    ]
    corrected = [correct_point(wrong, points[0]), *points[1:]]

    assert evidence(goal, points, on=on) == evidence(goal, [*noise, *corrected], on=on)


# ---------------------------------------------------------------------------------------------------- phases


def test_phases_stand_side_by_side() -> None:
    """Before teaching, the first teaching, each change: scores in brief, and each beside the one before."""
    goal = _changed(_goal(introduced_on=START + WEEK * 4), 8)
    scores = [10.0, 12.0, 11.0, 20.0, 22.0, 25.0, 24.0, 40.0, 44.0, None, 46.0]
    found = evidence(goal, _scored(goal, *scores), on=START + WEEK * 12)
    before, first, change = found.spans

    assert [(-1, 3, 11.0), (0, 4, 23.0), (1, 3, 44.0)] == [
        (one.index, one.n, one.median) for one in found.spans
    ]
    assert [START + WEEK, START + WEEK * 4, START + WEEK * 8] == [one.starts_on for one in found.spans]
    assert [None, None, words("Change in week 8")] == [one.words for one in found.spans]
    assert [(before, first), (first, change)] == [(one.before, one.after) for one in found.comparisons]
    sizes = dict(found.comparisons[0].main)
    a, b = scores[:3], scores[3:7]
    assert ["nap", "tau_bc", "lrr"] == list(sizes)
    assert ["pnd", "pem", "pand", "ird", "smd"] == [name for name, _ in found.comparisons[0].legacy]
    assert (nap(a, b), tau_bc(a, b)) == (sizes["nap"], sizes["tau_bc"])
    assert pand(a, b) == dict(found.comparisons[0].legacy)["pand"]
    assert smd(a, b) == dict(found.comparisons[0].legacy)["smd"]


def test_score_of_the_day_of_a_change_is_of_the_new_phase() -> None:
    """It belongs to the new phase's scores, but no rule judges it: the line was drawn from it."""
    goal = _changed(_goal(), 3)
    found = evidence(goal, _scored(goal, 20, 30, 40, 50, 60), on=START + WEEK * 5)

    assert [(0, 2), (1, 3)] == [(one.index, one.n) for one in found.spans]
    assert (2, [50.0, 60.0]) == (found.report.n, [one.score for one in found.report.points])


def test_change_without_a_score_yet_is_judged_by_nothing_before_it() -> None:
    """The rules spoke before the change; after it they wait for scores of the new phase."""
    goal = _goal()
    points = _scored(goal, *[5.0] * 8)
    on = START + WEEK * 9

    assert Decision.CHANGE_INSTRUCTION is evidence(goal, points, on=on).report.four_point.decision
    found = evidence(_changed(goal, 9, baseline=5), points, on=on)
    assert (Decision.INSUFFICIENT_DATA, 0, "insufficient_data", None) == (
        found.report.four_point.decision,
        found.report.n,
        found.at_end.reason,
        found.weeks_for_trend,
    )
    assert [0] == [one.index for one in found.spans]
    assert Decision.CHANGE_INSTRUCTION is (
        evidence(_changed(goal, 9, baseline=5), points, on=on - DAY).report.four_point.decision
    )


def test_no_rule_judges_a_plan_before_it_is_taught() -> None:
    """Eight low scores before teaching are a baseline; from its first day on they are still no reason."""
    goal = _goal(introduced_on=START + WEEK * 9)
    points = _scored(goal, *[5.0] * 8)

    for on in (START + WEEK * 8, START + WEEK * 9):
        found = evidence(goal, points, on=on)
        assert (0, Decision.INSUFFICIENT_DATA) == (found.report.n, found.report.four_point.decision)
        assert found.report == current_report(goal, points, on=on)
    assert 0 == current_report(replace(goal, introduced_on=None), points, on=START + WEEK * 9).n
    assert 8 == current_report(replace(goal, introduced_on=START), points, on=START + WEEK * 9).n


def test_forecast_looks_to_the_end_of_the_line_in_force() -> None:
    """A change that moved the end and the target is what the forecast is held against."""
    goal = _goal()
    phase = a_phase(
        an_adult().id, starts_on=START + WEEK * 2, baseline=30, target=60, ends_on=START + WEEK * 12
    )
    changed = replace(goal, phases=(phase,))
    found = evidence(changed, _scored(goal, 20, 30, 32, 36, 41, 43, 48, 50), on=START + WEEK * 8)

    assert (START + WEEK * 12, 60.0, 10.0, 60.0) == (
        found.ends_on,
        found.target,
        found.at_end.at,
        found.at_end.goal,
    )
    assert found.at_end.prediction is not None


def test_change_from_before_teaching_begins_with_teaching() -> None:
    """Its phase among the scores starts on the first day of teaching, not on a day that was still before."""
    goal = _changed(_goal(introduced_on=START + WEEK * 4), 2, 3)
    found = evidence(goal, _scored(goal, 10, 10, 10, 20, 30), on=START + WEEK * 6)

    assert [(-1, START + WEEK, 3, None), (2, START + WEEK * 4, 2, words("Change in week 3"))] == [
        (one.index, one.starts_on, one.n, one.words) for one in found.spans
    ]


def test_goal_not_taught_yet_has_one_phase() -> None:
    """Without a first day of teaching every score is from before it."""
    goal = _changed(_goal(introduced_on=None), 2)
    found = evidence(goal, _scored(goal, 10, 20, 30), on=START + WEEK * 6)

    assert [(-1, START + WEEK, 3)] == [(one.index, one.starts_on, one.n) for one in found.spans]


# ---------------------------------------------------------------------------------------- each measure's own


@pytest.mark.parametrize("kind", [K.RUBRIC, K.PROMPT_LEVEL, K.LATENCY], ids=lambda kind: kind.value)
def test_ranks_have_no_means(kind: MeasureKind) -> None:
    """Levels and times that end at a ceiling are compared by order only."""
    measure = next(one for one in EVERY_MEASURE if one.kind is kind)
    goal = _changed(_goal(measure=measure, baseline=1, target=4), 4, baseline=2)
    (found,) = evidence(goal, _scored(goal, 1, 2, 1, 3, 3, 4), on=START + WEEK * 9).comparisons

    assert ["nap", "tau_bc"] == [name for name, _ in found.main]
    assert ["pnd", "pem", "pand", "ird"] == [name for name, _ in found.legacy]


@pytest.mark.parametrize(
    ("measure", "options"),
    [
        (EVERY_MEASURE[0], {"scale": "percentage"}),
        (EVERY_MEASURE[1], {"scale": "percentage", "intervals": 10}),
        (EVERY_MEASURE[2], {"scale": "count"}),
        (EVERY_MEASURE[4], {}),
        (EVERY_MEASURE[5], {"scale": "rate", "observation_length": 5.0}),
        (EVERY_MEASURE[6], {}),
        (EVERY_MEASURE[8], {"scale": "percentage"}),
        (EVERY_MEASURE[10], {"scale": "percentage", "intervals": 20}),
        (EVERY_MEASURE[15], {"scale": "percentage", "intervals": 3}),
        (EVERY_MEASURE[16], {}),
    ],
    ids=[
        "percent", "percent of 10", "count", "rate", "rate in 5 minutes", "seconds", "share of session",
        "20 intervals", "3 steps", "words in a minute",
    ],
)  # fmt: skip
def test_ratio_knows_what_the_recording_could_tell_apart(measure: Measure, options: dict[str, Any]) -> None:
    """A phase of zeros has a ratio where the smallest step of the recording is known; both directions."""
    low, high = [0.0, 0.0, 0.0], [4.0, 6.0, 8.0]
    up = _changed(_goal(measure=measure, baseline=1, target=9), 4, baseline=2)
    down = _changed(_goal(measure=measure, baseline=9, target=1), 4, baseline=5)
    (rise,) = evidence(up, _scored(up, *low, *high), on=START + WEEK * 9).comparisons
    (fall,) = evidence(down, _scored(down, *high, *low), on=START + WEEK * 9).comparisons

    assert lrr_increase(low, high, direction="increase", **options) == dict(rise.main)["lrr"]
    assert lrr_decrease(high, low, direction="decrease", **options) == dict(fall.main)["lrr"]


# ------------------------------------------------------------------------- nothing it can be given breaks it


@pytest.mark.parametrize(
    ("baseline", "target"),
    [(50, 50), (50, 50.00001), (50, 50 + 1e-12), (0, 5e-324), (1, 1e12)],
    ids=["flat", "almost flat", "hardly rising", "the smallest float", "the highest"],
)
def test_line_of_any_steepness_has_its_evidence(baseline: float, target: float) -> None:
    """How many weeks the growth needs to show is asked of lines that ask for hardly any, or for very much."""
    goal = _goal(measure=EVERY_MEASURE[2], baseline=baseline, target=target)
    found = evidence(goal, _scored(goal, 4, 6, 5, 7, 6, 8, 7, 9), on=START + WEEK * 9)

    assert (3 if target == 1e12 else None) == found.weeks_for_trend
    assert all(map(isfinite, _numbers(found)))


@given(st.data())
def test_evidence_never_breaks_and_holds_finite_numbers_only(data: st.DataObject) -> None:
    """Every measure, either direction, any scores on any days, any changes, any day of asking."""
    measure = data.draw(st.sampled_from(EVERY_MEASURE))
    low, top = measure.scale_bounds
    scores = st.one_of(st.floats(low, 1e12 if top is None else top), st.sampled_from([0.0, 1.0, 2.0, 3.0]))
    days = st.integers(-40, 420)
    ends = [data.draw(scores), data.draw(scores)]
    baseline, target = ends
    goal = _goal(
        measure=measure,
        baseline=baseline,
        target=target,
        introduced_on=data.draw(st.one_of(st.none(), days.map(lambda day: START + DAY * day))),
    )
    begins = sorted(data.draw(st.sets(st.integers(1, 400), max_size=3)))
    phases = tuple(
        a_phase(
            goal.created_by,
            starts_on=START + DAY * day,
            baseline=data.draw(scores),
            target=data.draw(scores),
            ends_on=START + DAY * (day + data.draw(st.integers(1, 400))),
        )
        for day in begins
    )
    goal = replace(goal, phases=phases)
    taken = data.draw(st.lists(st.tuples(days, st.one_of(st.none(), scores)), max_size=25))
    points = [a_point(goal, score=score, observed_on=START + DAY * day) for day, score in taken]
    found = evidence(goal, points, on=START + DAY * data.draw(days))

    assert isinstance(found, Evidence)
    assert all(map(isfinite, _numbers(found)))
    assert sum(one.n for one in found.spans) >= found.report.n
    assert len(found.comparisons) == max(0, len(found.spans) - 1)
    starts = [one.starts_on for one in found.spans]
    assert sorted(starts) == starts
