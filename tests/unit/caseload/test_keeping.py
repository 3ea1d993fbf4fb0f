"""Disabling a person and holding a record: who may, what it stops at once, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from iepcore.access import Action, AuditEvent, Resource, ResourceKind
from iepcore.caseload import PERSON_DISABLED, Arrival, SiteFacts, arrive
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import AdultId, HoldId, StudentId
from iepcore.notices import OutboxState
from iepcore.people import AddressKind, ChannelAddress, SiteRole, Suspension
from iepcore.testing import store_values as a
from tests.unit.caseload.town import FAMILY, SOURCE, STAFF, Town

FACTS = SiteFacts(school_name="A school", school_phone="1", lms_name="LMS", public_url="https://x.example")


def _events(town: Town, what: str) -> list[tuple[str, str]]:
    found = [one for one in town.everything() if isinstance(one, AuditEvent) and one.what == what]
    return [(one.kind.value, one.reason) for one in found]


# ---------------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize("name", sorted({*STAFF, *FAMILY, "opener", "interpreter", "stranger"}))
def test_only_officers_and_administrators_disable(town: Town, name: str) -> None:
    """Neither a team nor a family may; the refusal is in the trail."""
    with pytest.raises(NotPermitted):
        town.caseload(name).keeping.disable(town.id("ivos_teacher"))
    with pytest.raises(NotPermitted):
        town.caseload(name).keeping.disabled()

    assert ["refused"] == [kind for kind, _ in _events(town, "disable_person")]


@pytest.mark.parametrize("by", ["officer", "installer"])
def test_a_disabled_person_reaches_nothing_from_that_moment(each_town: Town, by: str) -> None:
    """Every read and write of every standing is refused with a reason, and allowed again afterwards."""
    town = each_town
    thing = Resource(kind=ResourceKind.STUDENT, student_id=town.maya.id)
    teacher = town.caseload("teacher")
    teacher.desk.open_record(thing, what="look")

    town.caseload(by).keeping.disable(town.id("teacher"), reason="Left the school")

    with pytest.raises(NotPermitted, match=PERSON_DISABLED):
        teacher.desk.open_record(thing, what="look")
    assert () == teacher.today.page().children
    with pytest.raises(NotPermitted):
        town.write_to("mother")
    with town.store.read() as uow:
        assert not teacher.desk.may(uow, Action.READ, thing)
    town.caseload("manager").desk.open_record(thing, what="look")
    listed = town.caseload(by).keeping.disabled()
    assert [(town.id("teacher"), "Left the school", town.id(by))] == [
        (adult.id, held.reason, held.by_id) for adult, held in listed
    ]

    town.clock.forward(hours=1)
    ended = town.caseload(by).keeping.enable(town.id("teacher"))

    assert (town.id(by), town.clock.now()) == (ended.ended_by, ended.ended_at)
    teacher.desk.open_record(thing, what="look")
    assert () == town.caseload(by).keeping.disabled()
    assert ["write"] == [kind for kind, _ in _events(town, "enable_person")]


def test_a_disabled_parent_reaches_nothing_and_keeps_every_word(town: Town) -> None:
    """What she wrote stays in the record, and the other parent is not touched."""
    town.write_to("mother")
    town.answer("mother")
    before = [one for one in town.everything() if not isinstance(one, AuditEvent)]

    town.caseload("officer").keeping.disable(town.id("mother"))

    with pytest.raises(NotPermitted):
        town.answer("mother", "Otra vez.")
    after = [one for one in town.everything() if not isinstance(one, AuditEvent | Suspension)]
    changed = {type(one).__name__ for one in set(before) ^ set(after)}
    assert changed <= {"OutboxItem"}
    town.caseload("father").desk.open_record(
        Resource(kind=ResourceKind.STUDENT, student_id=town.maya.id), what="look"
    )


def test_disabling_twice_keeps_the_first_time(each_town: Town) -> None:
    """The second call finds the first suspension; enabling somebody who is not disabled is NotFound."""
    officer = each_town.caseload("officer").keeping
    first = officer.disable(each_town.id("aide"))
    each_town.clock.forward(hours=1)

    again = officer.disable(each_town.id("aide"), reason="Once more")

    assert first.suspension == again.suspension
    officer.enable(each_town.id("aide"))
    with pytest.raises(NotFound):
        officer.enable(each_town.id("aide"))
    with pytest.raises(NotFound):
        officer.disable(AdultId(uuid4()))
    assert first.suspension.id != officer.disable(each_town.id("aide")).suspension.id


def test_nobody_locks_the_school_out(town: Town) -> None:
    """Not themselves, not the last records officer; the command line may, because it can name a new one."""
    with pytest.raises(IllegalMove, match="not_yourself"):
        town.caseload("officer").keeping.disable(town.id("officer"))
    with pytest.raises(IllegalMove, match="last_records_officer"):
        town.caseload("installer").keeping.disable(town.id("officer"))
    assert () == town.caseload("officer").keeping.disabled()

    done = town.job("standing").keeping.disable(town.id("officer"))

    assert done.suspension.by_id is None
    with pytest.raises(NotPermitted):
        town.caseload("officer").keeping.disable(town.id("aide"))
    ended = town.job("standing").keeping.enable(town.id("officer"))
    assert ended.ended_by is None


def test_a_second_officer_may_be_disabled(town: Town) -> None:
    """One who can still act is enough."""
    town.caseload("officer").staff.appoint(town.id("manager"), SiteRole.RECORDS_OFFICER)

    town.caseload("installer").keeping.disable(town.id("manager"))

    with pytest.raises(IllegalMove, match="last_records_officer"):
        town.caseload("installer").keeping.disable(town.id("officer"))


# --------------------------------------------------------------------------------------------------- notices


def test_notices_on_both_sides_are_stopped_and_shown(each_town: Town) -> None:
    """To the person: the sender sees it. In the person's name: those who see every message do, and not the
    aide."""
    town = each_town
    to_mother = town.write_to("mother", "father").items
    officer = town.caseload("officer").keeping

    done = officer.disable(town.id("mother"))

    mine = next(one for one in to_mother if one.recipient_id == town.id("mother"))
    assert [mine.id] == [one.id for one in done.stopped]
    assert (OutboxState.HELD, PERSON_DISABLED) == (town.item(mine.id).state, town.item(mine.id).reason)
    assert [mine.id] == [one.item.id for one in town.caseload("teacher").today.page().stuck]
    assert [] == list(town.caseload("manager").today.page().stuck)

    again = officer.disable(town.id("teacher"))

    others = {one.id for one in to_mother} - {mine.id}
    assert others == {one.id for one in again.stopped}
    shown = {one.item.id: one for one in town.caseload("manager").today.page().stuck}
    assert {one.id for one in to_mother} == shown.keys()
    assert {town.goal.id} == {one.goal_id for one in shown.values()}
    for name in ("aide", "general", "ivos_teacher"):
        assert () == town.caseload(name).today.page().stuck

    officer.enable(town.id("teacher"))
    assert [] == list(town.caseload("manager").today.page().stuck)
    assert 2 == len(town.caseload("teacher").today.page().stuck)


def test_a_disabled_parent_is_not_offered_as_a_reader(town: Town) -> None:
    """The writing screen says so before anything is sent, and a letter to her is refused."""
    town.caseload("officer").keeping.disable(town.id("mother"))

    page = town.caseload("teacher").writing.compose(town.maya.id, town.goal.id)

    refusals = {reader.adult.id: reader.refusal for reader in page.readers}
    assert (PERSON_DISABLED, "") == (refusals[town.id("mother")], refusals[town.id("father")])
    with pytest.raises(InvalidValue, match="recipient_has_no_right"):
        town.write_to("mother")


@pytest.mark.parametrize("name", ["mother", "teacher"])
def test_a_notice_in_the_workers_hands_is_stopped_too(town: Town, name: str) -> None:
    """It was leased before; the last look before sending finds who is disabled."""
    town.write_to("mother")
    delivery = town.job().delivery
    leased = delivery.lease()[0]

    town.caseload("officer").keeping.disable(town.id(name))

    assert delivery.prepare(leased, FACTS) is None
    assert (OutboxState.HELD, PERSON_DISABLED) == (town.item(leased.id).state, town.item(leased.id).reason)


# ------------------------------------------------------------------------------------------------------ door


def test_a_disabled_person_at_the_door_is_refused_and_noted(each_town: Town) -> None:
    """Nothing about the person is refreshed; the trail has one line for many tries in ten minutes."""
    town = each_town
    town.caseload("officer").keeping.disable(town.id("teacher"))
    before = town.adults["teacher"]
    arrival = Arrival(
        source=SOURCE, subject="teacher", name="New Name", reads="en", email="new@example.org", is_staff=True
    )

    for _ in range(3):
        with pytest.raises(NotPermitted, match=PERSON_DISABLED):
            arrive(town.store, town.clock, arrival)

    with town.store.read() as uow:
        assert before == uow.people.adult(town.id("teacher"))
    assert [("refused", PERSON_DISABLED)] == _events(town, "launch")
    town.caseload("officer").keeping.enable(town.id("teacher"))
    assert town.id("teacher") == arrive(town.store, town.clock, arrival)


@pytest.mark.parametrize("known_by", ["subject", "canvas_id"])
def test_a_disabled_person_is_out_under_any_face(each_town: Town, known_by: str) -> None:
    """An LMS administrator who was disabled here does not come in as somebody else; another one does."""
    town = each_town
    with town.store.write() as uow:
        adult = town.adults["installer"]
        addresses = (ChannelAddress(kind=AddressKind.CANVAS, value="4711"),)
        uow.people.save_adult(replace(adult, addresses=addresses, version=adult.version + 1))
    worn = {"subject": "installer", "canvas_id": "4711"}[known_by]
    arrival = Arrival(
        source=SOURCE, subject="teacher", name="Teacher", reads="en", is_staff=True, worn_by=worn
    )
    town.job("standing").keeping.disable(town.id("installer"))

    with pytest.raises(NotPermitted, match=PERSON_DISABLED):
        arrive(town.store, town.clock, arrival)

    refused = [one for one in town.everything() if isinstance(one, AuditEvent) and one.what == "launch"]
    assert [(town.id("installer"), PERSON_DISABLED)] == [(one.actor_id, one.reason) for one in refused]
    assert town.id("teacher") == arrive(town.store, town.clock, replace(arrival, worn_by="nobody-here"))
    town.job("standing").keeping.enable(town.id("installer"))
    assert town.id("teacher") == arrive(town.store, town.clock, arrival)


# ----------------------------------------------------------------------------------------------------- holds


def test_only_a_records_officer_holds_and_lifts(each_town: Town) -> None:
    """An administrator may look; everybody else may not even do that. All of it is in the trail."""
    town = each_town
    officer = town.caseload("officer").keeping
    placed = officer.hold(town.maya.id, reason="Complaint of 3 November")

    assert [placed] == list(town.caseload("installer").keeping.holds())
    assert (town.id("officer"), town.clock.now()) == (placed.placed_by, placed.placed_at)
    for name in ("installer", "manager", "mother"):
        with pytest.raises(NotPermitted):
            town.caseload(name).keeping.hold(town.maya.id, reason="Mine")
        with pytest.raises(NotPermitted):
            town.caseload(name).keeping.lift(placed.id)
    with pytest.raises(NotPermitted):
        town.caseload("manager").keeping.holds()

    town.clock.forward(hours=1)
    lifted = officer.lift(placed.id)
    assert lifted == officer.lift(placed.id)
    assert (town.id("officer"), town.clock.now()) == (lifted.lifted_by, lifted.lifted_at)
    assert not lifted.is_in_force


def test_holds_name_what_exists_and_why(town: Town) -> None:
    """No hold on nobody, none without a reason; the whole school needs no name."""
    officer = town.caseload("officer").keeping
    with pytest.raises(NotFound):
        officer.hold(StudentId(uuid4()), reason="Complaint")
    with pytest.raises(NotFound):
        officer.lift(HoldId(uuid4()))
    for reason in ("", "  ", "two\nlines", "x" * 201):
        with pytest.raises(InvalidValue, match="reason_form"):
            officer.hold(town.maya.id, reason=reason)

    assert town.job("legal_hold").keeping.hold(None, reason="Litigation").placed_by is None


def test_a_held_record_is_not_erased(each_town: Town) -> None:
    """The other child's may be; after the hold both may."""
    town = each_town
    placed = town.caseload("officer").keeping.hold(town.maya.id, reason="Complaint")

    with pytest.raises(IllegalMove, match="legal_hold"), town.store.write() as uow:
        uow.archive.erase_student(town.maya.id)
    with town.store.write() as uow:
        uow.archive.erase_student(town.ivo.id)
    town.caseload("officer").keeping.lift(placed.id)
    with town.store.write() as uow:
        assert 1 == uow.archive.erase_student(town.maya.id)["legal_hold"]


def test_times_run_forward_and_versions_count_up() -> None:
    """No end before the beginning, no version zero; an empty reason is enough to disable."""
    with pytest.raises(InvalidValue, match="dates_reversed"):
        a.a_hold(None, lifted_at=a.NOW - timedelta(seconds=1))
    with pytest.raises(InvalidValue, match="version_range"):
        a.a_suspension(AdultId(uuid4()), version=0)
    with pytest.raises(InvalidValue, match="reason_form"):
        a.a_suspension(AdultId(uuid4()), reason="\n")
    assert "" == a.a_suspension(AdultId(uuid4())).reason
