"""``iep roster``: a file looked at without a database, what it would change, and the change; never a name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from iepcore.caseload import ROSTERS
from iepcore.people import PullProgress, RosterMember
from lti_app.cli.roster_words import Bar
from tests.contract.connectors.oneroster_zip import (
    CLASSES,
    ENROLLMENTS,
    PEOPLE,
    District,
    Row,
    enrolled,
    user,
)
from tests.unit.cli.conftest import Done, Shell
from tests.unit.cli.processes import run

NAMES = ("Maya", "Thompson", "Omar", "Haidari", "Lena", "Nguyen", "Grace", "Farid", "Reed", "example.com")
GONE = {"status": "tobedeleted", "dateLastModified": "2026-11-01"}
MORE = tuple(user(f"s-{number}", "student", "Sam", f"Lee{number}") for number in range(4))
BIG = (*ENROLLMENTS, *(enrolled("c-math", f"s-{number}") for number in range(4)))


@pytest.fixture
def zip_file(tmp_path: Path) -> Path:
    """Return the small district."""
    return District().write(tmp_path / "r.zip")


def lines_of(shell: Shell, source: str = "oneroster") -> list[RosterMember]:
    """Return the active lines of the address book."""
    wired = shell.wired()
    try:
        with wired.store(wired.doors.sites()[0].id).read() as uow:
            return [one for one in uow.people.roster(source) if one.active]
    finally:
        wired.engines.close()


def nameless(done: Done) -> Done:
    """Return what a command said, which must name nobody."""
    assert not [name for name in NAMES if name in done.out + done.err]
    return done


# ---------------------------------------------------------------------------------------------- check


def test_a_good_file_is_counted(shell: Shell, zip_file: Path) -> None:
    """Version, schools, numbers; no database and no setting is needed."""
    done = nameless(shell.ok("roster", "check", zip_file, IEP_SECRET_KEYS="", IEP_DATABASE_URL=""))

    assert [
        "OneRoster 1.1, whole (bulk).",
        "7 people, 3 classes, 8 enrollments",
        "  school org-1  Cedar Hollow School  3 classes",
        "3 of 3 courses are whole; 0 problems.",
    ] == done.lines
    assert "" == done.err


def test_problems_have_file_line_and_columns(shell: Shell, tmp_path: Path) -> None:
    """As compilers tell theirs; the first fifty, or all; and the command ends with 1."""
    bad = [enrolled("c-read", "s-none"), *(enrolled("c-art", "s-lena", "odd") for _ in range(60))]
    path = District(enrollments=[*ENROLLMENTS, *bad]).write(tmp_path / "r.zip")
    done = nameless(shell.run("roster", "check", path))

    told = done.err.splitlines()
    assert (1, 51) == (done.code, len(told))
    assert "enrollments.csv:10: userSourcedId: it names an id that no file tells" == told[0]
    assert "enrollments.csv:11: role: a cell has no form that we can read" == told[1]
    assert "… and 11 more." == told[-1]
    assert 61 == len(shell.run("roster", "check", path, "--all").err.splitlines())


def test_a_file_that_is_none_says_what_to_do(shell: Shell, tmp_path: Path) -> None:
    """In a sentence, with the file and columns of the standard it is about."""
    path = tmp_path / "r.zip"
    path.write_text("no zip", encoding="utf-8")
    done = shell.run("roster", "check", path)
    assert (1, True) == (done.code, "This is not a zip file." in done.err)

    District(files={"users.csv": b"sourcedId\r\n"}).write(path)
    assert "(users.csv role)" in shell.run("roster", "check", path).err
    assert "(sis_id)" in shell.run("roster", "check", path, "--sis-id", "name").err


def test_a_check_in_json(shell: Shell, tmp_path: Path) -> None:
    """One document, for a program."""
    path = District(enrollments=[*ENROLLMENTS, enrolled("c-read", "s-none")]).write(tmp_path / "r.zip")
    done = shell.run("roster", "check", path, "--json")
    document = json.loads(nameless(done).out)

    assert ("1.1", "bulk", 3, 2, 1) == tuple(
        document[key] for key in ("version", "kind", "courses", "whole_courses", "problems")
    )
    row = {"file": "enrollments.csv", "line": 10, "code": "id_dangling", "columns": ["userSourcedId"]}
    assert [row] == document["rows"]


def test_changes_are_checked_for_their_form(shell: Shell, tmp_path: Path) -> None:
    """What they are about is known to the address book only."""
    path = District(mode="delta").write(tmp_path / "r.zip")
    done = shell.ok("roster", "check", path)
    assert "OneRoster 1.1, changes only (delta)." == done.lines[0]
    assert [] == json.loads(shell.ok("roster", "check", path, "--json").out)["schools"]


def test_the_connectors_are_listed(shell: Shell) -> None:
    """Ours with their package."""
    done = shell.ok("roster", "sources", IEP_SECRET_KEYS="", IEP_DATABASE_URL="")

    assert ["canvas", "google", "oneroster"] == [
        line.split()[0] for line in done.lines if " iepcore " in line
    ]


# --------------------------------------------------------------------------------------------- import


def test_without_yes_nothing_is_changed(school: Shell, zip_file: Path) -> None:
    """The numbers are told, and how to take it in."""
    before = school.tables()
    for more in ([], ["--dry-run"], ["--dry-run", "--yes"]):
        done = nameless(school.ok("roster", "import", zip_file, *more))
        assert "Reading 4:  6 come, 0 leave, 0 change" in done.lines
        assert "3 courses: 11 come, 0 leave, 0 change." in done.lines
        assert "Nothing was changed. Take it in with: --yes" == done.lines[-1]
    assert before == school.tables()


def test_with_yes_it_is_taken_in_and_again_changes_nothing(school: Shell, zip_file: Path) -> None:
    """The address book holds everybody once a course; parents by their link."""
    done = nameless(school.ok("roster", "import", zip_file, "--yes"))
    assert done.lines[-1].endswith(": done.")
    assert 11 == len(lines_of(school))

    again = school.ok("roster", "import", zip_file, "--yes")
    assert "3 courses: 0 come, 0 leave, 0 change." == again.lines[0]
    assert 11 == len(lines_of(school))


def test_who_is_gone_from_a_whole_file_leaves(school: Shell, tmp_path: Path) -> None:
    """Of a course that is there, and with a course that is there no more."""
    path = tmp_path / "r.zip"
    people = [*PEOPLE, *MORE]
    District(people=people, enrollments=BIG).write(path)
    school.ok("roster", "import", path, "--yes")
    fewer = [one for one in BIG if one["userSourcedId"] != "s-1" and one["classSourcedId"] != "c-art"]
    District(people=people, classes=CLASSES[:2], enrollments=fewer).write(path)
    done = school.ok("roster", "import", path, "--yes")

    assert "Mathematics 4:  0 come, 1 leave, 0 change" in done.lines
    assert "1 courses are in the file no more." in done.lines
    left = {(one.context_id, one.subject) for one in lines_of(school)}
    assert ("c-math", "s-1") not in left
    assert {"c-read", "c-math"} == {course for course, _ in left}


def test_a_course_of_which_most_would_leave_waits(school: Shell, tmp_path: Path) -> None:
    """More likely a fault of the file than the truth: a person says so."""
    path = tmp_path / "r.zip"
    District(people=[*PEOPLE, *MORE], enrollments=BIG).write(path)
    school.ok("roster", "import", path, "--yes")
    District(people=PEOPLE, enrollments=BIG[:6]).write(path)
    done = school.ok("roster", "import", path, "--yes")

    assert "1 courses wait: more than half would leave. A person says under “Rosters” if so." in done.lines
    assert "s-3" in {one.subject for one in lines_of(school)}


def delta(path: Path, rows: Sequence[Row]) -> Path:
    """Write changes of enrollments."""
    return District(mode="delta", people=(), classes=(), enrollments=rows).write(path)


def test_changes_are_applied_to_what_is_known(school: Shell, zip_file: Path, tmp_path: Path) -> None:
    """Who is not named stays, who is deleted leaves, who is new comes with the name that is known."""
    school.ok("roster", "import", zip_file, "--yes")
    rows = [
        enrolled("c-read", "s-omar", **GONE),
        enrolled("c-art", "s-lena", status="active"),
        enrolled("c-other", "s-lena", status="active"),
    ]
    done = nameless(school.ok("roster", "import", delta(tmp_path / "d.zip", rows), "--yes"))

    assert "Reading 4:  0 come, 1 leave, 0 change" in done.lines
    assert "1 changes are about classes that are not known here." in done.lines
    found = {(one.context_id, one.subject): one.name for one in lines_of(school)}
    assert ("c-read", "s-omar") not in found
    assert "Lena Nguyen" == found["c-art", "s-lena"]
    assert ("c-read", "s-maya") in found


def test_an_import_in_json(school: Shell, zip_file: Path) -> None:
    """Numbers by course, and how it ended."""
    preview = json.loads(nameless(school.ok("roster", "import", zip_file, "--json")).out)
    done = json.loads(school.ok("roster", "import", zip_file, "--json", "--yes").out)

    assert ("preview", "done") == (preview["state"], done["state"])
    reading = {"id": "c-read", "title": "Reading 4", "come": 6, "leave": 0, "change": 0, "whole": True}
    assert reading in preview["courses"]


def test_rows_that_cannot_be_read_make_nobody_leave(school: Shell, zip_file: Path, tmp_path: Path) -> None:
    """The course is partial, and the rows are told."""
    school.ok("roster", "import", zip_file, "--yes")
    rows = [*ENROLLMENTS[:3], enrolled("c-read", "s-omar", "odd"), *ENROLLMENTS[4:]]
    path = District(enrollments=rows).write(tmp_path / "bad.zip")
    done = school.ok("roster", "import", path, "--yes")

    assert "1 are not whole: from silence nobody leaves them." in done.lines
    assert "enrollments.csv:5: role" in done.err
    assert ("c-read", "s-omar") in {(one.context_id, one.subject) for one in lines_of(school)}


def test_options_stay_with_their_source(school: Shell, zip_file: Path) -> None:
    """Other options under the same name would make everybody somebody else."""
    options = ["--sis-id", "sourcedId", "--mail-domain", "cedar.example.org", "--mail-domain", "b.example"]
    school.ok("roster", "import", zip_file, "--yes", *options)
    assert {"s-maya"} == {one.sis_id for one in lines_of(school) if one.subject == "s-maya"}
    assert any(one.email_verified for one in lines_of(school))

    refused = school.run("roster", "import", zip_file, "--yes", "--sis-id", "identifier")
    assert (1, True) == (refused.code, "connected with other options" in refused.err)
    school.ok("roster", "import", zip_file, "--yes")
    assert {"s-maya"} == {one.sis_id for one in lines_of(school) if one.subject == "s-maya"}
    school.ok("roster", "import", zip_file, "--yes", "--sis-id", "identifier", "--source", "other")
    assert 11 == len(lines_of(school, "other"))


def test_while_another_pull_waits_it_is_refused(school: Shell, zip_file: Path) -> None:
    """One at a time, and a person's decision first."""
    school.ok("roster", "import", zip_file, "--yes")
    wired = school.wired()
    site = wired.doors.sites()[0]
    desk = wired.job(site, ROSTERS).rosters
    desk.ask(desk.feeds()[0].feed.id)
    wired.engines.close()
    refused = school.run("roster", "import", zip_file, "--yes")

    assert (1, True) == (refused.code, "waits for your answer" in refused.err)


def test_a_broken_file_is_refused_before_anything(school: Shell, tmp_path: Path) -> None:
    """Half a file on a full disk changes nothing."""
    path = District().write(tmp_path / "r.zip")
    path.write_bytes(path.read_bytes()[:-100])
    before = school.tables()
    done = school.run("roster", "import", path, "--yes")

    assert (1, True) == (done.code, "cut off or damaged" in done.err)
    assert before == school.tables()


# ------------------------------------------------------------------------------------------ progress


def test_a_bar_on_a_terminal_and_none_elsewhere() -> None:
    """The last line only, taken away at the end."""
    written: list[str] = []
    bar = Bar(write=written.append, shown=True)
    bar.rows(4000)
    bar.tell(PullProgress(done=0, of=4))
    bar.tell(PullProgress(done=1, of=4))
    bar.end()
    bar.end()

    assert ["\r4,000 rows read", f"\r[{'#' * 7}{'.' * 23}] 1 of 4 courses"] == written[:2]
    assert [f"\r{' ' * len(written[1][1:])}\r"] == written[2:]
    silent = Bar(write=written.append, shown=False)
    silent.rows(1)
    silent.end()
    assert 3 == len(written)


def test_as_a_process(tmp_path: Path) -> None:
    """The installed program, with nothing of a terminal on standard error."""
    rows = [*ENROLLMENTS, enrolled("c-read", "s-none")]
    path = District(enrollments=rows).write(tmp_path / "r.zip")
    done = run(["roster", "check", str(path)], {}, tmp_path)

    assert 1 == done.returncode
    assert "enrollments.csv:10: userSourcedId: it names an id that no file tells\n" == done.stderr


def test_the_small_district_is_what_these_tests_think() -> None:
    """Counts above follow from it."""
    assert (7, 3, 8) == (len(PEOPLE), len(CLASSES), len(ENROLLMENTS))
    assert "bulk" == replace(District(), version="1.2").mode
