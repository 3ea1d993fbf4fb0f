"""``iep google``: the client, what it may be used for, and the service account with its few people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors.google_classroom import COURSE_SCOPES, ROSTER_SCOPES
from lti_app.doors.google.clients import add_google_client
from lti_app.doors.google.endpoints import practice
from tests.contract.connectors.google_fake import FakeGoogle
from tests.unit.cli.conftest import Done, Shell

CLIENT = (
    "--client-id",
    "1234.apps.example",
    "--client-secret",
    "word-of-secret",
    "--domain",
    "school.example",
)
ADMIN = "robin.price@school.example"


def add(school: Shell, *more: str) -> Done:
    """Give the school its Google client."""
    return school.run("google", "add", *CLIENT, *more)


@pytest.fixture(scope="module")
def google_server() -> Iterator[HTTPServer]:
    """One server for all tests of this module."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def google(school: Shell, google_server: HTTPServer) -> Iterator[FakeGoogle]:
    """A fake Google that is the school's."""
    wired = school.wired()
    fake = FakeGoogle(google_server, wired.clock, None)
    add_google_client(
        wired.doors,
        wired.installs,
        wired.doors.sites()[0],
        client_id="1234.apps.example",
        client_secret="word-of-secret",
        domains=["school.example"],
        clock=wired.clock,
        endpoints=practice(fake.url),
    )
    wired.engines.close()
    yield fake
    google_server.check_handler_errors()
    google_server.clear()


def key_file(folder: Path, text: str) -> str:
    """Write a key file."""
    path = folder / "key.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def real_key(google: FakeGoogle, allowed: frozenset[str] = frozenset(COURSE_SCOPES)) -> str:
    """Return a key file that points at the fake."""
    return google.desk.new_account(allowed).replace("https://oauth2.googleapis.com", google.url)


def test_a_client_is_kept_and_its_addresses_told(school: Shell) -> None:
    """Both redirect addresses, and no secret."""
    done = add(school)

    assert 0 == done.code, done.err
    assert [
        "Stored for “My school”. The client's redirect addresses must be:",
        "  https://rapport.example.org/classroom/back",
        "  https://rapport.example.org/google/back",
    ] == done.lines[:3]
    assert "word-of-secret" not in done.out + done.err + str(school.tables())


def test_a_wrong_client_is_refused(school: Shell) -> None:
    """In one plain line."""
    done = add(school, "--domain", "not a domain")

    assert 0 != done.code
    assert "Refused: google_domain. Nothing was changed." in done.err


@pytest.mark.parametrize("verb", ["use", "service-account", "show", "check"])
def test_everything_else_needs_a_client(school: Shell, verb: str) -> None:
    """The first step is told."""
    done = school.run("google", verb)

    assert 0 != done.code
    assert "This school has no Google client yet." in done.err


def test_uses_are_chosen_one_by_one(school: Shell) -> None:
    """What is not named stays as it is; each scope comes with its reason."""
    add(school)
    first = school.ok("google", "use", "--mail", "--rosters").out
    second = school.ok("google", "use", "--no-mail", "--calendar").out
    shown = school.ok("google", "show").out
    last = school.ok("google", "use", "--no-rosters", "--no-calendar").out

    assert "uses: mail, rosters." in first
    assert "auth/gmail.send  (one notice to one person, as the sender; it can read nothing)" in first
    assert "uses: rosters, calendar." in second
    assert "uses             rosters, calendar" in shown
    assert "uses: the sign-in only." in last


def test_a_service_account_is_kept_with_its_people(school: Shell, google: FakeGoogle, tmp_path: Path) -> None:
    """The client's number and the few scopes are told, the key is sealed and shown nowhere."""
    text = real_key(google)
    secret = json.loads(text)["private_key"].splitlines()[2]

    done = school.ok("google", "service-account", "--key-file", key_file(tmp_path, text), "--subject", ADMIN)
    shown = school.ok("google", "show").out

    assert json.loads(text)["client_id"] in done.out
    assert list(COURSE_SCOPES) == [line.strip() for line in done.lines[-3:]]
    assert f"acts for {ADMIN}" in shown
    assert secret not in done.out + shown + str(school.tables())


def test_a_new_list_of_people_keeps_the_key(school: Shell, google: FakeGoogle, tmp_path: Path) -> None:
    """And removing forgets both."""
    path = key_file(tmp_path, real_key(google))
    school.ok("google", "service-account", "--key-file", path, "--subject", ADMIN)
    school.ok("google", "service-account", "--subject", "other@school.example")
    changed = school.ok("google", "show").out
    removed = school.ok("google", "service-account", "--remove").out
    after = school.ok("google", "show").out

    assert "acts for other@school.example" in changed
    assert ADMIN not in changed
    assert "Delete the key at Google, too." in removed
    assert "service account  none" in after


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no key of a service account"),
        ("x" * 20_000, "is no key of a service account"),
        ("{}", "is no key of a service account"),
        (None, "cannot be read"),
    ],
)
def test_another_file_is_refused(
    school: Shell, google: FakeGoogle, tmp_path: Path, text: str | None, words: str
) -> None:
    """Without repeating a word of it."""
    path = str(tmp_path / "absent") if text is None else key_file(tmp_path, text)
    done = school.run("google", "service-account", "--key-file", path, "--subject", ADMIN)

    assert 0 != done.code
    assert words in done.err


def test_bytes_that_are_no_text_are_no_key(school: Shell, google: FakeGoogle, tmp_path: Path) -> None:
    """A keystore, perhaps."""
    path = tmp_path / "key.p12"
    path.write_bytes(b"\xff\xfe\x00")

    done = school.run("google", "service-account", "--key-file", path, "--subject", ADMIN)

    assert "is no key of a service account" in done.err


def test_a_key_that_sends_its_word_elsewhere_is_refused(
    school: Shell, google: FakeGoogle, tmp_path: Path
) -> None:
    """Whoever gets that word acts for the domain."""
    path = key_file(tmp_path, google.desk.new_account(frozenset()))  # Google's own, not this fake's

    done = school.run("google", "service-account", "--key-file", path, "--subject", ADMIN)

    assert "sends its signed word elsewhere" in done.err


@pytest.mark.parametrize("subjects", [(), ("nobody",), ("a b@school.example",)])
def test_a_key_acts_for_somebody(
    school: Shell, google: FakeGoogle, tmp_path: Path, subjects: tuple[str, ...]
) -> None:
    """One address each, at least one."""
    words = [word for one in subjects for word in ("--subject", one)]
    path = key_file(tmp_path, real_key(google))

    assert 0 != school.run("google", "service-account", "--key-file", path, *words).code


def test_the_check_asks_google_for_each_person(school: Shell, google: FakeGoogle, tmp_path: Path) -> None:
    """What works, and why something does not."""
    google.world.person("Robin Price", ADMIN)
    path = key_file(tmp_path, real_key(google))
    school.ok(
        "google",
        "service-account",
        "--key-file",
        path,
        "--subject",
        ADMIN,
        "--subject",
        "gone@school.example",
    )

    done = school.run("google", "check")
    school.ok("google", "service-account", "--subject", ADMIN)
    good = school.ok("google", "check")

    assert 0 != done.code
    assert [f"{ADMIN}: works", "gone@school.example: consent_lost"] == done.lines
    assert [f"{ADMIN}: works"] == good.lines


def test_the_check_needs_a_service_account(school: Shell, google: FakeGoogle) -> None:
    """It says how to give one."""
    assert "no service account" in school.run("google", "check").err


def test_every_scope_has_its_reason(school: Shell) -> None:
    """What an administrator reads before saying yes."""
    lines = school.ok("google", "scopes").lines

    assert 11 == len(lines)
    assert all(len(line.split("  ")) == 2 for line in lines)


def test_guardians_are_a_choice_of_their_own(school: Shell, google: FakeGoogle, tmp_path: Path) -> None:
    """With it one scope more is named, and asked for; until it is allowed the check says so."""
    google.world.person("Robin Price", ADMIN)
    path = key_file(tmp_path, real_key(google))
    school.ok("google", "use", "--guardians")
    done = school.ok("google", "service-account", "--key-file", path, "--subject", ADMIN)
    checked = school.run("google", "check")
    school.ok("google", "use", "--no-guardians")

    assert list(ROSTER_SCOPES) == [line.strip() for line in done.lines[-4:]]
    assert [f"{ADMIN}: scope_missing"] == checked.lines
    assert [f"{ADMIN}: works"] == school.ok("google", "check").lines
