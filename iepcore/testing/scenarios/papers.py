"""Consents, prior written notices, transfers, section 504 plans, and what has no room yet."""

from __future__ import annotations

from datetime import date, timedelta

from iepcore.calendars import TimelineKind
from iepcore.caseload import ConsentAsked
from iepcore.ids import AdultId
from iepcore.plan import Section504Plan, Transfer, TransferDecision
from iepcore.plan.document import ConsentKind, NoticeStep, ParentConsent, SignatureMethod
from iepcore.testing.scenarios.events import record
from iepcore.testing.scenarios.form import Facts, FormError
from iepcore.testing.scenarios.site import Site, said

_EVENTS = {
    ConsentKind.INITIAL_EVALUATION: TimelineKind.EVALUATION_CONSENT,
    ConsentKind.INITIAL_SERVICES: TimelineKind.SERVICES_CONSENT,
}
_LATER = {
    "family_profile": "the family's profile is a room of a later step",
    "portfolio": "work samples are a room of a later step",
    "professional_development": "growth of staff is a room of a later step",
}
_DECISIONS = {
    "adopt_or_new_pending": TransferDecision.PENDING,
    "pending": TransferDecision.PENDING,
    "adopted": TransferDecision.ADOPTED,
    "new_plan": TransferDecision.NEW_PLAN,
    "new_iep": TransferDecision.NEW_PLAN,
}


def build_papers(site: Site) -> None:
    """Keep consents and notices on their days, and read what is a value of its own."""
    for one in site.facts.each("consents"):
        with site.reading.leaving(one.path):
            _consent(site, one)
    for one in site.facts.each("pwn"):
        with site.reading.leaving(one.path):
            _notice(site, one)
    for one in site.facts.each("record_requests"):
        one.leave("by", "who asked for records is kept with the office's own book, a later step")
        one.label("purpose")
        site.requests[one.text("id")] = one.needed_day("received")
    for build in (_transfer, _section_504):
        with site.reading.leaving(site.facts.path):
            build(site)
    for key, reason in _LATER.items():
        site.facts.leave(key, reason)


def _consent(site: Site, one: Facts) -> None:
    told, given = one.text("type"), one.day("given")
    by, written = one.text("by", None), one.flag("written", True)
    key = one.text("id")
    if told.startswith("revocation"):
        if given is None or by is None:
            raise FormError(one.path, "a revocation has its day and who took consent back")
        site.on(given, lambda: _revoke(site, site.adult(by, one.path), given, written), hour=9, path=one.path)
        record(site, TimelineKind.SERVICES_REVOKED, given)
        return
    if told not in set(ConsentKind):
        raise FormError(f"{one.path}.type", f"{told} is no consent this loader knows")
    if given is None:
        site.reading.assume(one.path, "asked for on the scenario's day, without an answer")
        site.on(site.as_of, lambda: _ask(site, key, ConsentKind(told), site.as_of))
        return
    if by is None:
        raise FormError(f"{one.path}.by", "who gave it is needed")
    signer = site.adult(by, f"{one.path}.by")
    _give(site, key, ConsentKind(told), signer, given)


def _give(site: Site, key: str, kind: ConsentKind, signer: AdultId, given: date) -> None:
    """Ask for a consent and record the signed paper, on its day or on the first day of the story."""

    def step() -> None:
        asked = _ask(site, key, kind, given)
        agreeing = site.caseload(site.adults["manager"]).agreeing
        agreeing.record(asked.id, signer, on=given, method=SignatureMethod.PAPER, version=asked.version)

    site.on(max(given, site.clock.today()), step, hour=5, path=f"{site.key}.consents[{key}]")
    if kind in _EVENTS:
        record(site, _EVENTS[kind], given)


def _ask(site: Site, key: str, kind: ConsentKind, on: date) -> ParentConsent:
    agreeing = site.caseload(site.adults["manager"]).agreeing
    asked = agreeing.ask(site.student_id, ConsentAsked(kind=kind, requested_on=on))
    site.consents[key] = asked.id
    return asked


def first_consent(site: Site, begins: list[date]) -> None:
    """A plan that a scenario calls in effect rests on consent to first services. Where it tells of none, one
    from before its first day is taken.
    """
    told = {str(one.get("type")) for one in site.facts.told("consents")}
    signer = site.first_decider()
    if ConsentKind.INITIAL_SERVICES.value in told or not begins or signer is None:
        return
    day = max(min(begins) - timedelta(days=1), site.clock.today())
    site.reading.assume(f"{site.key}.consents", f"written consent to first services on {day.isoformat()}")
    _give(site, "first services", ConsentKind.INITIAL_SERVICES, signer, day)


def _revoke(site: Site, by: AdultId, on: date, written: bool) -> None:
    """Take back consent to services: one adult who may decide is enough, another's paper does nothing."""
    with site.store.read() as uow:
        kept = uow.plans.consents_of(site.student_id)
    agreeing = site.caseload(site.adults["manager"]).agreeing
    for consent in kept:
        if consent.kind is ConsentKind.INITIAL_SERVICES and consent.held_on(on):
            agreeing.revoked(consent.id, by, on=on, in_writing=written, version=consent.version)


def _notice(site: Site, one: Facts) -> None:
    """Keep what a notice says: it is sent with the step it goes before."""
    one.label("id")
    action = one.text("action")
    lowered = action.lower()
    if "revoked" in lowered or "revocation" in lowered:
        step = NoticeStep.REVOCATION
    elif "exit" in lowered or "no longer eligible" in lowered:
        step = NoticeStep.EXIT
    else:
        step = NoticeStep.OTHER
    site.reading.assume(one.path, "six of the seven parts of the notice; the form tells the action only")
    site.notices.append((said(action), step, one.needed_day("sent")))


def _transfer(site: Site) -> None:
    one = site.facts.inner("transfer")
    if one is None:
        return
    decision = one.text("decision", "pending")
    if decision not in _DECISIONS:
        raise FormError(f"{one.path}.decision", f"one of {', '.join(_DECISIONS)} is needed")
    if not one.has("parent_consulted"):
        site.reading.assume(one.path, "the parent consulted about comparable services on the day they began")
    site.transfer = Transfer(
        enrolled_on=one.needed_day("enrolled"),
        from_district=one.text("previous_district", "") or "",
        is_same_state=one.flag("same_state", True),
        services_from=one.day("comparable_services_from"),
        parent_asked_on=one.day("parent_consulted") or one.day("comparable_services_from"),
        records_asked_on=one.day("records_requested"),
        records_received_on=one.day("records_received"),
        decision=_DECISIONS[decision],
        evaluation_needed=one.value("evaluation_needed", None),
    )


def _section_504(site: Site) -> None:
    one = site.facts.inner("plan_504")
    if one is None:
        return
    one.label("next_periodic_reevaluation_policy", "due")
    site.section_504 = Section504Plan(
        student_id=site.student_id,
        begins_on=one.needed_day("begin"),
        accommodations=tuple(map(said, one.texts("accommodations"))),
        evaluated_on=one.day("last_evaluation"),
        ended_on=one.day("end"),
    )
    begun = site.section_504
    if not one.has("last_evaluation"):
        site.reading.assume(one.path, "evaluated on its first day")
    record(site, TimelineKind.PLAN_504_EVALUATED, begun.evaluated_on or begun.begins_on)
