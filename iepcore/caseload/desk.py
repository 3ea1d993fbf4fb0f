"""The desk every use case works at: one actor, one store, one clock; decide, change, and write the trail.

A change is one transaction: load, decide, change, save, audit. Opening a child's record writes its access
event first, so a trail that cannot be written refuses the read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NoReturn

from iepcore.access import (
    Action,
    Actor,
    AuditEvent,
    AuditKind,
    Decision,
    Outcome,
    Permitted,
    Person,
    Relations,
    Resource,
    ResourceKind,
    decide,
    event_bucket,
    require,
)
from iepcore.caseload.standing import relations_of
from iepcore.errors import NotPermitted
from iepcore.ids import AdultId, EventId, StudentId, new_uuid7
from iepcore.people import AddressKind
from iepcore.plan import FindingPolicy, ReportCodes
from iepcore.ports import Clock, Store, UnitOfWork

READ_FOLD_MINUTES = 10
LIST_FOLD_MINUTES = 24 * 60
MASQUERADE = "masquerade"
"""Stands in ``AuditEvent.job`` beside the person whose face was worn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The numbers a site may change.

    ``quiet_days``: days without two-way contact after which a family counts as not heard (product default
    30);
    ``draft_days``: how long an unsent draft is kept; ``idle_minutes``: when a forgotten set of tries is
    closed;
    ``reply_days``: school days within which staff mean to answer (product default 2); ``report_codes``: what
    its report cards print for each fixed word of a finding; ``channels``: the roads this site has;
    ``gradebook_words``: whether a teacher may let a neutral word travel to a gradebook (product default: no).
    """

    finding: FindingPolicy = field(default_factory=FindingPolicy)
    quiet_days: int = 30
    draft_days: int = 30
    idle_minutes: int = 90
    reply_days: int = 2
    report_codes: ReportCodes = field(default_factory=ReportCodes)
    channels: tuple[AddressKind, ...] = (AddressKind.CANVAS, AddressKind.MAIL)
    gradebook_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A write in progress."""

    desk: Desk
    uow: UnitOfWork

    def permit(
        self, action: Action, resource: Resource, *, what: str, whole: bool = False
    ) -> Permitted[Resource]:
        """Decide and note it in the trail. ``whole``: the change is of all of it, and a right to one's own
        part is not enough.

        Raises:
            NotPermitted: with reason and citation; the whole change is undone and the refusal is logged.
        """
        decision = self.desk.decision(self.uow, action, resource)
        if whole and decision.outcome is Outcome.OWN_ONLY:
            decision = replace(decision, outcome=Outcome.DENY, reason="own_part_only")
        if not decision.is_allowed:
            raise _Refusal(decision, resource, what)
        kind, fold = (AuditKind.READ, READ_FOLD_MINUTES) if action is Action.READ else (AuditKind.WRITE, None)
        self.uow.audit.add(self.desk.event(kind, what, decision, resource.student_id, fold=fold))
        return require(decision, resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The access decision with one actor, day, moment and set of standings filled in."""

    actor: Actor
    day: date
    standing: Relations
    at: datetime | None = None

    def decide(self, action: Action, resource: Resource) -> Decision:
        """Decide; see :func:`iepcore.access.decide`."""
        return decide(self.actor, action, resource, self.day, self.standing, at=self.at)

    def may(self, action: Action, resource: Resource) -> bool:
        """Tell whether it would be allowed."""
        return self.decide(action, resource).is_allowed


class _Refusal(NotPermitted):
    """A refusal on its way to the trail."""

    def __init__(self, decision: Decision, resource: Resource, what: str) -> None:
        super().__init__(decision.reason, citation=decision.citation)
        self.decision = decision
        self.resource = resource
        self.what = what


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One actor at one store."""

    store: Store
    actor: Actor
    clock: Clock
    policy: Policy = field(default_factory=Policy)

    @property
    def adult_id(self) -> AdultId:
        """The acting person.

        Raises:
            NotPermitted: ``person_needed`` when the actor is a job.
        """
        if not isinstance(self.actor, Person):
            raise NotPermitted("person_needed", citation="product rule: an educator's tap")
        return self.actor.adult_id

    @property
    def wears_a_face(self) -> bool:
        """Tell whether an administrator acts under another person's face: nothing may be written then."""
        return isinstance(self.actor, Person) and self.actor.masquerade

    def decision(self, uow: UnitOfWork, action: Action, resource: Resource) -> Decision:
        """Decide with the actor's standings as they are now."""
        return self.judge(uow).decide(action, resource)

    def judge(self, uow: UnitOfWork) -> Judge:
        """Return a judge with the actor's standings read once, for many questions in one unit of work."""
        return Judge(
            actor=self.actor,
            day=self.clock.today(),
            standing=relations_of(uow, self.actor, self.clock.zone),
            at=self.clock.now(),
        )

    def may(self, uow: UnitOfWork, action: Action, resource: Resource) -> bool:
        """Tell whether it would be allowed, without a trace (for what a screen offers)."""
        return self.judge(uow).may(action, resource)

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Open one write transaction. A refusal inside is logged in a transaction of its own, then raised."""
        try:
            with self.store.write() as uow:
                yield Change(desk=self, uow=uow)
        except _Refusal as refusal:
            self._log_refusal(refusal.what, refusal.decision, refusal.resource.student_id)
            raise NotPermitted(refusal.code, citation=refusal.citation) from None

    def open_record(self, resource: Resource, *, what: str) -> Permitted[Resource]:
        """Decide on opening one child's record and write the access event before anything is shown.

        Raises:
            NotPermitted: with reason and citation; the refusal is in the trail.
        """
        with self.store.write() as uow:
            decision = self.decision(uow, Action.READ, resource)
            if decision.is_allowed:
                uow.audit.add(
                    self.event(AuditKind.READ, what, decision, resource.student_id, fold=READ_FOLD_MINUTES)
                )
        if not decision.is_allowed:
            self._log_refusal(what, decision, resource.student_id)
        return require(decision, resource)

    def note_list(self, student_ids: Iterable[StudentId], *, what: str) -> tuple[StudentId, ...]:
        """Keep the children whose names this actor may see, one list event per child and day; drop the
        others."""
        allowed: list[StudentId] = []
        with self.store.write() as uow:
            judge = self.judge(uow)
            for student_id in dict.fromkeys(student_ids):
                resource = Resource(kind=ResourceKind.STUDENT, student_id=student_id)
                decision = judge.decide(Action.READ, resource)
                if decision.is_allowed:
                    allowed.append(student_id)
                    uow.audit.add(
                        self.event(AuditKind.LIST, what, decision, student_id, fold=LIST_FOLD_MINUTES)
                    )
        return tuple(allowed)

    def event(
        self,
        kind: AuditKind,
        what: str,
        decision: Decision,
        student_id: StudentId | None,
        *,
        fold: int | None = None,
    ) -> AuditEvent:
        """Return a row of the trail for a decision of this actor."""
        now = self.clock.now()
        person = self.actor.adult_id if isinstance(self.actor, Person) else None
        job = None if isinstance(self.actor, Person) else self.actor.job
        if self.wears_a_face:
            job = MASQUERADE  # the person did not do this: somebody under their face did
        # By kind as well: a refusal must not be folded into an earlier read, nor a read into a refusal.
        bucket = (
            None
            if fold is None
            else event_bucket(
                f"{person or ''}{job or ''}", str(student_id), f"{kind.value}.{what}", now, minutes=fold
            )
        )
        return AuditEvent(
            id=EventId(new_uuid7()),
            at=now,
            kind=kind,
            what=what,
            reason=decision.reason,
            citation=decision.citation,
            actor_id=person,
            job=job,
            student_id=student_id,
            bucket=bucket,
        )

    def refuse(self, what: str, decision: Decision, student_id: StudentId | None) -> NoReturn:
        """Write a refusal of a rule beside the matrix to the trail, and raise it.

        Raises:
            NotPermitted: always, with the decision's reason and citation.
        """
        self._log_refusal(what, decision, student_id)
        raise NotPermitted(decision.reason, citation=decision.citation)

    def _log_refusal(self, what: str, decision: Decision, student_id: StudentId | None) -> None:
        with self.store.write() as uow:
            uow.audit.add(self.event(AuditKind.REFUSED, what, decision, student_id, fold=READ_FOLD_MINUTES))
