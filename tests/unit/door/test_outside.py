"""Asking an address that somebody else chose: never our own network, never for long, never much."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.outside import LARGEST_BYTES, Outside, is_public

HOST = "lms.example.edu"


def refusal(step: Callable[[], object]) -> str:
    """Return the code of the refusal that a step ends with."""
    with pytest.raises(InstallRefused) as refused:
        step()
    return refused.value.code


def at(*addresses: str) -> Callable[[str, int], tuple[str, ...]]:
    """Return a resolver that gives these addresses for every host."""
    return lambda host, port: addresses


# ------------------------------------------------------------------------------------------- which addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "not an address",
    ],
)
def test_an_address_of_ours_is_not_public(address: str) -> None:
    """S32: loopback, private, link-local, shared, multicast, reserved; also inside an IPv6 address."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """What everybody can reach, we may ask."""
    assert is_public(address)


@given(inner=st.ip_addresses(v=4))
def test_a_wrapped_address_counts_as_what_is_inside(inner: ipaddress.IPv4Address) -> None:
    """S32: no IPv6 spelling of an IPv4 address opens what the plain one does not."""
    number = int(inner)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    nat64 = ipaddress.IPv6Address((0x64FF9B << 96) | number)

    assert {is_public(str(inner))} == {is_public(str(one)) for one in (mapped, sixtofour, nat64)}


@given(addresses=st.lists(st.ip_addresses().map(str), min_size=1, max_size=4))
def test_one_private_address_of_a_name_is_enough(addresses: list[str]) -> None:
    """R3, S32: a name with a private address among its addresses is not asked, whichever comes first."""
    outside = Outside(practice=False, resolve=at(*addresses))
    step: Callable[[], object] = lambda: outside.check(f"https://{HOST}/x")  # noqa: E731

    if all(is_public(one) for one in addresses):
        step()
    else:
        assert "address_private" == refusal(step)


@given(text=st.text(max_size=80) | st.text(alphabet="htps:/@[]#?.%\\ {}x1", max_size=40))
def test_no_text_is_asked_that_is_not_https(text: str) -> None:
    """R3: whatever is given as an address is an https address or is refused; nothing else happens."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return ("10.0.0.1",)

    code = refusal(lambda: Outside(practice=False, resolve=resolve).check(text))

    assert code in {"address_form", "address_http", "address_private"}
    assert not asked or text.lower().startswith("https://")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://lms.example.edu/x", "address_http"),
        ("ftp://lms.example.edu/x", "address_form"),
        ("https://user:word@lms.example.edu/", "address_form"),
        ("https://lms.example.edu/#part", "address_form"),
        ("https://lms.example.edu:99999/", "address_form"),
        ("https:///x", "address_form"),
        ("https://lms.example.edu/\r\nX: y", "address_form"),
        ("https://lms.example.edu/" + "x" * 2000, "address_form"),
    ],
    ids=["http", "ftp", "user", "fragment", "port", "no host", "line break", "endless"],
)
def test_a_wrong_address_is_named(url: str, code: str) -> None:
    """R3: each kind has its code, and nothing is resolved."""
    outside = Outside(practice=False, resolve=lambda *_: pytest.fail("resolved"))

    assert code == refusal(lambda: outside.check(url))


def test_a_name_without_address_is_said() -> None:
    """A mistyped host is told apart from a silent one."""
    assert "address_unknown" == refusal(
        lambda: Outside(practice=False, resolve=at()).check(f"https://{HOST}/")
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_is_for_practice_only(host: str) -> None:
    """R3: plain http to loopback goes in the demonstration and nowhere else."""
    url = f"http://{host}:8600/x"

    assert "address_http" == refusal(lambda: Outside(practice=False).check(url))
    Outside(practice=True, resolve=at("127.0.0.1")).check(url)


def test_practice_does_not_open_the_private_network() -> None:
    """R3: the setting is about this machine; a name that leads elsewhere stays closed."""
    outside = Outside(practice=True, resolve=at("192.168.1.1"))

    assert "address_private" == refusal(lambda: outside.check("http://localhost/x"))
    assert "address_private" == refusal(lambda: outside.check(f"https://{HOST}/x"))


# ------------------------------------------------------------------------------------------- what comes back


def practice() -> Outside:
    """Return what the demonstration asks with."""
    return Outside(practice=True, whole_seconds=5)


def test_json_comes_back_with_status_and_clock(httpserver: HTTPServer) -> None:
    """The bearer goes along, and the value comes back as it is."""
    httpserver.expect_request("/x", headers={"Authorization": "Bearer abc"}).respond_with_json({"a": 1})

    answer = practice().read(httpserver.url_for("/x?y=1"), bearer="abc")

    assert (200, {"a": 1}) == (answer.status, answer.document)
    assert answer.date


def test_a_document_is_sent_as_json(httpserver: HTTPServer) -> None:
    """A registration request is one JSON value."""
    seen: list[object] = []

    def take(request: Request) -> Response:
        seen.append((request.get_json(), request.headers["Host"]))
        return Response('{"client_id": "7"}', 201, content_type="application/json")

    httpserver.expect_request("/r", method="POST").respond_with_handler(take)
    answer = practice().send(httpserver.url_for("/r"), {"a": "ü"})

    assert 201 == answer.status
    assert [({"a": "ü"}, f"{httpserver.host}:{httpserver.port}")] == seen


def test_a_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    """R3: where a platform points to, we do not go."""
    httpserver.expect_request("/x").respond_with_data("", 302, {"Location": "http://169.254.169.254/"})

    assert "outside_redirect" == refusal(lambda: practice().read(httpserver.url_for("/x")))


def test_a_large_answer_is_cut_off(httpserver: HTTPServer) -> None:
    """R3: five megabytes are not read."""
    httpserver.expect_request("/x").respond_with_data(b"[" + b"1," * (LARGEST_BYTES // 2 + 9) + b"1]")

    assert "outside_too_large" == refusal(lambda: practice().read(httpserver.url_for("/x")))


@pytest.mark.parametrize("body", ["<html>", "", "[" * 100_000], ids=["html", "empty", "deep"])
def test_what_is_not_json_is_said(httpserver: HTTPServer, body: str) -> None:
    """A sign-in page instead of an answer has a code of its own."""
    httpserver.expect_request("/x").respond_with_data(body)

    assert "outside_not_json" == refusal(lambda: practice().read(httpserver.url_for("/x")))


def test_a_refusal_needs_no_json(httpserver: HTTPServer) -> None:
    """An error page is told by its status."""
    httpserver.expect_request("/x").respond_with_data("<html>", 403)

    assert (403, None) == (
        (found := practice().read(httpserver.url_for("/x"))).status,
        found.document,
    )


@pytest.fixture
def dripping() -> Iterator[int]:
    """A server that sends a letter of a header now and then and never ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.05):
                    try:
                        line.sendall(b"a")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        over.set()
        thread.join(30)


def test_a_dripping_answer_ends(dripping: int) -> None:
    """R3: the whole exchange has an end, however slowly it goes."""
    outside = Outside(practice=True, whole_seconds=0.3)

    assert "outside_silent" == refusal(lambda: outside.read(f"http://127.0.0.1:{dripping}/"))


def test_nobody_there_is_silence() -> None:
    """A closed port and a slow one are the same to an administrator: nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert "outside_silent" == refusal(lambda: practice().read(f"http://127.0.0.1:{port}/"))


def test_a_token_with_a_line_break_goes_nowhere(httpserver: HTTPServer) -> None:
    """A registration token becomes a header: it may not become two."""
    assert "token_form" == refusal(lambda: practice().read(httpserver.url_for("/x"), bearer="a\r\nX: y"))


# ------------------------------------------------------------------------------------------- over TLS


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate for ``name``, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[HTTPServer, ssl.SSLContext]]:
    """A server with a certificate for ``HOST``, and who trusts it."""
    certificate, secret = _certificate(tmp_path, HOST)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate, secret)
    with HTTPServer(host="127.0.0.1", port=0, ssl_context=own) as server:
        server.expect_request("/x").respond_with_json({"host": HOST})
        yield server, ssl.create_default_context(cafile=str(certificate))


def test_the_checked_address_is_the_one_asked(secured: tuple[HTTPServer, ssl.SSLContext]) -> None:
    """S32: the name is resolved once; the connection goes to that address, under the name's certificate."""
    server, trust = secured
    resolved: list[str] = []

    def resolve(host: str, port: int) -> tuple[str, ...]:
        resolved.append(host)
        return ("127.0.0.1",) if len(resolved) == 1 else ("10.0.0.1",)

    outside = Outside(practice=False, resolve=resolve, is_public=lambda _: True, tls=trust)
    answer = outside.read(f"https://{HOST}:{server.port}/x")

    assert {"host": HOST} == answer.document
    assert [HOST] == resolved


@pytest.mark.parametrize(("host", "trusted"), [("other.example.edu", True), (HOST, False)])
def test_a_wrong_certificate_is_refused(
    secured: tuple[HTTPServer, ssl.SSLContext], host: str, trusted: bool
) -> None:
    """S32: another name, or a signer nobody knows, ends the connection."""
    server, trust = secured
    outside = Outside(
        practice=False,
        resolve=at("127.0.0.1"),
        is_public=lambda _: True,
        tls=trust if trusted else None,
    )

    assert "outside_certificate" == refusal(lambda: outside.read(f"https://{host}:{server.port}/x"))
