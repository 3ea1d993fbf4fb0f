"""The forms of the parts a plan has one of, and of its present levels."""

from __future__ import annotations

from datetime import date

from iepcore.language import FreeText
from iepcore.plan.document import (
    Assessment,
    AssessmentKind,
    EsyAnswer,
    EsyDecision,
    ParentConcern,
    Placement,
    PresentLevel,
    TransitionPlan,
)
from lti_app.screens.plan_fields import PartForm, Typed, words_of

REPORT_DAYS = 4
"""As many empty days of progress reports as the form offers."""


def typed_text(value: object) -> dict[str, str]:
    """Return words of one's own as fields."""
    assert isinstance(value, FreeText)
    return {"words": value.text, "words_lang": value.lang}


def read_text(typed: Typed, form: PartForm) -> object | None:
    """Return words of one's own as typed."""
    before = form.before if isinstance(form.before, FreeText) else None
    kept = before is not None and typed.get("words_lang", "") in {"", before.lang}
    return form.needed(typed, "words", before if kept else None)


def typed_concern(value: object) -> dict[str, str]:
    """Return what the parents are concerned about as fields."""
    assert isinstance(value, ParentConcern)
    lang = {"words_lang": value.words.lang} if value.words is not None else {"none_told": "1"}
    return {"asked_on": value.asked_on.isoformat(), "words": words_of(value.words), **lang}


def read_concern(typed: Typed, form: PartForm) -> object | None:
    """Return what the parents are concerned about as typed."""
    before = form.before.words if isinstance(form.before, ParentConcern) else None
    kept = before is not None and typed.get("words_lang", "") in {"", before.lang}
    words = form.text(typed, "words", before if kept else None)
    if words is None and typed.get("none_told") != "1":
        form.refuse("words", "concern_or_none")
    asked_on = form.day(typed, "asked_on")
    return ParentConcern(asked_on=asked_on, words=words) if asked_on is not None else None


def typed_level(value: object) -> dict[str, str]:
    """Return a present level as fields."""
    assert isinstance(value, PresentLevel)
    return {
        "area": value.area,
        "strengths": value.strengths.text,
        "now": value.now.text,
        "needs": words_of(value.needs),
    }


def read_level(typed: Typed, form: PartForm) -> object | None:
    """Return a present level as typed."""
    old = form.before if isinstance(form.before, PresentLevel) else None
    area = " ".join(typed.get("area", "").split())
    strengths = form.needed(typed, "strengths", old.strengths if old else None)
    now = form.needed(typed, "now", old.now if old else None)
    needs = form.text(typed, "needs", old.needs if old else None)
    if not area:
        form.refuse("area", "area_empty")
    if strengths is None or now is None or not area:
        return None
    return PresentLevel(area=area[:60], strengths=strengths, now=now, needs=needs)


def typed_placement(value: object) -> dict[str, str]:
    """Return the placement as fields."""
    assert isinstance(value, Placement)
    return {
        "week_minutes": str(value.week_minutes),
        "with_peers": str(value.with_peers),
        "why_apart": words_of(value.why_apart),
    }


def read_placement(typed: Typed, form: PartForm) -> object | None:
    """Return the placement as typed."""
    old = form.before if isinstance(form.before, Placement) else None
    week, peers = form.whole(typed, "week_minutes"), form.whole(typed, "with_peers")
    why = form.text(typed, "why_apart", old.why_apart if old else None)
    if week is None or peers is None:
        return None
    return Placement(week_minutes=week, with_peers=peers, why_apart=why)


def typed_assessment(value: object) -> dict[str, str]:
    """Return how state tests are taken as fields."""
    assert isinstance(value, Assessment)
    return {"kind": value.kind.value, "why": words_of(value.why)}


def read_assessment(typed: Typed, form: PartForm) -> object | None:
    """Return how state tests are taken as typed."""
    old = form.before if isinstance(form.before, Assessment) else None
    kind = form.code(typed, "kind", AssessmentKind)
    why = form.text(typed, "why", old.why if old else None)
    return Assessment(kind=kind, why=why) if kind is not None else None


def typed_esy(value: object) -> dict[str, str]:
    """Return the decision about the summer as fields."""
    assert isinstance(value, EsyDecision)
    return {"answer": value.answer.value, "on": value.on.isoformat(), "basis": words_of(value.basis)}


def read_esy(typed: Typed, form: PartForm) -> object | None:
    """Return the decision about the summer as typed."""
    old = form.before if isinstance(form.before, EsyDecision) else None
    answer, on = form.code(typed, "answer", EsyAnswer), form.day(typed, "on")
    basis = form.text(typed, "basis", old.basis if old else None)
    return EsyDecision(answer=answer, on=on, basis=basis) if answer is not None and on is not None else None


def typed_transition(value: object) -> dict[str, str]:
    """Return the plan for after school as fields."""
    assert isinstance(value, TransitionPlan)
    return {
        "postsecondary_goals": "\n".join(_one_line(one) for one in value.postsecondary_goals),
        "services": "\n".join(_one_line(one) for one in value.services),
        "courses_of_study": words_of(value.courses_of_study),
    }


def _one_line(text: FreeText) -> str:
    return " ".join(text.text.split())


def read_transition(typed: Typed, form: PartForm) -> object | None:
    """Return the plan for after school as typed."""
    old = form.before if isinstance(form.before, TransitionPlan) else None
    courses = form.text(typed, "courses_of_study", old.courses_of_study if old else None)
    return TransitionPlan(
        postsecondary_goals=_lines(
            typed, "postsecondary_goals", form, old.postsecondary_goals if old else ()
        ),
        services=_lines(typed, "services", form, old.services if old else ()),
        courses_of_study=courses,
    )


def _lines(typed: Typed, name: str, form: PartForm, old: tuple[FreeText, ...]) -> tuple[FreeText, ...]:
    """Return one text for each line; a line nobody touched keeps its language."""
    known = {_one_line(one): one for one in old}
    lines = [" ".join(line.split()) for line in typed.get(name, "").splitlines()]
    return tuple(known.get(line) or FreeText(text=line, lang=form.lang) for line in lines if line)


def typed_reports(value: object) -> dict[str, str]:
    """Return the days of progress reports as fields."""
    assert isinstance(value, tuple)
    return {f"day_{number}": day.isoformat() for number, day in enumerate(value)}


def read_reports(typed: Typed, form: PartForm) -> object | None:
    """Return the days of progress reports as typed."""
    names = [name for name in typed if name.startswith("day_") and typed[name].strip()]
    days = [form.day(typed, name) for name in names]
    return tuple(sorted({day for day in days if day is not None}))


def typed_rights(value: object) -> dict[str, str]:
    """Return the day the student was told as fields."""
    assert isinstance(value, date)
    return {"told_on": value.isoformat()}


def read_rights(typed: Typed, form: PartForm) -> object | None:
    """Return the day the student was told as typed."""
    return form.day(typed, "told_on")
