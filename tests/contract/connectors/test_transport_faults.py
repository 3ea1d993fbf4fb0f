"""What goes wrong on the way: nothing is lost without a word, nothing is sent twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.canvas import CanvasDialect
from connectors.http import (
    Answer,
    AnswerSchema,
    Failed,
    IdField,
    InFlightGate,
    Limits,
    NextQuery,
    Origin,
    Rejected,
    RetryLaw,
    Route,
    Sent,
    Transport,
    Unknown,
    in_parallel,
    load_one,
)
from connectors.http.errors import CallTrace, ConsentLost, NoAnswer, ProtocolFault, RateLimited, ServerFault
from tests.contract.connectors.doers import Watch
from tests.contract.connectors.raw_server import Act, RawServer, answer, half, reset

LIST = Route(method="GET", template="/things")
LIST_OF = Route(method="GET", template="/courses/:course_id/things", rows="things", rows_may_lack=True)
SEND = Route(method="POST", template="/things")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: str


class ThingSchema(AnswerSchema[Thing]):
    """A thing."""

    into = Thing
    id = IdField(required=True)


class TokenDialect(CanvasDialect):
    """A vendor whose next page is a token in the body."""

    def next_link(self, answer: Answer) -> NextQuery | None:  # type: ignore[override]
        """Return the changed query."""
        token = answer.json().get("nextPageToken")
        return NextQuery((("pageToken", token),)) if token else None


class Renewed:
    """Tokens as a connector keeps them: one refresh at a time, for the token that ran out."""

    def __init__(self, watch: Watch) -> None:
        self.refreshes = 0
        self.lost = False
        self._lock = threading.Lock()
        self._token = "token0"
        self._refused = ""

    def token(self) -> str:
        """Return the token, a new one if this one was refused."""
        with self._lock:
            if self.lost:
                raise ConsentLost(CallTrace(method="POST", template="/token"))
            if self._token == self._refused:
                self.refreshes += 1
                self._token = f"token{self.refreshes}"
            return self._token

    def invalidate(self, token: str) -> None:
        """Hear that it was refused."""
        with self._lock:
            self._refused = token


def transport(
    url: str, watch: Watch, *, dialect: CanvasDialect | None = None, tokens: Renewed | None = None
) -> Transport:
    """Return a transport that tries three times."""
    return Transport(
        Origin.parse(url.rstrip("/")),
        dialect or CanvasDialect(now=watch.now),
        gate=InFlightGate(start=8, timing=watch.timing),
        tokens=tokens,
        timing=watch.timing,
        law=RetryLaw(attempts=3),
        limits=Limits(connect_seconds=5, read_seconds=20),
    )


def ids(found: Iterator[object]) -> list[str]:
    """Return the ids of all pages."""
    return [thing.id for page in found for thing in page.items]  # type: ignore[attr-defined]


NEXT = 'Link: </things?page=2>; rel="next"\r\n'


def test_a_lost_page_is_an_error_after_the_page_before_it(watch: Watch) -> None:
    """The list ends with a word, never as if it were whole."""
    with RawServer(answer('[{"id": 1}]', extra=NEXT), reset, half("["), reset) as server:
        pages = transport(server.url, watch).get_pages(LIST, (), ThingSchema())
        assert (Thing(id="1"),) == next(pages).items
        with pytest.raises(NoAnswer):
            next(pages)
    assert 4 == len(server.requests)
    assert 2 == len(watch.slept)


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        half('[{"id"'),
        answer("<html>Back soon</html>", status=503, kind="text/html"),
        answer("slow down", status=429),
        answer("403 Forbidden (Rate Limit Exceeded)", status=403, kind="text/plain"),
    ],
    ids=["reset", "half an answer", "html 503", "429", "403 text"],
)
def test_a_read_is_asked_again(watch: Watch, fault: Act) -> None:
    """It does nothing there, so nothing can happen twice."""
    with RawServer(fault, answer('[{"id": 1}]')) as server:
        assert ["1"] == ids(transport(server.url, watch).get_pages(LIST, (), ThingSchema()))
    assert 2 == len(server.requests)


@pytest.mark.parametrize(
    ("fault", "sure"),
    [
        (reset, False),
        (half('{"id"'), False),
        (answer("<html>Back soon</html>", status=503, kind="text/html"), False),
        (answer("<html>Log in</html>", kind="text/html"), False),
        (answer("slow down", status=429), True),
        (answer("403 Forbidden (Rate Limit Exceeded)", status=403, kind="text/plain"), True),
    ],
    ids=["reset", "half an answer", "html 503", "html 200", "429", "403 text"],
)
def test_a_send_is_never_asked_again(watch: Watch, fault: Act, sure: bool) -> None:
    """The request was read: it may have been done, or the answer says that it was not."""
    with RawServer(fault, answer('{"id": 1}')) as server:
        outcome = transport(server.url, watch).send_once(SEND, {"a": 1}, partial(load_one, ThingSchema()))
        assert isinstance(outcome, Rejected if sure else Unknown)
        assert 1 == len(server.requests)
    assert [] == watch.slept


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("", 5.0),
        ("X-Rate-Limit-Remaining: -150\r\n", 20.0),
        ("X-Rate-Limit-Remaining: 45\r\n", 1.0),
        ("Retry-After: 7\r\nX-Rate-Limit-Remaining: -150\r\n", 7.0),
        ("Retry-After: Thu, 01 Oct 2026 15:00:09 GMT\r\n", 9.0),
    ],
)
def test_a_refusal_for_the_rate_is_waited_out(watch: Watch, extra: str, expected: float) -> None:
    """As long as they ask; else until the bucket has room for one more; and some jitter on top."""
    refused = answer("slow down", status=429, extra=extra)
    with RawServer(refused, answer('[{"id": 1}]')) as server:
        assert ["1"] == ids(transport(server.url, watch).get_pages(LIST, (), ThingSchema()))
    assert expected <= sum(watch.slept) <= expected + 0.5


def test_a_wait_too_long_is_told_instead(watch: Watch) -> None:
    """An hour is for somebody to decide."""
    with (
        RawServer(answer("", status=429, extra="Retry-After: 3600\r\n")) as server,
        pytest.raises(RateLimited) as caught,
    ):
        ids(transport(server.url, watch).get_pages(LIST, (), ThingSchema()))
    assert 3600.0 == caught.value.wait_seconds
    assert [] == watch.slept


def test_a_page_of_html_with_200_is_no_list(watch: Watch) -> None:
    """A proxy's log-in page: not asked again, it would only come again."""
    with (
        RawServer(answer("<html>Log in</html>", kind="text/html")) as server,
        pytest.raises(ProtocolFault) as caught,
    ):
        ids(transport(server.url, watch).get_pages(LIST, (), ThingSchema()))
    assert "not_json" == caught.value.code


def test_html_503_has_an_end(watch: Watch) -> None:
    """Three times, each after a longer wait."""
    down = answer("<html>Back soon</html>", status=503, kind="text/html")
    with RawServer(down, down, down) as server, pytest.raises(ServerFault):
        ids(transport(server.url, watch).get_pages(LIST, (), ThingSchema()))
    assert [0.25, 0.5] == watch.slept


class School:
    """Courses behind tokens; each page of a course names the next by a token in its body."""

    def __init__(self, server: HTTPServer) -> None:
        self.good = {"token0"}
        self.asked: list[str] = []
        self.lost: set[str] = set()
        self._lock = threading.Lock()
        server.expect_request("/courses/").respond_with_data("", 404)
        for course in range(1, 13):
            server.expect_request(f"/courses/{course}/things").respond_with_handler(
                partial(self._answer, str(course))
            )

    def _answer(self, course: str, request: Request) -> Response:
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        page = int(request.args.get("pageToken") or "1")
        with self._lock:
            self.asked.append(f"{course}/{page}")
            if course == "6" and page == 2:
                # Run out in the middle of the pull, for everybody.
                self.good.discard("token0")
        if bearer not in self.good | {"token1"}:
            return _json('{"errors": [{"message": "Invalid access token."}]}', 401)
        if f"{course}/{page}" in self.lost:
            return _json("{}", 500)
        if page == 3:
            return _json("{}")
        return _json(f'{{"things": [{{"id": {page}}}], "nextPageToken": "{page + 1}"}}')


def _json(body: str, status: int = 200) -> Response:
    return Response(body, status, content_type="application/json")


@pytest.fixture
def school(canvas_server: HTTPServer) -> Iterator[School]:
    """Return twelve courses of three pages, the last of them empty."""
    yield School(canvas_server)
    canvas_server.clear()


def pull(calls: Transport) -> dict[str, list[str] | str]:
    """Pull all courses; return the ids of each, or its error's code."""

    def read(course: str) -> list[str]:
        params = (("pageSize", "100"), ("pageToken", ""), ("fields", "x"))
        return ids(calls.get_pages(LIST_OF, params, ThingSchema(), path={"course_id": course}))

    found: dict[str, list[str] | str] = {}
    for result in in_parallel([str(number) for number in range(1, 13)], read, workers=8):
        found[result.job] = result.error.code if isinstance(result, Failed) else result.value
    return found


def fresh(school: School, url: str, watch: Watch) -> tuple[Transport, Renewed]:
    """Return a transport to the school."""
    tokens = Renewed(watch)
    return transport(url, watch, dialect=TokenDialect(now=watch.now), tokens=tokens), tokens


def test_a_token_that_runs_out_in_the_middle_is_renewed_once_for_all(
    school: School, canvas_server: HTTPServer, watch: Watch
) -> None:
    """Eight threads meet the same 401; one refresh serves them, and every course is whole."""
    calls, tokens = fresh(school, canvas_server.url_for(""), watch)

    assert {str(number): ["1", "2"] for number in range(1, 13)} == pull(calls)
    assert 1 == tokens.refreshes


def test_one_course_that_fails_leaves_the_others_whole(
    school: School, canvas_server: HTTPServer, watch: Watch
) -> None:
    """Marked, not left out."""
    school.lost = {"3/2", "9/1"}
    calls, _ = fresh(school, canvas_server.url_for(""), watch)

    found = pull(calls)

    assert {"3", "9"} == {course for course, value in found.items() if value == "server_fault"}
    assert 10 == sum(value == ["1", "2"] for value in found.values())


def test_a_consent_that_is_gone_ends_the_pull(
    school: School, canvas_server: HTTPServer, watch: Watch
) -> None:
    """Nobody asks twelve times in a name that has no right any more."""
    calls, tokens = fresh(school, canvas_server.url_for(""), watch)
    tokens.lost = True

    with pytest.raises(ConsentLost):
        pull(calls)
    assert [] == school.asked


def test_a_loop_of_page_tokens_ends(canvas_server: HTTPServer, watch: Watch) -> None:
    """The same token again is no new page."""
    canvas_server.expect_request("/courses/1/things").respond_with_data(
        '{"things": [], "nextPageToken": "x"}', content_type="application/json"
    )
    calls = transport(canvas_server.url_for(""), watch, dialect=TokenDialect())

    with pytest.raises(ProtocolFault) as caught:
        ids(calls.get_pages(LIST_OF, (), ThingSchema(), path={"course_id": "1"}))
    assert "next_again" == caught.value.code
    canvas_server.clear()


@pytest.mark.parametrize(
    ("route", "body", "code"),
    [
        (LIST_OF, '{"error": {"code": 403}}', "answer_form"),
        (LIST_OF, '{"things": {}}', "answer_form"),
        (LIST_OF, "[]", "answer_form"),
        (Route(method="GET", template="/courses/:course_id/things", rows="things"), "{}", "answer_form"),
    ],
)
def test_what_is_no_list_is_never_an_empty_one(watch: Watch, route: Route, body: str, code: str) -> None:
    """Else everybody would seem to have left."""
    with RawServer(answer(body)) as server, pytest.raises(ProtocolFault) as caught:
        ids(transport(server.url, watch).get_pages(route, (), ThingSchema(), path={"course_id": "1"}))
    assert code == caught.value.code


def test_a_mapping_is_sent_as_json(watch: Watch) -> None:
    """In UTF-8, with parameters in the query if there are any, and an empty body when there is none."""
    ok = answer('{"id": 4}')
    with RawServer(ok, answer('{"id": 5}')) as server:
        calls = transport(server.url, watch)
        load = partial(load_one, ThingSchema())
        sent = calls.send_once(SEND, {"text": "ü", "to": ["a"]}, load, params=(("updates", "none"),))
        bare = calls.send_once(SEND, None, load)

    assert isinstance(sent, Sent)
    assert isinstance(bare, Sent)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /things?updates=none HTTP/1.1")
    assert b"content-type: application/json" in head.lower()
    assert '{"text":"ü","to":["a"]}'.encode() == body
    assert b"" == server.requests[1].partition(b"\r\n\r\n")[2]
