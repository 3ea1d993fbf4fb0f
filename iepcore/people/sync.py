"""What a pulled roster means for the address book: who comes, who leaves, whose line changed. Pure functions.

Only a whole roster may say that somebody has left, and leaving ends a line's access to nothing but the
address book: no record, no right and no place on a team is touched here (domain guide 4). Taking in the same
roster twice changes nothing, in whatever order its rows come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from iepcore.ids import RosterMemberId, new_uuid7
from iepcore.people.adults import AddressKind, told_address
from iepcore.people.feeds import CourseStanding, CourseState, GuardianHint, RosterFeed, RosterRun
from iepcore.people.pulls import CourseRoster, RosterPerson, standings_of
from iepcore.people.roster import FEW, RosterChanges, RosterMember, RosterStanding, roster_changes

_LONGEST_NAME = 200
NewId = Callable[[], RosterMemberId]


def _new_id() -> RosterMemberId:
    return RosterMemberId(new_uuid7())


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlan:
    """What one course's roster would do. ``lines`` is what the course would hold of those that were read,
    ``hints`` who acts for whom; ``complete`` whether those who are not in it have left."""

    context_id: str
    title: str
    complete: bool
    changes: RosterChanges
    lines: tuple[RosterMember, ...]
    hints: tuple[GuardianHint, ...]
    new_hints: int
    gone_hints: int

    @property
    def changes_nothing(self) -> bool:
        """Tell whether taking it in would leave everybody as they are."""
        held = self.changes
        return not (held.came or held.left or held.changed or self.new_hints or self.gone_hints)


def members_of(
    roster: CourseRoster, *, source: str, seen_at: datetime, new_id: NewId = _new_id
) -> tuple[RosterMember, ...]:
    """Return a course's people as lines of the address book, each once, in an order of their own.

    Somebody who is enrolled in nothing but acts for a pupil of the course (as OneRoster lists parents) stands
    in it as an observer.
    """
    lines = {
        person.subject: _line(roster, person, standing, active, source, seen_at, new_id)
        for person, standing, active in standings_of(roster)
    }
    guardians = {
        link.guardian_subject for link in roster.guardians if link.guardian_subject != link.student_subject
    }
    for person in roster.people:
        if person.subject in guardians and person.subject not in lines:
            lines[person.subject] = _line(
                roster, person, RosterStanding.OBSERVER, True, source, seen_at, new_id
            )
    return tuple(lines[subject] for subject in sorted(lines))


def hints_of(roster: CourseRoster, *, source: str, seen_at: datetime) -> tuple[GuardianHint, ...]:
    """Return who acts for whom by a course's roster: each pair once, of people who stand in it, nobody for
    themselves."""
    known = {person.subject for person in roster.people}
    found: dict[tuple[str, str], GuardianHint] = {}
    for link in sorted(roster.guardians, key=lambda one: (one.guardian_subject, one.student_subject)):
        pair = (link.guardian_subject, link.student_subject)
        if pair[0] == pair[1] or not known.issuperset(pair):
            continue
        relation = max(link.relation, found[pair].relation if pair in found else "")
        found[pair] = GuardianHint(
            source=source,
            context_id=roster.course.id,
            guardian_subject=pair[0],
            student_subject=pair[1],
            relation=relation,
            seen_at=seen_at,
        )
    return tuple(found.values())


def plan_course(
    before: Iterable[RosterMember],
    hints: Iterable[GuardianHint],
    roster: CourseRoster,
    *,
    source: str,
    seen_at: datetime,
    new_id: NewId = _new_id,
) -> RosterPlan:
    """Return what taking in ``roster`` would do to the lines and hints that are stored of that course.

    A part of a roster makes nobody leave, not even whom it lists as ended: the row that says they are in
    another section may be the one that was lost. One of changes only (``ends_are_final``) means its ends.
    """
    stored = {one.subject: one for one in before}
    told = members_of(roster, source=source, seen_at=seen_at, new_id=new_id)
    lines = tuple(
        replace(one, id=stored[one.subject].id) if one.subject in stored else one
        for one in told
        if roster.ends_are_final or one.active or not _is_active(stored.get(one.subject))
    )
    held = {(one.guardian_subject, one.student_subject): one.relation for one in hints}
    linked = hints_of(roster, source=source, seen_at=seen_at)
    pairs = {(one.guardian_subject, one.student_subject): one.relation for one in linked}
    return RosterPlan(
        context_id=roster.course.id,
        title=title_of(roster),
        complete=roster.complete,
        changes=roster_changes(stored.values(), lines, complete=roster.complete),
        lines=lines,
        hints=linked,
        new_hints=sum(held.get(pair) != relation for pair, relation in pairs.items()),
        gone_hints=len(held.keys() - pairs.keys()) if roster.complete else 0,
    )


def lines_after(before: Iterable[RosterMember], plan: RosterPlan) -> tuple[RosterMember, ...]:
    """Return the course's lines once a plan is carried out: what every store must hold then."""
    after = {one.subject: one for one in before}
    if plan.complete:
        after = {subject: replace(one, active=False) for subject, one in after.items()}
    after |= {one.subject: one for one in plan.lines}
    return tuple(after[subject] for subject in sorted(after))


def hints_after(before: Iterable[GuardianHint], plan: RosterPlan) -> tuple[GuardianHint, ...]:
    """Return the course's hints once a plan is carried out."""
    kept = () if plan.complete else before
    after = {(one.guardian_subject, one.student_subject): one for one in (*kept, *plan.hints)}
    return tuple(after[pair] for pair in sorted(after))


def state_of(
    feed: RosterFeed, run: RosterRun, roster: CourseRoster, plan: RosterPlan, *, as_: CourseStanding
) -> CourseState:
    """Return what is noted of a course once its roster was looked at."""
    return CourseState(
        feed_id=feed.id,
        context_id=plan.context_id,
        run_id=run.id,
        title=plan.title,
        standing=as_,
        pulled_at=roster.pulled_at,
        people=sum(one.active for one in plan.lines),
        came=len(plan.changes.came),
        left=len(plan.changes.left),
        changed=len(plan.changes.changed),
        links=len(plan.hints),
        unread=len(roster.unread),
        shortfalls=tuple(sorted(roster.shortfalls, key=lambda one: (one.kind, one.code, one.count))),
    )


def too_many_gone(gone: Collection[str], known: Collection[str]) -> bool:
    """Tell whether so many courses are missing from a whole list at once that a person must be asked."""
    return len(gone) > FEW and len(gone) * 2 > len(known)


def title_of(roster: CourseRoster) -> str:
    """Return what people call a course: its title, else its code, else nothing."""
    return " ".join((roster.course.title or roster.course.code).split())[:_LONGEST_NAME]


def without_person(roster: CourseRoster, subject: str) -> CourseRoster:
    """Return a roster as it is without one person; the same one when they do not stand in it."""
    if all(one.subject != subject for one in roster.people):
        return roster
    return replace(
        roster,
        people=tuple(one for one in roster.people if one.subject != subject),
        enrollments=tuple(one for one in roster.enrollments if one.subject != subject),
        guardians=tuple(
            one for one in roster.guardians if subject not in (one.guardian_subject, one.student_subject)
        ),
    )


def _is_active(member: RosterMember | None) -> bool:
    return member is not None and member.active


def _line(
    roster: CourseRoster,
    person: RosterPerson,
    standing: RosterStanding,
    active: bool,
    source: str,
    seen_at: datetime,
    new_id: NewId,
) -> RosterMember:
    mail = told_address(AddressKind.MAIL, person.email)
    return RosterMember(
        id=new_id(),
        source=source,
        context_id=roster.course.id,
        context_title=title_of(roster),
        subject=person.subject,
        standing=standing,
        seen_at=seen_at,
        active=active,
        name=" ".join((person.name or "").split())[:_LONGEST_NAME] or None,
        email=mail.value if mail is not None else None,
        channel_user_id=person.channel_user_id,
        sis_id=person.sis_id,
        email_verified=person.email_verified and mail is not None,
        grade=person.grade,
    )
