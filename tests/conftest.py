"""What every test shares: a clean environment, honest skips, and a database server when there is one.

Environment variables:

`IEP_TEST_POSTGRES_URL`
    A PostgreSQL server on which databases may be made (`postgresql+psycopg://...`). When it is not set and
    PostgreSQL's programs are on this machine, a private server is started for a run that may need one.
`IEP_TEST_NO_SKIPS`
    With `1` a skip is a failure. CI sets it, so that nothing is quietly left out there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import cases, private_postgres

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_URL = "IEP_TEST_POSTGRES_URL"
NO_SKIPS = "IEP_TEST_NO_SKIPS"
CHROMIUM = Path("/usr/bin/chromium")

# The same examples in every run: a red build can be repeated.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("IEP_TEST_HYPOTHESIS", "repeatable"))

_own_cluster: Path | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test the marker of what it needs, by the fixtures it asks for and the folder it lies in."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "postgres_server" in fixtures:
            item.add_marker(pytest.mark.postgres)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if "shared_folder" in fixtures:
            item.add_marker(pytest.mark.shared)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Name tests of the LTI conformance table by their cases; see tests/cases.py."""
    cases.name_by_case(metafunc)


def pytest_configure(config: pytest.Config) -> None:
    """Start a private PostgreSQL for this run where none is given and its programs are there."""
    global _own_cluster
    is_worker = hasattr(config, "workerinput")
    if is_worker or os.environ.get(POSTGRES_URL) or not _may_need_postgres(config):
        return
    if private_postgres.programs() is None:
        return
    _own_cluster = Path(tempfile.mkdtemp(prefix="rapport-pg-"))
    try:
        os.environ[POSTGRES_URL] = private_postgres.start(_own_cluster)
    except (RuntimeError, KeyError) as problem:
        # A half-installed PostgreSQL must not stop the other tests; its own are skipped, and fail in CI.
        print(f"PostgreSQL could not be started for the tests: {problem}")
        private_postgres.stop(_own_cluster)
        _own_cluster = None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the private PostgreSQL, if this run started one."""
    global _own_cluster
    if _own_cluster is not None:
        os.environ.pop(POSTGRES_URL, None)
        private_postgres.stop(_own_cluster)
        _own_cluster = None


def _may_need_postgres(config: pytest.Config) -> bool:
    """Say whether the paths asked for can hold tests of the database contract."""
    if config.option.collectonly:
        return False
    contract = ROOT / "tests" / "contract"
    asked = [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]
    return any(contract.is_relative_to(path) or path.is_relative_to(contract) for path in asked)


# ----------------------------------------------------------------------------------------------- honest skips


def _allowed_to_skip(keywords: object) -> bool:
    """Say whether a skip is right even where none is wanted: a clone need not have the shared folder."""
    return "shared" in keywords and not os.environ.get("CI")  # type: ignore[operator]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    is_skip = report.skipped and not hasattr(report, "wasxfail")
    if is_skip and os.environ.get(NO_SKIPS) == "1" and not _allowed_to_skip(item.keywords):
        report.outcome = "failed"
        report.longrepr = f"Skipped where nothing may be skipped ({NO_SKIPS}=1): {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself while it is collected."""
    report = yield
    if report.skipped and os.environ.get(NO_SKIPS) == "1":
        report.outcome = "failed"
        report.longrepr = f"Skipped where nothing may be skipped ({NO_SKIPS}=1): {_reason(report)}"  # type: ignore[assignment]
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why something was skipped, as its author wrote it."""
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the one command that adds what was skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    packages = {
        "postgresql": sum("no PostgreSQL:" in _reason(report) for report in skipped),
        "chromium": sum("no browser:" in _reason(report) for report in skipped),
        "webkit2gtk-driver xvfb": sum("no webkit:" in _reason(report) for report in skipped),
    }
    missing = [name for name, count in packages.items() if count]
    if missing:
        count = sum(packages.values())
        command = f"sudo apt-get install -y {' '.join(missing)}"
        terminalreporter.write_line(f"{count} tests were not run here. On Debian this adds them: {command}")


# --------------------------------------------------------------------------------------------------- fixtures


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in os.environ:
        if name.startswith("IEP_") and not name.startswith("IEP_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Return the URL of a PostgreSQL server on which databases may be made, or skip."""
    url = os.environ.get(POSTGRES_URL)
    if not url:
        pytest.skip(f"no PostgreSQL: {POSTGRES_URL} is not set and its programs are not on this machine")
    return url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database that belongs to one test alone."""
    import psycopg

    admin = postgres_server.replace("postgresql+psycopg://", "postgresql://")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield postgres_server.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Return the project's shared material, a folder beside the checkout, or skip."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the project's shared material is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return Debian's Chromium, or skip."""
    if not CHROMIUM.exists() and shutil.which("chromium") is None:
        pytest.skip("no browser: Chromium is not on this machine")
    return CHROMIUM if CHROMIUM.exists() else Path(str(shutil.which("chromium")))
