"""Rules about minutes, deadlines, consent and progress, each with its bend."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from iepcore.calendars import FEDERAL, DeadlineRules, TimelineKind, state_profile
from iepcore.errors import IllegalMove
from iepcore.ids import PlanId, PlanVersionId
from iepcore.minutes import time_given
from iepcore.plan import Delivery
from iepcore.plan.document import (
    ConsentKind,
    Ground,
    NoticeStep,
    ParentConsent,
    PlanContents,
    PlanState,
    PlanVersion,
    take_effect,
)
from iepcore.progress import PeriodStatus
from iepcore.testing.scenarios.form import FormError, day_of
from iepcore.testing.scenarios.numbers import is_flagged, ledger_of, status_of
from iepcore.testing.scenarios.site import Site, new_id

Raw = dict[str, Any]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _days_in(sentence: str) -> list[date]:
    return [day_of(found, "rules") for found in _DAY.findall(sentence)]


# --------------------------------------------------------------------------------------------- consultation


def _consult_apart(site: Site, sentence: str) -> bool:
    """Consultation gave minutes, and none of them is the child's."""
    del sentence
    consult = [one for one in site.services.values() if one.delivery is Delivery.CONSULT]
    given = time_given(site.services.values(), site.sessions)
    lines = {one.line_id for one in consult}
    total = sum(one.delivered for one in site.sessions if one.service_line_id in lines)
    return bool(consult) and total > 0 and given.about_child == total


def _given_to_the_child(raw: Raw) -> None:
    for one in raw["services"]:
        one["delivery"] = "direct"


# ---------------------------------------------------------------------------------------------------- clocks


def _saturday(site: Site, sentence: str) -> bool:
    """The legal day is the weekend day the sentence names; the school day before it stands beside it."""
    legal, beside = _days_in(sentence)[:2]
    found = DeadlineRules(profile=FEDERAL, school=site.frame.rules.school).initial_evaluation(_consent(site))
    return (found.due_on, found.school_day_on) == (legal, beside) and legal.weekday() >= 5


def _state_replaces(site: Site, sentence: str) -> bool:
    """Without a state period the 60 days hold here; in a state that has one, its own hold instead."""
    del sentence
    consent, school = _consent(site), site.frame.rules.school
    federal = DeadlineRules(profile=FEDERAL, school=school).initial_evaluation(consent).due_on
    state = DeadlineRules(profile=state_profile("TX"), school=school).initial_evaluation(consent).due_on
    here = site.frame.rules.initial_evaluation(consent).due_on
    return here == federal and state is not None and state != federal


def _consent(site: Site) -> date:
    consent = site.events().get(TimelineKind.EVALUATION_CONSENT)
    if consent is None:
        raise FormError(f"{site.key}.evaluation", "consent to an evaluation is needed")
    return consent


def _consent_two_days_later(raw: Raw) -> None:
    told = date.fromisoformat(raw["evaluation"]["consent_received"])
    raw["evaluation"]["consent_received"] = (told + timedelta(days=2)).isoformat()


def _in_texas(raw: Raw) -> None:
    raw["policy"] = {"state": "TX", "initial_evaluation": {"days": 45, "unit": "school"}}


# ----------------------------------------------------------------------------------------------- revocation


def _notice_first(site: Site, sentence: str) -> bool:
    """Notice of the revocation went before the first day without services."""
    del sentence
    with site.store.read() as uow:
        versions = uow.plans.versions_of(site.student_id)
        notices = [one for one in uow.plans.notices_of(site.student_id) if one.step is NoticeStep.REVOCATION]
    ended = [one.ended_on for one in versions if one.state is PlanState.ENDED_BY_REVOCATION]
    if not ended or ended[-1] is None:
        return False
    first_day_without = ended[-1] + timedelta(days=1)
    return any(one.was_sent_before(first_day_without) for one in notices)


def _records_stay(site: Site, sentence: str) -> bool:
    """What was before the revocation still was: the consent held then, the plan was in force, its words
    stand."""
    del sentence
    consent = _services_consent(site)
    with site.store.read() as uow:
        versions = uow.plans.versions_of(site.student_id)
    if consent is None or consent.revoked_on is None or not versions:
        return False
    day = versions[-1].begins_on
    return consent.held_on(day) and versions[-1].was_in_force(day) and not versions[-1].may_be_written


def _no_minutes_after(site: Site, sentence: str) -> bool:
    """Nothing is planned in the two months after the day the sentence names, though there is school."""
    last = _days_in(sentence)[-1]
    first, until = last + timedelta(days=1), last + timedelta(days=60)
    school = site.frame.rules.school
    has_school = school is not None and bool(school.school_days(first, until))
    return has_school and all(not ledger_of(site, name, first, until).planned for name in site.services)


def _one_is_enough(site: Site, sentence: str) -> bool:
    """Two adults decide for the child, one of them took the consent back, and it stands no more."""
    del sentence
    consent = _services_consent(site)
    deciders = [key for key, _, _ in site.family if site.may_decide(key, site.as_of)]
    return len(deciders) >= 2 and consent is not None and not consent.held_on(site.as_of)


def _services_consent(site: Site) -> ParentConsent | None:
    with site.store.read() as uow:
        found = [
            one for one in uow.plans.consents_of(site.student_id) if one.kind is ConsentKind.INITIAL_SERVICES
        ]
    return found[-1] if found else None


def _no_notice(raw: Raw) -> None:
    raw["pwn"] = []


def _revoked_from_the_start(raw: Raw) -> None:
    raw["consents"][-1]["given"] = raw["ieps"][-1]["begin"]


def _never_revoked(raw: Raw) -> None:
    raw["ieps"][-1].update(state="in_effect")
    raw["ieps"][-1].pop("ended_on")
    raw["consents"] = raw["consents"][:1]
    raw["services"][0]["end"] = "2027-06-04"


def _has_no_say(raw: Raw) -> None:
    raw["people"][0]["rights"]["decisions"] = False


# ------------------------------------------------------------------------------------------- first services


def _no_start_without_consent(site: Site, sentence: str) -> bool:
    """A first plan that is ready in every other way does not take effect."""
    del sentence
    begins = site.as_of + timedelta(days=20)
    version = PlanVersion(
        id=PlanVersionId(new_id()),
        plan_id=PlanId(new_id()),
        student_id=site.student_id,
        number=1,
        contents=PlanContents(),
        reviewed_on=site.as_of,
        begins_on=begins,
        ends_on=begins + timedelta(days=300),
        written_by=site.adults["manager"],
        state=PlanState.PROPOSED,
    )
    ground = Ground(notice_sent_on=site.as_of, initial_consent=site.first_services_agreed(begins))
    try:
        take_effect(version, ground, before=None)
    except IllegalMove as refusal:
        return refusal.code == "initial_consent"
    return False


def _consent_given(raw: Raw) -> None:
    for one in raw["consents"]:
        if one["type"] == "initial_services":
            one.update(given=raw["as_of"], by=raw["people"][0]["id"])


# -------------------------------------------------------------------------------------------------- progress


def _review_suggested(site: Site, sentence: str) -> bool:
    """A goal is behind its line by the rule and by the flag, and its page suggests a review of the team."""
    del sentence
    last = site.as_of
    first = last - timedelta(days=60)
    pages = site.caseload(site.adults["manager"]).goals
    return any(
        status_of(site, name, first, last).status is PeriodStatus.INSUFFICIENT
        and is_flagged(site, name, last)
        and pages.goal(site.goals[name]).card.finding.review_suggested
        for name in site.goals
    )


def _on_the_line(raw: Raw) -> None:
    for goal in raw["goals"]:
        goal["data"] = [[day, goal["target"]] for day, _ in goal["data"]]


ALL = (
    (
        "consultation apart",
        r"consult minutes .*not count as student",
        _consult_apart,
        _given_to_the_child,
        "the service is given to the child",
    ),
    (
        "weekend stays",
        r"is a (Saturday|Sunday).*does not move",
        _saturday,
        _consent_two_days_later,
        "consent came two days later",
    ),
    (
        "state period",
        r"state period replaces",
        _state_replaces,
        _in_texas,
        "the district is in a state with its own period",
    ),
    (
        "notice before the end",
        r"prior written notice before services stop",
        _notice_first,
        _no_notice,
        "no notice was sent",
    ),
    (
        "history stays",
        r"records are not rewritten",
        _records_stay,
        _revoked_from_the_start,
        "consent was taken back on the first day of the plan",
    ),
    (
        "no minutes after the end",
        r"no planned minutes after",
        _no_minutes_after,
        _never_revoked,
        "nobody took consent back",
    ),
    (
        "one parent is enough",
        r"one parent with authority",
        _one_is_enough,
        _has_no_say,
        "who took it back may not decide",
    ),
    (
        "consent before services",
        r"no service may start before written consent",
        _no_start_without_consent,
        _consent_given,
        "consent was given",
    ),
    (
        "review suggested",
        r"lack of expected progress",
        _review_suggested,
        _on_the_line,
        "the data reach the goal",
    ),
)
