"""How far two phases of one child's scores differ: the effect sizes of single-case research.

Each is called as ``f(baseline, intervention, *, direction="increase", ...)`` with sequences that may hold
None, and returns an ``EffectSize``.
"""

from __future__ import annotations

from iepcore.progress.effect_sizes.dual_criterion import DualCriterion, cdc
from iepcore.progress.effect_sizes.magnitudes import pogo, smd
from iepcore.progress.effect_sizes.nonoverlap import ird, nap, pand, pem, pnd, tau
from iepcore.progress.effect_sizes.ratios import log_odds_ratio, lrr_decrease, lrr_increase
from iepcore.progress.effect_sizes.results import EffectSize
from iepcore.progress.effect_sizes.tau_forms import tau_bc, tau_u

__all__ = [
    "DualCriterion",
    "EffectSize",
    "cdc",
    "ird",
    "log_odds_ratio",
    "lrr_decrease",
    "lrr_increase",
    "nap",
    "pand",
    "pem",
    "pnd",
    "pogo",
    "smd",
    "tau",
    "tau_bc",
    "tau_u",
]
