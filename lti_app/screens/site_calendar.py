"""The school calendar: months and days, a snow day in two taps, a file looked at before it is taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.calendars import DayKind, ImportPlan
from iepcore.errors import Conflict, InvalidRows, InvalidValue, NotFound
from iepcore.ids import SchoolYearId
from iepcore.language import format_day
from lti_app.calendar_files import LONGEST_FILE, ReadCalendar, read_calendar
from lti_app.screens.calendar_words import (
    ChangeView,
    ProblemLine,
    change_views,
    day_kind_words,
    problem_lines,
    refused_rows,
    weekday_heads,
    year_view,
)
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("site_calendar", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/site/calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file that was read: its text for the next step, what it would change, its problems."""

    text: str = ""
    seen: str = ""
    changes: tuple[ChangeView, ...] = ()
    problems: tuple[ProblemLine, ...] = ()
    left_out: str = ""
    is_empty: bool = False
    moved: bool = False


@blueprint.get(PATH)
def calendar() -> str:
    """Show the calendar. ``set`` and ``kind`` name a day that was just set, for its undo."""
    return _show(current_viewer())


@blueprint.post(PATH)
def change() -> Answer:
    """Set a day, take one back, forget a term, look at a file, or take it in."""
    viewer = current_viewer()
    desk = caseload_of(viewer).calendars
    do = request.form.get("do", "")
    try:
        if do == "day":
            day, kind = _day(), _kind()
            desk.set_day(day, kind, name=request.form.get("name", ""))
            return goto(f"{PATH}?set={day.isoformat()}&kind={kind.value}")
        if do == "back":
            desk.take_back(_day(), _kind())
            return goto(f"{PATH}?back=1")
        if do == "drop":
            desk.drop(SchoolYearId(_year_id()))
            return goto(f"{PATH}?dropped=1")
    except InvalidValue as refused:
        return _show(viewer, refused=advice(refused, frame_of(viewer)), field=refused.field or "day"), 422
    if do in {"look", "take"}:
        return _file(viewer, take=do == "take")
    raise InvalidValue("unknown_field", field="do")


def _file(viewer: Viewer, *, take: bool) -> Answer:
    """Look at a file, or take it in as it was seen; with a problem in it nothing is written."""
    frame, desk = frame_of(viewer), caseload_of(viewer).calendars
    if not desk.may_change():
        desk.preview(())  # refused, and in the trail, before a file is read
    content = _content()
    try:
        read = read_calendar(content, zone=frame.zone)
        if take:
            desk.take_in(read.lines, seen=request.form.get("seen", ""))
            return goto(f"{PATH}?taken=1")
        return _show(viewer, file=_looked(frame, content, read, desk.preview(read.lines)))
    except InvalidRows as refused:
        found = FileView(text=_kept(content), problems=tuple(problem_lines(frame, refused)))
        return _show(viewer, file=found), 422
    except InvalidValue as refused:
        rows = refused_rows(refused)
        return _show(
            viewer, file=FileView(text=_kept(content), problems=tuple(problem_lines(frame, rows)))
        ), 422
    except Conflict:
        plan = desk.preview(read.lines)
        return _show(viewer, file=_looked(frame, content, read, plan, moved=True)), 409


def _looked(
    frame: Frame, content: bytes | str, read: ReadCalendar, plan: ImportPlan, *, moved: bool = False
) -> FileView:
    return FileView(
        text=_kept(content),
        seen=plan.fingerprint,
        changes=tuple(change_views(frame, plan)),
        left_out=frame.count_words(
            "%(number)s event of the file is left out: nothing says what it means for school days.",
            "%(number)s events of the file are left out: nothing says what they mean for school days.",
            read.left_out,
        )
        if read.left_out
        else "",
        is_empty=plan.is_empty,
        moved=moved,
    )


def _content() -> bytes | str:
    """Return the file of the form, or what was pasted."""
    given = request.files.get("file")
    if given is not None and given.filename:
        return given.stream.read(LONGEST_FILE + 1)
    return request.form.get("text", "")


def _kept(content: bytes | str) -> str:
    """Return a file as text for the box, so that it can be put right there and need not be chosen again."""
    return content if isinstance(content, str) else content.decode("utf-8-sig", errors="replace")


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("day", "").strip())
    except ValueError:
        raise InvalidValue("not_a_day", field="day") from None


def _kind() -> DayKind:
    try:
        return DayKind(request.form.get("kind", ""))
    except ValueError:
        raise InvalidValue("calendar_line_kind", field="kind") from None


def _year_id() -> UUID:
    try:
        return UUID(request.form.get("year", ""))
    except ValueError:
        raise NotFound("school_year") from None


def _show(
    viewer: Viewer, *, refused: Markup | str = "", field: str = "", file: FileView | None = None
) -> str:
    frame = frame_of(viewer)
    found = caseload_of(viewer).calendars.page()
    today = found.today
    this_year = found.year_on(today)
    said = None if this_year is None else this_year.on(today)
    can_close = found.may_change and this_year is not None and (said is None or said.kind is DayKind.EXTRA)
    return page(
        frame,
        "site_calendar.html",
        title=frame.words("School calendar"),
        current="calendar",
        years=[year_view(frame, one, today) for one in found.years],
        heads=weekday_heads(frame),
        holidays=[format_day(day, frame.lang) for day in found.state_holidays],
        may_change=found.may_change,
        today=today.isoformat(),
        today_words=format_day(today, frame.lang),
        can_close_today=can_close and this_year is not None and this_year.term().is_school_day(today),
        kinds=[(kind.value, day_kind_words(frame, kind)) for kind in DayKind],
        refused=refused,
        wrong=field,
        typed_day=request.form.get("day", today.isoformat()),
        typed_kind=request.form.get("kind", DayKind.CLOSED.value),
        typed_name=request.form.get("name", ""),
        just_set=_just_set(frame),
        done=_done(frame),
        file=file or FileView(),
        looked=file is not None,
    )


def _just_set(frame: Frame) -> tuple[str, str, str] | None:
    """Return (words, day, kind) of the day that was set last, for its undo."""
    try:
        day = date.fromisoformat(request.args.get("set", ""))
        kind = DayKind(request.args.get("kind", ""))
    except ValueError:
        return None
    words = frame.words(
        "%(day)s: %(kind)s.", day=format_day(day, frame.lang), kind=day_kind_words(frame, kind)
    )
    return words, day.isoformat(), kind.value


def _done(frame: Frame) -> str:
    if "taken" in request.args:
        return frame.words("The calendar is taken in.")
    if "back" in request.args:
        return frame.words("Taken back.")
    return frame.words("The term is removed.") if "dropped" in request.args else ""
