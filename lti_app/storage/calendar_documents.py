"""How a calendar's days, a site's numbers and its other choices lie in one column: their fields as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from iepcore.calendars import (
    CalendarDay,
    CounselChoice,
    CounselQuestion,
    DayKind,
    DayUnit,
    OfficialPlan,
    PolicyKey,
    PolicyLevel,
    PolicyRule,
    ProgressCode,
)
from iepcore.progress import FindingWord

_Raw = Mapping[str, Any]


def _days(days: Iterable[CalendarDay]) -> list[dict[str, str]]:
    return [{"day": one.day.isoformat(), "kind": one.kind.value, "name": one.name} for one in days]


def _to_days(raw: Iterable[_Raw]) -> tuple[CalendarDay, ...]:
    return tuple(
        CalendarDay(day=date.fromisoformat(one["day"]), kind=DayKind(one["kind"]), name=one["name"])
        for one in raw
    )


def _rules(rules: Iterable[PolicyRule]) -> list[dict[str, Any]]:
    return [
        {
            "key": one.key.value,
            "value": one.value,
            "unit": None if one.unit is None else one.unit.value,
            "anchor": one.anchor,
            "citation": one.citation,
            "level": one.level.value,
            "effective_from": one.effective_from.isoformat(),
            "is_product_default": one.is_product_default,
            "is_checked": one.is_checked,
            "note": one.note,
        }
        for one in rules
    ]


def _to_rules(raw: Iterable[_Raw]) -> tuple[PolicyRule, ...]:
    return tuple(
        PolicyRule(
            **{
                **one,
                "key": PolicyKey(one["key"]),
                "unit": None if one["unit"] is None else DayUnit(one["unit"]),
                "level": PolicyLevel(one["level"]),
                "effective_from": date.fromisoformat(one["effective_from"]),
            }
        )
        for one in raw
    )


def _official(plan: OfficialPlan) -> dict[str, Any]:
    codes = [{"word": one.word.value, "code": one.code} for one in plan.codes]
    return {"name": plan.name, "link": plan.link, "codes": codes, "text_limit": plan.text_limit}


def _to_official(raw: _Raw) -> OfficialPlan:
    codes = tuple(ProgressCode(word=FindingWord(one["word"]), code=one["code"]) for one in raw["codes"])
    return OfficialPlan(name=raw["name"], link=raw["link"], codes=codes, text_limit=raw["text_limit"])


def _counsel(choices: Iterable[CounselChoice]) -> list[dict[str, str]]:
    return [
        {
            "question": one.question.value,
            "answer": one.answer,
            "decided_on": one.decided_on.isoformat(),
            "note": one.note,
        }
        for one in choices
    ]


def _to_counsel(raw: Iterable[_Raw]) -> tuple[CounselChoice, ...]:
    return tuple(
        CounselChoice(
            question=CounselQuestion(one["question"]),
            answer=one["answer"],
            decided_on=date.fromisoformat(one["decided_on"]),
            note=one["note"],
        )
        for one in raw
    )


CALENDAR_DOCUMENTS: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "calendar_days": (_days, _to_days),
    "dates": (
        lambda days: sorted(day.isoformat() for day in days),
        lambda raw: frozenset(map(date.fromisoformat, raw)),
    ),
    "weekdays": (sorted, frozenset),
    "policy_rules": (_rules, _to_rules),
    "official_plan": (_official, _to_official),
    "counsel": (_counsel, _to_counsel),
}
"""Name of the form -> how it is written as JSON values, how it is read back."""
