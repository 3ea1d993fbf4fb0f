"""A platform that installs tools by one address: its settings page and its registration endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.test import TestResponse

from iepcore.ids import AdultId, SiteId
from lti_app.doors.installs import MemoryInstallStore
from lti_app.doors.lti.registering import new_invite
from tests.contract.lti.platform import public_jwk, rsa_key
from tests.contract.lti.tool import MovingClock, TestWiring, make_app, make_settings, make_site

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
TOKEN = "registration.token-1"


@dataclass
class InstallWiring(TestWiring):
    """The smallest wiring, with a store of installations that a test can look into."""

    __test__ = False
    installs: MemoryInstallStore = field(default_factory=MemoryInstallStore)


@dataclass
class Installable:
    """One tool in the demonstration's settings and one platform on this machine."""

    server: HTTPServer
    app: Flask
    wiring: InstallWiring
    site_id: SiteId
    asked: list[tuple[str, Request]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    lti_changes: dict[str, Any] = field(default_factory=dict)
    answer: Callable[[dict[str, Any]], Response | dict[str, Any]] = lambda sent: {"client_id": "client-9"}

    @property
    def client(self) -> FlaskClient:
        """A browser."""
        return self.app.test_client()

    @property
    def configuration_url(self) -> str:
        """Where the platform's settings are."""
        return self.server.url_for("/openid-configuration")

    def configuration(self) -> dict[str, Any]:
        """Return the platform's settings, with the changes of the test; ``...`` takes a value out."""
        root = self.server.url_for("")
        lti = {
            "product_family_code": "canvas",
            "version": "OpenSource",
            "https://canvas.instructure.com/lti/account_name": "Practice Account",
            "messages_supported": [
                {
                    "type": "LtiResourceLinkRequest",
                    "placements": [
                        "course_navigation",
                        "https://canvas.instructure.com/lti/account_navigation",
                        "student_context_card",
                        "user_navigation",
                    ],
                },
                {"type": "LtiDeepLinkingRequest", "placements": ["assignment_selection", "link_selection"]},
            ],
            "variables": ["Person.address.timezone", "Canvas.user.id"],
        }
        values = {
            "issuer": root.rstrip("/"),
            "authorization_endpoint": self.server.url_for("/auth"),
            "registration_endpoint": self.server.url_for("/registrations"),
            "jwks_uri": self.server.url_for("/jwks"),
            "token_endpoint": self.server.url_for("/token"),
            "scopes_supported": [
                "openid",
                "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
            ],
            "claims_supported": ["sub", "name", "email", "locale", "picture"],
            "id_token_signing_alg_values_supported": ["RS256"],
            PLATFORM: {**lti, **self.lti_changes},
            **self.changes,
        }
        return {name: value for name, value in values.items() if value is not ...}

    def serve(self) -> None:
        """Answer on every address of the platform."""

        def settings(request: Request) -> Response | dict[str, Any]:
            self.asked.append(("settings", request))
            return _json(self.configuration())

        def register(request: Request) -> Response:
            self.asked.append(("register", request))
            self.sent.append(request.get_json())
            answered = self.answer(self.sent[-1])
            return answered if isinstance(answered, Response) else _json(answered, 201)

        self.server.expect_request("/openid-configuration").respond_with_handler(settings)  # type: ignore[arg-type]
        self.server.expect_request("/registrations", method="POST").respond_with_handler(register)
        keys = {"keys": [public_jwk(rsa_key("platform-1"))]}
        self.server.expect_request("/jwks").respond_with_json(keys)

    def invite(self, *, made_by: AdultId | None = None) -> str:
        """Return the code of a fresh invite."""
        code, invite = new_invite(self.site_id, made_by=made_by, at=self.wiring.clock())
        self.wiring.installs.add_invite(invite)
        return code

    def open(self, code: str, **changes: str | None) -> TestResponse:
        """Open the address as the platform's frame does."""
        values = {"openid_configuration": self.configuration_url, "registration_token": TOKEN, **changes}
        query = {name: text for name, text in values.items() if text is not None}
        headers = {"Referer": self.server.url_for("/accounts/1/developer_keys")}
        return self.client.get(f"/lti/register/{code}", query_string=query, headers=headers)

    def connect(self, code: str, **changes: str) -> TestResponse:
        """Press the button."""
        form: Mapping[str, str] = {
            "openid_configuration": self.configuration_url,
            "registration_token": TOKEN,
            "opened_by": self.server.url_for("").rstrip("/"),
            **changes,
        }
        return self.client.post(f"/lti/register/{code}", data=form)


def make_installable(server: HTTPServer, **settings: Any) -> Installable:
    """Return a platform beside a tool."""
    wiring = InstallWiring()
    assert isinstance(wiring.clock, MovingClock)
    app = make_app(wiring, make_settings(**{"demo": True, **settings}))
    made = Installable(server, app, wiring, make_site(wiring.doors))
    made.serve()
    return made


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")
