"""Security negatives: cases S1 to S24 and S27 to S32 as far as they concern the door."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from lti_app.doors.lti.platform_keys import PlatformKeys
from lti_app.doors.lti.refusals import LaunchRefused
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import public_jwk, rsa_key, sign_any
from tests.contract.lti.test_bad_launches import assert_refused, segment
from tests.contract.lti.tool import (
    bearer,
    browser,
    data_block,
    has_session,
    make_app,
    make_settings,
)

OTHER = "https://other.example.edu"


class TestSignature:
    def test_signed_by_another_key(self, stage: Stage) -> None:
        """S1: the platform's kid under somebody else's signature is refused."""
        assert_refused(stage.launch(key=rsa_key("thief"), header={"kid": "platform-1"}))

    def test_tampered_payload(self, stage: Stage) -> None:
        """S1: one changed claim breaks the signature."""
        asked = stage.login()
        head, _, signature = stage.platform.sign(stage.platform.claims(asked["nonce"])).split(".")
        other = stage.platform.sign(stage.platform.claims(asked["nonce"], sub="user-2")).split(".")[1]
        assert_refused(stage.post(asked["state"], f"{head}.{other}.{signature}"))

    @pytest.mark.parametrize("alg", ["none", "HS256"], ids=["S2-none", "S2-hs256-with-public-key"])
    def test_no_signature_or_shared_secret(self, stage: Stage, alg: str) -> None:
        """S2: alg none and the public key used as a shared secret are refused."""
        asked = stage.login()
        head = segment({"alg": alg, "kid": "platform-1"})
        signed = f"{head}.{segment(stage.platform.claims(asked['nonce']))}"
        public_pem = stage.platform.key.as_pem(private=False)
        code = hmac.new(public_pem, signed.encode(), hashlib.sha256).digest() if alg == "HS256" else b""
        token = f"{signed}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}"
        assert_refused(stage.post(asked["state"], token))

    @pytest.mark.parametrize("alg", ["RS384", "RS512", "PS256"], ids=["S3-rs384", "S3-rs512", "S3-ps256"])
    def test_other_algorithms(self, stage: Stage, alg: str) -> None:
        """S3: RS256 only, even when the platform's key names another algorithm."""
        stage.platform.published = {"keys": [public_jwk(stage.platform.key, alg=alg)]}
        asked = stage.login()
        token = stage.platform.sign(stage.platform.claims(asked["nonce"]), alg=alg)
        assert_refused(stage.post(asked["state"], token))

    def test_elliptic_curve(self, stage: Stage) -> None:
        """S3: ES256 is refused."""
        key = ECKey.generate_key("P-256", {"kid": "ec-1"}, private=True)
        stage.platform.published = {"keys": [{**key.as_dict(private=False), "alg": "ES256", "use": "sig"}]}
        asked = stage.login()
        claims = stage.platform.claims(asked["nonce"])
        token = jwt.encode({"alg": "ES256", "kid": "ec-1"}, claims, key, algorithms=["ES256"])
        assert_refused(stage.post(asked["state"], token))

    @pytest.mark.parametrize(
        "header",
        [
            pytest.param({"jwk": public_jwk(rsa_key("thief"))}, id="S5-jwk"),
            pytest.param({"jku": "https://evil.example/keys"}, id="S5-jku"),
            pytest.param({"x5u": "https://evil.example/cert"}, id="S5-x5u"),
            pytest.param({"x5c": ["AAAA"]}, id="S5-x5c"),
        ],
    )
    def test_keys_in_the_header_are_never_used(self, stage: Stage, header: dict[str, Any]) -> None:
        """S5: a key the token brings along opens nothing."""
        asked = stage.login()
        claims = json.dumps(stage.platform.claims(asked["nonce"]))
        registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
        registry.max_header_length = 5000
        head = {"alg": "RS256", "kid": "platform-1", **header}
        token = jws.serialize_compact(head, claims, rsa_key("thief"), registry=registry)
        assert_refused(stage.post(asked["state"], token))

    @pytest.mark.parametrize(
        "crit", [[], ["exp"], ["b64"], "exp"], ids=["S5-empty", "S5-exp", "S5-b64", "S5-text"]
    )
    def test_critical_extension(self, stage: Stage, crit: Any) -> None:
        """A header that calls an extension critical is refused: we understand none (RFC 7515, 4.1.11)."""
        asked = stage.login()
        token = sign_any(stage.platform.claims(asked["nonce"]), {"crit": crit, "b64": True})
        assert_refused(stage.post(asked["state"], token))

    @pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
    def test_short_key(self, stage: Stage) -> None:
        """S6: an RSA key below 2048 bit is not accepted."""
        weak = rsa_key("weak", 1024)
        stage.platform.published = {"keys": [public_jwk(weak)]}
        assert_refused(stage.launch(key=weak))


class TestKeySets:
    @pytest.mark.parametrize(
        "published",
        [
            pytest.param({"keys": [public_jwk(rsa_key("platform-1"), alg="HS256")]}, id="S4-hs256"),
            pytest.param({"keys": []}, id="S4-empty"),
            pytest.param({"no": 1}, id="S4-without-keys"),
            pytest.param([1], id="S4-list"),
            pytest.param({"keys": "x"}, id="S4-keys-text"),
            pytest.param({"keys": [1, None, {"kty": "RSA", "kid": "platform-1"}]}, id="S4-broken-keys"),
            pytest.param(
                {"keys": [{"kty": "RSA", "kid": "platform-1", "n": "!!", "e": "AQAB"}]}, id="S4-bad-n"
            ),
            pytest.param("<html>", id="S4-not-json"),
            pytest.param("[" * 3000, id="S4-deep"),
            pytest.param("x" * 300_000, id="S4-huge"),
            pytest.param({"keys": [public_jwk(rsa_key("platform-1"), use="enc")]}, id="S7-enc"),
        ],
    )
    def test_unusable_key_set(self, stage: Stage, published: Any) -> None:
        """A key set we cannot use is a refusal, never a 500."""
        stage.platform.published = published
        assert_refused(stage.launch())

    @pytest.mark.parametrize("status", [500, 404, 302], ids=["S4-500", "S4-404", "S32-redirect"])
    def test_key_set_that_does_not_come(self, stage: Stage, status: int) -> None:
        """Errors and redirects of the key set address are refusals."""
        stage.platform.key_set_status = status
        assert_refused(stage.launch())

    def test_slow_key_set(self, stage: Stage) -> None:
        """S4: a platform that accepts and stays silent costs the read time-out and no more."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            keys = PlatformKeys(clock=stage.clock, timeout_seconds=(0.2, 0.2))
            with pytest.raises(LaunchRefused, match="jwks_unreachable"):
                keys.find(f"http://127.0.0.1:{silent.getsockname()[1]}/", "kid")

    def test_same_kid_on_another_kind_of_key_first(self, stage: Stage) -> None:
        """S7: an EC key under the same kid does not hide the RSA key."""
        curve = ECKey.generate_key("P-256", {"kid": "platform-1"}, private=True).as_dict(private=False)
        stage.platform.published = {"keys": [{**curve, "use": "sig"}, public_jwk(stage.platform.key)]}
        assert has_session(stage.launch())

    def test_key_without_use_or_algorithm(self, stage: Stage) -> None:
        """S7: ``alg`` and ``use`` are optional in a JWK."""
        bare = {k: v for k, v in public_jwk(stage.platform.key).items() if k not in ("alg", "use")}
        stage.platform.published = {"keys": [bare]}
        assert has_session(stage.launch())

    def test_rotation_costs_one_refetch(self, stage: Stage) -> None:
        """S8: a new kid is accepted after exactly one refetch, also right after the first fetch."""
        assert has_session(stage.launch())
        stage.platform.key = rsa_key("platform-2")
        stage.platform.published = {
            "keys": [public_jwk(rsa_key("platform-1")), public_jwk(stage.platform.key)]
        }
        assert has_session(stage.launch())
        assert has_session(stage.launch())
        assert 2 == stage.platform.key_set_requests

    def test_random_kids_do_not_hammer_the_platform(self, stage: Stage) -> None:
        """S9: a hundred launches with made-up kids cause one refetch in thirty seconds."""
        stage.launch()
        for number in range(100):
            assert_refused(stage.launch(header={"kid": f"kid-{number}"}))
        assert 2 == stage.platform.key_set_requests
        stage.clock.forward(seconds=31)
        stage.launch(header={"kid": "kid-again"})
        assert 3 == stage.platform.key_set_requests

    def test_warm_launches_ask_nobody(self, stage: Stage) -> None:
        """S8: within an hour the key set is asked once; when it is unreachable, launches go on for a day."""
        for _ in range(5):
            assert has_session(stage.launch())
        assert 1 == stage.platform.key_set_requests
        stage.platform.key_set_status = 500
        stage.clock.forward(hours=23)
        assert has_session(stage.launch())
        assert has_session(stage.launch())
        assert 2 == stage.platform.key_set_requests
        stage.clock.forward(hours=2)
        assert_refused(stage.launch())


class TestAudience:
    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"iss": "https://other.example.edu"}, id="S10-differs"),
            pytest.param({"iss": "https://lms.example.edu/"}, id="S10-slash"),
            pytest.param({"iss": "https://LMS.example.edu"}, id="S10-case"),
            pytest.param({"aud": "client-9", "azp": ...}, id="S11-other"),
            pytest.param({"aud": []}, id="S11-empty"),
            pytest.param({"aud": [7]}, id="S11-number"),
            pytest.param({"aud": ["client-1", OTHER], "azp": ...}, id="S13"),
            pytest.param({"aud": [OTHER, "client-1"]}, id="S14"),
            pytest.param({"azp": "client-9"}, id="S15"),
            pytest.param({"azp": 7}, id="S15-number"),
        ],
    )
    def test_wrong_parties(self, stage: Stage, changes: dict[str, Any]) -> None:
        """Issuer, audience and authorized party must be exactly those of the registration."""
        assert_refused(stage.launch(**changes))

    @pytest.mark.parametrize("azp", ["client-1", ..., None], ids=["S12-azp", "S12-no-azp", "S12-null"])
    def test_audience_as_a_list_of_one(self, stage: Stage, azp: Any) -> None:
        """S12: a list with our client id alone is accepted."""
        assert has_session(stage.launch(aud=["client-1"], azp=azp))

    @pytest.mark.parametrize(
        ("times", "accepted"),
        [
            pytest.param({"iat": 30, "exp": 3600}, True, id="S16-iat"),
            pytest.param({"iat": 0, "exp": 3600, "nbf": 30}, True, id="S16-nbf"),
            pytest.param({"iat": -300, "exp": -30}, True, id="S16-exp"),
            pytest.param({"iat": 90, "exp": 3600}, False, id="S17-iat"),
            pytest.param({"iat": 0, "exp": 3600, "nbf": 90}, False, id="S17-nbf"),
            pytest.param({"iat": -300, "exp": -90}, False, id="S17-exp"),
        ],
    )
    def test_clocks_a_minute_apart(self, stage: Stage, times: dict[str, int], accepted: bool) -> None:
        """Clocks may differ by a minute, not by more."""
        now = int(stage.clock().timestamp())
        answer = stage.launch(**{name: now + seconds for name, seconds in times.items()})
        assert accepted == has_session(answer)


class TestReplay:
    def test_same_launch_again(self, stage: Stage) -> None:
        """S18: the second post of the same form opens no second session."""
        asked = stage.login()
        token = stage.platform.sign(stage.platform.claims(asked["nonce"]))
        first = stage.post(asked["state"], token)
        assert has_session(first)
        assert_refused(stage.post(asked["state"], token))
        live = stage.client.get("/app/probe", headers=bearer(data_block(first)["token"]))
        assert 200 == live.status_code

    @pytest.mark.parametrize("hops", [0, 1], ids=["S19", "S19-proxy"])
    @pytest.mark.parametrize("used", [False, True], ids=["unused", "used"])
    def test_same_launch_in_another_browser(self, stage: Stage, hops: int, used: bool) -> None:
        """A stolen form opens nothing elsewhere, used or unused, with https to us or to a proxy before us."""
        app = make_app(stage.wiring, make_settings(proxy_hops=hops))
        mine, thief = browser(app), browser(app)
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"} if hops else {}
        answer = mine.get("/lti/login", query_string=stage.platform.login_request(), headers=headers)
        asked = stage.platform.authorize(answer.headers["Location"])
        token = stage.platform.sign(stage.platform.claims(asked["nonce"]))
        form = {"state": asked["state"], "id_token": token}
        if used:
            assert has_session(mine.post("/lti/launch", data=form, headers=headers))
        assert not has_session(thief.post("/lti/launch", data=form, headers=headers))
        assert_refused(mine.post("/lti/launch", data=form, headers=headers))

    def test_old_or_foreign_nonce(self, stage: Stage) -> None:
        """S20: a fresh state does not revive an old nonce, nor does one login lend another its nonce."""
        old = stage.login()
        stage.post(old["state"], stage.platform.sign(stage.platform.claims(old["nonce"])))
        fresh, other = stage.login(), stage.login()
        assert_refused(stage.post(fresh["state"], stage.platform.sign(stage.platform.claims(old["nonce"]))))
        fresh = stage.login()
        assert_refused(stage.post(fresh["state"], stage.platform.sign(stage.platform.claims(other["nonce"]))))

    def test_nonce_of_another_browser(self, stage: Stage) -> None:
        """S21: mixing two browsers' logins fails."""
        mine, theirs = stage.login(), stage.login(browser(stage.app))
        assert_refused(stage.post(mine["state"], stage.platform.sign(stage.platform.claims(theirs["nonce"]))))

    def test_login_of_an_attacker(self, stage: Stage) -> None:
        """S22: a form with the attacker's state posted in the victim's browser opens no session there."""
        attacker = browser(stage.app)
        asked = stage.login(attacker)
        answer = stage.post(asked["state"], stage.platform.sign(stage.platform.claims(asked["nonce"])))
        assert not has_session(answer)
        assert "__Host-tab-" not in str(answer.headers)

    def test_token_of_another_registration(self, stage: Stage) -> None:
        """S23: a state made for one registration does not take another's token."""
        second = stage.platform.register("client-2")
        stage.platform.deploy(stage.site_id, registration_id=second.id)
        asked = stage.login(client_id="client-2")
        token = stage.platform.sign(stage.platform.claims(asked["nonce"]))
        assert_refused(stage.post(asked["state"], token))

    def test_twenty_at_once(self, stage: Stage) -> None:
        """S24: of twenty simultaneous posts of one launch exactly one succeeds."""
        asked = stage.login()
        token = stage.platform.sign(stage.platform.claims(asked["nonce"]))

        def post(_: int) -> bool:
            other = browser(stage.app)
            other._cookies = dict(stage.client._cookies or {})
            return has_session(stage.post(asked["state"], token, other))

        with ThreadPoolExecutor(10) as pool:
            assert [True] == [won for won in pool.map(post, range(20)) if won]
