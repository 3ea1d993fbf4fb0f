"""The family's side: my child, in the family's own words and language, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Resource, ResourceKind
from iepcore.caseload.conversing import visible_messages
from iepcore.caseload.desk import Desk
from iepcore.caseload.goals import GoalCard, cards_of
from iepcore.caseload.standing import may_read_records
from iepcore.errors import NotFound
from iepcore.family import HomeObservation, Message
from iepcore.ids import StudentId
from iepcore.people import Adult, Student
from iepcore.plan import GoalState


@dataclass(frozen=True, slots=True, kw_only=True)
class MyChild:
    """One line of the family's first screen."""

    student: Student
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildGoal:
    """A goal as its family sees it: the card, the newest words from school, what this adult saw at home."""

    card: GoalCard
    latest: Message | None
    latest_author: str
    mine: tuple[HomeObservation, ...]
    answered_this_week: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildPage:
    """My child: goals with the answer first, staff to turn to, and whether this adult may decide."""

    student: Student
    goals: tuple[ChildGoal, ...]
    staff: tuple[Adult, ...]
    may_decide: bool
    day: date


class HomeDesk:
    """Use cases of the family's screens."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def children(self) -> tuple[MyChild, ...]:
        """Return the children whose records this adult may open today; empty for everybody else."""
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        with desk.store.read() as uow:
            ids = [
                one.student_id for one in uow.people.relationships_of_adult(me) if may_read_records(one, day)
            ]
        allowed = desk.note_list(ids, what="my_children")
        with desk.store.read() as uow:
            rows = []
            for student in uow.people.students(set(allowed)):
                messages = [
                    one for one in uow.family.messages_of_students({student.id}) if me in one.recipient_ids
                ]
                opened = {
                    one.message_id
                    for one in uow.family.opened_of({one.id for one in messages})
                    if one.adult_id == me
                }
                rows.append(MyChild(student=student, unread=sum(one.id not in opened for one in messages)))
            return tuple(sorted(rows, key=lambda row: row.student.preferred_name.casefold()))

    def child(self, student_id: StudentId) -> ChildPage:
        """Return one child's page for an adult of the family.

        Raises:
            NotPermitted: when no current relationship opens the record; nothing else is told.
        """
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        permitted = desk.open_record(Resource(kind=ResourceKind.GOAL, student_id=student_id), what="my_child")
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            held = [
                one
                for one in uow.people.relationships_of_adult(me)
                if one.student_id == student_id and one.holds_on(day)
            ]
            goals = [
                goal
                for goal in uow.plan.goals_of_students({student_id})
                if goal.state in {GoalState.ACTIVE, GoalState.MET}
            ]
            observed = uow.family.observations_of_goals({goal.id for goal in goals})
            messages = visible_messages(
                uow.family.messages_of_students({student_id}), me, is_staff=False, sees_all=False
            )
            authors = {
                adult.id: adult.name for adult in uow.people.adults({one.author_id for one in messages})
            }
            rows = []
            for card in cards_of(permitted, uow, goals, on=day, desk=desk):
                from_school = [one for one in messages if one.goal_id == card.goal.id and not one.from_family]
                latest = from_school[-1] if from_school else None
                mine = tuple(one for one in observed[card.goal.id] if one.adult_id == me)
                rows.append(
                    ChildGoal(
                        card=card,
                        latest=latest,
                        latest_author=authors.get(latest.author_id, "") if latest else "",
                        mine=mine,
                        answered_this_week=any((day - one.observed_on).days < 7 for one in mine),
                    )
                )
            places = [one for one in uow.people.assignments_of_student(student_id) if one.holds_on(day)]
            staff = uow.people.adults({one.adult_id for one in places})
            return ChildPage(
                student=student,
                goals=tuple(rows),
                staff=tuple(sorted(staff, key=lambda adult: adult.name.casefold())),
                may_decide=any(one.may_decide for one in held),
                day=day,
            )

    def read_in(self, language: str) -> None:
        """Keep the language this adult wants to read. It is theirs to say, whatever the LMS tells."""
        desk = self._desk
        with desk.store.write() as uow:
            adult = uow.people.adult(desk.adult_id)
            if adult is None:
                raise NotFound("adult")
            if adult.reads != language:
                uow.people.save_adult(replace(adult, reads=language, version=adult.version + 1))
