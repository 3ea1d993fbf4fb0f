"""Minutes: what a plan promises, what was given, what is to be made up; with the fictional cases' numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import SchoolCalendar, Term
from iepcore.errors import InvalidValue
from iepcore.ids import ServiceId, SessionId, StudentId
from iepcore.minutes import (
    Ledger,
    MinutesPolicy,
    MissedReason,
    Proration,
    SessionLog,
    ledger,
    minutes_forecast,
    planned_minutes,
    planned_spans,
)
from iepcore.plan import Delivery, Interval, ServicePrescription

OFF = {date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2027, 1, 18), date(2027, 2, 15)}
OFF |= {date(2026, 11, 25) + timedelta(days=n) for n in range(3)}
OFF |= {date(2026, 12, 21) + timedelta(days=n) for n in range(12)}
OFF |= {date(2027, 3, 29) + timedelta(days=n) for n in range(5)}
SCHOOL = SchoolCalendar(
    terms=(
        Term(
            name="2026-27", first_day=date(2026, 8, 24), last_day=date(2027, 6, 4), no_school=frozenset(OFF)
        ),
    )
)
SUMMER = SchoolCalendar(
    terms=(
        Term(
            name="ESY",
            first_day=date(2027, 6, 14),
            last_day=date(2027, 7, 9),
            no_school=frozenset({date(2027, 7, 5)}),
            weekdays=frozenset(range(4)),
        ),
    )
)
CHILD = StudentId(UUID(int=1))
LINE = ServiceId(UUID(int=2))


def service(
    begins_on: date, ends_on: date, frequency: int = 1, minutes: int = 30, **more: object
) -> ServicePrescription:
    """Return a weekly direct service."""
    given_: dict[str, object] = {
        "id": ServiceId(UUID(int=begins_on.toordinal())),
        "line_id": LINE,
        "student_id": CHILD,
        "service": "occupational therapy",
        "delivery": Delivery.DIRECT,
        "interval": Interval.WEEK,
    }
    return ServicePrescription(
        begins_on=begins_on,
        ends_on=ends_on,
        frequency=frequency,
        minutes=minutes,
        **given_ | more,  # type: ignore[arg-type]
    )


def session(
    number: int,
    scheduled: int,
    delivered: int,
    reason: MissedReason | None = None,
    *,
    replaces: int | None = None,
) -> SessionLog:
    """Return what became of a session."""
    return SessionLog(
        id=SessionId(UUID(int=number)),
        student_id=CHILD,
        service_line_id=LINE,
        on=date(2026, 9, 17) + timedelta(days=7 * number),
        scheduled=scheduled,
        delivered=delivered,
        reason=reason,
        makes_up=SessionId(UUID(int=replaces)) if replaces is not None else None,
    )


@pytest.mark.parametrize(
    ("line", "first", "last", "planned"),
    [
        (service(date(2026, 10, 19), date(2027, 6, 4), 5), date(2026, 10, 19), date(2026, 11, 20), 750),
        (service(date(2027, 4, 26), date(2027, 6, 4), 2), date(2027, 4, 26), date(2027, 6, 4), 360),
        (service(date(2026, 9, 14), date(2027, 6, 4)), date(2026, 9, 14), date(2026, 11, 20), 300),
        (service(date(2026, 11, 30), date(2027, 2, 11), 2), date(2026, 11, 30), date(2027, 2, 11), 540),
        (service(date(2026, 11, 30), date(2027, 2, 11), 2), date(2027, 2, 15), date(2027, 6, 4), 0),
    ],
)
def test_planned_minutes_of_the_fictional_cases(
    line: ServicePrescription, first: date, last: date, planned: int
) -> None:
    """Weeks with a holiday count whole, weeks of a break not at all, and nothing after a service ended."""
    assert planned == planned_minutes([line], first, last, SCHOOL)


def test_the_extended_year_has_a_calendar_of_its_own() -> None:
    """Four weeks of summer; on the school year's calendar it would be none."""
    line = service(date(2027, 6, 14), date(2027, 7, 9), 2, is_extended_year=True)
    assert 240 == planned_minutes([line], date(2027, 6, 14), date(2027, 7, 9), SUMMER)
    assert 0 == planned_minutes([line], date(2027, 6, 14), date(2027, 7, 9), SCHOOL)


def test_a_month_counts_once() -> None:
    """September to December, 45 minutes each, whichever days lie in the window."""
    line = service(
        date(2026, 9, 1), date(2027, 5, 18), minutes=45, interval=Interval.MONTH, delivery=Delivery.CONSULT
    )
    spans = planned_spans([line], date(2026, 9, 1), date(2026, 12, 18), SCHOOL)
    assert [date(2026, month, 1) for month in (9, 10, 11, 12)] == [one.begins_on for one in spans]
    assert 180 == sum(one.minutes for one in spans)


def test_a_week_belongs_to_what_is_in_force_on_its_first_school_day() -> None:
    """From 30 to 45 minutes on a Wednesday: that week is still promised 30."""
    old = service(date(2026, 9, 14), date(2026, 10, 6))
    new = service(date(2026, 10, 7), date(2027, 6, 4), minutes=45)
    spans = planned_spans([new, old], date(2026, 9, 28), date(2026, 10, 16), SCHOOL)
    assert [30, 30, 45] == [one.minutes for one in spans]
    assert [5, 5, 4] == [one.school_days for one in spans]  # the Monday off is no school day


def test_a_school_may_count_a_short_week_by_its_days() -> None:
    """Three days before Thanksgiving's end: two fifths are not promised; a whole week is promised whole."""
    line = service(date(2026, 9, 14), date(2027, 6, 4), 2)
    spans = planned_spans(
        [line], date(2026, 11, 16), date(2026, 11, 27), SCHOOL, proration=Proration.BY_SCHOOL_DAYS
    )
    assert [60, 24] == [one.minutes for one in spans]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (
            (service(date(2026, 9, 1), date(2026, 10, 1)), service(date(2026, 10, 1), date(2026, 11, 1))),
            "line_overlap",
        ),
        (
            (
                service(date(2026, 9, 1), date(2026, 10, 1)),
                service(date(2026, 10, 2), date(2026, 11, 1), line_id=ServiceId(UUID(int=9))),
            ),
            "line_mixed",
        ),
    ],
)
def test_one_line_is_one_service_without_overlap(line: Sequence[ServicePrescription], code: str) -> None:
    """Two promises for one day would be counted twice."""
    with pytest.raises(InvalidValue, match=code):
        planned_minutes(line, date(2026, 9, 1), date(2026, 12, 1), SCHOOL)


def test_the_ledger_of_the_child_with_make_ups() -> None:
    """Planned 300, given 215 (45 made up), 85 short; 55 still to be made up, 30 for the team to look at."""
    absent, away = MissedReason.PROVIDER_ABSENT, MissedReason.STUDENT_ABSENT
    part = MissedReason.PARTIAL_SCHOOL_ACTIVITY
    logs = [
        session(1, 30, 30), session(2, 30, 0, absent), session(3, 30, 0, absent), session(4, 30, 30),
        session(5, 30, 0, away), session(6, 30, 20, part), session(7, 30, 30), session(8, 30, 30),
        session(9, 30, 0, absent), session(10, 30, 30),
        session(11, 0, 30, replaces=2), session(12, 0, 15, replaces=3),
    ]  # fmt: skip
    expected = Ledger(
        planned=300, delivered=215, shortfall=85, not_written=0, missed={absent: 90, away: 30, part: 10},
        made_up=45, credited=45, still_owed=55, team_review=30,
    )  # fmt: skip
    assert expected == ledger(300, logs)


def test_what_nobody_wrote_down_is_not_missed() -> None:
    """December of the consultation: 60 short, 45 of them not written down yet, 15 without a reason."""
    found = ledger(180, [session(1, 45, 45), session(2, 45, 30), session(3, 45, 45)])
    assert (120, 60, 45, 15) == (found.delivered, found.shortfall, found.not_written, found.unexplained)
    assert 0 == found.still_owed


def test_a_make_up_is_credited_with_what_it_replaces_at_most() -> None:
    """45 minutes for a session of 30 credit 30; for one not made up or of another window, nothing."""
    absent = MissedReason.PROVIDER_ABSENT
    found = ledger(
        90,
        [
            session(1, 30, 0, absent), session(2, 30, 0, MissedReason.STUDENT_REFUSED), session(3, 30, 30),
            session(4, 0, 45, replaces=1), session(5, 0, 10, replaces=2), session(6, 0, 20, replaces=77),
        ],
    )  # fmt: skip
    assert (75, 30, 0) == (found.made_up, found.credited, found.still_owed)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: session(1, 30, 31), "delivered_over_scheduled"),
        (lambda: session(1, 601, 0), "minutes_range"),
        (lambda: session(1, 30, -1), "minutes_range"),
        (lambda: session(1, 30, 30, MissedReason.STUDENT_ABSENT), "reason_without_miss"),
        (lambda: session(1, 30, 30, replaces=2), "makeup_scheduled"),
        (lambda: session(1, 0, 30, replaces=1), "makeup_of_itself"),
        (lambda: session(1, 0, 30, MissedReason.STUDENT_ABSENT, replaces=2), "reason_without_miss"),
        (lambda: service(date(2026, 9, 1), date(2026, 8, 1)), "service_order"),
        (lambda: service(date(2026, 9, 1), date(2026, 10, 1), 0), "frequency_range"),
        (lambda: service(date(2026, 9, 1), date(2026, 10, 1), minutes=0), "minutes_range"),
        (lambda: service(date(2026, 9, 1), date(2026, 10, 1), service=" "), "service_empty"),
        (
            lambda: MinutesPolicy(
                made_up=frozenset({MissedReason.STUDENT_ABSENT}),
                team_review=frozenset({MissedReason.STUDENT_ABSENT}),
            ),
            "reason_in_both",
        ),
        (lambda: ledger(30, [session(1, 30, 30), session(1, 30, 30)]), "session_twice"),
        (
            lambda: ledger(
                30,
                [
                    session(1, 30, 0, MissedReason.PROVIDER_ABSENT),
                    session(2, 0, 10, replaces=1),
                    session(3, 0, 5, replaces=2),
                ],
            ),
            "makeup_of_a_makeup",
        ),
        (
            lambda: minutes_forecast(
                planned_so_far=60,
                delivered_so_far=30,
                planned_in_all=30,
                session_minutes=30,
                ends_on=date(2027, 6, 5),
            ),
            "minutes_range",
        ),
    ],
)
def test_what_cannot_be_is_refused(make: object, code: str) -> None:
    """Each with a code that says what to mend."""
    with pytest.raises(InvalidValue, match=code):
        make()  # type: ignore[operator]


def test_sessions_of_two_children_have_two_ledgers() -> None:
    """A group is as many lines as it has children; they are never added up as one."""
    from dataclasses import replace

    other = replace(session(2, 30, 30), student_id=StudentId(UUID(int=5)))
    with pytest.raises(InvalidValue, match="sessions_mixed"):
        ledger(60, [session(1, 30, 30), other])


def test_a_forecast_says_what_closes_the_gap() -> None:
    """At three quarters of the pace 90 minutes are short by June; two make-ups of 45 close it."""
    found = minutes_forecast(
        planned_so_far=180,
        delivered_so_far=135,
        planned_in_all=360,
        session_minutes=45,
        ends_on=date(2027, 6, 5),
    )
    assert (270, 90, 2, Fraction(3, 4)) == (found.expected, found.short, found.make_ups, found.share)
    early = minutes_forecast(
        planned_so_far=0, delivered_so_far=0, planned_in_all=360, session_minutes=45, ends_on=date(2027, 6, 5)
    )
    assert (None, None, None) == (early.expected, early.short, early.make_ups)
    ahead = minutes_forecast(
        planned_so_far=60,
        delivered_so_far=90,
        planned_in_all=120,
        session_minutes=30,
        ends_on=date(2027, 6, 5),
    )
    assert (150, 0, 0) == (ahead.expected, ahead.short, ahead.make_ups)


LOGS = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(0, 60), st.sampled_from([None, *MissedReason]), st.integers(0, 40)
    ),
    max_size=12,
)


@given(rows=LOGS, planned=st.integers(0, 900))
def test_the_numbers_of_a_ledger_add_up(
    rows: list[tuple[int, int, MissedReason | None, int]], planned: int
) -> None:
    """Scheduled is given plus missed; nobody is credited more than was missed; nothing is below nought."""
    logs: list[SessionLog] = []
    for n, (scheduled, delivered, reason, made) in enumerate(rows):
        usual = session(
            2 * n, scheduled, min(scheduled, delivered), reason if delivered < scheduled else None
        )
        logs.append(usual)
        if made:
            logs.append(session(2 * n + 1, 0, made, replaces=2 * n))
    found = ledger(planned, logs)
    usual_logs = [one for one in logs if one.makes_up is None]
    given_ = sum(one.delivered for one in usual_logs)
    assert sum(one.scheduled for one in usual_logs) == given_ + sum(found.missed.values()) + found.unexplained
    assert found.delivered == given_ + found.made_up
    assert 0 <= found.credited <= found.made_up
    assert 0 <= found.still_owed <= sum(found.missed.values())
    assert max(0, planned - found.delivered) == found.shortfall


@given(
    split=st.dates(min_value=date(2026, 9, 2), max_value=date(2027, 6, 3)),
    first=st.dates(min_value=date(2026, 8, 1), max_value=date(2027, 6, 30)),
    days=st.integers(0, 200),
)
def test_cutting_a_service_in_two_promises_the_same(split: date, first: date, days: int) -> None:
    """An amendment that changes nothing of the minutes changes no planned minute."""
    whole = [service(date(2026, 9, 1), date(2027, 6, 4), 2)]
    halves = [service(date(2026, 9, 1), split, 2), service(split + timedelta(days=1), date(2027, 6, 4), 2)]
    last = first + timedelta(days=days)
    assert planned_minutes(whole, first, last, SCHOOL) == planned_minutes(halves, first, last, SCHOOL)
