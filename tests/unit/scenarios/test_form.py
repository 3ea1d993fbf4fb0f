"""What is not of the form is refused with its place; what cannot be expressed is said; nothing is guessed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from iepcore.plan import GoalState
from iepcore.testing.scenarios import FormError, document_of, entries_of, read_document
from tests.unit.scenarios.bent import GONE, OWN, bent, entry_of, left_out, site_of

PARENT = {"records": True, "decisions": True, "basis": "x"}
SOMEBODY = {"id": "p8", "name": "Some Body", "relation": "father", "rights": PARENT}

REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "R02.as_of": ("R02", {"as_of": GONE}),
    "R02": ("R02", {"student": None}),
    "R02.student": ("R02", {"student": 7}),
    "R02.staff[cm].id": ("R02", {"staff.0.name": "x", "people.0.id": "cm"}),
    "R02.people": ("R02", {"people": "nobody"}),
    "R02.people[p1].rights": ("R02", {"people.0.rights": None}),
    "R02.people[p1].needs_interpreter": ("R02", {"people.0.needs_interpreter": "no"}),
    "R02.ieps[i1].state": ("R02", {"ieps.0.state": "sleeping"}),
    "R02.ieps[i1].begin": ("R02", {"ieps.0.begin": "soon"}),
    "R02.ieps[i1].amendment.method": ("R02", {"ieps.1.amendment.method": "telepathy"}),
    "R02.ieps[i1].amendment": ("R02", {"ieps.1.amendment": GONE}),
    "R02.policy.profile": ("R02", {"policy.profile": "moon"}),
    "R02.policy.meeting_notice.unit": ("R02", {"policy.meeting_notice": {"days": 3, "unit": "moon"}}),
    "R02.policy.meeting_notice": ("R02", {"policy.meeting_notice": {}}),
    "policy.makeup_reasons": ("R02", {"policy.makeup_reasons": ["rain"]}),
    "R02.people[p1].name": ("R02", {"people.0.name": None}),
    "R02.calendar": ("R02", {"calendar": "moon"}),
    "R02.goals[g1].criterion.type": ("R02", {"goals.0.criterion.type": "luck"}),
    "R02.goals[g1].criterion": ("R02", {"goals.0.criterion": None}),
    "R02.goals[g1].data[0]": ("R02", {"goals.0.data": [["2026-10-05"]]}),
    "R02.goals[g1].direction": ("R02", {"goals.0.direction": "sideways"}),
    "R02.goals[g1].student": ("R02", {"goals.0.student": "nobody"}),
    "R02.goals[g1].superseded_by": ("R02", {"goals.0.superseded_by": "g9"}),
    "R02.goals[g1].recorder": ("R02", {"goals.0.recorder": "ghost"}),
    "R02.services[v2].continues": ("R02", {"services.1.continues": "v9"}),
    "R02.services[v1].student": ("R02", {"services.0.student": "ghost"}),
    "R02.services[v1].delivery": ("R02", {"services.0.delivery": "by post"}),
    "R04.sessions[x1].service": ("R04", {"sessions.0.service": "v9"}),
    "R04.sessions[x1].makeup_for": ("R04", {"sessions.0.makeup_for": "x9"}),
    "R04.sessions[x1].status": ("R04", {"sessions.0.status": "dreamt"}),
    "R04.sessions[x1].service_of": ("R04", {"sessions.0.service_of": {"o": "v9"}}),
    "R04.staff[slp]": ("R04", {"staff.1.students": ["ghost"]}),
    "R05.staff[sub].replaces": ("R05", {"staff.2.replaces": "ghost"}),
    "R06.ieps[i1].esy.decision": ("R06", {"ieps.0.esy.decision": "maybe"}),
    "R06.goals[g1].benchmarks[b1].state": (
        "R06",
        {"goals.0.benchmarks": [{"id": "b1", "text": "x", "state": "asleep"}]},
    ),
    "R07.meetings[m1].kind": ("R07", {"meetings.0.kind": "party"}),
    "R07.meetings[m1].state": ("R07", {"meetings.0.state": "asleep"}),
    "R07.meetings[m1].record_of_attempts": ("R07", {"meetings.0.record_of_attempts": ["c9"]}),
    "R07.contacts[c1].method": ("R07", {"contacts.0.method": "pigeon"}),
    "R07.contacts[c1].at": ("R07", {"contacts.0.at": "noon"}),
    "R09.ieps[i2].ended_on": ("R09", {"ieps.1.ended_on": GONE}),
    "R03.consents[k1].type": ("R03", {"consents.0.type": "wish"}),
    "R03.consents[k1].by": ("R03", {"consents.0.given": "2026-12-20"}),
    "R03.consents[k9]": ("R03", {"consents.+": {"id": "k9", "type": "revocation", "given": None}}),
    "R10.transfer.decision": (
        "R10",
        {"transfer": {"enrolled": "2026-09-10", "decision": "coin", "previous_district": "Hill"}},
    ),
}


@pytest.mark.parametrize("place", list(REFUSED))
def test_what_is_not_of_the_form_is_refused_or_left_out_with_its_place(place: str) -> None:
    """One thing bent in one of our scenarios: what holds the whole is refused, the rest is left out."""
    try:
        said = left_out(*REFUSED[place])
    except FormError as refusal:
        said = [f"{refusal.path}: left out: {refusal.what}"]
    assert [one for one in said if one.startswith(f"{place}: left out: ")], said


DOCUMENTS: dict[str, Any] = {
    "no object": [],
    "another form": {"format": "other/1", "scenarios": []},
    "no list": {"format": "iepcore-scenarios/1", "scenarios": {}},
    "no id": {"format": "iepcore-scenarios/1", "scenarios": [{"title": "x"}]},
    "an id twice": {"format": "iepcore-scenarios/1", "scenarios": [{"id": "A"}, {"id": "A"}]},
}


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_another_document_is_refused(name: str) -> None:
    """Not ours by its form, or not to be told apart."""
    with pytest.raises(FormError):
        document_of(DOCUMENTS[name])


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    """The error names the file."""
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(FormError, match=r"broken\.json"):
        read_document(path)
    assert document_of({"format": "iepcore-scenarios/1", "scenarios": []}).profiles == {}


LEFT: dict[str, tuple[str, dict[str, Any], str]] = {
    "a field nobody knows": ("R02", {"student.shoe_size": 31}, "R02.student.shoe_size: a field this loader"),
    "another credit": ("R02", {"policy.makeup_credit": "whole"}, "R02.policy.makeup_credit: a make-up is"),
    "a number a site may not choose": (
        "R02",
        {"policy.record_request": {"days": 60, "unit": "calendar"}},
        "R02.policy.record_request: a site may not choose it here: policy_less_protective",
    ),
    "a substitute without an end": ("R05", {"staff.2.to": GONE}, "R05.staff[sub].role: a substitute without"),
    "an interpreter without a window": (
        "R02",
        {"staff.+": {"id": "int", "name": "In Terp", "role": "interpreter"}},
        "R02.staff[int].role: an interpreter without a window",
    ),
    "a child without a record": (
        "R04",
        {"sessions.0.students": ["Lena", "Zoe"]},
        "R04.sessions[x1].students: Zoe has no record here",
    ),
    "points of tomorrow": ("R02", {"as_of": "2027-02-10"}, "R02.goals[g1].data: 2 points after the scenario"),
    "points from before": (
        "R02",
        {"goals.0.start": "2026-11-01"},
        "R02.goals[g1].data: 1 points from before",
    ),
    "a revocation by somebody else": (
        "R07",
        {
            "consents": [
                {"id": "k1", "type": "initial_services", "given": "2026-09-01", "by": "p1"},
                {"id": "k2", "type": "excusal", "given": "2027-03-01", "by": "p1"},
                {"id": "k3", "type": "revocation_all_services", "given": "2027-03-10", "by": "p2"},
            ]
        },
        "R07.consents[k3]: refused: signer_may_not_decide",
    ),
    "a step without its ground": (
        "R07",
        {"contacts": [], "meetings.0.record_of_attempts": []},
        "R07.meetings[m1].state: not held_without_parent: attempts_needed",
    ),
    "a letter to somebody without rights": (
        "R02",
        {
            "people.+": {
                **SOMEBODY,
                "document": "order 1",
                "rights": {"records": False, "decisions": False, "basis": "an order"},
            },
            "messages": [{"id": "m1", "from": "cm", "to": ["p8"], "body": "Hello", "date": "2026-10-05"}],
        },
        "R02.messages[m1]: refused: recipient_has_no_right",
    ),
}


@pytest.mark.parametrize("name", list(LEFT))
def test_what_cannot_be_expressed_is_said(name: str) -> None:
    """A line with the place and the reason, and a site all the same."""
    key, changes, line = LEFT[name]
    assert [one for one in left_out(key, changes) if one.startswith(line)]


def test_a_site_without_a_case_manager_gets_one_and_says_so() -> None:
    """Somebody has to open the record; whom the scenario does not name is assumed."""
    site = site_of("R01", {"staff": []})
    assert "a case manager who opens the record and builds the team" in {one.what for one in site.assumed}


def test_rights_that_never_move_leave_the_age_of_majority_out() -> None:
    """Some states do not transfer them."""
    site = site_of("R01", {"policy.transfer_of_rights": False})
    born_on = site.born_on()
    assert born_on is not None
    assert site.frame.rules.rights_transfer(born_on, on=site.as_of).due_on is None


def test_counts_of_the_policy_are_taken() -> None:
    """Three attempts by two methods, or what the policy says instead."""
    site = site_of("R07", {"policy.meeting_attempts": 1, "policy.meeting_attempt_methods": 1})
    counts = [
        rule.value for rule in site.frame.rules.profile.rules if rule.key.value.startswith("meeting_att")
    ]
    assert [1, 1] == counts


def test_a_calendar_may_have_no_summer_and_a_scenario_no_calendar() -> None:
    """What is not there is not made up."""
    raw: dict[str, Any] = {".calendars.cal-river.esy": GONE, ".calendars.cal-river.years": []}
    assert site_of("R02", raw).frame.summer is None
    assert site_of("R10", {"calendar": GONE}).frame.rules.school is None


@pytest.mark.parametrize(
    ("start", "state"), [("2026-10-20", GoalState.SUPERSEDED), ("2026-11-20", GoalState.ACTIVE)]
)
def test_a_goal_another_takes_the_place_of_is_superseded_on_that_day(start: str, state: GoalState) -> None:
    """Also where no plan is told of: on the first day of the other goal, and not before it comes."""
    goals = bent("R08", {})[1]["goals"][:1]
    one = {**goals[0], "data": [["2026-10-05", 53.5]], "recorder": "cm", "superseded_by": "g2"}
    site = site_of("R10", {"goals": [one, {**goals[0], "id": "g2", "start": start, "data": []}]})
    with site.store.read() as uow:
        goal = uow.plan.goal(site.goals["g1"])
    assert goal is not None
    assert state is goal.state


def test_values_with_a_point_are_recorded_as_they_are() -> None:
    """Counts, percents and rates in tenths."""
    goal = bent("R08", {})[1]["goals"][0]
    site = site_of(
        "R10",
        {
            "goals": [
                {**goal, "id": "g1", "unit": "count", "data": [["2026-10-05", 53.5]]},
                {**goal, "id": "g2", "unit": "percent", "baseline": 5, "data": [["2026-10-05", 53.5]]},
                {**goal, "id": "g3", "data": [["2026-10-05", 53.5]]},
                {**goal, "id": "g4", "unit": "count_of_95", "data": [["2026-10-05", 53]]},
            ]
        },
    )
    with site.store.read() as uow:
        points = uow.plan.points_of_goals(set(site.goals.values()))
    assert [53.5, 53.5, 53.5, 53.0] == [points[site.goals[f"g{n}"]][0].score for n in range(1, 5)]


@pytest.mark.parametrize("state", ["rejected", "partly_accepted", "draft"])
def test_a_version_nobody_got_services_under_is_kept_as_told(state: str) -> None:
    """Answered, or still a draft."""
    site = site_of("R03", {"ieps.0.state": state})
    with site.store.read() as uow:
        assert [state] == [one.state.value for one in uow.plans.versions_of(site.student_id)]


def test_a_plan_that_came_along_is_adopted() -> None:
    """From another district, with its transfer or without one."""
    told = {"ieps.0.state": "adopted", "ieps.0.pwn_sent": GONE, "consents": []}
    transfer = {"enrolled": "2027-01-12", "parent_consulted": "2027-01-12", "decision": "adopted"}
    for changes, day in ((told, "2027-01-11"), ({**told, "transfer": transfer}, "2027-01-12")):
        site = site_of("R03", changes)
        with site.store.read() as uow:
            version = uow.plans.versions_of(site.student_id)[0]
        assert ("adopted", day) == (version.state.value, version.begins_on.isoformat())


def test_a_plan_does_not_end_without_its_own_notice() -> None:
    """A notice of something else is sent, and is not enough: the plan goes on, and that is said."""
    left = left_out("R09", {"pwn.0.action": "a new evaluation is proposed"})
    assert "R09.ieps[i2]: refused: notice_first (34 CFR 300.503(a))" in left


def test_rights_that_the_rules_refuse_are_not_confirmed() -> None:
    """A caseworker does not decide, and a father's access ends only by a paper; the words may name one."""
    worker = {"people.+": {**SOMEBODY, "relation": "caseworker"}}
    assert "R02.people[p8]: refused: caseworker_decides" in left_out("R02", worker)
    cut = {"records": False, "decisions": False, "basis": "he moved out"}
    assert "R02.people[p8]: refused: paper_needed" in left_out(
        "R02", {"people.+": {**SOMEBODY, "rights": cut}}
    )
    ordered = {**cut, "basis": "a court order of 2026-01-05"}
    site = site_of("R02", {"people.+": {**SOMEBODY, "rights": ordered}})
    with site.store.read() as uow:
        held = uow.people.relationships_of_adult(site.adults["p8"])
    assert [False] == [one.may_access_records for one in held]


def test_what_rests_on_something_left_out_is_left_out_too() -> None:
    """A version whose contents are not of the form, and a meeting of no kind."""
    party = {"id": "m1", "kind": "party", "state": "held"}
    site = site_of("R06", {"ieps.0.esy.decision": "maybe", "meetings": [party]})
    found = {one.id: one.computed for one in entries_of(site) if "state" in one.id}
    assert {"R06/versions/1/state": "not built", "R06/meetings/m1/state": "not built"} == found


def test_a_version_that_could_not_be_written_is_not_proposed() -> None:
    """An amendment that would move the review is refused with its rule, and what follows has nothing."""
    left = left_out("R02", {"ieps.2.annual_review_meeting": "2027-01-20"})
    assert "R02.ieps[i1]: refused: plan_review_stays (34 CFR 300.324(a)(4))" in left
    assert "R02.ieps[i1]: left out: was not written" in left


def test_a_complete_plan_ends_with_a_notice_kept_here() -> None:
    """Where the plan is kept here, so is the notice, with its seven parts."""
    site = site_of("R09", {"ieps.1.transition": {"postsecondary_goals": ["study"], "services": ["a visit"]}})
    assert not site.kept_elsewhere
    with site.store.read() as uow:
        kept = [one for one in uow.plans.notices_of(site.student_id) if one.step.value == "exit"]
    assert kept[0].parts is not None


def test_concerns_siblings_and_an_invited_student_are_taken() -> None:
    """Fields the shared cases leave out."""
    site = site_of(
        "R04",
        {
            "student.siblings": ["Somebody Else"],
            "ieps.0.parent_concerns": "She hides her book.",
            "student.eligibility": GONE,
            "meetings": [
                {
                    "id": "m1",
                    "kind": "iep_review",
                    "date": "2026-12-01",
                    "state": "invited",
                    "student_invited": True,
                    "transition": True,
                }
            ],
        },
    )
    meeting = site.meetings["m1"]
    assert ("invited", True) == (
        meeting.state.value,
        any(site.student_id == one.person_id for one in meeting.invited),
    )
    with site.store.read() as uow:
        concern = uow.plans.versions_of(site.student_id)[0].contents.concern
    assert concern is not None
    assert concern.words is not None


def test_a_meeting_nobody_can_date_the_notice_of_stays_planned() -> None:
    """School days cannot be counted without a calendar, and a meeting goes no further than its machine lets
    it.
    """
    meeting = {"id": "m1", "kind": "iep_review", "date": "2026-12-01", "state": "minutes_final"}
    site = site_of("R10", {"calendar": GONE, "policy.state": "TX", "meetings": [meeting]})
    assert "planned" == site.meetings["m1"].state.value


def test_the_module_runs_as_a_command() -> None:
    """``python -m iepcore.testing.scenarios FILE ID``."""
    command = [sys.executable, "-m", "iepcore.testing.scenarios", str(OWN), "R05"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (0, "") == (ended.returncode, ended.stderr)
    assert "1 scenarios" in ended.stdout


@pytest.mark.parametrize(("evaluated", "due"), [(None, "2030-01-11"), ("2026-11-03", "2029-11-03")])
def test_a_504_plan_counts_from_its_evaluation_or_its_first_day(evaluated: str | None, due: str) -> None:
    """Three years, our own number."""
    plan = {"begin": "2027-01-11", "accommodations": ["breaks"], "last_evaluation": evaluated}
    changes = {"as_of": "2027-02-01", "plan_504": plan, "expected.due.section_504_reevaluation": due}
    assert due == entry_of("R10", changes, "due/section_504_reevaluation").computed
