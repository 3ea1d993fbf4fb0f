"""Tau-U and baseline-corrected Tau of many series at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from iepcore.progress.batch.arrays import Floats, Ints
from iepcore.progress.batch.dominance import Counts, dominance, error_of, newcombe, one_point
from iepcore.progress.batch.medians import middle, slopes
from iepcore.progress.batch.pairs import Answer, BatchResult, Block, PhasePairs, compute
from iepcore.progress.effect_sizes import tau_forms
from iepcore.progress.effect_sizes.results import EffectSize, check_choice, z_of
from iepcore.progress.effect_sizes.tau_forms import ROUNDINGS, SPAN_SHARE, TauBCForm


def tau_u(pairs: PhasePairs) -> BatchResult:
    """Return Parker's Tau-U (A against B less trend A, over m n) of every series."""

    def kernel(block: Block) -> Answer:
        cells = block.m * block.n
        balance = dominance(block.a, block.b, block.m, block.n).total - cells - _rising(block.a)
        return Answer(balance / cells)

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        return tau_forms.tau_u(a, b, **way)

    return compute(pairs, "parker:A_vs_B_minus_trend_A", kernel, one)


def tau_bc(pairs: PhasePairs, *, form: TauBCForm = "kendall", confidence: float = 0.95) -> BatchResult:
    """Return baseline-corrected Tau of every series, without a test of the baseline first.

    Time is the sessions of ``pairs``, or the order of the points.

    Raises:
        InvalidValue: ``unknown_variant`` or ``probability_out_of_range``.
    """
    check_choice(form, ("kendall", "nonoverlap"), "form")
    z = z_of(confidence)

    def kernel(block: Block) -> Answer:
        xa, xb = block.xa - block.xa[0], block.xb - block.xa[0]
        slope = middle(slopes(xa, block.a))
        size = np.maximum(np.abs(slope) * _furthest(xa, xb), _furthest(block.a, block.b))
        tolerance = np.maximum(SPAN_SHARE * _span(block.a, block.b), ROUNDINGS * size)
        a, b = block.a - slope * xa, block.b - slope * xb
        counts = dominance(a, b, block.m, block.n, tolerance)
        parts = _nonoverlap(counts, z) if form == "nonoverlap" else _kendall(counts, a, b, tolerance, z)
        reason = np.full(len(block.rows), None, dtype=object)
        if form == "nonoverlap":
            reason = one_point(block)
        undefined = np.isnan(slope)
        reason[undefined] = np.where(block.m < 2, "insufficient_data", "no_spread")[undefined]
        value, se, low, high = (np.where(undefined, np.nan, part) for part in parts)
        return Answer(value, se, (low, high), reason)

    def one(row: int) -> EffectSize:
        a, b, way = pairs.one(row)
        sessions = pairs.sessions(row)
        return tau_forms.tau_bc(a, b, form=form, confidence=confidence, **way, **sessions)

    return compute(pairs, f"{form}:corrected", kernel, one)


def _rising(a: Floats) -> Ints:
    """Kendall's S of each column in its order."""
    balance = np.zeros(a.shape[1], dtype=np.int64)
    for place in range(1, len(a)):
        balance += np.subtract(a[:place] < a[place], a[:place] > a[place], dtype=np.int32).sum(axis=0)
    return balance


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
    untied = points * (points - 1) // 2 - _tied(np.concatenate([a, b]), tolerance)
    value = np.where(untied > 0, balance / np.sqrt(cells * np.maximum(untied, 1)), 0.0)
    error = np.sqrt(np.maximum(0.0, 2 * (1 - value * value) / points))
    return value, error, value - z * error, value + z * error


def _tied(scores: Floats, tolerance: Floats) -> Ints:
    """How many pairs of each column lie within the tolerance of each other."""
    ordered = np.sort(scores, axis=0)
    ties = np.zeros(scores.shape[1], dtype=np.int64)
    for distance in range(1, len(ordered)):
        close = ordered[distance:] - ordered[:-distance] <= tolerance
        if not close.any():
            break
        ties += close.sum(axis=0)
    return ties


def _furthest(one: Floats, other: Floats) -> Floats:
    result: Floats = np.fmax(np.fmax.reduce(np.abs(one), axis=0), np.fmax.reduce(np.abs(other), axis=0))
    return result


def _span(one: Floats, other: Floats) -> Floats:
    top = np.fmax(np.fmax.reduce(one, axis=0), np.fmax.reduce(other, axis=0))
    result: Floats = top - np.fmin(np.fmin.reduce(one, axis=0), np.fmin.reduce(other, axis=0))
    return result
