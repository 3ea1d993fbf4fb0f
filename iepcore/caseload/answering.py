"""What a family says to a plan: remarks, and yes, no or a question to each part of what is proposed.

Each adult answers alone. The team reads it; another household reads neither remark nor answer, nor that there
is one. Staff may answer a remark, which only its author reads, or say something to every family of the child.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from iepcore.access import Action, Resource, ResourceKind
from iepcore.calendars import OfficialPlan, PolicyKey, PolicyRule
from iepcore.caseload.announcing import announce_to_family
from iepcore.caseload.desk import Change, Desk
from iepcore.caseload.family_card import PlanCard, open_for, plan_card
from iepcore.caseload.family_side import (
    family_standings,
    require_family,
    shown_to_family,
    version_before,
    version_for,
    voice_of,
)
from iepcore.caseload.heard import FamilySaid, unheard
from iepcore.errors import IllegalMove, InvalidValue, NotFound
from iepcore.ids import (
    AdultId,
    ClientKey,
    PartAnswerId,
    PlanCommentId,
    PlanVersionId,
    StudentId,
    new_uuid7,
)
from iepcore.language import FreeText, Name, Phrase
from iepcore.people import Student
from iepcore.plan.document import (
    AnswerKind,
    ParentConsent,
    PartAnswer,
    PlanChange,
    PlanComment,
    PlanPart,
    PlanState,
    PlanVersion,
    Voice,
    WrittenNotice,
    differences,
    part_of,
    standing_answers,
)
from iepcore.ports import UnitOfWork

TAKE_PART = "34 CFR 300.324(a)(1)(ii), 300.501(b)"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One version as a family reads it in the timeline: what it changed against the one before."""

    version: PlanVersion
    before: PlanVersion | None
    changes: tuple[PlanChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark with the name of who made it."""

    comment: PlanComment
    author_name: str
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPlanPage:
    """The plan as one adult of the family reads it.

    ``shown`` is the version on the page, ``before`` what it changes, ``steps`` the timeline, newest first.
    ``answers`` are this adult's own, ``remarks`` theirs with the school's to them and to every family.
    ``asked`` are the signatures asked of this adult. ``response`` is the state's rule about an answer (None:
    federal law asks for none after the first plan). ``may_answer``: a yes or no counts now.
    """

    student: Student
    shown: PlanVersion | None
    before: PlanVersion | None
    changes: tuple[PlanChange, ...]
    notice: WrittenNotice | None
    steps: tuple[TimelineStep, ...]
    answers: tuple[PartAnswer, ...]
    remarks: tuple[Remark, ...]
    asked: tuple[ParentConsent, ...]
    response: PolicyRule | None
    official: OfficialPlan | None
    may_comment: bool
    may_answer: bool
    may_decide: bool
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPage:
    """What was said to one version, for the team: remarks and every adult's standing answers, with names."""

    version: PlanVersion
    remarks: tuple[Remark, ...]
    answers: tuple[tuple[PartAnswer, str], ...]


class AnsweringDesk:
    """Use cases of the family's plan page, and the team's answers to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, student_id: StudentId, version_id: PlanVersionId | None = None) -> FamilyPlanPage:
        """Return a version for an adult of the family; without an id, what is proposed or in force.

        Raises:
            NotPermitted: without a right to the record, and to staff.
            NotFound: ``plan_version`` for a draft or another child's version.
        """
        desk = self._desk
        me, day = desk.adult_id, desk.clock.today()
        desk.open_record(Resource(kind=ResourceKind.IEP, student_id=student_id), what="family_plan")
        held = require_family(desk, student_id, "family_plan")
        with desk.store.read() as uow:
            student = uow.people.student(student_id)
            assert student is not None  # a relationship names a child there is
            versions = shown_to_family(uow.plans.versions_of(student_id))
            shown = version_for(versions, day)
            if version_id is not None:
                shown = next((one for one in versions if one.id == version_id), None)
                if shown is None:
                    raise NotFound("plan_version")
            steps = tuple(_step(one, versions) for one in reversed(versions))
            mine = Resource(kind=ResourceKind.PLAN_COMMENT, student_id=student_id, owner_id=me)
            may_decide = desk.may(uow, Action.DECIDE, Resource(kind=ResourceKind.IEP, student_id=student_id))
            choices = uow.calendars.choices()
            may_sign = may_decide and not choices.is_kept_elsewhere
            said = uow.plans.comments_of(shown.id) if shown is not None else ()
            answers = uow.plans.answers_of(shown.id) if shown is not None else ()
            notice_id = shown.notice_id if shown is not None else None
            step = next((one for one in steps if shown is not None and one.version.id == shown.id), None)
            return FamilyPlanPage(
                student=student,
                shown=shown,
                before=step.before if step is not None else None,
                changes=step.changes if step is not None else (),
                notice=uow.plans.notice(notice_id) if notice_id is not None else None,
                steps=steps,
                answers=tuple(one for one in standing_answers(answers) if one.adult_id == me),
                remarks=_remarks(uow, _own_remarks(said, me), me),
                asked=open_for(tuple(uow.plans.consents_of(student_id)), me) if may_sign else (),
                response=choices.profile.at(PolicyKey.RESPONSE_TO_PLAN, day),
                official=choices.official_plan,
                may_comment=shown is not None and desk.may(uow, Action.WRITE, mine),
                may_answer=may_decide and shown is not None and shown.state is PlanState.PROPOSED,
                may_decide=any(one.may_decide for one in held) and may_decide,
                day=day,
            )

    def card(self, student_id: StudentId) -> PlanCard | None:
        """Return what of the plan stands on the family's first page; see :class:`PlanCard`."""
        return plan_card(self._desk, student_id)

    def answer(
        self,
        version_id: PlanVersionId,
        part: PlanPart,
        about: str,
        answer: AnswerKind,
        client_key: ClientKey,
        *,
        words: FreeText | None = None,
    ) -> PartAnswer:
        """Keep an adult's yes, no or question to one part of what is proposed; a newer one counts instead.
        ``TAKEN_BACK`` takes the last one back.

        Raises:
            NotPermitted: to who may not decide.
            IllegalMove: ``answer_closed`` once the version is no proposal any more.
            NotFound: ``plan_version`` or ``plan_part``. InvalidValue: ``question_empty``,
                ``key_used_elsewhere``.
        """
        desk = self._desk
        with desk.changing() as change:
            uow = change.uow
            version = _of_family(uow, version_id)
            iep = Resource(kind=ResourceKind.IEP, student_id=version.student_id)
            change.permit(Action.DECIDE, iep, what="answer_plan")
            if version.state is not PlanState.PROPOSED:
                raise IllegalMove("answer_closed", params={"rule": TAKE_PART})
            if not _has_part(uow, version, part, about):
                raise NotFound("plan_part")
            stored = uow.plans.add_answer(
                PartAnswer(
                    id=PartAnswerId(new_uuid7()),
                    student_id=version.student_id,
                    version_id=version_id,
                    adult_id=desk.adult_id,
                    part=part,
                    about=about,
                    answer=answer,
                    words=words,
                    answered_at=desk.clock.now(),
                    client_key=client_key,
                )
            )
            if (stored.version_id, stored.part, stored.about) != (version_id, part, about):
                raise InvalidValue("key_used_elsewhere", field="client_key")
            if answer is AnswerKind.QUESTION and words is not None:
                self._ask(uow, stored, words)
            return stored

    def _ask(self, uow: UnitOfWork, answer: PartAnswer, words: FreeText) -> None:
        """Lay a question down as a remark, too, so that the school can answer the one who asked."""
        desk = self._desk
        uow.plans.add_comment(
            PlanComment(
                id=PlanCommentId(new_uuid7()),
                student_id=answer.student_id,
                version_id=answer.version_id,
                author_id=answer.adult_id,
                voice=voice_of(family_standings(uow, desk, answer.student_id, desk.clock.today())),
                words=words,
                said_at=answer.answered_at,
                client_key=answer.client_key,
                part=answer.part,
                about=answer.about,
            )
        )

    def waiting(self) -> tuple[FamilySaid, ...]:
        """Return what families said and nobody of the actor's teams has answered; see :func:`unheard`."""
        return unheard(self._desk)

    def comment(
        self,
        version_id: PlanVersionId,
        words: FreeText,
        client_key: ClientKey,
        *,
        part: PlanPart | None = None,
        about: str = "",
        answers: PlanCommentId | None = None,
    ) -> PlanComment:
        """Keep a remark on a version that a family reads. A family's goes to the team; the school's goes to
        the author of the remark it ``answers``, with a neutral notice, or to every family of the child.

        Raises:
            NotPermitted: to who may not write here, such as a parent who only reads.
            NotFound: ``plan_version``, ``plan_part``, ``plan_comment`` (to answer: one of this version that
                the actor reads). InvalidValue: ``key_used_elsewhere``.
        """
        desk = self._desk
        with desk.changing() as change:
            uow, me = change.uow, desk.adult_id
            version = _of_family(uow, version_id)
            mine = Resource(kind=ResourceKind.PLAN_COMMENT, student_id=version.student_id, owner_id=me)
            change.permit(Action.WRITE, mine, what="plan_comment")
            if part is not None and not _has_part(uow, version, part, about):
                raise NotFound("plan_part")
            voice = voice_of(family_standings(uow, desk, version.student_id, desk.clock.today()))
            said = uow.plans.comments_of(version_id)
            readable = said if voice is Voice.STAFF else _own_remarks(said, me)
            answered = next((one for one in readable if one.id == answers), None)
            if answers is not None and answered is None:
                raise NotFound("plan_comment")
            stored = uow.plans.add_comment(
                PlanComment(
                    id=PlanCommentId(new_uuid7()),
                    student_id=version.student_id,
                    version_id=version_id,
                    author_id=me,
                    voice=voice,
                    words=words,
                    said_at=desk.clock.now(),
                    client_key=client_key,
                    part=part,
                    about=about,
                    answers=answers,
                )
            )
            if (stored.version_id, stored.part, stored.about) != (version_id, part, about):
                raise InvalidValue("key_used_elsewhere", field="client_key")
            if voice is Voice.STAFF and answered is not None and answered.voice is not Voice.STAFF:
                _tell(change, stored, answered.author_id)
            return stored

    def said(self, version_id: PlanVersionId) -> SaidPage:
        """Return everything said to a version, for the child's team.

        Raises:
            NotPermitted: to families (their own page shows them what is theirs) and to who may not read it.
        """
        desk = self._desk
        with desk.store.read() as uow:
            version = _of_family(uow, version_id)
        everything = Resource(kind=ResourceKind.PLAN_COMMENT, student_id=version.student_id)
        desk.open_record(everything, what="plan_said")
        with desk.store.read() as uow:
            answers = standing_answers(uow.plans.answers_of(version_id))
            names = {one.id: one.name for one in uow.people.adults({one.adult_id for one in answers})}
            return SaidPage(
                version=version,
                remarks=_remarks(uow, uow.plans.comments_of(version_id), desk.adult_id),
                answers=tuple((one, names.get(one.adult_id, "")) for one in answers),
            )


def _of_family(uow: UnitOfWork, version_id: PlanVersionId) -> PlanVersion:
    version = uow.plans.version(version_id)
    if version is None or version.state is PlanState.DRAFT:
        raise NotFound("plan_version")
    return version


def _has_part(uow: UnitOfWork, version: PlanVersion, part: PlanPart, about: str) -> bool:
    """Tell whether a part stands in a version, or stood in the one before: that it goes is part of it."""
    if part is PlanPart.OBJECTIVE:
        return False
    before = version_before(version, uow.plans.versions_of(version.student_id))
    sides = [version.contents, *([before.contents] if before is not None else [])]
    return any(part_of(contents, part, about) is not None for contents in sides)


def _step(version: PlanVersion, versions: Sequence[PlanVersion]) -> TimelineStep:
    before = version_before(version, versions)
    changes = differences(before.contents, version.contents) if before is not None else ()
    return TimelineStep(version=version, before=before, changes=changes)


def _own_remarks(said: Sequence[PlanComment], me: AdultId) -> tuple[PlanComment, ...]:
    """Return one adult's remarks with the school's answers to them, and what it said to every family."""
    by_id = {one.id: one for one in said}

    def of_mine(one: PlanComment) -> bool:
        if one.author_id == me:
            return True
        answered = by_id.get(one.answers) if one.answers is not None else None
        return one.voice is Voice.STAFF and answered is not None and of_mine(answered)

    return tuple(one for one in said if of_mine(one) or (one.voice is Voice.STAFF and one.answers is None))


def _remarks(uow: UnitOfWork, said: Iterable[PlanComment], me: AdultId) -> tuple[Remark, ...]:
    shown = tuple(said)
    names = {one.id: one.name for one in uow.people.adults({one.author_id for one in shown})}
    return tuple(
        Remark(comment=one, author_name=names.get(one.author_id, ""), is_mine=one.author_id == me)
        for one in shown
    )


def _tell(change: Change, comment: PlanComment, adult_id: AdultId) -> None:
    student = change.uow.people.student(comment.student_id)
    assert student is not None  # the version is of a child there is
    told = Phrase(key="plan.told_answered", params={"child": Name(text=student.preferred_name)})
    announce_to_family(change, comment.student_id, (told,), comment.client_key, to={adult_id})
