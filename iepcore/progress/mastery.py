"""Mastery criteria: k of the last n sessions at the threshold, with thin sessions, absences and strata.

Progress science, section 7. "4 of 5 trials" is a percent inside one session; "in 4 of 5 sessions" is this.
80 % over 3 sessions often fails to last; 90 to 100 % lasts better (Longino et al. 2021).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from iepcore.progress.checks import check_number, check_whole, refuse
from iepcore.progress.comparison import Direction, direction_from, meets
from iepcore.progress.pairing import problem_of
from iepcore.progress.series import Observation

Missing: TypeAlias = Literal["skip", "breaks"]
Scores: TypeAlias = Iterable[Observation] | Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MasteryWindow:
    """Up to n scored sessions in a row: how many of them met, and where they begin and end.

    ``first`` and ``last`` are places in the series as given, from 0, absences counted; the days are None for
    scores without days.
    """

    met: int
    scored: int
    first: int
    last: int
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MasteryResult:
    """Whether and when a criterion was met, and whether it still is.

    ``first_met_index`` is the place (from 0, absences counted) of the session that completed it,
    ``first_met_on`` its day. ``best_window`` has the most sessions that met, the earliest of equals.
    ``currently_met`` looks at the last window, ``lost_after_mastery`` is met before and not now.
    ``reason`` is ``criterion_met``, ``criterion_not_met``, ``insufficient_data`` (no full window of scored
    sessions yet), ``not_a_number`` or ``too_large``.
    """

    is_met: bool
    reason: str
    n_scored: int
    first_met_index: int | None = None
    first_met_on: date | None = None
    best_window: MasteryWindow | None = None
    currently_met: bool = False

    @property
    def lost_after_mastery(self) -> bool:
        """Whether the criterion was met and the last window no longer meets it."""
        return self.is_met and not self.currently_met


@dataclass(frozen=True, slots=True, kw_only=True)
class StrataResult:
    """A criterion over several settings, people or materials: each must meet it.

    ``first_met_on`` is the day on which the last of them did, ``missing`` names those that have not.
    """

    is_met: bool
    first_met_on: date | None
    currently_met: bool
    missing: tuple[str, ...]
    results: Mapping[str, MasteryResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class MasteryCriterion:
    """At least ``k`` of the last ``n`` scored sessions at ``threshold`` or better; exactly at it counts.

    ``n`` scored sessions must be there unless ``early``: then k successes within fewer will do. ``k == n`` is
    n in a row. ``missing="breaks"`` starts the window again after an absence; ``"skip"`` passes over it.
    With ``min_trials``, a session with fewer trials, or with none counted, is passed over, not failed.

    Raises:
        InvalidValue: ``k_over_n``, ``unknown_direction``, ``unknown_missing``, or a number's own code.
    """

    threshold: float
    k: int
    n: int
    direction: Direction | str = Direction.INCREASE
    min_trials: int | None = None
    missing: Missing = "skip"
    early: bool = False

    def __post_init__(self) -> None:
        check_number(self.threshold, "threshold")
        check_whole(self.k, "k", low=1)
        if self.k > check_whole(self.n, "n", low=1):
            raise refuse("k_over_n", "k")
        object.__setattr__(self, "direction", direction_from(self.direction))
        if self.min_trials is not None:
            check_whole(self.min_trials, "min_trials", low=1)
        if self.missing not in ("skip", "breaks"):
            raise refuse("unknown_missing", "missing")

    def evaluate(self, scores: Scores, *, trials: Sequence[int | None] | None = None) -> MasteryResult:
        """Judge a series in its order: a ``Series``, observations, or bare scores with None for an absence.

        ``trials`` gives the number of trials of each bare score; observations carry their own.

        Raises:
            InvalidValue: ``lengths_differ`` when ``trials`` has not one entry per score.
        """
        sessions = _sessions(scores, trials)
        problem = problem_of([session.score for session in sessions if session.score is not None])
        if problem is not None:
            return MasteryResult(is_met=False, reason=problem, n_scored=0)
        direction = direction_from(self.direction)
        run: deque[tuple[_Session, bool]] = deque()
        best: MasteryWindow | None = None
        first: _Session | None = None
        n_scored, met, is_now, was_full = 0, 0, False, False
        for session in sessions:
            if session.score is None:
                if self.missing == "breaks":
                    run.clear()
                    met, is_now = 0, False
                continue
            if self.min_trials is not None and (session.trials or 0) < self.min_trials:
                continue
            n_scored += 1
            run.append((session, meets(session.score, self.threshold, direction)))
            met += run[-1][1]
            if len(run) > self.n:
                met -= run.popleft()[1]
            was_full = was_full or len(run) == self.n
            is_now = met >= self.k and (self.early or len(run) == self.n)
            if is_now and first is None:
                first = session
            if best is None or met > best.met:
                best = _window(run, met)
        reason = "criterion_not_met" if was_full else "insufficient_data"
        return MasteryResult(
            is_met=first is not None,
            reason=reason if first is None else "criterion_met",
            n_scored=n_scored,
            first_met_index=None if first is None else first.place,
            first_met_on=None if first is None else first.on,
            best_window=best,
            currently_met=is_now,
        )

    def evaluate_each(self, strata: Mapping[str, Scores]) -> StrataResult:
        """Judge several settings, people or materials: the criterion is met when each of them meets it.

        Raises:
            InvalidValue: ``too_few`` without any stratum.
        """
        if not strata:
            raise refuse("too_few", "strata")
        results = {name: self.evaluate(scores) for name, scores in strata.items()}
        missing = tuple(name for name, result in results.items() if not result.is_met)
        days = [result.first_met_on for result in results.values() if result.first_met_on is not None]
        return StrataResult(
            is_met=not missing,
            first_met_on=max(days) if len(days) == len(results) else None,
            currently_met=all(result.currently_met for result in results.values()),
            missing=missing,
            results=results,
        )


@dataclass(frozen=True, slots=True)
class _Session:
    place: int
    score: float | None
    trials: int | None = None
    on: date | None = None


def _sessions(scores: Scores, trials: Sequence[int | None] | None) -> list[_Session]:
    given = list(scores)
    if trials is not None and len(trials) != len(given):
        raise refuse("lengths_differ", "trials")
    sessions: list[_Session] = []
    for place, each in enumerate(given):
        if isinstance(each, Observation):
            sessions.append(_Session(place, each.score, each.opportunities, each.on))
        else:
            sessions.append(_Session(place, each, None if trials is None else trials[place]))
    return sessions


def _window(run: deque[tuple[_Session, bool]], met: int) -> MasteryWindow:
    first, last = run[0][0], run[-1][0]
    return MasteryWindow(
        met=met,
        scored=len(run),
        first=first.place,
        last=last.place,
        first_on=first.on,
        last_on=last.on,
    )
