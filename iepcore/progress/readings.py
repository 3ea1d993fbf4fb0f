"""Readings: what a person wrote down in one session, one frozen value per way of measuring.

A reading keeps the raw numbers (8 correct of 10), never only the score made from them. It checks what it
can by itself; what depends on the measure (a level above the rubric's top) is checked by ``check_reading``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import TypeAlias

from iepcore.progress.checks import LIST_LIMIT, check_amount, check_positive, check_whole, refuse
from iepcore.progress.comparison import is_tie
from iepcore.progress.measures import Measure, MeasureKind


class StepResult(StrEnum):
    """How one step of a task went. A step that did not apply leaves the denominator."""

    INDEPENDENT = "independent"
    PROMPTED = "prompted"
    NOT_DONE = "not_done"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentReading:
    """``correct`` of ``trials``. No trials at all is a day without opportunities: no data, not zero."""

    correct: int
    trials: int

    def __post_init__(self) -> None:
        _check_part(self.correct, "correct", self.trials, "trials")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountReading:
    """How often it happened. Comparable only at equal observation length."""

    count: int

    def __post_init__(self) -> None:
        check_whole(self.count, "count")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateReading:
    """How often it happened in how many minutes (more than 0)."""

    count: int
    minutes: float

    def __post_init__(self) -> None:
        check_whole(self.count, "count")
        check_positive(self.minutes, "minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationReading:
    """The length of each occurrence, or one total, in seconds; 0 is written as (0,), never as nothing.

    ``observed_seconds`` is how long one watched that day, where it differs from the plan.
    """

    seconds: tuple[float, ...]
    observed_seconds: float | None = None

    def __post_init__(self) -> None:
        if not self.seconds:
            raise refuse("missing_field", "seconds")
        _check_length(self.seconds, "seconds")
        for index, value in enumerate(self.seconds):
            check_amount(value, "seconds", index=index)
        if self.observed_seconds is not None:
            check_positive(self.observed_seconds, "observed_seconds")
            _check_inside(self.total_seconds, self.observed_seconds, "seconds")

    @property
    def total_seconds(self) -> float:
        """The sum of the parts, in seconds."""
        return fsum(self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyReading:
    """Seconds until the response; None when none came within ``ceiling`` seconds (right-censored)."""

    seconds: float | None
    ceiling: float

    def __post_init__(self) -> None:
        check_positive(self.ceiling, "ceiling")
        if self.seconds is not None:
            check_amount(self.seconds, "seconds")
            _check_inside(self.seconds, self.ceiling, "seconds")

    @property
    def is_censored(self) -> bool:
        """True when one stopped waiting: the true latency is the ceiling or longer."""
        return self.seconds is None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalReading:
    """Intervals with the behaviour (``scored``) of the ``intervals`` observed, partial or whole interval."""

    scored: int
    intervals: int

    def __post_init__(self) -> None:
        _check_part(self.scored, "scored", self.intervals, "intervals")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReading:
    """Moments with the behaviour (``scored``) of the ``samples`` looked at."""

    scored: int
    samples: int

    def __post_init__(self) -> None:
        _check_part(self.scored, "scored", self.samples, "samples")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReading:
    """The prompt level of each trial as its place (from 0) in the measure's list, most to least help.

    None is a trial that did not take place.
    """

    levels: tuple[int | None, ...]

    def __post_init__(self) -> None:
        _check_length(self.levels, "levels")
        for index, level in enumerate(self.levels):
            if level is not None:
                check_whole(level, "levels", index=index)


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricReading:
    """The level given on a rubric, from 0."""

    level: int

    def __post_init__(self) -> None:
        check_whole(self.level, "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReading:
    """One result per step of the task, in the measure's order."""

    steps: tuple[StepResult, ...]

    def __post_init__(self) -> None:
        _check_length(self.steps, "steps")
        for index, step in enumerate(self.steps):
            if not isinstance(step, StepResult):
                raise refuse("unknown_result", "steps", index)


@dataclass(frozen=True, slots=True, kw_only=True)
class CbmProbe:
    """One timed probe: correct answers and errors (None when not counted) in ``seconds``."""

    correct: int
    errors: int | None = None
    seconds: float

    def __post_init__(self) -> None:
        check_whole(self.correct, "correct")
        if self.errors is not None:
            check_whole(self.errors, "errors")
        check_positive(self.seconds, "seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class CbmReading:
    """The probes of one sitting: one, or three of which the median counts."""

    probes: tuple[CbmProbe, ...]

    def __post_init__(self) -> None:
        if not self.probes:
            raise refuse("missing_field", "probes")
        _check_length(self.probes, "probes")
        for index, probe in enumerate(self.probes):
            if not isinstance(probe, CbmProbe):
                raise refuse("not_a_probe", "probes", index)


Reading: TypeAlias = (
    PercentReading
    | CountReading
    | RateReading
    | DurationReading
    | LatencyReading
    | IntervalReading
    | SampleReading
    | PromptReading
    | RubricReading
    | TaskReading
    | CbmReading
)

READING_TYPES: dict[MeasureKind, type[Reading]] = {
    MeasureKind.PERCENT_CORRECT: PercentReading,
    MeasureKind.FREQUENCY: CountReading,
    MeasureKind.RATE: RateReading,
    MeasureKind.DURATION: DurationReading,
    MeasureKind.LATENCY: LatencyReading,
    MeasureKind.PARTIAL_INTERVAL: IntervalReading,
    MeasureKind.WHOLE_INTERVAL: IntervalReading,
    MeasureKind.MOMENTARY_TIME_SAMPLE: SampleReading,
    MeasureKind.PROMPT_LEVEL: PromptReading,
    MeasureKind.RUBRIC: RubricReading,
    MeasureKind.TASK_ANALYSIS: TaskReading,
    MeasureKind.CBM: CbmReading,
}


def check_reading(measure: Measure, reading: Reading) -> None:
    """Refuse a reading that this measure cannot have.

    Raises:
        InvalidValue: ``wrong_reading`` (made for another kind), ``level_out_of_range``, ``over_length``,
            ``over_limit``, ``ceiling_differs``, ``step_count_differs`` or ``missing_field`` (no observed
            length for a share of the session); ``field`` is the raw field.
    """
    if not isinstance(reading, READING_TYPES[measure.kind]):
        raise refuse("wrong_reading", "kind")
    match reading:
        case CountReading(count=count) if measure.count_limit is not None and count > measure.count_limit:
            raise refuse("over_limit", "count")
        case DurationReading():
            _check_duration(measure, reading)
        case LatencyReading(ceiling=ceiling) if ceiling != measure.ceiling_seconds:
            raise refuse("ceiling_differs", "ceiling")
        case PromptReading(levels=levels):
            for index, level in enumerate(levels):
                if level is not None and level >= len(measure.prompt_levels):
                    raise refuse("level_out_of_range", "levels", index)
        case RubricReading(level=level) if measure.rubric_top is not None and level > measure.rubric_top:
            raise refuse("level_out_of_range", "level")
        case TaskReading(steps=steps) if len(steps) != len(measure.steps):
            raise refuse("step_count_differs", "steps")


def observed_length(measure: Measure, reading: DurationReading) -> float | None:
    """Return how many seconds one watched: the day's own length, else the plan's, else None."""
    return measure.observation_seconds if reading.observed_seconds is None else reading.observed_seconds


def _check_duration(measure: Measure, reading: DurationReading) -> None:
    length = observed_length(measure, reading)
    if length is not None:
        _check_inside(reading.total_seconds, length, "seconds")
    elif measure.as_share_of_session:
        raise refuse("missing_field", "observed_seconds")


def _check_part(part: int, part_field: str, whole: int, whole_field: str) -> None:
    check_whole(part, part_field)
    check_whole(whole, whole_field)
    if part > whole:
        raise refuse(f"{part_field}_over_{whole_field}", part_field)


def _check_inside(seconds: float, length: float, field: str) -> None:
    if seconds > length and not is_tie(seconds, length):
        raise refuse("over_length", field)


def _check_length(values: tuple[object, ...], field: str) -> None:
    if not isinstance(values, tuple):
        raise refuse("not_a_list", field)
    if len(values) > LIST_LIMIT:
        raise refuse("too_many", field)
