"""Adding a goal: choose how it is measured, fill in its parts, read the whole sentence once, add it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.errors import InvalidValue
from iepcore.ids import StudentId, new_uuid7
from iepcore.people import Student
from iepcore.plan import Goal
from iepcore.progress import CbmTask, Measure, MeasureKind
from lti_app.screens import goal_words
from lti_app.screens.choices import plain
from lti_app.screens.forms import given_id
from lti_app.screens.goal_form import (
    AREAS,
    SETTINGS,
    Reading,
    kind_of,
    read,
    read_measure,
    suggested,
    usual_measure,
)
from lti_app.screens.goal_pasted import Pasted, doubt_words, family_line, fields_of, hint_words
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_draft import wish_rows
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("goal_setup", __name__)

Answer = str | Response | tuple[str, int]

_NOT_YET_WRITTEN = "…"


@blueprint.get("/app/c/<uuid:student_id>/new")
def new_goal(student_id: UUID) -> Answer:
    """Ask how the goal is measured; with ``kind`` show the form with what that measure needs."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    student = caseload.goals.opening(StudentId(student_id))
    kind = kind_of(request.args.get("kind", ""))
    if kind is None:
        return _first_question(frame, student)
    typed = suggested(kind, caseload.desk.clock.today()) | goal_words.suggested_words(frame, kind)
    return _form(frame, student, kind, {**typed, "key": str(new_uuid7())})


@blueprint.post("/app/c/<uuid:student_id>/new")
def add_goal(student_id: UUID) -> Answer:
    """Read pasted words (``read``), take another measure (``measure``), show the goal as it would be
    (``next``), or add it (``add``). Nothing typed is lost on the way.
    """
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    goals = caseload.goals
    student = goals.opening(StudentId(student_id))
    if request.form.get("do") == "read":
        return _read(frame, student, caseload.desk.clock.today())
    other = request.form.get("other_kind", "") if request.form.get("do") == "measure" else ""
    kind = kind_of(other or request.form.get("kind", ""))
    if kind is None:
        raise InvalidValue("unknown_kind", field="kind")
    typed = {name: text.strip() for name, text in request.form.items()}
    if other:
        fresh = suggested(kind, caseload.desk.clock.today()) | goal_words.suggested_words(frame, kind)
        return _form(frame, student, kind, fresh | {name: text for name, text in typed.items() if text})
    key = given_id("key")
    found = read(typed, kind, frame.lang, goal_id=key, text=typed.get("text") or _NOT_YET_WRITTEN)
    goal = None
    if found.goal is not None:
        try:
            goal = goals.check(student.id, found.goal)
        except InvalidValue as error:
            found.note(error)
    if goal is None or found.goal is None:
        return _form(frame, student, kind, typed, found=found), 422
    auto = goal_words.sentence(frame, student, goal, typed.get("given", ""))
    written = typed.get("text", "")
    is_ours = written in {"", typed.get("auto", "")}
    if is_ours and (written != auto or typed.get("do") != "add"):
        return _form(frame, student, kind, {**typed, "text": auto, "auto": auto}, goal=goal)
    if typed.get("do") != "add":
        return _form(frame, student, kind, {**typed, "auto": auto}, goal=goal)
    added = goals.add(student.id, found.goal)
    return goto(f"/app/g/{added.id}", said="goal_added")


def _first_question(
    frame: Frame, student: Student, *, pasted: str = "", error: InvalidValue | None = None
) -> str:
    """Ask how the goal is measured, or for its words as they stand elsewhere."""
    return page(
        frame,
        "goal_new_kind.html",
        title=frame.words("New goal"),
        child=student.preferred_name,
        back=f"/app/c/{student.id}",
        action=f"/app/c/{student.id}/new",
        groups=goal_words.kinds(frame, f"/app/c/{student.id}/new"),
        pasted=pasted,
        wrong=advice(error, frame) if error is not None else "",
        wishes=_wishes(frame, student),
    )


def _wishes(frame: Frame, student: Student) -> list[dict[str, object]]:
    """Return what the family hopes for, word for word: it stands above every goal that is made."""
    return wish_rows(frame, caseload_of(current_viewer()).plans.page(student.id))


def _read(frame: Frame, student: Student, today: date) -> Answer:
    """Show a goal that was pasted: read once where its words say all, else the form with what they say."""
    text = request.form.get("pasted", "").strip()
    try:
        if not text:
            raise InvalidValue("empty_text", field="pasted")
        pasted = fields_of(text)
    except InvalidValue as error:
        return _first_question(frame, student, pasted=text, error=error), 422
    kind = pasted.kind
    typed = suggested(kind, today) | goal_words.suggested_words(frame, kind) | pasted.typed
    typed["key"] = str(new_uuid7())
    found = read(typed, kind, frame.lang, goal_id=UUID(typed["key"]), text=typed["text"])
    goal = None
    if found.goal is not None:
        try:
            goal = caseload_of(current_viewer()).goals.check(student.id, found.goal)
        except InvalidValue:
            goal = None  # the form says so when it is sent; here it only waits to be filled in
    return _form(frame, student, kind, typed, goal=goal, pasted=pasted)


def _form(
    frame: Frame,
    student: Student,
    kind: MeasureKind,
    typed: Mapping[str, str],
    *,
    found: Reading | None = None,
    goal: Goal | None = None,
    pasted: Pasted | None = None,
) -> str:
    wrong: dict[str, Markup] = {}
    for name, error in (found.errors if found else {}).items():
        wrong[name] = advice(error, frame)
    labels = goal_words.labels(frame)
    measure = read_measure(typed, kind, Reading()) or usual_measure(kind)
    return page(
        frame,
        "goal_new.html",
        title=frame.words("New goal"),
        child=student.preferred_name,
        kind=kind.value,
        kind_words=goal_words.kind_words(frame, kind)[0],
        settings=SETTINGS[kind],
        unit="" if kind is MeasureKind.CBM else plain(frame, f"unit.{measure.unit_key}"),
        typed=typed,
        errors=[
            *((name, _labelled(label, wrong[name])) for name, label in labels.items() if name in wrong),
            *(("text", words) for name, words in wrong.items() if name not in labels),
        ],
        wrong=wrong,
        tasks=[(task.value, plain(frame, f"unit.{_unit_of(task)}")) for task in CbmTask],
        skills=goal_words.skills(frame),
        areas=goal_words.areas(frame, AREAS),
        directions=goal_words.directions(frame),
        aim=goal_words.aim_line(frame, goal) if goal else "",
        met=goal_words.met_when(frame, goal) if goal else "",
        family_words=family_line(frame, goal, *goal_words.ends(frame, goal)) if goal else "",
        hints=hint_words(frame, goal, frame.lang) if goal else [],
        wishes=_wishes(frame, student),
        doubts=doubt_words(frame, pasted, student) if pasted else [],
        kinds=[(one.value, goal_words.kind_words(frame, one)[0]) for one in MeasureKind],
        back=f"/app/c/{student.id}/new",
        action=f"/app/c/{student.id}/new",
    )


def _labelled(label: str, words: Markup) -> Markup:
    return Markup("{}: {}").format(label, words)


def _unit_of(task: CbmTask) -> str:
    return Measure(kind=MeasureKind.CBM, cbm_task=task).unit_key
