"""Choices of this school: where the official plan is kept, what families see, numbers of state and district,
counsel's answers, each with its reason and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.calendars import (
    OPEN_QUESTIONS,
    PROTECTS,
    RANGES,
    CounselQuestion,
    DayUnit,
    OfficialPlan,
    PolicyKey,
    PolicyLevel,
    PolicyRule,
    ProgressCode,
    Protection,
    SiteChoices,
)
from iepcore.caseload import ChoicesPage, Number
from iepcore.errors import Conflict, InvalidValue
from iepcore.language import format_day
from iepcore.progress import FindingWord
from lti_app.screens.due_words import rule_words, span_words
from lti_app.screens.findings import word_of
from lti_app.screens.page import Frame, advice, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.policy_words import answer_words, key_words, question_words
from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

blueprint = Blueprint("site_choices", __name__)

Answer = str | Response | tuple[str, int]
PATH = "/app/site/choices"
_KEPT = ("elsewhere", "here")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberView:
    """One number: what it is about, what holds and why, the outer rule, and the site's own ones."""

    key: str
    title: str
    holds: str
    source: str
    outer: str
    own: tuple[tuple[str, str, str], ...]
    """(words, level, first day) of each."""
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One question for counsel. ``options`` are (value, words); ``decided`` says when and why, or nothing."""

    id: str
    title: str
    reason: str
    source: str
    options: tuple[tuple[str, str], ...]
    answer: str
    default: str
    decided: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The plain form as it stands."""

    state: str
    kept: str
    official_name: str
    official_link: str
    official_limit: str
    codes: Mapping[str, str]
    student_voice: bool
    staff_names_shown: bool
    minutes_days: str
    reply_days: str
    quiet_days: str
    version: int


@blueprint.get(PATH)
def choices() -> str:
    """Show the choices."""
    return _show(current_viewer())


@blueprint.post(PATH)
def save() -> Answer:
    """Save the plain choices, set or take back a number, or note what counsel decided."""
    viewer = current_viewer()
    do = request.form.get("do", "")
    acts = {"save": _save, "number": _number_set, "number_back": _number_back, "counsel": _counsel}
    if do not in acts:
        raise InvalidValue("unknown_field", field="do")
    try:
        acts[do](viewer)
    except InvalidValue as refused:
        return _show(viewer, refused=refused, typed=_typed_form() if do == "save" else None, about=do), 422
    except Conflict:
        changed = InvalidValue("changed_meanwhile", field="version")
        return _show(viewer, refused=changed, typed=_typed_form(), about=do), 409
    return goto(PATH, said={"counsel": "counsel_kept", "number_back": "number_back"}.get(do, "choices_kept"))


def _save(viewer: Viewer) -> None:
    typed = _typed_form()
    caseload_of(viewer).choices.save(
        version=typed.version,
        state=typed.state,
        official_plan=None if typed.kept == "here" else _official(typed),
        student_voice=typed.student_voice,
        staff_names_shown=typed.staff_names_shown,
        minutes_days=_count(typed.minutes_days, "minutes_days"),
        reply_days=_count(typed.reply_days, "reply_days"),
        quiet_days=_count(typed.quiet_days, "quiet_days"),
    )


def _official(typed: Typed) -> OfficialPlan:
    limit = typed.official_limit.strip()
    return OfficialPlan(
        name=typed.official_name,
        link=typed.official_link,
        codes=tuple(
            ProgressCode(word=FindingWord(word), code=code)
            for word, code in typed.codes.items()
            if code.strip()
        ),
        text_limit=_count(limit, "official_limit") if limit else None,
    )


def _number_set(viewer: Viewer) -> None:
    form = request.form
    try:
        key = PolicyKey(form.get("key", ""))
        level = PolicyLevel(form.get("level", ""))
        unit = DayUnit(form["unit"]) if form.get("unit") else None
    except ValueError:
        raise InvalidValue("calendar_policy_key", field="key") from None
    desk = caseload_of(viewer).choices
    outer = next(one.outer for one in desk.page().numbers if one.key is key)
    desk.set_rule(
        PolicyRule(
            key=key,
            value=_count(form.get("value", ""), "value"),
            unit=unit,
            anchor=outer.anchor if outer is not None else "",
            citation=form.get("citation", ""),
            level=level,
            effective_from=_day(form.get("effective_from", "")),
        )
    )


def _number_back(viewer: Viewer) -> None:
    form = request.form
    try:
        key, level = PolicyKey(form.get("key", "")), PolicyLevel(form.get("level", ""))
    except ValueError:
        raise InvalidValue("calendar_policy_key", field="key") from None
    caseload_of(viewer).choices.drop_rule(key, level, _day(form.get("effective_from", "")))


def _counsel(viewer: Viewer) -> None:
    form = request.form
    try:
        question = CounselQuestion(form.get("question", ""))
    except ValueError:
        raise InvalidValue("counsel_answer", field="question") from None
    desk = caseload_of(viewer).choices
    if form.get("answer") == "ask":
        desk.undecide(question)
    else:
        desk.decide(question, form.get("answer", ""), note=form.get("note", ""))


def _typed_form() -> Typed:
    form = request.form
    version = form.get("version", "0")
    return Typed(
        state=form.get("state", ""),
        kept=form.get("kept", "elsewhere"),
        official_name=form.get("official_name", ""),
        official_link=form.get("official_link", ""),
        official_limit=form.get("official_limit", ""),
        codes={word.value: form.get(f"code_{word.value}", "") for word in FindingWord},
        student_voice=bool(form.get("student_voice")),
        staff_names_shown=bool(form.get("staff_names_shown")),
        minutes_days=form.get("minutes_days", ""),
        reply_days=form.get("reply_days", ""),
        quiet_days=form.get("quiet_days", ""),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    )


def _typed_of(held: SiteChoices) -> Typed:
    plan = held.official_plan or OfficialPlan()
    return Typed(
        state=held.state,
        kept="elsewhere" if held.is_kept_elsewhere else "here",
        official_name=plan.name,
        official_link=plan.link,
        official_limit="" if plan.text_limit is None else str(plan.text_limit),
        codes={word.value: plan.code(word) for word in FindingWord},
        student_voice=held.student_voice,
        staff_names_shown=held.staff_names_shown,
        minutes_days=str(held.minutes_days),
        reply_days=str(held.reply_days),
        quiet_days=str(held.quiet_days),
        version=held.version,
    )


def _count(text: str, field: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise InvalidValue("not_a_count", field=field)
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else date.min
    except ValueError:
        raise InvalidValue("not_a_day", field="effective_from") from None


def _show(
    viewer: Viewer, *, refused: InvalidValue | None = None, typed: Typed | None = None, about: str = ""
) -> str:
    frame = frame_of(viewer)
    found = caseload_of(viewer).choices.page()
    wrong = "" if refused is None else (refused.field or "")
    return page(
        frame,
        "site_choices.html",
        title=frame.words("Choices of this school"),
        current="choices",
        typed=typed or _typed_of(found.choices),
        may_change=found.may_change,
        changed=_changed(frame, found),
        ranges=RANGES,
        words=[(word.value, word_of(frame, word)) for word in FindingWord],
        numbers=[_number(frame, one) for one in found.numbers],
        settable=[
            (key.value, key_words(frame, key))
            for key in PolicyKey
            if PROTECTS[key] is not Protection.STATE or found.choices.state
        ],
        units=[
            (DayUnit.CALENDAR.value, frame.words("calendar days")),
            (DayUnit.SCHOOL.value, frame.words("school days")),
            (DayUnit.BUSINESS.value, frame.words("business days")),
            (DayUnit.YEAR.value, frame.words("years")),
            ("", frame.words("a plain count")),
        ],
        levels=[
            (PolicyLevel.DISTRICT.value, frame.words("the district")),
            (PolicyLevel.STATE.value, frame.words("the state")),
        ],
        number_form=request.form if about == "number" else {},
        questions=[_question(frame, found.choices, one) for one in CounselQuestion],
        error="" if refused is None else _refusal(frame, refused),
        wrong=wrong,
        about=about,
        done={
            "choices_kept": frame.words("Kept."),
            "counsel_kept": frame.words("Kept, with today’s date."),
            "number_back": frame.words("Taken back. The rule above holds again."),
        }.get(request.args.get("said", ""), ""),
    )


def _refusal(frame: Frame, refused: InvalidValue) -> Markup:
    """Return what to do; a number that protects less is told with the rule it is held against."""
    words = advice(refused, frame)
    if refused.code not in {"policy_less_protective", "policy_units_differ"}:
        return words
    unit = str(refused.params.get("unit", ""))
    span = span_words(frame, int(refused.params.get("value", 0)), DayUnit(unit) if unit else None)
    above = frame.words(
        "The rule above: %(span)s (%(citation)s).", span=span, citation=refused.params.get("citation", "")
    )
    return words + Markup(" {}").format(above)


def _changed(frame: Frame, found: ChoicesPage) -> str:
    at = found.choices.changed_at
    if at is None:
        return frame.words("Nobody has chosen anything yet. What you see is what the tool does by itself.")
    day = format_day(frame.local(at).date(), frame.lang)
    if found.changed_by is None:
        return frame.words("Last changed on %(day)s from the command line.", day=day)
    return frame.words("Last changed on %(day)s by %(name)s.", day=day, name=found.changed_by.name)


def _number(frame: Frame, number: Number) -> NumberView:
    rule, outer = number.rule, number.outer
    return NumberView(
        key=number.key.value,
        title=key_words(frame, number.key),
        holds=rule_words(frame, rule) if rule is not None else frame.words("No rule is entered."),
        source=rule.citation if rule is not None else "",
        outer=rule_words(frame, outer) if outer is not None and outer is not rule else "",
        own=tuple(
            (
                frame.words(
                    "%(span)s from %(day)s",
                    span=span_words(frame, one.value, one.unit),
                    day=format_day(one.effective_from, frame.lang),
                )
                if one.effective_from > date.min
                else span_words(frame, one.value, one.unit),
                one.level.value,
                "" if one.effective_from == date.min else one.effective_from.isoformat(),
            )
            for one in number.own
        ),
        is_open=rule is not None and not rule.is_checked,
    )


def _question(frame: Frame, held: SiteChoices, question: CounselQuestion) -> QuestionView:
    title, reason = question_words(frame, question)
    open_question, decided = OPEN_QUESTIONS[question], held.decided(question)
    return QuestionView(
        id=question.value,
        title=title,
        reason=reason,
        source=open_question.citation,
        options=tuple((one, answer_words(frame, question, one)) for one in open_question.answers),
        answer="ask" if decided is None else decided.answer,
        default=answer_words(frame, question, open_question.default),
        decided=frame.words("Decided on %(day)s.", day=format_day(decided.decided_on, frame.lang))
        if decided is not None
        else "",
        note=decided.note if decided is not None else "",
    )
