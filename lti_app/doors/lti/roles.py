"""Roles by least privilege: from the role URIs of a launch to one ``Standing``, and whom a parent observes.

Sources: LTI 1.3 core, appendix A (vocabularies); Canvas ``substitutions_helper.rb`` and
``variable_expander.rb`` (what it sends for an observer). A standing is which face of the tool opens, never a
right: rights are read from the site's own records at each request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
_CONTEXT = _VOCABULARY + "membership"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
MENTOR = _CONTEXT + "#Mentor"

# Short names are legal for core context roles only (LTI core A.2.3); "Administrator" alone we do not trust.
_SHORT = {name: f"{_CONTEXT}#{name}" for name in ("Instructor", "Learner", "Mentor", "ContentDeveloper")}
_STAFF_ELSEWHERE = frozenset(_VOCABULARY + "institution/person#" + name for name in ("Instructor", "Faculty"))
_ADMINISTRATOR = frozenset(
    (
        _VOCABULARY + "institution/person#Administrator",
        _VOCABULARY + "system/person#Administrator",
        _VOCABULARY + "system/person#AccountAdmin",
        _VOCABULARY + "system/person#SysAdmin",
    )
)


class Standing(StrEnum):
    """Which face of the tool a launch opens."""

    STAFF = "staff"
    FAMILY = "family"
    LEARNER = "learner"
    ADMIN = "admin"
    TEST_USER = "test_user"
    NONE = "none"


class Face(StrEnum):
    """Whose screens a session opens; ``NOBODY`` gets the neutral page and no session."""

    STAFF = "staff"
    FAMILY = "family"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody is at the site by its own records today: ``staff`` with a place or an office, ``parent``
    of a child whose record they may read. Both may hold.
    """

    staff: bool = False
    parent: bool = False


def face_of(standing: Standing, part: Part) -> Face:
    """Return whose screens open: the platform's word chooses the door, our own records what is behind it.

    A launch never makes a parent staff, nor takes a parent's screens away: on platforms where an enrolled
    parent is only a Learner, a confirmed one still finds their child. Staff who launch as a parent or a pupil
    of this course are that here. A teacher unknown to us gets staff screens without any child.
    """
    if standing is Standing.TEST_USER:
        return Face.NOBODY
    if standing in (Standing.STAFF, Standing.ADMIN) and (part.staff or not part.parent):
        return Face.STAFF
    return Face.FAMILY if part.parent else Face.NOBODY


def known_roles(roles: Sequence[str]) -> tuple[str, ...]:
    """Return the role URIs this module understands, long form, in the order sent, without repeats."""
    return _known_roles(tuple(roles))


@lru_cache(maxsize=128)  # one launch asks several times, and a school's launches have few kinds
def _known_roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    spelled = (_SHORT.get(role, role) for role in roles)
    wanted = (role for role in spelled if role.startswith((_VOCABULARY, _CONTEXT)) or role == TEST_USER)
    return tuple(dict.fromkeys(wanted))


def standing_of(roles: Sequence[str], *, in_course: bool) -> Standing:
    """Return the standing of ``roles``.

    Context roles decide inside a course; institution and system roles only where there is no course. In
    order: test user, teacher (``Instructor`` or its sub-roles, so an aide too), parent (``Mentor`` itself,
    not its sub-roles), pupil, administrator. A teacher who observes her own child has ``Mentor`` in that
    course and is a parent there, although her institution role says ``Instructor``.
    ``membership/Learner#Instructor`` is a pupil.
    """
    return _standing(known_roles(roles), in_course)


@lru_cache(maxsize=256)
def _standing(names: tuple[str, ...], in_course: bool) -> Standing:
    if TEST_USER in names:
        return Standing.TEST_USER
    if any(name == _CONTEXT + "#Instructor" or name.startswith(_CONTEXT + "/Instructor#") for name in names):
        return Standing.STAFF
    if MENTOR in names:
        return Standing.FAMILY
    if any(name == _CONTEXT + "#Learner" or name.startswith(_CONTEXT + "/Learner#") for name in names):
        return Standing.LEARNER
    if in_course or any(name.startswith(_CONTEXT) for name in names):
        return Standing.NONE
    if _ADMINISTRATOR.intersection(names):
        return Standing.ADMIN
    return Standing.STAFF if _STAFF_ELSEWHERE.intersection(names) else Standing.NONE


def observees_of(
    roles: Sequence[str], *, mentor_claim: Sequence[str] | None, custom_field: str | None
) -> tuple[str, ...]:
    """Return the subjects a parent observes in this course, least privilege.

    ``custom_field`` is Canvas' ``$com.instructure.User.observees`` (comma-separated; None when it did not
    resolve), ``mentor_claim`` the ``role_scope_mentor`` claim. Given both, only what both name counts.
    Without the ``Mentor`` role neither counts (LTI core 5.4.3).
    """
    if MENTOR not in known_roles(roles):
        return ()
    named = None if custom_field is None else [one.strip() for one in custom_field.split(",") if one.strip()]
    if named is None:
        chosen = list(mentor_claim or ())
    elif mentor_claim is None:
        chosen = named
    else:
        chosen = [one for one in named if one in mentor_claim]
    return tuple(dict.fromkeys(one for one in chosen if 0 < len(one) <= 255))
