"""A cell of the access matrix, the rules cells rest on, and what several rows share."""

from __future__ import annotations

from typing import NamedTuple

from iepcore.access.decision import Outcome
from iepcore.access.values import ResourceKind

ALLOW, DENY, OWN, REDACT = Outcome.ALLOW, Outcome.DENY, Outcome.OWN_ONLY, Outcome.REDACT

SCHOOL_OFFICIAL = "34 CFR 99.31(a)(1)"
MUST_HAVE_IEP = "34 CFR 300.323(d)"
SUPERVISION = "34 CFR 300.323(d), under supervision"
PARENT_INSPECTS = "34 CFR 300.613, 99.10"
PARENT_ACCESS = "34 CFR 99.4"
PARENT_DISCLOSURES = "34 CFR 99.32(c)"
RECORDS_OFFICER = "34 CFR 300.623(b)"
SUBSTITUTE = "34 CFR 99.3, window only"
MAKERS_NOTE = "34 CFR 99.3(b)(1)"
ADULT_STUDENT = "34 CFR 99.5, 300.520"
NOTICES_TO_BOTH = "34 CFR 300.520(a)(1)(i)"
AFTER_TRANSFER = "34 CFR 300.520, 99.31(a)(8)"
MINOR_STUDENT = "34 CFR 300.321(a)(7), no right of its own under 99.5"
CONSENTED = "34 CFR 99.30, 300.622"
WRITTEN_NOTICE = "34 CFR 300.503, 300.322"
PARENTS_TAKE_PART = "34 CFR 300.324(a)(1)(ii), 300.501(b)"
TOLD_THEIR_DUTIES = "34 CFR 300.323(d)(2)"
LOG_OF_ACCESS = "34 CFR 300.614, 99.32"
SITE_CALENDAR = "product rule: the school's calendar is known to its staff"
INTERPRETER = "34 CFR 99.31(a)(1)(i)(B)"
DESTRUCTION = "34 CFR 99.10(e), 300.624"
SITE_RULE = "product rule: bootstrapping"


class Cell(NamedTuple):
    """Read outcome, write outcome, citation."""

    read: Outcome
    write: Outcome
    citation: str


K = ResourceKind

TEAM = {
    K.STUDENT: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.IEP: Cell(ALLOW, ALLOW, MUST_HAVE_IEP),
    K.GOAL: Cell(ALLOW, ALLOW, MUST_HAVE_IEP),
    K.DATA_POINT: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.INTERNAL_NOTE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.PRIVATE_NOTE: Cell(OWN, OWN, MAKERS_NOTE),
    K.SHARED_NOTE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.MESSAGE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.HOME_OBSERVATION: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.CONTACT_LOG: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.TEAM: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.RELATIONSHIP: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.TRANSLATION: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.CONSENT: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.PLAN_COMMENT: Cell(ALLOW, ALLOW, PARENTS_TAKE_PART),
    K.FAMILY_WISH: Cell(ALLOW, DENY, PARENTS_TAKE_PART),
    K.DUTIES: Cell(ALLOW, OWN, TOLD_THEIR_DUTIES),
    K.NOTICE: Cell(ALLOW, DENY, WRITTEN_NOTICE),
    K.CALENDAR: Cell(ALLOW, DENY, SITE_CALENDAR),
    K.SITE_CHOICES: Cell(ALLOW, DENY, SITE_CALENDAR),
}
"""What a full member of a child's team has."""

SITE_READ = {K.CALENDAR: Cell(ALLOW, DENY, SITE_CALENDAR), K.SITE_CHOICES: Cell(ALLOW, DENY, SITE_CALENDAR)}
SITE_KEPT = {
    K.CALENDAR: Cell(ALLOW, ALLOW, SITE_CALENDAR),
    K.SITE_CHOICES: Cell(ALLOW, ALLOW, SITE_CALENDAR),
}
