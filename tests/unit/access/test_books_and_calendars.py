"""Things beside a record: the office's books, the school's calendar, comments of two households."""

from __future__ import annotations

import pytest

from iepcore.access import Action, Audience, Basis, Party, Relations, ResourceKind, decide
from tests.unit.access.parties import DAY, ME, OTHER, PERSON, a_grant, a_thing, as_

K, P = ResourceKind, Party


@pytest.mark.parametrize("kind", [K.RECORD_REQUEST, K.DISCLOSURE])
def test_office_keeps_its_books_about_every_child(kind: K) -> None:
    """Who asked for a record and who got it stands in the office's books; an administrator has none."""
    thing = a_thing(kind)

    assert decide(PERSON, Action.WRITE, thing, DAY, as_(P.SITE_RECORDS_OFFICER)).is_allowed
    assert not decide(
        PERSON, Action.READ, thing, DAY, as_(P.SITE_ADMINISTRATOR, P.SITE_CASE_MANAGER)
    ).is_allowed


@pytest.mark.parametrize("kind", [K.CALENDAR, K.SITE_CHOICES])
def test_whoever_is_on_a_team_reads_the_schools_calendar(kind: K) -> None:
    """An aide of one child knows the days without school; a parent's standing is no staff standing."""
    thing = a_thing(kind, student_id=None)
    parent = Relations(grants=(a_grant(P.PARENT_RECORDS_AND_DECISIONS, basis=Basis.RELATIONSHIP),))

    assert decide(PERSON, Action.READ, thing, DAY, as_(P.PARAPROFESSIONAL)).is_allowed
    assert not decide(PERSON, Action.WRITE, thing, DAY, as_(P.CASE_MANAGER)).is_allowed
    assert not decide(PERSON, Action.READ, thing, DAY, parent).is_allowed


def test_one_households_comment_on_the_plan_is_not_the_others() -> None:
    """A parent reads what she said of the plan and what staff say to every family, not the other home's."""
    mine, staffs = a_thing(K.PLAN_COMMENT, owner_id=ME), a_thing(K.PLAN_COMMENT, audience=Audience.SHARED)
    theirs = a_thing(K.PLAN_COMMENT, owner_id=OTHER)
    for party in (P.PARENT_RECORDS_AND_DECISIONS, P.PARENT_RECORDS_ONLY):
        words = [
            decide(PERSON, Action.READ, one, DAY, as_(party)).is_allowed for one in (mine, staffs, theirs)
        ]
        assert [True, True, False] == words
    assert not decide(PERSON, Action.WRITE, mine, DAY, as_(P.PARENT_RECORDS_ONLY)).is_allowed
