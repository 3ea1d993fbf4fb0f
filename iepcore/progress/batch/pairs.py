"""Two phases of many children side by side, and the result of one effect size for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from iepcore.progress.batch.arrays import Bools, Floats, Ints, ManySeries, Ragged, blocks, ragged, too_long
from iepcore.progress.checks import refuse
from iepcore.progress.comparison import Direction, direction_from
from iepcore.progress.effect_sizes.results import EffectSize

Reasons: TypeAlias = NDArray[np.object_]
Directions: TypeAlias = Direction | str | Sequence[Direction | str]


@dataclass(frozen=True, slots=True)
class Block:
    """Series of like length: ``a`` and ``b`` hold one column each, oriented so that larger is better."""

    rows: Ints
    a: Floats
    b: Floats
    m: Ints
    n: Ints
    xa: Floats
    xb: Floats
    sign: Floats


class PhasePairs:
    """Baselines and interventions of many series, read once for any number of effect sizes.

    ``directions`` is one direction or one per series; sessions, when given, as many as scores. None and NaN
    are missing. A table (two-dimensional array) counts as one series per row.

    Raises:
        InvalidValue: ``lengths_differ``, ``unknown_direction``, ``not_a_number``.
    """

    def __init__(
        self,
        baselines: ManySeries,
        interventions: ManySeries,
        *,
        direction: Directions = "increase",
        baseline_sessions: ManySeries | None = None,
        intervention_sessions: ManySeries | None = None,
    ) -> None:
        if (baseline_sessions is None) != (intervention_sessions is None):
            raise refuse("lengths_differ", "sessions")
        self._a, self._xa = ragged(baselines, baseline_sessions)
        self._b, self._xb = ragged(interventions, intervention_sessions)
        if len(self._a.counts) != len(self._b.counts):
            raise refuse("lengths_differ", "interventions")
        names = [direction] * len(self) if isinstance(direction, str) else list(direction)
        if len(names) != len(self):
            raise refuse("lengths_differ", "direction")
        known = {name: direction_from(name) for name in set(names)}
        self.directions = [known[name] for name in names]

    def __len__(self) -> int:
        return len(self._a.counts)

    @property
    def n_a(self) -> Ints:
        """How many scores each baseline has."""
        return self._a.counts

    @property
    def n_b(self) -> Ints:
        """How many scores each intervention has."""
        return self._b.counts

    @cached_property
    def unusual(self) -> Bools:
        """Which series are left to the scalar functions."""
        odd = self._a.unusual() | self._b.unusual() | too_long(self.n_a * self.n_b)
        odd |= too_long(self.n_a * self.n_a)
        for sessions in (self._xa, self._xb):
            if sessions is not None:
                odd |= sessions.unusual()
        return odd

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The usual series, cut into blocks."""
        sign = np.array([way.sign for way in self.directions], dtype=np.float64)
        made = []
        for rows in blocks(~self.unusual, (self.n_b, self.n_a), self.n_a * self.n_b):
            m, n, s = self.n_a[rows], self.n_b[rows], sign[rows]
            a, b = self._a.columns(rows), self._b.columns(rows)
            xa = _columns(self._xa, rows, np.zeros_like(m), a)
            xb = _columns(self._xb, rows, m, b)
            made.append(Block(rows, a * s, b * s, m, n, xa, xb, s))
        return tuple(made)

    def one(self, index: int) -> tuple[list[float], list[float], dict[str, Any]]:
        """Return one pair as the scalar functions take it, with its direction and sessions."""
        return self._a.row(index), self._b.row(index), {"direction": self.directions[index]}

    def sessions(self, index: int) -> dict[str, Any]:
        """Return the sessions of one pair as the scalar functions take them."""
        if self._xa is None or self._xb is None:
            return {}
        return {
            "baseline_sessions": self._xa.row(index),
            "intervention_sessions": self._xb.row(index),
        }


def _columns(sessions: Ragged | None, rows: Ints, before: Ints, like: Floats) -> Floats:
    """Sessions as columns; without any, the numbers that follow those ``before``."""
    if sessions is not None:
        return sessions.columns(rows)
    return (np.arange(1, len(like) + 1)[:, None] + before).astype(np.float64)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """One effect size of many series, in their order.

    ``value``, ``se``, ``ci_low`` and ``ci_high`` hold NaN where the scalar function says None; ``reason``
    then says why. ``at(i)`` is the scalar record.
    """

    value: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    n_a: Ints
    n_b: Ints
    variant: str
    directions: list[Direction]
    reason: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.value)

    def at(self, index: int) -> EffectSize:
        """Return the result of one series as the scalar function gives it."""
        low, high = _number(self.ci_low[index]), _number(self.ci_high[index])
        return EffectSize(
            value=_number(self.value[index]),
            se=_number(self.se[index]),
            ci=None if low is None or high is None else (low, high),
            n_a=int(self.n_a[index]),
            n_b=int(self.n_b[index]),
            variant=self.variant,
            direction=self.directions[index],
            reason=self.reason[index],
        )


@dataclass(slots=True)
class Answer:
    """What a kernel found for one block, NaN where undefined; ``reason`` per column, or not at all."""

    value: Floats
    se: Floats | None = None
    ci: tuple[Floats, Floats] | None = None
    reason: NDArray[np.object_] | None = None


def compute(
    pairs: PhasePairs,
    variant: str,
    kernel: Callable[[Block], Answer],
    scalar: Callable[[int], EffectSize],
) -> BatchResult:
    """Run a kernel over the blocks, and the scalar function over what is unusual."""
    count = len(pairs)
    value, se, low, high = (np.full(count, np.nan) for _ in range(4))
    reason: NDArray[np.object_] = np.full(count, None, dtype=object)
    for block in pairs.blocks:
        answer = kernel(block)
        value[block.rows] = answer.value
        if answer.se is not None:
            se[block.rows] = answer.se
        if answer.ci is not None:
            low[block.rows], high[block.rows] = answer.ci
        if answer.reason is not None:
            reason[block.rows] = answer.reason
    n_a, n_b = pairs.n_a.copy(), pairs.n_b.copy()
    for row in np.flatnonzero(pairs.unusual).tolist():
        one = scalar(row)
        value[row] = np.nan if one.value is None else one.value
        se[row] = np.nan if one.se is None else one.se
        low[row], high[row] = (np.nan, np.nan) if one.ci is None else one.ci
        reason[row] = one.reason
        n_a[row], n_b[row] = one.n_a, one.n_b
    return BatchResult(value, se, low, high, n_a, n_b, variant, pairs.directions, reason)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
