"""A route: one call of a vendor's interface, declared once; and the origin it is sent to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import urlsplit

from iepcore.errors import InvalidValue

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

Pairs = tuple[tuple[str, str], ...]
"""Query parameters or form fields, in order; a name may repeat."""

Body = Pairs | Mapping[str, object]
"""What is sent: pairs as a form, a mapping as JSON."""

_SLOT = re.compile(r":([a-z_]+)")
_PATH_VALUE = re.compile(r"[A-Za-z0-9_~-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Method, path template (``/api/v1/things/:id``) and the scope it needs. Logs name templates.

    ``rows``: the key under which a list stands when the answer is an object (``students``, or
    ``enrollments`` of a compound document); None when the answer is the list. ``rows_may_lack``: without the
    key the list is empty, as with Google.
    """

    method: Method
    template: str
    scope: str | None = None
    rows: str | None = None
    rows_may_lack: bool = False

    def path(self, values: Mapping[str, str]) -> str:
        """Return the path with its slots filled.

        Raises:
            InvalidValue: ``path_value`` when a slot is left, one is too many, or a value is no plain id.
        """
        slots = set(_SLOT.findall(self.template))
        if slots != set(values) or any(_PATH_VALUE.fullmatch(value) is None for value in values.values()):
            raise InvalidValue("path_value", params={"path": self.template})
        return _SLOT.sub(lambda slot: values[slot[1]], self.template)


def scopes_of(routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the scopes a key needs for these routes: their union, sorted, nothing more."""
    return tuple(sorted({route.scope for route in routes if route.scope is not None}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Scheme, host and port of another system. A token goes to its own origin and nowhere else."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Self:
        """Return the origin written as ``https://host[:port]`` (plain http for loopback only).

        Raises:
            InvalidValue: ``origin_form`` for a path, a query, a user name, or another scheme;
                ``origin_insecure`` for plain http to another machine.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise InvalidValue("origin_form", field="url") from None
        extra = parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc
        if parts.scheme not in {"http", "https"} or not parts.hostname or extra:
            raise InvalidValue("origin_form", field="url")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise InvalidValue("origin_insecure", field="url")
        return cls(scheme=parts.scheme, host=parts.hostname, port=port or _default_port(parts.scheme))

    def holds(self, url: str) -> bool:
        """Tell whether an absolute URL lies within this origin."""
        try:
            parts = urlsplit(url)
            port = parts.port or _default_port(parts.scheme)
        except ValueError:
            return False
        same = (parts.scheme, parts.hostname, port) == (self.scheme, self.host, self.port)
        return same and "@" not in parts.netloc

    @property
    def is_near(self) -> bool:
        """Tell whether it is this machine, or an address that only means something inside its network."""
        if is_loopback(self.host):
            return True
        try:
            return not ip_address(self.host).is_global
        except ValueError:
            return False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        tail = "" if self.port == _default_port(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{tail}"


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
