"""One tap, one try: a set of tries on a goal, append-only, with undo as one more line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, ClientKey, GoalId, StudentId, TrialId, TrialSetId


class TrialOutcome(StrEnum):
    """What one try showed. Only ``correct`` counts as alone; ``no_response`` is a try all the same."""

    CORRECT = "correct"
    PROMPTED = "prompted"
    INCORRECT = "incorrect"
    NO_RESPONSE = "no_response"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSet:
    """A sitting of one recorder with one child on one goal. It becomes a data point when it ends."""

    id: TrialSetId
    goal_id: GoalId
    goal_version: int
    student_id: StudentId
    recorder_id: AdultId
    client_key: ClientKey
    started_at: datetime
    planned_trials: int
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.planned_trials <= 200:
            raise InvalidValue("planned_trials_range", field="planned_trials", params={"low": 1, "high": 200})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One line of a set: a try with its outcome, or an undo of an earlier try (``undoes`` holds its client
    key).

    ``at`` is when the finger tapped, ``received_at`` when the server had it.
    """

    id: TrialId
    set_id: TrialSetId
    client_key: ClientKey
    at: datetime
    received_at: datetime
    outcome: TrialOutcome | None = None
    undoes: ClientKey | None = None

    def __post_init__(self) -> None:
        if (self.outcome is None) == (self.undoes is None):
            raise InvalidValue("trial_form", field="outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a set adds up to: the standing tries in the order tapped, and how many were correct.

    ``keys`` are the client keys of ``outcomes``, place by place. ``lines`` counts every stored line, undos
    and undone tries too: it only grows, so of two tallies of one set the one with more lines is the newer.
    """

    outcomes: tuple[TrialOutcome, ...]
    keys: tuple[ClientKey, ...]
    lines: int

    @property
    def last_key(self) -> ClientKey | None:
        """Client key of the try an undo would take back."""
        return self.keys[-1] if self.keys else None

    @property
    def correct(self) -> int:
        """Number of tries done alone and right."""
        return sum(outcome is TrialOutcome.CORRECT for outcome in self.outcomes)

    @property
    def trials(self) -> int:
        """Number of tries that stand."""
        return len(self.outcomes)


def tally(lines: Iterable[Trial]) -> Tally:
    """Add up a set. An undo removes the try it names, wherever it stands; undoing twice changes nothing."""
    ordered = sorted(lines, key=lambda line: (line.at, line.received_at, line.id))
    undone = {line.undoes for line in ordered if line.undoes is not None}
    standing = [line for line in ordered if line.outcome is not None and line.client_key not in undone]
    return Tally(
        outcomes=tuple(line.outcome for line in standing if line.outcome is not None),
        keys=tuple(line.client_key for line in standing),
        lines=len(ordered),
    )


def end_set(trial_set: TrialSet, at: datetime) -> TrialSet:
    """Return the set ended at ``at``.

    Raises:
        IllegalMove: ``set_ended`` when it has ended already.
    """
    if trial_set.ended_at is not None:
        raise IllegalMove("set_ended")
    return replace(trial_set, ended_at=at)
