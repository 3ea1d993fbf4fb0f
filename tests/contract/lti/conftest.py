"""What the LTI cases share: a platform, a tool, a browser, and a launch in one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from werkzeug.test import TestResponse

from iepcore.ids import SiteId
from tests.contract.lti.platform import FakePlatform
from tests.contract.lti.tool import TOOL_URL, MovingClock, TestWiring, browser, make_app, make_site


@dataclass
class Stage:
    """One tool, one platform, one browser, one approved deployment."""

    app: Flask
    wiring: TestWiring
    clock: MovingClock
    platform: FakePlatform
    client: FlaskClient
    site_id: SiteId

    def login(self, client: FlaskClient | None = None, **changes: Any) -> dict[str, str]:
        """Log in and return what the platform was asked."""
        answer = (client or self.client).get(
            "/lti/login", query_string=self.platform.login_request(**changes)
        )
        assert 302 == answer.status_code, answer.text
        return self.platform.authorize(answer.headers["Location"])

    def post(
        self, state: str | None, id_token: Any, client: FlaskClient | None = None, **more: Any
    ) -> TestResponse:
        """Post a launch as the platform's form does."""
        form = {"state": state, "id_token": id_token, **more}
        return (client or self.client).post(
            "/lti/launch", data={k: v for k, v in form.items() if v is not None}
        )

    def launch(
        self,
        *,
        header: dict[str, Any] | None = None,
        key: Any = None,
        login: dict[str, Any] | None = None,
        **claims: Any,
    ) -> TestResponse:
        """Go through the whole flow with bent claims."""
        asked = self.login(**(login or {}))
        body = self.platform.claims(asked["nonce"], **claims)
        return self.post(asked["state"], self.platform.sign(body, header=header, key=key))


@pytest.fixture
def stage(httpserver: HTTPServer) -> Iterator[Stage]:
    """A fresh tool beside a fresh platform."""
    wiring = TestWiring()
    clock = wiring.clock
    assert isinstance(clock, MovingClock)
    app = make_app(wiring)
    site_id = make_site(wiring.doors)
    platform = FakePlatform(httpserver, wiring.doors, clock=clock, tool_url=TOOL_URL)
    platform.deploy(site_id)
    yield Stage(app, wiring, clock, platform, browser(app), site_id)
    httpserver.check_assertions()
