"""What a roster costs, beside canvasapi and google-api-python-client and beside the floor of any client.

Run by ``make bench``; ``sh scripts/bench_env.sh`` makes the environment of the two libraries, without which
their columns say "not measured". All clients ask one local server (30 ms a page, 100 rows a page, Canvas'
real throttle) from processes of their own, one after the other in each round. Ours are the real sources over
the transport and eight workers. Processor time is each client's own. Wall time is the best of the rounds,
beside the ideal (eight requests at once, 30 ms each; one list is a chain) and beside plain sockets in the
same minute. Writes ``IEP_TEST_BENCH_ROSTER_JSON``, else ``.bench/roster.json``. No test here fails for being
slow.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from connectors.canvas.roster_schemas import EnrollmentSchema
from connectors.google_classroom.schemas import MemberSchema
from connectors.http import AnswerSchema
from connectors.http.straight import straight_loader
from tests.bench.roster_server import BIG, PAGE, SMALL, enrollment, member

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = Path(os.environ.get("BENCH_VENV", ROOT / ".venvs" / "bench")) / "bin" / "python"
ROUNDS = int(os.environ.get("IEP_TEST_BENCH_N", "5"))
SECONDS, WORKERS = 0.03, 8
CLIENTS = {
    "ours": "canvas",
    "canvasapi": "canvas",
    "floor": "canvas",
    "ours-google": "google",
    "google": "google",
}
ORDERS = ("pull 100", "pull big")
TIMES_IDEAL, FASTER, LESS_CPU, GOOGLE_TIMES, LOADER, IMPORT_MS = 1.2, 10.0, 30.0, 7.0, 20.0, 150.0
NOT_MEASURED = "not measured"


def formula(kind: str, order: str) -> int:
    """Return the requests a pull should take (research on the vendors' interfaces, section 7).

    Canvas: a chain of sections and one of enrollments for each course, and one look back where a list has
    several pages. Classroom: students and teachers.
    """
    courses, size = (1, BIG) if order == "pull big" else (100, SMALL)
    pages = ceil(size / PAGE)
    return courses * (1 + pages + (kind == "canvas" and pages > 1))


def ideal(kind: str, order: str) -> float:
    """Return the seconds that the server alone takes for it, eight at once."""
    requests = formula(kind, order)
    return SECONDS * (requests if order == "pull big" else ceil(requests / WORKERS))


class Client:
    """A process that pulls when told to."""

    def __init__(self, kind: str, origin: str, stack: ExitStack) -> None:
        python = str(LIBRARIES) if kind in {"canvasapi", "google"} else sys.executable
        script = ROOT / "tests" / "bench" / "roster_client.py"
        self._process = stack.enter_context(
            subprocess.Popen(
                [python, str(script), kind, origin],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        )
        stack.callback(self._process.terminate)
        assert "ready" == self._line()

    def order(self, what: str) -> dict[str, Any]:
        """Give an order and return the answer."""
        assert self._process.stdin is not None
        print(what, file=self._process.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._line())
        return found

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def server() -> Iterator[str]:
    """Run the server; give its origin."""
    command = [sys.executable, "-m", "tests.bench.roster_server", str(SECONDS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def ask(origin: str, path: str) -> dict[str, int]:
    """Ask the server about itself."""
    with urllib.request.urlopen(origin + path) as answer:
        found: dict[str, int] = json.load(answer)
    return found


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, Any]]:
    """Collect what is found; write it at the end."""
    path = Path(os.environ.get("IEP_TEST_BENCH_ROSTER_JSON", ROOT / ".bench" / "roster.json"))
    found: dict[str, Any] = {
        "machine": f"{platform.python_version()} {platform.machine()}, {os.cpu_count()} processors",
        "load_before": os.getloadavg(),
        "bars": {},
    }
    yield found
    found["load_after"] = os.getloadavg()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"\n{json.dumps(found, indent=2)}\nwritten to {path}")


def test_pulls_side_by_side(results: dict[str, Any]) -> None:
    """100 courses of 30 and one of 5,000, each client in each round; requests counted by the server."""
    kinds = [kind for kind in CLIENTS if kind not in {"canvasapi", "google"} or LIBRARIES.exists()]
    measured: dict[str, dict[str, list[dict[str, Any]]]] = {order: {} for order in ORDERS}
    with server() as origin, ExitStack() as stack:
        clients = {kind: Client(kind, origin, stack) for kind in kinds}
        for order in ORDERS:
            for _ in range(ROUNDS):
                for kind, client in clients.items():
                    ask(origin, "/_reset")
                    answer = client.order(order) | {"server": ask(origin, "/_stats")}
                    measured[order].setdefault(kind, []).append(answer)
    table = {
        order: {
            kind: _column(kind, order, rounds[kind]) if kind in rounds else NOT_MEASURED for kind in CLIENTS
        }
        for order, rounds in measured.items()
    }
    results["pulls"] = table
    _judge(table, results["bars"])
    for order, column in table.items():
        for kind in ("ours", "ours-google"):
            assert [formula(CLIENTS[kind], order)] == column[kind]["requests"]
            assert 0 == column[kind]["refused"]


def _column(kind: str, order: str, rounds: list[dict[str, Any]]) -> dict[str, Any]:
    wall = min(one["wall"] for one in rounds)
    return {
        "wall_s": round(wall, 3),
        "wall_s_rounds": [round(one["wall"], 3) for one in rounds],
        "times_ideal": round(wall / ideal(CLIENTS[kind], order), 2),
        "cpu_s": round(statistics.median(one["cpu"] for one in rounds), 3),
        "requests": sorted({one["server"]["requests"] for one in rounds}),
        "refused": sum(one["server"]["refused"] for one in rounds),
        "most_at_once": max(one["server"]["most"] for one in rounds),
    }


def _judge(table: dict[str, Any], bars: dict[str, Any]) -> None:
    for order, column in table.items():
        for kind in ("ours", "ours-google"):
            column[kind]["times_plain_sockets"] = round(column[kind]["wall_s"] / column["floor"]["wall_s"], 2)
        for ours, theirs in (("ours", "canvasapi"), ("ours-google", "google")):
            own, other = column[ours], column[theirs]
            bars[f"{order}: {ours} at most 1.2x the ideal"] = own["times_ideal"] <= TIMES_IDEAL
            if other == NOT_MEASURED:
                bars[f"{order}: {ours} beside {theirs}"] = NOT_MEASURED
                continue
            faster = other["wall_s"] / own["wall_s"]
            less = other["cpu_s"] / own["cpu_s"]
            own[f"faster_than_{theirs}"], own[f"less_cpu_than_{theirs}"] = round(faster, 1), round(less, 1)
            if theirs == "canvasapi":
                bars[f"{order}: 10x faster than canvasapi"] = faster >= FASTER
                bars[f"{order}: 30x less processor time than canvasapi"] = less >= LESS_CPU
            else:
                bars[f"{order}: 7x faster than the Google client"] = faster >= GOOGLE_TIMES
                bars[f"{order}: 7x less processor time than the Google client"] = less >= GOOGLE_TIMES


def test_memory_holds_pages_not_lists(results: dict[str, Any]) -> None:
    """A stream of 100 courses beside one of 10: the same peak, give or take the order of answers."""
    with server() as origin, ExitStack() as stack:
        client = Client("ours", origin, stack)
        peaks = {count: client.order(f"memory {count}")["peak_bytes"] for count in (10, 100)}
        peaks["big"] = client.order("memory big")["peak_bytes"]
    results["memory_peak_bytes"] = {str(count): peak for count, peak in peaks.items()}
    results["bars"]["memory of 100 courses at most 1.3x that of 10"] = peaks[100] <= 1.3 * peaks[10]


@pytest.mark.parametrize(
    ("name", "schema", "row"),
    [("canvas enrollment", EnrollmentSchema, enrollment), ("classroom member", MemberSchema, member)],
)
def test_rows_by_the_straight_line(
    results: dict[str, Any], name: str, schema: type[AnswerSchema[Any]], row: Callable[[int, int], Any]
) -> None:
    """5,000 rows, page by page, beside ``Schema(many=True).load``, in turns."""
    made = schema()
    loader = straight_loader(made)
    assert loader is not None
    pages = [[row(1, place) for place in range(at, at + PAGE)] for at in range(0, BIG, PAGE)]
    assert made.load(pages[0], many=True) == [loader(one) for one in pages[0]]
    ways: dict[str, Callable[[], object]] = {
        "marshmallow": lambda: [len(made.load(page, many=True)) for page in pages],
        "straight": lambda: [len([loader(one) for one in page]) for page in pages],
    }
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(2 * ROUNDS):
        for way, work in ways.items():
            gc.collect()
            before = time.process_time()
            work()
            spent[way].append(1e6 * (time.process_time() - before) / BIG)
    micros = {way: round(min(each), 2) for way, each in spent.items()}
    times = micros["marshmallow"] / micros["straight"]
    results.setdefault("loader_us_per_row", {})[name] = micros | {"times": round(times, 1)}
    results["bars"][f"{name}: loader at least 20x marshmallow"] = times >= LOADER


def test_a_connector_is_imported_quickly(results: dict[str, Any]) -> None:
    """Processor and wall time of a fresh process with the import, less those of a bare one.

    The sources themselves, because a package may load its names late; and ``requests`` as a yardstick of the
    machine in this minute (it is not part of the import).
    """
    ours = ("connectors.http", "connectors.canvas.source", "connectors.google_classroom.source")
    found = {}
    bare = _fresh("pass")
    for module in (*ours, "requests"):
        taken = _fresh(f"import {module}")
        found[module] = {
            "wall_ms": round(1000 * (taken[0] - bare[0])),
            "cpu_ms": round(1000 * (taken[1] - bare[1])),
        }
        if module in ours:
            results["bars"][f"{module}: import under 150 ms"] = found[module]["wall_ms"] < IMPORT_MS
    results["import"] = found


def _fresh(code: str) -> tuple[float, float]:
    """Return the best wall and processor seconds of a new process."""
    walls, cpus = [], []
    for _ in range(2 * ROUNDS):
        before, children = time.perf_counter(), os.times()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        walls.append(time.perf_counter() - before)
        after = os.times()
        cpus.append(
            after.children_user - children.children_user + after.children_system - children.children_system
        )
    return min(walls), min(cpus)
