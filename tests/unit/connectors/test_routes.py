"""Routes and origins: what can be called, and where a token may go."""

from __future__ import annotations

import pytest

from connectors.http import Origin, Route, is_loopback, scopes_of
from iepcore.errors import InvalidValue

ROUTE = Route(method="GET", template="/api/v1/users/:user_id/things/:id", scope="b")


def test_slots_are_filled() -> None:
    """Each by its name."""
    assert "/api/v1/users/7/things/1~22" == ROUTE.path({"user_id": "7", "id": "1~22"})


@pytest.mark.parametrize(
    "values",
    [
        {"user_id": "7"},
        {"user_id": "7", "id": "1", "more": "2"},
        {"user_id": "7", "id": ""},
        {"user_id": "7", "id": "../1"},
        {"user_id": "7", "id": "1?x=2"},
        {"user_id": "7", "id": "casey@mail.example"},
    ],
)
def test_a_path_takes_plain_ids_only(values: dict[str, str]) -> None:
    """No way to climb, to add a query, or to write a name into a URL."""
    with pytest.raises(InvalidValue):
        ROUTE.path(values)


def test_scopes_are_a_union() -> None:
    """Sorted, each once, routes without one left out."""
    plain = Route(method="GET", template="/")

    assert ("a", "b") == scopes_of([ROUTE, Route(method="GET", template="/x", scope="a"), ROUTE, plain])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://Canvas.Example", "https://canvas.example"),
        ("https://canvas.example/", "https://canvas.example"),
        ("https://canvas.example:443", "https://canvas.example"),
        (" https://canvas.example:8443 ", "https://canvas.example:8443"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://lms.localhost:9", "http://lms.localhost:9"),
    ],
)
def test_an_origin_is_scheme_host_and_port(text: str, expected: str) -> None:
    """Written back in one form."""
    assert expected == str(Origin.parse(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://canvas.example", "origin_insecure"),
        ("ftp://canvas.example", "origin_form"),
        ("https://", "origin_form"),
        ("canvas.example", "origin_form"),
        ("https://canvas.example/api", "origin_form"),
        ("https://canvas.example?x", "origin_form"),
        ("https://canvas.example#x", "origin_form"),
        ("https://user@canvas.example", "origin_form"),
        ("https://canvas.example:port", "origin_form"),
        ("https://[", "origin_form"),
    ],
)
def test_anything_else_is_no_origin(text: str, code: str) -> None:
    """With the reason."""
    with pytest.raises(InvalidValue) as caught:
        Origin.parse(text)
    assert code == caught.value.code


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://canvas.example/api?page=2", True),
        ("https://CANVAS.example:443/api", True),
        ("http://canvas.example/api", False),
        ("https://canvas.example:444/api", False),
        ("https://canvas.example.evil.example/api", False),
        ("https://evil.example/?canvas.example", False),
        ("https://canvas.example@evil.example/", False),
        ("https://me@canvas.example/", False),
        ("https://canvas.example:port/", False),
        ("/api", False),
    ],
)
def test_an_origin_knows_its_own(url: str, expected: bool) -> None:
    """The next page lies there or is not followed."""
    assert expected is Origin.parse("https://canvas.example").holds(url)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.3.2.1", True), ("::1", True), ("10.0.0.1", False), ("x.org", False)],
)
def test_loopback_is_this_machine(host: str, expected: bool) -> None:
    """Names and addresses."""
    assert expected is is_loopback(host)
