"""One point that may be corrected, for the screen that asks what it should have been."""

from __future__ import annotations

from dataclasses import dataclass

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import NotFound
from iepcore.ids import AdultId, PointId
from iepcore.people import Student
from iepcore.plan import DataPoint, Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPage:
    """A point with its goal and child. ``corrected``: somebody has corrected it already."""

    student: Student
    goal: Goal
    point: DataPoint
    corrected: bool


def data_of(goal: Goal, recorder_id: AdultId | None = None) -> Resource:
    """Return the data of a goal as a thing to decide on; ``recorder_id`` names whose point it is."""
    return Resource(
        kind=ResourceKind.DATA_POINT, student_id=goal.student_id, goal_id=goal.id, owner_id=recorder_id
    )


def point_page(desk: Desk, point_id: PointId) -> PointPage:
    """Return one point to correct it; opening it leaves its access event.

    Raises:
        NotFound: no such point; NotPermitted: for a point the actor may not read or not correct, such as
            somebody else's where the actor writes only their own.
    """
    with desk.store.read() as uow:
        point = uow.plan.point(point_id)
        goal = uow.plan.goal(point.goal_id) if point is not None else None
        student = uow.people.student(point.student_id) if point is not None else None
    if point is None or goal is None or student is None:
        raise NotFound("point")
    resource = data_of(goal, point.recorder_id)
    desk.open_record(resource, what="point")
    with desk.store.read() as uow:
        decision = desk.decision(uow, Action.WRITE, resource)
        history = uow.plan.history_of_goal(goal.id)
    if not decision.is_allowed:
        desk.refuse("point", decision, goal.student_id)
    corrected = any(one.supersedes == point.id for one in history)
    return PointPage(student=student, goal=goal, point=point, corrected=corrected)
