"""Where launches land that are no page of their own: the check-in, and a pupil's card in the LMS.

Both look the same to everybody for whom there is nothing here, whoever the pupil is.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from lti_app.answers import neutral_answer
from lti_app.check_in import check_in_answer
from lti_app.doors.lti.roles import Standing
from lti_app.screens.parts import caseload_of
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("check_in", __name__)


@blueprint.get("/check-in")
def open_to_all() -> Response:
    """Show the check-in to anybody: it holds no data and opens no session."""
    return check_in_answer(
        request.args.get("lang") or request.accept_languages.best_match(("en", "es", "prs"))
    )


@blueprint.get("/app/check-in")
def launched() -> Response:
    """Send staff on to their first page; everybody else sees the check-in itself."""
    viewer = current_viewer()
    if viewer.family or viewer.standing not in {Standing.STAFF, Standing.ADMIN}:
        return check_in_answer(viewer.locale)
    return goto("/app/")


@blueprint.get("/app/card")
def card() -> Response:
    """Open the page of the pupil whose card was opened, for staff on the team.

    Anybody else gets the neutral page, and so does a pupil without a record: nothing is written down either,
    since a line in the trail would take time that a stranger could measure.
    """
    viewer = current_viewer()
    pupil = viewer.offers.card_of
    if pupil is None or viewer.family or viewer.adult_id is None or viewer.standing is not Standing.STAFF:
        return neutral_answer()
    student_id = caseload_of(viewer).people.student_of_card(viewer.source, pupil)
    return neutral_answer() if student_id is None else goto(f"/app/c/{student_id}")
