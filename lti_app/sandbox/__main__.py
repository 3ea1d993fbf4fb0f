"""``python -m lti_app.sandbox``: the practice LMS alone, beside a tool that runs elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading

from lti_app.sandbox.config import SandboxConfig
from lti_app.sandbox.serving import run_in_thread


def main() -> int:
    """Serve until interrupted; exit code 1 when a port is taken."""
    parser = argparse.ArgumentParser(prog="python -m lti_app.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8600, help="port of the practice LMS (default 8600)")
    parser.add_argument("--smtp-port", type=int, default=8625, help="port of the mailbox (default 8625)")
    parser.add_argument("--tool-url", default="http://127.0.0.1:8500", help="where the tool is")
    parser.add_argument(
        "--without-tool", action="store_true", help="begin with no tool in it, to install one by its address"
    )
    chosen = parser.parse_args()
    config = SandboxConfig(
        public_url=f"http://localhost:{chosen.port}",
        tool_url=chosen.tool_url,
        installed=not chosen.without_tool,
    )
    try:
        handle = run_in_thread(config, chosen.port, smtp_port=chosen.smtp_port)
    except OSError as fault:
        _say(f"The practice LMS cannot start: {fault.strerror or fault}. Choose other ports.")
        return 1
    _say(f"Practice LMS (everybody in it is fictional): {handle.url}/")
    _say(f"Stage: {handle.url}/stage   Mailbox: {handle.url}/mailbox   SMTP: 127.0.0.1:{handle.smtp_port}")
    _say(f"Key for /sandbox/* (header X-Sandbox-Key): {handle.admin_key}")
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with contextlib.suppress(KeyboardInterrupt):
        stopped.wait()
    handle.stop()
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
