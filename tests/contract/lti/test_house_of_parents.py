"""Parents at the door of the whole house: links, confirmations, and roles that say otherwise (C1 to C11)."""

from __future__ import annotations

import pytest

from iepcore.caseload import Confirmation
from iepcore.ids import RelationshipId, new_uuid7
from iepcore.people import Relation, Relationship, RosterStanding
from tests.contract.lti.house import (
    LEARNER,
    MENTOR,
    NEUTRAL,
    TEACHER_AT_SCHOOL,
    Front,
    subject_of,
)
from tests.contract.lti.platform import NRPS, ROLE
from tests.contract.lti.test_whole_house import front
from tests.contract.lti.tool import has_session
from tests.unit.screens.conftest import house, seeded_file

__all__ = ["front", "house", "seeded_file"]


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


@pytest.mark.parametrize("roles", [MENTOR, [ROLE + "Instructor"]], ids=["C1-as-parent", "V10-as-teacher"])
def test_child_is_never_an_adult(front: Front, roles: list[str]) -> None:
    """A pupil with a record stays one, whatever role a launch claims for them."""
    answer = front.launch("maya", roles, role_scope_mentor=[subject_of("jonah")])
    assert NEUTRAL in answer.text
    assert not has_session(answer)
