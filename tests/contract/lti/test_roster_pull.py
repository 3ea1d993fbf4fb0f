"""Pulling a roster for a viewer: standings, missing names, Canvas numbers, a minute's memory, failures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from iepcore.errors import IllegalMove
from iepcore.ids import AdultId
from iepcore.people import RosterMember, RosterStanding
from lti_app.doors.lti.roles import TEST_USER, Standing
from lti_app.doors.lti.roster import MEDIA_TYPE, read_roster
from lti_app.doors.lti.services import PlatformServices, ServiceRefused
from lti_app.doors.parts import parts
from lti_app.roster import Rosters, standing_in_course
from lti_app.screens.parts import RosterPull
from lti_app.session.viewer import Viewer
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import CLAIM, ROLE

START = "/roster/course-1"
WITH_CUSTOM = START + "?rlid=course-1"
ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"


@pytest.fixture
def services(stage: Stage) -> PlatformServices:
    """Services that do not really wait between tries."""
    return PlatformServices(
        keys=parts(stage.app).own_keys, clock=stage.clock, pause=lambda seconds: None, timeout_seconds=(1, 1)
    )


class Book:
    """An address book that keeps what it is given."""

    def __init__(self, error: IllegalMove | None = None) -> None:
        self.kept: list[list[RosterMember]] = []
        self.complete: list[bool] = []
        self.error = error

    def __call__(self, lines: list[RosterMember], complete: bool) -> None:
        if self.error is not None:
            raise self.error
        self.kept.append(lines)
        self.complete.append(complete)


def viewer(stage: Stage, **changes: Any) -> Viewer:
    """A case manager who came from the course of a Canvas."""
    site = stage.wiring.doors.site(stage.site_id)
    assert site is not None
    registration = stage.platform.registration
    shown = Viewer(
        site=site,
        adult_id=AdultId(uuid4()),
        source=f"lti:{registration.id}",
        subject="user-0",
        standing=Standing.STAFF,
        family=False,
        roles=(),
        observees=(),
        display_name=None,
        locale=None,
        masquerade=False,
        context_id="course-1",
        context_title="Room 12",
        roster_url=stage.platform.server.url_for(START),
        registration_id=registration.id,
        deployment_id="dep-1",
        canvas_user_id="9",
        session_hash="x",
    )
    return replace(shown, **changes)


def publish(stage: Stage, path: str, *members: Any, status: int = 200) -> None:
    """Let the platform answer on one path."""
    body = {"id": "x", "context": {"id": "course-1"}, "members": list(members)}
    stage.platform.roster_pages[path] = (status, body, None)


def person(number: int, role: str = ROLE + "Learner", **more: Any) -> dict[str, Any]:
    """Return one member as a platform lists it."""
    return {"user_id": f"user-{number}", "roles": [role], "status": "Active", **more}


def custom(number: str) -> list[dict[str, Any]]:
    """Return the message part of a member with the tool's custom fields."""
    return [{CLAIM + "message_type": "LtiResourceLinkRequest", CLAIM + "custom": {"canvas_user_id": number}}]


@pytest.mark.parametrize(
    ("roles", "standing"),
    [
        pytest.param((ROLE + "Instructor",), RosterStanding.TEACHER, id="teacher"),
        pytest.param((ROLE + "Instructor", ASSISTANT), RosterStanding.HELPER, id="assistant"),
        pytest.param((ROLE + "Learner",), RosterStanding.PUPIL, id="pupil"),
        pytest.param((ROLE + "Mentor",), RosterStanding.OBSERVER, id="observer"),
        pytest.param((ROLE + "Mentor", ROLE + "Learner"), RosterStanding.OBSERVER, id="parent-as-pupil"),
        pytest.param((ROLE + "Learner", TEST_USER), None, id="test-student"),
        pytest.param((ROLE + "ContentDeveloper",), RosterStanding.OTHER, id="designer"),
        pytest.param((), RosterStanding.OTHER, id="no-role"),
    ],
)
def test_standings_follow_course_roles(roles: tuple[str, ...], standing: RosterStanding | None) -> None:
    """The narrowest course role decides; the platform's test student is nobody."""
    assert standing == standing_in_course(roles)


def test_pull_keeps_every_member(stage: Stage, services: PlatformServices) -> None:
    """Names may be missing, the Canvas number comes with the custom fields, who left is inactive."""
    publish(
        stage,
        WITH_CUSTOM,
        person(1, given_name="Lucía", family_name="Marín", message=custom("1044")),
        person(2, ROLE + "Mentor", message=custom("$Canvas.user.id")),
        person(3, status="Inactive"),
        {"user_id": "user-4", "roles": [ROLE + "Learner", TEST_USER]},
    )
    book = Book()
    pulled = Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage), services, book)
    assert RosterPull(count=3, complete=True) == pulled
    (lines,) = book.kept
    assert [("Lucía Marín", "1044", True), (None, None, True), (None, None, False)] == [
        (line.name, line.channel_user_id, line.active) for line in lines
    ]
    assert {("course-1", "Room 12")} == {(line.context_id, line.context_title) for line in lines}


def test_pull_asks_once_a_minute(stage: Stage, services: PlatformServices) -> None:
    """A second opening of the page asks nobody; a wish for fresh names and a minute later ask again."""
    publish(stage, WITH_CUSTOM, person(1))
    rosters, book, who = Rosters(stage.wiring.doors, stage.clock), Book(), viewer(stage)
    rosters.pull(who, services, book)
    assert RosterPull(count=1, complete=True) == rosters.pull(who, services, book)
    assert 1 == len(book.kept)
    rosters.pull(who, services, book, fresh=True)
    stage.clock.forward(seconds=61)
    rosters.pull(who, services, book)
    assert 3 == len(book.kept)


def test_platform_that_refuses_custom_fields(stage: Stage, services: PlatformServices) -> None:
    """``rlid`` refused, or answered with nobody: the plain roster is read instead."""
    publish(stage, START, person(1), person(2))
    for status in (400, 404):
        publish(stage, WITH_CUSTOM, status=status)
        book = Book()
        assert 2 == Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage), services, book).count
    publish(stage, WITH_CUSTOM)
    assert 2 == Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage), services, Book()).count


def test_other_platforms_are_not_asked_for_custom_fields(stage: Stage, services: PlatformServices) -> None:
    """Without a Canvas number at the launch the roster is read as the standard says."""
    publish(stage, START, person(1))
    Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage, canvas_user_id=None), services, Book())
    assert MEDIA_TYPE == stage.platform.roster_requests[0].headers["Accept"]
    assert [b""] == [request.query_string for request in stage.platform.roster_requests]


def test_token_refused_is_not_asked_twice(stage: Stage, services: PlatformServices) -> None:
    """Where no token is given, dropping ``rlid`` would not help."""
    publish(stage, START, person(1))
    gone = replace(stage.platform.registration, token_url=stage.platform.server.url_for("/gone"))
    stage.platform.server.expect_request("/gone").respond_with_json({"error": "invalid_client"}, status=400)
    with pytest.raises(ServiceRefused, match="token_refused"):
        read_roster(services, gone, "dep-1", stage.platform.server.url_for(START), custom_of="course-1")
    assert [] == stage.platform.roster_requests


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"context_id": None}, "no_course", id="outside-a-course"),
        pytest.param({"roster_url": None}, "no_roster_service", id="no-service"),
        pytest.param({"registration_id": None}, "no_roster_service", id="another-door"),
        pytest.param({"canvas_user_id": None}, "roster_refused", id="refused"),
    ],
)
def test_what_goes_wrong_is_said(
    stage: Stage, services: PlatformServices, changes: dict[str, Any], problem: str
) -> None:
    """A roster that cannot be had keeps nothing and names the reason."""
    publish(stage, START, status=403)
    book = Book()
    pulled = Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage, **changes), services, book)
    assert RosterPull(count=0, complete=False, problem=problem) == pulled
    assert [] == book.kept


def test_roster_that_breaks_off_changes_nothing(stage: Stage, services: PlatformServices) -> None:
    """A second page that never comes leaves the address book as it was, with or without custom fields."""
    first = {"id": "x", "members": [person(1)]}
    stage.platform.roster_pages[WITH_CUSTOM] = (200, first, '<?page=2>; rel="next"')
    stage.platform.roster_pages[START + "?page=2"] = (503, {}, None)
    book = Book()
    pulled = Rosters(stage.wiring.doors, stage.clock).pull(viewer(stage), services, book)
    assert RosterPull(count=0, complete=False, problem="roster_silent") == pulled
    assert [] == book.kept
