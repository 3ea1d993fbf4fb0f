"""The roster service: pages, media type, roles, custom fields."""

from __future__ import annotations

from typing import Any

import requests

from tests.unit.sandbox.parts import Lms

MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership"
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


def roster(lms: Lms, url: str | None = None, **query: str) -> requests.Response:
    """One page of the roster of course 101, or of ``url``."""
    token = lms.service_token().json()["access_token"]
    address = url or f"{lms.url}/api/lti/courses/101/names_and_roles"
    return requests.get(address, params=query, headers={"Authorization": f"Bearer {token}"}, timeout=5)


def everybody(lms: Lms, **query: str) -> list[dict[str, Any]]:
    """All members, page after page."""
    answer = roster(lms, **query)
    members: list[dict[str, Any]] = answer.json()["members"]
    while "next" in answer.links:
        answer = roster(lms, answer.links["next"]["url"])
        members += answer.json()["members"]
    return members


def test_roster_needs_a_service_token(lms: Lms) -> None:
    """Neither nobody nor a person's REST token reads the roster."""
    url = f"{lms.url}/api/lti/courses/101/names_and_roles"
    person = {"Authorization": f"Bearer {lms.consent()['access_token']}"}

    assert [401, 401] == [requests.get(url, headers=h, timeout=5).status_code for h in ({}, person)]


def test_roster_comes_in_pages_of_fifty(lms: Lms) -> None:
    """Default and largest page are 50; the next link is an opaque bookmark with letters of both cases."""
    answer = roster(lms, limit="500")

    assert "application/vnd.ims.lti-nrps.v2.membershipcontainer+json" == answer.headers["Content-Type"]
    assert 50 == len(answer.json()["members"])
    url = answer.links["next"]["url"]
    assert "page=bookmark:" in url
    assert url.lower() != url


def test_all_pages_together_are_the_course(lms: Lms) -> None:
    """However small the pages, everybody comes once, 24 pupils and their families among them."""
    lms.fault(nrps_page_size=7)
    members = everybody(lms)

    assert len(members) == len({m["user_id"] for m in members})
    assert 24 == sum(m["roles"] == [f"{MEMBER}#Learner"] for m in members)
    assert all("message" not in m and m["status"] == "Active" for m in members)


def test_lower_cased_bookmark_is_refused(lms: Lms) -> None:
    """A client that lower-cases the link loses its place and is told so."""
    url = roster(lms).links["next"]["url"]

    assert 400 == roster(lms, url.lower()).status_code


def test_observers_come_as_mentors_without_children(lms: Lms) -> None:
    """Observers are listed, with the context role only and not a word about whom they observe."""
    with_fields = everybody(lms, rlid=lms_context(lms), role=f"{MEMBER}#Mentor")

    assert 36 == len(with_fields)
    assert all([f"{MEMBER}#Mentor"] == m["roles"] for m in with_fields)
    assert all("observees" not in m["message"][0][CUSTOM] for m in with_fields)


def test_custom_fields_come_with_the_context_id(lms: Lms) -> None:
    """``rlid`` may be the context id, and brings each member's number."""
    members = everybody(lms, rlid=lms_context(lms), limit="20")
    numbers = {m["name"]: m["message"][0][CUSTOM]["canvas_user_id"] for m in members}

    assert str(lms.user_id("elena")) == numbers["Elena Duarte"]


def test_foreign_link_is_not_found(lms: Lms) -> None:
    """An unknown ``rlid`` has Canvas's permanent error text."""
    answer = roster(lms, rlid="unknown")

    assert (400, "Requested ResourceLink was not found") == (
        answer.status_code,
        answer.json()["errors"][0]["message"],
    )


def test_system_role_filters_everybody_out(lms: Lms) -> None:
    """Only context roles filter; others give an empty list."""
    assert [] == everybody(lms, role="http://purl.imsglobal.org/vocab/lis/v2/system/person#User")


def lms_context(lms: Lms) -> str:
    """The LTI id of course 101."""
    course = lms.handle.world.people.course(101)
    assert course is not None
    return course.context_id
