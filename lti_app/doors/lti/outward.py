"""Outward: a session for calls to a platform that must be on the open internet, checked at every connection.

An address that was public when a platform was connected may be a private one today: whoever answers for its
name chooses (DNS rebinding). So the name is resolved here, every address of it has to be public, and the
connection goes to the very address that was looked at. Platforms inside a private network are connected on
the command line and called without this.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from lti_app.doors.lti.outside import Resolve, is_public, resolve
from lti_app.settings import is_loopback

Fits = Callable[[str, str], bool]
"""Whether an address of a host may be called."""


def outward_session(
    *, practice: bool, resolve: Resolve = resolve, is_public: Callable[[str], bool] = is_public
) -> requests.Session:
    """Return a session that connects to public addresses only; with ``practice`` to this machine by name,
    too.
    """

    def fits(host: str, address: str) -> bool:
        return is_loopback(address) if practice and is_loopback(host) else is_public(address)

    session = requests.Session()
    session.trust_env = False  # a proxy would resolve the name again
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(resolve, fits))
    return session


class _Adapter(HTTPAdapter):
    """Makes its connections by :func:`_connect`."""

    def __init__(self, resolve: Resolve, fits: Fits) -> None:
        self._resolve, self._fits = resolve, fits
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools of checked connections."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = _pools(self._resolve, self._fits)


def _pools(resolve: Resolve, fits: Fits) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, resolve, fits)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, resolve, fits)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, resolve: Resolve, fits: Fits) -> socket.socket:
    host, port = connection.host, connection.port or connection.default_port
    addresses = resolve(host, port)
    if not addresses or not all(fits(host, one) for one in addresses):
        raise NewConnectionError(connection, "no public address")
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else None
    try:
        return socket.create_connection((addresses[0], port), timeout=timeout)
    except OSError as error:
        raise NewConnectionError(connection, type(error).__name__) from None
