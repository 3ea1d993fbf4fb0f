"""A Google source out of a configuration of texts: what it needs, and what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.google_classroom.configured import make
from iepcore.errors import InvalidValue
from tests.contract.connectors.google_fake.tokens import TokenDesk
from tests.contract.connectors.google_fake.world import GoogleWorld


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    """A key file as Google makes one."""
    path = tmp_path / "key.json"
    desk = TokenDesk(GoogleWorld(), lambda: datetime(2026, 10, 1, tzinfo=UTC))
    path.write_text(desk.new_account(frozenset()), encoding="utf-8")
    return str(path)


def test_a_key_and_an_administrator_make_a_source(key_file: str) -> None:
    """Named as the door names its people, or as told."""
    told = {"key_file": key_file, "administrator": "robin.price@school.example", "zone": "UTC"}

    assert "google" == make(told).source
    assert "elsewhere" == make({**told, "source": "elsewhere"}).source


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"administrator": ""}, "option_missing"),
        ({"key_file": ""}, "option_missing"),
        ({"key_file": "/absent"}, "service_key_form"),
        ({"colour": "red"}, "option_unknown"),
    ],
)
def test_what_is_wrong_is_named(key_file: str, change: dict[str, str], code: str) -> None:
    """By the option, never by its value."""
    told = {"key_file": key_file, "administrator": "robin.price@school.example"} | change

    with pytest.raises(InvalidValue) as caught:
        make(told)
    assert code == caught.value.code
    assert "robin" not in str(caught.value)


def test_a_key_of_somewhere_else_is_refused(key_file: str) -> None:
    """As everywhere."""
    told = json.loads(Path(key_file).read_text(encoding="utf-8")) | {
        "token_uri": "https://evil.example/token"
    }
    Path(key_file).write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(InvalidValue) as caught:
        make({"key_file": key_file, "administrator": "robin.price@school.example"})
    assert "service_key_elsewhere" == caught.value.code
