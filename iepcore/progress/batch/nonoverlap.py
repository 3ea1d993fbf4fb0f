"""NAP, Tau, PND, PEM, PAND and IRD of many series at once."""

from __future__ import annotations

import numpy as np

from iepcore.progress.batch.arrays import Ints
from iepcore.progress.batch.dominance import error_of, newcombe
from iepcore.progress.batch.indices import Answer, BatchResult, Index, compute, one_point
from iepcore.progress.batch.medians import middle
from iepcore.progress.batch.pairs import Block, PhasePairs
from iepcore.progress.effect_sizes import nonoverlap
from iepcore.progress.effect_sizes.dominance import StandardError
from iepcore.progress.effect_sizes.nonoverlap import STANDARD_ERRORS, PemTies
from iepcore.progress.effect_sizes.results import check_choice, z_of


def nap(pairs: PhasePairs, *, se: StandardError = "unbiased", confidence: float = 0.95) -> BatchResult:
    """Return the non-overlap of all pairs of every series, as ``iepcore.progress.nap`` does of one.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    return compute(pairs, nap_index(se, confidence))[0]


def tau(pairs: PhasePairs, *, se: StandardError = "unbiased", confidence: float = 0.95) -> BatchResult:
    """Return Tau (A against B) of every series, as ``iepcore.progress.tau`` does of one.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    return compute(pairs, nap_index(se, confidence, 2.0, -1.0))[0]


def pnd(pairs: PhasePairs) -> BatchResult:
    """Return the share of intervention points beyond every baseline point, of every series."""
    return compute(pairs, PND)[0]


def pem(pairs: PhasePairs, *, ties: PemTies = "half") -> BatchResult:
    """Return the share of intervention points beyond the baseline median, of every series.

    Raises:
        InvalidValue: ``unknown_variant``.
    """
    return compute(pairs, pem_index(ties))[0]


def pand(pairs: PhasePairs) -> BatchResult:
    """Return the share of all points that can stay without overlap, of every series."""
    return compute(pairs, PAND)[0]


def ird(pairs: PhasePairs) -> BatchResult:
    """Return the robust improvement rate difference of every series."""
    return compute(pairs, IRD)[0]


def nap_index(se: StandardError, confidence: float, stretch: float = 1.0, shift: float = 0.0) -> Index:
    """NAP on the scale asked for: ``stretch`` and ``shift`` make Tau of it."""
    check_choice(se, STANDARD_ERRORS, "se")
    z = z_of(confidence)

    def kernel(block: Block) -> Answer:
        counts = block.counts
        low, high = newcombe(counts, z)
        cells = 2 * counts.m * counts.n
        return Answer(
            (stretch * counts.total + shift * cells) / cells,
            stretch * error_of(counts, se),
            (stretch * low + shift, stretch * high + shift),
            one_point(block) if se == "unbiased" else None,
        )

    scalar = nonoverlap.nap if stretch == 1.0 else nonoverlap.tau
    return Index(f"se_{se}", kernel, scalar, {"se": se, "confidence": confidence})


def pem_index(ties: PemTies) -> Index:
    """PEM with its way to count ties."""
    check_choice(ties, ("half", "strict"), "ties")

    def kernel(block: Block) -> Answer:
        centre = middle(block.a)
        beyond = 2 * (block.b > centre).sum(axis=0)
        equal = (block.b == centre).sum(axis=0) if ties == "half" else 0
        return Answer((beyond + equal) / (2 * block.n))

    return Index(f"ties_{ties}", kernel, nonoverlap.pem, {"ties": ties})


def _pnd(block: Block) -> Answer:
    return Answer((block.b > np.fmax.reduce(block.a, axis=0)).sum(axis=0) / block.n)


def _pand(block: Block) -> Answer:
    return Answer(_kept(block) / (block.m + block.n))


def _ird(block: Block) -> Answer:
    cells, points = 2 * block.m * block.n, block.m + block.n
    return Answer((cells - points * (points - _kept(block))) / cells)


def _kept(block: Block) -> Ints:
    """How many points can stay: the scalar ``kept_apart`` of each column."""
    beyond = np.sort(block.counts.beyond, axis=0)
    ranks = np.arange(1, len(beyond) + 1)[:, None]
    kept = np.where(ranks <= block.m, ranks + beyond[::-1], 0).max(axis=0)
    most: Ints = np.maximum(kept, block.n)
    return most


PND = Index("share_beyond_all", _pnd, nonoverlap.pnd, {})
PAND = Index("most_points_apart", _pand, nonoverlap.pand, {})
IRD = Index("robust", _ird, nonoverlap.ird, {})
