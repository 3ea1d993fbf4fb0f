"""Writing a plan: begin one, amend one, keep each form as it is typed, put parts in, and never lose words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.plan_beginnings import NewAmendment, PlanDays, amendment_of, check_amendment, next_year
from iepcore.caseload.plan_rules import in_force_now, plan_rules, student_of, version_of
from iepcore.errors import Conflict, IllegalMove, NotFound
from iepcore.ids import PartDraftId, PlanId, PlanVersionId, StudentId, new_uuid7
from iepcore.plan.document import (
    PartClash,
    PartDraft,
    PlanContents,
    PlanPart,
    PlanState,
    PlanVersion,
    RawField,
    Voice,
    key_of,
    merge_contents,
    part_hash,
    part_of,
    put_part,
    standing_wishes,
    write_plan,
)
from iepcore.ports import UnitOfWork

_OF_A_PART = frozenset({"plan_form", "plan_part"})
_TRIES = 3
"""How often a change of one part is begun again when somebody saved another part in the same moment."""


class DraftingDesk:
    """Use cases of who writes the plan."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self, student_id: StudentId, days: PlanDays) -> PlanVersion:
        """Begin a child's first plan, or the next annual one with what the plan in force says. The newest
        wish of the family stands at its top, in its words; concerns and the summer are asked anew.

        Raises:
            IllegalMove: ``plan_open_draft``. NotFound: no such child.
            InvalidValue: ``plan_order``; ``copy_without_day`` for a copy while the plan is kept here.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "plan_start")
            uow = change.uow
            student_of(uow, student_id)
            before = in_force_now(uow.plans.versions_of(student_id))
            contents = PlanContents() if before is None else next_year(before.contents, days)
            wishes = standing_wishes(uow.plans.wishes_of(student_id))
            wish = next((one.words for one in reversed(wishes) if one.voice is Voice.FAMILY), None)
            return self._added(
                uow,
                PlanVersion(
                    id=PlanVersionId(new_uuid7()),
                    plan_id=PlanId(new_uuid7()),
                    student_id=student_id,
                    number=1,
                    contents=replace(contents, family_wish=wish),
                    reviewed_on=days.reviewed_on,
                    begins_on=days.begins_on,
                    ends_on=days.ends_on,
                    written_by=desk.adult_id,
                    as_of=days.as_of,
                    kept_in=plan_rules(uow).kept_in if days.as_of is not None else "",
                ),
            )

    def amend(self, student_id: StudentId, new: NewAmendment) -> PlanVersion:
        """Begin an amendment of the plan in force, with everything it says.

        Raises:
            IllegalMove: ``plan_none`` without a plan in force that can be amended; ``plan_open_draft``;
                ``plan_overlap`` when it would begin on or before the first day of what it amends;
                ``amendment_without_meeting`` when it was agreed without a meeting before this year's annual
                meeting or after the next was due, which it never replaces (300.324(a)(4)).
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "plan_amend")
            uow = change.uow
            student_of(uow, student_id)
            before = in_force_now(uow.plans.versions_of(student_id))
            if before is None or before.state is PlanState.TRANSFERRED_IN:
                raise IllegalMove("plan_none", params={"rule": "34 CFR 300.324(a)(6)"})
            rules = plan_rules(uow)
            check_amendment(before, new, rules.deadlines.annual_review(before.reviewed_on).due_on)
            return self._added(
                uow,
                replace(
                    before,
                    id=PlanVersionId(new_uuid7()),
                    begins_on=new.begins_on,
                    ends_on=max(before.ends_on, new.begins_on),
                    written_by=desk.adult_id,
                    state=PlanState.DRAFT,
                    amendment=amendment_of(before, new),
                    notice_id=None,
                    ended_on=None,
                    version=1,
                    as_of=new.as_of,
                    kept_in=rules.kept_in if new.as_of is not None else "",
                    steps=(),
                ),
            )

    def tell(self, version_id: PlanVersionId, new: NewAmendment, *, version: int) -> PlanVersion:
        """Change what a draft says of itself as an amendment: method, days, why.

        Raises:
            IllegalMove: ``plan_stands``, and those of :meth:`amend`. Conflict: it was changed since.
            NotFound: no such draft, or one that is no amendment.
        """

        def changed(uow: UnitOfWork, draft: PlanVersion) -> PlanVersion:
            before = uow.plans.version(draft.amendment.of) if draft.amendment is not None else None
            if before is None:
                raise NotFound("amendment")
            check_amendment(before, new, plan_rules(uow).deadlines.annual_review(before.reviewed_on).due_on)
            return replace(
                draft,
                begins_on=new.begins_on,
                ends_on=max(draft.ends_on, new.begins_on),
                amendment=amendment_of(before, new),
                version=draft.version + 1,
            )

        return self._changed(version_id, version, changed, what="plan_amend")

    def set_days(self, version_id: PlanVersionId, days: PlanDays, *, version: int) -> PlanVersion:
        """Change the days of a draft.

        Raises:
            IllegalMove: ``plan_stands``; ``plan_review_stays`` for an amendment, which keeps the review of
                the plan it amends. Conflict: it was changed since. InvalidValue: ``plan_order``.
        """

        def changed(uow: UnitOfWork, draft: PlanVersion) -> PlanVersion:
            if draft.amendment is not None and days.reviewed_on != draft.reviewed_on:
                raise IllegalMove("plan_review_stays", params={"rule": "34 CFR 300.324(a)(4)"})
            return replace(
                draft,
                reviewed_on=days.reviewed_on,
                begins_on=days.begins_on,
                ends_on=days.ends_on,
                as_of=days.as_of,
                kept_in=plan_rules(uow).kept_in if days.as_of is not None else "",
                version=draft.version + 1,
            )

        return self._changed(version_id, version, changed, what="plan_days")

    def save_form(
        self,
        student_id: StudentId,
        form: str,
        fields: tuple[RawField, ...],
        *,
        version: int,
        about: str = "",
        version_id: PlanVersionId | None = None,
        started_from: str = "",
    ) -> PartDraft:
        """Keep a form as its author has typed it so far. ``version`` is the last one seen, 0 for none.

        Raises:
            Conflict: it was saved elsewhere since (another window of the same person); both are carried.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "plan_form")
            plans = change.uow.plans
            if version_id is not None and version_of(change.uow, version_id).student_id != student_id:
                raise NotFound("plan_version")
            kept = plans.part_draft(desk.adult_id, student_id, form, about=about, version_id=version_id)
            draft = PartDraft(
                id=kept.id if kept is not None else PartDraftId(new_uuid7()),
                student_id=student_id,
                author_id=desk.adult_id,
                form=form,
                fields=fields,
                saved_at=desk.clock.now(),
                version_id=version_id,
                about=about,
                started_from=started_from or (kept.started_from if kept is not None else ""),
                version=version + 1,
            )
            if (kept.version if kept is not None else 0) != version:
                if kept is not None and kept.fields == fields:
                    return kept
                raise Conflict("part_draft", current=kept, yours=draft)
            plans.save_part_draft(draft)
            return draft

    def drop_form(self, student_id: StudentId, draft_id: PartDraftId) -> None:
        """Forget one of the actor's own half-written forms; one that is not there is no matter."""
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "plan_form")
            own = {one.id for one in change.uow.plans.part_drafts_of(desk.adult_id, student_id)}
            if draft_id in own:
                change.uow.plans.delete_part_draft(draft_id)

    def put(
        self,
        version_id: PlanVersionId,
        part: PlanPart,
        value: object,
        *,
        started_from: str,
        about: str = "",
    ) -> PlanVersion:
        """Put one piece into a draft (None takes it away), in place of how it stood when the author began:
        ``started_from`` is its :func:`iepcore.plan.document.part_hash` then, "" when it was not there. The
        author's form about it is done with.

        Raises:
            Conflict: kind ``plan_part``, somebody changed this piece since; ``current`` is how it stands,
                ``yours`` the value, and nothing was changed.
            IllegalMove: ``plan_stands``. InvalidValue: what the contents refuse.
        """

        def changed(uow: UnitOfWork, draft: PlanVersion) -> PlanVersion:
            stands = part_of(draft.contents, part, about)
            if stands != value and part_hash(draft.contents, part, about) != started_from:
                raise Conflict("plan_part", current=stands, yours=value)
            contents = put_part(draft.contents, part, about, value)
            return draft if contents == draft.contents else write_plan(draft, contents)

        for tries_left in reversed(range(_TRIES)):
            try:
                return self._changed(version_id, None, changed, what="plan_part", form=(part, about))
            except Conflict as quicker:
                # Another part was saved in the same moment: nothing of it is touched by this one.
                if quicker.kind == "plan_part" or not tries_left:
                    raise
        raise AssertionError("unreachable")  # pragma: no cover

    def add(self, version_id: PlanVersionId, pieces: Iterable[tuple[PlanPart, object]]) -> PlanVersion:
        """Put new pieces into a draft all together, such as lines somebody pasted and said yes to. A piece
        that stands there already, word for word the same, is left as it is.

        Raises:
            Conflict: kind ``plan_part``, another piece stands in its place. IllegalMove: ``plan_stands``.
            InvalidValue: what the contents refuse; nothing is put in then.
        """
        wanted = tuple(pieces)

        def changed(uow: UnitOfWork, draft: PlanVersion) -> PlanVersion:
            contents = draft.contents
            for part, value in wanted:
                about = key_of(part, value)
                stands = part_of(contents, part, about)
                if stands not in (None, value):
                    raise Conflict("plan_part", current=stands, yours=value)
                contents = put_part(contents, part, about, value)
            return draft if contents == draft.contents else write_plan(draft, contents)

        return self._changed(version_id, None, changed, what="plan_part")

    def bring_up(self, version_id: PlanVersionId) -> tuple[PlanVersion, tuple[PartClash, ...]]:
        """Put into an amendment's draft what has taken effect since it was begun, so that it amends the plan
        in force. Where both changed one piece the draft's words stand (``theirs`` of a clash), and those in
        force are shown beside them (``mine``): they stay in their version in any case.

        Raises:
            IllegalMove: ``plan_stands``, ``plan_none``. NotFound: no amendment.
        """
        clashes: tuple[PartClash, ...] = ()

        def changed(uow: UnitOfWork, draft: PlanVersion) -> PlanVersion:
            nonlocal clashes
            if draft.amendment is None:
                raise NotFound("amendment")
            begun = version_of(uow, draft.amendment.of)
            now = in_force_now(uow.plans.versions_of(draft.student_id))
            if now is None:
                raise IllegalMove("plan_none", params={"rule": "34 CFR 300.324(a)(6)"})
            if now.id == begun.id:
                return draft
            merged = merge_contents(begun.contents, theirs=draft.contents, mine=now.contents)
            clashes = merged.clashes
            written = write_plan(draft, merged.contents)
            return replace(
                written,
                plan_id=now.plan_id,
                reviewed_on=now.reviewed_on,
                ends_on=max(now.ends_on, draft.begins_on),
                amendment=replace(draft.amendment, of=now.id),
            )

        return self._changed(version_id, None, changed, what="plan_bring_up"), clashes

    def drop(self, version_id: PlanVersionId) -> None:
        """Forget a draft. What somebody said about it would go as well, so then it stays.

        Raises:
            IllegalMove: ``plan_stands`` for anything but a draft; ``plan_has_words``.
        """
        with self._desk.changing() as change:
            draft = self._draft(change, version_id, "plan_drop")
            plans = change.uow.plans
            if plans.comments_of(draft.id) or plans.answers_of(draft.id) or plans.receipts_of({draft.id}):
                raise IllegalMove("plan_has_words")
            plans.drop_version(draft.id)

    # what the others share
    def _permit(self, change: Change, student_id: StudentId, what: str) -> None:
        """Allow a change; who writes a part of their own (a provider) takes no step with all of it."""
        resource = Resource(kind=ResourceKind.IEP, student_id=student_id)
        change.permit(Action.WRITE, resource, what=what, whole=what not in _OF_A_PART)

    def _draft(self, change: Change, version_id: PlanVersionId, what: str) -> PlanVersion:
        draft = version_of(change.uow, version_id)
        self._permit(change, draft.student_id, what)
        if not draft.may_be_written:
            raise IllegalMove("plan_stands", params={"rule": "34 CFR 300.324(a)(6)"})
        return draft

    def _added(self, uow: UnitOfWork, version: PlanVersion) -> PlanVersion:
        others = uow.plans.versions_of(version.student_id)
        if any(one.state is PlanState.DRAFT for one in others):
            raise IllegalMove("plan_open_draft")
        numbered = replace(version, number=max((one.number for one in others), default=0) + 1)
        uow.plans.add_version(numbered)
        return numbered

    def _changed(
        self,
        version_id: PlanVersionId,
        seen: int | None,
        changed: Callable[[UnitOfWork, PlanVersion], PlanVersion],
        *,
        what: str,
        form: tuple[PlanPart, str] | None = None,
    ) -> PlanVersion:
        """Change a draft in one transaction; ``seen`` is the version that was on the screen."""
        with self._desk.changing() as change:
            uow = change.uow
            draft = self._draft(change, version_id, what)
            new = changed(uow, draft)
            if seen is not None and draft.version != seen:
                raise Conflict("plan_version", current=draft, yours=replace(new, version=seen + 1))
            if new is not draft:
                uow.plans.save_version(new)
            if form is not None:
                me, (part, about) = self._desk.adult_id, form
                typed = uow.plans.part_draft(
                    me, draft.student_id, part.value, about=about, version_id=draft.id
                )
                if typed is not None:
                    uow.plans.delete_part_draft(typed.id)
            return new
