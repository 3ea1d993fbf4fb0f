"""What changes on the way look like in the drawing: phase lines, pieces of the aim line, trend and band."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore.language import FreeText
from iepcore.plan import Goal, GoalPhase
from iepcore.reports import TEACHING, ChartLabels, ChartPart, chart_of, sparkline_of, svg_of
from tests.unit.reports.goals import RECORDER, START, day, scored, the_goal


def a_change(number: int, **changes: Any) -> GoalPhase:
    """A change on day ``number``: the line starts again at 50 and leads where it led before."""
    phase = GoalPhase(
        starts_on=day(number),
        words=FreeText(text="Echo reading begins", lang="en"),
        baseline=50.0,
        target=80.0,
        ends_on=day(280),
        noted_by=RECORDER,
        noted_at=datetime(2026, 9, 1, tzinfo=UTC),
    )
    return replace(phase, **changes)


def changed(**changes: Any) -> Goal:
    """A goal taught from its first day, with a change on day 140."""
    return the_goal(**{"introduced_on": START, "phases": (a_change(140),), **changes})


def test_a_change_has_its_line_its_words_and_a_new_piece_of_the_path() -> None:
    """The first piece ends where the line would have been; the second starts at the new level."""
    chart = chart_of(changed(), [], [])
    assert [("change-1", day(140), "Echo reading begins")] == [
        (one.key, one.on, one.words.text if one.words else "") for one in chart.phases
    ]
    (start, middle), (again, end) = chart.aims
    assert (44.0, 375.0) == (start[0], middle[0])
    assert 375.0 == again[0] == chart.phases[0].x
    assert again[1] > middle[1]
    assert chart.star is not None
    assert end == (chart.star.x, chart.star.y)


def test_a_change_of_the_goal_moves_the_star() -> None:
    """The star stands at the newest target and day; the table keeps what was expected before."""
    goal = changed(phases=(a_change(140, target=70.0, ends_on=day(210)),))
    chart = chart_of(goal, scored(goal, [(70, 55.0), (210, 70.0)]), [])
    assert chart.star is not None
    assert (70.0, day(210)) == (chart.star.value, chart.star.on)
    assert [50.0, 70.0] == [row.expected for row in chart.rows]


def test_the_line_of_scores_stops_at_a_change() -> None:
    """Scores before and after are two runs, however close in time."""
    goal = changed()
    chart = chart_of(goal, scored(goal, [(126, 50.0), (133, 51.0), (140, 52.0), (147, 53.0)]), [])
    assert [2, 2] == [len(run) for run in chart.segments]


@pytest.mark.parametrize(("before", "keys"), [([0, 7], [TEACHING]), ([], [])])
def test_the_start_of_teaching_is_drawn_when_there_are_scores_before_it(
    before: list[int], keys: list[str]
) -> None:
    """Without a baseline phase there is nothing to set apart."""
    goal = the_goal(introduced_on=day(14))
    chart = chart_of(goal, scored(goal, [(number, 40.0) for number in [*before, 21, 28]]), [])
    assert keys == [one.key for one in chart.phases]


def test_changes_out_of_sight_are_not_drawn() -> None:
    """A drawing that begins later than a change has neither its line nor the piece before it."""
    goal = changed(ends_on=day(900), phases=(a_change(60, ends_on=day(900)),))
    chart = chart_of(goal, scored(goal, [(700, 60.0)]), [])
    assert chart.first_on > day(60)
    assert ((), 1) == (chart.phases, len(chart.aims))


def test_a_trend_needs_six_scores_and_runs_from_the_first_to_the_last() -> None:
    """The band is closed around it and widest at its ends."""
    goal = changed(phases=())
    few = scored(goal, [(7 * week, 40.0 + week % 3) for week in range(1, 6)])
    assert ((), ()) == (chart_of(goal, few, []).trend, chart_of(goal, few, []).band)

    points = scored(goal, [(7 * week, 40.0 + week + week % 3) for week in range(1, 11)])
    chart = chart_of(goal, points, [])
    (x1, y1), (x2, y2) = chart.trend
    assert (chart.dots[0].x, chart.dots[-1].x) == (x1, x2)
    assert y1 > y2
    half = len(chart.band) // 2
    upper, lower = chart.band[:half], chart.band[half:][::-1]
    widths = [below[1] - above[1] for above, below in zip(upper, lower, strict=True)]
    assert all(width > 0 for width in widths)
    assert widths[0] > min(widths) < widths[-1]


def test_the_trend_is_of_the_current_phase_only() -> None:
    """After a change it begins anew, and is gone until there are six scores again."""
    goal = changed()
    before = [(7 * week, 40.0 + week + week % 2) for week in range(1, 20)]
    after = [(141 + 7 * week, 50.0 + week % 3) for week in range(8)]
    assert () == chart_of(goal, scored(goal, before), []).trend
    assert () == chart_of(goal, scored(goal, before + after[:5]), []).trend
    chart = chart_of(goal, scored(goal, before + after), [])
    assert chart.trend[0][0] >= chart.phases[0].x


def test_a_family_chart_goes_without_the_trend() -> None:
    """Asked without it, nothing of it is there."""
    goal = changed(phases=())
    points = scored(goal, [(7 * week, 40.0 + week % 3) for week in range(1, 20)])
    chart = chart_of(goal, points, [], with_trend=False)
    assert ((), ()) == (chart.trend, chart.band)


def test_a_trend_that_would_start_and_end_on_one_day_of_the_drawing_is_left_out() -> None:
    """A long goal shows its last weeks; scores from before the drawing leave no line at its edge."""
    goal = the_goal(introduced_on=START, ends_on=day(2000))
    points = scored(goal, [(number, 40.0 + number % 3) for number in range(1, 9)])
    late = scored(goal, [(1500, None)])
    chart = chart_of(goal, [*points, *late], [])
    assert chart.first_on > day(9)
    assert () == chart.trend


def test_numbers_past_the_floats_leave_no_band() -> None:
    """Absurd scores are drawn at the edge, and nothing is said about their trend."""
    goal = the_goal(introduced_on=START)
    points = scored(goal, [(7 * week, 1e300 * (week % 2)) for week in range(1, 9)])
    chart = chart_of(goal, points, [])
    assert 8 == len(chart.dots)
    assert all(38.0 <= y <= 270.0 for _, y in (*chart.trend, *chart.band))


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.integers(1, 279), unique=True, max_size=5))
def test_pieces_follow_each_other_without_overlap(days: list[int]) -> None:
    """However many changes there are, every day has one line: each piece starts where the last one ended."""
    goal = changed(phases=tuple(a_change(number) for number in sorted(days)))
    aims = chart_of(goal, [], []).aims
    assert [one[1][0] for one in aims[:-1]] == [one[0][0] for one in aims[1:]]
    assert len(days) + 1 == len(aims)


def test_the_small_line_bends_at_a_change() -> None:
    """The aim of a row's small line goes by way of the day of the change."""
    goal = changed()
    line = sparkline_of(goal, scored(goal, [(126, 50.0), (154, 52.0)]))
    assert line is not None
    assert [4.0, 44.0, 84.0] == [x for x, _ in line.aim]


def test_a_picture_that_stands_alone_draws_all_of_it() -> None:
    """Band, trend, both pieces of the path and the phase line are in the SVG, and named in its legend."""
    goal = changed()
    points = scored(goal, [(141 + 7 * week, 50.0 + week % 3) for week in range(8)])
    labels = ChartLabels(
        title="Reading",
        desc="Eight scores after a change.",
        day=str,
        value=str,
        goal="Goal 80",
        phases={"change-1": "Echo reading"},
        legend={ChartPart.BAND: "trend", ChartPart.AIM: "path"},
    )
    drawn = svg_of(chart_of(goal, points, []), labels)
    assert 3 == drawn.count('class="aim"')
    assert (2, 2, 1) == tuple(drawn.count(f'class="{part}"') for part in ("trend", "band", "phase"))
    assert "Echo reading" in drawn
