"""Launch: verify an id_token as strictly as the specification allows, once, and return a ``LaunchContext``.

LTI security framework 5.1.3 and 5.4; every step overrides the library's step of the same name, because the
library lets through replays, missing ``exp``, a second audience, a wrong ``azp`` and tokens of another login
(measured).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from pylti1p3.contrib.flask.message_launch import FlaskMessageLaunch
from pylti1p3.contrib.flask.request import FlaskRequest
from typing_extensions import override

from lti_app.doors.lti.claims import Claims, LaunchContext, read_claims
from lti_app.doors.lti.login import LOGIN_PATH, StateCookies, UnusedSession, cookie_name, own_path
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import MENTOR, known_roles
from lti_app.doors.lti.toolconf import StoredToolConf, as_library
from lti_app.doors.parts import Parts
from lti_app.doors.records import Deployment, DeploymentState, LaunchState, Registration
from lti_app.session.tokens import hash_of

LEEWAY_SECONDS = 60
OLDEST_SECONDS = 600
LONGEST_LIFE_SECONDS = 24 * 3600
LARGEST_TOKEN = 96 * 1024
CONFIRM_FOR = timedelta(minutes=2)

log = logging.getLogger("lti_app.doors.lti")

_JWS = JWSRegistry(algorithms=["RS256"], strict_check_header=False)


class StrictLaunch(FlaskMessageLaunch):
    """One launch POST. ``accept`` is the only call from outside; ``bound`` tells whether the browser proved
    itself.
    """

    bound: bool = False
    state: str = ""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._conf = StoredToolConf(parts.doors)
        self._record: LaunchState
        self._known: Registration
        self._claims: Claims
        self._site_deployment: Deployment
        super().__init__(  # type: ignore[no-untyped-call]
            FlaskRequest(session={}),  # type: ignore[no-untyped-call]
            self._conf,
            session_service=UnusedSession(),
            cookie_service=StateCookies(),
            requests_session=parts.platform_keys.http,  # the library would make one for each launch
        )

    def accept(self) -> LaunchContext:
        """Return the verified launch; its state is used up whatever happens.

        Raises:
            LaunchRefused: with the reason.
        """
        self.validate()
        return self._context()

    @override
    def validate(self) -> StrictLaunch:
        self._validated = True  # the library would otherwise validate again from its getters
        return (
            self.validate_state()
            .validate_jwt_format()
            .validate_registration()
            .validate_jwt_signature()
            .validate_message()
            .validate_nonce()
            .validate_deployment()
        )

    @override
    def validate_state(self) -> StrictLaunch:
        self.state = self._parameter("state")
        if not self.state:
            raise LaunchRefused("state_missing", status=401)
        record = self._parts.doors.take_launch_state(hash_of(self.state), at=self._parts.clock())
        if record is None:
            raise LaunchRefused("state_unknown", status=401, page="launch_used")
        self._record = record
        self.bound = self._parts.seal.proves(request.cookies.get(cookie_name(self.state)), self.state)
        return self

    @override
    def validate_jwt_format(self) -> StrictLaunch:
        token = self._parameter("id_token")
        if not token:
            raise LaunchRefused("id_token_missing")
        if len(token) > LARGEST_TOKEN or not token.isascii() or token.count(".") != 2:
            raise LaunchRefused("id_token_format", status=401)
        header = _header_of(token)
        if header.get("alg") != "RS256":
            raise LaunchRefused("id_token_alg", status=401)
        if "crit" in header:  # we understand no extension, and an empty list is malformed (RFC 7515, 4.1.11)
            raise LaunchRefused("id_token_crit", status=401)
        kid = header.get("kid")
        if not isinstance(kid, str) or not 0 < len(kid) <= 512:
            raise LaunchRefused("id_token_kid", status=401)
        self._kid, self._token = kid, token
        return self

    @override
    def validate_registration(self) -> StrictLaunch:
        """The registration is the one that the login was for; the token does not get to choose."""
        registration = self._parts.doors.registration(self._record.registration_id)
        if registration is None or not registration.enabled:
            raise LaunchRefused("registration_disabled", status=401)
        self._known = registration
        self._registration = as_library(registration)
        return self

    @override
    def validate_jwt_signature(self) -> StrictLaunch:
        key = self._parts.platform_keys.find(self._known.jwks_url, self._kid)
        try:
            self._body: Mapping[str, Any] = jwt.decode(self._token, key, registry=_JWS).claims
        except (JoseError, ValueError, TypeError, RecursionError):
            raise LaunchRefused("id_token_signature", status=401) from None
        if self._body.get("iss") != self._known.issuer:
            raise LaunchRefused("id_token_iss", status=401)
        return self

    @override
    def validate_message(self) -> StrictLaunch:
        claims = read_claims(self._body)
        if claims.audience != (self._known.client_id,):  # no second audience is trusted here
            raise LaunchRefused("id_token_aud", status=401)
        if claims.azp is not None and claims.azp != self._known.client_id:
            raise LaunchRefused("id_token_azp", status=401)
        _check_times(claims, self._parts.clock())
        if claims.target_link_uri != self._record.target_link_uri:
            raise LaunchRefused("target_differs")
        self._claims = claims
        return self

    @override
    def validate_nonce(self) -> StrictLaunch:
        if not hmac.compare_digest(self._claims.nonce.encode(), self._record.nonce.encode()):
            raise LaunchRefused("nonce", status=401)
        return self

    @override
    def validate_deployment(self) -> StrictLaunch:
        self._site_deployment = approved_deployment(self._parts, self._known, self._claims.deployment_id)
        return self

    @override
    def save_launch_data(self) -> StrictLaunch:
        """Keep nothing: the session we open holds what is needed."""
        return self

    @override
    def get_client_id(self) -> str:
        return self._known.client_id

    def _parameter(self, name: str) -> str:
        return str(self._get_request_param(name) or "")  # type: ignore[no-untyped-call]

    def _context(self) -> LaunchContext:
        return context_of(self._parts, self._claims, self._known, self._site_deployment)

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
        sent = self._parameter("lti_storage_target")
        return {"target": self._record.storage_target or sent or "_parent", "auth_url": self._known.auth_url}


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
    found = StoredToolConf(parts.doors).active(registration, deployment_id)
    if found is not None:
        return found
    known = parts.doors.deployment(registration.id, deployment_id)
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


def _header_of(token: str) -> Mapping[str, Any]:
    """Return the JOSE header. Keys named or carried in it (``jwk``, ``jku``, ``x5u``, ``x5c``) are never
    used.
    """
    part = token.partition(".")[0]
    try:
        header = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise LaunchRefused("id_token_format", status=401) from None
    if not isinstance(header, dict):
        raise LaunchRefused("id_token_format", status=401)
    return header


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
