"""A course's list that lost too many at once, and the card of a pupil in the LMS."""

from __future__ import annotations

import pytest

from iepcore.errors import IllegalMove, NotPermitted
from iepcore.people import PersonKind, RosterMember
from iepcore.testing.store_values import a_member
from tests.unit.caseload.town import COURSE, SOURCE, Town

PUPILS = ("maya", "ivo", "nia", "oskar", "pia")


def keep(town: Town, *subjects: str, complete: bool = True, confirmed: bool = False) -> None:
    """Keep a list of these pupils as a pull would."""
    lines = [a_member(subject, source=SOURCE, context_id=COURSE) for subject in subjects]
    people = town.caseload("opener").people
    people.keep_roster(SOURCE, COURSE, lines, complete=complete, confirmed=confirmed)


def standing(town: Town) -> set[str]:
    """Return who stands in the list now."""
    with town.store.read() as uow:
        lines: list[RosterMember] = [one for one in uow.people.roster(SOURCE, COURSE) if one.active]
    return {one.subject for one in lines}


def test_mass_leaving_waits_for_a_person(each_town: Town) -> None:
    """More than half gone at once changes nothing until somebody says that they left."""
    keep(each_town, *PUPILS)
    with pytest.raises(IllegalMove, match="roster_shrunk"):
        keep(each_town, "maya", "new")
    assert set(PUPILS) == standing(each_town)
    keep(each_town, "maya", "new", confirmed=True)
    assert {"maya", "new"} == standing(each_town)


def test_few_may_leave_and_parts_remove_nobody(each_town: Town) -> None:
    """Two may leave without a question; a part of the list lets nobody leave, however short it is."""
    keep(each_town, *PUPILS)
    keep(each_town, "maya", complete=False)
    assert set(PUPILS) == standing(each_town)
    keep(each_town, "maya", "ivo", "nia")
    assert {"maya", "ivo", "nia"} == standing(each_town)


def test_list_of_a_stranger_is_not_kept(town: Town) -> None:
    """Whoever may not keep lists is refused before anything is compared."""
    people = town.caseload("teacher").people
    with pytest.raises(NotPermitted):
        people.keep_roster(SOURCE, COURSE, [], complete=True, confirmed=True)


def test_card_finds_the_child_by_number_or_subject(each_town: Town) -> None:
    """Staff on the team come to the child's record; other numbers come to nothing."""
    each_town.enrol("maya", channel_user_id="901")
    people = each_town.caseload("teacher").people
    assert each_town.maya.id == people.student_of_card(SOURCE, "901")
    assert each_town.maya.id == people.student_of_card(SOURCE, "maya")
    assert [None, None, None] == [
        people.student_of_card(*asked)
        for asked in ((SOURCE, "902"), ("platform-2", "901"), (SOURCE, "teacher"))
    ]


@pytest.mark.parametrize("who", ["ivos_teacher", "stranger", "opener", "officer", "revoked", "interpreter"])
def test_card_of_another_team_opens_nothing(each_town: Town, who: str) -> None:
    """No standing, no record, and no line in the trail that a record exists."""
    each_town.enrol("maya", channel_user_id="901")
    assert each_town.caseload(who).people.student_of_card(SOURCE, "901") is None
    with each_town.store.read() as uow:
        assert () == tuple(uow.audit.of_student(each_town.maya.id))


def test_number_of_an_adult_is_no_child(town: Town) -> None:
    """A number that belongs to a grown-up's line leads nowhere."""
    town.enrol("mother", channel_user_id="55")
    with town.store.read() as uow:
        known = uow.people.identity(SOURCE, "mother")
    assert known is not None
    assert PersonKind.ADULT is known.kind
    assert town.caseload("manager").people.student_of_card(SOURCE, "55") is None
