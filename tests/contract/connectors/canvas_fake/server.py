"""A strict fake of Canvas over real HTTP, written from the contracts, never from our client.

Refuses what Canvas would ignore (unknown parameters) and what it refuses (no user agent, missing scope, dead
token); answers in Canvas' shapes, checked against the shared contracts when at hand; misbehaves on request.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.contract.connectors.canvas_fake.contracts import check
from tests.contract.connectors.canvas_fake.lists import Coursework, Lists
from tests.contract.connectors.canvas_fake.pages import Tempers, page_of
from tests.contract.connectors.canvas_fake.reports import TABLES, Reports
from tests.contract.connectors.canvas_fake.routes import PLAIN, ROUTES, allowed, template_of
from tests.contract.connectors.canvas_fake.throttle import Throttle
from tests.contract.connectors.canvas_fake.wire import Refusal, as_json, not_allowed, not_there
from tests.contract.connectors.canvas_fake.world import CanvasWorld, Refused

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
        self.work = Coursework()
        self.tempers = Tempers()
        self.throttle = Throttle(now)
        self.reports = Reports(self.world)
        self.seen: list[Seen] = []
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, str] = {}
        self.codes: dict[str, tuple[int, frozenset[str]]] = {}
        self.key_scopes: frozenset[str] | None = None
        self.released = threading.Event()
        self.talk_cap = 2
        self.redirect = REDIRECT
        self._server = server
        self._now = now
        self._schemas = schemas
        self._faults: defaultdict[tuple[str, str], deque[Fault]] = defaultdict(deque)
        self._serial = itertools.count(1)
        self._run_out = itertools.cycle(RUN_OUT_TEXTS)
        self._forms = itertools.cycle((429, 403))
        self._lock = threading.Lock()
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    @property
    def url(self) -> str:
        return self._server.url_for("").rstrip("/")

    def new_world(self) -> CanvasWorld:
        """Begin anew with nobody in it and nothing asked."""
        self.world = CanvasWorld()
        self.reports = Reports(self.world)
        self.work = Coursework()
        self.seen.clear()
        return self.world

    def fault(self, method: str, template: str, *faults: Fault) -> None:
        self._faults[method, template].extend(faults)

    def calls(self, method: str, template: str) -> list[Seen]:
        return [
            seen
            for seen in list(self.seen)
            if (seen.method, template_of(seen.method, seen.path)[0]) == (method, template)
        ]

    def give_token(self, user: int, scopes: frozenset[str], *, minutes: float = 60) -> tuple[str, str]:
        """Make a grant as if the user had consented; return (access token, refresh token)."""
        number = next(self._serial)
        access, refresh = f"7~access{number:04d}", f"7~refresh{number:04d}"
        self.tokens[access] = Token(user, scopes, self._now() + timedelta(minutes=minutes))
        self.refreshes[refresh] = access
        return access, refresh

    def run_out(self) -> None:
        """Let every access token run out at once."""
        for token in self.tokens.values():
            token.state = "replaced" if token.state == "good" else token.state

    # answering

    def _answer(self, request: Request) -> Response:
        body = request.get_data(as_text=True)
        form = dict(request.form.lists())
        query = request.query_string.decode()
        self.seen.append(Seen(request.method, request.path, query, dict(request.headers), body, form))
        if not request.headers.get("User-Agent"):
            return as_json(
                403, {"error": "Forbidden", "message": "you have not provided a valid user agent."}
            )
        template, slots = template_of(request.method, request.path)
        key = (request.method, template)
        if key not in ROUTES and key not in PLAIN:
            return not_there().response
        faults = self._faults[key]
        work = lambda: self._throttled(request, template, slots, form)  # noqa: E731
        return faults.popleft()(self, request, work) if faults else work()

    def _throttled(
        self, request: Request, template: str, slots: dict[str, str], form: dict[str, list[str]]
    ) -> Response:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        counted = template.startswith("/api") and bool(bearer)
        with self._lock:
            if counted and not self.throttle.begin(bearer):
                return self._too_much(bearer)
        try:
            with self._lock:
                response = self._work(request, template, slots, form, bearer)
        except Refusal as refusal:
            response = refusal.response
        finally:
            if counted:
                with self._lock:
                    self.throttle.end(bearer)
        if counted:
            response.headers["X-Request-Cost"] = f"{self.throttle.cost}"
            response.headers["X-Rate-Limit-Remaining"] = f"{self.throttle.remaining(bearer):.2f}"
        response.headers["X-Request-Id"] = "5b7c-12"
        return response

    def _too_much(self, bearer: str) -> Response:
        headers = {"X-Rate-Limit-Remaining": f"{self.throttle.remaining(bearer):.2f}"}
        text = "403 Forbidden (Rate Limit Exceeded)\n"
        return Response(text, next(self._forms), headers, content_type="text/plain")

    def _work(
        self,
        request: Request,
        template: str,
        slots: dict[str, str],
        form: dict[str, list[str]],
        bearer: str,
    ) -> Response:
        method = request.method
        if template == "/login/oauth2/auth":
            return self._ask_key(request)
        if template == "/files/:id/download":
            return self._file(int(slots["id"]), request)
        unknown = sorted(name for name in {*request.args, *form} if not allowed(method, template, name))
        if unknown:
            return as_json(400, {"errors": [{"message": f"the fake does not know {unknown}"}]})
        if (method, template) == ("POST", "/login/oauth2/token"):
            return self._token(form)
        token = self.tokens.get(bearer)
        refusal = self._check_token(token, f"url:{method}|{template}", scoped=template.startswith("/api"))
        if refusal is not None or token is None:
            return refusal or as_json(401, {})
        if template == "/login/oauth2/token":
            token.state = "revoked"
            return as_json(200, {})
        listed = self._lists.answer(template, slots, request, token.user, url=self.url)
        if listed is not None:
            document, headers, kind = listed
            return self._valid(200, document, kind, headers)
        return self._other(method, template, slots, request, form, token.user)

    def _other(
        self,
        method: str,
        template: str,
        slots: dict[str, str],
        request: Request,
        form: dict[str, list[str]],
        user: int,
    ) -> Response:
        match method, template:
            case "POST", "/api/v1/conversations":
                return self._send(user, form)
            case "GET", "/api/v1/conversations":
                return self._talks(request, user)
            case "GET", "/api/v1/conversations/:id":
                quiet = request.args.get("auto_mark_as_read") == "false"
                return self._one(user, int(slots["id"]), quiet=quiet)
            case "POST", "/api/v1/calendar_events":
                return self._event(user, form)
            case "DELETE", "/api/v1/calendar_events/:id":
                return self._no_event(user, int(slots["id"]))
        if user not in self.world.admins or slots["report"] != "provisioning_csv":
            raise not_allowed()
        if method == "POST":
            asked = [table for table in TABLES if form.get(f"parameters[{table}]") == ["true"]]
            return self._valid(200, self.reports.start(asked), "AccountReport")
        return self._valid(200, self.reports.ask(int(slots["id"]), self.url), "AccountReport")

    @property
    def _lists(self) -> Lists:
        return Lists(self.world, self.work, self.tempers)

    def _check_token(self, token: Token | None, scope: str, *, scoped: bool) -> Response | None:
        header = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
        if token is not None and token.state == "revoked":
            return as_json(401, {"errors": [{"message": "Revoked access token."}]}, header)
        if token is None or token.state == "replaced" or token.expires_at <= self._now():
            return as_json(401, {"errors": [{"message": next(self._run_out)}]}, header)
        held = token.scopes if self.key_scopes is None else token.scopes & self.key_scopes
        if scoped and scope not in held:
            return as_json(401, {"errors": [{"message": "Insufficient scopes on access token."}]})
        return None

    def _ask_key(self, request: Request) -> Response:
        """Answer a browser that comes to consent: the key is checked before anybody signs in."""
        if request.args.get("client_id") != CLIENT_ID:
            return as_json(401, {"error": "invalid_client", "error_description": "unknown client"})
        if request.args.get("redirect_uri") != self.redirect:
            return as_json(400, {"error": "invalid_request", "error_description": "redirect_uri mismatch"})
        wanted = request.args.get("scope", "").split()
        lacking = [] if self.key_scopes is None else [one for one in wanted if one not in self.key_scopes]
        if lacking:
            text = (
                "A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the"
                f" resource owner. The following scopes were requested, but not granted: {_sentence(lacking)}"
            )
            query = urlencode({"error": "invalid_scope", "error_description": text})
            return Response("", 302, {"Location": f"{self.redirect}?{query}"})
        return Response("", 302, {"Location": f"{self.url}/login"})

    def _token(self, form: dict[str, list[str]]) -> Response:
        given = {name: values[0] for name, values in form.items()}
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return as_json(401, {"error": "invalid_client", "error_description": "unknown client"})
        if given.get("grant_type") == "authorization_code":
            known = self.codes.pop(given.get("code", ""), None)
            if known is None or given.get("redirect_uri") != self.redirect:
                return as_json(
                    400, {"error": "invalid_grant", "error_description": "authorization_code not found"}
                )
            access, refresh = self.give_token(*known)
            return self._valid(200, {**self._bearer(access), "refresh_token": refresh}, "TokenResponse")
        old = self.refreshes.get(given.get("refresh_token", ""))
        if old is None or self.tokens[old].state == "revoked":
            return as_json(400, {"error": "invalid_request", "error_description": "refresh_token not found"})
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
            return as_json(400, [refused.complaint])
        if one.get("mode") == "async":
            return as_json(202, [], {"X-Conversation-Batch-Id": "77"})
        return self._valid(
            201, [self.world.as_json(talk, user, whole=True) for talk in talks], "[Conversation]"
        )

    def _talks(self, request: Request, user: int) -> Response:
        chosen = re.fullmatch(r"user_(\d+)", request.args.get("filter[]", ""))
        talks = self.world.sent_by(user, with_user=int(chosen[1]) if chosen else None)
        tempers = Tempers(cap=self.talk_cap, host=self.tempers.host)
        shown, headers = page_of(
            talks, lambda talk: (f"{10**18 - talk.messages[-1].id:020d}",), request, tempers, url=self.url
        )
        rows = [self.world.as_json(talk, user, whole=False) for talk in shown]
        return self._valid(200, rows, "[Conversation]", headers)

    def _one(self, user: int, number: int, *, quiet: bool) -> Response:
        for talk in self.world.talks:
            if talk.id == number and user in talk.seen_by:
                if not quiet:
                    talk.read_by.add(user)
                return self._valid(200, self.world.as_json(talk, user, whole=True), "Conversation")
        raise not_there()

    def _event(self, user: int, form: dict[str, list[str]]) -> Response:
        given = {name[len("calendar_event[") : -1]: values[0] for name, values in form.items()}
        try:
            made = self.world.put_event(user, given.get("context_code", ""), given)
        except Refused:
            raise not_allowed() from None
        document = {
            "id": made.id,
            "title": given.get("title") or "No Title",
            "description": given.get("description"),
            "start_at": given.get("start_at"),
            "end_at": given.get("end_at") or given.get("start_at"),
            "context_code": given["context_code"],
            "workflow_state": "active",
            "hidden": False,
        }
        return self._valid(201, document, "CalendarEvent")

    def _no_event(self, user: int, number: int) -> Response:
        for made in self.world.things:
            if (made.id, made.kind) == (number, "event") and user in made.seen_by:
                self.world.things.remove(made)
                document = {"id": number, "title": made.words, "context_code": made.fields["context_code"]}
                return self._valid(200, {**document, "workflow_state": "deleted"}, "CalendarEvent")
        raise not_there()

    def _file(self, number: int, request: Request) -> Response:
        report = self.reports.made.get(number)
        if report is None or request.args.get("verifier") != "v9":
            raise not_there()
        kind = "text/csv" if report.name.endswith(".csv") else "application/zip"
        return Response(report.file, 200, content_type=kind)

    def _valid(
        self, status: int, document: Any, kind: str, headers: dict[str, str] | None = None
    ) -> Response:
        """Return an answer, checked against the contracts first."""
        check(document, kind, self._schemas)
        return as_json(status, document, headers)


def _sentence(words: list[str]) -> str:
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
