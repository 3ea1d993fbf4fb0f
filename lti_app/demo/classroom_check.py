"""The Google part of ``iep demo --check``: a frame of the practice Classroom, Google's window, and back."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
from urllib.parse import urlencode

from lti_app.demo.browser import Browser, LoopBroken, Page
from lti_app.demo.classroom import TEACHER
from lti_app.demo.supervisor import Demo

_FRAME = re.compile(r'<iframe [^>]*src="([^"]+)"')


def sign_in(demo: Demo, browser: Browser) -> Page:
    """Open the check-in of the first class as its teacher and sign in; return the first page of the tool.

    Raises:
        LoopBroken: with the step that did not do what it should.
    """
    classroom = demo.lms.world.classroom
    post = classroom.posts(classroom.classes()[0].id)[-1]
    attachment = classroom.attachments(post.id)[0]
    place = f"/google/c/{post.course_id}/w/{post.id}/a/{attachment.id}?as={TEACHER}&frame=bare"
    frame = _FRAME.search(browser.fetch("GET", f"{demo.lms_url}{place}").html)
    if frame is None:
        raise LoopBroken("Classroom's page has no frame")
    ask = json.loads(browser.fetch("GET", html.unescape(frame[1])).data["bind"])
    verifier = secrets.token_urlsafe(32)
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {"c": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), "hint": ask["hint"]}
    window = browser.fetch("GET", f"{demo.tool_url}{ask['go']}?{urlencode(query)}")
    form = window.form("/o/oauth2/accept")
    back = browser.fetch("POST", form.action, form.filled(account=TEACHER))
    if "back" not in back.data:
        raise LoopBroken(f"Google's window came back with: {back.text[:200]}")
    code = json.loads(back.data["back"])["code"]
    body: dict[str, object] = {"frame": ask["frame"], "said": ask["said"], "cookies": True}
    return browser.enter(demo.tool_url, ask["enter"], {**body, "code": code, "verifier": verifier})
