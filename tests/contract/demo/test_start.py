"""Starting the demonstration: taken ports, its folder, and the second start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lti_app.demo.folder import open_folder
from lti_app.demo.supervisor import Demo, Ports, PortTaken
from tests.contract.demo.conftest import free_port


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    """Nothing is started, and the message says which setting chooses another port."""
    folder = open_folder(tmp_path / "demo", fresh=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PortTaken, match="IEP_DEMO_PORT"):
            Demo(folder, Ports(tool=port, lms=free_port()))
        with pytest.raises(PortTaken, match="IEP_DEMO_LMS_PORT"):
            Demo(folder, Ports(tool=free_port(), lms=port))


def test_secrets_are_for_the_owner_only(tmp_path: Path) -> None:
    """The folder and its secrets have no rights for others, and they stay the same at the next start."""
    first = open_folder(tmp_path / "demo", fresh=False)
    again = open_folder(tmp_path / "demo", fresh=False)

    assert 0o700 == (tmp_path / "demo").stat().st_mode & 0o777
    assert 0o600 == (tmp_path / "demo" / "secrets.json").stat().st_mode & 0o777
    assert first == again


def test_fresh_forgets_only_a_demo_folder(tmp_path: Path) -> None:
    """A folder that holds something else is never deleted."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work", encoding="utf-8")

    with pytest.raises(FileExistsError):
        open_folder(precious, fresh=True)

    assert "years of work" == (precious / "thesis.txt").read_text(encoding="utf-8")
    first = open_folder(tmp_path / "demo", fresh=False)
    assert first.secret_key != open_folder(tmp_path / "demo", fresh=True).secret_key
