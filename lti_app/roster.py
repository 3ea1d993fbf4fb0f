"""A course's roster: members as the platform lists them become lines of the address book.

An address book gives no right. A roster is read whole or not at all: one that breaks off changes nothing, so
nobody seems to have left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock

from iepcore.errors import ConnectorError
from iepcore.ids import RosterMemberId, new_uuid7
from iepcore.people import RosterMember, RosterStanding
from lti_app.doors.lti.roles import MENTOR, TEST_USER, Standing, known_roles, standing_of
from lti_app.doors.lti.roster import Member, read_roster
from lti_app.doors.lti.services import PlatformServices, ServiceRefused
from lti_app.doors.records import DoorStore
from lti_app.screens.parts import RosterPull
from lti_app.session.viewer import Viewer

KEEP_FOR = timedelta(seconds=60)
"""How long a pull counts as fresh, so that opening a page twice does not ask the platform twice."""

_ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"

Keep = Callable[[list[RosterMember]], None]


def standing_in_course(roles: Iterable[str]) -> RosterStanding | None:
    """Return how a member stands in the course, by their context roles; None for the platform's test student.

    Canvas sends a teaching assistant ``Instructor`` beside ``Instructor#TeachingAssistant``
    (``substitutions_helper.rb``), so the narrower one decides.
    """
    names = known_roles(tuple(roles))
    if TEST_USER in names:
        return None
    if _ASSISTANT in names:
        return RosterStanding.HELPER
    by_launch = standing_of(names, in_course=True)
    if by_launch is Standing.STAFF:
        return RosterStanding.TEACHER
    if MENTOR in names:
        return RosterStanding.OBSERVER
    return RosterStanding.PUPIL if by_launch is Standing.LEARNER else RosterStanding.OTHER


def address_book(
    members: Iterable[Member], *, source: str, context_id: str, context_title: str, seen_at: datetime
) -> list[RosterMember]:
    """Return the members as lines of the address book of one course. A name that is missing stays missing."""
    lines = []
    for member in members:
        standing = standing_in_course(member.roles)
        if standing is None:
            continue
        parts = (member.given_name, member.family_name)
        lines.append(
            RosterMember(
                id=RosterMemberId(new_uuid7()),
                source=source,
                context_id=context_id,
                context_title=context_title,
                subject=member.user_id,
                standing=standing,
                seen_at=seen_at,
                active=member.status == "Active",
                name=member.name or " ".join(part for part in parts if part) or None,
                email=member.email,
                channel_user_id=member.canvas_user_id,
            )
        )
    return lines


class Rosters:
    """Pulls the roster of a viewer's course and remembers for a minute how it went. Safe between threads."""

    def __init__(self, doors: DoorStore, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._clock = clock
        self._last: dict[tuple[str, str, str], tuple[datetime, RosterPull]] = {}
        self._lock = Lock()

    def pull(
        self, viewer: Viewer, services: PlatformServices, keep: Keep, *, fresh: bool = False
    ) -> RosterPull:
        """Ask the platform for the viewer's course and give its lines to ``keep``, all of them or none.

        A pull of the last minute is not repeated unless ``fresh``. What went wrong is a reason code of the
        answer, never an exception of the platform's.
        """
        key = (str(viewer.site.id), viewer.source, viewer.context_id or "")
        now = self._clock()
        with self._lock:
            held = self._last.get(key)
        if held is not None and not fresh and now - held[0] < KEEP_FOR:
            return held[1]
        pulled = self._pull(viewer, services, keep, now)
        with self._lock:
            self._last = {one: last for one, last in self._last.items() if now - last[0] < KEEP_FOR}
            self._last[key] = (now, pulled)
        return pulled

    def _pull(self, viewer: Viewer, services: PlatformServices, keep: Keep, now: datetime) -> RosterPull:
        if viewer.context_id is None:
            return RosterPull(count=0, complete=False, problem="no_course")
        registration = (
            self._doors.registration(viewer.registration_id) if viewer.registration_id is not None else None
        )
        if viewer.roster_url is None or registration is None or viewer.deployment_id is None:
            return RosterPull(count=0, complete=False, problem="no_roster_service")
        try:
            members = read_roster(
                services,
                registration,
                viewer.deployment_id,
                viewer.roster_url,
                # Only Canvas knows this use of ``rlid``, and only Canvas fills in this field at a launch.
                custom_of=viewer.context_id if viewer.canvas_user_id else None,
            )
        except ServiceRefused:
            return RosterPull(count=0, complete=False, problem="roster_refused")
        except ConnectorError:
            return RosterPull(count=0, complete=False, problem="roster_silent")
        lines = address_book(
            members,
            source=viewer.source,
            context_id=viewer.context_id,
            context_title=viewer.context_title or "",
            seen_at=now,
        )
        keep(lines)
        return RosterPull(count=len(lines), complete=True)
