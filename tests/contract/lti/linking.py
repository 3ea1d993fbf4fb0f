"""A teacher's browser that adds something to a course: wish, choice, and the form that goes back."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from lti_app.demo.seed import people
from tests.contract.lti.house import DEPLOYMENT, Front
from tests.contract.lti.platform import ROLE
from tests.contract.lti.tool import bearer, data_block

TEACHER = [ROLE + "Instructor"]
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
RETURN_URL = "https://lms.example.edu/courses/1/return?a=1&b=2"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_ACTION = re.compile(r'<form method="post" action="([^"]+)" data-leave>')


def wish(**changes: Any) -> dict[str, Any]:
    """Return a wish for a link as Canvas sends it; a change to None leaves a part out."""
    said = {
        "deep_link_return_url": RETURN_URL,
        "accept_types": ["link", "ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": False,
        "data": '{"opaque":"ä&\\u00df=="}',
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


@dataclass
class Teacher:
    """A launch with a wish, and what its page can do."""

    front: Front
    answer: TestResponse

    def get(self, path: str = "/app/choose") -> TestResponse:
        return self.front.get(self.answer, path)

    def choose(self, **form: str) -> TestResponse:
        """Post the choice with the session of the launch, as the page module does."""
        token = data_block(self.answer)["token"]
        return self.front.house.client.post("/app/choose", data=form, headers=bearer(token))

    def leave(self, screen: TestResponse) -> TestResponse:
        """Send the form that leaves our page, as a whole page and with no session."""
        return self.front.house.client.post("/lti/choice", data=fields(screen))


def launch_to(front: Front, key: str, roles: list[str], target: str, **claims: Any) -> TestResponse:
    """Launch a person to a target of ours; a login goes before, as always."""
    client, platform = front.house.client, front.platform
    full = front.house.wired.settings.public_url + target
    request = platform.login_request(lti_deployment_id=DEPLOYMENT, target_link_uri=full)
    asked = platform.authorize(client.get("/lti/login", query_string=request).headers["Location"])
    known = next((one for one in people()["users"] if one["key"] == key), None)
    course = people()["courses"][0]
    said = {
        "sub": known["sub"] if known else key,
        "name": known["name"] if known else "Nobody Known",
        "deployment_id": DEPLOYMENT,
        "roles": roles,
        "target_link_uri": full,
        "context": {"id": course["context_id"], "title": course["name"], "type": ["CourseOffering"]},
        **claims,
    }
    token = platform.sign(platform.claims(asked["nonce"], **said))
    return client.post("/lti/launch", data={"state": asked["state"], "id_token": token})


def ask(front: Front, key: str = "halloran", roles: list[str] | None = None, **changes: Any) -> Teacher:
    """Launch with a wish for a link."""
    more = changes.pop("claims", {})
    answer = launch_to(
        front,
        key,
        TEACHER if roles is None else roles,
        "/app/",
        message_type="LtiDeepLinkingRequest",
        resource_link=...,
        **{DL + "deep_linking_settings": wish(**changes)},
        **more,
    )
    return Teacher(front, answer)


def fields(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page."""
    return {name: html.unescape(value) for name, value in _FIELD.findall(page.text)}


def action(page: TestResponse) -> str:
    """Return where the page's leaving form goes."""
    found = _ACTION.search(page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def verified(front: Front, page: TestResponse) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of the answer, verified with our published keys as a platform does."""
    keys = KeySet.import_key_set(json.loads(front.house.client.get("/lti/jwks").text))
    token = jwt.decode(fields(page)["JWT"], keys, algorithms=["RS256"])
    return dict(token.header), dict(token.claims)
