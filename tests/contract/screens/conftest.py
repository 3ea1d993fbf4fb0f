"""The seeded house with letters, answers and secrets in it, copied afresh for every viewer who walks it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lti_app import create_app
from lti_app.wiring import wire
from tests.contract.screens.furnished import World, furnish
from tests.kept_templates import KEPT
from tests.unit.screens import conftest as unit
from tests.unit.screens.conftest import NOW, House, StoppedClock, seeded_file

__all__ = ["seeded_file"]


def _open(path: Path) -> House:
    settings = replace(unit._settings(path), warnings=())
    wired = wire(settings)
    wired.clock = StoppedClock(NOW)
    app = create_app(settings, wiring=wired)
    app.jinja_env.bytecode_cache = KEPT
    return House(app=app, wired=wired, clock=wired.clock)


@pytest.fixture(scope="session")
def furnished(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """One database in which everybody has said something that only some may read."""
    path = tmp_path_factory.mktemp("furnished") / "house.db"
    shutil.copy(seeded_file, path)
    house = _open(path)
    world = furnish(house)
    house.wired.engines.close()
    return path, world


@pytest.fixture
def world(furnished: tuple[Path, World]) -> World:
    """The ids of everything there is."""
    return furnished[1]


@pytest.fixture
def house(furnished: tuple[Path, World], tmp_path: Path) -> Iterator[House]:
    """A fresh copy of the furnished house with the real application on it; its errors are answered."""
    path = tmp_path / "house.db"
    shutil.copy(furnished[0], path)
    house = _open(path)
    yield house
    house.wired.engines.close()
