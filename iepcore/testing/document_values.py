"""Builders of plans as documents: contents, versions, notices, consents, words of people, copies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from iepcore.ids import (
    AdultId,
    CopySentId,
    FamilyWishId,
    GoalId,
    ParentConsentId,
    PartAnswerId,
    PartDraftId,
    PlanCommentId,
    PlanId,
    PlanVersionId,
    ServiceId,
    StudentId,
    WrittenNoticeId,
    new_uuid7,
)
from iepcore.plan import Delivery, Interval, ServicePrescription
from iepcore.plan.document import (
    AnswerKind,
    Assessment,
    AssessmentKind,
    ConsentKind,
    CopyKind,
    CopySent,
    CopyWay,
    DutyReceipt,
    EsyAnswer,
    EsyDecision,
    FactorAnswer,
    FamilyWish,
    GoalKind,
    MeasuredLine,
    NoticeParts,
    ParentConcern,
    ParentConsent,
    PartAnswer,
    PartDraft,
    Placement,
    PlanComment,
    PlanContents,
    PlanGoal,
    PlanPart,
    PlanVersion,
    PresentLevel,
    RawField,
    Signature,
    SignatureMethod,
    SpecialFactor,
    Support,
    SupportKind,
    Voice,
    WrittenNotice,
    text_hash,
)
from iepcore.progress import ConsecutiveCriterion, Direction, Measure, MeasureKind
from iepcore.testing.people_values import NOW, TODAY, a_key, words

YEAR = timedelta(days=364)


def a_line(**changes: Any) -> MeasuredLine:
    """From 20 to 80 percent, three times in a row."""
    line = MeasuredLine(
        measure=Measure(kind=MeasureKind.PERCENT_CORRECT),
        baseline=20.0,
        target=80.0,
        direction=Direction.INCREASE,
        criterion=ConsecutiveCriterion(k=3),
        skill_key="asking_for_help",
    )
    return replace(line, **changes)


def a_plan_goal(**changes: Any) -> PlanGoal:
    """A new goal about asking for help, with its line."""
    goal = PlanGoal(
        goal_id=GoalId(new_uuid7()),
        kind=GoalKind.FUNCTIONAL,
        words=words("By March, Maya will ask for help in 8 of 10 chances."),
        levels=("communication",),
        line=a_line(),
    )
    return replace(goal, **changes)


def a_service(student_id: StudentId, **changes: Any) -> ServicePrescription:
    """Speech for half an hour, twice a week, for a year from today."""
    line = ServiceId(new_uuid7())
    service = ServicePrescription(
        id=line,
        line_id=line,
        student_id=student_id,
        service="speech",
        delivery=Delivery.DIRECT,
        frequency=2,
        interval=Interval.WEEK,
        minutes=30,
        begins_on=TODAY,
        ends_on=TODAY + YEAR,
    )
    return replace(service, **changes)


def some_contents(student_id: StudentId, goals: Iterable[PlanGoal] = (), **changes: Any) -> PlanContents:
    """Complete contents for a child of ten, with one goal unless others are given."""
    contents = PlanContents(
        family_wish=words("Read a whole book to her brother."),
        concern=ParentConcern(asked_on=TODAY, words=words("She hides her book.")),
        levels=(
            PresentLevel(
                area="communication", strengths=words("Tells stories."), now=words("Asks in 2 of 10 chances.")
            ),
        ),
        goals=tuple(goals) or (a_plan_goal(),),
        supports=(Support(kind=SupportKind.ACCOMMODATION, words=words("more time"), in_state_tests=True),),
        services=(a_service(student_id),),
        factors=tuple(FactorAnswer(factor=factor, is_needed=False) for factor in SpecialFactor),
        placement=Placement(week_minutes=1800, with_peers=1740, why_apart=words("Speech in a quiet room.")),
        assessment=Assessment(kind=AssessmentKind.ACCOMMODATED),
        esy=EsyDecision(answer=EsyAnswer.NOT_NEEDED, on=TODAY, basis=words("She kept what she learned.")),
    )
    return replace(contents, **changes)


def a_plan_version(student_id: StudentId, **changes: Any) -> PlanVersion:
    """The draft of a child's first plan, for a year from today."""
    version = PlanVersion(
        id=PlanVersionId(new_uuid7()),
        plan_id=PlanId(new_uuid7()),
        student_id=student_id,
        number=1,
        contents=some_contents(student_id),
        reviewed_on=TODAY,
        begins_on=TODAY,
        ends_on=TODAY + YEAR,
        written_by=AdultId(new_uuid7()),
    )
    return replace(version, **changes)


def seven_parts(**changes: Any) -> NoticeParts:
    """The seven parts of a notice."""
    parts = NoticeParts(
        action=words("We propose more speech."),
        why=words("She asks for help more often after speech."),
        evidence=words("Her scores since May."),
        safeguards=words("You have rights. Ask the school for the booklet."),
        sources_of_help=words("The parent center."),
        options_considered=words("The same time as now: not enough."),
        other_factors=words("None."),
    )
    return replace(parts, **changes)


def a_notice(student_id: StudentId, **changes: Any) -> WrittenNotice:
    """A notice that was not sent yet."""
    notice = WrittenNotice(
        id=WrittenNoticeId(new_uuid7()),
        student_id=student_id,
        parts=seven_parts(),
        language="en",
        written_by=AdultId(new_uuid7()),
    )
    return replace(notice, **changes)


def a_signature(signer_id: AdultId, **changes: Any) -> Signature:
    """A signature in the tool, now."""
    signature = Signature(
        signer_id=signer_id, method=SignatureMethod.IN_TOOL, at=NOW, text_hash=text_hash("I agree.")
    )
    return replace(signature, **changes)


def a_parent_consent(student_id: StudentId, **changes: Any) -> ParentConsent:
    """Consent to initial services, asked for today."""
    consent = ParentConsent(
        id=ParentConsentId(new_uuid7()),
        student_id=student_id,
        kind=ConsentKind.INITIAL_SERVICES,
        requested_on=TODAY,
    )
    return replace(consent, **changes)


def a_wish(student_id: StudentId, **changes: Any) -> FamilyWish:
    """What a mother hopes for."""
    wish = FamilyWish(
        id=FamilyWishId(new_uuid7()),
        student_id=student_id,
        voice=Voice.FAMILY,
        author_id=AdultId(new_uuid7()),
        words=words("Read a whole book."),
        said_at=NOW,
        client_key=a_key(),
    )
    return replace(wish, **changes)


def a_comment(version: PlanVersion, **changes: Any) -> PlanComment:
    """A mother's remark on the plan as a whole."""
    comment = PlanComment(
        id=PlanCommentId(new_uuid7()),
        student_id=version.student_id,
        version_id=version.id,
        author_id=AdultId(new_uuid7()),
        voice=Voice.FAMILY,
        words=words("Could speech be in the morning?"),
        said_at=NOW,
        client_key=a_key(),
    )
    return replace(comment, **changes)


def a_part_answer(version: PlanVersion, **changes: Any) -> PartAnswer:
    """Yes to the placement."""
    answer = PartAnswer(
        id=PartAnswerId(new_uuid7()),
        student_id=version.student_id,
        version_id=version.id,
        adult_id=AdultId(new_uuid7()),
        part=PlanPart.PLACEMENT,
        answer=AnswerKind.ACCEPTED,
        answered_at=NOW,
        client_key=a_key(),
    )
    return replace(answer, **changes)


def a_part_draft(student_id: StudentId, **changes: Any) -> PartDraft:
    """Half a sentence about the placement."""
    draft = PartDraft(
        id=PartDraftId(new_uuid7()),
        student_id=student_id,
        author_id=AdultId(new_uuid7()),
        form="placement",
        fields=(RawField(name="with_peers", value="17"), RawField(name="why", value="Speech in a")),
        saved_at=NOW,
    )
    return replace(draft, **changes)


def a_receipt(version: PlanVersion, **changes: Any) -> DutyReceipt:
    """A teacher knows their duties."""
    receipt = DutyReceipt(
        student_id=version.student_id,
        version_id=version.id,
        adult_id=AdultId(new_uuid7()),
        got_at=NOW,
    )
    return replace(receipt, **changes)


def a_copy(student_id: StudentId, **changes: Any) -> CopySent:
    """A copy of the plan, on paper, by hand."""
    copy = CopySent(
        id=CopySentId(new_uuid7()),
        student_id=student_id,
        kind=CopyKind.PLAN,
        to_id=AdultId(new_uuid7()),
        sent_on=TODAY,
        way=CopyWay.BY_HAND,
        language="es",
        noted_by=AdultId(new_uuid7()),
        noted_at=NOW,
        client_key=a_key(),
    )
    return replace(copy, **changes)
