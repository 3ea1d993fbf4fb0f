"""Consents as staff keep them: ask, record what came on paper or in another system, silence after efforts.

What a parent signs in the tool is in :mod:`iepcore.caseload.signing`. Only who may decide on that day can
have signed (300.30(b), 300.9).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.announcing import tell_asked
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.plan_rules import (
    plan_rules,
    require_day_came,
    require_decider,
    student_of,
    version_of,
)
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.family import ContactDirection
from iepcore.ids import AdultId, ParentConsentId, PlanVersionId, StudentId, new_uuid7
from iepcore.language import FreeText
from iepcore.plan.document import (
    ConsentKind,
    ParentConsent,
    Signature,
    SignatureMethod,
    expire_consent,
    give_consent,
    no_response,
    refuse_consent,
    revoke_consent,
)
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAsked:
    """What consent is asked for: ``text`` in the words the adult reads, ``of_id`` whom (None: any who may
    decide), ``scope`` what exactly, ``requested_on`` None for today."""

    kind: ConsentKind
    text: FreeText | None = None
    of_id: AdultId | None = None
    scope: str = ""
    version_id: PlanVersionId | None = None
    requested_on: date | None = None


class AgreeingDesk:
    """Use cases of the case manager about consents."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self, student_id: StudentId, asked: ConsentAsked) -> ParentConsent:
        """Ask for consent. A consent asked for in the tool says what it is about, in words, and who is asked
        is told.

        Raises:
            NotPermitted: with reason and citation. NotFound: no such child or version of it.
            InvalidValue: ``signer_may_not_decide`` for an adult who may not decide.
            IllegalMove: ``plan_not_yet`` for a day to come.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "consent_ask")
            consent = self._asked(change.uow, student_id, asked)
            change.uow.plans.add_consent(consent)
            if consent.text is not None and not plan_rules(change.uow).kept_in:
                tell_asked(change, consent)
            return consent

    def record(
        self,
        consent_id: ParentConsentId,
        signer_id: AdultId,
        *,
        on: date,
        method: SignatureMethod,
        version: int,
    ) -> ParentConsent:
        """Record a signature on paper, or one that was given in the system with the official plan.

        Raises:
            InvalidValue: ``signer_may_not_decide``; ``signed_in_tool`` (field ``method``): nobody signs in
                the tool for another.
            IllegalMove: ``consent_state``, ``consent_before_request``, ``plan_not_yet``, ``plan_kept_here``
                for a signature elsewhere while the official plan is kept here.
            Conflict: it was changed since it was seen. NotFound: no such consent.
        """

        def given(uow: UnitOfWork, consent: ParentConsent) -> ParentConsent:
            done = give_consent(consent, self._signed(uow, consent.student_id, signer_id, method, on), on=on)
            return replace(done, kept_in=plan_rules(uow).kept_in if _is_elsewhere(method) else "")

        return self._changed(consent_id, version, given, on=on, what="consent_given")

    def refused(
        self, consent_id: ParentConsentId, by_id: AdultId, *, on: date, version: int
    ) -> ParentConsent:
        """Record that an adult said no: a right, and no wrong of anybody.

        Raises:
            InvalidValue: ``signer_may_not_decide``. IllegalMove: ``consent_state``, ``plan_not_yet``.
        """

        def done(uow: UnitOfWork, consent: ParentConsent) -> ParentConsent:
            require_decider(self._desk, uow, consent.student_id, by_id, on)
            return replace(refuse_consent(consent, on=on), of_id=by_id)

        return self._changed(consent_id, version, done, on=on, what="consent_refused")

    def unanswered(self, consent_id: ParentConsentId, *, on: date, version: int) -> ParentConsent:
        """Record that no answer came, after the attempts that stand in the contact log since it was asked.

        Raises:
            IllegalMove: ``efforts_missing`` without one (300.300(d)(5)), ``consent_state``, ``plan_not_yet``.
        """

        def done(uow: UnitOfWork, consent: ParentConsent) -> ParentConsent:
            zone = self._desk.clock.zone
            attempts = [
                entry
                for entry in uow.family.contacts_of_students({consent.student_id})
                if entry.direction is ContactDirection.FROM_SCHOOL
                and consent.requested_on <= entry.at.astimezone(zone).date() <= on
            ]
            return no_response(consent, on=on, attempts=len(attempts))

        return self._changed(consent_id, version, done, on=on, what="consent_unanswered")

    def revoked(
        self,
        consent_id: ParentConsentId,
        by_id: AdultId,
        *,
        on: date,
        in_writing: bool,
        version: int,
    ) -> ParentConsent:
        """Record that consent was taken back. Nothing before is undone, and nothing stops yet: notice goes
        first (300.300(b)(4), 300.9(c)).

        Raises:
            IllegalMove: ``revocation_in_writing``, ``revocation_before_consent``, ``consent_state``,
                ``plan_not_yet``. InvalidValue: ``signer_may_not_decide``.
        """

        def done(uow: UnitOfWork, consent: ParentConsent) -> ParentConsent:
            require_decider(self._desk, uow, consent.student_id, by_id, on)
            return revoke_consent(consent, on=on, in_writing=in_writing)

        return self._changed(consent_id, version, done, on=on, what="consent_revoked")

    def expired(self, consent_id: ParentConsentId, *, on: date, version: int) -> ParentConsent:
        """Record that the window of a consent is over.

        Raises:
            IllegalMove: ``consent_state``, ``plan_not_yet``.
        """
        return self._changed(
            consent_id, version, lambda _, one: expire_consent(one, on=on), on=on, what="consent_expired"
        )

    def done_elsewhere(
        self, student_id: StudentId, asked: ConsentAsked, signer_id: AdultId, *, on: date
    ) -> ParentConsent:
        """Record a consent that was given in the system with the official plan: "done there on".

        Raises:
            IllegalMove: ``plan_kept_here``, ``plan_not_yet``. InvalidValue: ``signer_may_not_decide``.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "consent_elsewhere")
            uow = change.uow
            require_day_came(desk, on)
            requested = self._asked(uow, student_id, replace(asked, requested_on=asked.requested_on or on))
            signature = self._signed(uow, student_id, signer_id, SignatureMethod.ELSEWHERE, on)
            given = replace(
                give_consent(requested, signature, on=on), kept_in=plan_rules(uow).kept_in, version=1
            )
            uow.plans.add_consent(given)
            return given

    # what the steps share
    def _permit(self, change: Change, student_id: StudentId, what: str) -> None:
        resource = Resource(kind=ResourceKind.CONSENT, student_id=student_id)
        change.permit(Action.WRITE, resource, what=what)
        student_of(change.uow, student_id)

    def _asked(self, uow: UnitOfWork, student_id: StudentId, asked: ConsentAsked) -> ParentConsent:
        desk = self._desk
        day = asked.requested_on or desk.clock.today()
        require_day_came(desk, day)
        if asked.of_id is not None:
            require_decider(desk, uow, student_id, asked.of_id, day)
        version_id = asked.version_id
        if version_id is not None and version_of(uow, version_id).student_id != student_id:
            raise NotFound("plan_version")
        return ParentConsent(
            id=ParentConsentId(new_uuid7()),
            student_id=student_id,
            kind=asked.kind,
            requested_on=day,
            scope=asked.scope,
            text=asked.text,
            asked_by=desk.adult_id,
            of_id=asked.of_id,
            version_id=asked.version_id,
        )

    def _signed(
        self, uow: UnitOfWork, student_id: StudentId, signer_id: AdultId, method: SignatureMethod, on: date
    ) -> Signature:
        if method is SignatureMethod.IN_TOOL:
            raise InvalidValue("signed_in_tool", field="method")
        if _is_elsewhere(method) and not plan_rules(uow).kept_in:
            raise IllegalMove("plan_kept_here", params={"rule": "34 CFR 300.9(b)"})
        require_decider(self._desk, uow, student_id, signer_id, on)
        # Paper says a day; noon of it keeps that day in every zone near the school's.
        at = datetime.combine(on, time(12), tzinfo=self._desk.clock.zone)
        return Signature(signer_id=signer_id, method=method, at=at, text_hash="")

    def _changed(
        self,
        consent_id: ParentConsentId,
        seen: int,
        changed: Callable[[UnitOfWork, ParentConsent], ParentConsent],
        *,
        on: date,
        what: str,
    ) -> ParentConsent:
        with self._desk.changing() as change:
            kept = change.uow.plans.consent(consent_id)
            if kept is None:
                raise NotFound("parent_consent")
            self._permit(change, kept.student_id, what)
            require_day_came(self._desk, on)
            new = changed(change.uow, kept)
            if kept.version != seen:
                raise Conflict("parent_consent", current=kept, yours=replace(new, version=seen + 1))
            change.uow.plans.save_consent(new)
            return new


def _is_elsewhere(method: SignatureMethod) -> bool:
    return method is SignatureMethod.ELSEWHERE
