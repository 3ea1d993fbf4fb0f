"""Policy profiles: the newest rule of the innermost level holds, and a district never gives a family less."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import (
    FEDERAL,
    STATE_RULES,
    DayUnit,
    PolicyKey,
    PolicyLevel,
    PolicyRule,
    state_profile,
)
from iepcore.errors import InvalidValue

TODAY = date(2026, 11, 24)


def district(
    key: PolicyKey, value: int, unit: DayUnit | None = DayUnit.CALENDAR, **more: object
) -> PolicyRule:
    """Return a rule of a district."""
    given_: dict[str, object] = {"anchor": "x", "citation": "Board policy 1", "level": PolicyLevel.DISTRICT}
    return PolicyRule(key=key, value=value, unit=unit, **given_ | more)  # type: ignore[arg-type]


def test_the_federal_profile_holds_the_numbers_of_the_rule() -> None:
    """Sixty days, thirty days, a year, three years; a number of our own says that it is ours."""
    found = {key: FEDERAL.at(key, TODAY) for key in PolicyKey}
    assert (60, DayUnit.CALENDAR) == _number(found[PolicyKey.INITIAL_EVALUATION])
    assert (30, DayUnit.CALENDAR) == _number(found[PolicyKey.INITIAL_MEETING])
    assert (1, DayUnit.YEAR) == _number(found[PolicyKey.ANNUAL_REVIEW])
    assert (3, DayUnit.YEAR) == _number(found[PolicyKey.REEVALUATION])
    ours = {rule.key for rule in FEDERAL.rules if rule.is_product_default}
    assert {PolicyKey.MEETING_NOTICE, PolicyKey.PRIOR_WRITTEN_NOTICE} < ours
    assert found[PolicyKey.RETENTION] is None
    assert found[PolicyKey.DOCUMENTS_BEFORE] is None


def _number(rule: PolicyRule | None) -> tuple[int, DayUnit | None]:
    assert rule is not None
    return rule.value, rule.unit


@pytest.mark.parametrize("code", sorted(STATE_RULES))
def test_every_state_known_builds_and_has_a_source(code: str) -> None:
    """Each fact passes the same check as a district's would, and names where it stands."""
    made = state_profile(code.lower())
    for rule in STATE_RULES[code]:
        assert rule == made.at(rule.key, TODAY)
        assert rule.citation


def test_a_state_nobody_looked_up_has_the_federal_rules_and_says_so() -> None:
    """Nothing is guessed of it; a word that is no state is refused."""
    assert "federal_default" == state_profile("WY").name
    for wrong in ("Texas", "T1", "", "ÄÖ"):
        with pytest.raises(InvalidValue, match="state_unknown"):
            state_profile(wrong)


def test_a_state_period_takes_the_place_of_the_sixty_days() -> None:
    """45 school days may last longer than 60 days, and the state may say so (300.301(c)(1)(ii))."""
    assert (45, DayUnit.SCHOOL) == _number(state_profile("TX").at(PolicyKey.INITIAL_EVALUATION, TODAY))


@pytest.mark.parametrize(
    ("key", "value", "unit", "code"),
    [
        (PolicyKey.INITIAL_MEETING, 31, DayUnit.CALENDAR, "policy_less_protective"),
        (PolicyKey.INITIAL_MEETING, 30, DayUnit.SCHOOL, "policy_units_differ"),
        (PolicyKey.INITIAL_MEETING, 40, DayUnit.SCHOOL, "policy_less_protective"),
        (PolicyKey.INITIAL_EVALUATION, 90, DayUnit.CALENDAR, "policy_less_protective"),
        (PolicyKey.ANNUAL_REVIEW, 367, DayUnit.CALENDAR, "policy_less_protective"),
        (PolicyKey.ANNUAL_REVIEW, 366, DayUnit.CALENDAR, "policy_units_differ"),
        (PolicyKey.RECORD_REQUEST, 40, DayUnit.BUSINESS, "policy_units_differ"),
        (PolicyKey.TRANSITION_AGE, 17, DayUnit.YEAR, "policy_less_protective"),
        (PolicyKey.TRANSFER_STATEMENT, 0, DayUnit.YEAR, "policy_less_protective"),
        (PolicyKey.AGE_OF_MAJORITY, 17, DayUnit.YEAR, "policy_state_only"),
        (PolicyKey.RESPONSE_TO_PLAN, 5, DayUnit.CALENDAR, "policy_state_only"),
        (PolicyKey.SURROGATE, 5, None, "policy_units_differ"),
    ],
)
def test_a_district_cannot_give_a_family_less(
    key: PolicyKey, value: int, unit: DayUnit | None, code: str
) -> None:
    """Refused with the rule above and its citation."""
    with pytest.raises(InvalidValue, match=code) as refused:
        FEDERAL.with_rule(district(key, value, unit))
    if code != "policy_state_only":
        assert str(refused.value.params["citation"]).startswith("34 CFR")


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [
        (PolicyKey.INITIAL_MEETING, 20, DayUnit.CALENDAR),
        (PolicyKey.INITIAL_EVALUATION, 60, DayUnit.CALENDAR),
        (PolicyKey.ANNUAL_REVIEW, 364, DayUnit.CALENDAR),
        (PolicyKey.RECORD_REQUEST, 5, DayUnit.BUSINESS),
        (PolicyKey.TRANSITION_AGE, 14, DayUnit.YEAR),
        (PolicyKey.MEETING_NOTICE, 3, DayUnit.CALENDAR),  # ours binds nobody
        (PolicyKey.DOCUMENTS_BEFORE, 3, DayUnit.SCHOOL),  # nothing stands above
        (PolicyKey.ATTEMPTS, 2, None),
    ],
)
def test_a_district_may_be_more_protective(key: PolicyKey, value: int, unit: DayUnit | None) -> None:
    """Its rule holds from the day it begins, the one above until then."""
    rule = district(key, value, unit, effective_from=date(2026, 8, 1))
    made = FEDERAL.with_rule(rule)
    assert rule == made.at(key, TODAY)
    assert FEDERAL.at(key, TODAY) == made.at(key, date(2026, 7, 31))


def test_school_days_of_notice_last_at_least_as_long_as_so_many_days() -> None:
    """Ten school days are more notice than Maryland's ten days; ten days may be less than Texas' five."""
    maryland = state_profile("MD")
    assert maryland.with_rule(district(PolicyKey.MEETING_NOTICE, 10, DayUnit.SCHOOL))
    with pytest.raises(InvalidValue, match="policy_less_protective"):
        maryland.with_rule(district(PolicyKey.MEETING_NOTICE, 9, DayUnit.CALENDAR))
    with pytest.raises(InvalidValue, match="policy_units_differ"):
        state_profile("TX").with_rule(district(PolicyKey.MEETING_NOTICE, 10, DayUnit.CALENDAR))


def test_the_newest_rule_of_a_level_holds() -> None:
    """A board that changes its number changes it from a day on."""
    old = district(PolicyKey.INITIAL_MEETING, 25, effective_from=date(2025, 8, 1))
    new = district(PolicyKey.INITIAL_MEETING, 20, effective_from=date(2026, 8, 1))
    made = FEDERAL.with_rule(new).with_rule(old)
    assert old == made.at(PolicyKey.INITIAL_MEETING, date(2026, 7, 31))
    assert new == made.at(PolicyKey.INITIAL_MEETING, date(2026, 8, 1))


@pytest.mark.parametrize(
    ("value", "citation", "code"), [(-1, "x", "policy_value"), (5, " ", "policy_citation")]
)
def test_a_rule_has_a_number_and_a_source(value: int, citation: str, code: str) -> None:
    """A number from nowhere is no rule."""
    with pytest.raises(InvalidValue, match=code):
        district(PolicyKey.RETENTION, value, DayUnit.YEAR, citation=citation)


@given(
    key=st.sampled_from([PolicyKey.INITIAL_MEETING, PolicyKey.RECORD_REQUEST, PolicyKey.SURROGATE]),
    value=st.integers(0, 400),
    unit=st.sampled_from([DayUnit.CALENDAR, DayUnit.BUSINESS, DayUnit.SCHOOL]),
)
def test_what_a_district_may_set_never_ends_later(key: PolicyKey, value: int, unit: DayUnit) -> None:
    """Whatever passes is due no later than the federal date, from any day of a year with breaks."""
    from iepcore.calendars import BusinessCalendar, add_days

    try:
        made = FEDERAL.with_rule(district(key, value, unit))
    except InvalidValue:
        return
    rule, floor = made.at(key, TODAY), FEDERAL.at(key, TODAY)
    assert rule is not None
    assert floor is not None
    assert unit is not DayUnit.SCHOOL or value == 0
    for start in (date(2026, 12, 23), date(2026, 11, 25), TODAY):
        due = add_days(start, value)
        if unit is DayUnit.BUSINESS and value:
            due = BusinessCalendar().after(start, value)
        assert due <= add_days(start, floor.value)
