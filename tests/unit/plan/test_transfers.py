"""A child who comes from another district, and a plan under section 504."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import FEDERAL, DeadlineRules, SchoolCalendar, Term
from iepcore.errors import InvalidValue
from iepcore.ids import StudentId, new_uuid7
from iepcore.plan import (
    TRANSFER_RULES,
    Section504Plan,
    Transfer,
    TransferDecision,
    TransferGap,
    transfer_gaps,
)
from iepcore.testing import words

MONDAY = date(2027, 1, 11)
TODAY = date(2027, 1, 19)
WHOLE = Transfer(
    enrolled_on=MONDAY,
    from_district="Hill County",
    is_same_state=True,
    services_from=MONDAY,
    parent_asked_on=MONDAY,
    records_asked_on=MONDAY,
    records_received_on=date(2027, 1, 15),
    decision=TransferDecision.ADOPTED,
)


def test_a_move_with_everything_has_nothing_open() -> None:
    """Services on the day itself, the parent asked, the records there, the plan adopted."""
    assert () == transfer_gaps(WHOLE, today=TODAY)


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"services_from": None}, TransferGap.SERVICES),
        ({"services_from": MONDAY + timedelta(days=1)}, TransferGap.LATE),
        ({"parent_asked_on": None}, TransferGap.PARENT),
        ({"parent_asked_on": TODAY + timedelta(days=1)}, TransferGap.PARENT),
        ({"records_asked_on": None}, TransferGap.ASK_RECORDS),
        ({"records_received_on": None}, TransferGap.RECORDS),
        ({"records_received_on": TODAY + timedelta(days=1)}, TransferGap.RECORDS),
        ({"decision": TransferDecision.PENDING}, TransferGap.DECISION),
        ({"is_same_state": False}, TransferGap.EVALUATION),
    ],
)
def test_each_open_thing_is_named_with_its_rule(changes: dict[str, object], gap: TransferGap) -> None:
    """One thing changed, one gap, one citation."""
    assert (gap,) == transfer_gaps(replace(WHOLE, **changes), today=TODAY)  # type: ignore[arg-type]
    assert TRANSFER_RULES[gap].startswith("34 CFR 300.323")


def test_services_to_come_are_missing_and_late() -> None:
    """Promised for next week: none today, and not at once."""
    later = replace(WHOLE, services_from=TODAY + timedelta(days=3))
    assert (TransferGap.SERVICES, TransferGap.LATE) == transfer_gaps(later, today=TODAY)
    assert () == transfer_gaps(replace(WHOLE, is_same_state=False, evaluation_needed=False), today=TODAY)


def test_who_enrolls_on_a_saturday_gets_services_on_the_next_school_day() -> None:
    """With a calendar the first school day counts; without one, or past its end, the day of enrolling."""
    school = SchoolCalendar(
        terms=(Term(name="year", first_day=date(2026, 8, 24), last_day=date(2027, 6, 5)),)
    )
    saturday = replace(WHOLE, enrolled_on=date(2027, 1, 9), services_from=MONDAY)
    assert () == transfer_gaps(saturday, today=TODAY, school=school)
    assert (TransferGap.LATE,) == transfer_gaps(saturday, today=TODAY)
    assert () == transfer_gaps(WHOLE, today=TODAY, school=school)
    last = replace(
        WHOLE,
        enrolled_on=date(2027, 6, 5),
        services_from=date(2027, 6, 7),
        records_received_on=None,
        records_asked_on=date(2027, 6, 5),
    )
    assert TransferGap.LATE in transfer_gaps(last, today=date(2027, 6, 8), school=school)


def test_records_come_after_they_were_asked_for() -> None:
    """The other order is refused."""
    with pytest.raises(InvalidValue, match="transfer_order"):
        replace(WHOLE, records_received_on=MONDAY - timedelta(days=1))


@given(st.integers(0, 40), st.integers(0, 40))
def test_nothing_opens_again_as_days_pass(first: int, more: int) -> None:
    """What is open on a later day was open before."""
    today = MONDAY + timedelta(days=first)
    later = transfer_gaps(WHOLE, today=today + timedelta(days=more))
    assert set(later) <= set(transfer_gaps(WHOLE, today=today))


def test_a_504_plan_has_its_own_reevaluation() -> None:
    """Three years from its evaluation, or from its first day."""
    plan = Section504Plan(
        student_id=StudentId(new_uuid7()), begins_on=date(2027, 2, 12), accommodations=(words("breaks"),)
    )
    rules = DeadlineRules(profile=FEDERAL)
    assert date(2030, 2, 12) == plan.reevaluation(rules).due_on
    evaluated = replace(plan, evaluated_on=date(2026, 9, 1))
    assert date(2029, 9, 1) == evaluated.reevaluation(rules).due_on


def test_a_504_plan_is_in_force_between_its_days() -> None:
    """Open at the end until it is ended; it holds something, and ends after it began."""
    plan = Section504Plan(
        student_id=StudentId(new_uuid7()), begins_on=date(2027, 2, 12), accommodations=(words("breaks"),)
    )
    ended = replace(plan, ended_on=date(2027, 3, 1))
    assert [False, True, True] == [plan.is_in_force(date(2027, 2, day)) for day in (11, 12, 28)]
    assert [True, False] == [ended.is_in_force(date(2027, 3, day)) for day in (1, 2)]
    with pytest.raises(InvalidValue, match="plan_504_empty"):
        replace(plan, accommodations=())
    with pytest.raises(InvalidValue, match="plan_order"):
        replace(plan, ended_on=date(2027, 2, 11))
