"""The family's plan page: what it says, what changed and why; yes, no or a question to each part."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request

from iepcore.caseload import Caseload, FamilyPlanPage
from iepcore.caseload.plan_rules import UNNAMED_SYSTEM
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import ClientKey, PlanVersionId, StudentId
from iepcore.language import FreeText, Phrase, format_day
from iepcore.plan.document import AnswerKind, PlanPart, PlanState
from lti_app.answers import neutral_answer
from lti_app.screens.conversation import EMERGENCY
from lti_app.screens.family_frame import reading_frame, writes_in
from lti_app.screens.family_plan_view import (
    anchor_of,
    changed_lines,
    no_lines,
    notice_rows,
    remark_views,
    section_views,
    split_by_change,
    state_lines,
    step_views,
    why_words,
    written_in,
)
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.page import Frame, advice, family_nav, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("family_plan", __name__)

REMARK = "remark"
"""Stands for a remark among the answers of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A form that came back: the piece it belongs to, what is wrong, and what was typed."""

    at: str
    error: str
    words: str
    client_key: str


@blueprint.get("/app/my/doc")
def mine() -> Response:
    """Show the plan of the one child, or the children to choose from; everybody else's neutral page."""
    viewer = current_viewer()
    if viewer.adult_id is None:
        return neutral_answer()
    caseload = caseload_of(viewer)
    children = caseload.home.children()
    if not children:
        return neutral_answer()
    if len(children) == 1:
        return _show(caseload, children[0].student.id)
    frame = reading_frame(viewer, caseload)
    body = page(
        frame,
        "my_children.html",
        title=frame.words("Plan"),
        current="plan",
        nav=family_nav(frame),
        suffix="/doc",
        children=[(row, initials(row.student.preferred_name)) for row in children],
    )
    return make_response(body)


@blueprint.get("/app/my/<uuid:student_id>/doc")
def plan(student_id: UUID) -> Response:
    """Show the plan that is proposed or in force, or the version that was asked for."""
    return _show(caseload_of(current_viewer()), StudentId(student_id))


@blueprint.post("/app/my/<uuid:student_id>/doc/say")
def say(student_id: UUID) -> Response:
    """Keep a yes, a no, a question or a remark.

    Raises:
        NotFound: when the form names a version of another child, or no part of the plan.
    """
    caseload = caseload_of(current_viewer())
    part, about = _given_part()
    version_id = _given_version(caseload, student_id)
    act = request.form.get("act", "")
    try:
        words = _given_words()
        key = ClientKey(given_key())
        if act == REMARK:
            if words is None:
                raise InvalidValue("text_empty", field="words")
            caseload.answering.comment(version_id, words, key, part=part, about=about)
        else:
            if part is None or act not in {one.value for one in AnswerKind}:
                raise NotFound("plan_part")
            given = words if act == AnswerKind.QUESTION.value else None
            caseload.answering.answer(version_id, part, about, AnswerKind(act), key, words=given)
    except InvalidValue as error:
        frame = reading_frame(current_viewer(), caseload)
        refused = Refused(
            at=anchor_of(part, about),
            error=advice(error, frame),
            words=request.form.get("words", ""),
            client_key=request.form.get("client_key", ""),
        )
        return _show(caseload, StudentId(student_id), refused=refused)
    said = "remark_sent" if act == REMARK else f"said_{act}"
    return goto(_path(student_id, anchor_of(part, about)), said=said)


def _given_part() -> tuple[PlanPart | None, str]:
    name = request.form.get("part", "")
    if not name:
        return None, ""
    try:
        return PlanPart(name), request.form.get("about", "")
    except ValueError:
        raise NotFound("plan_part") from None


def _given_version(caseload: Caseload, student_id: UUID) -> PlanVersionId:
    """Return the version of the form; the address and the form must name one child."""
    try:
        version_id = PlanVersionId(given_id("version"))
    except InvalidValue:
        raise NotFound("plan_version") from None
    caseload.answering.page(StudentId(student_id), version_id)
    return version_id


def _given_words() -> FreeText | None:
    typed = request.form.get("words", "").strip()
    return FreeText(text=typed, lang=writes_in(current_viewer())) if typed else None


def _path(student_id: UUID, anchor: str) -> str:
    wanted = request.form.get("v", "")
    query = f"?v={UUID(wanted)}" if _is_id(wanted) else ""
    return f"/app/my/{student_id}/doc{query}#{anchor}"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _show(caseload: Caseload, student_id: StudentId, *, refused: Refused | None = None) -> Response:
    viewer = current_viewer()
    frame = reading_frame(viewer, caseload)
    wanted = request.args.get("v") or request.form.get("v") or ""
    if wanted and not _is_id(wanted):
        raise NotFound("plan_version")
    found = caseload.answering.page(student_id, PlanVersionId(UUID(wanted)) if wanted else None)
    shown = found.shown
    heading, lines = state_lines(frame, found) if shown is not None else ("", ())
    sections, unchanged = split_by_change(found, section_views(frame, found))
    pieces = [piece for section in sections for _, group in section.groups for piece in group]
    body = page(
        frame,
        "family_plan.html",
        title=frame.words("Plan"),
        current="plan",
        nav=family_nav(frame),
        child=found.student.preferred_name,
        student_id=student_id,
        version=shown.id if shown is not None else "",
        v=wanted,
        heading_words=heading,
        state_lines=lines,
        is_proposed=shown is not None and shown.state is PlanState.PROPOSED,
        copy_words=_copy_words(frame, found),
        official_link=found.official.link if found.official is not None else "",
        changes=changed_lines(frame, found),
        why=why_words(frame, shown) if shown is not None else None,
        no_lines=no_lines(frame, found) if found.may_answer else (),
        notice_rows=notice_rows(frame, found.notice),
        sections=sections,
        unchanged=unchanged,
        answered=sum(bool(piece.kind) for piece in pieces),
        to_answer=sum(piece.takes_answer for piece in pieces),
        steps=step_views(frame, found),
        whole=remark_views(frame, found.remarks, None),
        whole_key=uuid4(),
        asked=[(one.id, frame.say(one.text)) for one in found.asked if one.text is not None],
        may_comment=found.may_comment,
        may_answer=found.may_answer,
        may_decide=found.may_decide,
        written_in=written_in(frame, shown.contents) if shown is not None else "",
        audience=frame.say(Phrase(key="audience.team")),
        watched=frame.say(Phrase(key="watch.family", params={"number": EMERGENCY})),
        refused=refused,
        done=_done(frame),
    )
    return make_response(body, 200 if refused is None else 422)


def _copy_words(frame: Frame, found: FamilyPlanPage) -> str:
    """Return the line about a plan that another system keeps, with the day of this copy."""
    shown = found.shown
    if shown is None or shown.as_of is None:
        return ""
    return frame.words(
        "The official plan is kept in %(system)s. This is a working copy as of %(day)s. "
        "You sign there, not here.",
        system=shown.kept_in if shown.kept_in != UNNAMED_SYSTEM else frame.words("the district’s own system"),
        day=format_day(shown.as_of, frame.lang),
    )


def _done(frame: Frame) -> str:
    return {
        "said_accepted": frame.words("Kept: yes. You can take it back until the plan begins."),
        "said_not_accepted": frame.words("Kept: no. The team reads it. You can tell them why."),
        "said_question": frame.words("Your question is with the team."),
        "said_taken_back": frame.words("Taken back. It counts no more."),
        "remark_sent": frame.words("Sent to the team."),
        "signed": frame.words("Signed. Thank you."),
        "declined": frame.words("Kept: you do not agree. The team reads it."),
        "signature_back": frame.words("Your signature is taken back."),
    }.get(request.args.get("said", ""), "")
