"""The site a scenario is built into: a store, a clock that is moved from day to day, and who is who."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from heapq import heappop, heappush
from itertools import count
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from iepcore.access import Action, Person, Resource, ResourceKind
from iepcore.calendars import DeadlineRules, PolicyRule, SchoolCalendar, TimelineKind, standing_events
from iepcore.caseload import Caseload
from iepcore.ids import (
    AdultId,
    ClientKey,
    ContactId,
    GoalId,
    ParentConsentId,
    PlanVersionId,
    SessionId,
    SiteId,
    StudentId,
    new_uuid7,
)
from iepcore.language import FreeText
from iepcore.meetings import Meeting
from iepcore.memory import MemoryStore
from iepcore.minutes import MinutesPolicy, SessionLog
from iepcore.plan import Section504Plan, ServicePrescription, Transfer
from iepcore.plan.document import ConsentKind, Missing, NoticeStep
from iepcore.testing.builders import StoppedClock
from iepcore.testing.scenarios.form import Assumed, Facts, FormError, NotExpressed, Reading, noon

ZONE = ZoneInfo("America/Denver")
"""The school's zone; the form does not name one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the numbers of a scenario rest on: policy and calendars."""

    rules: DeadlineRules
    minutes: MinutesPolicy
    summer: SchoolCalendar | None
    proration: str
    min_points: int
    state: str = ""
    own_rules: tuple[PolicyRule, ...] = ()


@dataclass(slots=True)
class Site:
    """One scenario as a site. What the rooms that have a store keep is in ``store``; values of rooms without
    one (sessions, meetings, a section 504 plan, a transfer) are kept here.
    """

    key: str
    as_of: date
    facts: Facts
    reading: Reading
    frame: Frame
    clock: StoppedClock
    store: MemoryStore = field(default_factory=lambda: MemoryStore(SiteId(new_uuid7())))
    adults: dict[str, AdultId] = field(default_factory=dict)
    students: dict[str, StudentId] = field(default_factory=dict)
    goals: dict[str, GoalId] = field(default_factory=dict)
    services: dict[str, ServicePrescription] = field(default_factory=dict)
    sessions: list[SessionLog] = field(default_factory=list)
    session_rows: dict[str, list[SessionId]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    requests: dict[str, date] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    versions: dict[int, PlanVersionId] = field(default_factory=dict)
    lacking: list[tuple[Missing, ...]] = field(default_factory=list)
    notices: list[tuple[FreeText, NoticeStep, date]] = field(default_factory=list)
    kept_elsewhere: bool = False
    consents: dict[str, ParentConsentId] = field(default_factory=dict)
    contacts: dict[str, ContactId] = field(default_factory=dict)
    bodies: dict[str, FreeText] = field(default_factory=dict)
    staff: dict[AdultId, str] = field(default_factory=dict)
    transfer: Transfer | None = None
    section_504: Section504Plan | None = None
    windows: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    _steps: list[tuple[datetime, int, Callable[[], object], str]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=count)

    @property
    def student_id(self) -> StudentId:
        """The child the scenario is about."""
        return self.students["student"]

    @property
    def zone(self) -> ZoneInfo:
        """The school's zone."""
        return self.clock.zone

    @property
    def not_expressed(self) -> tuple[NotExpressed, ...]:
        """What the site was not built from, with the reason."""
        return (*self.reading.not_expressed, *self.reading.unread())

    @property
    def assumed(self) -> tuple[Assumed, ...]:
        """What the form does not say and was taken instead."""
        return tuple(self.reading.assumed)

    def adult(self, key: str, path: str) -> AdultId:
        """Return an adult by the scenario's key.

        Raises:
            FormError: when the scenario names nobody so.
        """
        if key not in self.adults:
            raise FormError(path, f"nobody here is called {key}")
        return self.adults[key]

    def first_services_agreed(self, on: date) -> bool:
        """Whether consent to first services stood on a day, as the store has it."""
        with self.store.read() as uow:
            kept = uow.plans.consents_of(self.student_id)
        return any(one.kind is ConsentKind.INITIAL_SERVICES and one.held_on(on) for one in kept)

    def may_decide(self, key: str, on: date) -> bool:
        """Whether somebody decides for the child on a day: asked of the access decision, like any screen."""
        before = self.clock.at
        self.clock.stand_on(on, at=time(12))
        desk = self.caseload(self.adult(key, f"{self.key}.people")).desk
        consent = Resource(kind=ResourceKind.CONSENT, student_id=self.student_id)
        with self.store.read() as uow:
            found = desk.decision(uow, Action.DECIDE, consent).is_allowed
        self.clock.at = before
        return found

    @property
    def family(self) -> list[tuple[str, str, Mapping[str, object]]]:
        """The adults of the child's family: key, relation in words, rights as told."""
        return [
            (one["id"], str(one.get("relation", "")), rights if isinstance(rights, Mapping) else {})
            for one in self.facts.told("people")
            if one["id"] in self.adults
            for rights in (one.get("rights"),)
        ]

    def first_decider(self) -> AdultId | None:
        """Return the first adult who decides for the child, as the scenario tells it."""
        told = (key for key, _, rights in self.family if rights.get("decisions") is True)
        return next((self.adults[key] for key in told), None)

    def born_on(self) -> date | None:
        """Return the child's birthday, as the record has it."""
        with self.store.read() as uow:
            student = uow.people.student(self.student_id)
        return student.born_on if student is not None else None

    def events(self, student_id: StudentId | None = None) -> dict[TimelineKind, date]:
        """Return the last day of each kind of event of a child, as the store has them."""
        child = student_id or self.student_id
        with self.store.read() as uow:
            kept = standing_events(uow.calendars.events_of_students({child}))
        return {one.kind: one.dated_on for one in kept}

    def caseload(self, adult_id: AdultId) -> Caseload:
        """Return the use cases of one adult, as the day stands."""
        return Caseload(self.store, Person(adult_id=adult_id), self.clock)

    def on(self, day: date, step: Callable[[], object], *, hour: int = 12, path: str = "") -> None:
        """Plan a step of the story for a day; steps of one hour happen in the order they were planned in."""
        self.at(noon(day, self.zone, hour), step, path=path)

    def at(self, moment: datetime, step: Callable[[], object], *, path: str = "") -> None:
        """Plan a step of the story for a moment; ``path`` is what of the scenario tells of it."""
        heappush(self._steps, (moment, next(self._count), step, path or self.key))

    def live(self) -> None:
        """Live through the story from its first moment to its last, then stand on the scenario's day.

        A step that is refused is said, and the story goes on.
        """
        while self._steps:
            moment, _, step, path = heappop(self._steps)
            self.clock.at = moment
            with self.reading.leaving(path):
                step()
        self.clock.stand_on(self.as_of)


def said(text: str, lang: str = "en") -> FreeText:
    """Return words of a scenario."""
    return FreeText(text=text, lang=lang)


def new_key() -> ClientKey:
    """Return a new client key."""
    return ClientKey(uuid4())


def new_id() -> UUID:
    """Return a new id."""
    return new_uuid7()
