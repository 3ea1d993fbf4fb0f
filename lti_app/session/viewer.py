"""The viewer: who is looking, read from the session at each request. It says who, never what they may see."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

from flask import g

from iepcore.errors import NotPermitted
from iepcore.ids import AdultId
from lti_app.doors.launch_offers import NOTHING, Offers
from lti_app.doors.lti.roles import Standing, standing_of
from lti_app.doors.parts import Parts
from lti_app.doors.records import DeploymentState, Site, WebSession
from lti_app.session.tokens import hash_of, key_in

TOUCH_EVERY = timedelta(seconds=60)
"""A session's sliding end is written at most this often, so that reading screens stays cheap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lives without use, and in all."""

    idle: timedelta
    whole: timedelta


STAFF_LIFETIME = Lifetime(idle=timedelta(minutes=60), whole=timedelta(hours=12))
FAMILY_LIFETIME = Lifetime(idle=timedelta(minutes=30), whole=timedelta(hours=24))


def lifetime_of(*, family: bool) -> Lifetime:
    """Return the lifetime of a session."""
    return FAMILY_LIFETIME if family else STAFF_LIFETIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is looking. ``adult_id`` None: the platform vouched for somebody this site does not know yet.

    ``locale`` is the BCP-47 tag asked for on the page, else the platform's. ``source`` and ``subject`` are
    the identity, ``session_hash`` the key of the session.
    """

    site: Site
    adult_id: AdultId | None
    source: str
    subject: str
    standing: Standing
    family: bool
    roles: tuple[str, ...]
    observees: tuple[str, ...]
    display_name: str | None
    locale: str | None
    masquerade: bool
    context_id: str | None
    context_title: str | None
    roster_url: str | None
    registration_id: UUID | None
    deployment_id: str | None
    canvas_user_id: str | None
    session_hash: str
    offers: Offers = NOTHING


def current_viewer() -> Viewer:
    """Return who is looking.

    Raises:
        NotPermitted: ``no_session`` outside ``/app/`` and ``/session/``, or without a bearer.
    """
    viewer = g.get("viewer")
    if viewer is None:
        raise NotPermitted("no_session")
    return cast(Viewer, viewer)


def viewer_of_token(parts: Parts, token: str, *, lang: str | None) -> Viewer | None:
    """Return the viewer behind a bearer token and slide its idle end, or None when nothing live stands
    behind it.
    """
    session = parts.doors.session(key_in(token))
    if session is None or not hmac.compare_digest(session.token_hash, hash_of(token)):
        return None
    viewer = viewer_of(parts, session, lang=lang)
    if viewer is not None:
        _touch(parts, session)
    return viewer


def viewer_of(parts: Parts, session: WebSession, *, lang: str | None = None) -> Viewer | None:
    """Return the viewer of ``session`` if it is live and its door is still open."""
    now = parts.clock()
    if session.revoked_at is not None or min(session.idle_until, session.ends_at) <= now:
        return None
    site = parts.doors.site(session.site_id)
    if site is None or not _door_open(parts, session):
        return None
    return Viewer(
        site=site,
        adult_id=session.adult_id,
        source=source_of(session),
        subject=session.subject,
        standing=standing_of(session.launch_roles, in_course=session.context_id is not None),
        family=session.family,
        roles=session.launch_roles,
        observees=session.observees,
        display_name=session.display_name,
        locale=lang or session.locale,
        masquerade=session.masquerade,
        context_id=session.context_id,
        context_title=session.context_title,
        roster_url=session.roster_url,
        registration_id=session.registration_id,
        deployment_id=session.deployment_id,
        canvas_user_id=session.canvas_user_id,
        session_hash=session.key,
        offers=session.offers,
    )


def source_of(session: WebSession) -> str:
    """Return who vouches for the subject: with the site and the subject, the identity."""
    if session.door != "lti" or session.registration_id is None:
        return session.door
    return f"lti:{session.registration_id}"


def _door_open(parts: Parts, session: WebSession) -> bool:
    """Whether registration and deployment still stand and still lead to the same site."""
    if session.registration_id is None:
        return True
    registration = parts.doors.registration(session.registration_id)
    if registration is None or not registration.enabled:
        return False
    deployment = parts.doors.deployment(session.registration_id, session.deployment_id or "")
    return (
        deployment is not None
        and deployment.state is DeploymentState.ACTIVE
        and deployment.site_id == session.site_id
    )


def _touch(parts: Parts, session: WebSession) -> None:
    now = parts.clock()
    if now - session.seen_at >= TOUCH_EVERY:
        idle_until = min(now + lifetime_of(family=session.family).idle, session.ends_at)
        parts.doors.touch_session(session.key, seen_at=now, idle_until=idle_until)
