"""``iep transfer``: one child's record out as one file, and into a school that has children already."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from iepcore.access import AuditEvent, Disclosure, DisclosureBasis
from iepcore.ids import AdultId, SiteId, StudentId, new_uuid7
from iepcore.people import Adult, Assignment, Relationship, Student
from iepcore.plan import DataPoint, Goal
from iepcore.schemas import moved_id
from iepcore.testing import store_values as a
from lti_app.demo.caseload import demo_id
from tests.unit.cli.conftest import Shell

MAYA = StudentId(demo_id("student", "maya"))
PARTY = "Alder Creek School District"


def out(shell: Shell, *more: str, name: str = "maya.zip") -> Path:
    """Export Maya's record and return the file."""
    place = shell.folder / name
    shell.ok(
        *("transfer", "export", "--site", "Cedar Hollow School", "--student", MAYA, "--to", place),
        "--party",
        PARTY,
        *more,
    )
    return place


def receiver(shell: Shell) -> tuple[SiteId, AdultId]:
    """Another school of the same database, with a case manager and a child of its own."""
    shell.ok("site", "create", "Alder Creek")
    wired = shell.wired()
    site = next(one for one in wired.doors.sites() if one.name == "Alder Creek")
    manager = a.an_adult(name="Robin Fern")
    with wired.store(site.id).write() as uow:
        uow.people.add_adult(manager)
        uow.people.add_student(a.a_student(preferred_name="Wren"))
    wired.engines.close()
    return site.id, manager.id


def values_of(shell: Shell, site_id: SiteId, student_id: StudentId | None = None) -> list[object]:
    """What a site keeps."""
    wired = shell.wired()
    with wired.store(site_id).read() as uow:
        found = list(uow.archive.values(student_id=student_id))
    wired.engines.close()
    return found


def bring(shell: Shell, manager: AdultId, place: Path, *more: str) -> list[str]:
    """Import a file at the other school and return what was said."""
    return shell.ok(
        "transfer", "import", "--site", "Alder Creek", "--case-manager", manager, place, *more
    ).lines


def test_a_record_goes_from_school_to_school(seeded: Shell) -> None:
    """Looked at first, then kept: every goal, every daily point, and not one right."""
    place = out(seeded)
    assert 0o600 == stat.S_IMODE(place.stat().st_mode)
    site_id, manager = receiver(seeded)

    said = bring(seeded, manager, place)
    assert "Nothing was written. Add --confirm to keep it." == said[-1]
    assert [] == [one for one in values_of(seeded, site_id) if isinstance(one, Goal)]

    kept = StudentId(moved_id(MAYA, site_id))
    assert f"Kept: {kept}" == bring(seeded, manager, place, "--confirm")[-1]
    here = values_of(seeded, site_id, kept)
    home = next(one.id for one in seeded.wired().doors.sites() if one.name == "Cedar Hollow School")
    there = values_of(seeded, home, MAYA)
    for kind in (Goal, DataPoint):
        mine = sorted(moved_id(one.id, site_id) for one in there if isinstance(one, kind))
        assert mine == sorted(one.id for one in here if isinstance(one, kind))
    assert len([one for one in here if isinstance(one, DataPoint)]) > 5
    assert [] == [one for one in here if isinstance(one, Relationship)]
    assert [manager] == [one.adult_id for one in here if isinstance(one, Assignment)]
    assert 2 == len([one for one in values_of(seeded, site_id) if isinstance(one, Student)])

    again = bring(seeded, manager, place, "--confirm")
    assert ", 0 of them new here." in again[0]
    assert {type(one) for one in here} == {type(one) for one in values_of(seeded, site_id, kept)}


def test_who_got_it_is_in_the_record_of_access(seeded: Shell) -> None:
    """34 CFR 99.32: the party, the day and the reason, before anything is read."""
    out(seeded)
    home = seeded.wired().doors.sites()[0].id
    lines = [one for one in values_of(seeded, home, MAYA) if isinstance(one, Disclosure)]
    [line] = [one for one in lines if one.party == PARTY]
    assert (PARTY, DisclosureBasis.TRANSFER, True) == (line.party, line.basis, line.given)
    trail = [one.what for one in values_of(seeded, home) if isinstance(one, AuditEvent)]
    assert "data_transfer" in trail


def test_the_page_holds_what_the_record_holds(seeded: Shell) -> None:
    """A person reads the same: goals, a chart, every score, the conversations; no script, nothing loaded."""
    with zipfile.ZipFile(out(seeded)) as file:
        page = file.read("record.html").decode()
        lines = file.read("record.jsonl").decode().splitlines()
    documents = [json.loads(line) for line in lines[1:]]
    goals = [one for one in documents if one["type"] == "goal"]
    assert all(one["text"]["text"].split(",")[0] in page for one in goals)
    assert len(goals) == page.count("<svg")
    points = [one for one in documents if one["type"] == "data_point"]
    assert len(points) == page.split('id="words"')[0].split('id="goals"')[1].count("<tr><td>")
    for adult in (one for one in documents if one["type"] == "adult"):
        assert adult["name"] in page
    assert "<script" not in page
    assert [] == re.findall(r"(?:src|href)=\"(?!#)", page)


def test_the_page_comes_in_another_language(seeded: Shell) -> None:
    """Spanish words around the family's own."""
    with zipfile.ZipFile(out(seeded, "--lang", "es")) as file:
        page = file.read("record.html").decode()
    assert '<html lang="es" dir="ltr">' in page
    assert "Metas y puntajes" in page


def _cut(place: Path) -> None:
    place.write_bytes(place.read_bytes()[:-200])


def _text(place: Path) -> None:
    place.write_text("no zip")


def _rewritten(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    def bend(place: Path) -> None:
        with zipfile.ZipFile(place) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        change(parts)
        with zipfile.ZipFile(place, "w") as file:
            for name, data in parts.items():
                file.writestr(name, data)

    return bend


def _one_score_changed(parts: dict[str, bytes]) -> None:
    parts["record.jsonl"] = parts["record.jsonl"].replace(b'"score": ', b'"score": 1', 1)


def _no_list(parts: dict[str, bytes]) -> None:
    del parts["list.json"]


def _no_record(parts: dict[str, bytes]) -> None:
    del parts["record.jsonl"]


def _other_format(parts: dict[str, bytes]) -> None:
    parts["list.json"] = parts["list.json"].replace(b"rapport-transfer", b"another")


def _other_version(parts: dict[str, bytes]) -> None:
    parts["list.json"] = parts["list.json"].replace(b'"version": 1', b'"version": 99')


def _odd_list(parts: dict[str, bytes]) -> None:
    parts["list.json"] = b'{"format": "rapport-transfer", "version": 1, "parts": [1]}'


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (_cut, "This is not a transfer file of ours."),
        (_text, "This is not a transfer file of ours."),
        (_rewritten(_one_score_changed), "a part does not match its list"),
        (_rewritten(_no_list), "This is not a transfer file of ours."),
        (_rewritten(_no_record), "a part does not match its list"),
        (_rewritten(_other_format), "This is not a transfer file of ours."),
        (_rewritten(_other_version), "made by another version"),
        (_rewritten(_odd_list), "This is not a transfer file of ours."),
    ],
    ids=["cut", "text", "score", "no-list", "no-record", "format", "version", "odd-list"],
)
def test_a_bent_file_is_refused_and_nothing_written(
    seeded: Shell, bend: Callable[[Path], None], words: str
) -> None:
    """Cut, changed or something else: said in plain words, and nothing is kept of it."""
    place = out(seeded)
    site_id, manager = receiver(seeded)
    bend(place)
    done = seeded.run(
        "transfer", "import", "--site", "Alder Creek", "--case-manager", manager, "--confirm", place
    )
    assert 1 == done.code
    assert words in done.err
    assert "Nothing was written." in done.err
    assert [] == [one for one in values_of(seeded, site_id) if isinstance(one, Goal)]


def test_the_place_it_came_from_refuses_it(seeded: Shell) -> None:
    """A school does not receive its own child."""
    place = out(seeded)
    manager = next(
        one.id for one in values_of(seeded, seeded.wired().doors.sites()[0].id) if isinstance(one, Adult)
    )
    done = seeded.run("transfer", "import", "--case-manager", manager, "--confirm", place)
    assert "This record lives at this school already. Nothing was written." in done.err


def test_a_case_manager_nobody_knows_is_refused(seeded: Shell) -> None:
    """Nobody would look after the child; nothing is written."""
    place = out(seeded)
    site_id, _ = receiver(seeded)
    words = ("transfer", "import", "--site", "Alder Creek", "--confirm", place)
    done = seeded.run(*words, "--case-manager", AdultId(new_uuid7()))
    assert "no adult with that id" in done.err
    assert [] == [one for one in values_of(seeded, site_id) if isinstance(one, Goal)]


def test_a_day_to_come_and_odd_options_are_refused(seeded: Shell) -> None:
    """Each with what to do instead; an existing file is never written over."""
    place = out(seeded)
    _, manager = receiver(seeded)
    words = ("transfer", "import", "--site", "Alder Creek", "--case-manager", manager, "--confirm", place)
    assert "--on is a day to come" in seeded.run(*words, "--on", "2099-01-01").err
    export = ("transfer", "export", "--site", "Cedar Hollow School", "--student", MAYA)
    assert "exists" in seeded.run(*export, "--to", place, "--party", PARTY).err
    other = seeded.folder / "other.zip"
    assert "--lang must be" in seeded.run(*export, "--to", other, "--party", PARTY, "--lang", "xx").err
    assert "--party must be" in seeded.run(*export, "--to", other, "--party", "x" * 300).err
    assert not other.exists()
