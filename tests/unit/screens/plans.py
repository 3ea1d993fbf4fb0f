"""A child's plan for screen tests, made with the use cases as a case manager would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from iepcore.caseload import ConsentAsked, NewAmendment, PlanDays
from iepcore.language import FreeText
from iepcore.plan.document import (
    AmendmentMethod,
    ConsentKind,
    PlanContents,
    PlanPart,
    PlanVersion,
    SignatureMethod,
    part_hash,
    pieces_of,
)
from iepcore.testing.document_values import seven_parts, some_contents
from tests.unit.screens.conftest import House

CHILD = "imani"
"""A child of Halloran's whose plan nobody has written yet in the demonstration."""


def said(text: str) -> FreeText:
    """Words in English."""
    return FreeText(text=text, lang="en")


def keep_plans_here(house: House) -> None:
    """The school keeps its plans in this tool."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        now = uow.calendars.choices()
        uow.calendars.add_choices(
            replace(now, version=now.version + 1, official_plan=None, changed_at=house.clock())
        )


def today(house: House) -> date:
    """The day on the clock."""
    return house.caseload("halloran").desk.clock.today()


def contents(house: House, **changes: object) -> PlanContents:
    """Complete contents for the child, from tomorrow for a year."""
    made = some_contents(house.student(CHILD), **changes)
    first = today(house) + timedelta(days=1)
    services = tuple(
        replace(one, begins_on=first, ends_on=first + timedelta(days=360)) for one in made.services
    )
    return replace(made, services=services)


def fill(house: House, draft: PlanVersion, what: PlanContents) -> PlanVersion:
    """Put every piece of contents into a draft."""
    drafting = house.caseload("halloran").drafting
    for part in PlanPart:
        if part is PlanPart.OBJECTIVE:
            continue
        for about, value in pieces_of(what, part).items():
            stands = part_hash(draft.contents, part, about)
            draft = drafting.put(draft.id, part, value, started_from=stands, about=about)
    return draft


def begun(house: House) -> PlanVersion:
    """An empty draft."""
    day = today(house)
    days = PlanDays(reviewed_on=day, begins_on=day + timedelta(days=1), ends_on=day + timedelta(days=364))
    return house.caseload("halloran").drafting.start(house.student(CHILD), days)


def drafted(house: House) -> PlanVersion:
    """A complete draft."""
    return fill(house, begun(house), contents(house))


def proposed(house: House, draft: PlanVersion | None = None) -> PlanVersion:
    """A proposal with its notice."""
    caseload = house.caseload("halloran")
    draft = draft or drafted(house)
    notice = caseload.noticed.write(draft.student_id, seven_parts(), language="en", version_id=draft.id)
    caseload.noticed.send(notice.id)
    return caseload.proposing.propose(draft.id, version=draft.version)


def consented(house: House, signer: str) -> None:
    """Consent to the first services on paper."""
    agreeing = house.caseload("halloran").agreeing
    kind = ConsentKind.INITIAL_SERVICES
    asked = agreeing.ask(house.student(CHILD), ConsentAsked(kind=kind, text=said("Speech twice a week.")))
    agreeing.record(
        asked.id, house.adult(signer), on=today(house), method=SignatureMethod.PAPER, version=asked.version
    )


def in_effect(house: House, signer: str) -> PlanVersion:
    """A first plan in effect since tomorrow; the clock has moved there."""
    version = proposed(house)
    consented(house, signer)
    house.clock.forward(days=1)
    return house.caseload("halloran").proposing.take_effect(version.id)


def amended(house: House, child: str = CHILD) -> PlanVersion:
    """A draft of a change, from tomorrow."""
    day = today(house)
    new = NewAmendment(
        method=AmendmentMethod.MEETING,
        agreed_on=day,
        why=said("She can do more."),
        begins_on=day + timedelta(days=1),
    )
    return house.caseload("halloran").drafting.amend(house.student(child), new)
