"""What a call leaves behind in logs and exceptions: template and status, and nothing that it carried."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from marshmallow import fields

from connectors.canvas import CanvasDialect
from connectors.http import (
    AnswerSchema,
    Failed,
    IdField,
    InFlightGate,
    Limits,
    Origin,
    Rejected,
    RetryLaw,
    Route,
    Transport,
    Unknown,
    in_parallel,
    load_one,
)
from connectors.http.errors import CallError
from tests.contract.connectors.doers import Watch
from tests.contract.connectors.raw_server import Act, RawServer, answer, half, reset

CANARIES = ("Casey", "casey", "bearer-4711", "qu3ry", "path-17", "b0dy", "h3ader")
LIST = Route(method="GET", template="/courses/:id/people")
SEND = Route(method="POST", template="/courses/:id/people")
PATH = {"id": "path-17"}
QUERY = (("search", "qu3ry Casey"),)
BODY = '{"name": "Casey Smith", "b0dy": "b0dy"}'
SECRET_ADDRESS = "/casey/qu3ry?path-17"
EXTRA = "X-Request-Id: Casey Smith\r\nX-Note: h3ader\r\nLocation: /casey?qu3ry\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    id: str
    name: str


class SomebodySchema(AnswerSchema[Somebody]):
    """Somebody with a name."""

    into = Somebody
    id = IdField(required=True)
    name = fields.String(required=True)


class Token:
    """A token that must not be seen."""

    def token(self) -> str:
        """Return it."""
        return "bearer-4711"

    def invalidate(self, token: str) -> None:
        """Nothing."""


def next_page(target: str) -> Act:
    """Answer with an empty page and a next link."""
    return answer("[]", extra=f'Link: <{target}>; rel="next"\r\n')


FAULTS: dict[str, Act] = {
    "reset": reset,
    "half an answer": half(BODY[:20]),
    "broken json": answer(BODY[:20], extra=EXTRA),
    "html": answer(f"<html>{BODY}</html>", kind="text/html", extra=EXTRA),
    "another form": answer(BODY, extra=EXTRA),
    "redirect": answer(BODY, status=302, extra=EXTRA),
    "too large": answer(BODY * 2000, extra=EXTRA),
    "another host": next_page("https://casey.example/qu3ry"),
    "no address": next_page("http://[casey:qu3ry"),
    "a loop": next_page("?search=qu3ry"),
    **{
        str(status): answer(BODY, status=status, extra=EXTRA)
        for status in (400, 401, 403, 404, 408, 409, 422, 429, 500, 503)
    },
}


@pytest.fixture
def records() -> list[logging.LogRecord]:
    """Collect every record of every logger, at every level."""
    kept: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record)

    handler, root = Keep(level=logging.NOTSET), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield kept  # type: ignore[misc]
    root.removeHandler(handler)
    root.setLevel(before)


def transport(url: str, watch: Watch) -> Transport:
    """Return a transport that tries twice."""
    return Transport(
        Origin.parse(url),
        CanvasDialect(now=watch.now),
        gate=InFlightGate(),
        tokens=Token(),
        timing=watch.timing,
        law=RetryLaw(attempts=2),
        limits=Limits(connect_seconds=5, read_seconds=20, body_bytes=50_000),
    )


def said(error: BaseException, records: list[logging.LogRecord]) -> str:
    """Return all that a log or an error page could show of it: with causes, contexts and representations."""
    told = [record.getMessage() + repr(record.args) + str(record.exc_info) for record in records]
    told += traceback.format_exception(error)
    told += [repr(error), str(error), repr(vars(error)), repr(getattr(error, "params", ""))]
    return "\n".join(told)


def check(error: BaseException, records: list[logging.LogRecord]) -> None:
    """Find none of what was carried, and nothing hanging behind the error."""
    assert isinstance(error, CallError)
    text = said(error, records)
    assert [] == [word for word in CANARIES if word in text]
    assert "/courses/:id/people" in text
    seen: BaseException | None = error.__cause__ or error.__context__
    while seen is not None:
        # A library's exception holds the whole request.
        assert isinstance(seen, CallError)
        seen = seen.__cause__ or seen.__context__


def reading(calls: Transport) -> None:
    """Read pages."""
    for _ in calls.get_pages(LIST, QUERY, SomebodySchema(), path=PATH):
        pass


def reading_one(calls: Transport) -> None:
    """Read one."""
    calls.get_one(LIST, QUERY, SomebodySchema(), path=PATH)


def in_threads(calls: Transport) -> None:
    """Read in a pull."""
    for result in in_parallel([1, 2], lambda job: reading(calls), workers=2, ends_all=lambda error: False):
        if isinstance(result, Failed):
            raise result.error


def sending(calls: Transport) -> None:
    """Send."""
    body = {"name": "Casey", "b0dy": "b0dy"}
    load = partial(load_one, SomebodySchema())
    outcome = calls.send_once(SEND, body, load, path=PATH, params=QUERY)
    assert isinstance(outcome, Rejected | Unknown)
    assert not [word for word in CANARIES if word in repr(outcome)]
    raise outcome.error


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("work", [reading, reading_one, in_threads, sending])
def test_no_error_path_tells_what_it_carried(
    watch: Watch,
    records: list[logging.LogRecord],
    fault: str,
    work: Callable[[Transport], None],
) -> None:
    """Each fault, by each verb: no name, body, query, id, header or token anywhere."""
    if fault in {"another host", "no address", "a loop"} and work in {reading_one, sending}:
        fault = "another form"
    with RawServer(*[FAULTS[fault]] * 4) as server, pytest.raises(CallError) as caught:
        work(transport(server.url, watch))
    check(caught.value, records)
    assert [record for record in records if record.name == "connectors.http"]


@pytest.mark.parametrize("work", [reading, sending])
def test_nor_does_what_never_left(
    watch: Watch, records: list[logging.LogRecord], dead_port: int, work: Callable[[Transport], None]
) -> None:
    """A closed port."""
    with pytest.raises(CallError) as caught:
        work(transport(f"http://127.0.0.1:{dead_port}", watch))
    check(caught.value, records)


@pytest.mark.parametrize("fault", ["reset", "html", "403", "too large", "redirect"])
def test_nor_does_a_file(watch: Watch, records: list[logging.LogRecord], fault: str) -> None:
    """Its address is often all that is needed to read it."""
    with RawServer(*[FAULTS[fault]] * 4) as server, pytest.raises(CallError) as caught:
        transport(server.url, watch).download(server.url + SECRET_ADDRESS, most_bytes=60_000)
    text = said(caught.value, records)
    assert [] == [word for word in CANARIES if word in text]
    assert "(file)" in text


def test_nor_does_what_goes_well(watch: Watch, records: list[logging.LogRecord]) -> None:
    """The usual day fills more logs than the bad one."""
    good = answer('[{"id": 1, "name": "Casey"}, {"id": "Casey"}]', extra=EXTRA)
    with RawServer(good) as server:
        [page] = transport(server.url, watch).get_pages(LIST, QUERY, SomebodySchema(), path=PATH)
    told = [record.getMessage() for record in records if record.name.startswith("connectors")]

    assert ["GET /courses/:id/people 200 - 0 ms"] == told
    assert not [word for word in CANARIES if word in "".join(record.getMessage() for record in records)]
    assert not [word for word in CANARIES if word in repr(page.problems) + repr(page.unread("people"))]
