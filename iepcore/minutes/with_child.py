"""Whose time it was: minutes with the child, and minutes with staff about the child (domain guide 2.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iepcore.ids import ServiceId
from iepcore.minutes.sessions import SessionLog
from iepcore.plan.services import Delivery, ServicePrescription


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGiven:
    """Minutes given, apart: ``with_child`` in direct services, ``about_child`` in consultation."""

    with_child: int = 0
    about_child: int = 0


def time_given(services: Iterable[ServicePrescription], sessions: Iterable[SessionLog]) -> TimeGiven:
    """Return the minutes sessions gave, apart by what their service is. Consultation is with staff, so it
    never counts as the child's own time; sessions of a service that is not given count for neither.
    """
    kinds: dict[ServiceId, Delivery] = {one.line_id: one.delivery for one in services}
    minutes = {Delivery.DIRECT: 0, Delivery.CONSULT: 0}
    for one in sessions:
        kind = kinds.get(one.service_line_id)
        if kind is not None:
            minutes[kind] += one.delivered
    return TimeGiven(with_child=minutes[Delivery.DIRECT], about_child=minutes[Delivery.CONSULT])
