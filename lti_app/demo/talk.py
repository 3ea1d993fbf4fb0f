"""What school and families of the demonstration said to each other before today."""

from __future__ import annotations

from datetime import timedelta

from iepcore.family import (
    ContactDirection,
    ContactLogEntry,
    ContactMethod,
    ContactResult,
    Message,
    MessageKind,
    Thread,
    update_parts,
)
from iepcore.ids import (
    AdultId,
    ClientKey,
    ContactId,
    GoalId,
    MessageId,
    StudentId,
    ThreadId,
)
from iepcore.language import FreeText
from iepcore.plan import find
from iepcore.ports import UnitOfWork
from lti_app.demo.caseload import (
    Calendar,
    children,
    demo_id,
)

_QUIET = frozenset({"parwana", "cody", "oona"})
"""Families with whom nobody has talked for more than a month."""


def add_contacts(uow: UnitOfWork, calendar: Calendar, manager: AdultId) -> None:
    """One talk with most families in the last weeks; three have not been heard for longer."""
    methods = (ContactMethod.PHONE, ContactMethod.IN_PERSON, ContactMethod.VIDEO)
    for place, child in enumerate(children()):
        reader = next((row for row in child["family"] if row["records"]), None)
        if reader is None:
            continue
        days = 34 + place if child["key"] in _QUIET else 3 + (place * 7) % 24
        uow.family.add_contact(
            ContactLogEntry(
                id=ContactId(demo_id("contact", child["key"])),
                student_id=StudentId(demo_id("student", child["key"])),
                at=calendar.at(calendar.today - timedelta(days=days), 15, 30),
                direction=ContactDirection.FROM_SCHOOL,
                method=methods[place % len(methods)],
                by_id=manager,
                with_id=AdultId(demo_id("adult", reader["key"])),
                language=reader["speaks"],
                result=ContactResult.REACHED,
                client_key=ClientKey(demo_id("key", "contact", child["key"])),
                purpose="how the weeks are going",
            )
        )


def add_history(uow: UnitOfWork, calendar: Calendar, manager: AdultId) -> None:
    """Two conversations that were going on before today."""
    maya, dana = StudentId(demo_id("student", "maya")), AdultId(demo_id("adult", "dana"))
    goal_id = next(
        goal.id for goal in uow.plan.goals_of_students({maya}) if goal.skill_key == "reading_aloud"
    )
    began = calendar.at(calendar.today - timedelta(days=6), 15, 10)
    thread = uow.family.add_thread(
        Thread(id=ThreadId(demo_id("thread", "maya")), student_id=maya, goal_id=goal_id, created_at=began)
    )
    note = Message(
        id=MessageId(demo_id("message", "maya", "1")),
        thread_id=thread.id,
        student_id=maya,
        goal_id=goal_id,
        author_id=manager,
        from_family=False,
        kind=MessageKind.UPDATE,
        parts=(
            FreeText(
                text="Maya read 58 words in a minute this week. At home, try 10 minutes of echo reading.",
                lang="en",
            ),
        ),
        recipient_ids=frozenset({dana, AdultId(demo_id("adult", "rui"))}),
        client_key=ClientKey(demo_id("key", "maya", "message", "1")),
        sent_at=began,
    )
    uow.family.add_message(note)
    uow.family.add_message(
        Message(
            id=MessageId(demo_id("message", "maya", "2")),
            thread_id=thread.id,
            student_id=maya,
            goal_id=goal_id,
            author_id=dana,
            from_family=True,
            kind=MessageKind.REPLY,
            parts=(FreeText(text="She liked the echo reading. Can we get more passages?", lang="en"),),
            recipient_ids=frozenset(),
            client_key=ClientKey(demo_id("key", "maya", "message", "2")),
            sent_at=calendar.at(calendar.today - timedelta(days=1), 19, 42),
            in_reply_to=note.id,
        )
    )


def add_letter(uow: UnitOfWork, calendar: Calendar, manager: AdultId) -> None:
    """An update of four weeks ago, so that the next one tells the growth since."""
    student = uow.people.student(StudentId(demo_id("student", "rosenda")))
    assert student is not None
    goal_id = GoalId(demo_id("goal", "rosenda", "main"))
    goal, day = uow.plan.goal(goal_id), calendar.today - timedelta(weeks=4)
    assert goal is not None
    sent_at = calendar.at(day, 15, 20)
    thread = uow.family.add_thread(
        Thread(
            id=ThreadId(demo_id("thread", "rosenda")),
            student_id=student.id,
            goal_id=goal_id,
            created_at=sent_at,
        )
    )
    finding = find(goal, uow.plan.points_of_goals({goal_id})[goal_id], on=day)
    uow.family.add_message(
        Message(
            id=MessageId(demo_id("message", "rosenda", "1")),
            thread_id=thread.id,
            student_id=student.id,
            goal_id=goal_id,
            author_id=manager,
            from_family=False,
            kind=MessageKind.UPDATE,
            parts=update_parts(goal, finding, child=student.preferred_name),
            recipient_ids=frozenset({AdultId(demo_id("adult", "catarina"))}),
            client_key=ClientKey(demo_id("key", "rosenda", "message", "1")),
            sent_at=sent_at,
        )
    )
