"""One client of the roster bench, in a process of its own: takes orders from its standard input, one a line.

``roster_client.py KIND ORIGIN``, the kind being ``ours``, ``ours-google``, ``canvasapi``, ``google`` or
``floor``. An order is ``pull 100`` (so many courses of 30), ``pull big`` (one of 5,000) or ``memory N``; the
answer is a line of JSON with wall and processor seconds and rows, or bytes. Imports come before the clock.
"""

from __future__ import annotations

import json
import queue
import socket
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

BIG_COURSE = 9001
Pull = Callable[[list[str]], int]


def ours(origin: str) -> Pull:
    """Return our Canvas source over the transport, 8 at once."""
    from connectors.canvas.dialect import CanvasDialect
    from connectors.canvas.source import CanvasSource

    return _source(
        lambda transport: CanvasSource(transport, source="bench", workers=8), origin, CanvasDialect()
    )


def ours_google(origin: str) -> Pull:
    """Return our Classroom source over the transport, 8 at once and as fast as the answers come.

    (The pace of 15 a second that it keeps towards Google would measure the pace.)
    """
    from connectors.google_classroom.dialect import GoogleDialect
    from connectors.google_classroom.source import GoogleSource

    return _source(lambda transport: GoogleSource(transport, workers=8), origin, GoogleDialect())


class _Token:
    """One that does not run out."""

    def token(self) -> str:
        """Return it."""
        return "token"

    def invalidate(self, token: str) -> None:
        """Nothing."""


def _source(make: Callable[[Any], Any], origin: str, dialect: Any) -> Pull:
    from connectors.http import InFlightGate, Origin, Timing, Transport
    from iepcore.people import CourseListing

    def pull(courses: list[str]) -> int:
        timing = Timing()
        transport = Transport(
            Origin.parse(origin),
            dialect,
            gate=InFlightGate(start=8, timing=timing),
            tokens=_Token(),
            timing=timing,
        )
        rows = 0
        for roster in make(transport).rosters([CourseListing(id=course) for course in courses]):
            assert roster.complete, roster.shortfalls
            rows += len(roster.people)
        transport.close()
        return rows

    return pull


def canvasapi(origin: str) -> Pull:
    """Return canvasapi as its documentation shows it: the enrollments of each course, one after the other."""
    import warnings

    from canvasapi import Canvas
    from canvasapi.course import Course

    warnings.filterwarnings("ignore")
    canvas = Canvas(origin, "token")
    requester = canvas._Canvas__requester

    def pull(courses: list[str]) -> int:
        rows = 0
        for number in courses:
            # Made without asking for it: that would be one request more for each course.
            course = Course(requester, {"id": int(number)})
            for section in course.get_sections(per_page=100):
                assert section.id
            for row in course.get_enrollments(per_page=100):
                rows += row.user["id"] > 0
        return rows

    return pull


def google(origin: str) -> Pull:
    """Return google-api-python-client with its bundled discovery document."""
    import httplib2
    from googleapiclient.discovery import build

    service = build(
        "classroom",
        "v1",
        http=httplib2.Http(),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": origin},
    )

    def pull(courses: list[str]) -> int:
        rows = 0
        for number in courses:
            for kind in ("students", "teachers"):
                resource = getattr(service.courses(), kind)()
                request = resource.list(courseId=number, pageSize=100)
                while request is not None:
                    answer = request.execute()
                    rows += sum(row["profile"]["id"] != "" for row in answer.get(kind, ()))
                    request = resource.list_next(request, answer)
        return rows

    return pull


def floor(origin: str) -> Pull:
    """Return the least a client of Canvas can be: 8 plain sockets, nothing looked at but the next page."""
    host, port = origin.removeprefix("http://").split(":")
    head = "Host: x\r\nUser-Agent: x\r\nAuthorization: Bearer token\r\n\r\n"

    def ask(line: socket.socket, target: str) -> bytes:
        line.sendall(f"GET {target} HTTP/1.1\r\n{head}".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            got += line.recv(1 << 18)
        start, body = got.split(b"\r\n\r\n", 1)
        size = int(start.split(b"Content-Length: ", 1)[1].split(b"\r\n", 1)[0])
        while len(body) < size:
            body += line.recv(1 << 18)
        return start

    def course(lines: queue.SimpleQueue[socket.socket], number: str) -> None:
        line = lines.get()
        ask(line, f"/api/v1/courses/{number}/sections?per_page=100")
        target = f"/api/v1/courses/{number}/enrollments?per_page=100"
        while target:
            start = ask(line, target)
            link = start.partition(b"Link: <")[2].partition(b">")[0].decode()
            target = link.removeprefix(origin)
        lines.put(line)

    def pull(courses: list[str]) -> int:
        lines: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        for _ in range(8):
            lines.put(socket.create_connection((host, int(port))))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: course(lines, number), courses))
        while not lines.empty():
            lines.get().close()
        return 0

    return pull


def stream_peak(origin: str, courses: list[str]) -> dict[str, Any]:
    """Return the most memory that a stream of pages of so many courses held at once."""
    from connectors.canvas.dialect import CanvasDialect
    from connectors.canvas.roster_schemas import EnrollmentSchema
    from connectors.canvas.routes import LIST_ENROLLMENTS
    from connectors.http import InFlightGate, Origin, Part, Transport, streams_in_parallel

    schema = EnrollmentSchema()
    transport = Transport(Origin.parse(origin), CanvasDialect(), gate=InFlightGate(start=8), tokens=_Token())

    def pages(course: str) -> Iterator[Any]:
        return transport.get_pages(
            LIST_ENROLLMENTS, (("per_page", "100"),), schema, path={"course_id": course}
        )

    rows = 0
    tracemalloc.start()
    for result in streams_in_parallel(courses, pages, workers=8):
        rows += len(result.value.items) if isinstance(result, Part) else 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"rows": rows, "peak_bytes": peak}


def main(kind: str, origin: str) -> None:
    """Obey until the orders end."""
    clients = {
        "ours": ours,
        "ours-google": ours_google,
        "canvasapi": canvasapi,
        "google": google,
        "floor": floor,
    }
    pull = clients[kind](origin)
    pull(["1"])
    print("ready", flush=True)
    for line in sys.stdin:
        order, _, what = line.strip().partition(" ")
        courses = [str(BIG_COURSE)] if what == "big" else [str(n) for n in range(1, int(what) + 1)]
        if order == "memory":
            answer = stream_peak(origin, courses)
        else:
            wall, cpu = time.perf_counter(), time.process_time()
            rows = pull(courses)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            answer = {"wall": wall, "cpu": cpu, "rows": rows}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
