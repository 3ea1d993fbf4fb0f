"""How far two observers of the same session agree: nine percentages, and kappa (progress science, 10).

Each takes what the two observers wrote, in the same order. A pair in which one of them wrote nothing (None)
is left out. Percentages run from 0 to 100. Undefined is None with a reason, never 0 or an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal, TypeVar

from iepcore.progress.checks import refuse
from iepcore.progress.pairing import pairs_of

Amounts = Sequence[float | None]
Marks = Sequence[bool | int | None]
KappaWeights = Literal["none", "linear", "quadratic"]
Mark = TypeVar("Mark", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One index of agreement. ``n`` counts the intervals, occurrences or trials both observers recorded.

    ``value`` is a percentage, or kappa (at most 1). ``reason`` says why it is None: ``insufficient_data``
    (nothing recorded by both), ``none_scored``, ``none_unscored``, ``no_chance_left`` (kappa: agreement by
    chance is already complete), ``not_a_number``, ``negative``, ``too_large``, ``unknown_level``.
    ``expected`` is kappa's agreement by chance, 0 to 1.
    """

    index: str
    value: float | None
    n: int
    reason: str | None = None
    expected: float | None = None


def ioa_total_count(first: Amounts, second: Amounts) -> Agreement:
    """Return 100 * smaller / larger of the two observers' total counts; 100 when both counted nothing.

    Totals hide errors that cancel: prefer a count per interval.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _total("total_count", first, second)


def ioa_total_duration(first: Amounts, second: Amounts) -> Agreement:
    """Return 100 * shorter / longer of the two observers' total durations; 100 when both timed nothing.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _total("total_duration", first, second)


def ioa_mean_count_per_interval(first: Amounts, second: Amounts) -> Agreement:
    """Return the mean over the intervals of 100 * smaller / larger count; two zeros agree fully.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _mean_ratio("mean_count_per_interval", first, second)


def ioa_mean_duration_per_occurrence(first: Amounts, second: Amounts) -> Agreement:
    """Return the mean over the occurrences of 100 * shorter / longer duration.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _mean_ratio("mean_duration_per_occurrence", first, second)


def ioa_exact_count_per_interval(first: Amounts, second: Amounts) -> Agreement:
    """Return the percent of intervals in which both counted the same number.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    index = "exact_count_per_interval"
    return _of_amounts(index, first, second, lambda a, b: 100 * sum(map(float.__eq__, a, b)) / len(a))


def ioa_trial_by_trial(first: Sequence[Mark | None], second: Sequence[Mark | None]) -> Agreement:
    """Return the percent of trials that both marked alike; a mark may be any word or number.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _point_by_point("trial_by_trial", first, second)


def ioa_interval_by_interval(first: Marks, second: Marks) -> Agreement:
    """Return the percent of intervals that both scored or both left unscored.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _point_by_point("interval_by_interval", _scored(first), _scored(second))


def ioa_scored_interval(first: Marks, second: Marks) -> Agreement:
    """Return the percent of agreement on intervals that at least one observer scored: for rare behaviour.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _among("scored_interval", "none_scored", first, second, is_scored=True)


def ioa_unscored_interval(first: Marks, second: Marks) -> Agreement:
    """Return the percent of agreement on intervals that at least one observer left unscored: for frequent
    behaviour.

    Raises:
        InvalidValue: ``lengths_differ``.
    """
    return _among("unscored_interval", "none_unscored", first, second, is_scored=False)


def cohen_kappa(
    first: Sequence[Mark | None],
    second: Sequence[Mark | None],
    *,
    weights: KappaWeights = "none",
    levels: Sequence[Mark] | None = None,
) -> Agreement:
    """Return Cohen's kappa: agreement beyond chance, 1 when complete, below 0 when worse than chance.

    ``weights="linear"`` or ``"quadratic"`` lets near misses count in part, for rubrics and prompt levels;
    ``levels`` then gives their order (default: the marks that occur, sorted). Agreement by chance that is
    already complete leaves kappa undefined: ``no_chance_left``.

    Raises:
        InvalidValue: ``lengths_differ``, ``unknown_variant``; ``levels_needed`` when marks of different
            kinds have no order of their own; ``duplicate`` when a level is given twice.
    """
    if weights not in ("none", "linear", "quadratic"):
        raise refuse("unknown_variant", "weights")
    pairs = _both(first, second)
    n = len(pairs)
    if not n:
        return Agreement(index="cohen_kappa", value=None, n=0, reason="insufficient_data")
    place = _places(pairs, levels, is_ordered=weights != "none")
    if any(mark not in place for pair in pairs for mark in pair):
        return Agreement(index="cohen_kappa", value=None, n=n, reason="unknown_level")
    k = len(place)
    rows, columns, miss = [0] * k, [0] * k, 0
    for a, b in pairs:
        rows[place[a]] += 1
        columns[place[b]] += 1
        miss += _cost(place[a], place[b], weights)
    # Whole numbers to the end: disagreement seen, and disagreement expected by chance times n.
    chance = sum(rows[i] * columns[j] * _cost(i, j, weights) for i in range(k) for j in range(k))
    worst = _cost(0, k - 1, weights) if k > 1 else 1
    expected = 1 - chance / (n * n * worst)
    if chance == 0:
        return Agreement(index="cohen_kappa", value=None, n=n, reason="no_chance_left", expected=expected)
    return Agreement(index="cohen_kappa", value=(chance - n * miss) / chance, n=n, expected=expected)


def _total(index: str, first: Amounts, second: Amounts) -> Agreement:
    return _of_amounts(index, first, second, lambda a, b: _ratio(fsum(a), fsum(b)))


def _mean_ratio(index: str, first: Amounts, second: Amounts) -> Agreement:
    return _of_amounts(index, first, second, lambda a, b: fsum(map(_ratio, a, b)) / len(a))


def _ratio(one: float, other: float) -> float:
    """100 * smaller / larger; two equal amounts, also two zeros, agree fully."""
    return 100.0 if one == other else 100 * (min(one, other) / max(one, other))


def _of_amounts(
    index: str,
    first: Amounts,
    second: Amounts,
    compute: Callable[[list[float], list[float]], float],
) -> Agreement:
    """Compute an index of amounts that cannot be below 0."""
    pairs = pairs_of(first, second)
    n, reason = len(pairs.xs), pairs.reason
    if reason is None and not n:
        reason = "insufficient_data"
    if reason is None and min(*pairs.xs, *pairs.ys) < 0:
        reason = "negative"
    if reason is None and max(*pairs.xs, *pairs.ys) > 1e300 / n:
        reason = "too_large"
    if reason is not None:
        return Agreement(index=index, value=None, n=n, reason=reason)
    return Agreement(index=index, value=compute(pairs.xs, pairs.ys), n=n)


def _both(first: Sequence[Mark | None], second: Sequence[Mark | None]) -> list[tuple[Mark, Mark]]:
    """The marks both observers made."""
    if len(first) != len(second):
        raise refuse("lengths_differ", "second")
    return [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]


def _scored(marks: Marks) -> list[bool | None]:
    return [None if mark is None else bool(mark) for mark in marks]


def _point_by_point(index: str, first: Sequence[Mark | None], second: Sequence[Mark | None]) -> Agreement:
    pairs = _both(first, second)
    if not pairs:
        return Agreement(index=index, value=None, n=0, reason="insufficient_data")
    return Agreement(index=index, value=100 * sum(a == b for a, b in pairs) / len(pairs), n=len(pairs))


def _among(index: str, none: str, first: Marks, second: Marks, *, is_scored: bool) -> Agreement:
    """Agreement on the intervals that at least one observer marked ``is_scored``."""
    pairs = _both(_scored(first), _scored(second))
    meant = [a == b for a, b in pairs if is_scored in (a, b)]
    if not meant:
        reason = none if pairs else "insufficient_data"
        return Agreement(index=index, value=None, n=len(pairs), reason=reason)
    return Agreement(index=index, value=100 * sum(meant) / len(meant), n=len(pairs))


def _places(
    pairs: list[tuple[Mark, Mark]], levels: Sequence[Mark] | None, *, is_ordered: bool
) -> dict[Mark, int]:
    """The place of each level in the order."""
    if levels is not None:
        if len(set(levels)) != len(levels):
            raise refuse("duplicate", "levels")
        return {level: index for index, level in enumerate(levels)}
    marks = list(dict.fromkeys(mark for pair in pairs for mark in pair))
    if is_ordered:
        try:
            marks.sort()  # type: ignore[call-arg]  # what has no order raises
        except TypeError:
            raise refuse("levels_needed", "levels") from None
    return {mark: index for index, mark in enumerate(marks)}


def _cost(i: int, j: int, weights: KappaWeights) -> int:
    """How bad it is to write level j for level i."""
    if weights == "none":
        return int(i != j)
    return abs(i - j) if weights == "linear" else (i - j) ** 2
