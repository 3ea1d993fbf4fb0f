"""A goal that was pasted as the goal form's fields, and the hints for whoever writes one, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from iepcore.language import format_day
from iepcore.people import Student
from iepcore.plan import Goal
from iepcore.plan.incoming import GoalDoubt, PastedGoal, goal_of, read_pasted_plan
from iepcore.plan.measurable import GoalHint, goal_hints
from iepcore.progress import ConsecutiveCriterion, MeasureKind, NOfMCriterion
from lti_app.screens.choices import plain
from lti_app.screens.page import Frame

LONGEST_SKILL = 120
_SKILL_WORDS: tuple[tuple[str, str], ...] = (
    ("sight_words", r"sight words?"),
    ("letter_names", r"letter names?|nam\w+ \d* ?letters?"),
    ("reading_aloud", r"read\w* aloud|oral reading|words? correct per minute|wcpm"),
    ("understanding_text", r"comprehension|main idea|questions about (?:a|the) (?:text|passage|story)"),
    ("word_meaning", r"vocabulary|define\w* "),
    ("handwriting", r"legib|handwriting"),
    ("writing_sentences", r"writ\w+ .*sentences?"),
    ("math_facts", r"math facts?|multiplication facts?|addition facts?"),
    ("math_problems", r"word problems?|solv\w+ .*problems?"),
    ("asking_for_break", r"break card|ask\w* for a break"),
    ("asking_for_help", r"ask\w* for help"),
    ("using_device_to_talk", r"with (?:his|her|their|a|the) device|\baac\b|speech device"),
    ("talking_with_peers", r"\bpeers?\b|classmates?"),
    ("clear_speech", r"articulat|/\w{1,3}/|speech sounds?"),
    ("calling_out", r"call(?:s|ing)?[- ]?outs?"),
    ("turning_in_work", r"turn\w* in|hand\w* in"),
    ("using_planner", r"planner|agenda"),
)
_WILL = re.compile(r"\bwill\s+(?:be able to\s+)?(?P<doing>[^,;.]{3,200})", re.IGNORECASE)
_UNTIL = re.compile(
    r"\s+(?:at|with|in|on|from|to|for)\s+(?:\S+\s+)?\d.*$|\s+\d+(?:\.\d+)?\s*%.*$", re.IGNORECASE
)
_NAMED = re.compile(r"(?P<name>[^\W\d_][\w'\u2019-]+)(?:\s+[A-Z][\w'\u2019-]+)?\s+will\b")
_NOBODYS = frozenset({"he", "she", "they", "it", "i", "student", "child", "pupil", "learner"})
_GIVEN = re.compile(r"\bgiven\s+(?P<given>[^,;.]{3,200})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a paste became: the way of measuring, the fields as if typed, and how many goals it held."""

    kind: MeasureKind
    typed: dict[str, str]
    doubts: tuple[GoalDoubt, ...]
    goals: int


def fields_of(text: str) -> Pasted:
    """Return the goal form's fields out of pasted words; the first goal where there are several.

    Raises:
        InvalidValue: ``paste_too_long``.
    """
    goals = read_pasted_plan(text).goals
    goal = goals[0] if goals else goal_of(" ".join(text.split()))
    return Pasted(
        kind=goal.kind or MeasureKind.PERCENT_CORRECT,
        typed=typed_of(goal),
        doubts=goal.doubts,
        goals=max(1, len(goals)),
    )


def typed_of(goal: PastedGoal) -> dict[str, str]:
    """Return what a goal's words say as fields of the goal form; what they do not say is left out."""
    typed = {"text": goal.words, "baseline": _number(goal.baseline), "target": _number(goal.target)}
    if goal.by is not None:
        typed["ends_on"] = goal.by.isoformat()
    if goal.cbm_task is not None:
        typed["cbm_task"] = goal.cbm_task.value
    if goal.count_of is not None:
        key = "count_limit" if goal.kind is MeasureKind.FREQUENCY else "trials_per_set"
        typed[key] = str(goal.count_of)
    typed |= _criterion(goal) | _skill(goal.words)
    return {name: value for name, value in typed.items() if value}


def doubt_words(frame: Frame, pasted: Pasted, student: Student) -> list[str]:
    """Return what to look at in a goal read out of pasted words; first whether it is this child's."""
    words = goal_doubts(frame)
    found = [words[doubt] for doubt in pasted.doubts]
    other = other_name(pasted.typed["text"], student)
    if other:
        found.insert(
            0,
            frame.words(
                "The words name %(other)s, and this is the page of %(child)s. Whose goal is it?",
                other=other,
                child=student.preferred_name,
            ),
        )
    if pasted.goals > 1:
        found.append(frame.words("%(number)s goals were pasted. This is the first.", number=pasted.goals))
    return found


def goal_doubts(frame: Frame) -> Mapping[GoalDoubt, str]:
    """Return every doubt about a pasted goal in words."""
    return {
        GoalDoubt.NO_DATE: frame.words("The words name no last day. A year from today stands there."),
        GoalDoubt.DATE_MONTH_FIRST: frame.words("The day was read with the month first. Look at it."),
        GoalDoubt.SEVERAL_DATES: frame.words("The words name more than one day. Look at the last day."),
        GoalDoubt.NO_NUMBER: frame.words("The words say no number to reach."),
        GoalDoubt.SEVERAL_NUMBERS: frame.words("The words hold several numbers. Look at the one to reach."),
        GoalDoubt.NO_BASELINE: frame.words("The words do not say where the child is now."),
        GoalDoubt.NO_CRITERION: frame.words("The words do not say how often the number must be reached."),
        GoalDoubt.KIND_UNCLEAR: frame.words("The words do not say how it is measured. Choose it below."),
    }


def hint_words(frame: Frame, goal: Goal, lang: str) -> list[str]:
    """Return what a goal that fits the form does not say clearly yet. Hints; nothing is held back."""
    words = {
        GoalHint.VAGUE_VERB: frame.words(
            "A colleague cannot see “will improve” or “will understand”. Say what the child does."
        ),
        GoalHint.NO_CONDITION: frame.words(
            "Say when or with what: “given a grade 4 passage”, “during recess”."
        ),
        GoalHint.NO_CHANGE: frame.words("Now and goal are the same number. Is that what you mean?"),
        GoalHint.MORE_THAN_ONE: frame.words(
            "There seem to be two skills in it. Two goals are easier to follow."
        ),
        GoalHint.TOO_LONG: frame.words("It is long. A family reads a short sentence more easily."),
    }
    found = goal_hints(
        goal.text.text,
        lang=lang,
        baseline=goal.baseline,
        target=goal.target,
        criterion=goal.criterion,
        by=goal.ends_on,
    )
    return [words[hint] for hint in found if hint in words]


def family_line(frame: Frame, goal: Goal, start: str, target: str) -> str:
    """Return how a family will read the goal; a skill of the list comes in its own language there."""
    skill = plain(frame, f"skill.{goal.skill_key}") if goal.skill_key else ""
    skill = skill or (goal.skill_words.text if goal.skill_words is not None else "")
    return frame.words(
        "%(skill)s: now %(from)s. We work towards %(to)s by %(day)s.",
        skill=skill[:1].upper() + skill[1:],
        **{"from": start, "to": target, "day": format_day(goal.ends_on, frame.lang)},
    )


def other_name(words: str, student: Student) -> str:
    """Return the name in front of "will" where it begins with a capital and is none of this child's."""
    named = _NAMED.search(words)
    if named is None or not named["name"][0].isupper() or named["name"].lower() in _NOBODYS:
        return ""
    own = {part.casefold() for part in f"{student.legal_name} {student.preferred_name}".split()}
    return "" if named["name"].casefold().removesuffix("'s") in own else named["name"]


def _criterion(goal: PastedGoal) -> dict[str, str]:
    if isinstance(goal.criterion, NOfMCriterion):
        return {"way": "of_several", "n": str(goal.criterion.n), "m": str(goal.criterion.m)}
    if isinstance(goal.criterion, ConsecutiveCriterion):
        return {"way": "in_a_row", "k": str(goal.criterion.k)}
    return {}


def _skill(words: str) -> dict[str, str]:
    """Return the skill of the list that the words name, else what the child does, in the goal's own words."""
    given = _GIVEN.search(words)
    found = {"given": given["given"].strip()} if given is not None else {}
    for key, told in _SKILL_WORDS:
        if re.search(told, words, re.IGNORECASE):
            return {**found, "skill_key": key}
    will = _WILL.search(words)
    if will is None:
        return found
    return {**found, "skill_words": _UNTIL.sub("", will["doing"]).strip()[:LONGEST_SKILL]}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
