"""One value of every kind and every form, filled to the brim and left as empty as it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from iepcore.access import AuditKind
from iepcore.family import HomeAnswer, MessageKind
from iepcore.ids import AdultId, OutboxId, StudentId, new_uuid7
from iepcore.language import Name, Phrase
from iepcore.notices import ConsentWay, OutboxState, ReplyState, RoadConsentState, Urgency, WordState
from iepcore.people import (
    AddressKind,
    ChannelAddress,
    DoubtState,
    PersonKind,
    RunState,
    Shortfall,
    ShortfallKind,
    StaffRole,
    TransferOutcome,
    WindowKind,
    WindowPart,
)
from iepcore.plan import GoalState, Trial, TrialSet
from iepcore.plan.document import (
    Amendment,
    AmendmentMethod,
    AnswerKind,
    ConsentKind,
    CopyFormat,
    FactorAnswer,
    NoticeStep,
    Objective,
    ObjectiveState,
    ParentConsentState,
    PlanContents,
    PlanPart,
    PlanState,
    PlanStep,
    SignatureMethod,
    SpecialFactor,
    Support,
    SupportKind,
    TransitionPlan,
    Voice,
)
from iepcore.progress import (
    CbmProbe,
    CbmReading,
    CbmTask,
    CountReading,
    Direction,
    DurationReading,
    IntervalReading,
    LatencyReading,
    Measure,
    MeasureKind,
    NOfMCriterion,
    PercentReading,
    PromptReading,
    RateReading,
    Reading,
    RubricReading,
    SampleReading,
    StepResult,
    TaskReading,
)
from iepcore.testing import calendar_values as c
from iepcore.testing import document_values as v
from iepcore.testing import roster_values as r
from iepcore.testing import store_values as a
from iepcore.testing import trail_values as b

LATER = a.NOW + timedelta(hours=1)
LONG_AGO = datetime(1969, 7, 20, 20, 17, 40, 1, tzinfo=UTC)

READINGS: tuple[Reading, ...] = (
    PercentReading(correct=0, trials=0),
    CountReading(count=3),
    RateReading(count=4, minutes=2.5),
    DurationReading(seconds=(1.25, 30.0), observed_seconds=600.0),
    DurationReading(seconds=(0.0,)),
    LatencyReading(seconds=None, ceiling=30.0),
    LatencyReading(seconds=0.1 + 0.2, ceiling=30.0),
    IntervalReading(scored=2, intervals=10),
    SampleReading(scored=2, samples=10),
    PromptReading(levels=(0, None, 3)),
    RubricReading(level=4),
    TaskReading(steps=tuple(StepResult)),
    CbmReading(probes=(CbmProbe(correct=58, errors=2, seconds=60.0),)),
    CbmReading(probes=(CbmProbe(correct=58, seconds=60.0), CbmProbe(correct=1, errors=0, seconds=59.5))),
)
MEASURES: tuple[Measure, ...] = (
    Measure(kind=MeasureKind.PERCENT_CORRECT, trials_per_set=10),
    Measure(kind=MeasureKind.CBM, cbm_task=CbmTask.ORAL_READING, material="grade 2", probe_seconds=60.0),
    Measure(kind=MeasureKind.TASK_ANALYSIS, steps=("take", "pour", "درست کردن")),
    Measure(kind=MeasureKind.PROMPT_LEVEL, prompt_levels=("full", "partial", "alone")),
    Measure(kind=MeasureKind.DURATION, observation_seconds=600.0, as_share_of_session=True),
    Measure(kind=MeasureKind.RUBRIC, rubric_top=100),
)
PHRASE = Phrase(
    key="update.growth",
    params={
        "child": Name(text="Zoë ‏مایا"),
        "skill": Phrase(key="skill.own_words", params={"words": a.words("سلام", "fa")}),
        "now": 58,
        "share": 0.5,
        "unit": "percent",
        "day": a.TODAY,
    },
)


def every_value() -> tuple[object, ...]:
    """Return values of every kind in an order in which a store takes them."""
    return tuple(_values())


def _values() -> Iterator[object]:
    teacher = a.an_adult(
        name="Þór \U0001f469🏽‍🏫",
        reads="en",
        speaks="es",
        needs_interpreter=True,
        came_as_staff=True,
        addresses=(
            ChannelAddress(kind=AddressKind.CANVAS, value="42"),
            ChannelAddress(kind=AddressKind.MAIL, value="thor@example.org"),
        ),
        zone="America/Denver",
        version=3,
    )
    mother = a.an_adult(addresses=())
    student = a.a_student(born_on=a.TODAY, left_on=a.TODAY, created_at=LONG_AGO)
    other = a.a_student()
    yield from (teacher, mother, student, other)
    yield a.an_identity(teacher.id)
    yield a.an_identity(student.id, kind=PersonKind.STUDENT, subject="pupil-1")
    yield a.an_appointment(mother.id)
    yield a.an_appointment(teacher.id, appointed_by=mother.id, ends_on=a.TODAY)
    yield a.a_relationship(student.id, mother.id, valid_to=a.TODAY, address_protected=True, may_decide=False)
    yield a.a_relationship(student.id, teacher.id, document="Order of 2025-06-30", agreed_by=mother.id)
    yield a.an_assignment(student.id, teacher.id)
    yield a.an_assignment(student.id, mother.id, ends_on=a.TODAY, version=2)
    substitute = {"role": StaffRole.SUBSTITUTE, "stands_in_for": teacher.id, "ends_on": a.TODAY}
    yield a.an_assignment(student.id, mother.id, **substitute)
    order = {"outcome": TransferOutcome.STAYS_WITH_PARENTS, "basis": "Order of the probate court"}
    yield a.a_transfer(student.id, teacher.id, student_told_on=a.TODAY, parents_told_on=a.TODAY, **order)
    yield a.a_transfer(other.id, teacher.id, parents_may_write=True)
    yield a.a_window(student.id, mother.id)
    consent = {"kind": WindowKind.CONSENT, "agreed_by": mother.id, "parts": frozenset(WindowPart)}
    yield a.a_window(student.id, teacher.id, ended_at=LATER, version=2, **consent)
    yield a.a_member()
    yield a.a_member("x", name=None, active=False, email="x@example.org", channel_user_id="9")
    yield a.a_member("y", sis_id="0042", email="y@example.org", email_verified=True, grade="3")
    yield a.a_hint()
    yield r.a_guardian()
    feed = r.a_feed(connected_by=teacher.id, accepted_by=teacher.id, ended_at=LATER, nightly=True, config="x")
    run = r.a_run(feed, asked_by=teacher.id, state=RunState.DONE, ended_at=LATER, lease_until=LATER)
    run = replace(run, reason="store_busy", staged=True, done=1, of=2)
    lost = (Shortfall(kind=ShortfallKind.PAGES_LOST, code="timeout", count=1),)
    yield from (feed, r.a_feed(accepted_at=None, name="Other"), run, r.a_run(feed))
    yield from (r.a_course_state(run), r.a_course_state(run, context_id="course-2", shortfalls=lost))
    yield r.a_doubt(student.id)
    yield r.a_doubt(
        mother.id,
        kind=PersonKind.ADULT,
        state=DoubtState.SAME,
        decided_by=teacher.id,
        decided_at=LATER,
        version=2,
    )
    yield c.a_year(changed_by=teacher.id)
    yield c.a_year(
        name="2027-28", first_day=a.TODAY.replace(year=2027), last_day=a.TODAY.replace(year=2028), days=()
    )
    yield from (c.some_choices(), c.full_choices())
    yield from (held := c.a_date(student.id), c.a_date(student.id, supersedes=held.id, note=a.words()))
    yield c.a_date(student.id, supersedes=held.id, withdrawn=True, recorded_at=LATER)
    goals = [a.a_goal(student.id, measure=measure) for measure in MEASURES]
    goals.append(
        a.a_goal(
            student.id,
            direction=Direction.DECREASE,
            baseline=0.3,
            target=0.1,
            criterion=NOfMCriterion(n=4, m=5, early=True),
            skill_key=None,
            skill_words=a.words("خواندن", "fa"),
            introduced_on=a.TODAY,
            state=GoalState.MET,
            version=7,
            phases=(a.a_phase(mother.id, baseline=0.2, target=0.1),),
        )
    )
    yield from goals
    yield from _documents(student.id, teacher.id, mother.id)
    goal = goals[0]
    ended = a.a_set(goal, ended_at=LATER)
    yield from (ended, a.a_set(goal))
    yield from _trials(ended)
    points = [a.a_point(goal, reading=reading, score=None) for reading in READINGS]
    yield from points
    yield a.a_point(goal, supersedes=points[0].id, from_set=ended.id, note=a.words(), score=1 / 3)
    thread, general = a.a_thread(student.id, goal.id), a.a_thread(student.id)
    yield from (thread, general)
    message = a.a_message(
        thread,
        kind=MessageKind.UPDATE,
        parts=(PHRASE, a.words("سلام", "fa")),
        recipient_ids=frozenset({mother.id, teacher.id}),
        urgency=Urgency.PLEASE_ANSWER,
        answer_by=a.TODAY,
        to_staff=False,
    )
    yield message
    yield a.a_message(general, from_family=True, kind=MessageKind.REPLY, in_reply_to=message.id)
    yield a.an_opening(message)
    yield a.an_observation(goal)
    yield a.an_observation(goal, answer=HomeAnswer.NO_CHANCE, words=a.words())
    yield a.a_contact(student.id)
    yield a.a_contact(
        student.id,
        purpose="concern",
        summary=a.words(),
        interpreter="Ines Example",
        message_id=message.id,
        follow_up_on=a.TODAY,
        follow_up_owner_id=teacher.id,
    )
    yield a.a_request(message)
    yield a.a_request(message, part=0, done_at=LATER)
    yield a.a_translation(message)
    yield a.a_translation(message, by_id=None, made_at=LATER)
    yield a.a_draft(student.id)
    yield a.a_draft(student.id, goal.id, parts=(PHRASE,), version=4)
    yield a.an_item(message)
    yield a.an_item(
        message,
        answer_by=a.TODAY,
        state=OutboxState.UNKNOWN,
        reason="timeout",
        attempts=2,
        lease_until=LATER,
        settled_at=LATER,
        looked_at=LATER,
        platform_id="55",
        version=5,
    )
    yield a.a_consent(mother.id)
    yield a.a_consent(teacher.id, state=RoadConsentState.WITHDRAWN, way=ConsentWay.BY_TEXT, noted_by=None)
    yield a.a_reply()
    yield a.a_reply(
        state=ReplyState.FILED,
        student_id=student.id,
        item_id=OutboxId(new_uuid7()),
        adult_id=mother.id,
        handler_id=teacher.id,
        message_id=message.id,
        settled_by=teacher.id,
        settled_at=LATER,
        version=2,
    )
    yield a.a_word(student.id)
    yield a.a_word(student.id, state=WordState.UNKNOWN, reason="platform_unknown", sent_at=LATER, version=2)
    yield a.a_suspension(mother.id)
    yield a.a_suspension(
        teacher.id, reason="left", by_id=mother.id, ended_at=LATER, ended_by=mother.id, version=2
    )
    yield a.a_hold(student.id, placed_by=mother.id, lifted_at=LATER, lifted_by=mother.id, version=2)
    yield a.a_hold(None, lifted_at=LATER)
    yield a.a_hold(other.id)
    yield from b.every_line(student.id, teacher.id, mother.id)
    yield a.an_event(student.id, bucket="a:b:c:10:1")
    yield a.an_event(None, kind=AuditKind.WRITE, actor_id=None, job="outbox", object_id="7")


def _documents(student_id: StudentId, teacher_id: AdultId, mother_id: AdultId) -> Iterator[object]:
    first = v.a_plan_version(
        student_id,
        state=PlanState.AMENDED,
        ended_on=a.TODAY,
        contents=PlanContents(),
        steps=(
            PlanStep(state=PlanState.PROPOSED, on=a.TODAY, by=teacher_id),
            PlanStep(state=PlanState.IN_EFFECT, on=a.TODAY),
        ),
        version=4,
    )
    amendment = Amendment(
        of=first.id,
        method=AmendmentMethod.MEETING,
        agreed_on=a.TODAY,
        why=a.words("چون رشد کرد", "prs"),
        team_informed_on=a.TODAY,
        copy_asked=True,
        copy_sent_on=a.TODAY,
    )
    sent = v.a_notice(
        student_id,
        parts=None,
        sent_on=a.TODAY,
        told_aloud_on=a.TODAY,
        evidence_of_telling=a.words("Told in Mam; she said it back."),
        step=NoticeStep.EXIT,
        version_id=first.id,
        kept_in="SEIS",
    )
    second = v.a_plan_version(
        student_id,
        number=2,
        contents=_brimful(student_id),
        amendment=amendment,
        notice_id=sent.id,
        as_of=a.TODAY,
        kept_in="SEIS",
    )
    yield from (first, second, sent, v.a_notice(student_id, version=2))
    yield v.a_parent_consent(student_id)
    yield v.a_parent_consent(
        student_id,
        kind=ConsentKind.DISCLOSURE,
        scope="agency",
        state=ParentConsentState.REVOKED,
        decided_on=a.TODAY,
        revoked_on=a.TODAY,
        signature=v.a_signature(mother_id, method=SignatureMethod.ELSEWHERE, text_hash=""),
        version=3,
        text=a.words("May we talk to the agency?"),
        asked_by=teacher_id,
        of_id=mother_id,
        version_id=first.id,
        kept_in="SEIS",
    )
    yield v.a_wish(student_id, author_id=mother_id)
    yield v.a_wish(student_id, voice=Voice.STUDENT, words=None)
    comment = v.a_comment(first, author_id=mother_id)
    yield comment
    yield v.a_comment(first, part=PlanPart.GOAL, about="x", answers=comment.id, voice=Voice.STAFF)
    yield v.a_part_answer(first)
    yield v.a_part_answer(first, answer=AnswerKind.QUESTION, words=a.words("When?"), about="x")
    yield v.a_part_draft(student_id)
    yield v.a_part_draft(student_id, version_id=second.id, about="x", started_from="0" * 64, version=2)
    yield v.a_receipt(first, adult_id=teacher_id)
    yield v.a_copy(student_id)
    yield v.a_copy(student_id, format=CopyFormat.BRAILLE, version_id=first.id, notice_id=sent.id)


def _brimful(student_id: StudentId) -> PlanContents:
    """Return contents with every part there is."""
    step = Objective(words=a.words("4 of 10"), by=a.TODAY, state=ObjectiveState.MET)
    goal = v.a_plan_goal(objectives=(step,), wish=a.words("not yet: first asking"), serves_wish=False)
    support = Support(kind=SupportKind.AID, words=a.words("seat"), where="class", responsible="teacher")
    return v.some_contents(
        student_id,
        (goal, v.a_plan_goal(line=None), v.a_plan_goal(line=v.a_line(criterion=NOfMCriterion(n=4, m=5)))),
        student_words=a.words("I like rockets."),
        supports=(support,),
        services=(v.a_service(student_id, in_group=True, provider_id=AdultId(new_uuid7())),),
        factors=(FactorAnswer(factor=SpecialFactor.BRAILLE, is_needed=True, words=a.words("yes")),),
        transition=TransitionPlan(
            postsecondary_goals=(a.words("work"),),
            services=(a.words("visit"),),
            courses_of_study=a.words("art"),
        ),
        report_on=(a.TODAY,),
        rights_told_on=a.TODAY,
    )


def _trials(trial_set: TrialSet) -> Iterator[Trial]:
    first = a.a_trial(trial_set)
    yield first
    yield a.a_trial(trial_set, outcome=None, undoes=first.client_key)
