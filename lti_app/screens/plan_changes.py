"""The difference between two versions of a plan as lines that staff and families can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup, escape

from iepcore.language import FreeText, format_day
from iepcore.plan import Delivery, Interval
from iepcore.plan.document import (
    AssessmentKind,
    ChangeKind,
    EsyAnswer,
    FieldChange,
    GoalKind,
    MeasuredLine,
    Objective,
    ObjectiveState,
    PlanChange,
    PlanPart,
    PlanVersion,
    SpecialFactor,
    SupportKind,
)
from lti_app.screens import plan_words as say
from lti_app.screens.findings import html
from lti_app.screens.page import Frame

HIDDEN = frozenset({"id", "line_id", "student_id", "provider_id", "goal_id", "factor"})
"""Fields that are only for machines: they never make a line, nor does a person's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change. ``words`` is the whole of it in one sentence; ``pairs`` are the texts that were written
    anew, each with its heading, what stood there before and what stands there now (either may be None).
    """

    part: PlanPart
    kind: ChangeKind
    heading: str
    words: Markup
    pairs: tuple[tuple[str, Markup | None, Markup | None], ...] = ()


def change_lines(frame: Frame, changes: Iterable[PlanChange]) -> list[ChangeLine]:
    """Return the changes as lines in the order of the plan, in the reader's language."""
    return [line for change in changes if (line := _line(frame, change)) is not None]


def since_words(frame: Frame, version: PlanVersion) -> Markup:
    """Return from when a version holds, when it was agreed, and why: the end of each line of its changes."""
    first = format_day(version.begins_on, frame.lang)
    amendment = version.amendment
    if amendment is None:
        return html(frame, "from %(day)s", day=first)
    return html(
        frame,
        "from %(day)s, agreed on %(agreed)s, because: %(why)s",
        day=first,
        agreed=format_day(amendment.agreed_on, frame.lang),
        why=frame.say(amendment.why),
    )


def whole_sentence(frame: Frame, line: ChangeLine, version: PlanVersion) -> Markup:
    """Return a change with its day, agreement and reason: what stands in a timeline."""
    return html(frame, "%(change)s, %(since)s", change=line.words, since=since_words(frame, version))


def _line(frame: Frame, change: PlanChange) -> ChangeLine | None:
    shown = [one for one in change.fields if one.name not in HIDDEN]
    if not shown and change.kind is ChangeKind.CHANGED:
        return None  # only something for machines differs
    about = _about(frame, change)
    if change.kind is ChangeKind.REMOVED:
        words = html(frame, "%(about)s: no longer in the plan", about=about)
    elif change.kind is ChangeKind.ADDED:
        told = _new(frame, change, {one.name: one.after for one in shown})
        words = html(frame, "%(about)s: new", about=about)
        if told:
            words = html(frame, "%(about)s: new, %(told)s", about=about, told=told)
    else:
        words = _changed(frame, change, shown, about)
    return ChangeLine(
        part=change.part,
        kind=change.kind,
        heading=say.part_words(frame, change.part),
        words=words,
        pairs=_pairs(frame, change, shown),
    )


def _about(frame: Frame, change: PlanChange) -> Markup | str:
    if isinstance(change.about, FreeText):
        return frame.say(say.short(change.about))
    if change.part is PlanPart.FACTOR:
        return say.factor_words(frame, SpecialFactor(change.about))
    return say.written(change.about) if change.about else say.part_words(frame, change.part)


def _new(frame: Frame, change: PlanChange, values: Mapping[str, object]) -> Markup:
    """Return what a new piece is, as far as it is no text of its own."""
    if change.part is PlanPart.SERVICE:
        return say.in_a_row(frame, _service(frame, values))
    told = [
        _value(frame, name, value)
        for name, value in values.items()
        if value not in (None, "", (), False) and not _is_text(value) and name in _SAID_WHEN_NEW
    ]
    return say.in_a_row(frame, told)


_SAID_WHEN_NEW = frozenset(
    {"kind", "answer", "is_needed", "line", "week_minutes", "with_peers", "by", "", "levels"}
)


def _service(frame: Frame, values: Mapping[str, object]) -> list[Markup | str]:
    frequency, interval = values.get("frequency"), values.get("interval")
    told: list[Markup | str] = []
    if isinstance(frequency, int) and isinstance(interval, Interval):
        told.append(say.frequency_words(frame, frequency, interval))
    for name in ("minutes", "delivery"):
        if name in values:
            told.append(_value(frame, name, values[name]))
    return told


def _changed(frame: Frame, change: PlanChange, shown: list[FieldChange], about: Markup | str) -> Markup:
    told = [
        one
        for one in shown
        if not (_is_text(one.before) or _is_text(one.after)) and one.name not in _TWO_IN_ONE
    ]
    lines = [_frequency(frame, shown)] if {one.name for one in shown} & _TWO_IN_ONE else []
    lines += [_from_to(frame, one) for one in told]
    lines += [
        html(frame, "%(name)s in other words", name=field_words(frame, change.part, one.name))
        for one in shown
        if _is_text(one.before) or _is_text(one.after)
    ]
    return html(frame, "%(about)s: %(words)s", about=about, words=escape("; ").join(lines))


_TWO_IN_ONE = frozenset({"frequency", "interval"})


def _frequency(frame: Frame, shown: list[FieldChange]) -> Markup:
    """How often, where only one of number and interval may have changed."""
    by_name = {one.name: one for one in shown}
    number, interval = by_name.get("frequency"), by_name.get("interval")
    if number is not None and interval is not None:
        sides = [
            say.frequency_words(frame, times, each)
            for times, each in ((number.before, interval.before), (number.after, interval.after))
            if isinstance(times, int) and isinstance(each, Interval)
        ]
        return html(frame, "from %(before)s to %(after)s", before=sides[0], after=sides[1])
    if number is not None:
        return html(
            frame,
            "number of times from %(before)s to %(after)s",
            before=_value(frame, "", number.before),
            after=_value(frame, "", number.after),
        )
    assert interval is not None  # one of the two is why we are here
    each = {Interval.WEEK: frame.words("in a week"), Interval.MONTH: frame.words("in a month")}
    return html(
        frame,
        "counted %(after)s, before %(before)s",
        before=each[Interval(str(interval.before))],
        after=each[Interval(str(interval.after))],
    )


def _from_to(frame: Frame, one: FieldChange) -> Markup:
    """One thing with both its values, as words: an arrow would point the wrong way in Dari."""
    if isinstance(one.after, bool) or isinstance(one.before, bool):
        return escape(_yes_no(frame, one.name, bool(one.after)))
    if one.name == "minutes" and isinstance(one.before, int) and isinstance(one.after, int):
        return html(
            frame,
            "from %(before)s to %(after)s",
            before=_value(frame, "", one.before),
            after=say.minutes_words(frame, one.after),
        )
    if not one.name and one.before and one.after:
        return html(
            frame,
            "from %(before)s to %(after)s",
            before=_value(frame, "", one.before),
            after=_value(frame, "", one.after),
        )
    if one.name == "line" and one.before and one.after:
        return html(
            frame,
            "now %(after)s, before %(before)s",
            before=_value(frame, "", one.before),
            after=_value(frame, "", one.after),
        )
    name = field_words(frame, None, one.name)
    if one.before in (None, "", ()):
        return html(frame, "%(name)s: %(after)s", name=name, after=_value(frame, one.name, one.after))
    if one.after in (None, "", ()):
        return html(frame, "%(name)s taken out", name=name)
    return html(
        frame,
        "%(name)s from %(before)s to %(after)s",
        name=name,
        before=_value(frame, one.name, one.before),
        after=_value(frame, one.name, one.after),
    )


def _yes_no(frame: Frame, name: str, holds: bool) -> str:
    words = {
        "in_group": (frame.words("now in a small group"), frame.words("no longer in a group")),
        "is_extended_year": (frame.words("now also in the summer"), frame.words("no longer in the summer")),
        "in_state_tests": (
            frame.words("now in state tests, too"),
            frame.words("no longer in state tests"),
        ),
        "is_needed": (frame.words("now needed"), frame.words("no longer needed")),
        "serves_wish": (
            frame.words("now serves the family’s wish"),
            frame.words("does not serve the family’s wish yet"),
        ),
    }
    return words[name][0 if holds else 1]


def field_words(frame: Frame, part: PlanPart | None, name: str) -> str:
    """Return what one thing inside a part is called."""
    if name == "words" and part is PlanPart.GOAL:
        return frame.words("the goal")
    words = {
        "": frame.words("the words"),
        "words": frame.words("the words"),
        "service": frame.words("name"),
        "delivery": frame.words("for whom"),
        "minutes": frame.words("minutes"),
        "begins_on": frame.words("first day"),
        "ends_on": frame.words("last day"),
        "setting": frame.words("place"),
        "where": frame.words("place"),
        "responsible": frame.words("who sees to it"),
        "kind": frame.words("kind"),
        "levels": frame.words("present levels it builds on"),
        "wish": frame.words("the wish it serves"),
        "line": frame.words("how it is measured"),
        "objectives": frame.words("steps"),
        "strengths": frame.words("strengths"),
        "now": frame.words("how it is now"),
        "needs": frame.words("what is hard"),
        "asked_on": frame.words("day of asking"),
        "week_minutes": frame.words("minutes of a school week"),
        "with_peers": frame.words("minutes with peers"),
        "why_apart": frame.words("why apart"),
        "why": frame.words("why"),
        "answer": frame.words("decision"),
        "on": frame.words("day"),
        "basis": frame.words("what it rests on"),
        "postsecondary_goals": frame.words("goals for after school"),
        "services": frame.words("services toward them"),
        "courses_of_study": frame.words("courses"),
        "by": frame.words("day to reach it"),
        "state": frame.words("where it stands"),
    }
    return words[name]


def _is_text(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and isinstance(value[0], FreeText | Objective)
    return isinstance(value, FreeText)


def _pairs(
    frame: Frame, change: PlanChange, shown: list[FieldChange]
) -> tuple[tuple[str, Markup | None, Markup | None], ...]:
    return tuple(
        (
            field_words(frame, change.part, one.name),
            _text(frame, one.before) if one.before else None,
            _text(frame, one.after) if one.after else None,
        )
        for one in shown
        if _is_text(one.before) or _is_text(one.after)
    )


def _text(frame: Frame, value: object) -> Markup:
    many = value if isinstance(value, tuple) else (value,)
    texts = [one.words if isinstance(one, Objective) else one for one in many]
    shown = [frame.say(one) for one in texts if isinstance(one, FreeText)]
    return Markup("<br>").join(shown)


def _value(frame: Frame, name: str, value: object) -> Markup:
    """Return one value as words; a code in the reader's words, a day in the reader's way."""
    match value:
        case bool():
            return escape(_yes_no(frame, name, value))
        case MeasuredLine():
            return say.measured_words(frame, value)
        case int() if name in _MINUTES:
            return escape(say.minutes_words(frame, value))
        case date() | int() | float():
            return frame.say(value)
        case tuple():
            return say.in_a_row(frame, [_value(frame, "", one) for one in value])
        case StrEnum():
            return escape(_code(frame, value))
        case _:
            return say.written(str(value))


_MINUTES = frozenset({"minutes", "week_minutes", "with_peers"})


def _code(frame: Frame, value: StrEnum) -> str:
    match value:
        case Delivery():
            return say.delivery_words(frame, value)
        case SupportKind():
            return say.support_words(frame, value)
        case GoalKind():
            return say.goal_kind_words(frame, value)
        case ObjectiveState():
            return say.objective_state_words(frame, value)
        case AssessmentKind():
            return say.assessment_words(frame, value)
        case EsyAnswer():
            return say.esy_words(frame, value)
        case _:
            return value.value
