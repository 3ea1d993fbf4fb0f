"""The page behind a notice's link: no data, no sign-in, only the way to the school's own site.

Mail scanners and message previews open every link. This page tells them nothing and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from lti_app.screens.parts import screen_parts

blueprint = Blueprint("notice_link", __name__)


@blueprint.get("/n/<secret>")
def notice(secret: str) -> Response:
    """Show where to open the message. An unknown or old link shows the same page without the school."""
    school = screen_parts().school_of_link(secret) if 20 <= len(secret) <= 100 else None
    return make_response(render_template("screens/notice.html", school=school))
