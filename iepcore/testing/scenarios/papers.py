"""Consents, prior written notices, transfers, section 504 plans, and what has no room yet."""

from __future__ import annotations

from datetime import date, timedelta

from iepcore.calendars import TimelineKind
from iepcore.ids import AdultId, ParentConsentId
from iepcore.plan import Section504Plan, Transfer, TransferDecision
from iepcore.plan.document import (
    ConsentKind,
    NoticeStep,
    ParentConsent,
    Signature,
    SignatureMethod,
    give_consent,
    revoke_consent,
)
from iepcore.testing.scenarios.events import record
from iepcore.testing.scenarios.form import Facts, FormError, noon
from iepcore.testing.scenarios.plans import written_notice
from iepcore.testing.scenarios.site import Site, new_id, said

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
        _consent(site, one)
    for one in site.facts.each("pwn"):
        _notice(site, one)
    for one in site.facts.each("record_requests"):
        one.leave("by", "who asked for records is kept with the office's own book, a later step")
        one.label("purpose")
        site.requests[one.text("id")] = one.needed_day("received")
    _transfer(site)
    _section_504(site)
    for key, reason in _LATER.items():
        site.facts.leave(key, reason)


def _consent(site: Site, one: Facts) -> None:
    told, given = one.text("type"), one.day("given")
    by = one.text("by", None)
    written = one.flag("written", True)
    key = one.text("id")
    if told.startswith("revocation"):
        if given is None:
            raise FormError(f"{one.path}.given", "a revocation has its day")
        site.revoked_in_writing = written
        site.on(given, lambda: _revoke(site, by, given, written), hour=9)
        record(site, TimelineKind.SERVICES_REVOKED, given)
        return
    if told not in set(ConsentKind):
        raise FormError(f"{one.path}.type", f"{told} is no consent this loader knows")
    kind = ConsentKind(told)
    consent = ParentConsent(
        id=ParentConsentId(new_id()),
        student_id=site.student_id,
        kind=kind,
        requested_on=one.day("requested") or given or site.as_of,
        scope=one.text("scope", "") or "",
    )
    site.consents[key] = consent.id
    if given is None:
        site.reading.assume(one.path, "asked for on the scenario's day, without an answer")
        site.on(site.as_of, lambda: _keep(site, consent))
        return
    if by is None:
        raise FormError(f"{one.path}.by", "who gave it is needed")
    signer = site.adult(by, f"{one.path}.by")
    site.on(max(given, site.clock.today()), lambda: _keep(site, _given(site, consent, signer, given)), hour=7)
    if kind in _EVENTS:
        record(site, _EVENTS[kind], given)


def _given(site: Site, consent: ParentConsent, signer: AdultId, given: date) -> ParentConsent:
    signature = Signature(
        signer_id=signer, method=SignatureMethod.PAPER, at=noon(given, site.zone), text_hash=""
    )
    return give_consent(consent, signature, on=given)


def _keep(site: Site, consent: ParentConsent) -> None:
    with site.store.write() as uow:
        uow.plans.add_consent(consent)


def _revoke(site: Site, by: str | None, on: date, written: bool) -> None:
    """Take back consent to services: one adult who may decide is enough, another's paper does nothing."""
    if by is None or not site.may_decide(by, on):
        site.reading.leave(f"{site.key}.consents", "a revocation by somebody who may not decide does nothing")
        return
    with site.store.write() as uow:
        for consent in uow.plans.consents_of(site.student_id):
            if consent.kind is ConsentKind.INITIAL_SERVICES and consent.held_on(on - timedelta(days=1)):
                uow.plans.save_consent(revoke_consent(consent, on=on, in_writing=written))


def _notice(site: Site, one: Facts) -> None:
    one.label("id")
    action = one.text("action")
    sent = one.needed_day("sent")
    lowered = action.lower()
    if "revoked" in lowered or "revocation" in lowered:
        step = NoticeStep.REVOCATION
    elif "exit" in lowered or "no longer eligible" in lowered:
        step = NoticeStep.EXIT
    else:
        step = NoticeStep.OTHER
    site.reading.assume(one.path, "six of the seven parts of the notice; the form tells the action only")

    def keep() -> None:
        with site.store.write() as uow:
            uow.plans.add_notice(written_notice(site, step, action, sent))

    site.on(sent, keep, hour=8)


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
