"""Plans as documents in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from iepcore.errors import Conflict, IepError, IllegalMove, NotFound
from iepcore.ids import AdultId, ParentConsentId, PartDraftId, PlanVersionId, StudentId, WrittenNoticeId
from iepcore.memory.keeping import MemoryKeeping
from iepcore.memory.rows import MemoryRows
from iepcore.plan.document import (
    CopySent,
    DutyReceipt,
    FamilyWish,
    ParentConsent,
    PartAnswer,
    PartDraft,
    PlanComment,
    PlanHead,
    PlanState,
    PlanVersion,
    WrittenNotice,
    head_of,
)


class MemoryPlans:
    """``PlansRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    # versions
    def add_version(self, version: PlanVersion) -> None:
        self._rows.add(version)

    def save_version(self, version: PlanVersion) -> None:
        self._rows.save(version, version=version.version)

    def version(self, version_id: PlanVersionId) -> PlanVersion | None:
        return self._rows.get(PlanVersion, version_id)

    def versions_of(self, student_id: StudentId) -> Sequence[PlanVersion]:
        return self._rows.all(
            PlanVersion, lambda one: one.student_id == student_id, order=lambda one: one.number
        )

    def heads_of(self, student_ids: Collection[StudentId]) -> Sequence[PlanHead]:
        wanted = set(student_ids)
        found = self._rows.all(
            PlanVersion,
            lambda one: one.student_id in wanted,
            order=lambda one: (one.student_id, one.number),
        )
        return tuple(map(head_of, found))

    def versions_in(
        self, states: Collection[PlanState], *, student_ids: Collection[StudentId] | None = None
    ) -> Sequence[PlanVersion]:
        of = None if student_ids is None else set(student_ids)
        return self._rows.all(
            PlanVersion,
            lambda one: one.state in states and (of is None or one.student_id in of),
            order=lambda one: (one.student_id, one.number),
        )

    def drop_version(self, version_id: PlanVersionId) -> None:
        found = self.version(version_id)
        if found is None:
            raise NotFound("plan_version")
        if found.state is not PlanState.DRAFT:
            raise IllegalMove("plan_stands", params={"rule": "34 CFR 300.324(a)(6)"})
        if self.comments_of(version_id) or self.answers_of(version_id) or self.receipts_of({version_id}):
            raise IepError("store_refused", params={"kind": "plan_version"})
        self._rows.delete(PartDraft, lambda one: one.version_id == version_id)
        self._rows.delete(PlanVersion, lambda one: one.id == version_id)

    # notices and consents
    def add_notice(self, notice: WrittenNotice) -> None:
        self._rows.add(notice)

    def save_notice(self, notice: WrittenNotice) -> None:
        self._rows.save(notice, version=notice.version)

    def notice(self, notice_id: WrittenNoticeId) -> WrittenNotice | None:
        return self._rows.get(WrittenNotice, notice_id)

    def notices_of(self, student_id: StudentId) -> Sequence[WrittenNotice]:
        return self.notices_of_students({student_id})

    def notices_of_students(self, student_ids: Collection[StudentId]) -> Sequence[WrittenNotice]:
        wanted = set(student_ids)
        return self._rows.all(WrittenNotice, lambda one: one.student_id in wanted)

    def add_consent(self, consent: ParentConsent) -> None:
        self._rows.add(consent)

    def save_consent(self, consent: ParentConsent) -> None:
        self._rows.save(consent, version=consent.version)

    def consent(self, consent_id: ParentConsentId) -> ParentConsent | None:
        return self._rows.get(ParentConsent, consent_id)

    def consents_of(self, student_id: StudentId) -> Sequence[ParentConsent]:
        return self.consents_of_students({student_id})

    def consents_of_students(self, student_ids: Collection[StudentId]) -> Sequence[ParentConsent]:
        wanted = set(student_ids)
        return self._rows.all(
            ParentConsent, lambda one: one.student_id in wanted, order=lambda one: one.requested_on
        )

    # what people say
    def add_wish(self, wish: FamilyWish) -> FamilyWish:
        return self._rows.add_first(wish)

    def wishes_of(self, student_id: StudentId) -> Sequence[FamilyWish]:
        return self.wishes_of_students({student_id})

    def wishes_of_students(self, student_ids: Collection[StudentId]) -> Sequence[FamilyWish]:
        wanted = set(student_ids)
        return self._rows.all(FamilyWish, lambda one: one.student_id in wanted, order=lambda one: one.said_at)

    def add_comment(self, comment: PlanComment) -> PlanComment:
        return self._rows.add_first(comment)

    def comments_of(self, version_id: PlanVersionId) -> Sequence[PlanComment]:
        return self._rows.all(
            PlanComment, lambda one: one.version_id == version_id, order=lambda one: one.said_at
        )

    def comments_of_students(
        self, student_ids: Collection[StudentId], *, since: datetime | None = None
    ) -> Sequence[PlanComment]:
        wanted = set(student_ids)
        return self._rows.all(
            PlanComment,
            lambda one: one.student_id in wanted and (since is None or one.said_at >= since),
            order=lambda one: one.said_at,
        )

    def add_answer(self, answer: PartAnswer) -> PartAnswer:
        return self._rows.add_first(answer)

    def answers_of(self, version_id: PlanVersionId) -> Sequence[PartAnswer]:
        return self._rows.all(
            PartAnswer, lambda one: one.version_id == version_id, order=lambda one: one.answered_at
        )

    # forms half written
    def save_part_draft(self, draft: PartDraft) -> None:
        stored = self.part_draft(
            draft.author_id, draft.student_id, draft.form, about=draft.about, version_id=draft.version_id
        )
        if stored is None and draft.version > 1:
            raise NotFound("part_draft")
        if stored is not None and stored != draft and stored.version != draft.version - 1:
            raise Conflict("part_draft", current=stored, yours=draft)
        if stored is not None:
            self.delete_part_draft(stored.id)
        self._rows.add(draft)

    def part_draft(
        self,
        author_id: AdultId,
        student_id: StudentId,
        form: str,
        *,
        about: str = "",
        version_id: PlanVersionId | None = None,
    ) -> PartDraft | None:
        place = (author_id, student_id, version_id, form, about)
        found = self._rows.all(
            PartDraft,
            lambda one: (one.author_id, one.student_id, one.version_id, one.form, one.about) == place,
        )
        return next(iter(found), None)

    def part_drafts_of(self, author_id: AdultId, student_id: StudentId) -> Sequence[PartDraft]:
        return self._rows.all(
            PartDraft,
            lambda one: (one.author_id, one.student_id) == (author_id, student_id),
            order=lambda one: one.saved_at,
        )

    def delete_part_draft(self, draft_id: PartDraftId) -> None:
        self._rows.delete(PartDraft, lambda one: one.id == draft_id)

    def delete_part_drafts_before(self, saved_before: datetime) -> int:
        keeping = MemoryKeeping(self._rows)
        return self._rows.delete(
            PartDraft, lambda one: one.saved_at < saved_before and not keeping.holds_on(one.student_id)
        )

    # receipts and copies
    def add_receipt(self, receipt: DutyReceipt) -> DutyReceipt:
        return self._rows.add_first(receipt)

    def drop_receipt(self, version_id: PlanVersionId, adult_id: AdultId) -> None:
        self._rows.delete(DutyReceipt, lambda one: (one.version_id, one.adult_id) == (version_id, adult_id))

    def receipts_of(self, version_ids: Collection[PlanVersionId]) -> Sequence[DutyReceipt]:
        wanted = set(version_ids)
        return self._rows.all(DutyReceipt, lambda one: one.version_id in wanted, order=lambda one: one.got_at)

    def add_copy(self, copy: CopySent) -> CopySent:
        return self._rows.add_first(copy)

    def copies_of(self, student_id: StudentId, *, since: date | None = None) -> Sequence[CopySent]:
        return self._rows.all(
            CopySent,
            lambda one: one.student_id == student_id and (since is None or one.sent_on >= since),
            order=lambda one: (one.sent_on, one.noted_at),
        )
