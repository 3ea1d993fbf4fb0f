"""The first page after a door: who goes where, and the one page for everybody else."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from lti_app.session.tokens import hash_of
from tests.unit.screens.conftest import House

ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def start_as(house: House, key: str = "halloran", path: str = "/app/", **changed: object) -> TestResponse:
    """Open a page with a session like that of a person, some things changed."""
    token = secrets.token_urlsafe(32)
    session = house.wired.doors.session(hash_of(house.token(key)))
    assert session is not None
    house.wired.doors.open_session(replace(session, key="", token_hash=hash_of(token), **changed))  # type: ignore[arg-type]
    return house.client.get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("key", "role", "path"),
    [
        ("halloran", "Instructor", "/app/today"),
        ("elena", "Mentor", "/app/my"),
    ],
)
def test_everybody_known_begins_at_their_own_page(house: House, key: str, role: str, path: str) -> None:
    """Staff at Today, a family at their child."""
    answer = start_as(house, key, launch_roles=(ROLE + role,))

    assert path == answer.headers["Rapport-Goto"]
    assert b"" == answer.data


def test_an_administrator_outside_any_course_begins_at_today(house: House) -> None:
    """The institution's role counts where there is no course; inside one it opens nothing."""
    role = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)

    outside = start_as(house, launch_roles=role, context_id=None)
    inside = start_as(house, launch_roles=role)

    assert "/app/today" == outside.headers["Rapport-Goto"]
    assert "Rapport-Goto" not in inside.headers


def test_pupil_stranger_and_observer_of_nobody_see_the_same_bytes(house: House) -> None:
    """No status, no body and no header tells whether there is a plan."""
    stranger = start_as(house, adult_id=None)
    pupil = start_as(house, adult_id=None, launch_roles=(ROLE + "Learner",), subject="a pupil")
    learner = start_as(house, launch_roles=(ROLE + "Learner",))
    nobody = start_as(house, launch_roles=())

    answers = (stranger, pupil, learner, nobody)
    assert {200} == {answer.status_code for answer in answers}
    assert 1 == len({answer.data for answer in answers})
    assert [] == [answer for answer in answers if "Rapport-Goto" in answer.headers]


@pytest.mark.parametrize("path", ["/app/today", "/app/record", "/app/add", "/app/tasks"])
def test_a_family_opens_no_staff_screen(house: House, path: str) -> None:
    """By its address, too: the answer is that of something that is not there."""
    missing = start_as(house, "elena", path="/app/nowhere-at-all")

    answer = start_as(house, "elena", path=path)

    assert (404, missing.data) == (answer.status_code, answer.data)


def test_a_stranger_opens_no_screen_at_all(house: House) -> None:
    """Somebody the platform vouches for and this site does not know finds nothing by typing addresses."""
    paths = ("/app/today", "/app/add", "/app/record", f"/app/g/{house.goal('maya')}", "/app/g/none")
    answers = [start_as(house, adult_id=None, path=path) for path in paths]

    assert [404] * len(paths) == [answer.status_code for answer in answers]
    assert 1 == len({answer.data for answer in answers})
    assert start_as(house, adult_id=None).data == start_as(house, adult_id=None, path="/app/my").data
