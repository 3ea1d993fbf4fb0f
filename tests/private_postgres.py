"""A private PostgreSQL for one test run: made in a fresh folder, on loopback, and thrown away.

Uses the standard library only, so that `.ci/run` can call it before any environment exists:

    python3 tests/private_postgres.py start FOLDER     prints the URL
    python3 tests/private_postgres.py stop FOLDER
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path

# Speed over safety: nothing in such a cluster outlives the run.
_OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c max_connections=200 -c log_min_messages=warning"
)


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs on this machine, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def start(folder: Path) -> str:
    """Make and start a cluster in `folder` and return its SQLAlchemy URL.

    PostgreSQL refuses to run as root; root therefore starts it as the user `postgres`.
    Raises RuntimeError with the server's own words when it does not come up.
    """
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL's server programs are not on this machine: apt-get install postgresql")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (folder, data):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    log = folder / "server.log"
    port = _free_port()
    _run(
        [
            where / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        folder,
    )
    _run(
        [where / "pg_ctl", "-D", data, "-l", log, "-w", "-o", f"{_OPTIONS} -p {port} -k {folder}", "start"],
        folder,
    )
    return f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


def stop(folder: Path) -> None:
    """Stop the cluster in `folder` and remove the folder."""
    where = programs()
    if where is not None and (folder / "data" / "postmaster.pid").exists():
        _run([where / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"], folder)
    shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[object], folder: Path) -> None:
    """Run one of PostgreSQL's programs, as `postgres` when we are root."""
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    # The server inherits our handles: a pipe would never close, a file does not matter.
    with (folder / "setup.log").open("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **as_user,  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {output.read()[-2000:]}")


def _free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    verb, place = sys.argv[1], Path(sys.argv[2])
    if verb == "start":
        print(start(place))
    elif verb == "stop":
        stop(place)
    else:
        sys.exit(f"start or stop, not {verb}")
