"""Installing a tool in the practice LMS by its address: who may, and what a registration must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lti_app.sandbox import SandboxConfig, SandboxHandle, run_in_thread
from lti_app.sandbox.installs import TOOL

TOOL_URL = "http://127.0.0.1:8500"
KEYS = "/accounts/1/developer_keys"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


@pytest.fixture
def empty_lms() -> Iterator[SandboxHandle]:
    """A practice LMS without a tool."""
    config = SandboxConfig(public_url="http://localhost:0", tool_url=TOOL_URL, installed=False)
    with run_in_thread(config, 0) as handle:
        yield handle


def begin(lms: SandboxHandle, url: str = f"{TOOL_URL}/lti/register/abc") -> tuple[str, str]:
    """Paste an address; return the page with the frame and the token the tool gets."""
    page = requests.post(f"{lms.url}{KEYS}/new?as=pell", data={"url": url}, timeout=10)
    src = re.search(r'src="([^"]+registration_token[^"]+)"', page.text)
    assert src is not None, page.text
    token = parse_qs(urlsplit(src.group(1).replace("&amp;", "&")).query)["registration_token"][0]
    return page.url, token


def a_registration(**changes: Any) -> dict[str, Any]:
    """Return a registration that is in order; ``...`` takes a value out."""
    values: dict[str, Any] = {
        "application_type": "web",
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "initiate_login_uri": f"{TOOL_URL}/lti/login",
        "redirect_uris": [f"{TOOL_URL}/lti/launch"],
        "client_name": "Rapport",
        "jwks_uri": f"{TOOL_URL}/lti/jwks",
        "scope": NRPS,
        TOOL: {
            "domain": "127.0.0.1:8500",
            "target_link_uri": f"{TOOL_URL}/app/",
            "messages": [
                {
                    "type": "LtiResourceLinkRequest",
                    "target_link_uri": f"{TOOL_URL}/app/",
                    "placements": ["https://canvas.instructure.com/lti/account_navigation", "unheard_of"],
                }
            ],
        },
        **changes,
    }
    return {name: value for name, value in values.items() if value is not ...}


def register(lms: SandboxHandle, token: str, **changes: Any) -> requests.Response:
    """Register as a tool does."""
    return requests.post(
        f"{lms.url}/api/lti/registrations",
        json=a_registration(**changes),
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )


def test_an_administrator_switches_the_tool_on(empty_lms: SandboxHandle) -> None:
    """From the pasted address to the menu: a new client id and a deployment of the account."""
    page, token = begin(empty_lms)
    settings = requests.get(
        f"{empty_lms.url}/api/lti/security/openid-configuration",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json()
    answer = register(empty_lms, token).json()
    review = page.replace("/frame?", "/review?")
    asked = requests.get(review, timeout=10).text
    listed = requests.post(review, data={"placement": "account_navigation"}, timeout=10).text

    assert empty_lms.url == settings["issuer"]
    assert settings["registration_endpoint"].startswith(empty_lms.url)
    assert "Account navigation" in asked
    assert "Unheard" not in asked
    config = empty_lms.world.config
    assert (answer["client_id"], True) == (config.client_id, config.installed)
    assert config.deployment_id.startswith("1:")
    assert "external_tools/1" in listed
    assert f"{TOOL_URL}/app/" == empty_lms.world.installs.target("account_navigation")
    assert empty_lms.world.installs.target("course_navigation") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"application_type": "native"},
        {"grant_types": ["implicit"]},
        {"response_types": ["code"]},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"scope": "https://example.org/everything"},
        {"client_name": ...},
        {"redirect_uris": []},
        {TOOL: ...},
        {TOOL: {"domain": "x", "target_link_uri": f"{TOOL_URL}/app/", "messages": []}},
        {TOOL: {"domain": "127.0.0.1:8500", "target_link_uri": f"{TOOL_URL}/app/"}},
    ],
    ids=range(10),
)
def test_what_canvas_would_refuse_is_refused(empty_lms: SandboxHandle, changes: dict[str, Any]) -> None:
    """422 with a reason; the token stays good for a better try."""
    _, token = begin(empty_lms)

    assert 422 == register(empty_lms, token, **changes).status_code
    assert 200 == register(empty_lms, token).status_code


def test_a_token_registers_once(empty_lms: SandboxHandle) -> None:
    """Nobody without a token, and nobody twice with one."""
    _, token = begin(empty_lms)
    codes = [register(empty_lms, word).status_code for word in ("", "made-up", token, token)]
    closed = requests.get(f"{empty_lms.url}/api/lti/security/openid-configuration", timeout=10)

    assert [401, 401, 200, 401] == codes
    assert 401 == closed.status_code


def test_only_administrators_see_keys(empty_lms: SandboxHandle) -> None:
    """A teacher has no account menu."""
    assert 403 == requests.get(f"{empty_lms.url}{KEYS}?as=halloran", timeout=10).status_code
    assert 404 == requests.get(f"{empty_lms.url}{KEYS}?as=nobody", timeout=10).status_code


def test_an_old_or_made_up_ticket_is_not_there(empty_lms: SandboxHandle) -> None:
    """The pages of one registration end with its hour."""
    for page in ("frame", "review"):
        asked = requests.get(f"{empty_lms.url}{KEYS}/{page}?as=pell&ticket=x", timeout=10)
        assert 404 == asked.status_code


def test_another_hosts_address_is_not_framed(empty_lms: SandboxHandle) -> None:
    """This LMS holds the tool beside it and no other."""
    page = requests.post(
        f"{empty_lms.url}{KEYS}/new?as=pell", data={"url": "https://evil.example/x"}, timeout=10
    )

    assert 422 == page.status_code
    assert "the tool beside it only" in page.text


def test_without_a_tool_nothing_launches(empty_lms: SandboxHandle) -> None:
    """Neither from a course nor with the client id of a practice that was never installed."""
    course = requests.get(f"{empty_lms.url}/courses/101/external_tools/1?as=halloran", timeout=10)
    asked = requests.get(f"{empty_lms.url}/api/lti/authorize_redirect?client_id=rapport-practice", timeout=10)
    home = requests.get(f"{empty_lms.url}/courses/101?as=halloran", timeout=10)

    assert [404, 400] == [course.status_code, asked.status_code]
    assert "Unknown tool" in asked.text
    assert 'aria-label="Course navigation"' in home.text
    assert "external_tools/1" not in home.text


def test_a_tool_that_is_there_is_not_installed_again(empty_lms: SandboxHandle) -> None:
    """One tool: the second address is refused."""
    page, token = begin(empty_lms)
    register(empty_lms, token)
    requests.post(page.replace("/frame?", "/review?"), data={}, timeout=10)
    again = requests.post(f"{empty_lms.url}{KEYS}/new?as=pell", data={"url": f"{TOOL_URL}/x"}, timeout=10)

    assert 409 == again.status_code
