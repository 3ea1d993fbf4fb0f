"""Numbers made ready for a computation: missing ones dropped, wrong ones named by a reason, sizes bounded.

What a series *holds* never raises: it gives a value or a reason. What a caller *asks* (an unknown method,
lists of different lengths) raises ``InvalidValue``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from math import frexp, hypot, isfinite, ldexp
from typing import NamedTuple

from iepcore.progress.checks import MAGNITUDE_LIMIT, check_number, refuse

_PLAIN = {float, int}
_CALM = 300
"""Ranges within 2**-300 to 2**300 can be squared and summed as they are."""


class Numbers(NamedTuple):
    """Usable numbers in the order given, or the reason why they are not: ``not_a_number``, ``too_large``."""

    values: list[float]
    reason: str | None = None


class Pairs(NamedTuple):
    """Usable points in the order given: both numbers there. ``reason`` as in ``Numbers``."""

    xs: list[float]
    ys: list[float]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Centred:
    """Numbers less their mean, divided by ``2**exponent`` so that no square leaves the floats."""

    values: list[float]
    mean: float
    exponent: int


def numbers_of(values: Sequence[float | None]) -> Numbers:
    """Return the numbers that are there, as floats."""
    plain = plain_floats(values)
    if plain is not None:
        return Numbers(plain)
    kept = [value for value in values if value is not None]
    reason = problem_of(kept)
    return Numbers([], reason) if reason else Numbers(list(map(float, kept)))


def pairs_of(xs: Sequence[float | None], ys: Sequence[float | None]) -> Pairs:
    """Return the points whose x and y are both there, as floats.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    if len(xs) != len(ys):
        raise refuse("lengths_differ", "ys")
    plain_xs, plain_ys = plain_floats(xs), plain_floats(ys)
    if plain_xs is not None and plain_ys is not None:
        return Pairs(plain_xs, plain_ys)
    if None in xs or None in ys:
        there = [x is not None and y is not None for x, y in zip(xs, ys, strict=True)]
        xs, ys = list(compress(xs, there)), list(compress(ys, there))
    reason = problem_of(xs) or problem_of(ys)
    if reason:
        return Pairs([], [], reason)
    return Pairs([float(x) for x in xs if x is not None], [float(y) for y in ys if y is not None])


def plain_floats(values: Sequence[float | None]) -> list[float] | None:
    """Return plain numbers without gaps as floats: the short way through for what most series hold.

    None when anything (a gap, a number of another type, one too large) needs a closer look.
    """
    try:
        if {*map(type, values)} <= _PLAIN:
            numbers = [*map(float, values)]  # type: ignore[arg-type]  # no None, just seen
            # One pass finds what is too large and what is not a number: neither leaves such a length.
            if hypot(*numbers) <= MAGNITUDE_LIMIT:
                return numbers
    except OverflowError:
        pass
    return None


def centred(values: list[float], total: float) -> Centred:
    """Return ``values`` less their mean. ``total`` is the exact sum of the values less the first one.

    The first value is taken off before the mean, so that equal values become exact zeros.
    """
    first = values[0]
    shift = total / len(values)
    away = [value - first - shift for value in values]
    largest = max(max(away), -min(away))
    exponent = frexp(largest)[1]
    if largest == 0 or -_CALM < exponent < _CALM:
        return Centred(away, first + shift, 0)
    return Centred([ldexp(value, -exponent) for value in away], first + shift, exponent)


def check_share(value: float, field: str) -> float:
    """Return ``value`` when it lies strictly between 0 and 1, as a level of confidence must.

    Raises:
        InvalidValue: ``probability_out_of_range`` or ``not_a_number``.
    """
    if not 0 < check_number(value, field) < 1:
        raise refuse("probability_out_of_range", field)
    return value


def problem_of(values: Sequence[object]) -> str | None:
    """Return why values cannot be computed with, ``not_a_number`` or ``too_large``; None when they can."""
    if not set(map(type, values)) <= _PLAIN and not all(
        isinstance(value, (int, float)) and not isinstance(value, bool) for value in values
    ):
        return "not_a_number"
    numbers: list[float] = list(values)  # type: ignore[arg-type]  # looked at just now
    if not numbers:
        return None
    if max(numbers) <= MAGNITUDE_LIMIT and min(numbers) >= -MAGNITUDE_LIMIT:
        # NaN compares false with everything, so it may hide behind others: a sum does not lose it.
        total = sum(numbers)
        return None if total == total else "not_a_number"
    return (
        "not_a_number" if not all(type(value) is int or isfinite(value) for value in numbers) else "too_large"
    )
