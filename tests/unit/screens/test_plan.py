"""The plan as staff read it, and each step of its way, through the screens."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from iepcore.ids import ClientKey
from iepcore.plan.document import (
    NOTICE_PARTS,
    AnswerKind,
    NoticeStep,
    PlanPart,
    PlanState,
    PlanVersion,
    part_hash,
)
from tests.unit.screens.conftest import House
from tests.unit.screens.plans import (
    CHILD,
    amended,
    begun,
    consented,
    drafted,
    in_effect,
    keep_plans_here,
    proposed,
    said,
    today,
)

MOTHER = "celeste"
PARTS = tuple(part.value for part in PlanPart if part is not PlanPart.OBJECTIVE)


def path(house: House) -> str:
    """Where the plan is read."""
    return f"/app/c/{house.student(CHILD)}/doc"


def read(house: House, place: str = "", lang: str = "en") -> str:
    """A page of the plan, as the case manager reads it."""
    answer = house.get(f"{path(house)}{place}", as_="halloran", lang=lang)
    assert 200 == answer.status_code, answer.text[:400]
    return answer.text


def send(house: House, place: str, **form: str) -> TestResponse:
    """A form of the plan, sent by the case manager."""
    return house.post(f"{path(house)}{place}", form, as_="halloran")


def went(answer: TestResponse) -> str:
    """Where an answer leads, with what it says there."""
    assert 200 == answer.status_code, answer.text[:3000]
    place = answer.headers["Rapport-Goto"].rsplit("/", 1)[-1]
    return f"{place} {answer.headers.get('Rapport-Said', '')}".strip()


def next_day(house: House, days: int = 1) -> None:
    """Another day, on which everybody has opened the tool again."""
    house.clock.forward(days=days)
    house.tokens.clear()


def versions(house: House) -> list[PlanVersion]:
    """All versions, newest first."""
    found = house.caseload("halloran").plans.page(house.student(CHILD))
    return [line.version for line in found.timeline]


@pytest.fixture(autouse=True)
def kept_here(house: House) -> None:
    """The school keeps its plans in this tool."""
    keep_plans_here(house)


# reading


def test_no_plan_yet_leads_to_begin(house: House) -> None:
    """Who may write is asked to begin; the way there is on the child's own page."""
    assert "Begin the plan" in read(house)
    assert path(house) in house.get(f"/app/c/{house.student(CHILD)}", as_="halloran").text


def test_begin_write_and_read(house: House) -> None:
    """Days are asked first; then the draft stands with what it lacks, each with its rule."""
    day = today(house)
    form = {
        "reviewed_on": day.isoformat(),
        "begins_on": (day + timedelta(days=10)).isoformat(),
        "ends_on": (day + timedelta(days=300)).isoformat(),
    }
    assert "First day of the plan" in read(house, "/begin")
    wrong = send(house, "/begin", **{**form, "ends_on": day.isoformat()})
    assert 422 == wrong.status_code
    assert form["begins_on"] in wrong.text
    assert 422 == send(house, "/begin", **{**form, "begins_on": "soon"}).status_code
    assert "draft" == went(send(house, "/begin", **form))
    assert "draft" == went(send(house, "/begin", **form))
    page = read(house, "/draft")
    for told in ("34 CFR 300.320(a)(1)", "Present levels", "Ask the family"):
        assert told in page


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_of_a_plan_opens(house: House, lang: str) -> None:
    """Reading, drafting, comparing, notice and steps."""
    first = in_effect(house, MOTHER)
    second = amended(house)
    for place in (
        "",
        f"/v/{first.id}",
        "/compare",
        f"/compare?a={first.id}&b={second.id}",
        "/draft",
        "/draft/days",
        "/notice",
        "/notice?for=exit",
        "/propose",
        "/begin",
        "/amend",
        "/end",
        "/copy",
        f"/v/{first.id}/consent",
        f"/v/{first.id}/effect",
        f"/v/{first.id}/answer",
        *(f"/draft/{part}" for part in PARTS),
    ):
        assert "<h1" in read(house, place, lang), place
    for place in ("/draft/objective", "/draft/nothing", "/draft/level/nothing", "/compare?a=1"):
        assert 404 == house.get(f"{path(house)}{place}", as_="halloran").status_code, place


def test_a_change_is_told_with_day_agreement_and_reason(house: House) -> None:
    """The whole sentence stands in the timeline, the difference on its own page."""
    in_effect(house, MOTHER)
    draft = amended(house)
    service = draft.contents.services[0]
    drafting = house.caseload("halloran").drafting
    change = replace(service, minutes=service.minutes + 15)
    about = str(service.id)
    drafting.put(
        draft.id,
        PlanPart.SERVICE,
        change,
        started_from=part_hash(draft.contents, PlanPart.SERVICE, about),
        about=about,
    )
    sentence = f"from {service.minutes} to {service.minutes + 15} minutes"
    assert sentence in read(house)
    assert "because: " in read(house)
    assert sentence in read(house, "/compare")
    assert f"de {service.minutes} a {service.minutes + 15} minutos" in read(house, "/compare", "es")
    newest, oldest = versions(house)
    assert "Both versions say the same." in read(house, f"/compare?a={oldest.id}&b={oldest.id}")
    assert newest.state is PlanState.DRAFT


def test_what_the_family_said_stands_at_its_part(house: House) -> None:
    """Answers and remarks stand in the part they are about, with names, for the team."""
    version = proposed(house)
    mother = house.caseload(MOTHER).answering
    goal = version.contents.goals[0]
    keys = [ClientKey(house.key()) for _ in range(3)]
    mother.answer(
        version.id,
        PlanPart.GOAL,
        str(goal.goal_id),
        AnswerKind.QUESTION,
        keys[0],
        words=said("Who will help her?"),
    )
    mother.comment(version.id, said("We like it."), keys[1])
    page = read(house, f"/v/{version.id}")
    assert "Who will help her?" in page
    assert "We like it." in page
    assert re.search(r"The family has said \d things? to it\.", read(house))


def test_a_review_that_is_due_is_said_calmly(house: House) -> None:
    """An overdue plan stays in force; the page says so and nothing ends."""
    in_effect(house, MOTHER)
    next_day(house, 400)
    assert "The plan stays in force and services go on." in read(house)


# the way


def test_from_the_notice_to_the_effect(house: House) -> None:
    """Propose without a notice is refused with the rule; then notice, proposal, consent, effect."""
    draft = drafted(house)
    refused = send(house, "/propose", version=str(draft.version))
    assert 409 == refused.status_code
    assert "34 CFR 300.503(a)" in refused.text
    parts = {name: f"Words about {name}." for name in NOTICE_PARTS}
    missing = send(house, "/notice", do="send", **{**parts, "why": ""})
    assert 422 == missing.status_code
    assert "Words about action." in missing.text
    kept = send(house, "/notice", do="keep", language="en", **parts)
    assert "doc plan_notice_kept" == went(kept)
    assert "Words about evidence." in read(house, "/notice")
    sent = send(
        house, "/notice", do="send", language="es", version="1", sent_on=today(house).isoformat(), **parts
    )
    assert "propose plan_notice_sent" == went(sent)
    [notice] = house.caseload("halloran").plans.page(house.student(CHILD)).notices
    assert ("es", today(house)) == (notice.language, notice.sent_on)
    assert "Words about why." in read(house, f"/notice/{notice.id}")
    assert 409 == send(house, "/propose", version="1").status_code  # another's change in between
    assert "doc plan_proposed" == went(send(house, "/propose", version=str(draft.version)))

    version = versions(house)[0]
    early = send(house, f"/v/{version.id}/effect")
    assert 409 == early.status_code
    assert "takes effect then by itself" in read(house, f"/v/{version.id}/effect")
    next_day(house)
    unsigned = send(house, f"/v/{version.id}/effect")
    assert 409 == unsigned.status_code
    assert "34 CFR 300.300(b)(1)" in unsigned.text
    next_day(house, -1)
    consented(house, MOTHER)
    next_day(house)
    assert "doc plan_in_effect" == went(send(house, f"/v/{version.id}/effect"))
    assert "doc plan_in_effect" == went(send(house, f"/v/{version.id}/effect"))
    assert PlanState.IN_EFFECT is versions(house)[0].state


def test_an_incomplete_plan_is_not_proposed(house: House) -> None:
    """What is missing stands on the page with its rule and the way to mend it."""
    draft = begun(house)
    answer = send(house, "/propose", version=str(draft.version))
    assert 409 == answer.status_code
    for told in ("34 CFR 300.320", "Add at least one service.", f"{path(house)}/draft/service"):
        assert told in answer.text


def test_an_amendment_begins_changes_and_goes(house: House) -> None:
    """With or without a meeting, from a day on; its own words can be changed while it is a draft."""
    first = in_effect(house, MOTHER)
    day = today(house)
    form = {
        "method": "agreement_without_meeting",
        "agreed_on": day.isoformat(),
        "begins_on": (day + timedelta(days=5)).isoformat(),
        "why": "She can do more.",
    }
    assert 422 == send(house, "/amend", **{**form, "why": ""}).status_code
    overlap = send(house, "/amend", **{**form, "begins_on": (day - timedelta(days=5)).isoformat()})
    assert 409 == overlap.status_code
    assert "34 CFR 300.323(a)" in overlap.text
    assert "draft" == went(send(house, "/amend", **form))
    assert "draft" == went(send(house, "/amend", **form))
    assert "She can do more." in read(house, "/draft/days")
    stale = send(house, "/draft/days", **form, version="7")
    assert 409 == stale.status_code
    assert 422 == send(house, "/draft/days", **{**form, "method": "x"}, version="1").status_code
    changed = send(house, "/draft/days", **{**form, "why": "He is ready."}, version="1")
    assert "draft plan_kept" == went(changed)
    draft = versions(house)[0]
    assert draft.amendment is not None
    assert ("He is ready.", first.id) == (draft.amendment.why.text, draft.amendment.of)
    assert 409 == send(house, "/draft/drop", version="1").status_code
    assert "doc plan_dropped" == went(send(house, "/draft/drop", version=str(draft.version)))
    assert 404 == house.get(f"{path(house)}/draft", as_="halloran").status_code


def test_days_of_a_yearly_draft_can_be_changed(house: House) -> None:
    """A draft's days are changed until it is proposed; what cannot be is said at its field."""
    draft = begun(house)
    form = {
        "reviewed_on": draft.reviewed_on.isoformat(),
        "begins_on": (draft.begins_on + timedelta(days=1)).isoformat(),
        "ends_on": draft.ends_on.isoformat(),
        "version": str(draft.version),
    }
    assert 422 == send(house, "/draft/days", **{**form, "ends_on": "2020-01-01"}).status_code
    assert "draft plan_kept" == went(send(house, "/draft/days", **form))
    assert draft.begins_on + timedelta(days=1) == versions(house)[0].begins_on


def test_what_was_not_accepted_is_noted(house: House) -> None:
    """The plan in effect stays; a second answer is refused."""
    version = proposed(house)
    place = f"/v/{version.id}/answer"
    assert 422 == send(house, place, version=str(version.version)).status_code
    assert 409 == send(house, place, answer="rejected", version="1").status_code
    done = send(house, place, answer="partly_accepted", version=str(version.version))
    assert "doc plan_answered" == went(done)
    assert PlanState.PARTLY_ACCEPTED is versions(house)[0].state
    again = send(house, place, answer="rejected", version=str(version.version + 1))
    assert 409 == again.status_code
    assert 404 == house.post(f"{path(house)}/v/{house.key()}/answer", as_="halloran").status_code


def test_a_plan_ends_after_its_notice(house: House) -> None:
    """Services end by exit only after a notice of that very step."""
    version = in_effect(house, MOTHER)
    next_day(house, 20)
    last = (today(house) - timedelta(days=1)).isoformat()
    assert 422 == send(house, "/end", how="", last_day=last).status_code
    refused = send(house, "/end", how="ended_by_exit", last_day=last)
    assert 409 == refused.status_code
    assert "34 CFR 300.503(a)" in refused.text
    parts = dict.fromkeys(
        ["action", "why", "evidence", "safeguards", "sources_of_help", "options_considered", "other_factors"],
        "Words.",
    )
    sent_on = (today(house) - timedelta(days=9)).isoformat()
    form = {"for": "exit", "do": "send", "language": "en", "sent_on": sent_on, **parts}
    assert "doc plan_notice_sent" == went(send(house, "/notice", **form))
    assert "doc plan_ended" == went(send(house, "/end", how="ended_by_exit", last_day=last))
    assert PlanState.ENDED_BY_EXIT is versions(house)[0].state
    assert version.id == versions(house)[0].id


def test_a_notice_told_aloud_keeps_its_evidence(house: House) -> None:
    """For a language that is not written: the day and how it was understood, together."""
    drafted(house)
    parts = dict.fromkeys(
        ["action", "why", "evidence", "safeguards", "sources_of_help", "options_considered", "other_factors"],
        "Words.",
    )
    day = today(house).isoformat()
    form = {"do": "send", "language": "mam", "sent_on": day, "told_aloud_on": day, **parts}
    assert 422 == send(house, "/notice", **form).status_code
    again = send(house, "/notice", **form, version="1", evidence_of_telling="She said it back.")
    assert "propose plan_notice_sent" == went(again)
    [notice] = house.caseload("halloran").plans.page(house.student(CHILD)).notices
    assert "She said it back." in read(house, f"/notice/{notice.id}")
    assert NoticeStep.PLAN is notice.step


def test_a_plan_that_came_with_the_child_is_adopted(house: House) -> None:
    """Comparable services go on until it is adopted; a second time there is nothing to adopt."""
    child = house.student("kiri")
    place = f"/app/c/{child}/doc"
    assert "Adopt it as our own" in house.get(place, as_="halloran").text
    found = house.caseload("halloran").plans.page(child).current
    assert found is not None
    adopt = f"{place}/v/{found.id}/adopt"
    assert "comparable services go on" in house.get(adopt, as_="halloran").text
    stale = house.post(adopt, {"version": "77"}, as_="halloran")
    assert 409 == stale.status_code
    done = house.post(adopt, {"version": str(found.version)}, as_="halloran")
    assert "doc plan_adopted" == went(done)
    again = house.post(adopt, {"version": str(found.version + 1)}, as_="halloran")
    assert 409 == again.status_code
