"""``iep privacy report``: the page of an installation names its servers, and nobody and no secret."""

from __future__ import annotations

import csv
import io

from lti_app.privacy.schedule import CATEGORIES
from tests.unit.cli.conftest import Shell


def test_the_page_names_servers_and_no_secret_and_nobody(seeded: Shell) -> None:
    """Hosts of platform, Canvas and mail; no key, no password, no child, no path of this machine."""
    done = seeded.ok(
        "privacy",
        "report",
        IEP_SMTP_URL="smtps://user:pa55word@mail.school.example:587",
        IEP_MAIL_FROM="office@school.example",
    )

    assert "an SQLite file on the tool's own server" in done.out
    assert "| mail.school.example | notices without content" in done.out
    assert "| localhost | requests for rosters and keys" in done.out
    assert "Installation at https://rapport.example.org." in done.out
    for secret in ("pa55word", "x" * 40, seeded.environ["IEP_SECRET_KEYS"], str(seeded.folder), "Maya"):
        assert secret not in done.out


def test_a_school_with_nothing_connected_says_so(school: Shell) -> None:
    """No LMS, no Canvas key, no mail server."""
    out = school.ok("privacy", "report").out

    for words in ("no LMS is connected", "no Canvas API key is set", "no mail server is set"):
        assert words in out
    assert "| Transcript | not collected |" in out


def test_a_database_server_is_named_without_its_password(school: Shell) -> None:
    """Host only."""
    from lti_app.cli.privacy import installed_here
    from lti_app.wiring import Wired

    class Settings:
        database_url = "postgresql://rapport:pa55word@db.school.example/rapport"
        public_url = "https://rapport.example.org"
        smtp = None

    wired: Wired = school.wired()
    wired.settings = Settings()  # type: ignore[assignment]
    assert "PostgreSQL at db.school.example" == installed_here(wired).database
    wired.engines.close()


def test_the_table_has_a_line_for_every_category(shell: Shell) -> None:
    """Without any settings; what is not collected says no."""
    done = shell.ok("privacy", "report", "--generic", "--format", "csv", IEP_DATABASE_URL="")

    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(CATEGORIES) == list(dict.fromkeys(row["category"] for row in rows))
    assert {"yes", "no"} == {row["collected"] for row in rows}
    assert [] == [row for row in rows if (row["collected"] == "yes") is not bool(row["erased by"])]
    assert "legal_name preferred_name" in {row["columns"] for row in rows}


def test_no_answer_is_a_verdict(shell: Shell) -> None:
    """It says what the program does, never that this is enough."""
    out = shell.ok("privacy", "report", "--generic").out.lower()

    assert [] == [word for word in ("compliant", "complies", "certified", "guarantee") if word in out]
