"""A child's record as one page to read or print: no script, nothing loaded from anywhere, all of the file.

What has words of its own (plan, goals, scores, conversations) is shown as on a screen; every other value
stands at the end, field by field, so that the page holds what the machine's part holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from iepcore.family import HomeObservation, Message, Thread, Translation
from iepcore.family.updates import value_phrase
from iepcore.ids import GoalId
from iepcore.language import direction_of, format_day, format_number, render
from iepcore.people import Adult, Student
from iepcore.plan import DataPoint, Goal, current_points
from iepcore.plan.document import PlanVersion, differences
from iepcore.reports import ChartLabels, chart_of, svg_of
from iepcore.schemas import dump
from lti_app.screens.page import Frame, say
from lti_app.screens.plan_changes import change_lines
from lti_app.screens.plan_reading import Section, sections_of
from lti_app.screens.plan_words import plan_state_words

_SHOWN = (Student, Adult, Goal, DataPoint, PlanVersion, Message, Thread, Translation)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPart:
    """One goal: its words, chart and every score."""

    title: str
    words: Markup
    chart: Markup
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPartPage:
    """One version of the plan as it is read, and what changed with it."""

    title: str
    state: str
    sections: tuple[Section, ...]
    changes: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsRow:
    """One message: when, by whom, and its words."""

    when: str
    author: str
    words: tuple[Markup, ...]


def record_page(
    values: Iterable[object], *, lang: str, zone: ZoneInfo, made_at: datetime, school: str
) -> str:
    """Return the page of a child's record in one language; free text stays in its own."""
    by_kind: dict[type[Any], list[Any]] = defaultdict(list)
    for value in values:
        by_kind[type(value)].append(value)
    # The words of screens ask a frame for its language and zones only; there is no viewer of a file.
    frame = Frame(viewer=cast(Any, None), lang=lang, family=False, zone=zone, here=zone)
    names = {one.id: one.name for one in by_kind[Adult]}
    [student] = by_kind[Student]
    points: dict[GoalId, list[DataPoint]] = defaultdict(list)
    for point in by_kind[DataPoint]:
        points[point.goal_id].append(point)
    seen: dict[GoalId, list[HomeObservation]] = defaultdict(list)
    for one in by_kind[HomeObservation]:
        seen[one.goal_id].append(one)
    page = _TEMPLATES.get_template("transfer/record.html")
    return page.render(
        _=frame.words,
        lang=lang,
        direction=direction_of(lang),
        child=student.legal_name,
        called=student.preferred_name,
        school=school,
        made=_when(frame, made_at),
        plans=_plans(frame, by_kind[PlanVersion]),
        goals=[_goal(frame, goal, points[goal.id], seen[goal.id], names) for goal in by_kind[Goal]],
        messages=_messages(frame, by_kind[Message], by_kind[Translation], names),
        people=sorted(names.values()),
        rest=_rest(by_kind, names),
    )


def _goal(
    frame: Frame,
    goal: Goal,
    points: Sequence[DataPoint],
    seen: Sequence[HomeObservation],
    names: Mapping[Any, str],
) -> GoalPart:
    standing = current_points(points)
    title = goal.text.text
    labels = ChartLabels(
        title=title,
        desc=frame.count_words("%(number)s score.", "%(number)s scores.", len(standing)),
        day=lambda on: format_day(on, frame.lang, style="short"),
        value=lambda value: format_number(value, frame.lang),
        goal=frame.words("Goal %(value)s", value=format_number(goal.line.target, frame.lang)),
        lang=frame.lang,
    )
    chart = svg_of(chart_of(goal, standing, seen), labels, ident=f"goal-{goal.id}")
    shown = {point.id for point in standing}
    return GoalPart(
        title=title,
        words=say(goal.text, frame.lang),
        chart=Markup(chart),  # noqa: S704  # made by iepcore.reports, which escapes every word
        rows=tuple(
            (
                format_day(point.observed_on, frame.lang),
                _score(frame, goal, point) + ("" if point.id in shown else f" ({frame.words('corrected')})"),
                names.get(point.recorder_id, ""),
            )
            for point in sorted(points, key=lambda point: (point.observed_on, point.observed_at, point.id))
        ),
    )


def _score(frame: Frame, goal: Goal, point: DataPoint) -> str:
    if point.score is None:
        return frame.words("no score")
    return render(value_phrase(goal, point.score), frame.lang, isolate=False).text


def _plans(frame: Frame, versions: Iterable[PlanVersion]) -> list[PlanPartPage]:
    found: list[PlanPartPage] = []
    before: PlanVersion | None = None
    for version in sorted(versions, key=lambda one: one.number):
        changed = differences(before.contents, version.contents) if before is not None else ()
        found.append(
            PlanPartPage(
                title=frame.words(
                    "Version %(number)s: %(first)s to %(last)s",
                    number=version.number,
                    first=format_day(version.begins_on, frame.lang),
                    last=format_day(version.ended_on or version.ends_on, frame.lang),
                ),
                state=plan_state_words(frame, version.state),
                sections=tuple(sections_of(frame, version.contents)),
                changes=tuple(line.words for line in change_lines(frame, changed)),
            )
        )
        before = version
    return found


def _messages(
    frame: Frame, messages: Iterable[Message], translations: Iterable[Translation], names: Mapping[Any, str]
) -> list[WordsRow]:
    told: dict[UUID, list[Translation]] = defaultdict(list)
    for one in translations:
        told[one.message_id].append(one)
    return [
        WordsRow(
            when=_when(frame, message.sent_at),
            author=names.get(message.author_id, ""),
            words=(
                *(say(part, frame.lang) for part in message.parts),
                *(say(one.text, frame.lang) for one in told[message.id]),
            ),
        )
        for message in sorted(messages, key=lambda one: one.sent_at)
    ]


def _rest(
    by_kind: Mapping[type[Any], Sequence[Any]], names: Mapping[Any, str]
) -> list[tuple[str, list[Any]]]:
    """Return every other value, field by field, with a name where an id is that of a person."""
    known = {str(one): name for one, name in names.items()}
    rest: list[tuple[str, list[Any]]] = []
    for kind, values in by_kind.items():
        if kind not in _SHOWN and values:
            documents = [dump(value) for value in values]
            rows = [
                [(name, _told(field, known)) for name, field in one.items() if name != "type"]
                for one in documents
            ]
            rest.append((documents[0]["type"].replace("_", " "), rows))
    return rest


def _told(field: object, known: Mapping[str, str]) -> str:
    if isinstance(field, dict):
        return "; ".join(
            f"{name}: {_told(one, known)}" for name, one in field.items() if one not in (None, [], "")
        )
    if isinstance(field, list):
        return ", ".join(_told(one, known) for one in field)
    return "" if field is None else known.get(str(field), str(field))


def _when(frame: Frame, at: datetime) -> str:
    local = at.astimezone(frame.zone)
    return f"{format_day(local.date(), frame.lang)}, {local:%H:%M}"


_TEMPLATES = Environment(
    loader=PackageLoader("lti_app", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
