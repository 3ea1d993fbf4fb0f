"""A standing scene for the Google tests: a school, tokens, the source, and clocks under control."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from connectors.google_classroom import (
    CALENDAR_SCOPES,
    GMAIL_SCOPES,
    ROSTER_SCOPES,
    GoogleClient,
    GoogleDialect,
    GoogleGrant,
    GoogleOAuth,
    GoogleSource,
    UserTokens,
)
from connectors.http import Gate, InFlightGate, Limits, Origin, RetryLaw, TokenSource, Transport
from iepcore.ids import AdultId, new_uuid7
from iepcore.people import CourseRoster
from tests.conftest import ROOT
from tests.contract.connectors.doers import Watch
from tests.contract.connectors.google_fake import FakeGoogle
from tests.contract.connectors.google_fake.tokens import CLIENT_ID, CLIENT_SECRET, REDIRECT
from tests.contract.connectors.google_fake.world import Course, Person

CONTRACTS = ROOT.parent / "shared" / "contracts" / "google"
EVERYTHING = frozenset({*ROSTER_SCOPES, *GMAIL_SCOPES, *CALENDAR_SCOPES})
LIMITS = Limits(connect_seconds=3.0, read_seconds=20.0, total_seconds=40.0)


class GoogleGrants:
    """A `GoogleGrantStore` in memory that counts."""

    def __init__(self) -> None:
        self.kept: dict[AdultId, GoogleGrant] = {}
        self.saves = 0

    def load(self, adult_id: AdultId) -> GoogleGrant | None:
        return self.kept.get(adult_id)

    def save(self, adult_id: AdultId, grant: GoogleGrant) -> None:
        self.saves += 1
        self.kept[adult_id] = grant

    def mark_lost(self, adult_id: AdultId) -> None:
        self.kept[adult_id] = replace(self.kept[adult_id], access_token="", refresh_token="", is_lost=True)


class School:
    """A teacher and an administrator of one domain, three courses, and a fake Google in front of them."""

    def __init__(self, google: FakeGoogle, watch: Watch) -> None:
        self.google, self.watch, self.world = google, watch, google.world
        self.origin = Origin.parse(google.url)
        self.oauth = self.make_oauth()
        self.grants = GoogleGrants()
        self.teacher_id = AdultId(new_uuid7())
        self.teacher = self.world.person("Jordan Lee", "jordan.lee@school.example")
        self.admin = self.world.person("Robin Price", "robin.price@school.example")
        self.world.admins.add(self.admin.id)
        self.math = self.course("Math 7", section="Period 3", teachers=[self.teacher])
        self.art = self.course("Art", teachers=[self.teacher])
        self.other = self.course("Science", teachers=[self.world.person("Sam Roe")])

    def make_oauth(self, *, limits: Limits = LIMITS) -> GoogleOAuth:
        return GoogleOAuth(
            GoogleClient(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_uri=REDIRECT),
            accounts=self.origin,
            minting=self.origin,
            timing=self.watch.timing,
            limits=limits,
        )

    def course(self, name: str, *, section: str = "", teachers: list[Person] | None = None) -> Course:
        course = self.world.course(name, section=section)
        course.teachers += [one.id for one in teachers or ()]
        return course

    def enrol(self, course: Course, count: int) -> list[Person]:
        """Add pupils."""
        made = [self.world.person(f"Pupil{number} Field{number}") for number in range(count)]
        course.students += [one.id for one in made]
        return made

    def connect(self, *, scopes: frozenset[str] = EVERYTHING, seconds: float | None = None) -> GoogleGrant:
        """Let the teacher say yes."""
        person = self.teacher
        token = self.google.desk.give(person.id, scopes, seconds=seconds)
        grant = GoogleGrant(
            subject=person.id,
            email=person.email,
            access_token=token,
            refresh_token=self.google.desk.consent(person.id, scopes),
            expires_at=self.google.desk.tokens[token].expires_at,
            scopes=tuple(sorted(scopes)),
            domain=self.world.domain,
        )
        self.grants.kept[self.teacher_id] = grant
        return grant

    def tokens(self) -> UserTokens:
        """Return the teacher's tokens."""
        if self.teacher_id not in self.grants.kept:
            self.connect()
        return UserTokens(self.teacher_id, store=self.grants, oauth=self.oauth, timing=self.watch.timing)

    def transport(
        self,
        tokens: TokenSource | None = None,
        *,
        limits: Limits = LIMITS,
        gate: Gate | None = None,
        law: RetryLaw | None = None,
    ) -> Transport:
        return Transport(
            self.origin,
            GoogleDialect(now=self.watch.now),
            gate=gate or InFlightGate(start=8, most=8),
            tokens=tokens or self.tokens(),
            timing=self.watch.timing,
            law=law,
            limits=limits,
        )

    def source(self, *, limits: Limits = LIMITS, guardians_of: tuple[str, ...] = ()) -> GoogleSource:
        """Return the rosters as the teacher sees them."""
        return GoogleSource(
            self.transport(limits=limits), guardians_of=guardians_of, timing=self.watch.timing
        )

    def domain_source(self, scopes: frozenset[str] = EVERYTHING) -> GoogleSource:
        """Return the rosters as the administrator sees them."""
        token = self.google.desk.give(self.admin.id, scopes)
        return GoogleSource(self.transport(OneToken(token)), whole_domain=True, timing=self.watch.timing)


class OneToken:
    """A token source with one token."""

    def __init__(self, value: str) -> None:
        self.value = value

    def token(self) -> str:
        return self.value

    def invalidate(self, token: str) -> None:
        pass


def by_course(rosters: list[CourseRoster]) -> dict[str, CourseRoster]:
    """Return rosters by the id of their course."""
    return {one.course.id: one for one in rosters}


@pytest.fixture(scope="session")
def google_server() -> Iterator[HTTPServer]:
    """Return one server for all tests."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def google(google_server: HTTPServer, watch: Watch) -> Iterator[FakeGoogle]:
    """Return a fake Google on loopback; without the shared documents it checks by its own table."""
    fake = FakeGoogle(google_server, watch.now, CONTRACTS if CONTRACTS.is_dir() else None)
    yield fake
    fake.released.set()
    google_server.check_handler_errors()
    google_server.clear()


@pytest.fixture
def school(google: FakeGoogle, watch: Watch) -> School:
    """Return a school with a teacher, an administrator and three courses."""
    return School(google, watch)
