"""FakeGradebook: strict columns and cells (AGS 2.0) beside a FakePlatform; quirks of products as data."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug import Request, Response

from tests.contract.lti.platform import FakePlatform

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
COLUMN = "application/vnd.ims.lis.v2.lineitem+json"
COLUMNS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
SUBMISSION = "https://canvas.instructure.com/lti/submission"


@dataclass
class Cell:
    """One pupil's cell."""

    at: datetime
    score: float | None = None
    maximum: float | None = None
    comments: list[str] = field(default_factory=list)


@dataclass
class FakeGradebook:
    """The gradebook of ``course-1``. ``adds_comments`` and ``stale`` are how products differ; ``query`` is
    what every address of a column carries; ``faults`` are ``(when, status)`` for the next calls that change
    something: ``before`` it is done or ``after``, status 0 cuts the line.
    """

    platform: FakePlatform
    adds_comments: bool = False
    stale: int = 409
    query: str = ""
    page_size: int = 2
    pupils: set[str] = field(default_factory=lambda: {"user-1", "user-2", "user-3"})
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    faults: list[tuple[str, int]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)
    number: int = 8

    def __post_init__(self) -> None:
        self.platform.server.expect_request(re.compile("/gradebook.*")).respond_with_handler(self._answer)

    def claim(self, *scopes: str, columns: bool = True, column: str | None = None) -> dict[str, Any]:
        """Return the endpoint claim of a launch."""
        names = scopes or ("lineitem", "result.readonly", "score")
        said: dict[str, Any] = {"scope": [SCOPE + name for name in names]}
        if columns:
            said["lineitems"] = self.url("/columns")
        if column is not None:
            said["lineitem"] = column
        return said

    def url(self, path: str) -> str:
        return str(self.platform.server.url_for("/gradebook" + path)) + self.query

    def add(self, **values: Any) -> str:
        """Put a column in and return its address."""
        self.number += 1
        url = self.url(f"/columns/{self.number}")
        self.columns[url] = {"id": url, "scoreMaximum": 1, "label": "Column", **values}
        return url

    def posted(self) -> list[Request]:
        return [one for one in self.requests if one.method == "POST"]

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        path = request.path.removeprefix("/gradebook")
        changing = request.method != "GET"
        fault = self.faults.pop(0) if changing and self.faults else None
        if fault is not None and fault[0] == "before":
            return self._failed(request, fault[1])
        if not self._allowed(request, path):
            return Response("{}", status=401, content_type="application/json")
        done = self._do(request, path)
        return done if fault is None else self._failed(request, fault[1])

    def _failed(self, request: Request, status: int) -> Response:
        if status == 0:
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        headers = {"Retry-After": "1"} if status == 429 else {}
        return Response(
            "<html>trouble</html>", status=status or 500, headers=headers, content_type="text/html"
        )

    def _allowed(self, request: Request, path: str) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.platform.tokens:
            return False
        number = int(token.removeprefix("access-"))
        scopes = set(self.platform.token_requests[number - 1]["scope"].split())
        if path.endswith("/scores"):
            wanted = {SCOPE + "score"}
        elif path.endswith("/results"):
            wanted = {SCOPE + "result.readonly"}
        elif request.method == "GET":
            wanted = {SCOPE + "lineitem", SCOPE + "lineitem.readonly"}
        else:
            wanted = {SCOPE + "lineitem"}
        assert 1 == len(scopes), "a token asks for one right at a time"
        return bool(scopes & wanted)

    def _do(self, request: Request, path: str) -> Response:
        if path == "/columns":
            return self._list(request) if request.method == "GET" else self._make(request)
        match = re.fullmatch(r"(/columns/\d+)(/scores|/results)?", path)
        assert match is not None, path
        if self.query:
            assert self.query[1:] in request.query_string.decode()
        url = self.url(match[1])
        if url not in self.columns:
            return Response("{}", status=404, content_type="application/json")
        if match[2] == "/scores":
            return self._score(request, url)
        if match[2] == "/results":
            return self._results(request, url)
        if request.method == "GET":
            return _json(self.columns[url], COLUMN)
        if request.method == "DELETE":
            del self.columns[url]
            return Response(status=204)
        assert COLUMN == request.headers["Content-Type"]
        body = request.get_json(force=True)
        assert self.columns[url].get("resourceLinkId") == body.get("resourceLinkId"), "may not change"
        self.columns[url] = {**body, "id": url}
        return _json(self.columns[url], COLUMN)

    def _list(self, request: Request) -> Response:
        assert COLUMNS == request.headers["Accept"]
        names = {"tag": "tag", "resource_id": "resourceId", "resource_link_id": "resourceLinkId"}
        found = [
            column
            for column in self.columns.values()
            if all(column.get(names[k]) == v for k, v in request.args.items() if k in names)
        ]
        return self._page(request, found, COLUMNS)

    def _page(self, request: Request, found: list[Any], media: str) -> Response:
        start = int(request.args.get("start", 0))
        answer = _json(found[start : start + self.page_size], media)
        if start + self.page_size < len(found):
            query = "&".join(f"{k}={v}" for k, v in request.args.items() if k != "start")
            answer.headers["Link"] = f'<?{query}&start={start + self.page_size}>; rel="next"'
        return answer

    def _make(self, request: Request) -> Response:
        assert COLUMN == request.headers["Content-Type"]
        body = request.get_json(force=True)
        url = self.add(**body)
        return _json(self.columns[url], COLUMN, status=201)

    def _score(self, request: Request, url: str) -> Response:
        assert SCORE == request.headers["Content-Type"]
        body = request.get_json(force=True)
        self.scores.append(body)
        at = datetime.fromisoformat(body["timestamp"])
        assert at.tzinfo is not None
        assert "." in body["timestamp"], "sub-second precision"
        if body["userId"] not in self.pupils:
            return Response("{}", status=422, content_type="application/json")
        assert ("scoreGiven" in body) == ("scoreMaximum" in body)
        cell = self.cells.get((url, body["userId"]))
        if cell is not None and at <= cell.at:
            return Response("{}", status=self.stale, content_type="application/json")
        cell = cell or Cell(at=at)
        cell.at = at
        kept = body.get(SUBMISSION, {}).get("preserve_score", False)
        if "scoreGiven" in body or not kept:
            cell.score, cell.maximum = body.get("scoreGiven"), body.get("scoreMaximum")
        said = [body["comment"]] if body.get("comment") else []
        cell.comments = cell.comments + said if self.adds_comments else said
        self.cells[url, body["userId"]] = cell
        return Response(status=204)

    def _results(self, request: Request, url: str) -> Response:
        assert RESULTS == request.headers["Accept"]
        rows = []
        for (column, user), cell in self.cells.items():
            if column == url and request.args.get("user_id") in (None, user):
                row: dict[str, Any] = {"id": f"{url}/results/{user}", "scoreOf": url, "userId": user}
                if cell.score is not None:
                    row |= {"resultScore": cell.score, "resultMaximum": cell.maximum}
                if cell.comments:
                    row["comment"] = cell.comments[-1]
                rows.append(row)
        return self._page(request, rows, RESULTS)


def _json(body: Any, media: str, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type=media)
