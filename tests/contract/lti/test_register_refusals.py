"""Connecting by one address: what is refused, and that nothing a platform says breaks us."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Response

from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.install_words import WORDS
from lti_app.doors.lti.platform_configuration import read_configuration
from lti_app.doors.lti.registration_request import read_answer, registration_request
from tests.contract.lti.installable import TOKEN, TOOL, Installable, make_installable
from tests.contract.lti.tool import make_settings


@pytest.fixture
def place(httpserver: HTTPServer) -> Installable:
    """A platform beside a tool."""
    return make_installable(httpserver)


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


@given(
    url=st.text(max_size=60) | st.sampled_from(["https://[bad", "https://", "//x", "https://a:b:c/"]),
    token=st.text(max_size=20),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_address_breaks_the_page(place: Installable, url: str, token: str) -> None:
    """R3: whatever is pasted behind the link: a page, never a mistake of ours, and nobody inside is asked."""
    code = place.invite()
    opened = place.open(code, openid_configuration=url, registration_token=token)
    pressed = place.connect(code, openid_configuration=url, registration_token=token)

    assert opened.status_code in (200, 422)
    assert 422 == pressed.status_code
    assert [] == place.asked


def test_every_refusal_says_what_to_do() -> None:
    """Two whole sentences at least: what happened and what to do now."""
    for code, (what, do) in WORDS.items():
        assert what.endswith("."), code
        assert do.endswith((".", "?", "below.")) or "iep " in do, code
