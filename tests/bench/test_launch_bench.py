"""What a launch costs, beside a tool on stock pylti1p3 with its key cache and beside the floor of any launch.

Run by ``make bench``. Both tools run under gunicorn with exactly the options of ``iep serve`` (2 workers, 4
threads each); ours is the real one on SQLite with the fictional school. Rounds are interleaved; each does
its logins (untimed), signs Canvas-shaped tokens (untimed), and posts the launches over 8 connections. What
counts is the processor's time of the worker processes (user and system, from ``/proc``) per launch, because
the wall time of a shared machine says little. In-process: the WSGI callable against a Flask route that
reads the same form and verifies one RSA-2048 signature. Writes ``IEP_TEST_BENCH_LAUNCH_JSON``, else
``.bench/launch.json``; ``IEP_TEST_BENCH_N`` asks for more launches a round.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask, request

from lti_app import create_app
from lti_app.cli.serving import start_logging
from lti_app.demo.seed import Practice, people, seed
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import wire
from tests.bench import stock_tool
from tests.bench.launch_client import HOST, Answer, KeySetServer, Tool, exchange, launches
from tests.unit.cli.processes import answers, children_of, environ_of, free_port, start, wait_for

pytestmark = pytest.mark.bench

LAUNCHES = int(os.environ.get("IEP_TEST_BENCH_N", "400"))
ROUNDS = 5
CONNECTIONS = 8
WORKERS, THREADS = 2, 4
STAFF = ("halloran", "eklund", "hart", "daly", "abara", "moss")
CHEAPER_THAN_STOCK, TIMES_THE_FLOOR, P99_OVER_P50 = 2.0, 3.0, 5.0
MARKS = {"ours": b'"token"', "stock": b"letters", "floor": b"ok"}
"""What the body of an accepted launch holds; ours a session."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A tool that answers: what the platform knows of it, its port and its first process."""

    tool: Tool
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return the processor's time its workers have used so far, user and system."""
        return sum(_cpu_seconds(pid) for pid in children_of(self.process.pid))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """Both tools, one platform, and the people who launch."""

    ours: Running
    stock: Running
    keys: KeySetServer
    people: tuple[tuple[str, str], ...]
    environ: dict[str, str]


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, Any]]:
    """Collect what was measured and write it down at the end."""
    found: dict[str, Any] = {
        "method": " ".join((__doc__ or "").split()),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "load_before": os.getloadavg(),
        "launches_a_round": LAUNCHES,
        "rounds": ROUNDS,
        "bars": {},
    }
    yield found
    found["load_after"] = os.getloadavg()
    path = Path(os.environ.get("IEP_TEST_BENCH_LAUNCH_JSON", ".bench/launch.json"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Start both tools and their platform."""
    folder, keys = tmp_path_factory.mktemp("launch"), KeySetServer().start()
    environ = {
        "IEP_DATABASE_URL": f"sqlite:///{folder}/data.db",
        "IEP_PUBLIC_URL": f"https://{HOST}",
        "IEP_SECRET_KEYS": Fernet.generate_key().decode(),
    }
    known = _school(environ, keys)
    ours = Tool(
        name="ours", login="/lti/login", launch="/lti/launch", target=f"https://{HOST}/app/", platform=known
    )
    stock = replace(ours, name="stock", login="/login", launch="/launch", target=f"https://{HOST}/launch")
    listed = {one["key"]: (str(one["sub"]), str(one["name"])) for one in people()["users"]}
    with _serving(ours, environ, folder) as first, _serving(stock, {}, folder) as second:
        yield Arena(
            ours=first,
            stock=second,
            keys=keys,
            people=tuple(listed[key] for key in STAFF),
            environ=environ,
        )
    keys.stop()


def _school(environ: dict[str, str], keys: KeySetServer) -> dict[str, str]:
    """Write the fictional school with its platform; return what that platform is to a tool."""
    wired = wire(Settings.from_env(environ))
    upgrade(wired.engines)
    seed(wired, Practice(lms_url="https://lms.example.edu", api_client_secret="none"))
    registration = replace(wired.doors.registrations()[0], jwks_url=f"http://127.0.0.1:{keys.port}/jwks")
    wired.doors.save_registration(registration)
    deployment = wired.doors.deployments()[0]
    wired.engines.close()
    return {
        "issuer": registration.issuer,
        "client_id": registration.client_id,
        "auth_url": registration.auth_url,
        "token_url": registration.token_url,
        "jwks_url": registration.jwks_url,
        "deployment_id": deployment.deployment_id,
    }


@contextmanager
def _serving(tool: Tool, environ: dict[str, str], folder: Path) -> Iterator[Running]:
    """Serve one of the two under gunicorn until the block ends."""
    port, log = free_port(), folder / f"{tool.name}.log"
    if tool.name == "ours":
        words = ["serve", "--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS)]
        process = start(words, environ, log, folder)
    else:
        where = {"IEP_TEST_STOCK": json.dumps(tool.platform), "PYTHONPATH": str(Path.cwd())}
        words = [str(port), str(WORKERS), str(THREADS)]
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.stock_tool", *words],
                env=environ_of(where),
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=folder,
                start_new_session=True,
            )
    try:
        up = wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"), process)
        assert up, log.read_text()
        yield Running(tool=tool, port=port, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _good(running: Running, given: list[Answer]) -> bool:
    """Tell whether every answer is an accepted launch (ours: one with a session)."""
    return all(one.status == 200 and MARKS[running.tool.name] in one.body for one in given)


def _warm(arena: Arena, running: Running) -> None:
    """Launch until each worker has fetched the key set."""
    before, many = arena.keys.asked, 0
    while arena.keys.asked - before < WORKERS and many < 40:
        ready = launches(running.tool, running.port, arena.keys, arena.people, 4 * CONNECTIONS)
        assert _good(running, exchange(running.port, ready, connections=CONNECTIONS))
        many += 1


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def test_under_gunicorn(results: dict[str, Any], arena: Arena) -> None:
    """The processor's time per launch, and the wall time of each, in interleaved rounds."""
    both = (arena.ours, arena.stock)
    for running in both:
        _warm(arena, running)
    cpu: dict[str, list[float]] = {running.tool.name: [] for running in both}
    wall: dict[str, list[list[float]]] = {running.tool.name: [] for running in both}
    asked: dict[str, int] = {running.tool.name: 0 for running in both}
    for turn in range(ROUNDS):
        for running in both if turn % 2 == 0 else reversed(both):
            name = running.tool.name
            ready = launches(running.tool, running.port, arena.keys, arena.people, LAUNCHES)
            before, fetched = running.cpu_seconds(), arena.keys.asked
            given = exchange(running.port, ready, connections=CONNECTIONS)
            cpu[name].append(1000 * (running.cpu_seconds() - before) / LAUNCHES)
            asked[name] += arena.keys.asked - fetched
            assert _good(running, given)
            wall[name].append([1000 * one.seconds for one in given])
    for name in cpu:
        p50 = [_percentile(one, 0.5) for one in wall[name]]
        p99 = [_percentile(one, 0.99) for one in wall[name]]
        results[name] = {
            "cpu_ms_per_launch": round(statistics.median(cpu[name]), 3),
            "cpu_ms_rounds": [round(one, 3) for one in cpu[name]],
            "p50_ms": round(statistics.median(p50), 2),
            "p99_ms": round(statistics.median(p99), 2),
            "p99_over_p50": round(statistics.median(b / a for a, b in zip(p50, p99, strict=True)), 2),
            "key_set_requests_while_warm": asked[name],
        }
    cheaper = results["stock"]["cpu_ms_per_launch"] / results["ours"]["cpu_ms_per_launch"]
    results["stock_over_ours"] = round(cheaper, 2)
    results["bars"] |= {
        "CPU at least 2x cheaper than stock": cheaper >= CHEAPER_THAN_STOCK,
        "p99 at most 5x p50": results["ours"]["p99_over_p50"] <= P99_OVER_P50,
        "no key-set request while warm": asked["ours"] == 0,
    }
    assert 0 == asked["ours"]


def test_a_launch_sent_twice(results: dict[str, Any], arena: Arena) -> None:
    """The same POST with the same cookies again: a fact about both, not a time."""
    for running in (arena.ours, arena.stock):
        [ready] = launches(running.tool, running.port, arena.keys, arena.people, 1)
        statuses = [exchange(running.port, [ready])[0].status for _ in range(2)]
        results[f"replay_{running.tool.name}"] = statuses
    assert [200, 401] == results["replay_ours"]


def test_in_process(results: dict[str, Any], arena: Arena) -> None:
    """The WSGI callables by themselves, beside the floor: the form read and one signature verified."""
    count = max(100, LAUNCHES // 2)
    with _logging_as_served():
        apps: dict[str, tuple[Any, Running]] = {
            "ours": (create_app(Settings.from_env(arena.environ)), arena.ours),
            "stock": (stock_tool.build(arena.stock.tool.platform), arena.stock),
            "floor": (_floor(arena), arena.ours),
        }
        spent: dict[str, list[float]] = {name: [] for name in apps}
        for turn in range(ROUNDS + 1):  # the first warms up
            for name, (app, running) in apps.items():
                # The logins go to the servers: state and cookies are good for either process.
                ready = launches(running.tool, running.port, arena.keys, arena.people, count)
                micros = _in_process_micros(app, ready, MARKS[name])
                if turn:
                    spent[name].append(micros)
    found = {name: round(statistics.median(each)) for name, each in spent.items()}
    results["in_process_us_per_launch"] = found
    results["in_process_rounds"] = {name: [round(one) for one in each] for name, each in spent.items()}
    results["ours_over_floor"] = round(found["ours"] / found["floor"], 2)
    results["bars"]["in-process at most 3x the floor"] = found["ours"] <= TIMES_THE_FLOOR * found["floor"]


def _floor(arena: Arena) -> Flask:
    """Return the least a launch can be: read the form, verify one signature."""
    app, key = Flask("floor"), arena.keys.keys[0]
    message = b"x" * 4096
    signature = key.private_key.sign(message, PKCS1v15(), SHA256())
    public = key.public_key

    @app.post("/lti/launch")
    def launch() -> str:
        public.verify(signature, message, PKCS1v15(), SHA256())
        return "ok" if request.form["id_token"] and request.form["state"] else "nothing"

    return app


def _in_process_micros(app: Callable[..., Any], ready: list[bytes], mark: bytes) -> float:
    """Return the processor's time per launch; each answer must hold ``mark``."""
    environs = [_environ(one) for one in ready]
    statuses: list[str] = []
    bodies: list[bytes] = []

    def start_response(status: str, headers: object, failure: object = None) -> None:
        statuses.append(status)

    before = time.process_time()
    for environ in environs:
        answer = app(environ, start_response)
        bodies.append(b"".join(answer))
        getattr(answer, "close", _nothing)()  # PEP 3333: if it has one
    spent = time.process_time() - before
    assert {"200 OK"} == set(statuses)
    assert all(mark in body for body in bodies)
    return 1e6 * spent / len(ready)


def _nothing() -> None:
    """Close an answer that needs no closing."""


def _environ(sent: bytes) -> dict[str, Any]:
    """Return the WSGI environment gunicorn would make of a request."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, _, value in (line.partition(": ") for line in lines):
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


@contextmanager
def _logging_as_served() -> Iterator[None]:
    """Log as ``iep serve`` does, into nothing, and not also into the test runner's own memory."""
    root, held, stderr = logging.getLogger(), logging.getLogger().handlers[:], sys.stderr
    with Path(os.devnull).open("w") as nowhere:
        root.handlers.clear()
        sys.stderr = nowhere
        try:
            start_logging()
            yield
        finally:
            sys.stderr = stderr
            root.handlers[:] = held
