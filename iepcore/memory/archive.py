"""Everything of a site in memory, in the order in which it can be put back; and the erasure of one child."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from iepcore.access import AuditEvent, Disclosure
from iepcore.calendars import SchoolYear, SiteChoices
from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.family import Draft, Message, MessageOpened, Translation
from iepcore.ids import StudentId
from iepcore.memory.keeping import MemoryKeeping
from iepcore.memory.kinds import KIND_OF, KINDS
from iepcore.memory.rows import MemoryRows
from iepcore.memory.trail import MemoryChains, MemoryDisclosures
from iepcore.notices import RoadConsent
from iepcore.people import (
    AccessWindow,
    Adult,
    Appointment,
    Assignment,
    CourseState,
    GuardianHint,
    Identity,
    LinkHint,
    MatchDoubt,
    Relationship,
    RosterFeed,
    RosterMember,
    RosterRun,
    StagedCourse,
    Student,
    Suspension,
    without_person,
)
from iepcore.plan import Trial, TrialSet
from iepcore.plan.document import PartDraft

_OF_SITE = (
    Appointment,
    RosterMember,
    LinkHint,
    GuardianHint,
    RosterFeed,
    RosterRun,
    CourseState,
    StagedCourse,
    Suspension,
    RoadConsent,
    SchoolYear,
    SiteChoices,
)


class MemoryArchive:
    """``ArchiveRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    def values(self, *, student_id: StudentId | None = None) -> Iterator[object]:
        for kind in KINDS:
            if kind.of is StagedCourse:
                continue  # it waits for a decision and is no value of its own
            if student_id is None:
                yield from self._rows.all(kind.of)
            elif kind.of not in (Draft, PartDraft, *_OF_SITE):  # a draft is no part of the record
                yield from self._rows.all(kind.of, self._of_child(kind.of, student_id))

    def restore(self, values: Iterable[object]) -> int:
        count = 0
        for value in values:
            if type(value) not in KIND_OF:
                raise InvalidValue("unknown_kind", field="values", params={"place": count})
            if isinstance(value, AuditEvent | Disclosure):
                MemoryChains(self._rows).add(value)
            else:
                self._rows.add(value)
            count += 1
        return count

    def erase_student(self, student_id: StudentId) -> Mapping[str, int]:
        if self._rows.get(Student, student_id) is None:
            raise NotFound("student")
        if MemoryKeeping(self._rows).holds_on(student_id):
            raise IllegalMove("legal_hold")
        if any(one.is_open for one in MemoryDisclosures(self._rows).requests_of_students([student_id])):
            raise IllegalMove("record_request_open")
        known = {
            (one.source, one.subject)
            for one in self._rows.all(Identity, lambda one: one.person_id == student_id)
        }
        removed = {
            "roster_member": self._rows.delete(RosterMember, lambda one: (one.source, one.subject) in known),
            "link_hint": self._rows.delete(LinkHint, lambda one: (one.source, one.pupil_subject) in known),
            "guardian_hint": self._rows.delete(
                GuardianHint, lambda one: (one.source, one.student_subject) in known
            ),
            "staged_course": self._unstage(known),
            "disclosure": MemoryChains(self._rows).blank(student_id),
        }
        for kind in reversed(KINDS):
            if kind.of not in (Adult, AuditEvent, Disclosure, *_OF_SITE):
                removed[kind.name] = self._rows.delete(kind.of, self._of_child(kind.of, student_id))
        return {name: count for name, count in removed.items() if count}

    def _unstage(self, known: set[tuple[str, str]]) -> int:
        """Take the child out of what waits for a decision; return out of how many courses."""
        sources = {one.id: one.source for one in self._rows.all(RosterFeed)}
        count = 0
        for staged in self._rows.all(StagedCourse):
            roster = staged.roster
            for source, subject in known:
                if source == sources[staged.feed_id]:
                    roster = without_person(roster, subject)
            if roster is not staged.roster:
                self._rows.put(replace(staged, roster=roster))
                count += 1
        return count

    def _of_child(self, of: type[Any], student_id: StudentId) -> Callable[[Any], bool]:
        """Return what tells the values of one child, by themselves or through what they belong to."""
        if of is Student:
            return lambda one: bool(one.id == student_id)
        if of in (Identity, MatchDoubt):
            return lambda one: bool(one.person_id == student_id)
        if of is Adult:
            named = (Relationship, Assignment, AccessWindow)
            team = frozenset().union(*(self._field(kind, student_id, "adult_id") for kind in named))
            return lambda one: one.id in team
        if of is Trial:
            sets = self._field(TrialSet, student_id, "id")
            return lambda one: one.set_id in sets
        if of in (MessageOpened, Translation):
            messages = self._field(Message, student_id, "id")
            return lambda one: one.message_id in messages
        return lambda one: bool(one.student_id == student_id)

    def _field(self, of: type[Any], student_id: StudentId, name: str) -> frozenset[Any]:
        return frozenset(
            getattr(one, name) for one in self._rows.all(of, lambda one: one.student_id == student_id)
        )
