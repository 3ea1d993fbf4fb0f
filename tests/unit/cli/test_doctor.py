"""``iep doctor``: settings, database, worker and mail are broken for real, and each is named in one line."""

from __future__ import annotations

import socket
import sqlite3
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from iepcore.caseload import Letter
from iepcore.language import FreeText
from lti_app.doctor import database
from lti_app.doctor.finding import State
from lti_app.storage import engine
from lti_app.wiring import utc_now
from tests.contract.connectors.mail_server import Mailbox, serving
from tests.unit.cli.conftest import House, Shell
from tests.unit.cli.hospital import Hospital, by_check
from tests.unit.cli.processes import free_port

# ------------------------------------------------------------------------------------------------ all is well


def test_an_installation_on_its_feet_has_nothing_to_look_at(hospital: Hospital) -> None:
    """Exit 0; a line each; the plain-http warning of a trial aside, which a real address does not have."""
    found = hospital.doctor()

    looks = [one for group in found.values() for one in group if one["state"] == "look"]
    assert ["IEP_PUBLIC_URL is plain http: good for trying out on this machine only."] == [
        one["words"] for one in looks
    ]
    assert {
        "settings",
        "database",
        "disk",
        "writing",
        "secrets",
        "worker",
        "mail",
        "address",
        "proxies",
        "key set",
        "clock",
        "platform keys",
        "issuer",
        "deployments",
        "scopes",
    } == found.keys()


def test_the_doctor_shows_no_secret_and_no_person_and_changes_nothing(seeded: Shell) -> None:
    """Neither keys nor passwords nor names, and every table is as it was."""
    before = seeded.tables()
    environ = {"IEP_SMTP_URL": "smtp://user:pa55word@127.0.0.1:1", "IEP_MAIL_FROM": "office@example.org"}

    done = seeded.run("doctor", **environ)
    told = seeded.run("doctor", "--json", **environ)

    assert before == seeded.tables()
    for text in (done.out + done.err, told.out + told.err):
        assert "pa55word" not in text
        assert seeded.environ["IEP_SECRET_KEYS"] not in text
        assert "Maya" not in text
        assert "Halloran" not in text


def test_lines_say_state_words_and_what_to_do(hospital: Hospital) -> None:
    """One line per finding and a count at the end."""
    hospital.platform.ahead = timedelta(minutes=4, seconds=5)
    done = hospital.shell.run("doctor")

    lines = done.lines
    assert "2 to look at." == lines[-1]
    line = next(one for one in lines if "clock" in one)
    assert line.startswith("look        clock (localhost): This machine's clock is 4 minutes behind")
    assert " → Set this machine's clock by NTP" in line


def test_offline_asks_nobody(hospital: Hospital) -> None:
    """Only what lies on this machine is looked at."""
    found = hospital.doctor("--offline")

    assert {"settings", "database", "disk", "writing", "secrets", "worker"} == found.keys()
    assert [] == list(hospital.platform.server.log)


# -------------------------------------------------------------------------------------- settings and database


def test_missing_and_wrong_settings_are_named(tmp_path: Path) -> None:
    """One finding for each, and nothing else is looked at."""
    shell = Shell(environ={"IEP_PUBLIC_URL": "ftp://x", "IEP_PROXY_HOPS": "9"}, folder=tmp_path)

    found = by_check(shell.run("doctor", "--json"))

    assert {"settings"} == found.keys()
    names = {one["words"].split()[0] for one in found["settings"]}
    assert {"IEP_DATABASE_URL", "IEP_PUBLIC_URL", "IEP_SECRET_KEYS", "IEP_PROXY_HOPS"} == names


def test_a_demo_at_a_public_address_is_told(school: Shell) -> None:
    """Practice pages and real children do not go together."""
    found = by_check(school.run("doctor", "--json", "--offline", IEP_DEMO="1"))

    assert ["IEP_DEMO is on at a public address."] == [one["words"] for one in found["settings"]]


def test_a_missing_database_is_told_and_not_made(shell: Shell) -> None:
    """A typing mistake in the path must not leave an empty file behind."""
    found = by_check(shell.run("doctor", "--json", "--offline"))
    lost = by_check(
        shell.run("doctor", "--json", "--offline", IEP_DATABASE_URL=f"sqlite:///{shell.folder}/no/x.db")
    )

    assert ["The database's file does not exist."] == [one["words"] for one in found["database"]]
    assert ["The database's folder does not exist."] == [one["words"] for one in lost["database"]]
    assert [] == list(shell.folder.iterdir())


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("0001_door", "The tables are of an older program"),
        ("9999_later", "The database has tables of a newer program."),
        (None, "The database has no tables yet."),
    ],
)
def test_tables_of_another_version_are_told(school: Shell, revision: str | None, words: str) -> None:
    """Older, newer or none; what needs the tables is not asked."""
    wired = school.wired()
    with wired.engines.writing() as connection:
        if revision is None:
            connection.execute(sa.text("DELETE FROM alembic_version"))
        else:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": revision})
    wired.engines.close()

    found = by_check(school.run("doctor", "--json", "--offline"))

    assert found["database"][0]["words"].startswith(words)
    assert not found.keys() & {"writing", "secrets", "worker"}


def test_a_server_that_is_away_is_told(school: Shell) -> None:
    """PostgreSQL's port is closed: no trace, one line. Its disk cannot be seen."""
    url = f"postgresql://rapport@127.0.0.1:{free_port()}/rapport"

    found = by_check(school.run("doctor", "--json", "--offline", IEP_DATABASE_URL=url))

    assert ["The database does not answer (store_down)."] == [one["words"] for one in found["database"]]
    assert ["cannot tell"] == [one["state"] for one in found["disk"]]


def test_a_database_that_takes_no_write_is_told(school: Shell, postgres_url: str) -> None:
    """The server knows the tool's user, and lets it read only."""
    district = replace(school, environ={**school.environ, "IEP_DATABASE_URL": postgres_url})
    district.ok("db", "init")
    reader = f"reader_{uuid4().hex}"
    wired = district.wired()
    with wired.engines.writing() as connection:
        connection.execute(sa.text(f"CREATE ROLE {reader} LOGIN"))
        connection.execute(sa.text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}"))
    url = sa.make_url(postgres_url).set(username=reader).render_as_string(hide_password=False)

    found = by_check(district.run("doctor", "--json", "--offline", IEP_DATABASE_URL=url))

    with wired.engines.writing() as connection:
        connection.execute(sa.text(f"DROP OWNED BY {reader}"))
        connection.execute(sa.text(f"DROP ROLE {reader}"))
    wired.engines.close()
    assert ["The database refuses a write (store_failed)."] == [one["words"] for one in found["writing"]]
    assert "ok" == found["database"][0]["state"]


def test_a_database_that_somebody_else_holds_is_told(school: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write lock that does not come is a finding of its own."""
    monkeypatch.setattr(engine.open_engines, "__kwdefaults__", {"busy_milliseconds": 50})
    other = sqlite3.connect(school.folder / "rapport.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    found = by_check(school.run("doctor", "--json", "--offline"))

    other.close()
    assert ["Another program holds the database's write lock."] == [one["words"] for one in found["writing"]]


def test_a_disk_without_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a gigabyte, or under a twentieth of the disk."""
    gigabyte = 1024**3
    for total, free, state in ((500, 400, State.OK), (500, 20, State.LOOK), (10, 0.5, State.LOOK)):
        usage = type("Usage", (), {"total": total * gigabyte, "free": int(free * gigabyte)})
        monkeypatch.setattr(database.shutil, "disk_usage", lambda folder, usage=usage: usage)
        assert state is database.room_of(tmp_path).state


def test_a_secret_sealed_with_a_lost_key_is_told(seeded: Shell) -> None:
    """Rotated without keeping the old key; with it, all is well and it must stay."""
    other, own = Fernet.generate_key().decode(), seeded.environ["IEP_SECRET_KEYS"]

    lost = by_check(seeded.run("doctor", "--json", "--offline", IEP_SECRET_KEYS=other))["secrets"]
    kept = by_check(seeded.run("doctor", "--json", "--offline", IEP_SECRET_KEYS=f"{other},{own}"))["secrets"]

    assert "Stored secrets sealed with a key that is not in IEP_SECRET_KEYS: " in lost[0]["words"]
    assert "Put the earlier key behind the present one" in lost[0]["todo"]
    assert ("ok", True) == (kept[0]["state"], "An older key is still needed" in kept[0]["words"])


@pytest.mark.parametrize(
    ("sending", "words"),
    [("live", "that nobody takes: 1."), ("off", "IEP_SENDING is off. Notices that are due: 1.")],
)
def test_a_worker_that_does_not_run_is_told(
    house: House, house_shell: Shell, sending: str, words: str
) -> None:
    """A notice that has been due for an hour."""
    letter = Letter(
        parts=(FreeText(text="She smiled a lot.", lang="en"),), recipient_ids=frozenset({house.adult("dana")})
    )
    house.clock.at = utc_now() - timedelta(hours=1)
    house.caseload("halloran").writing.send(house.student("maya"), house.goal("maya"), letter, house.key())

    found = by_check(house_shell.run("doctor", "--json", "--offline", IEP_SENDING=sending))

    assert ("look", True) == (found["worker"][0]["state"], words in found["worker"][0]["words"])


# ---------------------------------------------------------------------------------------------------- mail


def _mail(address: str) -> dict[str, str]:
    return {"IEP_SMTP_URL": address, "IEP_MAIL_FROM": "office@example.org"}


def test_a_mail_server_that_is_away_is_told(hospital: Hospital) -> None:
    """A closed port; and a server that is there and gets nothing."""
    away = hospital.one("mail", **_mail(f"smtp://127.0.0.1:{free_port()}"))
    mailbox = Mailbox()
    with serving(mailbox) as port:
        there = hospital.one("mail", **_mail(f"smtp://127.0.0.1:{port}"))
        starttls = hospital.one("mail", **_mail(f"smtp://127.0.0.1:{port}?starttls=1"))

    assert away.startswith("look: The mail server cannot be reached (ConnectionRefusedError).")
    assert there.startswith("ok: The mail server answers. Nothing was sent.")
    assert starttls.startswith("look: The mail server's encryption does not work as IEP_SMTP_URL says.")
    assert [] == mailbox.kept


def test_a_mail_server_that_says_nothing_cannot_be_told(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the call and is silent."""
    monkeypatch.setattr("lti_app.doctor.mail.TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = hospital.one("mail", **_mail(f"smtp://127.0.0.1:{silent.getsockname()[1]}"))

    assert told.startswith("cannot tell: The mail server does not answer in time.")


def test_mail_passwords_and_certificates_are_tried(
    hospital: Hospital, certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An untrusted certificate, a wrong password, and a password that would travel in the open."""
    mailbox = Mailbox()
    with serving(mailbox, tls=certificate[1]) as port:
        untrusted = hospital.one("mail", **_mail(f"smtps://localhost:{port}"))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        trusted = hospital.one("mail", **_mail(f"smtps://localhost:{port}"))
    with serving(mailbox, starttls=certificate[1], login=True) as port:
        wrong = hospital.one("mail", **_mail(f"smtp://notices:wrong@localhost:{port}?starttls=1"))
    insecure = hospital.one("mail", **_mail("smtp://notices:word@mail.example.org:25"))

    assert untrusted.startswith("look: The mail server's encryption does not work")
    assert trusted.startswith("ok: The mail server answers and encrypts.")
    assert wrong.startswith("look: The mail server refuses our user name or password.")
    assert insecure.startswith("look: Our mail password would travel unencrypted.")
    assert [] == mailbox.kept
