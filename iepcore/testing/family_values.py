"""Builders of conversations, home observations, contacts, translations, the outbox and the trail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from iepcore.access import AuditEvent, AuditKind
from iepcore.family import (
    ContactDirection,
    ContactLogEntry,
    ContactMethod,
    ContactResult,
    Draft,
    HomeAnswer,
    HomeObservation,
    Message,
    MessageKind,
    MessageOpened,
    Thread,
    Translation,
    TranslationMethod,
    TranslationRequest,
)
from iepcore.ids import (
    AdultId,
    ConsentId,
    ContactId,
    DraftId,
    EventId,
    GoalId,
    GradebookWordId,
    MessageId,
    ObservationId,
    OutboxId,
    ReplyId,
    StudentId,
    ThreadId,
    TranslationId,
    new_uuid7,
)
from iepcore.language import Phrase
from iepcore.notices import (
    ConsentWay,
    GradebookWord,
    KeptReply,
    OutboxItem,
    ReplyKind,
    ReplyState,
    RoadConsent,
    RoadConsentState,
    Urgency,
)
from iepcore.people import (
    AddressKind,
    Adult,
    Student,
)
from iepcore.plan import Goal
from iepcore.testing.people_values import NOW, TODAY, a_key, a_student, an_adult, words
from iepcore.testing.plan_values import a_goal


def a_thread(student_id: StudentId, goal_id: GoalId | None = None, **changes: Any) -> Thread:
    """A conversation."""
    thread = Thread(id=ThreadId(new_uuid7()), student_id=student_id, goal_id=goal_id, created_at=NOW)
    return replace(thread, **changes)


def a_message(thread: Thread, **changes: Any) -> Message:
    """A short note for nobody in particular but staff."""
    message = Message(
        id=MessageId(new_uuid7()),
        thread_id=thread.id,
        student_id=thread.student_id,
        goal_id=thread.goal_id,
        author_id=AdultId(new_uuid7()),
        from_family=False,
        kind=MessageKind.NOTE,
        parts=(Phrase(key="update.question"), words()),
        recipient_ids=frozenset(),
        client_key=a_key(),
        sent_at=NOW,
    )
    return replace(message, **changes)


def an_opening(message: Message, **changes: Any) -> MessageOpened:
    """A message on somebody's screen."""
    opened = MessageOpened(message_id=message.id, adult_id=AdultId(new_uuid7()), opened_at=NOW)
    return replace(opened, **changes)


def a_draft(student_id: StudentId, goal_id: GoalId | None = None, **changes: Any) -> Draft:
    """Unfinished words."""
    draft = Draft(
        id=DraftId(new_uuid7()),
        author_id=AdultId(new_uuid7()),
        student_id=student_id,
        goal_id=goal_id,
        parts=(words("Today she"),),
        language="es",
        saved_at=NOW,
    )
    return replace(draft, **changes)


def an_observation(goal: Goal, **changes: Any) -> HomeObservation:
    """Seen at home, alone."""
    observation = HomeObservation(
        id=ObservationId(new_uuid7()),
        student_id=goal.student_id,
        goal_id=goal.id,
        adult_id=AdultId(new_uuid7()),
        answer=HomeAnswer.YES_ALONE,
        observed_on=TODAY,
        client_key=a_key(),
        received_at=NOW,
    )
    return replace(observation, **changes)


def a_contact(student_id: StudentId, **changes: Any) -> ContactLogEntry:
    """A telephone call that reached a parent."""
    entry = ContactLogEntry(
        id=ContactId(new_uuid7()),
        student_id=student_id,
        at=NOW,
        direction=ContactDirection.FROM_SCHOOL,
        method=ContactMethod.PHONE,
        by_id=AdultId(new_uuid7()),
        with_id=AdultId(new_uuid7()),
        language="es",
        result=ContactResult.REACHED,
        client_key=a_key(),
    )
    return replace(entry, **changes)


def a_request(message: Message, **changes: Any) -> TranslationRequest:
    """An interpreter asked for the second part in Spanish."""
    request = TranslationRequest(
        id=TranslationId(new_uuid7()),
        message_id=message.id,
        student_id=message.student_id,
        part=1,
        to_language="es",
        interpreter_id=AdultId(new_uuid7()),
        asked_by=AdultId(new_uuid7()),
        asked_at=NOW,
    )
    return replace(request, **changes)


def a_translation(message: Message, **changes: Any) -> Translation:
    """The second part in Spanish, by a person."""
    translation = Translation(
        message_id=message.id,
        part=1,
        text=words("Pidió ayuda dos veces.", "es"),
        method=TranslationMethod.PERSON,
        by_id=AdultId(new_uuid7()),
        by_name="Ines Example",
        source_hash="0" * 64,
        made_at=NOW,
    )
    return replace(translation, **changes)


def an_item(message: Message, **changes: Any) -> OutboxItem:
    """A notice to one adult, due now."""
    item = OutboxItem(
        id=OutboxId(new_uuid7()),
        message_id=message.id,
        student_id=message.student_id,
        recipient_id=AdultId(new_uuid7()),
        sender_id=message.author_id,
        channel=AddressKind.MAIL,
        language="es",
        urgency=Urgency.NOT_URGENT,
        reference="7KQ2-M4XD",
        link_secret="s" * 22,
        created_at=NOW,
        not_before=NOW,
    )
    return replace(item, **changes)


def a_consent(adult_id: AdultId, **changes: Any) -> RoadConsent:
    """A yes to text messages, told to somebody of the school."""
    consent = RoadConsent(
        id=ConsentId(new_uuid7()),
        adult_id=adult_id,
        road=AddressKind.SMS,
        value="+15045550117",
        state=RoadConsentState.GIVEN,
        way=ConsentWay.TOLD_STAFF,
        at=NOW,
        noted_by=AdultId(new_uuid7()),
    )
    return replace(consent, **changes)


def a_reply(**changes: Any) -> KeptReply:
    """An answer by mail that a person must look at."""
    reply = KeptReply(
        id=ReplyId(new_uuid7()),
        road=AddressKind.MAIL,
        platform_id=f"<{new_uuid7()}@example.org>",
        kind=ReplyKind.ANSWER,
        state=ReplyState.WAITING,
        received_at=NOW,
        kept_at=NOW,
        sender="someone@example.org",
        text="Thank you.",
        reason="no_match",
    )
    return replace(reply, **changes)


def a_word(student_id: StudentId, **changes: Any) -> GradebookWord:
    """A word on its way to a gradebook."""
    word = GradebookWord(
        id=GradebookWordId(new_uuid7()),
        student_id=student_id,
        by_id=AdultId(new_uuid7()),
        column="https://lms.example.edu/columns/1",
        text="Thank you for checking in.",
        client_key=a_key(),
        written_at=NOW,
    )
    return replace(word, **changes)


def an_event(student_id: StudentId | None, **changes: Any) -> AuditEvent:
    """A row of the trail."""
    event = AuditEvent(
        id=EventId(new_uuid7()),
        at=NOW,
        kind=AuditKind.READ,
        what="goal.open",
        reason="team",
        citation="34 CFR 99.31(a)(1)",
        actor_id=AdultId(new_uuid7()),
        student_id=student_id,
    )
    return replace(event, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classroom:
    """One child with a teacher, a mother, a goal, a conversation and a message in it."""

    student: Student
    teacher: Adult
    mother: Adult
    goal: Goal
    thread: Thread
    message: Message

    @property
    def values(self) -> tuple[object, ...]:
        """The values in an order in which a store takes them."""
        return (self.teacher, self.mother, self.student, self.goal, self.thread, self.message)


def a_classroom() -> Classroom:
    """A new child with everything around it."""
    teacher, mother = an_adult(name="Theo Example"), an_adult()
    student = a_student(created_by=teacher.id)
    goal = a_goal(student.id, created_by=teacher.id)
    thread = a_thread(student.id, goal.id)
    message = a_message(thread, author_id=teacher.id, recipient_ids=frozenset({mother.id}))
    return Classroom(
        student=student, teacher=teacher, mother=mother, goal=goal, thread=thread, message=message
    )
