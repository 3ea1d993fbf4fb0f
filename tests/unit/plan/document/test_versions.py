"""Versions of a plan: only the ways there are, each on its ground, and history never rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import PlanVersionId, WrittenNoticeId
from iepcore.plan.document import (
    IN_FORCE,
    PLAN_MOVES,
    Amendment,
    AmendmentMethod,
    Ground,
    PlanState,
    PlanVersion,
    adopt,
    answer_plan,
    end_plan,
    propose,
    supersede_amended,
    take_effect,
    write_plan,
)
from tests.unit.plan.document.plans import BEGINS, contents, speech, version, words

NOTICE = WrittenNoticeId(UUID(int=4))
SENT = Ground(notice_sent_on=date(2026, 9, 15), initial_consent=True)
LATER = date(2026, 12, 7)


def in_effect() -> PlanVersion:
    """Return a child's first plan in effect."""
    return take_effect(propose(version(), SENT, notice_id=NOTICE), SENT, before=None)[0]


def amended(method: AmendmentMethod = AmendmentMethod.AGREEMENT, **more: object) -> PlanVersion:
    """Return a proposed amendment of the first version."""
    amendment = Amendment(of=version().id, method=method, agreed_on=date(2026, 12, 2), why=words("she grew"))
    ground = replace(SENT, notice_sent_on=date(2026, 12, 2))
    draft = version(2, LATER, amendment=amendment, **more)
    return propose(draft, ground, notice_id=NOTICE)


def test_an_amendment_takes_effect_from_a_date_and_rewrites_nothing() -> None:
    """The first version ends the day before, reads as ever, and the review does not move."""
    first = in_effect()
    second, ended = take_effect(amended(), replace(SENT, notice_sent_on=date(2026, 12, 2)), before=first)
    assert ended is not None
    assert (PlanState.IN_EFFECT, PlanState.AMENDED) == (second.state, ended.state)
    assert date(2026, 12, 6) == ended.ended_on
    assert (first.contents, first.reviewed_on) == (ended.contents, second.reviewed_on)
    for day, holder in ((BEGINS, ended), (date(2026, 12, 6), ended), (LATER, second)):
        assert [holder] == [one for one in (ended, second) if one.was_in_force(day)]
    assert PlanState.SUPERSEDED is supersede_amended(ended).state
    with pytest.raises(IllegalMove, match="plan_state"):
        supersede_amended(first)


def test_a_plan_past_its_last_day_stays_in_force() -> None:
    """Overdue is a mark on a screen; a child is never without services for it."""
    assert in_effect().was_in_force(date(2028, 1, 1))
    assert not in_effect().was_in_force(BEGINS - timedelta(days=1))
    assert not version().was_in_force(BEGINS)


@pytest.mark.parametrize(
    ("step", "code", "rule_"),
    [
        (lambda: propose(version(), Ground(), notice_id=NOTICE), "notice_first", "300.503"),
        (
            lambda: propose(version(), replace(SENT, lacking=("goals_missing",)), notice_id=NOTICE),
            "plan_incomplete",
            "300.320",
        ),
        (
            lambda: take_effect(
                propose(version(), SENT, notice_id=NOTICE), replace(SENT, initial_consent=False), before=None
            ),
            "initial_consent",
            "300.300(b)(1)",
        ),
        (
            lambda: take_effect(
                propose(version(), SENT, notice_id=NOTICE), Ground(initial_consent=True), before=None
            ),
            "notice_first",
            "300.503",
        ),
        (
            lambda: take_effect(
                propose(version(), SENT, notice_id=NOTICE), replace(SENT, notice_days=16), before=None
            ),
            "notice_days",
            "300.503",
        ),
        (
            lambda: take_effect(
                propose(version(), SENT, notice_id=NOTICE), replace(SENT, notice_sent_on=BEGINS), before=None
            ),
            "notice_days",
            "300.503",
        ),
        (lambda: take_effect(amended(), SENT, before=None), "amendment_of_another", "300.324"),
        (
            lambda: take_effect(amended(), SENT, before=replace(in_effect(), id=PlanVersionId(UUID(int=8)))),
            "amendment_of_another",
            "300.324",
        ),
        (
            lambda: take_effect(amended(), SENT, before=replace(in_effect(), begins_on=LATER)),
            "plan_overlap",
            "300.323",
        ),
        (lambda: write_plan(in_effect(), contents()), "plan_stands", "300.324"),
        (
            lambda: end_plan(in_effect(), PlanState.ENDED_BY_REVOCATION, SENT, last_day=LATER),
            "revocation_in_writing",
            "300.300(b)(4)",
        ),
        (
            lambda: end_plan(in_effect(), PlanState.ENDED_BY_EXIT, Ground(), last_day=LATER),
            "notice_first",
            "300.503",
        ),
    ],
)
def test_a_step_without_its_ground_is_refused_with_the_rule(step: object, code: str, rule_: str) -> None:
    """The refusal carries the paragraph for the case manager."""
    with pytest.raises(IllegalMove, match=code) as refused:
        step()  # type: ignore[operator]
    assert rule_ in str(refused.value.params["rule"])


def test_a_first_plan_needs_consent_and_notice_of_its_days() -> None:
    """Notice fifteen days before is enough for fifteen and not for sixteen."""
    ready = propose(version(), SENT, notice_id=NOTICE)
    assert take_effect(ready, replace(SENT, notice_days=15), before=None)[0].state is PlanState.IN_EFFECT


def test_services_end_after_revocation_and_notice_and_stay_readable() -> None:
    """The last day is the day before they stop; nothing that was written changes."""
    first = in_effect()
    ground = Ground(notice_sent_on=date(2027, 1, 29), in_writing=True)
    ended = end_plan(first, PlanState.ENDED_BY_REVOCATION, ground, last_day=date(2027, 2, 11))
    assert ended.was_in_force(date(2027, 2, 11))
    assert not ended.was_in_force(date(2027, 2, 12))
    assert first.contents == ended.contents
    moved = end_plan(first, PlanState.TRANSFERRED_OUT, Ground(), last_day=LATER)
    assert PlanState.TRANSFERRED_OUT is moved.state
    for how, last_day in (
        (PlanState.SUPERSEDED, LATER),
        (PlanState.ENDED_BY_EXIT, BEGINS - timedelta(days=1)),
    ):
        with pytest.raises(IllegalMove, match="plan_state"):
            end_plan(first, how, SENT, last_day=last_day)


def test_a_plan_that_came_with_a_child_is_adopted_or_replaced() -> None:
    """Comparable services from day one; then the district's own plan, or adopted and amended like any."""
    came = replace(version(), state=PlanState.TRANSFERRED_IN)
    assert came.was_in_force(BEGINS)
    own = propose(version(2, LATER), SENT, notice_id=NOTICE)
    taken, ended = take_effect(own, SENT, before=came)
    assert ended is not None
    assert (PlanState.IN_EFFECT, PlanState.SUPERSEDED) == (taken.state, ended.state)
    kept = adopt(came)
    assert kept.was_in_force(LATER)
    assert PlanState.AMENDED is take_effect(amended(), SENT, before=kept)[1].state  # type: ignore[union-attr]
    with pytest.raises(IllegalMove, match="plan_state"):
        take_effect(amended(), SENT, before=came)  # only the district's own plan is amended


def test_a_family_may_say_no_or_yes_in_part() -> None:
    """The version in effect stays; no other word is an answer."""
    ready = propose(version(), SENT, notice_id=NOTICE)
    for answer in (PlanState.REJECTED, PlanState.PARTLY_ACCEPTED):
        assert answer is answer_plan(ready, answer).state
        assert not answer_plan(ready, answer).was_in_force(LATER)
    for wrong in (PlanState.IN_EFFECT, PlanState.DRAFT):
        with pytest.raises(IllegalMove, match="plan_state"):
            answer_plan(ready, wrong)
    with pytest.raises(IllegalMove, match="plan_state"):
        answer_plan(version(), PlanState.REJECTED)


def test_a_draft_may_be_written_again() -> None:
    """Each time the version counts on, so that two who write at once see each other."""
    draft = write_plan(version(), contents(services=(speech(45),)))
    assert (2, PlanState.DRAFT) == (draft.version, draft.state)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": BEGINS - timedelta(days=1)}, "plan_order"),
        ({"number": 0}, "plan_number"),
        ({"version": 0}, "version_range"),
    ],
)
def test_a_version_that_cannot_be_is_refused(change: dict[str, object], code: str) -> None:
    """Each with a code."""
    with pytest.raises(InvalidValue, match=code):
        replace(version(), **change)  # type: ignore[arg-type]


@given(state=st.sampled_from(PlanState), to=st.sampled_from(PlanState))
def test_every_pair_of_states_is_a_step_or_refused(state: PlanState, to: PlanState) -> None:
    """With every ground given, a step works exactly where the table has it."""
    ground = Ground(notice_sent_on=date(2026, 9, 1), initial_consent=True, in_writing=True)
    one = replace(version(), state=state)
    follower = replace(version(2, LATER), state=PlanState.PROPOSED)
    steps = {
        PlanState.PROPOSED: lambda: propose(one, ground, notice_id=NOTICE),
        PlanState.IN_EFFECT: lambda: take_effect(one, ground, before=None)[0],
        PlanState.REJECTED: lambda: answer_plan(one, to),
        PlanState.PARTLY_ACCEPTED: lambda: answer_plan(one, to),
        PlanState.ADOPTED: lambda: adopt(one),
        PlanState.AMENDED: lambda: take_effect(amended(), ground, before=one)[1],
        PlanState.SUPERSEDED: lambda: (
            supersede_amended(one)
            if state is PlanState.AMENDED
            else take_effect(follower, ground, before=one)[1]
        ),
    }
    for end in (PlanState.ENDED_BY_EXIT, PlanState.ENDED_BY_REVOCATION, PlanState.TRANSFERRED_OUT):
        steps[end] = lambda: end_plan(one, to, ground, last_day=LATER)
    if to not in steps:  # nothing leads back to a draft, or makes a plan come from elsewhere
        assert all(to not in ways for ways in PLAN_MOVES.values())
        return
    if to in PLAN_MOVES[state]:
        made = steps[to]()
        assert made is not None
        assert to is made.state
    else:
        with pytest.raises(IllegalMove):
            steps[to]()


class Plans(RuleBasedStateMachine):
    """A child's plans over the years: whatever is tried, one at most is in force and history stays."""

    def __init__(self) -> None:
        super().__init__()
        self.versions: list[PlanVersion] = []
        self.draft: PlanVersion | None = None
        self.day = BEGINS
        self.frozen: dict[int, object] = {}

    @property
    def current(self) -> PlanVersion | None:
        """The version in force now."""
        return next((one for one in self.versions if one.state in IN_FORCE), None)

    @precondition(lambda self: self.draft is None)
    @rule(days=st.integers(1, 200), is_amendment=st.booleans())
    def write(self, days: int, is_amendment: bool) -> None:
        """Begin a draft for a later day."""
        self.day += timedelta(days=days)
        amendment = None
        if is_amendment and self.current is not None:
            amendment = Amendment(
                of=self.current.id, method=AmendmentMethod.MEETING, agreed_on=self.day, why=words()
            )
        number = len(self.versions) + 1
        ends = self.day + timedelta(days=364)
        self.draft = version(
            number, self.day, amendment=amendment, ends_on=ends, contents=contents(services=())
        )

    @precondition(lambda self: self.draft is not None)
    @rule(with_notice=st.booleans(), consent=st.booleans())
    def go(self, with_notice: bool, consent: bool) -> None:
        """Propose the draft and let it take effect, if the ground bears it."""
        assert self.draft is not None
        sent = self.day - timedelta(days=20) if with_notice else None
        ground = Ground(notice_sent_on=sent, initial_consent=consent)
        before = self.current
        try:
            taken, ended = take_effect(propose(self.draft, ground, notice_id=NOTICE), ground, before=before)
        except IllegalMove as refused:
            assert not with_notice or (before is None and not consent)
            assert refused.params["rule"]  # noqa: PT017 -- either way is right, each for its reason
            return
        self.versions = [ended if ended is not None and one.id == ended.id else one for one in self.versions]
        self.versions.append(taken)
        self.frozen[taken.number] = taken.contents
        self.draft = None

    @precondition(lambda self: self.current is not None and self.draft is None)
    @rule(days=st.integers(0, 100))
    def leave(self, days: int) -> None:
        """End the plan in force."""
        current = self.current
        assert current is not None
        last_day = max(self.day, current.begins_on) + timedelta(days=days)
        ground = Ground(notice_sent_on=last_day - timedelta(days=10))
        ended = end_plan(current, PlanState.ENDED_BY_EXIT, ground, last_day=last_day)
        self.day = last_day
        self.versions = [ended if one.id == ended.id else one for one in self.versions]

    @invariant()
    def one_at_a_time(self) -> None:
        """On every day at most one version is in force."""
        for one in self.versions:
            for day in (one.begins_on, one.ended_on or self.day):
                assert sum(other.was_in_force(day) for other in self.versions) <= 1

    @invariant()
    def nothing_is_rewritten(self) -> None:
        """What took effect says today what it said then."""
        assert all(self.frozen[one.number] == one.contents for one in self.versions)


TestPlans = Plans.TestCase
