"""The transport over real HTTP: pages, limits, tokens that stay home, and what may be called unsent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from connectors.canvas import CanvasDialect
from connectors.http import (
    AnswerSchema,
    IdField,
    InFlightGate,
    Limits,
    Origin,
    Rejected,
    RetryLaw,
    Route,
    Sent,
    Transport,
    Unknown,
    load_one,
    new_session,
)
from connectors.http.errors import ProtocolFault, ServerFault, TokenExpired, Unreachable
from tests.contract.connectors.doers import Watch

LIST = Route(method="GET", template="/things")
SEND = Route(method="POST", template="/things")


@dataclass(frozen=True)
class Thing:
    id: str


class ThingSchema(AnswerSchema[Thing]):
    """A thing."""

    into = Thing
    id = IdField(required=True)


class Fixed:
    """A token source that counts complaints."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def token(self) -> str:
        return f"token{len(self.complaints)}"

    def invalidate(self, token: str) -> None:
        self.complaints.append(token)


class Site:
    """A server whose answers a test writes, and a transport to it."""

    def __init__(self, server: HTTPServer, watch: Watch) -> None:
        self.server = server
        self.watch = watch
        self.requests: list[Request] = []
        self.answers: list[Response] = []
        self.tokens = Fixed()
        server.expect_request("/things").respond_with_handler(self._answer)

    def transport(
        self, *, tokens: bool = True, gate: InFlightGate | None = None, **limits: float
    ) -> Transport:
        """Return a transport to this site."""
        return Transport(
            Origin.parse(self.server.url_for("").rstrip("/")),
            CanvasDialect(),
            gate=gate or InFlightGate(),
            tokens=self.tokens if tokens else None,
            timing=self.watch.timing,
            law=RetryLaw(attempts=3),
            limits=Limits(**limits),  # type: ignore[arg-type]
        )

    def page(self, *ids: int, link: str | None = None) -> None:
        """Answer with a page, and perhaps a next link."""
        rows = ",".join(f'{{"id": {number}}}' for number in ids)
        headers = {} if link is None else {"Link": f'<{link}>; rel="next"'}
        self.answers.append(Response(f"[{rows}]", 200, headers, content_type="application/json"))

    def _answer(self, request: Request) -> Response:
        request.get_data()
        self.requests.append(request)
        return self.answers.pop(0)


@pytest.fixture
def site(canvas_server: HTTPServer, watch: Watch) -> Iterator[Site]:
    """Return an empty site."""
    yield Site(canvas_server, watch)
    canvas_server.clear()


def pages(transport: Transport, *params: tuple[str, str]) -> list[tuple[int, list[str]]]:
    """Return number and ids of each page."""
    return [
        (page.number, [thing.id for thing in page.items])
        for page in transport.get_pages(LIST, params, ThingSchema())
    ]


def test_pages_are_followed_as_they_come(site: Site) -> None:
    """Opaque, relative too, over an empty page, with the token, until there is no next one."""
    site.page(1, 2, link=site.server.url_for("/things?page=bookmark:W10%3D&x=a%20b"))
    site.page(link="/things?page=3")
    site.page(3)

    assert [(1, ["1", "2"]), (2, []), (3, ["3"])] == pages(site.transport(), ("a[]", "1"), ("a[]", "2"))
    assert ["a%5B%5D=1&a%5B%5D=2", "page=bookmark:W10%3D&x=a%20b", "page=3"] == [
        request.query_string.decode() for request in site.requests
    ]
    assert {"Bearer token0"} == {request.headers["Authorization"] for request in site.requests}


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/things", "http://127.0.0.1:1/things", "//x.example/", "ftp:x"]
)
def test_a_token_never_leaves_its_origin(site: Site, link: str) -> None:
    """The first page is given, the next link elsewhere is not followed."""
    site.page(1, link=link)
    found = site.transport().get_pages(LIST, (), ThingSchema())

    assert 1 == next(found).number
    with pytest.raises(ProtocolFault) as caught:
        next(found)
    assert "next_elsewhere" == caught.value.code
    assert 1 == len(site.requests)


def test_a_loop_of_pages_ends(site: Site) -> None:
    """The same next link again."""
    for _ in range(2):
        site.page(1, link="/things?page=2")

    with pytest.raises(ProtocolFault) as caught:
        pages(site.transport())
    assert "next_again" == caught.value.code


def test_an_endless_list_ends(site: Site) -> None:
    """At the cap, with an error: half a list is never taken for the whole."""
    for number in range(3):
        site.page(number, link=f"/things?page={number + 2}")

    with pytest.raises(ProtocolFault) as caught:
        pages(site.transport(pages=3))
    assert "too_many_pages" == caught.value.code


def test_a_body_that_drips_has_a_deadline(site: Site) -> None:
    """Pieces may keep coming in time; all together must end."""

    def drip() -> Iterator[bytes]:
        while True:
            site.watch.move(11)
            yield b" "

    site.answers = [Response(drip(), 200, content_type="application/json") for _ in range(3)]

    with pytest.raises(Unreachable) as caught:
        pages(site.transport())
    assert "no_answer" == caught.value.code
    assert 3 == len(site.requests)


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_has_a_size(site: Site, packed: bool) -> None:
    """Also when it grows on unpacking."""
    import gzip

    body = b"[" + b" " * 200_000 + b"]"
    headers = {"Content-Encoding": "gzip"} if packed else {}
    answer = Response(gzip.compress(body) if packed else body, 200, headers, content_type="application/json")
    site.answers.append(answer)

    with pytest.raises(ProtocolFault) as caught:
        pages(site.transport(body_bytes=100_000))
    assert "answer_too_large" == caught.value.code


def test_a_packed_answer_is_read(site: Site) -> None:
    """Gzip is asked for and understood."""
    import gzip

    site.answers.append(
        Response(
            gzip.compress(b'[{"id": 1}]'), 200, {"Content-Encoding": "gzip"}, content_type="application/json"
        )
    )

    assert [(1, ["1"])] == pages(site.transport())
    assert "gzip" == site.requests[0].headers["Accept-Encoding"]


def test_a_broken_packing_is_no_answer(site: Site) -> None:
    """It cannot be read whole."""
    site.answers = [
        Response(b"not gzip", 200, {"Content-Encoding": "gzip"}, content_type="application/json")
        for _ in range(3)
    ]

    with pytest.raises(Unreachable):
        pages(site.transport())


def test_a_refusal_whose_text_is_lost_is_a_refusal(site: Site) -> None:
    """The status has come."""
    site.answers.append(Response(b"not gzip", 400, {"Content-Encoding": "gzip"}))

    outcome = site.transport().send_once(SEND, (), partial(load_one, ThingSchema()))
    assert isinstance(outcome, Rejected)
    assert "request_refused" == outcome.error.code


def test_a_send_is_one_request(site: Site) -> None:
    """A form, its answer, its outcome; a fault of the server leaves doubt."""
    site.answers.append(Response('{"id": 9}', 201, content_type="application/json"))
    site.answers.append(Response("", 503))
    load = partial(load_one, ThingSchema())

    sent = site.transport().send_once(SEND, (("x[]", "1"), ("x[]", "ü")), load)
    doubt = site.transport().send_once(SEND, (), load)

    assert isinstance(sent, Sent)
    assert Thing("9") == sent.value
    assert ["1", "ü"] == site.requests[0].form.getlist("x[]")
    assert isinstance(doubt, Unknown)
    assert isinstance(doubt.error, ServerFault)
    assert 2 == len(site.requests)
    assert [] == site.watch.slept


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {"X-Rate-Limit-Remaining": "149"}, 1),
        (200, {"X-Rate-Limit-Remaining": "550"}, 5),
        (404, {}, 5),
        (429, {}, 1),
    ],
)
def test_the_gate_hears_every_answer(site: Site, status: int, headers: dict[str, str], expected: int) -> None:
    """What is left, and a refusal for the rate; another refusal is a clean answer."""
    gate = InFlightGate(start=4, clean_answers=1)
    site.answers.append(Response('{"id": 1}', status, headers, content_type="application/json"))

    site.transport(gate=gate).send_once(SEND, (), partial(load_one, ThingSchema()))

    assert expected == gate.limit
    assert 0 == gate.under_way


def test_without_tokens_a_401_is_final(site: Site) -> None:
    """Nothing to refresh: one request, for sends and for reads."""
    site.answers = [Response("", 401), Response("", 401)]
    transport = site.transport(tokens=False)

    outcome = transport.send_once(SEND, (), partial(load_one, ThingSchema()))
    assert isinstance(outcome, Rejected)
    with pytest.raises(TokenExpired):
        pages(transport)
    assert 2 == len(site.requests)
    assert "Authorization" not in site.requests[0].headers


def test_a_run_out_token_is_named_to_its_source(site: Site) -> None:
    """The very token that failed, so that a newer one stays."""
    site.answers = [Response("", 401)]
    site.page(1)

    assert [(1, ["1"])] == pages(site.transport())
    assert ["token0"] == site.tokens.complaints
    assert ["Bearer token0", "Bearer token1"] == [
        request.headers["Authorization"] for request in site.requests
    ]


def test_no_cookie_is_kept(site: Site) -> None:
    """A platform's session cookie would make us somebody."""
    site.answers.append(
        Response(
            "[]",
            200,
            {"Set-Cookie": "s=1", "Link": '</things?p=2>; rel="next"'},
            content_type="application/json",
        )
    )
    site.page()
    pages(site.transport())

    assert "Cookie" not in site.requests[1].headers


def test_a_netrc_and_a_proxy_of_the_machine_are_not_read(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not in our settings does not steer where a token goes."""
    (tmp_path / ".netrc").write_text("machine localhost login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    site.page(1)

    assert [(1, ["1"])] == pages(site.transport())
    assert "Bearer token0" == site.requests[0].headers["Authorization"]


def test_proxy_and_certificates_come_from_the_settings(tmp_path: Path) -> None:
    """Both by parameter."""
    session = new_session(proxies={"https": "http://proxy.example:3128"}, ca_bundle=str(tmp_path))

    assert "http://proxy.example:3128" == session.proxies["https"]
    assert str(tmp_path) == session.verify
    assert not session.trust_env
