"""Adding a child: the pupils of the viewer's course as the LMS lists them, and the short form that opens a
record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.caseload import RosterRow
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import RosterMemberId
from iepcore.language import LANGUAGES, format_day
from iepcore.people import RosterMember
from lti_app.screens.choices import GRADES, grades, languages, lms_name, member_name, name_has, plain, refusal
from lti_app.screens.page import Frame, advice, frame_of, initials, page
from lti_app.screens.parts import RosterPull, caseload_of, screen_parts
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("adding", __name__)

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilRow:
    """One pupil of the course. ``href`` is empty for somebody known here as an adult, ``note`` says so."""

    name: str
    initials: str
    href: str
    note: str = ""


@blueprint.get("/app/add")
def pupils() -> Answer:
    """Show the pupils of the viewer's course, as fresh as the LMS gives them."""
    return _pupils(current_viewer(), "")


@blueprint.post("/app/add")
def find_pupil() -> Answer:
    """Show the pupils whose name holds some letters. The letters are sent as a form: a name is in no URL."""
    return _pupils(current_viewer(), request.form.get("q", "").strip())


@blueprint.post("/app/add/refresh")
def refresh() -> Answer:
    """Ask the LMS again, even if it was asked a moment ago. ``left``: the many who are missing have left."""
    viewer = current_viewer()
    if caseload_of(viewer).people.may_open_records():
        screen_parts().pull_roster(viewer, fresh=True, confirmed=request.form.get("left") == "1")
    return goto("/app/add")


def _pupils(viewer: Viewer, wanted: str) -> Answer:
    frame = frame_of(viewer)
    people = caseload_of(viewer).people
    if not people.may_open_records():
        return _closed(frame)
    pulled = screen_parts().pull_roster(viewer)
    rows = people.roster(viewer.source, viewer.context_id) if viewer.context_id else ()
    shown = [row for row in rows if name_has(row.member, wanted)]
    return page(
        frame,
        "add.html",
        title=frame.words("Add a child"),
        course=viewer.context_title or "",
        lms=lms_name(frame),
        wanted=wanted,
        total=len(rows),
        pupils=[_pupil(frame, row) for row in shown if row.student_id is None],
        opened=[_pupil(frame, row) for row in shown if row.student_id is not None],
        problem=_problem_words(frame, pulled),
        can_refresh=pulled.problem not in {"no_course", "no_roster_service"},
        shrunk=pulled.problem == "roster_shrunk",
        seen=_seen_words(frame, [row.member for row in rows]),
    )


def _closed(frame: Frame) -> Answer:
    """Say who may open records, to staff who may not. A family finds nothing here."""
    if frame.family:
        raise NotPermitted("no_standing")
    return page(frame, "add_closed.html", title=frame.words("Add a child")), 403


def _pupil(frame: Frame, row: RosterRow) -> PupilRow:
    name = member_name(frame, row.member)
    if row.is_adult:
        note = frame.words("Listed as a pupil, but known here as an adult. No record can be opened.")
        return PupilRow(name=name, initials=initials(row.member.name or ""), href="", note=note)
    href = f"/app/add/{row.member.id}" if row.student_id is None else f"/app/c/{row.student_id}"
    return PupilRow(name=name, initials=initials(row.member.name or ""), href=href)


def _problem_words(frame: Frame, pulled: RosterPull) -> str:
    lms = lms_name(frame)
    sentences = {
        "no_course": frame.words("Open Rapport from a course. The pupils of that course stand here."),
        "no_roster_service": frame.words(
            "%(lms)s does not share the list of this course with Rapport. Its administrator can change that.",
            lms=lms,
        ),
        "roster_refused": frame.words(
            "%(lms)s refused to give the list of this course. Nothing was changed.", lms=lms
        ),
        "roster_silent": frame.words(
            "%(lms)s did not give the whole list just now, so nothing was changed. Try again in a minute.",
            lms=lms,
        ),
        "roster_shrunk": frame.words(
            "%(lms)s left out more than half of this course just now. That is often a fault, so the list"
            " stays as it was. If they really left, say so.",
            lms=lms,
        ),
    }
    return sentences.get(pulled.problem, "")


def _seen_words(frame: Frame, members: list[RosterMember]) -> str:
    if not members:
        return ""
    at: datetime = frame.local(max(member.seen_at for member in members))
    return frame.words(
        "As %(lms)s listed them on %(day)s at %(time)s.",
        lms=lms_name(frame),
        day=format_day(at.date(), frame.lang),
        time=at.strftime("%H:%M"),
    )


@blueprint.get("/app/add/<uuid:member_id>")
def child_form(member_id: UUID) -> Answer:
    """Show the short form for one pupil."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    if not caseload_of(viewer).people.may_open_records():
        return _closed(frame)
    member = _member(viewer, member_id).member
    first = (member.name or "").split()
    return _child_form(frame, member, {"preferred_name": first[0] if first else ""}, [])


@blueprint.post("/app/add/<uuid:member_id>")
def open_child(member_id: UUID) -> Answer:
    """Open the record and go to the new student's page."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    people = caseload_of(viewer).people
    if not people.may_open_records():
        return _closed(frame)
    row = _member(viewer, member_id)
    if row.student_id is not None:  # the same form again
        return goto(f"/app/c/{row.student_id}", said="child_added")
    typed = {
        name: request.form.get(name, "").strip()
        for name in ("preferred_name", "legal_name", "grade", "home_language")
    }
    errors = _child_errors(frame, typed, row.member)
    if errors:
        return _child_form(frame, row.member, typed, errors), 422
    try:
        student_id = people.open_child(
            RosterMemberId(member_id),
            preferred_name=typed["preferred_name"],
            grade=typed["grade"],
            home_language=typed["home_language"],
            legal_name=typed["legal_name"] or None,
        )
    except InvalidValue as error:
        errors = [(error.field or "preferred_name", advice(error, frame))]
        return _child_form(frame, row.member, typed, errors), 422
    except IllegalMove as error:
        return _child_form(frame, row.member, typed, [], refused=refusal(frame, error)), 409
    return goto(f"/app/c/{student_id}", said="child_added")


def _member(viewer: Viewer, member_id: UUID) -> RosterRow:
    rows = caseload_of(viewer).people.roster(viewer.source, viewer.context_id or "")
    row = next((one for one in rows if one.member.id == member_id), None)
    if row is None:
        raise NotFound("roster_member")
    return row


def _child_errors(frame: Frame, typed: dict[str, str], member: RosterMember) -> list[tuple[str, str]]:
    errors = []
    if not typed["preferred_name"]:
        errors.append(("preferred_name", plain(frame, "advice.name_empty")))
    if not member.name and not typed["legal_name"]:
        errors.append(("legal_name", plain(frame, "advice.name_empty")))
    if typed["grade"] not in GRADES:
        errors.append(("grade", frame.words("Choose the grade.")))
    if typed["home_language"] not in {one.tag for one in LANGUAGES}:
        errors.append(("home_language", frame.words("Choose the language spoken at home.")))
    return errors


def _child_form(
    frame: Frame,
    member: RosterMember,
    typed: dict[str, str],
    errors: list[tuple[str, str]],
    *,
    refused: str = "",
) -> str:
    return page(
        frame,
        "add_child.html",
        title=frame.words("Open a record"),
        name=member_name(frame, member),
        lms=lms_name(frame),
        named=bool(member.name),
        typed=typed,
        errors=errors,
        wrong=dict(errors),
        refused=refused,
        grades=grades(frame),
        languages_offered=languages(frame, ask=True),
        action=f"/app/add/{member.id}",
    )
