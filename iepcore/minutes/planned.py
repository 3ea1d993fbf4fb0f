"""Planned minutes: what the plan promises in a window, week by week or month by month (domain guide 2.6).

A week counts when it has at least one school day in the service's window, and then it counts whole (or by its
school days, where a school's policy says so). Without a calendar nothing is planned that could be counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise

from iepcore.calendars import SchoolCalendar
from iepcore.errors import InvalidValue
from iepcore.plan.services import Interval, ServicePrescription

_FULL_WEEK = 5


class Proration(StrEnum):
    """Whether a week with fewer than five school days counts whole or by its days."""

    NONE = "none"
    BY_SCHOOL_DAYS = "by_school_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSpan:
    """One week (its Monday) or month (its first day) and the minutes promised for it."""

    begins_on: date
    minutes: int
    school_days: int


def planned_spans(
    line: Sequence[ServicePrescription],
    first: date,
    last: date,
    calendar: SchoolCalendar,
    *,
    proration: Proration = Proration.NONE,
) -> tuple[PlannedSpan, ...]:
    """Return what one service line promises from ``first`` to ``last``, both included, oldest first.

    ``calendar`` is the school's, or the ESY one for a line of the extended year: the two are never mixed.

    Raises:
        InvalidValue: ``line_mixed`` when the prescriptions belong to several lines, calendars or intervals at
            one time; ``line_overlap`` when two are in force on one day.
    """
    ordered = _checked(line)
    days = [
        (day, held)
        for day in calendar.school_days(first, last)
        if (held := _in_force(ordered, day)) is not None
    ]
    spans: list[PlannedSpan] = []
    for begins_on, group in groupby(days, key=lambda one: _span_start(one[1].interval, one[0])):
        inside = list(group)
        held = inside[0][1]
        minutes = held.minutes_per_interval
        if proration is Proration.BY_SCHOOL_DAYS and held.interval is Interval.WEEK:
            minutes = round(Fraction(minutes * min(len(inside), _FULL_WEEK), _FULL_WEEK))
        spans.append(PlannedSpan(begins_on=begins_on, minutes=minutes, school_days=len(inside)))
    return tuple(spans)


def planned_minutes(
    line: Sequence[ServicePrescription],
    first: date,
    last: date,
    calendar: SchoolCalendar,
    *,
    proration: Proration = Proration.NONE,
) -> int:
    """Return the minutes one service line promises in a window; see :func:`planned_spans`."""
    return sum(span.minutes for span in planned_spans(line, first, last, calendar, proration=proration))


def _checked(line: Iterable[ServicePrescription]) -> list[ServicePrescription]:
    ordered = sorted(line, key=lambda one: one.begins_on)
    if len({(one.line_id, one.is_extended_year, one.interval) for one in ordered}) > 1:
        raise InvalidValue("line_mixed", field="line")
    for before, after in pairwise(ordered):
        if after.begins_on <= before.ends_on:
            raise InvalidValue("line_overlap", field="begins_on")
    return ordered


def _in_force(ordered: Sequence[ServicePrescription], day: date) -> ServicePrescription | None:
    return next((one for one in ordered if one.is_in_force(day)), None)


def _span_start(interval: Interval, day: date) -> date:
    return day - timedelta(days=day.weekday()) if interval is Interval.WEEK else day.replace(day=1)
