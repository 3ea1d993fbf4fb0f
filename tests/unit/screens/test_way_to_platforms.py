"""How an administrator gets to the page of platforms, and that nobody else sees a way."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from iepcore.people import SiteRole
from lti_app.demo.seed import people
from lti_app.doors.records import WebSession
from lti_app.session.tokens import hash_of
from tests.unit.screens.conftest import House

PATH = "/app/platforms"


@pytest.fixture
def admin(house: House) -> House:
    """A house whose IT administrator is appointed."""
    house.caseload("ames").staff.appoint(house.adult("pell"), SiteRole.ADMINISTRATOR)
    return house


LIS = "http://purl.imsglobal.org/vocab/lis/v2/"


def come(house: House, *roles: str, course: str | None) -> dict[str, str]:
    """Open a session of the IT administrator with some roles; return its bearer."""
    user = next(one for one in people()["users"] if one["key"] == "pell")
    token, now = secrets.token_urlsafe(32), house.clock()
    house.wired.doors.open_session(
        WebSession(
            token_hash=hash_of(token),
            site_id=house.wired.doors.sites()[0].id,
            registration_id=house.wired.doors.registrations()[0].id,
            deployment_id="1:practice",
            door="lti",
            subject=user["sub"],
            adult_id=house.adult("pell"),
            family=False,
            context_id=course,
            context_title=None,
            roster_url=None,
            launch_roles=tuple(LIS + role for role in roles),
            observees=(),
            canvas_user_id=None,
            display_name=user["name"],
            locale="en",
            masquerade=False,
            created_at=now,
            seen_at=now,
            idle_until=now + timedelta(minutes=60),
            ends_at=now + timedelta(hours=12),
        )
    )
    return {"Authorization": f"Bearer {token}"}


def test_the_account_menu_leads_to_platforms(admin: House) -> None:
    """An administrator who comes from the platform's own administration starts there, with its own menu."""
    bearer = come(admin, "institution/person#Administrator", course=None)

    assert PATH == admin.client.get("/app/", headers=bearer).headers["Rapport-Goto"]
    menu = admin.client.get(PATH, headers=bearer).text.partition("</nav>")[0]
    assert 'href="/app/staff"' in menu
    assert 'href="/app/record"' not in menu


def test_an_administrator_in_a_course_finds_platforms_too(admin: House) -> None:
    """Moodle's administrators launch from a course: they get Today, and Platforms beside it."""
    bearer = come(admin, "membership#Instructor", "institution/person#Administrator", course="c-1")

    assert "/app/today" == admin.client.get("/app/", headers=bearer).headers["Rapport-Goto"]
    menu = admin.client.get("/app/today", headers=bearer).text.partition("</nav>")[0]
    assert 'href="/app/platforms"' in menu
    assert 'href="/app/record"' in menu


def test_the_platforms_word_alone_opens_no_menu(house: House) -> None:
    """Whom the LMS calls administrator and nobody here appointed: no menu, no page, no start there."""
    bearer = come(house, "institution/person#Administrator", course=None)

    assert PATH != house.client.get("/app/", headers=bearer).headers["Rapport-Goto"]
    assert 404 == house.client.get(PATH, headers=bearer).status_code
    assert PATH not in house.client.get("/app/today", headers=bearer).text
