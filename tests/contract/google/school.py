"""A school that works in Classroom: the real application on SQLite before the practice Classroom."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_app.demo.classroom import google_id
from lti_app.sandbox import SandboxHandle
from lti_app.sandbox.classroom_people import Account
from lti_app.sandbox.classroom_world import Attachment, Post
from lti_app.settings import Settings
from tests.unit.screens.conftest import House

BASE = f"/classroom/{google_id()}"
TOOL = "http://127.0.0.1:8500"
GRADE_6, GRADE_7 = "610000000101", "610000000102"
BACK_BLOCK = re.compile(r'<script type="application/json" id="(back|door|bind)">(.*?)</script>', re.DOTALL)


@dataclass(kw_only=True)
class School:
    """The house and the practice Classroom."""

    house: House
    lms: SandboxHandle

    @property
    def settings(self) -> Settings:
        return self.house.wired.settings

    def account(self, key: str) -> Account:
        """Return a Google account."""
        found = self.lms.world.classroom.people.by_key(key)
        assert found is not None
        return found

    def post(self, course_id: str = GRADE_6) -> Post:
        """Return the item of a class that has an attachment."""
        return self.lms.world.classroom.posts(course_id)[-1]

    def attachment(self, course_id: str = GRADE_6) -> Attachment:
        """Return the check-in of a class."""
        return self.lms.world.classroom.attachments(self.post(course_id).id)[0]

    def said(self, course_id: str = GRADE_6, **changes: str | None) -> dict[str, str]:
        """Return what the address of a teacher's frame says."""
        post = self.post(course_id)
        said: dict[str, str | None] = {
            "courseId": course_id,
            "itemId": post.id,
            "itemType": post.kind,
            "attachmentId": self.attachment(course_id).id,
            **changes,
        }
        return {name: text for name, text in said.items() if text is not None}

    def adding(self, key: str, course_id: str = GRADE_6, **changes: str) -> dict[str, str]:
        """Return what the address of a frame that adds says."""
        token = self.lms.world.classroom.add_on_token(self.account(key), self.post(course_id))
        return self.said(course_id, attachmentId=None, addOnToken=token, **changes)


@dataclass
class Visitor:
    """One browser: the tool's cookies in a test client, Google's pages over HTTP."""

    school: School
    client: FlaskClient = field(init=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __post_init__(self) -> None:
        self.client = self.school.house.app.test_client()

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def to_google(self, *, frame: bool = True, hint: str = "") -> str:
        """Open the window; return where it leads."""
        query = {"c": self.challenge, "hint": hint} if frame else {}
        answer = self.client.get(f"{BASE}/go", query_string=query, base_url=TOOL)
        assert 302 == answer.status_code, answer.text
        return answer.headers["Location"]

    def say_yes(self, address: str, key: str) -> dict[str, str]:
        """Choose an account on Google's page; return what comes back with the browser."""
        page = requests.get(address, timeout=10)
        assert 200 == page.status_code, page.text
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
        assert ticket is not None
        answer = requests.post(
            f"{self.school.lms.url}/o/oauth2/accept",
            data={"ticket": ticket[1], "account": key},
            allow_redirects=False,
            timeout=10,
        )
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def back(self, came: dict[str, str]) -> TestResponse:
        """Come back from Google."""
        return self.client.get("/classroom/back", query_string=came, base_url=TOOL)

    def signed_in(self, key: str, *, hint: str = "") -> str:
        """Sign in in the window; return the code that the frame gets."""
        answer = self.back(self.say_yes(self.to_google(hint=hint), key))
        assert 200 == answer.status_code, answer.text
        return str(block_of(answer)["code"])

    def enter(self, frame: str, said: dict[str, str], **more: Any) -> TestResponse:
        """Do what the frame's page does when it knows enough."""
        return self.client.post(
            f"{BASE}/enter",
            json={"frame": frame, "said": said, "cookies": True, **more},
            headers={"Origin": more.pop("origin", TOOL), "Accept-Language": "en-US"},
            base_url=TOOL,
        )

    def open(self, frame: str, said: dict[str, str], key: str) -> TestResponse:
        """Sign in as somebody and open a frame."""
        return self.enter(frame, said, code=self.signed_in(key), verifier=self.verifier)

    def get(self, door: TestResponse, path: str) -> TestResponse:
        """Open a path of the tool with the session of a door."""
        token = door.get_json()["token"]
        for _ in range(4):
            screen = self.client.get(path, headers={"Authorization": f"Bearer {token}"}, base_url=TOOL)
            if "Rapport-Goto" not in screen.headers:
                return screen
            path = screen.headers["Rapport-Goto"]
        raise AssertionError("a screen that leads in circles")

    def send(self, door: TestResponse, path: str, **form: str) -> TestResponse:
        """Send a form of the tool."""
        headers = {"Authorization": f"Bearer {door.get_json()['token']}"}
        return self.client.post(path, data=form, headers=headers, base_url=TOOL)


def block_of(answer: TestResponse) -> dict[str, Any]:
    """Return the data block of a page."""
    found = BACK_BLOCK.search(answer.text)
    assert found is not None, answer.text
    block: dict[str, Any] = json.loads(found[2])
    return block
