"""Policy profiles: every number a state or district may set, with its unit, its source and the day it began.

A rule in force on a day is the newest one that began on or before it. A district may only be at least as
protective as what stands above it; a state may replace what federal law lets it replace (domain guide 2,
"Policy profile"). Engineering values, not legal advice: each says whether its wording was checked against a
copy of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.calendars.days import DayUnit
from iepcore.errors import InvalidValue

DAYS_PER_YEAR = 365
"""A year counted as days, at its shortest: 364 or 365 days are never later than an anniversary."""

_NO_BOUND = 10**6


class PolicyKey(StrEnum):
    """What can be set. The deadline each one serves stands in the domain guide 2.1."""

    ANNUAL_REVIEW = "annual_review"
    REEVALUATION = "reevaluation"
    INITIAL_EVALUATION = "initial_evaluation"
    INITIAL_MEETING = "initial_iep_meeting"
    SERVICES_START_WARNING = "services_start_warning"
    MEETING_NOTICE = "meeting_notice"
    DOCUMENTS_BEFORE = "documents_before"
    DOCUMENTS_AFTER = "documents_after"
    PRIOR_WRITTEN_NOTICE = "pwn"
    RESPONSE_TO_PLAN = "implementation_consent"
    RECORD_REQUEST = "record_request"
    SURROGATE = "surrogate"
    TRANSITION_AGE = "transition_age"
    AGE_OF_MAJORITY = "age_of_majority"
    TRANSFER_STATEMENT = "transfer_statement"
    MEETING_REQUEST_RESPONSE = "meeting_request_response"
    SECTION_504_REEVALUATION = "section_504_reevaluation"
    RETENTION = "retention"
    ATTEMPTS = "meeting_attempts"
    ATTEMPT_METHODS = "meeting_attempt_methods"


class Protection(StrEnum):
    """Which way is the more protective one for the family."""

    AT_MOST = "at_most"
    """A shorter period or a lower age protects more."""
    AT_LEAST = "at_least"
    """A longer period protects more."""
    STATE = "state"
    """Only a state decides it; a district takes it as it is."""


PROTECTS: Mapping[PolicyKey, Protection] = {
    PolicyKey.ANNUAL_REVIEW: Protection.AT_MOST,
    PolicyKey.REEVALUATION: Protection.AT_MOST,
    PolicyKey.INITIAL_EVALUATION: Protection.AT_MOST,
    PolicyKey.INITIAL_MEETING: Protection.AT_MOST,
    PolicyKey.SERVICES_START_WARNING: Protection.AT_MOST,
    PolicyKey.MEETING_NOTICE: Protection.AT_LEAST,
    PolicyKey.DOCUMENTS_BEFORE: Protection.AT_LEAST,
    PolicyKey.DOCUMENTS_AFTER: Protection.AT_MOST,
    PolicyKey.PRIOR_WRITTEN_NOTICE: Protection.AT_LEAST,
    PolicyKey.RESPONSE_TO_PLAN: Protection.STATE,
    PolicyKey.RECORD_REQUEST: Protection.AT_MOST,
    PolicyKey.SURROGATE: Protection.AT_MOST,
    PolicyKey.TRANSITION_AGE: Protection.AT_MOST,
    PolicyKey.AGE_OF_MAJORITY: Protection.STATE,
    PolicyKey.TRANSFER_STATEMENT: Protection.AT_LEAST,
    PolicyKey.MEETING_REQUEST_RESPONSE: Protection.AT_MOST,
    PolicyKey.SECTION_504_REEVALUATION: Protection.AT_MOST,
    PolicyKey.RETENTION: Protection.AT_LEAST,
    PolicyKey.ATTEMPTS: Protection.AT_LEAST,
    PolicyKey.ATTEMPT_METHODS: Protection.AT_LEAST,
}

STATE_REPLACES = frozenset({PolicyKey.INITIAL_EVALUATION})
"""A state's own period takes the place of the federal one, longer or not (34 CFR 300.301(c)(1)(ii))."""


class PolicyLevel(StrEnum):
    """Who set a rule, from the outside in."""

    FEDERAL = "federal"
    STATE = "state"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """One number in force from a day. ``unit`` is None for a plain
    count, ``anchor`` says what it counts from, ``citation`` where it stands.

    ``is_product_default``: no rule gives a number, this is ours. ``is_checked``: the wording was read in a
    copy of the rule; otherwise counsel is asked before anybody relies on it. ``note`` is a code of what else
    applies (``silence_rejects``), or empty.

    Raises:
        InvalidValue: ``policy_value`` unless the number lies between 0 and 4,000; ``policy_citation`` without
        a source.
    """

    key: PolicyKey
    value: int
    unit: DayUnit | None
    anchor: str
    citation: str
    level: PolicyLevel
    effective_from: date = date.min
    is_product_default: bool = False
    is_checked: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 4_000:
            raise InvalidValue("policy_value", field=self.key.value)
        if not self.citation.strip():
            raise InvalidValue("policy_citation", field=self.key.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProfile:
    """The rules of one place, all levels together. Build a narrower one with :meth:`with_rule`."""

    name: str
    rules: tuple[PolicyRule, ...]

    def at(self, key: PolicyKey, on: date) -> PolicyRule | None:
        """Return the rule in force on a day: the innermost level that has one, and of it the newest. None
        when
        nobody set any (such as copies before a meeting).
        """
        for level in reversed(PolicyLevel):
            held = [
                rule
                for rule in self.rules
                if rule.key is key and rule.level is level and rule.effective_from <= on
            ]
            if held:
                return max(held, key=lambda rule: rule.effective_from)
        return None

    def with_rule(self, rule: PolicyRule) -> PolicyProfile:
        """Return the profile with one more rule.

        Raises:
            InvalidValue: ``policy_less_protective`` when the rule gives a family less than what stands above
            it, with that rule's citation; ``policy_units_differ`` when the two cannot be compared;
            ``policy_state_only`` for a district where only a state decides.
        """
        above = self._above(rule)
        protects = PROTECTS[rule.key]
        if rule.level is PolicyLevel.DISTRICT and protects is Protection.STATE:
            raise InvalidValue("policy_state_only", field=rule.key.value)
        replaces = rule.level is PolicyLevel.STATE and rule.key in STATE_REPLACES
        # A number of our own binds nobody.
        if above is not None and not above.is_product_default and not replaces:
            _compare(rule, above, protects)
        return PolicyProfile(name=self.name, rules=(*self.rules, rule))

    def _above(self, rule: PolicyRule) -> PolicyRule | None:
        order = list(PolicyLevel)
        outer = [one for one in self.rules if order.index(one.level) < order.index(rule.level)]
        return PolicyProfile(name=self.name, rules=tuple(outer)).at(rule.key, rule.effective_from)


def profile(name: str, *layers: Iterable[PolicyRule]) -> PolicyProfile:
    """Return a profile made of layers from the outside in, each rule held against those above it.

    Raises:
        InvalidValue: as :meth:`PolicyProfile.with_rule`.
    """
    made = PolicyProfile(name=name, rules=())
    for layer in layers:
        for rule in layer:
            made = made.with_rule(rule)
    return made


def _compare(rule: PolicyRule, above: PolicyRule, protects: Protection) -> None:
    """Refuse a rule that gives a family less. Spans of two units are compared by how long they last at the
    least
    and at the most in calendar days; where that leaves it open, they cannot be compared.
    """
    if protects is Protection.STATE:
        return
    if rule.unit is above.unit:
        ours, theirs = (rule.value, rule.value), (above.value, above.value)
    else:
        ours, theirs = _lasts(rule), _lasts(above)
    if protects is Protection.AT_LEAST:
        ours, theirs = theirs, ours
    # From here on the shorter one must be the first: surely so, surely not, or nobody can tell.
    if ours[1] <= theirs[0]:
        return
    open_question = ours[0] <= theirs[1] and rule.unit is not above.unit
    raise _refusal("policy_units_differ" if open_question else "policy_less_protective", rule, above)


def _lasts(rule: PolicyRule) -> tuple[int, int]:
    """Return the calendar days a period lasts at the least and at the most."""
    match rule.unit:
        case DayUnit.CALENDAR:
            return rule.value, rule.value
        case DayUnit.YEAR:
            return rule.value * DAYS_PER_YEAR, rule.value * (DAYS_PER_YEAR + 1)
        case DayUnit.BUSINESS:
            # No week has fewer than three business days.
            return rule.value, (rule.value // 3 + 1) * 7
        case DayUnit.SCHOOL:
            # A summer may lie between.
            return rule.value, _NO_BOUND if rule.value else 0
    return 0, _NO_BOUND  # a count beside a span: nobody can tell


def _refusal(code: str, rule: PolicyRule, above: PolicyRule) -> InvalidValue:
    params: dict[str, str | int] = {
        "value": above.value,
        "unit": above.unit.value if above.unit is not None else "",
        "citation": above.citation,
    }
    return InvalidValue(code, field=rule.key.value, params=params)
