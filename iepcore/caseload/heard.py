"""What families said to plans and nobody has answered yet: for the team, oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.ids import AdultId, PlanCommentId
from iepcore.people import Student
from iepcore.plan.document import PlanComment, PlanPart, Voice

WITHIN = timedelta(days=60)
"""How long words without an answer are shown as waiting; they stay in the plan's history after that."""

_Place = tuple[AdultId, object, PlanPart | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilySaid:
    """The newest words of one adult about one piece of a version, which wait for an answer."""

    student: Student
    comment: PlanComment
    author_name: str


def unanswered(comments: Iterable[PlanComment]) -> tuple[PlanComment, ...]:
    """Return the newest remark of each adult on each piece that no answer of the school has followed."""
    said = sorted(comments, key=lambda one: (one.said_at, one.id))
    place_of: dict[PlanCommentId, _Place] = {}
    last: dict[_Place, PlanComment] = {}
    for one in said:
        if one.voice is not Voice.STAFF:
            place: _Place | None = (one.author_id, one.version_id, one.part, one.about)
        else:
            place = place_of.get(one.answers) if one.answers is not None else None
        if place is not None:
            place_of[one.id] = place
            last[place] = one
    return tuple(one for one in said if one.voice is not Voice.STAFF and one in last.values())


def unheard(desk: Desk) -> tuple[FamilySaid, ...]:
    """Return what waits for the actor's teams; of children whose remarks the actor may not read, nothing."""
    me, day = desk.adult_id, desk.clock.today()
    with desk.store.read() as uow:
        judge = desk.judge(uow)
        ids = {
            one.student_id
            for one in uow.people.assignments_of_adult(me)
            if one.holds_on(day)
            and judge.may(Action.READ, Resource(kind=ResourceKind.PLAN_COMMENT, student_id=one.student_id))
        }
        waiting = unanswered(uow.plans.comments_of_students(ids, since=desk.clock.now() - WITHIN))
        students = {one.id: one for one in uow.people.students({one.student_id for one in waiting})}
        names = {one.id: one.name for one in uow.people.adults({one.author_id for one in waiting})}
        return tuple(
            FamilySaid(
                student=students[one.student_id],
                comment=one,
                author_name=names.get(one.author_id, ""),
            )
            for one in waiting
        )
