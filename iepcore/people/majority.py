"""When a student's rights become their own: at 18 (FERPA), at the state's age of majority (Part B)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.calendars import LeapRule, attains_age
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, StudentId

ADULT_AT = 18
"""The age at which the rights about education records are the student's (34 CFR 99.3, 99.5)."""
LONGEST_BASIS = 500


class RightsStage(StrEnum):
    """Whose rights they are on a day."""

    PARENTS = "parents"
    """The student is a minor, or a court left the rights with the parents (34 CFR 300.520(a))."""
    BOTH = "both"
    """18, and below the state's age of majority: both read, the parents decide on the plan, both sign what
    leaves the school (domain guide C8, a product rule; counsel is asked)."""
    STUDENT = "student"
    """Transferred: notices go to both, everything else is the student's (34 CFR 300.520, 300.625)."""


class TransferOutcome(StrEnum):
    """What the school noted about the transfer of one student's rights."""

    TRANSFERS = "transfers"
    PARENTS_STILL_READ = "parents_still_read"
    """The student consents, or the school decided so for a dependent student (34 CFR 99.31(a)(8))."""
    STAYS_WITH_PARENTS = "stays_with_parents"
    """A court or state procedure found that the student cannot decide (34 CFR 300.520(a), (b))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorityRule:
    """A state's rule: the ``age`` in years (18 to 30), whether Part B rights ``transfers`` at all, and where
    a birthday of 29 February goes.

    Raises:
        InvalidValue: ``age_range``.
    """

    age: int = ADULT_AT
    transfers: bool = True
    leap: LeapRule = LeapRule.FEB28
    citation: str = "34 CFR 300.520, 99.5"

    def __post_init__(self) -> None:
        if not ADULT_AT <= self.age <= 30:
            raise InvalidValue("age_range", field="age")


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsTransfer:
    """What is written down about one student's transfer of rights: how it comes out, on which paper that
    rests, and when each side was told (34 CFR 300.520(a)(3) asks for both notices).

    ``parents_may_write``: the student agrees that the parents go on writing with the school.

    Raises:
        InvalidValue: ``basis_empty`` when the rights stay, or parents go on reading, without a paper;
            ``too_long``; ``version_range``.
    """

    student_id: StudentId
    noted_by: AdultId
    noted_at: datetime
    outcome: TransferOutcome = TransferOutcome.TRANSFERS
    basis: str = ""
    student_told_on: date | None = None
    parents_told_on: date | None = None
    parents_may_write: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        if self.outcome is not TransferOutcome.TRANSFERS and not self.basis.strip():
            raise InvalidValue("basis_empty", field="basis")
        if len(self.basis) > LONGEST_BASIS:
            raise InvalidValue("too_long", field="basis", params={"limit": LONGEST_BASIS})
        if self.version < 1:
            raise InvalidValue("version_range", field="version")


def stages_of(
    born_on: date | None, rule: MajorityRule, transfer: RightsTransfer | None
) -> tuple[tuple[date, RightsStage], ...]:
    """Return each first day and the stage that begins on it, oldest first; ``date.min`` begins with parents.

    Without a birthday nothing ever turns: nobody loses or gains a right by a date that nobody knows.
    """
    first = (date.min, RightsStage.PARENTS)
    if born_on is None or (transfer is not None and transfer.outcome is TransferOutcome.STAYS_WITH_PARENTS):
        return (first,)
    adult_on = attains_age(born_on, ADULT_AT, leap=rule.leap)
    if not rule.transfers:
        return (first, (adult_on, RightsStage.BOTH))
    majority = attains_age(born_on, rule.age, leap=rule.leap)
    if majority == adult_on:
        return (first, (adult_on, RightsStage.STUDENT))
    return (first, (adult_on, RightsStage.BOTH), (majority, RightsStage.STUDENT))


def stage_on(
    born_on: date | None, rule: MajorityRule, transfer: RightsTransfer | None, on: date
) -> RightsStage:
    """Return whose rights they are on a day."""
    return [stage for day, stage in stages_of(born_on, rule, transfer) if day <= on][-1]
