"""The platform side of a launch: hints, authorisation errors, claims and roles."""

from __future__ import annotations

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.unit.sandbox.parts import START, Clock, Lms, form_post

V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"


def sub(lms: Lms, key: str) -> str:
    """The subject of a person."""
    user = lms.handle.world.people.by_key(key)
    assert user is not None
    return user.sub


def test_initiation_names_nobody_in_clear(lms: Lms) -> None:
    """The hints are opaque: neither key, name, subject nor number of the person stands in them."""
    fields = lms.initiation("/courses/101/external_tools/1?as=halloran")

    assert {
        "iss": lms.url,
        "client_id": "rapport-practice",
        "lti_deployment_id": "1:practice",
        "target_link_uri": lms.handle.config.launch_url,
        "lti_storage_target": "_parent",
    }.items() <= fields.items()
    for hint in (fields["login_hint"], fields["lti_message_hint"]):
        assert not [
            w for w in ("halloran", "Priya", "1001", sub(lms, "halloran")) if w.lower() in hint.lower()
        ]


@pytest.mark.parametrize(
    ("storage", "target"),
    [("parent", "_parent"), ("frame", "post_message_forwarding"), ("silent", "_parent"), ("none", None)],
)
def test_storage_target_is_sent_in_both_posts(lms: Lms, storage: str, target: str | None) -> None:
    """The named storage frame stands in the login and in the launch, or in neither."""
    initiation = lms.initiation(f"/courses/101?as=elena&frame=bare&storage={storage}")
    posted = form_post(lms.authorize(initiation).text)

    assert target == initiation.get("lti_storage_target")
    assert target == posted.fields.get("lti_storage_target")


def test_good_request_posts_token_and_state(lms: Lms) -> None:
    """The answer is a form that posts a signed id_token and the untouched state to the redirect address."""
    initiation = lms.initiation("/courses/101/external_tools/1?as=halloran")
    posted = form_post(lms.authorize(initiation, state="s/+ ä", nonce="n-7").text)
    keys = KeySet.import_key_set(lms.get("/api/lti/security/jwks").json())
    token = jwt.decode(posted.fields["id_token"], keys, algorithms=["RS256"])

    assert lms.handle.config.launch_url == posted.action
    assert "s/+ ä" == posted.fields["state"]
    assert "n-7" == token.claims["nonce"]
    assert token.header["kid"] in {key.kid for key in keys.keys}
    assert (lms.url, "rapport-practice", "rapport-practice") == tuple(
        token.claims[c] for c in ("iss", "aud", "azp")
    )
    assert int(START.timestamp()) == token.claims["iat"] == token.claims["exp"] - 3600


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"scope": "email"}, "invalid_scope"),
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_mode": None}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"login_hint": "halloran"}, "login_required"),
        ({"lti_message_hint": "rubbish"}, "launch_no_longer_valid"),
    ],
)
def test_faulty_request_is_answered_as_openid_says(
    lms: Lms, change: dict[str, str | None], error: str
) -> None:
    """A fault of the request goes back to the tool as an error, never with a token."""
    initiation = lms.initiation("/courses/101/external_tools/1?as=halloran")
    posted = form_post(lms.authorize(initiation, **change).text)

    assert error == posted.fields["error"]
    assert posted.fields["error_description"]
    assert "id_token" not in posted.fields
    assert change.get("state", "a-state") == posted.fields.get("state")


@pytest.mark.parametrize(
    "change", [{"client_id": "other"}, {"redirect_uri": "https://evil.example/lti/launch"}]
)
def test_unknown_client_or_address_gets_a_page(lms: Lms, change: dict[str, str | None]) -> None:
    """Nothing is posted anywhere when the request cannot be trusted to say where to."""
    answer = lms.authorize(lms.initiation("/courses/101/external_tools/1?as=halloran"), **change)

    assert 400 == answer.status_code
    assert "<form" not in answer.text


def test_launch_works_once(lms: Lms) -> None:
    """The message hint opens one launch."""
    initiation = lms.initiation("/courses/101/external_tools/1?as=halloran")
    first, second = (form_post(lms.authorize(initiation).text) for _ in range(2))

    assert "id_token" in first.fields
    assert "launch_no_longer_valid" == second.fields["error"]


def test_hints_expire(lms: Lms, clock: Clock) -> None:
    """A launch page left open for six minutes asks for a new login."""
    initiation = lms.initiation("/courses/101/external_tools/1?as=halloran")
    clock.turn(minutes=6)

    assert "login_required" == form_post(lms.authorize(initiation).text).fields["error"]


def test_hints_of_two_people_do_not_mix(lms: Lms) -> None:
    """One person's login hint with another's launch opens nothing."""
    teacher = lms.initiation("/courses/101/external_tools/1?as=halloran")
    parent = lms.initiation("/courses/101/external_tools/1?as=elena")

    mixed = form_post(lms.authorize({**teacher, "login_hint": parent["login_hint"]}).text)

    assert "login_required" == mixed.fields["error"]


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/courses/101?as=halloran", ["institution/person#Instructor", "membership#Instructor"]),
        (
            "/courses/101?as=moss",
            [
                "institution/person#Instructor",
                "membership#Instructor",
                "membership/Instructor#TeachingAssistant",
            ],
        ),
        ("/courses/101?as=maya", ["institution/person#Student", "membership#Learner"]),
        ("/courses/101?as=elena", ["membership#Mentor"]),
        # A teacher who observes her own child is an observer there, whatever she is elsewhere.
        ("/courses/103?as=hart", ["institution/person#Instructor", "membership#Mentor"]),
        ("/courses/101?as=pell", ["institution/person#Administrator"]),
    ],
)
def test_roles_are_those_canvas_sends(lms: Lms, path: str, roles: list[str]) -> None:
    """Context roles, then institution roles from anywhere, then the system role of everybody, sorted."""
    expected = sorted(f"{V2}{role}" for role in (*roles, "system/person#User"))

    assert expected == lms.launch(f"{path}&frame=bare")[f"{LTI}roles"]


def test_test_student_is_marked(lms: Lms) -> None:
    """The LMS's own test pupil is a learner and a test user."""
    roles = lms.launch("/courses/101?as=teststudent&frame=bare")[f"{LTI}roles"]

    assert {"http://purl.imsglobal.org/vocab/lti/system/person#TestUser", f"{V2}membership#Learner"} <= set(
        roles
    )


def test_parent_launch_names_the_children(lms: Lms) -> None:
    """A parent of two carries both subjects, in the custom field and in role_scope_mentor."""
    claims = lms.launch("/courses/101?as=ilona&frame=bare")
    children = [sub(lms, "theo"), sub(lms, "tess")]

    assert children == claims[f"{LTI}role_scope_mentor"]
    assert ",".join(children) == claims[f"{LTI}custom"]["observees"]
    assert "hu" == claims["locale"]


@pytest.mark.parametrize("path", ["/courses/101?as=ned", "/courses/101?as=halloran", "/courses/105?as=hart"])
def test_observer_of_nobody_has_no_child(lms: Lms, path: str) -> None:
    """Without a linked pupil in this course the field is empty and the claim is absent."""
    claims = lms.launch(f"{path}&frame=bare")

    assert "" == claims[f"{LTI}custom"]["observees"]
    assert f"{LTI}role_scope_mentor" not in claims


def test_account_launch_has_no_course(lms: Lms) -> None:
    """From the account there is neither context nor roster nor role in a course."""
    claims = lms.launch("/accounts/1/external_tools/1?as=pell")

    assert f"{LTI}context" not in claims
    assert "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice" not in claims
    assert [f"{V2}institution/person#Administrator", f"{V2}system/person#User"] == claims[f"{LTI}roles"]
    assert 403 == lms.get("/accounts/1/external_tools/1?as=halloran").status_code


def test_masquerading_is_told(lms: Lms) -> None:
    """An administrator acting as somebody is named; otherwise the variable stays unresolved."""
    plain = lms.launch("/courses/101?as=dana&frame=bare")
    acted = lms.launch("/courses/101?as=dana&frame=bare&by=pell")

    assert "$Canvas.masqueradingUser.id" == plain[f"{LTI}custom"]["masquerading_user_id"]
    assert str(lms.user_id("pell")) == acted[f"{LTI}custom"]["masquerading_user_id"]


def test_course_of_others_stays_shut(lms: Lms) -> None:
    """Who has no place in a course cannot open its page; an unknown person finds nothing."""
    assert [403, 404, 404] == [
        lms.get(path).status_code
        for path in ("/courses/105?as=dana", "/courses/101?as=nobody", "/courses/999?as=halloran")
    ]
