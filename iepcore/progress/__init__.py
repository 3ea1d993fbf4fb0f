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
    from iepcore.progress.comparison import Direction, direction_from, is_tie, meets, side_of
    from iepcore.progress.criteria import ConsecutiveCriterion, Criterion, NOfMCriterion
    from iepcore.progress.decision_rules import (
        FlagResult,
        consecutive_point_rule,
        four_point_flag,
        four_point_rule,
        median_rule,
    )
    from iepcore.progress.default_reports import DataLevel, DefaultReport, default_report
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
    from iepcore.progress.effect_sizes.phase_comparisons import PhaseComparison, compare_phases
    from iepcore.progress.effect_sizes.ratios import log_odds_ratio, lrr_decrease, lrr_increase
    from iepcore.progress.effect_sizes.results import EffectSize
    from iepcore.progress.effect_sizes.tau_forms import tau_bc, tau_u
    from iepcore.progress.forecasting import Forecast, forecast, slope_standard_error, weeks_needed
    from iepcore.progress.goal_setting import (
        GoalOption,
        GoalProposal,
        ambition,
        goal_from_benchmark,
        goal_from_norm,
        goal_from_own_rate,
        rate_of_improvement,
    )
    from iepcore.progress.mastery import MasteryCriterion, MasteryResult, MasteryWindow, StrataResult
    from iepcore.progress.measures import DEFAULT_MINIMUM, CbmTask, Measure, MeasureKind
    from iepcore.progress.norms import (
        GrowthNorm,
        NormBand,
        OrfNorm,
        Season,
        growth_norms,
        orf_band,
        orf_norm,
        orf_norms,
    )
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
    from iepcore.progress.rule_results import Decision, DecisionResult
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
    from iepcore.progress.trend_rules import projected_goal_rule, trend_rule
    from iepcore.progress.trends import theil_sen_interval, trend_line

__all__ = [
    "CLOSE_SHARE", "DEFAULT_MINIMUM", "Agreement", "Aimline", "AimlineSegments", "AnyAimline", "CbmProbe",
    "CbmReading", "CbmTask", "ConsecutiveCriterion", "CountReading", "Criterion", "DataLevel", "Decision",
    "DecisionResult", "DefaultReport", "Direction", "DualCriterion", "DurationReading", "EffectSize",
    "FindingWord", "FlagResult", "Forecast", "GoalOption", "GoalProposal", "GrowthNorm", "IntervalReading",
    "LatencyReading", "MannKendall", "MasteryCriterion", "MasteryResult", "MasteryWindow", "Measure",
    "MeasureKind", "NOfMCriterion", "NormBand", "Observation", "OrfNorm", "PercentReading", "PeriodStatus",
    "PhaseComparison", "PromptReading", "RateReading", "RawValue", "Reading", "RubricReading",
    "SampleReading", "ScoredPoint", "Season", "Series", "StatusResult", "StepResult", "StrataResult",
    "TaskReading", "TrendLine", "TrendMethod", "accuracy", "ambition", "autocorrelation", "baseline_median",
    "cdc", "check_reading", "cohen_kappa", "compare_phases", "consecutive_point_rule", "default_report",
    "direction_from", "durbin_watson", "finding_word", "forecast", "four_point_flag", "four_point_rule",
    "goal_from_benchmark", "goal_from_norm", "goal_from_own_rate", "growth_norms", "incomplete_beta",
    "ioa_exact_count_per_interval", "ioa_interval_by_interval", "ioa_mean_count_per_interval",
    "ioa_mean_duration_per_occurrence", "ioa_scored_interval", "ioa_total_count", "ioa_total_duration",
    "ioa_trial_by_trial", "ioa_unscored_interval", "ird", "is_tie", "log_odds_ratio", "lrr_decrease",
    "lrr_increase", "mann_kendall", "median_of", "median_rule", "meets", "nap", "normal_cdf",
    "normal_quantile", "orf_band", "orf_norm", "orf_norms", "pand", "pem", "period_status", "pnd", "pogo",
    "projected_goal_rule", "rate_of_improvement", "raw_of", "reading_from_raw", "residual_autocorrelation",
    "score", "side_of", "slope_standard_error", "smd", "t_cdf", "t_quantile", "t_tail", "tau", "tau_bc",
    "tau_u", "theil_sen_interval", "trend_line", "trend_rule", "weeks_needed",
]  # fmt: skip

_HOMES = {
    "agreement": (
        "Agreement cohen_kappa ioa_exact_count_per_interval ioa_interval_by_interval "
        "ioa_mean_count_per_interval ioa_mean_duration_per_occurrence ioa_scored_interval "
        "ioa_total_count ioa_total_duration ioa_trial_by_trial ioa_unscored_interval"
    ),
    "aimlines": "Aimline AimlineSegments AnyAimline",
    "comparison": "Direction direction_from is_tie meets side_of",
    "criteria": "ConsecutiveCriterion Criterion NOfMCriterion",
    "decision_rules": "FlagResult consecutive_point_rule four_point_flag four_point_rule median_rule",
    "default_reports": "DataLevel DefaultReport default_report",
    "distributions": "incomplete_beta normal_cdf normal_quantile t_cdf t_quantile t_tail",
    "effect_sizes.dual_criterion": "DualCriterion cdc",
    "effect_sizes.magnitudes": "pogo smd",
    "effect_sizes.nonoverlap": "ird nap pand pem pnd tau",
    "effect_sizes.phase_comparisons": "PhaseComparison compare_phases",
    "effect_sizes.ratios": "log_odds_ratio lrr_decrease lrr_increase",
    "effect_sizes.results": "EffectSize",
    "effect_sizes.tau_forms": "tau_bc tau_u",
    "forecasting": "Forecast forecast slope_standard_error weeks_needed",
    "goal_setting": (
        "GoalOption GoalProposal ambition goal_from_benchmark goal_from_norm goal_from_own_rate "
        "rate_of_improvement"
    ),
    "mastery": "MasteryCriterion MasteryResult MasteryWindow StrataResult",
    "measures": "DEFAULT_MINIMUM CbmTask Measure MeasureKind",
    "norms": "GrowthNorm NormBand OrfNorm Season growth_norms orf_band orf_norm orf_norms",
    "raw": "RawValue raw_of reading_from_raw",
    "readings": (
        "CbmProbe CbmReading CountReading DurationReading IntervalReading LatencyReading "
        "PercentReading PromptReading RateReading Reading RubricReading SampleReading StepResult "
        "TaskReading check_reading"
    ),
    "rule_results": "Decision DecisionResult",
    "scoring": "accuracy score",
    "series": "Observation ScoredPoint Series baseline_median median_of",
    "status": "CLOSE_SHARE FindingWord PeriodStatus StatusResult finding_word period_status",
    "tendencies": "MannKendall autocorrelation durbin_watson mann_kendall residual_autocorrelation",
    "trend_lines": "TrendLine TrendMethod",
    "trend_rules": "projected_goal_rule trend_rule",
    "trends": "theil_sen_interval trend_line",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


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
