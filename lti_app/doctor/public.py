"""The tool's own address as a browser meets it: name, certificate, proxies, key set."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from iepcore.errors import IepError
from lti_app.doctor.finding import Finding, cannot_tell, look, ok
from lti_app.doctor.probe import HEADER, SECONDS
from lti_app.doors.lti.offer import KEYS_PATH
from lti_app.doors.lti.platform_keys import USER_AGENT
from lti_app.doors.seal import Seal
from lti_app.settings import Settings
from lti_app.wiring import Wired

TIMEOUT_SECONDS = 5.0
SOON = timedelta(days=21)
LARGEST_BYTES = 256 * 1024


class _Away(Exception):
    """Nothing that helps came back; holds the finding that says so."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.check)
        self.finding = finding


def look_at_address(wired: Wired) -> Iterator[Finding]:
    """Yield what can be said of ``IEP_PUBLIC_URL``, asked from this machine."""
    settings = wired.settings
    seal = Seal(settings.secret_keys)
    nonce = secrets.token_urlsafe(12)
    word = seal.close({"probe": nonce}, at=wired.clock())
    try:
        answer, cert = _ask(settings, "/healthz", {HEADER: word})
    except _Away as away:
        yield away.finding
        return
    if cert is not None:
        yield certificate(cert, at=wired.clock())
    if not isinstance(answer, dict) or answer.get("up") is not True:
        yield look(
            "address",
            "Something else than this tool answers at IEP_PUBLIC_URL.",
            "Let the proxy send every path of this host name to iep serve.",
        )
        return
    yield ok("address", "The tool answers at IEP_PUBLIC_URL.")
    sealed = answer.get("seen")
    seen = seal.open(sealed, ttl_seconds=SECONDS, at=wired.clock()) if isinstance(sealed, str) else None
    if seen is None or seen.get("probe") != nonce:
        yield look(
            "proxies",
            "The running server has other secret keys than this command, or another version or clock.",
            "Give both the same environment, and restart the server.",
        )
    else:
        yield proxies(settings, seen)
    yield _own_keys(wired)


def certificate(cert: dict[str, Any], *, at: datetime) -> Finding:
    """Whether the certificate lasts. ``cert`` is what :meth:`ssl.SSLSocket.getpeercert` returns."""
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(cert["notAfter"]), UTC)
    left = ends - at
    day = f"{ends:%Y-%m-%d}"
    if left < SOON:
        return look(
            "certificate",
            f"The certificate ends on {day}, in {max(left.days, 0)} days.",
            "Renew it now, and see why it was not renewed by itself.",
        )
    return ok("certificate", f"The certificate is trusted and lasts until {day}.")


def proxies(settings: Settings, seen: dict[str, Any]) -> Finding:
    """Whether requests arrive as browsers send them. ``seen`` is what the server saw of ours."""
    hops, forwarded = seen["hops"], seen["forwarded"]
    if seen["public_url"] != settings.public_url or hops != settings.proxy_hops:
        return look(
            "proxies",
            "The running server was started with another IEP_PUBLIC_URL or IEP_PROXY_HOPS.",
            "Restart the server with the present settings.",
        )
    most = max(forwarded.values())
    if hops > forwarded["For"]:
        return look(
            "proxies",
            f"IEP_PROXY_HOPS is {hops}, but only {forwarded['For']} set X-Forwarded-For: the tool would"
            " believe what a browser sends.",
            f"Set IEP_PROXY_HOPS={forwarded['For']}, or let every proxy set X-Forwarded-For.",
        )
    if hops < most:
        return look(
            "proxies",
            f"Proxies in front: {most}, but IEP_PROXY_HOPS is {hops}.",
            f"Set IEP_PROXY_HOPS={most}, if all of them are yours, and restart the server.",
        )
    arrived, meant = f"{seen['scheme']}://{seen['host']}", settings.public_url
    if arrived != meant:
        return look(
            "proxies",
            f"Requests to {meant} arrive as {arrived}.",
            "Let the proxy set X-Forwarded-Proto and X-Forwarded-Host (or keep the Host header).",
        )
    return ok("proxies", f"Requests arrive as {meant}. Proxies in front: {hops}.")


def _own_keys(wired: Wired) -> Finding:
    """Whether platforms find the key that we sign with."""
    try:
        signing = next(iter(wired.doors.keys(at=wired.clock())), None)
        published, _ = _ask(wired.settings, KEYS_PATH, {})
    except _Away as away:
        return away.finding
    except IepError as error:
        return cannot_tell("key set", f"Our own keys cannot be read ({error.code}).", "See: secrets.")
    listed = published.get("keys") if isinstance(published, dict) else None
    kids = {one.get("kid") for one in listed if isinstance(one, dict)} if isinstance(listed, list) else set()
    if signing is not None and signing.kid not in kids:
        return look(
            "key set",
            "Our key set at IEP_PUBLIC_URL does not list the key that signs.",
            "Restart the server, and let no cache in front keep /lti/jwks longer than ten minutes.",
        )
    return ok("key set", f"Platforms find our public keys ({len(kids)}) at {wired.settings.url(KEYS_PATH)}.")


def _ask(settings: Settings, path: str, headers: dict[str, str]) -> tuple[Any, dict[str, Any] | None]:
    """GET a path of ours as JSON; return it with the certificate, None on plain http."""
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.connect()
        cert = connection.sock.getpeercert() if isinstance(connection.sock, ssl.SSLSocket) else None
        connection.request("GET", path, headers={"User-Agent": USER_AGENT, **headers})
        answer = connection.getresponse()
        body = answer.read(LARGEST_BYTES)
    except (OSError, http.client.HTTPException) as problem:
        raise _Away(_away(problem, host)) from None
    finally:
        connection.close()
    try:
        return json.loads(body), cert
    except (ValueError, RecursionError):
        return None, cert


def _away(problem: Exception, host: str) -> Finding:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return look(
            "certificate",
            f"The certificate of {host} is refused: {problem.verify_message}.",
            "Install a trusted certificate for this host name, with its whole chain.",
        )
    if isinstance(problem, ssl.SSLError):
        return look(
            "certificate", f"{host} does not speak TLS as browsers do.", "Look at the proxy's TLS settings."
        )
    if isinstance(problem, socket.gaierror):
        return look(
            "address", f"There is no host called {host}.", "Make a DNS entry, or correct IEP_PUBLIC_URL."
        )
    if isinstance(problem, TimeoutError):
        return cannot_tell(
            "address",
            f"{host} does not answer this machine in {TIMEOUT_SECONDS:.0f} seconds.",
            "Open IEP_PUBLIC_URL/healthz in a browser elsewhere: some firewalls stop only this machine.",
        )
    return look(
        "address",
        f"Nothing answers at {host} ({type(problem).__name__}).",
        "Start iep serve and the proxy in front of it, and let the firewall through.",
    )
