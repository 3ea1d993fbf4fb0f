"""One student: goals with their findings, the team, the family with its rights, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, request
from markupsafe import Markup

from iepcore.caseload import GoalCard, StudentPage
from iepcore.ids import StudentId
from iepcore.language import Phrase, render
from iepcore.people import Adult, Assignment, Relationship
from iepcore.plan import GoalState
from iepcore.progress import FindingWord
from lti_app.screens.charts import DrawnSpark, spark
from lti_app.screens.findings import (
    html,
    last_point_words,
    number_words,
    record_href,
    skill_words,
    state_words,
    word_of,
)
from lti_app.screens.page import Frame, frame_of, initials, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.said import said_words
from lti_app.screens.today_rows import language_words
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("students", __name__)

DAYS_BETWEEN_POINTS = 7
"""After as many days without a score the next action of a goal is to record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """One goal of the student. ``action`` is (words, path) of the next thing to do, or None."""

    href: str
    skill: Markup
    number: Markup
    text: Markup
    status: tuple[str, str]
    state: str
    spark: DrawnSpark | None
    last: str
    review: bool
    action: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """Somebody around the child. ``rights`` are (words, whether it is so), one for each, never mixed."""

    name: str
    initials: str
    note: str
    badge: str
    rights: tuple[tuple[str, bool], ...] = ()


@blueprint.get("/app/c/<uuid:student_id>")
def student(student_id: UUID) -> str:
    """Show one student."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = caseload.goals.student(StudentId(student_id))
    today = caseload.desk.clock.today()
    goals = [_goal(frame, card, found, today) for card in found.cards]
    can_record = found.may_record and any(card.goal.state is GoalState.ACTIVE for card in found.cards)
    return page(
        frame,
        "student.html",
        title=frame.words("Student"),
        child=found.student.preferred_name,
        lead=_lead(frame, found),
        path=f"/app/c/{student_id}",
        goals=goals,
        team=[_member(frame, place, adult) for place, adult in found.team],
        parents=[_parent(frame, held, adult) for held, adult in found.family],
        can_record=can_record,
        may_write=found.may_write,
        may_word=found.may_write and viewer.site.gradebook_words and viewer.offers.gradebook is not None,
        may_change=found.may_change,
        may_dates=found.may_see_dates,
        may_see_family=found.may_see_family,
        may_see_team=found.may_see_team,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def _lead(frame: Frame, found: StudentPage) -> Markup:
    student = found.student
    return html(
        frame,
        "%(legal_name)s · grade %(grade)s · home language: %(language)s",
        legal_name=Markup("<bdi>{}</bdi>").format(student.legal_name),
        grade=student.grade,
        language=language_words(frame, student.home_language),
    )


def _goal(frame: Frame, card: GoalCard, found: StudentPage, today: date) -> GoalRow:
    finding = card.finding
    return GoalRow(
        href=f"/app/g/{card.goal.id}",
        skill=skill_words(frame, card.goal),
        number=number_words(frame, card),
        text=frame.say(card.goal.text),
        status=(finding.word.value, word_of(frame, finding.word)),
        state=state_words(frame, card.goal),
        spark=spark(card),
        last=last_point_words(frame, finding),
        review=finding.review_suggested,
        action=_next_action(frame, card, found, today),
    )


def _next_action(frame: Frame, card: GoalCard, found: StudentPage, today: date) -> tuple[str, str] | None:
    """A score when one is due; else words for the family; nothing for a goal not in use or not begun."""
    if card.goal.state is not GoalState.ACTIVE:
        return None
    if card.finding.word is FindingWord.NOT_INTRODUCED:
        return None
    last_on = card.finding.last_on
    is_due = last_on is None or last_on + timedelta(days=DAYS_BETWEEN_POINTS) <= today
    wanted = is_due or card.finding.word is FindingWord.NOT_ENOUGH_DATA
    if found.may_record and wanted:
        return frame.words("Record a score"), record_href(card.goal)
    if found.may_write:
        return frame.words("Write home"), f"/app/g/{card.goal.id}/write"
    return None


def _member(frame: Frame, place: Assignment, adult: Adult) -> PersonRow:
    role = render(Phrase(key=f"role.{place.role.value}"), frame.lang, isolate=False).text
    return PersonRow(name=adult.name, initials=initials(adult.name), note=role, badge="")


def _parent(frame: Frame, held: Relationship, adult: Adult) -> PersonRow:
    relation = render(Phrase(key=f"relation.{held.relation.value}"), frame.lang, isolate=False).text
    notes = [relation, frame.words("reads %(language)s", language=language_words(frame, adult.reads))]
    if adult.speaks != adult.reads:
        notes.append(frame.words("speaks %(language)s", language=language_words(frame, adult.speaks)))
    if adult.needs_interpreter:
        notes.append(frame.words("needs an interpreter"))
    records = (
        frame.words("May read the record")
        if held.may_access_records
        else frame.words("May not read the record")
    )
    decides = frame.words("May decide") if held.may_decide else frame.words("May not decide")
    return PersonRow(
        name=adult.name,
        initials=initials(adult.name),
        note=" · ".join(notes),
        badge=frame.words("Address protected") if held.address_protected else "",
        rights=((records, held.may_access_records), (decides, held.may_decide)),
    )
