"""People: students, adults, the two rights flags of each relationship, staff assignments, rosters."""

from __future__ import annotations

from iepcore.people.adults import AddressKind, Adult, ChannelAddress, told_address, told_name
from iepcore.people.keeping import LegalHold, Suspension
from iepcore.people.relationships import Relation, Relationship
from iepcore.people.roster import Identity, LinkHint, PersonKind, RosterMember, RosterStanding
from iepcore.people.staff import Appointment, Assignment, SiteRole, StaffRole
from iepcore.people.students import Student

__all__ = [
    "AddressKind",
    "Adult",
    "Appointment",
    "Assignment",
    "ChannelAddress",
    "Identity",
    "LinkHint",
    "PersonKind",
    "Relation",
    "Relationship",
    "RosterMember",
    "RosterStanding",
    "SiteRole",
    "StaffRole",
    "LegalHold",
    "Student",
    "told_address",
    "told_name",
]
