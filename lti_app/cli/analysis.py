"""What ``iep analyze`` computes of each series: by numpy where it is installed, else one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iepcore import progress
from iepcore.progress import EffectSize, TrendLine, baseline_median, trend_line

if TYPE_CHECKING:
    from iepcore.progress.batch import PhasePairs

INDICES = ("nap", "tau_u", "tau_bc", "pnd", "pem", "pand", "ird", "smd", "lrr_increase")
COLUMNS = (
    "series",
    "direction",
    "n_a",
    "n_b",
    "median_a",
    "median_b",
    "slope_b",
    "slope_b_se",
    *(f"nap{part}" for part in ("", "_se", "_low", "_high")),
    *(name for name in INDICES if name != "nap"),
    "reasons",
)


@dataclass(slots=True)
class SeriesRows:
    """One series as read: sessions and scores of the two phases."""

    name: str
    direction: str
    sessions: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    scores: tuple[list[float | None], list[float | None]] = field(default_factory=lambda: ([], []))

    def add(self, phase: int, session: float, score: float | None) -> None:
        """Put in one row."""
        self.sessions[phase].append(session)
        self.scores[phase].append(score)


def analysed(several: Sequence[SeriesRows]) -> Iterator[list[str]]:
    """Yield the row of each series, in their order."""
    for one in several:
        for phase in (0, 1):
            _sort(one.sessions[phase], one.scores[phase])
    try:
        results, slopes = _together(several)
    except ImportError:
        results, slopes = _one_by_one(several)
    for index, one in enumerate(several):
        yield _row(one, [result(index) for result in results], slopes(index))


_Result = Callable[[int], EffectSize]
_Slope = Callable[[int], tuple[float | None, float | None]]


def _together(several: Sequence[SeriesRows]) -> tuple[list[_Result], _Slope]:
    from iepcore.progress import batch

    pairs: PhasePairs = batch.PhasePairs(
        [one.scores[0] for one in several],
        [one.scores[1] for one in several],
        direction=[one.direction for one in several],
        baseline_sessions=[one.sessions[0] for one in several],
        intervention_sessions=[one.sessions[1] for one in several],
    )
    lines = batch.ols([one.sessions[1] for one in several], [one.scores[1] for one in several])

    def slope(index: int) -> tuple[float | None, float | None]:
        found = float(lines.slope[index]), float(lines.se[index])
        return (
            None if found[0] != found[0] else found[0],
            None if found[1] != found[1] else found[1],
        )

    return [getattr(batch, name)(pairs).at for name in INDICES], slope


def _one_by_one(several: Sequence[SeriesRows]) -> tuple[list[_Result], _Slope]:
    def result(name: str) -> _Result:
        index: Callable[..., EffectSize] = getattr(progress, name)

        def of(place: int) -> EffectSize:
            one = several[place]
            sessions = {}
            if name == "tau_bc":
                sessions = {"baseline_sessions": one.sessions[0], "intervention_sessions": one.sessions[1]}
            return index(*one.scores, direction=one.direction, **sessions)

        return of

    def slope(place: int) -> tuple[float | None, float | None]:
        line: TrendLine = trend_line(several[place].sessions[1], several[place].scores[1])
        return line.slope, line.se

    return [result(name) for name in INDICES], slope


def _row(one: SeriesRows, results: list[EffectSize], slope: tuple[float | None, float | None]) -> list[str]:
    nap = results[0]
    reasons = [
        f"{name}={result.reason}"
        for name, result in zip(INDICES, results, strict=True)
        if result.reason is not None
    ]
    numbers = [
        *(None if nap.reason == "too_large" else baseline_median(phase) for phase in one.scores),
        *slope,
        nap.value,
        nap.se,
        *(nap.ci or (None, None)),
        *(result.value for result in results[1:]),
    ]
    return [
        one.name,
        one.direction,
        str(nap.n_a),
        str(nap.n_b),
        *("" if number is None else f"{number:.10g}" for number in numbers),
        ";".join(reasons),
    ]


def _sort(sessions: list[float], scores: list[float | None]) -> None:
    """Put a phase in the order of its sessions."""
    order = sorted(range(len(sessions)), key=sessions.__getitem__)
    sessions[:], scores[:] = [sessions[i] for i in order], [scores[i] for i in order]
