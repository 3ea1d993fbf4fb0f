"""A strict fake of Canvas over real HTTP, written from the contracts, never from our client.

Refuses what Canvas would ignore (unknown parameters) and what it refuses (no user agent, missing scope, dead
token); answers in Canvas' shapes, checked against the shared contracts when at hand; misbehaves on request.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.contract.connectors.canvas_world import CanvasWorld, Refused

# Method, path template, parameters. A test compares them with the shared contracts; the list of conversations
# stands in the vendor's page and the recorded stubs only.
ROUTES: dict[tuple[str, str], frozenset[str]] = {
    ("POST", "/api/v1/conversations"): frozenset(
        [
            "recipients[]",
            "subject",
            "body",
            "force_new",
            "group_conversation",
            "bulk_message",
            "attachment_ids[]",
            "media_comment_id",
            "media_comment_type",
            "mode",
            "scope",
            "filter[]",
            "filter_mode",
            "context_code",
        ]
    ),
    ("GET", "/api/v1/conversations"): frozenset(
        ["scope", "filter[]", "filter_mode", "per_page", "page", "include[]"]
    ),
    ("GET", "/api/v1/conversations/:id"): frozenset({"auto_mark_as_read"}),
    ("POST", "/login/oauth2/token"): frozenset(
        [
            "grant_type",
            "client_id",
            "client_secret",
            "redirect_uri",
            "code",
            "refresh_token",
            "client_assertion_type",
            "client_assertion",
            "scope",
        ]
    ),
    ("DELETE", "/login/oauth2/token"): frozenset(),
}
RUN_OUT_TEXTS = ("Invalid access token.", "user authorization required")
CLIENT_ID, CLIENT_SECRET, REDIRECT = "10000000000007", "not-a-real-secret", "https://tool.example/canvas/back"


@dataclass
class Token:
    """An access token: whose, for what, until when."""

    user: int
    scopes: frozenset[str]
    expires_at: datetime
    state: str = "good"


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    form: dict[str, list[str]] = field(repr=False)


Fault = Callable[["FakeCanvas", Request, Callable[[], Response]], Response]


class FakeCanvas:
    """One Canvas on loopback. `fault(method, template, fault)` makes the next call of a route go wrong."""

    def __init__(
        self, server: HTTPServer, now: Callable[[], datetime], schemas: dict[str, Any] | None
    ) -> None:
        self.world = CanvasWorld()
        self.seen: list[Seen] = []
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, str] = {}
        self.codes: dict[str, tuple[int, frozenset[str]]] = {}
        self.released = threading.Event()
        self.page_cap = 2
        self._server = server
        self._now = now
        self._schemas = schemas
        self._faults: defaultdict[tuple[str, str], deque[Fault]] = defaultdict(deque)
        self._serial = itertools.count(1)
        self._run_out = itertools.cycle(RUN_OUT_TEXTS)
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    @property
    def url(self) -> str:
        return self._server.url_for("").rstrip("/")

    def fault(self, method: str, template: str, *faults: Fault) -> None:
        self._faults[method, template].extend(faults)

    def calls(self, method: str, template: str) -> list[Seen]:
        return [seen for seen in self.seen if (seen.method, _template(seen.path)) == (method, template)]

    def give_token(self, user: int, scopes: frozenset[str], *, minutes: float = 60) -> tuple[str, str]:
        """Make a grant as if the user had consented; return (access token, refresh token)."""
        number = next(self._serial)
        access, refresh = f"7~access{number:04d}", f"7~refresh{number:04d}"
        self.tokens[access] = Token(user, scopes, self._now() + timedelta(minutes=minutes))
        self.refreshes[refresh] = access
        return access, refresh

    # answering

    def _answer(self, request: Request) -> Response:
        body = request.get_data(as_text=True)
        form = dict(request.form.lists())
        query = request.query_string.decode()
        self.seen.append(Seen(request.method, request.path, query, dict(request.headers), body, form))
        if not request.headers.get("User-Agent"):
            return _json(403, {"error": "Forbidden", "message": "you have not provided a valid user agent."})
        template = _template(request.path)
        key = (request.method, template)
        if key not in ROUTES:
            return _json(404, {"errors": [{"message": "The specified resource does not exist."}]})
        faults = self._faults[key]
        work = lambda: self._work(request, template, form)  # noqa: E731
        return faults.popleft()(self, request, work) if faults else work()

    def _work(self, request: Request, template: str, form: dict[str, list[str]]) -> Response:
        unknown = ({*request.args, *form}) - ROUTES[request.method, template]
        if unknown:
            return _json(400, {"errors": [{"message": f"the fake does not know {sorted(unknown)}"}]})
        if (request.method, template) == ("POST", "/login/oauth2/token"):
            return self._token(form)
        token = self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        refusal = self._check_token(
            token, f"url:{request.method}|{template}", scoped=template.startswith("/api")
        )
        if refusal is not None or token is None:
            return refusal or _json(401, {})
        if template == "/login/oauth2/token":
            token.state = "revoked"
            return _json(200, {})
        if request.method == "POST":
            return self._send(token.user, form)
        if template == "/api/v1/conversations":
            return self._list(request, token.user)
        return self._one(token.user, int(request.path.rsplit("/", 1)[1]))

    def _check_token(self, token: Token | None, scope: str, *, scoped: bool) -> Response | None:
        header = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
        if token is not None and token.state == "revoked":
            return _json(401, {"errors": [{"message": "Revoked access token."}]}, header)
        if token is None or token.state == "replaced" or token.expires_at <= self._now():
            return _json(401, {"errors": [{"message": next(self._run_out)}]}, header)
        if scoped and scope not in token.scopes:
            return _json(401, {"errors": [{"message": "Insufficient scopes on access token."}]})
        return None

    def _token(self, form: dict[str, list[str]]) -> Response:
        given = {name: values[0] for name, values in form.items()}
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _json(401, {"error": "invalid_client", "error_description": "unknown client"})
        if given.get("grant_type") == "authorization_code":
            known = self.codes.pop(given.get("code", ""), None)
            if known is None or given.get("redirect_uri") != REDIRECT:
                return _json(
                    400, {"error": "invalid_grant", "error_description": "authorization_code not found"}
                )
            access, refresh = self.give_token(*known)
            return self._valid(200, {**self._bearer(access), "refresh_token": refresh}, "TokenResponse")
        old = self.refreshes.get(given.get("refresh_token", ""))
        if old is None or self.tokens[old].state == "revoked":
            return _json(400, {"error": "invalid_request", "error_description": "refresh_token not found"})
        # No new refresh token; the old access token stops working.
        access, spare = self.give_token(self.tokens[old].user, self.tokens[old].scopes)
        self.refreshes[given["refresh_token"]] = access
        del self.refreshes[spare]
        self.tokens[old].state = "replaced"
        return self._valid(200, self._bearer(access), "TokenResponse")

    def _bearer(self, access: str) -> dict[str, Any]:
        user = self.tokens[access].user
        return {
            "access_token": access,
            "token_type": "Bearer",
            "user": {"id": user, "name": self.world.names[user]},
            "expires_in": 3600,
        }

    def _send(self, user: int, form: dict[str, list[str]]) -> Response:
        one = {name: values[0] for name, values in form.items()}
        try:
            talks = self.world.send(
                user,
                recipients=form.get("recipients[]", []),
                subject=one.get("subject", ""),
                body=one.get("body", ""),
                force_new=one.get("force_new") == "true",
                group=one.get("group_conversation") == "true",
            )
        except Refused as refused:
            return _json(400, [refused.complaint])
        return self._valid(
            201, [self.world.as_json(talk, user, whole=True) for talk in talks], "[Conversation]"
        )

    def _list(self, request: Request, user: int) -> Response:
        chosen = re.fullmatch(r"user_(\d+)", request.args.get("filter[]", ""))
        talks = self.world.sent_by(user, with_user=int(chosen[1]) if chosen else None)
        size = min(int(request.args.get("per_page", "10")), self.page_cap)
        start = int(request.args.get("page", "bookmark:0").removeprefix("bookmark:"))
        rows = [self.world.as_json(talk, user, whole=False) for talk in talks[start : start + size]]
        answer = self._valid(200, rows, "[Conversation]")
        if start + size < len(talks):
            kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
            query = "&".join(
                f"{name}={value}" for name, value in [*kept, ("page", f"bookmark:{start + size}")]
            )
            # Lower case as behind some proxies, and never a rel=last.
            here = f"{self.url}{request.path}"
            answer.headers["link"] = f'<{here}?{query}>; rel="next",<{here}?page=bookmark:0>; rel="first"'
        return answer

    def _one(self, user: int, number: int) -> Response:
        for talk in self.world.talks:
            if talk.id == number and user in talk.seen_by:
                return self._valid(200, self.world.as_json(talk, user, whole=True), "Conversation")
        return _json(404, {"errors": [{"message": "The specified resource does not exist."}]})

    def _valid(self, status: int, document: Any, kind: str) -> Response:
        """Return an answer, checked against the shared contract first where that is at hand."""
        if self._schemas is not None:
            from jsonschema import Draft202012Validator

            inner = {"$ref": f"#/$defs/{kind.strip('[]')}"}
            schema = {
                "$defs": self._schemas,
                **({"type": "array", "items": inner} if kind[0] == "[" else inner),
            }
            Draft202012Validator(schema).validate(document)
        headers = {"X-Request-Cost": "0.1", "X-Rate-Limit-Remaining": "550.0", "X-Request-Id": "5b7c-12"}
        return _json(status, document, headers)


def _template(path: str) -> str:
    return re.sub(r"/\d+(?=/|$)", "/:id", path)


def _json(status: int, document: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(document), status, headers, content_type="application/json; charset=utf-8")
