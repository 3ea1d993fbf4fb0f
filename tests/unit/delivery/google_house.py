"""The seeded house with a fake Google over real HTTP behind its client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from pytest_httpserver import HTTPServer

from iepcore.people import AddressKind, ChannelAddress, Identity, PersonKind
from lti_app.delivery.google_connections import SCOPES, GoogleConnections
from lti_app.delivery.google_rosters import GoogleRosters
from lti_app.delivery.roads import Roads
from lti_app.doors.google.clients import GoogleClient, add_google_client
from lti_app.doors.google.endpoints import practice
from lti_app.doors.google_access import GoogleAccess, GoogleConsent, GoogleUse
from lti_app.doors.records import Site
from lti_app.rosters.sources import FeedSources
from lti_app.session.tokens import hash_of
from tests.contract.connectors.google_fake import FakeGoogle
from tests.contract.connectors.google_fake.tokens import CLIENT_ID, CLIENT_SECRET, Code
from tests.contract.connectors.google_fake.world import Person
from tests.unit.screens.conftest import House

DOMAIN = "school.example"
LAST = UUID(int=(1 << 128) - 1)
"""Behind every other registration: the house signs its people in by the first."""
EVERY_SCOPE = frozenset(scope for scopes in SCOPES.values() for scope in scopes)


@dataclass(kw_only=True)
class GoogleHouse:
    """A house whose teachers can lend their Google accounts. ``people`` are accounts by key."""

    house: House
    google: FakeGoogle
    client: GoogleClient
    people: dict[str, Person]

    @property
    def site(self) -> Site:
        return self.house.wired.doors.sites()[0]

    @property
    def connections(self) -> GoogleConnections:
        return self.house.wired.google

    def choose(self, *uses: GoogleUse, key: str = "", subjects: tuple[str, ...] = ()) -> None:
        """Let the school choose."""
        self.house.wired.google_kept.save_google_access(
            GoogleAccess(registration_id=self.client.id, uses=uses, service_key=key, subjects=subjects)
        )

    def service_key(self, allowed: frozenset[str]) -> str:
        """Return a service account's key file that points at the fake."""
        text = self.google.desk.new_account(allowed)
        return text.replace("https://oauth2.googleapis.com", self.google.url)

    def begin(self, key: str = "halloran") -> tuple[str, str]:
        """Go to Google as a person; return state and challenge of the way."""
        session = hash_of(self.house.token(key))
        address = self.connections.address(self.site, self.house.adult(key), session_hash=session)
        query = parse_qs(urlsplit(address).query)
        return query["state"][0], query["code_challenge"][0]

    def consent(self, challenge: str, account: str = "halloran", scopes: frozenset[str] = EVERY_SCOPE) -> str:
        """Say yes at Google with an account; return the code that comes back."""
        code = f"4/code-{len(self.google.desk.codes)}-{account}"
        self.google.desk.codes[code] = Code(self.people[account].id, scopes, challenge)
        return code

    def connect(self, key: str = "halloran") -> GoogleConsent:
        """Connect a person from end to end; return what we keep."""
        state, challenge = self.begin(key)
        self.house.wired.google_finish(state, self.consent(challenge, key))
        return self.kept(key)

    def kept(self, key: str = "halloran") -> GoogleConsent:
        """Return the consent we keep of a person."""
        found = self.house.wired.google_kept.google_consent(self.site.id, self.house.adult(key))
        assert found is not None
        return found

    def state(self, key: str = "halloran", use: GoogleUse = GoogleUse.MAIL) -> str:
        """Return how a person's connection stands."""
        return self.connections.state(self.site, self.house.adult(key), use)

    def know_mail(self, key: str, address: str) -> None:
        """Let the school's systems hold a person's mail address."""
        with self.house.wired.store(self.site.id).write() as uow:
            adult = uow.people.adult(self.house.adult(key))
            assert adult is not None
            mail = ChannelAddress(kind=AddressKind.MAIL, value=address)
            others = tuple(one for one in adult.addresses if one.kind is not AddressKind.MAIL)
            uow.people.save_adult(replace(adult, addresses=(*others, mail), version=adult.version + 1))

    def know_account(self, key: str) -> None:
        """Let a person once have come by the Google door."""
        with self.house.wired.store(self.site.id).write() as uow:
            uow.people.add_identity(
                Identity(
                    source="google",
                    subject=self.people[key].id,
                    kind=PersonKind.ADULT,
                    person_id=self.house.adult(key),
                )
            )


@pytest.fixture(scope="session")
def google_server() -> Iterator[HTTPServer]:
    """One server for all tests."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def lent(house: House, google_server: HTTPServer) -> Iterator[GoogleHouse]:
    """The house, its Google client leading to the fake Google; mail is chosen."""
    fake = FakeGoogle(google_server, house.clock, None)
    wired = house.wired
    settings = replace(wired.settings, public_url="https://tool.example")
    client = add_google_client(
        wired.doors,
        wired.installs,
        wired.doors.sites()[0],
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        domains=[DOMAIN],
        clock=house.clock,
        endpoints=practice(fake.url),
        id_=LAST,
    )
    wired.google = GoogleConnections(settings, wired.doors, wired.google_kept, house.clock)
    wired.roads = Roads(settings, wired.doors, wired.connections, wired.google)
    wired.feed_sources = FeedSources(
        wired.doors, wired.connections, GoogleRosters(wired.doors, wired.google_kept, wired.google)
    )
    people = {
        key: fake.world.person(key.title(), f"{key}@{DOMAIN}") for key in ("halloran", "eklund", "admin")
    }
    people["private"] = fake.world.person("Private", "private@mail.example")
    made = GoogleHouse(house=house, google=fake, client=client, people=people)
    made.choose(GoogleUse.MAIL)
    made.know_mail("halloran", f"Halloran@{DOMAIN}")
    yield made
    fake.released.set()
    google_server.check_handler_errors()
    google_server.clear()
