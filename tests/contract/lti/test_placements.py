"""Where launches land: a pupil's card, navigations without a course, nothing for whom there is nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from iepcore.ids import RosterMemberId, new_uuid7
from iepcore.people import RosterMember, RosterStanding
from lti_app.demo.seed import people
from lti_app.doors.lti.placements import first_path, opens_check_in
from lti_app.doors.lti.roles import Standing
from tests.contract.lti.house import MENTOR, USER, VOCABULARY, Front, front_of, subject_of
from tests.contract.lti.linking import TEACHER
from tests.contract.lti.platform import ROLE
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]

CARD = "https://www.instructure.com/lti_student_id"
PLACEMENT = "https://www.instructure.com/placement"
AT_SCHOOL = VOCABULARY + "institution/person#Instructor"
NEUTRAL = "Nothing to open here"


@pytest.fixture
def front(house: House, httpserver: HTTPServer) -> Front:
    """The platform before the house."""
    return front_of(house, httpserver)


def number_of(key: str) -> str:
    """Return Canvas' own number of a person."""
    return str(next(one["canvas_user_id"] for one in people()["users"] if one["key"] == key))


def list_pupils(front: Front, *keys: str) -> None:
    """Let the address book of the course list these pupils with their Canvas numbers."""
    course = people()["courses"][0]
    source = f"lti:{front.platform.registration.id}"
    lines = [
        RosterMember(
            id=RosterMemberId(new_uuid7()),
            source=source,
            context_id=course["context_id"],
            context_title=course["name"],
            subject=subject_of(key),
            standing=RosterStanding.PUPIL,
            seen_at=front.house.clock(),
            channel_user_id=number_of(key),
        )
        for key in keys
    ]
    site = front.house.wired.doors.sites()[0]
    with front.house.wired.store(site.id).write() as uow:
        uow.people.save_roster(source, course["context_id"], lines, complete=False)


def card(front: Front, key: str, pupil: str, roles: list[str] | None = None) -> Any:
    """Open a pupil's card as somebody and return the first screen."""
    claims = {CARD: pupil, PLACEMENT: "student_context_card"}
    return front.first_screen(key, TEACHER if roles is None else roles, **claims)


def test_card_opens_the_childs_page_for_the_team(front: Front) -> None:
    """The card of a pupil with a record leads staff on the team to the child's page, by Canvas' number."""
    list_pupils(front, "maya", "piper")
    screen = card(front, "halloran", number_of("maya"))
    assert 200 == screen.status_code
    assert "Maya" in screen.text


def test_card_by_subject(front: Front) -> None:
    """A platform that sends the subject instead of a number is understood as well."""
    assert "Maya" in card(front, "halloran", subject_of("maya")).text


def test_cards_of_others_look_alike(front: Front) -> None:
    """C4: a pupil without a record, one of another team, one nobody knows: same bytes, plan or none."""
    list_pupils(front, "maya", "piper")
    stranger = "a-new-teacher"
    answers = [
        card(front, stranger, number_of("maya")),
        card(front, stranger, number_of("piper")),
        card(front, "halloran", number_of("piper")),
        card(front, "halloran", "no-such-number"),
        card(front, "dana", number_of("maya"), MENTOR),
        card(front, "halloran", "$Canvas.user.id" + "x" * 300),
    ]
    assert {200} == {answer.status_code for answer in answers}
    assert NEUTRAL in answers[0].text
    assert 1 == len({answer.data for answer in answers[:4]})


def test_card_without_a_card(front: Front) -> None:
    """The address of cards alone, after any other launch, is the neutral page."""
    answer = front.launch("halloran", TEACHER)
    assert NEUTRAL in front.get(answer, "/app/card").text


def test_card_of_a_stranger_leaves_no_trace(front: Front) -> None:
    """Nothing is written for a card that opens nothing: a line would take time, and time tells."""
    list_pupils(front, "maya")
    before = _events(front)
    card(front, "a-new-teacher", number_of("maya"))
    assert before == _events(front)


def _events(front: Front) -> int:
    site = front.house.wired.doors.sites()[0]
    with front.house.wired.store(site.id).read() as uow:
        return len(uow.audit.of_student(front.house.student("maya"), limit=10_000))


@pytest.mark.parametrize("placement", ["account_navigation", "global_navigation", "user_navigation"])
def test_navigation_without_a_course(front: Front, placement: str) -> None:
    """C7: what hangs on no course opens the caseload without one, whatever context comes along."""
    claims: dict[str, Any] = {PLACEMENT: placement, "context": {"id": "root", "type": ["Unknown"]}}
    screen = front.first_screen("halloran", [AT_SCHOOL, USER], **claims)
    assert "Today" in screen.text
    assert "Maya" in screen.text
    assert (
        "Open Rapport from a course"
        in front.get(front.launch("halloran", [AT_SCHOOL, USER], **claims), "/app/add").text
    )


@pytest.mark.parametrize("placement", ["global_navigation", "user_navigation"])
def test_nobody_in_a_global_menu_is_told_anything(front: Front, placement: str) -> None:
    """C6: pupils and parents outside a course get the neutral page, with a plan or without."""
    claims: dict[str, Any] = {PLACEMENT: placement, "context": ...}
    answers = [
        front.first_screen(key, roles, **claims)
        for key, roles in (
            ("maya", [VOCABULARY + "institution/person#Student", USER]),
            ("piper", [VOCABULARY + "institution/person#Student", USER]),
            ("a-new-parent", [USER]),
        )
    ]
    assert NEUTRAL in answers[0].text
    assert 1 == len({answer.data for answer in answers})


def test_paths_are_ours() -> None:
    """Only screens count as a target; a wish and a card decide before it."""
    assert "/app/" == first_path(message_type="x", asked=None, card_of=None)
    assert "/app/" == first_path(message_type="x", asked="/lti/login", card_of=None)
    assert "/app/g/1?x=2" == first_path(message_type="x", asked="/app/g/1?x=2", card_of=None)
    assert "/app/card" == first_path(message_type="x", asked="/app/g/1", card_of="7")
    assert "/app/choose" == first_path(message_type="LtiDeepLinkingRequest", asked="/app/", card_of="7")


@pytest.mark.parametrize("standing", Standing)
def test_check_in_is_for_those_who_pass_by(standing: Standing) -> None:
    """Staff, administrators and people without a role go their usual way."""
    passing = standing in {Standing.LEARNER, Standing.FAMILY, Standing.TEST_USER}
    assert passing == opens_check_in("/app/check-in?x=1", standing)
    assert not opens_check_in("/app/check-in/x", standing)


def test_check_in_inside_a_session(front: Front) -> None:
    """A parent's session that asks for the check-in gets it; staff are sent to their first page."""
    parent = front.launch("dana", MENTOR, role_scope_mentor=[subject_of("maya")])
    assert "I have what I need for it." in front.get(parent, "/app/check-in").text
    staff = front.launch("halloran", TEACHER)
    assert "/app/" == front.get(staff, "/app/check-in").headers["Rapport-Goto"]


def test_roles_without_a_part(front: Front) -> None:
    """V4: somebody without a role gets the neutral page at the check-in, too."""
    answer = front.first_screen("nobody-here", [ROLE + "Officer"])
    assert NEUTRAL in answer.text
