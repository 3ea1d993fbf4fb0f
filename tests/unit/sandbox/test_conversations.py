"""The conversations API: who gets what, answers by the contract, troubles that can be switched on."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.unit.sandbox.parts import Lms


@pytest.fixture
def contract(shared_folder: Path) -> Path:
    """The shared contract of the Canvas API."""
    return shared_folder / "contracts" / "canvas"


@pytest.fixture
def check_shape(contract: Path) -> Callable[..., None]:
    """Hold a body against one definition of the contract, or a list of it."""
    schema: dict[str, Any] = json.loads((contract / "canvas-rest.schemas.json").read_text("utf-8"))

    def check(body: object, definition: str, *, listed: bool = False) -> None:
        one = {"$ref": f"#/$defs/{definition}"}
        wanted = {"type": "array", "items": one} if listed else one
        Draft202012Validator({"$defs": schema["$defs"], **wanted}).validate(body)

    return check


@pytest.fixture
def token(lms: Lms) -> str:
    """The case manager's token."""
    text: str = lms.consent("halloran")["access_token"]
    return text


def bodies(lms: Lms) -> list[tuple[list[int], list[str]]]:
    """Participants and texts of every thread."""
    return [
        (t["participants"], [m["body"] for m in t["messages"]]) for t in lms.inspect("/sandbox/conversations")
    ]


def test_message_to_one_parent_is_private(lms: Lms, token: str) -> None:
    """201 with a list of one private thread whose audience is the one recipient."""
    elena = lms.user_id("elena")
    answer = lms.send(token, elena, context_code="course_101")
    (thread,) = answer.json()

    assert 201 == answer.status_code
    assert ([elena], True, "course_101") == (thread["audience"], thread["private"], thread["context_code"])
    assert "There is a message." == thread["messages"][0]["body"]
    assert ["ObserverEnrollment"] == thread["audience_contexts"]["courses"]["101"]
    assert {"X-Request-Cost", "X-Rate-Limit-Remaining"} <= set(answer.headers)


def test_answer_has_every_field_of_the_sample(lms: Lms, token: str, contract: Path) -> None:
    """No field of the contract's sample answer is missing, in the thread or in its message."""
    sample = json.loads((contract / "samples" / "conversation_create.json").read_text("utf-8"))
    (wanted,) = sample["responses"]["created"]["body"]
    (thread,) = lms.send(token, lms.user_id("elena"), context_code="course_101").json()

    assert set() == set(wanted) - set(thread)
    assert set() == set(wanted["messages"][0]) - set(thread["messages"][0])
    assert set() == set(wanted["participants"][0]) - set(thread["participants"][0])


def test_answers_keep_to_the_contract(lms: Lms, token: str, check_shape: Callable[..., None]) -> None:
    """Threads, refusals, errors, the person and the tokens have the vendor's shapes."""
    elena = lms.user_id("elena")
    sent = lms.send(token, elena).json()
    check_shape(sent, "Conversation", listed=True)
    sent_list = lms.api("GET", "/conversations", token, params={"scope": "sent"}).json()
    check_shape(sent_list, "Conversation", listed=True)
    check_shape(lms.api("GET", f"/conversations/{sent[0]['id']}", token).json(), "Conversation")
    check_shape(lms.send(token, 424242).json(), "BareFieldErrors")
    check_shape(lms.api("GET", "/conversations/1", token).json(), "ErrorList")
    check_shape(lms.api("GET", "/users/self", "rubbish").json(), "ErrorList")
    check_shape(lms.api("GET", "/users/self", token).json(), "User")
    check_shape(lms.consent(), "TokenResponse")
    check_shape(lms.service_token().json(), "TokenResponse")
    check_shape(lms.exchange(grant_type="refresh_token", refresh_token="x").json(), "OAuthError")


def test_several_recipients_get_threads_of_their_own(lms: Lms, token: str) -> None:
    """Without group_conversation nobody sees the other."""
    elena, farid = lms.user_id("elena"), lms.user_id("farid")
    threads = lms.send(token, elena, farid).json()

    assert [[elena], [farid]] == [t["audience"] for t in threads]


def test_group_conversation_shows_everybody(lms: Lms, token: str) -> None:
    """With group_conversation all share one thread: what a careful client must never ask for."""
    elena, farid = lms.user_id("elena"), lms.user_id("farid")
    (thread,) = lms.send(token, elena, farid, group_conversation="true").json()

    assert ({elena, farid}, False) == (set(thread["audience"]), thread["private"])


def test_course_as_recipient_reaches_its_observers(lms: Lms, token: str) -> None:
    """A context recipient is expanded, as Canvas does: a mistake here must show."""
    threads = lms.send(token, "course_101_observers").json()

    assert 36 == len(threads)


def test_unmessageable_recipients_are_dropped_silently(lms: Lms, token: str) -> None:
    """A stranger among the recipients vanishes without a word; alone, he is an invalid recipient."""
    elena = lms.user_id("elena")
    mixed = lms.send(token, elena, lms.user_id("pell"), 424242)
    alone = lms.send(token, 424242)

    assert [[elena]] == [t["audience"] for t in mixed.json()]
    assert (400, [{"attribute": "recipients", "message": "invalid"}]) == (alone.status_code, alone.json())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"body": "  "}, {"attribute": "body", "message": "blank"}),
        ({"context_code": "course_999"}, {"attribute": "context_code", "message": "invalid"}),
        ({"context_code": "rubbish"}, {"attribute": "context_code", "message": "invalid"}),
        ({"context_code": "course_105"}, {"attribute": "context_code", "message": "invalid"}),
    ],
)
def test_faulty_message_is_refused(
    lms: Lms, token: str, changes: dict[str, str], error: dict[str, str]
) -> None:
    """400 with a bare list that names the attribute; nothing is delivered."""
    answer = lms.send(token, lms.user_id("elena"), **changes)

    assert (400, [error]) == (answer.status_code, answer.json())
    assert [] == bodies(lms)


def test_no_recipient_is_blank(lms: Lms, token: str) -> None:
    """No recipient at all is another error than a wrong one."""
    assert [{"attribute": "recipients", "message": "blank"}] == lms.send(token).json()


def test_context_narrows_whom_one_may_write_to(lms: Lms, token: str) -> None:
    """In the context of a course only its members can be reached."""
    answer = lms.send(token, lms.user_id("elena"), context_code="course_104")

    assert [{"attribute": "recipients", "message": "invalid"}] == answer.json()


def test_parents_reach_staff_and_their_child_only(lms: Lms) -> None:
    """An observer can answer the teacher, but not write to other families."""
    parent = lms.consent("elena")["access_token"]
    statuses = [
        lms.send(parent, lms.user_id(key)).status_code for key in ("halloran", "lucia", "farid", "maya")
    ]

    assert [201, 201, 400, 400] == statuses


def test_thread_goes_on_unless_forced_new(lms: Lms, token: str) -> None:
    """Without force_new the old private thread continues, under its old subject and context."""
    elena = lms.user_id("elena")
    (first,) = lms.send(token, elena, subject="Old", context_code="course_101").json()
    (again,) = lms.send(token, elena, subject="New", force_new="false").json()
    (forced,) = lms.send(token, elena, subject="New").json()

    assert (first["id"], "Old", "course_101", 2) == (
        again["id"],
        again["subject"],
        again["context_code"],
        again["message_count"],
    )
    assert (True, "New") == (forced["id"] != first["id"], forced["subject"])


def test_json_body_works_like_a_form(lms: Lms, token: str) -> None:
    """Canvas reads both."""
    wanted = {"recipients": [lms.user_id("elena")], "body": "Hola", "force_new": True}

    assert 201 == lms.api("POST", "/conversations", token, json=wanted).status_code


def test_sent_list_finds_a_message_again(lms: Lms, token: str) -> None:
    """After an unknown outcome the sender looks in the sent list, by recipient, page after page."""
    for key in ("elena", "farid", "elena", "dana"):
        lms.send(token, lms.user_id(key), body=f"For {key}")
    query = {"scope": "sent", "filter[]": f"user_{lms.user_id('elena')}", "per_page": "1"}
    first = lms.api("GET", "/conversations", token, params=query)
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "x"}
    second = requests.get(first.links["next"]["url"], headers=headers, timeout=5)

    found = [*first.json(), *second.json()]
    assert ["For elena", "For elena"] == [t["last_authored_message"] for t in found]
    assert "next" not in second.links


def test_thread_is_read_by_its_people_only(lms: Lms, token: str) -> None:
    """The recipient opens it, which marks it read; anybody else gets 404."""
    (sent,) = lms.send(token, lms.user_id("elena")).json()
    parent = lms.consent("elena")["access_token"]
    unread = lms.api("GET", "/conversations", parent, params={"scope": "unread"}).json()
    opened = lms.api("GET", f"/conversations/{sent['id']}", parent)
    after = lms.api("GET", "/conversations", parent, params={"scope": "unread"}).json()
    stranger = lms.api("GET", f"/conversations/{sent['id']}", lms.consent("farid")["access_token"])

    assert "There is a message." == opened.json()["messages"][0]["body"]
    assert [1, 0, 404] == [len(unread), len(after), stranger.status_code]


def test_self_is_the_bearer(lms: Lms, token: str) -> None:
    """users/self tells who granted the token."""
    answer = lms.api("GET", "/users/self", token).json()

    assert (lms.user_id("halloran"), "Priya Halloran") == (answer["id"], answer["name"])


def test_user_agent_is_mandatory(lms: Lms, token: str) -> None:
    """Without a User-Agent the API answers 403, whatever the token."""
    line = http.client.HTTPConnection("localhost", lms.handle.port, timeout=5)
    line.request("GET", "/api/v1/users/self", headers={"Authorization": f"Bearer {token}"})
    answer = line.getresponse()
    body = json.loads(answer.read())
    line.close()

    assert (403, "Forbidden") == (answer.status, body["error"])


def test_nobody_is_unauthenticated(lms: Lms) -> None:
    """Without a token: 401 with the status word; an LTI service token has no scope here."""
    service = lms.service_token().json()["access_token"]
    nobody = lms.get("/api/v1/users/self", headers={"User-Agent": "x"})

    assert (401, "unauthenticated") == (nobody.status_code, nobody.json()["status"])
    assert 401 == lms.api("GET", "/users/self", service).status_code


def test_refusing_and_broken_server(lms: Lms, token: str) -> None:
    """429 is text, 503 an HTML page, neither delivers; ``times`` counts down."""
    elena = lms.user_id("elena")
    lms.fault(mode="refuse_429", times=1)
    refused, after = lms.send(token, elena), lms.send(token, elena)
    lms.fault(mode="error_503_html")
    broken = lms.send(token, elena)

    assert (429, "0.0") == (refused.status_code, refused.headers["X-Rate-Limit-Remaining"])
    assert "Rate Limit Exceeded" in refused.text
    assert "X-Request-Cost" not in refused.headers
    assert (503, "text/html") == (broken.status_code, broken.headers["Content-Type"])
    assert [201, 1] == [after.status_code, len(bodies(lms))]


@pytest.mark.parametrize(("stored", "delivered"), [(True, 1), (False, 0)])
def test_line_cut_after_reading_is_an_unknown_outcome(
    lms: Lms, token: str, stored: bool, delivered: int
) -> None:
    """The sender sees a broken line both when the message was stored and when it was lost."""
    lms.fault(mode="reset_after_read", stored=stored)
    with pytest.raises(requests.ConnectionError):
        lms.send(token, lms.user_id("elena"))

    assert delivered == len(bodies(lms))
    assert 1 == len(lms.inspect("/sandbox/wire"))
    assert 200 == lms.api("GET", "/conversations", token, params={"scope": "sent"}).status_code


def test_server_that_is_down_answers_nothing(lms: Lms, token: str) -> None:
    """Every call ends in a broken line and nothing is kept."""
    lms.fault(mode="down")
    with pytest.raises(requests.ConnectionError):
        lms.send(token, lms.user_id("elena"))
    with pytest.raises(requests.ConnectionError):
        lms.api("GET", "/conversations", token)

    assert ([], []) == (bodies(lms), lms.inspect("/sandbox/wire"))


@pytest.mark.parametrize(
    "wanted", [{"mode": "rain"}, {"nrps_page_size": 51}, {"mode": "down", "times": 0}, []]
)
def test_unknown_fault_is_refused(lms: Lms, wanted: object) -> None:
    """A misspelled fault is an error, not silence."""
    answer = lms.post("/sandbox/faults", json=wanted, headers={"X-Sandbox-Key": lms.handle.admin_key})

    assert 400 == answer.status_code
