"""Runs the demonstration: the practice LMS in this process, the tool's server and worker as real
processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from lti_app.demo.classroom import GOOGLE_CLIENT_ID, PracticeClassroom, google_id
from lti_app.demo.folder import DemoFolder
from lti_app.demo.seed import Practice, seed
from lti_app.sandbox import SandboxConfig, run_in_thread
from lti_app.sandbox.serving import SandboxHandle
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import wire

READY_SECONDS = 20.0
STOP_SECONDS = 6.0


class PortTaken(Exception):
    """A port of the demo is in use; ``port`` and the setting that changes it."""

    def __init__(self, port: int, setting: str) -> None:
        self.port = port
        self.setting = setting
        super().__init__(f"Port {port} is in use. Choose another: {setting}={port + 1}")


class NotReady(Exception):
    """The tool's server did not answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the tool and the practice LMS listen. 0 for the LMS takes a free one (tests)."""

    tool: int
    lms: int


class ToolServer:
    """The tool as a real process, which the stage can stop as a power cut would, and start again."""

    def __init__(self, environ: dict[str, str], port: int) -> None:
        self._environ = environ
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start_server(self) -> None:
        """Start the server; it answers a moment later."""
        if self._process is None or self._process.poll() is not None:
            self._process = _start(["serve", "--port", str(self._port), "--workers", "1"], self._environ)

    def stop_server(self) -> None:
        """Kill the server and its workers at once."""
        if self._process is not None:
            _kill_group(self._process, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def server_is_up(self) -> bool:
        """Tell whether the server answers now."""
        return _answers(f"http://127.0.0.1:{self._port}/healthz")

    def wait_ready(self) -> None:
        """Wait until the server answers.

        Raises:
            NotReady: when it does not within 20 seconds, or has ended.
        """
        limit = time.monotonic() + READY_SECONDS
        while time.monotonic() < limit:
            if _answers(f"http://127.0.0.1:{self._port}/readyz"):
                return
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise NotReady

    def end(self) -> None:
        """Stop the server as an administrator would."""
        if self._process is not None:
            _end(self._process)
            self._process = None


class Demo:
    """The running demonstration; a context manager that stops everything it started."""

    def __init__(self, folder: DemoFolder, ports: Ports, *, empty: bool = False) -> None:
        _check_free(ports.tool, "IEP_DEMO_PORT")
        if ports.lms:
            _check_free(ports.lms, "IEP_DEMO_LMS_PORT")
        self.folder = folder
        self.tool_url = f"http://127.0.0.1:{ports.tool}"
        # The demo's own switches are no settings of the tool.
        self.environ = {key: text for key, text in os.environ.items() if not key.startswith("IEP_")}
        self.tool = ToolServer(self.environ, ports.tool)
        self.lms: SandboxHandle = run_in_thread(
            SandboxConfig(
                public_url=f"http://localhost:{ports.lms}",
                tool_url=self.tool_url,
                api_client_secret=folder.api_secret,
                google_client_id=GOOGLE_CLIENT_ID,
                google_client_secret=folder.api_secret,
                google_add_on=f"{self.tool_url}/classroom/{google_id()}",
                consents_file=folder.path / "consents.json",
                stage_control=self.tool,
            ),
            ports.lms,
        )
        self._worker: subprocess.Popen[bytes] | None = None
        try:
            self.environ.update(self._settings())
            self._prepare(empty=empty)
            self.tool.start_server()
            self._worker = _start(["worker"], self.environ)
            self.tool.wait_ready()
        except BaseException:
            self.stop()
            raise

    @property
    def lms_url(self) -> str:
        """Where the practice LMS answers."""
        return self.lms.url

    def stop(self) -> None:
        """Stop worker, server and LMS; a second call does nothing."""
        if self._worker is not None:
            _end(self._worker)
            self._worker = None
        self.tool.end()
        self.lms.stop()

    def stop_worker(self) -> None:
        """Kill the worker as a crash would."""
        if self._worker is not None:
            _kill_group(self._worker, signal.SIGKILL)
            self._worker.wait()
            self._worker = None

    def start_worker(self) -> None:
        """Start the worker again."""
        if self._worker is None:
            self._worker = _start(["worker"], self.environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _settings(self) -> dict[str, str]:
        return {
            "IEP_DATABASE_URL": self.folder.database_url,
            "IEP_PUBLIC_URL": self.tool_url,
            "IEP_SECRET_KEYS": self.folder.secret_key,
            "IEP_SMTP_URL": f"smtp://127.0.0.1:{self.lms.smtp_port}",
            "IEP_MAIL_FROM": "office@cedar-hollow.example.org",
            "IEP_SENDING": "live",
            "IEP_DEMO": "1",
        }

    def _prepare(self, *, empty: bool) -> None:
        """Make the tables, and seed them unless this folder was seeded before."""
        self.folder.forget_unfinished()
        wired = wire(Settings.from_env(self.environ))
        try:
            upgrade(wired.engines)
            if not self.folder.is_seeded:
                seed(
                    wired,
                    Practice(
                        lms_url=self.lms.url,
                        api_client_secret=self.folder.api_secret,
                        classroom=PracticeClassroom(
                            origin=self.lms.url,
                            client_secret=self.folder.api_secret,
                            domain=self.lms.world.classroom.people.domain,
                        ),
                    ),
                    empty=empty,
                )
                self.folder.mark_seeded()
        finally:
            wired.engines.close()


def _start(words: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start ``iep`` with some words in a process group of its own."""
    return subprocess.Popen(  # noqa: S603 -- our own program, our own words
        [sys.executable, "-m", "lti_app.cli", *words], env=environ, start_new_session=True
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill_group(process, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        _kill_group(process, signal.SIGKILL)
        process.wait()


def _kill_group(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    try:
        os.killpg(process.pid, sign)
    except ProcessLookupError:
        return


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:  # noqa: S310 -- our own loopback address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _check_free(port: int, setting: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(port, setting) from None
