"""What every AuditRepository and DisclosuresRepository does: chains that hold, and the books beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.access import (
    AuditKind,
    ChainName,
    ChainReport,
    RequestAnswer,
    TrailQuery,
)
from iepcore.caseload.verifying import verify_chains
from iepcore.errors import Busy, IepError, IllegalMove
from iepcore.ids import SiteId, new_uuid7
from iepcore.ports import Store
from iepcore.testing import store_values as a
from iepcore.testing import trail_values as b
from iepcore.testing.contract_fixtures import OpenStore, StoreFixtures

MINUTE = timedelta(minutes=1)


def chains_of(store: Store) -> Mapping[ChainName, ChainReport]:
    """Check both chains of a store in one moment of it."""
    with store.read() as uow:
        return verify_chains(uow, store.site_id)


class ChainContract(StoreFixtures):
    """Each row follows the one before it."""

    def test_a_chain_begins_with_the_sites_own_hash(self, open_store: OpenStore) -> None:
        """Before the first row the head is a genesis, another one for each site and chain."""
        stores = [open_store(SiteId(new_uuid7())) for _ in range(2)]
        heads = set()
        for store in stores:
            with store.read() as uow:
                heads |= {uow.audit.head(chain) for chain in ChainName}
        assert 4 == len(heads)
        assert {0} == {head.seq for head in heads}

    def test_rows_follow_each_other(self, store: Store, room: a.Classroom) -> None:
        """Over several units, with reads that fold, the chain holds and counts each row once."""
        for number in range(3):
            with store.write() as uow:
                uow.audit.add(a.an_event(room.student.id, bucket="one"))
                uow.audit.add(a.an_event(room.student.id, bucket="one"))
                uow.audit.add(a.an_event(None, at=a.NOW + MINUTE * number))
        report = chains_of(store)[ChainName.TRAIL]
        assert (4, True) == (report.rows, report.holds)

    def test_a_failed_unit_leaves_no_gap(self, store: Store, room: a.Classroom) -> None:
        """What was undone has no place in the chain."""
        with store.write() as uow:
            uow.audit.add(a.an_event(None))
        with pytest.raises(KeyError), store.write() as uow:  # noqa: PT012
            uow.audit.add(a.an_event(None))
            uow.disclosures.add(b.a_disclosure(room.student.id))
            raise KeyError
        with store.write() as uow:
            uow.audit.add(a.an_event(None))
            uow.disclosures.add(b.a_disclosure(room.student.id))
        reports = chains_of(store)
        assert {ChainName.TRAIL: 2, ChainName.DISCLOSURES: 1} == {n: r.rows for n, r in reports.items()}
        assert all(report.holds for report in reports.values())

    def test_a_unit_sees_its_own_rows(self, store: Store, room: a.Classroom) -> None:
        """What is added is found before the unit ends; a read unit cannot add."""
        event = a.an_event(room.student.id)
        with store.write() as uow:
            uow.audit.add(event)
            assert [event] == list(uow.audit.of_student(room.student.id))
        with pytest.raises(Busy, match="store_read_only"), store.read() as uow:
            uow.audit.add(a.an_event(None))

    def test_one_event_is_stored_once(self, store: Store) -> None:
        """The same id twice is refused, and nothing of the unit is kept."""
        event = a.an_event(None)
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:  # noqa: PT012
            uow.audit.add(event)
            uow.audit.add(event)
        assert 0 == chains_of(store)[ChainName.TRAIL].rows

    def test_rows_are_found_newest_first(self, store: Store, room: a.Classroom) -> None:
        """By child, person, kind and time, a page at a time."""
        events = [a.an_event(room.student.id, at=a.NOW + MINUTE * number) for number in range(4)]
        other = a.an_event(None, kind=AuditKind.WRITE, at=a.NOW + MINUTE)
        with store.write() as uow:
            for event in (*events, other):
                uow.audit.add(event)
        with store.read() as uow:
            found = uow.audit.search(TrailQuery(), limit=3)
            assert [other, events[3], events[2]] == list(found)
            last = found[-1].link
            assert last is not None
            assert [events[1], events[0]] == list(uow.audit.search(TrailQuery(), before=last.seq))
            assert events[::-1] == list(uow.audit.search(TrailQuery(student_id=room.student.id)))
            assert [events[0]] == list(uow.audit.search(TrailQuery(actor_id=events[0].actor_id)))
            assert [other] == list(uow.audit.search(TrailQuery(kinds=frozenset({AuditKind.WRITE}))))
            window = TrailQuery(since=a.NOW + MINUTE, until=a.NOW + MINUTE * 2)
            assert [other, events[1]] == list(uow.audit.search(window))

    def test_an_erasure_leaves_chains_that_hold(self, store: Store, room: a.Classroom) -> None:
        """What names the child is gone from both chains, the rows are there, and the trail says how many."""
        other = a.a_student()
        with store.write() as uow:
            uow.people.add_student(other)
            for student_id in (room.student.id, other.id, room.student.id):
                uow.audit.add(a.an_event(student_id, object_id="7", bucket=f"{student_id}"))
                uow.disclosures.add(b.a_disclosure(student_id))
            uow.audit.add(a.an_event(room.student.id))
        with store.write() as uow:
            removed = uow.archive.erase_student(room.student.id)
        reports = chains_of(store)
        assert 2 == removed["disclosure"]
        assert {2} == {report.blanked for report in reports.values()}
        assert all(report.holds for report in reports.values())
        with store.read() as uow:
            assert [] == list(uow.audit.of_student(room.student.id))
            assert [] == list(uow.disclosures.of_student(room.student.id))
            assert 1 == len(uow.disclosures.of_student(other.id))
            told = uow.audit.search(TrailQuery(kinds=frozenset({AuditKind.WRITE})))
            assert ["trail_blanked", "disclosures_blanked"] == [one.what for one in told]
            whole = [str(row.private) for row in uow.audit.sealed(ChainName.TRAIL)]
        assert not any(str(room.student.id) in text for text in whole)

    def test_what_is_taken_elsewhere_gets_a_chain_there(self, open_store: OpenStore) -> None:
        """An export with blanked rows and the erasure that tells of them: the new place's chain holds."""
        first, second = open_store(SiteId(new_uuid7())), open_store(SiteId(new_uuid7()))
        student = a.a_student()
        with first.write() as uow:
            uow.people.add_student(student)
            uow.audit.add(a.an_event(student.id))
            uow.disclosures.add(b.a_disclosure(student.id))
        with first.write() as uow:
            uow.archive.erase_student(student.id)
        with first.read() as uow:
            values = list(uow.archive.values())
        with second.write() as uow:
            uow.audit.add(a.an_event(None))
            uow.archive.restore(values)
        reports = chains_of(second)
        assert all(report.holds for report in reports.values())
        assert 4 == reports[ChainName.TRAIL].rows


class DisclosuresContract(StoreFixtures):
    """Who outside got what, who asked to see, and who opened with a reason."""

    def test_the_record_of_access_of_a_child(self, store: Store, room: a.Classroom) -> None:
        """In the order in which lines were written; one by its id."""
        first = b.a_disclosure(room.student.id)
        second = b.a_disclosure(room.student.id, corrects=first.id, given=False)
        with store.write() as uow:
            uow.disclosures.add(first)
            uow.disclosures.add(second)
        with store.read() as uow:
            assert [first, second] == list(uow.disclosures.of_student(room.student.id))
            assert second == uow.disclosures.disclosure(second.id)
            assert [] == list(uow.disclosures.of_student(a.a_student().id))

    def test_requests_are_kept_until_they_are_met(self, store: Store, room: a.Classroom) -> None:
        """The same tap twice is one request; open ones and those of some children are found."""
        asked = b.a_record_request(room.student.id)
        again = replace(b.a_record_request(room.student.id), noted_by=asked.noted_by)
        again = replace(again, client_key=asked.client_key)
        with store.write() as uow:
            assert asked == uow.disclosures.add_request(asked)
            assert asked == uow.disclosures.add_request(again)
        met = replace(asked, answer=RequestAnswer.LOOKED, answered_on=asked.received_on, version=2)
        later = b.a_record_request(room.student.id, received_on=a.TODAY + timedelta(days=1))
        with store.write() as uow:
            uow.disclosures.save_request(met)
            uow.disclosures.add_request(later)
        with store.read() as uow:
            assert met == uow.disclosures.request(asked.id)
            assert [met, later] == list(uow.disclosures.requests())
            assert [later] == list(uow.disclosures.requests(only_open=True))
            assert [met, later] == list(uow.disclosures.requests_of_students({room.student.id}))
            assert [] == list(uow.disclosures.requests_of_students(set()))

    def test_nothing_is_destroyed_while_somebody_waits_to_see_it(
        self, store: Store, room: a.Classroom
    ) -> None:
        """Erasing is refused with the request open, and goes once it is met (34 CFR 99.10(e))."""
        asked = b.a_record_request(room.student.id)
        with store.write() as uow:
            uow.disclosures.add_request(asked)
        with pytest.raises(IllegalMove, match="record_request_open"), store.write() as uow:
            uow.archive.erase_student(room.student.id)
        with store.write() as uow:
            met = replace(asked, answer=RequestAnswer.LOOKED, answered_on=asked.received_on, version=2)
            uow.disclosures.save_request(met)
        with store.write() as uow:
            assert 1 == uow.archive.erase_student(room.student.id)["record_request"]

    def test_openings_are_kept(self, store: Store, room: a.Classroom) -> None:
        """Those of an adult and of some children; the same tap twice is one."""
        opening = b.a_break_glass(room.student.id)
        again = replace(
            b.a_break_glass(room.student.id), adult_id=opening.adult_id, client_key=opening.client_key
        )
        with store.write() as uow:
            assert opening == uow.disclosures.add_opening(opening)
            assert opening == uow.disclosures.add_opening(again)
        with store.read() as uow:
            held = uow.disclosures.openings_of_adult
            assert [opening] == list(held(opening.adult_id))
            assert [] == list(held(a.an_adult().id))
            assert [opening] == list(uow.disclosures.openings_of_students({room.student.id}))
        closed = replace(opening, closed_at=a.NOW, version=2)
        with store.write() as uow:
            uow.disclosures.save_opening(closed)
        with store.read() as uow:
            assert closed == uow.disclosures.opening(opening.id)
            assert [closed] == list(uow.disclosures.openings())
