"""Which way is better, and when two computed numbers count as equal.

Scores are compared as people typed them. A value that was computed (a point of the aimline, a sum of
durations) carries binary rounding, so a difference within that rounding is a tie: without the rule
0.1 + 0.2 would miss a criterion of 0.3.
"""

from __future__ import annotations

from enum import StrEnum

from iepcore.errors import InvalidValue

_EPSILON = 2.0**-52
_SPAN_SHARE = 1e-9
_ROUNDINGS = 32.0


class Direction(StrEnum):
    """Which way is improvement: up (words read) or down (minutes off task)."""

    INCREASE = "increase"
    DECREASE = "decrease"

    @property
    def sign(self) -> int:
        """+1 for increase, -1 for decrease: times a difference, positive means improvement."""
        return 1 if self is Direction.INCREASE else -1


def direction_from(value: Direction | str) -> Direction:
    """Return the direction a caller named, as a ``Direction`` or by its word.

    Raises:
        InvalidValue: ``unknown_direction``.
    """
    if value == "increase":
        return Direction.INCREASE
    if value == "decrease":
        return Direction.DECREASE
    raise InvalidValue("unknown_direction", field="direction")


def is_tie(left: float, right: float, *, span: float = 0.0, magnitude: float = 0.0) -> bool:
    """Say whether two computed values are equal but for rounding.

    ``span`` is the range of the values compared (how far apart they usually lie), ``magnitude`` the
    largest number that went into computing them. A tie is a difference of at most the larger of
    1e-9 * span and 32 machine roundings of the largest value (progress science, section 1).
    """
    largest = max(abs(left), abs(right), magnitude)
    return abs(left - right) <= max(_SPAN_SHARE * span, _ROUNDINGS * _EPSILON * largest)


def side_of(
    value: float, mark: float, direction: Direction, *, span: float = 0.0, magnitude: float = 0.0
) -> int:
    """Return 1 when ``value`` is on the good side of ``mark``, -1 on the wrong side, 0 on a tie."""
    if is_tie(value, mark, span=span, magnitude=magnitude):
        return 0
    return direction.sign if value > mark else -direction.sign


def meets(value: float, target: float, direction: Direction) -> bool:
    """Say whether ``value`` reaches ``target``; exactly at the target counts."""
    return side_of(value, target, direction) >= 0
