"""The record of access: the office writes down who outside got what; a family reads it, and who opened the
record.

What a family sees is whole in itself: a line that must not be told leaves no gap, number or date behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from iepcore.access import (
    Action,
    AuditEvent,
    AuditKind,
    BreakGlass,
    Disclosure,
    DisclosureBasis,
    DisclosureSeal,
    OpeningReason,
    Party,
    Resource,
    ResourceKind,
    TrailQuery,
)
from iepcore.access.decide import BREAK_GLASS
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.requesting import RequestRow, RequestsDesk
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import AdultId, DisclosureId, ParentConsentId, StudentId, new_uuid7
from iepcore.people import Adult, Student

SEEN_DAYS = 90
"""How far back a family's page goes unless it is asked for everything."""
MOST_EVENTS = 20_000

STAFF_ROLES = frozenset(
    {
        *(Party.CASE_MANAGER.value, Party.SPECIAL_ED_TEACHER.value, Party.GEN_ED_TEACHER.value),
        *(Party.RELATED_SERVICE_PROVIDER.value, Party.PARAPROFESSIONAL.value, Party.SUBSTITUTE.value),
        *(Party.ADMINISTRATOR.value, Party.RECORDS_OFFICER.value, Party.INTERPRETER.value, BREAK_GLASS),
    }
)
"""Reasons under which the trail holds an opening by staff. Families and outside parties are not among
them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDisclosure:
    """What the office types about one disclosure; see :class:`iepcore.access.Disclosure`."""

    on: date
    party: str
    what: str
    why: str
    basis: DisclosureBasis
    given: bool = True
    consent_id: ParentConsentId | None = None
    consent_paper: str = ""
    told_to_keep: bool = False
    seal: DisclosureSeal = DisclosureSeal.OPEN
    corrects: DisclosureId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosuresPage:
    """One child's record of access for the office, newest first; corrected lines stay, marked."""

    student: Student
    lines: tuple[Disclosure, ...]
    corrected: frozenset[DisclosureId]
    may_note: bool
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    """On one day, staff of one role opened the record. ``names`` are there where the site shows them."""

    role: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDay:
    """Who of the staff opened the record on a day of the school."""

    on: date
    by: tuple[SeenBy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """A family's page: parties outside by name, staff by role and day, and the reader's own requests.

    ``since`` is the first day of the staff's openings shown; None when everything is.
    """

    student: Student
    disclosures: tuple[Disclosure, ...]
    days: tuple[SeenDay, ...]
    requests: tuple[RequestRow, ...]
    may_ask: bool
    since: date | None


class DisclosuresDesk:
    """Use cases of the records officer and of families."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._requests = RequestsDesk(desk)

    def may_note(self) -> bool:
        """Tell whether the actor keeps the record of access (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.WRITE, Resource(kind=ResourceKind.DISCLOSURE))

    def children(self) -> tuple[Student, ...]:
        """Return the children a line can be about: every child of the site.

        Raises:
            NotPermitted: without the standing of a records officer.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.DISCLOSURE), what="disclosures_book")
            found = change.uow.people.all_students()
            return tuple(sorted(found, key=lambda one: one.preferred_name.casefold()))

    def page(self, student_id: StudentId) -> DisclosuresPage:
        """Return one child's record of access, with every line."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.READ, _line_of(student_id, desk.adult_id), what="disclosures")
            student = _known(change, student_id)
            lines = change.uow.disclosures.of_student(student_id)
            may_note = desk.may(change.uow, Action.WRITE, _line_of(student_id))
            if not may_note:  # who may not write it down is not told what is sealed
                lines = _told(lines)
            return DisclosuresPage(
                student=student,
                lines=tuple(reversed(lines)),
                corrected=frozenset(one.corrects for one in lines if one.corrects is not None),
                may_note=may_note,
                today=desk.clock.today(),
            )

    def note(self, student_id: StudentId, new: NewDisclosure) -> Disclosure:
        """Write a line down. It is never changed; a wrong one is corrected by another line.

        Raises:
            NotPermitted: without the standing of a records officer.
            InvalidValue: ``date_ahead``, ``corrects_unknown``, and those of :class:`Disclosure`.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _line_of(student_id), what="note_disclosure")
            _known(change, student_id)
            if new.on > desk.clock.today():
                raise InvalidValue("date_ahead", field="on")
            lines = change.uow.disclosures.of_student(student_id)
            open_to_correct = {one.id for one in lines} - {one.corrects for one in lines}
            if new.corrects is not None and new.corrects not in open_to_correct:
                raise InvalidValue("corrects_unknown", field="corrects")
            line = Disclosure(
                id=DisclosureId(new_uuid7()),
                student_id=student_id,
                on=new.on,
                party=new.party.strip(),
                what=new.what.strip(),
                why=new.why.strip(),
                basis=new.basis,
                given=new.given,
                consent_id=new.consent_id,
                consent_paper=new.consent_paper.strip(),
                told_to_keep=new.told_to_keep,
                seal=new.seal,
                corrects=new.corrects,
                noted_at=desk.clock.now(),
                noted_by=desk.adult_id,
            )
            change.uow.disclosures.add(line)
            return line

    def seen(self, student_id: StudentId, *, everything: bool = False) -> SeenPage:
        """Return a family's page of who has seen the record.

        Raises:
            NotPermitted: without the right to the record.
        """
        desk = self._desk
        with desk.changing() as change:
            resource = Resource(kind=ResourceKind.AUDIT_LOG, student_id=student_id)
            change.permit(Action.READ, resource, what="seen")
            uow = change.uow
            student = _known(change, student_id)
            since = None if everything else desk.clock.today() - timedelta(days=SEEN_DAYS)
            disclosures = tuple(reversed(_told(uow.disclosures.of_student(student_id))))
            request = Resource(
                kind=ResourceKind.RECORD_REQUEST, student_id=student_id, owner_id=desk.adult_id
            )
            return SeenPage(
                student=student,
                disclosures=disclosures,
                days=self._days(change, student_id, since),
                requests=self._requests.rows_of(change, student, desk.adult_id),
                may_ask=desk.may(uow, Action.WRITE, request),
                since=since,
            )

    def _days(self, change: Change, student_id: StudentId, since: date | None) -> tuple[SeenDay, ...]:
        uow, zone = change.uow, self._desk.clock.zone
        start = None if since is None else datetime.combine(since, datetime.min.time(), tzinfo=zone)
        query = TrailQuery(student_id=student_id, kinds=frozenset({AuditKind.READ}), since=start)
        hidden = [
            one
            for one in uow.disclosures.openings_of_students({student_id})
            if one.why is OpeningReason.SECURITY
        ]
        events = [
            one
            for one in uow.audit.search(query, limit=MOST_EVENTS)
            if _by_staff(one) and not any(_within(one, opening) for opening in hidden)
        ]
        adults: dict[AdultId, Adult] = {}
        if uow.calendars.choices().staff_names_shown:
            found = uow.people.adults({one.actor_id for one in events if one.actor_id})
            adults = {one.id: one for one in found}
        days: dict[date, dict[str, set[str]]] = {}
        for event in events:
            roles = days.setdefault(event.at.astimezone(zone).date(), {})
            names = roles.setdefault(event.reason, set())
            if event.actor_id in adults:
                names.add(adults[event.actor_id].name)
        return tuple(
            SeenDay(
                on=day,
                by=tuple(
                    SeenBy(role=role, names=tuple(sorted(names))) for role, names in sorted(roles.items())
                ),
            )
            for day, roles in sorted(days.items(), reverse=True)
        )


def _by_staff(event: AuditEvent) -> bool:
    """Tell whether staff opened something themselves: no job, and nobody under another's face."""
    return event.job is None and event.actor_id is not None and event.reason in STAFF_ROLES


def _within(event: AuditEvent, opening: BreakGlass) -> bool:
    return (
        event.actor_id == opening.adult_id
        and event.reason == BREAK_GLASS
        and opening.opened_at <= event.at < opening.until
    )


def _told(lines: Sequence[Disclosure]) -> tuple[Disclosure, ...]:
    """Return the lines that may be told: the newest wording of each. A correction may seal a line that was
    open, or open one that was sealed by mistake."""
    corrected = {one.corrects for one in lines}
    return tuple(one for one in lines if one.id not in corrected and one.seal is DisclosureSeal.OPEN)


def _known(change: Change, student_id: StudentId) -> Student:
    student = change.uow.people.student(student_id)
    if student is None:
        raise NotFound("student")
    return student


def _line_of(student_id: StudentId, owner_id: AdultId | None = None) -> Resource:
    return Resource(kind=ResourceKind.DISCLOSURE, student_id=student_id, owner_id=owner_id)
