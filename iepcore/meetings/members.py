"""Who must be at a meeting of the team, and who may be excused from it (34 CFR 300.321; M4, E1, E2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ParentConsentId, StudentId


class TeamPart(StrEnum):
    """The part somebody has at a meeting. One person may have several."""

    PARENT = "parent"
    REGULAR_TEACHER = "regular_teacher"
    SPECIAL_TEACHER = "special_teacher"
    AGENCY = "agency_representative"
    RESULTS = "interpreter_of_results"
    KNOWLEDGE = "knowledge_of_the_child"
    STUDENT = "student"
    OUTSIDE_AGENCY = "outside_agency"
    PART_C = "part_c_coordinator"
    INTERPRETER = "interpreter"


REQUIRED_PARTS: tuple[TeamPart, ...] = (
    TeamPart.PARENT,
    TeamPart.REGULAR_TEACHER,
    TeamPart.SPECIAL_TEACHER,
    TeamPart.AGENCY,
    TeamPart.RESULTS,
)
"""The five of 300.321(a)(1) to (5). The last may be another member's second part, the parent's own no."""

_MAY_BE_EXCUSED = frozenset(REQUIRED_PARTS) - {TeamPart.PARENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """One person asked to a meeting, and the parts they have in it. ``consent_id``: the consent to invite an
    outside agency.

    Raises:
        InvalidValue: ``invited_without_part``.
    """

    person_id: AdultId | StudentId
    parts: frozenset[TeamPart]
    consent_id: ParentConsentId | None = None

    def __post_init__(self) -> None:
        if not self.parts:
            raise InvalidValue("invited_without_part", field="parts")


def missing_parts(
    invited: Iterable[Invited],
    *,
    in_regular_class: bool = True,
    excused: Iterable[TeamPart] = (),
) -> tuple[TeamPart, ...]:
    """Return the required parts that nobody who was asked has, in the order of the rule.

    ``in_regular_class`` False leaves out the regular teacher of a child who is not, and will not be, in a
    regular class (300.321(a)(2)). ``excused`` are parts released by a valid excusal; a parent's is no such.
    """
    held = {part for one in invited for part in one.parts}
    released = set(excused) & _MAY_BE_EXCUSED
    if not in_regular_class:
        released.add(TeamPart.REGULAR_TEACHER)
    return tuple(part for part in REQUIRED_PARTS if part not in held | released)


class ExcusalGap(StrEnum):
    """What an excusal lacks."""

    NOT_EXCUSABLE = "parent_is_not_excused"
    PARENT_AGREEMENT = "parent_agreement_missing"
    PARENT_CONSENT = "parent_consent_missing"
    AGENCY = "agency_consent_missing"
    INPUT = "written_input_missing"


EXCUSAL_RULES: dict[ExcusalGap, str] = {
    ExcusalGap.NOT_EXCUSABLE: "34 CFR 300.321(a)(1)",
    ExcusalGap.PARENT_AGREEMENT: "34 CFR 300.321(e)(1)",
    ExcusalGap.PARENT_CONSENT: "34 CFR 300.321(e)(2)(i)",
    ExcusalGap.AGENCY: "34 CFR 300.321(e)",
    ExcusalGap.INPUT: "34 CFR 300.321(e)(2)(ii)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Excusal:
    """A member released from (a part of) a meeting.

    ``part`` None: the member is none of the required ones, and nothing has to be agreed. ``area_discussed``:
    the member's area is talked about, so agreement is not enough and consent and written input are needed.
    ``parent_on`` and ``agency_on`` are the days of the two written answers, ``input_on`` the day the parent
    and the team had the member's written input.
    """

    member_id: AdultId
    part: TeamPart | None
    area_discussed: bool
    parent_on: date | None = None
    agency_on: date | None = None
    input_on: date | None = None

    @property
    def is_needed(self) -> bool:
        """Whether the member has to be released at all."""
        return self.part in REQUIRED_PARTS


def excusal_gaps(excusal: Excusal, meeting_on: date) -> tuple[ExcusalGap, ...]:
    """Return what an excusal lacks; none when the member may stay away.

    E1: the area is not discussed, and parent and agency agreed in writing (300.321(e)(1)). E2: it is, and the
    parent consented in writing, the agency too, and the parent and the team had written input. All of it
    before the day of the meeting.
    """
    if not excusal.is_needed:
        return ()
    if excusal.part is TeamPart.PARENT:
        return (ExcusalGap.NOT_EXCUSABLE,)
    gaps = []
    if not _before(excusal.parent_on, meeting_on):
        gaps.append(ExcusalGap.PARENT_CONSENT if excusal.area_discussed else ExcusalGap.PARENT_AGREEMENT)
    if not _before(excusal.agency_on, meeting_on):
        gaps.append(ExcusalGap.AGENCY)
    if excusal.area_discussed and not _before(excusal.input_on, meeting_on):
        gaps.append(ExcusalGap.INPUT)
    return tuple(gaps)


def excused_parts(excusals: Iterable[Excusal], meeting_on: date) -> frozenset[TeamPart]:
    """Return the required parts released by excusals that lack nothing."""
    return frozenset(
        one.part
        for one in excusals
        if one.part is not None and one.is_needed and not excusal_gaps(one, meeting_on)
    )


def _before(day: date | None, meeting_on: date) -> bool:
    return day is not None and day < meeting_on
