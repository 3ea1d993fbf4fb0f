"""Scales of a chart: from values and days to places in its box, and where the ticks stand.

Coordinates are SVG units, y downwards. Every place lies inside the box, whatever the value: rounding of
extreme numbers is clamped, never let out of the frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

_NICE = (1.0, 2.0, 5.0, 10.0)
_FLAT_SHARE = 1e-9
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600)
_DAY_STEPS = (1, 2, 7, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The part of a drawing where data may stand: x from ``left`` to ``right``, y from ``top`` to
    ``bottom``."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueScale:
    """Values from ``low`` (at the bottom) to ``high`` (at the top); ``step`` lies between two ticks."""

    low: float
    high: float
    step: float
    box: Box

    def place(self, value: float) -> float:
        """Return the y of a value, to a tenth of a unit; values beyond the scale stand at its edge."""
        share = (value - self.low) / (self.high - self.low)
        inside = min(max(share, 0.0), 1.0)
        return round(self.box.bottom - inside * (self.box.bottom - self.box.top), 1)

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values that get a line, from low to high."""
        first = ceil(self.low / self.step - 1e-6)
        last = floor(self.high / self.step + 1e-6)
        return tuple(number * self.step for number in range(first, last + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayScale:
    """Days from ``first`` (at the left) to ``last`` (at the right, always later)."""

    first: date
    last: date
    box: Box

    def place(self, on: date) -> float:
        """Return the x of a day, to a tenth of a unit; days beyond the scale stand at its edge."""
        share = (on - self.first).days / (self.last - self.first).days
        inside = min(max(share, 0.0), 1.0)
        return round(self.box.left + inside * (self.box.right - self.box.left), 1)

    def ticks(self, *, apart: float) -> tuple[date, ...]:
        """Return the days that get a label, at least ``apart`` units from each other.

        Short spans count days or weeks from the first day, long ones the first days of months.
        """
        days = (self.last - self.first).days
        per_day = (self.box.right - self.box.left) / days
        for step in _DAY_STEPS:
            if step * per_day >= apart:
                return tuple(self.first + timedelta(days=each) for each in range(0, days + 1, step))
        return next(
            (
                tuple(_months(self.first, self.last, step))
                for step in _MONTH_STEPS
                if 28 * step * per_day >= apart
            ),
            (self.first,),
        )


def value_scale(
    values: Iterable[float],
    box: Box,
    *,
    bounds: tuple[float, float | None] = (0.0, None),
    most_ticks: int = 7,
    whole: bool = False,
) -> ValueScale:
    """Return a scale with round steps that holds every value; at least one is needed.

    It ends at a bound of the measure instead of beyond it, unless a value lies outside (a measure that was
    changed later). ``whole``: steps are at least 1 (levels, counts). All values equal: some air around them.
    """
    listed = list(values)
    least, most = min(listed), max(listed)
    if most - least <= _FLAT_SHARE * max(abs(least), abs(most), 1e-3):
        air = max(1.0, abs(most) * 0.1)
        least, most = _eased(least, most, air, bounds)
    step = _step((most - least) / (most_ticks - 1))
    if whole:
        step = max(step, 1.0)
    low, high = floor(least / step + 1e-9) * step, ceil(most / step - 1e-9) * step
    if bounds[1] is not None and high > bounds[1] >= most:
        high = bounds[1]
    return ValueScale(low=low, high=high, step=step, box=box)


def _eased(least: float, most: float, air: float, bounds: tuple[float, float | None]) -> tuple[float, float]:
    """Make room around one value, none of it beyond a bound of the measure."""
    low, high = least - air, most + air
    if low < bounds[0] <= least:
        low = bounds[0]
    if bounds[1] is not None and high > bounds[1] >= most:
        high = bounds[1]
    return low, high


def _step(rough: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is at least ``rough``."""
    power = 10.0 ** floor(log10(rough))
    return next((nice * power for nice in _NICE if nice * power >= rough), 10.0 * power)


def _months(first: date, last: date, step: int) -> Iterable[date]:
    """The first days of every ``step``-th month, counted from January, within the span."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        day = date(year, month, 1)
        if first <= day <= last and ((year * 12 + month - 1) % step == 0):
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
