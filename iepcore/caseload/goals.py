"""Goals and their pages: adding a goal, one goal with its finding and points, one student with every goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from iepcore.access import Action, Outcome, Permitted, Resource, ResourceKind
from iepcore.caseload.desk import Desk, Judge
from iepcore.errors import NotFound
from iepcore.family import HomeObservation
from iepcore.ids import AdultId, GoalId, PointId, StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.people import Adult, Assignment, Relationship, Student
from iepcore.plan import DataPoint, Finding, Goal, GoalState, TrialSet, find
from iepcore.plan.current_report import current_report
from iepcore.ports import UnitOfWork
from iepcore.progress import Criterion, DefaultReport, Direction, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoal:
    """What a case manager writes to open a goal; see :class:`iepcore.plan.Goal` for ranges and errors.

    ``id`` is given when the form was made, so that a form sent twice opens one goal.
    """

    area: str
    text: FreeText
    measure: Measure
    baseline: float
    target: float
    direction: Direction
    criterion: Criterion
    starts_on: date
    ends_on: date
    skill_key: str | None = None
    skill_words: FreeText | None = None
    introduced_on: date | None = None
    id: GoalId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalCard:
    """A goal with its finding and the scores of its standing points, oldest first, for a line or a list."""

    goal: Goal
    finding: Finding
    points: tuple[DataPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPage:
    """Everything one goal's screen shows. ``history`` holds corrected points too; ``names`` who recorded.

    ``sees_points`` False: points are the actor's own only, and there is no ``report`` (trend and rules over
    everybody's). Observations are empty unless ``sees_home``. ``report_code`` is what the school's report
    cards print for the finding's word, empty where they have none.
    ``corrected`` are the points of the history that no longer stand, whoever corrected them;
    ``correctable`` those that the actor may correct.
    """

    student: Student
    card: GoalCard
    report: DefaultReport | None
    report_code: str
    history: tuple[DataPoint, ...]
    observations: tuple[HomeObservation, ...]
    open_set: TrialSet | None
    names: dict[AdultId, str]
    next_point_by: date
    may_record: bool
    may_write: bool
    may_change: bool
    sees_points: bool
    sees_home: bool
    corrected: frozenset[PointId]
    correctable: frozenset[PointId]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentPage:
    """One student: goals with findings, team and family; what the actor may not see is empty."""

    student: Student
    cards: tuple[GoalCard, ...]
    team: tuple[tuple[Assignment, Adult], ...]
    family: tuple[tuple[Relationship, Adult], ...]
    may_record: bool
    may_write: bool
    may_change: bool
    may_see_family: bool
    may_see_team: bool
    may_see_dates: bool = False


class GoalsDesk:
    """Use cases about goals. Reading opens the child's record and leaves its access event."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def opening(self, student_id: StudentId) -> Student:
        """Return the child for whom the actor may open a goal.

        Raises:
            NotPermitted: with reason and citation.
        """
        resource = Resource(kind=ResourceKind.GOAL, student_id=student_id)
        self._desk.open_record(resource, what="goal_form")
        with self._desk.store.read() as uow:
            decision = self._desk.decision(uow, Action.WRITE, resource)
            student = uow.people.student(student_id)
        if not decision.is_allowed:
            self._desk.refuse("goal_form", decision, student_id)
        if student is None:
            raise NotFound("student")
        return student

    def check(self, student_id: StudentId, new: NewGoal) -> Goal:
        """Return the goal as it would be, kept nowhere; raises what ``add`` would for its values."""
        return self._made(student_id, new)

    def add(self, student_id: StudentId, new: NewGoal) -> Goal:
        """Open a goal for a child. The same form again returns the goal it opened.

        Raises:
            NotFound: when ``new.id`` belongs to a goal of another child or author.
        """
        desk = self._desk
        with desk.changing() as change:
            resource = Resource(kind=ResourceKind.GOAL, student_id=student_id)
            change.permit(Action.WRITE, resource, what="add_goal")
            if change.uow.people.student(student_id) is None:
                raise NotFound("student")
            first = change.uow.plan.goal(new.id) if new.id is not None else None
            if first is not None:
                if (first.student_id, first.created_by) != (student_id, desk.adult_id):
                    raise NotFound("goal")
                return first
            goal = self._made(student_id, new)
            change.uow.plan.add_goal(goal)
            return goal

    def _made(self, student_id: StudentId, new: NewGoal) -> Goal:
        return Goal(
            id=new.id or GoalId(new_uuid7()),
            student_id=student_id,
            area=new.area,
            text=new.text,
            measure=new.measure,
            baseline=new.baseline,
            target=new.target,
            direction=new.direction,
            criterion=new.criterion,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
            skill_key=new.skill_key,
            skill_words=new.skill_words,
            introduced_on=new.introduced_on,
            created_by=self._desk.adult_id,
            created_at=self._desk.clock.now(),
        )

    def goal(self, goal_id: GoalId) -> GoalPage:
        """Return one goal's page."""
        desk = self._desk
        student_id = self.student_of(goal_id)
        permitted = desk.open_record(
            Resource(kind=ResourceKind.GOAL, student_id=student_id, goal_id=goal_id), what="goal"
        )
        with desk.store.read() as uow:
            goal = uow.plan.goal(goal_id)
            student = uow.people.student(student_id)
            if goal is None or student is None:
                raise NotFound("goal")
            judge = desk.judge(uow)
            sees_points = _sees_points(judge, student_id)
            sees_home = judge.may(
                Action.READ, Resource(kind=ResourceKind.HOME_OBSERVATION, student_id=student_id)
            )
            everything = uow.plan.history_of_goal(goal_id)
            history = _own_unless(sees_points, everything, desk.adult_id)
            observations = tuple(uow.family.observations_of_goals({goal_id})[goal_id]) if sees_home else ()
            recorders = {point.recorder_id for point in history} | {one.adult_id for one in observations}
            mine = [one for one in uow.plan.open_sets_of(desk.adult_id) if one.goal_id == goal_id]
            data = Resource(kind=ResourceKind.DATA_POINT, student_id=student_id, goal_id=goal_id)
            today = desk.clock.today()
            card = card_of(permitted, uow, goal, on=today, desk=desk)
            return GoalPage(
                student=student,
                card=card,
                report=current_report(goal, card.points, on=today) if sees_points else None,
                report_code=desk.policy.report_codes.code(card.finding.word),
                history=history,
                observations=observations,
                open_set=mine[0] if mine else None,
                names={adult.id: adult.name for adult in uow.people.adults(recorders)},
                next_point_by=_next_point_by(card.finding.last_on, today),
                may_record=judge.may(Action.WRITE, data),
                may_write=judge.may(Action.WRITE, Resource(kind=ResourceKind.MESSAGE, student_id=student_id)),
                may_change=judge.may(
                    Action.WRITE,
                    Resource(
                        kind=ResourceKind.GOAL,
                        student_id=student_id,
                        goal_id=goal_id,
                        owner_id=goal.created_by,
                    ),
                ),
                sees_points=sees_points,
                sees_home=sees_home,
                corrected=frozenset(point.supersedes for point in everything if point.supersedes is not None),
                correctable=frozenset(
                    point.id
                    for point in history
                    if judge.may(Action.WRITE, replace(data, owner_id=point.recorder_id))
                ),
            )

    def student(self, student_id: StudentId) -> StudentPage:
        """Return one student's page."""
        desk = self._desk
        permitted = desk.open_record(
            Resource(kind=ResourceKind.STUDENT, student_id=student_id), what="student"
        )
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            today = desk.clock.today()
            goals = [
                goal
                for goal in uow.plan.goals_of_students({student_id})
                if goal.state in {GoalState.ACTIVE, GoalState.MET, GoalState.DRAFT}
            ]
            judge = desk.judge(uow)
            sees_team = judge.may(Action.READ, Resource(kind=ResourceKind.TEAM, student_id=student_id))
            places = (
                [one for one in uow.people.assignments_of_student(student_id) if one.holds_on(today)]
                if sees_team
                else []
            )
            family = Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id)
            sees_family = judge.may(Action.READ, family)
            held = (
                [one for one in uow.people.relationships_of_student(student_id) if one.holds_on(today)]
                if sees_family
                else []
            )
            adults = {
                adult.id: adult
                for adult in uow.people.adults(
                    {one.adult_id for one in places} | {one.adult_id for one in held}
                )
            }

            def may(kind: ResourceKind) -> bool:
                return judge.may(Action.WRITE, Resource(kind=kind, student_id=student_id))

            return StudentPage(
                student=student,
                cards=cards_of(permitted, uow, goals, on=today, desk=desk),
                team=tuple((one, adults[one.adult_id]) for one in places),
                family=tuple((one, adults[one.adult_id]) for one in held),
                may_record=may(ResourceKind.DATA_POINT),
                may_write=may(ResourceKind.MESSAGE),
                may_change=may(ResourceKind.GOAL),
                may_see_family=sees_family,
                may_see_team=sees_team,
                may_see_dates=judge.decide(
                    Action.READ, Resource(kind=ResourceKind.IEP, student_id=student_id)
                ).outcome
                is Outcome.ALLOW,
            )

    def student_of(self, goal_id: GoalId) -> StudentId:
        """Return whose goal it is: an id, for a screen that then opens the record by it.

        Raises:
            NotFound: looks the same outside as a refusal.
        """
        with self._desk.store.read() as uow:
            goal = uow.plan.goal(goal_id)
        if goal is None:
            raise NotFound("goal")
        return goal.student_id


def card_of(permitted: Permitted[Resource], uow: UnitOfWork, goal: Goal, *, on: date, desk: Desk) -> GoalCard:
    """Return the card of one goal of the child the permission is about."""
    return cards_of(permitted, uow, [goal], on=on, desk=desk)[0]


def cards_of(
    permitted: Permitted[Resource],
    uow: UnitOfWork,
    goals: Sequence[Goal],
    *,
    on: date,
    desk: Desk,
    judge: Judge | None = None,
    points: Mapping[GoalId, Sequence[DataPoint]] | None = None,
) -> tuple[GoalCard, ...]:
    """Return the cards of several goals of one child; goals of another child are left out.

    ``judge`` and ``points`` are given by a screen of many children, which reads both once for all.
    """
    own = [goal for goal in goals if goal.student_id == permitted.subject.student_id]
    points = points if points is not None else uow.plan.points_of_goals({goal.id for goal in own})
    sees_points = bool(own) and _sees_points(judge or desk.judge(uow), own[0].student_id)
    return tuple(
        GoalCard(
            goal=goal,
            finding=find(goal, points[goal.id], on=on, policy=desk.policy.finding),
            points=_own_unless(sees_points, points[goal.id], desk.adult_id),
        )
        for goal in own
    )


def _sees_points(judge: Judge, student_id: StudentId) -> bool:
    """Tell whether the actor may read every point of a child, or (an aide, a general teacher) only their
    own."""
    return judge.may(Action.READ, Resource(kind=ResourceKind.DATA_POINT, student_id=student_id))


def _own_unless(sees_all: bool, points: Sequence[DataPoint], adult_id: AdultId) -> tuple[DataPoint, ...]:
    return tuple(point for point in points if sees_all or point.recorder_id == adult_id)


def _next_point_by(last_on: date | None, today: date) -> date:
    """Return the day by which the next score is wanted: a week after the last one, today without one."""
    return today if last_on is None else last_on + timedelta(days=7)
