"""The fictional cases as values of the library: calendars, services, sessions, events deadlines count from.

Plans in the store, meetings and a team's consents come with their rooms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from iepcore.calendars import (
    FEDERAL,
    Deadline,
    DeadlineRules,
    SchoolCalendar,
    Term,
    attains_age,
    state_profile,
)
from iepcore.ids import ServiceId, SessionId, StudentId
from iepcore.minutes import Ledger, MinutesPolicy, MissedReason, SessionLog, ledger, planned_minutes
from iepcore.plan import Delivery, Interval, ServicePrescription

_SPACE = UUID(int=2026)
Case = Mapping[str, Any]


def read_cases(folder: Path) -> tuple[dict[str, SchoolCalendar], dict[str, SchoolCalendar], list[Case]]:
    """Return the school calendars, the calendars of the extended year, and the cases."""
    document = json.loads((folder / "domain" / "scenarios.json").read_text(encoding="utf-8"))
    schools, summers = {}, {}
    for key, one in document["calendars"].items():
        cards = tuple(map(day_of, one["report_card_dates"]))
        schools[key] = SchoolCalendar(terms=(_term(one["name"], one),), report_cards=cards)
        summers[key] = SchoolCalendar(terms=(_term("ESY", one["esy"]),))
    return schools, summers, document["scenarios"]


def day_of(text: str) -> date:
    """Return a day written as ISO 8601."""
    return date.fromisoformat(text)


def _term(name: str, one: Case) -> Term:
    return Term(
        name=name,
        first_day=day_of(one["first_day"]),
        last_day=day_of(one["last_day"]),
        no_school=frozenset(map(day_of, one["no_school"])),
        weekdays=frozenset(one.get("weekdays", range(5))),
    )


# ------------------------------------------------------------------------------------------------ deadlines


def due_of(case: Case, school: SchoolCalendar) -> dict[str, date | None]:
    """Return every due date the library can compute from the facts of a case, under the case's own names."""
    rules = DeadlineRules(profile=FEDERAL, school=school)
    found: dict[str, date | None] = {}

    def put(name: str, deadline: Deadline) -> None:
        found[name] = deadline.due_on

    in_force = [plan for plan in case.get("ieps", ()) if plan["state"] in {"in_effect", "transferred_in"}]
    found["annual_review"] = None
    if in_force:
        put("annual_review", rules.annual_review(day_of(in_force[-1]["annual_review_meeting"])))
    for other in case.get("co_students", ()):
        if "iep" in other:
            name = f"annual_review_{other['name'].split()[0].lower()}"
            put(name, rules.annual_review(day_of(other["iep"]["annual_review_meeting"])))
    student = case["student"]
    eligibility = student["eligibility"]
    if "last_evaluation" in eligibility:
        put("reevaluation", rules.reevaluation(day_of(eligibility["last_evaluation"])))
    consents = {one["type"]: one["given"] for one in case.get("consents", ()) if one.get("given")}
    asked = case.get("evaluation", {}).get("consent_received") or consents.get("initial_evaluation")
    if asked:
        put("evaluation_federal_60_calendar", rules.initial_evaluation(day_of(asked)))
        texas = DeadlineRules(profile=state_profile("TX"), school=school)
        put("evaluation_state_45_school_days", texas.initial_evaluation(day_of(asked)))
    decided = eligibility.get("eligibility_determined") or case.get("evaluation", {}).get(
        "eligibility_determined"
    )
    if decided:
        put("initial_iep_meeting", rules.initial_meeting(day_of(decided)))
    born_on, today = day_of(student["dob"]), day_of(case["as_of"])
    put("iep_in_effect_by", rules.third_birthday(born_on))
    put("transfer_statement_by", rules.transfer_statement(born_on, on=today))
    put("rights_transfer_on", rules.rights_transfer(born_on, on=today))
    put("turns_18_feb28_rule", rules.rights_transfer(born_on, on=today))
    found["ferpa_transfer_on"] = rules.records_become_theirs(born_on)
    found["turns_16"] = attains_age(born_on, 16)
    if "plan_504" in case:
        put("section_504_reevaluation", rules.section_504(day_of(case["plan_504"]["begin"])))
    for person in case["people"]:
        # The form has no field for it: it stands in the words of what the rights rest on.
        need = re.search(r"need determined (\d{4}-\d\d-\d\d)", person["rights"]["basis"])
        if need is not None:
            put("surrogate_by", rules.surrogate(day_of(need[1])))
    for meeting in case.get("meetings", ()):
        if meeting["kind"].startswith("iep_") and "notice_latest_default10" in case["expected"]["due"]:
            put("notice_latest_default10", rules.meeting_notice(day_of(meeting["date"])))
    return found


# -------------------------------------------------------------------------------------------------- minutes


def ledger_of(
    case: Case, service_id: str, window: list[str], school: SchoolCalendar, summer: SchoolCalendar
) -> Ledger:
    """Return the ledger of one service of a case in a window."""
    first, last = map(day_of, window)
    services = [one for one in case["services"] if one["id"] == service_id]
    line = [_service(case, one) for one in services]
    calendar = summer if line[0].is_extended_year else school
    planned = planned_minutes(line, first, last, calendar)
    logs = [
        _session(case, one)
        for one in case.get("sessions", ())
        if one["service"] == service_id and first <= day_of(one["date"]) <= last
    ]
    return ledger(planned, logs, policy=_policy(case))


def _service(case: Case, one: Case) -> ServicePrescription:
    return ServicePrescription(
        id=ServiceId(_id(case, one["id"])),
        line_id=ServiceId(_id(case, one["id"])),
        student_id=StudentId(_id(case, "student")),
        service=one["type"],
        delivery=Delivery(one["delivery"]),
        frequency=one["frequency"],
        interval=Interval(one["interval"]),
        minutes=one["minutes_per_session"],
        begins_on=day_of(one["begin"]),
        ends_on=day_of(one["end"]),
        is_extended_year=one.get("esy", False),
    )


def _session(case: Case, one: Case) -> SessionLog:
    reasons = {reason.value: reason for reason in MissedReason}
    replaced = one.get("makeup_for")
    return SessionLog(
        id=SessionId(_id(case, one["id"])),
        student_id=StudentId(_id(case, "student")),
        service_line_id=ServiceId(_id(case, one["service"])),
        on=day_of(one["date"]),
        scheduled=one["scheduled"],
        delivered=one["delivered"],
        reason=reasons.get(one["status"]),
        makes_up=SessionId(_id(case, replaced)) if replaced else None,
    )


def _policy(case: Case) -> MinutesPolicy:
    named = case["policy"].get("makeup_reasons")
    if named is None:
        return MinutesPolicy()
    return MinutesPolicy(made_up=frozenset(map(MissedReason, named)))


def _id(case: Case, name: str) -> UUID:
    return uuid5(_SPACE, f"{case['id']}/{name}")
