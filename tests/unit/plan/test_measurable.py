"""Hints for a goal that does not say yet what will be seen."""

from __future__ import annotations

from datetime import date

from iepcore.plan.measurable import GoalHint, goal_hints
from iepcore.progress import ConsecutiveCriterion

GOOD = "Given a grade 4 passage, Juniper will read aloud at 92 words correct per minute."
JUNE, ROW = date(2027, 6, 4), ConsecutiveCriterion(k=3)


def test_a_goal_that_says_it_all_has_no_hint() -> None:
    """Condition, what is seen, how much, how often, by when."""
    assert () == goal_hints(GOOD, baseline=52, target=92, criterion=ROW, by=JUNE)


def test_numbers_that_are_not_there_are_named() -> None:
    """In the order in which a writer goes on."""
    assert (
        GoalHint.NO_WORDS,
        GoalHint.NO_BASELINE,
        GoalHint.NO_TARGET,
        GoalHint.NO_CRITERION,
        GoalHint.NO_DATE,
    ) == goal_hints(" ", baseline=None, target=None, criterion=None, by=None)
    assert (GoalHint.NO_CHANGE,) == goal_hints(GOOD, baseline=5, target=5, criterion=ROW, by=JUNE)


def test_words_nobody_can_see_are_named() -> None:
    """A vague verb, no condition, two skills in one, a page instead of a sentence."""
    vague = goal_hints("Juniper will improve her reading.", baseline=1, target=2, criterion=ROW, by=JUNE)
    assert (GoalHint.VAGUE_VERB, GoalHint.NO_CONDITION) == vague
    told = "When asked, she will improve her reading, as measured by a weekly probe."
    assert () == goal_hints(told, baseline=1, target=2, criterion=ROW, by=JUNE)
    two = "When asked, she will name letters and will write them."
    assert (GoalHint.MORE_THAN_ONE,) == goal_hints(two, baseline=1, target=2, criterion=ROW, by=JUNE)
    long = f"When asked, she will read {'and read ' * 40}."
    assert (GoalHint.TOO_LONG,) == goal_hints(long, baseline=1, target=2, criterion=ROW, by=JUNE)


def test_another_language_gets_the_hints_of_its_numbers_only() -> None:
    """No word list of ours judges a Spanish sentence."""
    assert (GoalHint.NO_DATE,) == goal_hints(
        "Leerá mejor.", lang="es-MX", baseline=1, target=2, criterion=ROW, by=None
    )
