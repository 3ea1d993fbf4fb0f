"""The goal form: which settings each measure asks for, what is suggested, and what was typed as a goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from iepcore.caseload import NewGoal
from iepcore.errors import InvalidValue
from iepcore.ids import GoalId
from iepcore.language import FreeText
from iepcore.progress import (
    CbmTask,
    ConsecutiveCriterion,
    Criterion,
    Direction,
    Measure,
    MeasureKind,
    NOfMCriterion,
)

K = MeasureKind

SETTINGS: dict[MeasureKind, tuple[str, ...]] = {
    K.CBM: ("cbm_task", "material", "probe_seconds"),
    K.PERCENT_CORRECT: ("trials_per_set",),
    K.FREQUENCY: ("observation_minutes", "count_limit"),
    K.RATE: ("observation_minutes",),
    K.DURATION: ("observation_minutes", "as_share_of_session"),
    K.LATENCY: ("ceiling_seconds",),
    K.PARTIAL_INTERVAL: ("intervals", "interval_seconds"),
    K.WHOLE_INTERVAL: ("intervals", "interval_seconds"),
    K.MOMENTARY_TIME_SAMPLE: ("intervals", "interval_seconds"),
    K.PROMPT_LEVEL: ("prompt_levels", "trials_per_set"),
    K.RUBRIC: ("rubric_top",),
    K.TASK_ANALYSIS: ("steps",),
}
"""The settings a kind asks for, by the names of the form's fields."""

_SUGGESTED: dict[MeasureKind, dict[str, str]] = {
    K.CBM: {"cbm_task": CbmTask.ORAL_READING.value, "probe_seconds": "60"},
    K.PERCENT_CORRECT: {"trials_per_set": "10"},
    K.FREQUENCY: {"observation_minutes": "30"},
    K.RATE: {"observation_minutes": "10"},
    K.DURATION: {"observation_minutes": "30"},
    K.LATENCY: {"ceiling_seconds": "60"},
    K.PARTIAL_INTERVAL: {"intervals": "20", "interval_seconds": "15"},
    K.WHOLE_INTERVAL: {"intervals": "20", "interval_seconds": "15"},
    K.MOMENTARY_TIME_SAMPLE: {"intervals": "20", "interval_seconds": "60"},
    K.PROMPT_LEVEL: {"trials_per_set": "10"},
    K.RUBRIC: {"rubric_top": "4"},
    K.TASK_ANALYSIS: {},
}
_WHOLE = ("trials_per_set", "count_limit", "intervals", "rubric_top")
_LISTS = ("prompt_levels", "steps")
_IN_THE_FORM = {"observation_seconds": "observation_minutes", "skill": "skill_key"}

AREAS: tuple[str, ...] = (
    "reading",
    "writing",
    "math",
    "communication",
    "behavior",
    "self advocacy",
    "organization",
    "daily living",
    "motor",
    "other",
)
"""Areas of a plan a goal may be filed under; the skill suggests one."""

AREA_OF_SKILL = {
    "reading_aloud": "reading",
    "sight_words": "reading",
    "word_meaning": "reading",
    "letter_names": "reading",
    "understanding_text": "reading",
    "writing_sentences": "writing",
    "handwriting": "writing",
    "math_facts": "math",
    "math_problems": "math",
    "asking_for_help": "self advocacy",
    "asking_for_break": "self advocacy",
    "talking_with_peers": "communication",
    "clear_speech": "communication",
    "using_device_to_talk": "communication",
    "calling_out": "behavior",
    "turning_in_work": "organization",
    "using_planner": "organization",
    "daily_living_steps": "daily living",
    "matching_and_sorting": "daily living",
    "moving_safely": "motor",
}


@dataclass(slots=True, kw_only=True)
class Reading:
    """A form as read: the goal it means, or one error per field. ``errors`` maps a field to a refusal."""

    errors: dict[str, InvalidValue] = field(default_factory=dict)
    goal: NewGoal | None = None

    def refuse(self, name: str, code: str) -> None:
        """Note what is wrong with a field; the first thing counts."""
        self.errors.setdefault(name, InvalidValue(code, field=name))

    def note(self, error: InvalidValue, name: str | None = None) -> None:
        """Note a refusal of the domain at the field of the form that it is about."""
        about = name or _IN_THE_FORM.get(error.field or "", error.field or "text")
        self.errors.setdefault(about, error)


def kind_of(text: str) -> MeasureKind | None:
    """Return the kind a page or form names, or None."""
    return next((kind for kind in MeasureKind if kind.value == text), None)


def suggested(kind: MeasureKind, today: date) -> dict[str, str]:
    """Return what the form holds before anything is typed."""
    return {
        **_SUGGESTED[kind],
        "starts_on": today.isoformat(),
        "ends_on": a_year_after(today).isoformat(),
        "way": "in_a_row",
        "k": "3",
        "n": "4",
        "m": "5",
        "taught": "1",
    }


def usual_measure(kind: MeasureKind) -> Measure:
    """Return a measure of a kind with the suggested settings, to name its unit before anything is typed."""
    made = read_measure({**_SUGGESTED[kind], "prompt_levels": "1\n2", "steps": "1"}, kind, Reading())
    assert made is not None  # the suggestions are good
    return made


def a_year_after(day: date) -> date:
    """Return the same day next year; the 28th for a 29 February."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def read(typed: Mapping[str, str], kind: MeasureKind, lang: str, *, goal_id: UUID, text: str) -> Reading:
    """Return what the form means. ``text`` is the whole sentence, in the language of the page."""
    found = Reading()
    measure = read_measure(typed, kind, found)
    baseline, target = _number(typed, "baseline", found), _number(typed, "target", found)
    starts_on, ends_on = _day(typed, "starts_on", found), _day(typed, "ends_on", found)
    criterion = _criterion(typed, found)
    skill_key, skill_words = _skill(typed, lang, found)
    if found.errors or measure is None or criterion is None:
        return found
    if baseline is None or target is None or starts_on is None or ends_on is None:
        return found  # each of them is an error by now
    try:
        found.goal = NewGoal(
            id=GoalId(goal_id),
            area=typed.get("area") or AREA_OF_SKILL.get(skill_key or "", "other"),
            text=FreeText(text=text, lang=lang),
            measure=measure,
            baseline=baseline,
            target=target,
            direction=direction_of(typed.get("direction", ""), baseline, target),
            criterion=criterion,
            starts_on=starts_on,
            ends_on=ends_on,
            skill_key=skill_key,
            skill_words=skill_words,
            introduced_on=starts_on if typed.get("taught") == "1" else None,
        )
    except InvalidValue as error:
        found.note(error)
    return found


def read_measure(typed: Mapping[str, str], kind: MeasureKind, found: Reading) -> Measure | None:
    """Return the measure with the settings its kind asks for, or note what is wrong with them."""
    values: dict[str, object] = {}
    for name in SETTINGS[kind]:
        text = typed.get(name, "").strip()
        if name in _LISTS:
            values[name] = tuple(line.strip() for line in text.splitlines() if line.strip())
        elif name == "as_share_of_session":
            values[name] = text == "1"
        elif name == "material":
            values[name] = text
        elif not text:
            continue
        elif name == "cbm_task":
            task = next((one for one in CbmTask if one.value == text), None)
            if task is None:
                found.refuse(name, "unknown_task")
            values[name] = task
        elif (number := _number(typed, name, found)) is not None:
            if name in _WHOLE and not number.is_integer():
                found.refuse(name, "not_whole")
            elif name == "observation_minutes":
                values["observation_seconds"] = number * 60
            else:
                values[name] = int(number) if name in _WHOLE else number
    if any(name in found.errors for name in SETTINGS[kind]):
        return None
    try:
        return Measure(kind=kind, **values)  # type: ignore[arg-type]  # names and types by SETTINGS
    except InvalidValue as error:
        found.note(error)
        return None


def direction_of(said: str, baseline: float, target: float) -> Direction:
    """Return the direction that was chosen, else the one the two numbers show (up when they are equal)."""
    chosen = next((one for one in Direction if one.value == said), None)
    if chosen is not None:
        return chosen
    return Direction.INCREASE if target >= baseline else Direction.DECREASE


def _criterion(typed: Mapping[str, str], found: Reading) -> Criterion | None:
    names = ("n", "m") if typed.get("way") == "of_several" else ("k",)
    numbers = {name: _number(typed, name, found) for name in names}
    for name, number in numbers.items():
        if number is not None and not number.is_integer():
            found.refuse(name, "not_whole")
    if any(name in found.errors for name in names):
        return None
    whole = {name: int(number) for name, number in numbers.items() if number is not None}
    try:
        if names == ("k",):
            return ConsecutiveCriterion(k=whole["k"])
        return NOfMCriterion(n=whole["n"], m=whole["m"])
    except InvalidValue as error:
        found.note(error)
        return None


def _skill(typed: Mapping[str, str], lang: str, found: Reading) -> tuple[str | None, FreeText | None]:
    key, words = typed.get("skill_key", ""), typed.get("skill_words", "").strip()
    if bool(key) == bool(words):
        found.refuse("skill_key", "skill_missing")
        return None, None
    if key:
        return key, None
    try:
        return None, FreeText(text=words, lang=lang)
    except InvalidValue as error:
        found.note(error, "skill_words")
        return None, None


def _number(typed: Mapping[str, str], name: str, found: Reading) -> float | None:
    """Return a number as people write it, with a point or a comma before the decimals."""
    text = typed.get(name, "").strip().replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        found.refuse(name, "not_a_number")
        return None
    if abs(number) > 1e9 or number != number:
        found.refuse(name, "not_a_number")
        return None
    return number


def _day(typed: Mapping[str, str], name: str, found: Reading) -> date | None:
    try:
        return date.fromisoformat(typed.get(name, "").strip())
    except ValueError:
        found.refuse(name, "not_a_date")
        return None
