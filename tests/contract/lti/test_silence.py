"""What a launch does in the database tells nothing either: the same sentences one by one, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from tests.contract.lti.house import LEARNER, MENTOR, Front, subject_of
from tests.contract.lti.test_whole_house import front
from tests.unit.screens.conftest import house, seeded_file

__all__ = ["front", "house", "seeded_file"]

_VALUE = re.compile(r"[xX]?'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
Launched = tuple[list[str], bytes]


@pytest.fixture
def watched(front: Front) -> Iterator[Callable[[Callable[[], TestResponse]], Launched]]:
    """Run a launch and return the sentences the database was asked for it, without values, and its bytes."""
    engines, said = front.house.wired.engines, list[str]()

    def trace(connection: Any, _record: object) -> None:
        connection.set_trace_callback(said.append)

    engines.close()  # so that every connection from now on is a watched one
    for engine in (engines.write, engines.light, engines.read):
        sa.event.listen(engine, "connect", trace)

    def run(launch: Callable[[], TestResponse]) -> Launched:
        launch()  # opens connections, and notes that the deployment works
        said.clear()
        answer = launch()
        return [_VALUE.sub("?", sentence) for sentence in said], answer.data

    yield run
    for engine in (engines.write, engines.light, engines.read):
        sa.event.remove(engine, "connect", trace)


def assert_alike(found: list[Launched]) -> None:
    """Every launch asked the same, one by one, and got the same."""
    assert found[0][0], "nothing was watched"
    assert [found[0]] * len(found) == found


def test_pupils_are_asked_about_alike(
    front: Front, watched: Callable[[Callable[[], TestResponse]], Launched]
) -> None:
    """C2: a pupil with a plan, one without and one nobody knows cost the same sentences and get the same
    bytes.
    """
    assert_alike([watched(lambda key=key: front.launch(key, LEARNER)) for key in ("maya", "piper", "nobody")])


def test_parents_without_a_right_are_asked_about_alike(
    front: Front, watched: Callable[[Callable[[], TestResponse]], Launched]
) -> None:
    """C2: a parent whom a platform links to a child with a plan, and one linked to a child without one."""

    def parent_of(child: str) -> Callable[[], TestResponse]:
        linked = {"role_scope_mentor": [subject_of(child)]}
        return lambda: front.launch(f"parent-of-{child}", MENTOR, **linked)

    assert_alike([watched(parent_of(child)) for child in ("maya", "piper")])
