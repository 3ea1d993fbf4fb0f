"""Many ragged series as arrays: read once, sorted by length, cut into blocks that fit a processor's cache.

A block holds series side by side, one column each, so that every step runs over many series at once. Series
that need care (a phase without scores, numbers near the ends of the floats, thousands of points) are
counted as unusual and left to the scalar functions, which give the same values one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from iepcore.progress.checks import refuse

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
ManySeries: TypeAlias = Sequence[Sequence[float | None]] | Floats

CELLS = 1 << 18
"""A block has at most so many scores times partners: its arrays stay in the cache."""

COLUMNS = 4096
_LONGEST = 1 << 17
_LARGEST, _SMALLEST = 1e100, 1e-100
_MOST = 1.5e308


@dataclass(frozen=True, slots=True)
class Ragged:
    """Series of different lengths in one row; missing scores are left out."""

    flat: Floats
    starts: Ints
    counts: Ints

    def row(self, index: int) -> list[float]:
        """Return one series."""
        start = self.starts[index]
        values: list[float] = self.flat[start : start + self.counts[index]].tolist()
        return values

    def columns(self, rows: Ints) -> Floats:
        """Return some series as columns, filled up with NaN."""
        counts = self.counts[rows]
        place = np.arange(int(counts.max(initial=0)))[:, None]
        inside = place < counts
        where = np.where(inside, self.starts[rows] + place, 0)
        return np.where(inside, self.flat[where], np.nan)

    def unusual(self) -> Bools:
        """Say which series hold nothing, or numbers whose squares leave the floats."""
        odd: Bools = self.counts == 0
        sizes = np.abs(self.flat[:-1])
        strange = ~np.isfinite(sizes) | (sizes > _LARGEST) | ((sizes < _SMALLEST) & (sizes > 0))
        if strange.any():
            owner = np.repeat(np.arange(len(self.counts)), self.counts)
            odd[owner[strange]] = True
        return odd


def ragged(series: ManySeries, partner: ManySeries | None = None) -> tuple[Ragged, Ragged | None]:
    """Read many series; a score that is None or NaN is missing, together with its place in ``partner``.

    Raises:
        InvalidValue: ``not_a_number`` for text, ``lengths_differ`` when a partner's lengths are others.
    """
    flat, lengths = _flat(series)
    there = ~np.isnan(flat)
    other: Floats | None = None
    if partner is not None:
        other, other_lengths = _flat(partner)
        if not np.array_equal(lengths, other_lengths):
            raise refuse("lengths_differ", "sessions")
        there &= ~np.isnan(other)
    counts = lengths
    if not there.all():
        owner = np.repeat(np.arange(len(lengths)), lengths)
        counts = np.bincount(owner[there], minlength=len(lengths)).astype(np.int64)
        flat = flat[there]
        other = None if other is None else other[there]
    starts = np.cumsum(counts) - counts
    # A last NaN, so that an empty batch has something to point at.
    first = Ragged(np.append(flat, np.nan), starts, counts)
    return first, None if other is None else Ragged(np.append(other, np.nan), starts, counts)


def _flat(series: ManySeries) -> tuple[Floats, Ints]:
    if isinstance(series, np.ndarray):
        table = np.atleast_2d(np.asarray(series, dtype=np.float64))
        return table.ravel(), np.full(table.shape[0], table.shape[1], dtype=np.int64)
    lengths = np.fromiter(map(len, series), dtype=np.int64, count=len(series))
    try:
        try:
            numbers = chain.from_iterable(series)
            return np.fromiter(numbers, dtype=np.float64, count=int(lengths.sum())), lengths
        except OverflowError:
            return np.array([_held(each) for each in chain.from_iterable(series)], dtype=np.float64), lengths
    except (TypeError, ValueError):
        raise refuse("not_a_number", "series") from None


def _held(value: float | None) -> float | None:
    """A whole number past the floats is held at their end; the scalar functions call either too large."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return _MOST if value > 0 else -_MOST  # type: ignore[operator]  # None does not overflow


def blocks(usual: Bools, lengths: Sequence[Ints], weight: Ints) -> Iterator[Ints]:
    """Yield the rows of each block: series of like length, so that little is filled up.

    ``weight`` is how many cells one series needs.
    """
    rows = np.flatnonzero(usual)
    rows = rows[np.lexsort([size[rows] for size in lengths])]
    start = 0
    while start < len(rows):
        stop = min(start + COLUMNS, len(rows))
        heaviest = int(weight[rows[start:stop]].max())
        stop = min(stop, start + max(1, CELLS // max(1, heaviest)))
        yield rows[start:stop]
        start = stop


def too_long(weight: Ints) -> Bools:
    """Say which series are so long that a block would hold only one."""
    long: Bools = weight > _LONGEST
    return long
