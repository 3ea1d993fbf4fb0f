"""Choosing what a course gets (deep linking): one neutral check-in, its title checked before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from iepcore.errors import InvalidValue, NotFound
from iepcore.notices import neutral_title
from lti_app.answers import error_answer
from lti_app.doors.google.arriving import DOOR as GOOGLE_DOOR
from lti_app.doors.google.attaching import attach, give_up
from lti_app.doors.launch_offers import LinkWish
from lti_app.doors.lti.deep_linking import check_in_item, choose, kind_of
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import Standing
from lti_app.doors.parts import parts
from lti_app.screens.choices import lms_name
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import screen_parts
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("choosing", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A wish with what is needed to answer it."""

    viewer: Viewer
    wish: LinkWish
    registration_id: UUID
    deployment_id: str


@blueprint.get("/app/choose")
def offered() -> Response:
    """Show the one thing that can be added, with a title to change."""
    asked = _asked()
    frame = frame_of(asked.viewer)
    return _show(frame, asked, _first_title(frame, asked))


@blueprint.post("/app/choose")
def chosen() -> Response:
    """Take the choice, or the wish not to choose, back to the course.

    A form that was used before, or is older than an hour, changes nothing.
    """
    asked = _asked()
    frame = frame_of(asked.viewer)
    if asked.viewer.source == GOOGLE_DOOR:
        return _to_classroom(frame, asked)
    items, message, error = [], "", ""
    if kind_of(asked.wish) is None:
        error = frame.words("The check-in cannot be used here.")
    elif request.form.get("cancel"):
        message = frame.words("Nothing was added.")
    else:
        typed = request.form.get("title", "")
        names, _ = screen_parts().pupil_names(asked.viewer)
        try:
            title = neutral_title(typed, names=names, usual=frame.words("Check-in"))
        except InvalidValue as refused:
            return _show(frame, asked, typed, refused=refused)
        public_url, columns = parts().settings.public_url, asked.viewer.site.gradebook_words
        items = [check_in_item(asked.wish, title, public_url=public_url, with_column=columns)]
    try:
        sealed = choose(
            parts(),
            asked.registration_id,
            asked.deployment_id,
            asked.wish,
            items,
            message=message,
            error=error,
        )
    except LaunchRefused as refusal:
        return error_answer(refusal.page, status=refusal.status, reason=refusal.reason)
    title = frame.words("Going back to your course")
    return make_response(page(frame, "choose_sent.html", title=title, choice=sealed))


def _to_classroom(frame: Frame, asked: Asked) -> Response:
    """Add the check-in to the item of a Classroom frame, or nothing, and let Classroom close the frame."""
    adds = kind_of(asked.wish) is not None and not request.form.get("cancel")
    typed = request.form.get("title", "")
    try:
        if adds:
            names, _ = screen_parts().pupil_names(asked.viewer)
            title = neutral_title(typed, names=names, usual=frame.words("Check-in"))
            origin = attach(parts(), asked.registration_id, asked.wish, title)
        else:
            origin = give_up(parts(), asked.registration_id, asked.wish)
    except InvalidValue as refused:
        return _show(frame, asked, typed, refused=refused)
    except LaunchRefused as refusal:
        return error_answer(refusal.page, status=refusal.status, reason=refusal.reason)
    said = frame.words("The check-in is added.") if adds else frame.words("Nothing was added.")
    return make_response(page(frame, "choose_closed.html", title=said, origin=origin))


def _asked() -> Asked:
    """Return the wish this session was opened with.

    Raises:
        NotFound: ``wish`` for a session without one, and for everybody but staff.
    """
    viewer = current_viewer()
    wish, registration_id, deployment_id = viewer.offers.wish, viewer.registration_id, viewer.deployment_id
    if wish is None or registration_id is None or deployment_id is None or viewer.family:
        raise NotFound("wish")
    if viewer.standing is not Standing.STAFF:
        raise NotFound("wish")
    return Asked(viewer=viewer, wish=wish, registration_id=registration_id, deployment_id=deployment_id)


def _first_title(frame: Frame, asked: Asked) -> str:
    """Return the title the LMS suggests where it is a good one, else ours."""
    usual = frame.words("Check-in")
    names, _ = screen_parts().pupil_names(asked.viewer)
    try:
        return neutral_title(asked.wish.title or usual, names=names, usual=usual)
    except InvalidValue:
        return usual


def _show(frame: Frame, asked: Asked, typed: str, *, refused: InvalidValue | None = None) -> Response:
    _, names_known = screen_parts().pupil_names(asked.viewer)
    body = page(
        frame,
        "choose.html",
        title=frame.words("Add a check-in"),
        course=asked.viewer.context_title or "",
        usable=kind_of(asked.wish) is not None,
        typed=typed,
        names_known=names_known,
        lms=lms_name(frame),
        error=advice(refused, frame) if refused is not None else "",
    )
    return make_response(body, 200 if refused is None else 422)
