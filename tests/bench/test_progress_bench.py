"""How fast the progress statistics are, beside scipy and pandas loops and the R peers' published rates.

Run by ``make bench``. Each run makes its own series (30 points: 10 baseline, 20 intervention, with ties),
measures everything side by side with the processor's time (best of several rounds), and writes one JSON file
(``IEP_TEST_BENCH_JSON``, else ``.bench/progress.json``). Ratios within one run are what counts; the absolute
bars are those of the machine class of the research file. ``IEP_TEST_BENCH_MILLION=1`` measures a million
series as well.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iepcore import progress
from iepcore.progress import batch

pytestmark = pytest.mark.bench

Series = list[tuple[list[float | None], list[float | None]]]

ROUNDS = 5
NINE = ("nap", "tau_u", "tau_bc", "pnd", "pem", "pand", "ird", "smd", "lrr_increase")

# Series per second, published in the research file (progress science, 13): 1,000 series x 30 points, one core
# of an AMD EPYC, R 4.2.2, SingleCaseES 0.7.4, scan 0.67.1, mblm; measured there, repeated here as numbers.
R_PEERS = {"nap_se_ci": 437, "tau_u": 478, "tau_bc": 329, "nine": 151, "theil_sen": 664, "ols": 2817}
BARS = {"nap_se_ci": 20, "nine": 50, "theil_sen": 20}
PURE_NINE_PER_SECOND, BATCH_NINE_PER_SECOND = 5_000, 80_000


@pytest.fixture(scope="module")
def results() -> Any:
    """Collect what was measured and write it down at the end."""
    found: dict[str, Any] = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "series_per_second": {},
        "ratios": {},
    }
    yield found
    path = Path(os.environ.get("IEP_TEST_BENCH_JSON", ".bench/progress.json"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


@pytest.fixture(scope="module")
def series() -> Series:
    """A thousand pairs with ties, as children's scores have them."""
    rng = random.Random(20250901)
    return [
        (
            [rng.randint(0, 40) for _ in range(10)],
            [rng.randint(10, 60) for _ in range(20)],
        )
        for _ in range(1_000)
    ]


def per_second(work: Callable[[], object], count: int, rounds: int = ROUNDS) -> float:
    """How many series a second of processor time does; the best round, which others disturbed least."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return round(count / best, 1)


def each(function: Callable[..., object], series: Series) -> Callable[[], object]:
    """Call a function on every pair."""

    def work() -> None:
        for a, b in series:
            function(a, b)

    return work


def nine(a: list[float | None], b: list[float | None]) -> None:
    """The nine indices of one pair, NAP with its error and interval."""
    for name in NINE:
        getattr(progress, name)(a, b)


def nine_of_batch(series: Series) -> Callable[[], object]:
    """The nine indices of all pairs, reading the lists included."""

    def work() -> None:
        pairs = batch.PhasePairs([a for a, _ in series], [b for _, b in series])
        for name in NINE:
            getattr(batch, name)(pairs)

    return work


def test_pure_python(results: Any, series: Series) -> None:
    """Each index, the nine together, and the lines, one call per series."""
    rates, some = results["series_per_second"], series[:300]
    xs = list(range(30))
    for name in NINE:
        rates[f"pure {name}"] = per_second(each(getattr(progress, name), some), len(some))
    rates["pure nine"] = per_second(each(nine, some), len(some))
    for method in ("ols", "theil_sen"):
        rates[f"pure {method}"] = per_second(
            each(lambda a, b, method=method: progress.trend_line(xs, a + b, method), some),  # type: ignore[misc]
            len(some),
        )
    for name, pure in (("nap_se_ci", "nap"), *((each_, each_) for each_ in R_PEERS if each_ != "nap_se_ci")):
        results["ratios"][f"pure {pure} / R"] = round(rates[f"pure {pure}"] / R_PEERS[name], 1)
    results["bars"] = {
        f"{name} >= {bar} x R": bool(
            rates[f"pure {'nap' if name == 'nap_se_ci' else name}"] >= bar * R_PEERS[name]
        )
        for name, bar in BARS.items()
    }
    results["bars"]["pure nine >= 5,000/s"] = bool(rates["pure nine"] >= PURE_NINE_PER_SECOND)


def test_batch(results: Any, series: Series) -> None:
    """The same by numpy: lists read, arrays made, nine indices; and the lines."""
    rates, ratios = results["series_per_second"], results["ratios"]
    xs = [list(range(30))] * len(series)
    ys = [a + b for a, b in series]
    pairs = batch.PhasePairs([a for a, _ in series], [b for _, b in series])
    for name in NINE:
        rates[f"batch {name}"] = per_second(lambda name=name: getattr(batch, name)(pairs), len(series))  # type: ignore[misc]
    rates["batch nine"] = per_second(nine_of_batch(series), len(series))
    rates["batch ols"] = per_second(lambda: batch.ols(xs, ys), len(series))
    rates["batch theil_sen"] = per_second(lambda: batch.theil_sen(xs, ys), len(series))
    pure = rates.get("pure nine") or per_second(each(nine, series[:300]), 300)
    ratios["batch nine / pure nine"] = round(rates["batch nine"] / pure, 1)
    results.setdefault("bars", {})
    results["bars"]["batch nine >= 80,000/s"] = bool(rates["batch nine"] >= BATCH_NINE_PER_SECOND)
    results["bars"]["batch nine >= 10 x pure"] = bool(rates["batch nine"] >= 10 * pure)


def test_cost_per_series_is_flat(results: Any, series: Series) -> None:
    """A thousand, ten thousand, a hundred thousand (and, when asked for, a million) series."""
    flat: dict[str, float] = {}
    sizes = [1, 10, 100] + ([1_000] if os.environ.get("IEP_TEST_BENCH_MILLION") == "1" else [])
    for thousands in sizes:
        many = series * thousands
        flat[f"{len(many)}"] = per_second(nine_of_batch(many), len(many), rounds=3 if thousands < 100 else 1)
    results["nine_per_second_by_size"] = flat
    results["ratios"]["cost of most / of 1,000 series"] = round(flat["1000"] / min(flat.values()), 2)


def test_scipy_and_pandas_loops(results: Any, series: Series) -> None:
    """What somebody would write with scipy or pandas, where those are installed."""
    rates, ratios, some = results["series_per_second"], results["ratios"], series[:200]
    xs = list(range(30))
    try:
        from scipy import stats
    except ImportError:
        results["scipy"] = "not installed"
    else:
        rates["scipy mannwhitneyu (NAP, no interval)"] = per_second(
            each(lambda a, b: stats.mannwhitneyu(b, a).statistic / 200, some), len(some), 2
        )
        rates["scipy theilslopes"] = per_second(
            each(lambda a, b: stats.theilslopes(a + b, xs), some), len(some), 2
        )
        rates["scipy linregress"] = per_second(
            each(lambda a, b: stats.linregress(xs, a + b), some), len(some), 2
        )
        for ours, theirs in (
            ("nap", "mannwhitneyu (NAP, no interval)"),
            ("theil_sen", "theilslopes"),
            ("ols", "linregress"),
        ):
            if f"pure {ours}" in rates:
                ratios[f"pure {ours} / scipy {theirs}"] = round(
                    rates[f"pure {ours}"] / rates[f"scipy {theirs}"], 1
                )
    try:
        import pandas
    except ImportError:
        results["pandas"] = "not installed"
        return
    frame = pandas.DataFrame(
        [(i, phase, y) for i, pair in enumerate(some) for phase in (0, 1) for y in pair[phase]],
        columns=["series", "phase", "score"],
    )

    def by_group() -> None:
        for _, group in frame.groupby("series"):
            ranks = group["score"].rank()
            float(ranks[group["phase"] == 1].sum() - 210) / 200

    rates["pandas groupby (NAP, no interval)"] = per_second(by_group, len(some), 2)


def test_import_is_light(results: Any) -> None:
    """What ``import iepcore.progress`` and one effect size add to a bare interpreter, in milliseconds."""

    def start(code: str) -> float:
        best = float("inf")
        for _ in range(7):
            before = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            best = min(best, time.perf_counter() - before)
        return 1000 * best

    bare = start("pass")
    results["import_ms_over_bare"] = {
        "iepcore": round(start("import iepcore") - bare, 1),
        "iepcore.progress.nap": round(start("from iepcore.progress import nap; nap([1, 2], [3])") - bare, 1),
        "iepcore.progress.batch": round(start("import iepcore.progress.batch") - bare, 1),
    }
