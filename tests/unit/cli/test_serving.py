"""``iep serve`` and ``iep worker`` as real processes: how they start, end, and what their logs never hold."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from lti_app.demo.browser import Browser, LoopBroken
from lti_app.demo.caseload import children, demo_id
from lti_app.demo.seed import Practice, people, seed
from lti_app.sandbox import SandboxConfig, SandboxHandle, run_in_thread
from lti_app.storage.migrate import upgrade
from tests.unit.cli.conftest import Shell, a_shell
from tests.unit.cli.processes import answers, children_of, free_port, lives, run, start, wait_for

NEEDLE = "needle-in-the-query"


@contextmanager
def running(words: list[str], shell: Shell, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``iep`` with a log; whatever happens, it is gone afterwards."""
    process = start(words, shell.environ, log, shell.folder)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def test_serve_refuses_missing_tables_in_one_line(shell: Shell) -> None:
    """No server, no trace: what is missing and the command that makes it."""
    done = run(["serve", "--port", str(free_port())], shell.environ, shell.folder)

    assert 1 == done.returncode
    assert "Error: The database has no tables of this version yet. Run: iep db init\n" == done.stderr
    assert "" == done.stdout


def test_a_real_process_ends_with_the_code_of_its_command(shell: Shell) -> None:
    """Scripts read the exit code: 2 for settings, and 0 only when everything is well."""
    bad = run(["settings", "--check"], {"IEP_PUBLIC_URL": "x"}, shell.folder)
    good = run(["settings", "--check"], shell.environ, shell.folder)

    assert (2, 0) == (bad.returncode, good.returncode)
    assert 3 == bad.stderr.count("Problem: ")


def test_serve_ends_with_sigterm_and_leaves_nobody(school: Shell) -> None:
    """The parent and its workers are gone, the exit code is 0 and the log says nothing of the settings."""
    port, log = free_port(), school.folder / "serve.log"

    with running(["serve", "--port", str(port), "--workers", "2"], school, log) as process:
        assert wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), process), log.read_text()
        workers = children_of(process.pid)
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)

    assert 0 == code
    assert 2 <= len(workers)
    assert wait_for(lambda: not any(lives(pid) for pid in workers))
    text = log.read_text()
    assert school.environ["IEP_SECRET_KEYS"] not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "Ctrl-C"])
def test_the_worker_ends_at_a_word(school: Shell, sign: signal.Signals) -> None:
    """Between two rounds the worker hears the signal and ends by itself."""
    log = school.folder / "worker.log"

    with running(["worker"], school, log) as process:
        # Said once the signals are caught; before that they would end the bare interpreter.
        assert wait_for(lambda: "worker ready" in log.read_text(), process), log.read_text()
        process.send_signal(sign)
        code = process.wait(20)

    assert 0 == code
    assert "Traceback" not in log.read_text()


def test_the_worker_once_says_what_it_did(school: Shell) -> None:
    """An empty outbox: one line of zeros and the end."""
    assert "sent 0, not sent 0, looked up 0\n" == school.ok("worker", "--once").out


# ------------------------------------------------------------------------------------------------- the log


@dataclass(frozen=True, kw_only=True)
class Served:
    """The tool as ``iep serve`` runs it, with a practice LMS in front and a log behind."""

    lms: SandboxHandle
    url: str
    log: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One served school of invented people."""
    folder = tmp_path_factory.mktemp("served")
    port, log = free_port(), folder / "serve.log"
    url = f"http://127.0.0.1:{port}"
    plain = a_shell(folder)
    shell = Shell(environ={**plain.environ, "IEP_PUBLIC_URL": url, "IEP_LOG_LEVEL": "debug"}, folder=folder)
    lms_port = free_port()
    config = SandboxConfig(public_url=f"http://localhost:{lms_port}", tool_url=url)
    with run_in_thread(config, lms_port) as lms:
        wired = shell.wired()
        upgrade(wired.engines)
        seed(wired, Practice(lms_url=lms.url, api_client_secret="practice-only-not-a-secret"))
        wired.engines.close()
        with running(["serve", "--port", str(port), "--workers", "1"], shell, log) as process:
            assert wait_for(lambda: answers(f"{url}/readyz"), process), log.read_text()
            yield Served(lms=lms, url=url, log=log)


def test_the_log_holds_no_name_and_no_query(served: Served) -> None:
    """Launches, screens, refusals and broken requests: the log tells codes, never people or questions."""
    goal = demo_id("goal", "lucia", "main")
    teacher, parent, pupil = Browser(), Browser(), Browser()
    teacher.launch(served.lms.url, served.url, "halloran", 101)
    teacher.open("/app/add")
    teacher.open(f"/app/g/{goal}?lang=es&q={NEEDLE}")
    parent.launch(served.lms.url, served.url, "elena", 101)
    pupil.launch(served.lms.url, served.url, "maya", 101)
    form = teacher.open(f"/app/g/{goal}/point").form("/point")
    with pytest.raises(LoopBroken, match="422"):
        teacher.send(form, correct=f"Lucía {NEEDLE}", errors="0", seconds="60")
    with pytest.raises(LoopBroken, match="404"):
        teacher.open(f"/app/g/{demo_id('goal', 'nobody', NEEDLE)}?who={NEEDLE}")
    with pytest.raises(LoopBroken, match="404"):
        parent.open(f"/app/g/{demo_id('goal', 'maya', 'main')}?who={NEEDLE}")
    requests.get(f"{served.url}/nowhere?name=Maya&{NEEDLE}", timeout=10)
    requests.get(f"{served.url}/canvas/back?state={NEEDLE}&code={NEEDLE}", timeout=10)
    requests.get(f"{served.url}/n/{NEEDLE * 3}", timeout=10)
    requests.post(f"{served.url}/lti/launch?{NEEDLE}", data={"id_token": NEEDLE, "state": NEEDLE}, timeout=10)
    requests.post(f"{served.url}/lti/login?{NEEDLE}", data={"iss": NEEDLE, "login_hint": "Maya"}, timeout=10)

    assert wait_for(lambda: "422" in served.log.read_text())
    text = served.log.read_text()

    assert "not_found" in text or "404" in text
    assert NEEDLE not in text
    assert "?" not in text
    assert [] == [word for word in _names() if re.search(rf"\b{re.escape(word)}\b", text)]
    assert "@" not in text


def _names() -> list[str]:
    """Return every name of the practice school, whole and in parts."""
    whole = [child[kind] for child in children() for kind in ("legal_name", "preferred_name")]
    whole += [user["name"] for user in people()["users"]]
    return sorted({part for name in whole for part in (name, *name.split()) if len(part) > 2})
