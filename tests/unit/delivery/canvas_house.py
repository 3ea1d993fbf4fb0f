"""The seeded house with a fake Canvas over real HTTP behind its API key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_httpserver import HTTPServer

from connectors.canvas import CHANNEL_SCOPES
from iepcore.people import Adult
from lti_app.delivery.connections import CanvasConnections
from lti_app.delivery.roads import Roads
from lti_app.demo.seed import people
from lti_app.doors.records import ApiClient, ApiGrant, Site
from lti_app.session.tokens import hash_of
from tests.contract.connectors.canvas_fake import CLIENT_ID, CLIENT_SECRET, FakeCanvas
from tests.unit.screens.conftest import House


@dataclass(frozen=True, kw_only=True)
class CanvasHouse:
    """A house whose teachers can lend their inbox."""

    house: House
    canvas: FakeCanvas
    folder: Path

    @property
    def site(self) -> Site:
        return self.house.wired.doors.sites()[0]

    @property
    def connections(self) -> CanvasConnections:
        return self.house.wired.connections

    def user(self, key: str) -> int:
        """Return a person's number in Canvas."""
        return int(next(user["canvas_user_id"] for user in people()["users"] if user["key"] == key))

    def session(self, key: str = "halloran") -> str:
        """Return the hash of a person's living session."""
        return hash_of(self.house.token(key))

    def begin(self, key: str = "halloran") -> str:
        """Go to Canvas as a person; return the state of the way."""
        address = self.connections.address(self.site, self.house.adult(key), session_hash=self.session(key))
        return parse_qs(urlsplit(address).query)["state"][0]

    def consent(self, key: str = "halloran") -> str:
        """Say yes in Canvas as a person; return the code that comes back."""
        code = f"code-{len(self.canvas.codes)}-of-{key}"
        self.canvas.codes[code] = (self.user(key), frozenset(CHANNEL_SCOPES))
        return code

    def finish(self, state: str, code: str) -> None:
        """Come back from Canvas."""

        def adult_of(site: Site, adult_id: object) -> Adult | None:
            with self.house.wired.store(site.id).read() as uow:
                return uow.people.adult(adult_id)  # type: ignore[arg-type]

        self.connections.finish(state, code, adult_of=adult_of)

    def connect(self, key: str = "halloran") -> ApiGrant:
        """Connect a person from end to end; return what we keep."""
        self.finish(self.begin(key), self.consent(key))
        return self.kept(key)

    def kept(self, key: str = "halloran") -> ApiGrant:
        """Return the grant we keep of a person."""
        grant = self.house.wired.doors.grant(self.site.id, self.house.adult(key))
        assert grant is not None
        return grant

    def state(self, key: str = "halloran") -> str:
        """Return how a person's connection stands."""
        return self.connections.state(self.site, self.house.adult(key))

    def bytes_of_the_database(self) -> bytes:
        """Return everything SQLite wrote: the file and its write-ahead log."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("house.db*")))


@pytest.fixture(scope="session")
def canvas_server() -> Iterator[HTTPServer]:
    """One server for all tests: starting and stopping one takes half a second."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def lending(house: House, canvas_server: HTTPServer, tmp_path: Path) -> Iterator[CanvasHouse]:
    """The house, its API key leading to the fake Canvas."""
    fake = FakeCanvas(canvas_server, house.clock, None)
    made = CanvasHouse(house=house, canvas=fake, folder=tmp_path)
    for key in ("halloran", "eklund"):
        fake.world.add_user(made.user(key), key.title())
    wired = house.wired
    wired.doors.save_api_client(
        ApiClient(
            registration_id=wired.doors.registrations()[0].id,
            base_url=fake.url,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        )
    )
    settings = replace(wired.settings, public_url="https://tool.example")
    wired.connections = CanvasConnections(settings, wired.doors, house.clock)
    wired.roads = Roads(settings, wired.doors, wired.connections)
    yield made
    fake.released.set()
    canvas_server.check_handler_errors()
    canvas_server.clear()
