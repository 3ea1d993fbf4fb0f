"""From a confirmed relationship to grants: by the two flags, the student's age, and a noted transfer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from iepcore.access import Basis, Grant, Party, ResourceKind
from iepcore.calendars import CounselQuestion, LeapRule, PolicyKey, SiteChoices
from iepcore.ids import StudentId
from iepcore.people import (
    ADULT_AT,
    MajorityRule,
    Relation,
    Relationship,
    RightsStage,
    RightsTransfer,
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
    """What decides whose rights they are, of some children, read once. ``student_voice``: the school lets
    minor students in where a parent agrees; ``student_signs``: counsel decided that between 18 and the
    state's majority the student decides on the plan, and parents read (else parents decide, both read)."""

    rule: MajorityRule
    born: Mapping[StudentId, date | None]
    transfers: Mapping[StudentId, RightsTransfer]
    student_voice: bool = False
    student_signs: bool = False

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
            party = self._own(held, stage) if held.is_the_student else self._parent(held, stage)
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

    def _parent(self, held: Relationship, stage: RightsStage) -> Party | None:
        """Return the row of the matrix by the two flags (P1), or by the transfer where the rights passed."""
        if not held.may_access_records:
            return Party.PARENT_NO_RECORDS
        if stage is not RightsStage.STUDENT:
            decides = held.may_decide and not (stage is RightsStage.BOTH and self.student_signs)
            return Party.PARENT_RECORDS_AND_DECISIONS if decides else Party.PARENT_RECORDS_ONLY
        transfer = self.transfers.get(held.student_id)
        if transfer is not None and transfer.outcome is TransferOutcome.PARENTS_STILL_READ:
            return Party.PARENT_RECORDS_ONLY
        return None if held.relation in _NO_NOTICES else Party.PARENT_AFTER_TRANSFER

    def _own(self, held: Relationship, stage: RightsStage) -> Party | None:
        """Return the student's own row: by age; a minor's only where parent and school both say so."""
        if stage is RightsStage.STUDENT or (stage is RightsStage.BOTH and self.student_signs):
            return Party.ADULT_STUDENT
        if stage is RightsStage.BOTH:
            return Party.ADULT_STUDENT_IN_GAP
        enabled = held.may_access_records and held.agreed_by is not None and self.student_voice
        return Party.STUDENT if enabled else None

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
    choices = uow.calendars.choices()
    return Rights(
        rule=majority_rule(choices),
        born={one.id: one.born_on for one in uow.people.students(student_ids)},
        transfers={one.student_id: one for one in uow.people.transfers_of(student_ids)},
        student_voice=choices.student_voice,
        student_signs=choices.answer(CounselQuestion.RIGHTS_GAP) == "student_signs",
    )


def majority_rule(choices: SiteChoices) -> MajorityRule:
    """Return the age of majority that holds at the site: of its state, as its choices say."""
    rule = choices.profile.at(PolicyKey.AGE_OF_MAJORITY, date.max)  # the newest: a birthday lies ahead
    assert rule is not None, "the federal profile names one, and no state takes it away"
    leap = LeapRule(choices.answer(CounselQuestion.LEAP_BIRTHDAY))
    return MajorityRule(age=max(ADULT_AT, rule.value), leap=leap, citation=rule.citation)
