"""Today: children and people, not documents. Who waits for you, who is not on the line, which family was not
heard."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from iepcore.access import Action, Outcome, Permitted, Resource, ResourceKind, require
from iepcore.caseload.announcing import is_announcement
from iepcore.caseload.conversing import visible_messages
from iepcore.caseload.deadlines import Dues, SiteRules, dues_of
from iepcore.caseload.desk import Desk
from iepcore.caseload.goals import GoalCard, cards_of
from iepcore.caseload.keeping import PERSON_DISABLED
from iepcore.caseload.standing_rights import rights_of
from iepcore.family import ContactLogEntry, ContactResult, HomeObservation, Message
from iepcore.ids import AdultId, GoalId, StudentId
from iepcore.notices import OutboxItem, OutboxState
from iepcore.people import Adult, Assignment, Relationship, SiteRole, StaffRole, Student
from iepcore.plan import Goal, GoalState
from iepcore.ports import UnitOfWork
from iepcore.progress import FindingWord

_URGENCY = {
    FindingWord.NOT_YET: 0,
    FindingWord.CLOSE: 1,
    FindingWord.NOT_ENOUGH_DATA: 2,
    FindingWord.NOT_INTRODUCED: 3,
    FindingWord.ON_TRACK: 4,
    FindingWord.MET: 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRow:
    """One child on Today: the actor's part, the goal that needs a look first, and how many others there
    are."""

    student: Student
    role: StaffRole
    first: GoalCard | None
    cards: tuple[GoalCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A family member's words that nobody has answered yet."""

    message: Message
    student: Student
    goal: Goal | None
    author: Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a family saw at home since last week."""

    observation: HomeObservation
    student: Student
    goal: Goal
    author: Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A notice of the actor's that did not arrive as meant: waiting, held, refused or unknown."""

    item: OutboxItem
    student: Student
    goal_id: GoalId | None
    recipient: Adult


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A family without two-way contact. ``days`` None: never since the record was opened."""

    student: Student
    adult: Adult
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """Everything on the first screen of a member of staff."""

    me: Adult
    day: date
    children: tuple[ChildRow, ...]
    waiting: tuple[Waiting, ...]
    seen: tuple[Seen, ...]
    stuck: tuple[Stuck, ...]
    quiet: tuple[Quiet, ...]
    site_roles: tuple[SiteRole, ...]
    is_interpreter: bool
    open_tasks: int
    may_record: bool
    sees_home: bool
    dues: Dues
    quiet_days: int


class TodayDesk:
    """The use case of the first screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self) -> TodayPage:
        """Return Today for the acting member of staff. Each child shown leaves one list event a day."""
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        with desk.store.read() as uow:
            held = [one for one in uow.people.assignments_of_adult(me) if one.holds_on(day)]
        allowed = desk.note_list([one.student_id for one in held], what="today")
        places: dict[StudentId, Assignment] = {}
        for one in held:
            if one.student_id in allowed:
                places.setdefault(one.student_id, one)
        with desk.store.read() as uow:
            students = {one.id: one for one in uow.people.students(set(places)) if one.left_on is None}
            goals = [
                goal for goal in uow.plan.goals_of_students(set(students)) if goal.state is GoalState.ACTIVE
            ]
            adult = uow.people.adult(me)
            assert adult is not None  # a session is bound to an adult of this site
            roles = tuple(one.role for one in uow.people.appointments_of_adult(me) if one.holds_on(day))
            tasks = [one for one in uow.family.requests_of_interpreter(me) if one.done_at is None]
            site = SiteRules.load(uow)
            family = _Family.load(uow, students, goals, desk)
            quiet_days = site.choices.quiet_days if site.choices.version else desk.policy.quiet_days
            return TodayPage(
                me=adult,
                day=day,
                children=self._children(uow, students, places, goals),
                waiting=family.waiting(),
                seen=family.seen(since=day - timedelta(days=7)),
                stuck=family.stuck(uow),
                quiet=family.quiet(quiet_days),
                site_roles=roles,
                is_interpreter=SiteRole.INTERPRETER in roles,
                open_tasks=len(tasks),
                may_record=self._may_any(
                    uow, {goal.student_id for goal in goals}, Action.WRITE, ResourceKind.DATA_POINT
                ),
                sees_home=self._may_any(uow, students, Action.READ, ResourceKind.HOME_OBSERVATION),
                dues=self._dues(uow, students, site),
                quiet_days=quiet_days,
            )

    def _dues(self, uow: UnitOfWork, students: Mapping[StudentId, Student], site: SiteRules) -> Dues:
        """Return what is due for the children whose plan the actor may read."""
        judge = self._desk.judge(uow)
        readable = {
            one.id: one
            for one in students.values()
            if judge.decide(Action.READ, Resource(kind=ResourceKind.IEP, student_id=one.id)).outcome
            is Outcome.ALLOW
        }
        return dues_of(uow, readable, site, judge)

    def _may_any(
        self, uow: UnitOfWork, student_ids: Iterable[StudentId], action: Action, kind: ResourceKind
    ) -> bool:
        """Tell whether the actor may do this for at least one of the children."""
        judge = self._desk.judge(uow)
        return any(judge.may(action, Resource(kind=kind, student_id=one)) for one in student_ids)

    def _children(
        self,
        uow: UnitOfWork,
        students: Mapping[StudentId, Student],
        places: Mapping[StudentId, Assignment],
        goals: Sequence[Goal],
    ) -> tuple[ChildRow, ...]:
        desk, judge = self._desk, self._desk.judge(uow)
        points = uow.plan.points_of_goals({goal.id for goal in goals})
        rows = []
        for student in students.values():
            resource = Resource(kind=ResourceKind.GOAL, student_id=student.id)
            decision = judge.decide(Action.READ, resource)
            if not decision.is_allowed:
                continue
            permitted: Permitted[Resource] = require(decision, resource)
            own = [goal for goal in goals if goal.student_id == student.id]
            cards = sorted(
                cards_of(permitted, uow, own, on=judge.day, desk=desk, judge=judge, points=points),
                key=lambda card: (not card.finding.review_suggested, _URGENCY[card.finding.word]),
            )
            rows.append(
                ChildRow(
                    student=student,
                    role=places[student.id].role,
                    first=cards[0] if cards else None,
                    cards=tuple(cards),
                )
            )
        return tuple(sorted(rows, key=_need))


def _need(row: ChildRow) -> tuple[bool, int, str]:
    if row.first is None:
        return True, 9, row.student.preferred_name.casefold()
    flagged = row.first.finding.review_suggested
    return not flagged, _URGENCY[row.first.finding.word], row.student.preferred_name.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """The family side of Today, loaded once."""

    desk: Desk
    students: Mapping[StudentId, Student]
    goals: Mapping[object, Goal]
    adults: Mapping[AdultId, Adult]
    relationships: Sequence[Relationship]
    messages: Sequence[Message]
    sees_all: Collection[StudentId]
    contacts: Sequence[ContactLogEntry]
    observations: Sequence[HomeObservation]

    @classmethod
    def load(
        cls, uow: UnitOfWork, students: Mapping[StudentId, Student], goals: Sequence[Goal], desk: Desk
    ) -> _Family:
        me, judge = desk.adult_id, desk.judge(uow)
        sees_all = {
            student_id
            for student_id in students
            if judge.may(Action.READ, Resource(kind=ResourceKind.MESSAGE, student_id=student_id))
        }
        everything = uow.family.messages_of_students(set(students))
        messages = [
            message
            for student_id in students
            for message in visible_messages(
                [one for one in everything if one.student_id == student_id],
                me,
                is_staff=True,
                sees_all=student_id in sees_all,
            )
        ]
        with_family = {
            student_id
            for student_id in students
            if judge.may(Action.READ, Resource(kind=ResourceKind.RELATIONSHIP, student_id=student_id))
        }
        rights = rights_of(uow, with_family)
        held = [
            one
            for one in uow.people.relationships_of_students(with_family)
            if rights.may_be_written(one, judge.day)
        ]
        sees_home = {
            student_id
            for student_id in students
            if judge.may(Action.READ, Resource(kind=ResourceKind.HOME_OBSERVATION, student_id=student_id))
        }
        observed = uow.family.observations_of_goals(
            {goal.id for goal in goals if goal.student_id in sees_home}
        )
        seen = [one for group in observed.values() for one in group]
        people = {one.adult_id for one in held} | {one.author_id for one in messages}
        people |= {one.adult_id for one in seen}
        return cls(
            desk=desk,
            students=students,
            goals={goal.id: goal for goal in goals},
            adults={adult.id: adult for adult in uow.people.adults(people)},
            relationships=held,
            messages=messages,
            sees_all=sees_all,
            contacts=uow.family.contacts_of_students(with_family),
            observations=seen,
        )

    def waiting(self) -> tuple[Waiting, ...]:
        """Return the last unanswered words of each family member in each conversation, oldest first."""
        last: dict[tuple[object, AdultId], Message] = {}
        for message in sorted(self.messages, key=lambda one: one.sent_at):
            if message.from_family:
                last[message.thread_id, message.author_id] = message
            elif not is_announcement(message):
                for reader in message.recipient_ids:
                    last.pop((message.thread_id, reader), None)
        rows = [
            Waiting(
                message=message,
                student=self.students[message.student_id],
                goal=self.goals.get(message.goal_id),
                author=self.adults[message.author_id],
            )
            for message in last.values()
            if message.author_id in self.adults
        ]
        return tuple(sorted(rows, key=lambda row: row.message.sent_at))

    def seen(self, *, since: date) -> tuple[Seen, ...]:
        """Return what was seen at home since a day, newest first."""
        rows = [
            Seen(
                observation=one,
                student=self.students[one.student_id],
                goal=self.goals[one.goal_id],
                author=self.adults[one.adult_id],
            )
            for one in self.observations
            if one.observed_on >= since and one.adult_id in self.adults
        ]
        return tuple(sorted(rows, key=lambda row: row.observation.received_at, reverse=True))

    def stuck(self, uow: UnitOfWork) -> tuple[Stuck, ...]:
        """Return the actor's notices that need a look, and those of a disabled colleague, who cannot."""
        mine = {one.id: one.goal_id for one in self.messages if one.author_id == self.desk.adult_id}
        troubled = {OutboxState.WAITING, OutboxState.HELD, OutboxState.REFUSED, OutboxState.UNKNOWN}
        rows = []
        listed = [*uow.outbox.of_messages(set(mine)), *self._left_behind(uow)]
        about = {one.id: one.goal_id for one in self.messages}
        for item in listed:
            recipient = self.adults.get(item.recipient_id) or uow.people.adult(item.recipient_id)
            if item.state in troubled and recipient is not None:
                rows.append(
                    Stuck(
                        item=item,
                        student=self.students[item.student_id],
                        goal_id=about[item.message_id],
                        recipient=recipient,
                    )
                )
        return tuple(sorted(rows, key=lambda row: row.item.created_at, reverse=True))

    def _left_behind(self, uow: UnitOfWork) -> list[OutboxItem]:
        """Return held notices in the name of somebody who is disabled, for those who see every message."""
        out = {one.adult_id for one in uow.keeping.suspensions() if one.is_in_force}
        held = uow.outbox.held_of_students(self.sees_all, reason=PERSON_DISABLED) if out else ()
        return [item for item in held if item.sender_id in out]

    def quiet(self, limit: int) -> tuple[Quiet, ...]:
        """Return families without two-way contact for as many days, longest silence first."""
        now = self.desk.clock.now()
        rows = []
        for student in self.students.values():
            heard = self._last_heard(student.id)
            days = (now - heard).days if heard is not None else None
            since_opened = (now - student.created_at).days
            if (days if days is not None else since_opened) < limit:
                continue
            first = next((one for one in self.relationships if one.student_id == student.id), None)
            if first is not None:
                rows.append(Quiet(student=student, adult=self.adults[first.adult_id], days=days))
        return tuple(sorted(rows, key=lambda row: -(row.days if row.days is not None else 10_000)))

    def _last_heard(self, student_id: StudentId) -> datetime | None:
        times = [one.sent_at for one in self.messages if one.student_id == student_id and one.from_family]
        times += [one.received_at for one in self.observations if one.student_id == student_id]
        times += [
            one.at
            for one in self.contacts
            if one.student_id == student_id and one.result is ContactResult.REACHED
        ]
        return max(times, default=None)
