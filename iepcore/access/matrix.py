"""The access matrix of the domain guide (section 4) as data: party x kind of thing -> read and write.

Each cell is a pair of outcomes (read, write) and the rule it rests on. What is not here is denied.
Cells of rooms that do not exist yet (session logs, minutes, consents) are listed all the same, so that the
table is the one place to look.
"""

from __future__ import annotations

from typing import NamedTuple

from iepcore.access.decision import Outcome
from iepcore.access.values import Party, ResourceKind

ALLOW, DENY, OWN, REDACT = Outcome.ALLOW, Outcome.DENY, Outcome.OWN_ONLY, Outcome.REDACT

SCHOOL_OFFICIAL = "34 CFR 99.31(a)(1)"
MUST_HAVE_IEP = "34 CFR 300.323(d)"
SUPERVISION = "34 CFR 300.323(d), under supervision"
PARENT_INSPECTS = "34 CFR 300.613, 99.10"
PARENT_ACCESS = "34 CFR 99.4"
PARENT_DISCLOSURES = "34 CFR 99.32(c)"
RECORDS_OFFICER = "34 CFR 300.623(b)"
SUBSTITUTE = "34 CFR 99.3, window only"
INTERPRETER = "34 CFR 99.31(a)(1)(i)(B)"
DESTRUCTION = "34 CFR 99.10(e), 300.624"
SITE_RULE = "product rule: bootstrapping"


class Cell(NamedTuple):
    """Read outcome, write outcome, citation."""

    read: Outcome
    write: Outcome
    citation: str


K = ResourceKind

_TEAM_FULL = {
    K.STUDENT: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.IEP: Cell(ALLOW, ALLOW, MUST_HAVE_IEP),
    K.GOAL: Cell(ALLOW, ALLOW, MUST_HAVE_IEP),
    K.DATA_POINT: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.INTERNAL_NOTE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.PRIVATE_NOTE: Cell(OWN, OWN, "34 CFR 99.3(b)(1)"),
    K.SHARED_NOTE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.MESSAGE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.HOME_OBSERVATION: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.CONTACT_LOG: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
    K.TEAM: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.RELATIONSHIP: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    K.TRANSLATION: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
}

MATRIX: dict[Party, dict[ResourceKind, Cell]] = {
    Party.CASE_MANAGER: {
        **_TEAM_FULL,
        K.SESSION_LOG: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.FAMILY_PROFILE: Cell(ALLOW, OWN, SCHOOL_OFFICIAL),
        K.MINUTES: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.AUDIT_LOG: Cell(OWN, DENY, SCHOOL_OFFICIAL),
        K.TEAM: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
        K.RELATIONSHIP: Cell(ALLOW, ALLOW, PARENT_ACCESS),
    },
    Party.SPECIAL_ED_TEACHER: {
        **_TEAM_FULL,
        K.STUDENT: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.SESSION_LOG: Cell(ALLOW, OWN, SCHOOL_OFFICIAL),
        K.FAMILY_PROFILE: Cell(OWN, DENY, SCHOOL_OFFICIAL),
        K.MINUTES: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    },
    Party.GEN_ED_TEACHER: {
        K.STUDENT: Cell(ALLOW, DENY, MUST_HAVE_IEP),
        K.IEP: Cell(ALLOW, DENY, MUST_HAVE_IEP),
        K.GOAL: Cell(ALLOW, DENY, MUST_HAVE_IEP),
        K.DATA_POINT: Cell(OWN, OWN, MUST_HAVE_IEP),
        K.INTERNAL_NOTE: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.SHARED_NOTE: Cell(ALLOW, ALLOW, SCHOOL_OFFICIAL),
        K.MESSAGE: Cell(OWN, OWN, SCHOOL_OFFICIAL),
        K.CONTACT_LOG: Cell(OWN, OWN, SCHOOL_OFFICIAL),
        K.FAMILY_PROFILE: Cell(OWN, DENY, SCHOOL_OFFICIAL),
        K.TEAM: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.TRANSLATION: Cell(OWN, OWN, SCHOOL_OFFICIAL),
    },
    Party.RELATED_SERVICE_PROVIDER: {
        **_TEAM_FULL,
        K.STUDENT: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.IEP: Cell(ALLOW, OWN, MUST_HAVE_IEP),
        K.GOAL: Cell(ALLOW, OWN, MUST_HAVE_IEP),
        K.DATA_POINT: Cell(ALLOW, OWN, SCHOOL_OFFICIAL),
        K.MESSAGE: Cell(OWN, OWN, SCHOOL_OFFICIAL),
        K.SESSION_LOG: Cell(ALLOW, OWN, SCHOOL_OFFICIAL),
        K.FAMILY_PROFILE: Cell(OWN, DENY, SCHOOL_OFFICIAL),
        K.MINUTES: Cell(ALLOW, OWN, SCHOOL_OFFICIAL),
    },
    Party.PARAPROFESSIONAL: {
        K.STUDENT: Cell(ALLOW, DENY, SUPERVISION),
        K.IEP: Cell(ALLOW, DENY, SUPERVISION),
        K.GOAL: Cell(ALLOW, DENY, SUPERVISION),
        K.DATA_POINT: Cell(OWN, OWN, SUPERVISION),
        K.SESSION_LOG: Cell(OWN, OWN, SUPERVISION),
        K.SHARED_NOTE: Cell(ALLOW, DENY, SUPERVISION),
        K.FAMILY_PROFILE: Cell(OWN, DENY, SUPERVISION),
    },
    Party.SUBSTITUTE: {
        K.STUDENT: Cell(ALLOW, DENY, SUBSTITUTE),
        K.IEP: Cell(REDACT, DENY, SUBSTITUTE),
        K.GOAL: Cell(ALLOW, DENY, SUBSTITUTE),
        K.DATA_POINT: Cell(OWN, OWN, SUBSTITUTE),
        K.SESSION_LOG: Cell(OWN, OWN, SUBSTITUTE),
        K.SHARED_NOTE: Cell(ALLOW, DENY, SUBSTITUTE),
    },
    Party.ADMINISTRATOR: {
        K.STUDENT: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.IEP: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.GOAL: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.DATA_POINT: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.SESSION_LOG: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.INTERNAL_NOTE: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.SHARED_NOTE: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.FAMILY_PROFILE: Cell(OWN, DENY, SCHOOL_OFFICIAL),
        K.MINUTES: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.AUDIT_LOG: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
        K.TEAM: Cell(ALLOW, DENY, SCHOOL_OFFICIAL),
    },
    Party.PARENT_RECORDS_AND_DECISIONS: {
        K.STUDENT: Cell(ALLOW, DENY, PARENT_INSPECTS),
        K.IEP: Cell(ALLOW, DENY, PARENT_INSPECTS),
        K.GOAL: Cell(ALLOW, DENY, PARENT_INSPECTS),
        K.DATA_POINT: Cell(ALLOW, DENY, PARENT_INSPECTS),
        K.SESSION_LOG: Cell(REDACT, DENY, PARENT_INSPECTS),
        K.SHARED_NOTE: Cell(ALLOW, ALLOW, PARENT_INSPECTS),
        K.MESSAGE: Cell(OWN, OWN, PARENT_INSPECTS),
        K.HOME_OBSERVATION: Cell(OWN, OWN, PARENT_INSPECTS),
        K.FAMILY_PROFILE: Cell(OWN, OWN, PARENT_INSPECTS),
        K.MINUTES: Cell(ALLOW, DENY, PARENT_INSPECTS),
        K.AUDIT_LOG: Cell(OWN, DENY, PARENT_DISCLOSURES),
        K.TEAM: Cell(ALLOW, DENY, PARENT_INSPECTS),
        K.TRANSLATION: Cell(OWN, OWN, PARENT_INSPECTS),
    },
    Party.PARENT_RECORDS_ONLY: {
        K.STUDENT: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.IEP: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.GOAL: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.DATA_POINT: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.SESSION_LOG: Cell(REDACT, DENY, PARENT_ACCESS),
        K.SHARED_NOTE: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.MESSAGE: Cell(OWN, OWN, PARENT_ACCESS),
        K.HOME_OBSERVATION: Cell(OWN, OWN, PARENT_ACCESS),
        K.FAMILY_PROFILE: Cell(OWN, OWN, PARENT_ACCESS),
        K.MINUTES: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.AUDIT_LOG: Cell(OWN, DENY, PARENT_DISCLOSURES),
        K.TEAM: Cell(ALLOW, DENY, PARENT_ACCESS),
        K.TRANSLATION: Cell(OWN, OWN, PARENT_ACCESS),
    },
    Party.PARENT_NO_RECORDS: {},
    Party.INTERPRETER: {
        K.TRANSLATION: Cell(OWN, OWN, INTERPRETER),
    },
    Party.SITE_RECORDS_OFFICER: {
        K.APPOINTMENT: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.ROSTER: Cell(ALLOW, DENY, RECORDS_OFFICER),
        K.ROSTER_FEED: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.ACCOUNT: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.LEGAL_HOLD: Cell(ALLOW, ALLOW, DESTRUCTION),
        K.OUTBOX: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.UNMATCHED_REPLY: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
    },
    Party.SITE_CASE_MANAGER: {
        K.ROSTER: Cell(ALLOW, ALLOW, SITE_RULE),
        K.STUDENT: Cell(DENY, ALLOW, SITE_RULE),
        K.UNMATCHED_REPLY: Cell(OWN, OWN, RECORDS_OFFICER),
    },
    Party.SITE_ADMINISTRATOR: {
        K.APPOINTMENT: Cell(ALLOW, DENY, SITE_RULE),
        K.ACCOUNT: Cell(ALLOW, ALLOW, SITE_RULE),
        K.LEGAL_HOLD: Cell(ALLOW, DENY, SITE_RULE),
        K.PLATFORM: Cell(ALLOW, ALLOW, SITE_RULE),
        K.ROSTER_FEED: Cell(ALLOW, ALLOW, SITE_RULE),
        K.OUTBOX: Cell(REDACT, ALLOW, SITE_RULE),
    },
}
"""Site-wide standings speak only about things without a child (``student_id`` None); a site case manager's
write on
``student`` is opening a new record, never reading one. Of what leaves, an administrator sees
staff and road, never a family's name. A site case manager reads the unmatched answers that a records officer
handed to them."""
