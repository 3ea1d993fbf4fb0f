"""The chart of a goal: what stands where, what breaks the line, and what the table says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore.family import HomeAnswer
from iepcore.progress import Direction, Measure, MeasureKind
from iepcore.reports import Chart, chart_of
from iepcore.reports.scales import Box, DayScale
from tests.unit.reports.goals import START, an_observation, day, scored, the_goal

PERCENT = Measure(kind=MeasureKind.PERCENT_CORRECT)
RATE = Measure(kind=MeasureKind.RATE)


def test_the_line_runs_from_the_baseline_to_the_star() -> None:
    """The aim starts at the baseline on the first day and ends where the star stands."""
    chart = chart_of(the_goal(), [], [])
    assert chart.star is not None
    assert (START, day(280)) == (chart.first_on, chart.last_on)
    assert (((44.0, 270.0), (chart.star.x, chart.star.y)),) == chart.aims
    assert (706.0, 38.0, 80.0) == (chart.star.x, chart.star.y, chart.star.value)


def test_a_decrease_goal_runs_down() -> None:
    """Going down is improvement: the star stands below the start of the line."""
    chart = chart_of(the_goal(baseline=9.0, target=2.0, direction=Direction.DECREASE, measure=RATE), [], [])
    assert chart.aims[0][1][1] > chart.aims[0][0][1]


def test_scores_stand_on_their_days_and_values() -> None:
    """Halfway in time and value is halfway in the drawing."""
    goal = the_goal()
    chart = chart_of(goal, scored(goal, [(0, 40.0), (140, 60.0)]), [])
    assert [(44.0, 270.0), (375.0, 154.0)] == [(dot.x, dot.y) for dot in chart.dots]


def test_a_gap_of_three_weeks_is_joined_and_one_day_more_is_not() -> None:
    """A line across a longer gap would claim what nobody saw."""
    goal = the_goal()
    joined = chart_of(goal, scored(goal, [(7, 40.0), (28, 42.0)]), [])
    broken = chart_of(goal, scored(goal, [(7, 40.0), (14, 41.0), (36, 42.0)]), [])
    assert [2] == [len(run) for run in joined.segments]
    assert [2] == [len(run) for run in broken.segments]
    assert 3 == len(broken.dots)


def test_an_absence_breaks_the_line() -> None:
    """A day with nothing to score has no dot, and the line stops before it and starts after it."""
    goal = the_goal()
    chart = chart_of(goal, scored(goal, [(0, 40.0), (7, 41.0), (14, None), (21, 43.0), (28, 44.0)]), [])
    assert [2, 2] == [len(run) for run in chart.segments]
    assert [40.0, 41.0, None, 43.0, 44.0] == [row.value for row in chart.rows]


def test_corrected_points_and_those_of_other_goals_are_left_out() -> None:
    """Only what stands, and only this goal."""
    goal = the_goal()
    old, other = scored(goal, [(7, 90.0)])[0], scored(the_goal(), [(7, 10.0)])
    new = replace(scored(goal, [(7, 45.0)])[0], supersedes=old.id)
    chart = chart_of(goal, [old, new, *other], [an_observation(the_goal(), observed_on=day(3))])
    assert [45.0] == [dot.value for dot in chart.dots]
    assert () == chart.home


def test_home_observations_stand_on_a_lane_of_their_own() -> None:
    """No score, no height: below the scale, one mark a day, and "no chance" is in the table only."""
    goal, evening = the_goal(), datetime(2026, 9, 14, 19, tzinfo=UTC)
    seen = [
        an_observation(goal, observed_on=day(7), received_at=evening),
        an_observation(
            goal, observed_on=day(7), answer=HomeAnswer.WITH_HELP, received_at=evening + timedelta(hours=1)
        ),
        an_observation(
            goal, observed_on=day(9), answer=HomeAnswer.NO_CHANCE, received_at=evening + timedelta(days=2)
        ),
    ]
    chart = chart_of(goal, scored(goal, [(7, 40.0)]), seen)
    assert [(day(7), 2, 257.0)] == [(mark.on, len(mark.observations), mark.y) for mark in chart.home]
    assert all(place[1] <= 244.0 for piece in chart.aims for place in piece)
    answers = [row.answer for row in chart.rows if row.value is None]
    assert [HomeAnswer.YES_ALONE, HomeAnswer.WITH_HELP, HomeAnswer.NO_CHANCE] == answers


def test_the_table_holds_what_was_expected_on_each_day() -> None:
    """Before the line starts nothing was expected."""
    goal = the_goal()
    chart = chart_of(goal, scored(goal, [(-7, 38.0), (140, 55.0)]), [])
    assert [(38.0, None), (55.0, 60.0)] == [(row.value, row.expected) for row in chart.rows]


def test_a_phone_shows_the_last_twenty_weeks_of_a_long_goal() -> None:
    """The star is out of sight then; the table still holds every point."""
    goal = the_goal(ends_on=day(364))
    points = scored(goal, [(7 * week, 40.0 + week) for week in range(30)])
    chart = chart_of(goal, points, [], width=360, height=280, compact=True)
    assert (day(7 * 13), day(7 * 33)) == (chart.first_on, chart.last_on)
    assert chart.star is None
    assert (17, 30) == (len(chart.dots), len(chart.rows))


def test_a_phone_shows_a_short_goal_whole() -> None:
    """Nothing is cut when it fits."""
    chart = chart_of(the_goal(ends_on=day(100)), [], [], width=360, height=280, compact=True)
    assert chart.star is not None


def test_a_wide_drawing_of_a_year_begins_with_twenty_weeks_and_ends_with_the_star() -> None:
    """Early scores have room; when the end comes near, it is in sight."""
    goal = the_goal(ends_on=day(364))
    early = chart_of(goal, scored(goal, [(3, 41.0)]), [])
    late = chart_of(goal, scored(goal, [(3, 41.0), (343, 79.0)]), [])
    assert (day(140), None) == (early.last_on, early.star)
    assert (day(84), day(364)) == (late.first_on, late.last_on)
    assert late.star is not None


def test_a_new_long_goal_on_a_phone_begins_with_eight_weeks() -> None:
    """Early points are not squeezed into a corner."""
    goal = the_goal(ends_on=day(364))
    chart = chart_of(goal, scored(goal, [(3, 41.0)]), [], width=360, height=280, compact=True)
    assert (START, day(56)) == (chart.first_on, chart.last_on)


def test_a_phone_window_after_the_goal_s_end_still_has_a_scale() -> None:
    """Only something seen at home long afterwards: no line, no dot, but a drawing."""
    goal = the_goal()
    chart = chart_of(goal, [], [an_observation(goal, observed_on=day(700))], compact=True)
    assert ((), (), 1) == (chart.aims, chart.dots, len(chart.home))


def test_ticks_are_round_numbers_within_the_scale() -> None:
    """Percent ends at 100, levels go by whole steps, and no step is odd."""
    goal = the_goal(baseline=10.0, target=95.0)
    assert [0, 20, 40, 60, 80, 100] == [value for _, value in chart_of(goal, [], []).y_ticks]
    levels = the_goal(baseline=1.0, target=3.0, measure=Measure(kind=MeasureKind.RUBRIC, rubric_top=4))
    assert [1, 2, 3] == [value for _, value in chart_of(levels, [], []).y_ticks]


def test_the_scale_ends_where_the_measure_does() -> None:
    """Seven problems on a page: no line for an eighth."""
    page = Measure(kind=MeasureKind.FREQUENCY, count_limit=7)
    chart = chart_of(the_goal(baseline=0.0, target=7.0, measure=page), [], [])
    assert [0, 2, 4, 6] == [value for _, value in chart.y_ticks]
    assert chart.star is not None
    assert 38.0 == chart.star.y


def test_all_scores_equal_to_a_flat_line_still_have_room() -> None:
    """A maintenance goal at the top of its scale: air below, none above 100."""
    goal = the_goal(baseline=100.0, target=100.0)
    chart = chart_of(goal, scored(goal, [(7, 100.0), (14, 100.0)]), [])
    assert {38.0} == {dot.y for dot in chart.dots}
    low = the_goal(baseline=0.0, target=0.0, direction=Direction.DECREASE)
    values = [value for _, value in chart_of(low, [], []).y_ticks]
    assert [0.0, 1.0] == [values[0], values[-1]]


def test_a_score_outside_a_scale_that_was_changed_later_stays_inside_the_frame() -> None:
    """Better a longer scale than a dot in the margin."""
    goal = the_goal()
    chart = chart_of(goal, scored(goal, [(7, 130.0), (14, 130.0)]), [])
    assert 130.0 <= max(value for _, value in chart.y_ticks) + 20
    assert all(38.0 <= dot.y <= 270.0 for dot in chart.dots)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (2, [0, 1, 2]),
        (10, [0, 2, 4, 6, 8, 10]),
        (14, [0, 2, 4, 6, 8, 10, 12, 14]),
        (49, [0, 7, 14, 21, 28, 35, 42, 49]),
        (112, [0, 14, 28, 42, 56, 70, 84, 98, 112]),
    ],
)
def test_short_spans_are_ticked_by_days_or_weeks(days: int, expected: list[int]) -> None:
    """Counted from the first day, far enough apart to be read."""
    chart = chart_of(the_goal(ends_on=day(days)), [], [])
    assert expected == [(on - START).days for _, on in chart.x_ticks]


def test_long_spans_are_ticked_by_months() -> None:
    """A school year gets first days of months."""
    chart = chart_of(the_goal(), [], [])
    assert [date(2026, 11, 1), date(2027, 1, 1)] == [on for _, on in chart.x_ticks][:2]
    assert all(on.day == 1 for _, on in chart.x_ticks)


def test_a_span_of_centuries_gets_its_first_day() -> None:
    """Absurd, and still a drawing."""
    goal = the_goal(starts_on=date(1, 1, 2), ends_on=date(9998, 1, 1))
    scale = DayScale(first=goal.starts_on, last=goal.ends_on, box=Box(left=0, right=700, top=0, bottom=1))
    assert (date(1, 1, 2),) == scale.ticks(apart=64.0)


SCORES = st.one_of(st.none(), st.floats(0, 1e300), st.floats(0, 100), st.just(50.0))
SERIES = st.lists(st.tuples(st.integers(-60, 700), SCORES), max_size=30)


def places_of(chart: Chart) -> list[tuple[float, float]]:
    """Return every place the chart draws at."""
    found = [
        *(place for piece in chart.aims for place in piece),
        *chart.trend,
        *chart.band,
        *(place for run in chart.segments for place in run),
    ]
    found += [(dot.x, dot.y) for dot in chart.dots] + [(mark.x, mark.y) for mark in chart.home]
    if chart.star is not None:
        found.append((chart.star.x, chart.star.y))
    return found


@settings(max_examples=80, deadline=None)
@given(
    pairs=SERIES,
    home=st.lists(st.integers(-60, 700), max_size=6),
    ends=st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)),
    days=st.integers(1, 800),
    compact=st.booleans(),
)
def test_every_chart_stays_in_its_frame_and_time_runs_on(
    pairs: list[tuple[int, float | None]],
    home: list[int],
    ends: tuple[float, float],
    days: int,
    compact: bool,
) -> None:
    """Any scores, any goal, up or down: in the frame, x never goes back, rows complete."""
    baseline, target = ends
    goal = the_goal(
        baseline=baseline,
        target=target,
        ends_on=START + timedelta(days=days),
        measure=RATE,
        direction=Direction.INCREASE if target >= baseline else Direction.DECREASE,
    )
    points = scored(goal, pairs)
    seen = [an_observation(goal, observed_on=day(number)) for number in home]
    width, height = (360, 280) if compact else (720, 300)
    chart = chart_of(goal, points, seen, width=width, height=height, compact=compact)
    assert all(44 <= x <= width - 14 and 38 <= y <= height - 30 for x, y in places_of(chart))
    for line in (
        [dot.x for dot in chart.dots],
        [mark.x for mark in chart.home],
        [x for x, _ in chart.x_ticks],
    ):
        assert sorted(line) == line
    assert all(len(run) > 1 for run in chart.segments)
    assert sorted((value for _, value in chart.y_ticks)) == [value for _, value in chart.y_ticks]
    assert 1 <= len(chart.y_ticks) <= 12
    assert len(pairs) + len(home) == len(chart.rows)
    assert chart == chart_of(goal, list(reversed(points)), seen, width=width, height=height, compact=compact)
