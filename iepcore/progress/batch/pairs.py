"""Two phases of many children side by side, cut into blocks that are computed one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from iepcore.progress.batch.arrays import Bools, Floats, Ints, ManySeries, Ragged, blocks, ragged, too_long
from iepcore.progress.batch.dominance import Counts, dominance
from iepcore.progress.batch.moments import Moments, moments
from iepcore.progress.checks import refuse
from iepcore.progress.comparison import Direction, direction_from

Directions: TypeAlias = Direction | str | Sequence[Direction | str]

KEPT_SERIES = 1 << 16
"""Of so many series the blocks are kept for the next index; of more they are made anew, to save memory."""


@dataclass(frozen=True)
class Block:
    """Series of like length: ``a`` and ``b`` hold one column each, oriented so that larger is better.

    What several indices ask for is worked out once.
    """

    rows: Ints
    a: Floats
    b: Floats
    m: Ints
    n: Ints
    sign: Floats
    sessions: tuple[Ragged, Ragged] | None

    @cached_property
    def xa(self) -> Floats:
        """The baseline's sessions; without any, numbers from 1."""
        if self.sessions is not None:
            return self.sessions[0].columns(self.rows)
        return _numbered(self.a, 0)

    @cached_property
    def xb(self) -> Floats:
        """The intervention's sessions; without any, the numbers that follow the baseline's."""
        if self.sessions is not None:
            return self.sessions[1].columns(self.rows)
        return _numbered(self.b, self.m)

    @cached_property
    def counts(self) -> Counts:
        """All pairs of the two phases, counted."""
        return dominance(self.a, self.b, self.m, self.n)

    @cached_property
    def moments(self) -> tuple[Moments, Moments]:
        """Mean and variance of the oriented phases."""
        return moments(self.a, self.m), moments(self.b, self.n)

    def in_order(self) -> Block:
        """Return the same scores numbered by the order of their sessions alone."""
        if self.sessions is None:
            return self
        a, b = (
            np.take_along_axis(y, np.argsort(x, axis=0, kind="stable"), axis=0)
            for x, y in ((self.xa, self.a), (self.xb, self.b))
        )
        return Block(self.rows, a, b, self.m, self.n, self.sign, None)


def _numbered(like: Floats, before: Ints | int) -> Floats:
    return (np.arange(1, len(like) + 1)[:, None] + before * np.ones(like.shape[1])).astype(np.float64)


class PhasePairs:
    """Baselines and interventions of many series, read once for any number of effect sizes.

    ``directions`` is one direction or one per series; sessions, when given, as many as scores. None and NaN
    are missing. A table (two-dimensional array) counts as one series per row.

    Raises:
        InvalidValue: ``lengths_differ``, ``unknown_direction``, ``not_a_number``.
    """

    def __init__(
        self,
        baselines: ManySeries,
        interventions: ManySeries,
        *,
        direction: Directions = "increase",
        baseline_sessions: ManySeries | None = None,
        intervention_sessions: ManySeries | None = None,
    ) -> None:
        if (baseline_sessions is None) != (intervention_sessions is None):
            raise refuse("lengths_differ", "sessions")
        self._a, xa = ragged(baselines, baseline_sessions)
        self._b, xb = ragged(interventions, intervention_sessions)
        if len(self._a.counts) != len(self._b.counts):
            raise refuse("lengths_differ", "interventions")
        self._sessions = None if xa is None or xb is None else (xa, xb)
        names = [direction] * len(self) if isinstance(direction, str) else list(direction)
        if len(names) != len(self):
            raise refuse("lengths_differ", "direction")
        known = {name: direction_from(name) for name in set(names)}
        self.directions = [known[name] for name in names]

    def __len__(self) -> int:
        return len(self._a.counts)

    @property
    def n_a(self) -> Ints:
        """How many scores each baseline has."""
        return self._a.counts

    @property
    def n_b(self) -> Ints:
        """How many scores each intervention has."""
        return self._b.counts

    @cached_property
    def unusual(self) -> Bools:
        """Which series are left to the scalar functions."""
        odd = self._a.unusual() | self._b.unusual() | too_long(self.n_a * self.n_b)
        odd |= too_long(self.n_a * self.n_a)
        for sessions in self._sessions or ():
            odd |= sessions.unusual()
        return odd

    @property
    def blocks(self) -> Iterable[Block]:
        """The usual series, cut into blocks."""
        return self._kept if len(self) <= KEPT_SERIES else self._cut()

    @cached_property
    def _kept(self) -> tuple[Block, ...]:
        return tuple(self._cut())

    def _cut(self) -> Iterator[Block]:
        sign = np.array([way.sign for way in self.directions], dtype=np.float64)
        weight = np.maximum(self.n_a, self.n_b) * self.n_a
        for rows in blocks(~self.unusual, (self.n_b, self.n_a), weight):
            s = sign[rows]
            a, b = self._a.columns(rows), self._b.columns(rows)
            if (s < 0).any():
                a, b = a * s, b * s
            yield Block(rows, a, b, self.n_a[rows], self.n_b[rows], s, self._sessions)

    def one(self, index: int) -> tuple[list[float], list[float], dict[str, Any]]:
        """Return one pair as the scalar functions take it, with its direction."""
        return self._a.row(index), self._b.row(index), {"direction": self.directions[index]}

    def sessions(self, index: int) -> dict[str, Any]:
        """Return the sessions of one pair as the scalar functions take them."""
        if self._sessions is None:
            return {}
        xa, xb = self._sessions
        return {"baseline_sessions": xa.row(index), "intervention_sessions": xb.row(index)}
