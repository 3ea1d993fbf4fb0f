"""The family's screens: my child, the answer first, in the family's language; what was seen at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from flask import Blueprint, Response, make_response, request
from markupsafe import Markup, escape

from iepcore.caseload import Caseload, ChildGoal, ChildPage, NewestNote
from iepcore.errors import InvalidValue, NotFound
from iepcore.family import HomeAnswer, HomeObservation, update_parts
from iepcore.family.updates import value_phrase
from iepcore.ids import AdultId, ClientKey, GoalId, StudentId
from iepcore.language import FreeText, Phrase, format_day, render
from iepcore.plan import Goal
from lti_app.answers import neutral_answer
from lti_app.screens.bubbles import Words, language_word, same_language, when_words, words_of
from lti_app.screens.charts import GoalCharts, goal_charts
from lti_app.screens.conversation import EMERGENCY
from lti_app.screens.family_frame import reading_frame, writes_in
from lti_app.screens.findings import skill_words
from lti_app.screens.forms import given_id, given_key
from lti_app.screens.letters import GROWTH
from lti_app.screens.page import Frame, advice, family_nav, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("my_child", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The newest words from school."""

    words: Words
    author: str
    when: str
    stamp: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """One goal as its family reads it. ``answer`` is said large, ``lines`` below it; ``charts`` None without
    data.

    ``told`` is the newest home observation of this week in words.
    """

    id: str
    name: Markup
    kind: str
    word: Markup
    answer: Markup
    lines: tuple[Markup, ...]
    charts: GoalCharts | None
    note: Note | None
    told: Markup | None
    measure: tuple[Markup, ...]
    text: Markup
    text_lang: str
    text_dir: str
    text_badge: str
    keys: tuple[UUID, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A form that came back: which one (its id), with the typed values."""

    form: str
    error: InvalidValue
    values: dict[str, str]


@blueprint.get("/app/my")
def mine() -> Response:
    """Show the child at once when there is one; a list otherwise; without one, everybody's neutral page."""
    viewer = current_viewer()
    if viewer.adult_id is None:
        return neutral_answer()
    caseload = caseload_of(viewer)
    children = caseload.home.children()
    if not children:
        return neutral_answer()
    if len(children) == 1:
        return _show(caseload, children[0].student.id)
    frame = reading_frame(viewer, caseload)
    body = page(
        frame,
        "my_children.html",
        title=frame.words("My children"),
        current="my",
        nav=family_nav(frame),
        children=[(row, initials(row.student.preferred_name)) for row in children],
    )
    return make_response(body)


@blueprint.get("/app/my/<uuid:student_id>")
def child(student_id: UUID) -> Response:
    """Show one child to an adult of the family."""
    return _show(caseload_of(current_viewer()), StudentId(student_id))


@blueprint.post("/app/my/<uuid:student_id>/seen")
def seen(student_id: UUID) -> Response:
    """Keep what was seen at home."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    typed = request.form.get("words", "").strip()
    goal_id = given_id("goal_id")
    if caseload.goals.student_of(GoalId(goal_id)) != student_id:  # the address and the form name two children
        raise NotFound("goal")
    try:
        answer = _answer_of(request.form.get("answer", ""))
        words = FreeText(text=typed, lang=writes_in(viewer)) if typed else None
        caseload.conversation.observe(GoalId(goal_id), answer, ClientKey(given_key()), words=words)
    except InvalidValue as error:
        refused = Refused(form=f"seen-{goal_id}", error=error, values=dict(request.form))
        return _show(caseload, StudentId(student_id), refused=refused)
    return goto(f"/app/my/{student_id}", said="seen_saved")


def _answer_of(text: str) -> HomeAnswer:
    try:
        return HomeAnswer(text)
    except ValueError:
        raise InvalidValue("unknown_result", field="answer") from None


def _show(caseload: Caseload, student_id: StudentId, *, refused: Refused | None = None) -> Response:
    viewer = current_viewer()
    frame = reading_frame(viewer, caseload)
    found = caseload.home.child(student_id)
    others = len(caseload.home.children()) > 1
    card = caseload.answering.card(student_id)
    body = page(
        frame,
        "my_child.html",
        title=frame.words("My child"),
        current="my",
        nav=family_nav(frame),
        child=found.student.preferred_name,
        student_id=student_id,
        goals=[_goal(frame, found, row) for row in sorted(found.goals, key=_newest_words, reverse=True)],
        note=_note(frame, found, found.note) if found.note is not None else None,
        note_key=uuid4(),
        others=others,
        staff=[(one.name, initials(one.name)) for one in found.staff],
        phone=viewer.site.phone,
        answers=[
            (one.value, render(Phrase(key=f"home.{one.value}"), frame.lang, isolate=False).text)
            for one in HomeAnswer
        ],
        question=frame.say(Phrase(key="home.question")),
        not_a_test=frame.say(Phrase(key="home.not_a_test")),
        audience=frame.say(Phrase(key="audience.team")),
        watched=frame.say(Phrase(key="watch.family", params={"number": EMERGENCY})),
        refused=refused,
        error=advice(refused.error, frame) if refused is not None else "",
        plan=card,
        plan_from=format_day(card.proposed_from, frame.lang) if card and card.proposed_from else "",
        done=_done(frame),
    )
    return make_response(body, 200 if refused is None else 422)


def _newest_words(row: ChildGoal) -> float:
    """The goal that school wrote about last comes first."""
    return row.note.message.sent_at.timestamp() if row.note is not None else 0.0


def _done(frame: Frame) -> str:
    code = request.args.get("said", "")
    if code == "seen_saved":
        return frame.words("Thank you. The school team sees it on the goal.")
    return said_words(frame, code)


def _goal(frame: Frame, found: ChildPage, row: ChildGoal) -> GoalView:
    goal, finding, child_name = row.card.goal, row.card.finding, found.student.preferred_name
    told = update_parts(goal, finding, child=child_name, since=row.since, team_looks=row.team_looks)
    parts = [part for part in told if isinstance(part, Phrase)]
    verdict = next(part for part in parts if part.key.startswith("family."))
    first = next((part for part in parts if part.key in GROWTH), verdict)
    lines = [part for part in parts if part is not first and part.key != "update.question"]
    name = skill_words(frame, goal)
    charts = None
    if row.card.points:
        charts = goal_charts(
            frame,
            goal,
            row.card.points,
            row.mine,
            title=render(Phrase(key=f"unit.{goal.unit_key}"), frame.lang, isolate=False).text,
            with_trend=False,
        )
    foreign = not same_language(goal.text.lang, frame.lang)
    return GoalView(
        id=str(goal.id),
        name=name,
        kind=finding.word.value,
        word=frame.say(Phrase(key=f"finding.{finding.word.value}")),
        answer=frame.say(first),
        lines=tuple(frame.say(part) for part in lines),
        charts=charts,
        note=_note(frame, found, row.note, said=[frame.say(part) for part in (first, *lines)])
        if row.note is not None
        else None,
        told=_told(frame, row.mine[-1]) if row.answered_this_week else None,
        measure=_measure(frame, goal, finding.status.minimum),
        text=escape(goal.text.text),
        text_lang=goal.text.lang,
        text_dir=goal.text.dir,
        text_badge=language_word(frame, goal.text.lang) if foreign else "",
        keys=(uuid4(), uuid4()),
    )


def _told(frame: Frame, one: HomeObservation) -> Markup:
    answer = Phrase(key=f"home.{one.answer.value}")
    return frame.say(Phrase(key="home.answered", params={"day": one.observed_on, "answer": answer}))


def _measure(frame: Frame, goal: Goal, minimum: int) -> tuple[Markup, ...]:
    """Return how the goal is measured, in the family's words."""
    unit = Phrase(key=f"unit.{goal.unit_key}")
    return (
        frame.say(Phrase(key="family.measure.what", params={"unit": unit})),
        frame.say(
            Phrase(
                key="family.measure.path",
                params={
                    "baseline": value_phrase(goal, goal.baseline),
                    "start": goal.starts_on,
                    "target": value_phrase(goal, goal.target),
                    "end": goal.ends_on,
                },
            )
        ),
        *(
            frame.say(
                Phrase(key="family.measure.change", params={"day": phase.starts_on, "words": phase.words})
            )
            for phase in goal.phases
        ),
        frame.say(Phrase(key="family.measure.rule", params={"minimum": minimum})),
    )


def _note(frame: Frame, found: ChildPage, note: NewestNote, *, said: Sequence[Markup] = ()) -> Note:
    """Return the newest words from school; sentences that the page says already are not said twice."""
    message = note.message
    names: dict[AdultId, str] = {one.id: one.name for one in found.interpreters}
    words = words_of(
        frame,
        message,
        translations=note.translations,
        requests=note.requests,
        interpreters=found.interpreters,
        names=names,
        reads=found.reads,
    )
    fresh = tuple(line for line in words.lines if line[0] not in said)
    return Note(
        words=replace(words, lines=fresh or words.lines),
        author=note.author_name,
        when=when_words(frame, message.sent_at),
        stamp=message.sent_at.isoformat(),
        id=str(message.id),
    )
