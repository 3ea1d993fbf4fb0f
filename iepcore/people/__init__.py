"""People: students, adults, the two rights flags of each relationship, staff assignments, rosters."""

from __future__ import annotations

from iepcore.people.adults import AddressKind, Adult, ChannelAddress, told_address, told_name
from iepcore.people.keeping import LegalHold, Suspension
from iepcore.people.relationships import Relation, Relationship
from iepcore.people.roster import (
    Identity,
    LinkHint,
    PersonKind,
    RosterChanges,
    RosterMember,
    RosterStanding,
    roster_changes,
)
from iepcore.people.staff import Appointment, Assignment, SiteRole, StaffRole
from iepcore.people.students import Student

__all__ = [
    "AddressKind",
    "Adult",
    "Appointment",
    "Assignment",
    "ChannelAddress",
    "Identity",
    "LegalHold",
    "LinkHint",
    "PersonKind",
    "Relation",
    "Relationship",
    "RosterChanges",
    "RosterMember",
    "RosterStanding",
    "SiteRole",
    "StaffRole",
    "Student",
    "Suspension",
    "roster_changes",
    "told_address",
    "told_name",
]
