"""Sessions and pages after a launch: cases S18 to S31 as far as they concern what a browser is given."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.contract.lti.conftest import Stage
from tests.contract.lti.tool import TOOL_URL, bearer, browser, data_block, has_session


class TestSessionsOfOthers:
    def test_nothing_in_a_launch_names_it_to_another(self, stage: Stage) -> None:
        """S25: no id of a launch exists; the halves of one reload do not fit another's, nor its bearer."""
        first = data_block(stage.launch(sub="ada"))
        second = data_block(stage.launch(sub="ben"))
        assert first["path"] == second["path"] == "/app/"
        other = browser(stage.app)
        for body in ({"tab": first["tab"]}, {"tab": first["tab"], "secret": second["tab"]}):
            answer = other.post("/session/resume", json=body, headers={"Origin": TOOL_URL})
            assert answer.status_code in (400, 401)
            assert "token" not in answer.text
        for path in ("/app/probe", "/app/probe?launch_id=1", f"/app/probe?tab={first['tab']}"):
            seen = stage.client.get(path, headers=bearer(second["token"])).get_json()
            assert "ben" == seen["subject"]

    @pytest.mark.parametrize("path", ["/app/probe", "/session/end"], ids=["S31-screen", "S31-session"])
    @pytest.mark.parametrize("origin", ["https://evil.example", "null", None, TOOL_URL])
    def test_cookie_alone_writes_nothing(self, stage: Stage, path: str, origin: str | None) -> None:
        """A post with the browser's cookies and without the bearer is refused, wherever it comes from."""
        door = data_block(stage.launch())
        assert stage.client._cookies
        answer = stage.client.post(path, data={"x": "1"}, headers={"Origin": origin} if origin else {})
        assert 401 == answer.status_code
        assert 200 == stage.client.get("/app/probe", headers=bearer(door["token"])).status_code

    def test_resume_needs_our_own_page(self, stage: Stage) -> None:
        """S31: the one request that a cookie takes part in needs this tab's key and our own origin."""
        door = data_block(stage.launch())
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {}):
            answer = stage.client.post("/session/resume", json={"tab": door["tab"]}, headers=headers)
            assert answer.status_code in (400, 401)
            assert "token" not in answer.text


class TestPages:
    def test_markup_in_names_is_escaped(self, stage: Stage) -> None:
        """S27: markup in claims reaches no page as markup."""
        bad = "</script><script>alert(1)</script>"
        answer = stage.launch(
            name=bad,
            context={"id": "c", "title": bad},
            target_link_uri=f"{TARGET}?x={bad}",
            login={"target_link_uri": f"{TARGET}?x={bad}"},
        )
        assert has_session(answer)
        assert "<script>alert" not in answer.text
        assert "</script><script>" not in answer.text

    def test_frame_ancestors_are_the_platforms(self, stage: Stage) -> None:
        """S28: only registered platforms may frame us; a disabled one no longer after a short while."""
        policy = stage.client.get("/healthz").headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'self' https://lms.example.edu")
        assert "unsafe" not in policy
        stage.wiring.doors.save_registration(replace(stage.platform.registration, enabled=False))
        stage.clock.forward(seconds=21)
        policy = stage.client.get("/healthz").headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'self'")
        assert "X-Frame-Options" not in stage.client.get("/healthz").headers

    def test_logs_hold_no_token_name_or_state(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        """S30: neither a good nor a bad launch leaves names, tokens or states in the log."""
        caplog.set_level("DEBUG")
        asked = stage.login()
        token = stage.platform.sign(stage.platform.claims(asked["nonce"], name="Maya Okafor"))
        door = data_block(stage.post(asked["state"], token))
        stage.client.get("/app/raise/mistake", headers=bearer(door["token"]))
        stage.launch(name="Maya Okafor", email="maya@example.org", sub=...)
        ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("lti_app"))
        assert "GET /app/raise/<kind> 500" in ours
        for secret in ("Maya", "maya@", asked["state"], token, door["token"], "user-1", "42 words"):
            assert secret not in ours

    def test_key_set_and_canvas_configuration(self, stage: Stage) -> None:
        """R5: both are JSON, cacheable, without a private part, and carry the neutral title."""
        key_set = stage.client.get("/lti/jwks")
        (key,) = key_set.get_json()["keys"]
        assert {"alg", "e", "kid", "kty", "n", "use"} == set(key)
        assert "max-age" in key_set.headers["Cache-Control"]
        canvas = stage.client.get("/lti/canvas.json").get_json()
        assert "Rapport" == canvas["title"]
        assert TARGET == canvas["target_link_uri"]
        assert "iep" not in json.dumps(canvas).lower()


TARGET = "https://rapport.example.org/app/"
