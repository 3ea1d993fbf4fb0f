"""The five frames: their addresses prove nothing, and Google is asked who is there at every opening."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from connectors.google_classroom.routes import ItemKind
from connectors.http import RetryLaw, Transport
from iepcore.ids import AdultId
from iepcore.people import Identity, PersonKind
from lti_app.demo.caseload import demo_id
from lti_app.demo.classroom import classroom_children, google_id
from lti_app.doors.google import arriving, asking
from lti_app.doors.google.asking import AddOnContext, CourseRole, Item
from lti_app.doors.records import Deployment, DeploymentState
from tests.contract.google.school import BASE, GRADE_6, GRADE_7, TOOL, School, Visitor

TRANSPORT = asking._transport
CHILDREN = [one["preferred_name"] for one in classroom_children()]
FORGED: dict[str, dict[str, str | None]] = {
    "G1-course_of_others": {"courseId": "610000009999"},
    "G1-item_of_another_course": {"courseId": GRADE_7},
    "G1-no_such_item": {"itemId": "620000009999"},
    "G1-other_kind": {"itemType": "announcements"},
    "G1-no_such_attachment": {"attachmentId": "620000009999"},
}
SHAPELESS: dict[str, dict[str, str | None]] = {
    "G1-none_named": {"attachmentId": None},
    "G1-path_in_it": {"courseId": "../courses"},
    "G1-unknown_kind": {"itemType": "guardians"},
}


def test_teacher_gets_today(school: School, visitor: Visitor) -> None:
    """A teacher of the class who looks after children gets the screens every teacher has."""
    door = visitor.open("teacher", school.said(), "vance")
    assert "open" == door.get_json()["kind"]
    today = visitor.get(door, door.get_json()["path"])
    assert CHILDREN == [name for name in CHILDREN if name in today.text]
    assert "Callum" not in today.text


def test_who_came_is_known_by_google_and_by_nothing_else(school: School, visitor: Visitor) -> None:
    """The session names the door, the class and Google's number; the LTI door knows nobody of that name."""
    visitor.open("teacher", school.said(), "vance")
    with school.house.wired.store(school.house.wired.doors.sites()[0].id).read() as uow:
        known = uow.people.identity("google", school.account("vance").id)
        assert known is not None
        assert demo_id("adult", "vance") == known.person_id
        assert uow.people.identity(f"lti:{google_id()}", school.account("vance").id) is None


def test_new_teacher_is_staff_without_a_child(school: School, visitor: Visitor) -> None:
    """A teacher nobody knows yet is let in as at the LTI door: staff who may ask, with no child."""
    door = visitor.open("teacher", school.said(), "albright")
    today = visitor.get(door, "/app/today")
    assert 200 == today.status_code
    assert not [name for name in CHILDREN if name in today.text]


@pytest.mark.parametrize("case", FORGED)
def test_forged_addresses(school: School, visitor: Visitor, case: str) -> None:
    """What Google does not know, or not of this person, opens nothing."""
    answer = visitor.open("teacher", school.said(**FORGED[case]), "vance")
    assert 403 == answer.status_code
    assert "There is nothing here for you" in answer.text
    assert "token" not in answer.text


@pytest.mark.parametrize("case", SHAPELESS)
def test_shapeless_addresses(school: School, visitor: Visitor, case: str) -> None:
    """What has no shape of Google's is not even asked about."""
    answer = visitor.open("teacher", school.said(**SHAPELESS[case]), "vance")
    assert 404 == answer.status_code
    assert "There is nothing here for you" in answer.text


def test_a_stranger_of_the_domain(school: School, visitor: Visitor) -> None:
    """G1: somebody of the school with no part in the class gets nothing, whatever the address says."""
    answer = visitor.open("teacher", school.said(GRADE_7), "albright")
    assert 403 == answer.status_code


def test_google_speaks_of_another_item() -> None:
    """G1: an answer about another item than the one asked for, of no role or of both, counts as none."""
    item = Item(course_id=GRADE_6, item_id="1", kind=ItemKind.COURSE_WORK)
    assert AddOnContext(course_id=GRADE_6, item_id="2", teacher={}).role_at(item) is None
    assert AddOnContext(course_id=GRADE_6, item_id="1", teacher={}, student={}).role_at(item) is None
    assert AddOnContext(course_id=GRADE_6, item_id="1").role_at(item) is None


def test_pupil_at_a_teachers_address(school: School, visitor: Visitor) -> None:
    """G2: a pupil gets the check-in, the same bytes as everybody, and no session; nothing is kept of them."""
    before = _adults(school)
    answer = visitor.open("teacher", school.said(), "tamsin")
    assert "neutral" == answer.get_json()["kind"]
    other = Visitor(school).open("teacher", school.said(), "rafi")
    assert other.get_json() == answer.get_json()
    assert "I know what I am working on now." in answer.get_json()["page"]
    assert before == _adults(school)


@pytest.mark.parametrize("frame", ["setup", "upgrade"])
def test_pupil_cannot_add(school: School, visitor: Visitor, frame: str) -> None:
    """G2: a pupil at a frame that adds gets the page for strangers."""
    answer = visitor.open(frame, school.adding("tamsin"), "tamsin")
    assert "neutral" == answer.get_json()["kind"]
    assert "Nothing to open here" in answer.get_json()["page"]


def test_pupils_page_asks_nobody_to_sign_in(school: School, visitor: Visitor) -> None:
    """G2: the student's view is the check-in, open to all; it asks Google nothing and keeps nothing."""
    answer = visitor.client.get(f"{BASE}/student", query_string=school.said(), base_url=TOOL)
    assert 200 == answer.status_code
    assert "I know what I am working on now." in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text


def test_frames_hold_nothing_before_google_was_asked(school: School, visitor: Visitor) -> None:
    """G3: whatever stands in the address, and whoever was there before, the page is the same."""
    visitor.open("teacher", school.said(), "vance")
    hint = school.account("vance").id
    for frame in ("setup", "teacher", "review", "upgrade"):
        path = f"{BASE}/{frame}"
        mine = visitor.client.get(path, query_string={"login_hint": hint}, base_url=TOOL)
        others = Visitor(school).client.get(path, query_string={"login_hint": hint}, base_url=TOOL)
        assert others.data == mine.data
        assert "Marisol" not in mine.text


def test_same_person_needs_no_window(school: School, visitor: Visitor) -> None:
    """The next frame of the same person opens without a window, and Google is asked again all the same."""
    visitor.open("teacher", school.said(), "vance")
    said = school.said(login_hint=school.account("vance").id)
    assert "open" == visitor.enter("teacher", said).get_json()["kind"]
    assert 403 == visitor.enter("teacher", {**said, "courseId": "610000009999"}).status_code


@pytest.mark.parametrize("hint", ["other", "none"])
def test_another_person_at_classroom(school: School, visitor: Visitor, hint: str) -> None:
    """G3: with another person's hint, or without one, the button is shown, and the former is forgotten."""
    visitor.open("teacher", school.said(), "vance")
    said = school.said(login_hint=school.account("albright").id if hint == "other" else None)
    answer = visitor.enter("teacher", said)
    assert {"kind": "sign_in"} == answer.get_json()
    assert any("person=;" in line for line in answer.headers.getlist("Set-Cookie"))
    again = visitor.enter("teacher", school.said(login_hint=school.account("vance").id))
    assert {"kind": "sign_in"} == again.get_json()


def test_another_account_in_the_window(school: School, visitor: Visitor) -> None:
    """G3: an account other than the one at Classroom opens nothing for either."""
    hint = school.account("albright").id
    came = visitor.say_yes(visitor.to_google(hint=hint), "vance")
    answer = visitor.back(came)
    assert 403 == answer.status_code
    assert "That is another account" in answer.text
    code = visitor.signed_in("vance")
    late = visitor.enter("teacher", school.said(login_hint=hint), code=code, verifier=visitor.verifier)
    assert 403 == late.status_code
    assert "Marisol" not in late.text


def test_copied_course(school: School, visitor: Visitor) -> None:
    """G4: in a copied course the check-in works as it did; its settings came along, and no record did."""
    classroom = school.lms.world.classroom
    door = visitor.open("teacher", school.said(), "vance")
    assert "Tamsin" in visitor.get(door, "/app/add").text
    copied = classroom.copy_class(GRADE_6)
    post = classroom.posts(copied.id)[0]
    attachment = classroom.attachments(post.id)[0]
    assert GRADE_6 == attachment.copy_history[0]["courseId"]
    assert school.attachment().body == attachment.body
    said = school.said(courseId=copied.id, itemId=post.id, attachmentId=attachment.id)
    there = visitor.open("teacher", said, "vance")
    assert "open" == there.get_json()["kind"]
    assert "Rafi" not in visitor.get(there, "/app/add").text
    old = visitor.open("teacher", school.said(courseId=copied.id, itemId=post.id), "vance")
    assert 403 == old.status_code


def test_no_mark_is_offered(school: School, visitor: Visitor) -> None:
    """G5: no attachment of ours has points, and no screen offers a word in a gradebook."""
    door = visitor.open("teacher", school.said(), "vance")
    house = school.house
    house.wired.doors.add_site(replace(house.wired.doors.sites()[0], gradebook_words=True))
    child = visitor.get(door, f"/app/c/{demo_id('student', 'paloma')}")
    assert "Paloma" in child.text
    assert "gradebook" not in child.text.lower()
    assert not {"maxPoints", "studentWorkReviewUri"} & school.attachment().body.keys()


def test_disabled_person(school: School, visitor: Visitor) -> None:
    """Somebody disabled at the site gets the page for strangers."""
    caseload = school.house.caseload("ames")
    caseload.keeping.disable(AdultId(demo_id("adult", "vance")), reason="left the school")
    answer = visitor.open("teacher", school.said(), "vance")
    assert "neutral" == answer.get_json()["kind"]
    assert "Nothing to open here" in answer.get_json()["page"]


def test_session_ends_with_its_domain(school: School, visitor: Visitor) -> None:
    """A domain that is turned off ends the sessions that came by it, and its frames."""
    door = visitor.open("teacher", school.said(), "vance")
    doors = school.house.wired.doors
    held = next(one for one in doors.deployments() if one.registration_id == google_id())
    doors.save_deployment(
        Deployment(
            registration_id=held.registration_id,
            deployment_id=held.deployment_id,
            state=DeploymentState.DISABLED,
            site_id=held.site_id,
        )
    )
    answer = visitor.client.get(
        "/app/today", headers={"Authorization": f"Bearer {door.get_json()['token']}"}, base_url=TOOL
    )
    assert 401 == answer.status_code
    assert 404 == visitor.client.get(f"{BASE}/teacher", base_url=TOOL).status_code


def test_who_may_frame(school: School, visitor: Visitor) -> None:
    """Classroom's pages may frame us; Google's accounts may not."""
    line = visitor.client.get(f"{BASE}/teacher", base_url=TOOL).headers["Content-Security-Policy"]
    framed = re.search(r"frame-ancestors ([^;]+)", line)
    assert framed is not None
    assert school.lms.url in framed[1].split()
    assert "google" not in framed[1]


def _adults(school: School) -> int:
    with school.house.wired.store(school.house.wired.doors.sites()[0].id).read() as uow:
        return len(uow.people.all_adults())


def test_google_does_not_answer(school: School, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent Google is no verdict on anybody: nothing opens, and the same may work in a moment."""
    code = visitor.signed_in("vance")
    monkeypatch.setattr(asking, "_transport", lambda _origin, token: _nowhere(token))
    monkeypatch.setattr(RetryLaw, "wait", lambda *_a, **_k: None)
    answer = visitor.enter("teacher", school.said(), code=code, verifier=visitor.verifier)
    assert 502 == answer.status_code
    assert "Try again" in answer.text


@pytest.mark.parametrize("said", [None, CourseRole.TEACHER])
def test_role_that_google_does_not_say(
    school: School, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, said: CourseRole | None
) -> None:
    """G1: without one clear role nothing opens."""
    monkeypatch.setattr(arriving, "role_at", lambda *_: said)
    answer = visitor.open("teacher", school.said(), "vance")
    assert (403 if said is None else 200) == answer.status_code


def test_parent_who_teaches_elsewhere(school: School, visitor: Visitor) -> None:
    """A confirmed parent without a place at the school gets no screen here: parents come by their link."""
    site_id = school.house.wired.doors.sites()[0].id
    with school.house.wired.store(site_id).write() as uow:
        uow.people.add_identity(
            Identity(
                source="google",
                subject=school.account("albright").id,
                kind=PersonKind.ADULT,
                person_id=AdultId(demo_id("adult", "abel")),
            )
        )
    answer = visitor.open("teacher", school.said(), "albright")
    assert "Nothing to open here" in answer.get_json()["page"]


def _nowhere(token: str | None) -> Transport:
    """A way that leaves this machine nowhere."""
    return TRANSPORT("http://127.0.0.1:9", token)
