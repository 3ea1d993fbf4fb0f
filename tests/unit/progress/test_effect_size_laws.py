"""What holds for effect sizes whatever the scores: mirrors, shifts, units, orders, copies, gaps, extremes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from math import isfinite
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    EffectSize,
    PhaseComparison,
    cdc,
    compare_phases,
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
from iepcore.progress.effect_sizes.phases import phases

Index = Callable[..., EffectSize]

BY_ORDER: list[Index] = [nap, tau, pnd, pem, pand, ird, tau_u]
MIRRORED: list[Index] = [*BY_ORDER, tau_bc, smd, cdc]
WITHOUT_TIME: list[Index] = [nap, tau, pnd, pem, pand, ird, smd, lrr_increase, lrr_decrease, log_odds_ratio]
ALL: list[Index] = [*MIRRORED, lrr_increase, lrr_decrease, log_odds_ratio]

WHOLE = st.integers(0, 20)
PHASE = st.lists(WHOLE, min_size=1, max_size=9)
ANY = st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.none()


def numbers(result: EffectSize) -> list[float]:
    """Every number of a result."""
    return [each for each in (result.value, result.se, *(result.ci or ())) if each is not None]


def same(one: EffectSize, two: EffectSize) -> None:
    """Equal to rounding, undefined together."""
    assert (one.value is None, one.se is None) == (two.value is None, two.se is None)
    assert numbers(one) == pytest.approx(numbers(two), rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(a=PHASE, b=PHASE)
@pytest.mark.parametrize("index", MIRRORED)
def test_less_is_better_is_the_mirror(index: Index, a: list[int], b: list[int]) -> None:
    """Negated scores with the other direction give exactly the same answer."""
    up = index(a, b, direction="increase")
    down = index([-score for score in a], [-score for score in b], direction="decrease")
    assert (up.value, up.se, up.ci, up.reason) == (down.value, down.se, down.ci, down.reason)


@settings(max_examples=40)
@given(a=PHASE, b=PHASE)
def test_swapped_phases_are_the_mirror(a: list[int], b: list[int]) -> None:
    """NAP of B against A is what is left of 1, Tau changes its sign, errors and intervals go along."""
    one, two = nap(a, b), nap(b, a)
    assert one.value is not None
    assert two.value is not None
    assert 1 - one.value == pytest.approx(two.value, abs=1e-15)
    assert (one.se is None) == (two.se is None)
    assert one.se is None or one.se == pytest.approx(two.se, abs=1e-12)
    assert one.ci is not None
    assert two.ci is not None
    assert one.ci == (pytest.approx(1 - two.ci[1], abs=1e-9), pytest.approx(1 - two.ci[0], abs=1e-9))
    assert tau(a, b).value == -(tau(b, a).value or 0.0)


@settings(max_examples=40)
@given(a=PHASE, b=PHASE, shift=st.integers(-(10**6), 10**6))
@pytest.mark.parametrize("index", MIRRORED)
def test_a_shift_changes_nothing(index: Index, a: list[int], b: list[int], shift: int) -> None:
    """Points added to every score move no order and no difference."""
    same(index(a, b), index([score + shift for score in a], [score + shift for score in b]))


@settings(max_examples=40)
@given(a=PHASE, b=PHASE, exponent=st.integers(-300, 300))
@pytest.mark.parametrize("index", [*MIRRORED, lrr_increase, lrr_decrease])
def test_a_unit_changes_nothing(index: Index, a: list[int], b: list[int], exponent: int) -> None:
    """Other units of the same scores give the same answer, up to the ends of the floats."""
    factor = 2.0**exponent
    same(index(a, b), index([score * factor for score in a], [score * factor for score in b]))


@settings(max_examples=40)
@given(a=PHASE, b=PHASE, data=st.data())
@pytest.mark.parametrize("index", WITHOUT_TIME)
def test_order_within_a_phase_does_not_matter(index: Index, a: list[int], b: list[int], data: Any) -> None:
    """Indices that know no time give the same for every order of the points."""
    same(index(a, b), index(data.draw(st.permutations(a)), data.draw(st.permutations(b))))


@settings(max_examples=40)
@given(a=PHASE, b=PHASE, steps=st.lists(st.integers(1, 9), min_size=18, max_size=18), data=st.data())
def test_order_with_sessions_does_not_matter(a: list[int], b: list[int], steps: list[int], data: Any) -> None:
    """With session numbers the order in which points are handed over does not matter either."""
    days = [sum(steps[: place + 1]) for place in range(18)]
    one, two = list(zip(days, a, strict=False)), list(zip(days[9:], b, strict=False))

    def of(
        first: list[tuple[int, int]], second: list[tuple[int, int]], index: Any, **more: Any
    ) -> EffectSize:
        result: EffectSize = index(
            [y for _, y in first],
            [y for _, y in second],
            baseline_sessions=[x for x, _ in first],
            intervention_sessions=[x for x, _ in second],
            **more,
        )
        return result

    other = data.draw(st.permutations(one)), data.draw(st.permutations(two))
    same(of(one, two, cdc), of(*other, cdc))
    assume(len(a) > 1)
    for more in ({"time": "index"}, {"pretest": 0.3}):
        same(of(one, two, tau_bc, **more), of(*other, tau_bc, **more))


@settings(max_examples=40)
@given(a=PHASE, b=PHASE, data=st.data())
@pytest.mark.parametrize("index", ALL)
def test_missing_scores_change_nothing(index: Index, a: list[int], b: list[int], data: Any) -> None:
    """A None anywhere is as if it had not been written."""
    gaps: list[int | None] = list(a)
    gaps.insert(data.draw(st.integers(0, len(a))), None)
    assert index(a, b) == index(gaps, [None, *b, None])


@settings(max_examples=40)
@given(a=PHASE, b=PHASE, copies=st.integers(2, 4))
@pytest.mark.parametrize("index", [nap, tau, pnd, pem, pand, ird])
def test_copies_of_every_point_change_no_share(index: Index, a: list[int], b: list[int], copies: int) -> None:
    """Shares of pairs and of points stay when every point is there several times."""
    assert index(a, b).value == pytest.approx(index(a * copies, b * copies).value, abs=1e-12)


@settings(max_examples=40)
@given(a=PHASE, b=PHASE)
def test_values_stay_on_their_scale(a: list[int], b: list[int]) -> None:
    """NAP, PND, PEM and PAND within 0 and 1, Tau and Tau-BC within -1 and 1, intervals around the value."""
    for share in (nap(a, b), pnd(a, b), pem(a, b), pand(a, b)):
        assert share.value is not None
        assert 0 <= share.value <= 1
    for balance in (tau(a, b), tau_bc(a, b), tau_bc(a, b, form="nonoverlap"), tau_u(a, b, variant="tarlow")):
        assert balance.value is None or -1 <= balance.value <= 1
    for result in (nap(a, b), nap(a, b, se="null"), tau(a, b), tau_bc(a, b, form="nonoverlap")):
        if result.value is not None:
            assert result.ci is not None
            assert result.ci[0] - 1e-12 <= result.value <= result.ci[1] + 1e-12
    floor = max(len(a), len(b)) / (len(a) + len(b))
    assert (pand(a, b).value or 0) >= floor


@settings(max_examples=40)
@given(a=st.lists(ANY, max_size=6), b=st.lists(ANY, max_size=6), x=st.lists(ANY, min_size=12, max_size=12))
def test_nothing_the_scores_hold_raises(a: list[Any], b: list[Any], x: list[Any]) -> None:
    """Whatever the series hold: a finite value or None with a reason, never NaN, infinity or an exception."""
    sessions = {"baseline_sessions": x[: len(a)], "intervention_sessions": x[6 : 6 + len(b)]}
    results = [index(a, b) for index in ALL]
    results += [smd(a, b, scale="pooled"), pogo(a, b, goal=3), lrr_increase(a, b, scale="count")]
    results += [tau_bc(a, b, **sessions), tau_bc(a, b, pretest=True, **sessions), cdc(a, b, **sessions)]
    results += [tau_bc(a, b, form="nonoverlap", time="index", **sessions), tau_u(a, b, variant="tarlow")]
    results += [
        tau_u(a, b, variant="complete_tau_b", terms=terms) for terms in ("A_vs_B", "A_vs_B_plus_trend_B")
    ]
    results += [log_odds_ratio(a, b, scale="proportion", intervals=9), pem(a, b, ties="strict")]
    results += [
        lrr_decrease(a, b, scale="percentage", intervals=4),
        nap(a, b, se="null", direction="decrease"),
    ]
    for result in results:
        assert all(map(isfinite, numbers(result)))
        assert (result.reason is not None) or (result.value is not None)


@pytest.mark.parametrize("factor", [1e300, 1e154, 1e-154, 1e-300])
def test_extreme_sizes_are_computed(factor: float) -> None:
    """Squares that would overflow or vanish do not: the answer is that of ordinary numbers."""
    a, b = [1.0, 0.25, 0.5, 0.75], [0.5, 1.0, 0.875]
    big_a, big_b = [score * factor for score in a], [score * factor for score in b]
    for index in (nap, tau_bc, smd, lrr_increase, lrr_decrease, cdc):
        same(index(a, b), index(big_a, big_b))
    if factor < 1e300:
        same(pogo(a, b, goal=2), pogo(big_a, big_b, goal=2 * factor))


def test_a_difference_past_the_floats_has_a_reason() -> None:
    """Deviations of 1e-88 and a mean of 1e300: no float holds how many of the ones fit into the other."""
    assert "not_computable" == smd([1e-88, 2e-88, 4e-88], [1e300, 1e300]).reason
    same(smd([1, 2, 4], [0, 0.0]), smd([1e200, 2e200, 4e200], [1, 2]))


def test_what_is_shared_is_counted_once() -> None:
    """The counts of one pair are made when they are asked for, and kept."""
    pair = phases([1, 2], [2, 3], "increase")
    assert 3 == pair.balance
    assert pair.counts is pair.counts
    assert 3 == pair.balance


def test_ten_thousand_points_are_computed() -> None:
    """Long series give values in a moment; so do ten thousand equal ones."""
    a = [float(place * 7919 % 1000) for place in range(4000)]
    b = [float(place * 104729 % 1000 + 50) for place in range(6000)]
    for index in (nap, tau_u, pand, smd, lrr_increase, cdc, tau_bc):
        result = index(a, b)
        assert result.value is not None, index
        assert isfinite(result.value)
    assert 0.5 == nap([3.0] * 5000, [3.0] * 5000).value
    assert 0.0 == tau_bc([3.0] * 2000, [3.0] * 2000).value


def test_far_sessions_do_not_break_the_slope() -> None:
    """Sessions so close or so far that the slope leaves the floats: a reason."""
    near = {"baseline_sessions": [0.0, 5e-324, 1e-323], "intervention_sessions": [1.0, 2.0]}
    far = {"baseline_sessions": [0.0, 1.0, 2.0], "intervention_sessions": [1e300, 1e299]}
    assert "not_computable" == tau_bc([1, 2, 4], [5, 6], **near).reason
    assert "not_computable" == tau_bc([1e290, 2e290, 4e290], [5, 6], **far).reason
    assert "not_computable" == cdc([1, 2, 4], [5, 6], **near).reason
    assert cdc([1, 2, 4], [5, 6], **far).value is not None
    steep = {"baseline_sessions": [0.0, 1e-250, 2e-250], "intervention_sessions": [1e200, 2e200]}
    assert "not_computable" == cdc([1, 2, 4], [5, 6], **steep).reason
    long = [float(place) for place in range(1200)]
    tiny = {
        "baseline_sessions": [place * 1e-310 for place in range(1200)],
        "intervention_sessions": [1.0, 2.0],
    }
    assert tau_bc(long, [5, 6], **tiny).reason == "not_computable"


@settings(max_examples=60)
@given(
    a=st.lists(ANY, max_size=6) | PHASE,
    b=st.lists(ANY, max_size=6) | PHASE,
    x=st.lists(st.integers(0, 30) | st.none(), min_size=18, max_size=18),
    way=st.sampled_from(["increase", "decrease"]),
)
def test_nine_together_are_the_nine_one_by_one(a: list[Any], b: list[Any], x: list[Any], way: str) -> None:
    """What is shared changes nothing: the same records, whatever the scores, with sessions and without."""
    times = {"baseline_sessions": x[: len(a)], "intervention_sessions": x[9 : 9 + len(b)]}
    for sessions in ({}, times):
        together = compare_phases(a, b, direction=way, scale="count", confidence=0.8, **sessions)
        one_by_one = PhaseComparison(
            nap=nap(a, b, direction=way, confidence=0.8),
            tau_u=tau_u(a, b, direction=way),
            tau_bc=tau_bc(a, b, direction=way, confidence=0.8, **sessions),
            pnd=pnd(a, b, direction=way),
            pem=pem(a, b, direction=way),
            pand=pand(a, b, direction=way),
            ird=ird(a, b, direction=way),
            smd=smd(a, b, direction=way, confidence=0.8),
            lrr_increase=lrr_increase(a, b, direction=way, scale="count", confidence=0.8),
        )
        assert one_by_one == together


@pytest.mark.parametrize(
    ("code", "wish"),
    [
        ("unknown_direction", {"direction": "sideways"}),
        ("unknown_variant", {"scale": "words"}),
        ("probability_out_of_range", {"confidence": 1}),
        ("lengths_differ", {"baseline_sessions": [1, 2]}),
        ("lengths_differ", {"baseline_sessions": [1, 2], "intervention_sessions": [3]}),
    ],
)
def test_a_wrong_wish_for_nine_is_refused(code: str, wish: dict[str, Any]) -> None:
    """As each function alone refuses it."""
    with pytest.raises(InvalidValue, match=code):
        compare_phases([1, 2], [3, 4], **wish)


def test_one_index_loads_no_trend_lines() -> None:
    """NAP, and Tau-BC without a test of the baseline, load what they use and not the rest of the room."""
    script = (
        "import sys\n"
        "import iepcore.progress as p\n"
        "p.nap([1, 2, 3], [4, 5])\n"
        "print(sorted(m for m in sys.modules if 'trend' in m or 'tau' in m or 'tendenc' in m))\n"
        "p.compare_phases([1, 2, 3], [4, 5])\n"
        "print(sorted(m for m in sys.modules if 'trend' in m or 'tendenc' in m))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "[]\n[]\n" == done.stdout
