"""The files and columns of OneRoster CSV 1.1 and 1.2, and what is never opened.

Facts of the 1EdTech bindings. The order is the standard's; reading goes by name. A column that no schema
reads never leaves the line it stands in: passwords, birth dates, race and the like have no place here.
"""

from __future__ import annotations

from collections.abc import Mapping

_HEAD = ("sourcedId", "status", "dateLastModified")

_SHARED: Mapping[str, tuple[str, ...]] = {
    "manifest.csv": ("propertyName", "value"),
    "academicSessions.csv": (
        *_HEAD,
        "title",
        "type",
        "startDate",
        "endDate",
        "parentSourcedId",
        "schoolYear",
    ),
    "orgs.csv": (*_HEAD, "name", "type", "identifier", "parentSourcedId"),
    "courses.csv": (
        *_HEAD,
        "schoolYearSourcedId",
        "title",
        "courseCode",
        "grades",
        "orgSourcedId",
        "subjects",
        "subjectCodes",
    ),
    "classes.csv": (
        *_HEAD,
        "title",
        "grades",
        "courseSourcedId",
        "classCode",
        "classType",
        "location",
        "schoolSourcedId",
        "termSourcedIds",
        "subjects",
        "subjectCodes",
        "periods",
    ),
    "enrollments.csv": (
        *_HEAD,
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "primary",
        "beginDate",
        "endDate",
    ),
    "demographics.csv": (
        *_HEAD,
        "birthDate",
        "sex",
        "americanIndianOrAlaskaNative",
        "asian",
        "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander",
        "white",
        "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity",
        "countryOfBirthCode",
        "stateOfBirthAbbreviation",
        "cityOfBirth",
        "publicSchoolResidenceStatus",
    ),
}

_PERSON = ("username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms")
_PERSON_END = ("phone", "agentSourcedIds", "grades", "password")

COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "1.1": {
        **_SHARED,
        "users.csv": (*_HEAD, "enabledUser", "orgSourcedIds", "role", *_PERSON, *_PERSON_END),
    },
    "1.2": {
        **_SHARED,
        "users.csv": (
            *_HEAD,
            "enabledUser",
            *_PERSON,
            *_PERSON_END,
            "userMasterIdentifier",
            "resourceSourcedIds",
            "preferredGivenName",
            "preferredMiddleName",
            "preferredFamilyName",
            "primaryOrgSourcedId",
            "pronouns",
        ),
        "roles.csv": (
            *_HEAD,
            "userSourcedId",
            "roleType",
            "role",
            "beginDate",
            "endDate",
            "orgSourcedId",
            "userProfileSourcedId",
        ),
        "userProfiles.csv": (
            *_HEAD,
            "userSourcedId",
            "profileType",
            "vendorId",
            "applicationId",
            "description",
            "credentialType",
            "username",
            "password",
        ),
    },
}
"""Version -> file -> columns, in the standard's order."""

NEVER_OPENED = frozenset({"demographics.csv", "userProfiles.csv"})
"""Files of which not one byte is unpacked."""

STATUSES = frozenset({"active", "tobedeleted"})
USER_ROLES: Mapping[str, frozenset[str]] = {
    "1.1": frozenset(
        {"administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"}
    ),
    "1.2": frozenset(
        {
            "aide",
            "counselor",
            "districtAdministrator",
            "guardian",
            "parent",
            "principal",
            "proctor",
            "relative",
            "siteAdministrator",
            "student",
            "systemAdministrator",
            "teacher",
        }
    ),
}
ENROLLMENT_ROLES = frozenset({"administrator", "proctor", "student", "teacher"})

GUARDIAN_ROLES = frozenset({"parent", "guardian", "relative"})
"""The roles whose bearers may act for a student."""
