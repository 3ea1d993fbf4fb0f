"""Consent given, refused or taken back in the tool: only by who may decide, and only for words shown in full.

A signature keeps who, how, when and the hash of exactly what stood on the page (34 CFR 300.9, 99.30(d)). No
is a right and no wrong of anybody. Silence is never taken for an answer here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.family_side import require_family, version_before
from iepcore.caseload.plan_rules import plan_rules
from iepcore.errors import Conflict, IllegalMove, NotFound
from iepcore.ids import AdultId, ParentConsentId, StudentId
from iepcore.people import Student
from iepcore.plan.document import (
    IN_FORCE,
    ParentConsent,
    ParentConsentState,
    PlanState,
    PlanVersion,
    Signature,
    SignatureMethod,
    give_consent,
    refuse_consent,
    revoke_consent,
    text_hash,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningPage:
    """What is signed: the school's words in ``consent.text``, and the version it is about (None: no plan).

    ``signer_name`` is who signs. ``is_open``: it still waits for an answer of this adult; ``may_take_back``:
    this adult gave it and it has not taken effect.
    """

    student: Student
    consent: ParentConsent
    version: PlanVersion | None
    before: PlanVersion | None
    signer_name: str
    is_open: bool
    may_take_back: bool
    day: date


class SigningDesk:
    """Use cases of the signing page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_child(self, student_id: StudentId) -> tuple[ParentConsent, ...]:
        """Return the consents this adult is asked for or has answered; none of another adult's.

        Raises:
            NotPermitted: to staff and without a right to the record.
        """
        desk = self._desk
        mine = Resource(kind=ResourceKind.CONSENT, student_id=student_id, of_adult_id=desk.adult_id)
        desk.open_record(mine, what="consents")
        require_family(desk, student_id, "consents")
        with desk.store.read() as uow:
            found = uow.plans.consents_of(student_id)
            return tuple(one for one in found if _is_of(one, desk.adult_id))

    def page(self, consent_id: ParentConsentId) -> SigningPage:
        """Return what is to be signed, or was, for this adult.

        Raises:
            NotFound: for an unknown one and one of another adult. NotPermitted: to who may not decide.
        """
        desk = self._desk
        me = desk.adult_id
        with desk.changing() as change:
            consent = self._mine(change, consent_id)
            resource = Resource(kind=ResourceKind.CONSENT, student_id=consent.student_id, of_adult_id=me)
            change.permit(Action.READ, resource, what="consent")
        require_family(desk, consent.student_id, "consent")
        with desk.store.read() as uow:
            student = uow.people.student(consent.student_id)
            adult = uow.people.adult(me)
            assert student is not None  # a relationship names a child there is, and who looks
            assert adult is not None
            version = uow.plans.version(consent.version_id) if consent.version_id is not None else None
            before = None
            if version is not None:
                before = version_before(version, uow.plans.versions_of(student.id))
            may_decide = desk.may(uow, Action.DECIDE, resource)
            here = not plan_rules(uow).kept_in
            return SigningPage(
                student=student,
                consent=consent,
                version=version,
                before=before,
                signer_name=adult.name,
                is_open=may_decide and here and consent.state is ParentConsentState.REQUESTED,
                may_take_back=may_decide
                and consent.state is ParentConsentState.GIVEN
                and not has_begun(version),
                day=desk.clock.today(),
            )

    def sign(self, consent_id: ParentConsentId, shown: Sequence[str], *, version: int) -> ParentConsent:
        """Keep the consent given by the actor for the words ``shown``, all of them in their order.
        ``version`` is the one that was on the page.

        Raises:
            NotPermitted: to who may not decide. NotFound: another adult's.
            IllegalMove: ``nothing_to_sign`` unless what is asked stands among the words; ``consent_state``;
                ``plan_kept_elsewhere`` where one signs in the system with the official plan.
            Conflict: when it changed since it was shown.
        """
        desk = self._desk
        with desk.changing() as change:
            consent = self._deciding(change, consent_id, version, what="sign")
            if plan_rules(change.uow).kept_in:
                raise IllegalMove("plan_kept_elsewhere", params={"rule": "34 CFR 300.503(a)"})
            if consent.text is None or consent.text.text not in shown:
                raise IllegalMove("nothing_to_sign", params={"rule": "34 CFR 300.9(a)"})
            signature = Signature(
                signer_id=desk.adult_id,
                method=SignatureMethod.IN_TOOL,
                at=desk.clock.now(),
                text_hash=text_hash(*shown),
            )
            given = give_consent(consent, signature, on=desk.clock.today())
            change.uow.plans.save_consent(given)
            return given

    def decline(self, consent_id: ParentConsentId, *, version: int) -> ParentConsent:
        """Keep that the actor says no.

        Raises:
            NotPermitted, NotFound, Conflict, IllegalMove: as :meth:`sign`.
        """
        desk = self._desk
        with desk.changing() as change:
            consent = self._deciding(change, consent_id, version, what="decline")
            refused = replace(refuse_consent(consent, on=desk.clock.today()), of_id=desk.adult_id)
            change.uow.plans.save_consent(refused)
            return refused

    def take_back(self, consent_id: ParentConsentId, *, version: int) -> ParentConsent:
        """Take back, in writing by this tap, a consent of the actor before what it is for has begun.

        Raises:
            IllegalMove: ``taken_back_too_late`` once it has begun: then the school sends its notice first
                (34 CFR 300.300(b)(4)), so the family writes to it. Otherwise as :meth:`sign`.
        """
        desk = self._desk
        with desk.changing() as change:
            consent = self._deciding(change, consent_id, version, what="take_back")
            about = consent.version_id
            plan = change.uow.plans.version(about) if about is not None else None
            signed_by_me = consent.signature is not None and consent.signature.signer_id == desk.adult_id
            if not signed_by_me or has_begun(plan):
                raise IllegalMove("taken_back_too_late", params={"rule": "34 CFR 300.300(b)(4)"})
            revoked = revoke_consent(consent, on=desk.clock.today(), in_writing=True)
            change.uow.plans.save_consent(revoked)
            return revoked

    def _deciding(
        self, change: Change, consent_id: ParentConsentId, version: int, *, what: str
    ) -> ParentConsent:
        consent = self._mine(change, consent_id)
        of_me = Resource(
            kind=ResourceKind.CONSENT,
            student_id=consent.student_id,
            of_adult_id=self._desk.adult_id,
        )
        change.permit(Action.DECIDE, of_me, what=what)
        if consent.version != version:
            raise Conflict("consent", current=consent, yours=version)
        return consent

    def _mine(self, change: Change, consent_id: ParentConsentId) -> ParentConsent:
        consent = change.uow.plans.consent(consent_id)
        if consent is None or not _is_of(consent, self._desk.adult_id):
            raise NotFound("consent")
        return consent


def has_begun(version: PlanVersion | None) -> bool:
    """Whether what a consent is for has begun: a version that took effect or ended. Without a version nobody
    can tell here, so it counts as begun.
    """
    if version is None:
        return True
    return version.state in IN_FORCE or version.state not in {
        PlanState.DRAFT,
        PlanState.PROPOSED,
        PlanState.REJECTED,
        PlanState.PARTLY_ACCEPTED,
    }


def _is_of(consent: ParentConsent, adult_id: AdultId) -> bool:
    """Whether a consent concerns an adult: asked of them by name, or of anybody and not yet answered."""
    if consent.signature is not None:
        return consent.signature.signer_id == adult_id
    if consent.of_id is not None:
        return consent.of_id == adult_id
    return consent.state is ParentConsentState.REQUESTED
