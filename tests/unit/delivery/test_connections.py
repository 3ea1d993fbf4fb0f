"""A teacher's own Canvas connection: who may begin it, who may end it, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.canvas import CHANNEL_SCOPES, CanvasFeature, scopes_for
from connectors.http import Origin
from iepcore.errors import ConnectorError, InvalidValue, NotFound
from iepcore.ids import SiteId, new_uuid7
from iepcore.testing.roster_values import a_feed
from lti_app.delivery.connections import CanvasConnections, features_of
from lti_app.doors.records import ApiClient, Site
from tests.contract.connectors.canvas_fake import CLIENT_ID, CLIENT_SECRET, REDIRECT
from tests.unit.delivery.canvas_house import CanvasHouse, canvas_server, lending

__all__ = ["canvas_server", "lending"]

TOKEN = ("POST", "/login/oauth2/token")
REVOKE = ("DELETE", "/login/oauth2/token")


def refused(lending: CanvasHouse, state: str, code: str) -> str:
    """Come back from Canvas and return why that was refused."""
    with pytest.raises(InvalidValue) as problem:
        lending.finish(state, code)
    return problem.value.code


def test_the_way_there_asks_for_our_few_rights_only(lending: CanvasHouse) -> None:
    """The address leads to the school's Canvas with key, redirect, scopes and a long state; no name."""
    address = lending.connections.address(
        lending.site, lending.house.adult("halloran"), session_hash=lending.session()
    )

    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{lending.canvas.url}/login/oauth2/auth?")
    assert ([CLIENT_ID], [REDIRECT]) == (query["client_id"], query["redirect_uri"])
    assert list(CHANNEL_SCOPES) == query["scope"][0].split()
    assert 40 <= len(query["state"][0])
    assert "alloran" not in address
    assert str(lending.house.adult("halloran")) not in address


def test_rosters_are_asked_for_from_whoever_connected_them(lending: CanvasHouse) -> None:
    """A teacher who only sends notices lends no more; an account's rosters are the account's scopes."""
    adult = lending.house.adult("halloran")
    own = a_feed(kind="canvas", connected_by=adult)
    others = a_feed(kind="canvas", connected_by=lending.house.adult("eklund"))
    ended = replace(own, ended_at=own.connected_at)
    file = a_feed(kind="oneroster", connected_by=adult)

    assert (CanvasFeature.CHANNEL,) == features_of([others, ended, file], adult)
    assert (CanvasFeature.CHANNEL, CanvasFeature.ROSTERS) == features_of([own, own], adult)
    account = features_of([replace(own, config="1")], adult)
    assert (CanvasFeature.CHANNEL, CanvasFeature.ACCOUNT_ROSTERS) == account
    address = lending.connections.address(
        lending.site, adult, session_hash=lending.session(), features=account
    )
    assert list(scopes_for(account)) == parse_qs(urlsplit(address).query)["scope"][0].split()


def test_the_schools_own_domain_is_the_same_canvas(lending: CanvasHouse) -> None:
    """An origin that an administrator named for the platform may stand in links; a pattern names no host."""
    house = lending.house
    client = house.wired.doors.api_client_of_site(lending.site.id)
    assert client is not None
    named = ("https://canvas.school.example", "https://*.school.example")
    connections = CanvasConnections(
        house.wired.settings, house.wired.doors, house.clock, lambda registration_id: named
    )

    assert (Origin.parse(named[0]),) == connections.senders(lending.site, client).also


def test_a_yes_is_kept_for_the_one_who_gave_it(lending: CanvasHouse) -> None:
    """From needed to connected, for her alone."""
    before = lending.state()

    grant = lending.connect()

    assert ("needed", "connected") == (before, lending.state())
    assert "needed" == lending.state("eklund")
    assert str(lending.user("halloran")) == grant.platform_user_id
    assert not grant.lost


def test_a_state_is_used_once(lending: CanvasHouse) -> None:
    """The same return again, even with a fresh code, ends nothing, and Canvas is not asked."""
    state = lending.begin()
    lending.finish(state, lending.consent())

    assert "connection_state" == refused(lending, state, lending.consent())
    assert 1 == len(lending.canvas.calls(*TOKEN))


def test_a_refused_code_uses_the_state_up(lending: CanvasHouse) -> None:
    """A code Canvas does not know ends the attempt; nobody can try codes against one state."""
    state = lending.begin()
    with pytest.raises(ConnectorError):
        lending.finish(state, "guessed")

    assert "connection_state" == refused(lending, state, lending.consent())
    assert "needed" == lending.state()


@pytest.mark.parametrize(("seconds", "works"), [(599, True), (600, False), (3600, False)])
def test_a_state_lives_ten_minutes(lending: CanvasHouse, seconds: int, works: bool) -> None:
    """Later the way back is closed and she begins again."""
    state = lending.begin()
    lending.house.clock.forward(seconds=seconds)

    if works:
        lending.finish(state, lending.consent())
    else:
        assert "connection_state" == refused(lending, state, lending.consent())

    assert ("connected" if works else "needed") == lending.state()


def test_a_state_nobody_made_ends_nothing(lending: CanvasHouse) -> None:
    """An invented state, and no state at all."""
    assert "connection_state" == refused(lending, "invented-by-somebody-else-entirely", lending.consent())
    assert "connection_state" == refused(lending, "", lending.consent())
    assert [] == lending.canvas.calls(*TOKEN)


def test_a_session_signed_out_meanwhile_ends_nothing(lending: CanvasHouse) -> None:
    """The pop-up was left open at a shared computer; its session was revoked."""
    state = lending.begin()
    lending.house.wired.doors.revoke_session(lending.session(), at=lending.house.clock())

    assert "connection_state" == refused(lending, state, lending.consent())
    assert [] == lending.canvas.calls(*TOKEN)


def test_a_session_run_out_meanwhile_ends_nothing(lending: CanvasHouse) -> None:
    """She began in the session's last minutes; when it is over, so is the connection in flight."""
    lending.session()
    lending.house.clock.forward(minutes=55)
    state = lending.begin()
    lending.house.clock.forward(minutes=6)

    assert "connection_state" == refused(lending, state, lending.consent())
    assert [] == lending.canvas.calls(*TOKEN)


def test_a_session_that_was_never_ours_ends_nothing(lending: CanvasHouse) -> None:
    """A state bound to a session that is not there (swept, or forged) opens nothing."""
    address = lending.connections.address(
        lending.site, lending.house.adult("halloran"), session_hash="0" * 64
    )
    state = parse_qs(urlsplit(address).query)["state"][0]

    assert "connection_state" == refused(lending, state, lending.consent())


def test_another_account_is_refused_and_given_back(lending: CanvasHouse) -> None:
    """Somebody else was signed in at Canvas: nothing is kept, and their token is revoked there."""
    state = lending.begin("halloran")

    code = refused(lending, state, lending.consent("eklund"))

    assert "connection_other_account" == code
    assert ("needed", "needed") == (lending.state("halloran"), lending.state("eklund"))
    assert [] == [token for token in lending.canvas.tokens.values() if token.state == "good"]
    assert 1 == len(lending.canvas.calls(*REVOKE))


def test_another_account_is_refused_even_when_canvas_goes_away(lending: CanvasHouse) -> None:
    """Giving the token back fails: the reason told stays the account."""
    lending.canvas.fault(*REVOKE, lambda fake, request, work: _answer(503))

    assert "connection_other_account" == refused(lending, lending.begin(), lending.consent("eklund"))


def _answer(status: int) -> object:
    from werkzeug import Response

    return Response("", status)


def test_a_platform_that_is_down_is_told_as_such(lending: CanvasHouse) -> None:
    """No connection is kept, and she can begin again at once."""
    lending.canvas.fault(*TOKEN, lambda fake, request, work: _answer(503))
    with pytest.raises(ConnectorError):
        lending.finish(lending.begin(), lending.consent())

    assert "needed" == lending.state()
    lending.connect()
    assert "connected" == lending.state()


def test_tokens_lie_encrypted_in_the_file(lending: CanvasHouse) -> None:
    """Neither token, nor the school's secret, nor the state stands in any byte SQLite wrote."""
    state = lending.begin()
    lending.finish(state, lending.consent())
    grant = lending.kept()

    written = lending.bytes_of_the_database()
    assert lending.canvas.url.encode() in written  # what is no secret is found, so the search works
    for secret in (grant.access_token, grant.refresh_token, CLIENT_SECRET, state):
        assert 10 < len(secret)
        assert secret.encode() not in written


def test_leaving_forgets_the_tokens_here_and_revokes_them_there(lending: CanvasHouse) -> None:
    """Afterwards we hold two empty words, and Canvas refuses the old token."""
    before = lending.connect()

    lending.connections.disconnect(lending.site, lending.house.adult("halloran"))

    kept = lending.kept()
    assert ("", "", True) == (kept.access_token, kept.refresh_token, kept.lost)
    assert "revoked" == lending.canvas.tokens[before.access_token].state
    assert "lost" == lending.state()


def test_leaving_works_while_canvas_is_down(lending: CanvasHouse) -> None:
    """We forget first; that Canvas did not answer is no reason to keep a token."""
    lending.connect()
    lending.canvas.fault(*REVOKE, lambda fake, request, work: _answer(503))

    lending.connections.disconnect(lending.site, lending.house.adult("halloran"))

    assert ("", "lost") == (lending.kept().access_token, lending.state())


def test_leaving_twice_or_without_a_connection_does_nothing(lending: CanvasHouse) -> None:
    """Canvas hears of it once; who never connected has nothing to lose."""
    lending.connect()
    for _ in range(2):
        lending.connections.disconnect(lending.site, lending.house.adult("halloran"))
    lending.connections.disconnect(lending.site, lending.house.adult("eklund"))

    assert 1 == len(lending.canvas.calls(*REVOKE))
    assert "needed" == lending.state("eklund")


def test_who_left_can_connect_again(lending: CanvasHouse) -> None:
    """A new yes replaces what was lost."""
    lending.connect()
    lending.connections.disconnect(lending.site, lending.house.adult("halloran"))

    grant = lending.connect()

    assert ("connected", False) == (lending.state(), grant.lost)


def test_a_site_without_a_key_has_nothing_to_connect(lending: CanvasHouse) -> None:
    """The screens show no offer, and the addresses behind them are refused."""
    wired = lending.house.wired
    bare = Site(id=SiteId(new_uuid7()), name="Alder Creek", zone="America/Chicago")
    wired.doors.add_site(bare)
    adult = lending.house.adult("halloran")

    assert "none" == lending.connections.state(bare, adult)
    with pytest.raises(NotFound):
        lending.connections.address(bare, adult, session_hash=lending.session())
    with pytest.raises(NotFound):
        lending.connections.disconnect(bare, adult)


def test_a_stranger_has_no_connection(lending: CanvasHouse) -> None:
    """A viewer this site does not know is offered none."""
    assert "none" == lending.connections.state(lending.site, None)


def test_an_adult_without_a_canvas_address_cannot_connect(lending: CanvasHouse) -> None:
    """Whom we do not know in Canvas we cannot recognise there."""
    with lending.house.wired.store(lending.site.id).write() as uow:
        adult = uow.people.adult(lending.house.adult("halloran"))
        assert adult is not None
        uow.people.save_adult(replace(adult, addresses=(), version=adult.version + 1))

    assert "connection_other_account" == refused(lending, lending.begin(), lending.consent())


def test_a_new_canvas_key_keeps_no_hold_of_old_states(lending: CanvasHouse) -> None:
    """The school changed its secret between there and back: Canvas refuses, nothing is kept."""
    state = lending.begin()
    wired = lending.house.wired
    wired.doors.save_api_client(
        ApiClient(
            registration_id=wired.doors.registrations()[0].id,
            base_url=lending.canvas.url,
            client_id=CLIENT_ID,
            client_secret="an-older-secret",
        )
    )

    with pytest.raises(ConnectorError) as problem:
        lending.finish(state, lending.consent())

    assert "older" not in str(problem.value)
    assert "needed" == lending.state()
