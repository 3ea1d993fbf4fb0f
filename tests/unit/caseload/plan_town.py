"""A town whose school keeps its plans here, with a plan on its way through every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from iepcore.calendars import SiteChoices
from iepcore.caseload import ConsentAsked, NewAmendment, PlanDays
from iepcore.ids import PlanVersionId
from iepcore.language import FreeText
from iepcore.plan.document import (
    AmendmentMethod,
    ConsentKind,
    ParentConsent,
    PlanContents,
    PlanPart,
    PlanVersion,
    SignatureMethod,
    WrittenNotice,
    part_hash,
    pieces_of,
)
from iepcore.testing.document_values import seven_parts, some_contents
from tests.unit.caseload.town import Town

DAY = timedelta(days=1)
YEAR = timedelta(days=364)


def said(text: str) -> FreeText:
    """Return words in English."""
    return FreeText(text=text, lang="en")


class PlanTown(Town):
    """Maya's school keeps its plans here; 24 November 2026, a Tuesday."""

    def __init__(self, *args: Any, **policy: Any) -> None:
        super().__init__(*args, **policy)
        self.keep_plans()
        self.manager = self.caseload("manager")

    def keep_plans(self, **changes: Any) -> None:
        """Say where the official plan is kept: here, unless told otherwise."""
        with self.store.write() as uow:
            now = uow.calendars.choices()
            given: dict[str, Any] = {"official_plan": None, "changed_at": self.clock.now()}
            uow.calendars.add_choices(replace(now, version=now.version + 1, **given | changes))

    @property
    def choices(self) -> SiteChoices:
        """What the school has chosen."""
        with self.store.read() as uow:
            return uow.calendars.choices()

    @property
    def today(self) -> date:
        """Return the day on the clock."""
        return self.clock.today()

    def contents(self, **changes: Any) -> PlanContents:
        """Return complete contents with Maya's two living goals' place taken by a new one."""
        made = some_contents(self.maya.id, **changes)
        services = tuple(
            replace(one, begins_on=self.today + DAY, ends_on=self.today + YEAR) for one in made.services
        )
        return replace(made, services=services)

    def days(self, **changes: Any) -> PlanDays:
        """A meeting today, a plan from tomorrow for a year."""
        made = PlanDays(reviewed_on=self.today, begins_on=self.today + DAY, ends_on=self.today + YEAR)
        return replace(made, **changes)

    def fill(self, draft: PlanVersion, contents: PlanContents) -> PlanVersion:
        """Put every piece of contents into a draft, one after the other."""
        for part in PlanPart:
            if part is PlanPart.OBJECTIVE:
                continue
            for about, value in pieces_of(contents, part).items():
                stands = part_hash(draft.contents, part, about)
                draft = self.manager.drafting.put(draft.id, part, value, started_from=stands, about=about)
        return draft

    def draft(self, contents: PlanContents | None = None, **days: Any) -> PlanVersion:
        """Begin a plan and fill it."""
        draft = self.manager.drafting.start(self.maya.id, self.days(**days))
        return self.fill(draft, contents or self.contents())

    def consent(self, kind: ConsentKind = ConsentKind.INITIAL_SERVICES) -> ParentConsent:
        """Ask for consent and record the mother's signature on paper."""
        asked = self.manager.agreeing.ask(
            self.maya.id, ConsentAsked(kind=kind, text=said("Speech twice a week."))
        )
        return self.manager.agreeing.record(
            asked.id,
            self.id("mother"),
            on=self.today,
            method=SignatureMethod.PAPER,
            version=asked.version,
        )

    def notice(self, version_id: PlanVersionId | None, **more: Any) -> WrittenNotice:
        """Write the seven parts about a version and send them today."""
        written = self.manager.noticed.write(
            self.maya.id, seven_parts(), language="es", version_id=version_id, **more
        )
        return self.manager.noticed.send(written.id)

    def proposed(self, draft: PlanVersion | None = None) -> PlanVersion:
        """Send the notice about a draft and propose it."""
        draft = draft or self.draft()
        self.notice(draft.id)
        return self.manager.proposing.propose(draft.id, version=draft.version)

    def go_to(self, day: date) -> None:
        """Move the clock to a day to come."""
        self.clock.forward(days=(day - self.today).days)

    def in_effect(self, draft: PlanVersion | None = None) -> PlanVersion:
        """Bring Maya's first plan into effect on its day."""
        self.consent()
        proposed = self.proposed(draft)
        self.go_to(proposed.begins_on)
        return self.manager.proposing.take_effect(proposed.id)

    def passed(self, draft: PlanVersion) -> PlanVersion:
        """Propose a draft and wait for its first day."""
        proposed = self.proposed(draft)
        self.go_to(proposed.begins_on)
        return proposed

    def amendment(self, **changes: Any) -> NewAmendment:
        """Agreed today without a meeting, from a week from now."""
        made = NewAmendment(
            method=AmendmentMethod.AGREEMENT,
            agreed_on=self.today,
            why=said("She asks for help in class now."),
            begins_on=self.today + 7 * DAY,
        )
        return replace(made, **changes)
