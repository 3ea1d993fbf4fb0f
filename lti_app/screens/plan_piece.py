"""One part of a draft, written: it keeps itself, and what two people write stands side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request
from markupsafe import Markup

from iepcore.caseload import Caseload, PlanPage
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.people import Adult
from iepcore.plan import Goal
from iepcore.plan.document import (
    FactorAnswer,
    GoalKind,
    PlanContents,
    PlanPart,
    PlanVersion,
    part_hash,
    part_of,
    put_part,
)
from lti_app.screens.goal_form import kind_of, suggested
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_asks import rule_words
from lti_app.screens.plan_begin import drafted
from lti_app.screens.plan_choices import error_words, fields_of
from lti_app.screens.plan_draft import MANY, wish_rows
from lti_app.screens.plan_factors import put_factors, read_all, typed_all
from lti_app.screens.plan_fields import PartForm, Typed
from lti_app.screens.plan_form import read_part, typed_of
from lti_app.screens.plan_keeping import (
    KeptForm,
    answer_kept,
    save_if_possible,
    typed_in,
    when_kept,
    words_in,
)
from lti_app.screens.plan_reading import Piece, section_of
from lti_app.screens.plan_routes import about_of, piece_path, plan_path, slug_of
from lti_app.screens.plan_words import part_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_piece", __name__)

_BASE = "/app/c/<uuid:student_id>/doc/draft/<part_name>"
Errors = Mapping[str, InvalidValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody writes: the child's plan, its draft, the part, and which piece ("" for a new one)."""

    caseload: Caseload
    found: PlanPage
    draft: PlanVersion
    part: PlanPart
    about: str

    @property
    def value(self) -> object:
        """How the piece stands in the draft now; None for a new one."""
        if self.part is PlanPart.FACTOR or (self.part in MANY and not self.about):
            return None
        return part_of(self.draft.contents, self.part, self.about)

    @property
    def stands(self) -> str:
        """The hash of how it stands now."""
        if self.part is PlanPart.FACTOR or (self.part in MANY and not self.about):
            return ""
        return part_hash(self.draft.contents, self.part, self.about)

    @property
    def form(self) -> KeptForm:
        """The form its author fills in."""
        return KeptForm(
            student_id=self.found.student.id,
            form=self.part.value,
            about=self.about,
            version_id=self.draft.id,
        )

    @property
    def path(self) -> str:
        """Its address."""
        return piece_path(self.found.student.id, self.part, self.about)


def _place(student_id: UUID, part_name: str, slug: str) -> Place:
    caseload = caseload_of(current_viewer())
    found, draft = drafted(caseload, student_id)
    try:
        part = PlanPart(part_name)
    except ValueError:
        raise NotFound("plan_part") from None
    if part is PlanPart.OBJECTIVE:
        raise NotFound("plan_part")  # steps are written with their goal
    about = about_of(draft.contents, part, slug) if slug else ""
    given = request.form.get("about", "")
    if about is None and slug_of(given) == slug:
        about = given  # a colleague took it out meanwhile: what is written about it is not lost
    if about is None:
        raise NotFound("plan_part")
    return Place(caseload=caseload, found=found, draft=draft, part=part, about=about)


@blueprint.get(_BASE)
@blueprint.get(f"{_BASE}/<slug>")
def write(student_id: UUID, part_name: str, slug: str = "") -> Response:
    """Show the form: what its author had typed before, else how the piece stands in the draft."""
    place = _place(student_id, part_name, slug)
    kept = place.form.of(place.found.forms)
    if kept is not None:
        return _show(place, {**typed_in(kept), "started_from": kept.started_from}, kept_version=kept.version)
    return _show(place, _first(place))


@blueprint.post(f"{_BASE}/keep")
@blueprint.post(f"{_BASE}/<slug>/keep")
def keep(student_id: UUID, part_name: str, slug: str = "") -> Response:
    """Keep the form as it is typed, every second."""
    place = _place(student_id, part_name, slug)
    return answer_kept(frame_of(current_viewer()), place.caseload, place.form, request.form)


@blueprint.post(_BASE)
@blueprint.post(f"{_BASE}/<slug>")
def put(student_id: UUID, part_name: str, slug: str = "") -> Response:
    """Put the piece into the draft, keep it for later, take it out, or settle what two people wrote."""
    place = _place(student_id, part_name, slug)
    typed = dict(request.form.items())
    do = typed.pop("do", "put")
    overview = f"{plan_path(place.found.student.id)}/draft"
    if do in {"theirs", "forget"}:
        _forget(place)
        return goto(place.path if do == "forget" else overview)
    if do == "measure":
        return _measure(place, typed)
    if do == "keep":
        save_if_possible(place.caseload, place.form, request.form)
        return goto(overview, said="plan_form_kept")
    if do == "join":
        return _join(place, typed)
    if do == "mine":
        typed["started_from"] = place.stands
    return _put(place, typed, overview, remove=do == "remove")


def _put(place: Place, typed: dict[str, str], overview: str, *, remove: bool) -> Response:
    form = _reader(place)
    try:
        if place.part is PlanPart.FACTOR:
            answers = read_all(typed, form, place.draft.contents)
            if answers is not None:
                put_factors(place.caseload, place.draft, answers, typed)
        else:
            value = None if remove else read_part(place.part, typed, form)
            if not form.errors and not _is_there(place, value):
                place.caseload.drafting.put(
                    place.draft.id,
                    place.part,
                    value,
                    started_from=place.stands if remove else typed.get("started_from", ""),
                    about=place.about,
                )
    except InvalidValue as error:
        form.note(error, "area" if place.part is PlanPart.LEVEL and error.field == "levels" else "")
    except Conflict as both:
        return _clash(place, typed, both)
    except IllegalMove as error:
        words = rule_words(frame_of(current_viewer()), error)
        return _show(place, typed, refused=words, kept_version=_kept(place, typed))
    if form.errors:
        return _show(place, typed, form.errors, kept_version=_kept(place, typed))
    _forget(place)
    return goto(overview, said="plan_part_put")


def _is_there(place: Place, value: object) -> bool:
    """Tell whether a new piece stands in the draft already: the same form, sent twice."""
    if place.about or value is None or place.part not in MANY:
        return False
    return value in getattr(place.draft.contents, f"{place.part.value}s")


def _reader(place: Place) -> PartForm:
    contents = place.draft.contents
    return PartForm(
        student_id=place.found.student.id,
        lang=frame_of(current_viewer()).lang,
        before=place.value,
        areas=tuple(level.area for level in contents.levels),
    )


def _first(place: Place) -> dict[str, str]:
    """Return what the form holds before anything is typed."""
    if place.part is PlanPart.FACTOR:
        return typed_all(place.draft.contents)
    typed = typed_of(place.part, place.value)
    typed["started_from"] = place.stands
    if place.value is not None:
        return typed
    typed["new_id"] = str(uuid4())
    if place.part is PlanPart.GOAL:
        typed |= {"goal_id": typed["new_id"], "serves": "", "way": "in_a_row", "k": "3"}
        goal = next((one for one in place.found.goals if str(one.id) == request.args.get("goal")), None)
        if goal is not None:
            typed |= {"goal_id": str(goal.id), "words": goal.text.text, "kind": GoalKind.ACADEMIC.value}
    elif place.part is PlanPart.SERVICE:
        typed |= {
            "begins_on": place.draft.begins_on.isoformat(),
            "ends_on": place.draft.ends_on.isoformat(),
            "delivery": "direct",
            "interval": "week",
        }
    elif place.part in {PlanPart.CONCERN, PlanPart.ESY}:
        typed |= {"asked_on": place.found.today.isoformat(), "on": place.found.today.isoformat()}
    return typed


def _measure(place: Place, typed: dict[str, str]) -> Response:
    """Show the fields that a kind of measure needs, with what is usual in those that are empty."""
    kind = kind_of(typed.get("measure", ""))
    if kind is not None:
        usual = suggested(kind, place.found.today)
        typed = {**usual, **{name: value for name, value in typed.items() if value}}
    return _show(place, typed, kept_version=_kept(place, typed))


def _join(place: Place, typed: dict[str, str]) -> Response:
    """Put the other one's words before one's own in each text that differs; both can then be edited."""
    theirs = typed_of(place.part, place.value)
    for name, text in theirs.items():
        mine = typed.get(name, "")
        if "\n" in f"{text}{mine}" or " " in f"{text.strip()}{mine.strip()}":
            if text.strip() and mine.strip() and text.strip() != mine.strip():
                typed[name] = f"{text.strip()}\n\n{mine.strip()}"
            elif not mine.strip():
                typed[name] = text
    typed["started_from"] = place.stands
    return _show(place, typed, kept_version=_kept(place, typed))


def _clash(place: Place, typed: dict[str, str], both: Conflict) -> Response:
    """Show what stands beside what was written. Nothing is put in before somebody chose."""
    fresh = _place(place.found.student.id, place.part.value, "")
    now = replace(place, found=fresh.found, draft=fresh.draft)
    sides = {"theirs": _piece(place, both.current), "mine": _piece(place, both.yours)}
    return _show(now, typed, clash=sides, kept_version=_kept(place, typed))


def _piece(place: Place, value: object) -> Piece | None:
    if value is None:
        return None
    frame = frame_of(current_viewer())
    if isinstance(value, FactorAnswer):
        alone = PlanContents(factors=(value,))
    elif place.part is PlanPart.GOAL:  # it builds on levels, which have to be there
        alone = put_part(replace(place.draft.contents, goals=()), place.part, "", value)
    else:
        alone = put_part(PlanContents(), place.part, "", value)
    return section_of(frame, alone, place.part).pieces[0]


def _kept(place: Place, typed: Typed) -> int | None:
    """Keep what was typed beside what is said of it: a page that is closed now loses nothing."""
    kept = save_if_possible(place.caseload, place.form, typed)
    return kept.version if kept is not None else None


def _forget(place: Place) -> None:
    kept = place.form.of(place.found.forms)
    if kept is not None:
        place.caseload.drafting.drop_form(place.found.student.id, kept.id)


def _show(
    place: Place,
    typed: Typed,
    errors: Errors | None = None,
    *,
    refused: Markup | str = "",
    clash: Mapping[str, Piece | None] | None = None,
    kept_version: int | None = None,
) -> Response:
    frame = frame_of(current_viewer())
    kept = place.form.of(place.found.forms)
    if kept_version is None:
        kept_version = kept.version if kept is not None else 0
    is_resumed = request.method == "GET" and kept is not None
    wrong = errors or {}
    body = page(
        frame,
        "plan_part.html",
        title=part_words(frame, place.part),
        title_words=part_words(frame, place.part),
        child=place.found.student.preferred_name,
        path=plan_path(place.found.student.id),
        action=place.path,
        about=place.about,
        keep=f"{place.path}/keep",
        part=place.part.value,
        f=fields_of(
            frame,
            words_in(typed),
            wrong,
            place.draft.contents,
            is_living=_is_living(place.found.goals, typed.get("goal_id", "")),
            team=_team(place),
        ),
        errors=[(name, error_words(frame, error)) for name, error in wrong.items()],
        wishes=wish_rows(frame, place.found),
        clash=clash,
        refused=refused,
        is_resumed=is_resumed,
        resumed_at=when_kept(frame, kept) if kept is not None else "",
        draft_version=kept_version,
        started_from=typed.get("started_from", ""),
        may_remove=place.value is not None,
        saved_state="kept",
        saved_words=_saved_words(frame, is_kept=kept_version > 0),
    )
    return make_response(body, 422 if wrong else 409 if clash or refused else 200)


def _saved_words(frame: Frame, *, is_kept: bool) -> str:
    return frame.words("Kept") if is_kept else frame.words("Kept as you write")


def _is_living(goals: tuple[Goal, ...], goal_id: str) -> bool:
    return any(str(goal.id) == goal_id for goal in goals)


def _team(place: Place) -> list[Adult]:
    if place.part is not PlanPart.SERVICE:
        return []
    return [adult for _, adult in place.caseload.goals.student(place.found.student.id).team]
