"""Kendall's S of one phase against time, and its test, of many series at once."""

from __future__ import annotations

import numpy as np

from iepcore.progress.batch.arrays import Floats, Ints
from iepcore.progress.distributions import normal_cdf
from iepcore.progress.effect_sizes.kendall import PretestForm
from iepcore.progress.tendencies import MannKendall


def rising_less_falling(scores: Floats) -> Ints:
    """Return S of each column in its order."""
    balance = np.zeros(scores.shape[1], dtype=np.int64)
    for place in range(1, len(scores)):
        before, here = scores[:place], scores[place]
        balance += np.subtract(before < here, before > here, dtype=np.int32).sum(axis=0)
    return balance


def tied_pairs(scores: Floats, tolerance: Floats | float = 0.0) -> Ints:
    """Return how many pairs of each column lie within the tolerance of each other."""
    ordered = np.sort(scores, axis=0)
    ties = np.zeros(scores.shape[1], dtype=np.int64)
    for distance in range(1, len(ordered)):
        close = ordered[distance:] - ordered[:-distance] <= tolerance
        if not close.any():
            break
        ties += close.sum(axis=0)
    return ties


def trend_p(times: Floats, scores: Floats, n: Ints, form: PretestForm) -> Floats:
    """Return the scalar ``trend_p`` of each column; NaN when the scores or the times all tie."""
    balance = np.zeros(len(n), dtype=np.int64)
    same_time, same_score = (np.zeros(scores.shape, dtype=np.int64) for _ in range(2))
    for place in range(len(scores)):
        later, higher = np.sign(times - times[place]), np.sign(scores - scores[place])
        # What fills a column up is NaN, and NaN is neither later nor the same.
        balance += np.nansum(later * higher, axis=0).astype(np.int64)
        same_time += later == 0
        same_score += higher == 0
    balance //= 2
    variance = _variance(n, same_time, same_score)
    p = np.full(len(n), np.nan)
    sure = variance > 0
    exact = np.zeros(len(n), dtype=bool)
    if form == "exact":
        exact = sure & (n <= _EXACT_LIMIT) & (same_time <= 1).all(axis=0) & (same_score <= 1).all(axis=0)
        p[exact] = _exact(n[exact], np.abs(balance[exact]))
    rest = sure & ~exact
    distance = np.abs(balance[rest]) if form == "normal" else np.maximum(0, np.abs(balance[rest]) - 1)
    p[rest] = _normal(distance / np.sqrt(variance[rest]))
    return p


_EXACT_LIMIT = 50


def _exact(n: Ints, balance: Ints) -> Floats:
    """Each count of points and balance is looked up once."""
    pairs, places = np.unique(np.stack([n, balance]), axis=1, return_inverse=True)
    found = [MannKendall(n=count, s=s).p_exact for count, s in pairs.T.tolist()]
    return np.array(found, dtype=np.float64)[places.ravel()]


def _normal(distance: Floats) -> Floats:
    some, places = np.unique(distance, return_inverse=True)
    return np.array([2 * normal_cdf(-each) for each in some.tolist()], dtype=np.float64)[places.ravel()]


def _variance(n: Ints, same_time: Ints, same_score: Ints) -> Floats:
    """Variance of S when both variables may tie (Kendall 1970); each point knows the size of its tie."""
    # A tie of t points counts t times (t - 1), and so on; what fills a column up has size 0.
    (time, score) = (np.maximum(sizes, 1) for sizes in (same_time, same_score))
    spread = sum(((sizes - 1) * (2 * sizes + 5)).sum(axis=0) for sizes in (time, score))
    pairs = (time - 1).sum(axis=0) * (score - 1).sum(axis=0)
    triples = ((time - 1) * (time - 2)).sum(axis=0) * ((score - 1) * (score - 2)).sum(axis=0)
    whole = (n * (n - 1) * (2 * n + 5) - spread) / 18
    both = pairs / np.maximum(2 * n * (n - 1), 1)
    result: Floats = whole + both + triples / np.maximum(9 * n * (n - 1) * (n - 2), 1)
    return result
