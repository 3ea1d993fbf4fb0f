"""The papers around a plan of the demonstration: wishes, consents and notices, as a year would leave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from iepcore.ids import (
    AdultId,
    ClientKey,
    FamilyWishId,
    ParentConsentId,
    PlanVersionId,
    StudentId,
    WrittenNoticeId,
)
from iepcore.language import FreeText
from iepcore.plan.document import (
    ConsentKind,
    FamilyWish,
    NoticeParts,
    NoticeStep,
    ParentConsent,
    ParentConsentState,
    Signature,
    SignatureMethod,
    Voice,
    WrittenNotice,
)
from iepcore.ports import UnitOfWork
from lti_app.demo.caseload import Calendar, children, demo_id
from lti_app.demo.plan_contents import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What every value of a plan needs: the store, the days, the case manager."""

    uow: UnitOfWork
    calendar: Calendar
    manager: AdultId

    def at(self, days_ago: int, hour: int = 15) -> datetime:
        """Return a moment some days ago."""
        return self.calendar.at(self.calendar.today - timedelta(days=days_ago), hour)


def family_of(child: str) -> Iterator[Mapping[str, Any]]:
    """Return the rows of a child's family."""
    return iter(next(row["family"] for row in children() if row["key"] == child))


def add_wish(writer: Writer, row: Mapping[str, Any], student_id: StudentId, on: date) -> None:
    """Keep what a family hopes for, said a week before the meeting."""
    if row.get("wish") is None:
        return
    text, lang, author = row["wish"]
    writer.uow.plans.add_wish(
        FamilyWish(
            id=FamilyWishId(demo_id("wish", row["child"])),
            student_id=student_id,
            voice=Voice.FAMILY,
            author_id=AdultId(demo_id("adult", author)),
            words=FreeText(text=text, lang=lang),
            said_at=writer.calendar.at(on - timedelta(days=7), 19),
            client_key=ClientKey(demo_id("key", "wish", row["child"])),
        )
    )


def add_consent(writer: Writer, child: str, student_id: StudentId, parent_id: AdultId, on: date) -> None:
    """Consent to the first services, signed on paper."""
    asked_on = on - timedelta(days=10)
    writer.uow.plans.add_consent(
        ParentConsent(
            id=ParentConsentId(demo_id("consent", child)),
            student_id=student_id,
            kind=ConsentKind.INITIAL_SERVICES,
            requested_on=asked_on,
            state=ParentConsentState.GIVEN,
            decided_on=on - timedelta(days=3),
            signature=Signature(
                signer_id=parent_id,
                method=SignatureMethod.PAPER,
                at=writer.calendar.at(on - timedelta(days=3), 12),
                text_hash="",
            ),
            text=said("The school may give my child the services of the first plan."),
            asked_by=writer.manager,
            version=2,
        )
    )


_PROPOSED = "We propose this plan for the year."
_ACTIONS = {NoticeStep.REVOCATION: "Special education and related services will end, as you asked."}
_WHY = {NoticeStep.REVOCATION: "You took back your consent in writing. We end services after this notice."}


def add_notice(
    writer: Writer,
    child: str,
    number: str,
    student_id: StudentId,
    sent_on: date,
    *,
    step: NoticeStep = NoticeStep.PLAN,
) -> WrittenNoticeId:
    """Write the notice of one version and return its id."""
    reader = next(one for one in family_of(child) if one["records"])
    notice = WrittenNotice(
        id=WrittenNoticeId(demo_id("notice", child, number, step.value)),
        student_id=student_id,
        parts=NoticeParts(
            action=said(_ACTIONS.get(step, "We propose this change." if number != "1" else _PROPOSED)),
            why=said(_WHY.get(step, "The scores and what you told us show what your child needs next.")),
            evidence=said("The scores since the start of the year, classroom work, and your own words."),
            safeguards=said("You and your child have rights. Ask the school office for the booklet."),
            sources_of_help=said("The parent center can explain the rights. The school has its number."),
            options_considered=said("We looked at leaving things as they are. It would not be enough."),
            other_factors=said("None."),
        ),
        language=reader["reads"],
        written_by=writer.manager,
        sent_on=sent_on,
        version_id=PlanVersionId(demo_id("plan", child, number)),
        step=step,
        version=2,
    )
    writer.uow.plans.add_notice(notice)
    return notice.id
