"""A plan on its way: proposed with its notice, in effect on its day, answered, ended, come from elsewhere.

Each step is looked up in the store and held against its rule; what is not there is not assumed. Where another
system keeps the official plan nothing is proposed here: what was done there is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.announcing import tell_proposed
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.plan_beginnings import PlanDays
from iepcore.caseload.plan_goals import end_goals, settle_goals
from iepcore.caseload.plan_rules import (
    ground_of,
    in_force_now,
    lacking_of,
    plan_rules,
    require_day_came,
    step_to,
    student_of,
    version_of,
)
from iepcore.errors import Conflict, IllegalMove, NotFound
from iepcore.ids import PlanId, PlanVersionId, StudentId, new_uuid7
from iepcore.plan.document import (
    NoticeStep,
    PlanContents,
    PlanState,
    PlanVersion,
    adopt,
    answer_plan,
    end_plan,
    propose,
    record_copy,
    supersede_amended,
    take_effect,
)
from iepcore.ports import UnitOfWork

_ENDS = {
    PlanState.ENDED_BY_EXIT: NoticeStep.EXIT,
    PlanState.ENDED_BY_REVOCATION: NoticeStep.REVOCATION,
    PlanState.TRANSFERRED_OUT: NoticeStep.OTHER,
}


class ProposingDesk:
    """Use cases of the case manager who brings a plan into effect."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def propose(self, version_id: PlanVersionId, *, version: int) -> PlanVersion:
        """Propose a complete draft to the family with the notice that was sent about it. The family is told
        in the tool, and outside it only that the school has written.

        Raises:
            IllegalMove: ``plan_kept_elsewhere``; ``plan_incomplete`` with what lacks; ``notice_first``;
                ``plan_state``. Conflict: the draft was changed since it was seen.
        """

        def changed(uow: UnitOfWork, draft: PlanVersion) -> PlanVersion:
            if plan_rules(uow).kept_in or draft.is_copy:
                raise IllegalMove("plan_kept_elsewhere", params={"rule": "34 CFR 300.503(a)"})
            lacking = lacking_of(uow, draft, student_of(uow, draft.student_id))
            notice_id = next(
                (
                    one.id
                    for one in uow.plans.notices_of(draft.student_id)
                    if one.version_id == draft.id and one.step is NoticeStep.PLAN and one.sent_on is not None
                ),
                None,
            )
            ground = ground_of(uow, draft, NoticeStep.PLAN, draft.begins_on)
            ground = replace(ground, lacking=tuple(one.lack.value for one in lacking))
            return propose(draft, ground, notice_id=notice_id)

        return self._changed(version_id, version, changed, what="plan_propose", told=tell_proposed)

    def answer(self, version_id: PlanVersionId, answer: PlanState, *, version: int) -> PlanVersion:
        """Keep that a proposed version was rejected or accepted in part. What is in effect stays.

        Raises:
            IllegalMove: ``plan_state``. Conflict: it was changed since it was seen.
        """
        return self._changed(version_id, version, lambda _, one: answer_plan(one, answer), what="plan_answer")

    def take_effect(self, version_id: PlanVersionId) -> PlanVersion:
        """Bring a proposed version into effect from its first day, and end the one before on the day before.
        The child's goals follow: new ones open, changed ones get another piece of their line.

        Raises:
            IllegalMove: ``plan_not_yet`` before its first day; ``notice_first``, ``notice_days``;
                ``initial_consent``; ``plan_overlap``; ``amendment_of_another`` when something else took
                effect since the draft was begun; ``plan_state``; ``goal_measure_differs``.
        """
        with self._desk.changing() as change:
            proposed = self._permitted(change, version_id, "plan_take_effect")
            return self._in_effect(change.uow, proposed)

    def record(self, version_id: PlanVersionId) -> PlanVersion:
        """Take in the draft of a working copy: the official plan took effect where it is kept. What it says
        holds here from its first day; nothing is proposed here.

        Raises:
            IllegalMove: ``copy_only`` for a plan of our own, ``plan_not_yet``, ``plan_overlap``,
                ``plan_state``, ``goal_measure_differs``.
        """
        with self._desk.changing() as change:
            draft = self._permitted(change, version_id, "plan_record")
            uow = change.uow
            require_day_came(self._desk, max(draft.begins_on, draft.as_of or draft.begins_on))
            before = in_force_now(uow.plans.versions_of(draft.student_id))
            taken, ended = record_copy(draft, before=before)
            return self._settle(uow, taken, ended)

    def end(self, version_id: PlanVersionId, how: PlanState, *, last_day: date) -> PlanVersion:
        """End a version in force after its last day, by exit, revocation or transfer. It stays readable.

        Raises:
            IllegalMove: ``notice_first``, ``notice_days`` without notice of this very step (a transfer needs
                none), ``revocation_in_writing`` until the revocation of consent is on record,
                ``plan_not_yet`` for a last day to come, ``plan_state``.
        """
        with self._desk.changing() as change:
            held = self._permitted(change, version_id, "plan_end")
            uow = change.uow
            require_day_came(self._desk, last_day)
            after = date.fromordinal(last_day.toordinal() + 1)
            ground = ground_of(uow, held, _ENDS.get(how, NoticeStep.OTHER), after)
            ended = self._stepped(end_plan(held, how, ground, last_day=last_day))
            uow.plans.save_version(ended)
            end_goals(uow, ended)
            return ended

    def receive(self, student_id: StudentId, contents: PlanContents, days: PlanDays) -> PlanVersion:
        """Keep the plan that came with a child from another district: comparable services begin on
        ``days.begins_on``, until it is adopted or a new one takes effect (300.323(e), (f)).

        Raises:
            IllegalMove: ``plan_exists`` while a plan is in force here; ``plan_not_yet``.
        """
        desk = self._desk
        with desk.changing() as change:
            resource = Resource(kind=ResourceKind.IEP, student_id=student_id)
            change.permit(Action.WRITE, resource, what="plan_receive", whole=True)
            uow = change.uow
            student_of(uow, student_id)
            others = uow.plans.versions_of(student_id)
            if in_force_now(others) is not None:
                raise IllegalMove("plan_exists", params={"rule": "34 CFR 300.323(e)"})
            require_day_came(desk, days.begins_on)
            version = PlanVersion(
                id=PlanVersionId(new_uuid7()),
                plan_id=PlanId(new_uuid7()),
                student_id=student_id,
                number=max((one.number for one in others), default=0) + 1,
                contents=contents,
                reviewed_on=days.reviewed_on,
                begins_on=days.begins_on,
                ends_on=days.ends_on,
                written_by=desk.adult_id,
                state=PlanState.TRANSFERRED_IN,
                steps=(step_to(desk, PlanState.TRANSFERRED_IN),),
            )
            uow.plans.add_version(version)
            settle_goals(desk, uow, version, None)
            return version

    def adopt(self, version_id: PlanVersionId, *, version: int) -> PlanVersion:
        """Adopt a plan that came with the child as this district's own (300.323(e)(1)).

        Raises:
            IllegalMove: ``plan_state``. Conflict: it was changed since it was seen.
        """
        return self._changed(version_id, version, lambda _, one: adopt(one), what="plan_adopt")

    def take_effect_if_due(self, version_id: PlanVersionId) -> PlanVersion | None:
        """Bring a proposed version into effect if its day has come and nothing stands against it; None
        otherwise. For the job: a person is told why by :meth:`take_effect`.
        """
        try:
            return self.take_effect(version_id)
        except (IllegalMove, Conflict, NotFound):
            return None

    # what the steps share
    def _in_effect(self, uow: UnitOfWork, proposed: PlanVersion) -> PlanVersion:
        desk = self._desk
        require_day_came(desk, proposed.begins_on)
        before = in_force_now(uow.plans.versions_of(proposed.student_id))
        ground = ground_of(uow, proposed, NoticeStep.PLAN, proposed.begins_on)
        taken, ended = take_effect(proposed, ground, before=before)
        return self._settle(uow, taken, ended)

    def _settle(self, uow: UnitOfWork, taken: PlanVersion, ended: PlanVersion | None) -> PlanVersion:
        """Keep both versions, mark as history what belongs to a plan that is replaced, move the goals."""
        if ended is not None:
            uow.plans.save_version(self._stepped(ended))
            if ended.state is PlanState.SUPERSEDED:
                for one in uow.plans.versions_of(ended.student_id):
                    if one.plan_id == ended.plan_id and one.state is PlanState.AMENDED:
                        uow.plans.save_version(self._stepped(supersede_amended(one)))
        taken = self._stepped(taken)
        uow.plans.save_version(taken)
        settle_goals(self._desk, uow, taken, ended)
        return taken

    def _stepped(self, version: PlanVersion) -> PlanVersion:
        return replace(version, steps=(*version.steps, step_to(self._desk, version.state)))

    def _permitted(self, change: Change, version_id: PlanVersionId, what: str) -> PlanVersion:
        version = version_of(change.uow, version_id)
        resource = Resource(kind=ResourceKind.IEP, student_id=version.student_id)
        change.permit(Action.WRITE, resource, what=what, whole=True)
        return version

    def _changed(
        self,
        version_id: PlanVersionId,
        seen: int,
        changed: Callable[[UnitOfWork, PlanVersion], PlanVersion],
        *,
        what: str,
        told: Callable[[Change, PlanVersion], None] | None = None,
    ) -> PlanVersion:
        with self._desk.changing() as change:
            kept = self._permitted(change, version_id, what)
            new = self._stepped(changed(change.uow, kept))
            if kept.version != seen:
                raise Conflict("plan_version", current=kept, yours=replace(new, version=seen + 1))
            change.uow.plans.save_version(new)
            if told is not None:
                told(change, new)
            return new
