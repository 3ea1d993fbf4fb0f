"""Our routes, the fake's and the shared contracts say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.canvas import ALL_ROUTES, CHANNEL_SCOPES
from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.schemas import ConversationSchema, TokenAnswerSchema
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
from tests.contract.connectors.fake_canvas import ROUTES


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


@pytest.mark.parametrize("route", ALL_ROUTES, ids=lambda route: f"{route.method} {route.template}")
def test_each_route_stands_in_the_contracts(contracts: Path, route: Route) -> None:
    """Same method, template and scope. The list of conversations is known from the recorded stubs."""
    entry = endpoints(contracts).get((route.method, route.template))

    if entry is None:
        assert (route.method, route.template) in recorded(contracts)
    else:
        assert entry.get("scope") == route.scope


def test_the_fake_knows_the_same_parameters(contracts: Path) -> None:
    """Its own table is for clones without the shared folder."""
    known = endpoints(contracts)
    for key, parameters in ROUTES.items():
        if key in known:
            assert set(known[key].get("params", ())) == parameters


def test_the_fake_has_exactly_our_routes() -> None:
    """A call that we add meets a fake that refuses it."""
    assert {(route.method, route.template) for route in ALL_ROUTES} == set(ROUTES)


def test_scopes_are_the_union_of_the_routes() -> None:
    """Nothing wider, and the token endpoint has none."""
    assert tuple(sorted(route.scope for route in ALL_ROUTES if route.scope)) == CHANNEL_SCOPES


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


def test_we_read_only_fields_of_the_contract(contracts: Path) -> None:
    """A field that we read and the contract does not know would always be missing."""
    defs = json.loads((contracts / "canvas-rest.schemas.json").read_text(encoding="utf-8"))["$defs"]
    for schema, name in ((ConversationSchema(), "Conversation"), (TokenAnswerSchema(), "TokenResponse")):
        assert set(schema.fields) <= set(defs[name]["properties"])
