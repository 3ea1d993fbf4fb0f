"""From somebody signed in, at a frame or at our own page, to the session they get. Google decides the role.

The same law as at the LTI door: the role of a course chooses the door, the site's own records what is behind
it. A pupil gets the check-in, which is the same for everybody; a guardian never comes this way.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from connectors.google_classroom.routes import SOURCE
from connectors.http.errors import CallError, Forbidden, NotFoundThere, TokenExpired
from iepcore.errors import NotPermitted
from lti_app.answers import new_reference
from lti_app.doors.google.asking import CourseRole, role_at
from lti_app.doors.google.clients import GoogleClient
from lti_app.doors.google.frames import Opened
from lti_app.doors.google.sign_in import Person
from lti_app.doors.launch_offers import NOTHING, LinkWish, Offers
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.deep_linking import LINK
from lti_app.doors.lti.placements import CHOOSE_PATH, FIRST_PATH, PUBLIC_CHECK_IN_PATH
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import Face, Standing, face_of
from lti_app.doors.parts import Parts
from lti_app.doors.records import LaunchState
from lti_app.session.opening import OpenDoor, open_door
from lti_app.session.tokens import hash_of

log = logging.getLogger("lti_app.doors.google")

TEACHER_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
STAFF_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"
WISH_FOR = timedelta(hours=1)
DOOR = SOURCE
"""The name of this door in sessions; it is the source of its identities, too."""


class Outcome(StrEnum):
    """What somebody gets for whom no session is opened."""

    CHECK_IN = "check_in"
    NEUTRAL = "neutral"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An opened door, or the page instead of it."""

    door: OpenDoor | None = None
    outcome: Outcome = Outcome.NEUTRAL


def arrive_at_frame(
    here: Parts, client: GoogleClient, person: Person, opened: Opened, *, locale: str | None, cookies: bool
) -> Arrived:
    """Ask Google who the person is at this item, and open what belongs to that.

    Raises:
        LaunchRefused: when Google knows nothing of such an item, or not for this person.
        CallError: when Google does not answer.
    """
    try:
        role = role_at(client, person.access_token, opened.item, opened.by)
    except TokenExpired:
        return Arrived(outcome=Outcome.SIGN_IN)
    except (Forbidden, NotFoundThere) as refused:
        raise LaunchRefused("google_item:" + refused.code, status=403, page="not_here") from None
    except CallError as refused:
        if refused.retryable:
            raise
        raise LaunchRefused("google_item:" + refused.code, status=403, page="not_here") from None
    if role is None:
        raise LaunchRefused("google_item:other", status=403, page="not_here")
    if role is CourseRole.STUDENT:
        return Arrived(outcome=Outcome.NEUTRAL if opened.frame.adds else Outcome.CHECK_IN)
    offers = Offers(family=DOOR, wish=_wish(here, client, person, opened)) if opened.frame.adds else NOTHING
    return _arrive(
        here,
        _context(client, person, locale=locale, opened=opened, offers=offers),
        cookies=cookies,
    )


def arrive_at_home(
    here: Parts, client: GoogleClient, person: Person, *, locale: str | None, cookies: bool
) -> Arrived:
    """Open our own page: for staff whom the site knows already, since Google vouches for no role here."""
    return _arrive(here, _context(client, person, locale=locale), cookies=cookies)


def _context(
    client: GoogleClient,
    person: Person,
    *,
    locale: str | None,
    opened: Opened | None = None,
    offers: Offers = NOTHING,
) -> LaunchContext:
    """Return the arrival in the words every door shares. Outside a course it stands for nobody yet."""
    adds = opened is not None and opened.frame.adds
    return LaunchContext(
        site_id=client.site_id,
        registration_id=client.id,
        deployment_id=person.domain,
        door=DOOR,
        source=SOURCE,
        subject=person.subject,
        standing=Standing.NONE if opened is None else Standing.STAFF,
        roles=(STAFF_ROLE,) if opened is None else (TEACHER_ROLE,),
        observees=(),
        message_type="google:" + ("home" if opened is None else opened.frame.value),
        target_path=CHOOSE_PATH if adds else FIRST_PATH,
        context_id=None if opened is None else opened.item.course_id,
        display_name=person.name,
        email=person.email,
        locale=person.locale or locale,
        offers=offers,
    )


def _arrive(here: Parts, context: LaunchContext, *, cookies: bool) -> Arrived:
    try:
        adult_id = here.arrivals.arrive(context)
    except NotPermitted as refused:  # disabled here: what everybody sees who has no part in anything
        log.warning("%s google %s", new_reference(), refused.code)
        return Arrived()
    if adult_id is None:
        return Arrived()
    part = here.arrivals.part_of(context.site_id, adult_id)
    standing = Standing.STAFF if part.staff else context.standing
    if standing is not Standing.STAFF:
        return Arrived()
    face = face_of(standing, part)
    if face is not Face.STAFF:  # a parent here, whatever they teach: parents come by their family link
        return Arrived()
    return Arrived(door=open_door(here, context, adult_id, cookies=cookies, family=False))


def _wish(here: Parts, client: GoogleClient, person: Person, opened: Opened) -> LinkWish:
    """Return the wish for an attachment, good once. What Google wants back for it travels sealed."""
    now = here.clock()
    ticket = secrets.token_urlsafe(32)
    remember_wish(here, client, ticket)
    item = opened.item
    sealed = here.seal.close(
        {
            "course": item.course_id,
            "item": item.item_id,
            "kind": item.kind.value,
            "token": opened.add_on_token,
            "access": person.access_token,
        },
        at=now,
    )
    usable = not opened.url or is_our_check_in(here, opened.url)
    return LinkWish(
        return_url=client.endpoints.classroom_page,
        takes=(LINK,) if usable else (),
        data=sealed,
        ticket=ticket,
    )


def remember_wish(here: Parts, client: GoogleClient, ticket: str) -> None:
    """Keep the single use of a wish."""
    now = here.clock()
    here.doors.add_launch_state(
        LaunchState(
            state_hash=hash_of("choice:" + ticket),
            nonce="",
            registration_id=client.id,
            target_link_uri=client.endpoints.classroom_page,
            storage_target=None,
            created_at=now,
            expires_at=now + WISH_FOR,
        )
    )


def is_our_check_in(here: Parts, url: str) -> bool:
    """Tell whether a pasted link is our check-in, the one page of ours that may hang in a course."""
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return f"{address.scheme}://{address.netloc}" == here.settings.public_url and (
        address.path == PUBLIC_CHECK_IN_PATH or address.path.endswith("/student")
    )
