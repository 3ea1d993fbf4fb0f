"""An installation on its feet, to be broken for the doctor: the tool and a platform on real ports."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.serving import make_server

from iepcore.ids import new_uuid7
from lti_app import create_app
from lti_app.doctor.finding import State
from lti_app.doors.lti.keys import make_key
from lti_app.doors.lti.offer import SCOPES
from lti_app.doors.records import Deployment, DeploymentState, Registration
from lti_app.settings import Settings
from lti_app.wiring import utc_now
from tests.contract.connectors.mail_server import make_certificate
from tests.contract.lti.platform import public_jwk, rsa_key

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Done, Shell

Wsgi = Callable[[dict[str, Any], Any], Any]


@dataclass
class Platform:
    """A platform on a real HTTP server, broken by changing its fields."""

    server: HTTPServer
    jwks: Any = field(default_factory=lambda: {"keys": [public_jwk(rsa_key("platform-1"))]})
    jwks_status: int = 200
    ahead: timedelta = timedelta(0)
    granted: frozenset[str] = frozenset(scope.name for scope in SCOPES)
    token_error: str = ""
    configuration: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.expect_request("/jwks").respond_with_handler(self._jwks)
        self.server.expect_request("/token", method="POST").respond_with_handler(self._token)
        self.server.expect_request("/.well-known/openid-configuration").respond_with_handler(self._about)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def _jwks(self, request: Request) -> Response:
        body = self.jwks if isinstance(self.jwks, str) else json.dumps(self.jwks)
        date = format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)
        return Response(body, self.jwks_status, headers={"Date": date}, content_type="application/json")

    def _token(self, request: Request) -> Response:
        asked = set(request.form["scope"].split())
        if self.token_error or not asked <= self.granted:
            return Response(json.dumps({"error": self.token_error or "invalid_scope"}), 400)
        return Response(json.dumps({"access_token": "t", "scope": request.form["scope"], "expires_in": 3600}))

    def _about(self, request: Request) -> Response:
        return Response(json.dumps(self.configuration), 200 if self.configuration else 404)


@pytest.fixture
def platform(httpserver: HTTPServer) -> Platform:
    """A platform that works."""
    return Platform(server=httpserver)


@contextmanager
def served(app: Wsgi, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve an application on a real port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Later:
    """An application that is built when its port is known, behind what a proxy does to requests."""

    def __init__(self) -> None:
        self.app: Wsgi | None = None
        self.proxy: Callable[[dict[str, Any]], None] = lambda environ: None

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        assert self.app is not None
        self.proxy(environ)
        return self.app(environ, start)


@dataclass(frozen=True, kw_only=True)
class Hospital:
    """An installation on its feet: the tool served, a platform connected, and a shell for the doctor."""

    shell: Shell
    tool: Later
    platform: Platform
    registration: Registration

    def doctor(self, *words: str, **changed: str) -> dict[str, list[dict[str, str]]]:
        """Return the findings by check."""
        done = self.shell.run("doctor", "--json", *words, **changed)
        return by_check(done)

    def one(self, check: str, **changed: str) -> str:
        """Return the only finding of a check as ``state: words -> todo``; the exit code must fit all."""
        found = self.doctor(**changed)[check]
        assert 1 == len(found), found
        return f"{found[0]['state']}: {found[0]['words']} -> {found[0]['todo']}"

    def register(self, **changes: Any) -> None:
        """Store the platform's registration, changed."""
        wired = self.shell.wired()
        wired.doors.save_registration(replace(self.registration, **changes))
        wired.engines.close()


def by_check(done: Done) -> dict[str, list[dict[str, str]]]:
    """Read the doctor's JSON, and hold its exit code and count against it."""
    told = json.loads(done.out)
    looks = [one for one in told["findings"] if one["state"] == State.LOOK.value]
    assert (len(looks), int(bool(looks))) == (told["look"], done.code)
    assert [] == [one for one in looks if not one["todo"]]
    found: dict[str, list[dict[str, str]]] = {}
    for one in told["findings"]:
        found.setdefault(one["check"], []).append(one)
    return found


@pytest.fixture
def hospital(school: Shell, platform: Platform) -> Iterator[Hospital]:
    """Everything works."""
    later = Later()
    with served(later) as port:
        environ = {
            **school.environ,
            "IEP_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "IEP_SENDING": "live",
        }
        shell = replace(school, environ=environ)
        wired = shell.wired()
        registration = Registration(
            id=new_uuid7(),
            issuer=platform.url,
            client_id="client-1",
            auth_url=f"{platform.url}/auth",
            token_url=f"{platform.url}/token",
            jwks_url=f"{platform.url}/jwks",
        )
        wired.doors.save_registration(registration)
        wired.doors.add_key(make_key(at=utc_now()))
        wired.engines.close()
        deploy(shell, registration, "1", DeploymentState.ACTIVE)
        platform.configuration = {"issuer": platform.url, "authorization_endpoint": f"{platform.url}/auth"}
        app = create_app(Settings.from_env(environ))
        later.app = app.wsgi_app
        yield Hospital(shell=shell, tool=later, platform=platform, registration=registration)


def deploy(shell: Shell, registration: Registration, name: str, state: DeploymentState) -> None:
    """Store a deployment of the only site."""
    wired = shell.wired()
    site = wired.doors.sites()[0]
    held = site.id if state is not DeploymentState.PENDING else None
    wired.doors.save_deployment(
        Deployment(registration_id=registration.id, deployment_id=name, state=state, site_id=held)
    )
    wired.engines.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for localhost that ends within two weeks."""
    return make_certificate(tmp_path_factory.mktemp("tls"))
