"""Whose rights they are: by the birthday, by the state, and by what a court left with the parents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import LeapRule
from iepcore.errors import InvalidValue
from iepcore.people import MajorityRule, RightsStage, TransferOutcome, stage_on, stages_of
from iepcore.testing.people_values import NOW, a_student, a_transfer, an_adult

BORN = date(2009, 2, 19)
NINETEEN = MajorityRule(age=19)
days = st.dates(date(2000, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("day", "rule", "stage"),
    [
        (date(2027, 2, 18), MajorityRule(), RightsStage.PARENTS),
        (date(2027, 2, 19), MajorityRule(), RightsStage.STUDENT),
        (date(2027, 2, 19), NINETEEN, RightsStage.BOTH),
        (date(2028, 2, 18), NINETEEN, RightsStage.BOTH),
        (date(2028, 2, 19), NINETEEN, RightsStage.STUDENT),
        (date(2050, 1, 1), MajorityRule(transfers=False), RightsStage.BOTH),
    ],
)
def test_rights_turn_on_the_birthday(day: date, rule: MajorityRule, stage: RightsStage) -> None:
    """FERPA's turn at 18, Part B's at the state's age, each on the birthday itself."""
    assert stage == stage_on(BORN, rule, None, day)


def test_unknown_birthday_turns_nothing() -> None:
    """Nobody loses or gains a right by a date that nobody knows."""
    assert RightsStage.PARENTS is stage_on(None, MajorityRule(), None, date(2060, 1, 1))


def test_court_may_leave_the_rights_with_the_parents() -> None:
    """A student who was found unable to decide keeps the parents' rights beyond 18 (34 CFR 300.520(a))."""
    order = a_transfer(
        a_student().id, an_adult().id, outcome=TransferOutcome.STAYS_WITH_PARENTS, basis="Order of a court"
    )

    assert RightsStage.PARENTS is stage_on(BORN, MajorityRule(), order, date(2050, 1, 1))


@pytest.mark.parametrize(
    ("leap", "turns"), [(LeapRule.FEB28, date(2026, 2, 28)), (LeapRule.MAR1, date(2026, 3, 1))]
)
def test_leap_birthday_follows_the_chosen_rule(leap: LeapRule, turns: date) -> None:
    """Born on 29 February: counsel says whether the turn is on 28 February or on 1 March."""
    stages = stages_of(date(2008, 2, 29), MajorityRule(leap=leap), None)

    assert turns == stages[1][0]


@given(days, st.integers(18, 30), st.booleans(), days)
def test_stages_follow_each_other_and_only_forward(born: date, age: int, transfers: bool, on: date) -> None:
    """Stages begin later and later, and who once has the rights keeps them."""
    rule = MajorityRule(age=age, transfers=transfers)
    stages = stages_of(born, rule, None)
    order = list(RightsStage)
    before, after = (order.index(stage_on(born, rule, None, day)) for day in (on, on + timedelta(days=400)))

    assert sorted(stages) == list(stages)
    assert before <= after


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": TransferOutcome.STAYS_WITH_PARENTS}, "basis_empty"),
        ({"outcome": TransferOutcome.PARENTS_STILL_READ, "basis": "  "}, "basis_empty"),
        ({"basis": "x" * 501}, "too_long"),
        ({"version": 0}, "version_range"),
    ],
)
def test_exceptions_need_their_paper(changes: dict[str, object], code: str) -> None:
    """What takes a right from an adult student names the paper it rests on."""
    with pytest.raises(InvalidValue, match=code):
        a_transfer(a_student().id, an_adult().id, noted_at=NOW, **changes)


@pytest.mark.parametrize("age", [17, 31])
def test_no_state_has_such_an_age(age: int) -> None:
    """An age of majority lies between 18 and 30."""
    with pytest.raises(InvalidValue, match="age_range"):
        MajorityRule(age=age)
