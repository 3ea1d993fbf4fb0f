"""Minutes: sessions as they went, what the plan promises in a window, and the ledger both sides read."""

from __future__ import annotations

from iepcore.minutes.forecast import MinutesForecast, minutes_forecast
from iepcore.minutes.ledger import Ledger, MinutesPolicy, ledger
from iepcore.minutes.planned import PlannedSpan, Proration, planned_minutes, planned_spans
from iepcore.minutes.sessions import MissedReason, SessionLog
from iepcore.minutes.with_child import TimeGiven, time_given

__all__ = [
    "Ledger",
    "MinutesForecast",
    "MinutesPolicy",
    "MissedReason",
    "PlannedSpan",
    "Proration",
    "SessionLog",
    "TimeGiven",
    "ledger",
    "minutes_forecast",
    "planned_minutes",
    "planned_spans",
    "time_given",
]
