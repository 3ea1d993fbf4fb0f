"""Arriving: from a launch to what its browser gets. The one way in, whoever answers the request.

Nearly every launch is of somebody whom the site knows and about whom nothing has changed. Then one read says
so, and one transaction uses the login up and opens the session. Whatever is more than that uses the login up
first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from werkzeug.exceptions import HTTPException

from iepcore.errors import IepError, NotPermitted
from lti_app.answers import new_reference
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.deep_linking import begin
from lti_app.doors.lti.launch import Launch, used_before
from lti_app.doors.lti.placements import opens_check_in
from lti_app.doors.lti.posted import Posted
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import Face, Standing, face_of
from lti_app.doors.parts import Parts
from lti_app.session.opening import LoginUsed, OpenDoor, open_door

log = logging.getLogger("lti_app.doors.lti")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """A good launch whose browser has yet to prove that it asked for it."""

    launch: Launch


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """The check-in page, which opens no session."""

    locale: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral:
    """The page of whoever has no part in anything."""


Arrived = OpenDoor | CheckIn | Neutral


def receive(here: Parts, posted: Posted) -> Arrived | Waits:
    """Return what a launch leads to; its login is used up whatever that is.

    Raises:
        LaunchRefused: with the reason, and whose launch it was.
        Busy: the store cannot answer or write now; the login is still good.
    """
    launch = Launch(here, posted)
    try:
        return _received(here, launch)
    except LaunchRefused as refusal:
        refusal.of = launch.of
        if launch.of is not None:
            launch.spoil()
        raise
    except (IepError, HTTPException):
        raise
    except Exception as error:
        launch.spoil()
        raise not_understood(error, launch.of) from None


def not_understood(error: Exception, of: tuple[UUID, str] | None = None) -> LaunchRefused:
    """Return the refusal of a message on which our code failed: that is its fault, and no server error."""
    log.warning("unexpected %s", type(error).__name__)
    refusal = LaunchRefused("not_understood")
    refusal.of = of
    return refusal


def _received(here: Parts, launch: Launch) -> Arrived | Waits:
    context = launch.check()
    if not launch.bound:
        launch.use_up()
        return Waits(launch=launch)
    if launch.person is not None and _is_usual(context):
        known = here.arrivals.known(context, launch.person)
        face = face_of(context.standing, known.part) if known is not None else Face.NOBODY
        if known is not None and face is not Face.NOBODY:
            family = face is Face.FAMILY
            try:
                return open_door(
                    here, context, known.adult_id, cookies=True, family=family, using=launch.state_hash
                )
            except LoginUsed:
                raise used_before() from None
    launch.use_up()
    return arrive(here, context, cookies=True)


def _is_usual(context: LaunchContext) -> bool:
    """Whether nothing but the person decides what opens."""
    other = context.offers.wish is not None or context.standing is Standing.TEST_USER
    return not other and not opens_check_in(context.target_path, context.standing)


def arrive(here: Parts, context: LaunchContext, *, cookies: bool) -> Arrived:
    """Let the site meet whoever came, and open a session if there is a part for them.

    Raises:
        LaunchRefused: ``choice_not_staff``.
        Busy: the store cannot write now.
    """
    if opens_check_in(context.target_path, context.standing):
        return CheckIn(locale=context.locale)
    context = begin(here, context)
    if context.standing is Standing.TEST_USER:
        return Neutral()
    try:
        adult_id = here.arrivals.arrive(context)
    except NotPermitted as refused:  # disabled here: what everybody sees who has no part in anything
        log.warning("%s launch %s", new_reference(), refused.code)
        return Neutral()
    face = Face.NOBODY
    if adult_id is not None:
        face = face_of(context.standing, here.arrivals.part_of(context.site_id, adult_id))
    if face is Face.NOBODY:
        return Neutral()
    return open_door(here, context, adult_id, cookies=cookies, family=face is Face.FAMILY)
