"""The federal rules as data, and facts of single states as far as they were looked up (domain guide 2.1,
2.3).

``is_checked=False`` marks what comes from professional knowledge: counsel is asked before anybody relies on
it. A state that is not listed is not unregulated: its administrator enters the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

from iepcore.calendars.days import DayUnit
from iepcore.calendars.policy import PolicyKey, PolicyLevel, PolicyProfile, PolicyRule, profile
from iepcore.errors import InvalidValue


def _federal(
    key: PolicyKey, value: int, unit: DayUnit | None, anchor: str, citation: str, *, ours: bool = False
) -> PolicyRule:
    return PolicyRule(
        key=key,
        value=value,
        unit=unit,
        anchor=anchor,
        citation=citation,
        level=PolicyLevel.FEDERAL,
        is_product_default=ours,
    )


def _state(
    key: PolicyKey,
    value: int,
    unit: DayUnit | None,
    anchor: str,
    citation: str,
    *,
    checked: bool = True,
    note: str = "",
) -> PolicyRule:
    return PolicyRule(
        key=key,
        value=value,
        unit=unit,
        anchor=anchor,
        citation=citation,
        level=PolicyLevel.STATE,
        is_checked=checked,
        note=note,
    )


_CAL, _BUS, _SCH, _YEAR = DayUnit.CALENDAR, DayUnit.BUSINESS, DayUnit.SCHOOL, DayUnit.YEAR
_K = PolicyKey

FEDERAL_RULES: tuple[PolicyRule, ...] = (
    _federal(_K.ANNUAL_REVIEW, 1, _YEAR, "annual_review_meeting", "34 CFR 300.324(b)(1)(i)"),
    _federal(_K.REEVALUATION, 3, _YEAR, "last_evaluation", "34 CFR 300.303(b)(2)"),
    _federal(_K.INITIAL_EVALUATION, 60, _CAL, "consent_received", "34 CFR 300.301(c)(1)(i)"),
    _federal(_K.INITIAL_MEETING, 30, _CAL, "eligibility_determined", "34 CFR 300.323(c)(1)"),
    _federal(_K.SERVICES_START_WARNING, 10, _CAL, "plan_begins", "34 CFR 300.323(c)(2)", ours=True),
    _federal(_K.MEETING_NOTICE, 10, _CAL, "meeting", "34 CFR 300.322(a)(1)", ours=True),
    _federal(_K.PRIOR_WRITTEN_NOTICE, 10, _CAL, "takes_effect", "34 CFR 300.503(a)", ours=True),
    _federal(_K.RECORD_REQUEST, 45, _CAL, "request_received", "34 CFR 300.613(a), 99.10(b)"),
    _federal(_K.SURROGATE, 30, _CAL, "need_determined", "34 CFR 300.519(h)"),
    _federal(_K.TRANSITION_AGE, 16, _YEAR, "birth", "34 CFR 300.320(b)"),
    _federal(_K.AGE_OF_MAJORITY, 18, _YEAR, "birth", "34 CFR 300.520(a), 99.3"),
    _federal(_K.TRANSFER_STATEMENT, 1, _YEAR, "age_of_majority", "34 CFR 300.320(c)"),
    _federal(_K.SECTION_504_REEVALUATION, 3, _YEAR, "last_evaluation", "34 CFR 104.35(d)", ours=True),
    _federal(_K.ATTEMPTS, 3, None, "meeting", "34 CFR 300.322(d)", ours=True),
    _federal(_K.ATTEMPT_METHODS, 2, None, "meeting", "34 CFR 300.322(d)", ours=True),
)
"""What federal law says, and our own numbers where it gives none (``is_product_default``)."""

STATE_RULES: Mapping[str, tuple[PolicyRule, ...]] = {
    "AL": (_state(_K.AGE_OF_MAJORITY, 19, _YEAR, "birth", "Alabama: age of majority"),),
    "AZ": (
        _state(_K.MEETING_REQUEST_RESPONSE, 45, _SCH, "request_received", "Arizona: request for a meeting"),
    ),
    "CA": (
        _state(
            _K.RECORD_REQUEST, 5, _BUS, "request_received", "California: access to records", checked=False
        ),
    ),
    "IL": (
        _state(_K.DOCUMENTS_BEFORE, 3, _SCH, "meeting", "Illinois: documents before a meeting"),
        _state(_K.PRIOR_WRITTEN_NOTICE, 10, _CAL, "takes_effect", "Illinois: prior written notice"),
    ),
    "MA": (
        _state(
            _K.INITIAL_EVALUATION,
            45,
            _SCH,
            "consent_received",
            "Massachusetts: school working days from consent to proposal (30 of them for the assessments)",
        ),
        _state(
            _K.RESPONSE_TO_PLAN,
            30,
            _CAL,
            "plan_received",
            "Massachusetts: response to a proposed plan",
            note="silence_rejects",
        ),
    ),
    "MD": (
        _state(_K.MEETING_NOTICE, 10, _CAL, "meeting", "Maryland: notice of a meeting"),
        _state(_K.DOCUMENTS_BEFORE, 5, _BUS, "meeting", "Maryland: documents before a meeting"),
        _state(_K.DOCUMENTS_AFTER, 5, _BUS, "meeting", "Maryland: the finished plan"),
    ),
    "ME": (
        _state(
            _K.ANNUAL_REVIEW,
            364,
            _CAL,
            "annual_review_meeting",
            "Maine: review within 364 days of the meeting",
        ),
    ),
    "MN": (
        _state(
            _K.RESPONSE_TO_PLAN,
            14,
            _CAL,
            "plan_received",
            "Minnesota: response to a proposed plan",
            checked=False,
            note="silence_accepts",
        ),
    ),
    "MO": (
        _state(_K.MEETING_NOTICE, 10, _CAL, "meeting", "Missouri: notice of a meeting"),
        _state(_K.ATTEMPTS, 2, None, "meeting", "Missouri: attempts to reach the parents"),
    ),
    "MS": (_state(_K.AGE_OF_MAJORITY, 21, _YEAR, "birth", "Mississippi: age of majority"),),
    "NE": (
        _state(_K.AGE_OF_MAJORITY, 19, _YEAR, "birth", "Nebraska: age of majority"),
        _state(_K.RETENTION, 5, _YEAR, "exit", "Nebraska: keeping of records"),
    ),
    "NJ": (
        _state(
            _K.RESPONSE_TO_PLAN,
            15,
            _CAL,
            "plan_received",
            "New Jersey: response to a proposed plan",
            note="silence_accepts",
        ),
    ),
    "TX": (
        _state(_K.INITIAL_EVALUATION, 45, _SCH, "consent_received", "Texas: evaluation in school days"),
        _state(_K.MEETING_NOTICE, 5, _SCH, "meeting", "Texas: notice of a meeting"),
        _state(_K.PRIOR_WRITTEN_NOTICE, 5, _SCH, "takes_effect", "Texas: prior written notice"),
    ),
    "UT": (_state(_K.RETENTION, 3, _YEAR, "exit", "Utah: keeping of records"),),
}
"""Facts of single states, by postal code. Each stands as its source was read in November 2026."""

FEDERAL: PolicyProfile = profile("federal_default", FEDERAL_RULES)


def state_profile(code: str) -> PolicyProfile:
    """Return the federal rules with what is known of a state (two letters) laid over them.

    Raises:
        InvalidValue: ``state_unknown`` for anything but two letters. A state we know nothing of gets the
        federal rules alone; its profile's name says so.
    """
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise InvalidValue("state_unknown", field="state")
    known = STATE_RULES.get(code.upper())
    if known is None:
        return PolicyProfile(name="federal_default", rules=FEDERAL_RULES)
    return profile(f"state_{code.lower()}", FEDERAL_RULES, known)
