"""Calls to a platform that somebody else connected: to public addresses only, looked at each time."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
import requests
from pytest_httpserver import HTTPServer

from lti_app.doors.installs import Installation
from lti_app.doors.lti.outward import outward_session
from lti_app.doors.lti.platform_keys import PlatformKeys
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.services import PlatformServices, ServiceSilent
from lti_app.doors.parts import parts
from tests.contract.lti.conftest import Stage
from tests.contract.lti.test_bad_launches import assert_refused
from tests.contract.lti.test_platform_keys import PUBLISHED
from tests.contract.lti.tool import MovingClock, has_session

HOST = "platform.example"
OPEN, PRIVATE = "127.0.0.1", "127.0.0.2"
"""Both are this machine; which of them is public is said here."""


class Names:
    """A resolver whose answers change, as those of whoever owns a name may."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        assert HOST == host
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def session(names: Names) -> requests.Session:
    """Return a session for which one address of this machine is public."""
    return outward_session(practice=False, resolve=names, is_public=lambda address: address == OPEN)


def served(httpserver: HTTPServer) -> str:
    """Publish a key set under a name that no real resolver knows."""
    httpserver.expect_request("/keys").respond_with_data(PUBLISHED, content_type="application/json")
    return f"http://{HOST}:{httpserver.port}/keys"


@pytest.mark.parametrize(
    "answer", [(PRIVATE,), (OPEN, PRIVATE), ()], ids=["S32-private", "S32-one-of-two", "S32-nobody"]
)
def test_a_name_that_turns_inward(httpserver: HTTPServer, answer: Sequence[str]) -> None:
    """S32: a name that was public at first is looked at again; the private address is never called."""
    url, names = served(httpserver), Names((OPEN,), answer)
    ours = session(names)
    assert 200 == ours.get(url, timeout=10).status_code

    ours.close()  # a connection kept open leads where it led
    with pytest.raises(requests.ConnectionError):
        ours.get(url, timeout=10)

    assert (2, 1) == (names.asked, len(httpserver.log))


def test_https_is_looked_at_too() -> None:
    """S32: with encryption, too, a private address is refused before anything is sent."""
    names = Names((PRIVATE,))
    with pytest.raises(requests.ConnectionError):
        session(names).get(f"https://{HOST}/keys", timeout=10)
    assert 1 == names.asked


def test_nobody_listens_there(httpserver: HTTPServer) -> None:
    """A public address where nobody answers is a platform that is silent."""
    url = served(httpserver).replace(str(httpserver.port), "1")
    with pytest.raises(requests.ConnectionError):
        session(Names((OPEN,))).get(url, timeout=10)


def test_the_practice_platform_is_on_this_machine(httpserver: HTTPServer) -> None:
    """In the demonstration this machine is called by name, and nothing else that is private."""
    httpserver.expect_request("/keys").respond_with_data(PUBLISHED, content_type="application/json")
    assert outward_session(practice=True).get(httpserver.url_for("/keys"), timeout=10).ok
    with pytest.raises(requests.ConnectionError):
        outward_session(practice=False).get(httpserver.url_for("/keys"), timeout=10)


def test_key_sets_are_fetched_from_outside(httpserver: HTTPServer) -> None:
    """S32: the key set of a platform that may not be inside; one that may be is asked as before."""
    url, clock = served(httpserver), MovingClock()
    keys = PlatformKeys(clock=clock, outward=session(Names((OPEN,), (PRIVATE,))))
    assert keys.find(url, "platform-1", inside=lambda: False)
    keys.outward.close()
    clock.forward(days=2)
    with pytest.raises(LaunchRefused, match="jwks_unreachable"):
        keys.find(url, "platform-1", inside=lambda: False)
    assert 1 == len(httpserver.log)

    assert keys.find(httpserver.url_for("/keys"), "platform-1", inside=lambda: True)


@pytest.mark.parametrize("inside", [True, False], ids=["S32-by-hand", "S32-by-invite"])
def test_who_connected_it_decides(stage: Stage, inside: bool) -> None:
    """A platform on this machine opens launches and gives tokens when it was connected by hand here; one that
    came by an invite does neither.
    """
    here, known = parts(stage.app), stage.platform.registration
    here.installs.save_installation(
        Installation(
            registration_id=known.id,
            site_id=stage.site_id,
            product="",
            name="",
            frames=(),
            created_at=stage.clock(),
            inside=inside,
        )
    )
    answer = stage.launch()
    if inside:
        assert has_session(answer)
        here.services.prove(known, "dep-1", ["scope"])
        return
    assert_refused(answer)
    with pytest.raises(ServiceSilent):
        here.services.prove(known, "dep-1", ["scope"])
    assert (0, 0) == (stage.platform.key_set_requests, len(stage.platform.token_requests))


def test_services_ask_by_registration(stage: Stage) -> None:
    """The rule is looked up for the registration that is called, at the call."""
    seen: list[UUID] = []

    def inside(registration_id: UUID) -> bool:
        seen.append(registration_id)
        return True

    services = PlatformServices(keys=parts(stage.app).own_keys, clock=stage.clock, inside=inside)
    services.prove(stage.platform.registration, "dep-1", ["scope"])
    assert [stage.platform.registration.id] == seen
