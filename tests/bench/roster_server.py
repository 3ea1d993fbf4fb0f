"""A Canvas and a Classroom that only answer rosters, in a process of its own: 30 ms a page, 100 rows a page.

``python -m tests.bench.roster_server SECONDS`` prints its port. One thread and prepared bytes, so that the
clients are measured and not this program. Canvas' lists link the next page by a bookmark (RFC 8288) and its
throttle is the real bucket; Classroom's carry a page token. ``/_stats`` tells what came since ``/_reset``.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.contract.connectors.canvas_bucket import CanvasBucket

BIG_COURSE, BIG, SMALL, PAGE = 9001, 5000, 30, 100
COST = 0.3
_CANVAS = re.compile(r"/api/v1/courses/(\d+)/(sections|enrollments)")
_GOOGLE = re.compile(r"/v1/courses/(\d+)/(students|teachers)")
_STAMP = "2026-09-01T08:00:00Z"


def size_of(course: int) -> int:
    """Return how many students a course has."""
    return BIG if course == BIG_COURSE else SMALL


def enrollment(course: int, place: int) -> dict[str, Any]:
    """Return a row as Canvas sends one, with all that we do not read."""
    number = course * 10_000 + place
    return {
        "id": number,
        "course_id": course,
        "course_section_id": course * 10,
        "root_account_id": 1,
        "limit_privileges_to_course_section": False,
        "enrollment_state": "active",
        "type": "StudentEnrollment",
        "role": "StudentEnrollment",
        "role_id": 3,
        "user_id": number,
        "associated_user_id": None,
        "created_at": _STAMP,
        "updated_at": _STAMP,
        "start_at": None,
        "end_at": None,
        "last_activity_at": _STAMP,
        "total_activity_time": 1234,
        "sis_account_id": None,
        "sis_course_id": f"C{course}",
        "sis_section_id": f"S{course}",
        "sis_user_id": f"P{number}",
        "html_url": f"https://canvas.example/courses/{course}/users/{number}",
        "grades": {"html_url": f"https://canvas.example/courses/{course}/grades/{number}"},
        "user": {
            "id": number,
            "name": f"Pupil {number}",
            "created_at": _STAMP,
            "sortable_name": f"{number}, Pupil",
            "short_name": f"Pupil {number}",
            "sis_user_id": f"P{number}",
            "integration_id": None,
            "login_id": f"p{number}",
        },
    }


def member(course: int, place: int) -> dict[str, Any]:
    """Return a row as Classroom sends one under our mask of fields."""
    number = str(10**20 + course * 10_000 + place)
    name = {"fullName": f"Pupil {number}"}
    return {
        "userId": number,
        "profile": {"id": number, "name": name, "emailAddress": f"p{number}@school.example"},
    }


@cache
def canvas_page(course: int, kind: str, page: int) -> tuple[bytes, bool]:
    """Return the body of a page and whether there is another."""
    if kind == "sections":
        return _body([{"id": course * 10, "name": "One", "total_students": size_of(course)}]), False
    last = min(size_of(course), (page + 1) * PAGE)
    return _body([enrollment(course, place) for place in range(page * PAGE, last)]), last < size_of(course)


@cache
def google_page(course: int, kind: str, page: int) -> bytes:
    """Return the body of a page, with the token of the next."""
    count = 1 if kind == "teachers" else size_of(course)
    last = min(count, (page + 1) * PAGE)
    document: dict[str, Any] = {kind: [member(course, place) for place in range(page * PAGE, last)]}
    if last < count:
        document["nextPageToken"] = f"t{page + 1}"
    return _body(document)


def _body(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


class _World:
    """What all connections share."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.reset()

    def reset(self) -> None:
        self.bucket = CanvasBucket()
        self.requests = self.refused = self.under_way = self.most = 0

    def stats(self) -> bytes:
        return _body({"requests": self.requests, "refused": self.refused, "most": self.most})


class _Line(asyncio.Protocol):
    """One connection: a request, a pause, an answer, and the next."""

    def __init__(self, world: _World) -> None:
        self._world = world
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while b"\r\n\r\n" in self._got:
            head, self._got = self._got.split(b"\r\n\r\n", 1)
            target = head.split(b" ", 2)[1].decode()
            self._answer(urlsplit(target).path, parse_qs(urlsplit(target).query))

    def _answer(self, path: str, query: dict[str, list[str]]) -> None:
        world = self._world
        if path == "/_reset":
            world.reset()
        if path in {"/_reset", "/_stats"}:
            self._send(200, world.stats())
            return
        world.requests += 1
        world.under_way += 1
        world.most = max(world.most, world.under_way)
        canvas = path.startswith("/api/")
        allowed = not canvas or world.bucket.enter(time.monotonic())
        loop = asyncio.get_running_loop()
        loop.call_later(world.seconds if allowed else 0.001, self._finish, path, query, canvas, allowed)

    def _finish(self, path: str, query: dict[str, list[str]], canvas: bool, allowed: bool) -> None:
        world = self._world
        world.under_way -= 1
        if not canvas:
            found = _GOOGLE.fullmatch(path)
            token = query.get("pageToken", ["t0"])[0]
            body = google_page(int(found[1]), found[2], int(token[1:])) if found else b"{}"
            self._send(200 if found else 404, body)
            return
        left = world.bucket.leave(COST if allowed else 0.0, time.monotonic())
        extra = f"X-Rate-Limit-Remaining: {left}\r\n"
        if not allowed:
            world.refused += 1
            self._send(403, b"403 Forbidden (Rate Limit Exceeded)\n", extra, "text/plain")
            return
        found = _CANVAS.fullmatch(path)
        if found is None:
            self._send(404, b"{}", extra)
            return
        mark = query.get("page", ["bookmark:0"])[0]
        page = int(mark.partition(":")[2])
        body, more = canvas_page(int(found[1]), found[2], page)
        if more:
            kept = "&".join(f"{k}={v}" for k, vs in query.items() if k != "page" for v in vs)
            host = "{}:{}".format(*self._out.get_extra_info("sockname")[:2])
            extra += f'Link: <http://{host}{path}?{kept}&page=bookmark:{page + 1}>; rel="next"\r\n'
        self._send(200, body, extra + f"X-Request-Cost: {COST}\r\n")

    def _send(self, status: int, body: bytes, extra: str = "", kind: str = "application/json") -> None:
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        )
        self._out.write(f"{head}{extra}\r\n".encode() + body)


async def serve(seconds: float) -> None:
    """Serve until the standard input ends."""
    for course in (*range(1, 101), BIG_COURSE):
        for page in range(-(-size_of(course) // PAGE)):
            canvas_page(course, "enrollments", page)
            google_page(course, "students", page)
    world = _World(seconds)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Line(world), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
