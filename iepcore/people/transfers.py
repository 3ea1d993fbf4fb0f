"""A child's record on its way from another school: what comes, what was told of its adults, and what stays.

No right travels with a record. Who may read or decide here is confirmed here (34 CFR 99.31(a)(2), 99.34 let
the record be sent; 300.323(g) makes both schools move promptly).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from iepcore.ids import AdultId, StudentId
from iepcore.people.relationships import Relation
from iepcore.people.students import Student


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRelation:
    """What the sending school says of one adult and the child: a fact to look into, never a right here."""

    adult_id: AdultId
    name: str = field(repr=False)
    relation: Relation
    may_access_records: bool
    may_decide: bool
    address_protected: bool
    document: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivingRecord:
    """One child's record as it can be kept here: new ids that are always the same for the same file and site.

    ``values`` are in an order in which they can be kept. ``stays`` counts, by kind, what belongs to the
    sending school alone (its team, its accounts, its trail) and does not come along. ``original_id`` is the
    child's id where it came from: the place a record came from refuses it.
    """

    student: Student
    original_id: StudentId
    values: tuple[object, ...] = field(repr=False)
    told: tuple[ToldRelation, ...] = ()
    stays: Mapping[str, int] = field(default_factory=dict)
