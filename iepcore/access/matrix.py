"""The access matrix of the domain guide (section 4) as data: party x kind of thing -> read and write.

Each cell is a pair of outcomes (read, write) and the rule it rests on. What is not here is denied.
Cells of rooms that do not exist yet (session logs, minutes) are listed all the same, so that the table is the
one place to look.
"""

from __future__ import annotations

from iepcore.access.cells import (
    ALLOW,
    CONSENTED,
    DENY,
    DESTRUCTION,
    INTERPRETER,
    LOG_OF_ACCESS,
    OWN,
    RECORDS_OFFICER,
    REDACT,
    SITE_KEPT,
    SITE_READ,
    SITE_RULE,
    Cell,
    K,
)
from iepcore.access.family_rows import FAMILY
from iepcore.access.staff_rows import STAFF
from iepcore.access.values import Party, ResourceKind

_OUTSIDE: dict[Party, dict[ResourceKind, Cell]] = {
    Party.INTERPRETER: {
        K.TRANSLATION: Cell(OWN, OWN, INTERPRETER),
        K.IEP: Cell(OWN, DENY, INTERPRETER),
    },
    Party.OUTSIDE_PARTY: {
        K.IEP: Cell(OWN, DENY, CONSENTED),
        K.GOAL: Cell(OWN, DENY, CONSENTED),
    },
    Party.GUEST: {},
}

_SITE: dict[Party, dict[ResourceKind, Cell]] = {
    Party.SITE_RECORDS_OFFICER: {
        K.APPOINTMENT: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.ROSTER: Cell(ALLOW, DENY, RECORDS_OFFICER),
        K.ROSTER_FEED: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.ACCOUNT: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.LEGAL_HOLD: Cell(ALLOW, ALLOW, DESTRUCTION),
        K.OUTBOX: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        K.UNMATCHED_REPLY: Cell(ALLOW, ALLOW, RECORDS_OFFICER),
        **SITE_KEPT,
        K.RECORD_REQUEST: Cell(ALLOW, ALLOW, LOG_OF_ACCESS),
        K.DISCLOSURE: Cell(ALLOW, ALLOW, LOG_OF_ACCESS),
        K.OPENING: Cell(ALLOW, ALLOW, LOG_OF_ACCESS),
        K.AUDIT_LOG: Cell(ALLOW, DENY, LOG_OF_ACCESS),
    },
    Party.SITE_CASE_MANAGER: {
        K.ROSTER: Cell(ALLOW, ALLOW, SITE_RULE),
        K.STUDENT: Cell(DENY, ALLOW, SITE_RULE),
        K.UNMATCHED_REPLY: Cell(OWN, OWN, RECORDS_OFFICER),
        **SITE_READ,
    },
    Party.SITE_ADMINISTRATOR: {
        K.APPOINTMENT: Cell(ALLOW, DENY, SITE_RULE),
        K.ACCOUNT: Cell(ALLOW, ALLOW, SITE_RULE),
        K.LEGAL_HOLD: Cell(ALLOW, DENY, SITE_RULE),
        K.PLATFORM: Cell(ALLOW, ALLOW, SITE_RULE),
        K.ROSTER_FEED: Cell(ALLOW, ALLOW, SITE_RULE),
        K.OUTBOX: Cell(REDACT, ALLOW, SITE_RULE),
        **SITE_KEPT,
        K.OPENING: Cell(OWN, OWN, LOG_OF_ACCESS),
        K.AUDIT_LOG: Cell(REDACT, DENY, LOG_OF_ACCESS),
    },
}


MATRIX: dict[Party, dict[ResourceKind, Cell]] = {**STAFF, **FAMILY, **_OUTSIDE, **_SITE}
"""Site-wide standings speak only about things without a child (``student_id`` None); a site case manager's
write on ``student`` is opening a new record, never reading one. Exceptions are the office's own books
(requests, disclosures, openings), which name a child and are not the record. Of what leaves, an administrator
sees staff and road, never a family's name. A site case manager reads the unmatched answers that a records
officer handed to them. The trail of the site is the officer's; an administrator sees it without children."""
