"""The command line as somebody types it: the real entry point, its own environment, a database of its own."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner

from lti_app.cli import main
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import Wired, wire
from tests.unit.cli.hospital import certificate, hospital, platform
from tests.unit.screens.conftest import KEY, House, house, seeded_file

__all__ = [
    "Done",
    "House",
    "Shell",
    "a_shell",
    "certificate",
    "hospital",
    "house",
    "house_shell",
    "platform",
    "seeded",
    "seeded_file",
    "shell",
]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Runs ``iep`` in this process, through the function the installed program calls."""

    environ: dict[str, str]
    folder: Path

    def run(self, *words: object, **changed: str) -> Done:
        """Run a command; ``changed`` settings replace those of the environment, empty ones are taken out."""
        environ = {name: text for name, text in {**self.environ, **changed}.items() if text}
        ended: SystemExit | None = None
        argv = mock.patch.object(sys, "argv", ["iep", *map(str, words)])
        with CliRunner().isolation(env=environ) as (out, err, _), argv:
            try:
                main()
            except SystemExit as end:
                ended = end
            finally:
                sys.stdout.flush()  # as the interpreter does when it ends
        assert ended is not None, "main always says how it ended"
        code = ended.code
        assert code is None or isinstance(code, int)
        return Done(code=code or 0, out=out.getvalue().decode(), err=err.getvalue().decode())

    def ok(self, *words: object, **changed: str) -> Done:
        """Run a command that must end well."""
        done = self.run(*words, **changed)
        assert 0 == done.code, done.err
        return done

    def wired(self) -> Wired:
        """Return everything put together on the same database, to look behind the command."""
        return wire(Settings.from_env(self.environ))

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table of the SQLite file."""
        path = self.environ["IEP_DATABASE_URL"].removeprefix("sqlite:///")
        connection = sqlite3.connect(path)
        try:
            names = [
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            ]
            return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
        finally:
            connection.close()


def a_shell(folder: Path, *, url: str = "", file: str = "rapport.db") -> Shell:
    """Return a shell with every needed setting given."""
    return Shell(
        environ={
            "IEP_DATABASE_URL": url or f"sqlite:///{folder / file}",
            "IEP_PUBLIC_URL": "https://rapport.example.org",
            "IEP_SECRET_KEYS": KEY,
        },
        folder=folder,
    )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell with an empty database."""
    return a_shell(tmp_path)


@pytest.fixture
def school(shell: Shell) -> Shell:
    """A shell whose database has its tables and the default site."""
    wired = shell.wired()
    upgrade(wired.engines)
    wired.engines.close()
    shell.ok("db", "init")
    return shell


@pytest.fixture
def seeded(seeded_file: Path, tmp_path: Path) -> Shell:
    """A shell with the fictional caseload."""
    shutil.copy(seeded_file, tmp_path / "rapport.db")
    return a_shell(tmp_path)


@pytest.fixture
def house_shell(house: House, tmp_path: Path) -> Shell:
    """A shell on the database of the running house."""
    return a_shell(tmp_path, file="house.db")
