"""Whose account it is: a pupil's by number, an adult's by a person's yes, a secret where it must be one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.errors import IllegalMove, NotFound, NotPermitted
from iepcore.ids import MatchDoubtId, new_uuid7
from iepcore.people import DoubtState, PersonKind, RosterPerson, RosterStanding
from iepcore.testing import ListedSource
from iepcore.testing.roster_values import a_doubt, a_roster
from tests.unit.caseload.pulls import SIS, connect, pull
from tests.unit.caseload.town import Town


def _with_number(subject: str, number: str, **changes: object) -> RosterPerson:
    return RosterPerson(subject=subject, name=subject.title(), sis_id=number, **changes)  # type: ignore[arg-type]


def test_the_schools_number_ties_a_pupil_and_asks_about_an_adult(town: Town) -> None:
    """Maya's second account is hers at once; her teacher's waits for a person, who may take it back."""
    town.enrol("maya", sis_id="0042")
    town.enrol("general", standing=_teacher(), sis_id="T7")
    feed_id = connect(town)
    roster = replace(
        a_roster(pupils=("m-1",), teachers=("t-1",)),
        people=(_with_number("m-1", "0042"), _with_number("t-1", "T7")),
    )
    pull(town, ListedSource([roster]), feed_id)
    with town.store.read() as uow:
        known = uow.people.identity(SIS, "m-1")
        assert known is not None
        assert town.maya.id == known.person_id
        assert uow.people.identity(SIS, "t-1") is None

    doubts = town.caseload("officer").doubts
    row = doubts.of_adults()[0]
    assert ("sure_adult", "General Person") == (row.doubt.reason, row.name)
    assert () == town.caseload("manager").doubts.of_adults()
    doubts.decide(row.doubt.id, DoubtState.LATER)
    assert [row.doubt.id] == [one.doubt.id for one in doubts.of_adults()]
    doubts.decide(row.doubt.id, DoubtState.SAME)
    doubts.decide(row.doubt.id, DoubtState.SAME)
    assert () == doubts.of_adults()
    with town.store.read() as uow:
        assert uow.people.identity(SIS, "t-1") is not None
    doubts.decide(row.doubt.id, DoubtState.OPEN)
    with town.store.read() as uow:
        assert uow.people.identity(SIS, "t-1") is None
    with pytest.raises(IllegalMove, match="own_confirmation"):
        _doubt_about_officer(town)


def _doubt_about_officer(town: Town) -> None:

    doubt = a_doubt(town.id("officer"), kind=PersonKind.ADULT)
    with town.store.write() as uow:
        uow.rosters.add_doubt(doubt)
    town.caseload("officer").doubts.decide(doubt.id, DoubtState.SAME)


def _teacher():  # type: ignore[no-untyped-def]

    return RosterStanding.TEACHER


def test_a_question_about_a_pupil_is_asked_of_her_manager_only(town: Town) -> None:
    """Whether a pupil has a record is confidential: an officer sees no such question, nor may answer it."""
    town.enrol("maya", sis_id="0042")
    feed_id = connect(town)
    twice = replace(
        a_roster(pupils=("m-1", "m-2")),
        people=(_with_number("m-1", "0042"), _with_number("m-2", "0042")),
    )
    pull(town, ListedSource([twice]), feed_id)
    assert () == town.caseload("officer").doubts.of_adults()
    rows = town.caseload("manager").doubts.of_pupils()
    assert ["Mayabel Quill"] * 2 == [one.name for one in rows]
    assert () == town.caseload("ivos_teacher").doubts.of_pupils()
    with pytest.raises(NotPermitted):
        town.caseload("officer").doubts.decide(rows[0].doubt.id, DoubtState.SAME)
    town.caseload("manager").doubts.decide(rows[0].doubt.id, DoubtState.OTHER)
    assert 1 == len(town.caseload("manager").doubts.of_pupils())
    with pytest.raises(NotFound):
        town.caseload("manager").doubts.decide(_unknown(), DoubtState.SAME)


def _unknown():  # type: ignore[no-untyped-def]

    return MatchDoubtId(new_uuid7())


def test_an_account_of_somebody_else_is_not_taken(town: Town) -> None:
    """A "same" about an account that is another's by now is refused."""

    doubt = a_doubt(town.id("general"), kind=PersonKind.ADULT, source="platform-1", subject="therapist")
    with town.store.write() as uow:
        uow.rosters.add_doubt(doubt)
    assert () == town.caseload("officer").doubts.of_adults()
    with pytest.raises(IllegalMove, match="account_taken"):
        town.caseload("officer").doubts.decide(doubt.id, DoubtState.SAME)
