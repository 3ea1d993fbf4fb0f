"""Where the minutes will stand at the end of a period, at this pace, and what closes the gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from iepcore.errors import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesForecast:
    """At the pace so far, ``short`` minutes are missing on ``ends_on``; ``make_ups`` sessions of the usual
    length
    would close it. ``share`` is the part of the planned minutes given so far, None when nothing was planned
    yet: then nothing is forecast.
    """

    ends_on: date
    expected: int | None
    short: int | None
    make_ups: int | None
    share: Fraction | None


def minutes_forecast(
    *, planned_so_far: int, delivered_so_far: int, planned_in_all: int, session_minutes: int, ends_on: date
) -> MinutesForecast:
    """Return the forecast: the rest of the period is given in the share in which the first part was.

    A share above one is counted as one: what was given beyond the plan promises nothing for later.

    Raises:
        InvalidValue: ``minutes_range`` for a negative number, a session of no minutes, or less planned in all
            than so far.
    """
    numbers = (planned_so_far, delivered_so_far, planned_in_all - planned_so_far, session_minutes - 1)
    if min(numbers) < 0:
        raise InvalidValue("minutes_range", field="planned_in_all")
    if not planned_so_far:
        return MinutesForecast(ends_on=ends_on, expected=None, short=None, make_ups=None, share=None)
    share = min(Fraction(1), Fraction(delivered_so_far, planned_so_far))
    rest = planned_in_all - planned_so_far
    expected = delivered_so_far + int(rest * share)
    short = max(0, planned_in_all - expected)
    return MinutesForecast(
        ends_on=ends_on,
        expected=expected,
        short=short,
        make_ups=ceil(Fraction(short, session_minutes)),
        share=share,
    )
