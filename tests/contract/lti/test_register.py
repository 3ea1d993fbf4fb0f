"""Connecting by one address: LTI Dynamic Registration 1.0 in the shapes of Canvas and Moodle."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Response

from iepcore.ids import AdultId
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.install_words import WORDS
from lti_app.doors.lti.platform_configuration import read_configuration
from lti_app.doors.lti.registration_request import read_answer, registration_request
from lti_app.doors.records import DeploymentState
from tests.contract.lti.installable import TOKEN, TOOL, Installable, make_installable
from tests.contract.lti.tool import make_settings, make_site

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


# ------------------------------------------------------------------------------------- what is refused


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "issuer elsewhere": ({"issuer": "https://canvas.instructure.com"}, "issuer_elsewhere"),
    "issuer without host": ({"issuer": "urn:school:lms"}, "issuer_elsewhere"),
    "no issuer": ({"issuer": ...}, "configuration_form"),
    "endpoint elsewhere": ({"authorization_endpoint": "https://evil.example/auth"}, "endpoint_elsewhere"),
    "registration elsewhere": ({"registration_endpoint": "https://evil.example/r"}, "endpoint_elsewhere"),
    "keys elsewhere": ({"jwks_uri": "https://sso.canvaslms.com/jwks"}, "endpoint_elsewhere"),
    "token inside": ({"token_endpoint": "http://169.254.169.254/token"}, "endpoint_elsewhere"),
    "no endpoint": ({"token_endpoint": 7}, "configuration_form"),
    "no RS256": ({"id_token_signing_alg_values_supported": ["ES256"]}, "no_rs256"),
}


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=[f"R3-{name}" for name in REFUSED])
def test_settings_that_lie_are_refused(place: Installable, changes: dict[str, Any], code: str) -> None:
    """R3: a platform speaks for its own host only; nothing is sent and nothing is kept."""
    place.changes = changes
    answer = place.connect(place.invite())

    assert 422 == answer.status_code
    assert WORDS[code][1] in answer.text.replace("&#39;", "'")
    assert [] == place.sent
    assert () == tuple(place.wiring.doors.registrations())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://lms.example.edu/openid-configuration", "without encryption"),
        ("https://10.0.0.7/openid-configuration", "private network"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://[::ffff:10.0.0.7]/x", "private network"),
        ("javascript:alert(1)", "proper web address"),
    ],
    ids=["R3-http", "R3-private", "R3-link-local", "R3-mapped", "R3-script"],
)
def test_an_address_that_leads_inside_is_refused(place: Installable, url: str, words: str) -> None:
    """R3, S32: whatever is given as the platform's address, our own network is not asked."""
    answer = place.connect(place.invite(), openid_configuration=url)

    assert 422 == answer.status_code
    assert words in answer.text


ANSWERS: dict[str, tuple[Response | dict[str, Any], str]] = {
    "token over": (Response("{}", 401), "registration_token"),
    "not allowed": (Response('{"errors": []}', 422), "registration_refused"),
    "trouble": (Response("<html>", 503), "platform_trouble"),
    "no client id": ({"client_name": "Rapport"}, "answer_form"),
    "number": ({"client_id": 10000000000001}, "answer_form"),
    "endless": ({"client_id": "x" * 256}, "answer_form"),
    "bad deployment": ({"client_id": "7", TOOL: {"deployment_id": ""}}, "answer_form"),
    "list": (Response("[1]", 201), "answer_form"),
    "page": (Response("<html>", 200), "outside_not_json"),
    "redirect": (Response("", 302, {"Location": "/sign-in"}), "outside_redirect"),
}


@pytest.mark.parametrize(("answer", "code"), ANSWERS.values(), ids=[f"R3-{name}" for name in ANSWERS])
def test_what_a_platform_answers_is_told_in_plain_words(
    place: Installable, answer: Response | dict[str, Any], code: str
) -> None:
    """R3: each has its own sentence, the invite stays good and nothing is kept."""
    place.answer = lambda sent: answer
    invite = place.invite()
    page = place.connect(invite)

    assert 422 == page.status_code
    assert WORDS[code][1] in page.text.replace("&#39;", "'")
    assert re.search(r"Reference <bdi>[2-9A-Z]{8}</bdi>", page.text)
    assert () == tuple(place.wiring.doors.registrations())
    assert place.open(invite).status_code == 200


def test_a_missing_settings_page_is_told(place: Installable) -> None:
    """R3: a platform without dynamic registration."""
    page = place.connect(place.invite(), openid_configuration=place.server.url_for("/nothing"))

    assert "no settings page" in page.text


def test_nothing_of_the_platform_is_logged(place: Installable, caplog: pytest.LogCaptureFixture) -> None:
    """S30: neither the token nor the invite nor what the platform said stands in a log."""
    code = place.invite()
    place.open(code)
    place.changes = {"issuer": "https://secret-host.example"}
    place.connect(code)
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("lti_app"))

    assert "/lti/register/<code>" in ours
    for secret in (TOKEN, code, "secret-host"):
        assert secret not in ours


def test_what_a_platform_calls_itself_is_escaped(place: Installable) -> None:
    """S27: a host that is markup stays text on the page."""
    page = place.open(place.invite(), openid_configuration='https://a"><script>x</script>/')

    assert "<script>x" not in page.text


# ---------------------------------------------------------------------------------------------- by chance

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "issuer",
        "authorization_endpoint",
        "registration_endpoint",
        "jwks_uri",
        "token_endpoint",
        "authorization_server",
        "scopes_supported",
        "claims_supported",
        "id_token_signing_alg_values_supported",
        "https://purl.imsglobal.org/spec/lti-platform-configuration",
    ]
)


T = TypeVar("T")


def _told(step: Callable[[], T]) -> T | None:
    """Return what a step gives, None when it refuses with a code that has words."""
    try:
        return step()
    except InstallRefused as refused:
        return None if refused.code in WORDS else pytest.fail(f"no words for {refused.code}")


@given(changes=st.dictionaries(NAMES, JSON, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_settings_break_us(place: Installable, changes: dict[str, Any]) -> None:
    """R3: whatever settings say: a refusal that has words, or a request that keeps its shape."""
    document = {**place.configuration(), **changes}
    found = _told(lambda: read_configuration(document, url=place.configuration_url))
    if found is None:
        return
    sent = registration_request(make_settings(), found)
    root = place.server.url_for("").rstrip("/")
    assert all(
        url.startswith(root)
        for url in (found.issuer, found.authorization_endpoint, found.registration_endpoint, found.jwks_uri)
    )
    assert {"Rapport"} == {one["label"] for one in sent[TOOL]["messages"]} or found.is_canvas
    assert all(word.startswith("https://purl.imsglobal.org/spec/") for word in sent["scope"].split())


@given(status=st.integers(100, 599), document=JSON)
def test_no_answer_breaks_us(status: int, document: Any) -> None:
    """R3: whatever is answered: a client id that is one, or a code that has words."""
    found = _told(lambda: read_answer(status, document, host="lms.example.edu"))
    if found is not None:
        assert 200 <= status < 300
        assert document["client_id"] == found.client_id
        assert 0 < len(found.client_id) <= 255


def test_every_refusal_says_what_to_do() -> None:
    """Two whole sentences at least: what happened and what to do now."""
    for code, (what, do) in WORDS.items():
        assert what.endswith("."), code
        assert do.endswith((".", "?", "below.")) or "iep " in do, code
