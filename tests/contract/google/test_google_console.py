"""What an administrator sees and does about the school's Google: on Platforms, and by doctor."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from iepcore.people import SiteRole
from lti_app.cli import google_manifest
from lti_app.cli.privacy import installed_here
from lti_app.demo.classroom import GOOGLE_CLIENT_ID, google_id
from lti_app.doctor.platforms import look_at_platforms
from lti_app.screens.google_words import google_words
from tests.contract.google.school import School, Visitor
from tests.unit.screens.conftest import House

PLATFORMS = "/app/platforms"


@pytest.fixture
def admin(school: School) -> House:
    """The house with its IT administrator, who comes from Canvas."""
    house = school.house
    house.caseload("ames").staff.appoint(house.adult("pell"), SiteRole.ADMINISTRATOR)
    return house


def test_platforms_shows_google(school: School, visitor: Visitor, admin: House) -> None:
    """The client with its domain, the last sign-in, and each refusal in plain words with its number."""
    visitor.open("teacher", school.said(), "vance")
    refused = Visitor(school).back(visitor.say_yes(visitor.to_google(), "private"))
    assert 401 == refused.status_code  # another browser
    refused = visitor.back(visitor.say_yes(visitor.to_google(), "private"))
    number = re.search(r"Reference <bdi>(\w+)</bdi>", refused.text)
    assert number is not None
    page = admin.get(PLATFORMS, as_="pell").text
    assert "Google Classroom" in page
    assert "cedar-hollow.example.org" in page
    assert "Somebody used another Google account" in page
    assert "in another browser" in page
    assert number[1] in page
    assert "LTI 1.3 asks" not in page


def test_google_can_be_tested_and_turned_off(school: School, visitor: Visitor, admin: House) -> None:
    """The test reads Google's keys and asks for no token; turned off, nobody comes."""
    form = {"do": "test", "platform": str(google_id())}
    tested = admin.post(PLATFORMS, form, as_="pell")
    assert 200 == tested.status_code
    assert "course lists" not in tested.text
    admin.post(PLATFORMS, {**form, "do": "disable"}, as_="pell")
    assert 404 == visitor.client.get(f"/classroom/{google_id()}/teacher").status_code
    admin.post(PLATFORMS, {**form, "do": "enable"}, as_="pell")
    assert 200 == visitor.client.get(f"/classroom/{google_id()}/teacher").status_code


def test_addresses_of_google_cannot_be_typed_over(school: School, admin: House) -> None:
    """The form for platforms by hand leaves Google's registration as it is."""
    before = school.house.wired.doors.registration(google_id())
    form = {
        "do": "add",
        "preset": "other",
        "client_id": GOOGLE_CLIENT_ID,
        "issuer": "https://accounts.google.com",
        "auth_url": "http://127.0.0.1:1/a",
        "token_url": "http://127.0.0.1:1/t",
        "jwks_url": "http://127.0.0.1:1/j",
    }
    answer = admin.post(PLATFORMS, form, as_="pell")
    assert 422 == answer.status_code
    assert before == school.house.wired.doors.registration(google_id())


def test_doctor_asks_google_for_its_keys_only(school: School) -> None:
    """No token is asked for and no issuer is missed."""
    found = list(look_at_platforms(school.house.wired))
    about = [one for one in found if one.about == "accounts.google.com"]
    assert any(one.check == "platform keys" for one in about)
    assert not [one for one in about if one.check in {"issuer", "scopes"}]


@pytest.mark.parametrize(
    "outcome",
    [
        "google_other_account",
        "google_domain",
        "google_item:forbidden_there",
        "google_frame",
        "google_state",
        "handover_used",
        "google_declined",
        "google_code:consent_lost",
    ],
)
def test_every_refusal_has_words(outcome: str) -> None:
    """What an administrator reads says what happened, in words."""

    class Words:
        """Says the English words."""

        @staticmethod
        def words(text: str, **slots: str) -> str:
            return text % slots if slots else text

    said = google_words(Words(), outcome)  # type: ignore[arg-type]
    assert said is not None
    assert said[0].endswith(".")
    assert google_words(Words(), "nonce") is None  # type: ignore[arg-type]


def test_privacy_page_names_google(school: School) -> None:
    """The page for agreements tells Google from the LMS and from Canvas' inbox."""
    installed = installed_here(school.house.wired)
    assert ("localhost",) == installed.google
    assert ("localhost",) == installed.platforms
    assert "accounts.google.com" not in str(installed)


def test_manifest_is_printed(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints the fields of Google's page as JSON; without a client it says what to do."""
    monkeypatch.setattr(google_manifest, "wired_here", lambda: school.house.wired)
    printed = CliRunner().invoke(google_manifest.manifest, [])
    assert (
        f"http://127.0.0.1:8500/classroom/{google_id()}/setup"
        == json.loads(printed.output)["attachment_setup_uri"]
    )
    monkeypatch.setattr(google_manifest, "google_client_of_site", lambda *_: None)
    assert "iep google add" in CliRunner().invoke(google_manifest.manifest, []).output
