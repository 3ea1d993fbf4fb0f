"""Valid launches V1 to V9 and V19 to V25, parents and administrators C1 to C10: accepted, never with more
than shown.
"""

from __future__ import annotations

from typing import Any

import pytest

from iepcore.errors import Busy
from iepcore.ids import AdultId, new_uuid7
from lti_app.doors.launch_offers import NOTHING
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.roles import Part, Standing
from tests.contract.lti.conftest import Stage
from tests.contract.lti.platform import NRPS, ROLE
from tests.contract.lti.tool import bearer, data_block, has_session

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
USER = VOCABULARY + "system/person#User"
TEACHER_AT_SCHOOL = VOCABULARY + "institution/person#Instructor"
ADMINISTRATOR = VOCABULARY + "institution/person#Administrator"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
TA = VOCABULARY + "membership/Instructor#TeachingAssistant"
NO_PII: dict[str, Any] = {"name": ..., "given_name": ..., "family_name": ..., "email": ...}

STAFF: dict[str, dict[str, Any]] = {
    "V1": {},
    "V2": {"roles": [ROLE + "Instructor", ROLE + "ContentDeveloper", TEACHER_AT_SCHOOL, USER]},
    "V3": {"roles": ["Instructor"]},
    "V6": {"name": ..., "given_name": ..., "family_name": ...},
    "V7": {"email": ...},
    "V8": NO_PII,
    "V9": {"name": ..., "given_name": ..., "family_name": ..., "context": ..., NRPS: ...},
    "V20": {"https://vendor.example/claim": {"x": [1]}, "picture": 7, "unknown": None},
    "V21-sub-role": {"roles": [TA]},
    "V21-principal": {"roles": [TA, ROLE + "Instructor"]},
    "V23": {"custom": {"canvas_user_id": "$Canvas.user.id", "time_zone": "$Person.address.timezone"}},
    "C8": {"roles": [ROLE + "Instructor", ROLE + "Mentor"]},
    "V1-no-course-but-teacher": {"roles": [TEACHER_AT_SCHOOL, USER], "context": ...},
}


@pytest.mark.parametrize("case", STAFF)
def test_staff_launches(stage: Stage, case: str) -> None:
    """A teacher's launch opens a session, whatever personal data comes with it."""
    answer = stage.launch(**STAFF[case])
    assert 200 == answer.status_code
    door = data_block(answer)
    assert "/app/" == door["path"]
    seen = stage.client.get("/app/probe", headers=bearer(door["token"])).get_json()
    assert {"subject": "user-1", "family": False, "standing": "staff"}.items() <= seen.items()


NOBODY: dict[str, dict[str, Any]] = {
    "V4": {"roles": ["http://purl.example/unknown#Role"]},
    "V5": {"roles": []},
    "V22-learner-instructor": {"roles": [VOCABULARY + "membership/Learner#Instructor"]},
    "V22-observer-manager": {"roles": [VOCABULARY + "membership/Manager#Observer"]},
    "V24-deprecated": {"roles": [VOCABULARY + "person#Administrator", "urn:lti:role:ims/lis/Instructor"]},
    "V25": {"roles": [ROLE + "Learner", TEST_USER]},
    "V25-teacher-too": {"roles": [ROLE + "Instructor", TEST_USER]},
    "V10-learner": {"roles": [ROLE + "Learner"]},
    "V10-short": {"roles": ["Learner"]},
    "C6": {"roles": [USER], "context": ...},
    "C7-in-a-course": {"roles": [ADMINISTRATOR, USER]},
    "V4-designer": {"roles": [ROLE + "ContentDeveloper"]},
    "V4-teacher-at-school-only": {"roles": [TEACHER_AT_SCHOOL, USER]},
}


@pytest.mark.parametrize("case", NOBODY)
def test_nobody_launches(stage: Stage, case: str) -> None:
    """Pupils, strangers and test users get the same neutral page: 200, same bytes, no session."""
    answer = stage.launch(**NOBODY[case])
    assert 200 == answer.status_code
    assert not has_session(answer)
    assert stage.launch(roles=[]).data == answer.data
    assert not stage.wiring.arrivals.adults


def test_test_user_never_arrives(stage: Stage) -> None:
    """V25: the student view is not even shown to the site."""
    stage.launch(roles=[ROLE + "Learner", TEST_USER])
    assert [] == stage.wiring.arrivals.met


def test_known_adult_enrolled_as_a_learner(stage: Stage) -> None:
    """V10: a parent whom the platform enrols as a pupil is still the adult this site knows, with a family's
    session.
    """
    stage.wiring.arrivals.adults["user-1"] = AdultId(new_uuid7())
    door = data_block(stage.launch(roles=[ROLE + "Learner"]))
    seen = stage.client.get("/app/probe", headers=bearer(door["token"])).get_json()
    assert {"family": True, "standing": "learner"}.items() <= seen.items()


def met(stage: Stage, **claims: Any) -> LaunchContext:
    """Launch and return what arrived."""
    assert has_session(stage.launch(**claims))
    return stage.wiring.arrivals.met[-1]


MENTOR = [ROLE + "Mentor", USER]
PARENTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "C1": ({"roles": MENTOR, "role_scope_mentor": ["a", "b"]}, ("a", "b")),
    "C2": ({"roles": MENTOR, "custom": {"observees": ""}}, ()),
    "C2-no-claim": ({"roles": MENTOR}, ()),
    "C3": ({"roles": MENTOR, "custom": {"observees": "a, b,,a"}}, ("a", "b")),
    "C3-unresolved": (
        {
            "roles": MENTOR,
            "custom": {"observees": "$com.instructure.User.observees"},
            "role_scope_mentor": ["a"],
        },
        ("a",),
    ),
    "C3-both-differ": (
        {"roles": MENTOR, "custom": {"observees": "a,b"}, "role_scope_mentor": ["b", "c"]},
        ("b",),
    ),
    "C3-custom-empty-claim-not": (
        {"roles": MENTOR, "custom": {"observees": ""}, "role_scope_mentor": ["a"]},
        (),
    ),
    "C5": ({"roles": [*MENTOR, TEACHER_AT_SCHOOL], "role_scope_mentor": ["a"]}, ("a",)),
    "C1-short": ({"roles": ["Mentor"], "role_scope_mentor": ["a", "x" * 256, ""]}, ("a",)),
    "C1-learner-too": ({"roles": [ROLE + "Learner", ROLE + "Mentor"], "role_scope_mentor": ["a"]}, ("a",)),
}


@pytest.mark.parametrize("case", PARENTS)
def test_parents(stage: Stage, case: str) -> None:
    """A parent is a parent in this course, whatever else she is elsewhere, and observes whom both sources
    name.
    """
    claims, observees = PARENTS[case]
    launch = met(stage, **claims)
    assert (Standing.FAMILY, observees) == (launch.standing, launch.observees)


@pytest.mark.parametrize(
    "context",
    [
        pytest.param(..., id="C7"),
        pytest.param({"id": "account-1", "type": ["Account"], "title": "District"}, id="C7-account"),
    ],
)
def test_administrator(stage: Stage, context: Any) -> None:
    """C7: an administrator outside a course has the administrator's standing and no course."""
    launch = met(stage, roles=[ADMINISTRATOR, USER], context=context)
    assert (Standing.ADMIN, None, None, None) == (
        launch.standing,
        launch.context_id,
        launch.context_title,
        launch.roster_url,
    )


def test_everything_a_launch_carries(stage: Stage) -> None:
    """V1: the context holds what the platform sent, in our words."""
    deep = stage.platform.tool_url + "/app/students?tab=goals"
    custom = {
        "canvas_user_id": "77",
        "time_zone": "America/Chicago",
        "masquerading_user_id": "",
        "observees": "",
        "prefers_high_contrast": "true",
    }
    stage.launch(
        login={"target_link_uri": deep},
        target_link_uri=deep,
        custom=custom,
        launch_presentation={"locale": "es-MX"},
    )
    launch = stage.wiring.arrivals.met[-1]
    assert {
        "site_id": stage.site_id,
        "registration_id": stage.platform.registration.id,
        "deployment_id": "dep-1",
        "door": "lti",
        "source": f"lti:{stage.platform.registration.id}",
        "subject": "user-1",
        "standing": Standing.STAFF,
        "roles": (ROLE + "Instructor",),
        "observees": (),
        "message_type": "LtiResourceLinkRequest",
        "target_path": "/app/students?tab=goals",
        "context_id": "course-1",
        "context_title": "Room 12",
        "roster_url": stage.platform.server.url_for("/roster/course-1"),
        "canvas_user_id": "77",
        "masquerading_id": None,
        "display_name": "Ada Example",
        "given_name": "Ada",
        "family_name": "Example",
        "email": "ada@example.org",
        "locale": "es-MX",
        "time_zone": "America/Chicago",
        "high_contrast": True,
        "offers": NOTHING,
    } == {name: getattr(launch, name) for name in launch.__dataclass_fields__}
    assert (False, False) == (launch.test_user, launch.masquerade)


def test_target_elsewhere_on_our_host_leads_to_the_start(stage: Stage) -> None:
    """V1: a target of ours outside /app/ opens the first screen."""
    target = stage.platform.tool_url + "/lti/launch"
    answer = stage.launch(login={"target_link_uri": target}, target_link_uri=target)
    assert "/app/" == data_block(answer)["path"]


@pytest.mark.parametrize(
    ("custom", "zone", "contrast"),
    [
        pytest.param(
            {"time_zone": "Europe/Madrid", "prefers_high_contrast": "false"}, "Europe/Madrid", False, id="V20"
        ),
        pytest.param({"time_zone": "Mars/Phobos", "prefers_high_contrast": "yes"}, None, False, id="V20-odd"),
        pytest.param({"time_zone": "../../etc/passwd"}, None, False, id="V20-path"),
        pytest.param({"time_zone": "America"}, None, False, id="V20-folder"),
        pytest.param(
            {
                "time_zone": "$Person.address.timezone",
                "prefers_high_contrast": "$Canvas.user.prefersHighContrast",
            },
            None,
            False,
            id="V23",
        ),
    ],
)
def test_zone_and_contrast(stage: Stage, custom: dict[str, str], zone: str | None, contrast: bool) -> None:
    """A zone nobody knows and a wish that is not one count as absent."""
    launch = met(stage, custom=custom)
    assert (zone, contrast) == (launch.time_zone, launch.high_contrast)


def test_wish_for_contrast_reaches_the_page(stage: Stage) -> None:
    """V20: who asked the platform for more contrast gets it here, also after a reload."""
    door = data_block(stage.launch(custom={"prefers_high_contrast": "true"}))
    assert "more" == door["contrast"]
    assert "contrast" not in data_block(stage.launch())


@pytest.mark.parametrize(
    "roster",
    [
        pytest.param({"context_memberships_url": "http://lms.example.edu/nrps"}, id="V20-plain-http"),
        pytest.param({"context_memberships_url": "file:///etc/passwd"}, id="V20-file"),
        pytest.param({"context_memberships_url": "https://["}, id="V20-broken"),
        pytest.param({"context_memberships_url": 7}, id="V20-number"),
        pytest.param(None, id="V20-null"),
    ],
)
def test_unusable_roster_address_counts_as_absent(stage: Stage, roster: Any) -> None:
    """V20: a roster address we would not call is not kept."""
    assert met(stage, **{NRPS: roster}).roster_url is None


def test_email_without_at_sign_counts_as_absent(stage: Stage) -> None:
    """V6: what is no address is not kept as one."""
    assert met(stage, email="nobody").email is None


def test_same_ids_in_two_deployments_stay_apart(stage: Stage) -> None:
    """V26: the same subject in another site's deployment is another identity."""
    from tests.contract.lti.tool import make_site

    second = make_site(stage.wiring.doors, "Birch Road School")
    stage.platform.deploy(second, "dep-2")
    first_launch = met(stage)
    second_launch = met(stage, deployment_id="dep-2")
    assert (stage.site_id, second) == (first_launch.site_id, second_launch.site_id)


def test_masquerade_looks_but_changes_nothing(stage: Stage) -> None:
    """C10: somebody acting as the teacher may read; every write is refused, signing out is not."""
    door = data_block(stage.launch(custom={"masquerading_user_id": "1"}))
    headers = bearer(door["token"])
    assert stage.wiring.arrivals.met[-1].masquerade
    assert 200 == stage.client.get("/app/probe", headers=headers).status_code
    answer = stage.client.post("/app/probe", headers=headers)
    assert 403 == answer.status_code
    assert "acting as someone else" in answer.text
    assert 204 == stage.client.post("/session/end", headers=headers).status_code


@pytest.mark.parametrize(
    ("roles", "part", "face"),
    [
        pytest.param([ROLE + "Instructor"], Part(), "staff", id="V1-unknown-here"),
        pytest.param([ROLE + "Instructor"], Part(staff=True, parent=True), "staff", id="C8-both-as-teacher"),
        pytest.param([ROLE + "Instructor"], Part(parent=True), "family", id="C5-parent-called-teacher"),
        pytest.param([ROLE + "Mentor"], Part(staff=True, parent=True), "family", id="C5-both-as-parent"),
        pytest.param([ROLE + "Mentor"], Part(staff=True), None, id="C5-staff-as-parent-of-nobody"),
        pytest.param([ROLE + "Learner"], Part(parent=True), "family", id="V10-parent-called-pupil"),
        pytest.param([ROLE + "Learner"], Part(staff=True), None, id="V10-staff-called-pupil"),
        pytest.param([], Part(parent=True), "family", id="V5-parent-without-a-role"),
        pytest.param([], Part(staff=True), None, id="V5-staff-without-a-role"),
        pytest.param([TEST_USER], Part(staff=True, parent=True), None, id="V25-test-user"),
    ],
)
def test_face_by_the_launch_and_our_records(
    stage: Stage, roles: list[str], part: Part, face: str | None
) -> None:
    """The platform's role chooses among what somebody is here; it makes nobody more, and no parent less."""
    adult_id = AdultId(new_uuid7())
    stage.wiring.arrivals.adults["user-1"] = adult_id
    stage.wiring.arrivals.parts[adult_id] = part
    answer = stage.launch(roles=roles)
    assert (face is not None) == has_session(answer)
    if face is not None:
        seen = stage.client.get("/app/probe", headers=bearer(data_block(answer)["token"])).get_json()
        assert (face == "family") == seen["family"]


def test_busy_store_at_arrival(stage: Stage) -> None:
    """A database that cannot write is a page that says to try again, not a session."""
    stage.wiring.arrivals.error = Busy()
    answer = stage.launch()
    assert 503 == answer.status_code
    assert not has_session(answer)
