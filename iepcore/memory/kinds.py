"""Every kind of value a store keeps: its key, what else is unique about it, and what it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from iepcore.access import (
    AuditEvent,
    BlankedDisclosure,
    BreakGlass,
    ChainHead,
    ChainName,
    Disclosure,
    RecordRequest,
)
from iepcore.calendars import SchoolYear, SiteChoices, TimelineEvent
from iepcore.family import (
    ContactLogEntry,
    Draft,
    HomeObservation,
    Message,
    MessageOpened,
    Thread,
    Translation,
    TranslationRequest,
)
from iepcore.notices import GradebookWord, KeptReply, OutboxItem, RoadConsent, RoadFetch, SendingPolicy
from iepcore.people import (
    AccessWindow,
    Adult,
    Appointment,
    Assignment,
    CourseState,
    GuardianHint,
    Identity,
    LegalHold,
    LinkHint,
    MatchDoubt,
    Relationship,
    RightsTransfer,
    RosterFeed,
    RosterMember,
    RosterRun,
    StagedCourse,
    Student,
    Suspension,
)
from iepcore.plan import DataPoint, Goal, Trial, TrialSet
from iepcore.plan.document import (
    CopySent,
    DutyReceipt,
    FamilyWish,
    ParentConsent,
    PartAnswer,
    PartDraft,
    PlanComment,
    PlanState,
    PlanVersion,
    WrittenNotice,
)

Key = Callable[[Any], Hashable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. ``parents`` are (kind, field) pairs: the field holds the id of a value that must be there."""

    of: type[Any]
    name: str
    key: Key = attrgetter("id")
    unique: tuple[Key, ...] = ()
    parents: tuple[tuple[type[Any], str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHead:
    """Where a chain ends now."""

    chain: ChainName
    head: ChainHead


_STUDENT = (Student, "student_id")
_ADULT = (Adult, "adult_id")
_GOAL = (Goal, "goal_id")
_FEED = (RosterFeed, "feed_id")
_MESSAGE = (Message, "message_id")
_VERSION = (PlanVersion, "version_id")


def _in_force(suspension: Suspension) -> Hashable:
    """Return whom a suspension keeps out now: nobody twice."""
    return suspension.adult_id if suspension.is_in_force else None


def _open(run: RosterRun) -> Hashable:
    """Return whose open pull it is: a feed has one at a time."""
    return run.feed_id if run.is_open else None


def _draft(version: PlanVersion) -> Hashable:
    """Return whose draft it is: a child's plan has one at a time."""
    return version.student_id if version.state is PlanState.DRAFT else None


KINDS: tuple[Kind, ...] = (
    Kind(of=Adult, name="adult"),
    Kind(of=Student, name="student"),
    Kind(of=Identity, name="identity", key=attrgetter("source", "subject")),
    Kind(
        of=Appointment,
        name="appointment",
        key=attrgetter("adult_id", "role", "starts_on"),
        parents=(_ADULT,),
    ),
    Kind(of=Relationship, name="relationship", parents=(_STUDENT, _ADULT)),
    Kind(of=Assignment, name="assignment", parents=(_STUDENT, _ADULT)),
    Kind(of=RightsTransfer, name="rights_transfer", key=attrgetter("student_id"), parents=(_STUDENT,)),
    Kind(of=AccessWindow, name="access_window", parents=(_STUDENT, _ADULT)),
    Kind(of=RosterMember, name="roster_member", unique=(attrgetter("source", "context_id", "subject"),)),
    Kind(of=LinkHint, name="link_hint", key=attrgetter("source", "observer_subject", "pupil_subject")),
    Kind(
        of=GuardianHint,
        name="guardian_hint",
        key=attrgetter("source", "context_id", "guardian_subject", "student_subject"),
    ),
    Kind(of=RosterFeed, name="roster_feed"),
    Kind(of=RosterRun, name="roster_run", unique=(_open,), parents=(_FEED,)),
    Kind(of=CourseState, name="course_state", key=attrgetter("feed_id", "context_id"), parents=(_FEED,)),
    Kind(of=StagedCourse, name="staged_course", key=attrgetter("feed_id", "context_id"), parents=(_FEED,)),
    Kind(of=MatchDoubt, name="match_doubt", unique=(attrgetter("source", "subject", "person_id"),)),
    Kind(of=SchoolYear, name="school_year", unique=(attrgetter("kind", "name"),)),
    Kind(of=SiteChoices, name="site_choices", key=attrgetter("version")),
    Kind(
        of=TimelineEvent,
        name="timeline_event",
        unique=(attrgetter("recorded_by", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(of=Goal, name="goal", parents=(_STUDENT,)),
    Kind(
        of=PlanVersion,
        name="plan_version",
        unique=(attrgetter("student_id", "number"), _draft),
        parents=(_STUDENT,),
    ),
    Kind(of=WrittenNotice, name="written_notice", parents=(_STUDENT,)),
    Kind(of=ParentConsent, name="parent_consent", parents=(_STUDENT,)),
    Kind(
        of=FamilyWish,
        name="family_wish",
        unique=(attrgetter("author_id", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(
        of=PlanComment,
        name="plan_comment",
        unique=(attrgetter("author_id", "client_key"),),
        parents=(_VERSION, _STUDENT),
    ),
    Kind(
        of=PartAnswer,
        name="part_answer",
        unique=(attrgetter("adult_id", "client_key"),),
        parents=(_VERSION, _STUDENT),
    ),
    Kind(
        of=PartDraft,
        name="part_draft",
        unique=(attrgetter("author_id", "student_id", "version_id", "form", "about"),),
        parents=(_STUDENT,),
    ),
    Kind(
        of=DutyReceipt,
        name="duty_receipt",
        key=attrgetter("version_id", "adult_id"),
        parents=(_VERSION, _STUDENT),
    ),
    Kind(
        of=CopySent,
        name="copy_sent",
        unique=(attrgetter("noted_by", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(
        of=TrialSet,
        name="trial_set",
        unique=(attrgetter("recorder_id", "client_key"),),
        parents=(_GOAL, _STUDENT),
    ),
    Kind(
        of=Trial,
        name="trial",
        unique=(attrgetter("set_id", "client_key"),),
        parents=((TrialSet, "set_id"),),
    ),
    Kind(
        of=DataPoint,
        name="data_point",
        unique=(attrgetter("recorder_id", "client_key"),),
        parents=(_GOAL, _STUDENT),
    ),
    Kind(of=Thread, name="thread", unique=(attrgetter("student_id", "goal_id"),), parents=(_STUDENT,)),
    Kind(
        of=Message,
        name="message",
        unique=(attrgetter("author_id", "client_key"),),
        parents=((Thread, "thread_id"), _STUDENT),
    ),
    Kind(
        of=MessageOpened,
        name="message_opened",
        key=attrgetter("message_id", "adult_id"),
        parents=(_MESSAGE,),
    ),
    Kind(
        of=HomeObservation,
        name="home_observation",
        unique=(attrgetter("adult_id", "client_key"),),
        parents=(_GOAL, _STUDENT),
    ),
    Kind(
        of=ContactLogEntry,
        name="contact",
        unique=(attrgetter("by_id", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(
        of=TranslationRequest,
        name="translation_request",
        unique=(attrgetter("message_id", "part", "to_language"),),
        parents=(_MESSAGE, _STUDENT),
    ),
    Kind(
        of=Translation,
        name="translation",
        key=attrgetter("message_id", "part", "text.lang", "made_at"),
        parents=(_MESSAGE,),
    ),
    Kind(
        of=Draft,
        name="draft",
        unique=(attrgetter("author_id", "student_id", "goal_id"),),
        parents=(_STUDENT,),
    ),
    Kind(of=OutboxItem, name="outbox_item", parents=(_MESSAGE, _STUDENT)),
    Kind(of=RoadConsent, name="road_consent", parents=(_ADULT,)),
    Kind(of=KeptReply, name="kept_reply", unique=(attrgetter("road", "platform_id"),)),
    Kind(
        of=GradebookWord,
        name="gradebook_word",
        unique=(attrgetter("by_id", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(of=Suspension, name="suspension", unique=(_in_force,), parents=(_ADULT,)),
    Kind(of=LegalHold, name="legal_hold"),
    Kind(of=Disclosure, name="disclosure", parents=(_STUDENT,)),
    Kind(
        of=RecordRequest,
        name="record_request",
        unique=(attrgetter("noted_by", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(
        of=BreakGlass,
        name="break_glass",
        unique=(attrgetter("adult_id", "client_key"),),
        parents=(_STUDENT,),
    ),
    Kind(of=AuditEvent, name="audit_event", unique=(attrgetter("bucket"),)),
)
"""Parents before what belongs to them, so that values can be put back in this order."""

BESIDE: tuple[Kind, ...] = (
    Kind(of=KeptHead, name="chain_head", key=attrgetter("chain")),
    Kind(of=BlankedDisclosure, name="blanked_disclosure"),
    Kind(of=SendingPolicy, name="site_sending", key=lambda _: "site"),
    Kind(of=RoadFetch, name="road_fetch", key=attrgetter("road")),
)
"""Kept here and never taken elsewhere: records put into another place begin there with sending off."""

KIND_OF: dict[type[Any], Kind] = {kind.of: kind for kind in (*KINDS, *BESIDE)}
