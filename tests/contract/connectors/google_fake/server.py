"""The fake's front door: finds the method, checks token, scopes, parameters and body, answers as promised."""

from __future__ import annotations

import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.contract.connectors.google_fake.answers import Refused, as_json, invalid, masked, parse_mask
from tests.contract.connectors.google_fake.calls import Call, Calls
from tests.contract.connectors.google_fake.documents import Method, documents_of
from tests.contract.connectors.google_fake.tokens import Token, TokenDesk
from tests.contract.connectors.google_fake.world import GoogleWorld

MINUTE = timedelta(seconds=60)


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    template: str


Fault = Callable[["FakeGoogle", Request, Callable[[], Response]], Response]


class FakeGoogle:
    """Google on loopback. ``fault(verb, template, ...)`` makes the next calls of a method go wrong."""

    def __init__(self, server: HTTPServer, now: Callable[[], datetime], contracts: Path | None) -> None:
        self.documents = documents_of(contracts)
        self.released = threading.Event()
        self.user_quota, self.project_quota = 1200, 3000
        self._server = server
        self._now = now
        self._faults: defaultdict[tuple[str, str], deque[Fault]] = defaultdict(deque)
        self._spent: dict[str, deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        self.start_again()

    def start_again(self) -> None:
        """Begin with an empty world, no tokens and nothing seen."""
        self.world = GoogleWorld()
        self.desk = TokenDesk(self.world, self._now)
        self.calls_of = Calls(self.world)
        self.seen: list[Seen] = []
        self._faults.clear()
        self._spent.clear()

    @property
    def url(self) -> str:
        return self._server.url_for("").rstrip("/")

    def fault(self, verb: str, template: str, *faults: Fault) -> None:
        self._faults[verb, template].extend(faults)

    def calls(self, verb: str, template: str) -> list[Seen]:
        return [one for one in self.seen if (one.method, one.template) == (verb, template)]

    # answering

    def _answer(self, request: Request) -> Response:
        found = self.documents.find(request.method, request.path)
        template = found[0].template if found else request.path
        with self._lock:
            self.seen.append(
                Seen(
                    request.method,
                    request.path,
                    request.query_string.decode(),
                    dict(request.headers),
                    request.get_data(as_text=True),
                    template,
                )
            )
            faults = self._faults[request.method, template]
            fault = faults.popleft() if faults else None
        work = lambda: self._work(request, found)  # noqa: E731
        return fault(self, request, work) if fault else work()

    def _work(self, request: Request, found: tuple[Method, dict[str, str]] | None) -> Response:
        try:
            with self._lock:
                if request.path in {"/token", "/revoke"} and request.method == "POST":
                    form = {name: values[0] for name, values in request.form.lists()}
                    if request.args:
                        raise invalid("secrets do not belong in a query")
                    return self.desk.answer(form) if request.path == "/token" else self.desk.revoke(form)
                return self._method(request, found)
        except Refused as refused:
            return as_json(refused.code, refused.document)

    def _method(self, request: Request, found: tuple[Method, dict[str, str]] | None) -> Response:
        if found is None:
            return Response("<title>Error 404 (Not Found)!!1</title>", 404, content_type="text/html")
        method, path = found
        work = self.calls_of.by_method.get((method.verb, method.template))
        if work is None:
            raise Refused(404, "NOT_FOUND", "Method not found.")
        token = self._token(request)
        self._check_scopes(method, token)
        self._spend("project", self.project_quota)
        self._spend(token.user, self.user_quota)
        query = dict(request.args.lists())
        _check_query(method, query)
        body = self._body(method, request)
        answer = work(Call(token=token, path=path, query=query, body=body))
        if answer is None:
            return Response(b"", 204)
        wrong = (
            self.documents.complaints(method.api, method.response or "", answer) if method.response else []
        )
        assert not wrong, f"the fake would break its own promise: {wrong}"
        mask = parse_mask(query["fields"][0]) if "fields" in query else {}
        return as_json(200, masked(answer, mask))

    def _token(self, request: Request) -> Token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = self.desk.tokens.get(given)
        if token is None or token.revoked or token.expires_at <= self._now():
            raise Refused(
                401,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials. Expected OAuth 2 access token.",
            )
        return token

    def _check_scopes(self, method: Method, token: Token) -> None:
        if not method.scopes & token.scopes:
            raise Refused(
                403,
                "PERMISSION_DENIED",
                "Request had insufficient authentication scopes.",
                reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            )

    def _spend(self, whose: str, most: int) -> None:
        spent, now = self._spent[whose], self._now()
        while spent and spent[0] <= now - MINUTE:
            spent.popleft()
        if len(spent) >= most:
            raise Refused(
                429,
                "RESOURCE_EXHAUSTED",
                "Quota exceeded for quota metric 'Queries'.",
                reason="RATE_LIMIT_EXCEEDED",
            )
        spent.append(now)

    def _body(self, method: Method, request: Request) -> dict[str, Any]:
        if method.request is None:
            if request.get_data():
                raise invalid("this method takes no body")
            return {}
        body = request.get_json(silent=True)
        if request.mimetype != "application/json" or not isinstance(body, dict):
            raise invalid("Invalid JSON payload received.")
        wrong = self.documents.complaints(method.api, method.request, body)
        given = sorted(self.documents.read_only(method.api, method.request) & set(body))
        if wrong or given:
            raise invalid(f"Invalid JSON payload received. {wrong or given}")
        return body


def _check_query(method: Method, query: dict[str, list[str]]) -> None:
    for name, values in query.items():
        how = method.query.get(name)
        if how is None or name in {"access_token", "oauth_token"}:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            )
        if len(values) > 1 and not how.repeated:
            raise invalid(f"{name} is not repeated")
        for value in values:
            fits = {
                "integer": re.fullmatch(r"-?\d{1,10}", value) is not None,
                "boolean": value in {"true", "false"},
            }.get(how.kind, True)
            if not fits or (how.enum and value not in how.enum):
                raise invalid(f"Invalid value at '{name}'")
