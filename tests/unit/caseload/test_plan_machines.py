"""The machines of versions and consents, driven in any order through the use cases: what may be is, what may
not is refused with its rule, and history is never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from iepcore.caseload import ConsentAsked
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound
from iepcore.family import ContactDirection
from iepcore.plan import GoalState
from iepcore.plan.document import (
    IN_FORCE,
    ConsentKind,
    NoticeStep,
    ParentConsent,
    ParentConsentState,
    PlanPart,
    PlanState,
    PlanVersion,
    SignatureMethod,
    part_hash,
)
from iepcore.testing.store_values import a_contact
from tests.unit.caseload.plan_town import DAY, PlanTown, said

_RULES = frozenset(
    {
        "amendment_of_another", "amendment_without_meeting", "initial_consent", "notice_days", "notice_first",
        "plan_exists", "plan_has_words", "plan_incomplete", "plan_none", "plan_not_yet", "plan_open_draft",
        "plan_overlap", "plan_stands", "plan_state", "revocation_in_writing", "consent_state",
    }
)  # fmt: skip


class Versions(RuleBasedStateMachine):
    """Maya's plan in the hands of a case manager who tries everything, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.town = PlanTown()
        self.seen: dict[Any, PlanVersion] = {}

    @property
    def versions(self) -> list[PlanVersion]:
        """Return what is kept, by number."""
        with self.town.store.read() as uow:
            return list(uow.plans.versions_of(self.town.maya.id))

    def some(self, data: st.DataObject) -> PlanVersion | None:
        """Draw one of the versions."""
        held = self.versions
        return data.draw(st.sampled_from(held)) if held else None

    def tried(self, step: Callable[[], object]) -> None:
        """Take a step; a refusal has a rule of the field and changes nothing."""
        before = self.versions
        try:
            step()
        except (IllegalMove, NotFound, Conflict) as error:
            known = not isinstance(error, IllegalMove) or error.code in _RULES
            if not known or before != self.versions:
                raise

    @initialize(first=st.sampled_from(["nothing", "in_effect", "amendment", "next_year", "proposed"]))
    def begin(self, first: str) -> None:
        """The child may have a plan in effect, and something on its way."""
        if first == "nothing":
            return
        town, held = self.town, self.town.in_effect()
        if first == "amendment":
            town.manager.drafting.amend(town.maya.id, town.amendment())
        elif first == "next_year":
            town.fill(
                town.manager.drafting.start(town.maya.id, town.days()),
                town.contents(goals=held.contents.goals),
            )
        elif first == "proposed":
            town.proposed(town.manager.drafting.amend(town.maya.id, town.amendment()))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        """Days go by."""
        self.town.go_to(self.town.today + days * DAY)

    @rule()
    def consent(self) -> None:
        """The mother consents to services."""
        self.town.consent()

    @rule(complete=st.booleans())
    def start(self, complete: bool) -> None:
        """Begin a plan."""

        def step() -> None:
            draft = self.town.manager.drafting.start(self.town.maya.id, self.town.days())
            if complete:
                self.town.fill(draft, self.town.contents(goals=draft.contents.goals))

        if not any(one.state is PlanState.DRAFT for one in self.versions):
            step()
        else:
            self.tried(step)

    @rule(ahead=st.integers(0, 20))
    def amend(self, ahead: int) -> None:
        """Begin an amendment."""
        new = self.town.amendment(begins_on=self.town.today + ahead * DAY)
        self.tried(lambda: self.town.manager.drafting.amend(self.town.maya.id, new))

    @rule(data=st.data(), words=st.sampled_from(["quiet", "near", "small"]))
    def write(self, data: st.DataObject, words: str) -> None:
        """Write a part of some version."""
        one = self.some(data)
        if one is None or one.contents.placement is None:
            return
        placement = replace(one.contents.placement, why_apart=said(words))
        stands = part_hash(one.contents, PlanPart.PLACEMENT)
        put = self.town.manager.drafting.put
        self.tried(lambda: put(one.id, PlanPart.PLACEMENT, placement, started_from=stands))

    @rule(data=st.data(), step=st.sampled_from(NoticeStep))
    def notice(self, data: st.DataObject, step: NoticeStep) -> None:
        """Send a notice about some version."""
        one = self.some(data)
        if one is not None:
            self.town.notice(one.id, step=step)

    @rule(data=st.data(), move=st.sampled_from(["propose", "take_effect", "adopt", "drop", "record"]))
    def move(self, data: st.DataObject, move: str) -> None:
        """Try a step with some version."""
        one = self.some(data)
        if one is None:
            return
        proposing = self.town.manager.proposing
        moves: dict[str, Callable[[], object]] = {
            "propose": lambda: proposing.propose(one.id, version=one.version),
            "take_effect": lambda: proposing.take_effect(one.id),
            "adopt": lambda: proposing.adopt(one.id, version=one.version),
            "drop": lambda: self.town.manager.drafting.drop(one.id),
            "record": lambda: _only(IllegalMove, lambda: proposing.record(one.id)),
        }
        self.tried(moves[move])

    @rule(
        data=st.data(),
        answer=st.sampled_from([PlanState.REJECTED, PlanState.PARTLY_ACCEPTED, PlanState.IN_EFFECT]),
    )
    def answer(self, data: st.DataObject, answer: PlanState) -> None:
        """Keep an answer to some version."""
        one = self.some(data)
        if one is not None:
            proposing = self.town.manager.proposing
            self.tried(lambda: proposing.answer(one.id, answer, version=one.version))

    @rule(
        data=st.data(),
        how=st.sampled_from(
            [PlanState.ENDED_BY_EXIT, PlanState.ENDED_BY_REVOCATION, PlanState.TRANSFERRED_OUT]
        ),
    )
    def end(self, data: st.DataObject, how: PlanState) -> None:
        """Try to end some version today."""
        one = self.some(data)
        if one is not None:
            proposing = self.town.manager.proposing
            self.tried(lambda: proposing.end(one.id, how, last_day=self.town.today))

    @precondition(lambda self: bool(self.versions))
    @rule()
    def go_on(self) -> None:
        """The newest version takes its natural next step, with all that the step rests on."""
        newest, town = self.versions[-1], self.town
        if newest.state is PlanState.DRAFT:
            town.notice(newest.id)
            self.tried(lambda: town.manager.proposing.propose(newest.id, version=newest.version))
        elif newest.state is PlanState.PROPOSED:
            town.consent()
            town.go_to(max(town.today, newest.begins_on))
            self.tried(lambda: town.manager.proposing.take_effect(newest.id))

    @rule()
    def come_along(self) -> None:
        """A plan comes with the child."""
        days = self.town.days(begins_on=self.town.today)
        proposing = self.town.manager.proposing
        self.tried(lambda: proposing.receive(self.town.maya.id, self.town.contents(), days))

    @invariant()
    def one_plan_is_in_force(self) -> None:
        """At most one version is in force, there is one draft at most, and numbers follow each other."""
        held = self.versions
        assert sum(one.state in IN_FORCE for one in held) <= 1
        assert sum(one.state is PlanState.DRAFT for one in held) <= 1
        assert len(held) == len({one.number for one in held})
        today = self.town.today
        assert sum(one.was_in_force(today) and one.state in IN_FORCE for one in held) <= 1

    @invariant()
    def what_was_proposed_reads_as_it_did(self) -> None:
        """No version that left the desk ever says anything else, and none disappears."""
        held = {one.id: one for one in self.versions}
        for key, before in self.seen.items():
            now = held[key]
            assert (before.contents, before.begins_on, before.reviewed_on) == (
                now.contents,
                now.begins_on,
                now.reviewed_on,
            )
            assert before.steps == now.steps[: len(before.steps)]
        self.seen = {key: one for key, one in held.items() if one.state is not PlanState.DRAFT}

    @invariant()
    def goals_live_with_their_plan(self) -> None:
        """Every goal of the plan in force that has a line lives; its line covers today's plan."""
        for one in self.versions:
            if one.state not in IN_FORCE:
                continue
            with self.town.store.read() as uow:
                found = {goal.id: goal for goal in uow.plan.goals_of_students({self.town.maya.id})}
            for planned in one.contents.goals:
                if planned.line is not None:
                    assert planned.goal_id in found
                    assert found[planned.goal_id].state in {GoalState.ACTIVE, *_ENDED}


_ENDED = (GoalState.DISCONTINUED, GoalState.SUPERSEDED)


def _only(error: type[Exception], step: Callable[[], object]) -> None:
    """Expect a refusal: a plan of our own is never taken in as a copy."""
    try:
        step()
    except IllegalMove as refused:
        if refused.code != "copy_only":
            raise
        return
    raise AssertionError("a plan of our own was taken in as a copy")


class Consents(RuleBasedStateMachine):
    """One consent of Maya's mother, asked for and answered in any order."""

    @initialize()
    def ask(self) -> None:
        """The consent is asked for."""
        self.town = PlanTown()
        asked = ConsentAsked(kind=ConsentKind.INITIAL_SERVICES, text=said("Speech."))
        self.consent = self.town.manager.agreeing.ask(self.town.maya.id, asked)
        self.way = [self.consent.state]

    def tried(self, to: ParentConsentState, step: Callable[[], ParentConsent]) -> None:
        """Take a step, which the machine has or refuses."""
        try:
            now = step()
        except (IllegalMove, InvalidValue):
            with self.town.store.read() as uow:
                assert self.consent == uow.plans.consent(self.consent.id)
            return
        assert to is now.state
        assert self.consent.version + 1 == now.version
        self.consent = now
        self.way.append(now.state)

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        """Days go by."""
        self.town.go_to(self.town.today + days * DAY)

    @rule()
    def call(self) -> None:
        """The school calls the family."""
        entry = a_contact(self.town.maya.id, direction=ContactDirection.FROM_SCHOOL, at=self.town.clock.now())
        with self.town.store.write() as uow:
            uow.family.add_contact(entry)

    @rule(signer=st.sampled_from(["mother", "father"]), back=st.integers(0, 3))
    def given(self, signer: str, back: int) -> None:
        """A signature comes on paper, some days old."""
        agreeing, on = self.town.manager.agreeing, self.town.today - back * DAY
        self.tried(
            ParentConsentState.GIVEN,
            lambda: agreeing.record(
                self.consent.id,
                self.town.id(signer),
                on=on,
                method=SignatureMethod.PAPER,
                version=self.consent.version,
            ),
        )

    @rule(by=st.sampled_from(["mother", "father"]), written=st.booleans())
    def revoked(self, by: str, written: bool) -> None:
        """It is taken back."""
        agreeing = self.town.manager.agreeing
        self.tried(
            ParentConsentState.REVOKED,
            lambda: agreeing.revoked(
                self.consent.id,
                self.town.id(by),
                on=self.town.today,
                in_writing=written,
                version=self.consent.version,
            ),
        )

    @rule(to=st.sampled_from([ParentConsentState.REFUSED, ParentConsentState.NO_RESPONSE]))
    def not_given(self, to: ParentConsentState) -> None:
        """No, or silence."""
        agreeing, seen = self.town.manager.agreeing, self.consent.version
        on = self.town.today
        if to is ParentConsentState.REFUSED:
            mother = self.town.id("mother")
            self.tried(to, lambda: agreeing.refused(self.consent.id, mother, on=on, version=seen))
        else:
            self.tried(to, lambda: agreeing.unanswered(self.consent.id, on=on, version=seen))

    @precondition(lambda self: self.consent.state is not ParentConsentState.REQUESTED)
    @rule()
    def expired(self) -> None:
        """Its window is over."""
        agreeing = self.town.manager.agreeing
        self.tried(
            ParentConsentState.EXPIRED,
            lambda: agreeing.expired(self.consent.id, on=self.town.today, version=self.consent.version),
        )

    @invariant()
    def it_holds_as_it_was_given(self) -> None:
        """From the day it was given until the day it was taken back; only the mother can have signed."""
        if not hasattr(self, "consent"):
            return
        consent = self.consent
        was_given = ParentConsentState.GIVEN in self.way
        assert was_given == (consent.signature is not None)
        if consent.signature is not None:
            assert self.town.id("mother") == consent.signature.signer_id
        if was_given and consent.decided_on is not None:
            end = consent.revoked_on
            assert consent.held_on(consent.decided_on) == (end is None or consent.decided_on < end)
            assert not consent.held_on(consent.decided_on - DAY)
            assert end is None or not consent.held_on(end)
        else:
            assert not consent.held_on(self.town.today)


_SETTINGS = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestVersions = Versions.TestCase
TestVersions.settings = _SETTINGS
TestConsents = Consents.TestCase
TestConsents.settings = _SETTINGS
