"""Launches into the whole house: what each kind of person sees first, with real records behind the door.

Cases C1 to C11, V10 to V19 and V25 as far as they need children, relationships and rosters.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from iepcore.access import AuditEvent
from iepcore.caseload import Confirmation
from iepcore.ids import RelationshipId, new_uuid7
from iepcore.people import Relation, Relationship, RosterStanding
from tests.contract.lti.house import MENTOR, USER, VOCABULARY, Front, front_of, subject_of
from tests.contract.lti.platform import NRPS, ROLE
from tests.contract.lti.tool import has_session
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]

LEARNER = [ROLE + "Learner", USER]
TEACHER_AT_SCHOOL = VOCABULARY + "institution/person#Instructor"
NEUTRAL = "Nothing to open here"


@pytest.fixture
def front(house: House, httpserver: HTTPServer) -> Front:
    """The platform before the house."""
    return front_of(house, httpserver)


PUPILS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "V10": (LEARNER, {}),
    "V11": ([*LEARNER, VOCABULARY + "institution/person#Student"], {}),
    "V12": (["Learner"], {}),
    "V13": (["http://purl.example/unknown#Role"], {}),
    "V14": ([], {}),
    "V15": (LEARNER, {"name": ..., "given_name": ..., "family_name": ...}),
    "V16": (LEARNER, {"email": ...}),
    "V17": (LEARNER, {"name": ..., "given_name": ..., "family_name": ..., "email": ...}),
    "V18": (LEARNER, {"name": ..., "given_name": ..., "family_name": ..., "context": ...}),
}


@pytest.mark.parametrize("case", PUPILS)
def test_pupils(front: Front, case: str) -> None:
    """A pupil with a plan, one without and one nobody knows get the same bytes, whatever comes with them."""
    roles, claims = PUPILS[case]
    answers = [front.launch(key, roles, **claims) for key in ("maya", "piper", "nobody-here")]
    assert {200} == {answer.status_code for answer in answers}
    assert 1 == len({answer.data for answer in answers})
    assert NEUTRAL in answers[0].text
    assert 1 == len({str(_comparable(answer)) for answer in answers})


def _comparable(answer: Any) -> list[tuple[str, str]]:
    """Return the headers without those that differ at every launch (the cookie of its own login)."""
    return [(name, value) for name, value in answer.headers if name != "Set-Cookie"]


def test_everybody_without_a_part_gets_the_same_page(front: Front) -> None:
    """C2, C6: pupils, strangers and parents without a right: same status, same bytes, no session."""
    people = [
        ("maya", LEARNER, {}),
        ("piper", LEARNER, {}),
        ("ned", MENTOR, {}),
        ("ned", MENTOR, {"custom": {"observees": ""}}),
        ("gwen", MENTOR, {"role_scope_mentor": [subject_of("juno")]}),
        ("a-new-parent", MENTOR, {"role_scope_mentor": [subject_of("maya")]}),
        ("another-new-parent", MENTOR, {"role_scope_mentor": [subject_of("piper")]}),
        ("ned", LEARNER, {}),
        ("nobody-here", [USER], {"context": ...}),
        ("halloran", LEARNER, {}),
    ]
    answers = [front.launch(key, roles, **claims) for key, roles, claims in people]
    assert {200} == {answer.status_code for answer in answers}
    assert [] == [people[place] for place, answer in enumerate(answers) if answer.data != answers[0].data]
    assert [] == [place for place, answer in enumerate(answers) if has_session(answer)]


def test_time_tells_nothing(front: Front) -> None:
    """C2: a parent without a right waits as long for a child with a plan as for one without."""
    spent: dict[str, list[float]] = {"maya": [], "piper": []}
    for turn in range(12):
        for child in ("maya", "piper"):
            began = time.perf_counter()
            front.launch(f"parent-{turn}-{child}", MENTOR, role_scope_mentor=[subject_of(child)])
            spent[child].append(time.perf_counter() - began)
    fastest = {child: min(times) for child, times in spent.items()}
    assert 0.2 < fastest["maya"] / fastest["piper"] < 5


def test_observer_sees_her_children_and_nothing_else(front: Front) -> None:
    """C1: of the children the platform links, a parent sees those staff confirmed; she reads, no more."""
    links = [subject_of("maya"), subject_of("jonah")]
    answer = front.launch("dana", MENTOR, role_scope_mentor=links)
    assert "Maya" in front.follow(answer).text
    assert "Jonah" not in front.get(answer, "/app/my").text
    for path in (
        f"/app/my/{front.house.student('jonah')}",
        f"/app/c/{front.house.student('maya')}",
        f"/app/c/{front.house.student('jonah')}",
        "/app/today",
        "/app/add",
    ):
        assert 404 == front.get(answer, path).status_code, path


def test_observer_by_the_custom_field(front: Front) -> None:
    """C3: where the platform hides names, the custom field links as the claim does."""
    answer = front.launch("dana", MENTOR, custom={"observees": subject_of("maya")})
    assert "Maya" in front.follow(answer).text


def test_child_nobody_knows(front: Front) -> None:
    """C4: a link to a child this site does not know, or of another course, opens nothing."""
    for link in ("no-such-child", subject_of("jonah"), ""):
        answer = front.launch("gwen", MENTOR, role_scope_mentor=[link])
        assert NEUTRAL in answer.text
        assert not has_session(answer)


def test_teacher_who_observes_her_own_child(front: Front) -> None:
    """C5: in the course where she is an observer a teacher is a parent, and only that."""
    roles = [*MENTOR, TEACHER_AT_SCHOOL]
    answer = front.launch("halloran", roles, role_scope_mentor=[subject_of("owen")])
    assert not has_session(answer)
    assert NEUTRAL in answer.text
    assert "Maya" in front.first_screen("halloran", [ROLE + "Instructor"]).text


def test_link_that_was_removed(front: Front) -> None:
    """C9: the links of a launch replace those of the one before; none outlives a day."""
    house = front.house
    site = house.wired.doors.sites()[0]
    store = house.wired.store(site.id)
    source, maya = f"lti:{front.platform.registration.id}", subject_of("maya")

    def linked() -> set[str]:
        with store.read() as uow:
            return {one.observer_subject for one in uow.people.hints_of_pupil(source, maya, at=house.clock())}

    before = linked()
    front.launch("new-parent", MENTOR, role_scope_mentor=[maya, subject_of("jonah")])
    assert before | {"new-parent"} == linked()
    front.launch("new-parent", MENTOR, role_scope_mentor=[subject_of("jonah")])
    assert before == linked()
    front.launch("new-parent", MENTOR, role_scope_mentor=[maya])
    house.clock.forward(hours=23)
    assert "new-parent" in linked()
    house.clock.forward(hours=1, seconds=1)
    assert "new-parent" not in linked()


def test_child_merged_in_the_platform(front: Front) -> None:
    """C11: a link by an id nobody has here any more is no link: never to another child."""
    answer = front.launch("gwen", MENTOR, role_scope_mentor=["old-id-of-maya"], lti11_legacy_user_id="x")
    assert NEUTRAL in answer.text


def test_confirmed_parent_enrolled_as_a_pupil(front: Front) -> None:
    """V10, C1: a platform that knows parents only as Learner opens the family's screen to a confirmed one."""
    assert "Maya" in front.first_screen("dana", LEARNER).text
    assert "Maya" in front.first_screen("dana", []).text


def test_parent_whom_the_platform_calls_a_pupil(front: Front) -> None:
    """V10, C1: where parents are enrolled as pupils, who knows one confirms them, and they come in."""
    house = front.house
    assert NEUTRAL in front.launch("piper", LEARNER).text
    families = house.caseload("halloran").families
    view = families.view(house.student("maya"))
    line = next(one.member for one in view.listed_as_pupils if one.member.subject == subject_of("piper"))
    families.confirm(
        house.student("maya"),
        line.id,
        Confirmation(
            relation=Relation.GRANDPARENT,
            household="A",
            may_access_records=True,
            may_decide=False,
            basis="letter of the court seen",
            reads="en",
            knows_adult=True,
        ),
    )
    assert "Maya" in front.first_screen("piper", LEARNER).text
    answer = front.launch("piper", [ROLE + "Instructor"])
    assert 404 == front.get(answer, "/app/today").status_code


def test_launch_changes_nobodys_rights(front: Front) -> None:
    """C5, C8: whoever launches as Instructor, an aide or a parent, has the rights staff gave and no more."""
    answer = front.launch("dana", [ROLE + "Instructor"])
    for path in (
        "/app/add",
        f"/app/c/{front.house.student('maya')}",
        f"/app/c/{front.house.student('jonah')}",
    ):
        assert front.get(answer, path).status_code in (403, 404), path
    aide = front.launch("moss", LEARNER)
    assert NEUTRAL in aide.text
    again = front.first_screen("moss", [ROLE + "Instructor"])
    assert 200 == again.status_code
    assert NEUTRAL not in again.text


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"context": ...}, id="C6-no-context"),
        pytest.param({"context": {"id": "acc", "type": ["Account"]}}, id="C6-account"),
        pytest.param(
            {"https://www.instructure.com/placement": "global_navigation"}, id="C6-global-navigation"
        ),
    ],
)
def test_case_load_without_a_course(front: Front, claims: dict[str, Any]) -> None:
    """From a navigation outside courses a case manager finds her whole case load."""
    screen = front.first_screen("halloran", [TEACHER_AT_SCHOOL, USER], **claims)
    assert 200 == screen.status_code
    assert "Maya" in screen.text
    assert "Amara" in screen.text


def test_person_everybody_calls_user(front: Front) -> None:
    """C6: outside courses Canvas may call everybody only User: a confirmed parent's child, or nothing."""
    assert "Maya" in front.first_screen("dana", [USER], context=...).text
    for key in ("nobody-here", "halloran", "maya", "ned"):
        assert NEUTRAL in front.launch(key, [USER], context=...).text


def test_staff_who_is_a_parent_too(front: Front) -> None:
    """C5: who is an aide and a confirmed parent gets the face of the role in this course, never both."""
    house = front.house
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.people.add_relationship(
            Relationship(
                id=RelationshipId(new_uuid7()),
                student_id=house.student("jonah"),
                adult_id=house.adult("moss"),
                relation=Relation.PARENT,
                household="A",
                may_access_records=True,
                may_decide=True,
                basis="birth certificate seen",
                verified_by=house.adult("halloran"),
                verified_at=house.clock(),
                valid_from=house.clock().date(),
            )
        )
    parent = front.launch("moss", MENTOR, role_scope_mentor=[subject_of("jonah")])
    assert "Jonah" in front.follow(parent).text
    assert [404, 404] == [front.get(parent, path).status_code for path in ("/app/today", "/app/record")]
    staff = front.launch("moss", [ROLE + "Instructor"])
    assert 200 == front.get(staff, "/app/today").status_code


def test_same_link_in_a_copied_course(front: Front) -> None:
    """V19: a new link opens its course; a link copied into another course brings nothing of the first."""
    first = front.launch("halloran", [ROLE + "Instructor"], resource_link={"id": "link-2"})
    copied = front.launch(
        "halloran",
        [ROLE + "Instructor"],
        resource_link={"id": "link-2"},
        context={"id": "copied-course", "title": "Copied", "type": ["CourseOffering"]},
    )
    here = front.get(first, "/app/add").text
    there = front.get(copied, "/app/add").text
    assert "Resource room" in here
    assert "Resource room" not in there
    assert "Copied" in there


def test_observers_of_a_roster_are_contacts_only(front: Front) -> None:
    """N13: an observer on the list is a line of the address book: linked to no child, and nobody's parent."""
    house, platform = front.house, front.platform
    site = house.wired.doors.sites()[0]
    members = [
        {"user_id": subject_of("maya"), "roles": ["Learner"], "name": "Maya Ortega-Lind"},
        {"user_id": "a-new-observer", "roles": [ROLE + "Mentor"], "name": "New Observer"},
    ]
    page = {"id": "x", "context": {"id": "course-x"}, "members": members}
    for query in ("", "?limit=50", "?limit=100"):
        platform.roster_pages["/roster/course-x" + query] = (200, page, None)
    answer = front.launch(
        "halloran",
        [ROLE + "Instructor"],
        context={"id": "course-x", "title": "Another room", "type": ["CourseSection"]},
        **{NRPS: {"context_memberships_url": platform.server.url_for("/roster/course-x")}},
    )
    assert "Maya" in front.get(answer, "/app/add").text
    source = f"lti:{platform.registration.id}"
    with house.wired.store(site.id).read() as uow:
        (line,) = [one for one in uow.people.roster(source, "course-x") if one.subject == "a-new-observer"]
        linked = uow.people.hints_of_pupil(source, subject_of("maya"), at=house.clock())
        assert (RosterStanding.OBSERVER, None) == (line.standing, uow.people.identity(source, line.subject))
        assert "a-new-observer" not in [one.observer_subject for one in linked]
    candidates = house.caseload("halloran").families.view(house.student("maya")).candidates
    assert [False] == [one.linked for one in candidates if one.member.subject == "a-new-observer"]


@pytest.mark.parametrize(
    ("claims", "lang"),
    [
        pytest.param(
            {"launch_presentation": {"locale": "es-MX"}, "locale": "en"}, "es", id="V1-presentation"
        ),
        pytest.param({"locale": "es"}, "es", id="V1-person"),
        pytest.param({"launch_presentation": {"locale": "es_ES"}}, "es", id="V1-underscore"),
        pytest.param(
            {"launch_presentation": {"locale": "xx-Unknown-1"}, "locale": "es"}, "en", id="V1-unknown"
        ),
        pytest.param({"launch_presentation": {"locale": 7}, "locale": ...}, "en", id="V1-none"),
    ],
)
def test_language_of_a_launch(front: Front, claims: dict[str, Any], lang: str) -> None:
    """Staff read in the language of the frame, else of their account; a family in the one they chose here."""
    screen = front.first_screen("moss", [ROLE + "Instructor"], **claims)
    assert f'<html lang="{lang}"' in screen.text
    family = front.first_screen("elena", MENTOR, **claims)
    assert '<html lang="es"' in family.text


def test_zone_of_a_launch(front: Front) -> None:
    """V1: the platform's time zone of a person is kept with them, and follows them."""
    house = front.house
    store = house.wired.store(house.wired.doors.sites()[0].id)

    def zone() -> str | None:
        with store.read() as uow:
            adult = uow.people.adult(house.adult("moss"))
        return adult.zone if adult is not None else "nobody"

    front.launch("moss", [ROLE + "Instructor"], custom={"time_zone": "Europe/Madrid"})
    assert "Europe/Madrid" == zone()
    front.launch("moss", [ROLE + "Instructor"], custom={"time_zone": "$Person.address.timezone"})
    assert "Europe/Madrid" == zone()


def trail_of(house: House, what: str) -> list[AuditEvent]:
    """Return the events of one kind of thing in the site's trail."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        return [one for one in uow.archive.values() if isinstance(one, AuditEvent) and one.what == what]


def test_masquerade_is_in_the_trail_with_both_ids(front: Front) -> None:
    """C10: who acts as somebody reads, and the trail keeps whose face it was and who wore it."""
    custom = {"masquerading_user_id": "4711", "time_zone": "Europe/Madrid"}
    answer = front.launch("halloran", [ROLE + "Instructor"], custom=custom)
    assert "Maya" in front.follow(answer).text
    (event,) = trail_of(front.house, "launch")
    assert (front.house.adult("halloran"), "4711", "masquerade") == (
        event.actor_id,
        event.object_id,
        event.job,
    )
    with front.house.wired.store(front.house.wired.doors.sites()[0].id).read() as uow:
        adult = uow.people.adult(front.house.adult("halloran"))
    assert adult is not None
    assert "America/Chicago" == adult.zone


@pytest.mark.parametrize("roles", [[ROLE + "Instructor"], MENTOR], ids=["C10-staff", "C10-parent"])
def test_masquerade_makes_nobody(front: Front, roles: list[str]) -> None:
    """Under the face of somebody unknown here nobody is made and nothing opens."""
    custom = {"masquerading_user_id": "4711"}
    answer = front.launch("never-here", roles, custom=custom, role_scope_mentor=[subject_of("maya")])
    assert NEUTRAL in answer.text
    assert [] == trail_of(front.house, "launch")
    site = front.house.wired.doors.sites()[0]
    with front.house.wired.store(site.id).read() as uow:
        assert uow.people.identity(f"lti:{front.platform.registration.id}", "never-here") is None
