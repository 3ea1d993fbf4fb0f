"""The provisioning report: Canvas writes a whole account into one file, and we fetch it.

Vendor's pages: "Account Reports" (instructure developer documentation, read 2026-11). One request to start,
one question now and then, one file; the file lies where Canvas says and is fetched without the token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from marshmallow import fields

from connectors.canvas.routes import READ_REPORT, START_REPORT
from connectors.http import AnswerSchema, IdField, Pairs, Sent, Timing, Transport, load_one
from connectors.http.errors import CallTrace, ProtocolFault

REPORT = "provisioning_csv"
TABLES = ("users", "courses", "sections", "enrollments", "user_observers")
FIRST_WAIT, LONGEST_WAIT = 2.0, 30.0
"""Seconds between two questions: the first, and what it grows to."""
PATIENCE = 2 * 3600.0
"""Seconds after which a report that is not there is given up."""
MOST_BYTES = 256 * 1024 * 1024
"""Of the file as it travels."""

_STILL_AT_WORK = {"created", "running", "compiling"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Where the file lies. The address alone may open it: it is never shown."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """How far a report is; ``progress`` in percent."""

    id: str
    status: str
    progress: int | None = None
    attachment: Attachment | None = None


class AttachmentSchema(AnswerSchema[Attachment]):
    """``attachment`` of a report."""

    into = Attachment
    url = fields.String(required=True)


class ReportSchema(AnswerSchema[ReportState]):
    """``AccountReport``."""

    into = ReportState
    id = IdField(required=True)
    status = fields.String(required=True)
    progress = fields.Integer(allow_none=True)
    attachment = fields.Nested(AttachmentSchema(), allow_none=True)


def fetch_report(
    transport: Transport,
    account_id: str,
    *,
    timing: Timing,
    term_id: str | None = None,
    hear: Callable[[int], None] | None = None,
) -> BinaryIO:
    """Let Canvas write the report and return its file, open at the beginning.

    ``hear`` is told how far it is, in percent, each time it grows; it may raise to stop waiting.

    Raises:
        CallError: refused, broken off, or not to be had.
        ProtocolFault: ``report_failed`` (Canvas gave it up), ``report_late`` (not there after two hours).
    """
    params: Pairs = tuple((f"parameters[{table}]", "true") for table in TABLES)
    if term_id is not None:
        params = (*params, ("parameters[enrollment_term_id]", term_id))
    started = transport.send_once(
        START_REPORT,
        params,
        partial(load_one, ReportSchema()),
        path={"account_id": account_id, "report": REPORT},
    )
    if not isinstance(started, Sent):
        # An unknown outcome may leave a report nobody fetches: it harms nobody.
        raise started.error
    address = _wait(transport, account_id, started.value, timing, hear)
    return transport.download(address, most_bytes=MOST_BYTES)


def _wait(
    transport: Transport,
    account_id: str,
    state: ReportState,
    timing: Timing,
    hear: Callable[[int], None] | None,
) -> str:
    trace = CallTrace(method=READ_REPORT.method, template=READ_REPORT.template)
    path = {"account_id": account_id, "report": REPORT, "id": state.id}
    until = timing.monotonic() + PATIENCE
    wait, told = FIRST_WAIT, -1
    while state.status in _STILL_AT_WORK:
        if timing.monotonic() > until:
            raise ProtocolFault(trace, code="report_late")
        timing.sleep(wait)
        wait = min(LONGEST_WAIT, wait * 1.5)
        state = transport.get_one(READ_REPORT, (), ReportSchema(), path=path)
        if hear is not None and (state.progress or 0) > told:
            told = state.progress or 0
            hear(told)
    if state.status != "complete" or state.attachment is None:
        raise ProtocolFault(trace, code="report_failed")
    return state.attachment.url
