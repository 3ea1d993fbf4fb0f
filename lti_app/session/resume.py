"""Resume and sign-out. A reload needs all three: the secret, this tab's own key, and our own origin."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, jsonify, request

from lti_app.answers import error_answer
from lti_app.doors.parts import parts
from lti_app.doors.records import WebSession
from lti_app.session.cookies import PERSON_COOKIE, drop_door_cookie
from lti_app.session.opening import tab_cookie
from lti_app.session.tokens import hash_of, key_in, new_secret, under
from lti_app.session.viewer import current_viewer, viewer_of

blueprint = Blueprint("session", __name__)


@blueprint.post("/session/resume")
def resume() -> Response:
    """Give a reloaded page its session back under a fresh token; the old token ends.

    The body is JSON: ``tab`` (from ``history.state``) and, where cookies are refused, ``secret`` (from
    ``sessionStorage``). A frame that somebody else made has neither, and another origin is refused before
    all else.
    """
    here = parts()
    if request.headers.get("Origin") != here.settings.public_url:
        return error_answer("session_over", status=401, reason="resume_origin")
    asked = request.get_json(silent=True)
    tab = asked.get("tab") if isinstance(asked, dict) else None
    if not isinstance(tab, str) or not 40 <= len(tab) <= 130:
        return error_answer("session_over", status=401, reason="resume_tab")
    kept = asked.get("secret") if isinstance(asked, dict) else None
    secret = request.cookies.get(tab_cookie(tab)) or (kept if isinstance(kept, str) else "")
    session = here.doors.session(key_in(tab)) if secret else None
    if session is None or not _is_shown(session, secret, tab) or viewer_of(here, session) is None:
        return error_answer("session_over", status=401, reason="resume_refused")
    token = under(session.key, new_secret())  # its absolute end does not move
    here.doors.renew_session(session.key, token_hash=hash_of(token))
    return jsonify({"token": token})


def _is_shown(session: WebSession, secret: str, tab: str) -> bool:
    """Whether both halves are those of ``session``; one that was opened without them has none."""
    kept = (session.secret_hash, session.tab_hash)
    shown = (hash_of(secret), hash_of(tab))
    return all(hmac.compare_digest(one, other) for one, other in zip(kept, shown, strict=True))


@blueprint.post("/session/end")
def end() -> Response:
    """Sign out: the session ends at once, and this browser forgets what would resume it."""
    here = parts()
    here.doors.revoke_session(current_viewer().session_hash, at=here.clock())
    response = Response(status=204)
    asked = request.get_json(silent=True)
    tab = asked.get("tab") if isinstance(asked, dict) else None
    names = [tab_cookie(tab)] if isinstance(tab, str) else []
    for name in (*names, PERSON_COOKIE):
        if name in request.cookies:
            drop_door_cookie(response, name)
    return response
