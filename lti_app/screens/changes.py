"""A change in teaching: what changes, from which day, where the line starts again; and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from uuid import UUID

from flask import Blueprint, Response, make_response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, ChangePage, NewPhase
from iepcore.errors import Conflict, IllegalMove, InvalidValue
from iepcore.ids import GoalId
from iepcore.language import FreeText, format_day, format_number
from iepcore.plan import Goal, GoalPhase
from iepcore.plan.phases import MAX_WORDS
from iepcore.progress import baseline_median
from lti_app.screens.bubbles import language_word
from lti_app.screens.findings import skill_words
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("changes", __name__)

Typed = Mapping[str, str]
_SHOWN_SCORES = 3


@blueprint.get("/app/g/<uuid:goal_id>/change")
def change(goal_id: UUID) -> Response:
    """Show the form, with the change noted last, which can be taken back here too."""
    caseload = caseload_of(current_viewer())
    found = caseload.changes.opening(GoalId(goal_id))
    return _show(found, _first(found))


@blueprint.post("/app/g/<uuid:goal_id>/change")
def note(goal_id: UUID) -> Response:
    """Note a change, or take the last one back (``do`` is ``back``). Nothing typed is lost on the way."""
    caseload = caseload_of(current_viewer())
    found = caseload.changes.opening(GoalId(goal_id))
    typed = {name: text.strip() for name, text in request.form.items()}
    try:
        if typed.get("do") == "back":
            _take_back(caseload, found.goal, _version(typed))
            return goto(f"/app/g/{goal_id}", said="change_back")
        new = _read(typed, found, frame_of(current_viewer()).lang)
        caseload.changes.add(found.goal.id, new, version=_version(typed))
    except InvalidValue as refused:
        return _show(found, typed, refused=refused)
    except Conflict:
        fresh = caseload.changes.opening(GoalId(goal_id))
        return _show(fresh, {**_first(fresh), **typed, "version": str(fresh.goal.version)}, is_newer=True)
    return goto(f"/app/g/{goal_id}", said="change_noted")


def _take_back(caseload: Caseload, goal: Goal, version: int) -> None:
    try:
        caseload.changes.withdraw(goal.id, version=version)
    except IllegalMove as refused:
        if refused.code != "no_phase":  # a second tap: it is taken back already
            raise


def _first(found: ChangePage) -> dict[str, str]:
    return {
        "words": "",
        "starts_on": found.today.isoformat(),
        "baseline": _typed_number(found.suggested),
        "version": str(found.goal.version),
    }


def _read(typed: Typed, found: ChangePage, lang: str) -> NewPhase:
    """Return what was typed. A start of the line that nobody touched is left to the day that was chosen.

    Raises:
        InvalidValue: with the field it is about.
    """
    if not typed.get("words"):
        raise InvalidValue("text_empty", field="words")
    try:
        starts_on = date.fromisoformat(typed.get("starts_on", ""))
    except ValueError:
        raise InvalidValue("not_a_date", field="starts_on") from None
    written = typed.get("baseline", "")
    untouched = written in {"", typed.get("suggested", _typed_number(found.suggested))}
    return NewPhase(
        starts_on=starts_on,
        words=FreeText(text=typed["words"], lang=lang),
        baseline=None if untouched else _number(written),
    )


def _number(text: str) -> float:
    """Return a number as people write it, with a point or a comma before the decimals."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise InvalidValue("not_a_number", field="baseline")
    return number


def _version(typed: Typed) -> int:
    text = typed.get("version", "")
    if not text.isdecimal():
        raise InvalidValue("version_range", field="version")
    return int(text)


def _typed_number(value: float) -> str:
    return f"{round(value, 2):g}"


def _show(
    found: ChangePage, typed: Typed, *, refused: InvalidValue | None = None, is_newer: bool = False
) -> Response:
    viewer = current_viewer()
    frame, goal = frame_of(viewer), found.goal
    field = refused.field if refused is not None else ""
    error = advice(refused, frame) if refused is not None else Markup("")
    at = field if field in {"words", "starts_on", "baseline"} else "words"
    body = page(
        frame,
        "change.html",
        title=frame.words("Note a change in teaching"),
        child=found.student.preferred_name,
        skill=skill_words(frame, goal),
        path=f"/app/g/{goal.id}",
        typed=typed,
        suggested=_typed_number(found.suggested),
        starts_again=_starts_again(frame, found),
        audience=frame.words(
            "The child’s team reads these words on the chart, and so does a family that reads %(language)s; "
            "in another language the chart says “Teaching changes”. They are part of the school record.",
            language=language_word(frame, frame.lang),
        ),
        earliest=found.earliest.isoformat(),
        today=found.today.isoformat(),
        longest=MAX_WORDS,
        last=_noted(frame, goal.phases[-1]) if goal.phases else None,
        back={"do": "back", "version": str(goal.version)},
        is_newer=is_newer,
        error=error,
        error_at=at if refused is not None else "",
    )
    return make_response(body, 422 if refused is not None else 409 if is_newer else 200)


def _starts_again(frame: Frame, found: ChangePage) -> str:
    """Say where the line would start again today, and what that number is."""
    number, scores = format_number(found.suggested, frame.lang), found.scores
    if baseline_median(scores) not in {None, found.suggested}:  # it asks for no more than the goal
        return frame.words("The line starts again at %(number)s; the last scores are past it", number=number)
    if len(scores) >= _SHOWN_SCORES:
        return frame.words(
            "The line starts again at %(number)s, the middle of the last 3 scores", number=number
        )
    if scores:
        return frame.count_words(
            "The line starts again at %(value)s, the last score",
            "The line starts again at %(value)s, the middle of the last %(number)s scores",
            len(scores),
            value=number,
        )
    return frame.words("The line starts again at %(number)s, where it stands today", number=number)


def _noted(frame: Frame, phase: GoalPhase) -> tuple[Markup, str]:
    """The change noted last, in staff's own words, and from when and where its line runs."""
    quoted = Markup('<q lang="{}" dir="{}">{}</q>').format(
        phase.words.lang, phase.words.dir, phase.words.text
    )
    return quoted, frame.words(
        "From %(day)s; the line starts again at %(baseline)s.",
        day=format_day(phase.starts_on, frame.lang),
        baseline=format_number(phase.baseline, frame.lang),
    )
