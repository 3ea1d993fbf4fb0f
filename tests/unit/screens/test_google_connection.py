"""The Google pop-up: where it goes, what it says when it comes back, and that it is no way in."""

from __future__ import annotations

from iepcore.language import Phrase, render
from lti_app.screens.today_rows import connecting
from tests.contract.connectors.google_fake.faults import html
from tests.unit.delivery.google_house import GoogleHouse, google_server, lent

__all__ = ["google_server", "lent"]


def back(lent: GoogleHouse, **query: str) -> tuple[int, str]:
    """Come back from Google without any bearer, as the pop-up does."""
    answer = lent.house.client.get("/google/back", query_string=query)
    return answer.status_code, answer.get_data(as_text=True)


def test_the_popup_goes_to_google(lent: GoogleHouse) -> None:
    """The address is given to the signed-in adult only."""
    mine = lent.house.post("/app/google", as_="halloran")
    nobodys = lent.house.client.post("/app/google")

    assert mine.json["url"].startswith(f"{lent.google.url}/o/oauth2/v2/auth?")
    assert 401 == nobodys.status_code


def test_a_yes_connects_and_says_so(lent: GoogleHouse) -> None:
    """The window says that it can be closed and marks itself done for the page behind it."""
    state, challenge = lent.begin()

    status, page = back(lent, state=state, code=lent.consent(challenge))

    assert 200 == status
    assert "Google is connected" in page
    assert "data-popup-done" in page
    assert "connected" == lent.state()


def test_each_problem_has_its_own_words(lent: GoogleHouse) -> None:
    """A no, another account, a used state, and a Google that is down are four different things to do."""
    no = back(lent, error="access_denied", state=lent.begin()[0])
    state, challenge = lent.begin()
    other = back(lent, state=state, code=lent.consent(challenge, "eklund"))
    used = back(lent, state=state, code="4/x")
    state, challenge = lent.begin()
    lent.google.fault("POST", "/token", html(503))
    down = back(lent, state=state, code=lent.consent(challenge))

    assert [400] * 4 == [no[0], other[0], used[0], down[0]]
    assert "You said no at Google, and that is fine." in no[1]
    assert "That was another Google account" in other[1]
    assert "This took too long" in used[1]
    assert "Google did not answer" in down[1]
    assert "needed" == lent.state()


def test_leaving_says_what_happens_now(lent: GoogleHouse) -> None:
    """Back on Today, with the words."""
    lent.connect()

    answer = lent.house.post("/app/google/leave", as_="halloran")

    assert "lost" == lent.state()
    assert "google_left" in answer.get_data(as_text=True) + str(answer.headers)


def test_a_reader_by_mail_leads_to_connecting(lent: GoogleHouse) -> None:
    """The words of a notice that waits have their own button, and its own words in three languages."""
    assert ("connect", "connect_google", "") == (
        connecting("connect_canvas_again"),
        connecting("connect_google"),
        connecting("rate_limited"),
    )
    for tag in ("en", "es", "prs"):
        for reason in ("connect_google", "connect_google_again"):
            words = render(Phrase(key=f"outbox.reason.{reason}"), tag)
            assert "Google" in words.text
