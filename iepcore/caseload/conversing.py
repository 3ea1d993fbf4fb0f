"""The conversation of a goal: reading it, answering, what was seen at home, and the contact log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.composing import thread_for
from iepcore.caseload.desk import Desk
from iepcore.caseload.households import own_copies, own_requests, own_translations
from iepcore.errors import InvalidValue, NotFound
from iepcore.family import (
    ContactLogEntry,
    HomeAnswer,
    HomeObservation,
    Message,
    MessageKind,
    MessageOpened,
    Translation,
    TranslationRequest,
    is_visible_to,
)
from iepcore.ids import (
    AdultId,
    ClientKey,
    GoalId,
    MessageId,
    ObservationId,
    StudentId,
    new_uuid7,
)
from iepcore.language import FreeText
from iepcore.notices import KeptReply, OutboxItem
from iepcore.people import AddressKind, Adult, SiteRole, Student
from iepcore.plan import Goal
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message as this reader may see it. ``outbox`` and ``opened_by`` are for staff; empty for a
    family. ``came_by``: an answer by the road of its notice; ``put_by``: who of the school put it here."""

    message: Message
    author_name: str
    is_mine: bool
    recipients: tuple[str, ...]
    translations: tuple[Translation, ...]
    requests: tuple[TranslationRequest, ...]
    opened_by: tuple[str, ...]
    outbox: tuple[OutboxItem, ...]
    came_by: AddressKind | None = None
    put_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage:
    """A conversation. ``interpreters`` may be asked by name to translate words kept in their original
    language. ``languages`` says, for staff, what each reader reads; empty for a family.
    """

    student: Student
    goal: Goal | None
    entries: tuple[Entry, ...]
    observations: tuple[HomeObservation, ...]
    names: dict[AdultId, str]
    languages: dict[AdultId, str]
    interpreters: tuple[Adult, ...]
    reads: str
    is_family: bool
    may_write: bool


class ConversingDesk:
    """Use cases of a conversation, for staff and for families."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, student_id: StudentId, goal_id: GoalId | None) -> ConversationPage:
        """Return a conversation and note which messages this reader's screen has shown."""
        desk = self._desk
        me = desk.adult_id
        mine = Resource(
            kind=ResourceKind.MESSAGE, student_id=student_id, goal_id=goal_id, participants=frozenset({me})
        )
        desk.open_record(mine, what="conversation")
        with desk.store.write() as uow:
            student = uow.people.student(student_id)
            goal = uow.plan.goal(goal_id) if goal_id is not None else None
            if student is None or (goal_id is not None and (goal is None or goal.student_id != student_id)):
                raise NotFound("conversation")
            is_family, sees_all = _standing(desk, uow, student_id)
            thread = uow.family.thread_of(student_id, goal_id)
            messages = visible_messages(
                uow.family.messages_of_thread(thread.id) if thread else (),
                me,
                is_staff=not is_family,
                sees_all=sees_all,
            )
            if is_family:
                messages = own_copies(messages, me)
            for message in messages:
                if message.author_id != me and not desk.wears_a_face:
                    uow.family.add_opened(
                        MessageOpened(message_id=message.id, adult_id=me, opened_at=desk.clock.now())
                    )
            observations = uow.family.observations_of_goals({goal_id})[goal_id] if goal_id else ()
            sees_home = desk.may(
                uow, Action.READ, Resource(kind=ResourceKind.HOME_OBSERVATION, student_id=student_id)
            )
            seen = tuple(one for one in observations if sees_home or one.adult_id == me)
            return self._build(uow, student, goal, messages, seen, is_family=is_family)

    def _build(
        self,
        uow: UnitOfWork,
        student: Student,
        goal: Goal | None,
        messages: tuple[Message, ...],
        observations: tuple[HomeObservation, ...],
        *,
        is_family: bool,
    ) -> ConversationPage:
        desk, me = self._desk, self._desk.adult_id
        ids = {message.id for message in messages}
        opened = uow.family.opened_of(ids)
        outbox = uow.outbox.of_messages(ids) if not is_family else ()
        translations, requests = uow.family.translations_of(ids), uow.family.requests_of_messages(ids)
        if is_family:
            reader = uow.people.adult(me)
            reads = reader.reads if reader is not None else "en"
            requests = own_requests(requests, messages, me, reads)
            translations = own_translations(translations, requests, messages, me, reads)
        people = {one.author_id for one in messages} | {one.adult_id for one in observations} | {me}
        people |= {one.adult_id for one in opened}
        came = {one.message_id: one for one in uow.sending.replies_of_messages(ids)}
        people |= {one.settled_by for one in came.values() if one.settled_by is not None}
        people |= {reader for one in messages for reader in one.recipient_ids}
        adults = {adult.id: adult for adult in uow.people.adults(people)}
        names = {adult_id: adult.name for adult_id, adult in adults.items()}

        def entry(message: Message) -> Entry:
            return Entry(
                message=message,
                author_name=names.get(message.author_id, ""),
                is_mine=message.author_id == me,
                recipients=tuple(names[one] for one in sorted(message.recipient_ids) if one in names),
                translations=tuple(one for one in translations if one.message_id == message.id),
                requests=tuple(one for one in requests if one.message_id == message.id),
                opened_by=()
                if is_family
                else tuple(
                    names[one.adult_id]
                    for one in opened
                    if one.message_id == message.id and one.adult_id in names
                ),
                outbox=tuple(one for one in outbox if one.message_id == message.id),
                came_by=came[message.id].road if message.id in came else None,
                put_by=_put_by(came.get(message.id), names) if not is_family else "",
            )

        writing = Resource(kind=ResourceKind.MESSAGE, student_id=student.id, participants=frozenset({me}))
        return ConversationPage(
            student=student,
            goal=goal,
            entries=tuple(entry(message) for message in messages),
            observations=observations,
            names=names if not is_family else {me: names.get(me, "")},
            languages={one.id: one.reads for one in adults.values()} if not is_family else {},
            interpreters=interpreters(uow, desk.clock.today()),
            reads=adults[me].reads if me in adults else "en",
            is_family=is_family,
            may_write=desk.may(uow, Action.WRITE, writing),
        )

    def reply(
        self,
        student_id: StudentId,
        goal_id: GoalId | None,
        text: FreeText,
        client_key: ClientKey,
        *,
        in_reply_to: MessageId | None = None,
    ) -> Message:
        """Keep a family member's answer: the child's staff read it, and nobody of another household."""
        desk = self._desk
        with desk.changing() as change:
            me = desk.adult_id
            resource = Resource(
                kind=ResourceKind.MESSAGE,
                student_id=student_id,
                goal_id=goal_id,
                participants=frozenset({me}),
            )
            change.permit(Action.WRITE, resource, what="reply")
            is_family, _ = _standing(desk, change.uow, student_id)
            if not is_family:
                raise InvalidValue("staff_write_letters", field="text")
            goal = change.uow.plan.goal(goal_id) if goal_id is not None else None
            if goal_id is not None and (goal is None or goal.student_id != student_id):
                raise NotFound("goal")
            answered = change.uow.family.message(in_reply_to) if in_reply_to is not None else None
            if in_reply_to is not None and (
                answered is None
                or answered.student_id != student_id
                or not is_visible_to(answered, me, is_staff=False)
            ):
                raise NotFound("message")
            now = desk.clock.now()
            thread = thread_for(change.uow, student_id, goal_id, now)
            stored = change.uow.family.add_message(
                Message(
                    id=MessageId(new_uuid7()),
                    thread_id=thread.id,
                    student_id=student_id,
                    goal_id=goal_id,
                    author_id=me,
                    from_family=True,
                    kind=MessageKind.REPLY,
                    parts=(text,),
                    recipient_ids=frozenset(),
                    client_key=client_key,
                    sent_at=now,
                    in_reply_to=in_reply_to,
                )
            )
            if (stored.student_id, stored.goal_id) != (student_id, goal_id):
                raise InvalidValue("key_used_elsewhere", field="client_key")
            return stored

    def observe(
        self,
        goal_id: GoalId,
        answer: HomeAnswer,
        client_key: ClientKey,
        *,
        words: FreeText | None = None,
        observed_on: date | None = None,
    ) -> HomeObservation:
        """Keep what a family saw at home. Two taps; a repeated key returns the first.

        Raises:
            InvalidValue: ``in_future``; ``key_used_elsewhere`` for a client key of another goal.
        """
        desk = self._desk
        with desk.changing() as change:
            goal = change.uow.plan.goal(goal_id)
            if goal is None:
                raise NotFound("goal")
            change.permit(
                Action.WRITE,
                Resource(
                    kind=ResourceKind.HOME_OBSERVATION,
                    student_id=goal.student_id,
                    owner_id=desk.adult_id,
                    goal_id=goal_id,
                ),
                what="observe",
            )
            today = desk.clock.today()
            if observed_on is not None and observed_on > today:
                raise InvalidValue("in_future", field="observed_on")
            stored = change.uow.family.add_observation(
                HomeObservation(
                    id=ObservationId(new_uuid7()),
                    student_id=goal.student_id,
                    goal_id=goal_id,
                    adult_id=desk.adult_id,
                    answer=answer,
                    observed_on=observed_on or today,
                    client_key=client_key,
                    received_at=desk.clock.now(),
                    words=words,
                )
            )
            if stored.goal_id != goal_id:
                raise InvalidValue("key_used_elsewhere", field="client_key")
            return stored

    def log_contact(self, entry: ContactLogEntry) -> ContactLogEntry:
        """Keep one contact. The entry must be the actor's own and about an adult of this child."""
        desk = self._desk
        with desk.changing() as change:
            resource = Resource(
                kind=ResourceKind.CONTACT_LOG, student_id=entry.student_id, owner_id=entry.by_id
            )
            change.permit(Action.WRITE, resource, what="contact")
            if entry.by_id != desk.adult_id:
                raise InvalidValue("not_your_contact", field="by_id")
            held = change.uow.people.relationships_of_student(entry.student_id)
            if all(one.adult_id != entry.with_id for one in held):
                raise InvalidValue("not_of_this_child", field="with_id")
            return change.uow.family.add_contact(entry)


def _put_by(reply: KeptReply | None, names: Mapping[AdultId, str]) -> str:
    return names.get(reply.settled_by, "") if reply is not None and reply.settled_by is not None else ""


def visible_messages(
    messages: Collection[Message], me: AdultId, *, is_staff: bool, sees_all: bool
) -> tuple[Message, ...]:
    """Return what a reader takes part in. Staff whose row says "own threads" see theirs and the answers to
    them."""
    own = {message.id for message in messages if message.author_id == me}
    return tuple(
        message
        for message in messages
        if is_visible_to(message, me, is_staff=is_staff and sees_all)
        or (is_staff and message.in_reply_to in own)
    )


def interpreters(uow: UnitOfWork, on: date) -> tuple[Adult, ...]:
    """Return the site's appointed interpreters, by name."""
    held = {
        one.adult_id
        for one in uow.people.appointments()
        if one.role is SiteRole.INTERPRETER and one.holds_on(on)
    }
    return tuple(sorted(uow.people.adults(held), key=lambda adult: adult.name.casefold()))


def _standing(desk: Desk, uow: UnitOfWork, student_id: StudentId) -> tuple[bool, bool]:
    """Return (is family, sees every message): a teacher of her own child's team stands as staff."""
    today = desk.clock.today()
    is_staff = any(
        one.student_id == student_id and one.holds_on(today)
        for one in uow.people.assignments_of_adult(desk.adult_id)
    )
    everything = Resource(kind=ResourceKind.MESSAGE, student_id=student_id)
    return not is_staff, is_staff and desk.may(uow, Action.READ, everything)
