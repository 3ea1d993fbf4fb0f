"""``iep`` as a real process: started, read, stopped, and what it leaves in the process table."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

SECONDS = 40.0


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environ_of(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this environment with other settings of the tool, unbuffered."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("IEP_")}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def start(words: list[str], settings: Mapping[str, str], log: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start ``iep`` in a process group of its own; what it says goes to ``log``."""
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "lti_app.cli", *words],
            env=environ_of(settings),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
        )


def run(words: list[str], settings: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``iep`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "lti_app.cli", *words],
        env=environ_of(settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=SECONDS,
        check=False,
    )


def wait_for(what: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> bool:
    """Wait until something is so, at most 40 seconds, or until the process has ended."""
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        if what():
            return True
        if process is not None and process.poll() is not None:
            return what()
        time.sleep(0.02)
    return False


def answers(url: str) -> bool:
    """Tell whether a server answers 200 at an address."""
    try:
        with urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def children_of(pid: int) -> set[int]:
    """Return every living process below a process (Linux: ``/proc``)."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = place.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it ended meanwhile
            continue
        if state != "Z":
            parents[int(place.parent.name)] = int(parent)
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found and child not in found}:
        found |= more
    return found - {pid}


def lives(pid: int) -> bool:
    """Tell whether a process is there and no mere entry of one that ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
