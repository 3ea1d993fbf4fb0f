"""Requests to see a record: filed by a family in two taps, or noted by the office; due by both limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import (
    Action,
    Party,
    RecordRequest,
    RequestAnswer,
    RequestEnd,
    RequestWay,
    Resource,
    ResourceKind,
)
from iepcore.calendars import Deadline, TimelineKind, school_calendar, standing_events
from iepcore.caseload.desk import Change, Desk
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import AdultId, ClientKey, RecordRequestId, StudentId, new_uuid7
from iepcore.people import Adult, Student
from iepcore.ports import UnitOfWork

OF_FAMILY = frozenset(
    {
        Party.PARENT_RECORDS_AND_DECISIONS,
        Party.PARENT_RECORDS_ONLY,
        Party.ADULT_STUDENT,
        Party.ADULT_STUDENT_IN_GAP,
    }
)
"""Who has a right to see the record, and so to ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDue:
    """When a request is due. ``due`` is the earlier of both limits and names the one that bites; ``by_days``
    and ``by_event`` are each alone (``by_event`` None while no meeting or hearing is known). A later day that
    the person agreed to stands in the request beside them and moves neither."""

    due: Deadline
    by_days: Deadline
    by_event: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request with who asks, about whom, and when it is due."""

    request: RecordRequest
    student: Student
    asked_by: Adult | None
    due: RequestDue


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage:
    """Requests that wait, the most pressing first; those that are over, newest first; and for the form, whom
    a request can be about and who can ask. ``may_settle``: the actor answers and ends them."""

    waiting: tuple[RequestRow, ...]
    over: tuple[RequestRow, ...]
    askers: tuple[tuple[Student, tuple[Adult, ...]], ...]
    may_settle: bool
    today: date


class RequestsDesk:
    """Use cases of families, case managers and the records officer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_look(self) -> bool:
        """Tell whether the actor has any request to look after (for what a menu offers)."""
        with self._desk.store.read() as uow:
            return bool(self._children(uow))

    def waiting(self) -> int:
        """Return how many open requests the actor looks after (for what Today says)."""
        with self._desk.store.read() as uow:
            found = uow.disclosures.requests(only_open=True)
            judge = self._desk.judge(uow) if found else None
            mine = [one for one in found if judge and judge.may(Action.READ, _of(one.student_id))]
            return sum(one.asked_by != self._desk.adult_id for one in mine)

    def page(self) -> RequestsPage:
        """Return the requests of every child the actor looks after: all for a records officer, their own for
        a case manager."""
        desk = self._desk
        with desk.changing() as change:
            uow = change.uow
            children = self._children(uow)
            if not children:
                resource = Resource(kind=ResourceKind.RECORD_REQUEST)
                change.permit(Action.READ, resource, what="record_requests")
            for student_id in children:
                change.permit(Action.READ, _of(student_id), what="record_requests")
            rows = [
                self._row(uow, one, children[one.student_id])
                for one in uow.disclosures.requests_of_students(set(children))
            ]
            waiting = sorted((one for one in rows if one.request.is_open), key=_pressing)
            return RequestsPage(
                waiting=tuple(waiting),
                over=tuple(one for one in reversed(rows) if not one.request.is_open),
                askers=tuple((one, self._askers(uow, one.id)) for one in children.values()),
                may_settle=bool(children) and all(self._settles(uow, one) for one in children),
                today=desk.clock.today(),
            )

    def file(
        self, student_id: StudentId, way: RequestWay, about: str, client_key: ClientKey
    ) -> RecordRequest:
        """Ask to see one's own child's record (or one's own), as of today. Sent twice it is one request.

        Raises:
            NotPermitted: without the right to the record.
            InvalidValue: ``about_form``.
        """
        desk = self._desk
        me = desk.adult_id
        with desk.changing() as change:
            proof = change.permit(Action.WRITE, _of(student_id, me), what="file_record_request")
            if proof.decision.party not in OF_FAMILY:  # the office writes down who asked, see ``note``
                raise NotPermitted("not_of_the_family", citation="34 CFR 300.613")
            return change.uow.disclosures.add_request(
                RecordRequest(
                    id=RecordRequestId(new_uuid7()),
                    student_id=student_id,
                    asked_by=me,
                    received_on=desk.clock.today(),
                    noted_at=desk.clock.now(),
                    noted_by=me,
                    client_key=client_key,
                    way=way,
                    about=about.strip(),
                )
            )

    def note(
        self,
        student_id: StudentId,
        asked_by: AdultId,
        received_on: date,
        client_key: ClientKey,
        *,
        way: RequestWay = RequestWay.LOOK,
        about: str = "",
        meeting_on: date | None = None,
        hearing_on: date | None = None,
    ) -> RecordRequest:
        """Write down a request that came by letter, call or at the desk.

        Raises:
            NotPermitted: without the standing of the records officer or the child's case manager.
            InvalidValue: ``asker_unknown`` unless the person is of the child's family; ``date_ahead``;
                ``about_form``.
        """
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _of(student_id, desk.adult_id), what="note_record_request")
            if asked_by not in {one.id for one in self._askers(change.uow, student_id)}:
                raise InvalidValue("asker_unknown", field="asked_by")
            if received_on > desk.clock.today():
                raise InvalidValue("date_ahead", field="received_on")
            return change.uow.disclosures.add_request(
                RecordRequest(
                    id=RecordRequestId(new_uuid7()),
                    student_id=student_id,
                    asked_by=asked_by,
                    received_on=received_on,
                    noted_at=desk.clock.now(),
                    noted_by=desk.adult_id,
                    client_key=client_key,
                    way=way,
                    about=about.strip(),
                    meeting_on=meeting_on,
                    hearing_on=hearing_on,
                )
            )

    def plan(
        self, request_id: RecordRequestId, *, meeting_on: date | None, hearing_on: date | None
    ) -> RecordRequest:
        """Say when the next meeting or hearing is: the other limit counts from it."""
        return self._change(request_id, "plan_record_request", meeting_on=meeting_on, hearing_on=hearing_on)

    def agree(self, request_id: RecordRequestId, later: date, note: str) -> RecordRequest:
        """Write down that the person who asks agreed to a later day, and how. It moves no limit.

        Raises:
            InvalidValue: ``agreed_note_form``, ``dates_reversed``.
        """
        return self._change(request_id, "agree_record_request", agreed_to=later, agreed_note=note.strip())

    def answer(self, request_id: RecordRequestId, answer: RequestAnswer) -> RecordRequest:
        """Say that the person saw the record, or has the copies, today."""
        return self._change(
            request_id, "answer_record_request", answer=answer, answered_on=self._desk.clock.today()
        )

    def end(self, request_id: RecordRequestId, end: RequestEnd, words: str = "") -> RecordRequest:
        """End a request that is not met: taken back, no right, or nothing there.

        Raises:
            InvalidValue: ``request_end_form`` for ``no_right`` without the paper it rests on.
        """
        return self._change(
            request_id,
            "end_record_request",
            end=end,
            end_words=words.strip(),
            ended_on=self._desk.clock.today(),
        )

    def withdraw(self, request_id: RecordRequestId) -> RecordRequest:
        """Take one's own request back.

        Raises:
            NotPermitted: ``not_yours``.
        """
        return self._change(
            request_id,
            "withdraw_record_request",
            mine=True,
            end=RequestEnd.WITHDRAWN,
            ended_on=self._desk.clock.today(),
        )

    def _change(
        self, request_id: RecordRequestId, what: str, *, mine: bool = False, **changes: object
    ) -> RecordRequest:
        desk = self._desk
        with desk.changing() as change:
            held = change.uow.disclosures.request(request_id)
            if held is None:
                raise NotFound("record_request")
            # Whoever noted it owns the line; a family its own request, whoever typed it.
            owner = held.asked_by if mine else held.noted_by
            change.permit(Action.WRITE, _of(held.student_id, owner), what=what)
            if not held.is_open:
                raise IllegalMove("request_is_over")
            changed = replace(held, **changes, version=held.version + 1)  # type: ignore[arg-type]
            change.uow.disclosures.save_request(changed)
            return changed

    def rows_of(self, change: Change, student: Student, asked_by: AdultId) -> tuple[RequestRow, ...]:
        """Return the requests of one adult about a child, for a page that was permitted."""
        found = change.uow.disclosures.requests_of_students({student.id})
        return tuple(
            self._row(change.uow, one, student) for one in reversed(found) if one.asked_by == asked_by
        )

    def _children(self, uow: UnitOfWork) -> dict[StudentId, Student]:
        """Return the children whose requests the actor looks after."""
        desk = self._desk
        judge = desk.judge(uow)
        site = judge.may(Action.WRITE, Resource(kind=ResourceKind.RECORD_REQUEST))
        if site:
            students = uow.people.all_students()
        else:
            teams = {one.student_id for one in uow.people.assignments_of_adult(desk.adult_id)}
            students = uow.people.students(teams)
        return {one.id: one for one in students if judge.may(Action.READ, _of(one.id))}

    def _settles(self, uow: UnitOfWork, student_id: StudentId) -> bool:
        return self._desk.may(uow, Action.WRITE, _of(student_id, AdultId(new_uuid7())))

    def _askers(self, uow: UnitOfWork, student_id: StudentId) -> tuple[Adult, ...]:
        bonds = uow.people.relationships_of_student(student_id)
        today = self._desk.clock.today()
        return tuple(uow.people.adults({one.adult_id for one in bonds if one.holds_on(today)}))

    def _row(self, uow: UnitOfWork, request: RecordRequest, student: Student) -> RequestRow:
        return RequestRow(
            request=request,
            student=student,
            asked_by=uow.people.adult(request.asked_by),
            due=self.due_of(uow, request),
        )

    def due_of(self, uow: UnitOfWork, request: RecordRequest) -> RequestDue:
        """Return both limits of a request, by the site's policy and its calendar."""
        rules = uow.calendars.choices().deadline_rules(school_calendar(uow.calendars.years()))
        meeting = request.meeting_on or self._planned(uow, request)
        asked = request.received_on
        due = rules.record_request(asked, next_meeting_on=meeting, hearing_on=request.hearing_on)
        events = [day for day in (meeting, request.hearing_on) if day is not None and day > asked]
        by_event = None
        if events:
            alone = min(events)
            by_event = replace(
                due,
                due_on=date.fromordinal(alone.toordinal() - 1),
                school_day_on=None,
                limit="meeting" if alone == meeting else "hearing",
            )
        return RequestDue(due=due, by_days=rules.record_request(asked), by_event=by_event)

    def _planned(self, uow: UnitOfWork, request: RecordRequest) -> date | None:
        """Return the day of the next meeting that is planned for the child, if one is known."""
        days = [
            one.dated_on
            for one in standing_events(uow.calendars.events_of_students({request.student_id}))
            if one.kind is TimelineKind.MEETING_PLANNED and one.dated_on > request.received_on
        ]
        return min(days, default=None)


def _pressing(row: RequestRow) -> tuple[date, date]:
    return (row.due.due.due_on or date.max, row.request.received_on)


def _of(student_id: StudentId, owner_id: AdultId | None = None) -> Resource:
    return Resource(kind=ResourceKind.RECORD_REQUEST, student_id=student_id, owner_id=owner_id)
