"""Plans as documents in SQL."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from iepcore.errors import Conflict, IllegalMove, NotFound
from iepcore.ids import AdultId, ParentConsentId, PartDraftId, PlanVersionId, StudentId, WrittenNoticeId
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
)
from lti_app.storage import plan_document_tables as t
from lti_app.storage.keeping_tables import legal_hold
from lti_app.storage.site_rows import Mapped, SiteRows, Where

VERSIONS = Mapped(t.plan_version, PlanVersion)
HEADS = Mapped(t.plan_version, PlanHead)
NOTICES = Mapped(t.written_notice, WrittenNotice)
CONSENTS = Mapped(t.parent_consent, ParentConsent)
WISHES = Mapped(t.family_wish, FamilyWish)
COMMENTS = Mapped(t.plan_comment, PlanComment)
ANSWERS = Mapped(t.part_answer, PartAnswer)
PART_DRAFTS = Mapped(t.part_draft, PartDraft)
RECEIPTS = Mapped(t.duty_receipt, DutyReceipt)
COPIES = Mapped(t.copy_sent, CopySent)


class PlanDocumentRows:
    """``PlansRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    # versions
    def add_version(self, version: PlanVersion) -> None:
        self._rows.add(VERSIONS, version)

    def save_version(self, version: PlanVersion) -> None:
        self._rows.save(VERSIONS, version, version=version.version)

    def version(self, version_id: PlanVersionId) -> PlanVersion | None:
        return self._rows.one(VERSIONS, t.plan_version.c.id == version_id)

    def versions_of(self, student_id: StudentId) -> Sequence[PlanVersion]:
        c = t.plan_version.c
        return self._rows.all(VERSIONS, c.student_id == student_id, order=(c.number,))

    def heads_of(self, student_ids: Collection[StudentId]) -> Sequence[PlanHead]:
        c = t.plan_version.c
        return self._rows.all(HEADS, c.student_id.in_(student_ids), order=(c.student_id, c.number))

    def versions_in(
        self, states: Collection[PlanState], *, student_ids: Collection[StudentId] | None = None
    ) -> Sequence[PlanVersion]:
        c = t.plan_version.c
        where = [c.state.in_(states)]
        if student_ids is not None:
            where.append(c.student_id.in_(student_ids))
        return self._rows.all(VERSIONS, *where, order=(c.student_id, c.number))

    def drop_version(self, version_id: PlanVersionId) -> None:
        c = t.plan_version.c
        self._rows.delete(PART_DRAFTS, t.part_draft.c.version_id == version_id)
        if self._rows.delete(VERSIONS, c.id == version_id, c.state == PlanState.DRAFT) == 1:
            return
        if self._rows.one(HEADS, c.id == version_id) is None:
            raise NotFound(VERSIONS.kind)
        raise IllegalMove("plan_stands", params={"rule": "34 CFR 300.324(a)(6)"})

    # notices and consents
    def add_notice(self, notice: WrittenNotice) -> None:
        self._rows.add(NOTICES, notice)

    def save_notice(self, notice: WrittenNotice) -> None:
        self._rows.save(NOTICES, notice, version=notice.version)

    def notice(self, notice_id: WrittenNoticeId) -> WrittenNotice | None:
        return self._rows.one(NOTICES, t.written_notice.c.id == notice_id)

    def notices_of(self, student_id: StudentId) -> Sequence[WrittenNotice]:
        return self.notices_of_students({student_id})

    def notices_of_students(self, student_ids: Collection[StudentId]) -> Sequence[WrittenNotice]:
        return self._rows.all(NOTICES, t.written_notice.c.student_id.in_(student_ids))

    def add_consent(self, consent: ParentConsent) -> None:
        self._rows.add(CONSENTS, consent)

    def save_consent(self, consent: ParentConsent) -> None:
        self._rows.save(CONSENTS, consent, version=consent.version)

    def consent(self, consent_id: ParentConsentId) -> ParentConsent | None:
        return self._rows.one(CONSENTS, t.parent_consent.c.id == consent_id)

    def consents_of(self, student_id: StudentId) -> Sequence[ParentConsent]:
        return self.consents_of_students({student_id})

    def consents_of_students(self, student_ids: Collection[StudentId]) -> Sequence[ParentConsent]:
        c = t.parent_consent.c
        return self._rows.all(CONSENTS, c.student_id.in_(student_ids), order=(c.requested_on,))

    # what people say
    def add_wish(self, wish: FamilyWish) -> FamilyWish:
        c = t.family_wish.c
        same = (c.author_id == wish.author_id, c.client_key == wish.client_key)
        return self._rows.add_first(WISHES, wish, *same)

    def wishes_of(self, student_id: StudentId) -> Sequence[FamilyWish]:
        return self.wishes_of_students({student_id})

    def wishes_of_students(self, student_ids: Collection[StudentId]) -> Sequence[FamilyWish]:
        c = t.family_wish.c
        return self._rows.all(WISHES, c.student_id.in_(student_ids), order=(c.said_at,))

    def add_comment(self, comment: PlanComment) -> PlanComment:
        c = t.plan_comment.c
        same = (c.author_id == comment.author_id, c.client_key == comment.client_key)
        return self._rows.add_first(COMMENTS, comment, *same)

    def comments_of(self, version_id: PlanVersionId) -> Sequence[PlanComment]:
        c = t.plan_comment.c
        return self._rows.all(COMMENTS, c.version_id == version_id, order=(c.said_at,))

    def comments_of_students(
        self, student_ids: Collection[StudentId], *, since: datetime | None = None
    ) -> Sequence[PlanComment]:
        c = t.plan_comment.c
        where: list[Where] = [c.student_id.in_(student_ids)]
        if since is not None:
            where.append(c.said_at >= since)
        return self._rows.all(COMMENTS, *where, order=(c.said_at,))

    def add_answer(self, answer: PartAnswer) -> PartAnswer:
        c = t.part_answer.c
        same = (c.adult_id == answer.adult_id, c.client_key == answer.client_key)
        return self._rows.add_first(ANSWERS, answer, *same)

    def answers_of(self, version_id: PlanVersionId) -> Sequence[PartAnswer]:
        c = t.part_answer.c
        return self._rows.all(ANSWERS, c.version_id == version_id, order=(c.answered_at,))

    # forms half written
    def save_part_draft(self, draft: PartDraft) -> None:
        same = _place(draft.author_id, draft.student_id, draft.form, draft.about, draft.version_id)
        row = PART_DRAFTS.row(self._rows.site_id, draft)
        before = t.part_draft.c.version == draft.version - 1
        if self._rows.change(PART_DRAFTS, *same, before, **row) == 1:
            return
        stored = self._rows.one(PART_DRAFTS, *same)
        if stored is None and draft.version == 1:
            stored = self._rows.add_first(PART_DRAFTS, draft, *same)
        if stored is None:
            raise NotFound(PART_DRAFTS.kind)
        if stored != draft:
            raise Conflict(PART_DRAFTS.kind, current=stored, yours=draft)

    def part_draft(
        self,
        author_id: AdultId,
        student_id: StudentId,
        form: str,
        *,
        about: str = "",
        version_id: PlanVersionId | None = None,
    ) -> PartDraft | None:
        return self._rows.one(PART_DRAFTS, *_place(author_id, student_id, form, about, version_id))

    def part_drafts_of(self, author_id: AdultId, student_id: StudentId) -> Sequence[PartDraft]:
        c = t.part_draft.c
        where = (c.author_id == author_id, c.student_id == student_id)
        return self._rows.all(PART_DRAFTS, *where, order=(c.saved_at,))

    def delete_part_draft(self, draft_id: PartDraftId) -> None:
        self._rows.delete(PART_DRAFTS, t.part_draft.c.id == draft_id)

    def delete_part_drafts_before(self, saved_before: datetime) -> int:
        hold, c = legal_hold.c, t.part_draft.c
        held = sa.exists().where(
            hold.site_id == c.site_id,
            hold.lifted_at.is_(None),
            sa.or_(hold.student_id == c.student_id, hold.student_id.is_(None)),
        )
        return self._rows.delete(PART_DRAFTS, c.saved_at < saved_before, ~held)

    # receipts and copies
    def add_receipt(self, receipt: DutyReceipt) -> DutyReceipt:
        c = t.duty_receipt.c
        same = (c.version_id == receipt.version_id, c.adult_id == receipt.adult_id)
        return self._rows.add_first(RECEIPTS, receipt, *same)

    def drop_receipt(self, version_id: PlanVersionId, adult_id: AdultId) -> None:
        c = t.duty_receipt.c
        self._rows.delete(RECEIPTS, c.version_id == version_id, c.adult_id == adult_id)

    def receipts_of(self, version_ids: Collection[PlanVersionId]) -> Sequence[DutyReceipt]:
        c = t.duty_receipt.c
        return self._rows.all(RECEIPTS, c.version_id.in_(version_ids), order=(c.got_at,))

    def add_copy(self, copy: CopySent) -> CopySent:
        c = t.copy_sent.c
        return self._rows.add_first(
            COPIES, copy, c.noted_by == copy.noted_by, c.client_key == copy.client_key
        )

    def copies_of(self, student_id: StudentId, *, since: date | None = None) -> Sequence[CopySent]:
        c = t.copy_sent.c
        where = [c.student_id == student_id, *([] if since is None else [c.sent_on >= since])]
        return self._rows.all(COPIES, *where, order=(c.sent_on, c.noted_at))


def _place(
    author_id: AdultId, student_id: StudentId, form: str, about: str, version_id: PlanVersionId | None
) -> tuple[Where, ...]:
    """Return what finds the one draft of a form."""
    c = t.part_draft.c
    return (
        c.author_id == author_id,
        c.student_id == student_id,
        c.version_id.is_(None) if version_id is None else c.version_id == version_id,
        c.form == form,
        c.about == about,
    )
