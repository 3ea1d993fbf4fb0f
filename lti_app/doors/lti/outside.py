"""Outside: asking an address that somebody else chose, without being turned against our own network.

https only, the name resolved once and the connection made to that very address, no private ranges, no
redirects, little patience and little room. The one exception is a practice LMS on this machine, by setting.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.platform_keys import USER_AGENT
from lti_app.settings import is_loopback

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0
LARGEST_BYTES = 1024 * 1024
LONGEST_URL = 2000

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_IN_A_URL = frozenset(map(chr, range(0x21, 0x7F))) - set('"<>\\^`{|}')

Resolve = Callable[[str, int], Sequence[str]]
"""Return the addresses of a host as text, none when there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: the status, the JSON value, and the sender's clock (``Date``) as written, if any."""

    status: int
    document: Any
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where to connect: the host as named (for TLS and the request) and the address it had when we looked."""

    secure: bool
    host: str
    port: int
    path: str
    address: str

    @property
    def named(self) -> str:
        """Host and port as the ``Host`` header writes them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def is_public(address: str) -> bool:
    """Whether ``address`` is of the open internet. An IPv4 address inside an IPv6 one counts as itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def resolve(host: str, port: int) -> Sequence[str]:
    """Return every address of ``host`` as the system knows them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


class Outside:
    """Asks platforms for JSON. ``practice`` lets plain http to this machine through (the demonstration)."""

    def __init__(
        self,
        *,
        practice: bool,
        resolve: Resolve = resolve,
        is_public: Callable[[str], bool] = is_public,
        tls: ssl.SSLContext | None = None,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._practice = practice
        self._resolve = resolve
        self._is_public = is_public
        self._tls = tls
        self._whole_seconds = whole_seconds

    def check(self, url: str) -> None:
        """Look at an address without asking it anything.

        Raises:
            InstallRefused: ``address_form``, ``address_http``, ``address_unknown`` or ``address_private``.
        """
        self._target(url)

    def read(self, url: str, *, bearer: str | None = None) -> Answer:
        """GET a JSON value.

        Raises:
            InstallRefused: as ``check``, and ``outside_silent``, ``outside_certificate``,
                ``outside_redirect``, ``outside_too_large``, ``outside_not_json``.
        """
        return self._ask("GET", url, None, bearer, "application/json")

    def send(self, url: str, document: Mapping[str, Any], *, bearer: str | None = None) -> Answer:
        """POST a JSON value; raises as ``read``."""
        return self._ask("POST", url, json.dumps(document).encode(), bearer, "application/json")

    def send_form(self, url: str, form: bytes) -> Answer:
        """POST an encoded form; raises as ``read``."""
        return self._ask("POST", url, form, None, "application/x-www-form-urlencoded")

    def _target(self, url: str) -> _Target:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise InstallRefused("address_form") from None
        clean = _IN_A_URL.issuperset(url) and "@" not in parts.netloc and not parts.fragment
        if not clean or not host or len(url) > LONGEST_URL or parts.scheme not in ("https", "http"):
            raise InstallRefused("address_form")
        secure, own = parts.scheme == "https", self._practice and is_loopback(host)
        if not secure and not own:
            raise InstallRefused("address_http", host=host)
        port = port or (443 if secure else 80)
        addresses = self._resolve(host, port)
        if not addresses:
            raise InstallRefused("address_unknown", host=host)
        fits = is_loopback if own else self._is_public
        if not all(fits(one) for one in addresses):
            raise InstallRefused("address_private", host=host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _Target(secure=secure, host=host, port=port, path=path, address=addresses[0])

    def _ask(self, method: str, url: str, body: bytes | None, bearer: str | None, kind: str) -> Answer:
        target = self._target(url)
        headers = {"Host": target.named, "User-Agent": USER_AGENT, "Accept": "application/json"}
        headers |= {"Accept-Encoding": "identity", "Connection": "close"}
        if bearer:
            if not _IN_A_URL.issuperset(bearer):
                raise InstallRefused("token_form", host=target.host)
            headers["Authorization"] = f"Bearer {bearer}"
        if body is not None:
            headers["Content-Type"] = kind
        try:
            with self._connected(target) as connection:
                connection.request(method, target.path, body=body, headers=headers)
                with contextlib.closing(connection.getresponse()) as response:
                    return _read(response, target.host)
        except ssl.SSLError:
            raise InstallRefused("outside_certificate", host=target.host) from None
        except (OSError, HTTPException):
            raise InstallRefused("outside_silent", host=target.host) from None

    @contextmanager
    def _connected(self, target: _Target) -> Iterator[HTTPConnection]:
        """Connect to the address that was checked, and cut the line when the whole takes too long."""
        plain = socket.create_connection((target.address, target.port), timeout=CONNECT_SECONDS)
        line = plain.dup()  # the wire itself, whatever wraps the other end of it
        late = Event()
        end = Timer(self._whole_seconds, _cut, (line, late))
        end.daemon = True
        end.start()
        connection = HTTPConnection(target.host, target.port)
        try:
            connection.sock = (
                (self._tls or _system_trust()).wrap_socket(plain, server_hostname=target.host)
                if target.secure
                else plain
            )
            yield connection
        except InstallRefused as refused:
            # What was cut off looks like a short answer; it was none.
            raise InstallRefused("outside_silent", host=target.host) if late.is_set() else refused from None
        finally:
            end.cancel()
            connection.close()
            plain.close()
            line.close()


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _cut(line: socket.socket, late: Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, host: str) -> Answer:
    if 300 <= response.status < 400:
        raise InstallRefused("outside_redirect", host=host)
    body = response.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        raise InstallRefused("outside_too_large", host=host)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        if response.status >= 400:  # the status says enough
            document = None
        else:
            raise InstallRefused("outside_not_json", host=host) from None
    return Answer(status=response.status, document=document, date=response.getheader("Date"))
