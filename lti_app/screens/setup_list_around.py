"""After the records are open: staff of the courses who are not on the teams, and parents one by one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, Confirmation, DoubtRow, FamilyView, ParentOffer, StaffOffer
from iepcore.errors import IllegalMove, InvalidValue, NotPermitted
from iepcore.ids import AdultId, MatchDoubtId, RosterMemberId, StudentId
from iepcore.language import LANGUAGES
from iepcore.people import DoubtState, Relation, RosterStanding, StaffRole
from lti_app.screens import family_rows
from lti_app.screens.choices import Options, languages, member_name, of_catalogue, plain, refusal
from lti_app.screens.forms import given_id
from lti_app.screens.page import Frame, advice, frame_of, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.rosters_words import doubt_words
from lti_app.screens.said import said_words
from lti_app.screens.setup_list import steps
from lti_app.screens.team import OFFERED_ROLES
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("setup_list_around", __name__)

Answer = str | Response | tuple[str, int]
Errors = list[tuple[str, str]]
PATH = "/app/setup/around"
NEW_HOME = "new"
FEW_NAMES = 6
"""So many children are named beside a member of staff; more are counted."""

_FLAGS = ("may_access_records", "may_decide")
_ASKED = ("relation", "home", "reads", "basis", "needs_interpreter", *_FLAGS)

_RELATIONS = {
    "parent": Relation.PARENT,
    "mother": Relation.MOTHER,
    "father": Relation.FATHER,
    "guardian": Relation.GUARDIAN,
}
"""The source's own word as a first choice: a word gives no right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """Somebody who could come on some teams."""

    member: str
    name: str
    initials: str
    note: str
    children: str
    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedLine:
    """Somebody who came on teams today."""

    adult: str
    role: str
    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentLine:
    """An adult of whom a roster says that they act for a child."""

    name: str
    initials: str
    note: str
    href: str
    is_actor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedParent:
    """The one parent whose rights are asked now."""

    student: str
    member: str
    name: str
    child: str
    said: str
    homes: Options
    home: str


@blueprint.get(PATH)
def around() -> Answer:
    """Show what the rosters offer for the children whom the viewer manages."""
    return _around(_staff_viewer())


@blueprint.post(PATH)
def change() -> Answer:
    """Add staff, take them off, confirm a parent, answer a question, or take opened records back."""
    viewer = _staff_viewer()
    caseload, frame = caseload_of(viewer), frame_of(viewer)
    do, said = request.form.get("do", ""), ""
    try:
        if do == "confirm":
            return _confirm(viewer, caseload, frame)
        if do == "add":
            caseload.around.add_staff({RosterMemberId(given_id("member")): _role("role")})
            said = "team_changed"
        elif do == "add_all":
            members = request.form.getlist("member")
            caseload.around.add_staff({RosterMemberId(UUID(one)): _role(f"role-{one}") for one in members})
            said = "team_changed"
        elif do == "off":
            caseload.around.take_off(AdultId(given_id("adult")), _role("role"))
            said = "team_changed"
        elif do == "back":
            found = [one.id for one in caseload.setup.fresh()]
            caseload.setup.take_back(found)
            return goto("/app/setup", said="records_taken_back")
        elif do in {one.value for one in DoubtState}:
            caseload.doubts.decide(MatchDoubtId(given_id("doubt")), DoubtState(do))
        else:
            raise InvalidValue("unknown_field", field="do")
    except IllegalMove as error:
        return _around(viewer, refused=refusal(frame, error)), 409
    except ValueError:
        raise InvalidValue("not_an_id", field="member") from None
    return goto(PATH, said=said or None)


def _staff_viewer() -> Viewer:
    """Return the viewer; a family finds nothing here."""
    viewer = current_viewer()
    if viewer.family:
        raise NotPermitted("no_standing")
    return viewer


def _role(field: str) -> StaffRole:
    role = next((one for one in OFFERED_ROLES if one.value == request.form.get(field, "")), None)
    if role is None:
        raise InvalidValue("unknown_field", field=field)
    return role


def _confirm(viewer: Viewer, caseload: Caseload, frame: Frame) -> Answer:
    student_id, member_id = StudentId(given_id("student")), RosterMemberId(given_id("member"))
    found = caseload.families.view(student_id)
    typed = {name: request.form.get(name, "").strip() for name in _ASKED}
    errors = _errors(frame, typed, found)
    if not errors:
        try:
            caseload.families.confirm(student_id, member_id, _said(typed, found))
            return goto(PATH, said="parent_confirmed")
        except InvalidValue as error:
            errors = [(error.field or "basis", advice(error, frame))]
    return _around(viewer, typed=typed, errors=errors), 422


def _errors(frame: Frame, typed: dict[str, str], found: FamilyView) -> Errors:
    errors: Errors = []
    if typed["relation"] not in {one.value for one in Relation}:
        errors.append(("relation", frame.words("Choose who this person is to the child.")))
    if typed["home"] not in {NEW_HOME, *family_rows.homes_of(found)}:
        errors.append(("home", frame.words("Choose where this person lives.")))
    if typed["reads"] not in {found.student.home_language, *(one.tag for one in LANGUAGES)}:
        errors.append(("reads", plain(frame, "advice.unknown_language")))
    words = frame.words("Answer yes or no.")
    errors += [(flag, words) for flag in _FLAGS if typed[flag] not in {"yes", "no"}]
    if not typed["basis"]:
        errors.append(("basis", plain(frame, "advice.basis_empty")))
    return errors


def _said(typed: dict[str, str], found: FamilyView) -> Confirmation:
    home = typed["home"]
    return Confirmation(
        relation=Relation(typed["relation"]),
        household=family_rows.next_home(found) if home == NEW_HOME else home,
        may_access_records=typed["may_access_records"] == "yes",
        may_decide=typed["may_decide"] == "yes",
        basis=typed["basis"],
        reads=typed["reads"],
        needs_interpreter=typed["needs_interpreter"] == "1",
    )


def _around(
    viewer: Viewer,
    *,
    refused: Markup | str = "",
    typed: dict[str, str] | None = None,
    errors: Errors | None = None,
) -> str:
    frame, caseload = frame_of(viewer), caseload_of(viewer)
    found = caseload.around.page()
    asked = _asked_now(found.parents)
    view = caseload.families.view(asked.student.id) if asked is not None else None
    others = [one for one in found.parents if one is not asked]
    fresh = caseload.setup.fresh()
    values = typed or _first_values(asked, view)
    return page(
        frame,
        "setup_list_around.html",
        title=frame.words("People around them"),
        steps=steps(frame, 2),
        path=PATH,
        students=len(found.students),
        fresh=len(fresh),
        listed=found.listed,
        staff=[_staff(frame, one) for one in found.staff],
        added=[
            AddedLine(
                adult=str(one.adult.id),
                role=one.role.value,
                name=one.adult.name,
                note=frame.count_words(
                    "%(role)s on %(number)s team",
                    "%(role)s on %(number)s teams",
                    one.students,
                    role=plain(frame, f"role.{one.role.value}"),
                ),
            )
            for one in found.added
        ],
        roles=of_catalogue(frame, "role", [role.value for role in OFFERED_ROLES]),
        asked=_asked(frame, asked, view) if asked is not None and view is not None else None,
        parents=[_parent(frame, one) for one in others],
        without=[one.preferred_name for one in found.without_adult],
        relations=[
            ("", frame.words("Choose")),
            *of_catalogue(frame, "relation", [one.value for one in Relation]),
        ],
        languages_offered=languages(frame, held=view.student.home_language if view is not None else ""),
        typed=values,
        errors=errors or [],
        wrong=dict(errors or []),
        doubts=[_doubt(frame, one) for one in caseload.doubts.of_pupils()],
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _asked_now(parents: tuple[ParentOffer, ...]) -> ParentOffer | None:
    """Return the parent whose turn it is: the one the form or the link names, else the first."""
    free = [one for one in parents if not one.is_actor]
    given = request.form if request.method == "POST" else request.args
    wanted = (given.get("student", ""), given.get("member", ""))
    named = [one for one in free if (str(one.student.id), str(one.line.id)) == wanted]
    return next(iter([*named, *free]), None)


def _first_values(asked: ParentOffer | None, view: FamilyView | None) -> dict[str, str]:
    if asked is None or view is None:
        return {}
    relation = _RELATIONS.get(asked.relation.casefold())
    return {"relation": relation.value if relation else "", "reads": view.student.home_language}


def _asked(frame: Frame, offer: ParentOffer, view: FamilyView) -> AskedParent:
    homes = family_rows.homes_of(view)
    new = frame.words("In another home") if homes else frame.words("In a home of their own")
    return AskedParent(
        student=str(offer.student.id),
        member=str(offer.line.id),
        name=member_name(frame, offer.line),
        child=offer.student.preferred_name,
        said=_roster_words(frame, offer),
        homes=[
            *((home, frame.words("With %(names)s", names=names)) for home, names in homes.items()),
            (NEW_HOME, new),
        ],
        home="" if homes else NEW_HOME,
    )


def _parent(frame: Frame, offer: ParentOffer) -> ParentLine:
    return ParentLine(
        name=member_name(frame, offer.line),
        initials=initials(offer.line.name or ""),
        note=frame.words("for %(child)s", child=offer.student.preferred_name),
        href=f"{PATH}?student={offer.student.id}&member={offer.line.id}",
        is_actor=offer.is_actor,
    )


def _roster_words(frame: Frame, offer: ParentOffer) -> str:
    if offer.relation:
        return frame.words("The roster says: %(word)s.", word=offer.relation)
    return frame.words("The roster links them.")


def _staff(frame: Frame, offer: StaffOffer) -> StaffLine:
    names = [one.preferred_name for one in offer.students]
    is_helper = offer.line.standing is RosterStanding.HELPER
    first = StaffRole.PARAPROFESSIONAL if is_helper else StaffRole.GEN_ED_TEACHER
    return StaffLine(
        member=str(offer.line.id),
        name=member_name(frame, offer.line),
        initials=initials(offer.line.name or ""),
        note=", ".join(offer.courses[:3]),
        children=frame.count_words("%(number)s of your students", "%(number)s of your students", len(names))
        if len(names) > FEW_NAMES
        else frame.words("for %(child)s", child=", ".join(names)),
        first=first.value,
    )


def _doubt(frame: Frame, row: DoubtRow) -> dict[str, str]:
    return {
        "id": str(row.doubt.id),
        "name": member_name(frame, row.line),
        "note": ", ".join(row.courses),
        "other": row.name,
        "why": doubt_words(frame, row.doubt.reason),
    }
