"""A child's team: who is on it and since when, whom the LMS lists beside them, and taking back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.caseload import TeamView
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import AdultId, AssignmentId, RosterMemberId, StudentId
from iepcore.language import format_day
from iepcore.people import Assignment, RosterMember, RosterStanding, StaffRole
from lti_app.screens.choices import lms_name, member_name, of_catalogue, plain, refusal
from lti_app.screens.forms import given_id
from lti_app.screens.page import Frame, frame_of, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("team", __name__)

Answer = str | Response | tuple[str, int]

OFFERED_ROLES = tuple(role for role in StaffRole if role is not StaffRole.SUBSTITUTE)
"""A substitute needs a last day, and has a form of their own."""

_OF_SUBSTITUTES = frozenset({"until", "stands_in_for"})
_FIRST_ROLE = {
    RosterStanding.TEACHER: StaffRole.GEN_ED_TEACHER,
    RosterStanding.HELPER: StaffRole.PARAPROFESSIONAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One place on the team. ``place`` is the id that a form sends."""

    name: str
    initials: str
    note: str
    place: str
    is_you: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedRow:
    """Somebody the LMS lists as staff of the child's courses. ``first`` is the role offered first."""

    name: str
    initials: str
    note: str
    member: str
    first: str


@blueprint.get("/app/c/<uuid:student_id>/team")
def team(student_id: UUID) -> Answer:
    """Show who is on a child's team and since when; offer whom the LMS lists beside them."""
    viewer = current_viewer()
    return _team(viewer, caseload_of(viewer).people.team(StudentId(student_id)))


@blueprint.post("/app/c/<uuid:student_id>/team")
def change_team(student_id: UUID) -> Answer:
    """Add somebody, take somebody off, or put them back."""
    viewer = current_viewer()
    people = caseload_of(viewer).people
    child = StudentId(student_id)
    do = request.form.get("do", "")
    try:
        if do == "add":
            member_id = RosterMemberId(given_id("member"))
            role = _staff_role(request.form.get("role", ""))
            is_substitute = role is StaffRole.SUBSTITUTE
            people.add_to_team(
                child,
                member_id,
                role,
                until=_last_day() if is_substitute else None,
                stands_in_for=_replaced() if is_substitute else None,
            )
        elif do == "off":
            people.end_place(child, AssignmentId(given_id("place")))
        elif do == "back":
            people.put_back(child, AssignmentId(given_id("place")))
        else:
            raise InvalidValue("unknown_field", field="do")
    except InvalidValue as error:
        if error.field not in _OF_SUBSTITUTES:
            raise
        frame = frame_of(viewer)
        return _team(viewer, people.team(child), refused=refusal(frame, error)), 422
    except IllegalMove as error:
        frame = frame_of(viewer)
        return _team(viewer, people.team(child), refused=refusal(frame, error)), 409
    return goto(f"/app/c/{student_id}/team", said="team_changed")


def _last_day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        return None


def _replaced() -> AdultId | None:
    return AdultId(given_id("stands_in_for")) if request.form.get("stands_in_for") else None


def _staff_role(text: str) -> StaffRole:
    role = next((one for one in StaffRole if one.value == text), None)
    if role is None:
        raise InvalidValue("unknown_field", field="role")
    return role


def _team(viewer: Viewer, found: TeamView, *, refused: str = "") -> str:
    frame = frame_of(viewer)
    return page(
        frame,
        "team.html",
        title=frame.words("Team"),
        child=found.student.preferred_name,
        back=f"/app/c/{found.student.id}",
        action=f"/app/c/{found.student.id}/team",
        places=[
            PlaceRow(
                name=row.adult.name,
                initials=initials(row.adult.name),
                note=_since(frame, row.assignment),
                place=str(row.assignment.id),
                is_you=row.adult.id == viewer.adult_id,
            )
            for row in found.rows
        ],
        gone=[
            PlaceRow(
                name=row.adult.name,
                initials=initials(row.adult.name),
                note=frame.words(
                    "%(role)s, taken off today", role=plain(frame, f"role.{row.assignment.role.value}")
                ),
                place=str(row.assignment.id),
            )
            for row in found.gone
        ],
        suggestions=[_suggested(frame, member, member.id in found.launched) for member in found.suggestions],
        lms=lms_name(frame),
        roles=of_catalogue(frame, "role", [role.value for role in OFFERED_ROLES]),
        substitutes=[(str(one.id), member_name(frame, one)) for one in found.suggestions],
        typed=request.form if refused else {},
        refused_substitute=bool(refused) and request.form.get("role") == StaffRole.SUBSTITUTE.value,
        colleagues=[(str(row.adult.id), row.adult.name) for row in found.rows],
        today=caseload_of(viewer).desk.clock.today().isoformat(),
        may_change=found.may_change,
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _since(frame: Frame, held: Assignment) -> str:
    role = plain(frame, f"role.{held.role.value}")
    first = format_day(held.starts_on, frame.lang)
    if held.ends_on is None:
        return frame.words("%(role)s, since %(day)s", role=role, day=first)
    last = format_day(held.ends_on, frame.lang)
    return frame.words("%(role)s, from %(day)s to %(last)s", role=role, day=first, last=last)


def _suggested(frame: Frame, member: RosterMember, launched: bool) -> SuggestedRow:
    """Return the line of somebody who could be added, with both facts: what the list says, and how they
    came."""
    course = member.context_title
    listed = {
        RosterStanding.TEACHER: frame.words("Teacher of %(course)s", course=course),
        RosterStanding.HELPER: frame.words("Helper in %(course)s", course=course),
        RosterStanding.PUPIL: frame.words("Listed as a pupil in %(course)s", course=course),
        RosterStanding.OBSERVER: frame.words("Listed as an observer in %(course)s", course=course),
    }.get(member.standing, frame.words("Listed without a part in %(course)s", course=course))
    came = (
        frame.words("has opened Rapport as staff")
        if launched
        else frame.words("has not opened Rapport as staff yet")
    )
    return SuggestedRow(
        name=member_name(frame, member),
        initials=initials(member.name or ""),
        note=f"{listed} · {came}",
        member=str(member.id),
        first=_FIRST_ROLE.get(member.standing, StaffRole.PARAPROFESSIONAL).value,
    )
