"""Who is in the practice LMS: the school, its courses, its users and who may see or write to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STAFF_ROLES = frozenset({"teacher", "ta"})


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The root account."""

    name: str
    phone: str
    account_id: int
    guid: str
    account_context_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course; ``context_id`` is its LTI id, ``id`` the number in its address."""

    id: int
    name: str
    course_code: str
    context_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One place in one course; ``observes`` holds user keys and only observers have any."""

    course: int
    role: str
    observes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One account of the LMS."""

    key: str
    sub: str
    canvas_user_id: int
    name: str
    given_name: str
    family_name: str
    email: str
    locale: str
    time_zone: str
    about: str
    enrollments: tuple[Enrollment, ...]
    account_roles: tuple[str, ...]

    @property
    def is_administrator(self) -> bool:
        """Whether this person administers the account."""
        return "Administrator" in self.account_roles

    def roles_in(self, course_id: int) -> frozenset[str]:
        """The enrolment roles this person has in one course."""
        return frozenset(e.role for e in self.enrollments if e.course == course_id)

    def observes_in(self, course_id: int) -> tuple[str, ...]:
        """Keys of the pupils this person is linked to in one course, in the order of the enrolments."""
        return tuple(
            k for e in self.enrollments if e.course == course_id and e.role == "observer" for k in e.observes
        )

    @property
    def kind(self) -> str:
        """One word for the page that asks who you are: the strongest role anywhere."""
        roles = {e.role for e in self.enrollments}
        if self.is_administrator:
            return "administrator"
        for role in ("teacher", "ta", "observer", "test_student"):
            if role in roles:
                return role
        return "student"


class People:
    """Everybody, with look-ups by key, number and subject."""

    def __init__(self, school: School, courses: tuple[Course, ...], users: tuple[User, ...]) -> None:
        self.school = school
        self.courses = courses
        self.users = users
        self._courses: Mapping[int, Course] = {c.id: c for c in courses}
        self._by_key: Mapping[str, User] = {u.key: u for u in users}
        self._by_id: Mapping[int, User] = {u.canvas_user_id: u for u in users}

    def course(self, course_id: int) -> Course | None:
        """The course with this number, or none."""
        return self._courses.get(course_id)

    def by_key(self, key: str) -> User | None:
        """The user with this key, or none."""
        return self._by_key.get(key)

    def by_id(self, canvas_user_id: int) -> User | None:
        """The user with this number, or none."""
        return self._by_id.get(canvas_user_id)

    def members(self, course_id: int) -> tuple[User, ...]:
        """Everybody enrolled in one course, in the order of the file."""
        return tuple(u for u in self.users if u.roles_in(course_id))

    def may_open(self, user: User, course_id: int) -> bool:
        """Whether the course page opens for this person: members and account administrators."""
        return user.is_administrator or bool(user.roles_in(course_id))

    def may_message(self, sender: User, recipient: User, course_id: int | None = None) -> bool:
        """Canvas's rule of messageable users: a shared course (the named one, if named).

        Staff reach everybody in it; a pupil or an observer reaches its staff, an observer also the pupils
        observed there. Account administrators reach everybody.
        """
        if sender.key == recipient.key:
            return False
        if sender.is_administrator and course_id is None:
            return True
        courses = {e.course for e in sender.enrollments} if course_id is None else {course_id}
        return any(self._may_message_in(sender, recipient, c) for c in courses)

    @staticmethod
    def _may_message_in(sender: User, recipient: User, course_id: int) -> bool:
        mine, theirs = sender.roles_in(course_id), recipient.roles_in(course_id)
        if not mine or not theirs or "test_student" in theirs:
            return False
        return bool(mine & STAFF_ROLES or theirs & STAFF_ROLES) or recipient.key in sender.observes_in(
            course_id
        )


def load_people(path: Path) -> People:
    """Read the people file; every ``observes`` key and course number must exist (``KeyError`` if not)."""
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    school = raw["school"]
    courses = tuple(Course(**c) for c in raw["courses"])
    users = tuple(_user(u) for u in raw["users"])
    keys, numbers = {u.key for u in users}, {c.id for c in courses}
    for user in users:
        for place in user.enrollments:
            if place.course not in numbers or not keys.issuperset(place.observes):
                raise KeyError(f"{user.key}: enrolment points to an unknown course or person")
    fields = ("name", "phone", "account_id", "guid", "account_context_id")
    return People(School(**{f: school[f] for f in fields}), courses, users)


def _user(raw: Mapping[str, Any]) -> User:
    places = tuple(
        Enrollment(course=e["course"], role=e["role"], observes=tuple(e["observes"]))
        for e in raw["enrollments"]
    )
    plain = {k: v for k, v in raw.items() if k not in {"enrollments", "account_roles"}}
    return User(**plain, enrollments=places, account_roles=tuple(raw["account_roles"]))
