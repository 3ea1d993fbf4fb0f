"""How fast we ask Google: evenly, per person and per project, slower after a refusal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.google_classroom import Pace
from connectors.http import Timing


class Clock:
    """A monotonic clock that sleeping moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    @property
    def timing(self) -> Timing:
        return Timing(monotonic=lambda: self.at, sleep=self.sleep)


def starts(pace: Pace, clock: Clock, users: list[str], work: float = 0.0) -> list[float]:
    """Return when each request of a row started."""
    found = []
    for user in users:
        with pace.of(user).turn():
            found.append(clock.at)
            clock.at += work
    return found


def test_one_person_asks_fifteen_times_a_second() -> None:
    """After a first second's worth at once, and that at most."""
    clock = Clock()

    found = starts(Pace(timing=clock.timing), clock, ["a"] * 60)

    assert [100.0] * 15 == found[:15]
    assert 100.0 + 45 / 15 == round(found[-1], 6)


def test_the_project_asks_forty_times_a_second() -> None:
    """However many people it asks for."""
    clock = Clock()

    found = starts(Pace(timing=clock.timing), clock, [f"person{n}" for n in range(200)])

    assert 100.0 + 160 / 40 == round(found[-1], 6)


@given(st.lists(st.sampled_from("abcd"), max_size=400), st.floats(0, 0.3))
def test_no_minute_holds_more_than_google_allows(users: list[str], work: float) -> None:
    """1,200 per person and 3,000 per project within any minute, whoever asks and however long it takes."""
    clock = Clock()
    found = starts(Pace(timing=clock.timing), clock, users, work)

    for who, most in (*((name, 1200) for name in "abcd"), ("", 3000)):
        times = [at for at, user in zip(found, users, strict=True) if who in {"", user}]
        for first, at in enumerate(times):
            within = sum(1 for one in times[first:] if one < at + 1.0)
            assert within <= most / 60 * 2
            assert sum(1 for one in times[first:] if one < at + 60.0) <= most


def test_a_rest_does_not_save_up() -> None:
    """An hour of silence gives one second's worth, no more."""
    clock = Clock()
    pace = Pace(timing=clock.timing)
    starts(pace, clock, ["a"])
    clock.at += 3600

    found = starts(pace, clock, ["a"] * 30)

    assert 15 == sum(1 for at in found if at == found[0])


def test_after_a_refusal_that_person_waits() -> None:
    """Others may go on."""
    clock = Clock()
    pace = Pace(timing=clock.timing)
    pace.of("a").heard(remaining=None, refused=False)
    assert [100.0] == starts(pace, clock, ["a"])
    pace.of("a").heard(remaining=None, refused=True)

    assert [100.0] == starts(pace, clock, ["b"])
    first, second = starts(pace, clock, ["a", "a"])
    assert (102.0, 102.0 + 1 / 15) == (round(first, 6), second)
