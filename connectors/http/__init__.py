"""The shared transport: routes, two verbs with different laws, a gate, and errors that say what to do."""

from __future__ import annotations

from connectors.http.answers import (
    Answer,
    AnswerSchema,
    IdField,
    Page,
    RowProblem,
    load_one,
    load_page,
)
from connectors.http.exchange import USER_AGENT, Limits, SessionFactory, new_session
from connectors.http.gate import InFlightGate
from connectors.http.links import next_in_link_header
from connectors.http.retry import RetryLaw, Timing, read_retry_after
from connectors.http.routes import Origin, Pairs, Route, is_loopback, scopes_of
from connectors.http.transport import Dialect, Gate, Rejected, Sent, TokenSource, Transport, Unknown

__all__ = [
    "USER_AGENT",
    "Answer",
    "AnswerSchema",
    "Dialect",
    "Gate",
    "IdField",
    "InFlightGate",
    "Limits",
    "Origin",
    "Page",
    "Pairs",
    "Rejected",
    "RetryLaw",
    "Route",
    "RowProblem",
    "Sent",
    "SessionFactory",
    "Timing",
    "TokenSource",
    "Transport",
    "Unknown",
    "is_loopback",
    "load_one",
    "load_page",
    "new_session",
    "next_in_link_header",
    "read_retry_after",
    "scopes_of",
]
