"""Builders with defaults for the tests of progress: weekly scores, an aimline, measures of every kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from iepcore.progress import Aimline, CbmTask, Measure, MeasureKind, Observation, Series

START = date(2026, 9, 7)


def day(number: int) -> date:
    """Return the day ``number`` days after the start."""
    return START + timedelta(days=number)


def week(number: int) -> date:
    """Return the day ``number`` weeks after the start."""
    return START + timedelta(weeks=number)


def weekly(*scores: float | None, first_week: int = 1, phase: str = "") -> Series:
    """Return one score a week, the first one a week after the start."""
    return Series(
        Observation(on=week(first_week + index), score=score, phase=phase)
        for index, score in enumerate(scores)
    )


def aimline(baseline: float = 40, target: float = 85, *, first_week: int = 0, weeks: int = 30) -> Aimline:
    """Return an aimline; by default 1.5 a week from 40 to 85."""
    return Aimline(
        baseline=baseline, target=target, starts_on=week(first_week), ends_on=week(first_week + weeks)
    )


def measure(kind: MeasureKind | str, **settings: Any) -> Measure:
    """Return a measure of ``kind`` with the settings it cannot do without."""
    needed: dict[MeasureKind, dict[str, Any]] = {
        MeasureKind.LATENCY: {"ceiling_seconds": 60},
        MeasureKind.PROMPT_LEVEL: {"prompt_levels": ("physical", "gesture", "verbal", "independent")},
        MeasureKind.RUBRIC: {"rubric_top": 4},
        MeasureKind.TASK_ANALYSIS: {"steps": ("open", "pour", "close", "wipe")},
        MeasureKind.CBM: {"cbm_task": CbmTask.ORAL_READING},
    }
    kind = MeasureKind(kind)
    return Measure(kind=kind, **{**needed.get(kind, {}), **settings})
