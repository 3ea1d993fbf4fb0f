"""Prior written notice: write its seven parts, send it, or record that it was sent elsewhere; copies sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.plan_rules import plan_rules, require_day_came, student_of, version_of
from iepcore.errors import Conflict, IllegalMove, NotFound
from iepcore.ids import (
    AdultId,
    ClientKey,
    CopySentId,
    PlanVersionId,
    StudentId,
    WrittenNoticeId,
    new_uuid7,
)
from iepcore.language import FreeText
from iepcore.plan.document import (
    CopyFormat,
    CopyKind,
    CopySent,
    CopyWay,
    NoticeParts,
    NoticeStep,
    WrittenNotice,
    send_notice,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCopy:
    """What is noted about a copy that went to an adult."""

    kind: CopyKind
    to_id: AdultId
    sent_on: date
    way: CopyWay
    language: str
    format: CopyFormat = CopyFormat.PRINT
    version_id: PlanVersionId | None = None
    notice_id: WrittenNoticeId | None = None


class NoticedDesk:
    """Use cases about written notices and copies."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def write(
        self,
        student_id: StudentId,
        parts: NoticeParts,
        *,
        language: str,
        step: NoticeStep = NoticeStep.PLAN,
        version_id: PlanVersionId | None = None,
        notice_id: WrittenNoticeId | None = None,
        version: int = 0,
    ) -> WrittenNotice:
        """Keep the seven parts, as a new notice or in place of the words of one that was not sent yet.
        ``version`` is the one that was on the screen.

        Raises:
            NotPermitted: with reason and citation. NotFound: no such notice or version of this child.
            IllegalMove: ``notice_sent``. Conflict: it was written by somebody since.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "notice")
            uow = change.uow
            self._check_version(change, student_id, version_id)
            if notice_id is None:
                notice = WrittenNotice(
                    id=WrittenNoticeId(new_uuid7()),
                    student_id=student_id,
                    parts=parts,
                    language=language,
                    written_by=desk.adult_id,
                    step=step,
                    version_id=version_id,
                )
                uow.plans.add_notice(notice)
                return notice
            kept = self._kept(change, student_id, notice_id)
            if kept.sent_on is not None:
                raise IllegalMove("notice_sent", params={"rule": "34 CFR 300.503(a)"})
            written = replace(
                kept,
                parts=parts,
                language=language,
                step=step,
                version_id=version_id,
                written_by=desk.adult_id,
                version=version + 1,
            )
            if kept.version != version:
                raise Conflict("written_notice", current=kept, yours=written)
            uow.plans.save_notice(written)
            return written

    def send(
        self,
        notice_id: WrittenNoticeId,
        *,
        on: date | None = None,
        told_aloud_on: date | None = None,
        evidence: FreeText | None = None,
    ) -> WrittenNotice:
        """Keep that the notice went to the family today, or on an earlier day; from then on its words stand.
        ``told_aloud_on`` and ``evidence``: where the family's language is not written (300.503(c)(2)).

        Raises:
            IllegalMove: ``notice_sent``; ``plan_not_yet`` for a day to come.
            InvalidValue: ``telling_without_evidence``.
        """
        desk = self._desk
        day = on or desk.clock.today()
        with desk.changing() as change:
            notice = change.uow.plans.notice(notice_id)
            if notice is None:
                raise NotFound("written_notice")
            self._permit(change, notice.student_id, "notice_sent")
            require_day_came(desk, day)
            sent = replace(
                send_notice(notice, on=day), told_aloud_on=told_aloud_on, evidence_of_telling=evidence
            )
            change.uow.plans.save_notice(sent)
            return sent

    def sent_elsewhere(
        self,
        student_id: StudentId,
        on: date,
        *,
        language: str,
        step: NoticeStep = NoticeStep.PLAN,
        version_id: PlanVersionId | None = None,
    ) -> WrittenNotice:
        """Record a notice that the system with the official plan sent: "done there on"; its words are there.

        Raises:
            IllegalMove: ``plan_kept_here`` unless the official plan is kept elsewhere; ``plan_not_yet``.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "notice_elsewhere")
            self._check_version(change, student_id, version_id)
            require_day_came(desk, on)
            kept_in = plan_rules(change.uow).kept_in
            if not kept_in:
                raise IllegalMove("plan_kept_here", params={"rule": "34 CFR 300.503(b)"})
            notice = WrittenNotice(
                id=WrittenNoticeId(new_uuid7()),
                student_id=student_id,
                parts=None,
                language=language,
                written_by=desk.adult_id,
                sent_on=on,
                step=step,
                version_id=version_id,
                kept_in=kept_in,
            )
            change.uow.plans.add_notice(notice)
            return notice

    def note_copy(self, student_id: StudentId, new: NewCopy, client_key: ClientKey) -> CopySent:
        """Keep that an adult got a copy (300.322(f)). The same key again adds none.

        Raises:
            NotFound: no such adult. IllegalMove: ``plan_not_yet`` for a day to come.
        """
        desk = self._desk
        with desk.changing() as change:
            self._permit(change, student_id, "copy_sent")
            self._check_version(change, student_id, new.version_id)
            require_day_came(desk, new.sent_on)
            if new.notice_id is not None:
                self._kept(change, student_id, new.notice_id)
            if change.uow.people.adult(new.to_id) is None:
                raise NotFound("adult")
            return change.uow.plans.add_copy(
                CopySent(
                    id=CopySentId(new_uuid7()),
                    student_id=student_id,
                    kind=new.kind,
                    to_id=new.to_id,
                    sent_on=new.sent_on,
                    way=new.way,
                    language=new.language,
                    noted_by=desk.adult_id,
                    noted_at=desk.clock.now(),
                    client_key=client_key,
                    format=new.format,
                    version_id=new.version_id,
                    notice_id=new.notice_id,
                )
            )

    def _permit(self, change: Change, student_id: StudentId, what: str) -> None:
        resource = Resource(kind=ResourceKind.NOTICE, student_id=student_id)
        change.permit(Action.WRITE, resource, what=what)
        student_of(change.uow, student_id)

    def _kept(self, change: Change, student_id: StudentId, notice_id: WrittenNoticeId) -> WrittenNotice:
        kept = change.uow.plans.notice(notice_id)
        if kept is None or kept.student_id != student_id:
            raise NotFound("written_notice")
        return kept

    def _check_version(self, change: Change, student_id: StudentId, version_id: PlanVersionId | None) -> None:
        if version_id is not None and version_of(change.uow, version_id).student_id != student_id:
            raise NotFound("plan_version")
