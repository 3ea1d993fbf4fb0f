"""The Classroom API and Gmail's one call, as far as an add-on and a roster meet them.

Document: the discovery documents of Classroom v1 and Gmail v1. Errors have Google's shape; lists come in
pages of at most thirty, whatever was asked for.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from email import message_from_bytes
from email.policy import default as default_policy
from email.utils import getaddresses
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from lti_app.sandbox.classroom_people import Account, Class
from lti_app.sandbox.classroom_world import Attachment, Bearer, Post
from lti_app.sandbox.wire import request_bytes
from lti_app.sandbox.world import World, world

api = Blueprint("classroom_api", __name__)

LARGEST_PAGE = 30
_AUTH = "https://www.googleapis.com/auth/"
TEACHER = f"{_AUTH}classroom.addons.teacher"
STUDENT = f"{_AUTH}classroom.addons.student"
ROSTERS = f"{_AUTH}classroom.rosters.readonly"
EMAILS = f"{_AUTH}classroom.profile.emails"
SCOPES: Mapping[str, frozenset[str]] = {
    "list_classes": frozenset({f"{_AUTH}classroom.courses.readonly"}),
    "show_class": frozenset({f"{_AUTH}classroom.courses.readonly"}),
    "members": frozenset({ROSTERS}),
    "show_profile": frozenset({ROSTERS}),
    "guardians": frozenset({f"{_AUTH}classroom.guardianlinks.students.readonly"}),
    "add_on_context": frozenset({TEACHER, STUDENT}),
    "list_attachments": frozenset({TEACHER, STUDENT}),
    "show_attachment": frozenset({TEACHER, STUDENT}),
    "create_attachment": frozenset({TEACHER}),
    "change_attachment": frozenset({TEACHER}),
    "grade": frozenset({TEACHER}),
    "send_mail": frozenset({f"{_AUTH}gmail.send"}),
}
WRITABLE = frozenset(
    {"title", "teacherViewUri", "studentViewUri", "studentWorkReviewUri", "maxPoints", "dueDate", "dueTime"}
)
KINDS = "announcements, courseWork, courseWorkMaterials"
_NAMES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}


class Refusal(Exception):
    """An error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@api.errorhandler(Refusal)
def refuse(refusal: Refusal) -> tuple[Response, int]:
    """Google's shape of an error."""
    body = {"code": refusal.status, "message": str(refusal), "status": _NAMES[refusal.status]}
    return jsonify({"error": body}), refusal.status


@api.before_request
def authenticate() -> None:
    """The bearer and its scopes, before anything else."""
    header = request.headers.get("Authorization", "")
    found = world().classroom.bearer(header.removeprefix("Bearer ").strip())
    if not header.startswith("Bearer ") or found is None:
        raise Refusal(401, "Request had invalid authentication credentials.")
    needed = SCOPES[(request.endpoint or "").rpartition(".")[2]]
    if not needed & found.scopes:
        raise Refusal(403, "Request had insufficient authentication scopes.")
    g.bearer = found


@api.get("/v1/courses")
def list_classes() -> Response:
    """The classes of the bearer, or of the domain for an administrator."""
    here = world()
    teacher = request.args.get("teacherId", "")
    rows = []
    for one in here.classroom.classes():
        mine = here.classroom.is_teacher(_me(), one.id) or here.classroom.is_student(_me(), one.id)
        if teacher and not here.classroom.is_teacher(_account(teacher), one.id):
            continue
        if mine or _me().key in here.classroom.people.administrators:
            rows.append(_class_json(one))
    return _page("courses", rows)


@api.get("/v1/courses/<course_id>")
def show_class(course_id: str) -> Response:
    """One class."""
    return jsonify(_class_json(_class(course_id)))


@api.get("/v1/courses/<course_id>/<any(students, teachers):who>")
def members(course_id: str, who: str) -> Response:
    """Who learns or teaches in a class."""
    found = _class(course_id)
    keys = found.students if who == "students" else found.teachers
    rows = []
    for key in keys:
        account = world().classroom.people.by_key(key)
        assert account is not None  # the file was checked when it was read
        rows.append({"courseId": course_id, "userId": account.id, "profile": _profile(account)})
    return _page(who, rows)


@api.get("/v1/userProfiles/<user_id>")
def show_profile(user_id: str) -> Response:
    """One person of the domain."""
    return jsonify(_profile(_account(user_id)))


@api.get("/v1/userProfiles/<student_id>/guardians")
def guardians(student_id: str) -> Response:
    """Guardians of one pupil, or of all (``-``) for an administrator."""
    here = world()
    is_administrator = _me().key in here.classroom.people.administrators
    if student_id == "-" and not is_administrator:
        raise Refusal(403, "@ProjectPermissionDenied The caller does not have permission")
    rows = []
    for one in here.classroom.people.guardians:
        student = here.classroom.people.by_key(one.student)
        assert student is not None
        if student_id in ("-", student.id):
            name = {"fullName": one.name}
            rows.append(
                {
                    "studentId": student.id,
                    "guardianId": one.id,
                    "invitedEmailAddress": one.email,
                    "guardianProfile": {"id": one.id, "name": name, "emailAddress": one.email},
                }
            )
    return _page("guardians", rows)


@api.get(f"/v1/courses/<course_id>/<any({KINDS}):kind>/<item_id>/addOnContext")
def add_on_context(course_id: str, kind: str, item_id: str) -> Response:
    """Who the bearer is at this item: the one context that is there is the role."""
    here, post = world(), _post(course_id, kind, item_id)
    attachment_id, token = request.args.get("attachmentId", ""), request.args.get("addOnToken", "")
    if bool(attachment_id) == bool(token):
        raise Refusal(400, "Either attachmentId or addOnToken is required.")
    if token and not here.classroom.token_fits(token, _me(), post):
        raise Refusal(403, "@AddOnTokenInvalid The add-on token is not valid.")
    if attachment_id and here.classroom.attachment(post.id, attachment_id) is None:
        raise Refusal(404, "Requested entity was not found.")
    found: dict[str, Any] = {"courseId": course_id, "itemId": item_id, "supportsStudentWork": True}
    if here.classroom.is_teacher(_me(), course_id):
        found["teacherContext"] = {}
    else:
        found["studentContext"] = {"submissionId": f"sub-{_me().id}"} if attachment_id else {}
    return jsonify(found)


@api.get(f"/v1/courses/<course_id>/<any({KINDS}):kind>/<item_id>/addOnAttachments")
def list_attachments(course_id: str, kind: str, item_id: str) -> Response:
    """The attachments of an item."""
    post = _post(course_id, kind, item_id)
    return _page("addOnAttachments", [_shown(one) for one in world().classroom.attachments(post.id)])


@api.post(f"/v1/courses/<course_id>/<any({KINDS}):kind>/<item_id>/addOnAttachments")
def create_attachment(course_id: str, kind: str, item_id: str) -> Response:
    """Add an attachment with the token of the frame that was opened for it."""
    here, post = world(), _post(course_id, kind, item_id)
    _must_teach(course_id)
    if not here.classroom.token_fits(request.args.get("addOnToken", ""), _me(), post):
        raise Refusal(403, "@AddOnTokenInvalid The add-on token is not valid.")
    body = _body()
    for needed in ("title", "teacherViewUri", "studentViewUri"):
        if not body.get(needed):
            raise Refusal(400, f"{needed} is required.")
    _check_uris(here, body)
    return jsonify(_shown(here.classroom.attach(post, body)))


@api.get(f"/v1/courses/<course_id>/<any({KINDS}):kind>/<item_id>/addOnAttachments/<attachment_id>")
def show_attachment(course_id: str, kind: str, item_id: str, attachment_id: str) -> Response:
    """One attachment."""
    return jsonify(_shown(_attachment(course_id, kind, item_id, attachment_id)))


@api.patch(f"/v1/courses/<course_id>/<any({KINDS}):kind>/<item_id>/addOnAttachments/<attachment_id>")
def change_attachment(course_id: str, kind: str, item_id: str, attachment_id: str) -> Response:
    """Change fields named in ``updateMask``."""
    found = _attachment(course_id, kind, item_id, attachment_id)
    _must_teach(course_id)
    mask, body = request.args.get("updateMask", ""), _body()
    if not mask:
        raise Refusal(400, "updateMask is required.")
    _check_uris(world(), body)
    return jsonify(_shown(world().classroom.change(found, body)))


@api.patch(
    "/v1/courses/<course_id>/courseWork/<item_id>/addOnAttachments/<attachment_id>"
    "/studentSubmissions/<submission_id>"
)
def grade(course_id: str, item_id: str, attachment_id: str, submission_id: str) -> Response:
    """Send a mark: only where the attachment was made with points."""
    found = _attachment(course_id, "courseWork", item_id, attachment_id)
    _must_teach(course_id)
    if not found.body.get("maxPoints"):
        raise Refusal(400, "The attachment has no maxPoints.")
    points = (request.get_json(silent=True) or {}).get("pointsEarned")
    return jsonify({"pointsEarned": points, "postSubmissionState": "TURNED_IN"})


@api.post("/gmail/v1/users/me/messages/send")
def send_mail() -> Response:
    """Take a mail as Gmail does (``raw`` is base64url) and put it where all practice mail goes."""
    here = world()
    sent = request.get_json(silent=True)
    raw = sent.get("raw") if isinstance(sent, dict) else None
    try:
        mail = base64.urlsafe_b64decode(f"{raw or ''}===") if isinstance(raw, str) else b""
    except (ValueError, binascii.Error):
        mail = b""
    parsed = message_from_bytes(mail, policy=default_policy)
    recipients = tuple(address for _, address in getaddresses([str(parsed.get("To", ""))]) if address)
    if not mail or not recipients:
        raise Refusal(400, "Recipient address required")
    kept = here.mailbox.take(_me().email, recipients, mail, wire=request_bytes(request.environ, mail))
    return jsonify({"id": f"gm{kept.number:014d}", "threadId": f"gm{kept.number:014d}", "labelIds": ["SENT"]})


def _me() -> Account:
    bearer: Bearer = g.bearer
    return bearer.account


def _account(user_id: str) -> Account:
    found = _me() if user_id == "me" else world().classroom.people.by_id(user_id)
    if found is None or found.domain != _me().domain:
        raise Refusal(404, "Requested entity was not found.")
    return found


def _class(course_id: str) -> Class:
    here = world()
    found = here.classroom.a_class(course_id)
    if found is None:
        raise Refusal(404, "Requested entity was not found.")
    inside = here.classroom.is_teacher(_me(), course_id) or here.classroom.is_student(_me(), course_id)
    if not inside and _me().key not in here.classroom.people.administrators:
        raise Refusal(403, "@CourseMemberNotFound The caller does not have permission")
    return found


def _post(course_id: str, kind: str, item_id: str) -> Post:
    _class(course_id)
    found = world().classroom.post(course_id, item_id, kind)
    if found is None:
        raise Refusal(404, "Requested entity was not found.")
    return found


def _attachment(course_id: str, kind: str, item_id: str, attachment_id: str) -> Attachment:
    found = world().classroom.attachment(_post(course_id, kind, item_id).id, attachment_id)
    if found is None:
        raise Refusal(404, "Requested entity was not found.")
    return found


def _must_teach(course_id: str) -> None:
    if not world().classroom.is_teacher(_me(), course_id):
        raise Refusal(403, "The caller does not have permission")


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not WRITABLE.issuperset(body):
        raise Refusal(400, "Invalid JSON payload received.")
    return body


def _check_uris(here: World, body: Mapping[str, Any]) -> None:
    for name in ("teacherViewUri", "studentViewUri", "studentWorkReviewUri"):
        uri = body.get(name)
        if name in body and not (
            isinstance(uri, dict) and str(uri.get("uri", "")).startswith(f"{here.config.tool_base}/")
        ):
            raise Refusal(400, f"@AttachmentUriInvalid {name} does not match the allowed prefixes.")


def _shown(one: Attachment) -> dict[str, Any]:
    shown = {"courseId": one.course_id, "itemId": one.item_id, "id": one.id, **one.body}
    return {**shown, "copyHistory": list(one.copy_history)} if one.copy_history else shown


def _class_json(one: Class) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "section": one.section, "courseState": "ACTIVE"}


def _profile(account: Account) -> dict[str, Any]:
    name = {
        "givenName": account.given_name,
        "familyName": account.family_name,
        "fullName": account.name,
    }
    shown: dict[str, Any] = {"id": account.id, "name": name}
    bearer: Bearer = g.bearer
    return {**shown, "emailAddress": account.email} if EMAILS in bearer.scopes else shown


def _page(name: str, rows: Sequence[Mapping[str, Any]]) -> Response:
    asked = request.args.get("pageSize", LARGEST_PAGE, type=int)
    size = min(asked if asked > 0 else LARGEST_PAGE, LARGEST_PAGE)
    start = _start(request.args.get("pageToken", ""), int)
    answer: dict[str, Any] = {name: list(rows[start : start + size])} if rows else {}
    if start + size < len(rows):
        answer["nextPageToken"] = base64.urlsafe_b64encode(f"at:{start + size}".encode()).decode()
    return jsonify(answer)


def _start(token: str, read: Callable[[str], int]) -> int:
    if not token:
        return 0
    try:
        return read(base64.urlsafe_b64decode(token).decode().removeprefix("at:"))
    except (ValueError, binascii.Error):
        raise Refusal(400, "Invalid page token.") from None
