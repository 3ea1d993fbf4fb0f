"""A record that comes from another school: whole, without rights, with comparable services, never twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from uuid import uuid4

import pytest

from iepcore.access import AuditEvent
from iepcore.caseload.transferring import TransferringDesk
from iepcore.caseload.whole_record import whole_record
from iepcore.errors import IllegalMove, InvalidRows, InvalidValue, NotFound, NotPermitted
from iepcore.family import Message, Thread
from iepcore.ids import AdultId, SiteId, StudentId, new_uuid7
from iepcore.memory import MemoryStore
from iepcore.people import Adult, ArrivingRecord, Assignment, Identity, Relationship
from iepcore.plan import DataPoint, Goal
from iepcore.plan.document import IN_FORCE, PlanState, PlanVersion
from iepcore.schemas import arriving_record, dump, export_lines, moved_id
from iepcore.testing import document_values as v
from iepcore.testing import store_values as a
from iepcore.testing.store_samples import every_value
from tests.unit.caseload.town import Town

SENDER = SiteId(new_uuid7())


@cache
def sent() -> tuple[str, ...]:
    """The export of one child of a school where everything there can be was written down."""
    store = MemoryStore(SENDER)
    with store.write() as uow:
        uow.archive.restore(every_value())
        [student_id] = {one.student_id for one in uow.archive.values() if isinstance(one, DataPoint)}
        writer = a.an_adult(name="Wren Alder")  # on no team: writes the plan
        uow.people.add_adult(writer)
        number = max(one.number for one in uow.plans.versions_of(student_id)) + 1
        states = (PlanState.IN_EFFECT, PlanState.PROPOSED)
        plans = [
            v.a_plan_version(student_id, number=number + place, state=state, written_by=writer.id)
            for place, state in enumerate(states)
        ]
        for plan in plans:
            uow.plans.add_version(plan)
        uow.plans.add_comment(v.a_comment(plans[1]))
    with store.read() as uow:
        values = list(whole_record(uow, student_id))
    return tuple(export_lines(values, made_at=a.NOW))


def arriving(town: Town, lines: Iterable[str] | None = None) -> ArrivingRecord:
    """What a file is for the town's school."""
    return arriving_record(lines if lines is not None else sent(), site_id=town.store.site_id)


def desk(town: Town, name: str = "opener") -> TransferringDesk:
    """Who opens records here."""
    return TransferringDesk(town.caseload(name).desk)


def kept(town: Town, student_id: StudentId) -> list[object]:
    """All that is kept of a child."""
    with town.store.read() as uow:
        return list(uow.archive.values(student_id=student_id))


def test_everything_that_travels_is_kept_as_it_was(each_town: Town) -> None:
    """Goals, daily points, tries, conversations, notices, consents, wishes: equal but for the ids."""
    record = arriving(each_town)
    today = each_town.clock.today()
    student_id = desk(each_town).receive(record, on=today)
    found = kept(each_town, student_id)
    came = [one for one in record.values if not isinstance(one, Adult | PlanVersion | Goal)]
    assert came
    assert [] == [type(one).__name__ for one in came if one not in found]
    assert sum(isinstance(one, DataPoint) for one in found) >= 12  # one for each way of measuring


def test_no_right_travels(each_town: Town) -> None:
    """The team, the relationships, the accounts and addresses of the sending school are not here."""
    record = arriving(each_town)
    student_id = desk(each_town).receive(record, on=each_town.clock.today())
    found = kept(each_town, student_id)
    assert not [one for one in found if isinstance(one, Identity | Relationship)]
    opener = each_town.id("opener")
    assert [opener] == [one.adult_id for one in found if isinstance(one, Assignment)]
    with each_town.store.read() as uow:
        strangers = uow.people.adults([one.id for one in record.values if isinstance(one, Adult)])
    assert all(not one.addresses and not one.came_as_staff for one in strangers)
    assert "Wren Alder" in {one.name for one in strangers}
    assert {"assignment", "relationship", "identity", "plan_version", "plan_comment"} <= set(record.stays)
    assert record.told
    assert all(one.name for one in record.told)


def test_the_plan_that_came_is_in_force_as_comparable_services(each_town: Town) -> None:
    """What was in force there has left there the day before; the same words are in force here."""
    record = arriving(each_town)
    preview = desk(each_town).look(record)
    assert preview.plan is not None
    today = max(each_town.clock.today(), preview.plan.begins_on + timedelta(days=1))
    each_town.clock.stand_on(today)
    student_id = desk(each_town).receive(record, on=today)
    versions = [one for one in kept(each_town, student_id) if isinstance(one, PlanVersion)]
    [here] = [one for one in versions if one.state in IN_FORCE]
    [left] = [one for one in versions if one.id == preview.plan.id]
    assert (PlanState.TRANSFERRED_IN, today) == (here.state, here.begins_on)
    assert (PlanState.TRANSFERRED_OUT, today - timedelta(days=1)) == (left.state, left.ended_on)
    assert here.contents == preview.plan.contents
    assert here.reviewed_on == preview.plan.reviewed_on


def test_the_same_file_again_changes_nothing(each_town: Town) -> None:
    """A second reading has the same ids; a later one brings only what is new since."""
    record = arriving(each_town)
    today = each_town.clock.today()
    student_id = desk(each_town).receive(record, on=today)
    before = [one for one in kept(each_town, student_id) if not isinstance(one, AuditEvent)]
    again = desk(each_town).look(arriving(each_town))
    assert (0, True) == (again.new, again.is_known)
    assert student_id == desk(each_town).receive(arriving(each_town), on=today)
    after = [one for one in kept(each_town, student_id) if not isinstance(one, AuditEvent)]
    assert before == after


def test_a_file_cut_short_is_completed_by_the_whole(each_town: Town) -> None:
    """Points that were missing come with the second file, into the conversation that was begun here since."""
    lines = sent()
    short = [line for line in lines if not any(f'"type": "{kind}"' in line for kind in LATE)]
    today = each_town.clock.today()
    student_id = desk(each_town).receive(arriving(each_town, short), on=today)
    whole = arriving(each_town, lines)
    [thread, *_] = [one for one in whole.values if isinstance(one, Thread) and one.goal_id is not None]
    mine = a.a_thread(student_id, thread.goal_id)
    with each_town.store.write() as uow:
        uow.family.add_thread(mine)
    look = desk(each_town).look(whole)
    assert look.is_known
    assert look.new > 0
    desk(each_town).receive(whole, on=today)
    found = kept(each_town, student_id)
    assert {one.id for one in whole.values if isinstance(one, DataPoint)} <= {
        one.id for one in found if isinstance(one, DataPoint)
    }
    theirs = {one.id for one in whole.values if isinstance(one, Message) and one.thread_id == thread.id}
    assert theirs
    assert {mine.id} == {one.thread_id for one in found if isinstance(one, Message) and one.id in theirs}


LATE = (
    "data_point",
    "thread",
    "message",
    "message_opened",
    "translation",
    "translation_request",
    "outbox_item",
)


def test_where_a_record_lives_refuses_it(town: Town) -> None:
    """A school cannot receive its own child."""
    with town.store.read() as uow:
        lines = list(export_lines(uow.archive.values(student_id=town.maya.id), made_at=a.NOW))
    for step in (
        lambda one: desk(town).look(one),
        lambda one: desk(town).receive(one, on=town.clock.today()),
    ):
        with pytest.raises(IllegalMove, match="transfer_from_here"):
            step(arriving(town, lines))


@pytest.mark.parametrize("name", ["teacher", "mother", "aide"])
def test_only_who_opens_records_receives_one(town: Town, name: str) -> None:
    """Neither a teacher nor a parent."""
    with pytest.raises(NotPermitted):
        desk(town, name).look(arriving(town))
    with pytest.raises(NotPermitted):
        desk(town, name).receive(arriving(town), on=town.clock.today())


def test_a_day_to_come_is_refused(town: Town) -> None:
    """Services are in force from a day that has come."""
    with pytest.raises(IllegalMove, match="plan_not_yet"):
        desk(town).receive(arriving(town), on=town.clock.today() + timedelta(days=1))


def test_a_file_of_no_child_or_several_is_refused(town: Town) -> None:
    """One child at a time; a broken line is told with its place."""
    with pytest.raises(InvalidValue, match="transfer_one_child"):
        arriving(town, list(export_lines([a.an_adult()], made_at=a.NOW)))
    with pytest.raises(InvalidValue, match="transfer_one_child"):
        arriving(town, list(export_lines([a.a_student(), a.a_student()], made_at=a.NOW)))
    with pytest.raises(InvalidRows) as refused:
        arriving(town, [*sent()[:2], "{broken\n"])
    assert ["line 3"] == [place for place, _ in refused.value.problems]


def test_a_case_manager_nobody_knows_is_refused(town: Town) -> None:
    """Nobody would look after the child; nothing is kept."""
    nobody = AdultId(new_uuid7())
    with pytest.raises(NotFound):
        desk(town).receive(arriving(town), on=town.clock.today(), case_manager_id=nobody)
    with town.store.read() as uow:
        assert None is uow.people.student(arriving(town).student.id)


def test_a_child_without_a_plan_is_received_too(town: Town) -> None:
    """No version in force: nothing is made up."""
    student = a.a_student()
    lines = list(export_lines([student, a.an_adult()], made_at=a.NOW))
    student_id = desk(town).receive(arriving(town, lines), on=town.clock.today())
    assert not [one for one in kept(town, student_id) if isinstance(one, PlanVersion)]


def test_ids_are_made_anew_and_always_the_same() -> None:
    """Of the same version and, where they tell it, the same time; another site has others."""
    old, other = new_uuid7(), SiteId(new_uuid7())
    assert moved_id(old, SENDER) == moved_id(old, SENDER) != old
    assert moved_id(old, SENDER) != moved_id(old, other)
    assert (7, old.int >> 80) == (moved_id(old, SENDER).version, moved_id(old, SENDER).int >> 80)
    key = uuid4()
    assert (4, key.variant) == (moved_id(key, SENDER).version, moved_id(key, SENDER).variant)


def test_words_that_only_look_like_an_id_stay() -> None:
    """36 signs with four hyphens that are no id."""
    words = "a-b-c-d-" + "x" * 28
    student = a.a_student(legal_name=words)
    record = arriving_record(export_lines([student], made_at=a.NOW), site_id=SENDER)
    assert words == record.student.legal_name
    assert dump(student)["id"] != dump(record.student)["id"]
