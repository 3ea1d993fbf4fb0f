"""Adding the check-in to a class: one neutral attachment, once, through the same gate as everywhere."""

from __future__ import annotations

import re

import pytest

from lti_app.doors.google import asking
from tests.contract.google.school import BASE, GRADE_6, TOOL, School, Visitor


def made(school: School) -> list[dict[str, object]]:
    """Return what was attached beyond the first check-in."""
    found = school.lms.world.classroom.attachments(school.post().id)
    return [dict(one.body) for one in found[1:]]


def test_teacher_adds_a_check_in(school: School, visitor: Visitor) -> None:
    """The setup frame: a title, one attachment of ours without points, and Classroom closes the frame."""
    door = visitor.open("setup", school.adding("vance"), "vance")
    assert "Add a check-in" in visitor.get(door, door.get_json()["path"]).text
    answer = visitor.send(door, "/app/choose", title="Morning check-in")
    uris = {
        "teacherViewUri": {"uri": f"{TOOL}{BASE}/teacher"},
        "studentViewUri": {"uri": f"{TOOL}{BASE}/student"},
    }
    assert [{"title": "Morning check-in", **uris}] == made(school)
    assert f'data-origin="{school.lms.url}"' in answer.text
    assert 'data-module="/static/js/google_close.js"' in answer.text


def test_wish_is_good_once(school: School, visitor: Visitor) -> None:
    """The form sent again adds nothing."""
    door = visitor.open("setup", school.adding("vance"), "vance")
    visitor.send(door, "/app/choose", title="Morning check-in")
    again = visitor.send(door, "/app/choose", title="Morning check-in")
    assert 409 == again.status_code
    assert 1 == len(made(school))


@pytest.mark.parametrize("title", ["IEP check", "Tamsin's check-in", ""])
def test_title_that_tells(school: School, visitor: Visitor, title: str) -> None:
    """A word about a plan, a pupil's name and no title at all come back, and nothing is added."""
    door = visitor.open("setup", school.adding("vance"), "vance")
    answer = visitor.send(door, "/app/choose", title=title)
    assert 422 == answer.status_code
    assert [] == made(school)
    assert 200 == visitor.send(door, "/app/choose", title="Check-in").status_code


def test_teacher_changes_her_mind(school: School, visitor: Visitor) -> None:
    """Cancel adds nothing and closes the frame."""
    door = visitor.open("setup", school.adding("vance"), "vance")
    answer = visitor.send(door, "/app/choose", cancel="1")
    assert "Nothing was added." in answer.text
    assert [] == made(school)


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        (f"{TOOL}/check-in", True),
        (f"{TOOL}{BASE}/student", True),
        (f"{TOOL}/app/today", False),
        ("https://example.org/check-in", False),
        ("https://[broken", False),
    ],
)
def test_pasted_link(school: School, visitor: Visitor, url: str, usable: bool) -> None:
    """Of pasted links only our check-in becomes an attachment."""
    door = visitor.open("upgrade", school.adding("vance", urlToUpgrade=url), "vance")
    page = visitor.get(door, "/app/choose")
    assert usable == ("Title in the course" in page.text)
    answer = visitor.send(door, "/app/choose", **({"title": "Check-in"} if usable else {"cancel": "1"}))
    assert 200 == answer.status_code
    assert (1 if usable else 0) == len(made(school))


def test_token_of_another_item(school: School, visitor: Visitor) -> None:
    """G1: a frame's token of another person or item opens no frame that adds."""
    said = school.adding("albright")
    assert 403 == visitor.open("setup", said, "vance").status_code
    assert (
        403 == visitor.open("setup", {**school.adding("vance"), "addOnToken": "made-up"}, "vance").status_code
    )


def test_google_no_longer_takes_it(school: School, visitor: Visitor) -> None:
    """A frame left open until Google's token ran out adds nothing and says so."""
    door = visitor.open("setup", school.adding("vance"), "vance")
    school.lms.world.classroom.end_tokens()
    answer = visitor.send(door, "/app/choose", title="Check-in")
    assert 409 == answer.status_code
    assert [] == made(school)


def test_google_away_for_a_moment(school: School, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """When nothing left this machine, the same form works a moment later."""
    door = visitor.open("setup", school.adding("vance"), "vance")
    straight = asking._transport
    monkeypatch.setattr(asking, "_transport", lambda _origin, token: straight("http://127.0.0.1:9", token))
    assert 502 == visitor.send(door, "/app/choose", title="Check-in").status_code
    monkeypatch.undo()
    assert 200 == visitor.send(door, "/app/choose", title="Check-in").status_code
    assert 1 == len(made(school))


def test_words_name_classroom(school: School, visitor: Visitor) -> None:
    """What people here call their LMS is the one they came by."""
    url = "https://example.org/elsewhere"
    door = visitor.open("upgrade", school.adding("vance", urlToUpgrade=url), "vance")
    page = visitor.get(door, "/app/choose")
    assert re.search(r"This place in (<bdi>)?Google Classroom", page.text)
    assert GRADE_6 not in page.text
