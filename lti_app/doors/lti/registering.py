"""Registering: from an invite and a platform's address to a stored registration whose deployments wait."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from iepcore.ids import AdultId, SiteId, new_uuid7
from lti_app.doors.installs import Installation, Invite
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.outside import Outside
from lti_app.doors.lti.platform_configuration import PlatformConfiguration, read_configuration
from lti_app.doors.lti.presets import PRESETS, name_of_issuer
from lti_app.doors.lti.registration_request import Registered, read_answer, registration_request
from lti_app.doors.parts import Parts
from lti_app.doors.records import Deployment, DeploymentState, Registration
from lti_app.session.tokens import hash_of

INVITE_FOR = timedelta(hours=48)
CLAIM_FOR = timedelta(days=7)
REGISTER_PATH = "/lti/register"
_LONGEST_TOKEN = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a platform sends along when it opens our address: where its configuration is, its token for this
    registration, and the origin of the page that opened us (for the frame), where the browser says it."""

    configuration_url: str
    token: str | None
    opened_by: str | None


def new_invite(
    site_id: SiteId, *, made_by: AdultId | None, at: datetime, lasts: timedelta = INVITE_FOR
) -> tuple[str, Invite]:
    """Return a fresh code and the invite to keep; the code itself is kept nowhere."""
    code = secrets.token_urlsafe(24)
    return code, Invite(
        code_hash=hash_of(code), site_id=site_id, made_by=made_by, created_at=at, expires_at=at + lasts
    )


def connect(here: Parts, code: str, asked: Asked) -> Registration:
    """Register us with the platform and keep what came of it.

    The invite is used up by success only: whatever goes wrong, the same link can be tried again.

    Raises:
        InstallRefused: ``invite_over``, or what is wrong with the platform's answers.
    """
    now = here.clock()
    invite = here.installs.take_invite(hash_of(code), at=now)
    if invite is None:
        raise InstallRefused("invite_over")
    try:
        return _connect(here, invite, asked, now)
    except BaseException:
        here.installs.add_invite(invite)
        raise


def _connect(here: Parts, invite: Invite, asked: Asked, now: datetime) -> Registration:
    if asked.token is not None and len(asked.token) > _LONGEST_TOKEN:
        raise InstallRefused("token_form")
    configuration = _configuration(here.outside, asked)
    host = urlsplit(configuration.registration_endpoint).hostname or ""
    answer = here.outside.send(
        configuration.registration_endpoint,
        registration_request(here.settings, configuration),
        bearer=asked.token,
    )
    registered = read_answer(answer.status, answer.document, host=host)
    return _keep(here, invite, asked, configuration, registered, now)


def _configuration(outside: Outside, asked: Asked) -> PlatformConfiguration:
    """Fetch and check the configuration; every address in it must be one we may ask."""
    answer = outside.read(asked.configuration_url, bearer=asked.token)
    host = urlsplit(asked.configuration_url).hostname or ""
    if answer.status in (401, 403):
        raise InstallRefused("registration_token", host=host)
    if answer.status != 200:
        raise InstallRefused("configuration_absent", host=host)
    found = read_configuration(answer.document, url=asked.configuration_url)
    for url in (found.authorization_endpoint, found.jwks_uri, found.token_endpoint):
        outside.check(url)
    return found


def _keep(
    here: Parts,
    invite: Invite,
    asked: Asked,
    configuration: PlatformConfiguration,
    registered: Registered,
    now: datetime,
) -> Registration:
    known = here.doors.registrations_of(configuration.issuer, registered.client_id)
    if known:
        before = here.installs.installation(known[0].id)
        if before is None or before.site_id != invite.site_id:
            raise InstallRefused("connected_elsewhere")
    registration = Registration(
        id=known[0].id if known else new_uuid7(),
        issuer=configuration.issuer,
        client_id=registered.client_id,
        auth_url=configuration.authorization_endpoint,
        token_url=configuration.token_endpoint,
        jwks_url=configuration.jwks_uri,
        auth_audience=configuration.authorization_server,
    )
    here.doors.save_registration(registration)
    here.installs.save_installation(
        Installation(
            registration_id=registration.id,
            site_id=invite.site_id,
            product=configuration.product,
            name=configuration.name or name_of_issuer(configuration.issuer),
            frames=_frames(configuration, asked),
            created_at=now,
            claim_until=now + CLAIM_FOR if invite.made_by is None else None,
        )
    )
    if registered.deployment_id is not None:
        wait_for_approval(here, registration, registered.deployment_id)
    return registration


def wait_for_approval(here: Parts, registration: Registration, deployment_id: str) -> None:
    """Keep a deployment as pending, unless it is known."""
    if here.doors.deployment(registration.id, deployment_id) is None:
        here.doors.save_deployment(
            Deployment(
                registration_id=registration.id,
                deployment_id=deployment_id,
                state=DeploymentState.PENDING,
                site_id=None,
            )
        )


def _frames(configuration: PlatformConfiguration, asked: Asked) -> tuple[str, ...]:
    """Return whose pages may frame us: those of a vendor's schools, and the page that is open just now."""
    of_vendor = [one.frames for one in PRESETS if one.issuer == configuration.issuer]
    frames = [*(of_vendor[0] if of_vendor else ()), *([asked.opened_by] if asked.opened_by else ())]
    return tuple(dict.fromkeys(frames))
