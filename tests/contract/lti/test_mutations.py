"""Property: a valid launch bent anywhere is never a server error and never a session it should not be.

The mutations of one example are few, so that the run stays short; step 3 widens it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jws

from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import CLAIM, NRPS
from tests.contract.lti.tool import bearer, data_block, has_session

BOUNDED = settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

TEXT = st.text(max_size=40) | st.sampled_from(
    ["", "$X", "\x00", "\ud83d\ude00", "../", "' or 1=1", "<script>", "x" * 300]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
# Every claim that decides about acceptance; the others may change freely as long as nothing breaks.
DECIDING = [
    "iss",
    "aud",
    "nonce",
    "iat",
    "exp",
    "sub",
    CLAIM + "message_type",
    CLAIM + "version",
    CLAIM + "deployment_id",
    CLAIM + "target_link_uri",
]
FREE = [
    "azp",
    "nbf",
    "name",
    "email",
    "locale",
    CLAIM + "roles",
    CLAIM + "resource_link",
    CLAIM + "context",
    CLAIM + "custom",
    CLAIM + "role_scope_mentor",
    CLAIM + "launch_presentation",
    NRPS,
]


def fresh(stage: Stage) -> dict[str, str]:
    """Log in with an empty cookie jar."""
    stage.client._cookies = {}
    return stage.login()


def sign(stage: Stage, claims: Any, head: dict[str, Any] | None = None) -> str:
    """Sign any JSON, as no ordinary library would."""
    header = {"alg": "RS256", "kid": "platform-1", **(head or {})}
    registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    return jws.serialize_compact(header, json.dumps(claims), stage.platform.key, registry=registry)


def assert_harmless(stage: Stage, answer: Any) -> None:
    """No server error; and a session only for whom the platform vouched in this very launch."""
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


@BOUNDED
@given(name=st.sampled_from(DECIDING), value=JSON)
def test_mutated_deciding_claim(stage: Stage, name: str, value: Any) -> None:
    """A deciding claim with any other value opens no session."""
    asked = fresh(stage)
    claims = stage.platform.claims(asked["nonce"])
    same = claims[name] == value or (name == "aud" and value == ["client-1"])
    answer = stage.post(asked["state"], sign(stage, {**claims, name: value}))
    assert_harmless(stage, answer)
    now = stage.clock().timestamp()
    near = isinstance(value, int | float) and abs(value - now) <= 86400 + 60
    another_subject = name == "sub" and isinstance(value, str) and 0 < len(value) <= 255
    if not same and not (name in ("iat", "exp") and near) and not another_subject:
        assert not has_session(answer)


@BOUNDED
@given(name=st.sampled_from(FREE), value=JSON)
def test_mutated_free_claim(stage: Stage, name: str, value: Any) -> None:
    """Any other claim with any value is never an error of ours, and never makes the subject somebody else."""
    asked = fresh(stage)
    answer = stage.post(asked["state"], sign(stage, {**stage.platform.claims(asked["nonce"]), name: value}))
    assert_harmless(stage, answer)
    if has_session(answer):
        seen = stage.client.get("/app/probe", headers=bearer(data_block(answer)["token"])).get_json()
        assert "user-1" == seen["subject"]


MUTATE: list[Callable[[str, str, int], str]] = [
    lambda token, text, place: token[:place] + text + token[place:],
    lambda token, text, place: token[:place] + text + token[place + 1 :],
    lambda token, text, place: token[:place],
    lambda token, text, place: ".".join(reversed(token.split("."))),
    lambda token, text, place: token + "." + text,
]


@BOUNDED
@given(
    how=st.integers(0, len(MUTATE) - 1),
    place=st.integers(0, 3000),
    text=TEXT,
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "zip", "cty", "x"]),
        JSON,
        min_size=1,
        max_size=3,
    ),
    parameter=st.sampled_from(["state", "id_token", "lti_storage_target", "error"]),
)
def test_mutated_token_header_and_form(
    stage: Stage, how: int, place: int, text: str, header: dict[str, Any], parameter: str
) -> None:
    """Bent tokens, made-up headers, and odd form fields: always a refusal or a launch of the very same
    subject.
    """
    asked = fresh(stage)
    good = stage.platform.sign(stage.platform.claims(asked["nonce"]))
    bent = MUTATE[how](good, text.encode("utf-8", "replace").decode(), place % len(good))
    answer = stage.post(asked["state"], bent)
    assert_harmless(stage, answer)
    assert bent == good or not has_session(answer) or bent.rstrip("=\n") == good

    asked = fresh(stage)
    _, body, _ = stage.platform.sign(stage.platform.claims(asked["nonce"])).split(".")
    forged = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": "platform-1", **header}).encode())
    answer = stage.post(asked["state"], f"{forged.decode().rstrip('=')}.{body}.AAAA")
    assert_harmless(stage, answer)
    assert not has_session(answer)

    asked = fresh(stage)
    form = {"state": asked["state"], "id_token": good, parameter: text.encode("utf-8", "replace").decode()}
    answer = stage.client.post("/lti/launch", data=form)
    assert_harmless(stage, answer)
    assert not has_session(answer)


@BOUNDED
@given(
    values=st.dictionaries(
        st.sampled_from(
            [
                "iss",
                "login_hint",
                "target_link_uri",
                "lti_message_hint",
                "client_id",
                "lti_deployment_id",
                "lti_storage_target",
            ]
        ),
        TEXT,
        max_size=4,
    ),
    method=st.sampled_from(["GET", "POST"]),
)
def test_mutated_login(stage: Stage, values: dict[str, str], method: str) -> None:
    """Any login request is answered by the platform's own address or a refusal."""
    clean = {name: text.encode("utf-8", "replace").decode() for name, text in values.items()}
    asked = {**stage.platform.login_request(), **clean}
    where: dict[str, Any] = {"query_string" if method == "GET" else "data": asked}
    answer = stage.client.open("/lti/login", method=method, **where)
    assert_harmless(stage, answer)
    assert answer.headers.get("Location", "https://lms.example.edu/auth?").startswith(
        "https://lms.example.edu/auth?"
    )
