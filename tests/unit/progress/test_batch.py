"""The batch gives what the scalar functions give, series by series, whatever lies in the batch beside it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepcore import progress
from iepcore.errors import InvalidValue
from iepcore.progress import Aimline, Direction, EffectSize, Observation, Series, batch
from iepcore.progress.batch import BatchResult, PhasePairs

Scores = list[float | None]

NINE = ("nap", "tau_u", "tau_bc", "pnd", "pem", "pand", "ird", "smd", "lrr_increase")

CASES: list[tuple[Callable[..., BatchResult], Callable[..., EffectSize], dict[str, Any]]] = [
    *((batch.nap, progress.nap, {"se": kind}) for kind in ("unbiased", "hanley", "null")),
    (batch.nap, progress.nap, {"confidence": 0.8}),
    (batch.tau, progress.tau, {}),
    *(
        (batch.tau_u, progress.tau_u, {"variant": variant, "terms": terms})
        for variant in ("parker", "complete_tau_a", "complete_tau_b", "tarlow")
        for terms in (
            "A_vs_B",
            "A_vs_B_minus_trend_A",
            "A_vs_B_plus_trend_B",
            "A_vs_B_plus_trend_B_minus_trend_A",
        )
    ),
    (batch.tau_bc, progress.tau_bc, {"form": "kendall"}),
    (batch.tau_bc, progress.tau_bc, {"form": "nonoverlap"}),
    *(
        (batch.tau_bc, progress.tau_bc, {"form": form, "pretest": level, "pretest_form": test})
        for form in ("kendall", "nonoverlap")
        for level, test in ((0.3, "exact"), (0.3, "continuity"), (0.3, "normal"), (True, "exact"))
    ),
    (batch.pnd, progress.pnd, {}),
    (batch.pem, progress.pem, {"ties": "half"}),
    (batch.pem, progress.pem, {"ties": "strict"}),
    (batch.pand, progress.pand, {}),
    (batch.ird, progress.ird, {}),
    *(
        (batch.smd, progress.smd, {"scale": scale, "bias_correct": correct})
        for scale in ("baseline", "pooled")
        for correct in (True, False)
    ),
    *(
        (many, one, {"scale": scale, "bias_correct": correct, **extra})
        for many, one in (
            (batch.lrr_increase, progress.lrr_increase),
            (batch.lrr_decrease, progress.lrr_decrease),
        )
        for scale, extra in (
            ("other", {}),
            ("count", {}),
            ("rate", {"observation_length": 20}),
            ("percentage", {"intervals": 10}),
        )
        for correct in (True, False)
    ),
]
IDS = [f"{many.__name__}-{'-'.join(map(str, settings.values()))}" for many, _, settings in CASES]


def ragged_pairs(count: int = 300, seed: int = 7) -> tuple[list[Scores], list[Scores], list[Direction]]:
    """Make pairs of every awkward kind: none, one, equal, tied, missing, negative, huge, tiny, decimal."""
    rng = random.Random(seed)
    kinds: list[Callable[[], float | None]] = [
        lambda: rng.randint(0, 6),
        lambda: rng.choice((3, 3, None)),
        lambda: rng.randint(0, 100) / 10,
        lambda: rng.uniform(-5, 20),
        lambda: rng.choice((0, 0, 0, 1)),
        lambda: rng.choice((1e200, 3e200, -1e250)),
        lambda: rng.choice((1e-200, 2e-210, 0.0)),
        lambda: rng.choice((2.0, 1e301)),
    ]
    a: list[Scores] = []
    b: list[Scores] = []
    for _ in range(count):
        kind = rng.choice(kinds[:5] if rng.random() < 0.9 else kinds)
        a.append([kind() for _ in range(rng.choice((0, 1, 2, 3, 4, 7, 12)))])
        b.append([kind() for _ in range(rng.choice((0, 1, 2, 5, 9, 20)))])
    return a, b, [rng.choice(list(Direction)) for _ in range(count)]


def assert_same(expected: EffectSize, got: EffectSize, where: object) -> None:
    """The same numbers to rounding, the same counts, the same reason."""
    assert (expected.n_a, expected.n_b, expected.reason, expected.direction) == (
        got.n_a,
        got.n_b,
        got.reason,
        got.direction,
    ), where
    for one, two in zip(
        (expected.value, expected.se, *(expected.ci or (None, None))),
        (got.value, got.se, *(got.ci or (None, None))),
        strict=True,
    ):
        assert (one is None) == (two is None), (where, expected, got)
        assert one is None or one == pytest.approx(two, rel=1e-9, abs=1e-9), (where, expected, got)
    if expected.value is not None:
        assert expected.variant == got.variant


NO_NUMBER = {"not_a_number", "too_large"}


def assert_alike(expected: EffectSize, got: EffectSize, where: object) -> None:
    """The same answer; of what is no number the batch may say either word."""
    if expected.reason in NO_NUMBER:
        assert (None, True) == (got.value, got.reason in NO_NUMBER), where
    else:
        assert_same(expected, got, where)


@pytest.mark.parametrize(("many", "one", "settings"), CASES, ids=IDS)
def test_batch_is_the_scalar_code(
    many: Callable[..., BatchResult], one: Callable[..., EffectSize], settings: dict[str, Any]
) -> None:
    """Every effect size, on ragged pairs of every awkward kind, in both directions."""
    a, b, ways = ragged_pairs()
    result = many(PhasePairs(a, b, direction=ways), **settings)
    assert len(a) == len(result)
    for index, way in enumerate(ways):
        assert_same(
            one(a[index], b[index], direction=way, **settings), result.at(index), (a[index], b[index])
        )


def test_long_series_are_computed_too() -> None:
    """A series that would fill a block alone is left to the scalar function, and its neighbours are not."""
    rng = random.Random(3)
    a: list[Scores] = [[rng.random() for _ in range(size)] for size in (400, 8, 30)]
    b: list[Scores] = [[rng.random() + 0.2 for _ in range(size)] for size in (500, 9, 40)]
    pairs = PhasePairs(a, b)
    assert [True, False, False] == pairs.unusual.tolist()
    for index in range(3):
        assert_same(progress.nap(a[index], b[index]), batch.nap(pairs).at(index), index)
        assert_same(progress.tau_bc(a[index], b[index]), batch.tau_bc(pairs).at(index), index)


POINT = st.tuples(st.integers(0, 12) | st.none(), st.integers(0, 9) | st.none())
PAIR = st.tuples(st.lists(POINT, max_size=7), st.lists(POINT, max_size=7))


@settings(max_examples=60)
@given(
    many=st.lists(PAIR, min_size=1, max_size=5),
    with_sessions=st.booleans(),
    wish=st.fixed_dictionaries(
        {
            "form": st.sampled_from(["kendall", "nonoverlap"]),
            "pretest": st.sampled_from([False, True, 0.2, 0.6]),
            "pretest_form": st.sampled_from(["exact", "continuity", "normal"]),
            "time": st.sampled_from(["session", "index"]),
        }
    ),
)
def test_tau_bc_is_the_scalar_code(many: list[Any], with_sessions: bool, wish: dict[str, Any]) -> None:
    """Sessions in any order, several on one day, missing ones; tested and untested baselines."""
    a, b = ([[y for _, y in pair[phase]] for pair in many] for phase in (0, 1))
    xa, xb = ([[x for x, _ in pair[phase]] for pair in many] for phase in (0, 1))
    times = {"baseline_sessions": xa, "intervention_sessions": xb} if with_sessions else {}
    ways = [list(Direction)[index % 2] for index in range(len(many))]
    result = batch.tau_bc(PhasePairs(a, b, direction=ways, **times), **wish)
    for index, way in enumerate(ways):
        own = {name: each[index] for name, each in times.items()}
        expected = progress.tau_bc(a[index], b[index], direction=way, **wish, **own)
        assert_same(expected, result.at(index), (a[index], b[index], own))


ANY = st.none() | st.floats() | st.integers() | st.sampled_from([10**400, 1e300, -1e301, 1e-310, 1e100])


def without_nan(scores: list[Any]) -> list[Any]:
    """What the scalar functions are given: in a batch NaN stands for a missing score."""
    return [None if score != score else score for score in scores]


@settings(max_examples=60)
@given(many=st.lists(st.tuples(*[st.lists(ANY, max_size=5)] * 2), min_size=1, max_size=4))
def test_anything_gives_values_or_a_reason(many: list[Any]) -> None:
    """Any floats and whole numbers: the scalar answer or its reason, and no neighbour is disturbed."""
    a, b = [pair[0] for pair in many], [pair[1] for pair in many]
    pairs = PhasePairs(a, b)
    found = batch.compare_phases(pairs)
    less, tested = batch.lrr_decrease(pairs, scale="count"), batch.tau_bc(pairs, pretest=0.3)
    fitted = batch.ols(a, a), batch.theil_sen(a, a)
    for index, (one, two) in enumerate(zip(map(without_nan, a), map(without_nan, b), strict=True)):
        expected = progress.compare_phases(one, two)
        for name in NINE:
            assert_alike(getattr(expected, name), getattr(found, name).at(index), (name, one, two))
        assert_alike(progress.lrr_decrease(one, two, scale="count"), less.at(index), (one, two))
        assert_alike(progress.tau_bc(one, two, pretest=0.3), tested.at(index), (one, two))
        for lines in fitted:
            line = progress.trend_line(one, one, lines.method)
            assert (line.slope is None) == bool(np.isnan(lines.slope[index]))
            assert line.reason == lines.reason[index] or {line.reason, lines.reason[index]} <= NO_NUMBER


@pytest.mark.parametrize("kept", [0, 1 << 16])
def test_nine_together_are_the_scalar_nine(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether blocks are kept or made anew, every record of every series is the scalar one."""
    monkeypatch.setattr("iepcore.progress.batch.pairs.KEPT_SERIES", kept)
    a, b, ways = ragged_pairs(seed=19)
    pairs = PhasePairs(a, b, direction=ways)
    found = batch.compare_phases(pairs, scale="count", confidence=0.8)
    assert len(a) == len(found)
    for index, way in enumerate(ways):
        expected = progress.compare_phases(a[index], b[index], direction=way, scale="count", confidence=0.8)
        got = found.at(index)
        for name in NINE:
            assert_same(getattr(expected, name), getattr(got, name), (name, a[index], b[index]))
    assert found.nap.value.tolist() == pytest.approx(batch.nap(pairs).value.tolist(), nan_ok=True)


def test_one_series_alone_keeps_its_order() -> None:
    """An index that sorts does not sort for the next one."""
    pairs = PhasePairs([[0, 5, 1]], [[3, 2, 9]])
    before = batch.tau_u(pairs).value[0]
    batch.pem(pairs)
    assert before == batch.tau_u(pairs).value[0]


def test_numbers_past_the_floats_have_a_reason() -> None:
    """One whole number of 400 digits spoils its own series and no other."""
    result = batch.nap(PhasePairs([[10**400, 1], [1, -(10**400)], [1, 2]], [[3], [3], [3, None]]))
    assert ["too_large", "too_large", "one_point_phase"] == result.reason.tolist()
    assert 1.0 == result.value[2]


def test_sessions_are_kept_with_their_scores() -> None:
    """Uneven sessions, a missing score, a missing session, one session only; as the scalar code."""
    a: list[Scores] = [[12, 15, None, 14, 18], [3, 4, 5], [1, 2], [1e200, 2, 3]]
    b: list[Scores] = [[20, 19, 25], [5, 6, 7], [3, 4], [5, 6, 7]]
    xa: list[Scores] = [[1, 4, 5, 6, 11], [1, None, 3], [2, 2], [1, 2, 3]]
    xb: list[Scores] = [[15, 16, 22], [4, 5, 6], [3, 4], [4, 5, 6]]
    pairs = PhasePairs(a, b, baseline_sessions=xa, intervention_sessions=xb)
    for index in range(4):
        sessions = {"baseline_sessions": xa[index], "intervention_sessions": xb[index]}
        expected = progress.tau_bc(a[index], b[index], **sessions)
        assert_same(expected, batch.tau_bc(pairs).at(index), index)


def test_tables_and_empty_batches_are_batches() -> None:
    """A table counts one series per row; nothing gives nothing."""
    table = np.array([[1.0, 2.0, 3.0], [4.0, np.nan, 6.0]])
    result = batch.nap(PhasePairs(table, table + 2))
    assert_same(progress.nap([4, None, 6], [6, None, 8]), result.at(1), 1)
    short = PhasePairs([[1], [3]], [[2], [3, 3]])
    assert ["insufficient_data"] * 2 == batch.tau_bc(short).reason.tolist()
    assert 0.0 == batch.tau_bc(PhasePairs([[3, 3]], [[3, 3]])).value[0]
    assert "insufficient_data" == batch.theil_sen([[1]], [[2]]).reason[0]
    empty = PhasePairs([], [])
    for many in (batch.nap, batch.tau_u, batch.tau_bc, batch.pand, batch.smd, batch.lrr_increase):
        assert 0 == len(many(empty))
    assert 0 == len(batch.ols([], [])) == len(batch.theil_sen([], []))


def test_wrong_batches_are_refused() -> None:
    """Other lengths, half of the sessions, an unknown direction, text."""
    for code, build in (
        ("lengths_differ", lambda: PhasePairs([[1]], [[2], [3]])),
        ("lengths_differ", lambda: PhasePairs([[1]], [[2]], direction=["increase", "decrease"])),
        ("lengths_differ", lambda: PhasePairs([[1]], [[2]], baseline_sessions=[[1]])),
        (
            "lengths_differ",
            lambda: PhasePairs([[1]], [[2]], baseline_sessions=[[1, 2]], intervention_sessions=[[3]]),
        ),
        ("unknown_direction", lambda: PhasePairs([[1]], [[2]], direction="sideways")),
        ("not_a_number", lambda: PhasePairs([["x"]], [[2]])),  # type: ignore[list-item]
        ("unknown_variant", lambda: batch.nap(PhasePairs([[1]], [[2]]), se="best")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: batch.tau_bc(PhasePairs([[1]], [[2]]), form="x")),  # type: ignore[arg-type]
        ("unknown_variant", lambda: batch.tau_u(PhasePairs([[1]], [[2]]), terms="x")),  # type: ignore[arg-type]
        ("probability_out_of_range", lambda: batch.tau_bc(PhasePairs([[1]], [[2]]), pretest=1.5)),
    ):
        with pytest.raises(InvalidValue) as refused:
            build()
        assert code == refused.value.code


def test_lines_are_the_scalar_lines() -> None:
    """Slopes, intercepts, standard errors and reasons of ragged series with missing scores."""
    a, _, _ = ragged_pairs(seed=11)
    rng = random.Random(5)
    xs: list[Scores] = [[rng.choice((1, 2, 5, 9, 2.5)) + place for place, _ in enumerate(ys)] for ys in a]
    xs[0], a[0] = [4, 4, 4], [1, 2, 3]
    xs[1], a[1] = list(range(1000)), [float(place % 7) for place in range(1000)]
    for many, method in ((batch.ols, "ols"), (batch.theil_sen, "theil_sen")):
        lines = many(xs, a)
        assert (len(a), method) == (len(lines), lines.method)
        for index, (x, y) in enumerate(zip(xs, a, strict=True)):
            expected = progress.trend_line(x, y, method)
            got = (lines.slope[index], lines.intercept[index], lines.se[index])
            assert (expected.reason, expected.n) == (lines.reason[index], lines.n[index]), (x, y)
            for one, two in zip((expected.slope, expected.intercept, expected.se), got, strict=True):
                assert (one is None) == bool(np.isnan(two)), (x, y)
                assert one is None or one == pytest.approx(two, rel=1e-9, abs=1e-9), (x, y)


WEEKS = st.lists(st.tuples(st.integers(-2, 40), st.integers(0, 60) | st.none()), max_size=14)


@given(many=st.lists(WEEKS, max_size=6), target=st.integers(0, 60), minimum=st.integers(1, 8))
def test_four_point_rule_is_the_scalar_rule(
    many: list[list[tuple[int, int | None]]], target: int, minimum: int
) -> None:
    """The same decision, reason and count for every series, above, below and on the line."""
    start = date(2025, 9, 1)
    ways = [list(Direction)[index % 2] for index in range(len(many))]
    days = [[(start + timedelta(weeks=week)).toordinal() for week, _ in points] for points in many]
    result = batch.four_point_rule(
        days,
        [[score for _, score in points] for points in many],
        baseline=30,
        target=[target] * len(many),
        starts_on=start.toordinal(),
        ends_on=(start + timedelta(weeks=30)).toordinal(),
        direction=ways,
        minimum=minimum,
    )
    line = Aimline(baseline=30, target=target, starts_on=start, ends_on=start + timedelta(weeks=30))
    assert len(many) == len(result)
    for index, points in enumerate(many):
        series = Series(Observation(on=start + timedelta(weeks=week), score=score) for week, score in points)
        expected = progress.four_point_rule(series, line, ways[index], minimum=minimum)
        got = (result.decision[index], result.reason[index], result.n[index])
        assert (expected.decision, expected.reason, expected.n) == got


def test_wrong_rules_are_refused() -> None:
    """A line that ends before it starts, other lengths, what is no number."""
    settings = {"baseline": 1.0, "target": 2.0, "starts_on": 1.0, "ends_on": 9.0}
    for code, changed in (
        ("ends_before_start", {"ends_on": 1.0}),
        ("lengths_differ", {"target": [1.0, 2.0]}),
        ("lengths_differ", {"direction": ["increase", "decrease"]}),
        ("not_a_number", {"baseline": float("nan")}),
    ):
        with pytest.raises(InvalidValue) as refused:
            batch.four_point_rule([[1]], [[2]], **{**settings, **changed})  # type: ignore[arg-type]
        assert code == refused.value.code
