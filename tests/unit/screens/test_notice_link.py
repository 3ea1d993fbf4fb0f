"""Behind a notice's link: a page without data, the same for a link nobody made and one that ran out."""

from __future__ import annotations

import pytest

from lti_app.delivery.worker import LINK_LIFE
from lti_app.demo.caseload import children
from lti_app.demo.seed import people
from lti_app.doors.records import NoticeLink
from lti_app.session.tokens import hash_of
from tests.unit.screens.conftest import House

SECRET = "a-secret-of-a-notice-that-was-sent"


@pytest.fixture
def linked(house: House) -> House:
    """The house with one open link."""
    now = house.clock()
    house.wired.doors.add_notice_link(
        NoticeLink(
            link_hash=hash_of(SECRET),
            site_id=house.wired.doors.sites()[0].id,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return house


def test_a_living_link_leads_to_the_schools_own_site(linked: House) -> None:
    """School, its number and its platform, in three languages; nothing else to see."""
    school = people()["school"]

    page = linked.client.get(f"/n/{SECRET}").get_data(as_text=True)

    assert school["name"] in page
    assert school["phone"] in page
    assert 'href="http://localhost:8600"' in page
    assert 'lang="es"' in page
    assert 'dir="rtl"' in page


def test_a_living_link_shows_no_person(linked: House) -> None:
    """Neither a child nor an adult nor the secret itself."""
    page = linked.client.get(f"/n/{SECRET}").get_data(as_text=True)

    names = [child[kind] for child in children() for kind in ("legal_name", "preferred_name")]
    names += [user["name"] for user in people()["users"]]
    assert [] == [name for name in names if name in page]
    assert SECRET not in page


def test_unknown_and_expired_links_are_the_same_bytes(linked: House) -> None:
    """Nobody can tell whether there ever was a message: body, status and headers are equal."""
    linked.clock.at += LINK_LIFE
    expired = linked.client.get(f"/n/{SECRET}")
    unknown = linked.client.get("/n/a-secret-that-nobody-ever-made-up")
    short = linked.client.get("/n/x")
    long = linked.client.get(f"/n/{'x' * 3000}")

    assert {200} == {answer.status_code for answer in (expired, unknown, short, long)}
    assert 1 == len({answer.data for answer in (expired, unknown, short, long)})
    assert 1 == len({str(sorted(answer.headers)) for answer in (expired, unknown, short, long)})
    assert people()["school"]["name"] not in unknown.get_data(as_text=True)


def test_a_link_lives_to_its_last_second(linked: House) -> None:
    """Sixty days, the last instant not included."""
    linked.clock.at += LINK_LIFE
    linked.clock.forward(seconds=-1)

    assert people()["school"]["name"] in linked.client.get(f"/n/{SECRET}").get_data(as_text=True)


def test_opening_a_link_changes_nothing(linked: House) -> None:
    """A mail scanner opens it ten times and sets no cookie; it opens as before."""
    answers = [linked.client.get(f"/n/{SECRET}") for _ in range(10)]

    assert 1 == len({answer.data for answer in answers})
    assert [] == [answer for answer in answers if "Set-Cookie" in answer.headers]
    assert 405 == linked.client.post(f"/n/{SECRET}").status_code
