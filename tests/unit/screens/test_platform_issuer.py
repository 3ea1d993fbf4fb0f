"""A platform that gives another issuer than it was connected with: its administrator and doctor are told."""

from __future__ import annotations

import pytest

from lti_app.doctor.launches import look_at_launches
from tests.unit.screens.conftest import House
from tests.unit.screens.test_platforms import PATH, admin, registration_of

__all__ = ["admin"]


def login(house: House, issuer: str, client_id: str) -> int:
    """Begin a login and return its status."""
    target = house.wired.settings.public_url + "/app/"
    asked = {"iss": issuer, "client_id": client_id, "login_hint": "h", "target_link_uri": target}
    return house.app.test_client().post("/lti/login", data=asked).status_code


def test_another_issuer_is_told_with_the_client_it_came_with(admin: House) -> None:
    """Nothing is let in; the page and doctor say what to compare."""
    registration = registration_of(admin)

    assert 400 == login(admin, "https://other.example.edu", registration.client_id)

    page = admin.get(PATH, as_="pell").text
    assert "another issuer than it was connected with" in page
    (finding,) = look_at_launches(admin.wired, registration, "lms")
    assert "another issuer" in finding.words
    assert "iep lms add" in finding.todo
    assert "other.example.edu" not in page + finding.words


@pytest.mark.parametrize("client_id", ["nobody's", ""], ids=["unknown client", "no client"])
def test_a_login_of_nobody_is_nobodys(admin: House, client_id: str) -> None:
    """Neither issuer nor client is known: no connection is told of it."""
    assert 400 == login(admin, "https://other.example.edu", client_id)
    assert [] == list(admin.wired.installs.launch_notes(registration_of(admin).id, limit=5))
