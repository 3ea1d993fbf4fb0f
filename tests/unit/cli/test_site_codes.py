"""``iep site codes``: what a school's report cards print for the words of a finding."""

from __future__ import annotations

import pytest

from iepcore.plan import ReportCodes
from iepcore.progress import FindingWord
from tests.unit.cli.conftest import Shell

NOTHING = {
    "met": "(no code)",
    "on track": "(no code)",
    "close": "(no code)",
    "not yet": "(no code)",
    "not enough data": "(no code)",
    "not introduced": "(no code)",
}


def _shown(lines: list[str]) -> dict[str, str]:
    """Return what was printed, word by word."""
    return {word: code.strip() for word, code in (line.split(":", 1) for line in lines)}


def _kept(shell: Shell, name: str = "My school") -> ReportCodes:
    wired = shell.wired()
    (found,) = [one.report_codes for one in wired.doors.sites() if one.name == name]
    wired.engines.close()
    return found


def test_school_begins_without_codes(school: Shell) -> None:
    """Alone it shows, in the order of the words, and changes nothing."""
    before = school.tables()
    done = school.ok("site", "codes")

    assert NOTHING == _shown(done.lines)
    assert [word.value.replace("_", " ") for word in FindingWord] == list(_shown(done.lines))
    assert before == school.tables()


def test_every_word_takes_its_code(school: Shell) -> None:
    """What was given is shown at once, shown again, and kept for the screens; the site is as it was else."""
    words = [
        "--met", "M", "--on-track", "SP", "--close", "IP", "--not-yet", "NY",
        "--not-enough-data", "NE", "--not-introduced", "NI",
    ]  # fmt: skip
    wired = school.wired()
    before = wired.doors.sites()[0]
    wired.engines.close()
    done = school.ok("site", "codes", *words)

    assert ["M", "SP", "IP", "NY", "NE", "NI"] == list(_shown(done.lines).values())
    assert done.lines == school.ok("site", "codes").lines
    assert ReportCodes(
        met="M", on_track="SP", close="IP", not_yet="NY", not_enough_data="NE", not_introduced="NI"
    ) == _kept(school)
    wired = school.wired()
    after = wired.doors.sites()[0]
    wired.engines.close()
    assert (before.id, before.name, before.zone, before.phone) == (
        after.id,
        after.name,
        after.zone,
        after.phone,
    )


def test_code_is_changed_alone_and_taken_away_by_nothing(school: Shell) -> None:
    """What is not named stays; an empty code is none; spaces around one are not part of it."""
    school.ok("site", "codes", "--met", "M", "--on-track", "Sufficient progress")
    done = school.ok("site", "codes", "--on-track", "  SP ", "--met", "")

    assert NOTHING | {"on track": "SP"} == _shown(done.lines)
    assert ReportCodes(on_track="SP") == _kept(school)


def test_code_that_is_too_long_names_its_option(school: Shell) -> None:
    """And none of the others given with it is kept."""
    done = school.run("site", "codes", "--met", "M", "--not-enough-data", "x" * 41)

    assert (1, "") == (done.code, done.out)
    assert "Error: --not-enough-data: a code has 40 characters at most. Nothing was changed.\n" == done.err
    assert ReportCodes() == _kept(school)
    assert 40 == len(_shown(school.ok("site", "codes", "--met", "x" * 40).lines)["met"])


def test_word_that_is_no_finding_is_no_option(school: Shell) -> None:
    """A slip of the pen is pointed out."""
    done = school.run("site", "codes", "--ontrack", "SP")

    assert 2 == done.code
    assert "--on-track" in done.err
    assert ReportCodes() == _kept(school)


def test_codes_are_each_schools_own(school: Shell) -> None:
    """With two schools it asks which; the other keeps its own."""
    school.ok("site", "create", "Alder Creek")
    which = school.run("site", "codes", "--met", "M")
    done = school.ok("site", "codes", "--site", "Alder Creek", "--met", "Met")

    assert 1 == which.code
    assert "Say which site with --site." in which.err
    assert "Met" == _shown(done.lines)["met"]
    assert (ReportCodes(), ReportCodes(met="Met")) == (_kept(school), _kept(school, "Alder Creek"))
    assert NOTHING == _shown(school.ok("site", "codes", "--site", "My school").lines)


def test_help_names_every_word(school: Shell) -> None:
    """Six options, one sentence each."""
    done = school.ok("site", "codes", "--help")

    assert all(f"--{word.value.replace('_', '-')}" in done.out for word in FindingWord)
    assert "Code for “on track”" in done.out


@pytest.mark.parametrize("words", [("site", "codes"), ("site", "codes", "--met", "M")], ids=" ".join)
def test_without_tables_it_names_the_command_that_makes_them(shell: Shell, words: tuple[str, ...]) -> None:
    """Nothing to show and nowhere to keep."""
    done = shell.run(*words)

    assert 1 == done.code
    assert "Run: iep db init" in done.err
