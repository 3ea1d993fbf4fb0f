"""A service account: it acts for listed people and asks listed scopes; its key is shown nowhere."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from connectors.google_classroom import (
    DELEGATED_SCOPES,
    ROSTER_SCOPES,
    Delegation,
    GoogleSource,
    ServiceAccount,
)
from connectors.google_classroom.routes import EVENTS
from connectors.http import Origin
from connectors.http.errors import (
    ConsentLost,
    NoAnswer,
    ProtocolFault,
    ScopeMissing,
    ServerFault,
)
from iepcore.errors import InvalidValue
from tests.contract.connectors.google_doers import School
from tests.contract.connectors.google_fake.faults import cut, html, instead, refuse
from tests.contract.connectors.google_fake.server import Fault
from tests.contract.connectors.google_fake.tokens import AUDIENCE

TOKEN = ("POST", "/token")
TEACHER = "jordan.lee@school.example"


def delegation(school: School, *subjects: str, allowed: frozenset[str] = DELEGATED_SCOPES) -> Delegation:
    """Return a delegation of a fresh account whose key points at the fake."""
    text = school.google.desk.new_account(allowed).replace(AUDIENCE, f"{school.google.url}/token")
    account = ServiceAccount.parse(text, minting=school.origin)
    return Delegation(account, subjects, timing=school.watch.timing)


def test_a_service_account_acts_for_a_listed_person(school: School) -> None:
    """Its signed word is checked by the fake; one minting serves until the last minute."""
    tokens = delegation(school, TEACHER).tokens(TEACHER.upper(), ROSTER_SCOPES)

    first = tokens.token()
    assert first == tokens.token()
    school.watch.move(3600)
    second = tokens.token()

    assert second != first
    assert [(TEACHER, frozenset(ROSTER_SCOPES))] * 2 == school.google.desk.minted_for


def test_a_roster_comes_by_a_service_account(school: School) -> None:
    """As for the administrator it acts for."""
    school.enrol(school.math, 2)
    admin = school.admin.email
    transport = school.transport(delegation(school, admin).tokens(admin, ROSTER_SCOPES))

    source = GoogleSource(transport, whole_domain=True)

    assert {one.id for one in source.courses().courses} == set(school.world.courses)


@pytest.mark.parametrize(
    ("subject", "scopes", "code"),
    [
        ("somebody.else@school.example", ROSTER_SCOPES, "subject_not_listed"),
        ("", ROSTER_SCOPES, "subject_not_listed"),
        (TEACHER, (), "scopes_missing"),
        (TEACHER, (EVENTS,), "scope_not_allowed"),
        (TEACHER, ("https://mail.google.com/",), "scope_not_allowed"),
        (TEACHER, ("https://www.googleapis.com/auth/gmail.readonly",), "scope_not_allowed"),
    ],
)
def test_nothing_is_signed_for_anybody_or_anything_else(
    school: School, subject: str, scopes: tuple[str, ...], code: str
) -> None:
    """Refused here, before the key is touched."""
    with pytest.raises(InvalidValue) as caught:
        delegation(school, TEACHER).tokens(subject, scopes)

    assert code == caught.value.code
    assert [] == school.google.seen


def test_what_the_administrator_has_not_allowed_is_said(school: School) -> None:
    """unauthorized_client: the scopes of the account's number are missing in the admin console."""
    tokens = delegation(school, TEACHER, allowed=frozenset()).tokens(TEACHER, ROSTER_SCOPES)

    with pytest.raises(ScopeMissing):
        tokens.token()


def test_a_person_who_is_gone_is_a_lost_consent(school: School) -> None:
    """invalid_grant for an address that the domain does not know."""
    gone = "gone@school.example"

    with pytest.raises(ConsentLost):
        delegation(school, gone).tokens(gone, ROSTER_SCOPES).token()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (html(503), ServerFault),
        (html(200), ProtocolFault),
        (instead(200, "{}", "application/json"), ProtocolFault),
        (instead(200, "{", "application/json"), ProtocolFault),
        (instead(302, "", "text/html", {"Location": "https://evil.example/"}), ProtocolFault),
        (cut, NoAnswer),
        (refuse(500, "INTERNAL"), ServerFault),
    ],
    ids=["503", "html", "empty", "broken", "redirect", "cut", "500"],
)
def test_a_silent_endpoint_is_an_error_of_ours(school: School, fault: Fault, error: type[Exception]) -> None:
    """One question, no waiting inside google-auth, no error of its own with the answer's text."""
    tokens = delegation(school, TEACHER).tokens(TEACHER, ROSTER_SCOPES)
    school.google.fault(*TOKEN, fault)

    with pytest.raises(error):
        tokens.token()
    assert 1 == len(school.google.calls(*TOKEN))
    assert tokens.token()


def test_a_refused_delegated_token_is_replaced(school: School) -> None:
    """A 401 in the middle of a pull costs one minting."""
    tokens = delegation(school, TEACHER).tokens(TEACHER, ROSTER_SCOPES)
    old = tokens.token()
    tokens.invalidate(old)

    assert old != tokens.token()


def test_no_key_is_ever_shown(school: School, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a representation, not in a log, not in an error."""
    caplog.set_level(logging.DEBUG)
    text = school.google.desk.new_account(DELEGATED_SCOPES)
    secret = json.loads(text)["private_key"].splitlines()[3]
    account = ServiceAccount.parse(
        text.replace(AUDIENCE, f"{school.google.url}/token"), minting=school.origin
    )
    made = Delegation(account, (TEACHER,), timing=school.watch.timing)
    tokens = made.tokens(TEACHER, ROSTER_SCOPES)
    token = tokens.token()

    for shown in (repr(account), repr(made), repr(tokens), caplog.text):
        assert secret not in shown
        assert token not in shown
        assert TEACHER not in shown
    assert "private_key" not in repr(account).replace("private_key_id", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"type": "authorized_user"}',
        '{"type": "service_account"}',
        '{"type": "service_account", "client_email": 1, "client_id": "1", "private_key_id": "1",'
        ' "private_key": "k", "token_uri": "https://oauth2.googleapis.com/token"}',
    ],
)
def test_another_file_is_no_key(text: str) -> None:
    """Said without repeating a word of it."""
    with pytest.raises(InvalidValue) as caught:
        ServiceAccount.parse(text)
    assert "service_key_form" == caught.value.code


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/token", "https://oauth2.googleapis.com.evil.example/token", f"{AUDIENCE}/x"],
)
def test_a_key_that_sends_its_word_elsewhere_is_refused(school: School, address: str) -> None:
    """Whoever gets the signed word acts for the whole domain."""
    text = school.google.desk.new_account(frozenset()).replace(AUDIENCE, address)

    with pytest.raises(InvalidValue) as caught:
        ServiceAccount.parse(text)
    assert "service_key_elsewhere" == caught.value.code


def test_a_key_that_is_no_key_is_refused_without_its_words(school: School) -> None:
    """What the parser of keys says stays behind."""
    told = json.loads(school.google.desk.new_account(frozenset()))
    told["private_key"] = "-----BEGIN PRIVATE KEY-----\nsecretwords\n-----END PRIVATE KEY-----\n"
    made = Delegation(ServiceAccount.parse(json.dumps(told)), (TEACHER,))

    with pytest.raises(InvalidValue) as caught:
        made.tokens(TEACHER, ROSTER_SCOPES).token()
    assert "service_key_form" == caught.value.code
    assert "secretwords" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_google_auth_is_loaded_with_the_first_token_only() -> None:
    """The connector itself comes without it."""
    code = (
        "import sys, connectors.google_classroom as all_of_it\n"
        "loaded = [getattr(all_of_it, name) for name in all_of_it.__all__]\n"
        "print(any(name == 'google' or name.startswith('google.') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()


def test_the_default_places_are_googles_own() -> None:
    """A key file of Google is taken as it is."""
    assert Origin.parse("https://oauth2.googleapis.com").holds(AUDIENCE)
