"""A teacher connects her own Canvas account: the way there, the way back, and what waited goes on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from connectors.canvas import CanvasFeature, CanvasOAuth, DeveloperKey, Senders, scopes_for
from connectors.http import Origin
from iepcore.errors import ConnectorError, InvalidValue, NotFound
from iepcore.ids import AdultId
from iepcore.people import AddressKind, Adult, RosterFeed
from lti_app.delivery.grants import SiteGrants
from lti_app.doors.records import ApiClient, DoorStore, GrantState, Site, WebSession
from lti_app.session.tokens import hash_of
from lti_app.settings import Settings

BACK_PATH = "/canvas/back"
STATE_LIFE = timedelta(minutes=10)


class CanvasConnections:
    """Use cases of the connection between an adult here and their account in the site's Canvas.

    ``frames_of`` returns the other origins that an administrator named for a platform: links to them are
    taken for links to the same Canvas, and followed at the address of the key.
    """

    def __init__(
        self,
        settings: Settings,
        doors: DoorStore,
        clock: Callable[[], datetime],
        frames_of: Callable[[UUID], Iterable[str]] = lambda registration_id: (),
    ) -> None:
        self._settings = settings
        self._doors = doors
        self._clock = clock
        self._frames_of = frames_of

    def state(self, site: Site, adult_id: AdultId | None) -> str:
        """Return ``none`` (this site has no Canvas key), ``needed``, ``lost`` or ``connected``."""
        if adult_id is None or self._doors.api_client_of_site(site.id) is None:
            return "none"
        grant = self._doors.grant(site.id, adult_id)
        if grant is None:
            return "needed"
        return "lost" if grant.lost else "connected"

    def address(
        self,
        site: Site,
        adult_id: AdultId,
        *,
        session_hash: str,
        features: Iterable[CanvasFeature] = (CanvasFeature.CHANNEL,),
    ) -> str:
        """Return the address in Canvas where the adult says yes to these features and no other; its ``state``
        is used once, for ten minutes."""
        client = self._client(site)
        state = secrets.token_urlsafe(32)
        self._doors.add_grant_state(
            GrantState(
                state_hash=hash_of(state),
                registration_id=client.registration_id,
                site_id=site.id,
                adult_id=adult_id,
                token_hash=session_hash,
                expires_at=self._clock() + STATE_LIFE,
            )
        )
        return self.oauth(client).authorise_url(state=state, scopes=scopes_for(features))

    def finish(
        self, state: str, code: str, *, adult_of: Callable[[Site, AdultId], Adult | None]
    ) -> tuple[Site, AdultId]:
        """Exchange the code that came back and keep the grant.

        Only the person who began may end it: the session must still live, and the account that said yes in
        Canvas must be the one this adult is known by. What another account granted is given back at once.

        Raises:
            InvalidValue: ``connection_state`` (used, old or foreign), ``connection_other_account``.
            ConnectorError: when Canvas refuses the code or does not answer.
        """
        record = self._doors.take_grant_state(hash_of(state), at=self._clock())
        if record is None:
            raise InvalidValue("connection_state", field="state")
        session = self._doors.session(record.token_hash)
        site = self._doors.site(record.site_id)
        if session is None or site is None or not self._lives(session):
            raise InvalidValue("connection_state", field="state")
        client = self._client(site)
        oauth = self.oauth(client)
        grant = oauth.exchange(code)
        adult = adult_of(site, record.adult_id)
        known = adult.address(AddressKind.CANVAS) if adult is not None else None
        if known is None or known.value != grant.canvas_user_id:
            with suppress(ConnectorError):
                oauth.revoke(grant)
            raise InvalidValue("connection_other_account", field="code")
        SiteGrants(self._doors, site, client).save(record.adult_id, grant)
        return site, record.adult_id

    def disconnect(self, site: Site, adult_id: AdultId) -> None:
        """Take the consent back here, and in Canvas as far as it answers."""
        client = self._client(site)
        grants = SiteGrants(self._doors, site, client)
        grant = grants.load(adult_id)
        grants.mark_lost(adult_id)
        if grant is not None and not grant.is_lost:
            with suppress(ConnectorError):  # forgotten here; the person can also remove it in Canvas
                self.oauth(client).revoke(grant)

    def oauth(self, client: ApiClient) -> CanvasOAuth:
        """Return the OAuth client of one Canvas key."""
        return CanvasOAuth(
            Origin.parse(client.base_url),
            DeveloperKey(
                client_id=client.client_id,
                client_secret=client.client_secret,
                redirect_uri=self._settings.url(BACK_PATH),
            ),
        )

    def senders(self, site: Site, client: ApiClient) -> Senders:
        """Return what speaks in the names of the adults of a site; share it, for its locks and its gates."""
        named = self._frames_of(client.registration_id)
        return Senders(
            Origin.parse(client.base_url),
            self.oauth(client),
            SiteGrants(self._doors, site, client),
            also=[Origin.parse(frame) for frame in named if "*" not in frame],
        )

    def _lives(self, session: WebSession) -> bool:
        return session.revoked_at is None and self._clock() < min(session.idle_until, session.ends_at)

    def _client(self, site: Site) -> ApiClient:
        client = self._doors.api_client_of_site(site.id)
        if client is None:
            raise NotFound("api_client")
        return client


def features_of(feeds: Iterable[RosterFeed], adult_id: AdultId) -> tuple[CanvasFeature, ...]:
    """Return what an adult's consent is asked for: notices, and rosters for whoever connected a source of
    rosters in Canvas (of an account, where one is named)."""
    own = [one for one in feeds if one.kind == "canvas" and one.connected_by == adult_id and not one.ended_at]
    rosters = [CanvasFeature.ACCOUNT_ROSTERS if one.config else CanvasFeature.ROSTERS for one in own]
    return tuple(dict.fromkeys((CanvasFeature.CHANNEL, *rosters)))
