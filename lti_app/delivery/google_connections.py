"""An adult connects her own Google account: the way there, the way back, and what it may be used for.

The same law as for a Canvas inbox (:mod:`lti_app.delivery.connections`). What is asked for is what the school
chose (mail, rosters, calendar), nothing more; what was granted is what Google says was granted.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

from connectors.google_classroom import (
    CALENDAR_SCOPES,
    COURSE_SCOPES,
    GMAIL_SCOPES,
    Consent,
    GoogleAccounts,
    GoogleGrant,
    GoogleOAuth,
    Pace,
)
from connectors.google_classroom import GoogleClient as Client
from connectors.http import Origin
from iepcore.errors import ConnectorError, InvalidValue, NotFound
from iepcore.ids import AdultId
from lti_app.delivery.google_grants import SiteGoogleGrants
from lti_app.doors.google.clients import GoogleClient, google_client, google_client_of_site
from lti_app.doors.google_access import GoogleAccess, GoogleAccessStore, GoogleUse
from lti_app.doors.records import DoorStore, GrantState, Site, WebSession
from lti_app.session.tokens import hash_of
from lti_app.settings import Settings

BACK_PATH = "/google/back"
STATE_LIFE = timedelta(minutes=10)
SCOPES = {
    GoogleUse.MAIL: GMAIL_SCOPES,
    GoogleUse.ROSTERS: COURSE_SCOPES,
    GoogleUse.CALENDAR: CALENDAR_SCOPES,
}
"""What an adult is asked for. Guardians are the service account's: by a teacher they would have to be asked
for one child at a time."""

IsTheirs = Callable[[Site, AdultId, GoogleGrant], bool]
"""Tells whether the account that said yes is this adult's."""


class GoogleConnections:
    """Use cases of the connection between an adult here and their account in the site's Google domain."""

    def __init__(
        self,
        settings: Settings,
        doors: DoorStore,
        kept: GoogleAccessStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._doors = doors
        self._kept = kept
        self._clock = clock
        self._accounts: dict[GoogleClient, GoogleAccounts] = {}
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()

    def access(self, site: Site) -> GoogleAccess | None:
        """Return what the site chose, or None when it has no Google client that is on."""
        client = google_client_of_site(self._doors, site.id)
        return None if client is None else self._kept.google_access(client.id)

    def uses(self, site: Site, use: GoogleUse) -> bool:
        """Tell whether the site chose this use."""
        access = self.access(site)
        return access is not None and use in access.uses

    def state(self, site: Site, adult_id: AdultId | None, use: GoogleUse = GoogleUse.MAIL) -> str:
        """Return ``none`` (the site did not choose this use), ``needed``, ``lost`` or ``connected``."""
        if adult_id is None or not self.uses(site, use):
            return "none"
        grant = SiteGoogleGrants(self._kept, self._client(site)).load(adult_id)
        if grant is None or not set(SCOPES[use]) <= set(grant.scopes):
            return "needed"
        return "lost" if grant.is_lost else "connected"

    def address(self, site: Site, adult_id: AdultId, *, session_hash: str, subject: str = "") -> str:
        """Return the address at Google where the adult says yes; its ``state`` is used once, for ten minutes.

        ``subject`` is the number of the adult's Google account, if it is known: the window begins with it.

        Raises:
            NotFound: the site has no Google client, or chose no use of it.
        """
        client = self._client(site)
        uses = [use for use in self._kept.google_access(client.id).uses if use in SCOPES]
        if not uses:
            raise NotFound("google_use")
        state = secrets.token_urlsafe(32)
        self._doors.add_grant_state(
            GrantState(
                state_hash=hash_of(state),
                registration_id=client.id,
                site_id=site.id,
                adult_id=adult_id,
                token_hash=session_hash,
                expires_at=self._clock() + STATE_LIFE,
            )
        )
        scopes = tuple(dict.fromkeys(scope for use in uses for scope in SCOPES[use]))
        domain = client.domains[0] if len(client.domains) == 1 else ""
        return self.oauth(client).authorise_url(
            self._consent(state), scopes=scopes, domain=domain, hint=subject
        )

    def finish(self, state: str, code: str, *, is_theirs: IsTheirs) -> tuple[Site, AdultId]:
        """Exchange the code that came back and keep the grant.

        Only the person who began may end it: the session must still live, the account must be of a domain of
        the school, and the one this adult is known by. What another account granted is given back at once.

        Raises:
            InvalidValue: ``connection_state`` (used, old or foreign), ``connection_other_account``.
            ConnectorError: when Google refuses the code or does not answer.
        """
        record = self._doors.take_grant_state(hash_of(state), at=self._clock())
        if record is None:
            raise InvalidValue("connection_state", field="state")
        session = self._doors.session(record.token_hash)
        site = self._doors.site(record.site_id)
        client = google_client(self._doors, record.registration_id)
        if session is None or site is None or client is None or not self._lives(session):
            raise InvalidValue("connection_state", field="state")
        oauth = self.oauth(client)
        grant = oauth.exchange(code, self._consent(state))
        of_school = bool(grant.email) and grant.domain in client.domains
        if not of_school or not is_theirs(site, record.adult_id, grant):
            with suppress(ConnectorError):
                oauth.revoke(grant)
            raise InvalidValue("connection_other_account", field="code")
        SiteGoogleGrants(self._kept, client).save(record.adult_id, grant)
        return site, record.adult_id

    def disconnect(self, site: Site, adult_id: AdultId) -> bool:
        """Take the consent back here, and at Google as far as it answers; tell whether there was one."""
        client = google_client_of_site(self._doors, site.id)
        if client is None:
            return False
        grants = SiteGoogleGrants(self._kept, client)
        grant = grants.load(adult_id)
        if grant is None or grant.is_lost:
            return False
        grants.mark_lost(adult_id)
        with suppress(ConnectorError):  # forgotten here; the person can also remove it at Google
            self.oauth(client).revoke(grant)
        return True

    def accounts(self, client: GoogleClient) -> GoogleAccounts:
        """Return the adults of a client, kept: their refresh locks are the same for every call, and so is the
        project's pace."""
        with self._lock:
            if client not in self._accounts:
                grants = SiteGoogleGrants(self._kept, client)
                pace = self._paces.setdefault(client.client_id, Pace())
                self._accounts[client] = GoogleAccounts(self.oauth(client), grants, pace=pace)
            return self._accounts[client]

    def pace(self, client: GoogleClient) -> Pace:
        """Return the pace of a client's project, shared by everybody who asks in it from this process."""
        with self._lock:
            return self._paces.setdefault(client.client_id, Pace())

    def oauth(self, client: GoogleClient) -> GoogleOAuth:
        """Return the OAuth client of one school's Google."""
        return GoogleOAuth(
            Client(
                client_id=client.client_id,
                client_secret=client.client_secret,
                redirect_uri=self._settings.url(BACK_PATH),
            ),
            accounts=_origin_of(client.endpoints.auth_url),
            minting=_origin_of(client.endpoints.token_url),
        )

    def _consent(self, state: str) -> Consent:
        """Return the question of a state. Its verifier comes from the state and a key that only we hold, so
        that nothing has to be kept for it (RFC 7636 asks for 256 bits nobody can guess)."""
        key = self._settings.secret_keys[0].encode()
        told = hmac.new(key, b"google-consent:" + state.encode(), sha256).digest()
        return Consent(state=state, verifier=base64.urlsafe_b64encode(told).rstrip(b"=").decode())

    def _lives(self, session: WebSession) -> bool:
        return session.revoked_at is None and self._clock() < min(session.idle_until, session.ends_at)

    def _client(self, site: Site) -> GoogleClient:
        client = google_client_of_site(self._doors, site.id)
        if client is None:
            raise NotFound("google_client")
        return client


def _origin_of(url: str) -> Origin:
    scheme, _, rest = url.partition("://")
    return Origin.parse(f"{scheme}://{rest.partition('/')[0]}")
