"""What the pages of a child's family show: adults with their two rights, and candidates with both facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from iepcore.caseload import Candidate, FamilyView, ParentRow
from iepcore.language import english_name, format_day
from iepcore.people import RosterStanding
from lti_app.screens.choices import lms_name, member_name, plain
from lti_app.screens.page import Frame, initials


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The two rights of one adult in words, each beside whether it holds, and who confirmed them."""

    flags: tuple[tuple[str, bool], ...]
    basis: str
    document: str
    confirmed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentLine:
    """A confirmed adult."""

    name: str
    initials: str
    note: str
    rights: Rights
    href: str
    ended: str
    address_protected: bool
    id: str
    undo: bool
    in_force: bool
    is_student: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLine:
    """Somebody who could be confirmed, with the facts the LMS tells. Of those it has not linked the list says
    so once, for all."""

    name: str
    initials: str
    facts: tuple[str, ...]
    href: str
    is_actor: bool


def parent_of(frame: Frame, row: ParentRow, found: FamilyView, today: date) -> ParentLine:
    """Return the line of a confirmed adult."""
    held, adult = row.relationship, row.adult
    notes = [plain(frame, f"relation.{held.relation.value}")]
    notes.append(frame.words("reads %(language)s", language=frame.words(english_name(adult.reads))))
    if adult.speaks != adult.reads:
        notes.append(frame.words("speaks %(language)s", language=frame.words(english_name(adult.speaks))))
    if adult.needs_interpreter:
        notes.append(frame.words("needs an interpreter"))
    ended = ""
    if held.valid_to is not None and held.holds_on(today):
        ended = frame.words("In force until %(day)s", day=format_day(held.valid_to, frame.lang))
    elif not held.holds_on(today):
        days = [format_day(day, frame.lang) for day in (held.valid_from, held.valid_to) if day is not None]
        ended = frame.words("Not in force today (%(days)s)", days=" – ".join(days))
    return ParentLine(
        name=adult.name,
        initials=initials(adult.name),
        note=" · ".join(notes),
        rights=rights_of(frame, row, found),
        href=f"/app/c/{held.student_id}/family/rights/{held.id}",
        ended=ended,
        address_protected=held.address_protected,
        id=str(held.id),
        in_force=held.holds_on(today),
        undo=held.valid_to is not None and timedelta(0) <= today - held.valid_to <= timedelta(days=1),
        is_student=held.is_the_student,
    )


def rights_of(frame: Frame, row: ParentRow, found: FamilyView) -> Rights:
    """Return the two rights in words, what they rest on, and who confirmed them when."""
    held = row.relationship
    records = (
        frame.words("May read the record")
        if held.may_access_records
        else frame.words("May not read the record")
    )
    decides = frame.words("May decide") if held.may_decide else frame.words("May not decide")
    return Rights(
        flags=((records, held.may_access_records), (decides, held.may_decide)),
        basis=held.basis,
        document=held.document,
        confirmed=frame.words(
            "Confirmed by %(name)s on %(day)s",
            name=found.names.get(held.verified_by) or frame.words("somebody who left"),
            day=format_day(frame.local(held.verified_at).date(), frame.lang),
        ),
    )


def candidate_of(frame: Frame, row: Candidate, found: FamilyView) -> CandidateLine:
    """Return the line of somebody who could be confirmed."""
    name = member_name(frame, row.member)
    return CandidateLine(
        name=name,
        initials=initials(row.member.name or ""),
        facts=facts_of(frame, row, found) if row.linked or row.listed_as_pupil else (_listed(frame, row),),
        href=f"/app/c/{found.student.id}/family/{row.member.id}",
        is_actor=row.is_actor,
    )


def facts_of(frame: Frame, row: Candidate, found: FamilyView) -> tuple[str, ...]:
    """Return what is known of a candidate: the LMS' link and its list, each said whether it is so or not, and
    how they came."""
    lms, child = lms_name(frame), found.student.preferred_name
    linked = (
        frame.words("%(lms)s links this person to %(child)s.", lms=lms, child=child)
        if row.linked
        else frame.words("%(lms)s has not linked this person to %(child)s.", lms=lms, child=child)
    )
    staff = (frame.words("Has opened Rapport as staff."),) if row.launched_as_staff else ()
    return linked, _listed(frame, row), *staff


def _listed(frame: Frame, row: Candidate) -> str:
    if row.member.standing is RosterStanding.OBSERVER:
        return frame.words("In %(course)s as an observer.", course=row.member.context_title)
    if row.listed_as_pupil:
        return frame.words("In %(course)s, listed as a pupil.", course=row.member.context_title)
    return frame.words("In %(course)s, but not as an observer.", course=row.member.context_title)


def homes_of(found: FamilyView) -> dict[str, str]:
    """Return the homes of the confirmed adults with the names of those who live there."""
    homes: dict[str, list[str]] = {}
    for row in found.rows:
        homes.setdefault(row.relationship.household, []).append(row.adult.name)
    return {home: ", ".join(names) for home, names in homes.items()}


def next_home(found: FamilyView) -> str:
    """Return a label for a home that nobody of this child lives in yet: A, B, ..."""
    taken = set(homes_of(found))
    letters = (chr(ord("A") + number) for number in range(26))
    return next((letter for letter in letters if letter not in taken), f"home-{len(taken) + 1}")
