"""Tau-U and baseline-corrected Tau of many series at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from iepcore.progress.batch.arrays import Bools, Floats
from iepcore.progress.batch.dominance import Counts, dominance, error_of, newcombe
from iepcore.progress.batch.indices import Answer, BatchResult, Index, compute, one_point
from iepcore.progress.batch.kendall import rising_less_falling, tied_pairs, trend_p
from iepcore.progress.batch.medians import median_slope
from iepcore.progress.batch.pairs import Block, PhasePairs
from iepcore.progress.effect_sizes import tau_forms
from iepcore.progress.effect_sizes.kendall import PretestForm
from iepcore.progress.effect_sizes.results import check_choice, z_of
from iepcore.progress.effect_sizes.tau_forms import (
    FORMS,
    PRETEST_FORMS,
    ROUNDINGS,
    SPAN_SHARE,
    TERMS,
    TIME_SCALES,
    VARIANTS,
    TauBCForm,
    TauUTerms,
    TauUVariant,
    TimeScale,
    level_of,
)


def tau_u(
    pairs: PhasePairs,
    *,
    variant: TauUVariant = "parker",
    terms: TauUTerms = "A_vs_B_minus_trend_A",
) -> BatchResult:
    """Return a Tau-U of every series, as ``iepcore.progress.tau_u`` does of one.

    Raises:
        InvalidValue: ``unknown_variant``.
    """
    return compute(pairs, tau_u_index(variant, terms))[0]


def tau_bc(
    pairs: PhasePairs,
    *,
    form: TauBCForm = "kendall",
    pretest: float | bool = False,
    pretest_form: PretestForm = "exact",
    time: TimeScale = "session",
    confidence: float = 0.95,
) -> BatchResult:
    """Return baseline-corrected Tau of every series, as ``iepcore.progress.tau_bc`` does of one.

    Time is the sessions of ``pairs``, or the order of the points. With a ``pretest`` each series says in its
    ``variant`` whether it was corrected.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    return compute(pairs, tau_bc_index(form, pretest, pretest_form, time, confidence))[0]


def tau_u_index(variant: TauUVariant, terms: TauUTerms) -> Index:
    """One of the Tau-U."""
    check_choice(variant, VARIANTS, "variant")
    check_choice(terms, TERMS, "terms")

    def kernel(block: Block) -> Answer:
        m, n, counts = block.m, block.n, block.counts
        cells = m * n
        balance, pairs, points = counts.total - cells, cells, m + n
        if terms.endswith("minus_trend_A"):
            balance = balance - rising_less_falling(block.a)
            if variant != "parker" or "trend_B" in terms:
                pairs = pairs + m * (m - 1) // 2
        if "plus_trend_B" in terms:
            balance = balance + rising_less_falling(block.b)
            pairs = pairs + n * (n - 1) // 2
        if variant != "complete_tau_b":
            return Answer(balance / pairs)
        if terms == "A_vs_B":
            ties = 2 * counts.total - counts.squares
            return Answer(balance / (pairs - ties / 2))
        untied = points * (points - 1) // 2 - tied_pairs(np.concatenate([block.a, block.b]))
        value = np.where(untied > 0, balance / np.sqrt(pairs * np.maximum(untied, 1)), np.nan)
        reason = np.full(len(m), None, dtype=object)
        reason[untied == 0] = "no_spread"
        return Answer(value, reason=reason)

    return Index(f"{variant}:{terms}", kernel, tau_forms.tau_u, {"variant": variant, "terms": terms})


def tau_bc_index(
    form: TauBCForm, pretest: float | bool, pretest_form: PretestForm, time: TimeScale, confidence: float
) -> Index:
    """Tau-BC in one of its forms."""
    check_choice(form, FORMS, "form")
    check_choice(pretest_form, PRETEST_FORMS, "pretest_form")
    check_choice(time, TIME_SCALES, "time")
    level, z = level_of(pretest), z_of(confidence)

    def kernel(whole: Block) -> Answer:
        block = whole.in_order() if time == "index" else whole
        corrected = np.ones(len(block.m), dtype=bool)
        if level is not None:
            corrected = trend_p(block.xa, block.a, block.m, pretest_form) < level
        a, b, tolerance, undefined = _residuals(block, corrected)
        few = block.m < 2
        undefined |= few
        counts = dominance(a, b, block.m, block.n, tolerance)
        parts = _nonoverlap(counts, z) if form == "nonoverlap" else _kendall(counts, a, b, tolerance, z)
        reason = one_point(block) if form == "nonoverlap" else np.full(len(block.m), None, dtype=object)
        reason[undefined] = np.where(few, "insufficient_data", "no_spread")[undefined]
        value, se, low, high = (np.where(undefined, np.nan, part) for part in parts)
        variant = None
        if level is not None:
            variant = np.where(corrected, f"{form}:corrected", f"{form}:uncorrected").astype(object)
        return Answer(value, se, (low, high), reason, variant)

    settings = {
        "form": form,
        "pretest": pretest,
        "pretest_form": pretest_form,
        "time": time,
        "confidence": confidence,
    }
    return Index(f"{form}:corrected", kernel, tau_forms.tau_bc, settings, is_timed=True)


def _residuals(block: Block, corrected: Bools) -> tuple[Floats, Floats, Floats, Bools]:
    """What the baseline's line leaves where it is taken away, how far apart a tie may be, and where there is
    no line."""
    xa, xb = block.xa - block.xa[0], block.xb - block.xa[0]
    slope = np.where(corrected, median_slope(xa, block.a), 0.0)
    size = np.maximum(np.abs(slope) * _furthest(xa, xb), _furthest(block.a, block.b))
    tolerance = np.maximum(SPAN_SHARE * _span(block.a, block.b), ROUNDINGS * size)
    return (
        block.a - slope * xa,
        block.b - slope * xb,
        np.where(corrected, tolerance, 0.0),
        np.isnan(slope),
    )


_Parts: TypeAlias = tuple[Floats, Floats, Floats, Floats]


def _nonoverlap(counts: Counts, z: float) -> _Parts:
    """Value, error and limits of Pustejovsky's form."""
    cells = counts.m * counts.n
    low, high = newcombe(counts, z)
    return (counts.total - cells) / cells, 2 * error_of(counts, "unbiased"), 2 * low - 1, 2 * high - 1


def _kendall(counts: Counts, a: Floats, b: Floats, tolerance: Floats, z: float) -> _Parts:
    """Value, error and limits of Tarlow's form."""
    cells, points = counts.m * counts.n, counts.m + counts.n
    balance = counts.total - cells
    untied = points * (points - 1) // 2 - tied_pairs(np.concatenate([a, b]), tolerance)
    value = np.where(untied > 0, balance / np.sqrt(cells * np.maximum(untied, 1)), 0.0)
    error = np.sqrt(np.maximum(0.0, 2 * (1 - value * value) / points))
    return value, error, value - z * error, value + z * error


def _furthest(one: Floats, other: Floats) -> Floats:
    result: Floats = np.fmax(np.fmax.reduce(np.abs(one), axis=0), np.fmax.reduce(np.abs(other), axis=0))
    return result


def _span(one: Floats, other: Floats) -> Floats:
    top = np.fmax(np.fmax.reduce(one, axis=0), np.fmax.reduce(other, axis=0))
    result: Floats = top - np.fmin(np.fmin.reduce(one, axis=0), np.fmin.reduce(other, axis=0))
    return result
