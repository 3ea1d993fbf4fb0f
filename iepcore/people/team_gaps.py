"""Whom the courses of a pupil list as staff and the pupil's team does not have: an offer, never a right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from iepcore.ids import AdultId, StudentId
from iepcore.people.roster import Identity, PersonKind, RosterMember, RosterStanding
from iepcore.people.staff import Assignment

STAFF_STANDINGS = frozenset({RosterStanding.TEACHER, RosterStanding.HELPER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStaff:
    """One member of staff of the pupil's courses. ``lines``: the roster's lines of this person, at least one;
    ``adult_id``: who it is here, or None when nobody of ours is known by these accounts."""

    lines: tuple[RosterMember, ...]
    adult_id: AdultId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamGap:
    """What the courses list beside the team: "5 teachers, 3 not on the team"."""

    student_id: StudentId
    listed: tuple[ListedStaff, ...]
    missing: tuple[ListedStaff, ...]


def staff_not_on_team(
    student_id: StudentId,
    lines: Iterable[RosterMember],
    identities: Iterable[Identity],
    assignments: Iterable[Assignment],
    *,
    on: date,
) -> TeamGap:
    """Return who of the staff of a pupil's courses has no place on the team on that day, each person once.

    ``lines`` are the rosters as kept (of all sources that know the pupil), ``identities`` say who is who,
    ``assignments`` may be of any children. A person with accounts in two sources is one if both are kept as
    theirs. Sorted by name and account.
    """
    known = {(one.source, one.subject): one for one in identities}
    active = [line for line in lines if line.active]
    courses = {
        (line.source, line.context_id)
        for line in active
        if line.standing is RosterStanding.PUPIL and _person(known, line) == student_id
    }
    staff: dict[tuple[str, ...], list[RosterMember]] = {}
    who: dict[tuple[str, ...], AdultId | None] = {}
    for line in active:
        identity = known.get((line.source, line.subject))
        is_pupil = identity is not None and identity.kind is PersonKind.STUDENT
        if (line.source, line.context_id) not in courses or line.standing not in STAFF_STANDINGS or is_pupil:
            continue
        adult_id = AdultId(identity.person_id) if identity is not None else None
        key = (str(adult_id),) if adult_id else (line.source, line.subject)
        staff.setdefault(key, []).append(line)
        who[key] = adult_id
    on_team = {one.adult_id for one in assignments if one.student_id == student_id and one.holds_on(on)}
    listed = sorted(
        (
            ListedStaff(lines=tuple(sorted(found, key=_place)), adult_id=who[key])
            for key, found in staff.items()
        ),
        key=lambda one: ((one.lines[0].name or "").casefold(), one.lines[0].source, one.lines[0].subject),
    )
    return TeamGap(
        student_id=student_id,
        listed=tuple(listed),
        missing=tuple(one for one in listed if one.adult_id not in on_team),
    )


def _person(known: dict[tuple[str, str], Identity], line: RosterMember) -> object:
    identity = known.get((line.source, line.subject))
    return identity.person_id if identity is not None else None


def _place(line: RosterMember) -> tuple[str, str, str]:
    return line.source, line.context_id, line.subject
