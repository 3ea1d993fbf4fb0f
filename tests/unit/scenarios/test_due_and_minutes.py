"""The dates and minutes of all twenty fictional cases, computed by the library alone."""

from __future__ import annotations

from pathlib import Path

from iepcore.calendars import FEDERAL, DeadlineRules
from tests.unit.scenarios.facts import day_of, due_of, ledger_of, read_cases


def test_every_due_date_of_every_case(shared_folder: Path) -> None:
    """Each date that a case expects is computed, and is that date."""
    schools, _, cases = read_cases(shared_folder)
    wrong = {}
    for case in cases:
        found = due_of(case, schools[case["calendar"]])
        for name, expected in case["expected"]["due"].items():
            due = found[name]
            if expected != (due.isoformat() if due is not None else None):
                wrong[case["id"], name] = (expected, due)
    assert 20 == len(cases)
    assert {} == wrong


def test_every_minute_of_every_case(shared_folder: Path) -> None:
    """Planned, given, short, missed by reason, made up, still to be made up, for the team."""
    schools, summers, cases = read_cases(shared_folder)
    wrong, compared = {}, 0
    for case in cases:
        for service, expected in case["expected"].get("minutes", {}).items():
            school, summer = schools[case["calendar"]], summers[case["calendar"]]
            found = ledger_of(case, service, expected["window"], school, summer)
            numbers = {
                "planned": found.planned,
                "delivered": found.delivered,
                "shortfall": found.shortfall,
                "missed_by_reason": {reason.value: minutes for reason, minutes in found.missed.items()},
                "makeup_delivered": found.made_up,
                "makeup_still_owed": found.still_owed,
                "team_review_minutes": found.team_review,
            }
            for name in expected.keys() & numbers.keys():
                compared += 1
                if expected[name] != numbers[name]:
                    wrong[case["id"], service, name] = (expected[name], numbers[name])
    assert compared >= 14
    assert {} == wrong


def test_a_saturday_stays_and_the_school_day_before_stands_beside_it(shared_folder: Path) -> None:
    """The rule of the case about the evaluation clock."""
    schools, _, cases = read_cases(shared_folder)
    case = next(one for one in cases if one["id"] == "S14")
    rules = DeadlineRules(profile=FEDERAL, school=schools[case["calendar"]])
    found = rules.initial_evaluation(day_of(case["evaluation"]["consent_received"]))
    assert ("2026-11-14", "2026-11-13") == (str(found.due_on), str(found.school_day_on))


def test_transition_is_asked_for_where_a_case_says_so(shared_folder: Path) -> None:
    """A plan that reaches the sixteenth birthday holds transition services."""
    schools, _, cases = read_cases(shared_folder)
    for case in cases:
        if "transition_required" in case["expected"]:
            plan = case["ieps"][-1]
            rules = DeadlineRules(profile=FEDERAL, school=schools[case["calendar"]])
            needed = rules.needs_transition(
                day_of(case["student"]["dob"]),
                plan_begins_on=day_of(plan["begin"]),
                plan_ends_on=day_of(plan["end"]),
            )
            assert case["expected"]["transition_required"] == needed
