"""A plan from its first word to its end, through the use cases; each step on its ground, none rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from iepcore.caseload import ConsentAsked, NewCopy
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.plan import GoalState
from iepcore.plan.document import (
    AmendmentMethod,
    ConsentKind,
    CopyKind,
    CopyWay,
    NoticeStep,
    ParentConsentState,
    PlanPart,
    PlanState,
    part_hash,
)
from iepcore.testing import a_key
from iepcore.testing.document_values import a_plan_goal, seven_parts
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.plan_town import DAY, YEAR, PlanTown, said


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def code_of(refused: pytest.ExceptionInfo[IllegalMove]) -> tuple[str, str]:
    """Return the code and the rule of a refusal."""
    return refused.value.code, str(refused.value.params.get("rule", ""))


def test_a_first_plan_goes_its_way(make_store: MakeStore) -> None:
    """Draft, consent, notice, proposed, in effect on its day; its goal lives, and the time line tells it."""
    town = PlanTown(make_store)
    first = town.in_effect()
    assert (PlanState.IN_EFFECT, 1, town.today) == (first.state, first.number, first.begins_on)
    assert [PlanState.PROPOSED, PlanState.IN_EFFECT] == [step.state for step in first.steps]
    page = town.manager.plans.page(town.maya.id)
    assert first == page.current
    assert [first.id] == [line.version.id for line in page.timeline]
    assert page.timeline[0].notice is not None
    assert page.timeline[0].is_in_force
    assert page.draft is None
    assert not page.proposed
    planned = first.contents.goals[0]
    born = next(goal for goal in page.goals if goal.id == planned.goal_id)
    assert (planned.words, first.begins_on, first.ends_on) == (born.text, born.starts_on, born.ends_on)
    assert "Manager Person" == page.names[town.id("manager")]
    assert page.review is not None
    assert page.review.counts_from == first.reviewed_on
    signature = page.consents[0].signature
    assert signature is not None
    assert town.id("mother") == signature.signer_id


def test_each_step_says_what_is_missing(town: PlanTown) -> None:
    """Incomplete, without notice, before its day, without consent: refused with the rule, nothing changed."""
    empty = town.manager.drafting.start(town.maya.id, town.days())
    proposing = town.manager.proposing
    with pytest.raises(IllegalMove) as refused:
        proposing.propose(empty.id, version=empty.version)
    assert ("plan_incomplete", "34 CFR 300.320") == code_of(refused)
    assert "goals_missing" in str(refused.value.params["lacking"])
    draft = town.fill(empty, town.contents())
    with pytest.raises(IllegalMove) as refused:
        proposing.propose(draft.id, version=draft.version)
    assert ("notice_first", "34 CFR 300.503(a)") == code_of(refused)
    town.notice(None)  # a notice about nothing in particular is not the notice of this step
    with pytest.raises(IllegalMove, match="notice_first"):
        proposing.propose(draft.id, version=draft.version)
    proposed = town.proposed(draft)
    with pytest.raises(IllegalMove, match="plan_not_yet"):
        proposing.take_effect(proposed.id)
    town.go_to(proposed.begins_on)
    with pytest.raises(IllegalMove) as refused:
        proposing.take_effect(proposed.id)
    assert ("initial_consent", "34 CFR 300.300(b)(1)") == code_of(refused)
    assert proposing.take_effect_if_due(proposed.id) is None
    with pytest.raises(IllegalMove, match="plan_state"):
        proposing.adopt(proposed.id, version=proposed.version)
    with town.store.read() as uow:
        assert proposed == uow.plans.version(proposed.id)


def test_consent_counts_from_its_day(town: PlanTown) -> None:
    """Consent that is given after the first day of a plan does not reach back to it."""
    proposed = town.proposed()
    town.go_to(proposed.begins_on + DAY)
    town.consent()
    with pytest.raises(IllegalMove, match="initial_consent"):
        town.manager.proposing.take_effect(proposed.id)


def test_an_amendment_holds_from_its_day_and_rewrites_nothing(make_store: MakeStore) -> None:
    """Agreed, noticed, in effect a week later: the first version ends the day before, the review stays, the
    goal's line gets a second piece, and the difference says what, from when and why."""
    town = PlanTown(make_store)
    first = town.in_effect()
    drafting, goal = town.manager.drafting, first.contents.goals[0]
    draft = drafting.amend(town.maya.id, town.amendment())
    assert (2, first.plan_id, first.reviewed_on) == (draft.number, draft.plan_id, draft.reviewed_on)
    assert first.contents == draft.contents
    assert goal.line is not None
    raised = replace(goal, line=replace(goal.line, target=90.0), words=said("Ask for help in 9 of 10."))
    about = str(goal.goal_id)
    draft = drafting.put(
        draft.id,
        PlanPart.GOAL,
        raised,
        started_from=part_hash(draft.contents, PlanPart.GOAL, about),
        about=about,
    )
    speech = draft.contents.services[0]
    draft = drafting.put(
        draft.id,
        PlanPart.SERVICE,
        replace(speech, minutes=45),
        started_from=part_hash(draft.contents, PlanPart.SERVICE, str(speech.id)),
        about=str(speech.id),
    )
    assert () == town.manager.plans.page(town.maya.id).lacking
    proposed = town.proposed(draft)
    town.go_to(proposed.begins_on)
    second = town.manager.proposing.take_effect(proposed.id)
    with town.store.read() as uow:
        before, now = uow.plans.versions_of(town.maya.id)
        living = uow.plan.goal(goal.goal_id)
    assert (PlanState.AMENDED, PlanState.IN_EFFECT) == (before.state, now.state)
    assert (first.contents, second.begins_on - DAY) == (before.contents, before.ended_on)
    assert living is not None
    assert (80.0, 90.0) == (living.target, living.line.target)
    assert (second.begins_on, "Ask for help in 9 of 10.") == (living.line.starts_on, living.text.text)
    assert "She asks for help in class now." == living.phases[0].words.text
    plans = town.manager.plans
    for day, held in ((first.begins_on, before), (before.ended_on, before), (second.begins_on, now)):
        assert day is not None
        assert held == plans.in_force_on(town.maya.id, day)
    assert plans.in_force_on(town.maya.id, first.begins_on - DAY) is None
    compared = plans.compare(town.maya.id, before.id, now.id)
    assert [PlanPart.GOAL, PlanPart.SERVICE] == [change.part for change in compared.changes]
    assert ((second.begins_on, second.amendment),) == compared.amendments
    back = plans.compare(town.maya.id, now.id, before.id)
    assert compared.amendments == back.amendments
    assert compared.changes == plans.version(now.id).changes
    with pytest.raises(NotFound):
        town.caseload("ivos_teacher").plans.compare(town.ivo.id, before.id, now.id)


def test_an_amendment_without_a_meeting_has_its_time(town: PlanTown) -> None:
    """Not before this year's meeting, not after the next was due, not from before what it amends, and not
    without a plan in force."""
    drafting = town.manager.drafting
    with pytest.raises(IllegalMove, match="plan_none"):
        drafting.amend(town.maya.id, town.amendment())
    first = town.in_effect()
    for wrong, code in (
        ({"agreed_on": first.reviewed_on - DAY}, "amendment_without_meeting"),
        ({"agreed_on": first.reviewed_on + YEAR + 2 * DAY}, "amendment_without_meeting"),
        ({"begins_on": first.begins_on}, "plan_overlap"),
    ):
        with pytest.raises(IllegalMove, match=code):
            drafting.amend(town.maya.id, town.amendment(**wrong))
    late = town.amendment(method=AmendmentMethod.MEETING, agreed_on=first.reviewed_on + YEAR + 2 * DAY)
    draft = drafting.amend(town.maya.id, late)
    with pytest.raises(IllegalMove, match="plan_open_draft"):
        drafting.amend(town.maya.id, late)
    with pytest.raises(IllegalMove, match="plan_open_draft"):
        drafting.start(town.maya.id, town.days())
    told = drafting.tell(draft.id, town.amendment(begins_on=town.today + 9 * DAY), version=draft.version)
    assert (town.today + 9 * DAY, AmendmentMethod.AGREEMENT) == (
        told.begins_on,
        told.amendment.method if told.amendment else None,
    )
    with pytest.raises(IllegalMove, match="plan_review_stays"):
        drafting.set_days(draft.id, town.days(), version=told.version)
    drafting.drop(draft.id)
    with pytest.raises(NotFound):
        town.manager.plans.version(draft.id)


def test_the_next_annual_plan_takes_the_place_of_all_versions_before(town: PlanTown) -> None:
    """It begins with what the plan in force says; concerns and the summer are asked anew; the goal that is
    dropped is superseded, the one that goes on gets a new piece of line; amended versions become history."""
    first = town.in_effect(town.draft(town.contents(goals=[a_plan_goal(), a_plan_goal()])))
    second = town.manager.proposing.take_effect(town.passed(town.manager.drafting.amend(
        town.maya.id, town.amendment())).id)  # fmt: skip
    town.go_to(date(2027, 11, 1))
    start = town.days()
    draft = town.manager.drafting.start(town.maya.id, start)
    assert draft.contents.concern is None
    assert draft.contents.esy is None
    assert [start.begins_on] == [one.begins_on for one in draft.contents.services]
    assert {first.contents.services[0].line_id} == {one.line_id for one in draft.contents.services}
    assert (3, True) == (draft.number, draft.plan_id != first.plan_id)
    kept, gone = draft.contents.goals
    full = replace(town.contents(), goals=(), services=(), supports=(), levels=(), factors=())
    draft = town.fill(draft, full)
    about = str(gone.goal_id)
    draft = town.manager.drafting.put(
        draft.id,
        PlanPart.GOAL,
        None,
        started_from=part_hash(draft.contents, PlanPart.GOAL, about),
        about=about,
    )
    third = town.manager.proposing.take_effect(town.passed(draft).id)
    with town.store.read() as uow:
        states = [one.state for one in uow.plans.versions_of(town.maya.id)]
        stays, ended = uow.plan.goal(kept.goal_id), uow.plan.goal(gone.goal_id)
    assert [PlanState.SUPERSEDED, PlanState.SUPERSEDED, PlanState.IN_EFFECT] == states
    assert stays is not None
    assert ended is not None
    assert (GoalState.ACTIVE, third.ends_on, 80.0) == (stays.state, stays.line.ends_on, stays.line.target)
    assert "2027-2028" == stays.phases[-1].words.text
    assert GoalState.SUPERSEDED is ended.state
    assert second.id in {line.version.id for line in town.manager.plans.page(town.maya.id).timeline}


def test_an_answer_leaves_the_plan_in_effect_alone(town: PlanTown) -> None:
    """Rejected or accepted in part: what is in effect stays, and the rejected one never takes effect."""
    first = town.in_effect()
    proposed = town.proposed(town.manager.drafting.amend(town.maya.id, town.amendment()))
    with pytest.raises(Conflict):
        town.manager.proposing.answer(proposed.id, PlanState.REJECTED, version=proposed.version - 1)
    answered = town.manager.proposing.answer(proposed.id, PlanState.REJECTED, version=proposed.version)
    assert PlanState.REJECTED is answered.state
    with pytest.raises(IllegalMove, match="plan_state"):
        town.manager.proposing.answer(proposed.id, PlanState.IN_EFFECT, version=answered.version)
    town.go_to(proposed.begins_on)
    with pytest.raises(IllegalMove, match="plan_state"):
        town.manager.proposing.take_effect(proposed.id)
    assert first == town.manager.plans.page(town.maya.id).current


def test_revocation_is_written_then_noticed_then_services_stop(town: PlanTown) -> None:
    """In this order only; the plan stays readable, its goals end, and it was in force until its last day."""
    first = town.in_effect()
    proposing = town.manager.proposing
    end = {"how": PlanState.ENDED_BY_REVOCATION, "last_day": town.today}
    with pytest.raises(IllegalMove, match="revocation_in_writing"):
        proposing.end(first.id, **end)  # type: ignore[arg-type]
    consent = town.manager.plans.page(town.maya.id).consents[0]
    with pytest.raises(IllegalMove, match="revocation_in_writing"):
        town.manager.agreeing.revoked(
            consent.id, town.id("mother"), on=town.today, in_writing=False, version=consent.version
        )
    with pytest.raises(InvalidValue, match="signer_may_not_decide"):
        town.manager.agreeing.revoked(
            consent.id, town.id("father"), on=town.today, in_writing=True, version=consent.version
        )
    revoked = town.manager.agreeing.revoked(
        consent.id, town.id("mother"), on=town.today, in_writing=True, version=consent.version
    )
    assert ParentConsentState.REVOKED is revoked.state
    with pytest.raises(IllegalMove, match="notice_first"):
        proposing.end(first.id, **end)  # type: ignore[arg-type]
    town.notice(first.id, step=NoticeStep.EXIT)
    with pytest.raises(IllegalMove, match="notice_first"):
        proposing.end(first.id, **end)  # type: ignore[arg-type]
    town.notice(first.id, step=NoticeStep.REVOCATION)
    with pytest.raises(IllegalMove, match="plan_not_yet"):
        proposing.end(first.id, PlanState.ENDED_BY_REVOCATION, last_day=town.today + DAY)
    ended = proposing.end(first.id, **end)  # type: ignore[arg-type]
    assert (PlanState.ENDED_BY_REVOCATION, town.today) == (ended.state, ended.ended_on)
    town.go_to(town.today + DAY)
    page = town.manager.plans.page(town.maya.id)
    assert page.current is None
    assert first.contents == page.timeline[0].version.contents
    with town.store.read() as uow:
        goal = uow.plan.goal(first.contents.goals[0].goal_id)
    assert goal is not None
    assert goal.state is GoalState.DISCONTINUED


def test_a_state_may_fix_the_days_of_notice(town: PlanTown) -> None:
    """Illinois asks for ten days; our own ten days are a suggestion and block nothing."""
    town.consent()
    early = town.proposed()
    page = town.manager.plans.page(town.maya.id)
    assert page.notice_by is not None
    assert page.notice_by.due_on == early.begins_on - 10 * DAY
    town.keep_plans(state="IL")
    town.go_to(early.begins_on)
    with pytest.raises(IllegalMove) as refused:
        town.manager.proposing.take_effect(early.id)
    assert ("notice_days", 10) == (refused.value.code, refused.value.params["days"])
    town.keep_plans(state="")
    assert PlanState.IN_EFFECT is town.manager.proposing.take_effect(early.id).state


@pytest.mark.parametrize("name", ["mother", "father", "revoked", "sub", "stranger", "ivos_teacher"])
def test_the_staffs_pages_are_for_the_team(town: PlanTown, name: str) -> None:
    """Families and substitutes have screens of their own; each refusal is in the trail."""
    first = town.in_effect()
    theirs = town.caseload(name)
    for read in (
        lambda: theirs.plans.page(town.maya.id),
        lambda: theirs.plans.version(first.id),
        lambda: theirs.plans.in_force_on(town.maya.id, town.today),
        lambda: theirs.plans.compare(town.maya.id, first.id, first.id),
    ):
        with pytest.raises(NotPermitted):
            read()
    assert "refused" in {event.kind.value for event in town.trail()}


@pytest.mark.parametrize("name", ["general", "aide", "principal", "mother", "sub", "ivos_teacher"])
def test_only_who_writes_the_plan_takes_steps(town: PlanTown, name: str) -> None:
    """Everybody else is refused, whatever the step."""
    draft = town.draft()
    theirs = town.caseload(name)
    steps = (
        lambda: theirs.drafting.start(town.maya.id, town.days()),
        lambda: theirs.drafting.amend(town.maya.id, town.amendment()),
        lambda: theirs.drafting.put(draft.id, PlanPart.PLACEMENT, None, started_from=""),
        lambda: theirs.drafting.drop(draft.id),
        lambda: theirs.drafting.save_form(town.maya.id, "placement", (), version=0),
        lambda: theirs.proposing.propose(draft.id, version=draft.version),
        lambda: theirs.proposing.take_effect(draft.id),
        lambda: theirs.proposing.record(draft.id),
        lambda: theirs.proposing.end(draft.id, PlanState.ENDED_BY_EXIT, last_day=town.today),
        lambda: theirs.proposing.receive(town.maya.id, draft.contents, town.days()),
        lambda: theirs.proposing.adopt(draft.id, version=draft.version),
        lambda: theirs.noticed.write(town.maya.id, seven_parts(), language="en"),
        lambda: theirs.noticed.sent_elsewhere(town.maya.id, town.today, language="en"),
        lambda: theirs.agreeing.ask(town.maya.id, ConsentAsked(kind=ConsentKind.PLAN)),
    )
    for step in steps:
        with pytest.raises(NotPermitted):
            step()
    assert draft == town.manager.plans.version(draft.id).version


def test_copies_are_noted_once(town: PlanTown) -> None:
    """What, to whom, when, how, in which language; the same key again adds none."""
    first = town.in_effect()
    new = NewCopy(
        kind=CopyKind.PLAN,
        to_id=town.id("mother"),
        sent_on=town.today,
        way=CopyWay.BY_HAND,
        language="ES",
        version_id=first.id,
        notice_id=first.notice_id,
    )
    key = a_key()
    copy = town.manager.noticed.note_copy(town.maya.id, new, key)
    assert copy == town.manager.noticed.note_copy(town.maya.id, new, key)
    assert (copy,) == town.manager.plans.page(town.maya.id).copies
    assert "es" == copy.language
    loose = replace(new, kind=CopyKind.SAFEGUARDS, version_id=None, notice_id=None)
    assert 2 == len({copy.id, town.manager.noticed.note_copy(town.maya.id, loose, a_key()).id})
    with pytest.raises(NotFound):
        town.manager.noticed.note_copy(town.maya.id, replace(new, to_id=town.maya.id), a_key())  # type: ignore[arg-type]
    with pytest.raises(IllegalMove, match="plan_not_yet"):
        town.manager.noticed.note_copy(town.maya.id, replace(new, sent_on=town.today + DAY), a_key())
