"""Progress of a goal, in numbers and dates only: measures, aimline, status, decision rules.

This room knows no goal and no child. Submodules have plural or -ing names (``aimlines``, ``scoring``) so
that none is ever called like a function this package offers. Names load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iepcore.progress.agreement import (
        Agreement,
        cohen_kappa,
        ioa_exact_count_per_interval,
        ioa_interval_by_interval,
        ioa_mean_count_per_interval,
        ioa_mean_duration_per_occurrence,
        ioa_scored_interval,
        ioa_total_count,
        ioa_total_duration,
        ioa_trial_by_trial,
        ioa_unscored_interval,
    )
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
    from iepcore.progress.distributions import (
        incomplete_beta,
        normal_cdf,
        normal_quantile,
        t_cdf,
        t_quantile,
        t_tail,
    )
    from iepcore.progress.effect_sizes.dual_criterion import DualCriterion, cdc
    from iepcore.progress.effect_sizes.magnitudes import pogo, smd
    from iepcore.progress.effect_sizes.nonoverlap import ird, nap, pand, pem, pnd, tau
    from iepcore.progress.effect_sizes.ratios import log_odds_ratio, lrr_decrease, lrr_increase
    from iepcore.progress.effect_sizes.results import EffectSize
    from iepcore.progress.effect_sizes.tau_forms import tau_bc, tau_u
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
    from iepcore.progress.tendencies import (
        MannKendall,
        autocorrelation,
        durbin_watson,
        mann_kendall,
        residual_autocorrelation,
    )
    from iepcore.progress.trend_lines import TrendLine, TrendMethod
    from iepcore.progress.trends import theil_sen_interval, trend_line

__all__ = [
    "CLOSE_SHARE",
    "DEFAULT_MINIMUM",
    "Agreement",
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
    "DualCriterion",
    "DurationReading",
    "EffectSize",
    "FindingWord",
    "FlagResult",
    "IntervalReading",
    "LatencyReading",
    "MannKendall",
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
    "TrendLine",
    "TrendMethod",
    "accuracy",
    "autocorrelation",
    "baseline_median",
    "cdc",
    "check_reading",
    "cohen_kappa",
    "consecutive_point_rule",
    "durbin_watson",
    "finding_word",
    "four_point_flag",
    "four_point_rule",
    "incomplete_beta",
    "ioa_exact_count_per_interval",
    "ioa_interval_by_interval",
    "ioa_mean_count_per_interval",
    "ioa_mean_duration_per_occurrence",
    "ioa_scored_interval",
    "ioa_total_count",
    "ioa_total_duration",
    "ioa_trial_by_trial",
    "ioa_unscored_interval",
    "ird",
    "is_tie",
    "log_odds_ratio",
    "lrr_decrease",
    "lrr_increase",
    "mann_kendall",
    "median_of",
    "meets",
    "nap",
    "normal_cdf",
    "normal_quantile",
    "pand",
    "pem",
    "period_status",
    "pnd",
    "pogo",
    "raw_of",
    "reading_from_raw",
    "residual_autocorrelation",
    "score",
    "side_of",
    "smd",
    "t_cdf",
    "t_quantile",
    "t_tail",
    "tau",
    "tau_bc",
    "tau_u",
    "theil_sen_interval",
    "trend_line",
]

_HOMES = {
    "agreement": (
        "Agreement",
        "cohen_kappa",
        "ioa_total_count",
        "ioa_total_duration",
        "ioa_mean_count_per_interval",
        "ioa_mean_duration_per_occurrence",
        "ioa_exact_count_per_interval",
        "ioa_trial_by_trial",
        "ioa_interval_by_interval",
        "ioa_scored_interval",
        "ioa_unscored_interval",
    ),
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
    "distributions": (
        "incomplete_beta",
        "normal_cdf",
        "normal_quantile",
        "t_cdf",
        "t_quantile",
        "t_tail",
    ),
    "effect_sizes.dual_criterion": (
        "DualCriterion",
        "cdc",
    ),
    "effect_sizes.magnitudes": (
        "pogo",
        "smd",
    ),
    "effect_sizes.nonoverlap": (
        "ird",
        "nap",
        "pand",
        "pem",
        "pnd",
        "tau",
    ),
    "effect_sizes.ratios": (
        "log_odds_ratio",
        "lrr_decrease",
        "lrr_increase",
    ),
    "effect_sizes.results": ("EffectSize",),
    "effect_sizes.tau_forms": (
        "tau_bc",
        "tau_u",
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
    "tendencies": (
        "autocorrelation",
        "durbin_watson",
        "mann_kendall",
        "MannKendall",
        "residual_autocorrelation",
    ),
    "trend_lines": (
        "TrendLine",
        "TrendMethod",
    ),
    "trends": (
        "theil_sen_interval",
        "trend_line",
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
