"""The first launch of a new connection, and what administrators are told of launches."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from iepcore.errors import Busy
from iepcore.ids import SiteId, new_uuid7
from lti_app.doors.installs import OPENED, Installation, LaunchNote
from lti_app.doors.parts import parts
from lti_app.doors.records import Deployment, DeploymentState
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import ROLE, rsa_key
from tests.contract.lti.tool import has_session

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
ADMIN = [INSTITUTION + "Administrator", "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"]


def connected(stage: Stage, *, days: int | None = 7) -> None:
    """Let the platform be connected by an invite of the command line, some days to claim it."""
    now = stage.clock()
    parts(stage.app).installs.save_installation(
        Installation(
            registration_id=stage.platform.registration.id,
            site_id=stage.site_id,
            product="canvas",
            name="",
            frames=(),
            created_at=now,
            claim_until=None if days is None else now + timedelta(days=days),
            inside=True,  # the platform of these tests is on this machine
        )
    )


def forget_deployments(stage: Stage) -> None:
    """Take the stage's approved deployment away."""
    stage.wiring.doors._deployments.clear()  # type: ignore[attr-defined]


def launch_as_admin(stage: Stage, **claims: object) -> TestResponse:
    """Launch from the account's menu."""
    return stage.launch(**{"roles": ADMIN, "context": ..., **claims})  # type: ignore[arg-type]


def held(stage: Stage, deployment_id: str = "dep-1") -> Deployment:
    """Return a deployment that must be known."""
    found = stage.wiring.doors.deployment(stage.platform.registration.id, deployment_id)
    assert found is not None
    return found


def notes(stage: Stage) -> list[LaunchNote]:
    """Return what an administrator would be told, newest first."""
    return list(parts(stage.app).installs.launch_notes(stage.platform.registration.id, limit=50))


def test_the_platforms_administrator_opens_the_first_deployment(stage: Stage) -> None:
    """B15: nobody of the site can approve yet, so whom the platform vouches for as administrator may."""
    forget_deployments(stage)
    connected(stage)

    answer = launch_as_admin(stage)

    assert has_session(answer)
    assert (DeploymentState.ACTIVE, stage.site_id) == (held(stage).state, held(stage).site_id)


def test_an_administrator_who_stands_in_a_course_opens_it_too(stage: Stage) -> None:
    """B15: Moodle has no menu for administrators; its administrators launch from a course."""
    forget_deployments(stage)
    connected(stage)

    assert has_session(stage.launch(roles=[ROLE + "Instructor", *ADMIN]))
    assert DeploymentState.ACTIVE is held(stage).state


@pytest.mark.parametrize(
    ("days", "roles", "custom"),
    [
        (7, [ROLE + "Instructor", INSTITUTION + "Instructor"], {}),
        (7, [ROLE + "Learner"], {}),
        (7, [ROLE + "Mentor"], {}),
        (7, ["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"], {}),
        (7, ["Administrator"], {}),
        (7, ADMIN, {"masquerading_user_id": "17"}),
        (-1, ADMIN, {}),
        (None, ADMIN, {}),
    ],
    ids=[
        "teacher",
        "pupil",
        "parent",
        "deprecated",
        "short",
        "masquerade",
        "too late",
        "invited by a person",
    ],
)
def test_nobody_else_opens_it(
    stage: Stage, days: int | None, roles: list[str], custom: dict[str, str]
) -> None:
    """B15: an unknown deployment of a valid registration waits."""
    forget_deployments(stage)
    connected(stage, days=days)

    answer = stage.launch(roles=roles, custom=custom)

    assert "Almost ready" in answer.text
    assert (DeploymentState.PENDING, None) == (held(stage).state, held(stage).site_id)


def test_a_second_deployment_waits_for_a_person(stage: Stage) -> None:
    """B15: once something is open, somebody of the site can approve the rest."""
    connected(stage)

    answer = launch_as_admin(stage, deployment_id="dep-2")

    assert "Almost ready" in answer.text
    assert DeploymentState.PENDING is held(stage, "dep-2").state


def test_what_was_turned_off_stays_off(stage: Stage) -> None:
    """B15, S29: the first launch opens what waits, never what somebody closed."""
    connected(stage)
    stage.platform.deploy(None, state=DeploymentState.DISABLED)

    answer = launch_as_admin(stage)

    assert "closed" in answer.text
    assert DeploymentState.DISABLED is held(stage).state


def test_a_refusal_is_told_with_the_number_on_the_page(stage: Stage) -> None:
    """S30: an administrator who is told a number on the telephone finds the reason, and nobody's name."""
    answer = stage.launch(nonce="other")
    number = re.search(r"Reference <bdi>(\w{8})</bdi>", answer.text)

    assert number is not None
    (note,) = notes(stage)
    assert ("nonce", number.group(1), "") == (note.outcome, note.reference, note.deployment_id)


def test_a_refusal_after_the_claims_names_the_deployment(stage: Stage) -> None:
    """What waits for approval is found by its deployment."""
    stage.launch(deployment_id="dep-9")

    (note,) = notes(stage)
    assert ("deployment_pending", "dep-9") == (note.outcome, note.deployment_id)


def test_what_the_platform_says_no_to_is_told(stage: Stage) -> None:
    """O11: an error instead of a token is an administrator's business, too."""
    asked = stage.login()
    stage.client.post("/lti/launch", data={"error": "login_required", "state": asked["state"]})

    assert ["platform:login_required"] == [note.outcome for note in notes(stage)]


def test_a_launch_of_nobody_is_not_told(stage: Stage) -> None:
    """S30: nonsense from anywhere fills no list."""
    stage.post("state-of-nobody", "a.b.c")
    stage.client.post("/lti/launch", data={"error": "login_required", "state": "of nobody"})

    assert [] == notes(stage)


def test_a_page_opened_twice_is_told(stage: Stage) -> None:
    """S18: the platform signed it, so its administrator hears of it; by the deployment, and nobody's name."""
    asked = stage.login()
    token = stage.platform.sign(stage.platform.claims(asked["nonce"]))
    for _ in range(2):
        stage.post(asked["state"], token)

    assert [("state_unknown", "dep-1"), (OPENED, "dep-1")] == [
        (note.outcome, note.deployment_id) for note in notes(stage)
    ]


def test_old_or_unsigned_tokens_fill_no_list(stage: Stage) -> None:
    """S30: of an unknown state only what the platform signed, and is still good, is told."""
    asked = stage.login()
    claims = stage.platform.claims(asked["nonce"])
    stage.post(
        "state-of-nobody", stage.platform.sign(claims, key=rsa_key("thief"), header={"kid": "platform-1"})
    )
    stage.post("state-of-nobody", stage.platform.sign({**claims, "aud": ["client-1", "other"]}))
    stage.post("state-of-nobody", stage.platform.sign({**claims, "iss": 7}))
    stage.clock.forward(hours=2)
    stage.post("state-of-nobody", stage.platform.sign(claims))

    assert [] == notes(stage)


def test_what_works_is_told_now_and_then(stage: Stage) -> None:
    """Twenty launches in a minute are one line; after a refusal the next good one is told at once."""
    for _ in range(3):
        assert has_session(stage.launch())
    assert [OPENED] == [note.outcome for note in notes(stage)]

    stage.clock.forward(minutes=11)
    stage.launch()
    stage.launch(deployment_id="dep-1", version="1.1")
    stage.launch()
    assert [OPENED, "claims:version", OPENED, OPENED] == [note.outcome for note in notes(stage)][:4]


def test_a_store_that_cannot_write_costs_no_launch(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note is worth less than a lesson."""

    def busy(note: LaunchNote) -> None:
        raise Busy

    monkeypatch.setattr(parts(stage.app).installs, "note_launch", busy)

    assert has_session(stage.launch())


def test_another_sites_installation_opens_only_that_site(stage: Stage) -> None:
    """B15: the deployment leads to the site that made the invite."""
    forget_deployments(stage)
    connected(stage)
    made = parts(stage.app).installs.installation(stage.platform.registration.id)
    assert made is not None
    other = SiteId(new_uuid7())
    parts(stage.app).installs.save_installation(
        Installation(
            registration_id=made.registration_id,
            site_id=other,
            product="",
            name="",
            frames=(),
            created_at=made.created_at,
            claim_until=made.claim_until,
            inside=True,
        )
    )
    launch_as_admin(stage)

    assert other == held(stage).site_id
