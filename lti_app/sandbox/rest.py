"""What every route of the Canvas-like REST API shares: User-Agent, bearer token, scopes, faults, headers."""

from __future__ import annotations

import contextlib
import socket
import struct

from flask import Blueprint, Response, current_app, g, jsonify, request

from lti_app.sandbox.faults import FaultState
from lti_app.sandbox.people import User
from lti_app.sandbox.wire import request_bytes
from lti_app.sandbox.world import world

rest = Blueprint("rest", __name__, url_prefix="/api/v1")

REALM = 'Bearer realm="canvas-lms"'
# The route templates whose scope a token must hold, by endpoint name.
SCOPES = {
    "rest.create_conversation": "url:POST|/api/v1/conversations",
    "rest.list_conversations": "url:GET|/api/v1/conversations",
    "rest.show_conversation": "url:GET|/api/v1/conversations/:id",
    "rest.show_self": "url:GET|/api/v1/users/:id",
    "rest.list_courses": "url:GET|/api/v1/courses",
    "rest.list_account_courses": "url:GET|/api/v1/accounts/:account_id/courses",
    "rest.list_sections": "url:GET|/api/v1/courses/:course_id/sections",
    "rest.list_enrollments": "url:GET|/api/v1/courses/:course_id/enrollments",
}


def errors(code: int, message: str, **extra: str) -> Response:
    """An answer in Canvas's usual error shape."""
    answer = jsonify({**extra, "errors": [{"message": message}]})
    answer.status_code = code
    return answer


def cut_the_line() -> Response:
    """Close the connection under the client's feet; the returned answer never reaches it."""
    line: socket.socket | None = request.environ.get("werkzeug.socket")
    if line is not None:
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.shutdown(socket.SHUT_RDWR)
    return Response(status=502)


@rest.before_request
def guard() -> Response | None:
    """Faults first, then the checks in Canvas's order: User-Agent, token, scope."""
    here = world()
    g.fault = here.faults.strike(request.method)
    broken = _broken(g.fault)
    if broken is not None:
        return broken
    if not request.headers.get("User-Agent", "").strip():
        message = (
            "You are not authorized to access this site because you have not provided a valid user agent."
        )
        answer = jsonify({"error": "Forbidden", "message": message})
        answer.status_code = 403
        return answer
    return _authenticate()


@rest.after_request
def meter(answer: Response) -> Response:
    """The cost headers of the rate limit (Canvas ``request_throttle.rb``)."""
    if answer.status_code != 429:
        answer.headers["X-Request-Cost"] = "0.05"
        answer.headers.setdefault("X-Rate-Limit-Remaining", "599.95")
    return answer


@rest.get("/users/self")
def show_self() -> Response:
    """The token's person."""
    user = bearer()
    return jsonify(
        {
            "id": user.canvas_user_id,
            "name": user.name,
            "created_at": "2026-08-01T12:00:00Z",
            "sortable_name": f"{user.family_name}, {user.given_name}",
            "short_name": user.name,
            "locale": user.locale,
            "effective_locale": user.locale,
        }
    )


def bearer() -> User:
    """The person the present request acts for."""
    user: User = g.bearer
    return user


def _broken(fault: FaultState | None) -> Response | None:
    match fault.mode if fault else "ok":
        case "down":
            return cut_the_line()
        case "error_503_html":
            page = "<html><body>Service Unavailable</body></html>"
            return current_app.response_class(page, status=503, content_type="text/html")
        case "refuse_429":
            answer = current_app.response_class("429 Too Many Requests (Rate Limit Exceeded)\n", status=429)
            answer.content_type = "text/plain; charset=utf-8"
            answer.headers["X-Rate-Limit-Remaining"] = "0.0"
            return answer
        case "reset_after_read" if fault is not None and not fault.stored:
            _record_lost_message()
            return cut_the_line()
    return None


def _record_lost_message() -> None:
    body = request.get_data()
    if request.path.endswith("/conversations"):
        world().wire.record("lms", "(read, then lost)", request_bytes(request.environ, body))


def _authenticate() -> Response | None:
    here = world()
    header = request.headers.get("Authorization", "")
    if not header.startswith("Bearer "):
        answer = errors(401, "user authorization required", status="unauthenticated")
        answer.headers["WWW-Authenticate"] = REALM
        return answer
    token = here.tokens.find(header.removeprefix("Bearer ").strip())
    if token is None or (not token.revoked and not here.tokens.is_current(token)):
        answer = errors(401, "Invalid access token.")
        answer.headers["WWW-Authenticate"] = REALM
        return answer
    if token.revoked:
        answer = errors(401, "Revoked access token.")
        answer.headers["WWW-Authenticate"] = REALM
        return answer
    # An LTI service token acts for nobody and opens none of these routes.
    user = here.people.by_key(token.user_key or "")
    if user is None or SCOPES.get(request.endpoint or "") not in token.scopes:
        return errors(401, "Insufficient scopes on access token.")
    g.bearer = user
    return None
