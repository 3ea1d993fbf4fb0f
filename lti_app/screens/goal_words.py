"""The goal form in words: measures, suggestions, the whole sentence, and the line from start to goal."""

from __future__ import annotations

from dataclasses import dataclass

from iepcore.family.updates import value_phrase
from iepcore.language import format_day, format_number, render
from iepcore.people import Student
from iepcore.plan import Goal
from iepcore.plan.skills import SKILL_KEYS
from iepcore.progress import ConsecutiveCriterion, Direction, MeasureKind
from lti_app.screens.choices import Options, plain
from lti_app.screens.findings import criterion_words
from lti_app.screens.page import Frame

K = MeasureKind

_GROUPS = (
    (K.PERCENT_CORRECT, K.CBM, K.FREQUENCY),
    (K.PROMPT_LEVEL, K.TASK_ANALYSIS, K.RUBRIC),
    (K.RATE, K.DURATION, K.LATENCY),
    (K.PARTIAL_INTERVAL, K.WHOLE_INTERVAL, K.MOMENTARY_TIME_SAMPLE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One way of measuring, with an example."""

    name: str
    example: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGroup:
    """Ways of measuring that answer the same question."""

    title: str
    rows: tuple[KindRow, ...]


def kinds(frame: Frame, path: str) -> list[KindGroup]:
    """Return all twelve ways of measuring, those used most first."""
    titles = (
        frame.words("Used most"),
        frame.words("How much help, how far"),
        frame.words("How often, how long, how soon"),
        frame.words("Watching in time blocks"),
    )
    return [
        KindGroup(
            title=title,
            rows=tuple(
                KindRow(
                    name=kind_words(frame, kind)[0],
                    example=kind_words(frame, kind)[1],
                    href=f"{path}?kind={kind.value}",
                )
                for kind in group
            ),
        )
        for title, group in zip(titles, _GROUPS, strict=True)
    ]


def kind_words(frame: Frame, kind: MeasureKind) -> tuple[str, str]:
    """Return the name of a way of measuring and an example."""
    words = {
        K.PERCENT_CORRECT: (
            frame.words("Right out of tries"),
            frame.words("8 of 10 cards read right; asks for help in 4 of 5 needs"),
        ),
        K.CBM: (
            frame.words("One-minute probe (CBM)"),
            frame.words("words read right in a minute, right digits in a minute"),
        ),
        K.FREQUENCY: (
            frame.words("How many times"),
            frame.words("calls out 2 times in 30 minutes; 18 of 20 problems"),
        ),
        K.PROMPT_LEVEL: (
            frame.words("How much help was needed"),
            frame.words("from a helping hand to alone"),
        ),
        K.TASK_ANALYSIS: (
            frame.words("Steps of a task"),
            frame.words("7 of 9 steps of washing hands"),
        ),
        K.RUBRIC: (
            frame.words("Level on a scale"),
            frame.words("level 3 of 4 in writing"),
        ),
        K.RATE: (
            frame.words("Times a minute"),
            frame.words("starts a talk with classmates 0.2 times a minute"),
        ),
        K.DURATION: (
            frame.words("How long it lasts"),
            frame.words("stays with the group for 15 minutes"),
        ),
        K.LATENCY: (
            frame.words("How soon it starts"),
            frame.words("begins work within 20 seconds"),
        ),
        K.PARTIAL_INTERVAL: (
            frame.words("Seen at any time in a block"),
            frame.words("calls out in 3 of 20 blocks of 15 seconds"),
        ),
        K.WHOLE_INTERVAL: (
            frame.words("Seen for the whole block"),
            frame.words("at work for the whole of 16 of 20 blocks"),
        ),
        K.MOMENTARY_TIME_SAMPLE: (
            frame.words("Seen at the moment of looking"),
            frame.words("at work at 16 of 20 looks, one a minute"),
        ),
    }
    return words[kind]


def suggested_words(frame: Frame, kind: MeasureKind) -> dict[str, str]:
    """Return suggestions that are words: the names of the levels of help."""
    if kind is not K.PROMPT_LEVEL:
        return {}
    levels = (
        frame.words("Full physical help"),
        frame.words("Some physical help"),
        frame.words("Shown how"),
        frame.words("Told or pointed"),
        frame.words("Alone"),
    )
    return {"prompt_levels": "\n".join(levels)}


def labels(frame: Frame) -> dict[str, str]:
    """Return the labels of the fields, in the order of the form, for the list of what does not fit."""
    return {
        "skill_key": frame.words("Skill"),
        "skill_words": frame.words("Or in your own words"),
        "cbm_task": frame.words("What is scored"),
        "material": frame.words("Probe set or level"),
        "probe_seconds": frame.words("Length of a probe in seconds"),
        "prompt_levels": frame.words("Levels of help, from most to none"),
        "steps": frame.words("The steps in order"),
        "rubric_top": frame.words("Highest level"),
        "trials_per_set": frame.words("Tries in one set"),
        "observation_minutes": frame.words("How long you watch each time, in minutes"),
        "count_limit": frame.words("Highest count there can be"),
        "ceiling_seconds": frame.words("How long you wait at most, in seconds"),
        "intervals": frame.words("Blocks in one observation"),
        "interval_seconds": frame.words("Length of a block in seconds"),
        "baseline": frame.words("Now"),
        "target": frame.words("Goal"),
        "starts_on": frame.words("First day"),
        "ends_on": frame.words("Last day"),
        "k": frame.words("How many in a row"),
        "n": frame.words("Scores at the goal"),
        "m": frame.words("Out of how many"),
        "text": frame.words("The whole goal in one sentence"),
    }


def skills(frame: Frame) -> Options:
    """Return the skills of the catalogue: a family reads these in its own language."""
    rows = [(key, _upper(plain(frame, f"skill.{key}"))) for key in SKILL_KEYS]
    return [("", frame.words("Choose, or use your own words")), *rows]


def areas(frame: Frame, keys: tuple[str, ...]) -> Options:
    """Return the areas of a plan."""
    words = {
        "reading": frame.words("Reading"),
        "writing": frame.words("Writing"),
        "math": frame.words("Math"),
        "communication": frame.words("Communication"),
        "behavior": frame.words("Behavior"),
        "self advocacy": frame.words("Speaking up for oneself"),
        "organization": frame.words("Organization"),
        "daily living": frame.words("Daily living"),
        "motor": frame.words("Movement"),
        "other": frame.words("Another area"),
    }
    return [("", frame.words("By the skill")), *((key, words[key]) for key in keys)]


def directions(frame: Frame) -> Options:
    """Return the directions; the first leaves it to the two numbers."""
    return [
        ("", frame.words("As the two numbers show")),
        (Direction.INCREASE.value, frame.words("Up: more is better")),
        (Direction.DECREASE.value, frame.words("Down: less is better")),
    ]


def sentence(frame: Frame, student: Student, goal: Goal, given: str) -> str:
    """Return the whole goal as one measurable sentence: condition, child, skill, numbers, criterion, day."""
    slots = {
        "given": given.rstrip("., "),
        "day": format_day(goal.ends_on, frame.lang),
        "child": student.preferred_name,
        "skill": plain(frame, f"skill.{goal.skill_key}") if goal.skill_key else _own_words(goal),
        # A level is said whole both times; of other numbers the unit is said once.
        "from": _value(frame, goal, goal.baseline)
        if goal.measure.kind is K.RUBRIC
        else _number(frame, goal.baseline),
        "to": _value(frame, goal, goal.target),
        "criterion": _criterion(frame, goal),
    }
    if goal.baseline == goal.target:
        plain_way = frame.words("By %(day)s, %(child)s keeps to %(to)s in %(skill)s, %(criterion)s.", **slots)
        given_way = frame.words(
            "Given %(given)s, %(child)s keeps to %(to)s in %(skill)s, %(criterion)s, until %(day)s.", **slots
        )
    else:
        plain_way = frame.words(
            "By %(day)s, %(child)s goes from %(from)s to %(to)s in %(skill)s, %(criterion)s.", **slots
        )
        given_way = frame.words(
            "Given %(given)s, %(child)s goes from %(from)s to %(to)s in %(skill)s by %(day)s, %(criterion)s.",
            **slots,
        )
    return given_way if slots["given"] else plain_way


def aim_line(frame: Frame, goal: Goal) -> str:
    """Return the line from start to goal in words, with the growth a week it asks for."""
    slots = {
        "from": _number(frame, goal.baseline),
        "to": _number(frame, goal.target),
        "day": format_day(goal.ends_on, frame.lang),
    }
    rate = abs(goal.line.weekly_rate)
    if rate == 0:
        return frame.words("Stays at %(to)s until %(day)s.", **slots)
    slots["rate"] = format_number(rate, frame.lang, decimals=1 if rate >= 0.1 else 2)
    if goal.direction is Direction.INCREASE:
        return frame.words("From %(from)s to %(to)s by %(day)s: about %(rate)s a week.", **slots)
    return frame.words("From %(from)s down to %(to)s by %(day)s: about %(rate)s less a week.", **slots)


def ends(frame: Frame, goal: Goal) -> tuple[str, str]:
    """Return where the line begins and where it leads, each with its unit."""
    return _value(frame, goal, goal.baseline), _value(frame, goal, goal.target)


def met_when(frame: Frame, goal: Goal) -> str:
    """Return when the goal counts as met."""
    return criterion_words(frame, goal)


def _criterion(frame: Frame, goal: Goal) -> str:
    if isinstance(goal.criterion, ConsecutiveCriterion):
        return frame.count_words("on %(number)s score", "on %(number)s scores in a row", goal.criterion.k)
    return frame.words("on %(n)s of %(m)s scores in a row", n=goal.criterion.n, m=goal.criterion.m)


def _own_words(goal: Goal) -> str:
    return goal.skill_words.text if goal.skill_words is not None else ""


def _value(frame: Frame, goal: Goal, value: float) -> str:
    return render(value_phrase(goal, value), frame.lang, isolate=False).text


def _number(frame: Frame, value: float) -> str:
    return format_number(value, frame.lang, decimals=2)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
