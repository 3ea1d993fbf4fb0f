"""Tool: the application under test with an in-memory door store, a clock that tests move, and a browser's
part.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from flask import Blueprint, Flask, Response
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.exceptions import GatewayTimeout, ImATeapot
from werkzeug.test import TestResponse

from iepcore.errors import (
    Busy,
    Conflict,
    ConnectorError,
    IepError,
    IllegalMove,
    InvalidValue,
    NotFound,
    NotPermitted,
)
from iepcore.ids import AdultId, SiteId, new_uuid7
from lti_app.application import build
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.roles import Part, Standing
from lti_app.doors.memory import MemoryDoorStore
from lti_app.doors.records import DoorStore, Site
from lti_app.doors.threshold import Person
from lti_app.session import current_viewer, goto
from lti_app.settings import Settings

TOOL_URL = "https://rapport.example.org"
DATA_BLOCK = re.compile(r'<script type="application/json" id="(door|bind)">(.*?)</script>', re.DOTALL)


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class KnownAdults:
    """Arrivals that remember what arrived; whoever is staff or family is known by subject."""

    met: list[LaunchContext] = field(default_factory=list)
    adults: dict[str, AdultId] = field(default_factory=dict)
    parts: dict[AdultId, Part] = field(default_factory=dict)
    error: Exception | None = None

    def known(self, launch: LaunchContext, person: Person) -> None:
        """Nobody: every launch asks ``arrive``."""

    def arrive(self, launch: LaunchContext) -> AdultId | None:
        self.met.append(launch)
        if self.error is not None:
            raise self.error
        if launch.standing in (Standing.STAFF, Standing.FAMILY, Standing.ADMIN):
            self.adults.setdefault(launch.subject, AdultId(new_uuid7()))
        return self.adults.get(launch.subject)

    def part_of(self, site_id: SiteId, adult_id: AdultId) -> Part:
        """Everybody known is staff and a parent, unless a test says otherwise."""
        return self.parts.get(adult_id, Part(staff=True, parent=True))


@dataclass
class TestWiring:
    """The smallest wiring: an in-memory store and known adults."""

    doors: DoorStore = field(default_factory=MemoryDoorStore)
    arrivals: KnownAdults = field(default_factory=KnownAdults)
    clock: Callable[[], datetime] = field(default_factory=MovingClock)
    database_answers: bool = True

    def ready(self) -> bool:
        return self.database_answers


TestWiring.__test__ = False  # type: ignore[attr-defined]


def make_settings(**changes: Any) -> Settings:
    """Return settings good for tests."""
    values: dict[str, Any] = {
        "database_url": "sqlite://",
        "public_url": TOOL_URL,
        "secret_keys": (Fernet.generate_key().decode(),),
    }
    return Settings(**{**values, **changes})


def make_app(wiring: TestWiring, settings: Settings | None = None) -> Flask:
    """Return the application with one screen of its own under ``/app/probe``."""
    return build(settings or make_settings(), wiring=wiring, screens=(probe_screen(),))


def probe_screen() -> Blueprint:
    """Return the smallest screens: who looks, a form, a refusal of each kind, a mistake of ours."""
    screen = Blueprint("probe", __name__)

    @screen.get("/app/probe")
    def probe() -> dict[str, Any]:
        viewer = current_viewer()
        return {
            "subject": viewer.subject,
            "family": viewer.family,
            "standing": viewer.standing,
            "lang": viewer.locale,
        }

    @screen.get("/app/")
    def first() -> str:
        return f"<title>First</title><main id=page><h1>{escape(current_viewer().subject)}</h1></main>"

    @screen.post("/app/probe")
    def write() -> Response:
        return goto("/app/probe", said="note_sent")

    @screen.get("/app/raise/<kind>")
    def fail(kind: str) -> str:
        raise ERRORS[kind]

    return screen


ERRORS: dict[str, Exception] = {
    "invalid": InvalidValue("correct_over_trials", field="correct"),
    "forbidden": NotPermitted("not_on_team"),
    "absent": NotFound("student"),
    "illegal": IllegalMove(),
    "conflict": Conflict("note", current="theirs", yours="mine"),
    "busy": Busy(),
    "connector": ConnectorError(),
    "other": IepError(),
    "mistake": RuntimeError("Maya reads 42 words"),
    "teapot": ImATeapot(),
    "timeout": GatewayTimeout(),
}


def make_site(doors: DoorStore, name: str = "Maple Street School") -> SiteId:
    """Store a site and return its id."""
    site = Site(id=SiteId(new_uuid7()), name=name, zone="America/Chicago")
    doors.add_site(site)
    return site.id


def data_block(response: TestResponse) -> dict[str, Any]:
    """Return the JSON data block of a door page."""
    match = DATA_BLOCK.search(response.text)
    assert match, response.text
    return dict(json.loads(html.unescape(match.group(2))))


def has_session(response: TestResponse) -> bool:
    """Whether the answer carries a session token."""
    return '"token"' in response.text


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries ``token``."""
    return {"Authorization": f"Bearer {token}"}


def browser(app: Flask) -> FlaskClient:
    """Return a browser with its own cookie jar. No URL is built from the Host header."""
    return app.test_client()
