"""Who has to do what under a child's plan, and who has said that they know: "got it" per version and person.

Every teacher and provider is told their own duties (34 CFR 300.323(d)). A new version asks again, and shows
what it changed. A substitute reads one line each and is asked nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from iepcore.access import Action, AuditKind, Resource, ResourceKind
from iepcore.caseload.desk import READ_FOLD_MINUTES, Desk
from iepcore.caseload.family_side import version_before
from iepcore.errors import IllegalMove, NotFound
from iepcore.ids import AdultId, PlanVersionId, StudentId
from iepcore.people import Adult, Assignment, PersonKind, Student
from iepcore.plan.document import (
    DutyReceipt,
    PlanChange,
    PlanHead,
    PlanState,
    PlanVersion,
    differences,
)
from iepcore.plan.duties import ASKED, StaffDuties, duties_of
from iepcore.ports import UnitOfWork

UNDO_WITHIN = timedelta(minutes=10)
"""How long a tap on "got it" can be undone as a slip of the finger; then it stands."""

Course = tuple[str, str]
"""A class of the address book: (source, context)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One child under one version, for one member of staff. ``changes`` are against the version before, when
    there is one; ``got_at`` when this person said they know; ``is_asked``: whether they are asked at all.
    ``begins_later``: the version takes effect on a day to come.
    """

    student: Student
    place: Assignment
    version: PlanVersion
    duties: StaffDuties
    changes: tuple[PlanChange, ...]
    got_at: datetime | None
    is_asked: bool
    begins_later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Knower:
    """One colleague on the team of a child, and when they said that they know; None: not yet."""

    adult: Adult
    place: Assignment
    got_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """Who knows their duties under one version, for the case manager; those who have not yet come first."""

    student: Student
    version: PlanHead
    colleagues: tuple[Knower, ...]

    @property
    def missing(self) -> tuple[Knower, ...]:
        """Those who have not said it yet."""
        return tuple(one for one in self.colleagues if one.got_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesPage:
    """Everything on the duties page. ``here`` are the children of the class that was asked for, ``others``
    the rest; ``without_plan`` the names of children of mine for whom no plan is in force.
    """

    here: tuple[DutyRow, ...]
    others: tuple[DutyRow, ...]
    without_plan: tuple[Student, ...]
    knowing: tuple[Knowing, ...]
    day: date

    @property
    def open_count(self) -> int:
        """How many wait for a "got it" of this person."""
        return sum(row.is_asked and row.got_at is None for row in (*self.here, *self.others))


class DutiesDesk:
    """Use cases of the duties page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, course: Course | None = None) -> DutiesPage:
        """Return the actor's duties under the plans of every child whose team they are on today. Each child
        read is in the trail; children whose duties they may not read are left out.
        """
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        with desk.store.write() as uow:
            places = _places(uow, me, day)
            judge = desk.judge(uow)
            for student_id in list(places):
                resource = _duties(student_id)
                decision = judge.decide(Action.READ, resource)
                if not decision.is_allowed:
                    del places[student_id]
                    continue
                uow.audit.add(
                    desk.event(AuditKind.READ, "duties", decision, student_id, fold=READ_FOLD_MINUTES)
                )
            manages = {
                one
                for one in places
                if judge.may(Action.WRITE, Resource(kind=ResourceKind.TEAM, student_id=one))
            }
        with desk.store.read() as uow:
            students = {one.id: one for one in uow.people.students(set(places))}
            held = _in_force(uow, set(places), day)
            rows = self._rows(uow, places, students, held)
            in_course = _pupils_of(uow, course, set(students))
            named = sorted(rows, key=_order)
            with_plan = {row.student.id for row in rows}
            return DutiesPage(
                here=tuple(row for row in named if row.student.id in in_course),
                others=tuple(row for row in named if row.student.id not in in_course),
                without_plan=tuple(
                    sorted(
                        (one for one in students.values() if one.id not in with_plan),
                        key=lambda one: one.preferred_name.casefold(),
                    )
                ),
                knowing=self._knowing(uow, manages, students),
                day=day,
            )

    def waiting_count(self) -> int:
        """Return how many versions wait for the actor's "got it": a number for other screens, no names."""
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        with desk.store.read() as uow:
            places = {
                student_id: place
                for student_id, place in _places(uow, me, day).items()
                if place.role in ASKED
            }
            heads = [one for one in uow.plans.heads_of(set(places)) if _counts(one, day)]
            got = {
                one.version_id
                for one in uow.plans.receipts_of({one.id for one in heads})
                if one.adult_id == me
            }
            return sum(one.id not in got and one.written_by != me for one in heads)

    def got_it(self, version_id: PlanVersionId) -> DutyReceipt:
        """Keep that the actor knows their duties under a version. The first time counts.

        Raises:
            NotPermitted: to who is not asked: a substitute, an administrator, anybody without a place.
            IllegalMove: ``duties_past`` for a version that holds no more and will not. NotFound.
        """
        desk = self._desk
        with desk.changing() as change:
            uow = change.uow
            version = uow.plans.version(version_id)
            if version is None:
                raise NotFound("plan_version")
            change.permit(Action.WRITE, _duties(version.student_id), what="duties_got")
            if not _counts(version, desk.clock.today()):
                raise IllegalMove("duties_past")
            return uow.plans.add_receipt(
                DutyReceipt(
                    student_id=version.student_id,
                    version_id=version_id,
                    adult_id=desk.adult_id,
                    got_at=desk.clock.now(),
                )
            )

    def undo(self, version_id: PlanVersionId) -> None:
        """Take the actor's last tap back, within ten minutes. Nothing happens when there was none.

        Raises:
            IllegalMove: ``receipt_stands`` later than that. NotFound. NotPermitted.
        """
        desk = self._desk
        with desk.changing() as change:
            uow = change.uow
            version = uow.plans.version(version_id)
            if version is None:
                raise NotFound("plan_version")
            change.permit(Action.WRITE, _duties(version.student_id), what="duties_undone")
            for receipt in uow.plans.receipts_of({version_id}):
                if receipt.adult_id != desk.adult_id:
                    continue
                if desk.clock.now() - receipt.got_at > UNDO_WITHIN:
                    raise IllegalMove("receipt_stands")
                uow.plans.drop_receipt(version_id, desk.adult_id)

    def knowing(self, student_id: StudentId) -> tuple[Knowing, ...]:
        """Return who knows their duties under what holds or comes next, for the child's case manager.

        Raises:
            NotPermitted: to who does not keep the child's team.
        """
        desk = self._desk
        with desk.changing() as change:
            team = Resource(kind=ResourceKind.TEAM, student_id=student_id)
            change.permit(Action.READ, _duties(student_id), what="duties_known")
            change.permit(Action.WRITE, team, what="duties_known")
            student = change.uow.people.student(student_id)
            assert student is not None  # a place on a team names a child there is
            return self._knowing(change.uow, {student_id}, {student_id: student})

    def _rows(
        self,
        uow: UnitOfWork,
        places: Mapping[StudentId, Assignment],
        students: Mapping[StudentId, Student],
        held: Mapping[StudentId, Sequence[PlanVersion]],
    ) -> list[DutyRow]:
        me, day = self._desk.adult_id, self._desk.clock.today()
        shown = [version for versions in held.values() for version in versions if _counts(version, day)]
        got = {
            one.version_id: one.got_at
            for one in uow.plans.receipts_of({one.id for one in shown})
            if one.adult_id == me
        }
        rows = []
        for version in shown:
            place = places[version.student_id]
            duties = duties_of(version.contents, place.role, me, on=day)
            is_asked = place.role in ASKED and version.written_by != me
            if duties.is_empty and not is_asked:
                continue
            before = version_before(version, held[version.student_id])
            changes = differences(before.contents, version.contents) if before is not None else ()
            rows.append(
                DutyRow(
                    student=students[version.student_id],
                    place=place,
                    version=version,
                    duties=duties,
                    changes=() if duties.is_short else changes,
                    got_at=got.get(version.id),
                    is_asked=is_asked,
                    begins_later=version.begins_on > day,
                )
            )
        return rows

    def _knowing(
        self, uow: UnitOfWork, manages: Collection[StudentId], students: Mapping[StudentId, Student]
    ) -> tuple[Knowing, ...]:
        day = self._desk.clock.today()
        heads = [one for one in uow.plans.heads_of(manages) if _counts(one, day)]
        got = {
            (one.version_id, one.adult_id): one.got_at
            for one in uow.plans.receipts_of({one.id for one in heads})
        }
        found = []
        for head in heads:
            team = _asked_of(uow.people.assignments_of_student(head.student_id), head, day)
            adults = {one.id: one for one in uow.people.adults(set(team))}
            colleagues = [
                Knower(adult=adults[one], place=place, got_at=got.get((head.id, one)))
                for one, place in team.items()
            ]
            colleagues.sort(key=lambda one: (one.got_at is not None, one.adult.name.casefold()))
            found.append(
                Knowing(student=students[head.student_id], version=head, colleagues=tuple(colleagues))
            )
        return tuple(sorted(found, key=lambda one: (not one.missing, one.student.preferred_name.casefold())))


def _duties(student_id: StudentId) -> Resource:
    return Resource(kind=ResourceKind.DUTIES, student_id=student_id)


def _places(uow: UnitOfWork, adult_id: AdultId, day: date) -> dict[StudentId, Assignment]:
    """Return the actor's place towards each child; of several the one that is asked for more."""
    order = list(_ROLE_ORDER)
    found: dict[StudentId, Assignment] = {}
    held = [one for one in uow.people.assignments_of_adult(adult_id) if one.holds_on(day)]
    for place in sorted(held, key=lambda one: order.index(one.role.value)):
        found.setdefault(place.student_id, place)
    return found


_ROLE_ORDER = (
    "case_manager",
    "special_ed_teacher",
    "related_service_provider",
    "gen_ed_teacher",
    "paraprofessional",
    "substitute",
    "administrator",
)


def _asked_of(places: Iterable[Assignment], head: PlanHead, day: date) -> dict[AdultId, Assignment]:
    """Return who is asked under a version: everybody on the team with duties but who wrote it."""
    return {
        one.adult_id: one
        for one in places
        if one.holds_on(day) and one.role in ASKED and one.adult_id != head.written_by
    }


def _counts(version: PlanVersion | PlanHead, day: date) -> bool:
    """Whether a version asks something of staff: it holds today, or takes effect on a day that is set."""
    return version.was_in_force(day) or (version.state is PlanState.IN_EFFECT and version.begins_on > day)


def _in_force(
    uow: UnitOfWork, student_ids: Collection[StudentId], day: date
) -> dict[StudentId, list[PlanVersion]]:
    """Return the versions of children for whom one counts, with what it is compared to."""
    found: dict[StudentId, list[PlanVersion]] = {}
    for student_id in sorted(
        {one.student_id for one in uow.plans.heads_of(student_ids) if _counts(one, day)}
    ):
        found[student_id] = list(uow.plans.versions_of(student_id))
    return found


def _pupils_of(uow: UnitOfWork, course: Course | None, student_ids: Collection[StudentId]) -> set[StudentId]:
    """Return those of the children who are in a class, by the accounts that are theirs."""
    if course is None:
        return set()
    listed = {(line.source, line.subject) for line in uow.people.roster(*course) if line.active}
    return {
        student_id
        for student_id in student_ids
        for one in uow.people.identities_of(student_id)
        if one.kind is PersonKind.STUDENT and (one.source, one.subject) in listed
    }


def _order(row: DutyRow) -> tuple[bool, str, date]:
    """What waits comes first, then by name."""
    done = not row.is_asked or row.got_at is not None
    return done, row.student.preferred_name.casefold(), row.version.begins_on
