"""The statistics of thousands of series at once, with numpy (extra ``fast``): the values of the scalar code.

Put baselines and interventions into ``PhasePairs`` once, then ask for any number of effect sizes; each
answers with arrays in the order of the series, and ``compare_phases`` gives nine of them at once. The time
per series stays the same from a thousand series to a million. Nothing else in ``iepcore`` imports numpy.
"""

from __future__ import annotations

from iepcore.progress.batch.decisions import BatchDecisions, four_point_rule
from iepcore.progress.batch.indices import BatchResult
from iepcore.progress.batch.lines import BatchLines, ols, theil_sen
from iepcore.progress.batch.magnitudes import lrr_decrease, lrr_increase, smd
from iepcore.progress.batch.nonoverlap import ird, nap, pand, pem, pnd, tau
from iepcore.progress.batch.pairs import PhasePairs
from iepcore.progress.batch.phase_comparisons import BatchComparison, compare_phases
from iepcore.progress.batch.tau_forms import tau_bc, tau_u

__all__ = [
    "BatchComparison",
    "BatchDecisions",
    "BatchLines",
    "BatchResult",
    "PhasePairs",
    "compare_phases",
    "four_point_rule",
    "ird",
    "lrr_decrease",
    "lrr_increase",
    "nap",
    "ols",
    "pand",
    "pem",
    "pnd",
    "smd",
    "tau",
    "tau_bc",
    "tau_u",
    "theil_sen",
]
