"""Minutes with the child, and minutes about the child."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from iepcore.ids import ServiceId, SessionId, StudentId, new_uuid7
from iepcore.minutes import SessionLog, TimeGiven, time_given
from iepcore.plan import Delivery, Interval, ServicePrescription

CHILD = StudentId(new_uuid7())


def a_service(delivery: Delivery) -> ServicePrescription:
    """Return a weekly service."""
    own = ServiceId(new_uuid7())
    return ServicePrescription(
        id=own,
        line_id=own,
        student_id=CHILD,
        service="movement",
        delivery=delivery,
        frequency=1,
        interval=Interval.WEEK,
        minutes=45,
        begins_on=date(2026, 9, 1),
        ends_on=date(2027, 5, 18),
    )


def a_session(line: ServiceId, minutes: int) -> SessionLog:
    """Return a session that gave so many of 60 minutes."""
    return SessionLog(
        id=SessionId(new_uuid7()),
        student_id=CHILD,
        service_line_id=line,
        on=date(2026, 9, 17),
        scheduled=60,
        delivered=minutes,
    )


DIRECT, CONSULT = a_service(Delivery.DIRECT), a_service(Delivery.CONSULT)


@given(st.lists(st.integers(0, 60), max_size=8), st.lists(st.integers(0, 60), max_size=8))
def test_consultation_never_counts_as_the_childs_time(direct: list[int], consult: list[int]) -> None:
    """Each minute is on one side, and all of them are there."""
    sessions = [a_session(DIRECT.line_id, one) for one in direct]
    sessions += [a_session(CONSULT.line_id, one) for one in consult]
    assert TimeGiven(with_child=sum(direct), about_child=sum(consult)) == time_given(
        [DIRECT, CONSULT], sessions
    )


def test_a_session_of_another_service_counts_for_neither() -> None:
    """Only services that were given are looked at."""
    assert TimeGiven() == time_given([DIRECT], [a_session(CONSULT.line_id, 30)])
