"""The result of one effect size for many series, and the way all of them are computed: block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from iepcore.progress.batch.arrays import Floats, Ints
from iepcore.progress.batch.pairs import Block, PhasePairs
from iepcore.progress.comparison import Direction
from iepcore.progress.effect_sizes.results import EffectSize

Words: TypeAlias = NDArray[np.object_]


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
    variant: Words
    directions: list[Direction]
    reason: Words

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
            variant=self.variant[index],
            direction=self.directions[index],
            reason=self.reason[index],
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a kernel found for one block, NaN where undefined; ``reason`` and ``variant`` per column, or one
    for all of them."""

    value: Floats
    se: Floats | None = None
    ci: tuple[Floats, Floats] | None = None
    reason: Words | None = None
    variant: Words | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """One effect size: how it is computed of a block, and the scalar function for what is unusual."""

    variant: str
    kernel: Callable[[Block], Answer]
    scalar: Callable[..., EffectSize]
    settings: dict[str, Any]
    is_timed: bool = False


def compute(pairs: PhasePairs, *indices: Index) -> list[BatchResult]:
    """Run the kernels over the blocks, all of them on one block before the next, and the scalar functions
    over what is unusual."""
    found = [_blank(pairs, index.variant) for index in indices]
    for block in pairs.blocks:
        for index, result in zip(indices, found, strict=True):
            _put(result, block, index.kernel(block))
    for row in np.flatnonzero(pairs.unusual).tolist():
        a, b, way = pairs.one(row)
        for index, result in zip(indices, found, strict=True):
            times = pairs.sessions(row) if index.is_timed else {}
            _put_one(result, row, index.scalar(a, b, **way, **times, **index.settings))
    return found


def one_point(block: Block) -> Words:
    """Return the reason of each column that has no unbiased error."""
    reason = np.full(len(block.rows), None, dtype=object)
    reason[(block.m == 1) | (block.n == 1)] = "one_point_phase"
    return reason


def _blank(pairs: PhasePairs, variant: str) -> BatchResult:
    count = len(pairs)
    value, se, low, high = (np.full(count, np.nan) for _ in range(4))
    names, reasons = np.full(count, variant, dtype=object), np.full(count, None, dtype=object)
    return BatchResult(
        value, se, low, high, pairs.n_a.copy(), pairs.n_b.copy(), names, pairs.directions, reasons
    )


def _put(result: BatchResult, block: Block, answer: Answer) -> None:
    result.value[block.rows] = answer.value
    if answer.se is not None:
        result.se[block.rows] = answer.se
    if answer.ci is not None:
        result.ci_low[block.rows], result.ci_high[block.rows] = answer.ci
    if answer.reason is not None:
        result.reason[block.rows] = answer.reason
    if answer.variant is not None:
        result.variant[block.rows] = answer.variant


def _put_one(result: BatchResult, row: int, one: EffectSize) -> None:
    result.value[row] = np.nan if one.value is None else one.value
    result.se[row] = np.nan if one.se is None else one.se
    result.ci_low[row], result.ci_high[row] = one.ci or (np.nan, np.nan)
    result.reason[row], result.variant[row] = one.reason, one.variant
    result.n_a[row], result.n_b[row] = one.n_a, one.n_b


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
