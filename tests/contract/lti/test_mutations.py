"""Property: a valid launch bent anywhere is never a server error and never a session it should not be.

``MUTATIONS`` counts what one run tries. ``make fuzz`` tries many times as much with fresh random examples:
``IEP_TEST_MUTATIONS`` is the factor.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.lti.conftest import Stage
from tests.contract.lti.house import Front
from tests.contract.lti.linking import DL
from tests.contract.lti.platform import CLAIM, NRPS, ROLE, rsa_key, sign_any
from tests.contract.lti.test_binding import wait
from tests.contract.lti.test_whole_house import front
from tests.contract.lti.tool import TOOL_URL, bearer, browser, data_block, has_session
from tests.unit.screens.conftest import house, seeded_file

__all__ = ["front", "house", "seeded_file"]

TIMES = float(os.environ.get("IEP_TEST_MUTATIONS", "1"))
MUTATIONS = 0


def tries(count: int, *, each: int = 1) -> settings:
    """Return settings for ``count`` examples (times the factor), of which each bends ``each`` messages."""
    global MUTATIONS
    MUTATIONS += count * each
    return settings(
        max_examples=max(10, round(count * TIMES)),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "",
        "$X",
        "\x00",
        "a\x00b",
        "\ud800",
        "\ud83d\ude00",
        "../",
        "' or 1=1",
        "<script>",
        "x" * 300,
        "https://[",
    ]
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
    *(CLAIM + name for name in ("message_type", "version", "deployment_id", "target_link_uri", "roles")),
    CLAIM + "resource_link",
]
FREE = [
    "azp",
    "nbf",
    "name",
    "given_name",
    "family_name",
    "email",
    "locale",
    *(CLAIM + name for name in ("context", "custom", "role_scope_mentor", "launch_presentation")),
    *(CLAIM + name for name in ("tool_platform", "lis", "lti1p1", "for_user")),
    "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
    DL + "deep_linking_settings",
    "https://www.instructure.com/placement",
    "https://www.instructure.com/lti_student_id",
    NRPS,
]
FULL: dict[str, Any] = {
    "custom": {"observees": "a,b", "canvas_user_id": "77", "time_zone": "America/Chicago"},
    "launch_presentation": {
        "locale": "es-MX",
        "document_target": "iframe",
        "return_url": "https://lms.example.edu/",
    },
    "tool_platform": {"guid": "g-1", "product_family_code": "canvas", "version": "cloud"},
    "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
        "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        "lineitems": "https://lms.example.edu/lineitems",
    },
}
"""More claims beside the platform's usual ones, so that their insides can be bent too."""


FULL_HOUSE = {name: value for name, value in FULL.items() if name != "custom"}


def clean(text: str) -> str:
    """Return ``text`` as a form can carry it."""
    return text.encode("utf-8", "replace").decode()


def fresh(stage: Stage) -> dict[str, str]:
    """Log in with an empty cookie jar."""
    stage.client._cookies = {}
    return stage.login()


def assert_harmless(answer: Any) -> None:
    """No server error, no trace of our code."""
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text


def seen_by(stage: Stage, answer: Any) -> dict[str, Any]:
    """Return who the session of an answer is."""
    seen = stage.client.get("/app/probe", headers=bearer(data_block(answer)["token"])).get_json()
    return dict(seen)


def assert_same_subject(stage: Stage, answer: Any, roles: Any) -> None:
    """A session is the subject's own, and staff only where a role says so."""
    if has_session(answer):
        seen = seen_by(stage, answer)
        assert "user-1" == seen["subject"]
        assert seen["standing"] != "admin" or "Administrator" in str(roles)
        assert seen["standing"] != "staff" or "Instructor" in str(roles)


@tries(1000)
@given(name=st.sampled_from(DECIDING), value=JSON)
def test_mutated_deciding_claim(stage: Stage, name: str, value: Any) -> None:
    """A deciding claim with any other value opens no session, and nobody else's."""
    asked = fresh(stage)
    claims = stage.platform.claims(asked["nonce"])
    same = claims[name] == value or (name == "aud" and value == ["client-1"])
    answer = stage.post(asked["state"], sign_any({**claims, name: value}))
    assert_harmless(answer)
    now = stage.clock().timestamp()
    near = isinstance(value, int | float) and abs(value - now) <= 86400 + 60
    another_subject = name == "sub" and isinstance(value, str) and 0 < len(value) <= 255
    link_with_id = name.endswith("resource_link") and isinstance(value, dict) and "id" in value
    if not same and not (name in ("iat", "exp") and near) and not another_subject and not link_with_id:
        assert not has_session(answer)


@tries(1000)
@given(name=st.sampled_from(FREE), value=JSON)
def test_mutated_free_claim(stage: Stage, name: str, value: Any) -> None:
    """Any other claim with any value is never an error of ours, and never makes the subject somebody else."""
    asked = fresh(stage)
    claims = {**stage.platform.claims(asked["nonce"], **FULL), name: value}
    answer = stage.post(asked["state"], sign_any(claims))
    assert_harmless(answer)
    assert_same_subject(stage, answer, claims[CLAIM + "roles"])


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [] if not path else [path]
    for key, one in inner:
        found += _places(one, (*path, key))
    return found


@tries(700)
@given(place=st.integers(0, 10_000), value=JSON, away=st.booleans(), more=TEXT)
def test_mutated_inside_of_a_claim(stage: Stage, place: int, value: Any, away: bool, more: str) -> None:
    """One value deep inside any claim, replaced, removed or joined by another, breaks nothing."""
    asked = fresh(stage)
    claims = copy.deepcopy(stage.platform.claims(asked["nonce"], **FULL))
    places = _places(claims)
    *path, last = places[place % len(places)]
    holder: Any = claims
    for key in path:
        holder = holder[key]
    if away:
        del holder[last]
    else:
        holder[last] = value
    if isinstance(holder, dict):
        holder.setdefault(more, value)
    answer = stage.post(asked["state"], sign_any(claims))
    assert_harmless(answer)
    if claims.get("sub") == "user-1":
        assert_same_subject(stage, answer, claims.get(CLAIM + "roles"))


@tries(400)
@given(
    changed=st.dictionaries(st.sampled_from([*DECIDING, *FREE]), JSON, max_size=5),
    dropped=st.lists(st.sampled_from(DECIDING), min_size=1, max_size=4),
)
def test_mutated_in_several_claims(stage: Stage, changed: dict[str, Any], dropped: list[str]) -> None:
    """Several claims changed and one or more needed ones left out: never a session."""
    asked = fresh(stage)
    claims = {**stage.platform.claims(asked["nonce"], **FULL), **changed}
    for name in dropped:
        claims.pop(name, None)
    answer = stage.post(asked["state"], sign_any(claims))
    assert_harmless(answer)
    assert not has_session(answer)


MUTATE: list[Callable[[str, str, int], str]] = [
    lambda token, text, place: token[:place] + text + token[place:],
    lambda token, text, place: token[:place] + text + token[place + 1 :],
    lambda token, text, place: token[:place],
    lambda token, text, place: ".".join(reversed(token.split("."))),
    lambda token, text, place: token + "." + text,
]


@tries(400)
@given(how=st.integers(0, len(MUTATE) - 1), place=st.integers(0, 3000), text=TEXT)
def test_mutated_token(stage: Stage, how: int, place: int, text: str) -> None:
    """Characters put in, replaced, cut off or moved: the very same token, or no session."""
    asked = fresh(stage)
    good = stage.platform.sign(stage.platform.claims(asked["nonce"]))
    bent = MUTATE[how](good, clean(text), place % len(good))
    answer = stage.post(asked["state"], bent)
    assert_harmless(answer)
    assert bent == good or not has_session(answer) or bent.rstrip("=\n") == good


HEADERS = st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "jku", "x5c", "x5u", "zip", "cty", "x"]),
    JSON,
    min_size=1,
    max_size=3,
)


@tries(350, each=2)
@given(header=HEADERS)
def test_mutated_header(stage: Stage, header: dict[str, Any]) -> None:
    """A made-up header under a good signature opens only the subject's own session; under another's, none."""
    asked = fresh(stage)
    claims = stage.platform.claims(asked["nonce"])
    answer = stage.post(asked["state"], sign_any(claims, header))
    assert_harmless(answer)
    assert not has_session(answer) or _plain(header)
    assert_same_subject(stage, answer, claims[CLAIM + "roles"])

    asked = fresh(stage)
    forged = sign_any(stage.platform.claims(asked["nonce"]), header, rsa_key("thief"))
    answer = stage.post(asked["state"], forged)
    assert_harmless(answer)
    assert not has_session(answer)


def _plain(header: dict[str, Any]) -> bool:
    """Whether a header leaves algorithm and kid as they were, and asks for nothing critical."""
    same = header.get("alg", "RS256") == "RS256" and header.get("kid", "platform-1") == "platform-1"
    return same and "crit" not in header


@tries(400)
@given(
    values=st.dictionaries(
        st.sampled_from(["state", "id_token", "error", "lti_storage_target", "scope", "iss"]),
        TEXT,
        min_size=1,
        max_size=3,
    )
)
def test_mutated_form(stage: Stage, values: dict[str, str]) -> None:
    """Form fields with any text: with another state, token or an error there is no session."""
    asked = fresh(stage)
    good = stage.platform.sign(stage.platform.claims(asked["nonce"]))
    form = {"state": asked["state"], "id_token": good, **{name: clean(text) for name, text in values.items()}}
    answer = stage.client.post("/lti/launch", data=form)
    assert_harmless(answer)
    if {"state", "id_token"} & values.keys() or clean(values.get("error", "")):
        assert not has_session(answer)


@tries(200, each=2)
@given(
    sealed=st.none() | JSON, proof=st.none() | JSON, cut=st.integers(0, 400), letter=st.sampled_from("A_-=.é")
)
def test_mutated_confirmation(stage: Stage, sealed: Any, proof: Any, cut: int, letter: str) -> None:
    """A confirmation with another seal or proof than the page's opens nothing."""
    bind, right = wait(stage)
    client, origin = browser(stage.app), {"Origin": TOOL_URL}
    bent = (
        bind["sealed"][: cut % len(bind["sealed"])] + letter + bind["sealed"][cut % len(bind["sealed"]) + 1 :]
    )
    for form in (
        {"sealed": bent if sealed is None else sealed, "proof": right},
        {"sealed": bind["sealed"], "proof": right[:-1] if proof is None else proof},
    ):
        answer = client.post("/lti/confirm", json=form, headers=origin)
        assert_harmless(answer)
        assert not has_session(answer) or form == {"sealed": bind["sealed"], "proof": right}


@tries(400)
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
                "deployment_id",
                "lti_storage_target",
            ]
        ),
        TEXT,
        max_size=4,
    ),
    method=st.sampled_from(["GET", "POST"]),
    framed=st.booleans(),
)
def test_mutated_login(stage: Stage, values: dict[str, str], method: str, framed: bool) -> None:
    """Any login request is answered by the platform's own address, our own page, or a refusal."""
    asked = {**stage.platform.login_request(), **{name: clean(text) for name, text in values.items()}}
    where: dict[str, Any] = {"query_string" if method == "GET" else "data": asked}
    headers = {"Sec-Fetch-Dest": "iframe" if framed else "document"}
    answer = stage.client.open("/lti/login", method=method, headers=headers, **where)
    assert_harmless(answer)
    goes_to = answer.headers.get("Location") or "https://lms.example.edu/auth?"
    assert goes_to.startswith("https://lms.example.edu/auth?")
    if answer.status_code == 200:
        assert data_block(answer)["next"].startswith("https://lms.example.edu/auth?")


ROLES = [
    ROLE + "Instructor",
    ROLE + "Learner",
    ROLE + "Mentor",
    "Instructor",
    "urn:lti:role:ims/lis/Instructor",
]


@tries(400)
@given(roles=st.lists(st.sampled_from(ROLES) | TEXT, max_size=4), context=JSON)
def test_mutated_roles(stage: Stage, roles: list[str], context: Any) -> None:
    """Any mixture of roles, in any context, opens only what one of them allows."""
    stage.wiring.arrivals.adults.clear()
    asked = fresh(stage)
    claims = stage.platform.claims(asked["nonce"], roles=roles, context=context)
    answer = stage.post(asked["state"], sign_any(claims))
    assert_harmless(answer)
    if has_session(answer):
        wanted = "Instructor" if ROLE + "Instructor" in roles or "Instructor" in roles else "Mentor"
        assert wanted in str(roles)
        assert {"Instructor": "staff", "Mentor": "family"}[wanted] == seen_by(stage, answer)["standing"]


@tries(200)
@given(
    changed=st.dictionaries(st.sampled_from(["sub", *FREE]), JSON, min_size=1, max_size=4),
    roles=st.lists(st.sampled_from(ROLES), min_size=1, max_size=2),
)
def test_mutated_claims_into_the_whole_house(front: Front, changed: dict[str, Any], roles: list[str]) -> None:
    """With real records behind the door, too: no error of ours, whatever a launch says of a person."""
    answer = front.launch("never-here", roles, **{**FULL_HOUSE, **changed})
    assert_harmless(answer)
    if has_session(answer):
        assert_harmless(front.follow(answer))


def test_enough_mutations() -> None:
    """One run bends at least five thousand messages."""
    assert MUTATIONS >= 5000
