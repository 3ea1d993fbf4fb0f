"""Writing to a family: what the data can say, who may read it, the author's private draft, and the send."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import choice, token_urlsafe

from iepcore.access import Action, Decision, Outcome, Resource, ResourceKind
from iepcore.caseload.consenting import road_of
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.goals import GoalCard, card_of
from iepcore.caseload.keeping import PERSON_DISABLED
from iepcore.caseload.standing_rights import rights_of
from iepcore.caseload.updating import offered_parts, since_last_update
from iepcore.errors import Conflict, InvalidValue, NotFound
from iepcore.family import Draft, Message, MessageKind, Thread, is_visible_to, update_parts
from iepcore.ids import (
    AdultId,
    ClientKey,
    DraftId,
    GoalId,
    MessageId,
    OutboxId,
    StudentId,
    ThreadId,
    new_uuid7,
)
from iepcore.language import Part
from iepcore.notices import OutboxItem, Urgency
from iepcore.people import AddressKind, Adult, Relationship, Student
from iepcore.plan import Goal, GoalState
from iepcore.ports import UnitOfWork

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An adult of the child as a possible reader. ``refusal`` is a reason code, empty when they may be
    written to.

    ``channel`` is the road the notice will take; None means the note waits in the tool and nobody is told.
    """

    adult: Adult
    relationship: Relationship
    refusal: str
    channel: AddressKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposePage:
    """Everything the writing screen shows. ``suggested`` are the sentences the data can say, growth first;
    ``offered`` those that stand there only when the writer chooses them. Without a goal, ``goals`` are those
    in use, whose screens have sentences."""

    student: Student
    card: GoalCard | None
    goals: tuple[Goal, ...]
    suggested: tuple[Part, ...]
    offered: tuple[Part, ...]
    draft: Draft | None
    readers: tuple[Reader, ...]
    answering: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What goes out: parts, readers, and when an answer is wished for."""

    parts: tuple[Part, ...]
    recipient_ids: frozenset[AdultId]
    urgency: Urgency = Urgency.NOT_URGENT
    answer_by: date | None = None
    in_reply_to: MessageId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The stored message and its outbox items (both as first stored, when the send was repeated)."""

    message: Message
    items: tuple[OutboxItem, ...]


class ComposingDesk:
    """Use cases of the writing screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def compose(
        self, student_id: StudentId, goal_id: GoalId | None, *, answering: MessageId | None = None
    ) -> ComposePage:
        """Return the writing screen for one goal, or for the child in general."""
        desk = self._desk
        _require_team(desk, student_id, "compose")
        _require_letters(desk, student_id, "compose")
        permitted = desk.open_record(
            Resource(kind=ResourceKind.GOAL, student_id=student_id, goal_id=goal_id), what="compose"
        )
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            if student is None:
                raise NotFound("student")
            goal = uow.plan.goal(goal_id) if goal_id is not None else None
            _require_goal(uow, student_id, goal_id)
            card = card_of(permitted, uow, goal, on=desk.clock.today(), desk=desk) if goal else None
            readers = readers_of(uow, student_id, desk.clock.today(), desk.policy.channels)
            suggested, offered = self._sentences(uow, student, card, readers)
            return ComposePage(
                student=student,
                card=card,
                goals=() if goal is not None else _in_use(uow, student_id),
                suggested=suggested,
                offered=offered,
                draft=None if desk.wears_a_face else uow.family.draft_of(desk.adult_id, student_id, goal_id),
                readers=readers,
                answering=self._asked(uow, student_id, answering),
            )

    def _sentences(
        self, uow: UnitOfWork, student: Student, card: GoalCard | None, readers: Sequence[Reader]
    ) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Return what the data can say about a goal, and what the writer may choose to add."""
        if card is None:
            return (), ()
        desk, goal = self._desk, card.goal
        today = desk.clock.today()
        points = uow.plan.points_of_goals({goal.id})[goal.id]
        since = since_last_update(
            goal,
            points,
            uow.family.messages_of_students({student.id}),
            [reader.adult.id for reader in readers if not reader.refusal],
            on=today,
            zone=desk.clock.zone,
        )
        suggested = update_parts(goal, card.finding, child=student.preferred_name, since=since)
        policy = desk.policy.finding
        return suggested, offered_parts(goal, card.finding, points, on=today, policy=policy)

    def _asked(self, uow: UnitOfWork, student_id: StudentId, answering: MessageId | None) -> Message | None:
        """Return the words to be answered, if they are about this child and the actor may read them."""
        message = uow.family.message(answering) if answering is not None else None
        if message is None or message.student_id != student_id:
            return None
        me = self._desk.adult_id
        sees_all = self._desk.may(
            uow, Action.READ, Resource(kind=ResourceKind.MESSAGE, student_id=student_id)
        )
        if is_visible_to(message, me, is_staff=sees_all):
            return message
        first = uow.family.message(message.in_reply_to) if message.in_reply_to is not None else None
        return message if first is not None and first.author_id == me else None

    def save_draft(
        self,
        student_id: StudentId,
        goal_id: GoalId | None,
        parts: tuple[Part, ...],
        *,
        language: str,
        version: int,
    ) -> Draft:
        """Keep the author's unfinished words. ``version`` is the last one seen, 0 for none.

        Raises:
            Conflict: when the draft was saved elsewhere since; both are carried.
        """
        desk = self._desk
        _require_team(desk, student_id, "draft")
        with desk.changing() as change:
            change.permit(
                Action.WRITE, Resource(kind=ResourceKind.MESSAGE, student_id=student_id), what="draft"
            )
            _require_goal(change.uow, student_id, goal_id)
            current = change.uow.family.draft_of(desk.adult_id, student_id, goal_id)
            draft = Draft(
                id=current.id if current else DraftId(new_uuid7()),
                author_id=desk.adult_id,
                student_id=student_id,
                goal_id=goal_id,
                parts=parts,
                language=language,
                saved_at=desk.clock.now(),
                version=version + 1,
            )
            if (current.version if current else 0) != version:
                raise Conflict("draft", current=current, yours=draft)
            change.uow.family.save_draft(draft)
            return draft

    def send(
        self, student_id: StudentId, goal_id: GoalId | None, letter: Letter, client_key: ClientKey
    ) -> Sent:
        """Send a letter: message, one outbox item per reader and the trail, in one transaction.

        Raises:
            InvalidValue: ``recipient_has_no_right`` (field ``recipients``), ``nobody_to_read``, or
                ``key_used_elsewhere`` for a client key of another conversation.
            NotFound: no such goal of this child, or no such message to answer.
        """
        desk = self._desk
        _require_team(desk, student_id, "send")
        with desk.changing() as change:
            change.permit(
                Action.WRITE,
                Resource(kind=ResourceKind.MESSAGE, student_id=student_id, goal_id=goal_id),
                what="send",
            )
            _require_goal(change.uow, student_id, goal_id)
            answered = letter.in_reply_to
            if answered is not None and self._asked(change.uow, student_id, answered) is None:
                raise NotFound("message")
            readers = {
                reader.adult.id: reader
                for reader in readers_of(change.uow, student_id, desk.clock.today(), desk.policy.channels)
            }
            if not letter.recipient_ids:
                raise InvalidValue("nobody_to_read", field="recipients")
            for adult_id in letter.recipient_ids:
                if adult_id not in readers or readers[adult_id].refusal:
                    raise InvalidValue("recipient_has_no_right", field="recipients")
            kind = MessageKind.UPDATE if goal_id is not None else MessageKind.NOTE
            if letter.in_reply_to is not None:
                kind = MessageKind.REPLY
            message = _store_message(desk, change, student_id, goal_id, letter, kind, client_key)
            if (message.student_id, message.goal_id) != (student_id, goal_id):
                raise InvalidValue("key_used_elsewhere", field="client_key")
            items = change.uow.outbox.of_messages({message.id})
            if not items:
                chosen = [readers[adult_id] for adult_id in sorted(letter.recipient_ids)]
                items = announce(desk, change, message, chosen)
            draft = change.uow.family.draft_of(desk.adult_id, student_id, goal_id)
            # A send that is repeated later must not take the next draft with it.
            if draft is not None and draft.saved_at <= message.sent_at:
                change.uow.family.delete_draft(draft.id)
            return Sent(message=message, items=tuple(items))


def _require_team(desk: Desk, student_id: StudentId, what: str) -> None:
    """Letters come from the child's team: the screen names every reader, which no household may learn.

    Raises:
        NotPermitted: ``letters_come_from_the_team``; a family answers in the conversation instead.
    """
    today = desk.clock.today()
    with desk.store.read() as uow:
        places = uow.people.assignments_of_adult(desk.adult_id)
        on_team = any(one.student_id == student_id and one.holds_on(today) for one in places)
    if not on_team:
        rule = "product rule: one household never learns of another"
        denied = Decision(outcome=Outcome.DENY, reason="letters_come_from_the_team", citation=rule)
        desk.refuse(what, denied, student_id)


def _require_letters(desk: Desk, student_id: StudentId, what: str) -> None:
    """The screen names the child's adults, their rights and roads: only who takes part in messages sees it.

    Reading is asked, not writing, so that a worn face may look.

    Raises:
        NotPermitted: for a place on the team without messages, such as an aide's.
    """
    mine = Resource(kind=ResourceKind.MESSAGE, student_id=student_id, participants=frozenset({desk.adult_id}))
    with desk.store.read() as uow:
        decision = desk.decision(uow, Action.READ, mine)
    if not decision.is_allowed:
        desk.refuse(what, decision, student_id)


def _in_use(uow: UnitOfWork, student_id: StudentId) -> tuple[Goal, ...]:
    goals = uow.plan.goals_of_students({student_id})
    return tuple(goal for goal in goals if goal.state is GoalState.ACTIVE)


def _require_goal(uow: UnitOfWork, student_id: StudentId, goal_id: GoalId | None) -> None:
    goal = uow.plan.goal(goal_id) if goal_id is not None else None
    if goal_id is not None and (goal is None or goal.student_id != student_id):
        raise NotFound("goal")


def readers_of(
    uow: UnitOfWork, student_id: StudentId, on: date, channels: Collection[AddressKind]
) -> tuple[Reader, ...]:
    """Return the child's adults, each with the road a notice would take or the reason why none may go out."""
    held = [one for one in uow.people.relationships_of_student(student_id) if one.valid_from <= on]
    adults = {adult.id: adult for adult in uow.people.adults({one.adult_id for one in held})}
    said = uow.sending.consents_of(set(adults)) if AddressKind.SMS in channels else ()
    rights = rights_of(uow, {student_id})
    readers = []
    for one in held:
        adult = adults[one.adult_id]
        refusal = ""
        if not one.holds_on(on):
            refusal = "relationship_ended"
        elif not rights.may_be_written(one, on):
            refusal = "records_right_revoked"
        elif uow.keeping.suspension_of(one.adult_id) is not None:
            refusal = PERSON_DISABLED
        readers.append(
            Reader(
                adult=adult,
                relationship=one,
                refusal=refusal,
                channel=road_of(adult, said, channels),
            )
        )
    readers.sort(key=lambda reader: (bool(reader.refusal), reader.adult.name.casefold()))
    # An adult with an ended and a new relationship is one reader, by the one in force.
    first: dict[AdultId, Reader] = {}
    for reader in readers:
        first.setdefault(reader.adult.id, reader)
    return tuple(first.values())


def _store_message(
    desk: Desk,
    change: Change,
    student_id: StudentId,
    goal_id: GoalId | None,
    letter: Letter,
    kind: MessageKind,
    client_key: ClientKey,
) -> Message:
    now = desk.clock.now()
    thread = thread_for(change.uow, student_id, goal_id, now)
    return change.uow.family.add_message(
        Message(
            id=MessageId(new_uuid7()),
            thread_id=thread.id,
            student_id=student_id,
            goal_id=goal_id,
            author_id=desk.adult_id,
            from_family=False,
            kind=kind,
            parts=letter.parts,
            recipient_ids=letter.recipient_ids,
            client_key=client_key,
            sent_at=now,
            urgency=letter.urgency,
            answer_by=letter.answer_by,
            in_reply_to=letter.in_reply_to,
        )
    )


def announce(
    desk: Desk, change: Change, message: Message, readers: Sequence[Reader]
) -> tuple[OutboxItem, ...]:
    """Queue a neutral notice of a message for each reader who has a road; return what was queued."""
    items = []
    for reader in readers:
        if reader.channel is None:
            continue
        item = OutboxItem(
            id=OutboxId(new_uuid7()),
            message_id=message.id,
            student_id=message.student_id,
            recipient_id=reader.adult.id,
            sender_id=message.author_id,
            channel=reader.channel,
            language=reader.adult.reads,
            urgency=message.urgency,
            answer_by=message.answer_by,
            reference=new_reference(),
            link_secret=token_urlsafe(32),
            created_at=message.sent_at,
            not_before=message.sent_at,
        )
        change.uow.outbox.add(item)
        items.append(item)
    return tuple(items)


def thread_for(uow: UnitOfWork, student_id: StudentId, goal_id: GoalId | None, now: datetime) -> Thread:
    """Return the conversation of a goal (or of the child), begun if it is new."""
    return uow.family.add_thread(
        Thread(
            id=ThreadId(new_uuid7()),
            student_id=student_id,
            goal_id=goal_id,
            created_at=now,
        )
    )


def new_reference() -> str:
    """Return a random reference of 8 letters and digits without look-alikes, for "Ref ..." lines (40
    bits)."""
    return "".join(choice(_REFERENCE_ALPHABET) for _ in range(8))
