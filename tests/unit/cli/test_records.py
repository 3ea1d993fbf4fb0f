"""``iep data``: everything out, everything in again, and one child's record erased for good."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from iepcore.access import AuditEvent
from iepcore.caseload import Letter
from iepcore.language import FreeText
from iepcore.people import Student
from lti_app.demo.caseload import children, demo_id
from tests.unit.cli.conftest import House, Shell

MAYA = demo_id("student", "maya")


def values_of(shell: Shell, site_name: str | None = None) -> list[object]:
    """Return everything a site holds, the trail left out."""
    wired = shell.wired()
    site = next(one for one in wired.doors.sites() if site_name in (None, one.name))
    with wired.store(site.id).read() as uow:
        found = [value for value in uow.archive.values() if not isinstance(value, AuditEvent)]
    wired.engines.close()
    return found


def trail_of(shell: Shell) -> list[str]:
    """Return what the trail says was done, oldest first."""
    wired = shell.wired()
    with wired.store(wired.doors.sites()[0].id).read() as uow:
        found = [value for value in uow.archive.values() if isinstance(value, AuditEvent)]
    wired.engines.close()
    return [event.what for event in sorted(found, key=lambda event: event.at)]


def export(shell: Shell, *more: str, name: str = "out.jsonl") -> Path:
    """Export to a new file and return it."""
    place = shell.folder / name
    shell.ok("data", "export", "--to", place, *more)
    return place


# -------------------------------------------------------------------------------------------- out and in


def test_an_export_read_into_an_empty_school_is_the_same_school(seeded: Shell) -> None:
    """Every value comes back equal, in another site of the same database."""
    place = export(seeded)
    seeded.ok("site", "create", "Alder Creek")

    done = seeded.ok("data", "import", "--site", "Alder Creek", place)

    assert re.fullmatch(r"Read \d+ values into “Alder Creek”\.\n", done.err)
    first, second = values_of(seeded, "Cedar Hollow School"), values_of(seeded, "Alder Creek")
    assert 400 < len(first)
    assert first == second


def test_an_export_is_a_new_file_for_its_owner_only(seeded: Shell) -> None:
    """Mode 600, a header, one JSON document a line, and a line in the trail."""
    place = export(seeded)

    assert 0o600 == stat.S_IMODE(place.stat().st_mode)
    lines = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    assert ("rapport-export", 1) == (lines[0]["format"], lines[0]["version"])
    assert "data_export" in trail_of(seeded)


def test_an_export_never_overwrites(seeded: Shell) -> None:
    """A file that is there stays as it is, even through a link."""
    precious = seeded.folder / "precious.txt"
    precious.write_text("years of work", encoding="utf-8")
    link = seeded.folder / "link.jsonl"
    link.symlink_to(seeded.folder / "not-yet.jsonl")

    there = seeded.run("data", "export", "--to", precious)
    through = seeded.run("data", "export", "--to", link)

    assert (1, 1) == (there.code, through.code)
    assert "exists. Choose a new name." in there.err
    assert "years of work" == precious.read_text(encoding="utf-8")
    assert not (seeded.folder / "not-yet.jsonl").exists()


def test_an_export_into_a_missing_folder_is_told_in_a_line(seeded: Shell) -> None:
    """No trace of our code, and no note of an export that did not take place."""
    done = seeded.run("data", "export", "--to", seeded.folder / "missing" / "out.jsonl")

    assert 1 == done.code
    assert "cannot be made: No such file or directory." in done.err
    assert "data_export" not in trail_of(seeded)


def test_half_an_export_is_taken_away(seeded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full in the middle, no file is left that looks like an export."""
    real = iter(range(3))

    def full(lines: object, file: object) -> int:
        file.write("the first lines")  # type: ignore[attr-defined]
        raise OSError(28, f"No space left {next(real)}")

    monkeypatch.setattr("lti_app.cli.records._write", full)
    with pytest.raises(OSError, match="No space left"):
        seeded.run("data", "export", "--to", seeded.folder / "out.jsonl")

    assert not (seeded.folder / "out.jsonl").exists()


def test_an_export_goes_to_standard_output(seeded: Shell) -> None:
    """``-`` writes the lines and nothing but the lines; the count goes to standard error."""
    done = seeded.ok("data", "export", "--to", "-")

    assert f"Wrote {len(done.lines) - 1} values." == done.err.splitlines()[-1]
    assert "rapport-export" == json.loads(done.lines[0])["format"]


def test_one_childs_export_holds_that_child_only(seeded: Shell) -> None:
    """Names of the other 23 children stand nowhere in it."""
    text = export(seeded, "--student", str(MAYA)).read_text(encoding="utf-8")

    assert "Maya" in text
    others = [child["legal_name"] for child in children() if child["key"] != "maya"]
    assert [] == [name for name in others if name in text]
    assert [] == [child["key"] for child in children() if child["key"] != "maya" and _id(child) in text]


def _id(child: object) -> str:
    return str(demo_id("student", child["key"]))  # type: ignore[index]


def test_the_export_of_nobody_makes_no_file(seeded: Shell) -> None:
    """An id that is no child's here is a mistake to be told, not an empty export."""
    done = seeded.run("data", "export", "--student", uuid4(), "--to", seeded.folder / "out.jsonl")

    assert 1 == done.code
    assert "There is no such record here." in done.err
    assert not (seeded.folder / "out.jsonl").exists()


# ---------------------------------------------------------------------------------------------- bad files


def test_every_bad_line_is_told_and_nothing_is_written(seeded: Shell) -> None:
    """Broken JSON, a document that is none, a kind nobody knows, a field out of range: each by its line."""
    place = export(seeded)
    lines = place.read_text(encoding="utf-8").splitlines()
    point = next(number for number, line in enumerate(lines) if '"observed_on"' in line)
    lines[2], lines[4] = "{broken", "[1, 2]"
    lines[6] = json.dumps({**json.loads(lines[6]), "type": "spell"})
    lines[point] = json.dumps({**json.loads(lines[point]), "observed_on": "yesterday"})
    broken = seeded.folder / "broken.jsonl"
    broken.write_text("\n".join(lines), encoding="utf-8")
    seeded.ok("site", "create", "Alder Creek")
    before = seeded.tables()

    done = seeded.run("data", "import", "--site", "Alder Creek", broken)

    assert 1 == done.code
    for number in (3, 5, 7, point + 1):
        assert re.search(rf"^line {number}\b", done.err, flags=re.MULTILINE), done.err
    assert "Nothing was written." in done.err
    assert "yesterday" not in done.err
    assert before == seeded.tables()


def test_a_thousand_bad_lines_are_counted_past_the_first_fifty(seeded: Shell) -> None:
    """The screen stays readable and says how many more there are."""
    place = seeded.folder / "broken.jsonl"
    header = '{"format": "rapport-export", "version": 1, "made_at": "2026-11-23T16:30:00+00:00"}'
    place.write_text("\n".join([header, *["{"] * 60]), encoding="utf-8")

    done = seeded.run("data", "import", place)

    assert 50 == done.err.count(": not_json")
    assert "… and 10 more." in done.err


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not_an_export"),
        (b"name,grade\nMaya,3\n", "not_an_export"),
        (b'{"format": "rapport-export", "version": 99}\n', "export_version"),
        (b"PK\x03\x04\xff\xfe\x00Maya", "cannot be read as text"),
        (b"[" * 100_000, "not_an_export"),
    ],
    ids=["empty", "a table", "of a later program", "a zip", "a thousand brackets"],
)
def test_a_file_that_is_no_export_is_refused_in_a_line(school: Shell, content: bytes, complaint: str) -> None:
    """Whatever it is, none of its words are repeated and nothing is written."""
    place = school.folder / "file"
    place.write_bytes(content)
    before = school.tables()

    done = school.run("data", "import", place)

    assert 1 == done.code
    assert complaint in done.err
    assert "Nothing was written." in done.err
    assert "Maya" not in done.err
    assert before == school.tables()


def test_an_import_into_a_school_with_records_is_refused(seeded: Shell) -> None:
    """Two schools' records are never poured together: not the same export, not a child's, not by mistake."""
    place = export(seeded, "--student", str(MAYA))
    before = seeded.tables()

    done = seeded.run("data", "import", place)

    assert 1 == done.code
    assert "“Cedar Hollow School” is not empty." in done.err
    assert before == seeded.tables()


# -------------------------------------------------------------------------------------------------- erase


def test_erase_without_yes_only_says_what_would_go(seeded: Shell) -> None:
    """The count is that of the child's own export, and not one row changes."""
    before = seeded.tables()

    done = seeded.ok("data", "erase", "--student", MAYA)

    exported = export(seeded, "--student", str(MAYA)).read_text(encoding="utf-8").count("\n") - 1
    assert re.match(r"(\d+) values would be erased\.", done.out)
    assert 0 < int(done.out.split()[0]) <= exported
    assert "then add --yes." in done.out
    after = seeded.tables()
    trail = {"audit_event", "chain_head"}
    assert {n: r for n, r in before.items() if n not in trail} == {
        n: r for n, r in after.items() if n not in trail
    }


def test_an_unknown_child_cannot_be_erased(seeded: Shell) -> None:
    """Not even a note in the trail is made of a mistyped id."""
    before = seeded.tables()

    done = seeded.run("data", "erase", "--student", uuid4(), "--yes")

    assert 1 == done.code
    assert "There is no such record here." in done.err
    assert before == seeded.tables()


def test_nothing_of_an_erased_child_is_left_in_any_table(house: House, house_shell: Shell) -> None:
    """A child with points, notes, notices, replies, a draft and log entries: neither a name nor the id is
    anywhere, and the trail says that a record was erased."""
    child = next(child for child in children() if child["key"] == "maya")
    teacher = house.caseload("halloran")
    letter = Letter(
        parts=(FreeText(text="Maya smiled a lot.", lang="en"),),
        recipient_ids=frozenset({house.adult("dana")}),
    )
    teacher.writing.send(house.student("maya"), house.goal("maya"), letter, house.key())  # type: ignore[arg-type]
    house.post(f"/app/g/{house.goal('maya')}/write/keep", {"went_well": "Maya, my draft"}, as_="halloran")
    house.get(f"/app/g/{house.goal('maya')}", as_="halloran")
    house.get(f"/app/g/{house.goal('maya')}/talk", as_="dana")
    before = _found(house_shell, child)
    assert {"student", "goal", "data_point", "message", "outbox_item"} <= before.keys(), before

    done = house_shell.ok("data", "erase", "--student", MAYA, "--yes")

    assert re.search(r"^ +1  student$", done.out, flags=re.MULTILINE)
    assert "Maya" not in done.out
    assert {} == _found(house_shell, child)
    kept = [value.preferred_name for value in values_of(house_shell) if isinstance(value, Student)]
    assert 23 == len(kept)
    assert {"data_erase", "trail_blanked"} <= set(trail_of(house_shell))


def test_nothing_of_an_erased_child_is_left_in_any_byte(house: House, house_shell: Shell) -> None:
    """Once nobody has the file open, no free page of it remembers a name or a note either."""

    def written() -> bytes:
        return b"".join(path.read_bytes() for path in sorted(house_shell.folder.glob("house.db*")))

    before = written()
    house_shell.ok("data", "erase", "--student", MAYA, "--yes")
    house.wired.engines.close()

    assert b"Maya" in before
    assert b"echo reading" in before
    assert b"Maya" not in written()
    assert b"echo reading" not in written()


def _found(shell: Shell, child: object) -> dict[str, str]:
    """Return the tables in which the child's names, platform id or our id stand, and what was found there."""
    row = dict(child)  # type: ignore[call-overload]
    student_id = UUID(str(demo_id("student", row["key"])))
    names = re.compile(rf"{row['legal_name']}|\b{row['preferred_name']}\b")
    found = {}
    for table, rows in shell.tables().items():
        cells = [cell for line in rows for cell in line if cell is not None]
        text = "\n".join(cell for cell in cells if isinstance(cell, str))
        raw = b"\n".join(cell for cell in cells if isinstance(cell, bytes))
        if names.search(text) or names.search(raw.decode("utf-8", "replace")):
            found[table] = "name"
        elif str(student_id) in text or student_id.hex in text or student_id.bytes in raw:
            found[table] = "id"
    return found
