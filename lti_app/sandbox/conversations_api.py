"""The conversations routes (Canvas ``conversations_controller.rb``; shapes of its API reference)."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, jsonify, request

from lti_app.sandbox.conversations import ConversationRefused, Draft, Message, Thread
from lti_app.sandbox.people import Enrollment, User
from lti_app.sandbox.rest import bearer, cut_the_line, errors, rest
from lti_app.sandbox.wire import request_bytes
from lti_app.sandbox.world import World, world

DEFAULT_PER_PAGE = 10
MAX_PER_PAGE = 100
ENROLLMENT_TYPES = {
    "teacher": "TeacherEnrollment",
    "ta": "TaEnrollment",
    "student": "StudentEnrollment",
    "observer": "ObserverEnrollment",
    "test_student": "StudentViewEnrollment",
}


@rest.post("/conversations")
def create_conversation() -> Response:
    """Send a message; 201 with the LIST of threads it went into."""
    here = world()
    body = request.get_data()
    draft = _draft()
    here.wire.record(
        "lms", ", ".join(_label(here, r) for r in draft.recipients), request_bytes(request.environ, body)
    )
    sender = bearer()
    try:
        threads = here.inbox.send(sender, draft)
    except ConversationRefused as refusal:
        answer = jsonify([{"attribute": refusal.attribute, "message": refusal.message}])
        answer.status_code = 400
        return answer
    if g.fault is not None:  # the message is stored and the sender will never know
        return cut_the_line()
    answer = jsonify([_as_json(here, t, sender, messages=t.messages[-1:]) for t in threads])
    answer.status_code = 201
    return answer


@rest.get("/conversations")
def list_conversations() -> Response:
    """The bearer's threads, newest first, paged by ``Link``."""
    here, user = world(), bearer()
    filters = request.args.getlist("filter[]") or request.args.getlist("filter")
    threads = here.inbox.of(
        user,
        scope=request.args.get("scope"),
        filters=filters,
        match_all=request.args.get("filter_mode") == "and",
    )
    per_page = min(max(request.args.get("per_page", DEFAULT_PER_PAGE, type=int), 1), MAX_PER_PAGE)
    page = max(request.args.get("page", 1, type=int), 1)
    last = max((len(threads) + per_page - 1) // per_page, 1)
    shown = threads[(page - 1) * per_page : page * per_page]
    answer = jsonify([_as_json(here, t, user, messages=None) for t in shown])
    answer.headers["Link"] = ",".join(
        f'<{_page_url(here, number, per_page)}>; rel="{rel}"'
        for rel, number in (
            ("current", page),
            ("next", page + 1),
            ("prev", page - 1),
            ("first", 1),
            ("last", last),
        )
        if 1 <= number <= last or rel == "current"
    )
    return answer


@rest.get("/conversations/<int:thread_id>")
def show_conversation(thread_id: int) -> Response:
    """One thread with all its messages, newest first; opening it marks it read."""
    here, user = world(), bearer()
    thread = here.inbox.get(user, thread_id)
    if thread is None:
        return errors(404, "The specified resource does not exist.")
    answer = jsonify(_as_json(here, thread, user, messages=list(reversed(thread.messages))))
    if request.args.get("auto_mark_as_read", "true") != "false":
        thread.read_by.add(user.canvas_user_id)
    return answer


def _draft() -> Draft:
    """The wanted message, from a form (``recipients[]``) or a JSON body (``recipients``)."""
    if request.is_json:
        raw: dict[str, Any] = request.get_json(silent=True) or {}
        listed = raw.get("recipients", [])
        recipients = [str(r) for r in listed] if isinstance(listed, list) else str(listed).split(",")
        text = {k: str(v) for k, v in raw.items() if k != "recipients" and v is not None}
    else:
        recipients = request.form.getlist("recipients[]") or request.form.get("recipients", "").split(",")
        text = request.form.to_dict()
    return Draft(
        recipients=tuple(r.strip() for r in recipients if r.strip()),
        body=text.get("body", ""),
        subject=text.get("subject"),
        force_new=_truth(text.get("force_new")),
        group=_truth(text.get("group_conversation")),
        context_code=text.get("context_code"),
    )


def _truth(value: str | None) -> bool:
    return value is not None and value.lower() in {"1", "true", "on", "t", "yes"}


def _label(here: World, recipient: str) -> str:
    user = here.people.by_id(int(recipient)) if recipient.isdecimal() else None
    return f"inbox of user {recipient}" if user else recipient


def _page_url(here: World, page: int, per_page: int) -> str:
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in {"page", "per_page"}]
    return f"{here.config.issuer}{request.path}?{urlencode([*kept, ('page', page), ('per_page', per_page)])}"


def _as_json(here: World, thread: Thread, viewer: User, *, messages: list[Message] | None) -> dict[str, Any]:
    me = viewer.canvas_user_id
    others = [number for number in thread.participants if number != me]
    last = thread.messages[-1]
    mine = [m for m in thread.messages if m.author_id == me]
    theirs = [m for m in thread.messages if m.author_id != me]
    body: dict[str, Any] = {
        "id": thread.id,
        "subject": thread.subject,
        "workflow_state": "read" if me in thread.read_by else "unread",
        "last_message": theirs[-1].body if theirs else None,
        "last_message_at": _time(theirs[-1]) if theirs else None,
        "last_authored_message": mine[-1].body if mine else None,
        "last_authored_message_at": _time(mine[-1]) if mine else None,
        "message_count": len(thread.messages),
        "subscribed": True,
        "private": thread.private,
        "starred": False,
        "properties": ["last_author"] if last.author_id == me else [],
        "audience": others,
        "audience_contexts": {"courses": _shared(here, viewer, others), "groups": {}},
        "avatar_url": f"{here.config.issuer}/images/messages/avatar-50.png",
        "participants": [_participant(here, number) for number in thread.participants],
        "visible": bool(theirs),
        "context_code": thread.context_code,
        "context_name": _context_name(here, thread),
    }
    if messages is not None:
        body["messages"] = [_message(m) for m in messages]
    return body


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "author_id": message.author_id,
        "created_at": _time(message),
        "generated": False,
        "body": message.body,
        "forwarded_messages": [],
        "attachments": [],
        "media_comment": None,
        "participating_user_ids": list(message.participants),
    }


def _participant(here: World, number: int) -> dict[str, Any]:
    user = here.people.by_id(number)
    name = user.name if user else "Unknown user"
    return {"id": number, "name": name, "full_name": name, "pronouns": None}


def _shared(here: World, viewer: User, others: list[int]) -> dict[str, list[str]]:
    """Courses the viewer shares with the audience, and the audience's enrolment types there."""
    mine = {e.course for e in viewer.enrollments}
    places: list[Enrollment] = []
    for number in others:
        user = here.people.by_id(number)
        places += [e for e in user.enrollments if e.course in mine] if user else []
    shared: dict[str, list[str]] = {}
    for place in places:
        kinds = shared.setdefault(str(place.course), [])
        if ENROLLMENT_TYPES[place.role] not in kinds:
            kinds.append(ENROLLMENT_TYPES[place.role])
    return shared


def _context_name(here: World, thread: Thread) -> str | None:
    code = thread.context_code or ""
    course = here.people.course(int(code.removeprefix("course_"))) if code else None
    return course.name if course else None


def _time(message: Message) -> str:
    return message.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
