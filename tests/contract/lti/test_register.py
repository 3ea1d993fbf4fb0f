"""Connecting by one address: LTI Dynamic Registration 1.0 in the shapes of Canvas and Moodle."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from iepcore.ids import AdultId
from lti_app.doors.lti.platform_configuration import read_configuration
from lti_app.doors.records import DeploymentState
from tests.contract.lti.installable import TOKEN, TOOL, Installable, make_installable
from tests.contract.lti.tool import make_site

CANVAS = "https://canvas.instructure.com/lti/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


@pytest.fixture
def place(httpserver: HTTPServer) -> Installable:
    """A platform beside a tool."""
    return make_installable(httpserver)


# ------------------------------------------------------------------------------------- the way it goes


def test_opening_the_link_asks_and_changes_nothing(place: Installable) -> None:
    """R1: a GET fetches nothing, uses nothing up, and says who would be connected and why what is asked."""
    code = place.invite()

    first, second = place.open(code), place.open(code)

    assert [200, 200] == [first.status_code, second.status_code]
    assert "Maple Street School" in first.text
    assert "nobody is typed in" in first.text
    assert [] == place.asked
    assert TOKEN in first.text


def test_canvas_is_connected_by_one_button(place: Installable) -> None:
    """R1: settings and registration are asked with the bearer; the answer is kept; nothing may launch."""
    answer = place.connect(place.invite())

    assert 200 == answer.status_code, answer.text
    assert ["settings", "register"] == [what for what, _ in place.asked]
    assert {f"Bearer {TOKEN}"} == {request.headers["Authorization"] for _, request in place.asked}
    (registration,) = place.wiring.doors.registrations()
    assert place.configuration()["issuer"] == registration.issuer
    assert "client-9" == registration.client_id
    assert place.configuration()["jwks_uri"] == registration.jwks_url
    assert () == tuple(place.wiring.doors.deployments())
    made = place.wiring.installs.installation(registration.id)
    assert made is not None
    assert ("canvas", "Practice Account") == (made.product, made.name)
    assert "js/close.js" in answer.text


def test_the_request_to_canvas_has_its_shape(place: Installable) -> None:
    """R1: what Canvas requires, one message for each place it has, its own keys, and only scopes it has."""
    place.connect(place.invite())
    (sent,) = place.sent

    assert {"client_credentials", "implicit"} <= set(sent["grant_types"])
    assert ["id_token"] == sent["response_types"]
    assert ("web", "private_key_jwt") == (sent["application_type"], sent["token_endpoint_auth_method"])
    assert ["https://rapport.example.org/lti/launch"] == sent["redirect_uris"]
    assert "https://rapport.example.org/lti/login" == sent["initiate_login_uri"]
    assert "https://rapport.example.org/lti/jwks" == sent["jwks_uri"]
    assert NRPS == sent["scope"]
    tool = sent[TOOL]
    assert ("public", "rapport") == (tool[CANVAS + "privacy_level"], tool[CANVAS + "tool_id"])
    assert "rapport.example.org" == tool["domain"]
    assert ["iss", "sub", "name", "email", "locale"] == tool["claims"]
    assert "$com.instructure.User.observees" == tool["custom_parameters"]["observees"]
    messages = {one["placements"][0]: one for one in tool["messages"]}
    assert {
        "course_navigation",
        "account_navigation",
        "student_context_card",
        "user_navigation",
        "assignment_selection",
        "link_selection",
    } == set(messages)
    assert {"Rapport"} == {one["label"] for one in messages.values()}
    assert messages["course_navigation"][CANVAS + "course_navigation/default_enabled"] is False
    assert "admins" == messages["account_navigation"][CANVAS + "visibility"]
    assert "LtiDeepLinkingRequest" == messages["link_selection"]["type"]


def test_moodle_is_connected_with_its_deployment(place: Installable) -> None:
    """R2: a deployment named at once is kept, waiting; Canvas' keys and variables stay away."""
    place.lti_changes = {
        "product_family_code": "moodle",
        "messages_supported": [
            {"type": "LtiResourceLinkRequest"},
            {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea", "RichTextEditor"]},
        ],
        "variables": ["Person.address.timezone"],
    }
    place.answer = lambda sent: {"client_id": "moodle-1", TOOL: {"deployment_id": "3", "version": "1.3.0"}}

    answer = place.connect(place.invite())

    assert 200 == answer.status_code
    (deployment,) = place.wiring.doors.deployments()
    assert ("3", DeploymentState.PENDING, None) == (
        deployment.deployment_id,
        deployment.state,
        deployment.site_id,
    )
    tool = place.sent[0][TOOL]
    assert not [name for name in tool if name.startswith(CANVAS)]
    assert {"time_zone": "$Person.address.timezone"} == tool["custom_parameters"]
    assert ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"] == [one["type"] for one in tool["messages"]]
    assert ["ContentArea"] == tool["messages"][1]["placements"]


def test_a_platform_without_a_token_is_asked_without_one(place: Installable) -> None:
    """R2: the token is optional in the specification."""
    place.connect(place.invite(), registration_token="")

    assert [None, None] == [request.headers.get("Authorization") for _, request in place.asked]


def test_the_frame_is_open_to_the_platform_before_and_after(place: Installable) -> None:
    """S28: any https page may frame the asking page, afterwards only registered platforms."""
    code = place.invite()
    asking = place.open(code).headers["Content-Security-Policy"]
    place.client.get("/app/")  # somebody looked before: the list of framers is known
    place.connect(code)
    later = place.client.get("/app/").headers["Content-Security-Policy"]

    assert "frame-ancestors 'self' https: http://localhost:*" in asking
    assert place.server.url_for("").rstrip("/") in later
    assert "https:;" not in later + ";"


def test_in_production_no_plain_page_may_frame_the_asking_page(httpserver: HTTPServer) -> None:
    """S28: outside the demonstration the frame needs https."""
    place = make_installable(httpserver, demo=False)
    policy = place.open(place.invite()).headers["Content-Security-Policy"]

    assert policy.endswith("frame-ancestors 'self' https:")


def test_schools_of_hosted_canvas_may_frame_us(place: Installable) -> None:
    """S28: hosted Canvas has one issuer and a host for every school."""
    found = read_configuration(
        {
            **place.configuration(),
            "issuer": "https://canvas.instructure.com",
            "authorization_endpoint": "https://sso.canvaslms.com/api/lti/authorize_redirect",
            "registration_endpoint": "https://canvas.instructure.com/api/lti/registrations",
            "jwks_uri": "https://sso.canvaslms.com/api/lti/security/jwks",
            "token_endpoint": "https://school.instructure.com/login/oauth2/token",
        },
        url="https://canvas.instructure.com/api/lti/security/openid-configuration",
    )

    assert "https://canvas.instructure.com" == found.issuer


# ---------------------------------------------------------------------------------------------- the invite


@pytest.mark.parametrize("path", ["/lti/register", "/lti/register/" + "x" * 32, "/lti/register/short"])
def test_without_an_invite_nothing_opens(place: Installable, path: str) -> None:
    """R4: no code, a wrong one, a malformed one: a page that says what to do, and nobody is asked."""
    query = {"openid_configuration": place.configuration_url}
    opened = place.client.get(path, query_string=query)
    pressed = place.client.post(path, data=query)

    assert opened.status_code in (404, 410)
    assert "Reference" in opened.text
    assert pressed.status_code in (405, 410)
    assert [] == place.asked


def test_an_invite_connects_once(place: Installable) -> None:
    """R4: after the button the link is used up."""
    code = place.invite()
    place.connect(code)
    again = place.connect(code)

    assert 410 == again.status_code
    assert "used before" in again.text
    assert 1 == len(place.sent)


def test_an_old_invite_is_over(place: Installable) -> None:
    """R4: two days, then a new one is needed."""
    code = place.invite()
    place.wiring.clock.forward(hours=48)  # type: ignore[attr-defined]

    assert [410, 410] == [place.open(code).status_code, place.connect(code).status_code]
    assert [] == place.asked


def test_the_link_opened_by_hand_says_where_it_belongs(place: Installable) -> None:
    """R4: somebody clicks the link in a mail: which menu it goes into, and it is still good."""
    code = place.invite()
    page = place.client.get(f"/lti/register/{code}")

    assert 200 == page.status_code
    assert "Developer Keys" in page.text
    assert 200 == place.connect(code).status_code


def test_a_failed_try_leaves_the_link_good(place: Installable) -> None:
    """R4: what the platform did wrong is not paid with the invite; the page offers to try again."""
    code = place.invite()
    place.answer = lambda sent: Response("", 500)
    failed = place.connect(code)
    place.answer = lambda sent: {"client_id": "client-9"}

    assert 422 == failed.status_code
    assert "Try again" in failed.text
    assert 200 == place.connect(code).status_code


def test_a_second_connection_is_said_before(place: Installable) -> None:
    """R4: the same platform again: the page says so; the answer with the same client id updates the first."""
    place.connect(place.invite())
    code = place.invite()
    page = place.open(code)
    place.changes = {"token_endpoint": place.server.url_for("/token/new")}
    place.connect(code)

    assert "is connected already" in page.text
    (registration,) = place.wiring.doors.registrations()
    assert registration.token_url.endswith("/token/new")


def test_another_schools_registration_is_not_taken(place: Installable) -> None:
    """R4: a platform that gives the same client id to two schools changes nothing of the first."""
    place.connect(place.invite())
    before = place.wiring.doors.registrations()
    other = make_site(place.wiring.doors, "Another School")
    place.site_id = other
    place.changes = {"token_endpoint": place.server.url_for("/token/new")}
    answer = place.connect(place.invite())

    assert 422 == answer.status_code
    assert "another school" in answer.text
    assert before == place.wiring.doors.registrations()


def test_who_made_the_invite_decides_about_the_first_administrator(place: Installable) -> None:
    """An invite of the command line lets the platform's first administrator in for a week, a person's not."""
    place.connect(place.invite())
    place.answer = lambda sent: {"client_id": "client-10"}
    answer = place.connect(place.invite(made_by=AdultId(UUID(int=5))))
    by_client = {one.client_id: one.id for one in place.wiring.doors.registrations()}
    open_one = place.wiring.installs.installation(by_client["client-9"])
    shut_one = place.wiring.installs.installation(by_client["client-10"])

    assert open_one is not None
    assert shut_one is not None
    assert place.wiring.clock() + timedelta(days=7) == open_one.claim_until
    assert shut_one.claim_until is None
    assert "“Platforms”" in answer.text


def test_only_origins_get_into_the_policy(place: Installable) -> None:
    """S28: a host of every school of a vendor may frame us; what is no origin never reaches the header."""
    place.connect(place.invite())
    (made,) = place.wiring.installs.installations()
    odd = ("https://*.instructure.com", "https://a b", "https://x/path", "*", "https://y;script-src *")
    place.wiring.installs.save_installation(replace(made, frames=odd))
    place.wiring.clock.forward(minutes=1)  # type: ignore[attr-defined]
    policy = place.client.get("/app/").headers["Content-Security-Policy"]
    framers = policy.rpartition("frame-ancestors ")[2].split()

    assert {"'self'", place.server.url_for("").rstrip("/"), "https://*.instructure.com"} == set(framers)


def test_a_platform_that_is_turned_off_frames_nothing(place: Installable) -> None:
    """S28, S29: the origins of a disabled registration leave the policy."""
    place.connect(place.invite())
    (registration,) = place.wiring.doors.registrations()
    place.wiring.doors.save_registration(replace(registration, enabled=False))
    place.wiring.clock.forward(minutes=1)  # type: ignore[attr-defined]

    assert place.client.get("/app/").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
