"""Telling a family, in the tool, that something about the plan waits for them, with a neutral notice outside.

It is a message like any other: it stands in the child's conversation, and what leaves the tool says only that
the school has written.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from iepcore.caseload.composing import announce, readers_of, thread_for
from iepcore.caseload.desk import Change
from iepcore.family import Message, MessageKind
from iepcore.ids import AdultId, ClientKey, MessageId, StudentId, new_uuid7
from iepcore.language import Name, Part, Phrase
from iepcore.notices import Urgency
from iepcore.people import Student
from iepcore.plan.document import ParentConsent, PlanVersion

ASK_WISH = "plan.ask_wish"
"""The question that comes before any draft. Its key also tells, later, that a family was asked."""


def told_proposed(student: Student, version: PlanVersion) -> tuple[Part, ...]:
    """Return what a family reads when a plan is proposed."""
    child = Name(text=student.preferred_name)
    params = {"child": child, "day": version.begins_on}
    return (Phrase(key="plan.told_proposed", params=params), Phrase(key="plan.told_how", params={}))


def tell_proposed(change: Change, version: PlanVersion) -> None:
    """Tell the family that a version is proposed, inside the change that proposes it."""
    student = change.uow.people.student(version.student_id)
    assert student is not None  # the version is of a child there is
    announce_to_family(change, student.id, told_proposed(student, version), ClientKey(version.id))


def tell_asked(change: Change, consent: ParentConsent) -> None:
    """Tell whoever is asked for a signature in the tool, inside the change that asks."""
    student = change.uow.people.student(consent.student_id)
    assert student is not None  # the consent is of a child there is
    day = change.desk.clock.today()
    deciding = {
        one.adult_id
        for one in change.uow.people.relationships_of_student(student.id)
        if one.may_decide and one.holds_on(day)
    }
    asked = deciding if consent.of_id is None else {consent.of_id}
    told = Phrase(key="plan.told_sign", params={"child": Name(text=student.preferred_name)})
    announce_to_family(change, student.id, (told,), ClientKey(consent.id), to=asked)


def is_announcement(message: Message) -> bool:
    """Tell whether a message only says that something waits: it answers nobody's words."""
    return not message.from_family and all(
        isinstance(part, Phrase) and part.key.startswith("plan.") for part in message.parts
    )


def announce_to_family(
    change: Change,
    student_id: StudentId,
    parts: tuple[Part, ...],
    client_key: ClientKey,
    *,
    to: Collection[AdultId] | None = None,
    answer_by: date | None = None,
) -> Message | None:
    """Write to every adult of the child who may read the record (or those of them in ``to``), inside the
    change that it tells of. Return the message; None when there is nobody to tell.

    The caller has decided that the actor may do what it tells of. A repeated key writes nothing anew.
    """
    desk, uow = change.desk, change.uow
    readers = [
        one
        for one in readers_of(uow, student_id, desk.clock.today(), desk.policy.channels)
        if not one.refusal and (to is None or one.adult.id in to)
    ]
    if not readers:
        return None
    now = desk.clock.now()
    message = uow.family.add_message(
        Message(
            id=MessageId(new_uuid7()),
            thread_id=thread_for(uow, student_id, None, now).id,
            student_id=student_id,
            goal_id=None,
            author_id=desk.adult_id,
            from_family=False,
            kind=MessageKind.NOTE,
            parts=parts,
            recipient_ids=frozenset(one.adult.id for one in readers),
            client_key=client_key,
            sent_at=now,
            urgency=Urgency.NOT_URGENT if answer_by is None else Urgency.PLEASE_ANSWER,
            answer_by=answer_by,
        )
    )
    if not uow.outbox.of_messages({message.id}):
        announce(desk, change, message, readers)
    return message
