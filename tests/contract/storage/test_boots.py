"""On SQLite a login in flight ends when the machine starts again, so using one up waits for no disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from iepcore.ids import new_uuid7
from lti_app.doors.records import LaunchState, Registration
from lti_app.storage import door
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.vault import Vault
from tests.contract.storage.test_prepared import NOW


def store_of(engines: Engines, vault: Vault) -> tuple[SqlDoorStore, LaunchState]:
    """Return a store as this start of the machine opens it, with one login in flight."""
    store = SqlDoorStore(engines, vault)
    known = Registration(
        id=new_uuid7(),
        issuer="https://lms.example.edu",
        client_id="1",
        auth_url="",
        token_url="",
        jwks_url="",
    )
    store.save_registration(known)
    state = LaunchState(
        state_hash="hash",
        nonce="nonce",
        registration_id=known.id,
        target_link_uri="https://rapport.example.org/app/",
        storage_target=None,
        created_at=NOW,
        expires_at=NOW.replace(hour=16),
    )
    store.add_launch_state(state)
    return store, state


def boot_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    """Let the machine have started as ``name``."""
    (tmp_path / "boot_id").write_text(name)
    monkeypatch.setattr(door, "_BOOT", tmp_path / "boot_id")


def test_a_login_does_not_outlive_the_boot(
    sqlite_engines: Engines, vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another process of the same boot finds it, once; after another start nobody does."""
    boot_as(monkeypatch, tmp_path, "first\n")
    store, state = store_of(sqlite_engines, vault)
    other = SqlDoorStore(sqlite_engines, vault)
    assert state == other.take_launch_state("hash", at=NOW)
    assert None is store.take_launch_state("hash", at=NOW)

    store.add_launch_state(replace(state, nonce="again"))
    boot_as(monkeypatch, tmp_path, "second\n")
    assert None is SqlDoorStore(sqlite_engines, vault).take_launch_state("hash", at=NOW)


@pytest.mark.parametrize("text", [None, "", "\u00e9"], ids=["no file", "empty", "not ASCII"])
def test_without_boots_it_is_durable(
    sqlite_engines: Engines,
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    text: str | None,
) -> None:
    """Where the system does not tell its boots apart, a login is used up with the disk's word for it."""
    monkeypatch.setattr(door, "_BOOT", tmp_path / "boot_id")
    if text is not None:
        (tmp_path / "boot_id").write_text(text, encoding="utf-8")
    store, state = store_of(sqlite_engines, vault)
    monkeypatch.setattr(Engines, "bare_sentence", only_durable(Engines.bare_sentence))

    assert state == store.take_launch_state("hash", at=NOW)
    assert None is store.take_launch_state("hash", at=NOW)


def only_durable(usual: object) -> object:
    """Return a way to write that refuses to be light."""

    def bare_sentence(engines: Engines, *, light: bool = False) -> object:
        assert not light
        return usual(engines)  # type: ignore[operator]

    return bare_sentence
