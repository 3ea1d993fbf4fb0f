"""The retry law, Retry-After, the Link header and the gate: small machines with sharp edges."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connectors.http import InFlightGate, RetryLaw, Timing, next_in_link_header, read_retry_after
from tests.contract.connectors.canvas_bucket import CanvasBucket
from tests.contract.connectors.doers import Watch

NOW = datetime(2026, 10, 1, 15, tzinfo=UTC)


@given(
    attempt=st.integers(1, 12),
    asked=st.none() | st.floats(0, 100),
    draw=st.floats(0, 1, exclude_max=True),
)
def test_a_wait_has_an_end(attempt: int, asked: float | None, draw: float) -> None:
    """At least what was asked for, at most that and the bound; nothing after the last attempt."""
    law = RetryLaw(attempts=8)
    wait = law.wait(attempt, asked=asked, draw=lambda: draw)

    if attempt >= 8 or (asked or 0) > law.longest_wait:
        assert wait is None
    else:
        assert wait is not None
        assert (asked or 0) <= wait <= (asked or 0) + law.longest_wait


def test_waits_grow() -> None:
    """The bound doubles."""
    law = RetryLaw(attempts=9, first_wait=1, longest_wait=5)

    assert [0.5, 1, 2, 2.5] == [law.wait(n, asked=None, draw=lambda: 0.5) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        (" 12 ", 12.0),
        ("-3", None),
        ("soon", None),
        ("Thu, 01 Oct 2026 15:00:30 GMT", 30.0),
        ("Thu, 01 Oct 2026 15:00:30 -0000", 30.0),
        ("Thu, 01 Oct 2026 14:00:00 GMT", 0.0),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, expected: float | None) -> None:
    """And anything else is nothing."""
    assert expected == read_retry_after(value, now=NOW)


def test_the_real_clocks_are_the_default() -> None:
    """Aware, forward, and dice within bounds."""
    timing = Timing()

    assert UTC == timing.now().tzinfo
    assert timing.monotonic() <= timing.monotonic()
    assert 0 <= timing.draw() < 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (
            '<https://c.example/a?page=bookmark:W10&per_page=3>; rel="next"',
            "https://c.example/a?page=bookmark:W10&per_page=3",
        ),
        ("<u1>; rel=\"current\",<u2>; rel='next'", None),
        ('<u1>; rel="current", <u2,with,commas>; title="a, b"; REL=next', "u2,with,commas"),
        ('<u1>;rel="prev next"', "u1"),
        ('<u1>; rel="nextish"', None),
        ('<u1>; title="rel=next"', None),
        ("<u1>", None),
        ("garbage; rel=next", None),
    ],
)
def test_the_next_link_is_found_or_not(value: str | None, expected: str | None) -> None:
    """Whatever stands around it."""
    assert expected == next_in_link_header(value)


@given(st.text(max_size=200))
def test_any_header_can_be_read(value: str) -> None:
    """Nonsense is no next page and no exception."""
    next_in_link_header(value)


def test_a_gate_narrows_and_widens() -> None:
    """One after a refusal or a low mark; one more after twenty good answers; never above its most."""
    gate = InFlightGate(start=4, most=5, clean_answers=3)
    gate.heard(remaining=149.9, refused=False)
    assert 1 == gate.limit
    for _ in range(2):
        gate.heard(remaining=600, refused=False)
    gate.heard(remaining=None, refused=True)
    for expected in (1, 1, 2, 2, 2, 3):
        gate.heard(remaining=None, refused=False)
        assert expected == gate.limit
    for _ in range(30):
        gate.heard(remaining=400, refused=False)
    assert 5 == gate.limit


@pytest.mark.parametrize(
    ("remaining", "under_way", "expected"),
    [
        (250, 8, 8),
        (200, 8, 8),
        (199, 8, 7),
        (150, 8, 7),
        (400, 1, 5),
        (150, 1, 1),
        (-400, 8, 1),
        (600, 1, 8),
    ],
)
def test_our_own_requests_under_way_are_no_reason_to_narrow(
    remaining: float, under_way: int, expected: int
) -> None:
    """Each holds fifty until it ends, and what is left is told without them."""
    gate = InFlightGate(start=8)
    with ExitStack() as turns:
        for _ in range(under_way):
            turns.enter_context(gate.turn())
        gate.heard(remaining=remaining, refused=False)
        assert expected == gate.limit


def test_after_a_refusal_nobody_starts_before_the_wait_is_over() -> None:
    """Also those who were not refused themselves."""
    watch = Watch()
    gate = InFlightGate(start=8, timing=watch.timing)
    with gate.turn():
        gate.heard(remaining=-20, refused=True, wait_seconds=7.0)
    watch.move(2.0)
    with gate.turn():
        assert [5.0] == watch.slept
    with gate.turn():
        assert [5.0] == watch.slept


@given(
    costs=st.lists(st.floats(0.05, 40), min_size=40, max_size=200),
    seconds=st.floats(0.03, 1.0),
    others=st.floats(0, 5),
)
def test_the_real_bucket_refuses_nothing(costs: list[float], seconds: float, others: float) -> None:
    """Eight workers that never rest, requests dear and cheap, another user of the token: no refusal."""
    bucket, watch = CanvasBucket(), Watch()
    gate = InFlightGate(start=8, timing=watch.timing)
    todo = list(costs)
    running: list[tuple[float, float, AbstractContextManager[None]]] = []
    while todo or running:
        while todo and len(running) < gate.limit:
            turn = gate.turn()
            turn.__enter__()
            assert bucket.enter(watch.ticks)
            bucket.add(others, watch.ticks)
            running.append((watch.ticks + seconds, todo.pop(), turn))
        ends, cost, turn = running.pop(0)
        watch.move(max(0.0, ends - watch.ticks))
        gate.heard(remaining=bucket.leave(cost, watch.ticks), refused=False)
        turn.__exit__(None, None, None)
    assert 0 == bucket.refused


def test_cheap_requests_stay_at_eight() -> None:
    """A page costs about one unit: the gate never narrows."""
    bucket = CanvasBucket()
    gate = InFlightGate(start=8)
    for round_ in range(50):
        with ExitStack() as turns:
            for _ in range(8):
                turns.enter_context(gate.turn())
                assert bucket.enter(round_ * 0.3)
            for place in range(8):
                gate.heard(remaining=bucket.leave(0.3, (round_ + 1) * 0.3 + place * 0.001), refused=False)
    assert 8 == gate.limit


def test_who_waits_at_a_gate_gets_a_turn() -> None:
    """A second caller waits for the first, and goes on when it leaves."""
    gate = InFlightGate(start=1, most=1)
    waiting, done = threading.Event(), threading.Event()

    def second() -> None:
        waiting.set()
        with gate.turn():
            done.set()

    with gate.turn():
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(5)
        assert not done.is_set()
        assert 1 == gate.under_way
    assert done.wait(5)
    thread.join()
    assert 0 == gate.under_way


class GateMachine(RuleBasedStateMachine):
    """Turns taken, given back, answers heard, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = InFlightGate(start=4, most=8, clean_answers=2)
        self.turns: list[object] = []

    @precondition(lambda self: len(self.turns) < self.gate.limit)
    @rule()
    def enter(self) -> None:
        turn = self.gate.turn()
        turn.__enter__()
        self.turns.append(turn)

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        turn = self.turns.pop(data.draw(st.integers(0, len(self.turns) - 1)))
        turn.__exit__(None, None, None)  # type: ignore[attr-defined]

    @rule(remaining=st.none() | st.floats(-100, 700), refused=st.booleans())
    def hear(self, remaining: float | None, refused: bool) -> None:
        self.gate.heard(remaining=remaining, refused=refused)

    @invariant()
    def counts_agree(self) -> None:
        assert len(self.turns) == self.gate.under_way
        assert 1 <= self.gate.limit <= 8


TestGateMachine = GateMachine.TestCase
