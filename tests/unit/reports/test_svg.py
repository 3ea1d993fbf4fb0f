"""The chart as a picture that stands alone: what it draws, what it says, and what it never holds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.language import FreeText
from iepcore.plan import Goal, GoalPhase
from iepcore.reports import Chart, ChartLabels, ChartPart, chart_of, svg_of
from iepcore.reports.chart import PhaseLine
from tests.unit.reports.goals import RECORDER, START, an_observation, day, scored, the_goal

SVG = "{http://www.w3.org/2000/svg}"
ISOLATES = "\u2068\u2069"


def labels(**changes: Any) -> ChartLabels:
    """Plain English labels with a name for every part."""
    whole: dict[str, Any] = {
        "title": "Asking for help",
        "desc": "Three scores, all short of the line.",
        "day": lambda on: f"{on.day}.{on.month}.",
        "value": lambda value: f"{value:g}",
        "goal": "Goal 80",
        "legend": {part: f"the {part}" for part in ChartPart},
        "lang": "en",
    }
    return ChartLabels(**{**whole, **changes})


def a_chart(**changes: Any) -> Chart:
    """Three scores, a day without a chance to try between them, and one day seen at home."""
    goal = the_goal()
    points = scored(goal, [(7, 41.0), (14, 42.0), (21, None), (28, 44.0)])
    return chart_of(goal, points, [an_observation(goal)], **changes)


def with_change(goal: Goal, number: int) -> Goal:
    """The goal with a change of teaching on a day, from 50 to the same target."""
    change = GoalPhase(
        starts_on=day(number),
        words=FreeText(text="More time", lang="en"),
        baseline=50.0,
        target=goal.target,
        ends_on=goal.ends_on,
        noted_by=RECORDER,
        noted_at=datetime.combine(day(number), time(9), tzinfo=UTC),
    )
    return replace(goal, phases=(change,))


def drawn(chart: Chart, **changes: Any) -> ET.Element:
    """The picture, parsed as the XML it is."""
    marked = changes.pop("marked", ())
    return ET.fromstring(svg_of(chart, labels(**changes), marked=marked))


def parts(picture: ET.Element, name: str) -> list[ET.Element]:
    """The elements of one class."""
    return [each for each in picture.iter() if each.get("class") == name]


def words(picture: ET.Element) -> list[str]:
    """The words that are written in the picture, without their isolates."""
    return [(each.text or "").strip(ISOLATES) for each in picture.iter(f"{SVG}text")]


def test_it_is_named_and_described() -> None:
    """A screen reader hears the title and the description, in the language given."""
    picture = drawn(a_chart())
    assert ("img", "chart-title chart-desc", "en") == (
        picture.get("role"),
        picture.get("aria-labelledby"),
        picture.get("lang"),
    )
    found = {each.get("id"): each.text for each in picture}
    assert "Asking for help" == found["chart-title"]
    assert "Three scores, all short of the line." == found["chart-desc"]
    assert drawn(a_chart(), lang="").get("lang") is None


def test_each_part_of_the_chart_is_drawn() -> None:
    """Scores as circles, home as squares, the aim dashed, one run before the gap, a star for the goal."""
    picture = drawn(a_chart(), legend={})
    assert [3, 1, 1, 1, 1] == [len(parts(picture, name)) for name in ("dot", "house", "aim", "run", "goal")]
    assert ["7 5"] == [each.get("stroke-dasharray") for each in parts(picture, "aim")]
    assert "14.9.: 41" == parts(picture, "dot")[0][0].text
    assert {"Goal 80", "40", "80"} <= set(words(picture))


def test_the_trend_lies_in_its_band() -> None:
    """From six scores on: a dotted line inside an outline, and one name for both in the legend."""
    goal = the_goal(introduced_on=START)
    rising = [(7 * week, 40.0 + week + week % 2) for week in range(1, 9)]
    picture = drawn(chart_of(goal, scored(goal, rising), []))
    # The second ones of their kind stand in the legend.
    assert [2, 2] == [len(parts(picture, "band")), len(parts(picture, "trend"))]
    assert [f"{SVG}polygon", f"{SVG}rect"] == [each.tag for each in parts(picture, "band")]
    assert "the band" in words(picture)
    without = drawn(chart_of(goal, scored(goal, rising), [], with_trend=False))
    assert [] == [*parts(without, "band"), *parts(without, "trend")]
    assert "the band" not in words(without)


def test_each_piece_of_the_aim_line_is_drawn() -> None:
    """A change of teaching ends one piece and begins the next, under its own name."""
    goal = with_change(the_goal(), 140)
    picture = drawn(chart_of(goal, [], []), phases={"change-1": "More time"}, legend={})
    assert 2 == len(parts(picture, "aim"))
    assert "More time" in words(picture)


def test_marked_scores_have_a_shape_of_their_own() -> None:
    """The points that a rule looked at are diamonds, not only another colour."""
    picture = drawn(a_chart(), marked=[day(28), day(100)], legend={})
    assert [2, 1] == [len(parts(picture, name)) for name in ("dot", "marked")]
    assert f"{SVG}path" == parts(picture, "marked")[0].tag


def test_the_legend_names_what_is_there() -> None:
    """In reading order; a part that is not drawn, or has no name, is left out."""
    assert ["the score", "the home", "the aim", "the goal"] == words(drawn(a_chart()))[-4:]
    marked = words(drawn(a_chart(), marked=[day(7)]))
    assert ["the score", "the marked", "the home", "the aim", "the goal"] == marked[-5:]
    few = drawn(a_chart(), legend={ChartPart.AIM: "path"})
    assert "path" == words(few)[-1]
    assert "the score" not in words(few)


def test_a_legend_that_is_too_long_breaks_into_rows() -> None:
    """The picture grows by a row, and without a legend by nothing."""
    chart = a_chart(width=360, compact=True)
    long = drawn(chart, legend=dict.fromkeys(ChartPart, "a name of some length"))
    assert ["0 0 360 300", "0 0 360 398", "0 0 360 326"] == [
        drawn(chart, legend={}).get("viewBox"),
        long.get("viewBox"),
        drawn(chart, legend={ChartPart.AIM: "path"}).get("viewBox"),
    ]
    assert "15.5" == long.get("font-size")


def test_a_goal_beyond_the_drawing_stands_above_it() -> None:
    """Its star and its words are at the right edge."""
    goal = the_goal(ends_on=day(1000))
    picture = drawn(chart_of(goal, [], []), goal="Goal 80 in June")
    assert "Goal 80 in June" in words(picture)
    assert "translate(698 17)" == parts(picture, "goal")[0].get("transform")


def test_a_goal_at_the_left_has_its_words_at_its_right() -> None:
    """They would leave the picture on the other side."""
    goal = the_goal(ends_on=day(20))
    picture = drawn(chart_of(goal, scored(goal, [(200, 90.0)]), []))
    (name,) = parts(picture, "name")
    assert "start" == name.get("text-anchor")


@pytest.mark.parametrize(("ident", "is_good"), [("week-6", True), ("6", False), ("a b", False), ('"', False)])
def test_the_ids_are_safe(ident: str, is_good: bool) -> None:
    """Nothing but a plain word can become an id."""
    if is_good:
        assert f'id="{ident}-title"' in svg_of(a_chart(), labels(), ident=ident)
        return
    with pytest.raises(InvalidValue, match="not_a_key"):
        svg_of(a_chart(), labels(), ident=ident)


def test_it_runs_nothing_and_fetches_nothing() -> None:
    """No script, no link, no address but the name of the format."""
    text = svg_of(a_chart(), labels())
    assert 1 == text.count("http")
    assert not any(word in text for word in ("<script", "href", "url(", "@import", "onload", "style="))
    # Every rule stays inside this kind of picture.
    rules = text[text.index("<style>") : text.index("</style>")]
    assert rules.count("{") - 2 == rules.count(".goal-plot .") - rules.count(",.goal-plot")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_words_are_words_whatever_they_hold(title: str, goal: str) -> None:
    """Angle brackets, quotes and control characters neither break the picture nor become part of it."""
    picture = drawn(a_chart(), title=f"</title><b a='{title}", goal=goal)
    assert [] == [each.tag for each in picture.iter() if each.tag == "b"]
    assert 1 == len(parts(picture, "aim")) - 1


def test_a_phase_line_is_named_by_its_key() -> None:
    """Names of neighbours stand in two rows; a line without a name has none."""
    lines = tuple(
        PhaseLine(x=x, on=date(2026, 10, 1), key=key)
        for x, key in ((100.0, "first"), (600.0, "second"), (650.0, "x"))
    )
    picture = drawn(replace(a_chart(), phases=lines), phases={"first": "More time", "second": "Pairs"})
    assert 3 == len(parts(picture, "phase"))
    named = {(each.text or "").strip(ISOLATES): each for each in parts(picture, "name")}
    assert ["start", "17"] == [named["More time"].get(key) for key in ("text-anchor", "y")]
    assert ["end", "33"] == [named["Pairs"].get(key) for key in ("text-anchor", "y")]
