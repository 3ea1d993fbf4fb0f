"""The trail in plain sight: what was done to whose record, for the office, a page at a time.

A records officer sees the child; a site's administrator sees what staff did, never to whom, and no family.
Looking is itself a row of the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from iepcore.access import Action, AuditEvent, Outcome, Resource, ResourceKind, TrailQuery
from iepcore.caseload.desk import Change, Desk
from iepcore.people import Adult, Student

PAGE_ROWS = 100
FILE_ROWS = 50_000
"""So many rows a file holds at most; a longer trail is taken in parts, by its days."""

_TRAIL = Resource(kind=ResourceKind.AUDIT_LOG)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One row. ``adult`` is None for a job; ``student`` for a row about no child, or one that was erased, or
    whom the reader may not know."""

    event: AuditEvent
    adult: Adult | None
    student: Student | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """Rows, newest first. ``before`` is the place to ask for the next page with; None at the end."""

    rows: tuple[TrailRow, ...]
    before: int | None
    sees_children: bool
    students: tuple[Student, ...]
    adults: tuple[Adult, ...]


class TrailDesk:
    """Use cases of the records officer and the site's administrator."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_look(self) -> bool:
        """Tell whether the actor may see the site's trail (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return self._desk.may(uow, Action.READ, _TRAIL)

    def page(self, query: TrailQuery | None = None, *, before: int | None = None) -> TrailPage:
        """Return a page of the trail. Without names of children a question about one is dropped.

        Raises:
            NotPermitted: without the standing of a records officer or administrator of the site.
        """
        with self._desk.changing() as change:
            sees = self._permit(change, "trail")
            asked = _allowed(query or TrailQuery(), sees)
            events = change.uow.audit.search(asked, before=before, limit=PAGE_ROWS + 1)
            rows = self._rows(change, events[:PAGE_ROWS], sees)
            last = rows[-1].event.link if len(events) > PAGE_ROWS else None
            people = change.uow.people
            return TrailPage(
                rows=rows,
                before=None if last is None else last.seq,
                sees_children=sees,
                students=tuple(people.all_students()) if sees else (),
                adults=tuple(one for one in people.all_adults() if sees or one.came_as_staff),
            )

    def file(self, query: TrailQuery | None = None) -> tuple[TrailRow, ...]:
        """Return every row that is asked for, newest first, to be taken away; that is noted like a page.

        Raises:
            NotPermitted: without the standing of a records officer or administrator of the site.
        """
        with self._desk.changing() as change:
            sees = self._permit(change, "trail_file")
            asked = _allowed(query or TrailQuery(), sees)
            return self._rows(change, change.uow.audit.search(asked, limit=FILE_ROWS), sees)

    def _permit(self, change: Change, what: str) -> bool:
        """Decide and note it; return whether children may be named."""
        proof = change.permit(Action.READ, _TRAIL, what=what)
        return proof.decision.outcome is not Outcome.REDACT

    def _rows(self, change: Change, events: Sequence[AuditEvent], sees: bool) -> tuple[TrailRow, ...]:
        people = change.uow.people
        found = people.adults({one.actor_id for one in events if one.actor_id})
        adults = {one.id: one for one in found if sees or one.came_as_staff}
        ids = {one.student_id for one in events if one.student_id} if sees else set()
        students = {one.id: one for one in people.students(ids)}
        return tuple(
            TrailRow(
                event=event if sees else replace(event, student_id=None, object_id=None, bucket=None),
                adult=adults.get(event.actor_id) if event.actor_id else None,
                student=students.get(event.student_id) if event.student_id else None,
            )
            for event in events
        )


def _allowed(query: TrailQuery, sees: bool) -> TrailQuery:
    return query if sees else replace(query, student_id=None)
