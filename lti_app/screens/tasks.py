"""The interpreter's screen: one text each with its box, and nothing else: no name, no goal, no child."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from iepcore.caseload import Caseload, Task
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import TranslationId
from iepcore.language import Phrase, direction_of
from lti_app.screens.bubbles import language_word
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("tasks", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """One text: the words as written, their language, the one wanted."""

    id: str
    text: str
    lang: str
    dir: str
    language: str
    wanted: str
    wanted_lang: str
    wanted_dir: str


@blueprint.get("/app/tasks")
def tasks() -> Response:
    """Show an interpreter's open texts; everybody else sees that there is nothing to do."""
    return _show(caseload_of(current_viewer()))


@blueprint.post("/app/tasks/<uuid:request_id>")
def answer(request_id: UUID) -> Response:
    """Keep a translation."""
    caseload = caseload_of(current_viewer())
    try:
        caseload.interpreting.answer(TranslationId(request_id), request.form.get("text", ""))
    except (InvalidValue, IllegalMove) as error:
        return _show(caseload, refused=error, about=str(request_id))
    return goto("/app/tasks", said="translation_done")


def _show(
    caseload: Caseload, *, refused: InvalidValue | IllegalMove | None = None, about: str = ""
) -> Response:
    frame = frame_of(current_viewer(), family=True)
    rows = caseload.interpreting.tasks()
    body = page(
        frame,
        "tasks.html",
        title=frame.words("Texts to translate"),
        current="tasks",
        nav=(("tasks", frame.words("Texts to translate"), "/app/tasks"),),
        tasks=[_view(frame, row) for row in rows],
        audience=frame.say(Phrase(key="audience.translation")),
        about=about,
        typed=request.form.get("text", ""),
        error=advice(refused, frame) if isinstance(refused, InvalidValue) else "",
        done=said_words(frame, request.args.get("said", "")),
        stopped=frame.say(Phrase(key="advice.task_done")) if isinstance(refused, IllegalMove) else "",
    )
    status = 200 if refused is None else 422 if isinstance(refused, InvalidValue) else 409
    return make_response(body, status)


def _view(frame: Frame, row: Task) -> TaskView:
    wanted = row.request.to_language
    return TaskView(
        id=str(row.request.id),
        text=row.text.text,
        lang=row.text.lang,
        dir=row.text.dir,
        language=language_word(frame, row.text.lang),
        wanted=language_word(frame, wanted),
        wanted_lang=wanted,
        wanted_dir=direction_of(wanted),
    )
