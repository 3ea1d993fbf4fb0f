"""Everybody who has no right to one child's record, each as a live session; and the child's own words."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from iepcore.access import AuditEvent, BreakGlass, Disclosure, RecordRequest
from iepcore.ids import AdultId, StudentId
from iepcore.notices import OutboxItem
from iepcore.people import (
    Adult,
    Identity,
    Relation,
    RosterMember,
    SiteRole,
    StaffRole,
    Student,
)
from iepcore.testing.people_values import (
    a_relationship,
    a_suspension,
    a_window,
    an_adult,
    an_appointment,
    an_assignment,
)
from lti_app.demo.seed import people
from lti_app.doors.records import WebSession
from lti_app.session.tokens import hash_of
from tests.contract.screens.furnished import World
from tests.unit.screens.conftest import House

CHILD = "amara"
"""The child of the walk; nobody here has a right to her record."""

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
_SHORTEST = 6
"""Shorter strings of a record are codes and not somebody's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """One kind of viewer. ``adult`` names a person of the seed or of ``placed``; None is nobody we know.

    ``knows_name``: the office's books and the address book may name the child; the record they may not.
    ``reads``: whose face is worn may read, so only writes are looked at. ``office``: may stop and start what
    leaves and keeps the books beside the record.
    """

    adult: str | None
    role: str = "Instructor"
    family: bool = False
    masquerade: bool = False
    knows_name: bool = False
    reads: bool = False
    office: bool = False


OUTSIDERS = {
    "site_administrator": Outsider(adult="pell", role="Administrator", office=True),
    "records_officer": Outsider(adult="ames", knows_name=True, office=True),
    "opener_of_records": Outsider(adult="opener", knows_name=True),
    "staff_of_no_team": Outsider(adult="unknown"),
    "left_the_team": Outsider(adult="left"),
    "substitute_whose_days_are_over": Outsider(adult="substitute"),
    "provider_of_other_children": Outsider(adult="abara"),
    "teacher_of_another_child": Outsider(adult="eklund"),
    "aide_of_another_child": Outsider(adult="moss"),
    "disabled_case_manager": Outsider(adult="disabled"),
    "interpreter": Outsider(adult="karimi"),
    "interpreter_after_the_meeting": Outsider(adult="interpreter"),
    "face_of_a_teacher": Outsider(adult="eklund", masquerade=True),
    "face_of_the_manager": Outsider(adult="halloran", masquerade=True, reads=True),
    "parent_of_another_child": Outsider(adult="elena", role="Mentor", family=True),
    "revoked_parent": Outsider(adult="revoked", role="Mentor", family=True),
    "parent_whose_right_ended": Outsider(adult="ended", role="Mentor", family=True),
    "advocate_without_consent": Outsider(adult="advocate", role="Mentor", family=True),
    "student_of_another_record": Outsider(adult="student", role="Learner", family=True),
    "pupil": Outsider(adult=None, role="Learner", family=True),
    "stranger": Outsider(adult=None, role="Instructor"),
}

OF_AGE = {
    "mother_after_the_transfer": Outsider(adult="renee", role="Mentor", family=True),
    "father_after_the_transfer": Outsider(adult="osei", role="Mentor", family=True),
}
"""Who had a right until the student came of age."""


def placed(house: House) -> dict[str, AdultId]:
    """Bring in those whom the seed does not have, and return them by name."""
    site = house.wired.doors.sites()[0]
    clock = house.wired.site_clock(site)
    today, now = clock.today(), clock.now()
    before = today - timedelta(days=9)
    names = ("opener", "unknown", "left", "substitute", "disabled", "interpreter", "revoked", "ended")
    adults = {
        name: an_adult(name=f"Outsider {name}", addresses=()) for name in (*names, "advocate", "student")
    }
    child, other = house.student(CHILD), house.student("maya")
    with house.wired.store(site.id).write() as uow:
        for adult in adults.values():
            uow.people.add_adult(replace(adult, came_as_staff=True))
        ids = {name: adult.id for name, adult in adults.items()}
        uow.people.add_appointment(an_appointment(ids["opener"], starts_on=before))
        for name, role, ends in (
            ("left", StaffRole.CASE_MANAGER, today - timedelta(days=1)),
            ("substitute", StaffRole.SUBSTITUTE, today - timedelta(days=1)),
            ("disabled", StaffRole.CASE_MANAGER, None),
        ):
            uow.people.add_assignment(
                an_assignment(child, ids[name], role=role, starts_on=before, ends_on=ends)
            )
        uow.keeping.add_suspension(a_suspension(ids["disabled"]))
        uow.people.add_appointment(
            an_appointment(ids["interpreter"], role=SiteRole.INTERPRETER, starts_on=before)
        )
        over = now - timedelta(hours=1)
        uow.people.add_window(
            a_window(
                child,
                ids["interpreter"],
                opens_at=over - timedelta(hours=1),
                closes_at=over,
                basis="Her talk of the pictures",
                purpose="To put it into words",
            )
        )
        uow.people.add_relationship(
            a_relationship(
                child, ids["revoked"], may_access_records=False, may_decide=False, valid_from=before
            )
        )
        uow.people.add_relationship(
            a_relationship(child, ids["ended"], valid_from=before, valid_to=today - timedelta(days=1))
        )
        uow.people.add_relationship(
            a_relationship(
                other,
                ids["student"],
                relation=Relation.STUDENT,
                household="student",
                may_decide=False,
                valid_from=before,
                agreed_by=house.adult("dana"),
            )
        )
        choices = uow.calendars.choices()
        uow.calendars.add_choices(
            replace(choices, student_voice=True, version=choices.version + 1, changed_at=now)
        )
    return ids


def come_of_age(house: House) -> None:
    """Let the child be 18 today."""
    site = house.wired.doors.sites()[0]
    today = house.wired.site_clock(site).today()
    with house.wired.store(site.id).write() as uow:
        student = uow.people.student(house.student(CHILD))
        assert student is not None
        born = today.replace(year=today.year - 18)
        uow.people.save_student(replace(student, born_on=born, version=student.version + 1))


def token_of(house: House, world: World, ids: dict[str, AdultId], outsider: Outsider) -> str:
    """Open a session as the door would, and return its token."""
    token, now = secrets.token_urlsafe(32), house.clock()
    adult = None
    if outsider.adult is not None:
        adult = ids.get(outsider.adult) or house.adult(outsider.adult)
    course = people()["courses"][0]
    house.wired.doors.open_session(
        WebSession(
            token_hash=hash_of(token),
            site_id=house.wired.doors.sites()[0].id,
            registration_id=house.wired.doors.registrations()[0].id,
            deployment_id="1:practice",
            door="lti",
            subject=f"walk-{outsider.adult}",
            adult_id=adult,
            family=outsider.family,
            context_id=course["context_id"],
            context_title=course["name"],
            roster_url=None,
            launch_roles=(_MEMBERSHIP + outsider.role,),
            observees=(),
            canvas_user_id=None,
            display_name="Walker",
            locale="en",
            masquerade=outsider.masquerade,
            created_at=now,
            seen_at=now,
            idle_until=now + timedelta(minutes=600),
            ends_at=now + timedelta(hours=12),
        )
    )
    return token


# ------------------------------------------------------------------------------ what is the child's


BOOKS = (BreakGlass, Disclosure, OutboxItem, RecordRequest)
"""What the office keeps about a child beside the record."""


def record_of(house: House, child: str) -> list[object]:
    """Return everything kept about a child but the trail and the address book."""
    with house.wired.store(house.wired.doors.sites()[0].id).read() as uow:
        values = list(uow.archive.values(student_id=house.student(child)))
    return [one for one in values if not isinstance(one, (AuditEvent, Adult, RosterMember))]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list, frozenset, set)):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))


def canaries(house: House, others: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the child's names, and every other text of her record that stands in nobody else's.

    Whatever a new room keeps about a child is in here by itself: the archive brings it along.
    """
    names: set[str] = set()
    words: set[str] = set()
    for value in record_of(house, CHILD):
        if isinstance(value, Identity):
            continue
        if isinstance(value, Student):
            names |= {value.legal_name, value.preferred_name}
            continue
        words |= {text for text in _texts(value) if len(text) >= _SHORTEST and " " in text.strip()}
    common = {text for other in others for value in record_of(house, other) for text in _texts(value)}
    return frozenset(names), frozenset(words - common)


def ids_by_kind(house: House) -> dict[str, list[Any]]:
    """Return the ids of the child's things by the name a route would give them (``goal_id``, ...)."""
    found: dict[str, list[Any]] = {"student_id": [StudentId(house.student(CHILD))]}
    for value in record_of(house, CHILD):
        own = getattr(value, "id", None)
        if own is None or isinstance(value, Student):
            continue
        name = "".join(
            f"_{letter.lower()}" if letter.isupper() else letter for letter in type(value).__name__
        )
        parts = name.strip("_").split("_")
        for start in range(len(parts)):
            found.setdefault("_".join(parts[start:]) + "_id", []).append(own)
    return found
