"""Two people note and take back changes, each by the page they last saw; a list on paper is the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from iepcore.access import AuditKind
from iepcore.caseload import NewPhase
from iepcore.errors import Conflict, IepError
from iepcore.plan import Goal, find
from iepcore.testing import words
from iepcore.testing.store_values import a_point
from tests.unit.caseload.town import START, Town

DAY = timedelta(days=1)
PEOPLE = st.sampled_from(["manager", "teacher"])
DAYS = st.integers(-1, 78)


@dataclass(frozen=True)
class Written:
    """A change as the paper has it."""

    day: int
    text: str


def _outcome(attempt: Callable[[], Goal]) -> tuple[Goal | None, IepError | None]:
    """Return the goal, or what refused it."""
    try:
        return attempt(), None
    except IepError as refused:
        return None, refused


class Talk(RuleBasedStateMachine):
    """Versions only grow, the paper and the store agree, and no day before a change is expected otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town()
        self.seen = {"manager": 1, "teacher": 1}
        self.paper: list[Written] = []
        self.version = 1
        self.writes = 0

    def _goal(self) -> Goal:
        with self.town.store.read() as uow:
            goal = uow.plan.goal(self.town.goal.id)
        assert goal is not None
        return goal

    @rule(name=PEOPLE)
    def look(self, name: str) -> None:
        """Load the page again."""
        page = self.town.caseload(name).changes.opening(self.town.goal.id)
        assert self.version == page.goal.version
        assert (page.earliest - START).days == (self.paper[-1].day if self.paper else 0) + 1
        self.seen[name] = page.goal.version

    @rule(name=PEOPLE, day=DAYS, text=st.sampled_from(["Echo reading", "Pictures"]))
    def note(self, name: str, day: int, text: str) -> None:
        """Note a change by the page as it was seen."""
        new = NewPhase(starts_on=START + DAY * day, words=words(text))
        before, last = self._goal(), self.paper[-1] if self.paper else Written(0, "")
        desk = self.town.caseload(name).changes
        changed, refused = _outcome(lambda: desk.add(before.id, new, version=self.seen[name]))
        if isinstance(refused, Conflict):
            assert self.seen[name] != self.version
            assert (before, new) == (refused.current, refused.yours)
        elif refused is not None:
            assert (self.seen[name], "phase_order") == (self.version, refused.code)
            assert day <= last.day
        if changed is None:
            return
        self.writes += 1
        if last == Written(day, text):
            assert before == changed
            return
        assert self.seen[name] == self.version
        assert all(
            before.aimline.value_at(START + DAY * on) == changed.aimline.value_at(START + DAY * on)
            for on in range(-2, day)
        )
        self.paper.append(Written(day, text))
        self.version += 1
        self.seen[name] = changed.version

    @rule(name=PEOPLE)
    def take_back(self, name: str) -> None:
        """Take the last change back by the page as it was seen."""
        desk, goal_id = self.town.caseload(name).changes, self.town.goal.id
        changed, refused = _outcome(lambda: desk.withdraw(goal_id, version=self.seen[name]))
        if isinstance(refused, Conflict):
            assert self.seen[name] != self.version
        elif refused is not None:
            assert ("no_phase", []) == (refused.code, self.paper)
        if changed is None:
            return
        assert self.seen[name] == self.version
        self.paper.pop()
        self.writes += 1
        self.version += 1
        self.seen[name] = changed.version

    @rule(day=st.integers(0, 78), score=st.integers(0, 100))
    def score(self, day: int, score: int) -> None:
        """A score comes in; no change moves for it."""
        point = a_point(self.town.goal, score=float(score), observed_on=START + DAY * day)
        with self.town.store.write() as uow:
            uow.plan.add_point(point)

    @invariant()
    def paper_and_store_agree(self) -> None:
        """Every change that was noted and not taken back is there, in order; so is the number of writes."""
        goal = self._goal()
        assert self.paper == [Written((one.starts_on - START).days, one.words.text) for one in goal.phases]
        assert self.version == goal.version
        trail = [one for one in self.town.trail() if one.kind is AuditKind.WRITE]
        assert self.writes == len(trail)

    @invariant()
    def finding_is_made(self) -> None:
        """Whatever was noted, the goal has its word."""
        with self.town.store.read() as uow:
            points = uow.plan.points_of_goals({self.town.goal.id})[self.town.goal.id]
        assert find(self._goal(), points, on=self.town.clock.today()).word


Talk.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestTalk = Talk.TestCase
