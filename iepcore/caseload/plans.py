"""Plans as staff read them: what is in force, how it came about, what is being written, and differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from iepcore.access import Action, Outcome, Person, Resource, ResourceKind
from iepcore.calendars import Deadline
from iepcore.caseload.desk import Desk, Judge
from iepcore.caseload.plan_rules import (
    PlanRules,
    in_force_now,
    in_force_on,
    lacking_of,
    living_goals,
    plan_rules,
    require_staff,
    student_of,
    version_of,
)
from iepcore.errors import NotFound
from iepcore.ids import AdultId, PlanVersionId, StudentId
from iepcore.people import Student
from iepcore.plan import Goal
from iepcore.plan.document import (
    Amendment,
    CopySent,
    FamilyWish,
    Missing,
    ParentConsent,
    PartAnswer,
    PartDraft,
    PlanChange,
    PlanComment,
    PlanState,
    PlanVersion,
    WrittenNotice,
    differences,
    standing_answers,
    standing_wishes,
)
from iepcore.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One version on the time line, with the notice that went with it."""

    version: PlanVersion
    notice: WrittenNotice | None
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """Everything a child's plan screen shows to staff. What the actor may not see is empty.

    ``current`` is in force today; ``coming`` is in effect from a later day; ``timeline`` holds every version,
    newest first. ``comments`` and ``answers`` belong to all versions, oldest first; ``lacking`` is what the
    draft still lacks. ``wishes`` stand (newest of every voice). ``forms`` are the actor's own half-written
    ones. ``goals`` live already, in the plan or not. ``review`` is the next annual review, ``notice_by`` the
    last day to send the notice of what is being written or proposed.
    """

    student: Student
    today: date
    rules: PlanRules
    current: PlanVersion | None
    coming: PlanVersion | None
    draft: PlanVersion | None
    proposed: tuple[PlanVersion, ...]
    timeline: tuple[PlanLine, ...]
    comments: tuple[PlanComment, ...]
    answers: tuple[PartAnswer, ...]
    lacking: tuple[Missing, ...]
    wishes: tuple[FamilyWish, ...]
    forms: tuple[PartDraft, ...]
    goals: tuple[Goal, ...]
    notices: tuple[WrittenNotice, ...]
    consents: tuple[ParentConsent, ...]
    copies: tuple[CopySent, ...]
    names: dict[AdultId, str]
    review: Deadline | None
    notice_by: Deadline | None
    may_write: bool
    may_step: bool
    may_comment: bool
    may_notice: bool
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """One version to read. ``lacking`` is empty for all but a draft; ``before`` the version it followed."""

    student: Student
    version: PlanVersion
    before: PlanVersion | None
    changes: tuple[PlanChange, ...]
    comments: tuple[PlanComment, ...]
    answers: tuple[PartAnswer, ...]
    lacking: tuple[Missing, ...]
    notice: WrittenNotice | None
    names: dict[AdultId, str]
    may_write: bool
    may_comment: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparison:
    """Two versions and what differs; ``amendments`` are those on the way from one to the other, each with the
    day it holds from, when it was agreed and why."""

    student: Student
    before: PlanVersion
    after: PlanVersion
    changes: tuple[PlanChange, ...]
    amendments: tuple[tuple[date, Amendment], ...]


class PlansDesk:
    """Reading plans as staff. Every page opens the child's record and leaves its access event."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, student_id: StudentId) -> PlanPage:
        """Return the plan of a child with everything around it.

        Raises:
            NotPermitted: with reason and citation; ``staff_only`` to families. NotFound: no such child.
        """
        desk = self._desk
        require_staff(desk, student_id, what="plan")
        today = desk.clock.today()
        with desk.store.read() as uow:
            student, judge, rules = student_of(uow, student_id), desk.judge(uow), plan_rules(uow)
            versions = uow.plans.versions_of(student_id)
            sees = _Sees(judge, student_id)
            notices = tuple(uow.plans.notices_of(student_id)) if sees(ResourceKind.NOTICE) else ()
            consents = tuple(uow.plans.consents_of(student_id)) if sees(ResourceKind.CONSENT) else ()
            remarks = sees(ResourceKind.PLAN_COMMENT)
            comments = tuple(uow.plans.comments_of_students({student_id})) if remarks else ()
            answers = _answers(uow, versions) if remarks else ()
            wishes = standing_wishes(uow.plans.wishes_of(student_id))
            wishes = wishes if sees(ResourceKind.FAMILY_WISH) else ()
            current, newest = in_force_on(versions, today), in_force_now(versions)
            draft = next((one for one in versions if one.state is PlanState.DRAFT), None)
            proposed = tuple(one for one in versions if one.state is PlanState.PROPOSED)
            writing = draft or (proposed[-1] if proposed else None)
            by_id = {one.id: one for one in notices}
            return PlanPage(
                student=student,
                today=today,
                rules=rules,
                current=current,
                coming=newest if newest is not None and newest.begins_on > today else None,
                draft=draft,
                proposed=proposed,
                timeline=tuple(
                    PlanLine(
                        version=one,
                        notice=by_id.get(one.notice_id) if one.notice_id else None,
                        is_in_force=one is current,
                    )
                    for one in reversed(versions)
                ),
                comments=comments,
                answers=answers,
                lacking=lacking_of(uow, draft, student) if draft is not None else (),
                wishes=wishes,
                forms=self._forms(uow, student_id),
                goals=living_goals(uow, student_id) if sees(ResourceKind.GOAL) else (),
                notices=notices,
                consents=consents,
                copies=tuple(uow.plans.copies_of(student_id)),
                names=_names(uow, versions, comments, answers, wishes, consents),
                review=rules.deadlines.annual_review(newest.reviewed_on) if newest is not None else None,
                notice_by=rules.deadlines.prior_written_notice(writing.begins_on) if writing else None,
                may_write=sees(ResourceKind.IEP, Action.WRITE),
                may_step=sees.all_of(ResourceKind.IEP, Action.WRITE),
                may_comment=sees(ResourceKind.PLAN_COMMENT, Action.WRITE),
                may_notice=sees(ResourceKind.NOTICE, Action.WRITE),
                may_ask=sees(ResourceKind.CONSENT, Action.WRITE),
            )

    def version(self, version_id: PlanVersionId) -> VersionPage:
        """Return one version to read, with what it changed.

        Raises:
            NotFound: no such version. NotPermitted: see :meth:`page`.
        """
        desk = self._desk
        student_id = self._child_of(version_id)
        require_staff(desk, student_id, what="plan")
        with desk.store.read() as uow:
            student, version = student_of(uow, student_id), version_of(uow, version_id)
            sees = _Sees(desk.judge(uow), student_id)
            remarks = sees(ResourceKind.PLAN_COMMENT)
            comments = tuple(uow.plans.comments_of(version_id)) if remarks else ()
            answers = standing_answers(uow.plans.answers_of(version_id)) if remarks else ()
            before = _before(version, uow.plans.versions_of(student_id))
            notice = uow.plans.notice(version.notice_id) if version.notice_id is not None else None
            return VersionPage(
                student=student,
                version=version,
                before=before,
                changes=differences(before.contents, version.contents) if before is not None else (),
                comments=comments,
                answers=answers,
                lacking=lacking_of(uow, version, student) if version.may_be_written else (),
                notice=notice if sees(ResourceKind.NOTICE) else None,
                names=_names(uow, (version,), comments, answers, (), ()),
                may_write=sees(ResourceKind.IEP, Action.WRITE),
                may_comment=sees(ResourceKind.PLAN_COMMENT, Action.WRITE),
            )

    def in_force_on(self, student_id: StudentId, day: date) -> PlanVersion | None:
        """Return the version under which a child got services on a day, None when there was none."""
        require_staff(self._desk, student_id, what="plan")
        with self._desk.store.read() as uow:
            return in_force_on(uow.plans.versions_of(student_id), day)

    def compare(self, student_id: StudentId, before: PlanVersionId, after: PlanVersionId) -> PlanComparison:
        """Return what differs between two versions of a child's plan, and the amendments on the way.

        Raises:
            NotFound: unless both are versions of that child. NotPermitted: see :meth:`page`.
        """
        desk = self._desk
        require_staff(desk, student_id, what="plan_compare")
        with desk.store.read() as uow:
            student = student_of(uow, student_id)
            versions = {one.id: one for one in uow.plans.versions_of(student_id)}
        if before not in versions or after not in versions:
            raise NotFound("plan_version")
        first, second = versions[before], versions[after]
        low, high = sorted((first.number, second.number))
        return PlanComparison(
            student=student,
            before=first,
            after=second,
            changes=differences(first.contents, second.contents),
            amendments=tuple(
                (one.begins_on, one.amendment)
                for one in versions.values()
                if one.amendment is not None and low < one.number <= high
            ),
        )

    def _child_of(self, version_id: PlanVersionId) -> StudentId:
        with self._desk.store.read() as uow:
            return version_of(uow, version_id).student_id

    def _forms(self, uow: UnitOfWork, student_id: StudentId) -> tuple[PartDraft, ...]:
        if self._desk.wears_a_face or not isinstance(self._desk.actor, Person):
            return ()  # what somebody has not sent is theirs alone, and a job types nothing
        return tuple(uow.plans.part_drafts_of(self._desk.adult_id, student_id))


class _Sees:
    """Whether the actor may read (or write) one kind of thing of a child."""

    def __init__(self, judge: Judge, student_id: StudentId) -> None:
        self._judge = judge
        self._student_id = student_id

    def __call__(self, kind: ResourceKind, action: Action = Action.READ) -> bool:
        return self._judge.may(action, Resource(kind=kind, student_id=self._student_id))

    def all_of(self, kind: ResourceKind, action: Action) -> bool:
        """Tell whether the actor may do it to all of it, not to a part of their own only."""
        resource = Resource(kind=kind, student_id=self._student_id)
        return self._judge.decide(action, resource).outcome is Outcome.ALLOW


def _answers(uow: UnitOfWork, versions: Iterable[PlanVersion]) -> tuple[PartAnswer, ...]:
    """Return the standing answers to versions that were proposed and have not taken effect."""
    open_to = (PlanState.PROPOSED, PlanState.REJECTED, PlanState.PARTLY_ACCEPTED)
    found = [answer for one in versions if one.state in open_to for answer in uow.plans.answers_of(one.id)]
    return standing_answers(found)


def _before(version: PlanVersion, versions: Iterable[PlanVersion]) -> PlanVersion | None:
    """Return the version that one amends, or else the last one before it that was ever in force."""
    by_id = {one.id: one for one in versions}
    if version.amendment is not None:
        return by_id.get(version.amendment.of)
    held = [one for one in by_id.values() if one.number < version.number and one.was_in_force(one.begins_on)]
    return max(held, key=lambda one: one.number, default=None)


def _names(
    uow: UnitOfWork,
    versions: Iterable[PlanVersion],
    comments: Iterable[PlanComment],
    answers: Iterable[PartAnswer],
    wishes: Iterable[FamilyWish],
    consents: Iterable[ParentConsent],
) -> dict[AdultId, str]:
    wanted = {one.written_by for one in versions}
    wanted |= {step.by for one in versions for step in one.steps if step.by is not None}
    wanted |= {one.author_id for one in comments} | {one.author_id for one in wishes}
    wanted |= {one.adult_id for one in answers}
    wanted |= {one.of_id for one in consents if one.of_id is not None}
    wanted |= {one.signature.signer_id for one in consents if one.signature is not None}
    return {adult.id: adult.name for adult in uow.people.adults(wanted)}
