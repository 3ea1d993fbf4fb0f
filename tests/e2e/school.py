"""A real server for browser tests: a file, a port, a door of the tests' own, and a network's faults."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask import Blueprint, render_template
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
from lti_app.session.tokens import hash_of
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import Wired, wire

KEYS = ("maya", "theo", "tess", "ivo")
KEY = Fernet.generate_key().decode()


@dataclass(slots=True, kw_only=True)
class School:
    """A real server on a real file that can be stopped and started again on its port."""

    wired: Wired
    app: Any
    port: int
    _running: BaseWSGIServer | None = None
    lose_answers: int = 0
    refuse_taps: bool = False
    tokens: list[str] = field(default_factory=list)

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
        is_tap = environ["PATH_INFO"] == "/app/record/tap"
        if is_tap and self.refuse_taps:
            start_response("503 Service Unavailable", [("Content-Type", "text/html")])
            return [b"starting"]
        if is_tap and self.lose_answers:
            self.lose_answers -= 1
            b"".join(self.app(environ, lambda *_: None))
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"a gateway, not us"]
        return self.app(environ, start_response)

    def revoke(self) -> None:
        """End every session there is, as an administrator or a long absence does."""
        for token in self.tokens:
            self.wired.doors.revoke_session(hash_of(token), at=self.wired.clock())

    def framed_by(self, origin: str) -> None:
        """Let an LMS at this origin frame the tool."""
        (registration,) = self.wired.doors.registrations()
        self.wired.doors.save_registration(replace(registration, auth_url=f"{origin}/authorize"))
        assert any(origin == one for one in self.wired.doors.frame_ancestors())

    def token(self, key: str) -> str:
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
                masquerade=False,
                created_at=now,
                seen_at=now,
                idle_until=now + timedelta(minutes=60),
                ends_at=now + timedelta(hours=12),
            )
        )
        self.tokens.append(token)
        return token

    def goal(self, child: str) -> GoalId:
        return GoalId(demo_id("goal", child, "words"))

    def caseload(self, key: str = "halloran") -> Caseload:
        adult = Person(adult_id=AdultId(demo_id("adult", key)))
        return self.wired.caseload_of(self.wired.doors.sites()[0], adult)

    def points(self, child: str) -> list[DataPoint]:
        """The points of a child's words goal that were made from taps."""
        page = self.caseload().goals.goal(self.goal(child))
        return [point for point in page.history if point.from_set is not None]

    def stored(self, child: str) -> list[str]:
        """The standing tries of a child's open set, in the order tapped."""
        (row,) = self.caseload().progress.rows([self.goal(child)])
        return [outcome.value for outcome in row.tally.outcomes]

    def counts(self) -> list[tuple[int, int]]:
        """Correct and tries of each child's new point."""
        found = []
        for child in KEYS:
            (point,) = self.points(child)
            assert isinstance(point.reading, PercentReading)
            found.append((point.reading.correct, point.reading.trials))
        return found


def seed_file(path: Path) -> None:
    """Write a database with the fictional caseload up to today."""
    wired = wire(_settings(path, 1))
    upgrade(wired.engines)
    seed(wired, Practice(lms_url="http://localhost:8600", api_client_secret="x" * 40))
    wired.engines.close()


@contextmanager
def open_school(path: Path) -> Iterator[School]:
    """Serve a seeded file. `/door/<token>/<lang>` answers as a good launch does and leads to the recorder."""
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
    try:
        yield school
    finally:
        school.stop()
        wired.engines.close()


def _settings(path: Path, port: int) -> Settings:
    settings = Settings.from_env(
        {
            "IEP_DATABASE_URL": f"sqlite:///{path}",
            "IEP_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "IEP_SECRET_KEYS": KEY,
        }
    )
    return replace(settings, warnings=())
