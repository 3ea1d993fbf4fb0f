"""The running demonstration: practice LMS, tool server and worker as real processes on free ports."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from lti_app.demo.folder import open_folder
from lti_app.demo.supervisor import Demo, Ports


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One running demonstration per module."""
    folder = open_folder(tmp_path_factory.mktemp("demo"), fresh=False)
    with Demo(folder, Ports(tool=free_port(), lms=free_port())) as running:
        yield running
