"""The trail for the office: who did what, when, by which rule; a file of it, which is itself noted."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from iepcore.access import AuditKind, TrailQuery
from iepcore.caseload import TrailRow
from iepcore.ids import AdultId, StudentId
from lti_app.screens.bubbles import when_words
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.trail_words import actor_words, kind_words, reason_words, thing_words
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("trail", __name__)

PATH = "/app/trail"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One row in words."""

    when: str
    stamp: str
    who: str
    kind: str
    refused: bool
    thing: str
    code: str
    child: str
    by: str
    citation: str
    place: int


@blueprint.route(PATH, methods=["GET", "POST"])
def trail() -> str:
    """Show a page of the trail; a question about people is asked by form, so that no address names them."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    asked, typed = _asked(frame)
    before = request.form.get("before", "")
    found = caseload_of(viewer).trail.page(asked, before=int(before) if before.isdigit() else None)
    return page(
        frame,
        "trail.html",
        title=frame.words("The trail"),
        current="trail",
        lines=[_line(frame, row) for row in found.rows],
        before=found.before,
        later=bool(before),
        typed=typed,
        sees_children=found.sees_children,
        students=_options(frame, [(str(one.id), one.preferred_name) for one in found.students]),
        adults=_options(frame, [(str(one.id), one.name) for one in found.adults]),
        kinds=[("", frame.words("Everything")), *((one.value, kind_words(frame, one)) for one in AuditKind)],
    )


@blueprint.post(f"{PATH}/file")
def trail_file() -> Response:
    """Give the rows that are asked for as a file. The cells of a file cannot begin a formula."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    asked, _ = _asked(frame)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["row", "at", "who", "did", "what", "child", "by", "rule", "hash"])
    for row in caseload_of(viewer).trail.file(asked):
        line, link = _line(frame, row), row.event.link
        cells = (line.who, line.kind, f"{line.thing} ({line.code})", line.child, line.by, line.citation)
        rows.writerow([line.place, line.stamp, *map(_harmless, cells), link.hash if link else ""])
    answer = make_response("﻿" + text.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="rows.csv"'
    return answer


def _harmless(cell: str) -> str:
    """Return a cell that no table program takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _asked(frame: Frame) -> tuple[TrailQuery, dict[str, str]]:
    """Return what the form asks for, and the form as it was typed. What cannot be read asks for nothing."""
    typed = {name: request.form.get(name, "") for name in ("student", "adult", "kind", "since", "until")}
    student = adult = None
    kinds: frozenset[AuditKind] = frozenset()
    with suppress(ValueError):
        student = StudentId(UUID(typed["student"]))
    with suppress(ValueError):
        adult = AdultId(UUID(typed["adult"]))
    with suppress(ValueError):
        kinds = frozenset({AuditKind(typed["kind"])})
    query = TrailQuery(
        student_id=student,
        actor_id=adult,
        kinds=kinds,
        since=_midnight(frame, typed["since"], 0),
        until=_midnight(frame, typed["until"], 1),
    )
    return query, typed


def _midnight(frame: Frame, text: str, days: int) -> datetime | None:
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, datetime.min.time(), tzinfo=frame.zone)


def _line(frame: Frame, row: TrailRow) -> TrailLine:
    event = row.event
    child = row.student.preferred_name if row.student is not None else ""
    link = event.link
    if not child and link is not None and link.erased_in is not None:
        child = frame.words("a record that was erased")
    return TrailLine(
        when=when_words(frame, event.at),
        stamp=event.at.isoformat(),
        who=actor_words(frame, event, row.adult.name if row.adult else ""),
        kind=kind_words(frame, event.kind),
        refused=event.kind is AuditKind.REFUSED,
        thing=thing_words(frame, event.what),
        code=event.what,
        child=child,
        by=reason_words(frame, event),
        citation=event.citation,
        place=link.seq if link is not None else 0,
    )


def _options(frame: Frame, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", frame.words("Everybody")), *sorted(rows, key=lambda row: row[1].casefold())]
