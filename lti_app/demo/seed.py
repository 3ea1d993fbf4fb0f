"""Seed a site for the demonstration: the school, its people as the practice LMS knows them, and the
caseload."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from iepcore.caseload import SENDING
from iepcore.ids import (
    AdultId,
    AssignmentId,
    RosterMemberId,
    SiteId,
    StudentId,
)
from iepcore.notices import SendingMode
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
from lti_app.demo.books import add_books
from lti_app.demo.calendar import add_calendar
from lti_app.demo.caseload import (
    Calendar,
    children,
    demo_id,
    goal_of,
    points_of,
    relationship_of,
    student_of,
)
from lti_app.demo.classroom import PracticeClassroom, add_classroom, fill_classroom
from lti_app.demo.plans import add_plans
from lti_app.demo.talk import add_contacts, add_history, add_letter
from lti_app.doors.records import ApiClient, Deployment, DeploymentState, Registration, Site
from lti_app.wiring import Wired

CLIENT_ID = "rapport-practice"
DEPLOYMENT_ID = "1:practice"
API_CLIENT_ID = "10000000000001"
MANAGER = "halloran"

_TEAM: Mapping[str, tuple[StaffRole, tuple[str, ...]]] = {
    "eklund": (StaffRole.GEN_ED_TEACHER, ("maya", "callum", "hollis")),
    "hart": (StaffRole.GEN_ED_TEACHER, ("theo", "tess", "jonah", "ivo")),
    "daly": (StaffRole.GEN_ED_TEACHER, ("lucia", "amara", "ezra")),
    "abara": (StaffRole.RELATED_SERVICE_PROVIDER, ("theo", "noor", "ezra")),
    "moss": (StaffRole.PARAPROFESSIONAL, ("maya", "theo", "tess", "ivo", "callum")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """Where the practice LMS answers, and the secret of its API key; the practice Classroom, if it runs."""

    lms_url: str
    api_client_secret: str
    classroom: PracticeClassroom | None = None


def people() -> Mapping[str, Any]:
    """Return the practice LMS's own list of people (its file, read as any roster would be)."""
    text = files("lti_app.sandbox.data").joinpath("people.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def seed(wired: Wired, practice: Practice, *, empty: bool = False) -> SiteId:
    """Write the demonstration's site; ``empty`` writes only the school, its connection and a records
    officer."""
    school = people()["school"]
    site = Site(
        id=SiteId(demo_id("site", "empty" if empty else "full")),
        name=school["name"],
        zone=school["time_zone"],
        phone=school["phone"],
        lms_name="Canvas",
        lms_url=practice.lms_url,
    )
    registration = connect(wired, site, practice)
    source = f"lti:{registration.id}"
    now = wired.clock()
    calendar = Calendar(today=now.astimezone(ZoneInfo(site.zone)).date(), zone=ZoneInfo(site.zone))
    # Nothing real is behind the practice LMS and its mailbox: the demonstration sends.
    wired.job(site, SENDING.job).sending.set_mode(SendingMode.LIVE)
    with wired.store(site.id).write() as uow:
        if empty:
            _adult(uow, source, _user("ames"), now)
            _appoint(uow, "ames", SiteRole.RECORDS_OFFICER, calendar)
        else:
            _fill(uow, source, calendar, now)
            fill_classroom(uow, practice.classroom, calendar, now)
    add_classroom(wired, site, practice.classroom)
    return site.id


def connect(wired: Wired, site: Site, practice: Practice) -> Registration:
    """Register the practice LMS for a site, as ``iep lms add`` and ``iep lms canvas`` would."""
    registration = Registration(
        id=UUID(int=demo_id("registration", str(site.id)).int),
        issuer=practice.lms_url,
        client_id=CLIENT_ID,
        auth_url=f"{practice.lms_url}/api/lti/authorize_redirect",
        token_url=f"{practice.lms_url}/login/oauth2/token",
        jwks_url=f"{practice.lms_url}/api/lti/security/jwks",
    )
    wired.doors.add_site(site)
    wired.doors.save_registration(registration)
    wired.doors.save_deployment(
        Deployment(
            registration_id=registration.id,
            deployment_id=DEPLOYMENT_ID,
            state=DeploymentState.ACTIVE,
            site_id=site.id,
        )
    )
    wired.doors.save_api_client(
        ApiClient(
            registration_id=registration.id,
            base_url=practice.lms_url,
            client_id=API_CLIENT_ID,
            client_secret=practice.api_client_secret,
        )
    )
    return registration


def _fill(uow: UnitOfWork, source: str, calendar: Calendar, now: datetime) -> None:
    listed = people()
    by_key = {user["key"]: user for user in listed["users"]}
    manager = AdultId(demo_id("adult", MANAGER))
    reads = {row["key"]: row for child in children() for row in child["family"]}
    staff = [MANAGER, *_TEAM, "ames", "pell", "ruiz", "karimi"]
    for key in [*staff, *reads]:
        _adult(uow, source, by_key[key], now, said=reads.get(key))
    _appoint(uow, "ames", SiteRole.RECORDS_OFFICER, calendar)
    _appoint(uow, MANAGER, SiteRole.CASE_MANAGER, calendar)
    _appoint(uow, "ruiz", SiteRole.INTERPRETER, calendar)
    _appoint(uow, "karimi", SiteRole.INTERPRETER, calendar)
    _rosters(uow, source, listed, now)
    for child in children():
        student = student_of(child, by=manager, calendar=calendar)
        uow.people.add_student(student)
        uow.people.add_identity(
            Identity(
                source=source,
                subject=by_key[child["key"]]["sub"],
                kind=PersonKind.STUDENT,
                person_id=student.id,
            )
        )
        _team(uow, child["key"], student.id, manager, calendar)
        for row in child["family"]:
            adult_id = AdultId(demo_id("adult", row["key"]))
            uow.people.add_relationship(
                relationship_of(child["key"], row, adult_id, by=manager, calendar=calendar)
            )
        for row in child["goals"]:
            goal = goal_of(child, row, by=manager, calendar=calendar)
            uow.plan.add_goal(goal)
            for point in points_of(child, row, goal, by=manager, calendar=calendar):
                uow.plan.add_point(point)
    add_history(uow, calendar, manager)
    add_letter(uow, calendar, manager)
    add_contacts(uow, calendar, manager)
    add_plans(uow, calendar, manager)
    add_calendar(uow, calendar, manager)
    add_books(uow, calendar, now)


def _team(uow: UnitOfWork, child: str, student_id: StudentId, manager: AdultId, calendar: Calendar) -> None:
    opened = calendar.today - timedelta(days=80)
    places = [(MANAGER, StaffRole.CASE_MANAGER)]
    places += [(key, role) for key, (role, their) in _TEAM.items() if child in their]
    for key, role in places:
        uow.people.add_assignment(
            Assignment(
                id=AssignmentId(demo_id("place", child, key)),
                adult_id=AdultId(demo_id("adult", key)),
                student_id=student_id,
                role=role,
                starts_on=opened,
                assigned_by=manager,
                assigned_at=calendar.at(opened),
            )
        )


def _user(key: str) -> Mapping[str, Any]:
    return next(user for user in people()["users"] if user["key"] == key)


def _adult(
    uow: UnitOfWork,
    source: str,
    user: Mapping[str, Any],
    now: datetime,
    *,
    said: Mapping[str, Any] | None = None,
) -> None:
    adult_id = AdultId(demo_id("adult", user["key"]))
    uow.people.add_adult(
        Adult(
            id=adult_id,
            name=user["name"],
            reads=said["reads"] if said else user["locale"],
            speaks=said["speaks"] if said else user["locale"],
            needs_interpreter=bool(said and said["needs_interpreter"]),
            came_as_staff=said is None,
            zone=user["time_zone"],
            addresses=(
                ChannelAddress(kind=AddressKind.CANVAS, value=str(user["canvas_user_id"])),
                ChannelAddress(kind=AddressKind.MAIL, value=user["email"]),
            ),
            created_at=now - timedelta(days=80),
        )
    )
    uow.people.add_identity(
        Identity(source=source, subject=user["sub"], kind=PersonKind.ADULT, person_id=adult_id)
    )


def _appoint(uow: UnitOfWork, key: str, role: SiteRole, calendar: Calendar) -> None:
    opened = calendar.today - timedelta(days=80)
    uow.people.add_appointment(
        Appointment(
            adult_id=AdultId(demo_id("adult", key)),
            role=role,
            starts_on=opened,
            appointed_by=None,
            appointed_at=calendar.at(opened),
        )
    )


_STANDINGS = {
    "teacher": RosterStanding.TEACHER,
    "ta": RosterStanding.HELPER,
    "student": RosterStanding.PUPIL,
    "observer": RosterStanding.OBSERVER,
}


def _rosters(uow: UnitOfWork, source: str, listed: Mapping[str, Any], now: datetime) -> None:
    """The address books as a pull of every course would have left them."""
    for course in listed["courses"]:
        members = [
            RosterMember(
                id=RosterMemberId(demo_id("member", course["context_id"], user["key"])),
                source=source,
                context_id=course["context_id"],
                context_title=course["name"],
                subject=user["sub"],
                standing=_STANDINGS[held["role"]],
                seen_at=now,
                name=user["name"],
                email=user["email"],
                channel_user_id=str(user["canvas_user_id"]),
            )
            for user in listed["users"]
            for held in user["enrollments"]
            if held["course"] == course["id"] and held["role"] in _STANDINGS
        ]
        uow.people.save_roster(source, course["context_id"], members, complete=True)
