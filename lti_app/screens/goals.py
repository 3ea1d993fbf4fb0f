"""One goal: the finding first, the chart with its table, who recorded when, what was seen at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, request
from markupsafe import Markup, escape

from iepcore.calendars import OfficialPlan
from iepcore.caseload import GoalPage
from iepcore.family import HomeObservation
from iepcore.family.updates import value_phrase
from iepcore.ids import GoalId
from iepcore.language import FreeText, format_day, format_number
from iepcore.plan import DataPoint, GoalState
from iepcore.progress import FindingWord, PercentReading
from lti_app.screens.charts import answer_words, goal_charts
from lti_app.screens.findings import (
    finding_words,
    html,
    record_href,
    skill_words,
    state_words,
    word_of,
)
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.screens.today_rows import language_words, weekday_words
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("goals", __name__)

HISTORY_ROWS = 5
HOME_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPoint:
    """One line of the history, newest first. ``mark`` says that it was corrected or corrects another."""

    day: str
    value: Markup
    who: str
    note: Markup
    note_badge: str
    mark: str
    is_corrected: bool
    correct_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """What one adult saw at home on one day."""

    day: str
    who: str
    answer: str
    words: Markup
    badge: str


@blueprint.get("/app/g/<uuid:goal_id>")
def goal(goal_id: UUID) -> str:
    """Show one goal."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = caseload.goals.goal(GoalId(goal_id))
    card, today = found.card, caseload.desk.clock.today()
    finding = finding_words(frame, card, found.report)
    charts = goal_charts(
        frame, card.goal, card.points, found.observations, title=finding.plain, names=found.names
    )
    is_active = card.goal.state is GoalState.ACTIVE
    has_begun = card.finding.word is not FindingWord.NOT_INTRODUCED
    return page(
        frame,
        "goal.html",
        title=frame.words("Goal"),
        child=found.student.preferred_name,
        child_href=f"/app/c/{found.student.id}",
        skill=skill_words(frame, card.goal),
        text=frame.say(card.goal.text),
        state=state_words(frame, card.goal),
        finding=finding,
        charts=charts,
        has_chart=bool(card.points) or bool(found.observations),
        facts=_facts(frame, found, today),
        next_point=_next_point(frame, found, today) if is_active and has_begun else "",
        history=_history(frame, found, can_correct=is_active),
        history_rows=HISTORY_ROWS,
        seen=[_at_home(frame, one, found) for one in _newest_first(found.observations)],
        seen_rows=HOME_ROWS,
        path=f"/app/g/{goal_id}",
        record_href=record_href(card.goal),
        may_record=found.may_record and is_active,
        may_write=found.may_write,
        sees_points=found.sees_points,
        sees_home=found.sees_home,
        has_begun=has_begun,
        open_set=found.open_set is not None,
        may_change=found.may_change and is_active,
        undo=_undo(frame, found) if found.may_change and is_active else None,
        said_sentence=_said(frame),
        copy_for=_copy_for(frame, caseload.choices.held().official_plan) if found.report is not None else "",
    )


def _copy_for(frame: Frame, official: OfficialPlan | None) -> str:
    """Return the name of the system where the official plan is kept, empty where it is kept here."""
    if official is None:
        return ""
    return official.name or frame.words("the district’s system")


def _said(frame: Frame) -> str:
    code = request.args.get("said", "")
    if code == "change_back":
        return frame.words("Taken back. The line before it holds again.")
    return said_words(frame, code)


def _undo(frame: Frame, found: GoalPage) -> tuple[str, dict[str, str]] | None:
    """What was noted a moment ago, with the form that takes it back."""
    goal = found.card.goal
    if request.args.get("said", "") != "change_noted" or not goal.phases:
        return None
    last = goal.phases[-1]
    words = frame.words(
        "Noted: %(words)s, from %(day)s. The line starts again at %(baseline)s.",
        words=last.words.text,
        day=format_day(last.starts_on, frame.lang),
        baseline=format_number(last.baseline, frame.lang),
    )
    return words, {"do": "back", "version": str(goal.version)}


def _facts(frame: Frame, found: GoalPage, today: date) -> list[tuple[str, ...]]:
    """The numbers of the line in force: where it starts, where it goes, where it stands today; and what the
    school's report cards print."""
    goal, lang = found.card.goal, frame.lang
    line = goal.line
    rows: list[tuple[str, ...]] = [
        (frame.words("Start"), format_number(line.baseline, lang), format_day(line.starts_on, lang)),
        (frame.words("Goal"), format_number(line.target, lang), format_day(line.ends_on, lang)),
    ]
    expected = goal.aimline.value_at(today)
    if expected is not None:
        rows.insert(
            1, (frame.words("Expected today"), format_number(expected, lang), format_day(today, lang))
        )
    if found.report_code:
        rows.append(
            (frame.words("On the report card"), found.report_code, word_of(frame, found.card.finding.word))
        )
    return rows


def _next_point(frame: Frame, found: GoalPage, today: date) -> str:
    wanted = found.next_point_by
    if wanted == today:
        return frame.words("Next score: today.")
    if wanted < today:
        return frame.words("A score has been due since %(day)s.", day=weekday_words(frame, wanted))
    return frame.words("Next score by %(day)s.", day=weekday_words(frame, wanted))


def _history(frame: Frame, found: GoalPage, *, can_correct: bool) -> list[PastPoint]:
    by_id = {point.id: point for point in found.history}
    newest = sorted(
        found.history,
        key=lambda point: (point.observed_on, point.observed_at, point.received_at),
        reverse=True,
    )
    return [
        _past(
            frame,
            found,
            point,
            old=by_id.get(point.supersedes) if point.supersedes is not None else None,
            is_corrected=point.id in found.corrected,
            can_correct=can_correct and point.id in found.correctable,
        )
        for point in newest
    ]


def _past(
    frame: Frame,
    found: GoalPage,
    point: DataPoint,
    *,
    old: DataPoint | None,
    is_corrected: bool,
    can_correct: bool,
) -> PastPoint:
    mark = frame.words("Corrected") if is_corrected else ""
    if not is_corrected and old is not None:
        mark = frame.words("Correction of %(old)s", old=_value(frame, found, old).striptags())
    standing = can_correct and not is_corrected
    return PastPoint(
        day=format_day(point.observed_on, frame.lang),
        value=_value(frame, found, point),
        who=found.names.get(point.recorder_id, ""),
        note=_quoted(point.note),
        note_badge=_foreign(frame, point.note),
        mark=mark,
        is_corrected=is_corrected,
        correct_href=f"/app/point/{point.id}/correct" if standing else "",
    )


def _value(frame: Frame, found: GoalPage, point: DataPoint) -> Markup:
    """A score as it was taken: "4 of 5" says more than 80 percent."""
    if point.score is None:
        return escape(frame.words("No chance to try"))
    score = frame.say(value_phrase(found.card.goal, point.score))
    if isinstance(point.reading, PercentReading):
        return html(
            frame,
            "%(correct)s of %(trials)s (%(score)s)",
            correct=format_number(point.reading.correct, frame.lang),
            trials=format_number(point.reading.trials, frame.lang),
            score=score,
        )
    return score


def _newest_first(observations: tuple[HomeObservation, ...]) -> list[HomeObservation]:
    return sorted(observations, key=lambda one: (one.observed_on, one.received_at), reverse=True)


def _at_home(frame: Frame, one: HomeObservation, found: GoalPage) -> AtHome:
    return AtHome(
        day=format_day(one.observed_on, frame.lang),
        who=found.names.get(one.adult_id, ""),
        answer=answer_words(frame, one.answer),
        words=_quoted(one.words),
        badge=_foreign(frame, one.words),
    )


def _quoted(text: FreeText | None) -> Markup:
    if text is None:
        return Markup("")
    return Markup('<q lang="{}" dir="{}">{}</q>').format(text.lang, text.dir, text.text)


def _foreign(frame: Frame, text: FreeText | None) -> str:
    return "" if text is None or text.lang == frame.lang else language_words(frame, text.lang)
