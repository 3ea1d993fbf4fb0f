"""Where a site's rosters come from, and how each pull of them went. Nothing here gives anybody a right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, MatchDoubtId, RosterFeedId, RosterRunId, StudentId
from iepcore.people.pulls import CourseRoster, Shortfall
from iepcore.people.roster import PersonKind
from iepcore.people.students import check_name


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFeed:
    """One source of rosters of a site. ``kind`` names the connector (``canvas``, ``google``, ``oneroster``),
    ``source`` whose subjects it knows, ``config`` what the connector needs to find it again (never a secret).

    ``accepted_at`` is when a person said yes to the first preview: before, nothing of it enters the address
    book. ``nightly``: it is pulled every night of the site.

    Raises:
        InvalidValue: ``name_empty``, ``name_too_long``, ``name_form``, ``identity_form``, ``version_range``.
    """

    id: RosterFeedId
    kind: str
    name: str
    source: str
    connected_at: datetime
    connected_by: AdultId | None = None
    config: str = ""
    nightly: bool = False
    accepted_at: datetime | None = None
    accepted_by: AdultId | None = None
    ended_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_name(self.name, field="name")
        for text, field in ((self.kind, "kind"), (self.source, "source")):
            if not text or len(text) > 255:
                raise InvalidValue("identity_form", field=field)
        if self.version < 1:
            raise InvalidValue("version_range", field="version")


class RunState(StrEnum):
    """How a pull stands."""

    ASKED = "asked"
    RUNNING = "running"
    WAITING = "waiting"
    """Everything is read and lies ready; a person looks at the preview."""
    DONE = "done"
    INTERRUPTED = "interrupted"
    """It broke off; the courses that are done stay as they are."""
    FAILED = "failed"
    """The source refused or was not there; the courses that are done stay as they are."""
    DECLINED = "declined"
    """A person said no to the preview; nothing was kept of it."""


OPEN_RUNS = frozenset({RunState.ASKED, RunState.RUNNING, RunState.WAITING})


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRun:
    """One pull of a feed, over all its courses. A feed has at most one that is open.

    ``staged``: its courses were read already and are to be taken from what lies ready. ``lease_until`` is how
    long whoever works on it may stay silent; after that another one goes on where it stopped. ``reason`` is a
    code, ``tries`` how often somebody began to work on it.
    """

    id: RosterRunId
    feed_id: RosterFeedId
    asked_at: datetime
    asked_by: AdultId | None = None
    state: RunState = RunState.ASKED
    staged: bool = False
    of: int = 0
    done: int = 0
    pages: int = 0
    rows: int = 0
    tries: int = 0
    reason: str = ""
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Tell whether it still goes on, or waits for a person."""
        return self.state in OPEN_RUNS


class CourseStanding(StrEnum):
    """What became of one course in its last pull."""

    WHOLE = "whole"
    PARTIAL = "partial"
    """A part was read: who came is kept, nobody has left."""
    HELD = "held"
    """More than half were missing at once: nothing is changed until a person says that they left."""
    STAGED = "staged"
    """Read for the preview; nothing is changed yet."""
    GONE = "gone"
    """The source does not list the course any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseState:
    """How the last pull of one course went: how whole it is and why not, and how many came, left, changed."""

    feed_id: RosterFeedId
    context_id: str
    run_id: RosterRunId
    title: str
    standing: CourseStanding
    pulled_at: datetime
    people: int = 0
    came: int = 0
    left: int = 0
    changed: int = 0
    links: int = 0
    unread: int = 0
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCourse:
    """One course as it was read, until a person has decided about it. Never exported, gone with the decision.

    ``gone``: the source does not list the course any more, so that everybody leaves without a question.
    """

    feed_id: RosterFeedId
    context_id: str
    run_id: RosterRunId
    roster: CourseRoster
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianHint:
    """A course's roster says that one acts for the other. It starts a confirmation by a person, nothing
    more."""

    source: str
    context_id: str
    guardian_subject: str
    student_subject: str
    relation: str
    seen_at: datetime


class DoubtState(StrEnum):
    """What a person said to "Is this the same person?"."""

    OPEN = "open"
    SAME = "same"
    OTHER = "other"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchDoubt:
    """Somebody of a roster may be somebody whom the site knows already; a person decides.

    ``reason`` is the matcher's code. Saying "same" makes the line of the roster theirs; it can be undone.
    """

    id: MatchDoubtId
    source: str
    subject: str
    kind: PersonKind
    person_id: AdultId | StudentId
    reason: str
    raised_at: datetime
    state: DoubtState = DoubtState.OPEN
    decided_by: AdultId | None = None
    decided_at: datetime | None = None
    version: int = 1
