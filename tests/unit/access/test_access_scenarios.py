"""The access answers of the shared fictional scenarios that today's kinds of things can express."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from iepcore.access import Action, Audience, Person, Relations, Resource, ResourceKind, decide
from iepcore.caseload.standing import of_assignment, of_relationship
from iepcore.ids import AdultId, StudentId
from iepcore.people import StaffRole
from iepcore.testing import a_parent, a_student, an_adult, an_assignment

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
}
LATER_THINGS = {
    "workshop_calendar": "events without student information",
    "support_group attendance": "support groups",
    "meeting_notice": "meetings",
}
"""Things of rooms that later steps build."""
ADULT_STUDENT = "rights of an adult student: a party of a later step"
NO_MEETING = "a meeting's window and papers: a later step"
LATER = {
    ("S05", "student", "iep"): ADULT_STUDENT,
    ("S05", "student", "consent"): ADULT_STUDENT,
    ("S09", "int", "iep"): NO_MEETING,
}
WORDED = {
    ("S04", "para", "data_points", "write"): "own_only",
}
"""The guide's matrix says "w delegated" here: writing one's own, which the scenario calls allow."""


CHILD, OTHER_CHILD = a_student(), a_student()
FIRST = date(2000, 1, 1)
STAFF = {role.value for role in StaffRole}


@dataclass(frozen=True)
class Somebody:
    """One person of a scenario, with the standings the scenario's data give them."""

    id: AdultId
    relations: Relations
    child: StudentId


def _somebody(scenario: dict[str, Any], key: str) -> Somebody:
    """Return a person of a scenario by their key there."""
    adult = an_adult()
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
            valid_to=_last_day_of_parents_rights(scenario),
        )
        return Somebody(adult.id, Relations(grants=(of_relationship(row),)), child.id)
    role = next(one["role"] for one in scenario["staff"] if one["id"] == key)
    if role not in STAFF:
        return Somebody(adult.id, Relations(), CHILD.id)
    place = an_assignment(CHILD, adult, role=StaffRole(role), starts_on=FIRST)
    return Somebody(adult.id, Relations(grants=(of_assignment(place),)), CHILD.id)


def _last_day_of_parents_rights(scenario: dict[str, Any]) -> date | None:
    """Return the day before the eighteenth birthday where a scenario transfers the rights to the student."""
    if scenario["id"] != "S05":
        return None
    born = date.fromisoformat(scenario["student"]["dob"])
    return born.replace(year=born.year + 18) - timedelta(days=1)


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
    on = date.fromisoformat(day or scenario["as_of"])
    somebody = _somebody(scenario, entry["actor"])
    kind, about = OBJECTS[entry["object"]]
    p1 = _somebody(scenario, "p1").id
    details = {
        name: (frozenset({p1}) if name == "participants" else p1) if value == "p1" else value
        for name, value in about.items()
    }
    # Of a log with several children each parent is asked about the row of their own child.
    child = somebody.child if kind is K.SESSION_LOG else CHILD.id
    thing = Resource(kind=kind, student_id=child, **details)
    what = Action.DECIDE if kind is K.CONSENT and action == "write" else Action(action)
    return decide(Person(adult_id=somebody.id), what, thing, on, somebody.relations).outcome.value


def test_scenarios_say_what_we_decide(shared_folder: Path) -> None:
    """Every entry that can be expressed has its decision; what cannot is named with the reason."""
    decided, differing, seen_later = 0, [], set()
    for scenario, entry in _entries(shared_folder):
        key = (scenario["id"], entry["actor"], entry["object"])
        if entry["object"] in LATER_THINGS or key in LATER:
            seen_later.add(entry["object"] if entry["object"] in LATER_THINGS else key)
            continue
        decided += 1
        expected = WORDED.get((*key, entry["action"]), entry["decision"])
        if expected != _word(scenario, entry):
            differing.append((*key, entry["action"], entry["decision"], _word(scenario, entry)))

    assert [] == differing
    assert 24 <= decided
    assert {*LATER_THINGS, *LATER} == seen_later
