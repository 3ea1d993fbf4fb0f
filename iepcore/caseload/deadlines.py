"""Due dates of one child and of a caseload, and the dates they count from: written, corrected, taken back.

Whoever may read the plan sees them; whoever may write it writes dates down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Outcome, Resource, ResourceKind
from iepcore.calendars import (
    PLANNED,
    ChildDates,
    DeadlineRules,
    DueDate,
    DueState,
    PlanDates,
    SiteChoices,
    TimelineEvent,
    TimelineKind,
    child_dates,
    due_dates,
    school_calendar,
    standing_events,
)
from iepcore.caseload.desk import Change, Desk, Judge
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import AdultId, ClientKey, StudentId, TimelineEventId, new_uuid7
from iepcore.language import FreeText
from iepcore.people import Adult, Student
from iepcore.plan.document import PlanHead, PlanState
from iepcore.ports import UnitOfWork

OLDEST = date(1990, 1, 1)
"""No date of a child in school lies before it."""

_SHOWN = frozenset({DueState.OVERDUE, DueState.NOW, DueState.THIS_WEEK, DueState.COMING})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """What computes due dates at a site, read once for many children."""

    choices: SiteChoices
    rules: DeadlineRules

    @property
    def has_calendar(self) -> bool:
        """Whether anybody has entered a school year."""
        return self.rules.school is not None

    @classmethod
    def load(cls, uow: UnitOfWork) -> SiteRules:
        """Read the calendar and the choices."""
        choices = uow.calendars.choices()
        return cls(choices=choices, rules=choices.deadline_rules(school_calendar(uow.calendars.years())))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDue:
    """One due date of one child on Today."""

    student: Student
    due: DueDate
    state: DueState


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """What is due in a caseload: what is near, the nearest first; which children lack a fact; whether
    there is a calendar."""

    rows: tuple[ChildDue, ...] = ()
    lacking: tuple[Student, ...] = ()
    has_calendar: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event of a child as the page lists it. ``replaced`` is what it corrects."""

    event: TimelineEvent
    by: Adult | None
    replaced: tuple[TimelineEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesPage:
    """The dates of one child: what is due, what was written down (newest first), what was taken back."""

    student: Student
    due: tuple[tuple[DueDate, DueState], ...]
    events: tuple[EventRow, ...]
    taken_back: tuple[EventRow, ...]
    facts: ChildDates
    site: SiteRules
    today: date
    may_write: bool
    may_set_birthday: bool


class DeadlinesDesk:
    """Use cases about dates. Each raises ``NotPermitted`` with its reason without a standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def child(self, student_id: StudentId) -> DatesPage:
        """Return the dates of one child.

        Raises:
            NotFound: there is no such child.
        """
        desk = self._desk
        desk.open_record(_plan_of(student_id), what="dates")
        self._refuse_part(student_id, Action.READ)
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            events = uow.calendars.events_of_students({student_id})
            site, today = SiteRules.load(uow), desk.clock.today()
            asked = {student_id} if desk.may(uow, Action.READ, _request_of(student_id)) else set()
            facts = _facts(uow, [student], events, today, asked)[student_id]
            adults = {one.id: one for one in uow.people.adults({one.recorded_by for one in events})}
            due = due_dates(facts, site.rules, today=today)
            return DatesPage(
                student=student,
                due=tuple((one, one.state(today)) for one in due),
                events=_rows(events, adults),
                taken_back=_withdrawn(events, adults),
                facts=facts,
                site=site,
                today=today,
                may_write=desk.decision(uow, Action.WRITE, _plan_of(student_id)).outcome is Outcome.ALLOW,
                may_set_birthday=desk.may(
                    uow, Action.WRITE, Resource(kind=ResourceKind.STUDENT, student_id=student_id)
                ),
            )

    def record(
        self,
        student_id: StudentId,
        kind: TimelineKind,
        dated_on: date,
        *,
        client_key: ClientKey,
        note: FreeText | None = None,
        corrects: TimelineEventId | None = None,
    ) -> TimelineEvent:
        """Write down a date; with ``corrects`` in place of another one, which stays in the history.

        Raises:
            InvalidValue: ``event_ahead`` for something that has happened but is dated after today,
                ``event_long_ago`` before 1990, ``event_note``, ``event_corrected`` when that one was
                corrected already.
            NotFound: there is no such child or event.
        """
        desk = self._desk
        self._refuse_part(student_id, Action.WRITE)
        with desk.changing() as change:
            self._permit(change, student_id, "date_recorded")
            if dated_on > desk.clock.today() and kind not in PLANNED:
                raise InvalidValue("event_ahead", field="dated_on")
            if dated_on < OLDEST:
                raise InvalidValue("event_long_ago", field="dated_on", params={"year": OLDEST.year})
            if corrects is not None:
                self._standing(change, student_id, corrects, client_key)
            return change.uow.calendars.add_event(
                TimelineEvent(
                    id=TimelineEventId(new_uuid7()),
                    student_id=student_id,
                    kind=kind,
                    dated_on=dated_on,
                    recorded_by=desk.adult_id,
                    recorded_at=desk.clock.now(),
                    client_key=client_key,
                    note=note,
                    supersedes=corrects,
                )
            )

    def withdraw(
        self, student_id: StudentId, event_id: TimelineEventId, *, client_key: ClientKey
    ) -> TimelineEvent:
        """Take a date back that did not happen; it stays in the history.

        Raises:
            InvalidValue: ``event_corrected`` when it no longer stands.
            NotFound: there is no such event of this child.
        """
        desk = self._desk
        self._refuse_part(student_id, Action.WRITE)
        with desk.changing() as change:
            self._permit(change, student_id, "date_withdrawn")
            was = self._standing(change, student_id, event_id, client_key)
            return change.uow.calendars.add_event(
                TimelineEvent(
                    id=TimelineEventId(new_uuid7()),
                    student_id=student_id,
                    kind=was.kind,
                    dated_on=was.dated_on,
                    recorded_by=desk.adult_id,
                    recorded_at=desk.clock.now(),
                    client_key=client_key,
                    supersedes=was.id,
                    withdrawn=True,
                )
            )

    def set_birthday(self, student_id: StudentId, born_on: date, *, version: int) -> None:
        """Keep the date of birth, over version ``version`` of the child's entry.

        Raises:
            InvalidValue: ``birthday_range`` unless the child is then between 0 and 30 years old.
            Conflict: somebody changed the entry in between.
            NotFound: there is no such child.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(
                Action.WRITE,
                Resource(kind=ResourceKind.STUDENT, student_id=student_id),
                what="birthday_recorded",
            )
            today = desk.clock.today()
            if not today.replace(day=1, year=today.year - 30) <= born_on <= today:
                raise InvalidValue("birthday_range", field="born_on")
            student = change.uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            if student.born_on != born_on:
                change.uow.people.save_student(replace(student, born_on=born_on, version=version + 1))

    def _refuse_part(self, student_id: StudentId, action: Action) -> None:
        """Keep away who may see or write only a part of the plan, such as a substitute: dates are not that
        part."""
        with self._desk.store.read() as uow:
            decision = self._desk.decision(uow, action, _plan_of(student_id))
        if decision.outcome in {Outcome.REDACT, Outcome.OWN_ONLY}:
            part = replace(decision, outcome=Outcome.DENY, reason="not_yours")
            self._desk.refuse("dates", part, student_id)

    def _permit(self, change: Change, student_id: StudentId, what: str) -> None:
        change.permit(Action.WRITE, _plan_of(student_id), what=what)
        if change.uow.people.student(student_id) is None:
            raise NotFound("student")

    def _standing(
        self, change: Change, student_id: StudentId, event_id: TimelineEventId, client_key: ClientKey
    ) -> TimelineEvent:
        """Return the event to correct, which must stand; the same tap again is let through."""
        events = change.uow.calendars.events_of_students({student_id})
        found = next((one for one in events if one.id == event_id), None)
        if found is None:
            raise NotFound("timeline_event")
        later = next((one for one in events if one.supersedes == event_id), None)
        if later is not None and later.client_key != client_key:
            raise InvalidValue("event_corrected", field="event")
        return found


def dues_of(uow: UnitOfWork, students: Mapping[StudentId, Student], site: SiteRules, judge: Judge) -> Dues:
    """Return what is near for children whose plan may be read: the same number of questions to the store for
    one child and for many."""
    today = judge.day
    events = uow.calendars.events_of_students(set(students))
    asked = {one for one in students if judge.may(Action.READ, _request_of(one))}
    facts = _facts(uow, students.values(), events, today, asked)
    rows: list[ChildDue] = []
    lacking: list[Student] = []
    for student in students.values():
        due = due_dates(facts[student.id], site.rules, today=today)
        states = [(one, one.state(today)) for one in due]
        rows += [ChildDue(student=student, due=one, state=state) for one, state in states if state in _SHOWN]
        unknown_child = not facts[student.id].has_plan and not facts[student.id].events
        if (unknown_child and not facts[student.id].is_over) or any(one.needs for one, _ in states):
            lacking.append(student)
    rows.sort(key=lambda one: (one.due.due_on or date.max, one.student.preferred_name.casefold()))
    return Dues(rows=tuple(rows), lacking=tuple(lacking), has_calendar=site.has_calendar)


def _plan_of(student_id: StudentId) -> Resource:
    return Resource(kind=ResourceKind.IEP, student_id=student_id)


def _request_of(student_id: StudentId) -> Resource:
    return Resource(kind=ResourceKind.RECORD_REQUEST, student_id=student_id)


def _facts(
    uow: UnitOfWork,
    students: Iterable[Student],
    events: Sequence[TimelineEvent],
    today: date,
    asked: Collection[StudentId],
) -> dict[StudentId, ChildDates]:
    """Return the facts of children from their events and plans, and of those ``asked`` about open requests to
    see the record: who may not see requests is told of none."""
    children = tuple(students)
    ids = {one.id for one in children}
    heads = uow.plans.heads_of(ids)
    proposed = uow.plans.versions_in({PlanState.PROPOSED}, student_ids=ids)
    requests = [one for one in uow.disclosures.requests_of_students(set(asked)) if one.is_open]
    made: dict[StudentId, ChildDates] = {}
    for child in children:
        own = [one for one in heads if one.student_id == child.id]
        made[child.id] = child_dates(
            [one for one in events if one.student_id == child.id],
            born_on=child.born_on,
            plan=_plan_dates(own, today),
            record_requests=[one.received_on for one in requests if one.student_id == child.id],
            effects=[one.begins_on for one in own if one.state is PlanState.DRAFT and one.as_of is None],
            proposed=[
                step.on
                for version in proposed
                if version.student_id == child.id
                for step in version.steps
                if step.state is PlanState.PROPOSED
            ],
        )
    return made


def _plan_dates(heads: Sequence[PlanHead], today: date) -> PlanDates | None:
    held = [one for one in heads if one.was_in_force(today)]
    if not held:
        return None
    newest = max(held, key=lambda one: one.number)
    return PlanDates(reviewed_on=newest.reviewed_on, begins_on=newest.begins_on, ends_on=newest.ends_on)


def _rows(events: Sequence[TimelineEvent], adults: Mapping[AdultId, Adult]) -> tuple[EventRow, ...]:
    return tuple(_row(one, events, adults) for one in reversed(standing_events(events)))


def _withdrawn(events: Sequence[TimelineEvent], adults: Mapping[AdultId, Adult]) -> tuple[EventRow, ...]:
    return tuple(_row(one, events, adults) for one in reversed(events) if one.withdrawn)


def _row(
    event: TimelineEvent, events: Collection[TimelineEvent], adults: Mapping[AdultId, Adult]
) -> EventRow:
    by_id = {one.id: one for one in events}
    replaced: list[TimelineEvent] = []
    before = event.supersedes
    while before is not None and before in by_id and by_id[before] not in replaced:
        replaced.append(by_id[before])
        before = by_id[before].supersedes
    return EventRow(event=event, by=adults.get(event.recorded_by), replaced=tuple(replaced))
