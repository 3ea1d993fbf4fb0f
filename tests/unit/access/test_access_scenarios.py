"""The access answers of the shared fictional scenarios, every one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from iepcore.access import Action, Audience, Person, Relations, Resource, ResourceKind, decide
from iepcore.caseload.standing import of_assignment, of_window
from iepcore.caseload.standing_rights import Rights
from iepcore.ids import AdultId, StudentId
from iepcore.people import MajorityRule, Relation, StaffRole, Student
from iepcore.testing import a_parent, a_student, an_adult, an_assignment
from iepcore.testing.people_values import a_window

K = ResourceKind
OBJECTS: dict[str, tuple[ResourceKind, dict[str, Any]]] = {
    "iep": (K.IEP, {}),
    "iep i1": (K.IEP, {}),
    "staff_note": (K.INTERNAL_NOTE, {}),
    "audit_log": (K.AUDIT_LOG, {}),
    "consent": (K.CONSENT, {}),
    "data_points": (K.DATA_POINT, {}),
    "session_log x1": (K.SESSION_LOG, {}),
    "family_profile": (K.FAMILY_PROFILE, {"audience": Audience.SHARED}),
    "messages": (K.MESSAGE, {}),
    "messages of p1": (K.MESSAGE, {"participants": "p1"}),
    "mother's address": (K.FAMILY_PROFILE, {"of_adult_id": "p1"}),
    "meeting_notice": (K.NOTICE, {}),
    "workshop_calendar": (K.EVENT, {"student_id": None}),
    "support_group attendance": (K.ATTENDANCE, {"student_id": None, "of_adult_id": "p1"}),
}
WORDED = {
    ("S04", "para", "data_points", "write"): "own_only",
}
"""The guide's matrix says "w delegated" here: writing one's own, which the scenario calls allow."""


CHILD, OTHER_CHILD = a_student(), a_student()
FIRST = date(2000, 1, 1)
ZONE = ZoneInfo("UTC")
STAFF = {role.value for role in StaffRole}


@dataclass(frozen=True)
class Somebody:
    """One person of a scenario, with the standings the scenario's data give them."""

    id: AdultId
    relations: Relations
    child: StudentId
    at: datetime | None = None


def _somebody(scenario: dict[str, Any], key: str) -> Somebody:
    """Return a person of a scenario by their key there."""
    adult = an_adult()
    if key == "student":
        own = a_parent(CHILD, adult, relation=Relation.STUDENT, may_decide=False, valid_from=FIRST)
        return Somebody(adult.id, Relations(grants=_rights(scenario, CHILD).grants(own)), CHILD.id)
    for one in scenario["people"]:
        if one["id"] != key:
            continue
        elsewhere = "different child" in one["rights"]["basis"]
        child = OTHER_CHILD if elsewhere else CHILD
        row = a_parent(
            child,
            adult,
            may_access_records=elsewhere or one["rights"]["records"],
            may_decide=elsewhere or one["rights"]["decisions"],
            valid_from=FIRST,
        )
        return Somebody(adult.id, Relations(grants=_rights(scenario, child).grants(row)), child.id)
    held = next(one for one in scenario["staff"] if one["id"] == key)
    if "window_begin" in held:
        opens, closes = (_moment(held[name]) for name in ("window_begin", "window_end"))
        window = a_window(CHILD.id, adult.id, opens_at=opens, closes_at=closes)
        return Somebody(adult.id, Relations(grants=(of_window(window, ZONE),)), CHILD.id, at=opens)
    if held["role"] not in STAFF:
        return Somebody(adult.id, Relations(), CHILD.id)
    place = an_assignment(CHILD, adult, role=StaffRole(held["role"]), starts_on=FIRST)
    return Somebody(adult.id, Relations(grants=(of_assignment(place),)), CHILD.id)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _rights(scenario: dict[str, Any], child: Student) -> Rights:
    """Return whose rights they are by the student's birthday and the federal age of majority."""
    born = date.fromisoformat(scenario["student"]["dob"])
    return Rights(rule=MajorityRule(), born={child.id: born}, transfers={})


def _entries(shared: Path) -> list[tuple[dict[str, Any], dict[str, str]]]:
    whole = json.loads((shared / "domain" / "scenarios.json").read_text(encoding="utf-8"))
    return [
        (scenario, entry)
        for scenario in whole["scenarios"]
        for entry in scenario.get("expected", {}).get("access", [])
    ]


def _word(scenario: dict[str, Any], entry: dict[str, str]) -> str:
    """Return the library's word for an entry of a scenario."""
    action, _, day = entry["action"].partition("@")
    somebody = _somebody(scenario, entry["actor"])
    on = somebody.at.date() if somebody.at else date.fromisoformat(day or scenario["as_of"])
    kind, about = OBJECTS[entry["object"]]
    p1 = _somebody(scenario, "p1").id
    details = {
        name: (frozenset({p1}) if name == "participants" else p1) if value == "p1" else value
        for name, value in about.items()
    }
    # Of a log with several children each parent is asked about the row of their own child.
    child = somebody.child if kind is K.SESSION_LOG else CHILD.id
    thing = Resource(kind=kind, **({"student_id": child} | details))
    what = Action.DECIDE if kind is K.CONSENT and action == "write" else Action(action)
    who = Person(adult_id=somebody.id)
    return decide(who, what, thing, on, somebody.relations, at=somebody.at).outcome.value


def test_scenarios_say_what_we_decide(shared_folder: Path) -> None:
    """Every entry has its decision: parents, staff, the adult student, the interpreter in the window."""
    differing = []
    entries = _entries(shared_folder)
    for scenario, entry in entries:
        key = (scenario["id"], entry["actor"], entry["object"], entry["action"])
        expected = WORDED.get(key, entry["decision"])
        if expected != _word(scenario, entry):
            differing.append((*key, entry["decision"], _word(scenario, entry)))

    assert [] == differing
    assert 31 <= len(entries)
