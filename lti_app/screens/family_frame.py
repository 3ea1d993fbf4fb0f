"""The frame of screens that families see: their language, kept when they choose one, and their pages."""

from __future__ import annotations

from flask import g, request

from iepcore.caseload import Caseload
from lti_app.screens.page import Frame, frame_of
from lti_app.screens.page import family_nav as _family_nav
from lti_app.screens.parts import screen_parts
from lti_app.screens.words import FAMILY_LANGUAGES
from lti_app.session.viewer import Viewer


def reading_frame(viewer: Viewer, caseload: Caseload) -> Frame:
    """Return the frame; a language that a family member chose on the page (``?lang=``) is kept as theirs."""
    chosen = request.args.get("lang", "")
    adult = screen_parts().adult(viewer)
    if (
        viewer.family
        and not viewer.masquerade
        and adult is not None
        and chosen in FAMILY_LANGUAGES
        and adult.reads.split("-")[0] != chosen
    ):
        caseload.home.read_in(chosen)
        g.pop("rapport_adult", None)
    return frame_of(viewer)


def writes_in(viewer: Viewer) -> str:
    """Return the language a family member's own words are taken to be in.

    Their own, unless they look at the page in another language that we have screens in.
    """
    frame = frame_of(viewer)
    adult = screen_parts().adult(viewer)
    reads = adult.reads if adult is not None else frame.lang
    shown = reads.split("-")[0]
    return reads if shown == frame.lang or shown not in FAMILY_LANGUAGES else frame.lang


def family_nav_of(frame: Frame) -> tuple[tuple[str, str, str], ...]:
    """Return the family's pages, or nothing to keep the staff's own."""
    return _family_nav(frame) if frame.family else ()
