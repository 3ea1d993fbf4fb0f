"""A course's roster: members as the platform lists them become lines of the address book.

An address book gives no right. A roster is read whole or not at all: one that breaks off changes nothing, so
nobody seems to have left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock

from iepcore.errors import ConnectorError, IllegalMove
from iepcore.ids import RosterMemberId, new_uuid7
from iepcore.people import RosterMember, RosterStanding
from lti_app.doors.lti.platforms import rules_of
from lti_app.doors.lti.roles import MENTOR, TEST_USER, Standing, known_roles, standing_of
from lti_app.doors.lti.roster import Member, Roster, RosterRead, read_whole
from lti_app.doors.lti.services import PlatformServices, ServiceRefused
from lti_app.doors.records import DoorStore
from lti_app.screens.parts import RosterPull
from lti_app.session.viewer import Viewer

KEEP_FOR = timedelta(seconds=60)
"""How long a pull counts as fresh, so that opening a page twice does not ask the platform twice."""

_ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"

Keep = Callable[[list[RosterMember], bool], None]
"""Keeps the lines of a course; True when they are everybody. May refuse with ``IllegalMove``."""

_Key = tuple[str, str, str]


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
    """Pulls the roster of a viewer's course and remembers for a minute how it went. Safe between threads.

    Where the platform keeps count of changes, a later pull of this process asks for them only; a wish for a
    fresh list reads all of it.
    """

    def __init__(self, doors: DoorStore, clock: Callable[[], datetime]) -> None:
        self._doors = doors
        self._clock = clock
        self._last: dict[_Key, tuple[datetime, RosterPull]] = {}
        self._names: dict[_Key, tuple[datetime, tuple[str, ...]]] = {}
        self._differences: dict[_Key, str] = {}
        self._lock = Lock()

    def pull(
        self, viewer: Viewer, services: PlatformServices, keep: Keep, *, fresh: bool = False
    ) -> RosterPull:
        """Ask the platform for the viewer's course and give its lines to ``keep``, all of them or none.

        A pull of the last minute is not repeated unless ``fresh``. What went wrong is a reason code of the
        answer, never an exception of the platform's. ``roster_shrunk``: more than half are missing at once,
        so nobody is marked as having left until a person says so.
        """
        key = _key(viewer)
        now = self._clock()
        with self._lock:
            held = self._last.get(key)
        if held is not None and not fresh and now - held[0] < KEEP_FOR:
            return held[1]
        pulled = self._pull(viewer, services, keep, now, fresh=fresh)
        with self._lock:
            self._last = {one: last for one, last in self._last.items() if now - last[0] < KEEP_FOR}
            self._last[key] = (now, pulled)
        return pulled

    def pupil_names(
        self, viewer: Viewer, services: PlatformServices, kept: Iterable[RosterMember]
    ) -> tuple[tuple[str, ...], bool]:
        """Return the names of the pupils of the viewer's course, and whether they could be read.

        ``kept`` is the address book of the course. Where it is empty the platform is asked; its answer stays
        in memory for a minute and is not stored: whoever adds a link need not be somebody who keeps lists.
        """
        names = _names_of(kept)
        if names:
            return names, True
        key, now = _key(viewer), self._clock()
        with self._lock:
            held = self._names.get(key)
        if held is not None and now - held[0] < KEEP_FOR:
            return held[1], True
        roster = self._roster(viewer, services)
        if roster is None or viewer.context_id is None:
            return (), False
        try:
            members = roster.read().members
        except ConnectorError:
            return (), False
        lines = address_book(
            members, source=viewer.source, context_id=viewer.context_id, context_title="", seen_at=now
        )
        names = _names_of(lines)
        with self._lock:
            self._names = {one: last for one, last in self._names.items() if now - last[0] < KEEP_FOR}
            self._names[key] = (now, names)
        return names, True

    def _pull(
        self, viewer: Viewer, services: PlatformServices, keep: Keep, now: datetime, *, fresh: bool
    ) -> RosterPull:
        if viewer.context_id is None:
            return RosterPull(count=0, complete=False, problem="no_course")
        roster = self._roster(viewer, services)
        if roster is None:
            return RosterPull(count=0, complete=False, problem="no_roster_service")
        try:
            read = self._read(viewer, roster, fresh=fresh)
        except ServiceRefused:
            return RosterPull(count=0, complete=False, problem="roster_refused")
        except ConnectorError:
            return RosterPull(count=0, complete=False, problem="roster_silent")
        lines = address_book(
            read.members,
            source=viewer.source,
            context_id=viewer.context_id,
            context_title=viewer.context_title or "",
            seen_at=now,
        )
        try:
            keep(lines, read.complete)
        except IllegalMove as refusal:
            return RosterPull(count=len(lines), complete=False, problem=refusal.code)
        with self._lock:
            if read.differences_url is not None:
                self._differences[_key(viewer)] = read.differences_url
        return RosterPull(count=len(lines), complete=True)

    def _read(self, viewer: Viewer, roster: Roster, *, fresh: bool) -> RosterRead:
        """Read what changed where the platform told us how to ask; else, or where it forgot, everybody."""
        with self._lock:
            differences = self._differences.pop(_key(viewer), None)
        if differences is not None and not fresh:
            try:
                return roster.differences(differences)
            except ServiceRefused:
                pass  # it does not know that address any more
        rules = rules_of(viewer.offers.family, canvas=viewer.canvas_user_id is not None)
        return read_whole(roster, custom_of=viewer.context_id if rules.course_as_link else None)

    def _roster(self, viewer: Viewer, services: PlatformServices) -> Roster | None:
        registration = (
            self._doors.registration(viewer.registration_id) if viewer.registration_id is not None else None
        )
        if viewer.roster_url is None or registration is None or viewer.deployment_id is None:
            return None
        return Roster(
            services=services,
            registration=registration,
            deployment_id=viewer.deployment_id,
            url=viewer.roster_url,
        )


def _key(viewer: Viewer) -> _Key:
    return str(viewer.site.id), viewer.source, viewer.context_id or ""


def _names_of(lines: Iterable[RosterMember]) -> tuple[str, ...]:
    pupils = (one for one in lines if one.standing is RosterStanding.PUPIL and one.name)
    return tuple(sorted({one.name for one in pupils if one.name}))
