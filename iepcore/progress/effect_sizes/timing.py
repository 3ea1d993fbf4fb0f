"""Scores of two phases with their sessions, for the effect sizes that look at time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iepcore.progress.checks import refuse
from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.results import Phases, direction_of, scores_of
from iepcore.progress.pairing import pairs_of

Sessions = Sequence[float | None] | None


@dataclass(frozen=True, slots=True)
class Timed:
    """The two phases, and the session of each score."""

    data: Phases
    xa: list[float]
    xb: list[float]


def with_time(
    baseline: Sequence[float | None],
    intervention: Sequence[float | None],
    sessions: tuple[Sessions, Sessions],
    direction: Direction | str,
    *,
    by_index: bool = False,
) -> Timed:
    """Return the scores with their sessions; without them, or ``by_index``, they are numbered in order.

    A score without a session is missing, and so is a session without a score. Two baseline points are needed.

    Raises:
        InvalidValue: ``unknown_direction``; ``lengths_differ`` when a phase has not one session per score.
    """
    way = direction_of(direction)
    times_a, times_b = sessions
    if times_a is None and times_b is None:
        a, a_problem = scores_of(baseline)
        b, b_problem = scores_of(intervention)
        problem = a_problem or b_problem
        xa, xb = _numbered(a, b)
    elif times_a is None or times_b is None:
        raise refuse("lengths_differ", "sessions")
    else:
        first, second = pairs_of(times_a, baseline), pairs_of(times_b, intervention)
        a, b, problem = first.ys, second.ys, first.reason or second.reason
        xa, xb = first.xs, second.xs
        if by_index:
            a, b = _in_order(xa, a), _in_order(xb, b)
            xa, xb = _numbered(a, b)
    if problem is None and (len(a) < 2 or not b):
        problem = "insufficient_data"
    return Timed(Phases(a, b, way, problem), xa, xb)


def _numbered(a: list[float], b: list[float]) -> tuple[list[float], list[float]]:
    """Numbers from 0: what is computed here asks for distances only."""
    m = len(a)
    return list(map(float, range(m))), list(map(float, range(m, m + len(b))))


def _in_order(times: list[float], scores: list[float]) -> list[float]:
    return [score for _, score in sorted(zip(times, scores, strict=True), key=lambda pair: pair[0])]
