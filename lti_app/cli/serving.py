"""``iep serve`` and ``iep worker``: the web server (gunicorn) and the outbox worker."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from typing_extensions import override

from lti_app import create_app
from lti_app.cli.place import wired_here
from lti_app.delivery.replies import ReplyWorker
from lti_app.delivery.worker import Worker
from lti_app.rosters.pulling import RosterWorker
from lti_app.settings import Settings


class Server(BaseApplication):
    """gunicorn with our own few options. Access logs are ours (route templates only), so its own stay off."""

    def __init__(self, options: dict[str, Any], build: Callable[[], Flask]) -> None:
        self._options = options
        self._build = build
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """Hand the options over."""
        assert self.cfg is not None  # made by the base class before this is called
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application in the worker process: no database connection crosses a fork."""
        return self._build()


def options_of(*, host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """Return gunicorn's options as ``iep serve`` sets them."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "loglevel": "warning",
        "proc_name": "rapport",
        "graceful_timeout": 5,
        "control_socket_disable": True,
        "post_worker_init": settle,
    }


def settle(_worker: object) -> None:
    """Leave what was loaded out of every later search for garbage: going through it takes a tenth of a
    second (measured), in which a worker answers nobody.
    """
    gc.collect()
    gc.freeze()


def _application() -> Flask:
    return create_app(replace(Settings.from_env(os.environ), warnings=()))  # told once, by the parent


@click.command()
@click.option("--port", default=8500, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
def serve(port: int, host: str, workers: int, threads: int) -> None:
    """Serve the tool. Put a TLS proxy in front in production and set IEP_PROXY_HOPS."""
    wired_here().engines.close()  # every problem is told before the server starts
    start_logging()
    options = options_of(host=host, port=port, workers=workers, threads=threads)
    Server(options, _application).run()  # type: ignore[no-untyped-call]


@click.command()
@click.option("--once", is_flag=True, help="Work through the outbox once and stop.")
def worker(once: bool) -> None:
    """Deliver the outbox, one recipient at a time; look after unknown outcomes, answers and due rosters."""
    start_logging()
    wired = wired_here()
    if once:
        done = Worker(wired).round()
        RosterWorker(wired).round()
        ReplyWorker(wired).round()
        click.echo(f"sent {done.delivered}, not sent {done.unsettled}, looked up {done.looked}")
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    logging.getLogger("lti_app.delivery").info("worker ready")
    beside = [
        threading.Thread(target=RosterWorker(wired).run, args=(stop,), name="rosters"),
        threading.Thread(target=ReplyWorker(wired).run, args=(stop,), name="replies"),
    ]
    for one in beside:
        one.start()
    try:
        Worker(wired).run(stop)
    finally:
        stop.set()
        for one in beside:
            one.join()


class Lines(logging.Formatter):
    """Our lines: time, level, logger and words. The time is spelled once a second, not once a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._spelled: tuple[int, str] = (0, "")

    @override
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        second, text = self._spelled
        if int(record.created) != second:
            second = int(record.created)
            text = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            self._spelled = (second, text)
        return f"{text},{int(record.msecs):03d}"


def start_logging() -> None:
    """Log to standard error: times, codes and ids; never a name, an address or a value.

    Nothing is asked of the system for it that no line says (the logging HOWTO, "Optimization").
    """
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # the documented way
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("lti_app").setLevel(logging.INFO)
