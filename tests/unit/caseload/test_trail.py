"""The trail and another face: all that is done has its row, and nobody writes under a borrowed face."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from iepcore.access import AuditEvent, AuditKind, Person, Resource, ResourceKind
from iepcore.caseload import Caseload, Confirmation, Letter
from iepcore.errors import Busy, NotFound, NotPermitted
from iepcore.family import HomeAnswer
from iepcore.ids import GoalId, StudentId, new_uuid7
from iepcore.people import Relation, RosterStanding, SiteRole, StaffRole
from iepcore.plan import TrialOutcome
from iepcore.ports import Store, UnitOfWork
from iepcore.testing import a_key, words
from iepcore.testing.store_values import a_contact, a_member
from tests.unit.caseload.test_goals import a_new_goal
from tests.unit.caseload.town import COURSE, SOURCE, Town

SAID = Confirmation(
    relation=Relation.MOTHER,
    household="A",
    may_access_records=True,
    may_decide=True,
    basis="Paper seen",
    reads="en",
)


def _rows(town: Town, what: str) -> list[AuditEvent]:
    return [event for event in town.trail() if event.what == what]


def test_repeated_reads_are_one_row_for_ten_minutes(each_town: Town) -> None:
    """Opening a record again soon adds nothing; ten minutes later, or by a colleague, it is a new row."""
    for _ in range(3):
        each_town.caseload("teacher").goals.goal(each_town.goal.id)
    each_town.caseload("manager").goals.goal(each_town.goal.id)
    assert 2 == len(_rows(each_town, "goal"))
    each_town.clock.forward(minutes=10)
    each_town.caseload("teacher").goals.goal(each_town.goal.id)

    rows = _rows(each_town, "goal")
    assert 3 == len(rows)
    assert {AuditKind.READ} == {row.kind for row in rows}
    assert {each_town.id("teacher"), each_town.id("manager")} == {row.actor_id for row in rows}
    assert all(row.reason and row.citation for row in rows)


def test_list_is_one_row_per_child_and_day(each_town: Town) -> None:
    """Today names children: a row a day for each, however often it is opened."""
    for hours in (0, 1, 2):
        each_town.clock.forward(hours=hours)
        each_town.caseload("teacher").today.page()
    assert 1 == len(_rows(each_town, "today"))
    each_town.clock.forward(days=1)
    each_town.caseload("teacher").today.page()

    assert [AuditKind.LIST] * 2 == [row.kind for row in _rows(each_town, "today")]


def test_each_write_has_its_row(each_town: Town) -> None:
    """Two taps are two rows with reason and citation."""
    for _ in range(2):
        each_town.caseload("teacher").progress.tap(each_town.goal.id, a_key(), a_key(), TrialOutcome.CORRECT)

    assert [AuditKind.WRITE] * 2 == [row.kind for row in _rows(each_town, "tap")]


@pytest.mark.parametrize(
    "refused",
    [
        lambda caseload, town: caseload.goals.goal(town.goal.id),
        lambda caseload, town: caseload.progress.tap(town.goal.id, a_key(), a_key(), TrialOutcome.CORRECT),
        lambda caseload, town: caseload.writing.compose(town.maya.id, town.goal.id),
    ],
    ids=["read", "write", "rule beside the matrix"],
)
def test_refusal_leaves_a_row_and_nothing_else(each_town: Town, refused: Callable[..., object]) -> None:
    """A stranger who tries is written down; what they tried is undone."""
    before = [one for one in each_town.everything() if not isinstance(one, AuditEvent)]
    with pytest.raises(NotPermitted) as told:
        refused(each_town.caseload("stranger"), each_town)
    rows = [row for row in each_town.trail() if row.actor_id == each_town.id("stranger")]

    assert [(AuditKind.REFUSED, told.value.code)] == [(row.kind, row.reason) for row in rows]
    assert before == [one for one in each_town.everything() if not isinstance(one, AuditEvent)]


def test_trail_holds_no_name_and_no_word(town: Town) -> None:
    """Rows are codes and ids: no child's name, no note, no address."""
    town.write_to("mother", parts=[words("secret words")])
    town.answer("mother", "palabras secretas")
    said = " ".join(
        f"{row.what} {row.reason} {row.citation} {row.object_id} {row.bucket} {row.job}"
        for row in town.trail()
    ).casefold()

    assert not any(word in said for word in ("maya", "quill", "secret", "person", "@"))


class DeafStore:
    """A store whose trail cannot be written."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.site_id = store.site_id
        self.read = store.read

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """Give a unit that is full as soon as the trail is touched."""
        with self.store.write() as uow:

            class Deaf:
                def __getattr__(self, name: str) -> Any:
                    if name == "audit":
                        raise Busy("store_full")
                    return getattr(uow, name)

            yield Deaf()  # type: ignore[misc]


@pytest.mark.parametrize("name", ["teacher", "mother", "stranger"])
def test_trail_that_cannot_be_written_refuses_the_read(town: Town, name: str) -> None:
    """No row, no record: neither a page nor a list nor a write gets by."""
    caseload = Caseload(DeafStore(town.store), Person(adult_id=town.id(name)), town.clock)
    before = town.everything()
    for look in (
        lambda: caseload.goals.goal(town.goal.id),
        lambda: caseload.goals.student(town.maya.id),
        lambda: caseload.conversation.page(town.maya.id, town.goal.id),
        lambda: caseload.progress.record(town.goal.id, {"correct": 1, "trials": 2}, a_key()),
    ):
        with pytest.raises(Busy, match="store_full"):
            look()
    if name != "stranger":
        with pytest.raises(Busy, match="store_full"):
            caseload.today.page() if name == "teacher" else caseload.home.children()

    assert before == town.everything()


# ------------------------------------------------------------------------------------------ another's face


def _writers(town: Town) -> dict[str, tuple[str, Callable[[Caseload], object]]]:
    """Return every use case that writes, with somebody who may."""
    maya, goal = town.maya.id, town.goal.id
    letter = Letter(parts=(words(),), recipient_ids=frozenset({town.id("mother")}))
    sent = town.write_to("mother")
    point = town.caseload("teacher").progress.record(goal, {"correct": 1, "trials": 2}, a_key()).point
    pupil = town.enrol("newpupil")[0]
    observer = town.enrol("aunt", standing=RosterStanding.OBSERVER)[0]
    helper = town.enrol("helper", standing=RosterStanding.HELPER)[0]
    request = town.caseload("teacher").interpreting.ask(sent.message.id, 0, "es", town.id("interpreter"))
    held = town.relationships["father"]
    entry = a_contact(maya, by_id=town.id("teacher"), with_id=town.id("mother"))
    return {
        "add_goal": ("manager", lambda c: c.goals.add(maya, a_new_goal())),
        "start_set": ("teacher", lambda c: c.progress.start_set(goal, a_key(), planned_trials=5)),
        "tap": ("teacher", lambda c: c.progress.tap(goal, a_key(), a_key(), TrialOutcome.CORRECT)),
        "undo": ("teacher", lambda c: c.progress.undo(goal, a_key(), a_key(), a_key())),
        "record": ("teacher", lambda c: c.progress.record(goal, {"correct": 1, "trials": 2}, a_key())),
        "correct": ("teacher", lambda c: c.progress.correct(point.id, {"correct": 1, "trials": 2}, a_key())),
        "draft": (
            "teacher",
            lambda c: c.writing.save_draft(maya, goal, (words(),), language="es", version=0),
        ),
        "send": ("teacher", lambda c: c.writing.send(maya, goal, letter, a_key())),
        "contact": ("teacher", lambda c: c.conversation.log_contact(entry)),
        "ask": (
            "teacher",
            lambda c: c.interpreting.ask(sent.message.id, 0, "prs", town.id("interpreter")),
        ),
        "translate": ("interpreter", lambda c: c.interpreting.answer(request.id, "Hola")),
        "reply": ("mother", lambda c: c.conversation.reply(maya, goal, words(), a_key())),
        "observe": ("mother", lambda c: c.conversation.observe(goal, HomeAnswer.YES_ALONE, a_key())),
        "read_in": ("mother", lambda c: c.home.read_in("en")),
        "appoint": ("officer", lambda c: c.staff.appoint(town.id("teacher"), SiteRole.INTERPRETER)),
        "end": ("officer", lambda c: c.staff.end(town.id("interpreter"), SiteRole.INTERPRETER)),
        "keep_roster": (
            "opener",
            lambda c: c.people.keep_roster(SOURCE, COURSE, [a_member("other")], complete=False),
        ),
        "open_child": (
            "opener",
            lambda c: c.people.open_child(pupil.id, preferred_name="N", grade="1", home_language="en"),
        ),
        "add_to_team": ("manager", lambda c: c.people.add_to_team(maya, helper.id, StaffRole.ADMINISTRATOR)),
        "put_back": ("manager", lambda c: c.people.put_back(maya, town.places["aide"].id)),
        "end_place": ("manager", lambda c: c.people.end_place(maya, town.places["aide"].id)),
        "confirm": ("manager", lambda c: c.families.confirm(maya, observer.id, SAID)),
        "set_rights": (
            "manager",
            lambda c: c.families.set_rights(
                held.id, maya, may_access_records=False, may_decide=False, basis="x", document="x", version=1
            ),
        ),
    }


WRITERS = [
    "add_goal", "start_set", "tap", "undo", "record", "correct", "draft", "send", "contact", "ask",
    "translate", "reply", "observe", "read_in", "appoint", "end", "keep_roster", "open_child", "add_to_team",
    "put_back", "end_place", "confirm", "set_rights",
]  # fmt: skip


def test_every_writer_is_tried(town: Town) -> None:
    """The list below is the list above."""
    assert WRITERS == list(_writers(town))


@pytest.mark.parametrize("writer", WRITERS)
def test_nobody_writes_under_another_face(town: Town, writer: str) -> None:
    """Refused and written down as done under a borrowed face; nothing changed. The person themselves may."""
    name, write = _writers(town)[writer]
    before = [one for one in town.everything() if not isinstance(one, AuditEvent)]
    with pytest.raises(NotPermitted, match="masquerade"):
        write(town.caseload(name, masquerade=True))

    events = [one for one in town.everything() if isinstance(one, AuditEvent)]
    worn = [one for one in events if one.job == "masquerade"]
    assert before == [one for one in town.everything() if not isinstance(one, AuditEvent)]
    assert [(AuditKind.REFUSED, "masquerade", town.id(name))] == [
        (one.kind, one.reason, one.actor_id) for one in worn
    ]
    write(town.caseload(name))


def test_ending_sets_under_another_face_is_refused(town: Town) -> None:
    """Her open set stays open until she ends it."""
    key = a_key()
    town.caseload("teacher").progress.tap(town.goal.id, key, a_key(), TrialOutcome.CORRECT)
    with pytest.raises(NotPermitted, match="masquerade"):
        town.caseload("teacher", masquerade=True).progress.end([(town.goal.id, key)])
    assert 1 == len(town.caseload("teacher").progress.end([(town.goal.id, key)]))


def test_looking_with_another_face_opens_nothing_and_is_told_apart(town: Town) -> None:
    """Support sees the family's page; no message is opened by it, no draft is shown, the trail tells it."""
    sent = town.write_to("mother")
    town.caseload("teacher").writing.save_draft(
        town.maya.id, None, (words("mine"),), language="es", version=0
    )
    town.caseload("mother").goals.goal(town.goal.id)
    worn = town.caseload("mother", masquerade=True)
    worn.home.child(town.maya.id)
    worn.conversation.page(town.maya.id, town.goal.id)
    worn.goals.goal(town.goal.id)

    with town.store.read() as uow:
        assert list(uow.family.opened_of({sent.message.id})) == []
    assert town.caseload("teacher", masquerade=True).writing.compose(town.maya.id, None).draft is None
    assert town.caseload("teacher").writing.compose(town.maya.id, None).draft is not None
    assert {None, "masquerade"} == {row.job for row in _rows(town, "goal")}


def test_job_has_no_person(town: Town) -> None:
    """What needs a person's tap is refused to a job; a job's rows carry its name."""
    job = town.job("idle_sets")
    with pytest.raises(NotPermitted, match="person_needed"):
        job.conversation.page(town.maya.id, town.goal.id)
    with pytest.raises(NotPermitted, match="person_needed"):
        job.home.children()
    resource = Resource(kind=ResourceKind.GOAL, student_id=town.maya.id)
    job.desk.open_record(resource, what="look")

    assert [("idle_sets", None)] == [(row.job, row.actor_id) for row in _rows(town, "look")]


def test_what_is_not_there_is_not_found(town: Town) -> None:
    """A record that vanished between decision and reading, or an id of nothing, is the same answer."""
    nobody, nothing = StudentId(new_uuid7()), GoalId(new_uuid7())
    manager, mother = town.caseload("manager"), town.caseload("mother")
    for look in (
        lambda: manager.goals.goal(nothing),
        lambda: manager.progress.tap(nothing, a_key(), a_key(), TrialOutcome.CORRECT),
        lambda: manager.writing.compose(town.maya.id, town.ivos_goal.id),
        lambda: manager.writing.compose(town.maya.id, nothing),
        lambda: manager.conversation.page(town.maya.id, town.ivos_goal.id),
        lambda: mother.conversation.reply(town.maya.id, town.ivos_goal.id, words(), a_key()),
        lambda: mother.conversation.observe(nothing, HomeAnswer.YES_ALONE, a_key()),
    ):
        with pytest.raises(NotFound):
            look()
    with pytest.raises(NotPermitted, match="no_standing"):
        manager.goals.student(nobody)
