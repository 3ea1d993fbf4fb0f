"""Progress of a goal, in numbers and dates only: measures, aimline, status, decision rules.

This room knows no goal and no child. Submodules have plural or -ing names (``aimlines``, ``scoring``) so
that none is ever called like a function this package offers. Names load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iepcore.progress.aimlines import Aimline, AimlineSegments, AnyAimline
    from iepcore.progress.comparison import Direction, is_tie, meets, side_of
    from iepcore.progress.criteria import ConsecutiveCriterion, Criterion, NOfMCriterion
    from iepcore.progress.decision_rules import (
        Decision,
        DecisionResult,
        FlagResult,
        consecutive_point_rule,
        four_point_flag,
        four_point_rule,
    )
    from iepcore.progress.measures import DEFAULT_MINIMUM, CbmTask, Measure, MeasureKind
    from iepcore.progress.raw import RawValue, raw_of, reading_from_raw
    from iepcore.progress.readings import (
        CbmProbe,
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
    )
    from iepcore.progress.scoring import accuracy, score
    from iepcore.progress.series import Observation, ScoredPoint, Series, baseline_median, median_of
    from iepcore.progress.status import (
        CLOSE_SHARE,
        FindingWord,
        PeriodStatus,
        StatusResult,
        finding_word,
        period_status,
    )

__all__ = [
    "CLOSE_SHARE",
    "DEFAULT_MINIMUM",
    "Aimline",
    "AimlineSegments",
    "AnyAimline",
    "CbmProbe",
    "CbmReading",
    "CbmTask",
    "ConsecutiveCriterion",
    "CountReading",
    "Criterion",
    "Decision",
    "DecisionResult",
    "Direction",
    "DurationReading",
    "FindingWord",
    "FlagResult",
    "IntervalReading",
    "LatencyReading",
    "Measure",
    "MeasureKind",
    "NOfMCriterion",
    "Observation",
    "PercentReading",
    "PeriodStatus",
    "PromptReading",
    "RateReading",
    "RawValue",
    "Reading",
    "RubricReading",
    "SampleReading",
    "ScoredPoint",
    "Series",
    "StatusResult",
    "StepResult",
    "TaskReading",
    "accuracy",
    "baseline_median",
    "check_reading",
    "consecutive_point_rule",
    "finding_word",
    "four_point_flag",
    "four_point_rule",
    "is_tie",
    "median_of",
    "meets",
    "period_status",
    "raw_of",
    "reading_from_raw",
    "score",
    "side_of",
]

_HOMES = {
    "aimlines": (
        "Aimline",
        "AimlineSegments",
        "AnyAimline",
    ),
    "comparison": (
        "Direction",
        "is_tie",
        "meets",
        "side_of",
    ),
    "criteria": (
        "ConsecutiveCriterion",
        "Criterion",
        "NOfMCriterion",
    ),
    "decision_rules": (
        "Decision",
        "DecisionResult",
        "FlagResult",
        "consecutive_point_rule",
        "four_point_flag",
        "four_point_rule",
    ),
    "measures": (
        "CbmTask",
        "DEFAULT_MINIMUM",
        "Measure",
        "MeasureKind",
    ),
    "raw": (
        "RawValue",
        "raw_of",
        "reading_from_raw",
    ),
    "readings": (
        "CbmProbe",
        "CbmReading",
        "CountReading",
        "DurationReading",
        "IntervalReading",
        "LatencyReading",
        "PercentReading",
        "PromptReading",
        "RateReading",
        "Reading",
        "RubricReading",
        "SampleReading",
        "StepResult",
        "TaskReading",
        "check_reading",
    ),
    "scoring": (
        "accuracy",
        "score",
    ),
    "series": (
        "Observation",
        "ScoredPoint",
        "Series",
        "baseline_median",
        "median_of",
    ),
    "status": (
        "CLOSE_SHARE",
        "FindingWord",
        "PeriodStatus",
        "StatusResult",
        "finding_word",
        "period_status",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


# Hidden from the type checker, which would otherwise believe in every name anyone types.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value: object = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
