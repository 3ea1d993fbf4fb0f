"""Due dates of a scenario, each from the events and plans the store holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from iepcore.calendars import (
    FEDERAL,
    DayUnit,
    Deadline,
    DeadlineRules,
    LeapRule,
    PolicyKey,
    PolicyLevel,
    PolicyProfile,
    PolicyRule,
    TimelineKind,
    attains_age,
)
from iepcore.ids import StudentId
from iepcore.plan.document import PlanHead
from iepcore.testing.scenarios.entries import Entry, missing, tried
from iepcore.testing.scenarios.form import Facts
from iepcore.testing.scenarios.site import Site

_K = TimelineKind
Found = tuple[str, Callable[[], Any]] | str
"""How a date is computed and what computes it, or why nothing does."""


def due_entries(site: Site, expected: Facts) -> Iterator[Entry]:
    """Yield each expected date with the computed one."""
    for name, told in expected.raw.items():
        key = f"{site.key}/due/{name}"
        found = _find(site, name)
        if isinstance(found, str):
            yield missing(key, told, found)
        else:
            yield tried(key, told, *found)


def head_in_force(site: Site, on: date) -> PlanHead | None:
    """Return the version under which the child got services on a day, the newest of several."""
    with site.store.read() as uow:
        heads = uow.plans.heads_of({site.student_id})
    held = [one for one in heads if one.was_in_force(on)]
    return max(held, key=lambda one: (one.begins_on, one.number), default=None)


def annual_review(site: Site) -> Deadline | None:
    """Return the next annual review: of the version in force, counted from the meeting it rests on."""
    head = head_in_force(site, site.as_of)
    return None if head is None else site.frame.rules.annual_review(head.reviewed_on)


def _find(site: Site, name: str) -> Found:
    fixed = _FIXED.get(name)
    if fixed is not None:
        return fixed[0], lambda: _day(fixed[1](site))
    for pattern, make in _PATTERNS:
        match = pattern.fullmatch(name)
        if match is not None:
            return make(site, match)
    return "no rule of this name is known"


def _day(found: Deadline | date | tuple[Deadline, ...] | None) -> Any:
    """Return the legal day; a deadline that cannot be known says why."""
    if isinstance(found, tuple):
        return [_day(one) for one in found]
    if isinstance(found, Deadline):
        return found.due_on if found.due_on is not None else f"unknown: {found.gap}"
    return found


# ------------------------------------------------------------------------------------------- from one event


def _from(kind: TimelineKind, rule: Callable[[DeadlineRules, date], Deadline]) -> Callable[[Site], Any]:
    def compute(site: Site) -> Deadline | None:
        day = site.events().get(kind)
        return None if day is None else rule(site.frame.rules, day)

    return compute


def _born(rule: Callable[[DeadlineRules, date, date], Any]) -> Callable[[Site], Any]:
    def compute(site: Site) -> Any:
        born_on = site.born_on()
        return None if born_on is None else rule(site.frame.rules, born_on, site.as_of)

    return compute


def _next_meeting(rule: Callable[[DeadlineRules, date], Deadline]) -> Callable[[Site], Any]:
    def compute(site: Site) -> Deadline | None:
        days = sorted(one.on for one in site.meetings.values() if one.kind.is_of_the_team)
        coming = [day for day in days if day >= site.as_of] or days[-1:]
        return rule(site.frame.rules, coming[0]) if coming else None

    return compute


def _section_504(site: Site) -> Deadline | None:
    plan = site.section_504
    return None if plan is None else plan.reevaluation(site.frame.rules)


def _reports(site: Site) -> tuple[Deadline, ...]:
    head = head_in_force(site, site.as_of)
    return () if head is None else site.frame.rules.progress_reports(head.begins_on, head.ends_on)


def _before_plan(rule: Callable[[DeadlineRules, date], Deadline]) -> Callable[[Site], Any]:
    def compute(site: Site) -> Deadline | None:
        head = head_in_force(site, site.as_of)
        return None if head is None else rule(site.frame.rules, head.begins_on)

    return compute


_FIXED: dict[str, tuple[str, Callable[[Site], Any]]] = {
    "annual_review": ("D1 from the review meeting of the version in force", annual_review),
    "reevaluation": ("D2 from the last evaluation", _from(_K.EVALUATED, DeadlineRules.reevaluation)),
    "initial_evaluation": (
        "D3 from consent, by the scenario's policy",
        _from(_K.EVALUATION_CONSENT, DeadlineRules.initial_evaluation),
    ),
    "initial_iep_meeting": (
        "D4 from the eligibility decision",
        _from(_K.ELIGIBLE, DeadlineRules.initial_meeting),
    ),
    "iep_in_effect_by": ("D7 the third birthday", _born(lambda rules, born, _: rules.third_birthday(born))),
    "transfer_statement_by": (
        "D15 a year before majority",
        _born(lambda rules, born, on: rules.transfer_statement(born, on=on)),
    ),
    "rights_transfer_on": (
        "D15 the day of majority",
        _born(lambda rules, born, on: rules.rights_transfer(born, on=on)),
    ),
    "ferpa_transfer_on": (
        "18 years: FERPA, 99.5",
        _born(lambda rules, born, _: rules.records_become_theirs(born)),
    ),
    "section_504_reevaluation": ("D20 from the 504 plan", _section_504),
    "surrogate_by": (
        "D13 from the day the need was determined",
        _from(_K.SURROGATE_NEEDED, DeadlineRules.surrogate),
    ),
    "notice_latest": ("D8 before the next meeting", _next_meeting(DeadlineRules.meeting_notice)),
    "documents_before": ("D9 before the next meeting", _next_meeting(DeadlineRules.documents_before)),
    "documents_after": ("D9 after the meeting", _next_meeting(DeadlineRules.documents_after)),
    "pwn_latest": (
        "D10 before the version in force began",
        _before_plan(DeadlineRules.prior_written_notice),
    ),
    "services_start": ("D5 after the plan began", _before_plan(DeadlineRules.services_start)),
    "progress_reports": ("D17 report-card days in the plan", _reports),
    "response_to_iep": (
        "D11 from the proposal",
        _from(_K.PLAN_PROPOSED, DeadlineRules.response_to_plan),
    ),
}


# ---------------------------------------------------------------------------------------------- by pattern


def _of_another(site: Site, match: re.Match[str]) -> Found:
    """A date of another child, who is named by first name or id."""
    child = _child(site, match["who"])
    if child is None:
        return f"no child here is called {match['who']}"
    day = site.events(child).get(_K.ANNUAL_REVIEW)
    return (
        f"D1 from the review meeting of {match['who']}",
        lambda: None if day is None else _day(site.frame.rules.annual_review(day)),
    )


def _child(site: Site, who: str) -> StudentId | None:
    with site.store.read() as uow:
        children = uow.people.students(set(site.students.values()))
    by_name = {one.preferred_name.lower(): one.id for one in children}
    return by_name.get(who.lower()) or site.students.get(who)


def _federal(site: Site, match: re.Match[str]) -> Found:
    del match
    return "D3 by the federal rule", lambda: _evaluation(site, FEDERAL)


def _state(site: Site, match: re.Match[str]) -> Found:
    """The evaluation clock of a state, with the number and unit that the entry's name says."""
    count, unit = int(match["count"]), DayUnit(match["unit"])
    rule = PolicyRule(
        key=PolicyKey.INITIAL_EVALUATION,
        value=count,
        unit=unit,
        anchor="consent_received",
        citation="the state's own period, 34 CFR 300.301(c)(1)(ii)",
        level=PolicyLevel.STATE,
    )
    return f"D3 in {count} {unit} days", lambda: _evaluation(site, FEDERAL.with_rule(rule))


def _evaluation(site: Site, profile: PolicyProfile) -> Any:
    consent = site.events().get(_K.EVALUATION_CONSENT)
    rules = DeadlineRules(profile=profile, school=site.frame.rules.school)
    return None if consent is None else _day(rules.initial_evaluation(consent))


def _turns(site: Site, match: re.Match[str]) -> Found:
    leap = LeapRule(match["leap"] or site.frame.rules.leap_birthday.value)
    born_on = site.born_on()
    age = int(match["age"])
    if born_on is None:
        return "the birthday is not told"
    return f"{age} years, a leap day's to {leap}", lambda: attains_age(born_on, age, leap=leap)


def _notice(site: Site, match: re.Match[str]) -> Found:
    """The last day for a notice with our own number of days, whatever the policy of the site."""
    days = int(match["days"])
    held = FEDERAL.at(PolicyKey.MEETING_NOTICE, site.as_of)
    if held is None or not held.is_product_default or held.value != days:
        return f"our own number is not {days}"
    rules = DeadlineRules(profile=FEDERAL, school=site.frame.rules.school)
    compute = _next_meeting(lambda _, day: rules.meeting_notice(day))
    return f"D8 with our own {days} days", lambda: _day(compute(site))


def _record_request(site: Site, match: re.Match[str]) -> Found:
    """D12: of the request that is named, or the only one."""
    wanted = match["which"]
    found = [one for key, one in site.requests.items() if wanted is None or key == wanted]
    if len(found) != 1:
        return "one record request is needed"
    received = found[0]
    coming = sorted(one.on for one in site.meetings.values() if one.kind.is_of_the_team and one.on > received)
    return (
        "D12 so many days, and before the next meeting",
        lambda: _day(
            site.frame.rules.record_request(received, next_meeting_on=coming[0] if coming else None)
        ),
    )


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Site, re.Match[str]], Found]], ...] = (
    (re.compile(r"annual_review_(?P<who>\w+)"), _of_another),
    (re.compile(r"evaluation_federal_60_calendar"), _federal),
    (re.compile(r"evaluation_state_(?P<count>\d+)_(?P<unit>calendar|school|business)(_days)?"), _state),
    (re.compile(r"turns_(?P<age>\d+)(_(?P<leap>feb28|mar1)_rule)?"), _turns),
    (re.compile(r"notice_latest_default(?P<days>\d+)"), _notice),
    (re.compile(r"record_request(_(?P<which>\w+))?"), _record_request),
)
