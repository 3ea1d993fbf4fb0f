"""The half of the demonstration's school that works in Google Classroom: one case manager, her own children.

One site with two platforms: the same school, the same record, another door. Families of these children are
known by mail only; nobody of them has an account in the practice LMS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from connectors.google_classroom.routes import SOURCE
from iepcore.ids import AdultId, AssignmentId, RosterMemberId, StudentId
from iepcore.people import (
    AddressKind,
    Adult,
    Appointment,
    Assignment,
    ChannelAddress,
    Identity,
    PersonKind,
    RosterMember,
    RosterStanding,
    SiteRole,
    StaffRole,
)
from iepcore.ports import UnitOfWork
from lti_app.demo.caseload import Calendar, demo_id, goal_of, points_of, relationship_of, student_of
from lti_app.doors.google.clients import add_google_client
from lti_app.doors.google.endpoints import practice
from lti_app.doors.records import Site
from lti_app.wiring import Wired

GOOGLE_CLIENT_ID = "practice-client.apps.example.org"
TEACHER = "vance"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeClassroom:
    """Where the practice Classroom answers, and what the tool's client there is."""

    origin: str
    client_secret: str = field(repr=False)
    domain: str


def google_id() -> UUID:
    """Return the id of the demonstration's Google client: it stands in the addresses of the frames."""
    return demo_id("google")


@cache
def classroom_people() -> Mapping[str, Any]:
    """Return the practice Classroom's people."""
    text = files("lti_app.sandbox").joinpath("data/classroom.json").read_text(encoding="utf-8")
    people: Mapping[str, Any] = json.loads(text)
    return people


@cache
def classroom_children() -> tuple[Mapping[str, Any], ...]:
    """Return the children of the Classroom case manager."""
    text = files("lti_app.demo").joinpath("classroom.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["children"])


def add_classroom(wired: Wired, site: Site, there: PracticeClassroom | None) -> None:
    """Register the practice Classroom for a site, as an administrator would, where there is one."""
    if there is None:
        return
    add_google_client(
        wired.doors,
        wired.installs,
        site,
        client_id=GOOGLE_CLIENT_ID,
        client_secret=there.client_secret,
        domains=(there.domain,),
        clock=wired.clock,
        endpoints=practice(there.origin),
        id_=google_id(),
    )


def fill_classroom(
    uow: UnitOfWork, there: PracticeClassroom | None, calendar: Calendar, now: datetime
) -> None:
    """Add the Classroom case manager, her three children and their parents, where there is a Classroom."""
    if there is None:
        return
    accounts = {one["key"]: one for one in classroom_people()["users"]}
    teacher = accounts[TEACHER]
    manager = _adult(uow, TEACHER, teacher["name"], teacher["email"], teacher["locale"], now, staff=True)
    uow.people.add_identity(
        Identity(source=SOURCE, subject=teacher["id"], kind=PersonKind.ADULT, person_id=manager)
    )
    opened = calendar.today - timedelta(days=80)
    uow.people.add_appointment(
        Appointment(
            adult_id=manager,
            role=SiteRole.CASE_MANAGER,
            starts_on=opened,
            appointed_by=None,
            appointed_at=calendar.at(opened),
        )
    )
    _address_books(uow, now)
    for child in classroom_children():
        _child(uow, child, manager, calendar, now)


def _address_books(uow: UnitOfWork, now: datetime) -> None:
    """Keep the classes as a roster sync would have left them."""
    people = classroom_people()
    accounts = {one["key"]: one for one in people["users"]}
    for a_class in people["courses"]:
        standings = [(key, RosterStanding.TEACHER) for key in a_class["teachers"]]
        standings += [(key, RosterStanding.PUPIL) for key in a_class["students"]]
        lines = [
            RosterMember(
                id=RosterMemberId(demo_id("member", a_class["id"], key)),
                source=SOURCE,
                context_id=a_class["id"],
                context_title=a_class["name"],
                subject=accounts[key]["id"],
                standing=standing,
                seen_at=now,
                name=accounts[key]["name"],
                email=accounts[key]["email"],
            )
            for key, standing in standings
        ]
        uow.people.save_roster(SOURCE, a_class["id"], lines, complete=True)


def _child(
    uow: UnitOfWork, child: Mapping[str, Any], manager: AdultId, calendar: Calendar, now: datetime
) -> None:
    student = student_of(child, by=manager, calendar=calendar)
    uow.people.add_student(student)
    uow.people.add_identity(
        Identity(source=SOURCE, subject=child["subject"], kind=PersonKind.STUDENT, person_id=student.id)
    )
    opened = calendar.today - timedelta(days=80)
    uow.people.add_assignment(
        Assignment(
            id=AssignmentId(demo_id("place", child["key"], TEACHER)),
            adult_id=manager,
            student_id=StudentId(student.id),
            role=StaffRole.CASE_MANAGER,
            starts_on=opened,
            assigned_by=manager,
            assigned_at=calendar.at(opened),
        )
    )
    for row in child["family"]:
        adult_id = _adult(uow, row["key"], row["name"], row["email"], row["reads"], now, staff=False)
        uow.people.add_relationship(
            relationship_of(child["key"], row, adult_id, by=manager, calendar=calendar)
        )
    for row in child["goals"]:
        goal = goal_of(child, row, by=manager, calendar=calendar)
        uow.plan.add_goal(goal)
        for point in points_of(child, row, goal, by=manager, calendar=calendar):
            uow.plan.add_point(point)


def _adult(
    uow: UnitOfWork, key: str, name: str, email: str, reads: str, now: datetime, *, staff: bool
) -> AdultId:
    adult_id = AdultId(demo_id("adult", key))
    uow.people.add_adult(
        Adult(
            id=adult_id,
            name=name,
            reads=reads,
            speaks=reads,
            came_as_staff=staff,
            zone="America/Chicago",
            addresses=(ChannelAddress(kind=AddressKind.MAIL, value=email),),
            created_at=now - timedelta(days=80),
        )
    )
    return adult_id
