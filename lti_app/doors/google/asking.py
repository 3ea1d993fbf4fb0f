"""What this door asks Google: a token for a code, who somebody is at a frame, and one attachment.

Calls go through the shared transport: explicit time-outs, no body or query in any log. A read is repeated
after a stumble of the network; making an attachment is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from marshmallow import fields

from connectors.google_classroom.dialect import GoogleDialect
from connectors.google_classroom.routes import ADD_ON_CONTEXT, CREATE_ATTACHMENT, FETCH_TOKEN, ItemKind
from connectors.google_classroom.schemas import TokenAnswer, TokenAnswerSchema
from connectors.http import AnswerSchema, InFlightGate, Limits, Origin, Pairs, Sent, Transport, load_one
from lti_app.doors.google.clients import GoogleClient

LIMITS = Limits(connect_seconds=3.0, read_seconds=6.0, total_seconds=12.0, body_bytes=256 * 1024)
"""Somebody waits in front of a frame."""


class CourseRole(StrEnum):
    """What Google says that somebody is at the item of a frame."""

    TEACHER = "teacher"
    STUDENT = "student"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The item of a course that a frame hangs on: ids as Classroom writes them, proof of nothing."""

    course_id: str
    item_id: str
    kind: ItemKind

    @property
    def path(self) -> dict[str, str]:
        """The slots of a route."""
        return {"course_id": self.course_id, "item_id": self.item_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOnContext:
    """``AddOnContext`` of the Classroom API, as far as it says who is asking and where."""

    course_id: str = ""
    item_id: str = ""
    student: Mapping[str, Any] | None = None
    teacher: Mapping[str, Any] | None = None

    def role_at(self, item: Item) -> CourseRole | None:
        """Return the role, or None when Google speaks of another item, of no role or of both."""
        if (self.course_id, self.item_id) != (item.course_id, item.item_id):
            return None
        if (self.teacher is None) == (self.student is None):
            return None
        return CourseRole.TEACHER if self.teacher is not None else CourseRole.STUDENT


class AddOnContextSchema(AnswerSchema[AddOnContext]):
    """The one context that is there is the role."""

    into = AddOnContext
    course_id = fields.String(data_key="courseId")
    item_id = fields.String(data_key="itemId")
    student = fields.Dict(data_key="studentContext")
    teacher = fields.Dict(data_key="teacherContext")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An attachment that was made."""

    id: str = ""


class MadeSchema(AnswerSchema[Made]):
    """``AddOnAttachment``, its id only."""

    into = Made
    id = fields.String(load_default="")


@dataclass(frozen=True, slots=True)
class _OneToken:
    value: str = field(repr=False)

    def token(self) -> str:
        return self.value

    def invalidate(self, token: str) -> None:
        """Do nothing: the person signs in again."""


def fetch_token(client: GoogleClient, *, code: str, verifier: str, redirect_uri: str) -> TokenAnswer:
    """Trade the code that came back with the browser.

    Raises:
        CallError: ``ConsentLost`` for a used or foreign code, and whatever else can go wrong.
    """
    wish: Pairs = (
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", verifier),
        ("redirect_uri", redirect_uri),
        ("client_id", client.client_id),
        ("client_secret", client.client_secret),
    )
    address = urlsplit(client.endpoints.token_url)
    transport = _transport(f"{address.scheme}://{address.netloc}", None)
    try:
        outcome = transport.send_once(FETCH_TOKEN, wish, partial(load_one, TokenAnswerSchema()))
    finally:
        transport.close()
    if isinstance(outcome, Sent):
        return outcome.value
    raise outcome.error


def role_at(client: GoogleClient, token: str, item: Item, by: Pairs) -> CourseRole | None:
    """Ask who the bearer of ``token`` is at an item; ``by`` is ``attachmentId`` or ``addOnToken``.

    Raises:
        CallError: ``Forbidden`` or ``NotFoundThere`` for somebody with no part in it, and for ids that are
            made up; ``TokenExpired`` when the person has to sign in again.
    """
    transport = _transport(client.endpoints.classroom_url, token)
    try:
        said = transport.get_one(ADD_ON_CONTEXT[item.kind], by, AddOnContextSchema(), path=item.path)
    finally:
        transport.close()
    return said.role_at(item)


def create_attachment(
    client: GoogleClient, token: str, item: Item, add_on_token: str, body: Mapping[str, object]
) -> Made:
    """Make one attachment, once.

    Raises:
        CallError: whatever went wrong; ``may_have_happened`` tells whether it may be there.
    """
    transport = _transport(client.endpoints.classroom_url, token)
    try:
        outcome = transport.send_once(
            CREATE_ATTACHMENT[item.kind],
            body,
            partial(load_one, MadeSchema()),
            path=item.path,
            params=(("addOnToken", add_on_token),),
        )
    finally:
        transport.close()
    if isinstance(outcome, Sent):
        return outcome.value
    raise outcome.error


def _transport(origin: str, token: str | None) -> Transport:
    return Transport(
        Origin.parse(origin),
        GoogleDialect(),
        gate=InFlightGate(start=1, most=1),
        tokens=None if token is None else _OneToken(token),
        limits=LIMITS,
    )
