"""Who outside the school's staff and the family asked for a child's record or got it, and by what right.

The record of access of 34 CFR 99.32 and 300.614 (domain guide P4, the stricter union: disclosures with
consent are written down too). Rows are never changed; a wrong one is corrected by a later one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from iepcore.access.chain import Erasure, Link, Plain, plain_id, plain_instant
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, DisclosureId, ParentConsentId, StudentId

LONGEST_LINE = 200
LONGEST_WORDS = 500


class DisclosureBasis(StrEnum):
    """By what right something was disclosed, or asked for."""

    CONSENT = "consent"
    """34 CFR 99.30, 300.622."""
    TRANSFER = "transfer"
    """To a school where the child enrols: 99.31(a)(2), 99.34."""
    AUDIT = "audit"
    """Audit or evaluation of a program: 99.31(a)(3), 99.35."""
    EMERGENCY = "emergency"
    """99.31(a)(10), 99.36: the threat is written down, 99.32(a)(5)."""
    COURT = "court"
    """A court order or subpoena: 99.31(a)(9)."""
    CARE = "care"
    """A case worker with legal responsibility for the child: 20 USC 1232g(b)(1)(L)."""
    OTHER = "other"
    """Another one of 99.31; ``why`` names it."""


class DisclosureSeal(StrEnum):
    """Who must not learn of a disclosure. The records officer always sees it."""

    OPEN = "open"
    SEALED = "sealed"
    """An order or subpoena says that its existence is not told: 99.31(a)(9)(ii), 99.32(d)."""
    PROTECTED = "protected"
    """It would show where a protected person is, or that somebody helps them."""


BASIS_CITATIONS = {
    DisclosureBasis.CONSENT: "34 CFR 99.30, 300.622",
    DisclosureBasis.TRANSFER: "34 CFR 99.31(a)(2), 99.34",
    DisclosureBasis.AUDIT: "34 CFR 99.31(a)(3), 99.35",
    DisclosureBasis.EMERGENCY: "34 CFR 99.31(a)(10), 99.36",
    DisclosureBasis.COURT: "34 CFR 99.31(a)(9)",
    DisclosureBasis.CARE: "20 USC 1232g(b)(1)(L)",
    DisclosureBasis.OTHER: "34 CFR 99.31",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One line of the record of access: the party, the day, what, and the reason it gave.

    ``given`` is False for a request that was not met: those are written down too (99.32(a)(1)).
    ``told_to_keep``: the party was told not to pass it on (99.33). ``corrects`` names the line this one
    stands in place of. ``link`` is its place in the chain, given by the store.

    Raises:
        InvalidValue: ``party_form``, ``what_form`` (a line of 1 to 200 characters), ``why_form`` (1 to 500),
            ``consent_needed`` for a disclosure by consent that names none and says nothing of the paper.
    """

    id: DisclosureId
    student_id: StudentId
    on: date
    party: str
    what: str
    why: str
    basis: DisclosureBasis
    noted_at: datetime
    noted_by: AdultId | None = None
    given: bool = True
    consent_id: ParentConsentId | None = None
    consent_paper: str = ""
    told_to_keep: bool = False
    seal: DisclosureSeal = DisclosureSeal.OPEN
    corrects: DisclosureId | None = None
    link: Link | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_line(self.party, "party_form", "party")
        check_line(self.what, "what_form", "what")
        check_words(self.why, "why_form", "why")
        if len(self.consent_paper) > LONGEST_LINE or not self.consent_paper.isprintable():
            raise InvalidValue("consent_paper_form", field="consent_paper")
        has_consent = self.consent_id is not None or bool(self.consent_paper.strip())
        if self.basis is DisclosureBasis.CONSENT and self.given and not has_consent:
            raise InvalidValue("consent_needed", field="consent_paper")

    @property
    def citation(self) -> str:
        """The rule it rests on."""
        return BASIS_CITATIONS[self.basis]

    @property
    def erasure(self) -> Erasure | None:
        """None: only the trail tells of erasures."""
        return None

    def public_parts(self) -> tuple[Plain, ...]:
        """Return what stays when the child's record is erased."""
        return (plain_id(self.id), plain_instant(self.noted_at), plain_id(self.noted_by))

    def private_parts(self) -> tuple[Plain, ...]:
        """Return what goes when the child's record is erased."""
        return (
            plain_id(self.student_id),
            self.on.isoformat(),
            self.party,
            self.what,
            self.why,
            self.basis.value,
            self.given,
            plain_id(self.consent_id),
            self.consent_paper,
            self.told_to_keep,
            self.seal.value,
            plain_id(self.corrects),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankedDisclosure:
    """What an erasure leaves of a disclosure: its place in the chain, when and by whom it was written."""

    id: DisclosureId
    noted_at: datetime
    noted_by: AdultId | None
    link: Link

    @property
    def erasure(self) -> Erasure | None:
        """None: only the trail tells of erasures."""
        return None

    def public_parts(self) -> tuple[Plain, ...]:
        """Return what stayed."""
        return (plain_id(self.id), plain_instant(self.noted_at), plain_id(self.noted_by))

    def private_parts(self) -> tuple[Plain, ...]:
        """Return nothing: it is gone."""
        return (None,)


def check_line(text: str, code: str, field: str) -> None:
    """Refuse what is not a line of 1 to 200 printable characters."""
    if not text.strip() or len(text) > LONGEST_LINE or not text.isprintable():
        raise InvalidValue(code, field=field)


def check_words(text: str, code: str, field: str, *, least: int = 1) -> None:
    """Refuse words that are shorter than ``least`` or longer than 500 characters."""
    if not least <= len(text.strip()) or len(text) > LONGEST_WORDS:
        raise InvalidValue(code, field=field)
