"""The shared transport: routes, two verbs with different laws, a gate, and errors that say what to do.

How a connector is built on it:

* declare each call once: ``LIST = Route(method="GET", template="/v1/courses/:course_id/students",
  scope="...", rows="students", rows_may_lack=True)``. ``rows`` names the key when the list stands inside an
  object;
* say how the vendor speaks: a ``Dialect`` with ``refusal`` (which error), ``next_link`` (an address that is
  followed as it is, or ``NextQuery((("pageToken", token),))`` for a token in the body: ``answer.json()`` is
  parsed once) and ``remaining``;
* say what an answer holds: an ``AnswerSchema`` whose ``into`` makes a frozen value. A row it cannot read is
  ``page.problems``, and ``page.unread("students")`` puts it in a person's words;
* read with ``get_pages`` or ``get_one`` (they ask again), send with ``send_once`` (it never does; pairs go as
  a form, a mapping as JSON), fetch a file by ``download`` (without the token);
* ask no more than the vendor bears: a ``Gate`` for each token, such as ``InFlightGate`` (so many at once);
* read many lists by ``in_parallel(courses, roster_of, workers=8, tell=tell)``: ``Done`` or ``Failed`` per
  course, in any order. One ``Transport``, one gate and one token source serve all threads.

Nothing here puts a body, a query, an id or a name into a log or an exception; keep it so.
"""

from __future__ import annotations

from connectors.http.answers import (
    Answer,
    Page,
    RowProblem,
    load_one,
    load_page,
    rows_of,
)
from connectors.http.exchange import USER_AGENT, Limits, SessionFactory, new_session
from connectors.http.gate import InFlightGate
from connectors.http.lent_tokens import LentGrants, LentTokens, RefreshTurn
from connectors.http.links import next_in_link_header
from connectors.http.parallel import Done, Failed, Part, concerns_all, in_parallel, streams_in_parallel
from connectors.http.retry import RetryLaw, Timing, read_retry_after
from connectors.http.routes import Body, Origin, Pairs, Route, is_loopback, scopes_of
from connectors.http.schemas import AnswerSchema, IdField
from connectors.http.seams import Dialect, Gate, NextQuery, Rejected, Sent, TokenSource, Unknown
from connectors.http.transport import Transport

__all__ = [
    "USER_AGENT",
    "Answer",
    "AnswerSchema",
    "Body",
    "Dialect",
    "Done",
    "Failed",
    "Gate",
    "IdField",
    "InFlightGate",
    "LentGrants",
    "LentTokens",
    "Limits",
    "NextQuery",
    "Origin",
    "Page",
    "Pairs",
    "Part",
    "RefreshTurn",
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
    "concerns_all",
    "in_parallel",
    "is_loopback",
    "load_one",
    "load_page",
    "new_session",
    "next_in_link_header",
    "read_retry_after",
    "rows_of",
    "scopes_of",
    "streams_in_parallel",
]
