"""The names of ``connectors.canvas``: each is there, and nobody waits for those they do not ask for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import connectors.canvas as canvas


@pytest.mark.parametrize("name", sorted(canvas.__all__))
def test_every_name_is_there(name: str) -> None:
    """From the module that the table names."""
    assert getattr(canvas, name) is not None
    assert name in dir(canvas)


def test_another_name_is_not() -> None:
    """Said as Python says it."""
    with pytest.raises(AttributeError, match="CanvasWizard"):
        canvas.CanvasWizard  # noqa: B018


def test_rosters_do_not_wait_for_the_rest() -> None:
    """In a fresh process, asking for the source loads no channel and no report."""
    code = (
        "import sys; from connectors.canvas import CanvasSource;"
        " print(*sorted(name for name in sys.modules if name.startswith('connectors.canvas.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    loaded = {name.removeprefix("connectors.canvas.") for name in done.stdout.split()}
    assert {"course_reader", "mapping", "roster_schemas", "routes", "source"} == loaded
