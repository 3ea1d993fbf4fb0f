"""The Canvas pop-up: where it goes, what it says when it comes back, and that it is no way in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug import Response

from iepcore.caseload.delivering import DeliveryDesk
from iepcore.ids import AdultId
from lti_app.session.tokens import hash_of
from tests.unit.delivery.canvas_house import CanvasHouse, canvas_server, lending
from tests.unit.screens.conftest import House

__all__ = ["canvas_server", "lending"]

TOKEN = ("POST", "/login/oauth2/token")


def back(lending: CanvasHouse, **query: str) -> tuple[int, str]:
    """Come back from Canvas without any bearer, as the pop-up does."""
    answer = lending.house.client.get("/canvas/back", query_string=query)
    return answer.status_code, answer.get_data(as_text=True)


def test_the_popup_goes_to_the_schools_own_canvas(lending: CanvasHouse) -> None:
    """The address is given to the signed-in teacher only."""
    mine = lending.house.post("/app/canvas", as_="halloran")
    nobodys = lending.house.client.post("/app/canvas")

    assert mine.json["url"].startswith(f"{lending.canvas.url}/login/oauth2/auth?")
    assert 401 == nobodys.status_code


def test_a_yes_connects_and_says_so(lending: CanvasHouse) -> None:
    """The window says that it can be closed and marks itself done for the page behind it."""
    status, page = back(lending, state=lending.begin(), code=lending.consent())

    assert 200 == status
    assert "Canvas is connected" in page
    assert "data-popup-done" in page
    assert "connected" == lending.state()


def test_a_no_is_fine(lending: CanvasHouse) -> None:
    """Canvas comes back without a code: nothing is connected, Canvas is asked nothing."""
    status, page = back(lending, error="access_denied", state=lending.begin())

    assert 400 == status
    assert "You said no in Canvas, and that is fine." in page
    assert "data-popup-done" not in page
    assert "needed" == lending.state()
    assert [] == lending.canvas.calls(*TOKEN)


def test_each_problem_has_its_own_words(lending: CanvasHouse) -> None:
    """Another account, a used state, and a Canvas that is down are three different things to do."""
    state = lending.begin()
    other = back(lending, state=state, code=lending.consent("eklund"))
    used = back(lending, state=state, code=lending.consent())
    lending.canvas.fault(*TOKEN, lambda fake, request, work: Response("", 503))
    down = back(lending, state=lending.begin(), code=lending.consent())

    assert [400, 400, 400] == [other[0], used[0], down[0]]
    assert "That was another Canvas account" in other[1]
    assert "This took too long" in used[1]
    assert "Canvas did not answer" in down[1]
    assert "needed" == lending.state()


@pytest.mark.parametrize("what", ["connected", "another account", "invented"])
def test_the_window_shows_nobodys_name(lending: CanvasHouse, what: str) -> None:
    """It has no bearer, so it holds neither a person nor a child nor what came in its address."""
    code = lending.consent("eklund" if what == "another account" else "halloran")
    state = "invented-<b>state</b>-of-somebody" if what == "invented" else lending.begin()
    _, page = back(lending, state=state, code=code)

    for word in ("Halloran", "Eklund", "Maya", code, "invented", "<b>"):
        assert word not in page


def test_what_waited_goes_on_once_connected(lending: CanvasHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outbox hears of the connection, for this adult alone."""
    heard: list[AdultId] = []
    monkeypatch.setattr(DeliveryDesk, "connected", lambda self, adult_id: heard.append(adult_id))

    back(lending, state=lending.begin(), code="guessed")
    back(lending, state=lending.begin(), code=lending.consent())

    assert [lending.house.adult("halloran")] == heard


def test_leaving_goes_back_to_today(lending: CanvasHouse) -> None:
    """The tokens are gone and the next screen says so."""
    lending.connect()

    answer = lending.house.post("/app/canvas/leave", as_="halloran")

    assert ("/app/today", "canvas_left") == (answer.headers["Rapport-Goto"], answer.headers["Rapport-Said"])
    assert ("lost", "") == (lending.state(), lending.kept().access_token)


def test_a_family_has_no_inbox_to_lend(lending: CanvasHouse) -> None:
    """A mother's session gets the answer of something that is not there, and no state is made."""
    answer = lending.house.post("/app/canvas", as_="elena")

    assert 404 == answer.status_code


def test_a_masked_face_lends_nothing(lending: CanvasHouse) -> None:
    """An administrator acting as a teacher cannot give away the teacher's inbox."""
    token = lending.house.token("halloran")
    doors = lending.house.wired.doors
    session = doors.session(lending.session())
    assert session is not None
    masked = replace(session, key="", token_hash=hash_of(token + "m"), masquerade=True)
    doors.open_session(masked)

    answer = lending.house.client.post("/app/canvas", headers={"Authorization": f"Bearer {token}m"})

    assert 403 == answer.status_code


def test_without_a_key_there_is_nothing_to_open(house: House) -> None:
    """A site whose school gave no key answers as if the page were not there."""
    doors = house.wired.doors
    house.wired.connections._doors = _Keyless(doors)  # type: ignore[assignment]

    assert 404 == house.post("/app/canvas", as_="halloran").status_code


class _Keyless:
    """The doors' store of a school without an API key."""

    def __init__(self, doors: object) -> None:
        self._doors = doors

    def __getattr__(self, name: str) -> object:
        return getattr(self._doors, name)

    def api_client_of_site(self, site_id: object) -> None:
        return None
