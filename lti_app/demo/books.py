"""The demonstration's office: who outside got what, a request that waits, and one opening with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from iepcore.access import (
    AuditEvent,
    AuditKind,
    BreakGlass,
    Disclosure,
    DisclosureBasis,
    DisclosureSeal,
    OpeningReason,
    RecordRequest,
    RequestWay,
)
from iepcore.access.decide import BREAK_GLASS
from iepcore.ids import (
    AdultId,
    BreakGlassId,
    ClientKey,
    DisclosureId,
    EventId,
    RecordRequestId,
    StudentId,
)
from iepcore.ports import UnitOfWork
from lti_app.demo.caseload import Calendar, demo_id

_DAY = timedelta(days=1)


def add_books(uow: UnitOfWork, calendar: Calendar, now: datetime) -> None:
    """Write a few lines about Maya and Luca, and openings of the last days."""
    officer = AdultId(demo_id("adult", "ames"))
    maya, luca = StudentId(demo_id("student", "maya")), StudentId(demo_id("student", "luca"))
    for name, days, what, given, seal in (
        ("first", 60, "the plan and the last report", True, DisclosureSeal.OPEN),
        ("second", 20, "reading scores", False, DisclosureSeal.OPEN),
        ("third", 8, "the address", True, DisclosureSeal.SEALED),
    ):
        uow.disclosures.add(
            Disclosure(
                id=DisclosureId(demo_id("disclosure", name)),
                student_id=maya,
                on=calendar.today - days * _DAY,
                party={"first": "Lakeview Summer Clinic", "second": "Bright Steps Tutoring"}.get(
                    name, "County Court"
                ),
                what=what,
                why={
                    "first": "they teach her reading in summer",
                    "second": "they wanted to offer her lessons",
                }.get(name, "an order of the court"),
                basis={
                    "first": DisclosureBasis.CONSENT,
                    "second": DisclosureBasis.OTHER,
                }.get(name, DisclosureBasis.COURT),
                consent_paper="letter in the file" if name == "first" else "",
                given=given,
                seal=seal,
                told_to_keep=name == "first",
                noted_at=now - (days - 1) * _DAY,
                noted_by=officer,
            )
        )
    uow.disclosures.add_request(
        RecordRequest(
            id=RecordRequestId(demo_id("record_request", "luca")),
            student_id=luca,
            asked_by=_parent_of(uow, luca),
            received_on=calendar.today - 6 * _DAY,
            noted_at=now - 6 * _DAY,
            noted_by=officer,
            client_key=ClientKey(demo_id("key", "luca-request")),
            way=RequestWay.COPIES,
            about="",
        )
    )
    opened = now - 2 * _DAY
    uow.disclosures.add_opening(
        BreakGlass(
            id=BreakGlassId(demo_id("break_glass", "maya")),
            student_id=maya,
            adult_id=officer,
            why=OpeningReason.COVER,
            words="The bus is late and nobody of her team can be reached.",
            opened_at=opened,
            until=opened + timedelta(hours=1),
            client_key=ClientKey(demo_id("key", "maya-opening")),
        )
    )
    _openings(uow, calendar, now, maya, officer)


def _parent_of(uow: UnitOfWork, student_id: StudentId) -> AdultId:
    return uow.people.relationships_of_student(student_id)[0].adult_id


def _openings(
    uow: UnitOfWork, calendar: Calendar, now: datetime, student_id: StudentId, officer: AdultId
) -> None:
    """Write what the team's looks of the last days would have left in the trail."""
    places = uow.people.assignments_of_student(student_id)
    rows = [(one.adult_id, one.role.value, days) for one in places for days in (1, 3)]
    rows.append((officer, BREAK_GLASS, 2))
    rows.sort(key=lambda row: -row[2])
    for number, (adult_id, reason, days) in enumerate(rows):
        uow.audit.add(
            AuditEvent(
                id=EventId(demo_id("opening", f"{number}")),
                at=now - days * _DAY + timedelta(minutes=number),
                kind=AuditKind.READ,
                what="student",
                reason=reason,
                citation="34 CFR 99.31(a)(1)",
                actor_id=adult_id,
                student_id=student_id,
            )
        )
