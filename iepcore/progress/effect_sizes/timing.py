"""Scores of two phases with their sessions, for the effect sizes that look at time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from iepcore.progress.checks import refuse
from iepcore.progress.comparison import Direction, direction_from
from iepcore.progress.effect_sizes.phases import Phases, phases
from iepcore.progress.effect_sizes.results import INSUFFICIENT, Scores
from iepcore.progress.pairing import pairs_of

Sessions = Sequence[float | None] | None


class Timed(NamedTuple):
    """The two phases, and the session of each score."""

    data: Phases
    xa: list[float]
    xb: list[float]


def with_time(
    baseline: Scores,
    intervention: Scores,
    sessions: tuple[Sessions, Sessions],
    direction: Direction | str,
    *,
    by_index: bool = False,
) -> Timed:
    """Return the scores with their sessions; without them, or ``by_index``, they are numbered in order.

    A score without a session is missing, and so is a session without a score.

    Raises:
        InvalidValue: ``unknown_direction``; ``lengths_differ`` when a phase has not one session per score.
    """
    times_a, times_b = sessions
    if times_a is None and times_b is None:
        return numbered(phases(baseline, intervention, direction))
    if times_a is None or times_b is None:
        raise refuse("lengths_differ", "sessions")
    way = direction_from(direction)
    first, second = pairs_of(times_a, baseline), pairs_of(times_b, intervention)
    problem = first.reason or second.reason
    if problem is None and not (first.ys and second.ys):
        problem = INSUFFICIENT
    if by_index:
        return numbered(Phases(_in_order(*first[:2]), _in_order(*second[:2]), way, problem))
    return Timed(Phases(first.ys, second.ys, way, problem), first.xs, second.xs)


def numbered(data: Phases) -> Timed:
    """Return the scores numbered in order, from 0: what is computed here asks for distances only."""
    m, n = len(data.a), len(data.b)
    return Timed(data, [*map(float, range(m))], [*map(float, range(m, m + n))])


def _in_order(times: list[float], scores: list[float]) -> list[float]:
    return [score for _, score in sorted(zip(times, scores, strict=True), key=lambda pair: pair[0])]
