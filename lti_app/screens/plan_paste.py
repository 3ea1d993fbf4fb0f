"""Bringing a plan in by its words: paste, look at each line, say yes, and they stand in the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import PlanPage
from iepcore.errors import Conflict, InvalidRows, InvalidValue
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import PlanPart, PlanVersion, SupportKind
from iepcore.plan.incoming import PastedLine, PastedPlan, read_pasted_plan
from iepcore.progress import MeasureKind
from iepcore.schemas import TEMPLATES, is_ed_fi, is_plan_csv, read_ed_fi, read_plan_csv
from lti_app.screens import plan_words as say
from lti_app.screens.goal_words import kind_words
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_begin import drafted
from lti_app.screens.plan_choices import error_words
from lti_app.screens.plan_pasted import PasteRow, area_options, new_levels, rows_of, rows_sent, value_of
from lti_app.screens.plan_routes import plan_path
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_paste", __name__)

MOST_CHARACTERS = 2_000_000
MOST_PROBLEMS = 100


@blueprint.get("/app/c/<uuid:student_id>/doc/paste")
def paste(student_id: UUID) -> str:
    """Ask for the words."""
    found, draft = drafted(caseload_of(current_viewer()), student_id)
    return _page(found, draft)


@blueprint.post("/app/c/<uuid:student_id>/doc/paste")
def take(student_id: UUID) -> Response | tuple[str, int] | str:
    """Read the words (``read``), or put the lines somebody said yes to into the draft (``take``)."""
    caseload = caseload_of(current_viewer())
    frame = frame_of(current_viewer())
    found, draft = drafted(caseload, student_id)
    if request.form.get("do") == "take":
        return _take(found, draft)
    text = request.form.get("pasted", "")
    try:
        text = _file_text() or text
        if not text.strip():
            raise InvalidValue("empty_text", field="pasted")
        read, notes = _read(frame, text)
    except InvalidRows as refused:
        lines = [f"{place}: {advice(error, frame)}" for place, error in refused.problems[:MOST_PROBLEMS]]
        return _page(found, draft, pasted=text, problems=lines), 422
    except InvalidValue as error:
        return _page(found, draft, pasted=text, wrong=advice(error, frame)), 422
    rows = rows_of(frame, read, found.student, draft)
    return _page(found, draft, pasted=text, rows=rows, rest=read.rest, is_read=True, notes=notes)


def _file_text() -> str:
    """Return the text of a file that was chosen, "" for none.

    Raises:
        InvalidValue: ``not_text`` for a file that is none; ``paste_too_long``.
    """
    file = request.files.get("file")
    if file is None:
        return ""
    data: bytes = file.read(MOST_CHARACTERS + 1)
    file.close()
    if len(data) > MOST_CHARACTERS:
        raise InvalidValue("paste_too_long", field="file", params={"most": MOST_CHARACTERS})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidValue("not_text", field="file") from None


def _read(frame: Frame, text: str) -> tuple[PastedPlan, list[str]]:
    """Return what a text holds: an Ed-Fi file, one of our templates filled in, or words; and what to know."""
    if is_ed_fi(text):
        found = read_ed_fi(text)
        notes = [frame.words("Ed-Fi file. Its special education part is early access: look at each line.")]
        if found.older:
            notes.append(
                frame.words("%(number)s records of an earlier version were left out.", number=found.older)
            )
        if found.left_out:
            notes.append(frame.words("Not read: %(fields)s.", fields=", ".join(found.left_out)))
        return found.plan, notes
    if is_plan_csv(text):
        return read_plan_csv(text), []
    return read_pasted_plan(text), []


def _take(found: PlanPage, draft: PlanVersion) -> Response | tuple[str, int]:
    frame = frame_of(current_viewer())
    rows, wrong_strengths = rows_sent(request.form), ""
    pieces: list[tuple[PlanPart, object]] = []
    checked: list[PasteRow] = []
    for row in rows:
        value, form = value_of(frame, row, found.student, draft) if row.is_taken else (None, None)
        checked.append(replace(row, errors=form.errors) if form is not None else row)
        if value is not None:
            pieces.append((row.part, value))
    try:
        levels = new_levels(frame, rows, draft, request.form.get("strengths", ""))
    except InvalidValue as error:
        levels, wrong_strengths = (), error_words(frame, error)
    if wrong_strengths or any(row.errors for row in checked):
        return _page(found, draft, rows=checked, is_read=True, wrong_strengths=wrong_strengths), 422
    try:
        caseload_of(current_viewer()).drafting.add(
            draft.id, [*((PlanPart.LEVEL, level) for level in levels), *pieces]
        )
    except (Conflict, InvalidValue) as error:
        words = frame.words(
            "A colleague wrote one of these lines meanwhile. Look at the draft, then paste what is missing."
        )
        if isinstance(error, InvalidValue):
            words = advice(error, frame)
        return _page(found, draft, rows=checked, is_read=True, refused=words), 409
    return goto(f"{plan_path(found.student.id)}/draft", said="plan_pasted")


def _page(
    found: PlanPage,
    draft: PlanVersion,
    *,
    pasted: str = "",
    wrong: Markup | str = "",
    rows: Sequence[PasteRow] = (),
    rest: Sequence[PastedLine] = (),
    is_read: bool = False,
    wrong_strengths: Markup | str = "",
    refused: Markup | str = "",
    problems: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> str:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    known = {level.area for level in draft.contents.levels}
    return page(
        frame,
        "plan_paste.html",
        title=frame.words("Paste a plan"),
        child=found.student.preferred_name,
        path=path,
        pasted=pasted,
        wrong=wrong,
        refused=refused,
        problems=problems,
        notes=notes,
        templates=[",".join(columns) for columns, _ in TEMPLATES.values()],
        is_read=is_read,
        rows=[_shown(frame, row) for row in rows],
        rest=[line.text for line in rest],
        needs_strengths=any(
            row.part is PlanPart.GOAL and row.typed.get("area", "") not in known for row in rows
        ),
        strengths=request.form.get("strengths", ""),
        wrong_strengths=wrong_strengths,
        areas=area_options(frame, draft),
        measures=[(one.value, kind_words(frame, one)[0]) for one in MeasureKind],
        deliveries=[(one.value, say.delivery_words(frame, one)) for one in Delivery],
        intervals=[(Interval.WEEK.value, frame.words("week")), (Interval.MONTH.value, frame.words("month"))],
        support_kinds=[(one.value, say.support_kind_words(frame, one)) for one in SupportKind],
    )


_OPEN_FIELDS = {
    PlanPart.GOAL: frozenset({"words", "area", "measure", "baseline", "target"}),
    PlanPart.SERVICE: frozenset(
        {"service", "delivery", "frequency", "interval", "minutes", "begins_on", "ends_on"}
    ),
    PlanPart.SUPPORT: frozenset({"words", "kind"}),
}


def _shown(frame: Frame, row: PasteRow) -> dict[str, object]:
    """Return a row for the template: what it is, its words, and which fields stay hidden."""
    typed = row.typed
    kinds = {
        PlanPart.GOAL: frame.words("Goal"),
        PlanPart.SERVICE: frame.words("Service"),
        PlanPart.SUPPORT: frame.words("Support"),
    }
    return {
        "number": row.number,
        "part": row.part.value,
        "kind": kinds[row.part],
        "words": typed.get("words", ""),
        "is_taken": row.is_taken,
        "doubts": row.doubts,
        "typed": typed,
        "wrong": {name: error_words(frame, error) for name, error in row.errors.items()},
        "other_errors": [
            error_words(frame, error)
            for name, error in row.errors.items()
            if name not in _OPEN_FIELDS[row.part]
        ],
        "hidden": [(name, text) for name, text in typed.items() if name not in _OPEN_FIELDS[row.part]],
        "is_open": bool(row.errors or row.doubts),
    }
