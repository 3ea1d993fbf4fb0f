"""Who a child's adults are to the child, and the two rights flags of each (domain guide P1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, RelationshipId, StudentId


class Relation(StrEnum):
    """What an adult is to the child, in the family's terms. None of these words gives a right."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    STEPPARENT = "stepparent"
    FOSTER_PARENT = "foster_parent"
    GUARDIAN = "guardian"
    SURROGATE_PARENT = "surrogate_parent"
    GRANDPARENT = "grandparent"
    CASEWORKER = "caseworker"
    STUDENT = "student"
    """The student in person. What it opens goes by age and by what school and parent enabled."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One adult's standing towards one student, as confirmed by a member of staff.

    The flags are separate on purpose: custody alone removes neither, a roster or LMS link sets neither
    (34 CFR 99.4, 300.30(b), 300.613(c)). ``basis`` says in words what the confirmation rests on.
    ``household`` groups adults who live together; data of one household never reaches another. ``document``
    names the order or decree a limit rests on; ``agreed_by`` is the parent who agreed that a minor student
    has a page. ``address_protected``: no address or number of this adult may reach the other household.

    Raises:
        InvalidValue: ``basis_empty``, ``dates_reversed``, ``version_range``.
    """

    id: RelationshipId
    student_id: StudentId
    adult_id: AdultId
    relation: Relation
    household: str
    may_access_records: bool
    may_decide: bool
    basis: str
    verified_by: AdultId
    verified_at: datetime
    valid_from: date
    valid_to: date | None = None
    address_protected: bool = False
    document: str = ""
    agreed_by: AdultId | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if not self.basis.strip():
            raise InvalidValue("basis_empty", field="basis")
        # Taken back on the day it began: an empty window, kept in the history.
        if self.valid_to is not None and self.valid_to < self.valid_from - timedelta(days=1):
            raise InvalidValue("dates_reversed", field="valid_to")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    def holds_on(self, day: date) -> bool:
        """Tell whether the relationship is in force on ``day`` (both ends included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_the_student(self) -> bool:
        """Tell whether it is the student's own standing and no parent's."""
        return self.relation is Relation.STUDENT


NATURAL = frozenset({Relation.MOTHER, Relation.FATHER, Relation.PARENT})
"""Biological or adoptive parents: presumed to be the parent while they act as such (34 CFR 300.30(b)(1))."""
BY_LAW = NATURAL | {Relation.GUARDIAN, Relation.FOSTER_PARENT, Relation.SURROGATE_PARENT}
"""Whose record access only an order, statute or binding paper ends (34 CFR 99.4), and who decide first."""


def check_rights(said: Relationship, others: Iterable[Relationship], on: date) -> None:
    """Hold two rights flags against the rules of the field before they are kept.

    Raises:
        InvalidValue: ``paper_needed`` when a parent's record access ends without a named paper that revokes
            it (34 CFR 99.4); ``caseworker_decides`` when a caseworker would decide (300.519(d)(2)(i));
            ``parent_decides_first`` when somebody else would decide beside an acting parent, without a paper
            that names them (300.30(b)); ``decides_without_records``; ``student_flags`` when the student's
            own standing is given a parent's decision.
    """
    has_paper = bool(said.document.strip())
    if said.is_the_student:
        if said.may_decide:
            raise InvalidValue("student_flags", field="may_decide")
        return
    if said.may_decide and not said.may_access_records:
        raise InvalidValue("decides_without_records", field="may_decide")
    if said.relation in BY_LAW and not said.may_access_records and not has_paper:
        raise InvalidValue("paper_needed", field="document")
    if said.may_decide and said.relation is Relation.CASEWORKER:
        raise InvalidValue("caseworker_decides", field="may_decide")
    if said.may_decide and said.relation not in BY_LAW and not has_paper:
        acting = (one for one in others if one.id != said.id and one.relation in BY_LAW)
        if any(one.may_decide and one.holds_on(on) for one in acting):
            raise InvalidValue("parent_decides_first", field="may_decide")
