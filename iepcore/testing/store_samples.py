"""One value of every kind and every form, filled to the brim and left as empty as it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from iepcore.access import AuditKind
from iepcore.family import HomeAnswer, MessageKind
from iepcore.ids import OutboxId, new_uuid7
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
)
from iepcore.plan import GoalState, Trial, TrialSet
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
from iepcore.testing import roster_values as r
from iepcore.testing import store_values as a

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
    yield a.a_relationship(student.id, teacher.id)
    yield a.an_assignment(student.id, teacher.id)
    yield a.an_assignment(student.id, mother.id, ends_on=a.TODAY, version=2)
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
    yield a.an_event(student.id, bucket="a:b:c:10:1")
    yield a.an_event(None, kind=AuditKind.WRITE, actor_id=None, job="outbox", object_id="7")


def _trials(trial_set: TrialSet) -> Iterator[Trial]:
    first = a.a_trial(trial_set)
    yield first
    yield a.a_trial(trial_set, outcome=None, undoes=first.client_key)
