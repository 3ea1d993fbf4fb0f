"""Effect sizes and observer agreement agree with R, and with the independent definitions, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from math import erfc, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from iepcore import progress
from iepcore.progress import EffectSize, TrendLine
from tests.unit.progress.reference_rows import Reference, Row

COLUMNS = {"estimate": "value", "se": "se", "ci95_lower": 0, "ci95_upper": 1}
SINGLE_PRECISION = 2e-6
"""Package Kendall works in single precision; what went through it carries that error."""
ROOT_FINDER = 2e-4
"""R's root finder stops early; the exact limits are among the definitions."""

EQUAL = "nothing differs from anything: ours is 0 by definition, scan divides 0 by 0"

RATIOS = {"LRRi": progress.lrr_increase, "LRRd": progress.lrr_decrease, "LOR": progress.log_odds_ratio}
NONOVERLAP = {
    "PND": progress.pnd,
    "PEM": progress.pem,
    "PAND": progress.pand,
    "IRD": progress.ird,
    "Tau_U": progress.tau_u,
}


class Pair(NamedTuple):
    """The two phases of a case, with sessions and the settings R was called with."""

    a: tuple[float | None, ...]
    b: tuple[float | None, ...]
    xa: tuple[float, ...]
    xb: tuple[float, ...]
    direction: str
    scale: str
    goal: float | None
    intervals: float | None
    length: float | None

    @property
    def sign(self) -> int:
        """-1 where scan, which knows no direction, gives the mirror of ours."""
        return 1 if self.direction == "increase" else -1

    @property
    def sessions(self) -> dict[str, Any]:
        """The arguments that give session numbers."""
        return {"baseline_sessions": self.xa, "intervention_sessions": self.xb}


class Pairs:
    """The reference with its pairs and the defects known in R."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.defects = {key(row): row for row in reference.rows("known_defects_in_r.csv")}
        # A limit or an error computed from a value that is wrong is wrong with it.
        self.sources = {key(row)[:3]: row["reason"] for row in self.defects.values()}

    def pair(self, case: str) -> Pair:
        """Return one case."""
        row = self.reference.cases[case]
        (xa, a), (xb, b) = (
            self.reference.points({"case_id": case, "variant": phase}) for phase in ("A", "B")
        )
        numbers = [float(row[name]) if row[name] else None for name in ("goal", "intervals")]
        length = float(row["observation_length"]) if row["observation_length"] else None
        return Pair(a, b, xa, xb, row["improvement"], row["scale"], numbers[0], numbers[1], length)

    def rows(self, tool: str, *statistics: str) -> list[tuple[Row, Pair]]:
        """Return the rows of some statistics, each with its case; rows that R refused have no number."""
        name = "expected_py.csv" if tool == "definition" else "expected_r.csv"
        return [
            (row, self.pair(row["case_id"]))
            for row in self.reference.rows(name)
            if row["tool"] == tool and row["statistic"] in statistics and row.get("status", "ok") == "ok"
        ]

    def check(
        self, row: Row, got: float | None, *, noise: float = 1e-12, rel: float = 1e-9, why: str | None = None
    ) -> None:
        """Count one row; where R is known to be wrong ours must be the correct value."""
        if row["value"] in ("NaN", "NA", "Inf", "-Inf"):
            row = {**row, "value": "NA"}
        defect = self.defects.get(key(row))
        if defect is not None:
            correct = {**row, "value": defect["value_correct"]}
            before = len(self.reference.unexplained)
            self.reference.check(correct, got, rel=rel, noise=noise)
            if len(self.reference.unexplained) == before:
                name = f"{row['tool']} {row['statistic']} {row['field']}"
                self.reference.agreed[name] -= 1
                self.reference.explained[f"{name}: {defect['reason']}"] += 1
            return
        self.reference.check(row, got, rel=rel, noise=noise, why=why)

    def because_of_defect(self, row: Row) -> str | None:
        """Say whether another field of the same result is a known defect."""
        return self.sources.get(key(row)[:3])


def key(row: Row) -> tuple[str, ...]:
    """What names a row."""
    return (row["case_id"], row["tool"], row["statistic"], row["variant"], row["field"])


@pytest.fixture
def pairs(shared_folder: Path) -> Pairs:
    """Open the reference for one test."""
    return Pairs(Reference(shared_folder))


def part(result: EffectSize, field: str) -> float | None:
    """Return the number of a result that a column of the reference means."""
    where = COLUMNS[field]
    if isinstance(where, int):
        return None if result.ci is None else result.ci[where]
    value = getattr(result, where)
    return None if value is None else float(value)


def test_nap_and_tau_agree(pairs: Pairs) -> None:
    """Values, three standard errors, and Newcombe's limits with the root R loses at complete separation."""
    for row, case in pairs.rows("SingleCaseES", "NAP", "Tau"):
        index: Callable[..., EffectSize] = progress.nap if row["statistic"] == "NAP" else progress.tau
        kind = row["variant"].removeprefix("se_").lower()
        result = index(case.a, case.b, direction=case.direction, se=kind)
        limit = row["field"].startswith("ci95")
        pairs.check(row, part(result, row["field"]), noise=2 * ROOT_FINDER if limit else 1e-12)
    for row, case in pairs.rows("definition", "NAP"):
        pairs.check(row, part(progress.nap(case.a, case.b, direction=case.direction), row["field"]))
    for row, case in pairs.rows("scan", "NAP"):
        if row["field"] == "estimate_percent":
            value = progress.nap(case.a, case.b, direction=case.direction).value
            pairs.check(row, None if value is None else 100 * value)
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)
    assert sum(pairs.reference.agreed.values()) + sum(pairs.reference.explained.values()) >= 61 * 28


def test_indices_of_overlap_agree(pairs: Pairs) -> None:
    """PND, PEM in both forms, PAND, IRD and Parker's Tau-U."""
    for row, case in pairs.rows("SingleCaseES", *NONOVERLAP):
        pairs.check(row, NONOVERLAP[row["statistic"]](case.a, case.b, direction=case.direction).value)
    for row, case in pairs.rows("scan", "PND", "PEM", "PAND"):
        if row["field"] != "estimate_percent" or row["variant"] == "sort_percent":
            continue
        ties = {"ties": "strict"} if row["statistic"] == "PEM" else {}
        index: Callable[..., EffectSize] = NONOVERLAP[row["statistic"]]
        value = index(case.a, case.b, direction=case.direction, **ties).value
        pairs.check(row, None if value is None else 100 * value)
    for row, case in pairs.rows("scan", "IRD"):
        pairs.check(row, progress.ird(case.a, case.b, direction=case.direction).value)
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)


def test_every_tau_u_agrees(pairs: Pairs) -> None:
    """Four denominators and four sums, and the trends inside the phases; scan knows no direction."""
    for row, case in pairs.rows("scan", "tau_u"):
        variant, _, terms = row["variant"].partition(":")
        if row["field"] not in ("S", "D", "Tau"):
            continue
        if terms in ("trend_A", "trend_B"):
            trend = progress.mann_kendall(case.a if terms == "trend_A" else case.b)
            assert trend.s is not None
            whole = trend.n * (trend.n - 1) / 2
            is_plain = variant != "complete_tau_b"
            value = trend.s / whole if is_plain and whole else trend.tau_b
            below = whole if is_plain else trend.s / value if value else None
            balance = float(trend.s)
        else:
            value = progress.tau_u(case.a, case.b, variant=variant, terms=terms).value  # type: ignore[arg-type]
            balance = _balance(case, terms)
            below = balance / value if value else None
        if row["field"] == "D" and below is None:
            continue
        got = {"S": balance, "D": below, "Tau": value}[row["field"]]
        pairs.check(row, got, why=EQUAL if row["value"] in ("NA", "NaN") else None)
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)
    assert sum(pairs.reference.agreed.values()) >= 60 * 60


def _balance(case: Pair, terms: str) -> float:
    """Pairs that rose less pairs that fell, by the definition: one sum over all pairs that count."""
    a, b = ([score for score in phase if score is not None] for phase in (case.a, case.b))
    balance = sum((y > x) - (y < x) for x in a for y in b)
    for scores, mark, sign in ((a, "minus_trend_A", -1), (b, "plus_trend_B", 1)):
        if mark in terms:
            balance += sign * sum((y > x) - (y < x) for k, x in enumerate(scores) for y in scores[k + 1 :])
    return float(balance)


def test_baseline_corrected_tau_agrees(pairs: Pairs) -> None:
    """Two forms, two time scales, with and without the test of the baseline; ties are exact."""
    for row, case in pairs.rows("definition", "Tau_BC"):
        form = {"tau_b_kendall": "kendall", "tau_nonoverlap": "nonoverlap"}.get(row["field"])
        if form is not None:
            pairs.check(row, _tau_bc(case, form, time=_time(row)).value)
        elif row["field"] == "S":
            value = _tau_bc(case, "nonoverlap", time=_time(row)).value
            n = sum(y is not None for y in case.a) * sum(y is not None for y in case.b)
            pairs.check(row, None if value is None else value * n)
        else:
            pairs.check(row, _baseline(case, by_index=_time(row) == "index").slope)
    for row, case in pairs.rows("SingleCaseES", "Tau_BC"):
        if row["field"] in ("slope", "intercept"):
            pairs.check(row, getattr(_baseline(case, by_index=True), row["field"]))
        elif row["field"] == "p_baseline_trend":
            three = "package Kendall answers 1 for three points" if len(case.a) == 3 else None
            p = progress.mann_kendall(case.a).p
            # Without any difference there is nothing to test; R says 1.
            pairs.check(row, 1.0 if p is None else p, noise=SINGLE_PRECISION, rel=SINGLE_PRECISION, why=three)
        else:
            form, _, rest = row["variant"].partition("_")
            result = _tau_bc(case, form, time="index", pretest=rest.startswith("pretest"))
            noise = SINGLE_PRECISION if form == "kendall" else 2 * ROOT_FINDER
            why = pairs.because_of_defect(row)
            if row["field"].startswith("ci95") and result.value in (-1, 1):
                why = "degenerate limit: root finder returns the trivial root at NAP = 0 or 1"
            pairs.check(row, part(result, row["field"]), noise=noise, rel=noise, why=why)
    for row, case in pairs.rows("scan", "baseline_corrected_tau"):
        if row["field"] in ("tau_used", "tau_corrected"):
            test = "normal" if row["variant"].endswith("no_continuity") else "continuity"
            pretest = row["field"] == "tau_used"
            result = _tau_bc(case, "kendall", time="session", pretest=pretest, pretest_form=test)
            signed = None if result.value is None else case.sign * result.value
            why = pairs.because_of_defect(row)
            if row["value"] in ("NA", "NaN"):
                why = EQUAL
            pairs.check(row, signed, why=why)
        elif row["field"] != "p_used":
            _check_baseline_test(pairs, row, case)
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)
    assert sum(pairs.reference.agreed.values()) >= 1050


def _time(row: Row) -> str:
    """The time scale a definition's row is about."""
    return row["variant"].removeprefix("exact_ties_session_").replace("number", "session")


def _baseline(case: Pair, *, by_index: bool) -> TrendLine:
    """The Theil-Sen line of a baseline."""
    scores = [score for score in case.a if score is not None]
    if by_index:
        return progress.trend_line(range(1, len(scores) + 1), scores, "theil_sen")
    return progress.trend_line(case.xa, case.a, "theil_sen")


def _check_baseline_test(pairs: Pairs, row: Row, case: Pair) -> None:
    """Hold scan's test of the baseline, its verdict, and its uncorrected value against ours."""
    kendall = progress.mann_kendall(case.a)
    test = "normal" if row["variant"].endswith("no_continuity") else "continuity"
    result = _tau_bc(case, "kendall", time="session", pretest=True, pretest_form=test)
    if row["field"] == "baseline_tau":
        got = kendall.tau_b
    elif row["field"] == "baseline_p" and test == "continuity":
        got = kendall.p
    elif row["field"] == "baseline_p":
        assert kendall.s is not None
        got = erfc(abs(kendall.s) / sqrt(2 * kendall.var_s)) if kendall.var_s else None
    elif row["field"] == "corrected":
        got = float(result.variant.endswith(":corrected"))
    else:
        raw = _tau_bc(case, "kendall", time="session", pretest=1e-12).value
        got = None if raw is None else case.sign * raw
    pairs.check(row, got, why=EQUAL if row["value"] in ("NA", "NaN") else None)


@cache
def _tau_bc(
    case: Pair, form: Any, *, time: Any, pretest: float | bool = False, pretest_form: Any = "exact"
) -> EffectSize:
    return progress.tau_bc(
        case.a,
        case.b,
        direction=case.direction,
        form=form,
        time=time,
        pretest=pretest,
        pretest_form=pretest_form,
        **case.sessions,
    )


def test_standardised_differences_agree(pairs: Pairs) -> None:
    """Glass and Hedges, with and without the correction; two baseline points leave nothing to correct."""
    why = "with two baseline points the correction is 0 and so is every value: ours asks for three"
    for row, case in pairs.rows("SingleCaseES", "SMD"):
        scale, _, kind = row["variant"].partition("_")
        result = progress.smd(
            case.a,
            case.b,
            direction=case.direction,
            scale="pooled" if scale == "pool" else "baseline",
            bias_correct=kind == "bias_corrected",
        )
        few = len(case.a) == 2 and row["variant"] == "baseline_bias_corrected"
        pairs.check(row, part(result, row["field"]), why=why if few else None)
    for row, case in pairs.rows("scan", "SMD"):
        scale, correct = {
            "glass_delta": ("baseline", False),
            "hedges_g": ("pooled", False),
            "hedges_g_corrected": ("pooled", True),
        }.get(row["field"], ("", False))
        if scale and (row["value"] not in ("NA", "NaN")):
            result = progress.smd(case.a, case.b, scale=scale, bias_correct=correct)  # type: ignore[arg-type]
            pairs.check(row, result.value)
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)


def test_ratios_agree(pairs: Pairs) -> None:
    """Log response ratios of both kinds and log odds ratios, raw and corrected, with their truncation."""
    for row, case in pairs.rows("SingleCaseES", *RATIOS):
        index: Callable[..., EffectSize] = RATIOS[row["statistic"]]
        extra = {} if row["statistic"] == "LOR" else {"observation_length": case.length}
        result = index(
            case.a,
            case.b,
            direction=case.direction,
            scale=case.scale,
            intervals=case.intervals,
            bias_correct=row["variant"] == "bias_corrected",
            **extra,
        )
        pairs.check(row, part(result, row["field"]))
    for row, case in pairs.rows("SingleCaseES", "PoGO"):
        assert case.goal is not None
        result = progress.pogo(case.a, case.b, goal=case.goal, direction=case.direction)
        pairs.check(row, part(result, row["field"]))
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)
    assert sum(pairs.reference.agreed.values()) >= 1000


def test_dual_criterion_agrees(pairs: Pairs) -> None:
    """The points beyond both lines, and the chance of so many."""
    for row, case in pairs.rows("scan", "CDC"):
        if row["variant"] == "OLS":
            result = progress.cdc(case.a, case.b, direction=case.direction, **case.sessions)
            pairs.check(row, result.p if row["field"] == "p" else result.value)
    assert not pairs.reference.unexplained, "\n".join(pairs.reference.unexplained)
    assert 118 == sum(pairs.reference.agreed.values())


def test_observer_agreement_agrees(shared_folder: Path) -> None:
    """Every hand-checkable case of the nine indices and of kappa."""
    path = shared_folder / "reference" / "progress" / "ioa.json"
    if not path.is_file():
        pytest.skip("the shared material beside this checkout has no cases of observer agreement")
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        kappa = progress.cohen_kappa(case["observer_1"], case["observer_2"])
        for name, expected in case["expected"].items():
            if name == "expected_agreement":
                got = kappa.expected
            elif name == "cohen_kappa":
                got = kappa.value
            else:
                got = getattr(progress, f"ioa_{name}")(case["observer_1"], case["observer_2"]).value
            assert (expected is None) == (got is None), case["id"]
            assert expected is None or expected == pytest.approx(got, abs=1e-9), (case["id"], name)
