"""Whom a meeting must or may ask beside the team: the student, an outside agency, early intervention (M5,
M6).

An agency that is likely to pay for transition services is asked only with consent, and from the day of
majority on that consent is the student's own (34 CFR 300.321(b)(3), 300.520).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from iepcore.ids import ParentConsentId
from iepcore.meetings.members import Invited, TeamPart
from iepcore.plan.document import ConsentKind, ParentConsent


class AskingGap(StrEnum):
    """What is missing before somebody beside the team is asked."""

    STUDENT = "student_not_invited"
    AGENCY_CONSENT = "agency_consent_missing"
    AGENCY_SIGNER = "agency_consent_by_another"


ASKING_RULES: dict[AskingGap, str] = {
    AskingGap.STUDENT: "34 CFR 300.321(b)(1)",
    AskingGap.AGENCY_CONSENT: "34 CFR 300.321(b)(3), 300.622(b)(2)",
    AskingGap.AGENCY_SIGNER: "34 CFR 300.520(a)(1)(ii), 300.321(b)(3)",
}


def asking_gaps(
    invited: Iterable[Invited],
    consents: Iterable[ParentConsent],
    *,
    meeting_on: date,
    transition: bool,
    student_decides: bool = False,
    signed_by_student: Iterable[ParentConsentId] = (),
) -> tuple[AskingGap, ...]:
    """Return what is missing: the student when transition is talked about; for every outside agency a consent
    to asking it that holds on the day, given by who holds the rights then.

    ``student_decides``: on the day of the meeting the rights under Part B are the student's own (300.520).
    ``signed_by_student`` are the consents the student signed.
    """
    asked = tuple(invited)
    by_student = frozenset(signed_by_student)
    held = {
        one.id: one
        for one in consents
        if one.kind is ConsentKind.AGENCY_INVITATION and one.held_on(meeting_on)
    }
    gaps = set()
    if transition and not any(TeamPart.STUDENT in one.parts for one in asked):
        gaps.add(AskingGap.STUDENT)
    for one in asked:
        if TeamPart.OUTSIDE_AGENCY not in one.parts:
            continue
        if one.consent_id is None or one.consent_id not in held:
            gaps.add(AskingGap.AGENCY_CONSENT)
        elif student_decides and one.consent_id not in by_student:
            gaps.add(AskingGap.AGENCY_SIGNER)
    return tuple(gap for gap in AskingGap if gap in gaps)
