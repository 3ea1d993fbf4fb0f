"""What vanishes between two looks: erased or taken back by somebody else in that moment; nothing shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from iepcore.access import Person
from iepcore.caseload import Caseload
from iepcore.errors import NotFound, NotPermitted
from iepcore.ids import GoalId, TranslationId, new_uuid7
from iepcore.language import Phrase
from iepcore.people import RosterStanding, SiteRole, StaffRole
from iepcore.ports import Store, UnitOfWork
from iepcore.testing import a_key, an_appointment
from iepcore.testing.store_values import a_hint
from tests.unit.caseload.test_goals import a_new_goal
from tests.unit.caseload.town import COURSE, SOURCE, START, Town

Answers = dict[str, Callable[..., object]]


class Room:
    """One repository some of whose answers are replaced."""

    def __init__(self, real: object, answers: Answers) -> None:
        self._real, self._answers = real, answers

    def __getattr__(self, name: str) -> Any:
        return self._answers.get(name) or getattr(self._real, name)


class Moment:
    """A unit of work in which somebody else was quicker."""

    def __init__(self, real: UnitOfWork, answers: Answers) -> None:
        self._real, self._answers = real, answers

    def __getattr__(self, name: str) -> Any:
        return Room(getattr(self._real, name), self._answers)


class QuickStore:
    """A store in which things vanish: for reads, for writes, or after some reads."""

    def __init__(
        self, store: Store, *, read: Answers | None = None, write: Answers | None = None, after: int = 0
    ):
        self.store, self.site_id = store, store.site_id
        self._read, self._write, self._after, self._reads = read or {}, write or {}, after, 0

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Give a read unit, changed once enough were given unchanged."""
        self._reads += 1
        with self.store.read() as uow:
            yield Moment(uow, self._read if self._reads > self._after else {})

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Give a write unit, changed from the first."""
        with self.store.write() as uow:
            yield Moment(uow, self._write)


def _caseload(town: Town, name: str, **vanishing: Any) -> Caseload:
    return Caseload(QuickStore(town.store, **vanishing), Person(adult_id=town.id(name)), town.clock)


def _nothing(*_: object, **__: object) -> None:
    return None


def _none_of(*_: object, **__: object) -> tuple[object, ...]:
    return ()


PAGES: dict[str, tuple[str, Callable[[Caseload, Town], object]]] = {
    "goal": ("manager", lambda c, town: c.goals.goal(town.goal.id)),
    "student": ("manager", lambda c, town: c.goals.student(town.maya.id)),
    "goal form": ("manager", lambda c, town: c.goals.opening(town.maya.id)),
    "new goal": ("manager", lambda c, town: c.goals.add(town.maya.id, a_new_goal())),
    "team": ("manager", lambda c, town: c.people.team(town.maya.id)),
    "family": ("manager", lambda c, town: c.families.view(town.maya.id)),
    "compose": ("manager", lambda c, town: c.writing.compose(town.maya.id, town.goal.id)),
    "conversation": ("manager", lambda c, town: c.conversation.page(town.maya.id, town.goal.id)),
    "my child": ("mother", lambda c, town: c.home.child(town.maya.id)),
    "point": ("manager", lambda c, town: c.progress.point(town.history()[0].id)),
}


@pytest.mark.parametrize("page", PAGES)
def test_child_erased_after_the_decision_is_not_found(town: Town, page: str) -> None:
    """Between the access event and the reading the record went: not found, and half a page is never shown."""
    town.caseload("manager").progress.record(town.goal.id, {"correct": 1, "trials": 2}, a_key())
    name, look = PAGES[page]
    gone: Answers = {"student": _nothing}
    with pytest.raises(NotFound):
        look(_caseload(town, name, read=gone, write=gone), town)


def test_recorder_leaves_out_a_child_erased_meanwhile(town: Town) -> None:
    """The others stay on the screen."""
    assert _caseload(town, "teacher", read={"student": _nothing}).progress.rows([town.goal.id]) == ()


def test_place_taken_back_while_today_is_made_shows_nothing(town: Town) -> None:
    """Neither the list of names nor the goals of a child whose team one just left."""
    lost: Answers = {"assignments_of_adult": _none_of}

    assert _caseload(town, "teacher", write=lost).today.page().children == ()
    assert _caseload(town, "teacher", read=lost, after=1).today.page().children == ()


def test_right_taken_back_while_the_form_is_opened_is_refused(town: Town) -> None:
    """Reading was allowed a moment ago; opening a goal is decided anew."""
    lost: Answers = {"assignments_of_adult": _none_of}
    with pytest.raises(NotPermitted):
        _caseload(town, "manager", read=lost).goals.opening(town.maya.id)
    assert town.maya == town.caseload("manager").goals.opening(town.maya.id)


def test_message_erased_under_an_interpreter_is_not_found(town: Town) -> None:
    """Its task shows no words and takes no translation; neither does one that was never free text."""
    sent = town.write_to("mother")
    request = town.caseload("teacher").interpreting.ask(sent.message.id, 0, "es", town.id("interpreter"))
    desk = _caseload(town, "interpreter", write={"message": _nothing}).interpreting
    assert desk.tasks() == ()
    with pytest.raises(NotFound):
        desk.answer(request.id, "x")
    phrases = replace(sent.message, parts=(Phrase(key="update.question"),))
    desk = _caseload(town, "interpreter", write={"message": lambda _: phrases}).interpreting
    assert desk.tasks() == ()
    with pytest.raises(Exception, match="no_such_part"):
        desk.answer(request.id, "x")
    with pytest.raises(NotFound):
        town.caseload("interpreter").interpreting.answer(TranslationId(new_uuid7()), "x")
    assert [town.adults["interpreter"]] == list(town.caseload("teacher").interpreting.known())


# ------------------------------------------------------------------------------------------- small corners


def test_form_sent_twice_opens_one_goal(each_town: Town) -> None:
    """The same form returns its goal; the id of somebody else's is not found; a check keeps nothing."""
    goals = each_town.caseload("manager").goals
    new = a_new_goal(id=GoalId(new_uuid7()))
    before = each_town.everything()
    checked = goals.check(each_town.maya.id, new)
    assert before == each_town.everything()
    first = goals.add(each_town.maya.id, new)

    assert first == goals.add(each_town.maya.id, new)
    assert replace(checked, created_at=first.created_at) == first
    with pytest.raises(NotFound):
        each_town.caseload("teacher").goals.add(each_town.maya.id, new)


def test_candidate_of_two_courses_is_shown_by_the_childs(town: Town) -> None:
    """One line per person, the one of a course the child is in, whichever comes first."""
    town.enrol("maya")
    aunt = town.enrol("aunt", standing=RosterStanding.OBSERVER)[0]
    with town.store.write() as uow:
        for course in ("course-0", "course-2"):
            elsewhere = replace(aunt, id=type(aunt.id)(int=new_uuid7().int), context_id=course)
            uow.people.save_roster(SOURCE, course, [elsewhere], complete=False)
        hint = a_hint("aunt", "maya", source=SOURCE, expires_at=town.clock.now().replace(year=2027))
        uow.people.replace_hints(SOURCE, "aunt", [hint])
    candidates = town.caseload("manager").families.view(town.maya.id).candidates

    assert [(COURSE, True)] == [(one.member.context_id, one.linked) for one in candidates]


def test_ending_one_standing_leaves_the_others(town: Town) -> None:
    """Somebody with two appointments, one of them to come, loses only the one that is ended."""
    later = START.replace(year=2027)
    with town.store.write() as uow:
        for role, starts in ((SiteRole.CASE_MANAGER, START), (SiteRole.INTERPRETER, later)):
            uow.people.add_appointment(
                an_appointment(town.adults["interpreter"], role=role, starts_on=starts)
            )
    staff = town.caseload("officer").staff
    staff.end(town.id("interpreter"), SiteRole.INTERPRETER)
    roles = {row.adult.id: row.roles for row in staff.rows()}

    assert (SiteRole.CASE_MANAGER,) == roles[town.id("interpreter")]
    assert StaffRole.CASE_MANAGER.value == SiteRole.CASE_MANAGER.value
