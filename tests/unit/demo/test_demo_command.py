"""``iep demo`` as somebody starts and stops it: ports, folder, Ctrl-C, the second start, a broken check."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_app.demo import check, supervisor
from lti_app.demo.folder import open_folder
from lti_app.demo.seed import Practice, seed
from lti_app.demo.supervisor import Demo, Ports
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import wire
from tests.unit.cli.conftest import Shell
from tests.unit.cli.processes import answers, children_of, free_port, lives, start, wait_for


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The command takes signals over; afterwards they are the test run's again."""
    kept = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    yield
    for sign, handler in kept.items():
        signal.signal(sign, handler)


@pytest.fixture
def here(tmp_path: Path) -> Shell:
    """A shell with free ports and a folder for the demonstration."""
    return Shell(
        environ={
            "IEP_DEMO_PORT": str(free_port()),
            "IEP_DEMO_LMS_PORT": str(free_port()),
            "IEP_DEMO_DIR": str(tmp_path / "demo"),
        },
        folder=tmp_path,
    )


def started(here: Shell, name: str) -> tuple[subprocess.Popen[bytes], float]:
    """Start the demonstration; return its process and the seconds until it said it runs."""
    log = here.folder / f"{name}.log"
    began = time.monotonic()
    process = start(["demo"], here.environ, log, here.folder)
    told = wait_for(lambda: "Ctrl-C stops it." in log.read_text(), process)
    if not told:
        process.kill()
    assert told, log.read_text()
    return process, time.monotonic() - began


def test_ctrl_c_ends_everything_and_keeps_the_folder(here: Shell) -> None:
    """Server, workers and LMS are gone, the exit code is 0, and the second start finds everything again."""
    first, slow = started(here, "first")
    below = children_of(first.pid)
    up = answers(f"http://127.0.0.1:{here.environ['IEP_DEMO_PORT']}/readyz")
    first.send_signal(signal.SIGINT)
    code = first.wait(30)
    kept = (here.folder / "demo" / "secrets.json").read_text()

    second, quick = started(here, "second")
    more = children_of(second.pid)
    second.send_signal(signal.SIGTERM)
    again = second.wait(30)

    print(f"demo: first start {slow:.2f} s, second {quick:.2f} s, {len(below)} processes below it")
    assert up
    assert (0, 0) == (code, again)
    assert 3 <= len(below), "server, its worker and the outbox worker"
    assert wait_for(lambda: not any(lives(pid) for pid in below | more))
    assert kept == (here.folder / "demo" / "secrets.json").read_text()
    assert (here.folder / "demo" / "seeded").exists()
    for name in ("first", "second"):
        text = (here.folder / f"{name}.log").read_text()
        assert "Begin here:" in text
        assert "Traceback" not in text


def test_a_stop_while_starting_leaves_nobody(here: Shell) -> None:
    """Told to stop before it runs: whatever was started by then is stopped, too."""
    log = here.folder / "demo.log"
    process = start(["demo"], here.environ, log, here.folder)
    assert wait_for(lambda: len(children_of(process.pid)) >= 1, process), log.read_text()
    below = children_of(process.pid)
    process.send_signal(signal.SIGTERM)

    assert process.wait(30) in {0, 130}  # 0 when it just had begun to run
    assert wait_for(lambda: not any(lives(pid) for pid in below))
    assert "Traceback" not in log.read_text()


def test_a_start_cut_off_while_seeding_is_begun_anew(here: Shell) -> None:
    """The power went after the school was written and before its children were: the next start is whole."""
    folder = open_folder(here.folder / "demo", fresh=False)
    environ = {
        "IEP_DATABASE_URL": folder.database_url,
        "IEP_PUBLIC_URL": "http://127.0.0.1:8500",
        "IEP_SECRET_KEYS": folder.secret_key,
    }
    wired = wire(Settings.from_env(environ))
    upgrade(wired.engines)
    seed(wired, Practice(lms_url="http://localhost:8600", api_client_secret=folder.api_secret), empty=True)
    wired.engines.close()

    ports = Ports(tool=int(here.environ["IEP_DEMO_PORT"]), lms=int(here.environ["IEP_DEMO_LMS_PORT"]))
    with Demo(folder, ports, empty=True) as running:
        up = running.tool.server_is_up()

    assert up
    assert folder.is_seeded


@pytest.mark.parametrize("setting", ["IEP_DEMO_PORT", "IEP_DEMO_LMS_PORT"])
def test_a_taken_port_is_told_with_another(here: Shell, setting: str) -> None:
    """One line names the setting, and nothing was started."""
    with socket.create_server(("127.0.0.1", int(here.environ[setting]))):
        done = here.run("demo")

    port = int(here.environ[setting])
    assert 1 == done.code
    assert f"Error: Port {port} is in use. Choose another: {setting}={port + 1}\n" == done.err


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1", "8500 "])
def test_a_port_that_is_none_is_refused(here: Shell, text: str) -> None:
    """Before anything is made on the disk."""
    done = here.run("demo", IEP_DEMO_PORT=text)

    assert 1 == done.code
    assert "IEP_DEMO_PORT must be a port number from 1 to 65535." in done.err
    assert not (here.folder / "demo").exists()


def test_a_folder_of_something_else_is_left_alone(here: Shell) -> None:
    """Not even ``--fresh`` deletes what is not a demonstration's."""
    precious = here.folder / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work", encoding="utf-8")

    done = here.run("demo", "--fresh", IEP_DEMO_DIR=str(precious))

    assert 1 == done.code
    assert "exists and is not a demo folder." in done.err
    assert ["thesis.txt"] == [path.name for path in precious.iterdir()]


def test_a_broken_check_names_its_step_and_ends_with_1(here: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outbox worker never starts: the loop breaks where the notice should arrive."""
    real = supervisor._start

    def without_worker(words: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
        return real(["--help"] if words == ["worker"] else words, environ)

    monkeypatch.setattr(supervisor, "_start", without_worker)
    monkeypatch.setattr(check, "DELIVERY_SECONDS", 1.0)

    done = here.run("demo", "--check")

    assert 1 == done.code
    assert " 8. FAILED  delivered once: 0 notices arrived, not one" == done.lines[-1]
    assert 7 == sum(" ok " in line for line in done.lines)
    assert not answers(f"http://127.0.0.1:{here.environ['IEP_DEMO_PORT']}/healthz")
    assert not (here.folder / "demo").exists()


def test_a_whole_check_ends_with_0(here: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every step doing what it should, the exit code says so."""
    monkeypatch.setattr(check, "STEPS", check.STEPS[:1])

    done = here.run("demo", "--check")

    assert 0 == done.code, done.out + done.err
    assert done.lines[-1].startswith("The loop is whole: 1 steps in ")


def test_a_server_that_does_not_start_is_told(here: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process ended: the command does not wait its 20 seconds and leaves nothing running."""
    real = supervisor._start
    begun: list[subprocess.Popen[bytes]] = []

    def broken(words: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
        begun.append(real(["serve", "--port", "none"] if words[0] == "serve" else words, environ))
        return begun[-1]

    monkeypatch.setattr(supervisor, "_start", broken)

    done = here.run("demo")

    assert 1 == done.code
    assert "The tool's server did not start; its last words are above." in done.err
    assert [True, True] == [process.poll() is not None for process in begun]
