"""Confirming a parent and changing their two rights: each is asked by itself, nothing is preselected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request

from iepcore.caseload import Candidate, Caseload, Confirmation, FamilyView, ParentRow
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.ids import RelationshipId, RosterMemberId, StudentId
from iepcore.language import LANGUAGES
from iepcore.people import Relation, Relationship
from lti_app.screens import family_rows
from lti_app.screens.choices import (
    languages,
    lms_name,
    member_name,
    name_has,
    name_is,
    of_catalogue,
    plain,
    refusal,
)
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("family_setup", __name__)

Answer = str | Response | tuple[str, int]
Errors = list[tuple[str, str]]

NEW_HOME = "new"
"""The choice of a home of its own in the question of who lives together."""

FEW = 6
"""As many observers of a course as are shown without a tap when nobody is linked to the child."""

_FLAGS = ("may_access_records", "may_decide")
_ASKED = (
    "relation",
    "home",
    "reads",
    "speaks",
    "basis",
    "document",
    "valid_to",
    "address_protected",
    "needs_interpreter",
    "knows_adult",
    *_FLAGS,
)


@blueprint.get("/app/c/<uuid:student_id>/family")
def family(student_id: UUID) -> str:
    """Show the confirmed adults with their rights, and those who could be confirmed."""
    return _family(student_id, "")


@blueprint.post("/app/c/<uuid:student_id>/family")
def find_person(student_id: UUID) -> str:
    """Show the observers whose name holds some letters, sent as a form: a name is in no URL."""
    return _family(student_id, request.form.get("q", "").strip())


def _family(student_id: UUID, wanted: str) -> str:
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = caseload.families.view(StudentId(student_id))
    today = caseload.desk.clock.today()
    others = [row for row in found.candidates if not row.linked and name_has(row.member, wanted)]
    # A classmate's name is nobody's to browse: only who knows the whole name finds the person.
    pupils = [row for row in found.listed_as_pupils if name_is(row.member, wanted)]
    return page(
        frame,
        "family_setup.html",
        title=frame.words("Family and rights"),
        child=found.student.preferred_name,
        path=f"/app/c/{student_id}",
        lms=lms_name(frame),
        parents=[family_rows.parent_of(frame, row, found, today) for row in found.rows],
        linked=[family_rows.candidate_of(frame, row, found) for row in found.candidates if row.linked],
        others=[family_rows.candidate_of(frame, row, found) for row in others],
        pupils=[family_rows.candidate_of(frame, row, found) for row in pupils],
        may_find_pupils=bool(found.listed_as_pupils),
        wanted=wanted,
        few=FEW,
        may_change=found.may_change,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


@blueprint.get("/app/c/<uuid:student_id>/family/<uuid:member_id>")
def confirm_form(student_id: UUID, member_id: UUID) -> Answer:
    """Ask what is to be said of one adult. Somebody confirmed meanwhile stands on the family's page."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    found = caseload_of(viewer).families.view(StudentId(student_id))
    if found.may_change and _row(found, member_id) is None:
        return goto(f"/app/c/{student_id}/family")
    typed = {"reads": found.student.home_language, "speaks": found.student.home_language}
    return _confirm_form(frame, found, _candidate(found, member_id), typed, [])


@blueprint.post("/app/c/<uuid:student_id>/family/<uuid:member_id>")
def confirm(student_id: UUID, member_id: UUID) -> Answer:
    """Confirm the adult with both rights as answered."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    families = caseload_of(viewer).families
    found = families.view(StudentId(student_id))
    typed = _typed()
    row = _row(found, member_id)
    errors = _confirm_errors(frame, typed, found, row)
    if errors:
        return _confirm_form(frame, found, _candidate(found, member_id), typed, errors), 422
    if found.may_change and _row(found, member_id) is None:
        return goto(f"/app/c/{student_id}/family")  # confirmed meanwhile, or nobody listed with this child
    try:
        families.confirm(StudentId(student_id), RosterMemberId(member_id), _said(typed, found))
    except InvalidValue as error:
        errors = [(error.field or "basis", advice(error, frame))]
        return _confirm_form(frame, found, _candidate(found, member_id), typed, errors), 422
    except IllegalMove as error:
        if error.code == "already_confirmed":  # the same form again, or a colleague was faster
            return goto(f"/app/c/{student_id}/family")
        row = _candidate(found, member_id)
        return _confirm_form(frame, found, row, typed, [], refused=refusal(frame, error)), 409
    return goto(f"/app/c/{student_id}/family", said="parent_confirmed")


@blueprint.get("/app/c/<uuid:student_id>/family/rights/<uuid:relationship_id>")
def rights_form(student_id: UUID, relationship_id: UUID) -> Answer:
    """Show one adult's two rights, to be changed."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    found = caseload_of(viewer).families.view(StudentId(student_id))
    row = _parent(found, relationship_id)
    return _rights_form(frame, found, row, _held(row.relationship), [])


@blueprint.post("/app/c/<uuid:student_id>/family/rights/<uuid:relationship_id>")
def set_rights(student_id: UUID, relationship_id: UUID) -> Answer:
    """Change the two rights. When a colleague was faster, both versions are shown and nothing is saved."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = caseload.families.view(StudentId(student_id))
    row = _parent(found, relationship_id)
    typed = {**_typed(), "version": request.form.get("version", "")}
    errors = _flag_errors(frame, typed)
    if not typed["basis"]:
        errors.append(("basis", plain(frame, "advice.basis_empty")))
    if errors:
        return _rights_form(frame, found, row, typed, errors), 422
    try:
        _set(caseload, found, row.relationship, typed)
    except InvalidValue as error:
        return _rights_form(frame, found, row, typed, [(error.field or "basis", advice(error, frame))]), 422
    except IllegalMove as error:
        return _rights_form(frame, found, row, typed, [], refused=refusal(frame, error)), 409
    except Conflict:
        fresh = caseload.families.view(StudentId(student_id))
        newer = _parent(fresh, relationship_id)
        typed["version"] = str(newer.relationship.version)
        return _rights_form(frame, fresh, newer, typed, [], newer=True), 409
    return goto(f"/app/c/{student_id}/family", said="rights_changed")


def _set(caseload: Caseload, found: FamilyView, held: Relationship, typed: Mapping[str, str]) -> None:
    if not typed["version"].isdecimal():
        raise InvalidValue("version_range", field="version")
    caseload.families.set_rights(
        held.id,
        found.student.id,
        may_access_records=typed["may_access_records"] == "yes",
        may_decide=typed["may_decide"] == "yes",
        basis=typed["basis"],
        document=typed["document"],
        address_protected=typed["address_protected"] == "1",
        valid_to=_last_day(typed),
        keeps_end=False,
        version=int(typed["version"]),
    )


def _last_day(typed: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(typed["valid_to"]) if typed["valid_to"] else None
    except ValueError:
        raise InvalidValue("not_a_date", field="valid_to") from None


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in _ASKED}


def _held(held: Relationship) -> dict[str, str]:
    return {
        "may_access_records": "yes" if held.may_access_records else "no",
        "may_decide": "yes" if held.may_decide else "no",
        "basis": held.basis,
        "document": held.document,
        "valid_to": held.valid_to.isoformat() if held.valid_to else "",
        "address_protected": "1" if held.address_protected else "",
        "version": str(held.version),
    }


def _row(found: FamilyView, member_id: UUID) -> Candidate | None:
    rows = (*found.candidates, *found.listed_as_pupils)
    return next((one for one in rows if one.member.id == member_id), None)


def _candidate(found: FamilyView, member_id: UUID) -> Candidate:
    row = _row(found, member_id)
    if row is None:
        raise NotFound("roster_member")
    return row


def _parent(found: FamilyView, relationship_id: UUID) -> ParentRow:
    row = next((one for one in found.rows if one.relationship.id == RelationshipId(relationship_id)), None)
    if row is None or not found.may_change or row.relationship.is_the_student:
        raise NotFound("relationship")
    return row


def _flag_errors(frame: Frame, typed: Mapping[str, str]) -> Errors:
    words = frame.words("Answer yes or no.")
    return [(flag, words) for flag in _FLAGS if typed[flag] not in {"yes", "no"}]


def _confirm_errors(
    frame: Frame, typed: Mapping[str, str], found: FamilyView, row: Candidate | None
) -> Errors:
    errors: Errors = []
    if row is not None and row.listed_as_pupil and typed["knows_adult"] != "1":
        errors.append(("knows_adult", frame.words("Say that you know this person to be an adult.")))
    if typed["relation"] not in {one.value for one in Relation}:
        errors.append(("relation", frame.words("Choose who this person is to the child.")))
    if typed["home"] not in {NEW_HOME, *family_rows.homes_of(found)}:
        errors.append(("home", frame.words("Choose where this person lives.")))
    known = {found.student.home_language, *(one.tag for one in LANGUAGES)}
    unknown = plain(frame, "advice.unknown_language")
    errors += [(name, unknown) for name in ("reads", "speaks") if typed[name] not in known]
    errors += _flag_errors(frame, typed)
    if not typed["basis"]:
        errors.append(("basis", plain(frame, "advice.basis_empty")))
    return errors


def _said(typed: Mapping[str, str], found: FamilyView) -> Confirmation:
    home = typed["home"]
    return Confirmation(
        relation=Relation(typed["relation"]),
        household=family_rows.next_home(found) if home == NEW_HOME else home,
        may_access_records=typed["may_access_records"] == "yes",
        may_decide=typed["may_decide"] == "yes",
        basis=typed["basis"],
        reads=typed["reads"],
        speaks=typed["speaks"],
        needs_interpreter=typed["needs_interpreter"] == "1",
        knows_adult=typed["knows_adult"] == "1",
        document=typed["document"],
        address_protected=typed["address_protected"] == "1",
        valid_to=_last_day(typed),
    )


def _confirm_form(
    frame: Frame,
    found: FamilyView,
    row: Candidate,
    typed: Mapping[str, str],
    errors: Errors,
    *,
    refused: str = "",
) -> str:
    name = member_name(frame, row.member)
    homes = family_rows.homes_of(found)
    return page(
        frame,
        "family_setup_confirm.html",
        title=frame.words("Confirm a parent"),
        child=found.student.preferred_name,
        name=name,
        facts=family_rows.facts_of(frame, row, found),
        is_actor=row.is_actor,
        listed_as_pupil=row.listed_as_pupil,
        back=f"/app/c/{found.student.id}/family",
        action=f"/app/c/{found.student.id}/family/{row.member.id}",
        relations=[
            ("", frame.words("Choose")),
            *of_catalogue(frame, "relation", [one.value for one in Relation if one is not Relation.STUDENT]),
        ],
        homes=[
            *((home, frame.words("With %(names)s", names=names)) for home, names in homes.items()),
            (NEW_HOME, frame.words("In another home") if homes else frame.words("In a home of their own")),
        ],
        home_first=typed.get("home") or ("" if homes else NEW_HOME),
        languages_offered=languages(frame, held=found.student.home_language),
        typed=typed,
        errors=errors,
        wrong=dict(errors),
        refused=refused,
    )


def _rights_form(
    frame: Frame,
    found: FamilyView,
    row: ParentRow,
    typed: Mapping[str, str],
    errors: Errors,
    *,
    refused: str = "",
    newer: bool = False,
) -> str:
    return page(
        frame,
        "family_setup_rights.html",
        title=frame.words("Change rights"),
        child=found.student.preferred_name,
        name=row.adult.name,
        relation=plain(frame, f"relation.{row.relationship.relation.value}"),
        now=family_rows.rights_of(frame, row, found),
        back=f"/app/c/{found.student.id}/family",
        action=f"/app/c/{found.student.id}/family/rights/{row.relationship.id}",
        typed=typed,
        errors=errors,
        wrong=dict(errors),
        refused=refused,
        newer=newer,
    )
