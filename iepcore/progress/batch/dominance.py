"""All pairs of two phases counted for many series at once, and NAP's error and interval from the counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iepcore.progress.batch.arrays import Floats, Ints
from iepcore.progress.effect_sizes.dominance import MOST_STEPS, NEWTON_STEP, StandardError


@dataclass(frozen=True, slots=True)
class Counts:
    """What ``effect_sizes.dominance.Dominance`` counts, per column.

    ``beyond`` says of each baseline point how many intervention points lie beyond it.
    """

    m: Ints
    n: Ints
    total: Ints
    squares_a: Ints
    squares_b: Ints
    squares: Ints
    beyond: Ints


def dominance(a: Floats, b: Floats, m: Ints, n: Ints, tolerance: Floats | None = None) -> Counts:
    """Count the pairs of each column; scores within ``tolerance`` of each other are tied."""
    below, above = (b, b) if tolerance is None else (b - tolerance, b + tolerance)
    beyond, own_a = np.empty(a.shape, dtype=np.int64), np.empty(a.shape, dtype=np.int64)
    own_b = np.zeros(b.shape, dtype=np.int32)
    for place, row in enumerate(a):
        # What fills a column up is NaN, and NaN neither wins nor ties.
        won, reached = row < below, row <= above
        own_b += won
        own_b += reached
        won.sum(axis=0, out=beyond[place])
        reached.sum(axis=0, out=own_a[place])
    own_a += beyond
    total = own_a.sum(axis=0)
    squares_b = np.square(own_b, dtype=np.int64).sum(axis=0)
    # A won pair squares to 4 and counts 2, a tied one to 1 and 1.
    return Counts(
        m, n, total, np.square(own_a).sum(axis=0), squares_b, total + 2 * beyond.sum(axis=0), beyond
    )


def error_of(counts: Counts, kind: StandardError) -> Floats:
    """Return NAP's standard error per column; NaN for the unbiased one with a phase of one point."""
    m, n, total = counts.m, counts.n, counts.total
    cells = m * n
    if kind == "null":
        return np.sqrt((m + n + 1) / (12 * cells))
    scale = 4 * cells * cells
    q1 = (m * counts.squares_a - total * total) / scale
    q2 = (n * counts.squares_b - total * total) / scale
    share = np.clip(total / (2 * cells), 1 / (2 * cells), 1 - 1 / (2 * cells))
    spread = share * (1 - share)
    if kind == "hanley":
        wide: Floats = np.sqrt((spread + (n - 1) * q1 + (m - 1) * q2) / cells)
        return wide
    q3 = (cells * counts.squares - total * total) / scale
    inner = np.maximum(0.0, spread + n * q1 + m * q2 - 2 * q3)
    below = (m - 1) * (n - 1)
    result: Floats = np.sqrt(np.where(below > 0, inner / np.maximum(below, 1), np.nan))
    return result


def newcombe(counts: Counts, z: float) -> tuple[Floats, Floats]:
    """Return Newcombe's limits of NAP per column."""
    # They hang on three whole numbers, which many columns share: each set of three is solved once.
    whole = np.stack([counts.m, counts.n, counts.total])
    keys = (whole[0] * (whole[1].max(initial=0) + 1) + whole[1]) * (whole[2].max(initial=0) + 1) + whole[2]
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    m, n, total = whole[:, first]
    cells = m * n
    share = np.concatenate([total, 2 * cells - total]) / np.tile(2 * cells, 2)
    both = _lower_limit(share, np.tile(cells, 2), z * z, np.tile((m + n) / 2 - 1, 2))
    return both[: len(m)][places], (1 - both[len(m) :])[places]


def _lower_limit(share: Floats, cells: Ints, z2: float, h: Floats) -> Floats:
    """The scalar search, all columns together."""
    found = np.zeros_like(share)
    open_ = np.flatnonzero(share > 0)
    goal, pairs, steep, flat = share[open_], cells[open_], z2 * (1 + 2 * h[open_]), z2 * (2 + h[open_])
    weight = z2 * (2 * h[open_] + 3) / (3 * pairs)
    guess = (goal + weight / 2 - np.sqrt(weight * (goal * (1 - goal) + weight / 4))) / (1 + weight)
    is_separated = goal >= 1
    for _ in range(MOST_STEPS):  # pragma: no branch - four steps are usual
        q, bend, gap = guess * (1 - guess), 1 - 2 * guess, goal - guess
        ends, rest = pairs * gap * (2 + q), flat + steep * q
        value = np.where(is_separated, ends - guess * rest, ends * gap - q * rest)
        slope = np.where(
            is_separated,
            pairs * (gap * bend - 2 - q) - rest - steep * guess * bend,
            pairs * gap * (gap * bend - 2 * (2 + q)) - bend * (rest + steep * q),
        )
        step = value / np.where(slope < 0, slope, -np.inf)
        guess = guess - step
        if (np.abs(step) <= NEWTON_STEP).all():
            break
    found[open_] = np.clip(guess, 0.0, goal)
    return found
