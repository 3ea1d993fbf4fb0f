"""Our routes, the fake's and the shared contracts say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.canvas import ALL_ROUTES, CHANNEL_SCOPES, CanvasFeature, scopes_for
from connectors.canvas.calendar import EventSchema
from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.features import NEEDS
from connectors.canvas.mapping import guardians_of, people_of
from connectors.canvas.report import ReportSchema
from connectors.canvas.roster_schemas import CourseSchema, EnrollmentSchema, SectionSchema, UserSchema
from connectors.canvas.routes import LIST_ASSIGNMENTS, LIST_QUIZ_SUBMISSIONS, LIST_QUIZZES
from connectors.canvas.schemas import ConversationSchema, MessageSchema, TokenAnswerSchema
from connectors.http import Answer, Route, load_page
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
from tests.contract.connectors.canvas_fake import ROUTES


@pytest.fixture(scope="session")
def contracts(shared_folder: Path) -> Path:
    """Return Canvas' folder of the shared contracts."""
    return shared_folder / "contracts" / "canvas"


def endpoints(contracts: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the route table of the contracts."""
    document = json.loads((contracts / "canvas-endpoints.json").read_text(encoding="utf-8"))
    return {(entry["method"], entry["path"]): entry for entry in document["endpoints"]}


def recorded(contracts: Path) -> set[tuple[str, str]]:
    """Return the calls of the recorded stubs (canvasapi's), as templates."""
    stubs = json.loads((contracts / "canvasapi-fixtures" / "conversation.json").read_text(encoding="utf-8"))
    return {
        (stub["method"], "/api/v1/" + stub["endpoint"].partition("?")[0])
        for stub in stubs.values()
        if "?" not in stub["endpoint"]
    }


# The contracts lack what is only read for step 9; the vendor's pages have it (Assignments, Quizzes, Quiz
# Submissions, read 2026-11), and so has the fake's own table.
BEYOND = {LIST_ASSIGNMENTS, LIST_QUIZZES, LIST_QUIZ_SUBMISSIONS}


@pytest.mark.parametrize("route", ALL_ROUTES, ids=lambda route: f"{route.method} {route.template}")
def test_each_route_stands_in_the_contracts(contracts: Path, route: Route) -> None:
    """Same method, template and scope. The list of conversations is known from the recorded stubs."""
    entry = endpoints(contracts).get((route.method, route.template))

    if entry is not None:
        assert entry.get("scope") == route.scope
        assert route not in BEYOND
    elif route not in BEYOND:
        assert (route.method, route.template) in recorded(contracts)


def test_routes_beyond_the_contracts_only_read() -> None:
    """What we read after the vendor's pages alone cannot change anything there."""
    assert {"GET"} == {route.method for route in BEYOND}


def test_the_fake_knows_the_same_parameters(contracts: Path) -> None:
    """Its own table is for clones without the shared folder."""
    known = endpoints(contracts)
    for key, parameters in ROUTES.items():
        if key in known:
            assert set(known[key].get("params") or ()) == parameters


def test_the_fake_has_exactly_our_routes() -> None:
    """A call that we add meets a fake that refuses it."""
    assert {(route.method, route.template) for route in ALL_ROUTES} == set(ROUTES)


@pytest.mark.parametrize("feature", list(CanvasFeature), ids=str)
def test_scopes_are_the_union_of_the_routes(feature: CanvasFeature) -> None:
    """Nothing wider than what is switched on, and each scope is spelled from its own route."""
    for need in NEEDS[feature]:
        assert f"url:{need.route.method}|{need.route.template}" == need.route.scope
    assert tuple(sorted({str(need.route.scope) for need in NEEDS[feature]})) == scopes_for([feature])


def test_all_scopes_are_those_of_the_features() -> None:
    """And the token endpoint has none."""
    every = {route.scope for route in ALL_ROUTES if route.scope}

    assert every == set(scopes_for(CanvasFeature))
    assert set(CHANNEL_SCOPES) < every


def answer_of(status: int, body: str, headers: dict[str, str]) -> Answer:
    """Return an answer of a sample."""
    trace = CallTrace(method="GET", template="/", status=status)
    return Answer(trace=trace, url="", headers=headers, body=body.encode())


MEANINGS: dict[str, type[CallError]] = {
    "rate_limited_old": RateLimited,
    "rate_limited_new": RateLimited,
    "no_user_agent": Forbidden,
    "token_invalid": TokenExpired,
    "token_revoked": ConsentLost,
    "token_scopes": ScopeMissing,
    "no_credentials": TokenExpired,
    "forbidden": Forbidden,
    "forbidden_old_status": Forbidden,
    "not_found": NotFoundThere,
    "validation_list": RequestRefused,
    "validation_map": RequestRefused,
    "refresh_gone": ConsentLost,
    "invalid_scope": RequestRefused,
    "server_error": ServerFault,
}


def test_each_error_sample_has_its_meaning(contracts: Path) -> None:
    """Every refusal of the samples, none left out."""
    cases = json.loads((contracts / "samples" / "errors.json").read_text(encoding="utf-8"))["cases"]
    for name, case in cases.items():
        if case["status"] < 400:
            continue
        text = case.get("text") or json.dumps(case.get("json"))
        error = CanvasDialect().refusal(answer_of(case["status"], text, case.get("headers", {})))

        assert MEANINGS.get(name, ServerFault) is type(error), name
        assert error.retryable is (case["retry"] is True and case["status"] != 500), name


def test_the_sample_conversations_can_be_read(contracts: Path) -> None:
    """The synthetic one and the recorded one."""
    sample = json.loads((contracts / "samples" / "conversation_create.json").read_text(encoding="utf-8"))
    stubs = json.loads((contracts / "canvasapi-fixtures" / "conversation.json").read_text(encoding="utf-8"))
    headers = {"Content-Type": "application/json"}
    for rows, other in (
        (sample["responses"]["created"]["body"], "2001"),
        (stubs["create_conversation"]["data"], "2"),
    ):
        page = load_page(ConversationSchema(), answer_of(201, json.dumps(rows), headers), number=1)

        assert () == page.problems
        assert (True, (other,)) == (page.items[0].private, page.items[0].audience)


READ = {
    "Conversation": ConversationSchema,
    "TokenResponse": TokenAnswerSchema,
    "Course": CourseSchema,
    "Section": SectionSchema,
    "Enrollment": EnrollmentSchema,
    "User": UserSchema,
    "ConversationMessage": MessageSchema,
    "CalendarEvent": EventSchema,
    "AccountReport": ReportSchema,
}


@pytest.mark.parametrize("name", READ)
def test_we_read_only_fields_of_the_contract(contracts: Path, name: str) -> None:
    """A field that we read and the contract does not know would always be missing."""
    defs = json.loads((contracts / "canvas-rest.schemas.json").read_text(encoding="utf-8"))["$defs"]

    assert set(READ[name]().fields) <= set(defs[name]["properties"])


@pytest.mark.parametrize("name", READ)
def test_marks_have_no_field(name: str) -> None:
    """Scores are never read: nothing of them could be stored."""
    words = ("grade", "score", "point", "login", "email", "birth")

    assert not [field for field in READ[name]().fields if any(word in field for word in words)]


def test_the_sample_enrollments_can_be_read(contracts: Path) -> None:
    """Both sample pages: an observer of two pupils, one of nobody, a helper, somebody inactive."""
    sample = json.loads((contracts / "samples" / "enrollments_pages.json").read_text(encoding="utf-8"))
    rows = []
    for page in sample["pages"]:
        answer = answer_of(200, json.dumps(page["body"]), {"Content-Type": "application/json"})
        loaded = load_page(EnrollmentSchema(), answer, number=1)
        assert () == loaded.problems
        rows += loaded.items

    assert {("2001", "1001"), ("2001", "1002")} == {
        (link.guardian_subject, link.student_subject) for link in guardians_of(rows)
    }
    assert len({row.user_id for row in rows}) == len(people_of(rows))
