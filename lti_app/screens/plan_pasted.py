"""Rows of a pasted plan: what each line seems to say, as fields of the plan's own forms, and its doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from iepcore.errors import InvalidValue
from iepcore.ids import new_uuid7
from iepcore.language import FreeText
from iepcore.people import Student
from iepcore.plan import Interval
from iepcore.plan.document import GoalKind, PlanPart, PlanVersion, PresentLevel
from iepcore.plan.incoming import PastedGoal, PastedPlan, PastedService, PastedSupport, ServiceDoubt
from iepcore.progress import MeasureKind
from lti_app.screens.goal_form import AREA_OF_SKILL, AREAS, suggested
from lti_app.screens.goal_pasted import goal_doubts, other_name, typed_of
from lti_app.screens.goal_words import areas
from lti_app.screens.page import Frame
from lti_app.screens.plan_fields import PartForm
from lti_app.screens.plan_form import read_part
from lti_app.screens.plan_form_goal import level_field

MOST_ROWS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteRow:
    """One line of a paste. ``typed`` are the fields of its part's form; ``is_taken``: the person says yes."""

    number: int
    part: PlanPart
    typed: Mapping[str, str]
    doubts: tuple[str, ...] = ()
    is_taken: bool = False
    errors: Mapping[str, InvalidValue] = field(default_factory=dict)


def rows_of(frame: Frame, pasted: PastedPlan, student: Student, draft: PlanVersion) -> list[PasteRow]:
    """Return a row for each goal, service and support. Those without a doubt are taken until somebody says
    otherwise.
    """
    found: list[tuple[PlanPart, Mapping[str, str], list[str]]] = []
    for goal in pasted.goals:
        typed = _goal(frame, goal, draft)
        found.append((PlanPart.GOAL, typed, list(_goal_doubts(frame, goal, student))))
    for service in pasted.services:
        found.append((PlanPart.SERVICE, _service(service, draft), _service_doubts(frame, service)))
    found += [(PlanPart.SUPPORT, _support(support), []) for support in pasted.supports]
    return [
        PasteRow(number=number, part=part, typed=typed, doubts=tuple(doubts), is_taken=not doubts)
        for number, (part, typed, doubts) in enumerate(found[:MOST_ROWS])
    ]


def rows_sent(form: Mapping[str, str]) -> list[PasteRow]:
    """Return the rows of a page that was sent back, as typed."""
    rows: list[PasteRow] = []
    for number in range(MOST_ROWS):
        try:
            part = PlanPart(form.get(f"r{number}_part", ""))
        except ValueError:
            continue
        if part not in {PlanPart.GOAL, PlanPart.SERVICE, PlanPart.SUPPORT}:
            continue
        start = f"r{number}_"
        typed = {
            name.removeprefix(start): text
            for name, text in form.items()
            if name.startswith(start) and name not in {f"{start}part", f"{start}take"}
        }
        rows.append(PasteRow(number=number, part=part, typed=typed, is_taken=form.get(f"{start}take") == "1"))
    return rows


def value_of(frame: Frame, row: PasteRow, student: Student, draft: PlanVersion) -> tuple[object, PartForm]:
    """Return the piece a row is, or None with the refusals of its form. A goal builds on its area's level."""
    known = tuple(level.area for level in draft.contents.levels)
    area = row.typed.get("area", "")
    form = PartForm(student_id=student.id, lang=frame.lang, areas=tuple(dict.fromkeys((*known, area))))
    typed = row.typed
    if row.part is PlanPart.GOAL:
        typed = {**typed, level_field(area): "1"} if area else typed
    return read_part(row.part, typed, form), form


def new_levels(
    frame: Frame, rows: list[PasteRow], draft: PlanVersion, strengths: str
) -> tuple[PresentLevel, ...]:
    """Return a present level for each area that the goals taken build on and the draft does not describe.

    Raises:
        InvalidValue: ``strengths_missing`` when there is one and nobody said what goes well.
    """
    known = {level.area for level in draft.contents.levels}
    areas_needed = dict.fromkeys(
        row.typed.get("area", "") for row in rows if row.is_taken and row.part is PlanPart.GOAL
    )
    fresh = [area for area in areas_needed if area and area not in known]
    if fresh and not strengths.strip():
        raise InvalidValue("strengths_missing", field="strengths")
    return tuple(
        PresentLevel(
            area=area,
            strengths=FreeText(text=strengths.strip(), lang=frame.lang),
            now=FreeText(text=_now_words(frame, rows, area), lang=frame.lang),
        )
        for area in fresh
    )


def area_options(frame: Frame, draft: PlanVersion) -> list[tuple[str, str]]:
    """Return the areas a goal can build on: those the draft describes, then those it could."""
    known = [level.area for level in draft.contents.levels]
    others = [words for key, words in areas(frame, AREAS) if key and words not in known]
    return [(words, words) for words in (*known, *others)]


def _now_words(frame: Frame, rows: list[PasteRow], area: str) -> str:
    """Return the baselines of an area's goals, as the paste has them."""
    said = [
        row.typed.get("baseline_words")
        or frame.words("Now: %(number)s", number=row.typed.get("baseline", ""))
        for row in rows
        if row.is_taken and row.part is PlanPart.GOAL and row.typed.get("area") == area
    ]
    return "; ".join(said)


def _goal(frame: Frame, goal: PastedGoal, draft: PlanVersion) -> dict[str, str]:
    read = typed_of(goal)
    kind = goal.kind or MeasureKind.PERCENT_CORRECT
    key = AREA_OF_SKILL.get(read.get("skill_key", ""), "other")
    named = dict(areas(frame, AREAS))[key]
    known = [level.area for level in draft.contents.levels]
    same = next((area for area in known if area.casefold() == named.casefold()), None)
    academic = {"reading", "writing", "math"}
    typed = {name: text for name, text in suggested(kind, draft.begins_on).items() if text}
    typed |= {name: text for name, text in read.items() if name != "text"}
    typed |= {
        "goal_id": str(new_uuid7()),
        "words": goal.words,
        "kind": (GoalKind.ACADEMIC if key in academic else GoalKind.FUNCTIONAL).value,
        "measure": kind.value,
        "area": same or named,
        "serves": "no",
        "wish": frame.words("Not looked at yet: these words were copied from another system."),
    }
    for number, words in enumerate(goal.objectives):
        typed[f"step_{number}"] = words
    return typed


def _goal_doubts(frame: Frame, goal: PastedGoal, student: Student) -> Iterator[str]:
    other = other_name(goal.words, student)
    if other:
        yield frame.words(
            "The words name %(other)s, and this is the page of %(child)s. Whose goal is it?",
            other=other,
            child=student.preferred_name,
        )
    words = goal_doubts(frame)
    for doubt in goal.doubts:
        yield words[doubt]


def _service(service: PastedService, draft: PlanVersion) -> dict[str, str]:
    typed = {
        "new_id": str(uuid4()),
        "service": service.service,
        "delivery": service.delivery.value,
        "frequency": "" if service.frequency is None else str(service.frequency),
        "interval": (service.interval or Interval.WEEK).value,
        "minutes": "" if service.minutes is None else str(service.minutes),
        "begins_on": (service.begins_on or draft.begins_on).isoformat(),
        "ends_on": (service.ends_on or draft.ends_on).isoformat(),
        "setting": service.setting,
        "in_group": "1" if service.in_group else "",
        "is_extended_year": "1" if service.is_extended_year else "",
        "words": service.words,
    }
    return {name: text for name, text in typed.items() if text}


def _service_doubts(frame: Frame, service: PastedService) -> list[str]:
    words = {
        ServiceDoubt.NO_NAME: frame.words("The words do not say what the service is."),
        ServiceDoubt.NO_TIMES: frame.words("The words do not say how many times."),
        ServiceDoubt.NO_MINUTES: frame.words("The words do not say how many minutes."),
        ServiceDoubt.NO_INTERVAL: frame.words("The words do not say in each week or month."),
        ServiceDoubt.INTERVAL_UNKNOWN: frame.words(
            "A quarter or a year is counted here in weeks or months. Write how often that is."
        ),
        ServiceDoubt.DAILY_AS_FIVE: frame.words("“Daily” was read as 5 times a week."),
        ServiceDoubt.TOTAL_ONLY: frame.words(
            "Only the minutes in all are said. Write how many times that is."
        ),
        ServiceDoubt.NO_DATES: frame.words(
            "The words do not say from when to when. The days of the plan stand there."
        ),
        ServiceDoubt.DATE_MONTH_FIRST: frame.words("The days were read with the month first. Look at them."),
        ServiceDoubt.DATES_TURNED: frame.words("The last day came before the first; they were turned."),
        ServiceDoubt.OUT_OF_RANGE: frame.words("A number in it cannot be right."),
    }
    return [words[doubt] for doubt in service.doubts]


def _support(support: PastedSupport) -> dict[str, str]:
    return {"kind": support.kind.value, "words": support.words}
