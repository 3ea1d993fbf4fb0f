"""Where a provider of text messages calls when one came in: no page, the same empty answer to everybody."""

from __future__ import annotations

from flask import Blueprint, Response, request

from iepcore.errors import Busy
from lti_app.screens.parts import screen_parts

blueprint = Blueprint("sms_in", __name__)

LARGEST_CALL = 16 * 1024


@blueprint.post("/in/sms/<token>")
def came_in(token: str) -> Response:
    """Take a call. Only "come again" differs: too many calls at once, or a store that cannot write now."""
    parts = screen_parts()
    if parts.sms_crowded():
        return Response(status=429)
    length = request.content_length
    if length is not None and 0 < length <= LARGEST_CALL and len(token) <= 100:
        try:
            parts.sms_came_in(token, dict(request.headers), request.get_data(cache=False))
        except Busy:
            return Response(status=503)
    return Response(status=204)
