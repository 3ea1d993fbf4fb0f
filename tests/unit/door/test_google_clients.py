"""A school's Google client: what may be one, whose it is, and when it opens nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iepcore.errors import InvalidValue
from iepcore.ids import SiteId, new_uuid7
from lti_app.doors.google.clients import GoogleClient, add_google_client, google_client, google_client_of_site
from lti_app.doors.google.endpoints import GOOGLE, endpoints_of, practice
from lti_app.doors.google.frames import FrameKind, hint_of, opened_of
from lti_app.doors.google.manifest import manifest
from lti_app.doors.installs import MemoryInstallStore
from lti_app.doors.memory import MemoryDoorStore
from lti_app.doors.records import CANVAS, ApiClient, DeploymentState, Registration, Site

FRAME = {"courseId": "1", "itemId": "2", "itemType": "courseWork", "attachmentId": "3"}


class Town:
    """Two schools and what the doors remember."""

    def __init__(self) -> None:
        self.doors, self.installs = MemoryDoorStore(), MemoryInstallStore()
        self.sites = [
            Site(id=SiteId(new_uuid7()), name=name, zone="UTC") for name in ("Cedar Hollow", "Elm Street")
        ]
        for site in self.sites:
            self.doors.add_site(site)

    def add(self, site: int = 0, **changes: object) -> GoogleClient:
        values: dict[str, object] = {
            "client_id": "1-a.apps.googleusercontent.com",
            "client_secret": "GOCSPX-secret",
            "domains": ("school.example.org",),
            "clock": lambda: datetime(2026, 11, 24, tzinfo=UTC),
            **changes,
        }
        return add_google_client(self.doors, self.installs, self.sites[site], **values)  # type: ignore[arg-type]


@pytest.fixture
def town() -> Town:
    """Two schools without a client."""
    return Town()


def test_client_is_kept_and_found(town: Town) -> None:
    """By its id and by its site; the secret is in no representation."""
    made = town.add(domains=("School.example.org", "students.school.example.org"))
    assert made == google_client(town.doors, made.id)
    assert made == google_client_of_site(town.doors, town.sites[0].id)
    assert ("school.example.org", "students.school.example.org") == made.domains
    assert "GOCSPX" not in repr(made)
    assert google_client_of_site(town.doors, town.sites[1].id) is None
    assert GOOGLE == made.endpoints
    installation = town.installs.installation(made.id)
    assert installation is not None
    assert ("https://classroom.google.com",) == installation.frames


def test_same_client_again_replaces_its_secret(town: Town) -> None:
    """And adds a domain."""
    first = town.add()
    again = town.add(client_secret="new", domains=("b.example.org",))
    assert first.id == again.id
    assert "new" == again.client_secret
    assert {"school.example.org", "b.example.org"} == set(again.domains)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "a b"}, "google_client_id"),
        ({"client_id": ""}, "google_client_id"),
        ({"client_secret": " "}, "google_client_secret"),
        ({"client_secret": "x" * 300}, "google_client_secret"),
        ({"domains": ()}, "google_domain"),
        ({"domains": ("school",)}, "google_domain"),
        ({"domains": ("https://school.example.org",)}, "google_domain"),
        ({"domains": ("*.example.org",)}, "google_domain"),
    ],
)
def test_what_cannot_be_a_client(town: Town, changes: dict[str, object], code: str) -> None:
    """Each with its own code, and nothing is kept."""
    with pytest.raises(InvalidValue) as refused:
        town.add(**changes)
    assert code == refused.value.code
    assert () == tuple(town.doors.registrations())


def test_client_belongs_to_one_site(town: Town) -> None:
    """Another school cannot take it over."""
    town.add()
    with pytest.raises(InvalidValue) as refused:
        town.add(1)
    assert "google_other_site" == refused.value.code


def test_client_that_is_off_opens_nothing(town: Town) -> None:
    """Turned off, without a domain, or no Google client at all."""
    made = town.add()
    registration = town.doors.registration(made.id)
    assert registration is not None
    town.doors.save_registration(replace(registration, enabled=False))
    assert google_client(town.doors, made.id) is None
    town.doors.save_registration(registration)
    held = town.doors.deployment(made.id, "school.example.org")
    assert held is not None
    town.doors.save_deployment(replace(held, state=DeploymentState.DISABLED))
    assert google_client(town.doors, made.id) is None
    assert google_client(town.doors, new_uuid7()) is None


def test_canvas_and_google_side_by_side(town: Town) -> None:
    """A site's key for Canvas is not its key for Google, and Google's accounts may frame nobody."""
    made = town.add()
    assert town.doors.api_client_of_site(town.sites[0].id) is None
    assert () == tuple(town.doors.frame_ancestors())
    canvas = new_uuid7()
    url = "https://canvas.example.org"
    town.doors.save_registration(
        Registration(id=canvas, issuer=url, client_id="1", auth_url=url, token_url=url, jwks_url=url)
    )
    held = town.doors.deployment(made.id, "school.example.org")
    assert held is not None
    town.doors.save_deployment(replace(held, registration_id=canvas, deployment_id="1"))
    key = ApiClient(registration_id=canvas, base_url=url, client_id="2", client_secret="s")
    town.doors.save_api_client(key)
    assert CANVAS == key.kind
    assert key == town.doors.api_client_of_site(town.sites[0].id)
    assert made == google_client_of_site(town.doors, town.sites[0].id)
    assert (url,) == tuple(town.doors.frame_ancestors())


def test_endpoints() -> None:
    """Google's own, or all of them at one practice origin, which never leads to Google."""
    there = practice("http://localhost:8600")
    assert there == endpoints_of("http://localhost:8600")
    assert GOOGLE == endpoints_of("https://classroom.googleapis.com")
    addresses = [there.auth_url, there.token_url, there.jwks_url, there.classroom_url, there.gmail_url]
    assert all(one.startswith("http://localhost:8600") for one in addresses)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        (FRAME, True),
        ({**FRAME, "itemType": "courseWorkMaterial"}, True),
        ({**FRAME, "itemType": "announcement"}, True),
        ({**FRAME, "itemType": "x"}, False),
        ({**FRAME, "courseId": "a/b"}, False),
        ({**FRAME, "itemId": ""}, False),
        ({**FRAME, "attachmentId": 3}, False),
        ({}, False),
    ],
)
def test_what_a_frame_may_say(said: dict[str, object], fits: bool) -> None:
    """Ids and kinds have a shape; anything else is not even asked about."""
    assert fits == (opened_of(FrameKind.TEACHER, said) is not None)


def test_what_a_frame_that_adds_may_say() -> None:
    """It needs its token, printable and not endless."""
    said = {**FRAME, "addOnToken": "a.b-c"}
    opened = opened_of(FrameKind.SETUP, said)
    assert opened is not None
    assert (("addOnToken", "a.b-c"),) == opened.by
    assert opened_of(FrameKind.UPGRADE, {**FRAME, "addOnToken": "a b"}) is None
    assert opened_of(FrameKind.SETUP, {**FRAME, "addOnToken": "x" * 3000}) is None
    assert ["", "", "1"] == [hint_of(one) for one in ({}, {"login_hint": "<"}, {"login_hint": "1"})]


def test_manifest(town: Town) -> None:
    """Every address is below the client's own, every scope has its reason, and no secret is in it."""
    made = town.add()
    said = manifest(made, "https://rapport.example.org")
    base = f"https://rapport.example.org/classroom/{made.id}"
    assert f"{base}/setup" == said["attachment_setup_uri"]
    assert [f"{base}/"] == said["allowed_attachment_uri_prefixes"]
    assert ["https://rapport.example.org/classroom/back"] == said["authorised_redirect_uris"]
    assert 5 == len([reason for reason in said["scopes"].values() if reason])
    assert "GOCSPX" not in str(said)
