"""People: students, adults, the two rights flags of each relationship, staff assignments, rosters."""

from __future__ import annotations

from iepcore.people.adults import AddressKind, Adult, ChannelAddress, told_address, told_name
from iepcore.people.keeping import LegalHold, Suspension
from iepcore.people.pulls import (
    CourseList,
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    GuardianLink,
    PullProgress,
    RosterPerson,
    RosterSection,
    Shortfall,
    ShortfallKind,
    UnreadRow,
    standings_of,
)
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
    "CourseList",
    "CourseListing",
    "CourseRoster",
    "Enrollment",
    "EnrollmentState",
    "GuardianLink",
    "Identity",
    "LegalHold",
    "LinkHint",
    "PersonKind",
    "PullProgress",
    "Relation",
    "Relationship",
    "RosterChanges",
    "RosterMember",
    "RosterPerson",
    "RosterSection",
    "RosterStanding",
    "Shortfall",
    "ShortfallKind",
    "SiteRole",
    "StaffRole",
    "Student",
    "Suspension",
    "UnreadRow",
    "roster_changes",
    "standings_of",
    "told_address",
    "told_name",
]
