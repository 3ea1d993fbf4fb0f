"""The macros alone: escaping, ids that meet, one shape for each status, the chart from a frozen value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from flask import Flask, render_template_string

from tests.unit.design.reference_app import reference_app

KINDS = ("on_track", "close", "not_yet", "not_enough_data", "not_introduced", "met")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The smallest chart the contract of components/chart.html allows: no band, no goal, one point."""

    width: int = 720
    height: int = 300
    x_ticks: tuple[tuple[float, str], ...] = ((56.0, "19 Oct"),)
    y_ticks: tuple[tuple[float, str], ...] = ((270.0, "0"), (38.0, "10"))
    aims: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    dots: tuple[tuple[float, float, str], ...] = ((56.0, 100.0, "19 Oct: 7"),)
    home: tuple[tuple[float, float, str], ...] = ()
    phases: tuple[tuple[float, str], ...] = ()
    goal: tuple[float, float, str] | None = None
    title: str = "Called out <twice>"
    desc: str = "One count."
    columns: tuple[str, ...] = ("Date", "Count", "Expected", "Where")
    rows: tuple[tuple[str, ...], ...] = (("19 Oct", "7", "", "school"),)


@pytest.fixture(scope="module")
def app() -> Flask:
    """Return the small application of the reference page."""
    return reference_app()


def drawn(app: Flask, source: str, **values: object) -> str:
    """Render one piece of template as a page's template would."""
    with app.test_request_context():
        return render_template_string(source, **values)


def test_what_people_write_is_never_markup(app: Flask) -> None:
    """A message, a name and a label with angle brackets come out as text."""
    evil = "<img src=x onerror=alert(1)>"
    page = drawn(
        app,
        '{% from "components/messages.html" import bubble %}{{ bubble(w, w, [(w, "en", "ltr", w)], note=w) }}'
        '{% from "components/forms.html" import text_box %}'
        '{{ text_box("n", w, w, readers_words=w, hint=w, error=w) }}',
        w=evil,
    )
    assert "<img" not in page
    assert 10 == page.count("&lt;img src=x onerror=alert(1)&gt;")


def test_each_status_has_its_own_shape(app: Flask) -> None:
    """Without colour and without words the six still differ."""
    source = '{% from "components/shapes.html" import shape %}{{ shape(kind) }}'
    assert len(KINDS) == len({drawn(app, source, kind=kind) for kind in KINDS})


def test_the_domain_s_words_are_understood(app: Flask) -> None:
    """`sufficient` and `insufficient` look like on track and not yet."""
    source = '{% from "components/status.html" import status %}{{ status(kind, "word") }}'
    assert drawn(app, source, kind="on_track") == drawn(app, source, kind="sufficient")
    assert drawn(app, source, kind="not_yet") == drawn(app, source, kind="insufficient")


def test_a_chart_can_be_a_frozen_value_with_one_point(app: Flask) -> None:
    """No band, no goal, no home point, no phone drawing: still a chart with its table twin."""
    words = dict.fromkeys(("school", "home", "aim", "goal", "band", "table"), "word")
    page = drawn(
        app, '{% from "components/chart.html" import chart %}{{ chart(c, "c", w) }}', c=Drawing(), w=words
    )
    assert 1 == page.count('class="dot" cx="56.0"')
    assert "Called out &lt;twice&gt;" in page
    assert '<th scope="row">19 Oct</th><td>7</td>' in page
    assert "has-phone" not in page


def test_ids_on_the_reference_page_meet(app: Flask) -> None:
    """No id stands twice, and whatever is referred to exists."""
    page = app.test_client().get("/_components").text
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [] == [name for name, times in ids.items() if times > 1]
    lists = re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', page)
    assert set() == {name for names in lists for name in names.split()} - set(ids)
