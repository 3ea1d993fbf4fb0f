"""The neutral words access speaks: who acts, on what, and which standing they bring.

Other rooms build these from their own values, so that this room can stay low and know nothing of goals,
notes or minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.ids import AdultId, GoalId, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A human being acting. ``masquerade``: an administrator wears this person's face; writes are refused."""

    adult_id: AdultId
    masquerade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The product acting on its own schedule; ``job`` names the job, such as ``outbox`` or ``idle_sets``."""

    job: str


Actor = Person | System


class Action(StrEnum):
    """What is done to a resource."""

    READ = "read"
    WRITE = "write"
    DECIDE = "decide"


class ResourceKind(StrEnum):
    """The columns of the access matrix (domain guide section 4), and the few things beside it."""

    STUDENT = "student"
    IEP = "iep"
    GOAL = "goal"
    DATA_POINT = "data_point"
    SESSION_LOG = "session_log"
    INTERNAL_NOTE = "internal_note"
    PRIVATE_NOTE = "private_note"
    SHARED_NOTE = "shared_note"
    MESSAGE = "message"
    HOME_OBSERVATION = "home_observation"
    CONTACT_LOG = "contact_log"
    FAMILY_PROFILE = "family_profile"
    MINUTES = "minutes"
    AUDIT_LOG = "audit_log"
    TEAM = "team"
    RELATIONSHIP = "relationship"
    APPOINTMENT = "appointment"
    ROSTER = "roster"
    ROSTER_FEED = "roster_feed"
    TRANSLATION = "translation"
    CONSENT = "consent"
    ACCOUNT = "account"
    LEGAL_HOLD = "legal_hold"
    PLATFORM = "platform"
    OUTBOX = "outbox"
    UNMATCHED_REPLY = "unmatched_reply"
    PLAN_COMMENT = "plan_comment"
    FAMILY_WISH = "family_wish"
    DUTIES = "duties"
    CALENDAR = "calendar"
    SITE_CHOICES = "site_choices"
    RECORD_REQUEST = "record_request"
    DISCLOSURE = "disclosure"
    OPENING = "opening"
    NOTICE = "notice"
    EVENT = "event"
    ATTENDANCE = "attendance"


class Audience(StrEnum):
    """Who a piece of the record is meant for."""

    AUTHOR = "author"
    TEAM = "team"
    SHARED = "shared"
    PARTICIPANTS = "participants"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The thing acted on, without its content.

    ``student_id`` None means a thing of the whole site (a roster, an appointment). ``owner_id`` is who made
    it;
    ``participants`` the adults of a conversation. ``of_adult_id`` is the adult a relationship or profile is
    about.
    """

    kind: ResourceKind
    student_id: StudentId | None = None
    owner_id: AdultId | None = None
    of_adult_id: AdultId | None = None
    audience: Audience = Audience.TEAM
    goal_id: GoalId | None = None
    participants: frozenset[AdultId] = frozenset()


class Party(StrEnum):
    """The row of the access matrix somebody stands in towards one child."""

    CASE_MANAGER = "case_manager"
    SPECIAL_ED_TEACHER = "special_ed_teacher"
    GEN_ED_TEACHER = "gen_ed_teacher"
    RELATED_SERVICE_PROVIDER = "related_service_provider"
    PARAPROFESSIONAL = "paraprofessional"
    SUBSTITUTE = "substitute"
    ADMINISTRATOR = "administrator"
    RECORDS_OFFICER = "records_officer"
    PARENT_RECORDS_AND_DECISIONS = "parent_records_and_decisions"
    PARENT_RECORDS_ONLY = "parent_records_only"
    PARENT_NO_RECORDS = "parent_no_records"
    PARENT_AFTER_TRANSFER = "parent_after_transfer"
    ADULT_STUDENT = "adult_student"
    ADULT_STUDENT_IN_GAP = "adult_student_in_gap"
    STUDENT = "student"
    SITE_RECORDS_OFFICER = "site_records_officer"
    SITE_CASE_MANAGER = "site_case_manager"
    SITE_ADMINISTRATOR = "site_administrator"
    INTERPRETER = "interpreter"
    OUTSIDE_PARTY = "outside_party"
    GUEST = "guest"


class Basis(StrEnum):
    """What a grant rests on."""

    ASSIGNMENT = "assignment"
    RELATIONSHIP = "relationship"
    APPOINTMENT = "appointment"
    TASK = "task"
    WINDOW = "window"
    REQUEST = "request"
    OPENING = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One standing of the actor, with its window (both ends included; None = open).

    ``student_id`` None is a standing for the site. ``goal_ids`` None means every goal of the child, else only
    those delegated; ``kinds`` None means every column of the row, else only those listed. ``opens_at`` and
    ``closes_at`` narrow a window to moments (the last one outside): such a grant counts only when the
    decision is told the moment. ``stands_in_for`` is whom a substitute replaces. ``shares_signing``: the
    student is 18 and below the state's majority, so parents and student sign together what leaves the school
    (domain guide C8).
    """

    party: Party
    basis: Basis
    student_id: StudentId | None
    starts_on: date
    ends_on: date | None = None
    goal_ids: frozenset[GoalId] | None = None
    kinds: frozenset[ResourceKind] | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    stands_in_for: AdultId | None = None
    shares_signing: bool = False

    def holds_on(self, day: date, at: datetime | None = None) -> bool:
        """Tell whether the grant is in force on ``day``, and at the moment ``at`` when it is that narrow."""
        if not (self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)):
            return False
        if self.opens_at is None and self.closes_at is None:
            return True
        if at is None or (self.opens_at is not None and at < self.opens_at):
            return False
        return self.closes_at is None or at < self.closes_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """Everything the actor brings: grants, already limited to this actor by whoever built it.

    ``disabled``: the actor was disabled, and no grant counts.
    """

    grants: tuple[Grant, ...] = ()
    disabled: bool = False

    def towards(
        self, student_id: StudentId | None, on: date, at: datetime | None = None
    ) -> tuple[Grant, ...]:
        """Return the grants in force on ``on`` for that child, or for the site when ``student_id`` is
        None."""
        return tuple(one for one in self.grants if one.student_id == student_id and one.holds_on(on, at))
