"""A child who comes from another district in the school year: comparable services at once, records soon, and
then the plan adopted or a new one (34 CFR 300.323(e) to (g)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.calendars import SchoolCalendar
from iepcore.errors import InvalidValue


class TransferDecision(StrEnum):
    """What the new district does with the plan that came along."""

    PENDING = "pending"
    ADOPTED = "adopted"
    NEW_PLAN = "new_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One child's move into the district.

    ``services_from`` is the first day of services comparable to those of the plan that came along;
    ``parent_asked_on`` when the parent was consulted about them. ``records_asked_on`` and
    ``records_received_on``: the records of the district before. ``evaluation_needed`` counts only from
    another state (300.323(f)(1)).

    Raises:
        InvalidValue: ``transfer_order`` when records came before they were asked for.
    """

    enrolled_on: date
    from_district: str
    is_same_state: bool
    services_from: date | None = None
    parent_asked_on: date | None = None
    records_asked_on: date | None = None
    records_received_on: date | None = None
    decision: TransferDecision = TransferDecision.PENDING
    evaluation_needed: bool | None = None

    def __post_init__(self) -> None:
        asked, received = self.records_asked_on, self.records_received_on
        if asked is not None and received is not None and received < asked:
            raise InvalidValue("transfer_order", field="records_received_on")


class TransferGap(StrEnum):
    """What is still open after a move."""

    SERVICES = "comparable_services_missing"
    LATE = "comparable_services_late"
    PARENT = "parent_not_consulted"
    ASK_RECORDS = "records_not_asked"
    RECORDS = "records_missing"
    DECISION = "plan_not_adopted_or_new"
    EVALUATION = "evaluation_not_decided"


TRANSFER_RULES: dict[TransferGap, str] = {
    TransferGap.SERVICES: "34 CFR 300.323(e)",
    TransferGap.LATE: "34 CFR 300.323(e)",
    TransferGap.PARENT: "34 CFR 300.323(e)",
    TransferGap.ASK_RECORDS: "34 CFR 300.323(g)(1)",
    TransferGap.RECORDS: "34 CFR 300.323(g)",
    TransferGap.DECISION: "34 CFR 300.323(e)",
    TransferGap.EVALUATION: "34 CFR 300.323(f)(1)",
}


def transfer_gaps(
    transfer: Transfer, *, today: date, school: SchoolCalendar | None = None
) -> tuple[TransferGap, ...]:
    """Return what is still open on a day. Federal law says "promptly" and names no days, so nothing here
    counts any.

    Services are late when they begin after the day of enrollment, or, where a calendar is known and no school
    is held on that day, after the first school day that follows.
    """
    gaps = set()
    begun = transfer.services_from
    if begun is None or begun > today:
        gaps.add(TransferGap.SERVICES)
    if begun is not None and begun > _first_day(transfer.enrolled_on, school):
        gaps.add(TransferGap.LATE)
    if transfer.parent_asked_on is None or transfer.parent_asked_on > today:
        gaps.add(TransferGap.PARENT)
    if transfer.records_asked_on is None:
        gaps.add(TransferGap.ASK_RECORDS)
    if transfer.records_received_on is None or transfer.records_received_on > today:
        gaps.add(TransferGap.RECORDS)
    if transfer.decision is TransferDecision.PENDING:
        gaps.add(TransferGap.DECISION)
    if not transfer.is_same_state and transfer.evaluation_needed is None:
        gaps.add(TransferGap.EVALUATION)
    return tuple(gap for gap in TransferGap if gap in gaps)


def _first_day(enrolled_on: date, school: SchoolCalendar | None) -> date:
    if school is None or school.is_school_day(enrolled_on) is not False:
        return enrolled_on
    return school.after(enrolled_on, 1) or enrolled_on
