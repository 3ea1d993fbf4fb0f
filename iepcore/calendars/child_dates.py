"""The facts of one child from which due dates are computed: events that hold, a birthday, the plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from iepcore.calendars.timeline import TimelineEvent, TimelineKind, standing_events

BORN = "born_on"
"""Names the missing date of birth among the facts that are needed."""

_K = TimelineKind
_ENDS = frozenset({_K.EXITED, _K.SERVICES_REVOKED, _K.NOT_ELIGIBLE})
_PLAN_SIGNS = (_K.INITIAL_MEETING, _K.ANNUAL_REVIEW, _K.PLAN_BEGAN)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDates:
    """What the plan in force says: the review it rests on, its span, and report days of its own."""

    reviewed_on: date
    begins_on: date
    ends_on: date
    report_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDates:
    """One child. After an exit, a revocation or "not eligible" only what came later counts.

    ``record_requests`` are the days of requests to see the record that are still open, ``effects`` the days
    on which plans are to take effect whose notice is still to be written, ``proposed`` the days on which the
    family got plans that it has not answered.
    """

    events: tuple[TimelineEvent, ...] = ()
    """Those that hold, by day; see :func:`child_dates`."""
    past: tuple[TimelineEvent, ...] = ()
    """Those before and at the last end."""
    is_over: bool = False
    """Whether the last thing that happened was an end."""
    born_on: date | None = None
    plan: PlanDates | None = None
    record_requests: tuple[date, ...] = ()
    effects: tuple[date, ...] = ()
    proposed: tuple[date, ...] = ()

    def all(self, kind: TimelineKind) -> tuple[date, ...]:
        """Return the days of a kind of event, in order."""
        return tuple(one.dated_on for one in self.events if one.kind is kind)

    def last(self, kind: TimelineKind) -> date | None:
        """Return the last day of a kind of event, or None."""
        return max(self.all(kind), default=None)

    def last_ever(self, kind: TimelineKind) -> date | None:
        """Return the last day of a kind of event, before an end too, or None."""
        days = [one.dated_on for one in (*self.past, *self.events) if one.kind is kind]
        return max(days, default=None)

    def latest(self, *kinds: TimelineKind) -> date | None:
        """Return the last day of several kinds of event, or None."""
        return max((day for kind in kinds for day in self.all(kind)), default=None)

    def since(self, kind: TimelineKind, day: date) -> bool:
        """Whether an event of a kind is dated on a day or later."""
        last = self.last(kind)
        return last is not None and last >= day

    def noted_after(self, kind: TimelineKind, other: TimelineKind) -> bool:
        """Whether the newest event of ``kind`` was written down after the newest one of ``other``."""
        return self._noted(kind) > self._noted(other)

    @property
    def has_plan(self) -> bool:
        """Whether a plan was ever made since the last end."""
        return self.plan is not None or any(self.last(kind) is not None for kind in _PLAN_SIGNS)

    @property
    def reviewed_on(self) -> date | None:
        """The last review meeting: of the plan in force, or as written down, whichever is later."""
        days = [*self.all(_K.ANNUAL_REVIEW), *self.all(_K.INITIAL_MEETING)]
        if self.plan is not None:
            days.append(self.plan.reviewed_on)
        return max(days, default=None)

    @property
    def begins_on(self) -> date | None:
        """The first day of the plan."""
        return self.plan.begins_on if self.plan is not None else self.last(_K.PLAN_BEGAN)

    @property
    def ends_on(self) -> date | None:
        """The last day of the plan, where it is known."""
        return self.plan.ends_on if self.plan is not None else self.last(_K.PLAN_ENDS)

    @property
    def report_days(self) -> tuple[date, ...]:
        """The days on which the plan itself says that progress is reported; empty means report-card days."""
        return self.plan.report_days if self.plan is not None else ()

    @property
    def meeting_on(self) -> date | None:
        """The meeting that was planned last."""
        planned = [one for one in self.events if one.kind is _K.MEETING_PLANNED]
        newest = max(planned, key=lambda one: one.recorded_at, default=None)
        return None if newest is None else newest.dated_on

    def changes_ahead(self, today: date) -> tuple[date, ...]:
        """Return the days on which a change is to take effect and no written notice was noted yet."""
        days = {day for day in self.effects if day >= today}
        if not self.noted_after(_K.WRITTEN_NOTICE_SENT, _K.CHANGE_PLANNED):
            days |= {day for day in self.all(_K.CHANGE_PLANNED) if day >= today}
        return tuple(sorted(days))

    def unanswered(self) -> tuple[date, ...]:
        """Return the days on which the family got a plan that it has not answered."""
        days = set(self.proposed)
        noted = self.last(_K.PLAN_PROPOSED)
        if noted is not None and not self.since(_K.PLAN_ANSWERED, noted):
            days.add(noted)
        return tuple(sorted(days))

    def _noted(self, kind: TimelineKind) -> datetime:
        return max((one.recorded_at for one in self.events if one.kind is kind), default=_NEVER)


def child_dates(
    events: Iterable[TimelineEvent],
    *,
    born_on: date | None = None,
    plan: PlanDates | None = None,
    record_requests: Iterable[date] = (),
    effects: Iterable[date] = (),
    proposed: Iterable[date] = (),
) -> ChildDates:
    """Return the facts of a child from every event ever written down."""
    standing = standing_events(events)
    ended = max((one.dated_on for one in standing if one.kind in _ENDS), default=None)
    past = tuple(one for one in standing if ended is not None and one.dated_on <= ended)
    live = tuple(one for one in standing if ended is None or one.dated_on > ended)
    is_plan_live = plan is not None and (ended is None or plan.begins_on > ended)
    return ChildDates(
        events=live,
        past=past,
        is_over=ended is not None and not live and not is_plan_live,
        born_on=born_on,
        plan=plan if is_plan_live else None,
        record_requests=tuple(sorted(record_requests)),
        effects=tuple(sorted(effects)),
        proposed=tuple(sorted(proposed)),
    )
