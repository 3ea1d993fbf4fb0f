"""The recording grid as plain objects: who stands on it, what other grids there are, and the tries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from markupsafe import Markup

from iepcore.caseload import RecorderRow, takes_taps
from iepcore.plan import Goal, Tally, TrialOutcome
from lti_app.screens.findings import skill_words
from lti_app.screens.page import Frame, initials

MOST_ROWS = 8
"""Children on one grid: as many as a thumb and an eye can follow."""

TRIES_UNPLANNED = 10
"""Tries of a set where the goal does not say how many it has."""

_KINDS = {
    TrialOutcome.CORRECT: ("correct", "C"),
    TrialOutcome.PROMPTED: ("helped", "P"),
    TrialOutcome.INCORRECT: ("incorrect", "I"),
    TrialOutcome.NO_RESPONSE: ("no_answer", "N"),
}
"""How a result looks: the shape and colour of the design system, and the letter of a paper data sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link to another grid or form: words, small words, and where it leads."""

    words: Markup
    note: str | Markup
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Children who practise the same skill, at most eight. ``is_open``: tries of this session stand."""

    rows: tuple[RecorderRow, ...]
    is_open: bool

    @property
    def href(self) -> str:
        """Where this grid stands."""
        return grid_path(row.goal for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One child's line: its form's hidden fields, its tries as (shape, letter, word), what is to come."""

    goal_id: UUID
    name: str
    initials: str
    note: str
    trail_name: str
    tries: tuple[tuple[str, str, str], ...]
    to_come: int
    fields: dict[str, str]


def grid_path(goals: Iterable[Goal]) -> str:
    """Return the address of a grid: goal ids and nothing else."""
    return "/app/record?" + "&".join(f"g={goal.id}" for goal in goals)


def planned_of(row: RecorderRow) -> int:
    """Return how many tries a set of this row has."""
    if row.trial_set is not None:
        return row.trial_set.planned_trials
    return row.goal.measure.trials_per_set or TRIES_UNPLANNED


def groups_of(rows: Sequence[RecorderRow]) -> tuple[Group, ...]:
    """Return the grids there are, the obvious one first: tries standing in it, then the most children.

    Children stand in the order of their names; one with two goals of the skill stands there once for each.
    """
    by_skill: dict[str, list[RecorderRow]] = {}
    for row in sorted(rows, key=lambda row: row.student.preferred_name.casefold()):
        if takes_taps(row.goal):
            by_skill.setdefault(_skill_of(row.goal), []).append(row)
    groups = [
        Group(rows=tuple(chunk), is_open=any(row.tally.trials for row in chunk))
        for found in by_skill.values()
        for chunk in (found[at : at + MOST_ROWS] for at in range(0, len(found), MOST_ROWS))
    ]
    return tuple(sorted(groups, key=lambda group: (not group.is_open, -len(group.rows))))


def obvious(groups: Sequence[Group]) -> Group | None:
    """Return the grid to open at once: one with tries standing, one of several children, or the only one."""
    if groups and (groups[0].is_open or len(groups[0].rows) > 1 or len(groups) == 1):
        return groups[0]
    return None


def grid_rows(frame: Frame, rows: Sequence[RecorderRow]) -> list[GridRow]:
    """Return the lines of a grid."""
    mixed = len({_skill_of(row.goal) for row in rows}) > 1
    return [_grid_row(frame, row, mixed=mixed) for row in rows]


def outcome_words(frame: Frame) -> dict[TrialOutcome, str]:
    """Return what the four buttons say."""
    return {
        TrialOutcome.CORRECT: frame.words("Correct"),
        TrialOutcome.PROMPTED: frame.words("Prompted"),
        TrialOutcome.INCORRECT: frame.words("Incorrect"),
        TrialOutcome.NO_RESPONSE: frame.words("No response"),
    }


def buttons(frame: Frame) -> list[tuple[str, str, str, str, str]]:
    """Return the four buttons as (value, letter, word, shape, keys)."""
    said = outcome_words(frame)
    return [
        (outcome.value, letter, said[outcome], kind, f"{key} {letter}")
        for key, (outcome, (kind, letter)) in enumerate(_KINDS.items(), start=1)
    ]


def count_words(frame: Frame, correct: object, tries: object) -> str:
    """Return the running count; only what was done alone and right counts."""
    return frame.words("%(correct)s of %(tries)s alone", correct=correct, tries=tries)


def trail_words(frame: Frame, name: object, tries: object, planned: object) -> str:
    """Return what the trail is called."""
    return frame.words("%(name)s: %(tries)s of %(planned)s tries", name=name, tries=tries, planned=planned)


def standing(tally: Tally) -> dict[str, object]:
    """Return a set as the page keeps it: tries as (key, result) in order, and how many lines are stored."""
    return {
        "tries": [[str(key), outcome.value] for key, outcome in zip(tally.keys, tally.outcomes, strict=True)],
        "lines": tally.lines,
    }


def group_choice(frame: Frame, group: Group) -> Choice:
    """Return the link to a grid of several children."""
    names = ", ".join(row.student.preferred_name for row in group.rows)
    return Choice(words=skill_words(frame, group.rows[0].goal), note=names, href=group.href)


def single_choice(frame: Frame, row: RecorderRow) -> Choice:
    """Return the link to one goal: its own grid where it is tapped, else its form."""
    href = grid_path([row.goal]) if takes_taps(row.goal) else f"/app/g/{row.goal.id}/point"
    return Choice(
        words=Markup("<bdi>{}</bdi>").format(row.student.preferred_name),
        note=skill_words(frame, row.goal),
        href=href,
    )


def _skill_of(goal: Goal) -> str:
    if goal.skill_key is not None:
        return goal.skill_key
    assert goal.skill_words is not None  # Goal guarantees exactly one of the two
    return "own words: " + goal.skill_words.text.casefold()


def _grid_row(frame: Frame, row: RecorderRow, *, mixed: bool) -> GridRow:
    said, planned, tally = outcome_words(frame), planned_of(row), row.tally
    name = row.student.preferred_name
    if mixed:
        name = f"{name}: {skill_words(frame, row.goal).striptags()}"
    set_key = row.trial_set.client_key if row.trial_set is not None else uuid4()
    return GridRow(
        goal_id=row.goal.id,
        name=name,
        initials=initials(row.student.legal_name),
        note=count_words(frame, tally.correct, tally.trials) if tally.trials else frame.words("No try yet"),
        trail_name=trail_words(frame, name, tally.trials, planned),
        tries=tuple((*_KINDS[outcome], said[outcome]) for outcome in tally.outcomes),
        to_come=max(planned - tally.trials, 0),
        fields={
            "goal": str(row.goal.id),
            "set_key": str(set_key),
            "planned": str(planned),
            "state": json.dumps(standing(tally)),
        },
    )
