"""The public names: each is there and loads its room only when used; the example of the README works."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import iepcore
import iepcore.testing
from iepcore import CbmTask, Measure, MeasureKind, find, render, update_parts
from iepcore.testing import StoppedClock, a_goal, a_student, points_of

HEAVY = ("marshmallow", "numpy", "flask", "pytest", "dateutil", "sqlalchemy")


def _loaded_by(code: str) -> set[str]:
    """Return the heavy packages a fresh interpreter has loaded after some code."""
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*(n for n in {HEAVY!r} if n in sys.modules))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return set(said.split())


def test_importing_the_library_loads_nothing_heavy() -> None:
    """Not even using the domain does; the schemas need marshmallow, the contract classes pytest."""
    assert set() == _loaded_by("import iepcore")
    assert set() == _loaded_by(
        "from iepcore import Caseload, MemoryStore, find; from iepcore.testing import a_goal"
    )
    assert {"marshmallow"} == _loaded_by("from iepcore import export_lines")
    assert {"pytest"} == _loaded_by("from iepcore.testing import StoreContract")


@pytest.mark.parametrize("module", [iepcore, iepcore.testing])
def test_every_public_name_is_there_and_no_other(module: object) -> None:
    """`dir` names them all; a name nobody promised raises as usual."""
    names = module.__all__  # type: ignore[attr-defined]

    assert [] == [name for name in names if getattr(module, name, None) is None]
    assert set(names) <= set(dir(module))
    assert len(names) == len(set(names))
    with pytest.raises(AttributeError, match="no_such_name"):
        module.no_such_name  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("module", [iepcore, iepcore.testing])
def test_type_checker_sees_the_same_names(module: object) -> None:
    """What stands behind TYPE_CHECKING is what loads at run time, from the same room."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("iepcore.")
        for alias in node.names
    }

    assert set(module.__all__) == set(seen)  # type: ignore[attr-defined]
    for name, room in seen.items():
        assert getattr(module, name) is getattr(sys.modules[str(room)], name)


def test_example_of_the_readme() -> None:
    """Student, goal, points, finding, and a draft in two languages, without a network."""
    maya = a_student(preferred_name="Maya")
    goal = a_goal(
        student=maya,
        skill_key="reading_aloud",
        baseline=52,
        target=92,
        measure=Measure(kind=MeasureKind.CBM, cbm_task=CbmTask.ORAL_READING),
        starts_on=date(2026, 10, 14),
        ends_on=date(2027, 10, 13),
    )
    points = points_of(
        goal,
        {
            date(2026, 11, day): {"correct": words, "errors": 3, "seconds": 60}
            for day, words in [(2, 53), (9, 57), (16, 58)]
        },
    )
    finding = find(goal, points, on=date(2026, 11, 23))
    drafts = {
        language: " ".join(
            render(part, language).text for part in update_parts(goal, finding, child=maya.preferred_name)
        )
        for language in ("en", "es")
    }

    assert "on_track" == finding.word
    assert all("Maya" in said and "58" in said for said in drafts.values())
    assert "palabras" in drafts["es"]


def test_stopped_clock_stands_until_it_is_moved() -> None:
    """It keeps the school's date in the school's zone."""
    clock = StoppedClock()
    before = clock.now()
    assert before == clock.now()
    clock.forward(hours=1, minutes=1)
    assert 3660 == (clock.now() - before).total_seconds()
    clock.stand_on(date(2026, 12, 24))
    assert (date(2026, 12, 24), 9) == (clock.today(), clock.now().hour)
