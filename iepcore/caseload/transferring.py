"""A record that came from another school: looked at first, then kept whole, with services from that day on.

The child gets services comparable to those of the plan that came, at once, until this school adopts it or
writes its own (34 CFR 300.323(e), (f)). Nobody gets a right by it: the adults who came with the record are
names that sign words, and whoever keeps the record here confirms people as for every child.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.caseload.plan_goals import settle_goals
from iepcore.caseload.plan_rules import in_force_now, require_day_came, step_to
from iepcore.errors import IllegalMove, NotFound
from iepcore.family import Message, Thread
from iepcore.ids import AdultId, AssignmentId, PlanId, PlanVersionId, StudentId, ThreadId, new_uuid7
from iepcore.people import Adult, ArrivingRecord, Assignment, StaffRole, Student
from iepcore.plan.document import Ground, PlanState, PlanVersion, end_plan
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPreview:
    """What would be kept: values by kind, of them those that are new here, and whether the child is known."""

    record: ArrivingRecord
    counts: Mapping[str, int]
    new: int
    is_known: bool
    plan: PlanVersion | None


class TransferringDesk:
    """Looking at a record that came, and keeping it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def look(self, record: ArrivingRecord) -> TransferPreview:
        """Return what keeping the record would do; nothing is written but the look itself.

        Raises:
            NotPermitted: unless the actor may open records at this site.
            IllegalMove: ``transfer_from_here`` for a record that lives at this site.
        """
        with self._desk.changing() as change:
            change.permit(Action.WRITE, Resource(kind=ResourceKind.STUDENT), what="transfer_look")
            _not_from_here(change.uow, record)
            new = list(_new_values(change.uow, record))
        return TransferPreview(
            record=record,
            counts=Counter(type(value).__name__ for value in record.values),
            new=len(new),
            is_known=not any(isinstance(value, Student) for value in new),
            plan=_in_force(record),
        )

    def receive(
        self, record: ArrivingRecord, *, on: date, case_manager_id: AdultId | None = None
    ) -> StudentId:
        """Keep the record. The actor becomes the child's case manager, or for a job, ``case_manager_id``. The
        plan that came is in force as comparable services from ``on``. The same record again completes what is
        missing and changes nothing.

        Raises:
            NotFound: ``adult`` when the case manager is nobody of this site.
            NotPermitted: unless the actor may open records at this site.
            IllegalMove: ``transfer_from_here``; ``plan_not_yet`` for a day to come.
        """
        desk = self._desk
        with desk.changing() as change:
            uow = change.uow
            change.permit(Action.WRITE, Resource(kind=ResourceKind.STUDENT), what="transfer_receive")
            _not_from_here(uow, record)
            require_day_came(desk, on)
            new = list(_new_values(uow, record))
            uow.archive.restore(new)
            if any(isinstance(value, Student) for value in new):
                self._take_on(uow, record.student.id, on, case_manager_id or desk.adult_id)
        return record.student.id

    def _take_on(self, uow: UnitOfWork, student_id: StudentId, on: date, adult_id: AdultId) -> None:
        """Give the child a case manager, end the plan that came, and put its services in force here."""
        desk = self._desk
        if uow.people.adult(adult_id) is None:
            raise NotFound("adult")
        uow.people.add_assignment(
            Assignment(
                id=AssignmentId(new_uuid7()),
                student_id=student_id,
                adult_id=adult_id,
                role=StaffRole.CASE_MANAGER,
                assigned_by=adult_id,
                assigned_at=desk.clock.now(),
                starts_on=on,
            )
        )
        versions = uow.plans.versions_of(student_id)
        came = in_force_now(versions)
        if came is None:
            return
        last_day = max(came.begins_on, on - timedelta(days=1))
        left = end_plan(came, PlanState.TRANSFERRED_OUT, Ground(), last_day=last_day)
        uow.plans.save_version(replace(left, steps=(*left.steps, step_to(desk, PlanState.TRANSFERRED_OUT))))
        here = PlanVersion(
            id=PlanVersionId(new_uuid7()),
            plan_id=PlanId(new_uuid7()),
            student_id=student_id,
            number=max(one.number for one in versions) + 1,
            contents=came.contents,
            reviewed_on=came.reviewed_on,
            begins_on=on,
            ends_on=max(came.ends_on, on),
            written_by=adult_id,
            state=PlanState.TRANSFERRED_IN,
            steps=(step_to(desk, PlanState.TRANSFERRED_IN),),
        )
        uow.plans.add_version(here)
        settle_goals(desk, uow, here, None)


def _not_from_here(uow: UnitOfWork, record: ArrivingRecord) -> None:
    if uow.people.student(record.original_id) is not None:
        raise IllegalMove("transfer_from_here")


def _in_force(record: ArrivingRecord) -> PlanVersion | None:
    return in_force_now(value for value in record.values if isinstance(value, PlanVersion))


def _new_values(uow: UnitOfWork, record: ArrivingRecord) -> Iterator[object]:
    """Yield what is not here yet, in its order. What is here stays as it is, whatever the file says of it."""
    adults = {one.id for one in record.values if isinstance(one, Adult)}
    known: set[object] = {(Adult, one.id) for one in uow.people.adults(adults)}
    threads: dict[ThreadId, ThreadId] = {}
    if uow.people.student(record.student.id) is not None:
        known |= {_key(value) for value in uow.archive.values(student_id=record.student.id)}
        threads = dict(_threads_here(uow, record))
    for value in record.values:
        if isinstance(value, Thread) and value.id in threads:
            continue
        if _key(value) in known:
            continue
        if isinstance(value, Message):
            value = replace(value, thread_id=threads.get(value.thread_id, value.thread_id))
        yield value


def _threads_here(uow: UnitOfWork, record: ArrivingRecord) -> Iterator[tuple[ThreadId, ThreadId]]:
    """Yield conversations of the file for whose goal a conversation was begun here since."""
    for value in record.values:
        if isinstance(value, Thread):
            here = uow.family.thread_of(value.student_id, value.goal_id)
            if here is not None:
                yield value.id, here.id


def _key(value: object) -> object:
    """Return what a value is known by: its id, or all of it where it has none."""
    return (type(value), getattr(value, "id", value))
