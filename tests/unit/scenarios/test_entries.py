"""An expected value that nothing computes is said to be such, never passed over; a wrong one differs."""

from __future__ import annotations

from typing import Any

import pytest

from iepcore.testing.scenarios import RULES, Verdict, entries_of, rule_of
from tests.unit.scenarios.bent import GONE, OWN, bent, entry_of, site_of

N, D, A = Verdict.NOT_COMPUTED, Verdict.DIFFERS, Verdict.AGREES
ASK = "expected.access.+"
MEETING = {"id": "m9", "kind": "iep_review", "date": "2027-04-20", "state": "scheduled"}

CASES: dict[str, tuple[str, dict[str, Any], str, Verdict]] = {
    "a due date without a rule": ("R01", {"expected.due.moon_by": "2027-01-01"}, "due/moon_by", N),
    "a review of nobody": ("R01", {"expected.due.annual_review_zoe": None}, "due/annual_review_zoe", N),
    "an age without a birthday": (
        "R02",
        {"student.dob": GONE, "expected.due.turns_18": "2030-01-01"},
        "due/turns_18",
        N,
    ),
    "another number of our own": (
        "R07",
        {"expected.due.notice_latest_default7": "2027-03-02"},
        "due/notice_latest_default7",
        N,
    ),
    "no record request": ("R01", {"expected.due.record_request": None}, "due/record_request", N),
    "a wrong day": ("R01", {"expected.due.turns_20": "2028-03-01"}, "due/turns_20", D),
    "a day no calendar knows": (
        "R03",
        {"calendar": GONE, "expected.due.initial_evaluation": "unknown: no_calendar"},
        "due/initial_evaluation",
        A,
    ),
    "a goal that is not there": (
        "R02",
        {"expected.goal_status.g9": {"period": ["2027-01-01", "2027-02-01"], "status": "met"}},
        "goal_status/g9",
        N,
    ),
    "a number nobody computes": (
        "R02",
        {"expected.goal_status.g1.slope": 2.5},
        "goal_status/g1/slope",
        N,
    ),
    "a period of one day": ("R02", {"expected.goal_status": {"g1": {"period": ["2027-02-01"]}}}, "", N),
    "no status but a flag": (
        "R02",
        {"expected.goal_status.g1.status": GONE},
        "goal_status/g1/four_point_flag",
        A,
    ),
    "a service that is not there": (
        "R02",
        {"expected.minutes.v9": {"window": ["2027-01-01", "2027-02-01"], "planned": 1}},
        "minutes/v9",
        N,
    ),
    "minutes without a calendar": ("R06", {"calendar": GONE}, "minutes/v1/planned", N),
    "two lines at once": ("R02", {"services.0.end": "2026-11-04"}, "minutes/v1/planned", D),
    "status of a goal that was left out": (
        "R02",
        {"goals.0.unit": None, "expected.goal_status.g1.note": "still growing"},
        "goal_status/g1/note/growing",
        N,
    ),
    "growth without data": (
        "R02",
        {"goals.0.data": [], "expected.goal_status.g1.note": "still growing"},
        "goal_status/g1/note/growing",
        D,
    ),
    "minutes of a service that was left out": (
        "R06",
        {"services.0.frequency": None, "expected.minutes.v1.note": "June not yet delivered"},
        "minutes/v1/note/month_open",
        N,
    ),
    "words nobody understands": (
        "R06",
        {"expected.minutes.v2.note": "be kind"},
        "minutes/v2/note",
        N,
    ),
    "weeks of a summer that is none": (
        "R06",
        {"expected.minutes.v1.note": "5 ESY weeks"},
        "minutes/v1/note/summer_weeks",
        D,
    ),
    "a month outside the window": (
        "R06",
        {"expected.minutes.v1.note": "May not yet delivered"},
        "minutes/v1/note/month_open",
        N,
    ),
    "a check without a rule": ("R07", {"expected.checks.mood": "good"}, "checks/mood", N),
    "attempts without a meeting": ("R01", {"expected.checks": {"attempts": 1}}, "checks/attempts", N),
    "days without a notice": (
        "R01",
        {"meetings": [MEETING], "expected.checks": {"notice_days": 1}},
        "checks/notice_days",
        N,
    ),
    "contents without a notice": (
        "R01",
        {"meetings": [MEETING], "expected.checks": {"notice_complete": True}},
        "checks/notice_complete",
        N,
    ),
    "an excusal of nobody": ("R07", {"expected.checks.cm_excusal_valid": True}, "checks/cm_excusal_valid", N),
    "a surrogate without a need": (
        "R01",
        {"expected.checks": {"surrogate_on_time": True}},
        "checks/surrogate_on_time",
        N,
    ),
    "transition without a plan": ("R01", {"expected.transition_required": True}, "transition_required", N),
    "what a plan lacks": (
        "R09",
        {"expected.validation": {"missing": ["transition_missing"]}},
        "validation/missing",
        A,
    ),
    "objectives that are not needed": (
        "R02",
        {"expected.validation": {"benchmarks_required": False, "mood": 1}},
        "validation/benchmarks_required",
        A,
    ),
    "a display without words": ("R01", {"expected.display": {"dir": "rtl"}}, "display", N),
    "a display of words": (
        "R02",
        {
            "messages": [{"id": "m1", "from": "cm", "to": ["p1"], "body": "Hello سلام", "language": "en"}],
            "expected.display": {"isolate_ltr_runs": ["سلام"], "mood": 1},
        },
        "display/isolate_ltr_runs",
        A,
    ),
    "a direction alone": (
        "R02",
        {
            "messages": [{"id": "m1", "from": "cm", "to": ["p1"], "body": "Hello", "language": "en"}],
            "expected.display": {"dir": "ltr"},
        },
        "display/dir",
        A,
    ),
    "a block nobody knows": ("R01", {"expected.weather": "sunny"}, "weather", N),
    "a rule nobody knows": ("R01", {"expected.rules": ["be kind"]}, "rules/0", N),
    "an action that is none": (
        "R01",
        {ASK: {"actor": "p1", "object": "iep", "action": "sing", "decision": "allow"}},
        "access/p1:sing:iep",
        N,
    ),
    "a thing that is none": (
        "R01",
        {ASK: {"actor": "p1", "object": "moon", "action": "read", "decision": "deny"}},
        "access/p1:read:moon",
        N,
    ),
    "somebody who is nobody": (
        "R01",
        {ASK: {"actor": "ghost", "object": "iep", "action": "read", "decision": "deny"}},
        "access/ghost:read:iep",
        N,
    ),
    "the address of a relation nobody has": (
        "R01",
        {ASK: {"actor": "p1", "object": "uncle's address", "action": "read", "decision": "deny"}},
        "access/p1:read:uncle's_address",
        N,
    ),
    "one's own address": (
        "R01",
        {ASK: {"actor": "p1", "object": "address of p1", "action": "read", "decision": "own_only"}},
        "access/p1:read:address_of_p1",
        A,
    ),
    "a session that was not held": (
        "R04",
        {ASK: {"actor": "p1", "object": "session_log x9", "action": "read", "decision": "deny"}},
        "access/p1:read:session_log_x9",
        N,
    ),
    "a child nobody has a record of stays hidden": (
        "R04",
        {
            "sessions.0.students": ["Lena", "Zoe"],
            ASK: {"actor": "slp", "object": "session_log x1", "action": "read", "decision": "redact"},
        },
        "access/slp:read:session_log_x1#2",
        A,
    ),
    "a session of one child is shown whole": (
        "R04",
        {
            "sessions.1.students": ["Lena"],
            ASK: {"actor": "p1", "object": "session_log x2", "action": "read", "decision": "allow"},
        },
        "access/p1:read:session_log_x2",
        A,
    ),
    "the address of the second one listed": (
        "R07",
        {
            "expected.access": [
                {"actor": "p1", "object": "grandmother's address", "action": "read", "decision": "deny"}
            ]
        },
        "access/p1:read:grandmother's_address",
        A,
    ),
    "a wrong word": ("R01", {"expected.access.0.decision": "deny"}, "access/p1:read@2026-02-27:iep", D),
}


@pytest.mark.parametrize("name", list(CASES))
def test_entry_says_what_became_of_it(name: str) -> None:
    """Computed and equal, computed and different, or not computed with a reason."""
    key, changes, wanted, verdict = CASES[name]
    if not wanted:
        with pytest.raises(Exception, match="a first and a last day"):
            entries_of(site_of(key, changes))
        return
    entry = entry_of(key, changes, wanted)
    assert verdict is entry.verdict, entry
    assert entry.how


def test_an_empty_block_has_no_entries() -> None:
    """A block that is null is no block."""
    assert all("/checks/" not in one.id for one in entries_of(site_of("R01", {"expected.checks": None})))


@pytest.mark.parametrize("place", range(len(RULES)))
def test_a_rule_is_not_true_of_a_scenario_without_its_facts(place: int) -> None:
    """The sentence of each rule, said of a child with nothing but a leap-day birthday."""
    sentences = {
        "agency consent": "outside agency on 2027-01-01: consent must come from the student",
        "comparable services": "comparable services start on enrolment day",
        "records of a transfer": "records: reasonable steps",
        "review stays": "amendment does not move the annual review date",
        "versions stay": "version 1 stays readable",
        "team is told": "the team is notified",
        "revised copy": "revised copy on request",
        "interpreter": "interpreter must be arranged",
        "told aloud": "translated orally",
        "no relatives interpret": "relatives are not used as interpreters",
        "consultation apart": "consult minutes do not count as student time",
        "weekend stays": "2026-11-14 is a Saturday: it does not move; show 2026-11-13",
        "state period": "state period replaces the 60 days",
        "notice before the end": "prior written notice before services stop",
        "history stays": "records are not rewritten",
        "no minutes after the end": "no planned minutes after 2026-02-01",
        "one parent is enough": "one parent with authority is enough",
        "consent before services": "no service may start before written consent",
        "review suggested": "lack of expected progress",
    }
    rule = RULES[place]
    sentence = sentences[rule.key]
    assert rule is rule_of(sentence)
    verdict = entry_of("R01", {"expected.rules": [sentence]}, "rules/0").verdict
    # A first plan never starts without consent, whoever the child is.
    assert (A if rule.key == "consent before services" else verdict) == verdict
    assert (verdict is A) == (rule.key == "consent before services")


def test_rules_look_past_other_meetings() -> None:
    """A meeting without an agency, one that is none of the team, and a notice that was written."""
    conference = {"id": "m0", "kind": "parent_teacher_conference", "date": "2027-01-09", "state": "open"}
    changes = {
        "meetings": [conference, *bent("R07", {})[1]["meetings"]],
        "expected.rules": [
            "outside agency on 2027-03-09: consent must come from the student",
            "notice translated orally",
        ],
    }
    site = site_of("R07", changes)
    found = {one.id: one.verdict for one in entries_of(site) if "/rules/" in one.id}
    assert {"R07/rules/0": N, "R07/rules/1": D} == found


def test_the_page_about_scenarios_lists_every_rule_with_its_bend() -> None:
    """A rule that is added here is added there."""
    page = (OWN.parents[2] / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    assert [] == [rule.key for rule in RULES if f"| {rule.bent} |" not in page]
