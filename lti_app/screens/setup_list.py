"""Setting up a caseload: paste a list or choose from the rosters, look once, open all records together."""

from __future__ import annotations

from flask import Blueprint, Response, request

from iepcore.caseload import PupilChoice
from iepcore.errors import InvalidValue, NotPermitted
from iepcore.language import LANGUAGES
from lti_app.screens import setup_list_rows as case_rows
from lti_app.screens.choices import grades, languages, name_has, plain
from lti_app.screens.page import Frame, advice, frame_of, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.screens.setup_list_typed import wanted_of
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("setup_list", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/setup"
SHOWN = 60
"""So many pupils stand in the list to choose from; letters or a course make it shorter."""

FIRST_LANGUAGE = "en"


@blueprint.get(PATH)
def start() -> Answer:
    """Ask for the list."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    if not caseload_of(viewer).people.may_open_records():
        return _closed(frame)
    return _start(viewer, frame)


@blueprint.post(PATH)
def look() -> Answer:
    """Look for pupils, or go on to the rows that were pasted or picked. What is typed stands in no URL."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    setup = caseload_of(viewer).setup
    if not caseload_of(viewer).people.may_open_records():
        return _closed(frame)
    do, text = request.form.get("do", ""), request.form.get("text", "")
    if do == "find":
        return _start(viewer, frame)
    if do == "chosen":
        wanted = set(request.form.getlist("member"))
        picked = [
            one
            for one in setup.choices(_sources(viewer))
            if wanted & {str(line.id) for line in one.pupil.lines}
        ]
        if not picked:
            return _start(viewer, frame, problem=("choose", frame.words("Choose at least one pupil."))), 422
        return _review(frame, [case_rows.chosen_line(frame, one) for one in picked])
    try:
        rows = setup.review(wanted_of(text), _sources(viewer))
    except InvalidValue as error:
        return _start(viewer, frame, problem=("text", advice(error, frame)), text=text), 422
    return _review(frame, [case_rows.line_of(frame, one) for one in rows])


@blueprint.post(f"{PATH}/open")
def open_all() -> Answer:
    """Open the records of all rows that are chosen."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    setup = caseload_of(viewer).setup
    if not caseload_of(viewer).people.may_open_records():
        return _closed(frame)
    lines = case_rows.typed_lines(frame, request.form, request.form.getlist("row"))
    language = request.form.get("language", FIRST_LANGUAGE)
    errors = [error for line in lines for error in line.errors]
    if language not in {one.tag for one in LANGUAGES}:
        errors.append(("language", plain(frame, "advice.unknown_language")))
    openings = case_rows.openings_of(lines, language=language) if not errors else []
    if not errors and not openings:
        errors.append((f"row-{lines[0].key}" if lines else "page", frame.words("Choose at least one pupil.")))
    if errors:
        return _review(frame, lines, errors=errors, language=language), 422
    try:
        setup.open_all(openings)
    except InvalidValue as error:
        return _review(frame, lines, errors=[("page", advice(error, frame))], language=language), 422
    return goto("/app/setup/around", said="records_opened")


def _closed(frame: Frame) -> Answer:
    if frame.family:
        raise NotPermitted("no_standing")
    return page(frame, "add_closed.html", title=frame.words("Set up my caseload")), 403


def _sources(viewer: Viewer) -> tuple[str, ...]:
    return (viewer.source,)


def _start(viewer: Viewer, frame: Frame, *, problem: tuple[str, object] | None = None, text: str = "") -> str:
    choices = caseload_of(viewer).setup.choices(_sources(viewer))
    letters, course = request.form.get("q", "").strip(), request.form.get("course", "")
    found = [one for one in choices if _fits(one, letters, course)]
    return page(
        frame,
        "setup_list.html",
        title=frame.words("Set up my caseload"),
        steps=steps(frame, 0),
        errors=[problem] if problem else [],
        text=text,
        wanted=letters,
        course=course,
        courses=case_rows.course_options(frame, choices),
        pupils=[_pupil(frame, one) for one in found[:SHOWN]] if letters or course else [],
        looked=bool(letters or course),
        more=max(0, len(found) - SHOWN),
        total=len(choices),
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _fits(choice: PupilChoice, letters: str, course: str) -> bool:
    lines = choice.pupil.lines
    return (not course or course in choice.pupil.courses) and any(name_has(one, letters) for one in lines)


def _pupil(frame: Frame, choice: PupilChoice) -> dict[str, str]:
    pupil = choice.pupil
    notes = [frame.words("grade %(grade)s", grade=pupil.grade)] if pupil.grade else []
    return {
        "id": str(pupil.lines[0].id),
        "name": pupil.name
        or frame.words("Name not told (account %(account)s)", account=pupil.lines[0].subject[:8]),
        "initials": initials(pupil.name),
        "note": " · ".join([*notes, ", ".join(pupil.courses[:3])]),
        "href": f"/app/c/{choice.student_id}" if choice.student_id else "",
    }


def _review(
    frame: Frame,
    lines: list[case_rows.CaseLine],
    *,
    errors: list[tuple[str, str]] | None = None,
    language: str = FIRST_LANGUAGE,
) -> str:
    order = {
        frame.words("please choose"): 0,
        frame.words("please look"): 0,
        frame.words("not in any list"): 1,
    }
    rows = sorted(lines, key=lambda one: (bool(one.href), order.get(one.badge[0], 2)))
    return page(
        frame,
        "setup_list_review.html",
        title=frame.words("Look once, then open"),
        steps=steps(frame, 1),
        lines=rows,
        sure=sum(one.chosen for one in lines),
        asked=sum(not one.chosen and not one.href for one in lines),
        says_none=any(not one.language and not one.href for one in lines),
        errors=errors or [],
        wrong=dict(errors or []),
        grades=grades(frame),
        language=language,
        languages_offered=languages(frame),
        row_languages=[("", frame.words("As said for all")), *languages(frame)],
    )


def steps(frame: Frame, here: int) -> list[tuple[str, str, str]]:
    """Return the steps of setting up, for the line above the page; ``here`` counts from 0."""
    names = [frame.words("List"), frame.words("Look once"), frame.words("People around them")]
    states = [("done", frame.words("(done)")), ("here", frame.words("(here)")), ("", "")]
    return [
        (name, *(states[0] if place < here else states[1] if place == here else states[2]))
        for place, name in enumerate(names)
    ]
