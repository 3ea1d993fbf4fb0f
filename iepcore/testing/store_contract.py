"""What every Store does: its rooms' contracts, and what holds for a unit of work whatever the room."""

from __future__ import annotations

import pytest

from iepcore.errors import Busy, IepError
from iepcore.ids import SiteId, new_uuid7
from iepcore.people import Student
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing.archive_contract import ArchiveContract, are_same, everything
from iepcore.testing.calendars_contract import CalendarsContract
from iepcore.testing.contract_fixtures import OpenStore, StoreFixtures
from iepcore.testing.delivery_contract import AuditContract, OutboxContract
from iepcore.testing.family_contract import FamilyContract
from iepcore.testing.gradebook_contract import GradebookContract
from iepcore.testing.keeping_contract import KeepingContract
from iepcore.testing.people_contract import PeopleContract
from iepcore.testing.plan_contract import PlanContract
from iepcore.testing.plans_contract import PlansContract
from iepcore.testing.rosters_contract import RostersContract
from iepcore.testing.sending_contract import SendingContract
from iepcore.testing.store_samples import every_value
from iepcore.testing.trail_contract import ChainContract, DisclosuresContract


class UnitOfWorkContract(StoreFixtures):
    """All or nothing, one site, one moment."""

    def test_a_failed_unit_leaves_nothing(self, store: Store, room: a.Classroom) -> None:
        """Whatever was written before the failure is gone: new values, changed ones and removed ones."""
        before = everything(store)
        with pytest.raises(KeyError), store.write() as uow:  # noqa: PT012
            uow.archive.restore(every_value())
            uow.plan.add_point(a.a_point(room.goal))
            uow.archive.erase_student(room.student.id)
            raise KeyError
        assert before == everything(store)

    def test_a_unit_sees_what_it_wrote(self, store: Store) -> None:
        """Inside a write unit its own changes are there; outside only after its end."""
        student = a.a_student()
        with store.write() as uow:
            uow.people.add_student(student)
            assert student == uow.people.student(student.id)
            with store.read() as other:
                assert other.people.student(student.id) is None
        assert [student] == everything(store)

    def test_a_read_unit_sees_one_moment(self, store: Store) -> None:
        """What is committed while a read unit is open is not seen in it."""
        student = a.a_student()
        with store.read() as uow:
            assert [] == list(uow.people.all_adults())
            with store.write() as other:
                other.people.add_student(student)
            assert uow.people.student(student.id) is None
        assert [student] == everything(store)

    def test_a_read_unit_cannot_write(self, store: Store) -> None:
        """Writing in a read unit is refused and nothing is stored."""
        with pytest.raises(Busy, match="store_read_only"), store.read() as uow:
            uow.people.add_student(a.a_student())
        assert everything(store) == []

    def test_two_sites_never_meet(self, open_store: OpenStore) -> None:
        """The same ids, keys and subjects live in two sites of one database without knowing each other."""
        first, second = open_store(SiteId(new_uuid7())), open_store(SiteId(new_uuid7()))
        assert first.site_id != second.site_id
        given = every_value()
        for store in (first, second):
            with store.write() as uow:
                uow.archive.restore(given)
        child = next(value for value in given if isinstance(value, Student))
        with first.write() as uow:
            uow.archive.erase_student(child.id)
        assert are_same(given, everything(second))
        with first.read() as uow:
            assert uow.people.student(child.id) is None

    def test_a_parent_in_another_site_is_no_parent(self, open_store: OpenStore) -> None:
        """A goal cannot hang on a child of another site."""
        first, second = open_store(SiteId(new_uuid7())), open_store(SiteId(new_uuid7()))
        student = a.a_student()
        with first.write() as uow:
            uow.people.add_student(student)
        with pytest.raises(IepError, match="store_refused"), second.write() as uow:
            uow.plan.add_goal(a.a_goal(student.id))


class StoreContract(
    UnitOfWorkContract,
    PeopleContract,
    PlanContract,
    PlansContract,
    FamilyContract,
    OutboxContract,
    AuditContract,
    ChainContract,
    DisclosuresContract,
    GradebookContract,
    KeepingContract,
    RostersContract,
    CalendarsContract,
    SendingContract,
    ArchiveContract,
):
    """Everything a ``Store`` promises. Override ``open_store`` in a class whose name begins with ``Test``."""
