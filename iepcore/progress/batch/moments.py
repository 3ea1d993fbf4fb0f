"""Mean and variance of many columns at once, exact for columns of equal scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iepcore.progress.batch.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, sum of squares about it and sample variance of each column; NaN where one score has none."""

    mean: Floats
    squares: Floats
    variance: Floats


def moments(scores: Floats, counts: Ints) -> Moments:
    """Return the moments of each column without its NaN."""
    there = ~np.isnan(scores)
    filled = np.where(there, scores, 0.0)
    equal = np.fmin.reduce(scores, axis=0) == np.fmax.reduce(scores, axis=0)
    mean = np.where(equal, scores[0], filled.sum(axis=0) / counts)
    away = np.where(there, scores - mean, 0.0)
    squares = (away * away).sum(axis=0)
    variance = np.where(counts > 1, squares / np.maximum(counts - 1, 1), np.nan)
    return Moments(mean, squares, variance)
