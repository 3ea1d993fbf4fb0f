"""What every DoorStore does: in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from iepcore.ids import AdultId, SiteId, new_uuid7
from iepcore.plan import ReportCodes
from lti_app.doors.records import (
    ApiClient,
    ApiGrant,
    Deployment,
    DeploymentState,
    DoorStore,
    GrantState,
    LaunchState,
    NoticeLink,
    Registration,
    Site,
    ToolKey,
    WebSession,
)
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.vault import Vault

NOW = datetime(2026, 3, 2, 15, 4, 5, 678_901, tzinfo=UTC)
SITE = Site(
    id=SiteId(new_uuid7(milliseconds=1)),
    name="Écoles du Lac",
    zone="America/Denver",
    phone="+1 555 0100",
    lms_name="The LMS",
    lms_url="https://lms.example",
    report_codes=ReportCodes(met="M", on_track='S "P"', close="نزدیک", not_introduced="NI"),
)
PLATFORM = Registration(
    id=new_uuid7(milliseconds=2),
    issuer="https://platform.example",
    client_id="10000000000001",
    auth_url="https://sso.platform.example:8443/authorize?x=1",
    token_url="https://platform.example/token",
    jwks_url="https://platform.example/jwks",
    auth_audience="https://platform.example/aud",
)
ADULT = AdultId(new_uuid7(milliseconds=3))


def a_session(token: str = "token-hash", **changes: Any) -> WebSession:
    """A teacher's session with every field filled."""
    session = WebSession(
        token_hash=token,
        site_id=SITE.id,
        registration_id=PLATFORM.id,
        deployment_id="dep-1",
        door="lti",
        subject="subject-7",
        adult_id=None,
        family=False,
        context_id="course-9",
        context_title="Room 12 — mañana",
        roster_url="https://platform.example/nrps/9",
        launch_roles=("Instructor", "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"),
        observees=("pupil-1",),
        canvas_user_id="44",
        display_name="R. Ortiz",
        locale="es",
        masquerade=False,
        created_at=NOW,
        seen_at=NOW,
        idle_until=NOW + timedelta(hours=1),
        ends_at=NOW + timedelta(hours=12),
    )
    return replace(session, **changes)


def a_launch(state: str = "state-hash", **changes: Any) -> LaunchState:
    """A login in flight, ten minutes to live."""
    launch = LaunchState(
        state_hash=state,
        nonce="nonce",
        registration_id=PLATFORM.id,
        target_link_uri="https://tool.example/launch",
        storage_target="_parent",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )
    return replace(launch, **changes)


def a_grant_state(**changes: Any) -> GrantState:
    """An authorisation window in flight."""
    state = GrantState(
        state_hash="grant-hash",
        registration_id=PLATFORM.id,
        site_id=SITE.id,
        adult_id=ADULT,
        token_hash="token-hash",
        expires_at=NOW + timedelta(minutes=10),
    )
    return replace(state, **changes)


def at_once(call: Callable[[], Any], times: int) -> list[Any]:
    """Call from that many threads, all released by the same barrier."""
    barrier = threading.Barrier(times)
    answers: list[Any] = []

    def one() -> None:
        barrier.wait()
        answers.append(call())

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, vault: Vault) -> DoorStore:
    """Each door store in turn, knowing one site and one platform."""
    made: DoorStore
    if request.param == "memory":
        made = pytest.importorskip("lti_app.doors.memory").MemoryDoorStore()
    else:
        made = SqlDoorStore(request.getfixturevalue(f"{request.param}_engines"), vault)
    made.add_site(SITE)
    made.save_registration(PLATFORM)
    return made


class TestSitesAndRegistrations:
    def test_a_site_comes_back_as_it_was_given(self, store: DoorStore) -> None:
        """A site comes back as it was given."""
        assert store.site(SITE.id) == SITE
        assert store.site(SiteId(uuid4())) is None
        assert list(store.sites()) == [SITE]

    def test_a_saved_registration_replaces_the_one_with_its_id(self, store: DoorStore) -> None:
        """Saving a registration again replaces it."""
        changed = replace(PLATFORM, enabled=False, auth_audience=None)
        store.save_registration(changed)
        assert store.registration(PLATFORM.id) == changed
        assert list(store.registrations()) == [changed]
        assert store.registration(uuid4()) is None

    def test_registrations_are_found_by_issuer_and_client(self, store: DoorStore) -> None:
        """One issuer may have several clients: the client id picks one, no client id gives all."""
        second = replace(PLATFORM, id=new_uuid7(), client_id="other")
        store.save_registration(second)
        assert {r.id for r in store.registrations_of(PLATFORM.issuer, None)} == {PLATFORM.id, second.id}
        assert [r.id for r in store.registrations_of(PLATFORM.issuer, "other")] == [second.id]
        assert list(store.registrations_of(PLATFORM.issuer + "/", None)) == []

    def test_a_deployment_moves_from_pending_to_a_site(self, store: DoorStore) -> None:
        """A deployment is pending without a site and active with one."""
        pending = Deployment(
            registration_id=PLATFORM.id, deployment_id="dep-1", state=DeploymentState.PENDING, site_id=None
        )
        store.save_deployment(pending)
        assert store.deployment(PLATFORM.id, "dep-1") == pending
        active = replace(pending, state=DeploymentState.ACTIVE, site_id=SITE.id)
        store.save_deployment(active)
        assert store.deployment(PLATFORM.id, "dep-1") == active
        assert list(store.deployments()) == [active]
        assert store.deployment(PLATFORM.id, "dep-2") is None

    def test_frames_are_allowed_for_enabled_platforms_only(self, store: DoorStore) -> None:
        """Frame ancestors are the origins of issuer and authorization endpoint of enabled platforms."""
        gone = replace(PLATFORM, id=new_uuid7(), issuer="https://gone.example", enabled=False)
        store.save_registration(gone)
        expected = {"https://platform.example", "https://sso.platform.example:8443"}
        assert expected == set(store.frame_ancestors())


class TestKeys:
    def test_keys_come_newest_first_without_the_expired(self, store: DoorStore) -> None:
        """Unexpired keys, newest first, their private half readable again."""
        old = ToolKey(kid="a", private_pem="pem a", public_jwk="{}", created_at=NOW)
        new = ToolKey(
            kid="b", private_pem="pem b", public_jwk="{}", created_at=NOW + timedelta(days=1), expires_at=None
        )
        ended = ToolKey(kid="c", private_pem="pem c", public_jwk="{}", created_at=NOW, expires_at=NOW)
        for key in (old, ended, new):
            store.add_key(key)
        assert [new, old] == list(store.keys(at=NOW))


class TestSingleUse:
    def test_a_launch_state_is_given_once(self, store: DoorStore) -> None:
        """A launch state is given once, with all it carries."""
        store.add_launch_state(a_launch())
        assert a_launch() == store.take_launch_state("state-hash", at=NOW)
        assert store.take_launch_state("state-hash", at=NOW) is None

    def test_an_expired_launch_state_is_none(self, store: DoorStore) -> None:
        """At the instant it expires it is gone."""
        store.add_launch_state(a_launch())
        assert store.take_launch_state("state-hash", at=NOW + timedelta(minutes=10)) is None

    def test_of_twenty_callers_one_gets_the_launch(self, store: DoorStore) -> None:
        """Twenty threads ask at once: one launch, nineteen refusals."""
        store.add_launch_state(a_launch())
        answers = at_once(lambda: store.take_launch_state("state-hash", at=NOW), 20)
        assert ([a_launch()], 19) == ([a for a in answers if a], answers.count(None))

    def test_of_twenty_callers_one_gets_the_grant_state(self, store: DoorStore) -> None:
        """The authorisation pop-up's state is single-use in the same way."""
        store.add_grant_state(a_grant_state())
        answers = at_once(lambda: store.take_grant_state("grant-hash", at=NOW), 20)
        assert ([a_grant_state()], 19) == ([a for a in answers if a], answers.count(None))

    def test_an_expired_grant_state_is_none(self, store: DoorStore) -> None:
        """At the instant it expires it is gone."""
        store.add_grant_state(a_grant_state(expires_at=NOW))
        assert store.take_grant_state("grant-hash", at=NOW) is None


class TestSessions:
    def test_a_session_comes_back_as_it_was_opened(self, store: DoorStore) -> None:
        """Every field survives, tuples and microseconds included; so does a session of the smallest kind."""
        small = a_session(
            "small",
            registration_id=None,
            deployment_id=None,
            context_id=None,
            context_title=None,
            roster_url=None,
            launch_roles=(),
            observees=(),
            canvas_user_id=None,
            display_name=None,
            locale=None,
            family=True,
            masquerade=True,
        )
        store.open_session(a_session())
        store.open_session(small)
        assert a_session() == store.session("token-hash")
        assert small == store.session("small")
        assert store.session("nobody") is None

    def test_touching_moves_the_idle_end(self, store: DoorStore) -> None:
        """Touching changes when it was seen and until when it may idle, nothing else."""
        store.open_session(a_session())
        later = NOW + timedelta(minutes=5)
        store.touch_session("token-hash", seen_at=later, idle_until=later + timedelta(hours=1))
        expected = a_session(seen_at=later, idle_until=later + timedelta(hours=1))
        assert expected == store.session("token-hash")

    def test_an_adult_is_bound_later(self, store: DoorStore) -> None:
        """The subject may turn out to be an adult of the site after the launch."""
        store.open_session(a_session())
        store.bind_adult("token-hash", ADULT)
        assert a_session(adult_id=ADULT) == store.session("token-hash")

    def test_the_first_revocation_counts(self, store: DoorStore) -> None:
        """A second revocation does not move the first."""
        store.open_session(a_session())
        store.revoke_session("token-hash", at=NOW)
        store.revoke_session("token-hash", at=NOW + timedelta(minutes=1))
        assert a_session(revoked_at=NOW) == store.session("token-hash")

    def test_all_sessions_of_one_adult_are_revoked(self, store: DoorStore) -> None:
        """Only hers, only in that site, only those still open are counted."""
        other_site = replace(SITE, id=SiteId(new_uuid7()))
        store.add_site(other_site)
        store.open_session(a_session("one", adult_id=ADULT))
        store.open_session(a_session("two", adult_id=ADULT))
        store.open_session(a_session("revoked", adult_id=ADULT, revoked_at=NOW))
        store.open_session(a_session("other adult", adult_id=AdultId(new_uuid7())))
        store.open_session(a_session("other site", adult_id=ADULT, site_id=other_site.id))
        assert store.revoke_sessions_of(SITE.id, ADULT, at=NOW) == 2
        still_open = {
            token
            for token in ("one", "two", "revoked", "other adult", "other site")
            if (found := store.session(token)) is not None and found.revoked_at is None
        }
        assert still_open == {"other adult", "other site"}


class TestVisits:
    """A login becomes a session where it lies, under the same key."""

    def opened(self, store: DoorStore, state: str = "state-hash", **changes: Any) -> WebSession:
        """The session that a login becomes, with what its reload must show."""
        session = a_session(secret_hash="secret", tab_hash="tab", key=store.key_of(state), **changes)
        assert store.open_session(session, using=state)
        return session

    def test_a_login_becomes_its_session(self, store: DoorStore) -> None:
        """Every field survives, and the login is no login any more."""
        store.add_launch_state(a_launch(again="iss=x"))
        assert store.session(store.key_of("state-hash")) is None
        session = self.opened(store)
        assert session == store.session(session.key)
        assert store.login("state-hash", "dep-1", at=NOW) is None
        assert store.take_launch_state("state-hash", at=NOW) is None
        assert session == store.session(session.key)

    def test_a_login_opens_one_session(self, store: DoorStore) -> None:
        """Twenty threads open at once, some taking the login away: one of them has it."""
        store.add_launch_state(a_launch())
        key = store.key_of("state-hash")

        def either() -> bool:
            if threading.get_ident() % 2:
                return store.take_launch_state("state-hash", at=NOW) is not None
            return store.open_session(a_session(key=key), using="state-hash")

        assert 1 == at_once(either, 20).count(True)

    def test_without_its_login_nothing_opens(self, store: DoorStore) -> None:
        """A login that was never there, or was taken, opens nothing."""
        store.add_launch_state(a_launch())
        assert store.take_launch_state("state-hash", at=NOW) is not None
        for state in ("state-hash", "other"):
            assert not store.open_session(a_session(key=store.key_of(state)), using=state)
            assert store.session(store.key_of(state)) is None

    def test_a_new_token_takes_the_place_of_the_old(self, store: DoorStore) -> None:
        """After a reload the session has a new token and stays what it was."""
        store.add_launch_state(a_launch())
        session = self.opened(store)
        store.renew_session(session.key, token_hash="new token")
        assert replace(session, token_hash="new token") == store.session(session.key)


class TestCanvasGrants:
    client = ApiClient(
        registration_id=PLATFORM.id, base_url="https://lms.example", client_id="77", client_secret="s3cret"
    )

    def test_the_api_client_is_found_by_platform_and_by_site(self, store: DoorStore) -> None:
        """A site finds the key of the platform it is mapped to, once that mapping is active."""
        store.save_api_client(self.client)
        assert self.client == store.api_client(PLATFORM.id)
        assert store.api_client(uuid4()) is None
        assert store.api_client_of_site(SITE.id) is None
        deployment = Deployment(
            registration_id=PLATFORM.id, deployment_id="dep", state=DeploymentState.ACTIVE, site_id=SITE.id
        )
        store.save_deployment(deployment)
        assert self.client == store.api_client_of_site(SITE.id)
        store.save_api_client(replace(self.client, client_secret="next"))
        assert replace(self.client, client_secret="next") == store.api_client_of_site(SITE.id)

    def test_a_grant_belongs_to_one_adult_of_one_site(self, store: DoorStore) -> None:
        """A grant is found by site and adult, and a new one replaces it."""
        grant = ApiGrant(
            site_id=SITE.id,
            registration_id=PLATFORM.id,
            adult_id=ADULT,
            access_token="access",
            refresh_token="refresh",
            expires_at=NOW,
            platform_user_id="12",
        )
        store.save_grant(grant)
        assert grant == store.grant(SITE.id, ADULT)
        assert store.grant(SiteId(uuid4()), ADULT) is None
        store.save_grant(replace(grant, lost=True, access_token="other"))
        assert replace(grant, lost=True, access_token="other") == store.grant(SITE.id, ADULT)


class TestNoticeLinksAndSweep:
    link = NoticeLink(link_hash="link", site_id=SITE.id, created_at=NOW, expires_at=NOW + timedelta(days=30))

    def test_a_link_is_found_until_it_expires(self, store: DoorStore) -> None:
        """A link may be followed many times until it expires."""
        store.add_notice_link(self.link)
        store.add_notice_link(self.link)  # a delivery tried once more
        assert self.link == store.notice_link("link", at=NOW)
        assert self.link == store.notice_link("link", at=NOW)
        assert store.notice_link("link", at=self.link.expires_at) is None
        assert store.notice_link("other", at=NOW) is None

    def test_sweeping_removes_what_has_expired_and_nothing_else(self, store: DoorStore) -> None:
        """Expired states, sessions and links go and are counted; the living stay."""
        store.add_launch_state(a_launch("old login", expires_at=NOW))
        store.add_launch_state(a_launch("young login"))
        store.add_grant_state(a_grant_state(expires_at=NOW))
        store.open_session(a_session("old", ends_at=NOW, idle_until=NOW))
        store.open_session(a_session("young"))
        store.add_notice_link(replace(self.link, link_hash="old", expires_at=NOW))
        store.add_notice_link(self.link)
        assert store.sweep(at=NOW) == 4
        assert store.sweep(at=NOW) == 0
        assert store.session("old") is None
        assert a_session("young") == store.session("young")
        assert store.take_launch_state("young login", at=NOW) is not None
        assert store.notice_link("link", at=NOW) is not None
