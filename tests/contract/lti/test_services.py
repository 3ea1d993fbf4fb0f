"""Tokens and roster: cases A15, A16 and N1 to N14 as far as step 1 needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lti_app.doors.lti.keys import SIGNS_FOR
from lti_app.doors.lti.roster import MEDIA_TYPE, Member, read_roster
from lti_app.doors.lti.services import PlatformServices, ServiceRefused, ServiceSilent
from lti_app.doors.parts import parts
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import CLAIM, NRPS_SCOPE, ROLE

START = "/roster/course-1"


@pytest.fixture
def services(stage: Stage) -> PlatformServices:
    """Services that do not really wait between tries."""
    return PlatformServices(
        keys=parts(stage.app).own_keys, clock=stage.clock, pause=lambda seconds: None, timeout_seconds=(1, 1)
    )


def page(stage: Stage, path: str, members: list[Any], link: str | None = None, status: int = 200) -> None:
    """Publish one page of the roster."""
    body = {"id": "x", "context": {"id": "course-1"}, "members": members}
    stage.platform.roster_pages[path] = (status, body, link)


def person(number: int, **more: Any) -> dict[str, Any]:
    """Return one member as a platform lists it."""
    return {"user_id": f"user-{number}", "roles": [ROLE + "Learner"], "status": "Active", **more}


def roster(stage: Stage, services: PlatformServices) -> tuple[Member, ...]:
    """Read the course's roster."""
    url = stage.platform.server.url_for(START)
    return read_roster(services, stage.platform.registration, "dep-1", url)


def test_headers_and_scope(stage: Stage, services: PlatformServices) -> None:
    """N1: the media type is asked for, the token carries the roster scope and nothing else."""
    page(stage, START, [person(1)])
    assert ("user-1",) == tuple(member.user_id for member in roster(stage, services))
    (request,) = stage.platform.roster_requests
    assert MEDIA_TYPE == request.headers["Accept"]
    assert NRPS_SCOPE == stage.platform.token_requests[0]["scope"]


def test_pages_are_followed_as_sent(stage: Stage, services: PlatformServices) -> None:
    """N2, N3: three pages of a case-sensitive bookmark, relative, with other links and parameters before
    rel=next.
    """
    first = stage.platform.server.url_for(START + "?page=bookmark:WyJBYkMiXQ")
    page(
        stage,
        START,
        [person(n) for n in range(50)],
        f'<{first}#x>; rel="first", <{first}>; title="a,b"; rel="next"',
    )
    page(
        stage,
        START + "?page=bookmark:WyJBYkMiXQ",
        [person(n) for n in range(50, 100)],
        '<?page=Zz>; rel="next"',
    )
    page(stage, START + "?page=Zz", [person(n) for n in range(100, 120)])
    assert 120 == len(roster(stage, services))


@pytest.mark.parametrize(
    ("link", "code"),
    [
        pytest.param("<{start}>; rel=next", "roster_endless", id="N4-loop"),
        pytest.param("<http://127.0.0.1:1/roster>; rel=next", "roster_other_host", id="N4-other-host"),
    ],
)
def test_pages_that_lead_astray(stage: Stage, services: PlatformServices, link: str, code: str) -> None:
    """N4: loops and other hosts end the reading with an error; no partial roster comes back."""
    page(stage, START, [person(1)], link.format(start=stage.platform.server.url_for(START)))
    with pytest.raises(ServiceSilent, match=code):
        roster(stage, services)


def test_members_as_they_come(stage: Stage, services: PlatformServices) -> None:
    """N5, N6, N8: absent status is Active; short roles, the first listing of a person counts, with all
    roles.
    """
    page(
        stage,
        START,
        [
            {"user_id": "a", "roles": ["Instructor"], "name": " Ada "},
            {
                "user_id": "a",
                "roles": [ROLE + "Mentor", ROLE + "Instructor"],
                "status": "Inactive",
                "name": " Ada ",
            },
            {"user_id": "b", "roles": "x", "status": "Deleted", "email": 7, "name": "$Person.name.full"},
            {"user_id": "", "roles": []},
            {"roles": []},
            "text",
            {"user_id": "c" * 256, "roles": []},
            {"user_id": "d", "roles": [], "lis_person_sourcedid": "S-1", "lti11_legacy_user_id": "old"},
        ],
    )
    assert (
        Member(user_id="a", roles=(ROLE + "Instructor", ROLE + "Mentor"), name="Ada"),
        Member(user_id="b", roles=(), status="Deleted"),
        Member(user_id="d", roles=(), sourced_id="S-1", legacy_user_id="old"),
    ) == roster(stage, services)


def test_expired_token_costs_one_new_one(stage: Stage, services: PlatformServices) -> None:
    """N10: a 401 brings one new token and one retry; a second 401 is the answer."""
    page(stage, START, [person(1)])
    roster(stage, services)
    stage.platform.tokens.clear()
    assert 1 == len(roster(stage, services))
    assert 2 == len(stage.platform.token_requests)
    stage.platform.roster_pages[START] = (401, {}, None)
    with pytest.raises(ServiceRefused, match="status=401"):
        roster(stage, services)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        pytest.param(403, {}, ServiceRefused, id="N11-403"),
        pytest.param(404, {}, ServiceRefused, id="N11-404"),
        pytest.param(302, {}, ServiceRefused, id="S32-redirect"),
        pytest.param(429, {}, ServiceSilent, id="N11-429"),
        pytest.param(503, {}, ServiceSilent, id="N11-503"),
        pytest.param(200, "<html>", ServiceSilent, id="N11-html"),
        pytest.param(200, {"members": {}}, ServiceSilent, id="N11-shape"),
        pytest.param(200, [], ServiceSilent, id="N11-list"),
        pytest.param(200, "x" * (8 * 1024 * 1024 + 1), ServiceSilent, id="N11-huge"),
    ],
)
def test_failures_are_told_apart(
    stage: Stage, services: PlatformServices, status: int, body: Any, error: type[Exception]
) -> None:
    """N11: refusals are final, silence may pass; neither yields a roster, neither carries the body."""
    stage.platform.roster_pages[START] = (status, body, None)
    with pytest.raises(error) as caught:
        roster(stage, services)
    assert "html" not in str(caught.value)


def test_passing_trouble_is_retried(stage: Stage) -> None:
    """N11: what Retry-After asks is waited, at most half a minute, then the roster comes."""
    waited: list[float] = []
    services = PlatformServices(keys=parts(stage.app).own_keys, clock=stage.clock, pause=waited.append)
    answers = iter([(429, {}, None), (502, {}, None), (200, {"members": []}, None)])

    class Turns(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            return next(answers)

    stage.platform.roster_pages = Turns({START: 1})
    assert () == roster(stage, services)
    assert [1.0, 2.0] == waited


def test_silent_platform(stage: Stage, services: PlatformServices) -> None:
    """N11: a platform that is not there is silence after three tries."""
    page(stage, START, [])
    roster(stage, services)
    with pytest.raises(ServiceSilent):
        services.read(
            stage.platform.registration,
            "dep-1",
            "http://127.0.0.1:1/x",
            scopes=(NRPS_SCOPE,),
            accept=MEDIA_TYPE,
        )


def test_address_we_would_not_call(stage: Stage, services: PlatformServices) -> None:
    """S32: plain http to another host is not called."""
    with pytest.raises(ServiceRefused, match="platform_address"):
        services.read(stage.platform.registration, "dep-1", "http://lms.example.edu/x", scopes=(), accept="x")


def test_two_rosters_one_token(stage: Stage, services: PlatformServices) -> None:
    """N14: within the hour one token serves; another deployment, or a later hour, asks anew."""
    page(stage, START, [])
    roster(stage, services)
    roster(stage, services)
    assert 1 == len(stage.platform.token_requests)
    read_roster(services, stage.platform.registration, "dep-2", stage.platform.server.url_for(START))
    stage.clock.forward(minutes=59, seconds=1)
    roster(stage, services)
    assert 3 == len(stage.platform.token_requests)


def test_assertion(stage: Stage, services: PlatformServices) -> None:
    """A15: issuer and subject are the client, the audience is configured, jti is fresh, the deployment is
    named.
    """
    page(stage, START, [])
    roster(stage, services)
    read_roster(services, stage.platform.registration, "dep-2", stage.platform.server.url_for(START))
    first, second = (request["claims"] for request in stage.platform.token_requests)
    assert "client-1" == first["iss"] == first["sub"]
    assert stage.platform.registration.token_url == first["aud"]
    assert 0 < first["exp"] - first["iat"] <= 300
    assert first["jti"] != second["jti"]
    assert ("dep-1", "dep-2") == (first[CLAIM + "deployment_id"], second[CLAIM + "deployment_id"])
    (key,) = stage.client.get("/lti/jwks").get_json()["keys"]
    assert key["kid"] == stage.platform.token_requests[0]["header"]["kid"]


def test_keys_rotate_with_overlap(stage: Stage) -> None:
    """A16: a new key signs at once, the old one stays published for two weeks after its year."""
    own = parts(stage.app).own_keys
    first = own.signing()
    stage.clock.forward(seconds=1)
    second = own.rotate()
    assert second == own.signing()
    assert [second.kid, first.kid] == [key["kid"] for key in own.key_set()["keys"]]
    stage.clock.forward(seconds=SIGNS_FOR.total_seconds())
    third = own.signing()
    assert third.kid not in (first.kid, second.kid)
    stage.clock.forward(seconds=timedelta(days=15).total_seconds())
    assert [third.kid] == [key["kid"] for key in own.key_set()["keys"]]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        pytest.param(400, '{"error":"invalid_scope"}', "token_refused", id="N12-refused"),
        pytest.param(500, "", "token_silent", id="N11-token-500"),
        pytest.param(200, "<html>", "platform_not_json", id="N11-token-html"),
        pytest.param(200, "{}", "token_missing", id="N11-token-empty"),
        pytest.param(200, '{"access_token":"x","scope":"other"}', "scope_not_granted", id="N12-scope"),
    ],
)
def test_token_that_is_not_given(
    stage: Stage, services: PlatformServices, status: int, body: str, error: str
) -> None:
    """N12: a token that does not come, or without the scope, is told as what it is."""
    stage.platform.server.clear_all_handlers()
    stage.platform.server.expect_request("/token").respond_with_data(body, status=status)
    with pytest.raises((ServiceRefused, ServiceSilent), match=error):
        roster(stage, services)


def test_token_endpoint_that_is_not_there(stage: Stage, services: PlatformServices) -> None:
    """N11: an unreachable token endpoint is silence."""
    from dataclasses import replace

    gone = replace(stage.platform.registration, token_url="http://127.0.0.1:1/token")
    with pytest.raises(ServiceSilent, match="token_silent"):
        read_roster(services, gone, "dep-1", stage.platform.server.url_for(START))
