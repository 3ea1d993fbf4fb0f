"""``iep demo``: the whole thing on this machine, with a practice LMS and invented people."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from pathlib import Path

import click

TOOL_PORT = 8500
LMS_PORT = 8600


@click.command()
@click.option("--fresh", is_flag=True, help="Forget what was done before and start over.")
@click.option("--empty", is_flag=True, help="Start with a school that has nobody in it yet.")
@click.option("--check", "only_check", is_flag=True, help="Walk the whole loop without a browser and stop.")
def demo(fresh: bool, empty: bool, only_check: bool) -> None:
    """Start the tool, its worker and a practice LMS, all on this machine. Ctrl-C stops them."""
    from lti_app.demo.folder import open_folder
    from lti_app.demo.supervisor import Demo, NotReady, Ports, PortTaken

    signal.signal(signal.SIGTERM, _interrupt)  # even while starting, no process may stay behind
    ports = Ports(tool=_port("IEP_DEMO_PORT", TOOL_PORT), lms=_port("IEP_DEMO_LMS_PORT", LMS_PORT))
    try:
        if only_check:
            _check(ports)
            return
        name = ".demo-empty" if empty else ".demo"
        where = Path(os.environ.get("IEP_DEMO_DIR") or Path.cwd() / name)
        folder = open_folder(where, fresh=fresh)
        click.echo("Starting …")
        with Demo(folder, ports, empty=empty) as running:
            _tell(running.lms_url, running.tool_url, where, empty=empty)
            stop = threading.Event()
            for sign in (signal.SIGINT, signal.SIGTERM):
                signal.signal(sign, lambda *_: stop.set())
            stop.wait()
            click.echo("\nStopping …")
    except (PortTaken, FileExistsError) as wrong:
        raise click.ClickException(str(wrong)) from None
    except NotReady:
        raise click.ClickException("The tool's server did not start; its last words are above.") from None


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _check(ports: object) -> None:
    from lti_app.demo.check import walk
    from lti_app.demo.folder import open_folder
    from lti_app.demo.supervisor import Demo, Ports

    assert isinstance(ports, Ports)
    with tempfile.TemporaryDirectory(prefix="rapport-check-") as name:
        folder = open_folder(Path(name), fresh=False)
        with Demo(folder, ports) as running:
            if not walk(running, click.echo):
                raise click.exceptions.Exit(1)


def _tell(lms_url: str, tool_url: str, where: Path, *, empty: bool) -> None:
    click.echo("")
    click.echo("  Rapport is running. Everybody in it is invented.")
    click.echo("")
    if empty:
        click.echo(f"  An empty school: {lms_url}/")
        click.echo("  Begin as Gordon Ames (records officer), who appoints Priya Halloran.")
    else:
        click.echo(f"  Begin here:        {lms_url}/stage")
        click.echo(f"  The practice LMS:  {lms_url}/")
        click.echo(f"  Google Classroom:  {lms_url}/stage/two  (Canvas beside it; sign in as Marisol Vance)")
        click.echo(f"  The components:    {tool_url}/_components")
    click.echo(f"  Its data:          {where}")
    click.echo("")
    click.echo("  Ctrl-C stops it. Start over: iep demo --fresh.  Walk the loop: iep demo --check")
    click.echo("")


def _port(setting: str, default: int) -> int:
    text = os.environ.get(setting, "")
    if not text:
        return default
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise click.ClickException(f"{setting} must be a port number from 1 to 65535.")
    return int(text)
