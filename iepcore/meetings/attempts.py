"""Meeting without a parent: only when the school could not convince the parents, with a record of what it
tried (34 CFR 300.322(d); M3).

Federal law wants a record and names no number; the numbers shown are a state's or our own. Nothing here says
that a rule was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from iepcore.calendars import PolicyKey, PolicyProfile
from iepcore.errors import InvalidValue
from iepcore.family import ContactDirection, ContactLogEntry, ContactMethod, ContactResult
from iepcore.ids import AdultId, ContactId

WITHOUT_PARENT = "34 CFR 300.322(d)"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAttempt:
    """One attempt to agree on a time and place, as the contact log has it.

    Raises:
        InvalidValue: ``attempt_instant`` for an instant without a zone.
    """

    at: datetime
    method: ContactMethod
    result: ContactResult
    contact_id: ContactId | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InvalidValue("attempt_instant", field="at")


class AttemptGap(StrEnum):
    """What to look at before a meeting without a parent. The first one forbids it, the others are shown."""

    NO_RECORD = "no_attempt_on_record"
    FEW_ATTEMPTS = "few_attempts"
    FEW_METHODS = "few_methods"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """Attempts up to a meeting, counted, beside the numbers of the policy (None: no rule names one)."""

    attempts: tuple[MeetingAttempt, ...]
    wanted_attempts: int | None = None
    wanted_methods: int | None = None

    @property
    def count(self) -> int:
        """How many attempts there were."""
        return len(self.attempts)

    @property
    def methods(self) -> frozenset[ContactMethod]:
        """The different ways that were tried."""
        return frozenset(one.method for one in self.attempts)

    @property
    def gaps(self) -> tuple[AttemptGap, ...]:
        """What to look at; none when there is a record and the policy's numbers are reached."""
        if not self.attempts:
            return (AttemptGap.NO_RECORD,)
        found = []
        if self.wanted_attempts is not None and self.count < self.wanted_attempts:
            found.append(AttemptGap.FEW_ATTEMPTS)
        if self.wanted_methods is not None and len(self.methods) < self.wanted_methods:
            found.append(AttemptGap.FEW_METHODS)
        return tuple(found)


def attempts_of(
    contacts: Iterable[ContactLogEntry], parents: Collection[AdultId]
) -> tuple[MeetingAttempt, ...]:
    """Return what the school tried, oldest first: contacts it began, with somebody who is a parent."""
    tried = [
        MeetingAttempt(at=one.at, method=one.method, result=one.result, contact_id=one.id)
        for one in contacts
        if one.direction is ContactDirection.FROM_SCHOOL and one.with_id in parents
    ]
    return tuple(sorted(tried, key=lambda one: one.at))


def attempt_record(
    attempts: Iterable[MeetingAttempt], *, meeting_on: date, profile: PolicyProfile, zone: ZoneInfo
) -> AttemptRecord:
    """Return the record of attempts for a meeting; what came after its day is no attempt at it."""
    kept = sorted(
        (one for one in attempts if one.at.astimezone(zone).date() <= meeting_on), key=lambda one: one.at
    )
    numbers = [
        rule.value if (rule := profile.at(key, meeting_on)) is not None else None
        for key in (PolicyKey.ATTEMPTS, PolicyKey.ATTEMPT_METHODS)
    ]
    return AttemptRecord(attempts=tuple(kept), wanted_attempts=numbers[0], wanted_methods=numbers[1])
