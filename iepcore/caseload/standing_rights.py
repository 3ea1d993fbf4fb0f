"""From a confirmed relationship to grants: by the two flags, the student's age, and a noted transfer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from iepcore.access import Basis, Grant, Party, ResourceKind
from iepcore.ids import StudentId
from iepcore.people import (
    MajorityRule,
    Relation,
    Relationship,
    RightsStage,
    RightsTransfer,
    Student,
    TransferOutcome,
    stages_of,
)
from iepcore.ports import UnitOfWork

_ONE_DAY = timedelta(days=1)
_NO_NOTICES = frozenset({Relation.CASEWORKER, Relation.SURROGATE_PARENT, Relation.OTHER})
"""Whose part ends when the rights are the student's: notices go to parents (34 CFR 300.520(a)(1)(i))."""
_NOTICES = frozenset({ResourceKind.NOTICE, ResourceKind.FAMILY_PROFILE})
_WORDS = frozenset({ResourceKind.MESSAGE, ResourceKind.TRANSLATION})
_OPENS_RECORD = frozenset(
    {
        Party.PARENT_RECORDS_AND_DECISIONS,
        Party.PARENT_RECORDS_ONLY,
        Party.ADULT_STUDENT,
        Party.ADULT_STUDENT_IN_GAP,
        Party.STUDENT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What decides whose rights they are, of some children, read once."""

    rule: MajorityRule
    born: Mapping[StudentId, date | None]
    transfers: Mapping[StudentId, RightsTransfer]

    def grants(self, held: Relationship) -> tuple[Grant, ...]:
        """Return the grants of a relationship, one for each stage of the student's life it reaches into."""
        transfer = self.transfers.get(held.student_id)
        stages = stages_of(self.born.get(held.student_id), self.rule, transfer)
        grants = []
        for place, (first, stage) in enumerate(stages):
            last = stages[place + 1][0] - _ONE_DAY if place + 1 < len(stages) else None
            starts = max(first, held.valid_from)
            ends = min((day for day in (last, held.valid_to) if day is not None), default=None)
            if ends is not None and ends < starts:
                continue
            party = _student(held, stage) if held.is_the_student else _parent(held, stage, transfer)
            if party is None:
                continue
            told = party is Party.PARENT_AFTER_TRANSFER
            writes = transfer is not None and transfer.parents_may_write
            grants.append(
                Grant(
                    party=party,
                    basis=Basis.RELATIONSHIP,
                    student_id=held.student_id,
                    starts_on=starts,
                    ends_on=ends,
                    kinds=(_NOTICES | _WORDS if writes else _NOTICES) if told else None,
                    shares_signing=stage is RightsStage.BOTH,
                )
            )
        return tuple(grants)

    def opens_record(self, held: Relationship, on: date) -> bool:
        """Tell whether this relationship opens the child's record on a day."""
        return any(one.party in _OPENS_RECORD and one.holds_on(on) for one in self.grants(held))

    def may_be_written(self, held: Relationship, on: date) -> bool:
        """Tell whether the school may write to this adult about the child on a day."""
        return self.opens_record(held, on) or any(
            one.kinds is not None and ResourceKind.MESSAGE in one.kinds and one.holds_on(on)
            for one in self.grants(held)
        )


def rights_of(uow: UnitOfWork, student_ids: Collection[StudentId]) -> Rights:
    """Read what decides whose rights they are, of these children."""
    if not student_ids:
        return Rights(rule=MajorityRule(), born={}, transfers={})
    students: Collection[Student] = uow.people.students(student_ids)
    return Rights(
        rule=majority_rule(uow),
        born={one.id: one.born_on for one in students},
        transfers={one.student_id: one for one in uow.people.transfers_of(student_ids)},
    )


def majority_rule(uow: UnitOfWork) -> MajorityRule:
    """Return the age of majority that holds at the site: of its state, as its choices say."""
    return MajorityRule()


def _parent(held: Relationship, stage: RightsStage, transfer: RightsTransfer | None) -> Party | None:
    """Return the row of the matrix by the two flags (P1), or by the transfer where the rights passed."""
    if not held.may_access_records:
        return Party.PARENT_NO_RECORDS
    if stage is not RightsStage.STUDENT:
        return Party.PARENT_RECORDS_AND_DECISIONS if held.may_decide else Party.PARENT_RECORDS_ONLY
    if transfer is not None and transfer.outcome is TransferOutcome.PARENTS_STILL_READ:
        return Party.PARENT_RECORDS_ONLY
    return None if held.relation in _NO_NOTICES else Party.PARENT_AFTER_TRANSFER


def _student(held: Relationship, stage: RightsStage) -> Party | None:
    """Return the student's own row: by age; a minor's only where a parent agreed and the school opened it."""
    if stage is RightsStage.STUDENT:
        return Party.ADULT_STUDENT
    if stage is RightsStage.BOTH:
        return Party.ADULT_STUDENT_IN_GAP
    enabled = held.may_access_records and held.agreed_by is not None
    return Party.STUDENT if enabled else None
