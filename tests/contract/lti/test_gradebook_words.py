"""A word in the gradebook, from the teacher's screen to the pupil's cell, beside a platform we can bend."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.test import TestResponse

from tests.contract.lti.gradebook import FakeGradebook
from tests.contract.lti.house import MENTOR, Front, front_of, subject_of
from tests.contract.lti.linking import DL, TEACHER, ask, verified
from tests.contract.lti.tool import bearer, data_block
from tests.unit.screens.conftest import House, house, seeded_file

__all__ = ["house", "seeded_file"]

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
WORD = "Thank you for checking in."


class Desk:
    """A school whose teacher opened the tool from a course with a gradebook."""

    def __init__(self, front: Front, *, on: bool = True, claim: Any = None) -> None:
        self.front = front
        doors = front.house.wired.doors
        doors.add_site(replace(doors.sites()[0], gradebook_words=on))
        self.book = FakeGradebook(front.platform, adds_comments=True, stale=400)
        self.book.pupils.add(subject_of("maya"))
        self.column = self.book.add(label="Check-in", tag="rapport")
        said = {AGS: self.book.claim() if claim is None else claim, "tool_platform": FAMILY}
        self.answer = front.launch("halloran", TEACHER, **said)
        self.path = f"/app/c/{front.house.student('maya')}/gradebook"

    def get(self) -> TestResponse:
        return self.front.get(self.answer, self.path)

    def send(self, key: object = None, **changes: str) -> TestResponse:
        """Send the form; a change to "" leaves the field out."""
        form = {
            "text": WORD,
            "column": self.column,
            "aware": "1",
            "client_key": str(key or uuid4()),
            **changes,
        }
        token = data_block(self.answer)["token"]
        kept = {name: value for name, value in form.items() if value}
        return self.front.house.client.post(self.path, data=kept, headers=bearer(token))

    @property
    def comments(self) -> list[str]:
        cell = self.book.cells.get((self.column, subject_of("maya")))
        return [] if cell is None else cell.comments


FAMILY = {"guid": "g", "product_family_code": "canvas"}


@pytest.fixture
def front(house: House, httpserver: HTTPServer) -> Front:
    """The platform before the house."""
    return front_of(house, httpserver)


def test_word_travels_once(front: Front) -> None:
    """A7, A8: the word is in the cell once, whatever the teacher's finger does; no mark was made up."""
    desk, key = Desk(front), uuid4()
    first, again = desk.send(key), desk.send(key)
    assert [desk.path, desk.path] == [one.headers["Rapport-Goto"] for one in (first, again)]
    assert [WORD] == desk.comments
    assert desk.book.cells[desk.column, subject_of("maya")].score is None
    shown = desk.get().text
    assert "In the gradebook" in shown
    refused = desk.send()
    assert (422, True) == (refused.status_code, "may be there already" in refused.text)
    assert [WORD] == desk.comments


def test_warning_stands_before_the_box(front: Front) -> None:
    """A17: who reads it is said before anything is typed; the default says nothing of anybody."""
    text = Desk(front).get().text
    assert text.index("every adult who observes the pupil there") < text.index('name="text"')
    assert f'value="{WORD}"' in text
    assert "A new column" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"aware": ""}, "Read who sees it"),
        ({"text": "Maya did well"}, "Leave out the name"),
        ({"text": "Her IEP"}, "every word about a plan"),
        ({"text": "4 of 5"}, "Leave out numbers"),
        ({"text": ""}, "Write the word."),
        ({"column": "http://127.0.0.1:1/x"}, "Choose the column."),
    ],
)
def test_what_would_tell_does_not_travel(front: Front, changes: dict[str, str], words: str) -> None:
    """A17: content, names, numbers, an unticked box and an address of somebody's own send nothing."""
    desk = Desk(front)
    refused = desk.send(**changes)
    assert (422, True) == (refused.status_code, words in refused.text)
    assert [] == desk.book.posted()


@pytest.mark.parametrize(
    ("fault", "words", "kept"),
    [
        (("after", 504), "We cannot tell whether it arrived", [WORD]),
        (("before", 0), "We cannot tell whether it arrived", []),
        (("before", 403), "the pupil is not in this course", []),
        (("before", 400), "something newer is there", []),
        (("before", 410), "the LMS refused it", []),
    ],
    ids=["A8-arrived", "A8-lost", "A11-not-there", "A10-newer", "A11-refused"],
)
def test_what_became_of_it_is_said(front: Front, fault: tuple[str, int], words: str, kept: list[str]) -> None:
    """Nothing is sent again by itself; the teacher reads what happened."""
    desk = Desk(front)
    desk.book.faults = [fault]
    assert "word_not_sure" == desk.send().headers["Rapport-Said"]
    assert words in desk.get().text
    assert kept == desk.comments


def test_column_is_made_on_a_wish(front: Front) -> None:
    """A2: a teacher without a column makes one by choosing it; a second word finds it again."""
    desk = Desk(front)
    desk.book.columns.clear()
    desk.send(column="new")
    desk.send(column="new", text="See you tomorrow.")
    ((column, made),) = desk.book.columns.items()
    assert ("Check-in", "check-in") == (made["label"], made["resourceId"])
    assert [WORD, "See you tomorrow."] == desk.book.cells[column, subject_of("maya")].comments


def test_nothing_of_it_where_it_is_off(front: Front) -> None:
    """A17: a school that did not turn it on has no such page, and no column comes with a check-in."""
    desk = Desk(front, on=False)
    assert 404 == desk.get().status_code
    assert 404 == desk.send().status_code
    assert [] == desk.book.requests


def test_check_in_brings_a_column_where_it_is_on(front: Front) -> None:
    """D8, D11: where words may travel and the platform says that it takes one, the check-in has a column,
    known by our tag and the item's own name.
    """
    Desk(front)
    for takes, there in ((True, True), (False, False), (None, False)):
        teacher = ask(front, accept_lineitem=takes)
        _, claims = verified(front, teacher.leave(teacher.choose(title="Check-in")))
        (item,) = claims[DL + "content_items"]
        assert there == ("lineItem" in item)
        if there:
            wanted = {"scoreMaximum": 1, "label": "Check-in", "tag": "rapport"}
            assert {**wanted, "resourceId": item["custom"]["item"]} == item["lineItem"]


@pytest.mark.parametrize(
    "claim", [..., {"scope": [], "lineitems": "https://lms.example.edu/x"}], ids=["A1-none", "N12-no-right"]
)
def test_course_without_a_gradebook(front: Front, claim: Any) -> None:
    """Where the launch offers none, or not the right to write, the page says so and takes nothing."""
    desk = Desk(front, claim=claim)
    text = desk.get().text
    assert "offers no gradebook here" in text
    assert 'name="text"' not in text
    assert 404 == desk.send().status_code


def test_gradebook_that_is_silent(front: Front) -> None:
    """N11: a platform that does not answer is said, and the list of earlier words stays readable."""
    claim = {
        "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/" + one for one in ("lineitem", "score")],
        "lineitems": "http://127.0.0.1:1/x",
    }
    front.house.app.extensions["rapport"].services._pause = lambda seconds: None
    assert "did not show its gradebook" in Desk(front, claim=claim).get().text


def test_one_column_alone(front: Front) -> None:
    """A1: a launch that names only its own column offers that one."""
    desk = Desk(front)
    only = desk.book.claim(columns=False, column=desk.column)
    desk.answer = front.launch("halloran", TEACHER, **{AGS: only, "tool_platform": FAMILY})
    assert ["Check-in"] == re.findall(
        rf'<option value="{re.escape(desk.column)}"[^>]*>([^<]+)<', desk.get().text
    )
    desk.send()
    assert [WORD] == desk.comments


@pytest.mark.parametrize(("key", "roles"), [("dana", MENTOR), ("a-new-teacher", TEACHER)])
def test_others_have_no_such_page(front: Front, key: str, roles: list[str]) -> None:
    """A17: families and staff of other teams find nothing, whatever the course offers."""
    desk = Desk(front)
    answer = front.launch(key, roles, role_scope_mentor=[subject_of("maya")], **{AGS: desk.book.claim()})
    assert 404 == front.get(answer, desk.path).status_code
