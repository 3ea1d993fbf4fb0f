"""The recording grid in a browser: counted taps, a server that stops midway, the keyboard, three sizes, axe."""

from __future__ import annotations

import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Blueprint, render_template
from playwright.sync_api import Browser, Page, Playwright, expect
from werkzeug.serving import BaseWSGIServer, make_server

from iepcore.access import Person
from iepcore.caseload import Caseload
from iepcore.ids import AdultId, GoalId
from iepcore.plan import DataPoint
from iepcore.progress import PercentReading
from lti_app import create_app
from lti_app.demo.caseload import demo_id
from lti_app.demo.seed import Practice, people, seed
from lti_app.doors.records import WebSession
from lti_app.screens import blueprints
from lti_app.session.tokens import hash_of
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import Wired, wire

CHILDREN = ("Maya", "Theo", "Tess", "Ivo")
KEYS = ("maya", "theo", "tess", "ivo")
RESULTS = ("Correct", "Prompted", "Incorrect", "No response")
SAVED = re.compile("Saved at school|Guardado en la escuela")


@dataclass(slots=True, kw_only=True)
class School:
    """A real server on a real file that can be stopped and started again on its port."""

    wired: Wired
    app: Any
    port: int
    _running: BaseWSGIServer | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    lose_answers: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._running = make_server("127.0.0.1", self.port, self._serve, threaded=True)
        threading.Thread(target=self._running.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def stop(self) -> None:
        if self._running is not None:
            self._running.shutdown()
            self._running.server_close()
            self._running = None

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Lose the answer of a tap where a test asks for it: the work is done, the page hears nothing."""
        if environ["PATH_INFO"] == "/app/record/tap" and self.lose_answers:
            self.lose_answers -= 1
            b"".join(self.app(environ, lambda *_: None))
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"a gateway, not us"]
        return self.app(environ, start_response)

    def token(self, key: str, *, masquerade: bool = False) -> str:
        user = next(one for one in people()["users"] if one["key"] == key)
        token, now, course = secrets.token_urlsafe(32), self.wired.clock(), people()["courses"][0]
        self.wired.doors.open_session(
            WebSession(
                token_hash=hash_of(token),
                site_id=self.wired.doors.sites()[0].id,
                registration_id=self.wired.doors.registrations()[0].id,
                deployment_id="1:practice",
                door="lti",
                subject=user["sub"],
                adult_id=AdultId(demo_id("adult", key)),
                family=False,
                context_id=course["context_id"],
                context_title=course["name"],
                roster_url=None,
                launch_roles=("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",),
                observees=(),
                canvas_user_id=str(user["canvas_user_id"]),
                display_name=user["name"],
                locale=user["locale"],
                masquerade=masquerade,
                created_at=now,
                seen_at=now,
                idle_until=now + timedelta(minutes=60),
                ends_at=now + timedelta(hours=12),
            )
        )
        return token

    def caseload(self, key: str = "halloran") -> Caseload:
        adult = Person(adult_id=AdultId(demo_id("adult", key)))
        return self.wired.caseload_of(self.wired.doors.sites()[0], adult)

    def points(self, child: str) -> list[DataPoint]:
        """The points of a child's words goal that were made from taps."""
        page = self.caseload().goals.goal(GoalId(demo_id("goal", child, "words")))
        return [point for point in page.history if point.from_set is not None]

    def counts(self) -> list[tuple[int, int]]:
        """Correct and tries of each child's new point."""
        found = []
        for child in KEYS:
            (point,) = self.points(child)
            assert isinstance(point.reading, PercentReading)
            found.append((point.reading.correct, point.reading.trials))
        return found


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One database with the fictional caseload up to today."""
    path = tmp_path_factory.mktemp("school") / "seeded.db"
    wired = wire(_settings(path, 1))
    upgrade(wired.engines)
    seed(wired, Practice(lms_url="http://localhost:8600", api_client_secret="x" * 40))
    wired.engines.close()
    return path


KEY = Fernet.generate_key().decode()


def _settings(path: Path, port: int) -> Settings:
    settings = Settings.from_env(
        {
            "IEP_DATABASE_URL": f"sqlite:///{path}",
            "IEP_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "IEP_SECRET_KEYS": KEY,
        }
    )
    return replace(settings, warnings=())


@pytest.fixture
def school(seeded: Path, tmp_path: Path) -> Iterator[School]:
    """A started server with a door of the tests' own: `/door/<token>` answers as a good launch does."""
    path = tmp_path / "school.db"
    path.write_bytes(seeded.read_bytes())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wired = wire(_settings(path, port))
    app = create_app(_settings(path, port), wiring=wired)
    door = Blueprint("test_door", __name__)

    @door.get("/door/<token>/<lang>")
    def opened(token: str, lang: str) -> str:
        block = {"kind": "open", "token": token, "tab": secrets.token_urlsafe(32), "path": "/app/record"}
        return render_template("door/opened.html", door={**block, "lang": lang})

    app.register_blueprint(door)
    school = School(wired=wired, app=app, port=port)
    school.start()
    yield school
    school.stop()
    wired.engines.close()


@pytest.fixture
def recorder(school: School, page_at: Callable[..., Page]) -> Callable[..., Page]:
    """Return an opener of the recording grid for a member of staff."""

    def open_(width: int = 1366, *, who: str = "halloran", lang: str = "en", page: Page | None = None) -> Page:
        page = page or page_at(width)
        page.goto(f"{school.url}/door/{school.token(who)}/{lang}", wait_until="load")
        expect(page.locator("[data-row]")).to_have_count(4)
        expect(page.locator("[data-tap=correct]").first).to_have_attribute("type", "button")
        return page

    return open_


def _tap(page: Page, child: str, result: str) -> None:
    page.get_by_role("group", name=child, exact=True).get_by_role("button", name=result, exact=True).click()


def _saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(SAVED)


def test_twenty_taps_and_the_end(school: School, recorder: Callable[..., Page]) -> None:
    """A group of four, five tries each: the grid is one tap from anywhere, then 20, then one ends it."""
    page = recorder()
    page.get_by_role("link", name="Record", exact=True).click()
    taps = 1
    for number in range(5):
        for child in CHILDREN:
            _tap(page, child, "Correct" if number < 3 else RESULTS[number - 2])
            taps += 1
    page.get_by_role("button", name="End session").first.click()
    taps += 1
    expect(page.get_by_role("heading", name="Session ended")).to_be_visible()

    assert 22 == taps
    assert [(3, 5)] * 4 == school.counts()
    assert 4 == page.get_by_text("3 of 5 alone").count()
    assert 4 == page.get_by_role("link", name=re.compile("^Write to family")).count()
