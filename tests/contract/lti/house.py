"""A platform before the whole house: the real application on real SQLite with the fictional caseload."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from werkzeug.test import TestResponse

from lti_app.demo.seed import people
from tests.contract.lti.platform import ROLE, FakePlatform, sign_any
from tests.contract.lti.tool import bearer, data_block, has_session
from tests.unit.screens.conftest import House

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
USER = VOCABULARY + "system/person#User"
MENTOR = [ROLE + "Mentor", USER]
LEARNER = [ROLE + "Learner", USER]
TEACHER_AT_SCHOOL = VOCABULARY + "institution/person#Instructor"
NEUTRAL = "Nothing to open here"
DEPLOYMENT = "1:practice"


def subject_of(key: str) -> str:
    """Return the platform's id of a person of the fictional school."""
    return str(next(one["sub"] for one in people()["users"] if one["key"] == key))


@dataclass
class Front:
    """The house's door from the platform's side: launches of the school's people, and what they see."""

    house: House
    platform: FakePlatform

    def launch(self, key: str, roles: list[str], **claims: Any) -> TestResponse:
        """Launch as a person (or, for an unknown key, as a subject of that name) and return the answer."""
        client = self.house.client
        known = next((one for one in people()["users"] if one["key"] == key), None)
        course = people()["courses"][0]
        asked = self.platform.authorize(
            client.get(
                "/lti/login", query_string=self.platform.login_request(lti_deployment_id=DEPLOYMENT)
            ).headers["Location"]
        )
        body = {
            "sub": known["sub"] if known else key,
            "name": known["name"] if known else "Nobody Known",
            "deployment_id": DEPLOYMENT,
            "roles": roles,
            "context": {"id": course["context_id"], "title": course["name"], "type": ["CourseOffering"]},
            **claims,
        }
        form = {
            "state": asked["state"],
            "id_token": sign_any(self.platform.claims(asked["nonce"], **body)),
        }
        return client.post("/lti/launch", data=form)

    def first_screen(self, key: str, roles: list[str], **claims: Any) -> TestResponse:
        """Launch and follow to the first screen, as the page module does; without a session, the answer."""
        answer = self.launch(key, roles, **claims)
        return self.follow(answer) if has_session(answer) else answer

    def follow(self, answer: TestResponse) -> TestResponse:
        """Follow an opened door to its first screen."""
        door = data_block(answer)
        client, path = self.house.client, door["path"]
        for _ in range(4):
            screen = client.get(path, headers=bearer(door["token"]))
            if "Rapport-Goto" not in screen.headers:
                return screen
            path = screen.headers["Rapport-Goto"]
        raise AssertionError("a screen that leads in circles")

    def get(self, answer: TestResponse, path: str, client: FlaskClient | None = None) -> TestResponse:
        """Open a path with the session of a launch."""
        return (client or self.house.client).get(path, headers=bearer(data_block(answer)["token"]))


def front_of(house: House, server: HTTPServer) -> Front:
    """Let a platform that we can bend stand before the house, as the one its people came from."""
    doors = house.wired.doors
    known = doors.registrations()[0]
    platform = FakePlatform(
        server, doors, clock=house.clock, tool_url=house.wired.settings.public_url, registered=False
    )
    platform.registration = replace(
        known, jwks_url=server.url_for("/jwks"), token_url=server.url_for("/token")
    )
    platform.issuer = known.issuer
    doors.save_registration(platform.registration)
    return Front(house=house, platform=platform)
