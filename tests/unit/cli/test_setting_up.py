"""``iep settings``, ``iep db`` and ``iep site``: what an installer does first, and what can be wrong then."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from iepcore.people import PersonKind, SiteRole
from lti_app.demo.seed import people
from lti_app.storage.migrate import newest
from tests.unit.cli.conftest import KEY, Shell

NOTHING = {"IEP_DATABASE_URL": "", "IEP_PUBLIC_URL": "", "IEP_SECRET_KEYS": ""}


# ------------------------------------------------------------------------------------------------- settings


def test_all_missing_settings_are_told_together(shell: Shell) -> None:
    """Three settings are missing: three lines, one exit code, nothing half done."""
    done = shell.run("db", "init", **NOTHING)

    assert 2 == done.code
    named = re.findall(r"^Setting: (IEP_\w+) is missing", done.err, flags=re.MULTILINE)
    assert ["IEP_DATABASE_URL", "IEP_PUBLIC_URL", "IEP_SECRET_KEYS"] == named
    assert "Traceback" not in done.err


def test_settings_lists_every_setting_and_shows_no_secret(shell: Shell) -> None:
    """Each setting stands with its meaning; given secrets are only said to be given."""
    done = shell.ok("settings")

    assert "IEP_SECRET_KEYS  (needed; given)" in done.out
    assert "IEP_SMTP_URL  (default: none; not given)" in done.out
    assert KEY not in done.out + done.err
    assert "The settings are complete." == done.lines[-1]


def test_check_ends_with_2_and_every_problem(shell: Shell) -> None:
    """``--check`` is for scripts: the exit code says it, the lines say what."""
    done = shell.run(
        "settings", "--check", IEP_PUBLIC_URL="http://rapport.example.org", IEP_SECRET_KEYS="short"
    )

    assert 2 == done.code
    assert "" == done.out
    assert 2 == done.err.count("Problem: ")
    assert "IEP_PUBLIC_URL must start with https://" in done.err
    assert "IEP_SECRET_KEYS holds a key (number 1)" in done.err
    assert "short" not in done.err


def test_a_misspelt_setting_is_pointed_out(shell: Shell) -> None:
    """A setting nobody reads is a warning, for it may be a typing mistake."""
    done = shell.ok("settings", "--check", IEP_SMPT_URL="smtp://mail.example.org")

    assert "Warning: IEP_SMPT_URL is not a setting; look for a typing mistake.\n" == done.err


@pytest.mark.parametrize(
    ("url", "code"),
    [("mysql://host/name", "must start with"), ("sqlite://", "no_database_file")],
    ids=["another database", "memory"],
)
def test_a_database_we_cannot_use_is_refused_in_a_line(shell: Shell, url: str, code: str) -> None:
    """A database of another kind, or one that would be gone with the process."""
    done = shell.run("db", "init", IEP_DATABASE_URL=url)

    assert 0 != done.code
    assert code in done.err
    assert 1 == len(done.err.strip().splitlines())


def test_a_database_that_is_away_is_told_without_its_address(shell: Shell) -> None:
    """No server listens: one line with a code; the URL may hold a password."""
    done = shell.run("db", "init", IEP_DATABASE_URL="postgresql://rapport:hunter2@127.0.0.1:1/rapport")

    assert 1 == done.code
    assert "Refused: store_down. Nothing was changed.\n" == done.err


# ------------------------------------------------------------------------------------------------------- db


def test_init_makes_tables_and_the_default_site_once(shell: Shell) -> None:
    """The second run changes nothing and says so by its silence about the site."""
    first = shell.ok("db", "init", "--school", "Cedar Hollow", "--zone", "America/Denver")
    second = shell.ok("db", "init")

    assert ["Made the site “Cedar Hollow”.", f"The tables are at version {newest()}."] == first.lines
    assert [f"The tables are at version {newest()}."] == second.lines
    assert ["Cedar Hollow  America/Denver"] == [
        line.split("  ", 1)[1] for line in shell.ok("site", "list").lines
    ]


def test_init_makes_a_file_for_its_owner_only(shell: Shell, tmp_path: Path) -> None:
    """Nobody else on the machine may read the records."""
    shell.ok("db", "init")

    assert 0o600 == stat.S_IMODE((tmp_path / "rapport.db").stat().st_mode)


@pytest.mark.parametrize("zone", ["Chicago/America", "America", "", "../../etc/passwd"])
def test_init_refuses_a_zone_nobody_knows(shell: Shell, zone: str) -> None:
    """A site with such a zone could not show a single page, so it is not made."""
    done = shell.run("db", "init", "--zone", zone)

    assert 1 == done.code
    assert "--zone must be an IANA time zone" in done.err
    assert not Path(shell.environ["IEP_DATABASE_URL"].removeprefix("sqlite:///")).exists()


def test_status_tells_missing_and_good_tables(shell: Shell) -> None:
    """Exit 1 with the command that helps, then exit 0."""
    before = shell.run("db", "status")
    shell.ok("db", "init")
    after = shell.run("db", "status")

    assert 1 == before.code
    assert f"Tables: none; this program wants {newest()}.\n" == before.out
    assert "Run: iep db init" in before.err
    assert (0, f"Tables: {newest()}; this program wants {newest()}.\n") == (after.code, after.out)


def test_status_sees_a_table_somebody_changed(school: Shell) -> None:
    """A dropped index is a difference, told by its line."""
    import sqlite3

    connection = sqlite3.connect(school.environ["IEP_DATABASE_URL"].removeprefix("sqlite:///"))
    connection.execute("ALTER TABLE notice_link ADD COLUMN whose TEXT")
    connection.commit()
    connection.close()

    done = school.run("db", "status")

    assert 1 == done.code
    assert "Different: " in done.out
    assert "whose" in done.out
    assert "The tables are not as declared." in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("site", "list"),
        ("site", "create", "Cedar Hollow"),
        ("lms", "list"),
        ("worker", "--once"),
        ("serve",),
        ("data", "export", "--to", "-"),
    ],
    ids=" ".join,
)
def test_commands_without_tables_name_the_one_that_makes_them(shell: Shell, words: tuple[str, ...]) -> None:
    """One line, no trace, nothing written."""
    done = shell.run(*words)

    assert 1 == done.code
    assert "Error: The database has no tables of this version yet. Run: iep db init\n" == done.err
    assert "" == done.out


# ----------------------------------------------------------------------------------------------------- site


def test_create_makes_a_school_with_what_families_know(school: Shell) -> None:
    """Name, zone, telephone number and platform are kept as typed."""
    done = school.ok(
        "site", "create", "Alder Creek", "--zone", "America/Boise", "--phone", "555-0142",
        "--lms-name", "Canvas", "--lms-url", "https://alder.example.org",
    )  # fmt: skip

    wired = school.wired()
    made = next(site for site in wired.doors.sites() if site.name == "Alder Creek")
    wired.engines.close()
    assert f"{made.id}  Alder Creek\n" == done.out
    assert ("America/Boise", "555-0142") == (made.zone, made.phone)
    assert ("Canvas", "https://alder.example.org") == (made.lms_name, made.lms_url)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("My school",), "There is a site of this name already."),
        (("Alder", "--zone", "Nowhere/Here"), "--zone must be an IANA time zone"),
        (("  ",), "A school needs a name."),
    ],
    ids=["same name", "no such zone", "no name"],
)
def test_create_refuses(school: Shell, words: tuple[str, ...], complaint: str) -> None:
    """A second school of the same name could not be told apart on the command line."""
    done = school.run("site", "create", *words)

    assert 1 == done.code
    assert complaint in done.err
    assert 1 == len(school.ok("site", "list").lines)


def test_several_sites_must_be_named(school: Shell) -> None:
    """With two schools a command asks which, and lists both; an unknown one is refused."""
    school.ok("site", "create", "Alder Creek")

    which = school.run("data", "export", "--to", "-")
    unknown = school.run("data", "export", "--to", "-", "--site", "Elsewhere")

    assert (1, 1) == (which.code, unknown.code)
    assert "Say which site with --site." in which.err
    assert "  Alder Creek" in which.err
    assert "  My school" in which.err
    assert "There is no such site. List them with: iep site list" in unknown.err
    assert "" == which.out + unknown.out


# -------------------------------------------------------------------------------------------------- officer


def _practice(seeded: Shell) -> tuple[str, ...]:
    wired = seeded.wired()
    platform = wired.doors.registrations()[0]
    wired.engines.close()
    return ("--issuer", platform.issuer, "--client-id", platform.client_id)


def test_an_officer_is_named_before_they_ever_came(seeded: Shell) -> None:
    """The subject becomes an adult, staff, records officer from the school's own today."""
    done = seeded.ok("site", "officer", *_practice(seeded), "--subject", "new-sub", "--name", "Ida Rowe")

    wired = seeded.wired()
    here = wired.doors.sites()[0]
    source = f"lti:{wired.doors.registrations()[0].id}"
    with wired.store(here.id).read() as uow:
        identity = uow.people.identity(source, "new-sub")
        assert identity is not None
        adult = uow.people.adult(identity.person_id)  # type: ignore[arg-type]
        appointed = uow.people.appointments_of_adult(identity.person_id)  # type: ignore[arg-type]
    today = wired.clock().astimezone(ZoneInfo(here.zone)).date()
    wired.engines.close()
    assert f"Ida Rowe is a records officer of “{here.name}” from today.\n" == done.out
    assert PersonKind.ADULT is identity.kind
    assert adult is not None
    assert ("Ida Rowe", True) == (adult.name, adult.came_as_staff)
    assert [(SiteRole.RECORDS_OFFICER, today)] == [(one.role, one.starts_on) for one in appointed]


def test_naming_an_officer_twice_keeps_one_person(seeded: Shell) -> None:
    """The same subject again is the same adult with the same appointment."""
    words = ("site", "officer", *_practice(seeded), "--subject", "new-sub", "--name", "Ida Rowe")
    seeded.ok(*words)
    before = {name: len(rows) for name, rows in seeded.tables().items()}

    seeded.ok(*words)

    assert before == {name: len(rows) for name, rows in seeded.tables().items()}


def test_a_pupil_never_becomes_an_officer(seeded: Shell) -> None:
    """The subject of a child with a record is refused and nothing is written."""
    subject = next(user["sub"] for user in people()["users"] if user["key"] == "maya")
    before = seeded.tables()

    done = seeded.run("site", "officer", *_practice(seeded), "--subject", subject, "--name", "Nobody")

    assert 1 == done.code
    assert "That id belongs to a pupil. Nothing was changed." in done.err
    assert before == seeded.tables()


def test_a_pupil_of_the_address_book_never_becomes_an_officer(seeded: Shell) -> None:
    """A child without a record is a pupil, too: the course's roster says so."""
    subject = next(user["sub"] for user in people()["users"] if user["key"] == "piper")
    before = seeded.tables()

    done = seeded.run("site", "officer", *_practice(seeded), "--subject", subject, "--name", "Nobody")

    assert 1 == done.code
    assert "That id belongs to a pupil. Nothing was changed." in done.err
    assert before == seeded.tables()


def test_an_officer_of_an_unknown_platform_is_refused(seeded: Shell) -> None:
    """Who vouches for nobody can vouch for no officer."""
    done = seeded.run(
        "site", "officer", "--issuer", "https://other.example.org", "--client-id", "1",
        "--subject", "new-sub", "--name", "Ida Rowe",
    )  # fmt: skip

    assert 1 == done.code
    assert "That platform is not connected. Connect it with: iep lms add" in done.err
