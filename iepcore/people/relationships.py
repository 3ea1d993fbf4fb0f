"""Who a child's adults are to the child, and the two rights flags of each (domain guide P1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One adult's standing towards one student, as confirmed by a member of staff.

    The flags are separate on purpose: custody alone removes neither, a roster or LMS link sets neither
    (34 CFR 99.4, 300.30(b), 300.613(c)). ``basis`` says in words what the confirmation rests on.
    ``household`` groups adults who live together; data of one household never reaches another.

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
    version: int = 1

    def __post_init__(self) -> None:
        if not self.basis.strip():
            raise InvalidValue("basis_empty", field="basis")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise InvalidValue("dates_reversed", field="valid_to")
        if self.version < 1:
            raise InvalidValue("version_range", field="version")

    def holds_on(self, day: date) -> bool:
        """Tell whether the relationship is in force on ``day`` (both ends included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
