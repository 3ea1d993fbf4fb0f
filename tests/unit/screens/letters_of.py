"""What the tests of the family's screens do again and again: write a letter, read a form."""

from __future__ import annotations

import re
from uuid import uuid4

from iepcore.caseload import Letter, Sent
from iepcore.ids import ClientKey, GoalId, StudentId
from iepcore.language import FreeText, Part, Phrase
from tests.unit.screens.conftest import House

FIELD = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
TRICK = "Hola <script>alert(1)</script> \u202egnirtS\u202c & \u2067x"
"""A text as an attacker would write it: markup, and characters that turn the direction."""


def write(
    house: House,
    child: str,
    *readers: str,
    text: str = "She read the bridge story alone.",
    by: str = "halloran",
    goal: bool = True,
) -> Sent:
    """Send a letter with the data's sentences and a teacher's own words."""
    caseload = house.caseload(by)
    student: StudentId = house.student(child)
    goal_id: GoalId | None = house.goal(child) if goal else None
    suggested = caseload.writing.compose(student, goal_id).suggested
    parts: tuple[Part, ...] = (
        *suggested,
        Phrase(key="update.label.went_well"),
        FreeText(text=text, lang="en"),
    )
    readers_ids = frozenset(house.adult(key) for key in readers)
    return caseload.writing.send(
        student, goal_id, Letter(parts=parts, recipient_ids=readers_ids), ClientKey(uuid4())
    )


def form_of(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of a page's boxes: hidden ones and those that are ticked."""
    values: dict[str, list[str]] = {}
    for found in FIELD.findall(page):
        said = dict(ATTRIBUTE.findall(found))
        kind, name = said.get("type", "text"), said.get("name")
        if not name or " disabled" in found:
            continue
        if kind in {"checkbox", "radio"} and " checked" not in found:
            continue
        values.setdefault(name, []).append(said.get("value", ""))
    return values
