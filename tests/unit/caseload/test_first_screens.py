"""The first screens: Today for staff, my child for a family; the right children in order, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iepcore.caseload import Policy
from iepcore.errors import NotFound, NotPermitted
from iepcore.family import ContactResult, HomeAnswer
from iepcore.ids import AdultId, new_uuid7
from iepcore.people import StaffRole
from iepcore.progress import FindingWord
from iepcore.testing import a_key, a_parent, a_student, an_assignment, points_of
from iepcore.testing.store_values import a_contact
from tests.unit.caseload.town import START, Town, goal_with


def _child(town: Town, name: str, *correct: int) -> Any:
    """Add a child of the teacher's with weekly scores of ten tries up to today, and return it."""
    student = a_student(preferred_name=name, created_at=town.clock.now())
    goal = goal_with(student)
    today = town.clock.today()
    days = {today - timedelta(days=7 * i): n for i, n in enumerate(reversed(correct))}
    with town.store.write() as uow:
        uow.people.add_student(student)
        uow.people.add_assignment(an_assignment(student, town.adults["teacher"], starts_on=START))
        if correct:
            uow.plan.add_goal(goal)
            for point in points_of(goal, {day: {"correct": n, "trials": 10} for day, n in days.items()}):
                uow.plan.add_point(point)
    return student


def test_children_come_by_need(each_town: Town) -> None:
    """A suggested review, then not yet, close, no data, on the line, met, without a goal; then by name."""
    for name, scores in {
        "Zed": (0, 0, 0, 0), "Nina": (9, 0, 0, 0), "Otto": (4, 4, 4), "Mel": (8, 8, 8), "Uma": (),
        "Bea": (9, 0, 0, 0),
    }.items():  # fmt: skip
        _child(each_town, name, *scores)
    rows = each_town.caseload("teacher").today.page().children

    assert ["Zed", "Bea", "Nina", "Maya", "Otto", "Mel", "Uma"] == [
        row.student.preferred_name for row in rows
    ]
    assert rows[0].first is not None
    assert rows[0].first.finding.review_suggested
    assert FindingWord.MET is rows[5].first.finding.word  # type: ignore[union-attr]
    assert (None, ()) == (rows[6].first, rows[6].cards)


def test_today_is_of_ones_own_children_only(each_town: Town) -> None:
    """Not the child next door, not one who left, not after one's place ended; a parent has none here."""
    gone = _child(each_town, "Gone", 1)
    with each_town.store.write() as uow:
        uow.people.save_student(replace(gone, left_on=each_town.clock.today(), version=2))

    def names(who: str) -> list[str]:
        return [row.student.preferred_name for row in each_town.caseload(who).today.page().children]

    assert (["Maya"], ["Ivo"], []) == (names("teacher"), names("ivos_teacher"), names("mother"))
    each_town.leave("teacher")
    assert [] == names("manager")[1:]
    assert "Maya" not in names("teacher")


def test_widest_of_two_places_is_one_row(town: Town) -> None:
    """Somebody with two parts on one team sees the child once."""
    with town.store.write() as uow:
        second = an_assignment(town.maya, town.adults["aide"], role=StaffRole.SUBSTITUTE, starts_on=START)
        uow.people.add_assignment(second)
    page = town.caseload("aide").today.page()

    assert 1 == len(page.children)
    assert (True, False, ()) == (page.may_record, page.sees_home, page.quiet)


def test_words_of_a_family_wait_until_they_are_answered(each_town: Town) -> None:
    """Per adult and conversation, the last words, oldest first; a letter to that adult answers them."""
    each_town.answer("mother", "uno")
    each_town.clock.forward(minutes=1)
    each_town.answer("father", "two")
    each_town.clock.forward(minutes=1)
    last = each_town.answer("mother", "tres")
    today = each_town.caseload("teacher").today

    assert [each_town.id("father"), each_town.id("mother")] == [one.author.id for one in today.page().waiting]
    assert last == today.page().waiting[1].message
    each_town.clock.forward(minutes=1)
    each_town.write_to("mother")
    assert [each_town.id("father")] == [one.author.id for one in today.page().waiting]
    assert each_town.goal == today.page().waiting[0].goal
    assert each_town.caseload("general").today.page().waiting == ()


def test_what_was_seen_at_home_this_week_is_shown_newest_first(each_town: Town) -> None:
    """Eight days old is old; a general teacher, who may not read it, sees none."""
    observe = each_town.caseload("mother").conversation.observe
    for days in (8, 7, 1):
        each_town.clock.forward(seconds=1)
        observe(
            each_town.goal.id,
            HomeAnswer.WITH_HELP,
            a_key(),
            observed_on=each_town.clock.today() - timedelta(days=days),
        )
    seen = each_town.caseload("teacher").today.page().seen

    assert [1, 7] == [(each_town.clock.today() - one.observation.observed_on).days for one in seen]
    assert each_town.caseload("general").today.page().seen == ()
    assert not each_town.caseload("general").today.page().sees_home


def test_quiet_families_are_named_after_thirty_days(each_town: Town) -> None:
    """Counted from the last words, observation or call that reached somebody, else from the opening."""
    today = each_town.caseload("teacher").today
    assert today.page().quiet == ()
    each_town.clock.forward(days=30)
    assert [("Maya", None)] == [(one.student.preferred_name, one.days) for one in today.page().quiet]
    teacher, mother = each_town.id("teacher"), each_town.id("mother")
    for result, still in ((ContactResult.NO_ANSWER, True), (ContactResult.REACHED, False)):
        entry = a_contact(
            each_town.maya.id, by_id=teacher, with_id=mother, result=result, at=each_town.clock.now()
        )
        each_town.caseload("teacher").conversation.log_contact(entry)
        assert still == bool(today.page().quiet)
    each_town.clock.forward(days=29)
    assert today.page().quiet == ()
    each_town.clock.forward(days=1)
    assert [30] == [one.days for one in today.page().quiet]


def test_quiet_child_without_a_reader_is_nobodys_row(town: Town) -> None:
    """A child without a confirmed adult is not "a quiet family"."""
    _child(town, "Alone", 1)
    town.clock.forward(days=40)

    assert ["Maya"] == [one.student.preferred_name for one in town.caseload("teacher").today.page().quiet]


def test_policy_says_how_long_is_quiet() -> None:
    """A site may count ten days."""
    town = Town(quiet_days=10)
    town.clock.forward(days=10)

    assert 1 == len(town.caseload("teacher").today.page().quiet)
    assert Policy().quiet_days == 30


def test_interpreters_today_tells_of_tasks(town: Town) -> None:
    """No child, the number of open tasks, the standing."""
    sent = town.write_to("mother")
    town.caseload("teacher").interpreting.ask(sent.message.id, 0, "es", town.id("interpreter"))
    page = town.caseload("interpreter").today.page()

    assert ((), True, 1, False) == (page.children, page.is_interpreter, page.open_tasks, page.may_record)


# ------------------------------------------------------------------------------------------- my child


def test_family_sees_its_children_by_name_and_what_is_unread(each_town: Town) -> None:
    """Two children of one mother; opening the page makes the newest note read; others' notes do not count."""
    with each_town.store.write() as uow:
        ada = a_student(preferred_name="ada", created_at=each_town.clock.now())
        uow.people.add_student(ada)
        uow.people.add_relationship(a_parent(ada, each_town.adults["mother"], valid_from=START))
    each_town.write_to("mother", "father")
    each_town.write_to("father")
    home = each_town.caseload("mother").home

    assert [("ada", 0), ("Maya", 1)] == [(one.student.preferred_name, one.unread) for one in home.children()]
    home.child(each_town.maya.id)
    home.child(each_town.maya.id)
    assert [0, 0] == [one.unread for one in home.children()]
    assert each_town.caseload("teacher").home.children() == ()


def test_page_of_a_child_has_the_answer_first(each_town: Town) -> None:
    """Each goal with its finding, the newest words from school, and this adult's own observations."""
    each_town.write_to("mother", about=None)
    each_town.write_to("mother")
    each_town.clock.forward(minutes=1)
    newest = each_town.write_to("mother")
    for name in ("mother", "father"):
        each_town.caseload(name).conversation.observe(each_town.goal.id, HomeAnswer.YES_ALONE, a_key())
    page = each_town.caseload("mother").home.child(each_town.maya.id)
    by_goal = {row.card.goal.id: row for row in page.goals}

    assert (2, True, "es", 7, True) == (
        len(page.goals),
        page.may_decide,
        page.reads,
        len(page.staff),
        page.note is not None,
    )
    row, other = by_goal[each_town.goal.id], by_goal[each_town.second.id]
    assert row.note is not None
    assert (newest.message.id, "Teacher Person") == (row.note.message.id, row.note.author_name)
    assert ([each_town.id("mother")], True) == ([one.adult_id for one in row.mine], row.answered_this_week)
    assert (None, (), False) == (other.note, other.mine, other.answered_this_week)
    assert not each_town.caseload("father").home.child(each_town.maya.id).may_decide
    each_town.clock.forward(days=7)
    later = each_town.caseload("mother").home.child(each_town.maya.id)
    assert not any(row.answered_this_week for row in later.goals)


@pytest.mark.parametrize("name", ["revoked", "ivos_mother", "stranger", "officer", "opener", "interpreter"])
def test_nobody_else_opens_my_child(town: Town, name: str) -> None:
    """One and the same refusal: nothing tells whether there is such a child."""
    with pytest.raises(NotPermitted):
        town.caseload(name).home.child(town.maya.id)
    assert all(one.student.id != town.maya.id for one in town.caseload(name).home.children())


def test_family_chooses_its_language(each_town: Town) -> None:
    """Kept with the adult; the same again changes nothing; an adult of nowhere is not found."""
    home = each_town.caseload("mother").home
    for _ in range(2):
        home.read_in("prs")
    with each_town.store.read() as uow:
        mother = uow.people.adult(each_town.id("mother"))
    assert mother is not None
    assert ("prs", 2) == (mother.reads, mother.version)
    assert "prs" == home.child(each_town.maya.id).reads
    each_town.adults["nobody"] = replace(mother, id=AdultId(new_uuid7()))
    with pytest.raises(NotFound):
        each_town.caseload("nobody").home.read_in("en")
