"""Whom a platform itself calls its administrator: the roles, and nothing about rights here."""

from __future__ import annotations

from collections.abc import Sequence

from lti_app.doors.lti.roles import known_roles

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
ADMINISTRATORS = frozenset(
    (
        _LIS + "institution/person#Administrator",
        _LIS + "system/person#Administrator",
        _LIS + "system/person#AccountAdmin",
        _LIS + "system/person#SysAdmin",
    )
)


def is_administrator(roles: Sequence[str]) -> bool:
    """Whether the platform calls somebody its administrator, in or outside a course.

    Moodle has no menu of its own for administrators: hers launch from a course, as its teacher.
    """
    return not ADMINISTRATORS.isdisjoint(known_roles(roles))
