"""The usual effect sizes of many series together: what they share is worked out once, block by block."""

from __future__ import annotations

from dataclasses import dataclass, fields

from iepcore.progress.batch.indices import BatchResult, compute
from iepcore.progress.batch.magnitudes import log_ratio_index, smd_index
from iepcore.progress.batch.nonoverlap import IRD, PAND, PND, nap_index, pem_index
from iepcore.progress.batch.pairs import PhasePairs
from iepcore.progress.batch.tau_forms import tau_bc_index, tau_u_index
from iepcore.progress.effect_sizes.phase_comparisons import PhaseComparison
from iepcore.progress.effect_sizes.ratios import RatioScale


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchComparison:
    """Nine effect sizes of many series, in their order; ``at(i)`` is the scalar record."""

    nap: BatchResult
    tau_u: BatchResult
    tau_bc: BatchResult
    pnd: BatchResult
    pem: BatchResult
    pand: BatchResult
    ird: BatchResult
    smd: BatchResult
    lrr_increase: BatchResult

    def __len__(self) -> int:
        return len(self.nap)

    def at(self, index: int) -> PhaseComparison:
        """Return the nine of one series as ``iepcore.progress.compare_phases`` gives them."""
        return PhaseComparison(**{each.name: getattr(self, each.name).at(index) for each in fields(self)})


def compare_phases(
    pairs: PhasePairs,
    *,
    scale: RatioScale = "other",
    intervals: float | None = None,
    observation_length: float | None = None,
    confidence: float = 0.95,
) -> BatchComparison:
    """Return nine effect sizes of every series, as ``iepcore.progress.compare_phases`` does of one.

    Faster than nine calls, and with less memory: one block of series is done before the next is made.

    Raises:
        InvalidValue: ``unknown_variant``, ``probability_out_of_range``, a number's own code.
    """
    nine = compute(
        pairs,
        nap_index("unbiased", confidence),
        tau_u_index("parker", "A_vs_B_minus_trend_A"),
        tau_bc_index("kendall", False, "exact", "session", confidence),
        PND,
        pem_index("half"),
        PAND,
        IRD,
        smd_index("baseline", True, confidence),
        log_ratio_index(True, scale, intervals, observation_length, True, confidence),
    )
    return BatchComparison(**dict(zip([each.name for each in fields(BatchComparison)], nine, strict=True)))
