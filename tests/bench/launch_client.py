"""The platform's and the browsers' part of the launch bench: keys, tokens, and eight connections kept open.

One thread and one selector drive all connections, so that what is measured is the server's time and not this
program's own waiting for itself.
"""

from __future__ import annotations

import json
import secrets
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
HOST = "rapport.example.org"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, the headers as sent, the body, and the seconds it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """Return the first header of a name (lower case), or nothing."""
        return next((value for key, value in self.headers if key == name), "")

    def cookies(self) -> str:
        """Return what a browser sends back: the cookies set, as one ``Cookie`` header."""
        given = [value.partition(";")[0] for key, value in self.headers if key == "set-cookie"]
        return "; ".join(given)


@dataclass
class KeySetServer:
    """A platform's key set on loopback: two keys, and a count of who asked."""

    keys: tuple[RSAKey, ...] = ()
    asked: int = 0
    port: int = 0
    _server: ThreadingHTTPServer | None = field(default=None, repr=False)

    def start(self) -> KeySetServer:
        """Make the keys and answer from a thread of its own."""
        self.keys = tuple(RSAKey.generate_key(2048, {"kid": f"bench-{n}"}, private=True) for n in (1, 2))
        listed = [{**key.as_dict(private=False), "alg": "RS256", "use": "sig"} for key in self.keys]
        body, outer = json.dumps({"keys": listed}).encode(), self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop answering."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One of the tools measured: its paths and what the platform knows of it."""

    name: str
    login: str
    launch: str
    target: str
    platform: dict[str, str]

    def login_bytes(self) -> bytes:
        """Return a login initiation as a browser sends it from a platform's page."""
        query = urlencode(
            {
                "iss": self.platform["issuer"],
                "client_id": self.platform["client_id"],
                "lti_deployment_id": self.platform["deployment_id"],
                "login_hint": "d8c1c4b8a24a4a0d",
                "lti_message_hint": secrets.token_urlsafe(40),
                "target_link_uri": self.target,
            }
        )
        return _request("GET", f"{self.login}?{query}", {"Sec-Fetch-Dest": "document"}, b"")

    def form(self, answer: Answer, key: RSAKey, subject: str, name: str) -> bytes:
        """Return the form a platform posts after a login."""
        asked = parse_qs(urlsplit(answer.header("location")).query)
        claims = canvas_claims(self, asked["nonce"][0], subject, name)
        head = {"alg": "RS256", "kid": key.kid, "typ": "JWT"}
        token = jwt.encode(head, claims, key, algorithms=["RS256"])
        return urlencode({"utf8": "✓", "state": asked["state"][0], "id_token": token}).encode()

    def launch_bytes(self, form: bytes, cookies: str) -> bytes:
        """Return the launch as a browser posts it."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.platform["issuer"],
            "Sec-Fetch-Dest": "document",
            "Cookie": cookies,
        }
        return _request("POST", self.launch, headers, form)


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        f"User-Agent: {BROWSER}",
        "Accept: text/html,application/xhtml+xml",
        "Accept-Language: en-US,en;q=0.9",
        "Accept-Encoding: gzip, deflate, br",
        *(f"{name}: {value}" for name, value in headers.items()),
        *([f"Content-Length: {len(body)}"] if body else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def canvas_claims(tool: Tool, nonce: str, subject: str, name: str) -> dict[str, Any]:
    """Return a teacher's claims in the shape and the length Canvas sends them (about 3.5 kB signed)."""
    now, issuer = int(time.time()), tool.platform["issuer"]
    context = "4dde05e8ca1973bcca9bffc13e1548820eee93a3"
    return {
        "aud": tool.platform["client_id"],
        "azp": tool.platform["client_id"],
        "iss": issuer,
        "sub": subject,
        "nonce": nonce,
        "iat": now,
        "exp": now + 3600,
        "name": name,
        "given_name": name.partition(" ")[0],
        "family_name": name.rpartition(" ")[2],
        "email": f"{subject[:8]}@school.example.org",
        "locale": "en",
        "picture": f"{issuer}/images/thumbnails/118/af2c0a9c3a",
        "errors": {"errors": {}},
        CLAIM + "message_type": "LtiResourceLinkRequest",
        CLAIM + "version": "1.3.0",
        CLAIM + "deployment_id": tool.platform["deployment_id"],
        CLAIM + "target_link_uri": tool.target,
        CLAIM + "resource_link": {"id": context, "title": "Room 12", "description": None},
        CLAIM + "context": {
            "id": context,
            "label": "ROOM-12",
            "title": "Resource room 12",
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
        },
        CLAIM + "tool_platform": {
            "guid": "4MRcxnx6vQbFXxhLb8005m5WXFM2Z2i8lQwhJ1QT:canvas-lms",
            "name": "Maple Street School District",
            "version": "cloud",
            "product_family_code": "canvas",
        },
        CLAIM + "launch_presentation": {
            "document_target": "iframe",
            "return_url": f"{issuer}/courses/118/external_content/success/external_tool_redirect",
            "locale": "en",
            "height": 400,
            "width": 800,
        },
        CLAIM + "roles": [
            "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
            MEMBERSHIP + "Instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/system/person#User",
        ],
        CLAIM + "lis": {"person_sourcedid": "school-118-4410", "course_offering_sourcedid": "room-12-2026"},
        CLAIM + "lti11_legacy_user_id": "86157096483e6b3a50bfedc6bac902c0b20a824f",
        CLAIM + "lti1p1": {"user_id": "86157096483e6b3a50bfedc6bac902c0b20a824f"},
        CLAIM + "custom": {
            "canvas_user_id": "4410",
            "canvas_course_id": "118",
            "observees": "$com.instructure.User.observees",
            "masquerading_user_id": "$Canvas.masqueradingUser.userId",
            "prefers_high_contrast": "false",
            "time_zone": "America/Chicago",
        },
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": f"{issuer}/api/lti/courses/118/line_items",
        },
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": f"{issuer}/api/lti/courses/118/names_and_roles",
            "service_versions": ["2.0"],
        },
        "https://www.instructure.com/placement": "course_navigation",
    }


class _Connection:
    """One connection kept open: it sends the next request when the last was answered."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.place = -1
        self.sent_at = 0.0
        self.waiting = b""
        self.got = b""

    def send(self, place: int, request: bytes) -> None:
        self.place, self.got, self.sent_at = place, b"", time.perf_counter()
        self.waiting = request
        self.push()

    def push(self) -> None:
        while self.waiting:
            try:
                self.waiting = self.waiting[self.socket.send(self.waiting) :]
            except BlockingIOError:
                return

    def answer(self) -> Answer | None:
        """Read what is there; the whole answer when it is complete."""
        piece = self.socket.recv(256 * 1024)
        if not piece:
            raise ConnectionError("the server closed the connection in the middle")
        self.got += piece
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = tuple((key.lower(), value) for key, _, value in (line.partition(": ") for line in lines))
        length = int(next(value for key, value in headers if key == "content-length"))
        if len(body) < length:
            return None
        return Answer(int(first.split(" ")[1]), headers, body, time.perf_counter() - self.sent_at)


def exchange(port: int, requests: Sequence[bytes], *, connections: int = 8) -> list[Answer]:
    """Send every request over a few connections, each the next as soon as its last was answered."""
    answers: list[Answer | None] = [None] * len(requests)
    todo = deque(enumerate(requests))
    open_ones = [_Connection(port) for _ in range(min(connections, len(requests)))]
    selector = selectors.DefaultSelector()
    for one in open_ones:
        selector.register(one.socket, selectors.EVENT_READ, one)
        one.send(*todo.popleft())
    missing = len(requests)
    try:
        while missing:
            for key, _ in selector.select(timeout=30) or _late():
                one = key.data
                one.push()
                answer = one.answer()
                if answer is None:
                    continue
                answers[one.place], missing = answer, missing - 1
                if answer.header("connection").lower() == "close":
                    selector.unregister(one.socket)
                    one.socket.close()
                    if todo:
                        one = _Connection(port)
                        selector.register(one.socket, selectors.EVENT_READ, one)
                if todo:
                    one.send(*todo.popleft())
    finally:
        selector.close()
        for one in open_ones:
            one.socket.close()
    return [answer for answer in answers if answer is not None]


def _late() -> Any:
    raise TimeoutError("no answer within 30 seconds")


def launches(
    tool: Tool, port: int, keys: KeySetServer, people: Sequence[tuple[str, str]], count: int
) -> list[bytes]:
    """Do ``count`` logins and return as many launches, ready to be sent."""
    logins = exchange(port, [tool.login_bytes() for _ in range(count)])
    wrong = {answer.status for answer in logins} - {302}
    if wrong:
        raise AssertionError(f"logins of {tool.name} answered {wrong}")
    return [
        tool.launch_bytes(tool.form(answer, keys.keys[0], *people[place % len(people)]), answer.cookies())
        for place, answer in enumerate(logins)
    ]
