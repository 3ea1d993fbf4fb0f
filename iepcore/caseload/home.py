"""The family's side: my child, in the family's own words and language, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Decision, Outcome, Resource, ResourceKind
from iepcore.caseload.conversing import interpreters, visible_messages
from iepcore.caseload.desk import Desk
from iepcore.caseload.goals import GoalCard, cards_of
from iepcore.caseload.households import own_copies, own_requests, own_translations
from iepcore.caseload.standing import may_read_records
from iepcore.caseload.updating import has_chosen_look, since_last_update
from iepcore.errors import NotFound
from iepcore.family import (
    HomeObservation,
    Message,
    MessageOpened,
    Translation,
    TranslationRequest,
)
from iepcore.ids import GoalId, StudentId
from iepcore.people import Adult, Student
from iepcore.plan import GoalState, Growth
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class MyChild:
    """One line of the family's first screen."""

    student: Student
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestNote:
    """The newest words from school in one conversation, and what became of them in other languages."""

    message: Message
    author_name: str
    translations: tuple[Translation, ...]
    requests: tuple[TranslationRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildGoal:
    """A goal as its family sees it: the card, the newest words from school, what this adult saw at home.

    ``since`` is how scores moved since this adult's last update about it; ``team_looks``: staff have told
    this adult that the team will look at the plan.
    """

    card: GoalCard
    since: Growth | None
    team_looks: bool
    note: NewestNote | None
    mine: tuple[HomeObservation, ...]
    answered_this_week: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildPage:
    """My child: goals with the answer first, staff to turn to, and whether this adult may decide.

    ``note`` is the newest of the child's general conversation, ``reads`` this adult's language for letters.
    """

    student: Student
    goals: tuple[ChildGoal, ...]
    note: NewestNote | None
    interpreters: tuple[Adult, ...]
    reads: str
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
        """Return one child's page for an adult of the family, and note which notes it has shown.

        Raises:
            NotPermitted: when no current relationship opens the record; nothing else is told.
        """
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        permitted = desk.open_record(Resource(kind=ResourceKind.GOAL, student_id=student_id), what="my_child")
        self._require_family(student_id, day)
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            goals = [
                goal
                for goal in uow.plan.goals_of_students({student_id})
                if goal.state in {GoalState.ACTIVE, GoalState.MET}
            ]
            observed = uow.family.observations_of_goals({goal.id for goal in goals})
            messages = visible_messages(
                uow.family.messages_of_students({student_id}), me, is_staff=False, sees_all=False
            )
            adult = uow.people.adult(me)
            reads = adult.reads if adult is not None else "en"
            notes = self._newest(uow, own_copies(messages, me), reads)
            rows = []
            for card in cards_of(permitted, uow, goals, on=day, desk=desk):
                mine = tuple(one for one in observed[card.goal.id] if one.adult_id == me)
                rows.append(
                    ChildGoal(
                        card=card,
                        since=since_last_update(
                            card.goal, card.points, messages, {me}, on=day, zone=desk.clock.zone
                        ),
                        team_looks=has_chosen_look(
                            card.finding,
                            messages,
                            {me},
                            on=day,
                            zone=desk.clock.zone,
                            policy=desk.policy.finding,
                        ),
                        note=notes.get(card.goal.id),
                        mine=mine,
                        answered_this_week=any((day - one.observed_on).days < 7 for one in mine),
                    )
                )
            consent = Resource(kind=ResourceKind.CONSENT, student_id=student_id)
            places = [one for one in uow.people.assignments_of_student(student_id) if one.holds_on(day)]
            staff = uow.people.adults({one.adult_id for one in places})
            page = ChildPage(
                student=student,
                goals=tuple(rows),
                note=notes.get(None),
                interpreters=interpreters(uow, day),
                reads=reads,
                staff=tuple(sorted(staff, key=lambda one: one.name.casefold())),
                may_decide=desk.may(uow, Action.DECIDE, consent),
                day=day,
            )
        shown = [page.note, *(row.note for row in page.goals)]
        self._mark_opened([note.message for note in shown if note is not None])
        return page

    def _require_family(self, student_id: StudentId, day: date) -> None:
        """The page is drawn for a family: a place on the team opens the staff's screens, not this one."""
        desk = self._desk
        with desk.store.read() as uow:
            held = uow.people.relationships_of_adult(desk.adult_id)
        if not any(one.student_id == student_id and may_read_records(one, day) for one in held):
            rule = "product rule: families have screens of their own"
            denied = Decision(outcome=Outcome.DENY, reason="family_only", citation=rule)
            desk.refuse("my_child", denied, student_id)

    def _newest(
        self, uow: UnitOfWork, messages: tuple[Message, ...], reads: str
    ) -> dict[GoalId | None, NewestNote]:
        """Return the newest words from school of each conversation; the key None is the general one."""
        newest = {one.goal_id: one for one in messages if not one.from_family}
        ids = {one.id for one in newest.values()}
        authors = {one.id: one.name for one in uow.people.adults({one.author_id for one in newest.values()})}
        me, shown = self._desk.adult_id, tuple(newest.values())
        requests = own_requests(uow.family.requests_of_messages(ids), shown, me, reads)
        translations = own_translations(uow.family.translations_of(ids), requests, shown, me, reads)
        return {
            goal_id: NewestNote(
                message=message,
                author_name=authors.get(message.author_id, ""),
                translations=tuple(one for one in translations if one.message_id == message.id),
                requests=tuple(one for one in requests if one.message_id == message.id),
            )
            for goal_id, message in newest.items()
        }

    def _mark_opened(self, messages: list[Message]) -> None:
        """Note that these were on this adult's screen; a short write, and only when one is new there."""
        desk = self._desk
        if desk.wears_a_face:
            return  # the adult has not seen them
        with desk.store.read() as uow:
            opened = {
                one.message_id
                for one in uow.family.opened_of({one.id for one in messages})
                if one.adult_id == desk.adult_id
            }
        new = [one for one in messages if one.id not in opened]
        if not new:
            return
        with desk.store.write() as uow:
            for message in new:
                uow.family.add_opened(
                    MessageOpened(message_id=message.id, adult_id=desk.adult_id, opened_at=desk.clock.now())
                )

    def read_in(self, language: str) -> None:
        """Keep the language this adult wants to read. It is theirs to say, whatever the LMS tells."""
        desk = self._desk
        if desk.wears_a_face:
            rule = "product rule: no writes under another face"
            desk.refuse("read_in", Decision(outcome=Outcome.DENY, reason="masquerade", citation=rule), None)
        with desk.store.write() as uow:
            adult = uow.people.adult(desk.adult_id)
            if adult is None:
                raise NotFound("adult")
            if adult.reads != language:
                uow.people.save_adult(replace(adult, reads=language, version=adult.version + 1))
