"""Our routes, the fake's table and Google's discovery documents say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from connectors.google_classroom import (
    ADD_ON_SCOPES,
    ALL_ROUTES,
    CALENDAR_SCOPES,
    DELEGATED_SCOPES,
    GMAIL_SCOPES,
    ROSTER_SCOPES,
    GoogleDialect,
)
from connectors.google_classroom.routes import EMAILS, TOKEN_ROUTES
from connectors.google_classroom.schemas import (
    CourseSchema,
    EventSchema,
    GuardianSchema,
    MemberSchema,
    MessageSchema,
    ProfileSchema,
)
from connectors.http import Answer, AnswerSchema, NextQuery, Route, load_page
from connectors.http.errors import (
    CallError,
    CallTrace,
    ConsentLost,
    Forbidden,
    NotFoundThere,
    RateLimited,
    RequestRefused,
    ScopeMissing,
    ServerFault,
    TokenExpired,
)
from tests.contract.connectors.google_fake.documents import Documents, documents_of

CALLED = [route for route in ALL_ROUTES if route not in TOKEN_ROUTES]


@pytest.fixture(scope="session")
def contracts(shared_folder: Path) -> Path:
    """Return Google's folder of the shared contracts."""
    return shared_folder / "contracts" / "google"


def key_of(verb: str, template: str) -> tuple[str, str]:
    """Return a call without the names of its slots: Google writes {courseId}, we :course_id."""
    return verb, re.sub(r"\{\w+\}|:[a-z_]+", "*", template)


@pytest.mark.parametrize("route", CALLED, ids=lambda route: f"{route.method} {route.template}")
def test_each_route_stands_in_the_documents(contracts: Path, route: Route) -> None:
    """Same verb and path, and a scope that the method takes."""
    methods = {key_of(one.verb, one.template): one for one in documents_of(contracts).methods}

    assert route.scope in methods[key_of(route.method, route.template)].scopes


def test_the_fakes_own_table_is_the_documents(contracts: Path) -> None:
    """It stands in for them in a clone without the shared folder."""
    told = {(one.verb, one.template): one for one in documents_of(contracts).methods}
    for one in documents_of(None).methods:
        other = told[one.verb, one.template]
        assert dict(other.query) == dict(one.query), one.template
        assert other.scopes == one.scopes, one.template
        assert (other.request, other.response) == (one.request, one.response), one.template


def test_the_fakes_own_table_is_exactly_our_routes() -> None:
    """A call that we add meets a fake that refuses it."""
    by_hand = {key_of(one.verb, one.template) for one in documents_of(None).methods}
    assert {key_of(route.method, route.template) for route in CALLED} == by_hand


def test_no_scope_is_wider_than_a_route_needs(contracts: Path) -> None:
    """Each scope we ask for is of one of our routes, and opens nothing that has a narrower one."""
    asked = {*ROSTER_SCOPES, *GMAIL_SCOPES, *CALENDAR_SCOPES, *ADD_ON_SCOPES}
    of_routes = {route.scope for route in CALLED}

    assert {EMAILS} == {one for one in asked - of_routes if "addons" not in one}
    assert all(one.endswith(".readonly") for one in ROSTER_SCOPES if one != EMAILS)
    assert set() == {one for one in DELEGATED_SCOPES if one not in {*ROSTER_SCOPES, *GMAIL_SCOPES}}


@pytest.mark.parametrize(
    ("schema", "api", "name"),
    [
        (CourseSchema(), "classroom.v1", "Course"),
        (MemberSchema(), "classroom.v1", "Student"),
        (MemberSchema(), "classroom.v1", "Teacher"),
        (ProfileSchema(), "classroom.v1", "UserProfile"),
        (GuardianSchema(), "classroom.v1", "Guardian"),
        (MessageSchema(), "gmail.v1", "Message"),
        (EventSchema(), "calendar.v3", "Event"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_we_read_only_fields_of_the_contract(
    contracts: Path, schema: AnswerSchema[Any], api: str, name: str
) -> None:
    """A field that we read and the contract does not know would always be missing."""
    known = documents_of(contracts).schemas[api][name]["properties"]
    assert {field.data_key or name for name, field in schema.fields.items()} <= set(known)


def answer_of(status: int, document: Any) -> Answer:
    """Return an answer of a sample."""
    trace = CallTrace(method="GET", template="/", status=status)
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    return Answer(trace=trace, url="", headers=headers, body=json.dumps(document).encode())


MEANINGS: dict[str, type[CallError]] = {
    "unauthenticated": TokenExpired,
    "api_disabled": Forbidden,
    "scopes": ScopeMissing,
    "project_denied": Forbidden,
    "not_found": NotFoundThere,
    "conflict": RequestRefused,
    "aborted": RequestRefused,
    "precondition": RequestRefused,
    "quota": RateLimited,
    "internal": ServerFault,
    "unavailable": ServerFault,
    "deadline": ServerFault,
    "token_invalid_grant": ConsentLost,
    "token_dwd_unauthorized": ScopeMissing,
}


def test_each_error_sample_has_its_meaning(contracts: Path) -> None:
    """Every refusal of the samples, none left out, with its line of the retry table."""
    cases = json.loads((contracts / "samples" / "errors.json").read_text(encoding="utf-8"))["cases"]
    assert set(MEANINGS) == set(cases)
    for name, case in cases.items():
        error = GoogleDialect().refusal(answer_of(case["status"], case["json"]))

        assert MEANINGS[name] is type(error), name
        # A run-out token is refreshed by the transport, once; it is not a thing to wait for.
        assert error.retryable is (case["retry"] is True), name


def test_details_are_our_own_words(contracts: Path) -> None:
    """What Google writes stays behind; its code in front of the text becomes one of ours."""
    cases = json.loads((contracts / "samples" / "errors.json").read_text(encoding="utf-8"))["cases"]
    details = {}
    for name in ("conflict", "aborted", "precondition"):
        error = GoogleDialect().refusal(answer_of(cases[name]["status"], cases[name]["json"]))
        assert isinstance(error, RequestRefused)
        details[name] = error.detail

    assert {
        "conflict": "already_exists",
        "aborted": "aborted",
        "precondition": "course_not_modifiable",
    } == details


def test_the_sample_rosters_can_be_read(contracts: Path) -> None:
    """Every list of the samples: its rows, and whether there is more."""
    samples = json.loads((contracts / "samples" / "roster.json").read_text(encoding="utf-8"))
    for name, rows, schema in (
        ("courses_list", "courses", CourseSchema()),
        ("courses_list_last", "courses", CourseSchema()),
        ("students_list", "students", MemberSchema()),
        ("teachers_list", "teachers", MemberSchema()),
        ("guardians_list_all", "guardians", GuardianSchema()),
    ):
        body = samples[name]["body"]
        answer = answer_of(200, body)
        page: Any = load_page(schema, answer, number=1, rows=rows, may_lack=True)  # type: ignore[arg-type]

        assert () == page.problems, name
        assert len(body.get(rows, ())) == len(page.items), name
        token = body.get("nextPageToken")
        following = GoogleDialect().next_link(answer)
        assert (NextQuery((("pageToken", token),)) if token else None) == following, name


def test_a_document_can_be_held_against_its_schema(contracts: Path) -> None:
    """The fake's own check finds an unknown field, and without documents it finds nothing."""
    documents: Documents = documents_of(contracts)

    assert documents.complaints("classroom.v1", "Course", {"id": "1", "children": 3})
    assert [] == documents.complaints("classroom.v1", "Course", {"id": "1"})
    assert [] == documents_of(None).complaints("classroom.v1", "Course", {"children": 3})
