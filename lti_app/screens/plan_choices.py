"""What the forms of a plan offer to choose from, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from iepcore.errors import InvalidValue
from iepcore.people import Adult
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import (
    AssessmentKind,
    EsyAnswer,
    GoalKind,
    ObjectiveState,
    PlanContents,
    SpecialFactor,
    SupportKind,
)
from iepcore.progress import CbmTask, Measure, MeasureKind
from lti_app.screens import goal_words
from lti_app.screens import plan_words as say
from lti_app.screens.choices import Options, languages, plain
from lti_app.screens.goal_form import SETTINGS, kind_of
from lti_app.screens.page import Frame, advice
from lti_app.screens.plan_fields import Typed
from lti_app.screens.plan_form_goal import level_field, step_numbers
from lti_app.screens.plan_form_sections import REPORT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What the template of a form needs: what was typed, what is wrong with it, what there is to choose."""

    typed: Typed
    wrong: Mapping[str, Markup | str]
    lang: str
    readers: str
    languages: Options
    goal_kinds: Options
    level_boxes: Options
    is_living: bool
    kinds: Options
    settings: tuple[str, ...]
    tasks: Options
    skills: Options
    directions: Options
    steps: tuple[int, ...]
    steps_open: bool
    step_states: Options
    deliveries: Options
    intervals: Options
    providers: Options
    support_kinds: Options
    factors: Options
    assessments: Options
    esy_answers: Options
    days: tuple[str, ...]
    hidden: tuple[str, ...]


def fields_of(
    frame: Frame,
    typed: Typed,
    errors: Mapping[str, InvalidValue],
    contents: PlanContents,
    *,
    is_living: bool,
    team: Iterable[Adult] = (),
) -> Fields:
    """Return everything the form of any part shows."""
    kind = kind_of(typed.get("measure", ""))
    return Fields(
        typed=typed,
        wrong={name: error_words(frame, error) for name, error in errors.items()},
        lang=frame.lang,
        readers=frame.words(
            "The child’s team and parents with the right to see records read this. "
            "It is part of the school record."
        ),
        languages=languages(frame, held=typed.get("words_lang", "")),
        goal_kinds=[(one.value, say.goal_kind_words(frame, one)) for one in GoalKind],
        level_boxes=[(level_field(one.area), one.area) for one in contents.levels],
        is_living=is_living,
        kinds=[
            ("", frame.words("Choose")),
            *((one.value, goal_words.kind_words(frame, one)[0]) for one in MeasureKind),
        ],
        settings=SETTINGS[kind] if kind is not None else (),
        tasks=[(task.value, plain(frame, f"unit.{_unit(task)}")) for task in CbmTask],
        skills=goal_words.skills(frame),
        directions=goal_words.directions(frame),
        steps=tuple(step_numbers(typed)),
        steps_open=any(name.startswith("step_") and text for name, text in typed.items()),
        step_states=[(one.value, say.objective_state_words(frame, one)) for one in ObjectiveState],
        deliveries=[(one.value, say.delivery_words(frame, one)) for one in Delivery],
        intervals=[
            (Interval.WEEK.value, frame.words("week")),
            (Interval.MONTH.value, frame.words("month")),
        ],
        providers=[
            ("", frame.words("Not said yet")),
            *((str(adult.id), adult.name) for adult in team),
        ],
        support_kinds=[(one.value, say.support_kind_words(frame, one)) for one in SupportKind],
        factors=[(one.value, say.factor_words(frame, one)) for one in SpecialFactor],
        assessments=[(one.value, say.assessment_words(frame, one)) for one in AssessmentKind],
        esy_answers=[(one.value, say.esy_words(frame, one)) for one in EsyAnswer],
        days=tuple(f"day_{number}" for number in range(_days_used(typed) + REPORT_DAYS)),
        hidden=tuple(name for name in typed if name == "new_id" or name.startswith("from_")),
    )


def error_words(frame: Frame, error: InvalidValue) -> Markup | str:
    """Return what to do about a field, in the reader's words."""
    ours = {
        "answer_missing": frame.words("Choose one of these."),
        "concern_or_none": frame.words("Write what they said, or mark that they told none."),
        "why_not_yet": frame.words("Say in a few words why it does not serve a wish yet."),
    }
    return ours.get(error.code) or advice(error, frame)


def _days_used(typed: Typed) -> int:
    return sum(1 for name, text in typed.items() if name.startswith("day_") and text.strip())


def _unit(task: CbmTask) -> str:
    return Measure(kind=MeasureKind.CBM, cbm_task=task).unit_key
