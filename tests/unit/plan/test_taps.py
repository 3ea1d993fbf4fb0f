"""Taps: whatever is tapped, undone and sent again, the tally is what a person counting along would have."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from iepcore.errors import IllegalMove, InvalidValue
from iepcore.ids import ClientKey
from iepcore.plan import TrialOutcome
from iepcore.progress import PercentReading
from tests.unit.caseload.town import Town

PLANNED = 6


class Taps(RuleBasedStateMachine):
    """A teacher taps on one goal while her browser repeats requests; a list on paper is the model."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self.desk = self.town.caseload("teacher").progress
        self.set_key = ClientKey(uuid4())
        self.tried: dict[ClientKey, TrialOutcome] = {}
        self.undone: set[ClientKey] = set()
        self.sent: list[tuple[str, ClientKey, object]] = []
        self.ended = False

    def _paper(self) -> tuple[TrialOutcome, ...]:
        return tuple(outcome for key, outcome in self.tried.items() if key not in self.undone)

    def _send(self, kind: str, key: ClientKey, what: object) -> None:
        goal = self.town.goal.id
        if kind == "tap":
            assert isinstance(what, TrialOutcome)
            tapped = self.desk.tap(goal, self.set_key, key, what, planned_trials=PLANNED)
        else:
            tapped = self.desk.undo(goal, self.set_key, key, what)  # type: ignore[arg-type]
        assert self._paper() == tapped.tally.outcomes

    @precondition(lambda self: not self.ended)
    @rule(outcome=st.sampled_from(TrialOutcome), seconds=st.integers(1, 5))
    def tap(self, outcome: TrialOutcome, seconds: int) -> None:
        """A finger taps; one try too many is refused and changes nothing."""
        self.town.clock.forward(seconds=seconds)
        key = ClientKey(uuid4())
        if len(self._paper()) >= PLANNED:
            with pytest.raises(InvalidValue, match="tries_full"):
                self._send("tap", key, outcome)
            return
        self.tried[key] = outcome
        self.sent.append(("tap", key, outcome))
        self._send("tap", key, outcome)

    @precondition(lambda self: self.tried and not self.ended)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """Any earlier try is taken back, also one that was taken back before."""
        gone = data.draw(st.sampled_from(list(self.tried)))
        key = ClientKey(uuid4())
        self.undone.add(gone)
        self.sent.append(("undo", key, gone))
        self._send("undo", key, gone)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def a_request_comes_again(self, data: st.DataObject) -> None:
        """A repeat changes nothing, even after the set has ended."""
        self._send(*data.draw(st.sampled_from(self.sent)))

    @precondition(lambda self: self.tried)
    @rule()
    def end(self) -> None:
        """Ending makes one point; ending again makes none."""
        done = self.desk.end([(self.town.goal.id, self.set_key)])
        assert len(done) == (0 if self.ended or not self._paper() else 1)
        self.ended = True

    @precondition(lambda self: self.ended)
    @rule(outcome=st.sampled_from(TrialOutcome))
    def tap_after_the_end(self, outcome: TrialOutcome) -> None:
        """A new tap on an ended set is refused."""
        with pytest.raises(IllegalMove, match="set_ended"):
            self.desk.tap(self.town.goal.id, self.set_key, ClientKey(uuid4()), outcome)

    @rule(minutes=st.sampled_from([1, 40]))
    def time_passes(self, minutes: int) -> None:
        """Nothing happens by time alone."""
        self.town.clock.at += timedelta(minutes=minutes)

    @invariant()
    def paper_and_store_agree(self) -> None:
        """An open set shows the paper's tries; an ended one is one point with the paper's numbers."""
        points = self.town.history()
        if not self.ended:
            assert points == ()
            return
        paper = self._paper()
        assert len(points) == (1 if paper else 0)
        if paper:
            correct = sum(one is TrialOutcome.CORRECT for one in paper)
            assert points[0].reading == PercentReading(correct=correct, trials=len(paper))


TestTaps = Taps.TestCase
TestTaps.settings = settings(max_examples=25, stateful_step_count=20)
