"""The one number that a reading is worth on its measure's scale, or None when there was nothing to score.

Formulas: progress science, section 2. The raw reading is kept beside the score, never replaced by it.
"""

from __future__ import annotations

from iepcore.progress.measures import Measure
from iepcore.progress.readings import (
    CbmReading,
    CountReading,
    DurationReading,
    IntervalReading,
    LatencyReading,
    PercentReading,
    PromptReading,
    RateReading,
    Reading,
    RubricReading,
    SampleReading,
    StepResult,
    TaskReading,
    check_reading,
    observed_length,
)
from iepcore.progress.series import median_of


def score(measure: Measure, reading: Reading) -> float | None:
    """Score one reading; None means no data that day (no trials, every step not applicable), never 0.

    - percent correct, intervals, samples: 100 * part / whole
    - frequency: the count; rate: count per minute; rubric: the level
    - duration: seconds in total, or percent of the observed time
    - latency: seconds; the ceiling when no response came (see ``LatencyReading.is_censored``): the order of
      the points, and so medians and ranks, stay right; means do not
    - prompt level: percent of trials at the last (independent) level
    - task analysis: percent of the applicable steps done independently
    - CBM: correct per minute, the median of the probes

    Raises:
        InvalidValue: the codes of ``check_reading`` when the reading does not belong to the measure.
    """
    check_reading(measure, reading)
    match reading:
        case PercentReading(correct=part, trials=whole):
            return _percent(part, whole)
        case IntervalReading(scored=part, intervals=whole) | SampleReading(scored=part, samples=whole):
            return _percent(part, whole)
        case CountReading(count=number) | RubricReading(level=number):
            return float(number)
        case RateReading(count=count, minutes=minutes):
            return count / minutes
        case DurationReading():
            return _duration(measure, reading)
        case LatencyReading(seconds=seconds, ceiling=ceiling):
            return float(ceiling if seconds is None else seconds)
        case PromptReading(levels=levels):
            given = [level for level in levels if level is not None]
            return _percent(given.count(len(measure.prompt_levels) - 1), len(given))
        case TaskReading(steps=steps):
            not_applicable = steps.count(StepResult.NOT_APPLICABLE)
            return _percent(steps.count(StepResult.INDEPENDENT), len(steps) - not_applicable)
        case _:
            return median_of([probe.correct * 60 / probe.seconds for probe in reading.probes])


def accuracy(reading: CbmReading) -> float | None:
    """Return percent correct of all answers counted over the probes; None when errors were not counted."""
    correct = errors = 0
    for probe in reading.probes:
        if probe.errors is None:
            return None
        correct += probe.correct
        errors += probe.errors
    return _percent(correct, correct + errors)


def _percent(part: int, whole: int) -> float | None:
    return None if whole == 0 else 100 * part / whole


def _duration(measure: Measure, reading: DurationReading) -> float:
    length = observed_length(measure, reading) if measure.as_share_of_session else None
    if length is None:
        return reading.total_seconds
    return min(100.0, 100 * reading.total_seconds / length)
