"""The sentences of a progress update, from data: growth first, the number beside what the plan's path
expects."""

from __future__ import annotations

from iepcore.language import Name, Part, Phrase
from iepcore.plan import Finding, Goal, Growth
from iepcore.progress import FindingWord


def skill_of(goal: Goal) -> Phrase:
    """Return the skill as a phrase: from the catalogue, or the author's own words kept in their language."""
    if goal.skill_key is not None:
        return Phrase(key=f"skill.{goal.skill_key}")
    assert goal.skill_words is not None  # Goal guarantees exactly one of the two
    return Phrase(key="skill.own_words", params={"words": goal.skill_words})


def value_phrase(goal: Goal, value: float) -> Phrase:
    """Return a score with its unit, such as "58 words in a minute", as a phrase to nest in another.

    A measure's own unit speaks where the catalogues have words for it; otherwise the kind's.
    """
    return Phrase(key=f"value.{goal.unit_key}", params={"value": _shown(value)})


TEAM_LOOKS = Phrase(key="family.team_looks")
"""Says that the team will look at the plan with the family. Only staff choose it, never the data."""


def update_parts(
    goal: Goal, finding: Finding, *, child: str, since: Growth | None = None, team_looks: bool = False
) -> tuple[Part, ...]:
    """Return the parts of an update that the data can say, for ``child`` (the preferred name).

    Order: growth since the last update (``since``), or else since the period began; the last value when
    there is no growth; what the plan's path expects, the finding in the family's words, a question. What
    went well as an example, what school does next and what to try at home are the teacher's own words, added
    between. ``team_looks``: staff have chosen to say so; the words then speak of the plan.
    """
    name = Name(text=child)
    skill = skill_of(goal)
    parts: list[Part] = []
    if finding.last_value is not None and finding.last_on is not None:
        if since is not None and _reads_as_gain(goal, since.before, since.now):
            parts.append(
                Phrase(
                    key="update.growth_since",
                    params={
                        "child": name,
                        "skill": skill,
                        "day": since.before_on,
                        "before": value_phrase(goal, since.before),
                        "now": value_phrase(goal, since.now),
                    },
                )
            )
        elif _grew(goal, finding) and finding.first_value is not None:
            parts.append(
                Phrase(
                    key="update.growth",
                    params={
                        "child": name,
                        "skill": skill,
                        "before": value_phrase(goal, finding.first_value),
                        "now": value_phrase(goal, finding.last_value),
                    },
                )
            )
        else:
            parts.append(
                Phrase(
                    key="update.last",
                    params={
                        "child": name,
                        "skill": skill,
                        "now": value_phrase(goal, finding.last_value),
                        "day": finding.last_on,
                    },
                )
            )
        if finding.expected is not None and finding.word is not FindingWord.MET:
            parts.append(Phrase(key="update.path", params={"expected": value_phrase(goal, finding.expected)}))
    parts.append(Phrase(key=f"family.{finding.word.value}", params={"child": name, "skill": skill}))
    if team_looks:
        parts.append(TEAM_LOOKS)
    parts.append(Phrase(key="update.question", params={"child": name, "skill": skill}))
    return tuple(parts)


def _grew(goal: Goal, finding: Finding) -> bool:
    if finding.first_value is None or finding.last_value is None or finding.n_in_period < 2:
        return False
    return _reads_as_gain(goal, finding.first_value, finding.last_value)


def _reads_as_gain(goal: Goal, before: float, now: float) -> bool:
    """Tell whether the numbers as they are written, to one decimal, go the goal's way: "from 33.3 to 33.3" is
    no growth to whoever reads it."""
    return (_shown(now) - _shown(before)) * goal.direction.sign > 0


def _shown(value: float) -> float:
    return round(value, 1)
