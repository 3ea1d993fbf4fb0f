"""How fast the progress statistics are, beside scipy and pandas loops and the R peers' published rates.

Run by ``make bench``. Each run makes its own series (30 points: 10 baseline, 20 intervention, with ties),
measures everything side by side and writes one JSON file (``IEP_TEST_BENCH_JSON``, else
``.bench/progress.json``), which says how it was measured. Nothing here asserts a speed.

R is not measured here; its rates are those of the research file, measured on a machine of the same class.
The same scipy loops were measured there and are measured here, so their ratio tells how this machine goes
today; ``at_research_pace`` divides by it. ``IEP_TEST_BENCH_MILLION=0`` leaves out the million series, which
take about two gigabytes.
"""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iepcore import progress
from iepcore.progress import batch

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]

Series = list[tuple[list[float | None], list[float | None]]]

ROUNDS = 9
NINE = ("nap", "tau_u", "tau_bc", "pnd", "pem", "pand", "ird", "smd", "lrr_increase")
METHOD = (
    "Series per second of processor time (time.process_time), the best of several rounds, on one core: other "
    "work on the machine disturbs the best round least. Pure Python: 300 series one after the other, one "
    "call each, lists of int as input, every check and record included. Batch: 1,000 series unless another "
    "number stands there, reading the lists included. 30 points a series, 10 and 20, whole numbers with "
    "ties. 'nine' is compare_phases; 'nine one by one' calls the nine functions. NAP has its standard error "
    "and interval. Theil-Sen lines are of weekly points, but for 'own days', of uneven ones."
)

# Series per second, published in the research file (progress science, 13): 1,000 series x 30 points, one core
# of an AMD EPYC, R 4.2.2, SingleCaseES 0.7.4, scan 0.67.1, mblm; measured there, repeated here as numbers.
R_PEERS = {"nap": 437, "tau_u": 478, "tau_bc": 329, "nine": 151, "theil_sen": 664, "ols": 2817}
SCIPY_THERE = {"mannwhitneyu": 2474, "theilslopes": 3618, "linregress": 5277}
TIMES_R = {"nap": 20, "nine": 50, "nine one by one": 50, "theil_sen": 20}


@pytest.fixture(scope="module")
def results() -> Any:
    """Collect what was measured and write it down at the end."""
    found: dict[str, Any] = {
        "method": METHOD,
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_at_start": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "series_per_second": {},
        "ratios": {},
        "at_research_pace": {},
        "bars": {},
    }
    yield found
    hold_against_bars(found)
    path = Path(os.environ.get("IEP_TEST_BENCH_JSON", ".bench/progress.json"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


def hold_against_bars(found: dict[str, Any]) -> None:
    """Compare with the R peers, as measured and at the research machine's pace, and with the bars."""
    rates, pace = found["series_per_second"], found.get("pace_of_this_machine")
    measured: dict[str, float] = {}
    for name in (*R_PEERS, "nine one by one"):
        if f"pure {name}" in rates:
            times = rates[f"pure {name}"] / R_PEERS[name.removesuffix(" one by one")]
            measured[name] = found["ratios"][f"pure {name} / R"] = round(times, 1)
    for name, bar in TIMES_R.items():
        if name in measured:
            found["bars"][f"{name} >= {bar} x R"] = measured[name] >= bar
            if pace:
                found["at_research_pace"][f"pure {name} / R"] = round(measured[name] / pace, 1)
    for name, rate, bar in (("pure nine", "pure nine", 5_000), ("batch nine", "batch nine", 80_000)):
        if rate in rates:
            found["bars"][f"{name} >= {bar:,} a second"] = rates[rate] >= bar
    if "batch nine / pure nine" in found["ratios"]:
        found["bars"]["batch nine >= 10 x pure nine"] = found["ratios"]["batch nine / pure nine"] >= 10


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


def nine_one_by_one(a: list[float | None], b: list[float | None]) -> None:
    """The nine indices of one pair, one call each."""
    for name in NINE:
        getattr(progress, name)(a, b)


def by_batch(function: Callable[..., object], series: Series) -> Callable[[], object]:
    """One function over all pairs at once, reading the lists included."""
    return lambda: function(batch.PhasePairs([a for a, _ in series], [b for _, b in series]))


def lines(series: Series, method: str) -> Callable[[], object]:
    """A trend line through each series of weekly points."""
    whole, days = [a + b for a, b in series], list(range(30))
    return lambda: [progress.trend_line(days, ys, method) for ys in whole]


def lines_of_own_days(series: Series) -> Callable[[], object]:
    """A Theil-Sen line through each series, on uneven days, of its own each."""
    rng = random.Random(7)
    whole = [(sorted(rng.sample(range(300), 30)), a + b) for a, b in series]
    return lambda: [progress.trend_line(days, ys, "theil_sen") for days, ys in whole]


def test_pure_python(results: Any, series: Series) -> None:
    """Each index, the nine together, and the lines, one call per series."""
    rates, some = results["series_per_second"], series[:300]
    for name in NINE:
        rates[f"pure {name}"] = per_second(each(getattr(progress, name), some), len(some))
    rates["pure nine"] = per_second(each(progress.compare_phases, some), len(some))
    rates["pure nine one by one"] = per_second(each(nine_one_by_one, some), len(some))
    for method in ("ols", "theil_sen", "siegel"):
        rates[f"pure {method}"] = per_second(lines(some, method), len(some))
    rates["pure theil_sen, own days"] = per_second(lines_of_own_days(some), len(some))


def test_batch(results: Any, series: Series) -> None:
    """The same by numpy: lists read, arrays made, nine indices; and the lines."""
    rates, ratios = results["series_per_second"], results["ratios"]
    xs = [list(range(30))] * len(series)
    ys = [a + b for a, b in series]
    for name in NINE:
        rates[f"batch {name}"] = per_second(by_batch(getattr(batch, name), series), len(series))
    rates["batch nine"] = per_second(by_batch(batch.compare_phases, series), len(series))
    rates["batch ols"] = per_second(lambda: batch.ols(xs, ys), len(series))
    rates["batch theil_sen"] = per_second(lambda: batch.theil_sen(xs, ys), len(series))
    # Side by side, whether or not the pure ones were measured before.
    pure = per_second(each(progress.compare_phases, series[:300]), 300)
    rates.setdefault("pure nine", pure)
    ratios["batch nine / pure nine"] = round(rates["batch nine"] / pure, 1)
    for name in ("ols", "theil_sen"):
        if f"pure {name}" in rates:
            ratios[f"batch {name} / pure {name}"] = round(rates[f"batch {name}"] / rates[f"pure {name}"], 1)


def test_cost_per_series_is_flat(results: Any, series: Series) -> None:
    """A thousand, ten thousand, a hundred thousand and a million series."""
    flat: dict[str, float] = {}
    for thousands in (1, 10, 100, 1_000):
        if thousands == 1_000 and os.environ.get("IEP_TEST_BENCH_MILLION") == "0":
            results["million"] = "left out: IEP_TEST_BENCH_MILLION=0"
            continue
        many = series * thousands
        rounds = {1: ROUNDS, 10: 5, 100: 3, 1_000: 2}[thousands]
        flat[f"{len(many)}"] = per_second(by_batch(batch.compare_phases, many), len(many), rounds)
    results["nine_per_second_by_size"] = flat
    slowest = min(rate for size, rate in flat.items() if size != "1000")
    results["ratios"]["cost per series of many / of 1,000"] = round(flat["1000"] / slowest, 2)


def test_ten_thousand_points(results: Any) -> None:
    """What one very long series costs, in seconds."""
    rng = random.Random(3)
    days = list(range(10_000))
    ys = [0.3 * day + rng.gauss(0, 10) for day in days]
    works = {
        "theil_sen": lambda: progress.trend_line(days, ys, "theil_sen"),
        "siegel": lambda: progress.trend_line(days, ys, "siegel"),
        "nine": lambda: progress.compare_phases(ys[:4_000], ys[4_000:]),
    }
    seconds: dict[str, float] = {}
    for name, work in works.items():
        start = time.process_time()
        work()
        seconds[name] = round(time.process_time() - start, 2)
    results["seconds_for_10000_points"] = seconds


def test_scipy_and_pandas(results: Any, series: Series) -> None:
    """What people run today: one scipy call per series, or pandas groups."""
    rates, ratios, some = results["series_per_second"], results["ratios"], series[:300]
    xs = list(range(30))
    stats = pytest.importorskip("scipy.stats")
    works = {
        "mannwhitneyu": lambda a, b: stats.mannwhitneyu(b, a).statistic / 200,
        "theilslopes": lambda a, b: stats.theilslopes(a + b, xs),
        "linregress": lambda a, b: stats.linregress(xs, a + b),
    }
    for name, work in works.items():
        rates[f"scipy {name}"] = per_second(each(work, some), len(some), 3)
    pace = statistics.median(rates[f"scipy {name}"] / there for name, there in SCIPY_THERE.items())
    results["pace_of_this_machine"] = round(pace, 2)
    for ours, theirs in (("nap", "mannwhitneyu"), ("theil_sen", "theilslopes"), ("ols", "linregress")):
        if f"pure {ours}" in rates:
            ratio = rates[f"pure {ours}"] / rates[f"scipy {theirs}"]
            ratios[f"pure {ours} / scipy {theirs}"] = round(ratio, 1)
    try:
        import pandas
    except ImportError:
        results["pandas"] = "skipped: not installed, and no part of this project needs it"
        return
    frame = pandas.DataFrame(
        [(i, phase, y) for i, pair in enumerate(some) for phase in (0, 1) for y in pair[phase]],
        columns=["series", "phase", "score"],
    )

    def by_group() -> None:
        for _, group in frame.groupby("series"):
            ranks = group["score"].rank()
            float(ranks[group["phase"] == 1].sum() - 210) / 200

    results["pandas"] = pandas.__version__
    rates["pandas groupby (NAP, no interval)"] = per_second(by_group, len(some), 3)
    if "pure nap" in rates:
        ratio = rates["pure nap"] / rates["pandas groupby (NAP, no interval)"]
        ratios["pure nap / pandas groupby"] = round(ratio, 1)


def test_import_is_light(results: Any) -> None:
    """What ``import iepcore.progress`` and one effect size add to a bare start, in ms of processor time."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def start(code: str) -> float:
        best = float("inf")
        for _ in range(9):
            before = spent()
            subprocess.run([sys.executable, "-c", code], check=True)
            best = min(best, spent() - before)
        return 1000 * best

    bare = start("pass")
    codes = {
        "iepcore": "import iepcore",
        "iepcore.progress": "import iepcore.progress",
        "iepcore.progress.nap": "from iepcore.progress import nap; nap([1, 2], [3])",
        "iepcore.progress.compare_phases": "from iepcore.progress import compare_phases",
        "iepcore.progress.batch": "import iepcore.progress.batch",
    }
    results["import_ms_over_bare"] = {name: round(start(code) - bare, 1) for name, code in codes.items()}
