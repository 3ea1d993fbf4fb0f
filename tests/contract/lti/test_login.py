"""OIDC login initiation: cases O1 to O13 of the conformance table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from iepcore.ids import SiteId
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import ISSUER
from tests.contract.lti.tool import data_block, has_session, make_app, make_settings, make_site


def refused(stage: Stage, **changes: Any) -> str:
    """Log in with changes, expect a refusal that redirects nowhere, and return its heading."""
    answer = stage.client.get("/lti/login", query_string=stage.platform.login_request(**changes))
    assert 400 == answer.status_code
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    return str(answer.text.partition("<h1>")[2].partition("</h1>")[0])


class TestLogin:
    @pytest.mark.parametrize("method", ["GET", "POST"], ids=["O1-get", "O1-post"])
    def test_initiation_is_answered_by_a_redirect(self, stage: Stage, method: str) -> None:
        """GET and POST initiation both lead the browser to the authorization endpoint."""
        where = {"query_string" if method == "GET" else "data": stage.platform.login_request()}
        answer = stage.client.open("/lti/login", method=method, **where)
        assert 302 == answer.status_code
        assert answer.headers["Location"].startswith(ISSUER + "/auth?")

    @pytest.mark.parametrize("hint", ["a b&c=ü/?", None], ids=["O2-hint", "O2-no-hint"])
    def test_request_has_every_parameter(self, stage: Stage, hint: str | None) -> None:
        """The request carries what SEC 5.1.1.2 lists; the message hint comes back unaltered, and only if
        sent.
        """
        asked = stage.login(lti_message_hint=hint)
        assert "hint/ä&1" == asked["login_hint"]
        assert stage.platform.registration.client_id == asked["client_id"]
        assert hint == asked.get("lti_message_hint")

    @pytest.mark.parametrize(
        "missing",
        [
            pytest.param("iss", id="O3-iss"),
            pytest.param("login_hint", id="O3-login_hint"),
            pytest.param("target_link_uri", id="O4"),
        ],
    )
    def test_missing_parameter_is_refused(self, stage: Stage, missing: str) -> None:
        """Without issuer, login hint or target nothing starts."""
        assert "We could not open this" == refused(stage, **{missing: None})

    def test_unknown_issuer_and_client_read_the_same(self, stage: Stage) -> None:
        """O5: neither an unknown issuer nor an unknown client is told from the other."""
        texts = {refused(stage, iss="https://other.example"), refused(stage, client_id="nobody")}
        assert {"This school site is not connected"} == texts

    def test_sole_registration_needs_no_client_id(self, stage: Stage) -> None:
        """O6: with one registration of the issuer the client id may be left out."""
        assert "client-1" == stage.login(client_id=None)["client_id"]

    def test_several_registrations_need_a_hint(self, stage: Stage) -> None:
        """O7: with two registrations the deployment decides, or nothing does."""
        stage.platform.register("client-2")
        assert "This school site is not connected" == refused(stage, client_id=None, lti_deployment_id=None)
        assert "client-1" == stage.login(client_id=None)["client_id"]
        asked = stage.login(client_id=None, lti_deployment_id=None, deployment_id="dep-1")
        assert "client-1" == asked["client_id"]

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/app/",
            "https://rapport.example.org.evil.example/app/",
            "https://rapport.example.org@evil.example/app/",
            "http://rapport.example.org/app/",
            "https://rapport.example.org:444/app/",
            "//rapport.example.org/app/",
            "https:\\\\rapport.example.org\\app",
            "https://rapport.example.org/app/\n",
            "javascript:alert(1)",
            "https://[",
        ],
    )
    def test_foreign_target_is_refused(self, stage: Stage, target: str) -> None:
        """O8: a target that is not under our own origin starts nothing."""
        refused(stage, target_link_uri=target)

    @pytest.mark.parametrize(
        ("auth_url", "begins"),
        [
            (ISSUER + "/auth?tenant=7", ISSUER + "/auth?tenant=7&scope="),
            (ISSUER + "/auth?", ISSUER + "/auth?scope="),
        ],
        ids=["O9", "O9-bare"],
    )
    def test_address_with_a_query_is_joined(self, stage: Stage, auth_url: str, begins: str) -> None:
        """O9: parameters join an authorization URL that already has a query."""
        stage.wiring.doors.save_registration(replace(stage.platform.registration, auth_url=auth_url))
        answer = stage.client.get("/lti/login", query_string=stage.platform.login_request())
        assert answer.headers["Location"].startswith(begins)

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["O10-in-order", "O10-crossed"])
    def test_parallel_logins_do_not_meet(self, stage: Stage, order: tuple[int, int]) -> None:
        """O10: two logins in one browser work in either order of their answers."""
        asked = [stage.login(), stage.login()]
        for place in order:
            token = stage.platform.sign(stage.platform.claims(asked[place]["nonce"]))
            assert has_session(stage.post(asked[place]["state"], token))

    def test_error_of_the_platform_is_explained(self, stage: Stage) -> None:
        """O11: login_required becomes a page that says what to do, and the state is used up."""
        asked = stage.login()
        form = {"error": "login_required", "error_description": "x", "state": asked["state"]}
        answer = stage.client.post("/lti/launch", data=form)
        assert 401 == answer.status_code
        assert "Sign in there" in answer.text
        late = stage.post(asked["state"], stage.platform.sign(stage.platform.claims(asked["nonce"])))
        assert 401 == late.status_code
        assert not has_session(late)

    def test_state_and_nonce_are_random_single_and_short_lived(self, stage: Stage) -> None:
        """O12: 256 bits each, never twice, and gone after ten minutes."""
        first, second = stage.login(), stage.login()
        assert 4 == len({first["state"], first["nonce"], second["state"], second["nonce"]})
        assert min(len(first["nonce"]), len(first["state"])) >= 43
        stage.clock.forward(minutes=10, seconds=1)
        late = stage.post(first["state"], stage.platform.sign(stage.platform.claims(first["nonce"])))
        assert 401 == late.status_code

    @pytest.mark.parametrize("hops", [0, 1], ids=["O13", "O13-proxy"])
    def test_cookie_is_partitioned_and_only_ours(self, stage: Stage, hops: int) -> None:
        """O13: HttpOnly, Secure, SameSite=None, Partitioned, __Host-, also behind a proxy that speaks http
        to us.
        """
        app = make_app(stage.wiring, make_settings(proxy_hops=hops))
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"} if hops else {}
        answer = app.test_client().get(
            "/lti/login", query_string=stage.platform.login_request(), headers=headers
        )
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert cookie.startswith("__Host-door-")
        for part in ("HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/", "Max-Age=600"):
            assert part in cookie
        assert "Domain" not in cookie

    def test_overlong_parameter_is_refused(self, stage: Stage) -> None:
        """O12: a hint of 9,000 characters is refused before anything is stored."""
        refused(stage, lti_message_hint="x" * 9000)

    def test_disabled_registration_is_unknown(self, stage: Stage) -> None:
        """O5: a registration that was turned off reads like one that never was."""
        stage.wiring.doors.save_registration(replace(stage.platform.registration, enabled=False))
        assert "This school site is not connected" == refused(stage)


class TestFirstPageInAFrame:
    """P: a frame gets a small page first, which binds the launch without third-party cookies."""

    @pytest.mark.parametrize(
        ("headers", "target", "is_page"),
        [
            pytest.param({"Sec-Fetch-Dest": "iframe"}, None, True, id="P-frame"),
            pytest.param({"Sec-Fetch-Dest": "document"}, None, False, id="P-window"),
            pytest.param({"User-Agent": "Mozilla/5.0 (old)"}, None, True, id="P-browser-that-does-not-say"),
            pytest.param({"Sec-Fetch-Dest": "document"}, "_parent", True, id="P1-parent"),
            pytest.param({}, "post_message_forwarding", True, id="P1-named"),
        ],
    )
    def test_page_or_redirect(
        self, stage: Stage, headers: dict[str, str], target: str | None, is_page: bool
    ) -> None:
        """The page comes in frames and with platform storage; a window of its own is redirected at once."""
        asked = stage.platform.login_request(lti_storage_target=target)
        answer = stage.client.get("/lti/login", query_string=asked, headers=headers)
        assert (200 if is_page else 302) == answer.status_code
        if is_page:
            bind = data_block(answer)
            granted = stage.platform.authorize(bind["next"])
            assert {"kind": "login", "target": target, "origin": ISSUER} == {
                name: bind[name] for name in ("kind", "target", "origin")
            }
            assert f"lti_state_{granted['state']}" == bind["key"]
            assert granted["state"] not in bind["proof"]

    def test_odd_frame_name_counts_as_none(self, stage: Stage) -> None:
        """P1: a storage target that is not a frame's name is not used."""
        asked = stage.platform.login_request(lti_storage_target="<x>")
        assert 302 == stage.client.get("/lti/login", query_string=asked).status_code

    def test_window_link_starts_the_same_login(self, stage: Stage) -> None:
        """P3: the link for a window of its own repeats the login without the storage target."""
        asked = stage.platform.login_request(lti_storage_target="_parent")
        answer = stage.client.post("/lti/login", data=asked)
        link = answer.text.partition('id="bind-link" href="')[2].partition('"')[0].replace("&amp;", "&")
        sent = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        assert stage.platform.login_request() == sent


def test_deployment_decides_between_registrations_of_sites(stage: Stage, other_site: SiteId) -> None:
    """O7: the deployment id names the registration that knows it."""
    second = stage.platform.register("client-2")
    stage.platform.deploy(other_site, "dep-2", registration_id=second.id)
    assert "client-2" == stage.login(client_id=None, lti_deployment_id="dep-2")["client_id"]


@pytest.fixture
def other_site(stage: Stage) -> SiteId:
    """A second school."""
    return make_site(stage.wiring.doors, "Birch Road School")
