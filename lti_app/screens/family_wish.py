"""The question that comes before any plan: what should your child be able to do a year from now?"""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request

from iepcore.caseload import Caseload
from iepcore.errors import InvalidValue
from iepcore.ids import ClientKey, StudentId
from iepcore.language import FreeText, Phrase, format_day
from iepcore.plan.document import FamilyWish, Voice
from lti_app.screens.bubbles import when_words
from lti_app.screens.conversation import EMERGENCY
from lti_app.screens.family_frame import reading_frame, writes_in
from lti_app.screens.forms import given_key
from lti_app.screens.page import Frame, advice, family_nav, page
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("family_wish", __name__)

STUDENT = "student"
"""The form in which an adult of the family writes down what the student said."""


@blueprint.get("/app/my/<uuid:student_id>/wish")
def wish(student_id: UUID) -> Response:
    """Show the question and this adult's own answer."""
    return _show(caseload_of(current_viewer()), StudentId(student_id))


@blueprint.post("/app/my/<uuid:student_id>/wish")
def say(student_id: UUID) -> Response:
    """Keep the answer, or take it back."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    for_student = request.form.get("of", "") == STUDENT
    back = request.form.get("act", "") == "back"
    try:
        words = None
        if not back:
            words = FreeText(text=request.form.get("words", ""), lang=writes_in(viewer))
        caseload.wishes.say(StudentId(student_id), words, ClientKey(given_key()), for_student=for_student)
    except InvalidValue as error:
        return _show(caseload, StudentId(student_id), error=error, for_student=for_student)
    return goto(f"/app/my/{student_id}/wish", said="wish_back" if back else "wish_kept")


def _show(
    caseload: Caseload,
    student_id: StudentId,
    *,
    error: InvalidValue | None = None,
    for_student: bool = False,
) -> Response:
    viewer = current_viewer()
    frame = reading_frame(viewer, caseload)
    found = caseload.wishes.page(student_id)
    said = {
        "wish_kept": frame.words("Kept, word for word. The team reads it before it writes anything."),
        "wish_back": frame.words("Taken back."),
    }
    body = page(
        frame,
        "family_wish.html",
        title=frame.words("A year from now"),
        current="my",
        nav=family_nav(frame),
        child=found.student.preferred_name,
        student_id=student_id,
        is_student=found.voice is Voice.STUDENT,
        wish=_said(frame, found.wish),
        students=_said(frame, found.students_words),
        before=[_said(frame, one) for one in found.before],
        takes_student=found.takes_student,
        may_write=found.may_write,
        asked=format_day(frame.local(found.asked_at).date(), frame.lang) if found.asked_at else "",
        keys=[uuid4() for _ in range(4)],
        audience=frame.say(Phrase(key="audience.team")),
        watched=frame.say(Phrase(key="watch.family", params={"number": EMERGENCY})),
        typed=request.form.get("words", "") if error is not None else "",
        error=advice(error, frame) if error is not None else "",
        of_student=for_student,
        done=said.get(request.args.get("said", ""), ""),
    )
    return make_response(body, 200 if error is None else 422)


def _said(frame: Frame, one: FamilyWish | None) -> dict[str, object] | None:
    if one is None or one.words is None:
        return None
    return {
        "words": frame.say(one.words),
        "text": one.words.text,
        "when": when_words(frame, one.said_at),
        "stamp": one.said_at.isoformat(),
    }
