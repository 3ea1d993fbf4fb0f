"""Launch: verify an id_token as strictly as the specification allows, and return a ``LaunchContext``.

LTI security framework 5.1.3 and 5.4. pylti1p3 has no part in it: its launch lets through replays, missing
``exp``, a second audience, a wrong ``azp`` and tokens of another login (measured), so every step was our own.

Checking uses nothing up. Whoever lets a launch in deletes its state in the same transaction that opens the
session, and whoever refuses one deletes it then; so of many posts of one launch exactly one gets in.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc.jwk import RSAKey

from lti_app.doors.installs import may_be_inside
from lti_app.doors.lti.claims import Claims, LaunchContext, read_claims
from lti_app.doors.lti.first_launch import open_first
from lti_app.doors.lti.id_token import LTI, is_legible
from lti_app.doors.lti.login import LOGIN_PATH, cookie_of, own_path
from lti_app.doors.lti.posted import Posted
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import MENTOR, known_roles
from lti_app.doors.lti.token import Token, claims_of, take_apart
from lti_app.doors.lti.toolconf import is_open
from lti_app.doors.parts import Parts
from lti_app.doors.records import Deployment, DeploymentState, LaunchState, Registration
from lti_app.doors.threshold import Asked, Person
from lti_app.session.tokens import hash_of

LEEWAY_SECONDS = 60
OLDEST_SECONDS = 600
LONGEST_LIFE_SECONDS = 24 * 3600
CONFIRM_FOR = timedelta(minutes=2)

log = logging.getLogger("lti_app.doors.lti")


class Launch:
    """One launch POST. ``of`` is whose it is, as far as it is known; ``bound`` tells whether the browser
    proved itself; ``person`` is the adult known under its subject, if there is one.
    """

    of: tuple[UUID, str] | None = None
    bound: bool = False
    person: Person | None = None
    _record: LaunchState
    _known: Registration
    _deployment: Deployment | None
    _body: Mapping[str, Any]

    def __init__(self, parts: Parts, posted: Posted) -> None:
        self._parts = parts
        self._posted = posted
        self.state = posted.field("state")
        self.state_hash = hash_of(self.state)

    def check(self) -> LaunchContext:
        """Return the verified launch; nothing is used up by it.

        Raises:
            LaunchRefused: with the reason.
        """
        if not self.state:
            raise LaunchRefused("state_missing", status=401)
        token = self._token()
        self._find_login(token)
        if isinstance(token, LaunchRefused):
            raise token
        if not self._known.enabled:
            raise LaunchRefused("registration_disabled", status=401)
        self._body = claims_of(token, key_of(self._parts, self._known, token))
        if self._body.get("iss") != self._known.issuer:
            raise LaunchRefused("id_token_iss", status=401)
        claims = read_claims(self._body)
        self._compare(claims)
        self.of = (self._known.id, claims.deployment_id)
        if not claims.custom.get("masquerading_user_id"):
            open_first(self._parts, self._known.id, claims.deployment_id, claims.roles)
        deployment = self._deployment
        if deployment is None or not is_open(deployment):
            deployment = approved_deployment(self._parts, self._known, claims.deployment_id)
        self._parts.launch_notes.opened(self._known.id, claims.deployment_id)
        return context_of(self._parts, claims, self._known, deployment)

    def use_up(self) -> None:
        """Use the login up.

        Raises:
            LaunchRefused: ``state_unknown`` when it was used in the meantime.
        """
        if self._parts.doors.take_launch_state(self.state_hash, at=self._parts.clock()) is None:
            raise used_before()

    def spoil(self) -> None:
        """Use the login up if it is there still: a launch that was refused does not get a second try."""
        self._parts.doors.take_launch_state(self.state_hash, at=self._parts.clock())

    def _token(self) -> Token | LaunchRefused:
        """Return the token by its parts, or why it is none."""
        token = self._posted.field("id_token")
        try:
            return take_apart(token) if token else LaunchRefused("id_token_missing")
        except LaunchRefused as refusal:
            return refusal

    def _find_login(self, token: Token | LaunchRefused) -> None:
        """Find the login this answers. The registration is the one it was for; the token does not choose.

        The deployment and the person come along, by what the token says before it can be believed.
        """
        found = self._parts.threshold.look(_asked(self.state_hash, token), at=self._parts.clock())
        if found is None:
            self.of = None if isinstance(token, LaunchRefused) else sender_of(self._parts, token)
            raise used_before()
        login, self.person = found.login, found.person
        self._record, self._known, self._deployment = login.state, login.registration, login.deployment
        self.of = (self._known.id, "")
        proof = self._posted.cookies.get(cookie_of(self.state_hash))
        self.bound = self._parts.seal.proves(proof, self.state)

    def _compare(self, claims: Claims) -> None:
        """Compare what the token says with what the login asked for."""
        client_id = self._known.client_id
        if claims.audience != (client_id,):  # no second audience is trusted here
            raise LaunchRefused("id_token_aud", status=401)
        if claims.azp is not None and claims.azp != client_id:
            raise LaunchRefused("id_token_azp", status=401)
        _check_times(claims, self._parts.clock())
        if claims.target_link_uri != self._record.target_link_uri:
            raise LaunchRefused("target_differs")
        if not hmac.compare_digest(claims.nonce.encode(), self._record.nonce.encode()):
            raise LaunchRefused("nonce", status=401)

    def seal_for_confirmation(self) -> str:
        """Return this verified launch, sealed, for a browser that has yet to prove that it asked for it.

        A fresh single-use record stands behind it, so that it opens at most one session, within two minutes.
        """
        now = self._parts.clock()
        ticket = secrets.token_urlsafe(32)
        self._parts.doors.add_launch_state(
            LaunchState(
                state_hash=hash_of("confirm:" + ticket),
                nonce=self._record.nonce,
                registration_id=self._known.id,
                target_link_uri=self._record.target_link_uri,
                storage_target=self._record.storage_target,
                created_at=now,
                expires_at=now + CONFIRM_FOR,
            )
        )
        return self._parts.seal.close({"ticket": ticket, "state": self.state, "body": self._body}, at=now)

    def window_path(self) -> str | None:
        """Return the path that starts this launch's login again in a window of its own, if it is known."""
        return f"{LOGIN_PATH}?{self._record.again}" if self._record.again else None

    def storage_hint(self) -> dict[str, str]:
        """Return where platform storage may hold the proof: frame name and the platform's origin."""
        sent = self._posted.field("lti_storage_target")
        return {"target": self._record.storage_target or sent or "_parent", "auth_url": self._known.auth_url}


def _asked(state_hash: str, token: Token | LaunchRefused) -> Asked:
    """Return what to look for. Text that no database holds is looked for as nothing."""
    says = None if isinstance(token, LaunchRefused) else token.says
    if says is None:
        return Asked(state_hash=state_hash)
    claimed = (says.get("iss"), says.get(LTI + "deployment_id"), says.get("sub"))
    issuer, deployment, subject = (one if isinstance(one, str) and is_legible(one) else "" for one in claimed)
    return Asked(state_hash=state_hash, issuer=issuer, deployment_id=deployment, subject=subject)


def sender_of(parts: Parts, token: Token) -> tuple[UUID, str] | None:
    """Return whose launch it is that answers no login we know of, or None when nobody vouches for it now.

    Only what a platform signed and is still good counts: nobody else can fill its administrator's page.
    """
    says = token.says or {}
    issuer, audience = says.get("iss"), says.get("aud")
    client_id = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    if not all(isinstance(one, str) and is_legible(one) for one in (issuer, client_id)):
        return None
    for known in parts.doors.registrations_of(str(issuer), str(client_id)):
        if not known.enabled:
            continue
        try:
            claims = read_claims(claims_of(token, key_of(parts, known, token)))
            _check_times(claims, parts.clock())
        except LaunchRefused:
            continue
        return known.id, claims.deployment_id
    return None


def key_of(parts: Parts, registration: Registration, token: Token) -> RSAKey:
    """Return the key of its platform that a token names; raises as :meth:`PlatformKeys.find`."""
    return parts.platform_keys.find(
        registration.jwks_url, token.kid, inside=lambda: may_be_inside(parts.installs, registration.id)
    )


def used_before() -> LaunchRefused:
    """Return the refusal of a launch whose login is not there: used, too old, or never ours."""
    return LaunchRefused("state_unknown", status=401, page="launch_used")


def confirm(parts: Parts, sealed: str, proof: str) -> LaunchContext:
    """Return the launch that was sealed for confirmation, once ``proof`` shows the browser that asked for it.

    Raises:
        LaunchRefused: with the reason; the sealed launch is used up by a right or wrong proof alike.
    """
    value = parts.seal.open(sealed, ttl_seconds=int(CONFIRM_FOR.total_seconds()), at=parts.clock())
    if value is None:
        raise LaunchRefused("confirm_seal", status=401, page="launch_used")
    record = parts.doors.take_launch_state(hash_of("confirm:" + value["ticket"]), at=parts.clock())
    if record is None:
        raise LaunchRefused("confirm_used", status=401, page="launch_used")
    if not parts.seal.proves(proof, value["state"]):
        raise LaunchRefused("confirm_proof", status=401, page="cookies_refused")
    registration = parts.doors.registration(record.registration_id)
    if registration is None or not registration.enabled:
        raise LaunchRefused("registration_disabled", status=401)
    claims = read_claims(value["body"])
    return context_of(
        parts, claims, registration, approved_deployment(parts, registration, claims.deployment_id)
    )


def context_of(
    parts: Parts, claims: Claims, registration: Registration, deployment: Deployment
) -> LaunchContext:
    """Return the launch as the rest of the tool sees it. The target counts only under ``/app/``."""
    assert deployment.site_id is not None, "an approved deployment has a site"
    if claims.mentor_of and MENTOR not in known_roles(claims.roles):
        log.info("role_scope_mentor without the mentor role: ignored")
    return claims.context_for(
        site_id=deployment.site_id,
        registration_id=registration.id,
        target_path=own_path(claims.target_link_uri, parts.settings.public_url),
    )


def approved_deployment(parts: Parts, registration: Registration, deployment_id: str) -> Deployment:
    """Return the deployment when it may launch; a new one is remembered as pending (LTI core 3.1.3)."""
    known = parts.doors.deployment(registration.id, deployment_id)
    if known is not None and is_open(known):
        return known
    if known is None:
        known = Deployment(
            registration_id=registration.id,
            deployment_id=deployment_id,
            state=DeploymentState.PENDING,
            site_id=None,
        )
        parts.doors.save_deployment(known)
    if known.state is DeploymentState.DISABLED:
        raise LaunchRefused("deployment_disabled", page="deployment_disabled")
    raise LaunchRefused("deployment_pending", page="deployment_pending")


def _check_times(claims: Claims, now: datetime) -> None:
    moment = now.timestamp()
    if claims.expires_at <= moment - LEEWAY_SECONDS:
        raise LaunchRefused("id_token_expired", status=401, page="launch_late")
    if claims.issued_at > moment + LEEWAY_SECONDS:
        raise LaunchRefused("id_token_early", status=401, page="launch_late")
    if claims.not_before is not None and claims.not_before > moment + LEEWAY_SECONDS:
        raise LaunchRefused("id_token_early", status=401, page="launch_late")
    if moment - claims.issued_at > OLDEST_SECONDS + LEEWAY_SECONDS:
        raise LaunchRefused("id_token_old", status=401, page="launch_late")
    if claims.expires_at - claims.issued_at > LONGEST_LIFE_SECONDS:
        raise LaunchRefused("id_token_long_lived", status=401)
