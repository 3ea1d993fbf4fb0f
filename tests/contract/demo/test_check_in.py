"""The check-in and the pupil's card in the running demonstration, over real HTTP, judged by its LMS."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
import requests

from lti_app.demo.browser import Browser, Page
from lti_app.demo.caseload import demo_id
from lti_app.demo.supervisor import Demo


def launched(demo: Demo, browser: Browser, path: str) -> Page:
    """Open a page of the practice LMS that launches the tool, and return the first page behind it."""
    browser._tool = demo.tool_url
    frame = browser.fetch("GET", f"{demo.lms_url}{path}&frame=bare")
    login = frame.form("/lti/login")
    asked = browser.fetch("POST", login.action, login.fields)
    if "bind" in asked.data:
        asked = browser.fetch("GET", json.loads(asked.data["bind"])["next"])
    answer = asked.form("/lti/launch")
    opened = browser.fetch("POST", answer.action, answer.fields)
    if "door" not in opened.data:
        return opened
    door = json.loads(opened.data["door"])
    browser._token = door["token"]
    return browser.open(door["path"])


@pytest.fixture
def item(demo: Demo) -> str:
    """Let the teacher add a check-in, and return its page in the practice LMS, without who looks."""
    teacher = Browser()
    picker = launched(demo, teacher, "/courses/101/deep_linking/new?as=halloran")
    sent = teacher.send(picker.form("/app/choose"), title="Morning check-in")
    leaving = sent.form("/lti/choice")
    back = teacher.fetch("POST", leaving.action, leaving.fields)
    form = next(one for one in back.forms if "/deep_linking_response/" in one.action)
    added = teacher.fetch("POST", form.action, form.fields)
    assert "Added: Morning check-in" in added.text
    listed = teacher.fetch("GET", f"{demo.lms_url}/courses/101/assignments?as=halloran")
    link = next(one for one in reversed(listed.links) if "/links/" in one)
    return urlsplit(link).path


def test_pupils_open_what_a_teacher_added(demo: Demo, item: str) -> None:
    """D2, D3, D11: the practice LMS takes the signed answer; a pupil with a plan and one without see the same
    check-in, the teacher sees Today.
    """
    pages = [launched(demo, Browser(), f"{item}?as={key}") for key in ("maya", *_others(demo))]
    assert "I know what I am working on now." in pages[0].text
    assert 1 == len({page.html for page in pages})
    assert "Today" in launched(demo, Browser(), f"{item}?as=halloran").text


def _others(demo: Demo) -> list[str]:
    """Two more pupils of the course and a family, of whom some have no plan; all read English."""
    people = demo.lms.world.people
    places = [(user.key, user.roles_in(101)) for user in people.users if user.locale.startswith("en")]
    pupils = [key for key, roles in places if "student" in roles]
    return [pupils[0], pupils[-1], next(key for key, roles in places if "observer" in roles)]


def test_card_opens_the_child_for_the_team(demo: Demo) -> None:
    """The card leads staff on the team to the child, once the list of the course was read."""
    teacher = Browser()
    teacher.launch(demo.lms_url, demo.tool_url, "halloran", 101)
    teacher.open("/app/add")
    opened = launched(demo, Browser(), "/courses/101/users/maya/card?as=halloran")
    assert "Maya" in opened.text
    assert str(demo_id("student", "maya")) in opened.url


def test_open_page_needs_nobody(demo: Demo) -> None:
    """The plain check-in page is there for anybody, without a cookie and without a word about anybody."""
    answer = requests.get(f"{demo.tool_url}/check-in?lang=es", timeout=10)
    assert (200, True) == (answer.status_code, "Tengo lo que necesito." in answer.text)
    assert "Set-Cookie" not in answer.headers
