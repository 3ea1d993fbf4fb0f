"""Adding an item in the practice LMS: the wish, the answer checked as a platform does, the item."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.unit.sandbox.parts import Lms

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
CARD = "https://www.instructure.com/lti_student_id"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NEW = "/courses/101/deep_linking/new?as=halloran"


def wish(lms: Lms) -> dict[str, Any]:
    """Open the page that asks the tool, and return the settings of its launch."""
    claims = lms.launch(NEW)
    assert "LtiDeepLinkingRequest" == claims[LTI + "message_type"]
    assert LTI + "resource_link" not in claims
    return dict(claims[DL + "deep_linking_settings"])


def answer(lms: Lms, settings: dict[str, Any], *, key: RSAKey | None = None, **changes: Any) -> Any:
    """Post an answer, good but for ``changes``; a change to None leaves the claim out."""
    now = int(lms.handle.config.clock().timestamp())
    item = {
        "type": "ltiResourceLink",
        "url": lms.handle.config.tool_base + "/app/check-in",
        "title": "Check-in",
        "custom": {"item": "check-in-1"},
    }
    claims = {
        "iss": "rapport-practice",
        "aud": lms.url,
        "iat": now,
        "exp": now + 300,
        "nonce": uuid.uuid4().hex,
        LTI + "deployment_id": "1:practice",
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        DL + "content_items": [item],
        DL + "data": settings["data"],
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": "RS256", "kid": lms.keys.key.thumbprint()}
    token = jwt.encode(header, kept, key or lms.keys.key)
    path = settings["deep_link_return_url"].removeprefix(lms.url)
    return lms.post(path, data={"JWT": token})


def test_item_is_kept_and_launches(lms: Lms) -> None:
    """A good answer makes an item in the course, launched with its own address and custom values."""
    added = answer(lms, wish(lms))
    assert (200, True) == (added.status_code, "Added: Check-in" in added.text)
    page = lms.get("/courses/101/assignments?as=halloran").text
    assert 'href="/courses/101/links/' in page
    (link,) = lms.handle.world.links.of_course(101)
    claims = lms.launch(f"/courses/101/links/{link.id}?as=halloran")
    assert lms.handle.config.tool_base + "/app/check-in" == claims[LTI + "target_link_uri"]
    assert ("check-in-1", str(lms.user_id("halloran"))) == (
        claims[LTI + "custom"]["item"],
        claims[LTI + "custom"]["canvas_user_id"],
    )
    assert {"id": f"link-{link.id}", "title": "Check-in"} == claims[LTI + "resource_link"]
    assert "lineitem" not in claims[AGS]


def test_item_with_a_column(lms: Lms) -> None:
    """A line item in the answer becomes a column, and the item's launch names it."""
    item = {
        "type": "ltiResourceLink",
        "url": "https://x",
        "lineItem": {"scoreMaximum": 1, "label": "Check-in", "tag": "t", "resourceId": "r"},
    }
    answer(lms, wish(lms), **{DL + "content_items": [item]})
    (link,) = lms.handle.world.links.of_course(101)
    (column,) = lms.handle.world.gradebook.columns(101)
    assert ("Check-in", 1.0, {"tag": "t", "resourceId": "r"}) == (column.label, column.maximum, column.more)
    named = lms.launch(f"/courses/101/links/{link.id}?as=maya")[AGS]
    assert named["lineitem"].endswith(f"/line_items/{column.id}")


def test_empty_answer_adds_nothing(lms: Lms) -> None:
    """No items: the tool's word is shown, and the wish is over."""
    settings = wish(lms)
    empty = answer(lms, settings, **{DL + "content_items": [], DL + "msg": "Nothing was added."})
    assert (200, True) == (empty.status_code, "Nothing was added." in empty.text)
    assert 400 == answer(lms, settings).status_code


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "https://elsewhere"},
        {"nonce": None},
        {"iat": None},
        {"exp": 1},
        {"exp": 99_999_999_999},
        {LTI + "deployment_id": "2"},
        {LTI + "message_type": "LtiResourceLinkRequest"},
        {LTI + "version": "1.1"},
        {DL + "data": "changed"},
        {DL + "data": None},
        {DL + "content_items": "x"},
        {DL + "content_items": [{"type": "file"}]},
        {DL + "content_items": [{"type": "link"}, {"type": "link"}]},
    ],
)
def test_answers_that_do_not_fit(lms: Lms, changes: dict[str, Any]) -> None:
    """Every claim is checked; nothing is added."""
    assert 400 == answer(lms, wish(lms), **changes).status_code
    assert [] == lms.handle.world.links.of_course(101)


def test_answer_counts_once_and_from_the_tool_only(lms: Lms) -> None:
    """Another key, the same answer twice, the same nonce for another wish, another course."""
    settings, other = wish(lms), wish(lms)
    assert 400 == answer(lms, settings, key=RSAKey.generate_key(2048)).status_code
    assert 200 == answer(lms, settings, nonce="once").status_code
    assert 400 == answer(lms, settings).status_code
    assert 400 == answer(lms, other, nonce="once").status_code
    elsewhere = {**other, "deep_link_return_url": other["deep_link_return_url"].replace("/101/", "/102/")}
    assert 400 == answer(lms, elsewhere).status_code


def test_plain_link_is_an_address(lms: Lms) -> None:
    """A plain link stands in the list as what it is, and cannot be launched."""
    item = {"type": "link", "url": "https://x/check-in", "title": "C"}
    answer(lms, wish(lms), **{DL + "content_items": [item]})
    assert 'href="https://x/check-in"' in lms.get("/courses/101/assignments?as=maya").text
    (link,) = lms.handle.world.links.of_course(101)
    assert 404 == lms.get(f"/courses/101/links/{link.id}?as=maya").status_code
    assert 404 == lms.get("/courses/101/links/99?as=maya").status_code


def test_card_names_the_pupil(lms: Lms) -> None:
    """The launch from a pupil's card carries the pupil's number, for staff of the course only."""
    claims = lms.launch("/courses/101/users/maya/card?as=halloran")
    assert (str(lms.user_id("maya")), "student_context_card") == (
        claims[CARD],
        claims["https://www.instructure.com/placement"],
    )
    assert 403 == lms.get("/courses/101/users/maya/card?as=maya").status_code
    assert 404 == lms.get("/courses/101/users/halloran/card?as=halloran").status_code
    assert 404 == lms.get("/courses/101/users/nobody/card?as=halloran").status_code


def test_only_staff_add_items(lms: Lms) -> None:
    """Pupils see no button and cannot open the page that asks."""
    assert 403 == lms.get("/courses/101/deep_linking/new?as=maya").status_code
    assert "Add from" not in lms.get("/courses/101/assignments?as=maya").text
    assert "Add from" in lms.get("/courses/101/assignments?as=halloran").text
