"""Launches into the whole house: what pupils, staff and strangers see first, real records behind the door."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from iepcore.access import AuditEvent
from tests.contract.lti.house import (
    LEARNER,
    MENTOR,
    NEUTRAL,
    TEACHER_AT_SCHOOL,
    USER,
    VOCABULARY,
    Front,
    front_of,
    subject_of,
)
from tests.contract.lti.platform import ROLE
from tests.contract.lti.tool import has_session
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]


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
