"""Who is in the practice Classroom: one Workspace domain, its classes, and who teaches or learns in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGED_CLASSROOM = Path(__file__).parent / "data" / "classroom.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One Google account; ``id`` is its number, ``domain`` empty for a private one."""

    key: str
    id: str
    name: str
    given_name: str
    family_name: str
    email: str
    locale: str
    domain: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """One class of Classroom; ``teachers`` and ``students`` are keys of accounts."""

    id: str
    name: str
    section: str
    teachers: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A guardian who said yes to an invitation."""

    id: str
    student: str
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassroomPeople:
    """Everybody of the practice Classroom."""

    domain: str
    accounts: tuple[Account, ...]
    classes: tuple[Class, ...]
    guardians: tuple[Guardian, ...]
    administrators: tuple[str, ...]

    def family_names(self) -> tuple[str, ...]:
        """The names of every pupil and guardian, which no message may hold."""
        pupils = {key for one in self.classes for key in one.students}
        named = [one.name for one in self.accounts if one.key in pupils]
        return (*named, *(one.name for one in self.guardians))

    def by_key(self, key: str) -> Account | None:
        """The account with this key."""
        return next((one for one in self.accounts if one.key == key), None)

    def by_id(self, number: str) -> Account | None:
        """The account with this number."""
        return next((one for one in self.accounts if one.id == number), None)


def load_classroom(path: Path) -> ClassroomPeople:
    """Read the file; every key a class or guardian names must be an account (``KeyError`` if not)."""
    raw: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    accounts = tuple(Account(**one) for one in raw["users"])
    classes = tuple(
        Class(**{**one, "teachers": tuple(one["teachers"]), "students": tuple(one["students"])})
        for one in raw["courses"]
    )
    known = {one.key for one in accounts}
    named = {key for one in classes for key in (*one.teachers, *one.students)}
    if not known.issuperset(named | {one["student"] for one in raw["guardians"]}):
        raise KeyError("a class or guardian names an unknown account")
    return ClassroomPeople(
        domain=raw["domain"],
        accounts=accounts,
        classes=classes,
        guardians=tuple(Guardian(**one) for one in raw["guardians"]),
        administrators=tuple(raw["administrators"]),
    )
