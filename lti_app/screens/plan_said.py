"""What families said to one version of a plan, adult by adult, and the school's answers to each of them."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request

from iepcore.caseload import Caseload, Remark, SaidPage
from iepcore.caseload.heard import unanswered
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import ClientKey, PlanCommentId, PlanVersionId, StudentId
from iepcore.language import FreeText
from iepcore.plan.document import PlanPart, Voice
from lti_app.screens import plan_words as say
from lti_app.screens.bubbles import language_word, same_language, when_words
from lti_app.screens.forms import given_key
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_reading import section_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_said", __name__)

TO_ALL = ""
"""Stands for a word to every family of the child instead of an answer to one adult."""


@blueprint.get("/app/c/<uuid:student_id>/said/<uuid:version_id>")
def said(student_id: UUID, version_id: UUID) -> Response:
    """Show what was said to a version."""
    return _show(caseload_of(current_viewer()), StudentId(student_id), PlanVersionId(version_id))


@blueprint.post("/app/c/<uuid:student_id>/said/<uuid:version_id>")
def reply(student_id: UUID, version_id: UUID) -> Response:
    """Answer one remark, or say something to every family of the child.

    Raises:
        NotFound: for a remark that is not of this version.
    """
    caseload, of = caseload_of(current_viewer()), PlanVersionId(version_id)
    found = _said(caseload, StudentId(student_id), of)
    to = request.form.get("to", TO_ALL)
    answered = next((one.comment for one in found.remarks if str(one.comment.id) == to), None)
    if to != TO_ALL and answered is None:
        raise NotFound("plan_comment")
    frame = frame_of(current_viewer())
    try:
        caseload.answering.comment(
            of,
            FreeText(text=request.form.get("words", ""), lang=frame.lang),
            ClientKey(given_key()),
            part=answered.part if answered is not None else None,
            about=answered.about if answered is not None else "",
            answers=PlanCommentId(answered.id) if answered is not None else None,
        )
    except InvalidValue as error:
        return _show(caseload, StudentId(student_id), of, at=to, error=error)
    return goto(f"/app/c/{student_id}/said/{version_id}", said="remark_answered")


def _said(caseload: Caseload, student_id: StudentId, version_id: PlanVersionId) -> SaidPage:
    found = caseload.answering.said(version_id)
    if found.version.student_id != student_id:  # the address names two children
        raise NotFound("plan_version")
    return found


def _show(
    caseload: Caseload,
    student_id: StudentId,
    version_id: PlanVersionId,
    *,
    at: str = TO_ALL,
    error: InvalidValue | None = None,
) -> Response:
    frame = frame_of(current_viewer())
    found = _said(caseload, student_id, version_id)
    waiting = {one.id for one in unanswered(one.comment for one in found.remarks)}
    body = page(
        frame,
        "plan_said.html",
        title=frame.words("What was said"),
        student_id=student_id,
        path=f"/app/c/{student_id}/said/{version_id}",
        remarks=[_remark(frame, found, one, one.comment.id in waiting) for one in found.remarks],
        answers=[
            {
                "author": name,
                "about": _about(frame, found, answer.part, answer.about),
                "answer": _answer_words(frame, answer.answer.value),
                "when": when_words(frame, answer.answered_at),
            }
            for answer, name in found.answers
        ],
        key=uuid4(),
        at=at,
        typed=request.form.get("words", "") if error is not None else "",
        error=advice(error, frame) if error is not None else "",
        done=frame.words("Sent. The notice goes out on its own.")
        if request.args.get("said", "") == "remark_answered"
        else "",
    )
    return make_response(body, 200 if error is None else 422)


def _answer_words(frame: Frame, answer: str) -> str:
    return {
        "accepted": frame.words("says yes"),
        "not_accepted": frame.words("says no"),
        "question": frame.words("asks"),
    }[answer]


def _about(frame: Frame, found: SaidPage, part: PlanPart | None, about: str) -> str:
    """Return what a remark is about: the heading of the part, and the piece where it has a name."""
    if part is None:
        return frame.words("The whole plan")
    heading = say.part_words(frame, part)
    pieces = section_of(frame, found.version.contents, part).pieces
    title = next((one.title.striptags() for one in pieces if one.about == about), "")
    return f"{heading}: {title}" if title else heading


def _remark(frame: Frame, found: SaidPage, one: Remark, waits: bool) -> dict[str, object]:
    comment = one.comment
    foreign = not same_language(comment.words.lang, frame.lang)
    return {
        "id": str(comment.id),
        "author": one.author_name,
        "of_family": comment.voice is not Voice.STAFF,
        "to_all": comment.voice is Voice.STAFF and comment.answers is None,
        "about": _about(frame, found, comment.part, comment.about),
        "words": frame.say(comment.words),
        "language": language_word(frame, comment.words.lang) if foreign else "",
        "when": when_words(frame, comment.said_at),
        "stamp": comment.said_at.isoformat(),
        "waits": waits,
        "key": uuid4(),
    }
