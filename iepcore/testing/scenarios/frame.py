"""Policy and calendars of a scenario: a profile's numbers held against the library's own, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from iepcore.calendars import (
    FEDERAL,
    STATE_RULES,
    DayUnit,
    DeadlineRules,
    LeapRule,
    PolicyKey,
    PolicyLevel,
    PolicyProfile,
    PolicyRule,
    SchoolCalendar,
    Term,
    state_profile,
)
from iepcore.errors import InvalidValue
from iepcore.minutes import MinutesPolicy, MissedReason
from iepcore.testing.scenarios.form import Document, Facts, FormError, Reading, day_of
from iepcore.testing.scenarios.site import Frame

_COUNTED = {
    "annual_review": PolicyKey.ANNUAL_REVIEW,
    "reevaluation": PolicyKey.REEVALUATION,
    "initial_evaluation": PolicyKey.INITIAL_EVALUATION,
    "initial_iep_meeting": PolicyKey.INITIAL_MEETING,
    "meeting_notice": PolicyKey.MEETING_NOTICE,
    "documents_before": PolicyKey.DOCUMENTS_BEFORE,
    "documents_after": PolicyKey.DOCUMENTS_AFTER,
    "pwn": PolicyKey.PRIOR_WRITTEN_NOTICE,
    "implementation_consent": PolicyKey.RESPONSE_TO_PLAN,
    "record_request": PolicyKey.RECORD_REQUEST,
    "surrogate": PolicyKey.SURROGATE,
    "meeting_request_response": PolicyKey.MEETING_REQUEST_RESPONSE,
    "retention": PolicyKey.RETENTION,
}
_YEARS = {
    "age_of_majority": PolicyKey.AGE_OF_MAJORITY,
    "transition_age": PolicyKey.TRANSITION_AGE,
    "section_504_reevaluation_years": PolicyKey.SECTION_504_REEVALUATION,
}
_COUNTS = {"meeting_attempts": PolicyKey.ATTEMPTS, "meeting_attempt_methods": PolicyKey.ATTEMPT_METHODS}


def frame_of(document: Document, scenario: Facts, reading: Reading) -> Frame:
    """Return the frame of a scenario: the named profile with the scenario's own numbers over it.

    Raises:
        FormError: for a profile or calendar the document does not have.
    """
    policy = scenario.inner("policy") or Facts({}, f"{scenario.path}.policy", reading)
    named = policy.text("profile", "federal_default")
    if named not in document.profiles and named != "federal_default":
        raise FormError(f"{scenario.path}.policy.profile", f"the document has no {named}")
    base = Facts(document.profiles.get(named, {}), f"policy_profiles.{named}", reading)
    state = policy.text("state", base.text("state", None))
    starting = FEDERAL if state is None else state_profile(state)
    # A document's profile is the federal floor: a state's own numbers lie over it, the scenario's over both.
    profile = _over(_with(FEDERAL, base), [] if state is None else STATE_RULES.get(state.upper(), ()))
    profile = _with(profile, policy)
    own = tuple(one for one in profile.rules if one not in starting.rules)
    calendar = scenario.text("calendar", None)
    school = summer = None
    if calendar is not None:
        school, summer = _calendars(document.calendars, calendar, scenario, reading)
    both = {**base.raw, **policy.raw}
    base.label("min_points", "proration", "leap_deadline", "leap_birthday", "makeup_reasons")
    base.label("team_review_reasons", "makeup_credit", "transfer_of_rights")
    policy.label("min_points", "proration", "leap_deadline", "leap_birthday", "makeup_reasons")
    policy.label("team_review_reasons", "student_absence", "makeup_credit", "transfer_of_rights")
    if both.get("makeup_credit", "capped_at_missed_minutes") != "capped_at_missed_minutes":
        reading.leave(f"{policy.path}.makeup_credit", "a make-up is credited with what it replaces, no more")
    if both.get("transfer_of_rights") is False:
        reading.assume(policy.path, "rights never move: the age of majority is left out of the profile")
        profile = replace(
            profile, rules=tuple(one for one in profile.rules if one.key is not PolicyKey.AGE_OF_MAJORITY)
        )
    return Frame(
        rules=DeadlineRules(
            profile=profile,
            school=school,
            leap_deadline=LeapRule(both.get("leap_deadline", "feb28")),
            leap_birthday=LeapRule(both.get("leap_birthday", "feb28")),
        ),
        minutes=_minutes(both),
        summer=summer,
        proration=str(both.get("proration", "none")),
        min_points=int(both.get("min_points", 3)),
        state=state or "",
        own_rules=own,
    )


def _with(profile: PolicyProfile, layer: Facts) -> PolicyProfile:
    """Lay the numbers of a layer over a profile where they differ from it."""
    told: dict[PolicyKey, tuple[int, DayUnit | None]] = {}
    for name, key in _COUNTED.items():
        one = layer.inner(name)
        if one is not None:
            told[key] = _span(one)
    for name, key in _YEARS.items():
        if layer.has(name):
            told[key] = (layer.whole(name), DayUnit.YEAR)
    for name, key in _COUNTS.items():
        if layer.has(name):
            told[key] = (layer.whole(name), None)
    for key, (value, unit) in told.items():
        held = profile.at(key, date.max)
        if held is not None and (held.value, held.unit) == (value, unit):
            continue
        # The document says what holds in its place: it is taken as it is, whatever stood there.
        rule = PolicyRule(
            key=key,
            value=value,
            unit=unit,
            anchor=held.anchor if held is not None else key.value,
            citation=f"{layer.path}.{key.value}",
            level=PolicyLevel.STATE,
        )
        profile = _over(profile, [rule])
    return profile


def _over(profile: PolicyProfile, rules: Iterable[PolicyRule]) -> PolicyProfile:
    """Lay rules over a profile, each in place of what it had of that key."""
    laid = tuple(rules)
    keys = {one.key for one in laid}
    return replace(profile, rules=(*(one for one in profile.rules if one.key not in keys), *laid))


def _span(one: Facts) -> tuple[int, DayUnit]:
    one.label("product_default", "anchor", "before_next_iep_meeting", "rule", "source", "citation")
    if one.has("years"):
        return one.whole("years"), DayUnit.YEAR
    if one.has("days"):
        try:
            return one.whole("days"), DayUnit(one.text("unit", "calendar"))
        except ValueError:
            raise FormError(f"{one.path}.unit", "calendar, business or school is needed") from None
    if one.raw.get("rule") == "anniversary":
        return 1, DayUnit.YEAR
    raise FormError(one.path, "days, years or the rule anniversary are needed")


def _minutes(both: Mapping[str, Any]) -> MinutesPolicy:
    usual = MinutesPolicy()
    made_up = both.get("makeup_reasons")
    team = both.get("team_review_reasons")
    try:
        return MinutesPolicy(
            made_up=usual.made_up if made_up is None else frozenset(map(MissedReason, made_up)),
            team_review=usual.team_review if team is None else frozenset(map(MissedReason, team)),
        )
    except (TypeError, ValueError, InvalidValue):
        raise FormError("policy.makeup_reasons", "known reasons are needed, none in both lists") from None


def _calendars(
    calendars: Mapping[str, Any], key: str, scenario: Facts, reading: Reading
) -> tuple[SchoolCalendar, SchoolCalendar | None]:
    """Return the school's calendar and that of its extended year.

    ``years`` in a calendar holds further school years of the same form.
    """
    if key not in calendars:
        raise FormError(f"{scenario.path}.calendar", f"the document has no {key}")
    whole = Facts(calendars[key], f"calendars.{key}", reading)
    terms, cards, summers = [], [], []
    for one in (whole, *whole.each("years")):
        one.label("id")
        terms.append(_term(one, one.text("name", key)))
        cards += [day_of(day, f"{one.path}.report_card_dates") for day in one.items("report_card_dates")]
        esy = one.inner("esy")
        if esy is not None:
            summers.append(_term(esy, "ESY"))
    return (
        SchoolCalendar(terms=tuple(terms), report_cards=tuple(cards)),
        SchoolCalendar(terms=tuple(summers)) if summers else None,
    )


def _term(one: Facts, name: str) -> Term:
    path = f"{one.path}.no_school"
    return Term(
        name=name,
        first_day=one.needed_day("first_day"),
        last_day=one.needed_day("last_day"),
        no_school=frozenset(day_of(day, path) for day in one.items("no_school")),
        also_school=frozenset(day_of(day, path) for day in one.items("also_school")),
        weekdays=frozenset(one.items("weekdays") or range(5)),
    )
