"""An adult's own Google account: who may connect it, what is asked for, what is kept, and what it carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.google_classroom import (
    CALENDAR_SCOPES,
    COURSE_SCOPES,
    GMAIL_SCOPES,
    GmailChannel,
)
from iepcore.access import System
from iepcore.errors import ConnectorError, InvalidValue, NotFound
from iepcore.ids import RosterFeedId, SiteId, new_uuid7
from iepcore.people import AddressKind, ChannelAddress, RosterFeed
from lti_app.delivery.google_connections import GoogleConnections
from lti_app.disabling import disable_person
from lti_app.doors.google_access import GoogleUse
from lti_app.doors.records import Site
from lti_app.session.tokens import hash_of
from tests.contract.connectors.doers import SUBJECT, make_notice, text_of
from tests.unit.delivery.google_house import DOMAIN, GoogleHouse, google_server, lent

__all__ = ["google_server", "lent"]


def query_of(lent: GoogleHouse, *, subject: str = "") -> dict[str, list[str]]:
    """Return what the way to Google asks for."""
    address = lent.connections.address(
        lent.site,
        lent.house.adult("halloran"),
        session_hash=hash_of(lent.house.token("halloran")),
        subject=subject,
    )
    assert "alloran" not in address
    return parse_qs(urlsplit(address).query)


def test_the_way_there_asks_for_what_the_school_chose(lent: GoogleHouse) -> None:
    """Mail alone, or more; always limited to the school's domain, never with a name."""
    first = query_of(lent)
    lent.choose(*GoogleUse)
    second = query_of(lent, subject="1107")

    assert {"openid", "email", *GMAIL_SCOPES} == set(first["scope"][0].split())
    assert {"openid", "email", *GMAIL_SCOPES, *COURSE_SCOPES, *CALENDAR_SCOPES} == set(
        second["scope"][0].split()
    )
    assert ([DOMAIN], ["https://tool.example/google/back"]) == (first["hd"], first["redirect_uri"])
    assert ["1107"] == second["login_hint"]
    assert "login_hint" not in first


def test_nothing_chosen_is_no_way(lent: GoogleHouse) -> None:
    """A school that uses the sign-in only, and one without a client."""
    lent.choose(GoogleUse.GUARDIANS)
    other = Site(id=SiteId(new_uuid7()), name="Alder Creek", zone="America/Chicago")

    with pytest.raises(NotFound):
        query_of(lent)
    with pytest.raises(NotFound):
        lent.connections.address(other, lent.house.adult("halloran"), session_hash="x")
    assert "none" == lent.state()
    assert "none" == lent.connections.state(other, lent.house.adult("halloran"))
    assert "none" == lent.connections.state(lent.site, None)
    assert lent.connections.access(other) is None
    assert not lent.connections.disconnect(other, lent.house.adult("halloran"))


def test_a_yes_is_kept_for_the_one_who_gave_it(lent: GoogleHouse) -> None:
    """From needed to connected, for her alone, and for the uses that were granted."""
    before = lent.state()

    kept = lent.connect()

    assert ("needed", "connected") == (before, lent.state())
    assert "needed" == lent.state("eklund")
    assert (lent.people["halloran"].id, f"halloran@{DOMAIN}", DOMAIN) == (
        kept.subject,
        kept.email,
        kept.domain,
    )
    assert kept.refresh_token in lent.google.desk.refreshes


def test_a_box_left_unticked_is_still_needed(lent: GoogleHouse) -> None:
    """Google lets people grant less than was asked."""
    lent.choose(GoogleUse.MAIL, GoogleUse.ROSTERS)
    state, challenge = lent.begin()
    lent.house.wired.google_finish(state, lent.consent(challenge, scopes=frozenset(COURSE_SCOPES)))

    assert ("needed", "connected") == (lent.state(), lent.state(use=GoogleUse.ROSTERS))


def refused(lent: GoogleHouse, state: str, code: str) -> str:
    """Come back from Google and return why that was refused."""
    with pytest.raises(InvalidValue) as problem:
        lent.house.wired.google_finish(state, code)
    return problem.value.code


def test_a_state_is_used_once_and_by_its_session(lent: GoogleHouse) -> None:
    """Used, unknown, late, and after the sign-out: nothing is connected and Google is not asked."""
    state, challenge = lent.begin()
    lent.house.wired.google_finish(state, lent.consent(challenge))
    asked = len(lent.google.seen)
    again = refused(lent, state, lent.consent(challenge))
    late, challenge = lent.begin()
    lent.house.clock.at += timedelta(minutes=11)  # type: ignore[attr-defined]
    too_late = refused(lent, late, lent.consent(challenge))
    out, challenge = lent.begin()
    lent.house.wired.doors.revoke_session(hash_of(lent.house.token("halloran")), at=lent.house.clock())

    assert ["connection_state"] * 4 == [
        again,
        too_late,
        refused(lent, "never-made", "x"),
        refused(lent, out, lent.consent(challenge)),
    ]
    assert asked == len(lent.google.seen)


def test_another_account_is_given_back(lent: GoogleHouse) -> None:
    """A colleague's, and a private one: what it granted is taken back at once."""
    for account in ("eklund", "private"):
        state, challenge = lent.begin()

        assert "connection_other_account" == refused(lent, state, lent.consent(challenge, account))
        assert "needed" == lent.state()
    assert 2 == len(lent.google.calls("POST", "/revoke"))
    assert {} == lent.google.desk.refreshes


def test_who_came_by_google_is_known_by_the_account(lent: GoogleHouse) -> None:
    """The number decides, not the address; and a number that is somebody else's never fits."""
    lent.know_account("halloran")
    lent.know_mail("halloran", "old.name@school.example")
    lent.connect()
    lent.know_account("eklund")
    lent.know_mail("halloran", f"eklund@{DOMAIN}")
    state, challenge = lent.begin()

    assert "connected" == lent.state()
    assert "connection_other_account" == refused(lent, state, lent.consent(challenge, "eklund"))


def test_an_adult_of_another_google_account_is_not_known_by_an_address(lent: GoogleHouse) -> None:
    """Who came by one account cannot lend another, whatever address the records hold."""
    lent.know_account("eklund")
    lent.know_mail("eklund", f"halloran@{DOMAIN}")
    state, challenge = lent.begin("eklund")

    assert "connection_other_account" == refused(lent, state, lent.consent(challenge, "halloran"))


def test_a_google_that_is_down_connects_nothing(lent: GoogleHouse) -> None:
    """An error that the pop-up tells apart."""
    state, _ = lent.begin()

    with pytest.raises(ConnectorError):
        lent.house.wired.google_finish(state, "4/unknown")
    assert "needed" == lent.state()


def test_leaving_forgets_the_tokens_on_both_sides(lent: GoogleHouse) -> None:
    """And leaving twice is leaving once."""
    lent.connect()

    assert lent.connections.disconnect(lent.site, lent.house.adult("halloran"))
    assert not lent.connections.disconnect(lent.site, lent.house.adult("halloran"))

    kept = lent.kept()
    assert ("", "", "", True) == (kept.email, kept.access_token, kept.refresh_token, kept.lost)
    assert {} == lent.google.desk.refreshes
    assert "lost" == lent.state()


def test_disabling_somebody_gives_the_account_back(lent: GoogleHouse) -> None:
    """With everything else that is theirs."""
    lent.connect()
    site = lent.site

    done = disable_person(
        lent.house.wired, site, System(job="standing"), lent.house.adult("halloran"), reason="left"
    )

    assert done.gave_back_inbox
    assert lent.kept().lost
    assert {} == lent.google.desk.refreshes


def test_mail_goes_out_of_the_senders_own_account(lent: GoogleHouse) -> None:
    """Where the school chose so; the road is kept, the letter is the one that SMTP would carry."""
    lent.connect()
    road = lent.house.wired.roads.of(lent.site)[AddressKind.MAIL]
    notice = make_notice()
    to = ChannelAddress(kind=AddressKind.MAIL, value="casey@mail.example")

    receipt = road.deliver(notice, text_of(notice), SUBJECT, to, sender_id=lent.house.adult("halloran"))
    other = road.deliver(notice, text_of(notice), SUBJECT, to, sender_id=lent.house.adult("eklund"))

    assert isinstance(road, GmailChannel)
    assert road is lent.house.wired.roads.of(lent.site)[AddressKind.MAIL]
    assert ("sent", "refused") == (receipt.state.value, other.state.value)
    assert "connect_google" == other.reason
    [mail] = lent.google.world.mails
    assert {"casey@mail.example", f"halloran@{DOMAIN}"} == set(mail.seen_by)


def test_without_the_choice_there_is_no_such_road(lent: GoogleHouse) -> None:
    """The client of the sign-in alone sends nothing."""
    lent.choose(GoogleUse.ROSTERS)

    assert AddressKind.MAIL not in lent.house.wired.roads.of(lent.site)


def feed(lent: GoogleHouse, *, config: str = "", by: str | None = "halloran") -> RosterFeed:
    """Return a feed of Classroom."""
    return RosterFeed(
        id=RosterFeedId(new_uuid7()),
        kind="google",
        name="Google Classroom",
        source="google",
        connected_at=lent.house.clock(),
        connected_by=lent.house.adult(by) if by else None,
        config=config,
    )


def test_a_teachers_courses_are_behind_her_feed(lent: GoogleHouse) -> None:
    """By her own consent; without one there is nobody's account to ask."""
    lent.choose(GoogleUse.ROSTERS)
    course = lent.google.world.course("Resource room")
    course.teachers.append(lent.people["halloran"].id)
    sources = lent.house.wired.feed_sources

    with sources.open(lent.site, feed(lent)) as before:
        assert before is None
    lent.connect()
    with sources.open(lent.site, feed(lent)) as source:
        assert source is not None
        assert ["Resource room"] == [one.title for one in source.courses().courses]
    with sources.open(lent.site, feed(lent, by=None)) as nobody:
        assert nobody is None


def test_the_domain_is_behind_an_administrators_feed(lent: GoogleHouse) -> None:
    """By the service account, for a listed administrator and for nobody else."""
    admin = lent.people["admin"]
    lent.google.world.admins.add(admin.id)
    lent.google.world.course("Science")
    sources = lent.house.wired.feed_sources
    with sources.open(lent.site, feed(lent, config=admin.email)) as before:
        assert before is None
    key = lent.service_key(frozenset(COURSE_SCOPES))
    lent.choose(key=key, subjects=(admin.email,))

    with sources.open(lent.site, feed(lent, config=admin.email)) as source:
        assert source is not None
        assert ["Science"] == [one.title for one in source.courses().courses]
    with (
        pytest.raises(InvalidValue) as caught,
        sources.open(lent.site, feed(lent, config=f"halloran@{DOMAIN}")),
    ):
        pass
    assert "subject_not_listed" == caught.value.code
    assert [(admin.email, frozenset(COURSE_SCOPES))] == lent.google.desk.minted_for


def test_a_new_secret_key_ends_ways_that_are_under_way(lent: GoogleHouse) -> None:
    """The verifier comes from the key: who began before begins again, nothing else is lost."""
    state, challenge = lent.begin()
    keys = ("A" * 43 + "=", *lent.house.wired.settings.secret_keys)
    settings = replace(lent.house.wired.settings, secret_keys=keys)
    wired = lent.house.wired
    wired.google = GoogleConnections(settings, wired.doors, wired.google_kept, lent.house.clock)

    with pytest.raises(ConnectorError):
        wired.google_finish(state, lent.consent(challenge))
    assert "needed" == lent.state()


def test_who_connects_in_the_meantime_is_noticed(lent: GoogleHouse) -> None:
    """The worker had the notice in its hands while she said yes."""
    wired, adult_id = lent.house.wired, lent.house.adult("halloran")
    before = wired.has_connected(lent.site, "connect_google", adult_id)
    lent.connect()

    assert (False, True) == (before, wired.has_connected(lent.site, "connect_google", adult_id))
    assert not wired.has_connected(lent.site, "rate_limited", adult_id)
