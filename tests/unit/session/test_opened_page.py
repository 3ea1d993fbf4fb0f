"""The page of an opened door: the template's own bytes around each launch's own data block."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import render_template

from lti_app.session.opening import OpenDoor, opened_page
from tests.contract.lti.tool import TestWiring, make_app

DOOR = OpenDoor(
    token="token",
    tab="tab",
    secret="secret",
    path="/app/?a=</script><b>'&\"",
    ends_at=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    cookies=True,
)


def test_it_is_what_the_template_renders() -> None:
    """Kept halves give the same page, launch after launch, with everything odd in it escaped."""
    app = make_app(TestWiring())
    doors = (DOOR, replace(DOOR, token="another", cookies=False, high_contrast=True))
    with app.test_request_context("/lti/launch"):
        expected = [render_template("door/opened.html", door=door.as_json()) for door in doors]
        assert expected == [opened_page(door) for door in doors]
        assert expected == [opened_page(door) for door in doors]
    assert "</script><b>" not in expected[0]
    assert ("secret" in expected[0], "secret" in expected[1]) == (False, True)
