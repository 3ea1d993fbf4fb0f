"""The dates of one child: what is due and why, what was written down, a form to write down one more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from flask import Blueprint, Response, request

from iepcore.calendars import BORN, DueState, TimelineEvent, TimelineKind
from iepcore.caseload import DatesPage, EventRow
from iepcore.errors import Conflict, InvalidValue, NotFound
from iepcore.ids import ClientKey, StudentId, TimelineEventId
from iepcore.language import FreeText, Phrase, format_day
from lti_app.screens.due_words import DueGroup, due_line, event_words, group_title
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("dates", __name__)

Answer = str | Response | tuple[str, int]
_K = TimelineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One date that was written down. ``was`` tells what it replaced."""

    id: str
    words: str
    day: str
    by: str
    note: FreeText | None
    was: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it stands: what is chosen, typed, and the event it corrects."""

    kind: str = ""
    dated_on: str = ""
    note: str = ""
    corrects: str = ""


def kind_groups(frame: Frame) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return every kind of event for the form, in groups a person looks for them in."""
    groups = (
        (
            frame.words("Meetings and the plan"),
            (
                _K.ANNUAL_REVIEW,
                _K.MEETING_PLANNED,
                _K.MEETING_NOTICE_SENT,
                _K.MEETING_PAPERS_SENT,
                _K.INITIAL_MEETING,
                _K.PLAN_BEGAN,
                _K.PLAN_ENDS,
                _K.PLAN_PROPOSED,
                _K.PLAN_ANSWERED,
                _K.PLAN_COPY_SENT,
            ),
        ),
        (
            frame.words("Evaluation"),
            (
                _K.REFERRED,
                _K.EVALUATION_CONSENT,
                _K.EVALUATION_DATE_AGREED,
                _K.EVALUATED,
                _K.REEVALUATION_UNNEEDED,
                _K.ELIGIBLE,
                _K.NOT_ELIGIBLE,
                _K.PART_C,
                _K.PLAN_504_EVALUATED,
            ),
        ),
        (
            frame.words("Services, reports and notices"),
            (
                _K.SERVICES_CONSENT,
                _K.SERVICES_STARTED,
                _K.PROGRESS_REPORT_SENT,
                _K.CHANGE_PLANNED,
                _K.WRITTEN_NOTICE_SENT,
                _K.SAFEGUARDS_GIVEN,
            ),
        ),
        (
            frame.words("Rights, conduct and leaving"),
            (
                _K.TRANSFER_STATEMENT,
                _K.RIGHTS_TRANSFERRED,
                _K.SURROGATE_NEEDED,
                _K.SURROGATE_ASSIGNED,
                _K.PLACEMENT_CHANGE,
                _K.MANIFESTATION_REVIEWED,
                _K.SERVICES_REVOKED,
                _K.EXITED,
            ),
        ),
    )
    return tuple(
        (title, tuple((kind.value, event_words(frame, kind)) for kind in kinds)) for title, kinds in groups
    )


@blueprint.get("/app/c/<uuid:student_id>/dates")
def dates(student_id: UUID) -> str:
    """Show the dates of a child. ``write`` names the kind of event to write down, ``correct`` one to
    correct."""
    found = caseload_of(current_viewer()).deadlines.child(StudentId(student_id))
    return _show(found, _asked(found, request.args))


@blueprint.post("/app/c/<uuid:student_id>/dates")
def write(student_id: UUID) -> Answer:
    """Write down a date, or correct one; what is wrong is told beside its field and nothing typed is lost."""
    viewer = current_viewer()
    desk = caseload_of(viewer).deadlines
    child_id = StudentId(student_id)
    form = request.form
    typed = Typed(
        kind=form.get("kind", ""),
        dated_on=form.get("dated_on", ""),
        note=form.get("note", ""),
        corrects=form.get("corrects", ""),
    )
    try:
        desk.record(
            child_id,
            _kind(typed.kind),
            _day(typed.dated_on, "dated_on"),
            client_key=ClientKey(given_key()),
            note=_note(viewer, typed.note),
            corrects=TimelineEventId(given_id("corrects")) if typed.corrects else None,
        )
    except InvalidValue as refused:
        return _show(desk.child(child_id), typed, refused), 422
    return goto(f"/app/c/{student_id}/dates", said="date_written")


@blueprint.post("/app/c/<uuid:student_id>/dates/back")
def take_back(student_id: UUID) -> Answer:
    """Take back a date that did not happen."""
    desk = caseload_of(current_viewer()).deadlines
    child_id = StudentId(student_id)
    try:
        desk.withdraw(child_id, TimelineEventId(given_id("event")), client_key=ClientKey(given_key()))
    except InvalidValue as refused:
        return _show(desk.child(child_id), Typed(), refused), 422
    return goto(f"/app/c/{student_id}/dates", said="date_taken_back")


@blueprint.post("/app/c/<uuid:student_id>/dates/born")
def born(student_id: UUID) -> Answer:
    """Keep the date of birth."""
    desk = caseload_of(current_viewer()).deadlines
    child_id = StudentId(student_id)
    typed = request.form.get("born_on", "")
    try:
        version = int(request.form.get("version", "0") or 0)
        desk.set_birthday(child_id, _day(typed, BORN), version=version)
    except ValueError:
        raise NotFound("student") from None
    except InvalidValue as refused:
        return _show(desk.child(child_id), Typed(), refused, born_on=typed), 422
    except Conflict:
        changed = InvalidValue("changed_meanwhile", field=BORN)
        return _show(desk.child(child_id), Typed(), changed, born_on=typed), 409
    return goto(f"/app/c/{student_id}/dates", said="date_written")


def _asked(found: DatesPage, args: Mapping[str, str]) -> Typed:
    """Return the form as a link asked for it: a kind of event, or an event to correct."""
    wanted = next((row.event for row in found.events if str(row.event.id) == args.get("correct")), None)
    if wanted is not None:
        return Typed(
            kind=wanted.kind.value,
            dated_on=wanted.dated_on.isoformat(),
            note="" if wanted.note is None else wanted.note.text,
            corrects=str(wanted.id),
        )
    return Typed(kind=args.get("write", ""), dated_on=found.today.isoformat())


def _show(
    found: DatesPage, typed: Typed, refused: InvalidValue | None = None, *, born_on: str | None = None
) -> str:
    viewer = current_viewer()
    frame = frame_of(viewer)
    path = f"/app/c/{found.student.id}/dates"
    born_now = found.student.born_on
    field = "" if refused is None else (refused.field or "dated_on")
    return page(
        frame,
        "dates.html",
        title=frame.words("Dates"),
        current="today",
        child=found.student.preferred_name,
        path=path,
        back=f"/app/c/{found.student.id}",
        groups=_groups(frame, found, path),
        no_calendar=not found.site.has_calendar,
        events=[_event(frame, row) for row in found.events],
        taken_back=[_event(frame, row) for row in found.taken_back],
        may_write=found.may_write,
        may_set_birthday=found.may_set_birthday,
        born_on=born_on if born_on is not None else (born_now.isoformat() if born_now else ""),
        born_words=format_day(born_now, frame.lang) if born_now else "",
        student_version=found.student.version,
        kinds=kind_groups(frame),
        typed=typed,
        key=str(uuid4()),
        error="" if refused is None else advice(refused, frame),
        wrong=field if field in {"kind", "dated_on", "note", BORN} else ("dated_on" if field else ""),
        audience=frame.say(Phrase(key="audience.team")),
        ask_born=request.args.get("write") == BORN,
        said_sentence={
            "date_written": frame.words("Written down."),
            "date_taken_back": frame.words("Taken back. It stays in the history below."),
        }.get(request.args.get("said", ""), ""),
    )


def _groups(frame: Frame, found: DatesPage, path: str) -> list[DueGroup]:
    groups = []
    for state in DueState:
        lines = tuple(
            due_line(frame, due, found.today, path=path, may_write=found.may_write)
            for due, held in found.due
            if held is state
        )
        if lines:
            folded = state is DueState.LATER
            groups.append(
                DueGroup(
                    title=group_title(frame, state),
                    rows=() if folded else lines,
                    more=lines if folded else (),
                )
            )
    return groups


def _event(frame: Frame, row: EventRow) -> EventLine:
    event = row.event
    return EventLine(
        id=str(event.id),
        words=event_words(frame, event.kind),
        day=format_day(event.dated_on, frame.lang),
        by=_by(frame, row),
        note=event.note,
        was=tuple(_was(frame, one) for one in row.replaced) if not event.withdrawn else (),
    )


def _by(frame: Frame, row: EventRow) -> str:
    day = format_day(frame.local(row.event.recorded_at).date(), frame.lang)
    if row.by is None:
        return frame.words("written down on %(day)s", day=day)
    return frame.words("written down by %(name)s on %(day)s", name=row.by.name, day=day)


def _was(frame: Frame, event: TimelineEvent) -> str:
    return frame.words(
        "Before: %(event)s, %(day)s",
        event=event_words(frame, event.kind),
        day=format_day(event.dated_on, frame.lang),
    )


def _kind(text: str) -> TimelineKind:
    try:
        return TimelineKind(text)
    except ValueError:
        raise InvalidValue("event_kind", field="kind") from None


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue("not_a_day", field=field) from None


def _note(viewer: Viewer, text: str) -> FreeText | None:
    return FreeText(text=text, lang=frame_of(viewer).lang) if text.strip() else None
