"""Consent, agreement and signature: who said yes to exactly which words, when and how (34 CFR 300.9,
99.30(d)).

Consent is informed, written, voluntary and can be taken back for what comes after; an agreement is an
understanding.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, ParentConsentId, PlanVersionId, StudentId
from iepcore.language import FreeText


class SignatureMethod(StrEnum):
    """How somebody signed. ``ELSEWHERE``: recorded as done in the district's own system on that day."""

    IN_TOOL = "in_tool"
    PAPER = "paper"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature: the signer, the method, the instant, and the hash of the text as it was shown.

    The hash is "" where the text lies on paper or in another system.

    Raises:
        InvalidValue: ``signature_instant`` for an instant without a zone, ``signature_hash`` unless it is a
            SHA-256 in hexadecimal digits.
    """

    signer_id: AdultId
    method: SignatureMethod
    at: datetime
    text_hash: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InvalidValue("signature_instant", field="at")
        if not self.text_hash and self.method is not SignatureMethod.IN_TOOL:
            return
        if len(self.text_hash) != 64 or set(self.text_hash) - set("0123456789abcdef"):
            raise InvalidValue("signature_hash", field="text_hash")


def text_hash(*texts: str) -> str:
    """Return the SHA-256 of texts in order, each with its length, so that none runs into the next."""
    digest = hashlib.sha256()
    for text in texts:
        encoded = text.encode()
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


class ConsentKind(StrEnum):
    """What consent is asked for (domain guide C1, C6; 300.300, 300.321, 99.30). ``PLAN`` is the signature
    under a later plan, which some states ask for (D11) and federal law does not.
    """

    INITIAL_EVALUATION = "initial_evaluation"
    INITIAL_SERVICES = "initial_services"
    REEVALUATION = "reevaluation"
    EXCUSAL = "excusal"
    AGENCY_INVITATION = "agency_invitation"
    DISCLOSURE = "disclosure"
    PLAN = "plan"


class ParentConsentState(StrEnum):
    """Where a consent stands. ``NO_RESPONSE`` comes after reasonable efforts that are on record."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    NO_RESPONSE = "no_response"
    REVOKED = "revoked"
    EXPIRED = "expired"


_MOVES: dict[ParentConsentState, frozenset[ParentConsentState]] = {
    ParentConsentState.REQUESTED: frozenset(
        {ParentConsentState.GIVEN, ParentConsentState.REFUSED, ParentConsentState.NO_RESPONSE}
    ),
    ParentConsentState.GIVEN: frozenset({ParentConsentState.REVOKED, ParentConsentState.EXPIRED}),
    ParentConsentState.REFUSED: frozenset(),
    ParentConsentState.NO_RESPONSE: frozenset(),
    ParentConsentState.REVOKED: frozenset(),
    ParentConsentState.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentConsent:
    """One consent about one child. ``scope`` names what exactly, in a code or an id; ``decided_on`` when it
    was
    given, refused or left without an answer; ``revoked_on`` when it was taken back: not for what was before
    (300.9(c)).

    ``text`` is what is asked, in the words shown; ``asked_by`` the staff member who asks, ``of_id`` the adult
    who is asked (None: any who may decide), ``version_id`` the version of the plan it is about, ``kept_in``
    the system in which it was done.
    """

    id: ParentConsentId
    student_id: StudentId
    kind: ConsentKind
    requested_on: date
    scope: str = ""
    state: ParentConsentState = ParentConsentState.REQUESTED
    decided_on: date | None = None
    revoked_on: date | None = None
    signature: Signature | None = None
    version: int = 1
    text: FreeText | None = None
    asked_by: AdultId | None = None
    of_id: AdultId | None = None
    version_id: PlanVersionId | None = None
    kept_in: str = ""

    def held_on(self, day: date) -> bool:
        """Whether consent stood on a day."""
        given = self.state in {
            ParentConsentState.GIVEN,
            ParentConsentState.REVOKED,
            ParentConsentState.EXPIRED,
        }
        if not given or self.decided_on is None or day < self.decided_on:
            return False
        return self.revoked_on is None or day < self.revoked_on


def give_consent(consent: ParentConsent, signature: Signature, *, on: date) -> ParentConsent:
    """Return the consent given in writing.

    Raises:
        IllegalMove: ``consent_state`` unless it was asked for; ``consent_before_request`` (300.9: informed
        first).
    """
    _expect(consent, ParentConsentState.GIVEN)
    if on < consent.requested_on:
        raise IllegalMove("consent_before_request", params={"rule": "34 CFR 300.9(a)"})
    return replace(
        consent,
        state=ParentConsentState.GIVEN,
        decided_on=on,
        signature=signature,
        version=consent.version + 1,
    )


def refuse_consent(consent: ParentConsent, *, on: date) -> ParentConsent:
    """Return the consent refused: a right, and no wrong of anybody.

    Raises:
        IllegalMove: ``consent_state`` unless it was asked for.
    """
    _expect(consent, ParentConsentState.REFUSED)
    return replace(consent, state=ParentConsentState.REFUSED, decided_on=on, version=consent.version + 1)


def no_response(consent: ParentConsent, *, on: date, attempts: int) -> ParentConsent:
    """Return the consent left without an answer after efforts that are on record.

    Raises:
        IllegalMove: ``consent_state`` unless it was asked for; ``efforts_missing`` without a recorded attempt
            (300.300(d)(5)). For initial services silence lets nobody start (300.300(b)(1), (b)(3)).
    """
    _expect(consent, ParentConsentState.NO_RESPONSE)
    if attempts < 1:
        raise IllegalMove("efforts_missing", params={"rule": "34 CFR 300.300(d)(5)"})
    return replace(consent, state=ParentConsentState.NO_RESPONSE, decided_on=on, version=consent.version + 1)


def revoke_consent(consent: ParentConsent, *, on: date, in_writing: bool) -> ParentConsent:
    """Return the consent taken back from a day on.

    Raises:
        IllegalMove: ``consent_state`` unless it stands; ``revocation_in_writing`` (300.300(b)(4),
        300.9(c)(3)); ``revocation_before_consent``.
    """
    _expect(consent, ParentConsentState.REVOKED)
    if not in_writing:
        raise IllegalMove("revocation_in_writing", params={"rule": "34 CFR 300.300(b)(4)"})
    if consent.decided_on is not None and on < consent.decided_on:
        raise IllegalMove("revocation_before_consent", params={"rule": "34 CFR 300.9(c)"})
    return replace(consent, state=ParentConsentState.REVOKED, revoked_on=on, version=consent.version + 1)


def expire_consent(consent: ParentConsent, *, on: date) -> ParentConsent:
    """Return a consent whose window is over; from that day it holds no more.

    Raises:
        IllegalMove: ``consent_state`` unless it stands.
    """
    _expect(consent, ParentConsentState.EXPIRED)
    return replace(consent, state=ParentConsentState.EXPIRED, revoked_on=on, version=consent.version + 1)


def _expect(consent: ParentConsent, to: ParentConsentState) -> None:
    if to not in _MOVES[consent.state]:
        raise IllegalMove("consent_state", params={"from": consent.state.value, "to": to.value})
