"""NAP, Tau, PAND and IRD of many series at once."""

from __future__ import annotations

import numpy as np

from iepcore.progress.batch.arrays import Ints
from iepcore.progress.batch.dominance import dominance, error_of, newcombe, one_point
from iepcore.progress.batch.medians import middle
from iepcore.progress.batch.pairs import Answer, BatchResult, Block, PhasePairs, compute
from iepcore.progress.effect_sizes import nonoverlap
from iepcore.progress.effect_sizes.dominance import StandardError
from iepcore.progress.effect_sizes.nonoverlap import STANDARD_ERRORS, PemTies
from iepcore.progress.effect_sizes.results import EffectSize, check_choice, z_of


def nap(pairs: PhasePairs, *, se: StandardError = "unbiased", confidence: float = 0.95) -> BatchResult:
    """Return the non-overlap of all pairs of every series, as ``iepcore.progress.nap`` does of one.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    return _pairs(pairs, se, confidence, 1.0, 0.0)


def tau(pairs: PhasePairs, *, se: StandardError = "unbiased", confidence: float = 0.95) -> BatchResult:
    """Return Tau (A against B) of every series, as ``iepcore.progress.tau`` does of one.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    return _pairs(pairs, se, confidence, 2.0, -1.0)


def _pairs(
    pairs: PhasePairs, se: StandardError, confidence: float, stretch: float, shift: float
) -> BatchResult:
    check_choice(se, STANDARD_ERRORS, "se")
    z = z_of(confidence)

    def kernel(block: Block) -> Answer:
        counts = dominance(block.a, block.b, block.m, block.n)
        low, high = newcombe(counts, z)
        cells = 2 * counts.m * counts.n
        return Answer(
            (stretch * counts.total + shift * cells) / cells,
            stretch * error_of(counts, se),
            (stretch * low + shift, stretch * high + shift),
            one_point(block) if se == "unbiased" else None,
        )

    index = nonoverlap.nap if stretch == 1.0 else nonoverlap.tau

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return index(a, b, se=se, confidence=confidence, **way)

    return compute(pairs, f"se_{se}", kernel, one)


def pnd(pairs: PhasePairs) -> BatchResult:
    """Return the share of intervention points beyond every baseline point, of every series."""

    def kernel(block: Block) -> Answer:
        return Answer((block.b > np.fmax.reduce(block.a, axis=0)).sum(axis=0) / block.n)

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return nonoverlap.pnd(a, b, **way)

    return compute(pairs, "share_beyond_all", kernel, one)


def pem(pairs: PhasePairs, *, ties: PemTies = "half") -> BatchResult:
    """Return the share of intervention points beyond the baseline median, of every series.

    Raises:
        InvalidValue: ``unknown_variant``.
    """
    check_choice(ties, ("half", "strict"), "ties")

    def kernel(block: Block) -> Answer:
        centre = middle(block.a)
        beyond = 2 * (block.b > centre).sum(axis=0)
        equal = (block.b == centre).sum(axis=0) if ties == "half" else 0
        return Answer((beyond + equal) / (2 * block.n))

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return nonoverlap.pem(a, b, ties=ties, **way)

    return compute(pairs, f"ties_{ties}", kernel, one)


def pand(pairs: PhasePairs) -> BatchResult:
    """Return the share of all points that can stay without overlap, of every series."""

    def kernel(block: Block) -> Answer:
        return Answer(_kept(block) / (block.m + block.n))

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return nonoverlap.pand(a, b, **way)

    return compute(pairs, "most_points_apart", kernel, one)


def ird(pairs: PhasePairs) -> BatchResult:
    """Return the robust improvement rate difference of every series."""

    def kernel(block: Block) -> Answer:
        cells, points = 2 * block.m * block.n, block.m + block.n
        return Answer((cells - points * (points - _kept(block))) / cells)

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return nonoverlap.ird(a, b, **way)

    return compute(pairs, "robust", kernel, one)


def _kept(block: Block) -> Ints:
    """How many points can stay: the scalar ``kept_apart`` of each column."""
    beyond = np.empty(block.a.shape, dtype=np.int64)
    for place, row in enumerate(block.a):
        (row < block.b).sum(axis=0, out=beyond[place])
    beyond.sort(axis=0)
    ranks = np.arange(1, len(block.a) + 1)[:, None]
    kept = np.where(ranks <= block.m, ranks + beyond[::-1], 0).max(axis=0)
    most: Ints = np.maximum(kept, block.n)
    return most
