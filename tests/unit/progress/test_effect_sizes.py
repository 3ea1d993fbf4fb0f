"""Effect sizes by worked example and edge: what each number is, and why there is none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from math import inf, log, nan, sqrt
from typing import Any

import pytest

from iepcore.errors import InvalidValue
from iepcore.progress import (
    Direction,
    EffectSize,
    cdc,
    ird,
    log_odds_ratio,
    lrr_decrease,
    lrr_increase,
    nap,
    pand,
    pem,
    pnd,
    pogo,
    smd,
    tau,
    tau_bc,
    tau_u,
)

EVERY: dict[str, Callable[..., EffectSize]] = {
    "nap": nap,
    "tau": tau,
    "tau_u": tau_u,
    "tau_bc": tau_bc,
    "pnd": pnd,
    "pem": pem,
    "pand": pand,
    "ird": ird,
    "smd": smd,
    "lrr_increase": lrr_increase,
    "lrr_decrease": lrr_decrease,
    "log_odds_ratio": log_odds_ratio,
    "pogo": lambda a, b, **settings: pogo(a, b, goal=90, **settings),
    "cdc": cdc,
}
BASELINE, INTERVENTION = [4, 5, 3, 5], [5, 8, 9, 7, 9]


def close(value: float) -> Any:
    """A number to rounding."""
    return pytest.approx(value, rel=1e-12)


def test_nap_counts_pairs() -> None:
    """20 pairs: 18 up, 2 tied; the interval is on the same scale, and Tau is the stretched twin."""
    result = nap(BASELINE, INTERVENTION)
    twin = tau(BASELINE, INTERVENTION)
    assert (0.95, 4, 5, "se_unbiased", Direction.INCREASE, None) == (
        result.value,
        result.n_a,
        result.n_b,
        result.variant,
        result.direction,
        result.reason,
    )
    assert result.se is not None
    assert result.ci is not None
    assert result.ci[0] < 0.95 < result.ci[1]
    assert (close(0.9), close(2 * result.se)) == (twin.value, twin.se)
    assert twin.ci == (close(2 * result.ci[0] - 1), close(2 * result.ci[1] - 1))


def test_complete_separation_has_an_honest_interval() -> None:
    """At NAP 1 the lower limit is the root that is left, at NAP 0 its mirror image."""
    up = nap([1, 2, 3], [4, 5, 6, 7, 8, 9, 10])
    down = nap([1, 2, 3], [4, 5, 6, 7, 8, 9, 10], direction="decrease")
    assert (1.0, (pytest.approx(0.6001082475812334, abs=1e-12), 1.0)) == (up.value, up.ci)
    assert (0.0, (0.0, pytest.approx(1 - 0.6001082475812334, abs=1e-12))) == (down.value, down.ci)


def test_a_higher_confidence_is_wider() -> None:
    """The level is the caller's; the value stays."""
    narrow, wide = (nap(BASELINE, INTERVENTION, confidence=level) for level in (0.8, 0.999))
    assert narrow.value == wide.value
    assert narrow.ci is not None
    assert wide.ci is not None
    assert wide.ci[0] < narrow.ci[0] < narrow.ci[1] < wide.ci[1]


def test_one_point_in_a_phase_has_no_unbiased_error() -> None:
    """The value and the interval are there, the reason says what is missing; the other errors exist."""
    result = nap([4], [7, 5, 9])
    assert (1.0, None, "one_point_phase") == (result.value, result.se, result.reason)
    assert result.ci is not None
    assert "one_point_phase" == tau_bc([4, 5], [7], form="nonoverlap").reason
    for kind in ("hanley", "null"):
        other = nap([4], [7, 5, 9], se=kind)  # type: ignore[arg-type]
        assert other.se is not None
        assert other.reason is None


def test_legacy_overlap_counts_points() -> None:
    """PND by the best baseline point, PEM by the median with both ways to count a tie."""
    assert 0.8 == pnd(BASELINE, INTERVENTION).value
    assert (0.8, 0.75) == (pem([1, 2, 3], [2, 2, 3, 4, 5]).value, pem([1, 3], [2, 2, 3, 4]).value)
    assert 0.5 == pem([1, 3], [2, 2, 3, 4], ties="strict").value
    assert 0.0 == pnd([1, 100], [5, 6, 7]).value


def test_pand_keeps_the_most_points() -> None:
    """One point must go; IRD is freed of the lengths; its floor with 3 and 20 points is .425."""
    assert close(8 / 9) == pand([1, 2, 3, 9], [4, 5, 6, 7, 8]).value
    assert close(1 - 81 / 40 / 9) == ird([1, 2, 3, 9], [4, 5, 6, 7, 8]).value
    assert close(0.425) == ird([9, 9, 9], [1] * 20).value


def test_tau_u_says_which_one_it_is() -> None:
    """One series, several Tau-U; a baseline that rises by itself takes away."""
    rising = [1, 2, 3]
    assert close((9 - 3) / 9) == tau_u(rising, [4, 5, 6]).value
    assert close((9 - 3) / 12) == tau_u(rising, [4, 5, 6], variant="tarlow").value
    assert 1.0 == tau_u(rising, [4, 5, 6], terms="A_vs_B").value
    assert close((9 + 3) / 12) == tau_u(rising, [4, 5, 6], terms="A_vs_B_plus_trend_B").value
    both = "A_vs_B_plus_trend_B_minus_trend_A"
    assert close(9 / 15) == tau_u(rising, [4, 5, 6], variant="complete_tau_b", terms=both).value
    assert f"parker:{both}" == tau_u(rising, [4, 5, 6], terms=both).variant
    assert "no_spread" == tau_u([3, 3], [3, 3], variant="complete_tau_b").reason
    assert close(1 / 3.5) == tau_u([3, 4], [4, 3.5], variant="complete_tau_b", terms="A_vs_B").value


def test_an_exact_line_leaves_exact_ties() -> None:
    """0.1-steps are one line, whatever binary floating point makes of them: nothing is left over it."""
    line = [step / 10 for step in range(1, 16)]
    assert 0.0 == tau_bc(line[:7], line[7:]).value
    assert 0.0 == tau_bc(line[:7], line[7:], form="nonoverlap").value
    far = [step / 10 + 1e6 for step in range(1, 16)]
    assert 0.0 == tau_bc(far[:7], far[7:]).value


def test_parkers_worked_series_is_minus_one_half() -> None:
    """R says -.40 because rounding breaks the ties of what is left."""
    assert -0.5 == tau_bc([2, 3, 5, 3], [4, 5, 5, 7, 6], form="nonoverlap").value


def test_close_decimals_are_not_ties() -> None:
    """Scores typed with eight decimals that exact arithmetic tells apart stay apart."""
    apart = tau_bc([0, 0, 0, 0, 50], [10.00000001, 10.00000002], form="kendall")
    tied = tau_bc([0, 0, 0, 0, 50], [10.00000001, 10.00000001], form="kendall")
    assert apart.value != tied.value


def test_pretest_corrects_only_a_baseline_with_a_trend() -> None:
    """Three tests of the baseline, a level of one's own, and the variant says what was done."""
    rising, flat, after = [1, 2, 3, 4, 5, 6], [3, 1, 2, 3, 1, 2], [7, 8, 9, 10]
    assert "kendall:corrected" == tau_bc(rising, after, pretest=True).variant
    assert "kendall:uncorrected" == tau_bc(flat, after, pretest=0.05).variant
    assert "kendall:uncorrected" == tau_bc([2, 2, 2], after, pretest=0.05).variant
    assert "kendall:uncorrected" == tau_bc(rising, after, pretest=0.001).variant
    assert "kendall:uncorrected" == tau_bc([1, 2], after, pretest=True, pretest_form="normal").variant
    forms = [
        tau_bc([1, 2, 3, 4, 5], after, pretest=0.025, pretest_form=form).variant  # type: ignore[arg-type]
        for form in ("exact", "continuity", "normal")
    ]
    assert ["kendall:corrected", "kendall:uncorrected", "kendall:corrected"] == forms
    repeated = {"baseline_sessions": [1, 1, 2, 2, 3, 3], "intervention_sessions": [4, 5, 6, 7]}
    assert "kendall:corrected" == tau_bc([1, 2, 3, 4, 5, 6], after, pretest=0.05, **repeated).variant
    assert "kendall:uncorrected" == tau_bc([2, 1, 2, 1, 2, 1], after, pretest=0.05, **repeated).variant


def test_sessions_keep_their_distance() -> None:
    """Session numbers, or the order alone; a score and its session go together when one is missing."""
    a, xa = [12, 15, 14, 18], [1, 4, 5, 11]
    b, xb = [20, 19, 25, 24, 30], [15, 16, 22, 30, 31]
    sessions: dict[str, Any] = {"baseline_sessions": xa, "intervention_sessions": xb}
    assert 0.0 == tau_bc(a, b, **sessions).value
    assert close(0.2) == tau_bc(a, b, form="nonoverlap", time="index", **sessions).value
    assert tau_bc(a, b).value == tau_bc(a, b, time="index", **sessions).value
    shuffled: dict[str, Any] = {
        "baseline_sessions": [5, 1, 11, 4],
        "intervention_sessions": [31, 15, 16, 22, 30],
    }
    assert tau_bc(a, b, time="index").value == (
        tau_bc([14, 12, 18, 15], [30, 20, 19, 25, 24], time="index", **shuffled).value
    )
    gap: dict[str, Any] = {
        "baseline_sessions": [*xa, 12, None],
        "intervention_sessions": xb,
    }
    assert tau_bc(a, b, **sessions) == tau_bc([*a, None, 99], b, **gap)
    day = 738_000
    calendar: dict[str, Any] = {
        "baseline_sessions": [x + day for x in xa],
        "intervention_sessions": [x + day for x in xb],
    }
    assert tau_bc(a, b, **sessions) == tau_bc(a, b, **calendar)


def test_one_session_has_no_slope() -> None:
    """Probes of one day have no trend to take away, nor a line to draw."""
    same: dict[str, Any] = {"baseline_sessions": [3, 3, 3], "intervention_sessions": [4, 5]}
    assert "no_spread" == tau_bc([1, 2, 3], [4, 5], **same).reason
    assert "no_spread" == cdc([1, 2, 3], [4, 5], **same).reason


def test_smd_divides_by_the_spread_asked_for() -> None:
    """Glass by the baseline, Hedges by both; the correction and the error by hand."""
    a, b = [2, 4, 6], [8, 10]
    raw = smd(a, b, bias_correct=False)
    assert (close(2.5), close(sqrt(1 / 3 + 2 / 8 + 6.25 / 4))) == (raw.value, raw.se)
    assert (close(2.5 * 4 / 7), "baseline:bias_corrected") == (smd(a, b).value, smd(a, b).variant)
    pooled = smd(a, b, scale="pooled", bias_correct=False)
    assert close(5 / sqrt(10 / 3)) == pooled.value


def test_smd_without_spread_or_points_says_so() -> None:
    """Equal scores, two baseline points, one point after it, one of each."""
    assert "no_spread" == smd([5, 5, 5], [6, 7]).reason
    assert "no_spread" == smd([0.1, 0.1, 0.1], [0.1, 0.1], scale="pooled").reason
    assert "insufficient_data" == smd([5, 6], [6, 7]).reason
    assert smd([5, 6], [6, 7], bias_correct=False).value is not None
    assert "one_point_phase" == smd([4, 5, 6], [9]).reason
    assert "insufficient_data" == smd([5], [6], scale="pooled").reason
    assert "insufficient_data" == smd([5, 6], [6], scale="pooled").reason
    assert smd([5, 6], [6], scale="pooled", bias_correct=False).value is not None
    assert smd([5], [6, 7, 9], scale="pooled").value is not None


def test_log_ratio_is_a_ratio() -> None:
    """Twice as much is ln 2; the published signs of both forms; percentages turn to their complement."""
    assert close(log(2)) == lrr_increase([2, 4], [4, 8], bias_correct=False).value
    assert close(-log(2)) == lrr_increase([2, 4], [4, 8], direction="decrease", bias_correct=False).value
    assert close(-log(2)) == lrr_decrease([4, 8], [2, 4], direction="decrease", bias_correct=False).value
    assert close(-log(2)) == lrr_decrease([2, 4], [4, 8], direction="increase", bias_correct=False).value
    percent: dict[str, Any] = {"scale": "percentage", "bias_correct": False}
    assert close(-log(2)) == lrr_decrease([80, 80], [90, 90], direction="increase", **percent).value
    assert close(log(90 / 80)) == lrr_increase([80, 80], [90, 90], **percent).value
    assert close(-log(2)) == lrr_increase([20, 20], [10, 10], **percent).value
    share: dict[str, Any] = {"scale": "proportion", "bias_correct": False, "direction": "decrease"}
    assert close(log(0.9 / 0.8)) == lrr_increase([0.2, 0.2], [0.1, 0.1], **share).value


def test_log_ratio_near_zero_is_held_by_what_was_recorded() -> None:
    """A mean of 0 needs to know how finely was recorded; below 0 there is no ratio at all."""
    assert "no_ratio" == lrr_increase([0, 0], [4, 8]).reason
    assert "no_ratio" == lrr_increase([-1, -2], [4, 8], scale="count").reason
    assert "no_ratio" == lrr_increase([2, 4], [0, 0], scale="rate").reason
    raw: dict[str, Any] = {"bias_correct": False}
    assert close(log(6 * 4)) == lrr_increase([0, 0], [4, 8], scale="count", **raw).value
    assert (
        close(log(6 * 40)) == lrr_increase([0, 0], [4, 8], scale="rate", observation_length=10, **raw).value
    )
    assert close(log(6 * 0.8)) == lrr_increase([0, 0], [4, 8], scale="percentage", intervals=20, **raw).value
    assert close(log(0.5 * 80)) == (
        lrr_increase([0, 0], [0.4, 0.6], scale="proportion", intervals=20, **raw).value
    )


def test_ratio_of_single_points_has_no_correction_and_no_error() -> None:
    """Raw it is a value without an error; corrected it is not enough data."""
    assert "insufficient_data" == lrr_increase([4], [7, 5]).reason
    single = lrr_increase([4], [8], bias_correct=False)
    assert (close(log(2)), None, None, "one_point_phase") == (
        single.value,
        single.se,
        single.ci,
        single.reason,
    )
    odds = log_odds_ratio([50], [80], bias_correct=False, intervals=10)
    assert (close(log(4)), "one_point_phase") == (odds.value, odds.reason)


def test_log_odds_stay_on_their_scale() -> None:
    """Percent or proportion, held from both ends by the trials; off the scale is no odds."""
    raw: dict[str, Any] = {"bias_correct": False}
    assert close(log(4)) == log_odds_ratio([50, 50], [80, 80], **raw).value
    assert close(log(4)) == log_odds_ratio([0.5, 0.5], [0.8, 0.8], scale="proportion", **raw).value
    assert close(-log(4)) == log_odds_ratio([50, 50], [80, 80], direction="decrease", **raw).value
    assert close(log(39)) == log_odds_ratio([50, 50], [100, 100], intervals=10, **raw).value
    assert "no_ratio" == log_odds_ratio([50, 50], [100, 100]).reason
    assert "out_of_range" == log_odds_ratio([50, 50], [80, 101]).reason
    tiny = log_odds_ratio([1e-200, 3e-200], [50, 60])
    assert tiny.value is not None
    assert 400 < tiny.value < 500


def test_percent_of_goal_runs_from_baseline_to_goal() -> None:
    """Half of the way is 50, in both directions; at or behind the baseline there is no way."""
    assert 50.0 == pogo([20, 20], [40, 40], goal=60).value
    assert 50.0 == pogo([20, 20], [10, 10], goal=0, direction="decrease").value
    assert "goal_at_baseline" == pogo([20, 20], [10, 10], goal=20).reason
    assert "goal_behind_baseline" == pogo([20, 20], [10, 10], goal=10).reason
    assert "one_point_phase" == pogo([20], [40, 30], goal=60).reason


def test_dual_criterion_counts_points_beyond_both_lines() -> None:
    """Above level and trend; a point on the line is not beyond it; the chance is the binomial tail."""
    result = cdc([1, 2, 1, 2], [5, 6, 2, 7])
    assert (3.0, 5 / 16, "least_squares", None) == (result.value, result.p, result.variant, result.reason)
    on_line = cdc([0.1, 0.2, 0.3], [0.4, 0.5])
    assert (0.0, 1.0) == (on_line.value, on_line.p)
    assert 4.0 == cdc([9, 9, 9], [4, 5, 6, 7], direction="decrease").value
    assert 1 / 16 == cdc([9, 9, 9], [4, 5, 6, 7], direction="decrease").p
    assert ("insufficient_data", None) == (cdc([1], [2]).reason, cdc([1], [2]).p)


@pytest.mark.parametrize("name", EVERY)
def test_without_data_there_is_a_reason(name: str) -> None:
    """No baseline, no intervention, only missing scores: None with the counts and a reason."""
    index = EVERY[name]
    for a, b, counts in (([], [1, 2], (0, 2)), ([1, 2, 3], [None], (3, 0)), ([None, None], [], (0, 0))):
        result = index(a, b)
        assert (None, None, None, "insufficient_data") == (result.value, result.se, result.ci, result.reason)
        assert counts == (result.n_a, result.n_b)


@pytest.mark.parametrize("name", EVERY)
def test_what_is_no_number_is_a_reason(name: str) -> None:
    """Text, NaN, infinities, numbers past the limit."""
    index = EVERY[name]
    for wrong, reason in (
        ("x", "not_a_number"),
        (nan, "not_a_number"),
        (inf, "not_a_number"),
        (10**400, "too_large"),
        (1e301, "too_large"),
    ):
        assert reason == index([1, 2, wrong, 4], [5, 6, 7]).reason
        assert reason == index([1, 2, 3, 4], [5, wrong, 7]).reason


@pytest.mark.parametrize("name", EVERY)
def test_a_direction_must_be_one(name: str) -> None:
    """A word of the library, or the value itself; anything else is the caller's mistake."""
    index = EVERY[name]
    assert index([1, 2, 4], [5, 6, 7], direction=Direction.DECREASE).direction is Direction.DECREASE
    with pytest.raises(InvalidValue, match="unknown_direction"):
        index([1, 2, 4], [5, 6, 7], direction="up")


def test_wrong_arguments_are_refused() -> None:
    """Unknown variants, levels outside 0 to 1, sessions that do not fit."""
    a, b = [1, 2, 4], [5, 6, 7]
    calls: list[tuple[str, Callable[[], object]]] = [
        ("unknown_variant", lambda: nap(a, b, se="best")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: pem(a, b, ties="all")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: tau_u(a, b, variant="u")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: tau_u(a, b, terms="A")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: tau_bc(a, b, form="b")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: tau_bc(a, b, time="week")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: tau_bc(a, b, pretest_form="z")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: smd(a, b, scale="all")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: lrr_increase(a, b, scale="words")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: log_odds_ratio(a, b, scale="count")),  # type: ignore[arg-type]
        ("probability_out_of_range", lambda: nap(a, b, confidence=1)),
        ("probability_out_of_range", lambda: tau_bc(a, b, pretest=1.5)),
        ("not_positive", lambda: lrr_increase(a, b, scale="rate", observation_length=0)),
        ("not_a_number", lambda: pogo(a, b, goal=nan)),
        ("lengths_differ", lambda: tau_bc(a, b, baseline_sessions=[1, 2, 3])),
        ("lengths_differ", lambda: cdc(a, b, baseline_sessions=[1, 2], intervention_sessions=[3, 4, 5])),
    ]
    for code, call in calls:
        with pytest.raises(InvalidValue, match=code):
            call()


def test_a_confidence_next_to_one_is_a_confidence() -> None:
    """The last float below 1 still gives an interval."""
    ci = nap(BASELINE, INTERVENTION, confidence=1 - 2**-53).ci
    assert ci is not None
    assert 0 <= ci[0] < ci[1] <= 1


def test_effect_sizes_load_nothing_heavy() -> None:
    """The first use of every one of them loads neither numpy nor fractions nor decimals."""
    script = (
        "import sys\n"
        "before = set(sys.modules)  # a coverage run loads modules of its own into every interpreter\n"
        "import iepcore, iepcore.progress as p\n"
        "heavy = {'numpy', 'scipy', 'fractions', 'decimal', 'statistics', 'marshmallow'} - before\n"
        "for f in (p.nap, p.tau_u, p.tau_bc, p.smd, p.lrr_increase, p.cdc): f([1, 2, 3], [4, 5])\n"
        "p.cohen_kappa([1, 0], [1, 1])\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout
