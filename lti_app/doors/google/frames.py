"""The five frames of a Classroom add-on and what their addresses carry. All of it is unsigned.

Document: "iframes" of the Classroom add-ons developer guide (read 2026-11). What stands in the address says
what to ask Google about; it never says who is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from connectors.google_classroom.routes import ItemKind
from connectors.http import Pairs
from lti_app.doors.google.asking import Item

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[!-~]{1,2048}")
_SINGULAR = {
    "announcement": ItemKind.ANNOUNCEMENT,
    "courseWorkMaterial": ItemKind.MATERIAL,
}
PARAMETERS = (
    "courseId",
    "itemId",
    "itemType",
    "attachmentId",
    "addOnToken",
    "urlToUpgrade",
    "login_hint",
)
"""Everything a frame of ours reads. ``submissionId`` is not among it: no pupil's work is ever shown."""


class FrameKind(StrEnum):
    """Which frame it is, as its address says. The student's is served apart: it is open to all."""

    SETUP = "setup"
    TEACHER = "teacher"
    REVIEW = "review"
    UPGRADE = "upgrade"

    @property
    def adds(self) -> bool:
        """Whether the frame is there to add an attachment."""
        return self in (FrameKind.SETUP, FrameKind.UPGRADE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One opening of a frame, its shape checked."""

    frame: FrameKind
    item: Item
    attachment_id: str = ""
    add_on_token: str = ""
    url: str = ""

    @property
    def by(self) -> Pairs:
        """What ``addOnContext`` is asked by: the token of a frame that adds, else the attachment."""
        if self.frame.adds:
            return (("addOnToken", self.add_on_token),)
        return (("attachmentId", self.attachment_id),)


def opened_of(frame: FrameKind, said: Mapping[str, Any]) -> Opened | None:
    """Return the opening, or None when something is missing or has no shape of Google's."""
    course, item, kind = _text(said, "courseId"), _text(said, "itemId"), _kind(_text(said, "itemType"))
    attachment, token = _text(said, "attachmentId"), _text(said, "addOnToken")
    if kind is None or not (_ID.fullmatch(course) and _ID.fullmatch(item)):
        return None
    if not (_TOKEN.fullmatch(token) if frame.adds else _ID.fullmatch(attachment)):
        return None
    return Opened(
        frame=frame,
        item=Item(course_id=course, item_id=item, kind=kind),
        attachment_id=attachment,
        add_on_token=token,
        url=_text(said, "urlToUpgrade"),
    )


def hint_of(said: Mapping[str, Any]) -> str:
    """Return Google's number of whoever is signed in at Classroom, or an empty text."""
    hint = _text(said, "login_hint")
    return hint if _ID.fullmatch(hint) else ""


def _kind(text: str) -> ItemKind | None:
    """Return the kind of item; one walkthrough of Google's writes the singular."""
    try:
        return ItemKind(text)
    except ValueError:
        return _SINGULAR.get(text)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""
