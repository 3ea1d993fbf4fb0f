"""The page for specialists: what the scores of one goal can carry, for whoever may read every one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import NotFound
from iepcore.ids import GoalId
from iepcore.people import Student
from iepcore.plan import Goal

if TYPE_CHECKING:
    from iepcore.plan.weighing import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersPage:
    """The child, the goal and the numbers. ``evidence`` None: the actor reads only points of their own, and
    numbers made of everybody's would tell the others'."""

    student: Student
    goal: Goal
    evidence: Evidence | None


class WeighingDesk:
    """Use case of the page for specialists. Reading opens the child's record and leaves its access event."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def numbers(self, goal_id: GoalId) -> NumbersPage:
        """Return the numbers behind one goal as they stand today.

        Raises:
            NotPermitted: with reason and citation; NotFound: no such goal.
        """
        from iepcore.plan.weighing import evidence  # every effect size, which no other screen needs

        desk = self._desk
        with desk.store.read() as uow:
            goal = uow.plan.goal(goal_id)
            student = uow.people.student(goal.student_id) if goal is not None else None
        if goal is None or student is None:
            raise NotFound("goal")
        desk.open_record(
            Resource(kind=ResourceKind.GOAL, student_id=student.id, goal_id=goal_id), what="numbers"
        )
        with desk.store.read() as uow:
            if not desk.may(uow, Action.READ, Resource(kind=ResourceKind.DATA_POINT, student_id=student.id)):
                return NumbersPage(student=student, goal=goal, evidence=None)
            taken = uow.plan.points_of_goals({goal_id})[goal_id]
        return NumbersPage(student=student, goal=goal, evidence=evidence(goal, taken, on=desk.clock.today()))
