"""The administrator's page of platforms: who may open it, what it shows, and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from iepcore.access import AuditEvent, AuditKind
from iepcore.ids import SiteId, new_uuid7
from iepcore.people import SiteRole
from lti_app.demo.seed import people
from lti_app.doors.installs import OPENED, Installation, LaunchNote
from lti_app.doors.lti.platform_checks import Check
from lti_app.doors.records import Deployment, DeploymentState, Registration, Site
from lti_app.screens.platforms import _short_role
from lti_app.session.tokens import hash_of
from tests.unit.screens.conftest import House

PATH = "/app/platforms"
LATE = UUID(int=2**128 - 1)
"""An id that sorts behind those of the house."""


@pytest.fixture
def admin(house: House) -> House:
    """A house whose IT administrator is appointed."""
    house.caseload("ames").staff.appoint(house.adult("pell"), SiteRole.ADMINISTRATOR)
    return house


def registration_of(house: House) -> Registration:
    """Return the practice LMS."""
    return house.wired.doors.registrations()[0]


def deployment(house: House, deployment_id: str, **changes: object) -> Deployment:
    """Store a deployment of the practice LMS."""
    values: dict[str, object] = {
        "registration_id": registration_of(house).id,
        "deployment_id": deployment_id,
        "state": DeploymentState.PENDING,
        "site_id": None,
    }
    made = Deployment(**{**values, **changes})  # type: ignore[arg-type]
    house.wired.doors.save_deployment(made)
    return made


def held(house: House, deployment_id: str) -> Deployment:
    """Return a deployment that must be known."""
    found = house.wired.doors.deployment(registration_of(house).id, deployment_id)
    assert found is not None
    return found


def note(house: House, outcome: str, *, deployment_id: str = "1:practice", minutes: int = 0) -> None:
    """Let a launch have happened."""
    house.wired.installs.note_launch(
        LaunchNote(
            id=new_uuid7(),
            registration_id=registration_of(house).id,
            deployment_id=deployment_id,
            at=house.clock() + timedelta(minutes=minutes),
            outcome=outcome,
            reference="" if outcome == OPENED else "ABCD2345",
        )
    )


def do(house: House, what: str, as_: str = "pell", **fields: object) -> TestResponse:
    """Press a button of the page."""
    data: Mapping[str, object] = {"do": what, "platform": str(registration_of(house).id), **fields}
    return house.post(PATH, data, as_=as_)


# ----------------------------------------------------------------------------------------- who


@pytest.mark.parametrize("who", ["halloran", "ames", "eklund", "moss", "ruiz", "pell", "dana"])
def test_without_the_standing_there_is_no_such_page(house: House, who: str) -> None:
    """A case manager, a records officer, a parent, an IT person nobody appointed: 404, nothing done."""
    before = registration_of(house)

    assert 404 == house.get(PATH, as_=who).status_code
    for what in ("disable", "approve", "invite", "test", "add", "officer"):
        assert 404 == do(house, what, as_=who, adult=str(house.adult("hart")), client_id="7").status_code
    assert before == registration_of(house)


def test_an_administrator_sees_platforms_and_no_child(admin: House) -> None:
    """Addresses, states and times; no pupil, no parent, no note."""
    note(admin, OPENED)
    page = admin.get(PATH, as_="pell").text

    assert registration_of(admin).client_id in page
    assert "1:practice" in page
    for user in people()["users"]:
        if user["key"] != "pell":
            assert user["name"] not in page
            assert user["email"] not in page


def test_looking_and_changing_stand_in_the_trail(admin: House) -> None:
    """Every step has its line, with the reason and no value."""
    admin.get(PATH, as_="pell")
    do(admin, "invite")
    admin.get(PATH, as_="eklund")
    with admin.wired.store(admin.wired.doors.sites()[0].id).read() as uow:
        trail = [one for one in uow.archive.values() if isinstance(one, AuditEvent)]
    mine = {(one.what, one.kind, one.actor_id) for one in trail if one.what.startswith("platform")}

    assert ("platforms", AuditKind.READ, admin.adult("pell")) in mine
    assert ("platform_invite", AuditKind.WRITE, admin.adult("pell")) in mine
    assert ("platforms", AuditKind.REFUSED, admin.adult("eklund")) in mine


def test_another_sites_platforms_are_not_there(admin: House) -> None:
    """One database may serve several schools: no platform, deployment or launch of another one is shown."""
    other = Site(id=SiteId(LATE), name="Alder Creek", zone="America/Chicago")
    admin.wired.doors.add_site(other)
    foreign = Registration(
        id=LATE,
        issuer="https://other.example.edu",
        client_id="foreign-client",
        auth_url="https://other.example.edu/auth",
        token_url="https://other.example.edu/token",
        jwks_url="https://other.example.edu/jwks",
    )
    admin.wired.doors.save_registration(foreign)
    deployment(admin, "9:other", registration_id=foreign.id)
    deployment(admin, "2:shared", state=DeploymentState.ACTIVE, site_id=other.id)
    note(admin, "nonce", deployment_id="2:shared")
    page = admin.get(PATH, as_="pell").text

    for secret in ("foreign-client", "9:other", "2:shared", "ABCD2345"):
        assert secret not in page
    assert 404 == do(admin, "disable", platform=str(foreign.id)).status_code
    assert 404 == do(admin, "off", deployment="2:shared").status_code
    assert DeploymentState.ACTIVE is held(admin, "2:shared").state


# ----------------------------------------------------------------------------------------- what it does


def test_what_waits_is_approved_into_this_site(admin: House) -> None:
    """A new deployment stands first with its button; one press opens it."""
    deployment(admin, "2:new")
    note(admin, "deployment_pending", deployment_id="2:new")
    page = admin.get(PATH, as_="pell").text
    assert "waits for you" in page
    assert "ABCD2345" in page

    answer = do(admin, "approve", deployment="2:new")

    assert f"{PATH}" == answer.headers["Rapport-Goto"]
    assert (DeploymentState.ACTIVE, admin.site_id) == (
        held(admin, "2:new").state,
        held(admin, "2:new").site_id,
    )


def test_a_deployment_is_turned_off_and_on(admin: House) -> None:
    """Off keeps its site, so that on is one press."""
    deployment(admin, "2:new", state=DeploymentState.ACTIVE, site_id=admin.site_id)

    do(admin, "off", deployment="2:new")
    assert DeploymentState.DISABLED is held(admin, "2:new").state
    do(admin, "approve", deployment="2:new")
    assert DeploymentState.ACTIVE is held(admin, "2:new").state


def test_nobody_locks_the_door_behind_which_they_stand(admin: House) -> None:
    """Turning off what one came by would end the session and leave nobody to turn it on again."""
    for answer in (do(admin, "off", deployment="1:practice"), do(admin, "disable")):
        assert 422 == answer.status_code
        assert "You came in through this one" in answer.text
    assert registration_of(admin).enabled
    assert DeploymentState.ACTIVE is held(admin, "1:practice").state


def test_an_unknown_deployment_is_not_there(admin: House) -> None:
    """An id from nowhere makes nothing."""
    assert 404 == do(admin, "approve", deployment="9:x").status_code
    assert admin.wired.doors.deployment(registration_of(admin).id, "9:x") is None


def test_a_link_is_shown_once_and_belongs_to_this_site(admin: House) -> None:
    """The link stands on the page that made it and nowhere else; it names who made it."""
    page = do(admin, "invite").text
    code = re.search(r"/lti/register/([A-Za-z0-9_\-]{20,})", page)

    assert code is not None
    kept = admin.wired.installs.invite(hash_of(code.group(1)), at=admin.clock())
    assert kept is not None
    assert (admin.site_id, admin.adult("pell")) == (kept.site_id, kept.made_by)
    assert code.group(1) not in admin.get(PATH, as_="pell").text


def test_a_platform_is_connected_by_hand(admin: House) -> None:
    """A preset and a client id are enough; a deployment given is open at once."""
    outside = admin.app.extensions["rapport"].outside
    outside._resolve = lambda host, port: ("93.184.216.34",)
    answer = do(admin, "add", preset="canvas", base="", client_id="170000000000042", deployment_id="42:abc")

    assert "Rapport-Goto" in answer.headers, answer.text
    made = next(one for one in admin.wired.doors.registrations() if one.client_id == "170000000000042")
    assert "https://sso.canvaslms.com/api/lti/security/jwks" == made.jwks_url
    found = admin.wired.doors.deployment(made.id, "42:abc")
    assert found is not None
    assert (DeploymentState.ACTIVE, admin.site_id) == (found.state, found.site_id)
    installed = admin.wired.installs.installation(made.id)
    assert installed is not None
    assert ("https://*.instructure.com",) == installed.frames
    assert installed.claim_until is None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"preset": "moodle"}, "base", "own address"),
        ({"preset": "moodle", "base": "moodle"}, "base", "such as https://moodle.example.org"),
        ({"preset": "moodle", "base": "https://192.168.1.9"}, "base", "private network"),
        ({"preset": "canvas", "client_id": ""}, "client_id", "Copy it from the platform"),
        ({"preset": "canvas", "deployment_id": "x" * 256}, "deployment_id", "Copy it from the platform"),
        ({"preset": "other"}, "issuer", "Copy it from the platform"),
        (
            {"preset": "other", "issuer": "https://a.example.org", "auth_url": "http://169.254.169.254/"},
            "auth_url",
            "must begin with https",
        ),
        ({"preset": "sakai"}, "preset", "cannot be used"),
    ],
    ids=["no base", "bad base", "private base", "no client", "deployment", "no issuer", "inside", "preset"],
)
def test_a_form_that_does_not_fit_comes_back(
    admin: House, fields: dict[str, str], field: str, words: str
) -> None:
    """S32: the error stands at its field, what was typed stays, nothing is stored or asked."""
    before = admin.wired.doors.registrations()
    answer = do(admin, "add", **{"client_id": "typed-client", **fields})

    assert 422 == answer.status_code
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    if "client_id" not in fields:
        assert "typed-client" in answer.text
    assert before == admin.wired.doors.registrations()


def test_anothers_registration_is_not_taken_over(admin: House) -> None:
    """The same issuer and client id of another school stay there."""
    other = Site(id=SiteId(LATE), name="Alder Creek", zone="America/Chicago")
    admin.wired.doors.add_site(other)
    theirs = Registration(
        id=LATE,
        issuer="https://canvas.instructure.com",
        client_id="7",
        auth_url="https://a.example/auth",
        token_url="https://a.example/token",
        jwks_url="https://a.example/jwks",
    )
    admin.wired.doors.save_registration(theirs)
    admin.wired.installs.save_installation(
        Installation(
            registration_id=theirs.id,
            site_id=other.id,
            product="",
            name="",
            frames=(),
            created_at=admin.clock(),
        )
    )
    admin.app.extensions["rapport"].outside._resolve = lambda host, port: ("93.184.216.34",)
    answer = do(admin, "add", preset="canvas", client_id="7")

    assert 422 == answer.status_code
    assert theirs == admin.wired.doors.registration(theirs.id)


def test_a_test_says_what_to_fix(admin: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look is one line, good or to look at."""
    found = (
        Check(what="keys"),
        Check(what="clock", code="clock_apart", number=240),
        Check(what="token", code="token_refused", number=400),
    )
    monkeypatch.setattr("lti_app.console.check_platform", lambda *_: found)
    page = do(admin, "test").text

    assert "We can read the platform" in page
    assert "240 seconds apart" in page
    assert "It refuses us (400)" in page


def test_a_test_launch_shows_what_it_brought(admin: House) -> None:
    """Roles, place and fields of one's own launch; nothing of anybody else's."""
    page = admin.get(PATH, as_="pell").text.partition("Test launch")[2]

    assert "Instructor" in page
    assert "Course list offered" in page
    assert "1:practice" in page


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("membership#Instructor", "Instructor"),
        ("membership/Learner#Instructor", "Learner#Instructor"),
        ("institution/person#Administrator", "Administrator"),
        ("system/person#User", "User"),
    ],
)
def test_a_role_is_shown_short_but_not_wrong(role: str, shown: str) -> None:
    """A learner's sub-role is never shown as a teacher."""
    assert shown == _short_role("http://purl.imsglobal.org/vocab/lis/v2/" + role)


def test_the_first_officer_is_named_by_the_administrator(admin: House) -> None:
    """Only while there is none: afterwards appointing is hers."""
    refused = do(admin, "officer", adult=str(admin.adult("hart")))
    assert 422 == refused.status_code
    assert "There is a records officer now" in refused.text

    with admin.wired.store(admin.site_id).write() as uow:  # type: ignore[arg-type]
        for one in uow.people.appointments():
            if one.role is SiteRole.RECORDS_OFFICER:
                gone = one.starts_on - timedelta(days=1)
                uow.people.add_appointment(replace(one, ends_on=gone))
    assert "Who may appoint people?" in admin.get(PATH, as_="pell").text
    assert 404 == do(admin, "officer", adult=str(admin.adult("dana"))).status_code
    do(admin, "officer", adult=str(admin.adult("hart")))

    with admin.wired.store(admin.site_id).read() as uow:  # type: ignore[arg-type]
        today = admin.wired.site_clock(admin.wired.doors.sites()[0]).today()
        officers = [
            one.adult_id
            for one in uow.people.appointments()
            if one.role is SiteRole.RECORDS_OFFICER and one.holds_on(today)
        ]
    assert [admin.adult("hart")] == officers


def test_an_unknown_step_is_refused(admin: House) -> None:
    """A form nobody made."""
    assert 422 == do(admin, "explode").status_code


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("claims:roles,sub", "roles,sub"),
        ("platform:login_required", "said no"),
        ("deployment_disabled", "turned off"),
        ("registration_disabled", "turned off"),
        ("nonce", "old page"),
        ("state_unknown", "opened twice"),
        ("jwks_unreachable", "could not read"),
        ("target_differs", "changed the address"),
        ("id_token_aud", "another client id"),
        ("id_token_expired", "from the future"),
        ("unknown_kid", "did not fit"),
        ("confirm_proof", "neither cookies nor storage"),
        ("something_new", "something_new"),
    ],
)
def test_each_refusal_has_words(admin: House, outcome: str, words: str) -> None:
    """No code without a sentence, and the number somebody was shown."""
    note(admin, outcome)
    page = admin.get(PATH, as_="pell").text

    assert words in page
    assert "ABCD2345" in page
