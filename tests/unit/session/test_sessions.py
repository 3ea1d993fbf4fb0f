"""The bearer session: who may come in, what a reload needs, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from iepcore.ids import AdultId, SiteId, new_uuid7
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.roles import MENTOR, Standing
from lti_app.doors.parts import parts
from lti_app.doors.records import Deployment, DeploymentState, Registration, WebSession
from lti_app.session.opening import MOST_TABS, OpenDoor, keep_secret_in_cookie, open_door, tab_cookie
from lti_app.session.tokens import hash_of, key_in, new_secret, new_secrets
from tests.contract.lti.tool import TOOL_URL, MovingClock, TestWiring, bearer, browser, make_app, make_site

INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@dataclass
class House:
    """One tool, one site, one approved deployment, a browser."""

    app: Flask
    wiring: TestWiring
    clock: MovingClock
    client: FlaskClient
    site_id: SiteId
    registration: Registration

    def context(self, **changes: Any) -> LaunchContext:
        """Return an accepted launch."""
        values: dict[str, Any] = {
            "site_id": self.site_id,
            "registration_id": self.registration.id,
            "deployment_id": "dep-1",
            "source": f"lti:{self.registration.id}",
            "subject": "user-1",
            "standing": Standing.STAFF,
            "roles": (INSTRUCTOR,),
            "observees": (),
            "message_type": "LtiResourceLinkRequest",
            "target_path": "/app/",
            "context_id": "course-1",
            "locale": "en-US",
        }
        return LaunchContext(**{**values, **changes})

    def open(self, client: FlaskClient | None = None, *, cookies: bool = True, **changes: Any) -> OpenDoor:
        """Open a session and give the browser its cookie."""
        with self.app.test_request_context(headers={"Cookie": ""}):
            context = self.context(**changes)
            family = context.standing is Standing.FAMILY
            door = open_door(parts(), context, AdultId(new_uuid7()), cookies=cookies, family=family)
        if cookies:
            (client or self.client).set_cookie(tab_cookie(door.tab), door.secret)
        return door

    def get(self, token: str, **headers: str) -> TestResponse:
        """Read the probe screen with a token."""
        return self.client.get("/app/probe", headers={**bearer(token), **headers})

    def resume(
        self, body: Any, client: FlaskClient | None = None, origin: str | None = TOOL_URL
    ) -> TestResponse:
        """Ask to resume."""
        headers = {"Origin": origin} if origin else {}
        return (client or self.client).post("/session/resume", json=body, headers=headers)

    def deploy(self, state: DeploymentState = DeploymentState.ACTIVE, site_id: SiteId | None = None) -> None:
        """Set the deployment's state."""
        self.wiring.doors.save_deployment(
            Deployment(
                registration_id=self.registration.id,
                deployment_id="dep-1",
                state=state,
                site_id=site_id or self.site_id,
            )
        )


@pytest.fixture
def house() -> House:
    """A fresh house."""
    wiring = TestWiring()
    app = make_app(wiring)
    clock = wiring.clock
    assert isinstance(clock, MovingClock)
    registration = Registration(
        id=UUID(int=7),
        issuer="https://lms.example.edu",
        client_id="client-1",
        auth_url="https://lms.example.edu/auth",
        token_url="https://lms.example.edu/token",
        jwks_url="https://lms.example.edu/jwks",
    )
    wiring.doors.save_registration(registration)
    one = House(app, wiring, clock, browser(app), make_site(wiring.doors), registration)
    one.deploy()
    return one


class TestBearer:
    def test_viewer_is_who_launched(self, house: House) -> None:
        """The screen sees the subject, the standing and the language of the launch."""
        seen = house.get(house.open().token).get_json()
        assert {"subject": "user-1", "family": False, "standing": "staff", "lang": "en-US"} == seen

    def test_two_tabs_two_users(self, house: House) -> None:
        """Two tabs of one browser with two users stay two users, whatever the cookies."""
        first, second = house.open(subject="ada"), house.open(subject="ben")
        assert ["ada", "ben", "ada"] == [
            house.get(door.token).get_json()["subject"] for door in (first, second, first)
        ]
        assert 200 == house.resume({"tab": second.tab}).status_code
        token = house.resume({"tab": first.tab}).get_json()["token"]
        assert "ada" == house.get(token).get_json()["subject"]

    def test_without_bearer_the_shell(self, house: House) -> None:
        """A GET without a bearer gets the same bytes for everybody, on any path, cookies or not."""
        house.open()
        stranger = browser(house.app)
        pages = [
            house.client.get("/app/probe"),
            stranger.get("/app/"),
            stranger.get("/app/no/such/page?x=1"),
            stranger.get("/session/nothing"),
        ]
        assert {200} == {page.status_code for page in pages}
        assert 1 == len({page.data for page in pages})
        assert {"no-store"} == {page.headers["Cache-Control"] for page in pages}
        assert "token" not in pages[0].text

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    def test_no_cookie_authorises_a_write(self, house: House, method: str) -> None:
        """Anything but reading needs a live bearer; the cookie alone is worth nothing."""
        house.open()
        answer = house.client.open("/app/probe", method=method)
        assert 401 == answer.status_code
        assert "open this again" in answer.text

    @pytest.mark.parametrize(
        "header",
        ["Bearer ", "Bearer x", "Basic eDp5", "bearer " + "a" * 43, "Bearer " + "a" * 43, "Bearer ü" * 9],
    )
    def test_odd_headers(self, house: House, header: str) -> None:
        """A header that is no live token is refused, not shown the shell."""
        answer = house.client.get(
            "/app/probe", headers={"Authorization": header.encode("utf-8").decode("latin-1")}
        )
        assert 401 == answer.status_code

    @pytest.mark.parametrize(
        ("asked", "lang"),
        [
            ("es", "es"),
            ("prs", "prs"),
            ("zh-Hant-TW", "zh-Hant-TW"),
            ("<b>", "en-US"),
            ("x" * 60, "en-US"),
            ("", "en-US"),
        ],
    )
    def test_language_chosen_on_the_page(self, house: House, asked: str, lang: str) -> None:
        """The page's own choice of language counts, if it looks like one."""
        token = house.open().token
        assert lang == house.get(token, **{"Rapport-Lang": asked}).get_json()["lang"]
        by_query = house.client.get("/app/probe", query_string={"lang": asked}, headers=bearer(token))
        assert lang == by_query.get_json()["lang"]


class TestEnds:
    @pytest.mark.parametrize(
        ("family", "idle", "whole"), [(False, 60, 12 * 60), (True, 30, 24 * 60)], ids=["staff", "family"]
    )
    def test_idle_and_absolute_end(self, house: House, family: bool, idle: int, whole: int) -> None:
        """A session slides while it is used and ends absolutely."""
        changes = {"standing": Standing.FAMILY, "roles": (MENTOR,)} if family else {}
        token = house.open(**changes).token
        spent = 0
        while spent + idle - 1 < whole:
            house.clock.forward(minutes=idle - 1)
            spent += idle - 1
            assert 200 == house.get(token).status_code
        house.clock.forward(minutes=whole - spent)
        assert 401 == house.get(token).status_code
        token = house.open(**changes).token
        house.clock.forward(minutes=idle)
        assert 401 == house.get(token).status_code

    def test_sign_out(self, house: House) -> None:
        """Signing out ends the session and the way back to it."""
        door = house.open()
        answer = house.client.post("/session/end", json={"tab": door.tab}, headers=bearer(door.token))
        assert 204 == answer.status_code
        assert f"{tab_cookie(door.tab)}=;" in answer.headers["Set-Cookie"]
        assert 401 == house.get(door.token).status_code
        house.client.set_cookie(tab_cookie(door.tab), door.secret)
        assert 401 == house.resume({"tab": door.tab}).status_code

    def test_sign_out_without_a_tab(self, house: House) -> None:
        """Signing out works without saying which tab."""
        assert 204 == house.client.post("/session/end", headers=bearer(house.open().token)).status_code

    def test_registration_turned_off(self, house: House) -> None:
        """S29: a registration that is disabled ends its sessions with the next request."""
        door = house.open()
        house.wiring.doors.save_registration(replace(house.registration, enabled=False))
        assert 401 == house.get(door.token).status_code
        assert 401 == house.resume({"tab": door.tab}).status_code

    @pytest.mark.parametrize("state", [DeploymentState.DISABLED, DeploymentState.PENDING])
    def test_deployment_turned_off(self, house: House, state: DeploymentState) -> None:
        """S29: so does a deployment."""
        token = house.open().token
        house.deploy(state)
        assert 401 == house.get(token).status_code

    def test_deployment_moved_to_another_site(self, house: House) -> None:
        """A deployment that now belongs to another school ends the old school's sessions."""
        token = house.open().token
        house.deploy(site_id=make_site(house.wiring.doors))
        assert 401 == house.get(token).status_code

    def test_site_that_is_gone(self, house: House) -> None:
        """A session of a site we do not have opens nothing."""
        token = house.open(site_id=SiteId(new_uuid7())).token
        assert 401 == house.get(token).status_code

    def test_everywhere_at_once(self, house: House) -> None:
        """Revoking an adult's sessions ends all of them."""
        door = house.open()
        session = house.wiring.doors.session(key_in(door.token))
        assert session is not None
        assert session.adult_id is not None
        assert 1 == house.wiring.doors.revoke_sessions_of(house.site_id, session.adult_id, at=house.clock())
        assert 401 == house.get(door.token).status_code

    def test_session_of_another_door(self, house: House) -> None:
        """A session that no LMS vouches for names its door as the source."""
        session = house.wiring.doors.session(key_in(house.open().token))
        assert session is not None
        token = "g" * 43
        house.wiring.doors.open_session(
            replace(
                session,
                key="",
                token_hash=hash_of(token),
                registration_id=None,
                deployment_id=None,
                door="google",
            )
        )
        assert 200 == house.get(token).status_code


class TestKey:
    def test_the_key_alone_opens_nothing(self, house: House) -> None:
        """A key finds a session; with another secret, with what its tab knows or alone it opens nothing."""
        door = house.open()
        key = key_in(door.token)
        assert key == key_in(door.tab)
        for wrong in (key, f"{key}.{'x' * 43}", door.tab, door.token.partition(".")[2]):
            assert 401 == house.get(wrong).status_code
        assert 200 == house.get(door.token).status_code


class TestResume:
    def test_reload_with_cookie(self, house: House) -> None:
        """Cookie and tab key together give a fresh token; the old one ends, the absolute end stays."""
        door = house.open()
        before = house.wiring.doors.session(key_in(door.token))
        answer = house.resume({"tab": door.tab})
        token = answer.get_json()["token"]
        assert 200 == house.get(token).status_code
        assert 401 == house.get(door.token).status_code
        after = house.wiring.doors.session(key_in(token))
        assert isinstance(before, WebSession)
        assert isinstance(after, WebSession)
        assert before.ends_at == after.ends_at
        assert 200 == house.resume({"tab": door.tab}).status_code

    def test_reload_with_storage(self, house: House) -> None:
        """Where cookies are refused, the secret from sessionStorage does the same."""
        door = house.open(cookies=False)
        assert door.secret == door.as_json()["secret"]
        assert 401 == house.resume({"tab": door.tab}).status_code
        assert 200 == house.resume({"tab": door.tab, "secret": door.secret}).status_code

    def test_cookie_alone(self, house: House) -> None:
        """The cookie without this tab's key resumes nothing: a pupil's frame has the cookie, too."""
        house.open()
        for body in ({}, {"tab": ""}, {"tab": "x" * 43}, {"tab": 7}, [], None, "text"):
            assert 401 == house.resume(body).status_code

    def test_tab_key_alone(self, house: House) -> None:
        """The tab's key without the secret resumes nothing."""
        door = house.open()
        assert 401 == house.resume({"tab": door.tab}, browser(house.app)).status_code
        assert 401 == house.resume({"tab": door.tab, "secret": "x" * 43}, browser(house.app)).status_code
        assert 401 == house.resume({"tab": door.tab, "secret": 7}, browser(house.app)).status_code

    def test_halves_of_two_tabs(self, house: House) -> None:
        """One tab's key with another tab's secret resumes nothing."""
        first, second = house.open(cookies=False), house.open(cookies=False)
        assert 401 == house.resume({"tab": first.tab, "secret": second.secret}).status_code

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", None, TOOL_URL + "/", TOOL_URL.upper()]
    )
    def test_foreign_origin(self, house: House, origin: str | None) -> None:
        """Only our own pages may ask."""
        door = house.open()
        assert 401 == house.resume({"tab": door.tab}, origin=origin).status_code

    def test_reload_after_the_end(self, house: House) -> None:
        """A session idle for too long does not come back by reloading."""
        door = house.open()
        house.clock.forward(hours=1)
        assert 401 == house.resume({"tab": door.tab}).status_code

    def test_cookies_of_many_tabs_are_bounded(self, house: House) -> None:
        """The oldest tabs' cookies are dropped, so that the request header stays small."""
        doors = []
        for _ in range(MOST_TABS + 2):
            doors.append(house.open())
            house.clock.forward(seconds=1)
        jar = "; ".join(f"{tab_cookie(door.tab)}={door.secret}" for door in doors)
        with house.app.test_request_context(headers={"Cookie": jar}):
            newest = open_door(parts(), house.context(), None, cookies=True, family=False)
            response = house.app.response_class()
            keep_secret_in_cookie(response, newest, now=house.clock())
        dropped = {
            line.partition("=")[0] for line in response.headers.getlist("Set-Cookie") if "Max-Age=0" in line
        }
        assert {tab_cookie(door.tab) for door in doors[:3]} == dropped


class TestGoto:
    def test_goto_header(self, house: House) -> None:
        """After a form the answer is empty and says where to go and what to say."""
        answer = house.client.post("/app/probe", headers=bearer(house.open().token))
        assert (200, "/app/probe", "note_sent", b"") == (
            answer.status_code,
            answer.headers["Rapport-Goto"],
            answer.headers["Rapport-Said"],
            answer.data,
        )

    @pytest.mark.parametrize(
        "path", ["/lti/login", "https://evil.example/app/", "/app/x\nSet-Cookie: a", "//app/"]
    )
    def test_goto_leads_to_screens_only(self, path: str) -> None:
        """Elsewhere is a mistake of ours, found at once."""
        from lti_app.session import goto

        with pytest.raises(ValueError, match="goto"):
            goto(path)

    def test_said_is_a_code(self) -> None:
        """A sentence or a name cannot travel as the code."""
        from lti_app.session import goto

        with pytest.raises(ValueError, match="code"):
            goto("/app/", said="Note for Maya sent")
        assert "Rapport-Said" not in goto("/app/").headers


def test_secrets_of_one_question_are_each_their_own() -> None:
    """Several secrets at once are as long and as different as one by one."""
    found = new_secrets(3)
    assert 3 == len(set(found))
    assert {len(new_secret())} == {len(one) for one in found}
