"""A house for screen tests: the real application on a real SQLite file with the fictional caseload."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from iepcore.access import Person
from iepcore.caseload import Caseload
from iepcore.ids import AdultId, GoalId, StudentId
from lti_app import create_app
from lti_app.demo.caseload import demo_id
from lti_app.demo.seed import Practice, people, seed
from lti_app.doors.records import WebSession
from lti_app.session.tokens import hash_of
from lti_app.settings import Settings
from lti_app.storage.migrate import upgrade
from lti_app.wiring import Wired, wire
from tests.kept_templates import KEPT

KEY = Fernet.generate_key().decode()
FAMILY = frozenset(
    {"dana", "rui", "elena", "farid", "laila", "carl", "elise", "sam", "renee", "osei", "ilona", "bruna"}
)


class StoppedClock:
    """A clock that stands until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass(slots=True, kw_only=True)
class House:
    """The application with people who can look at it. Keys of people are those of the practice LMS."""

    app: Flask
    wired: Wired
    clock: StoppedClock
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    @property
    def site_id(self) -> object:
        return self.wired.doors.sites()[0].id

    def token(self, key: str, *, context: str | None = "auto", lang: str | None = None) -> str:
        """Return a bearer for a person, as a launch from the Resource room would have given."""
        name = f"{key}/{context}"
        if name not in self.tokens:
            user = next(one for one in people()["users"] if one["key"] == key)
            registration = self.wired.doors.registrations()[0]
            token = secrets.token_urlsafe(32)
            course = people()["courses"][0]
            family = key in FAMILY
            now = self.clock()
            role = "Mentor" if family else "Instructor"
            self.wired.doors.open_session(
                WebSession(
                    token_hash=hash_of(token),
                    site_id=self.wired.doors.sites()[0].id,
                    registration_id=registration.id,
                    deployment_id="1:practice",
                    door="lti",
                    subject=user["sub"],
                    adult_id=AdultId(demo_id("adult", key)),
                    family=family,
                    context_id=course["context_id"],
                    context_title=course["name"],
                    roster_url=None,
                    launch_roles=(f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}",),
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
            self.tokens[name] = token
        return self.tokens[name]

    def get(self, path: str, *, as_: str, lang: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(as_)}"}
        if lang:
            headers["Rapport-Lang"] = lang
        return self.client.get(path, headers=headers)

    def post(
        self, path: str, data: Mapping[str, object] | None = None, *, as_: str, json: object = None
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(as_)}"}
        if json is not None:
            return self.client.post(path, json=json, headers=headers)
        return self.client.post(path, data=dict(data or {}), headers=headers)

    def adult(self, key: str) -> AdultId:
        return AdultId(demo_id("adult", key))

    def student(self, key: str) -> StudentId:
        return StudentId(demo_id("student", key))

    def goal(self, child: str, key: str = "main") -> GoalId:
        return GoalId(demo_id("goal", child, key))

    def caseload(self, key: str) -> Caseload:
        """Return the use cases acting as a person, to arrange or to look behind a screen."""
        return self.wired.caseload_of(self.wired.doors.sites()[0], Person(adult_id=self.adult(key)))

    def key(self) -> UUID:
        return uuid4()


def _settings(path: Path) -> Settings:
    return Settings.from_env(
        {
            "IEP_DATABASE_URL": f"sqlite:///{path}",
            "IEP_PUBLIC_URL": "http://127.0.0.1:8500",
            "IEP_SECRET_KEYS": KEY,
        }
    )


NOW = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
"""A Monday, half past ten in the school's zone."""


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One database with the fictional caseload, made once."""
    path = tmp_path_factory.mktemp("house") / "seeded.db"
    wired = wire(_settings(path))
    wired.clock = StoppedClock(NOW)
    upgrade(wired.engines)
    seed(wired, Practice(lms_url="http://localhost:8600", api_client_secret="x" * 40))
    wired.engines.close()
    return path


@pytest.fixture
def house(seeded_file: Path, tmp_path: Path) -> Iterator[House]:
    """A fresh copy of the seeded site and the real application on it."""
    path = tmp_path / "house.db"
    shutil.copy(seeded_file, path)
    settings = replace(_settings(path), warnings=())
    wired = wire(settings)
    clock = StoppedClock(NOW)
    wired.clock = clock
    app = create_app(settings, wiring=wired)
    app.jinja_env.bytecode_cache = KEPT
    app.testing = True
    yield House(app=app, wired=wired, clock=clock)
    wired.engines.close()


@pytest.fixture
def client_key() -> Callable[[], UUID]:
    """A maker of client keys."""
    return uuid4
