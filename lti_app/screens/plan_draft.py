"""A draft of a plan at a glance: its parts, the family's wishes on top, what is missing, the way on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Blueprint, Response, request
from markupsafe import Markup

from iepcore.caseload import PlanPage
from iepcore.errors import IllegalMove
from iepcore.ids import ClientKey
from iepcore.language import format_day
from iepcore.plan.document import PlanPart, PlanVersion, Voice
from lti_app.screens import plan_versions as versions
from lti_app.screens.findings import skill_words
from lti_app.screens.forms import given_key
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.screens.plan_asks import newer_words, rule_words
from lti_app.screens.plan_begin import drafted, stepping
from lti_app.screens.plan_reading import section_of
from lti_app.screens.plan_routes import piece_path, plan_path, rows_of_lacks
from lti_app.screens.plan_words import LACKS_IN, part_words
from lti_app.screens.said import said_words
from lti_app.session.goto import goto
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("plan_draft", __name__)

MANY = (PlanPart.LEVEL, PlanPart.GOAL, PlanPart.SERVICE, PlanPart.SUPPORT)
"""Parts with several pieces, each written on a page of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRow:
    """One piece of a part in the list. ``mine``: the reader has words about it that are not in the draft."""

    name: Markup | str
    note: Markup | str
    href: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCard:
    """One part of the draft: its pieces, what it lacks, what can be added."""

    part: str
    title: str
    pieces: list[PieceRow]
    lacking: list[tuple[Markup, str]]
    add: list[tuple[str, str]]
    goals_in_use: list[tuple[str, Markup]]


@blueprint.get("/app/c/<uuid:student_id>/doc/draft")
def draft(student_id: UUID) -> str:
    """Show the parts of the draft with what is missing."""
    found, version = drafted(caseload_of(current_viewer()), student_id)
    return _draft(found, version)


@blueprint.post("/app/c/<uuid:student_id>/doc/draft/drop")
def drop(student_id: UUID) -> Response | tuple[str, int]:
    """Throw the draft away, if it is still the one that was seen; one with remarks on it stays."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    found, version = stepping(caseload, student_id)
    if request.form.get("version") != str(version.version):
        return _draft(found, version, refused=newer_words(frame_of(viewer))), 409
    try:
        caseload.drafting.drop(version.id)
    except IllegalMove as error:
        return _draft(found, version, refused=rule_words(frame_of(viewer), error)), 409
    return goto(plan_path(found.student.id), said="plan_dropped")


@blueprint.post("/app/c/<uuid:student_id>/doc/ask")
def ask_family(student_id: UUID) -> Response | tuple[str, int]:
    """Ask the family what the child should be able to do a year from now."""
    viewer = current_viewer()
    caseload = caseload_of(viewer)
    found, version = drafted(caseload, student_id)
    try:
        caseload.wishes.ask(found.student.id, ClientKey(given_key()))
    except IllegalMove as error:
        return _draft(found, version, refused=rule_words(frame_of(viewer), error)), 409
    return goto(f"{plan_path(found.student.id)}/draft", said="wish_asked")


def _draft(found: PlanPage, version: PlanVersion, *, refused: Markup | str = "") -> str:
    frame = frame_of(current_viewer())
    path = plan_path(found.student.id)
    lacking = rows_of_lacks(frame, found.lacking, version, may_write=True)
    before = versions.before_of(version, [line.version for line in found.timeline])
    return page(
        frame,
        "plan_draft.html",
        title=frame.words("Draft of the plan"),
        child=found.student.preferred_name,
        path=path,
        lead=frame.words("Only the team sees it. Every form keeps itself while you write."),
        is_copy=version.is_copy,
        may_step=found.may_step,
        version_id=str(version.id),
        version=str(version.version),
        has_before=before is not None,
        wishes=wish_rows(frame, found),
        ask_path=f"{path}/ask",
        client_key=str(uuid4()),
        parts=[_card(frame, found, version, part) for part in PlanPart if part is not PlanPart.OBJECTIVE],
        days=versions.days_of(frame, version),
        amends=_amends(frame, version),
        lacking=lacking,
        steps=steps_of(frame, "write"),
        refused=refused,
        said_sentence=said_words(frame, request.args.get("said", "")),
    )


def steps_of(frame: Frame, here: str) -> list[tuple[str, str, str]]:
    """Return the way of a plan: write, notice, propose, in effect; what is done, and where we are."""
    names = (
        ("write", frame.words("Write")),
        ("notice", frame.words("Written notice")),
        ("propose", frame.words("Propose")),
        ("effect", frame.words("In effect")),
    )
    at = [name for name, _ in names].index(here)
    done, now = frame.words("(done)"), frame.words("(you are here)")
    return [
        (
            label,
            "done" if place < at else "here" if place == at else "",
            done if place < at else now if place == at else "",
        )
        for place, (_, label) in enumerate(names)
    ]


def _amends(frame: Frame, version: PlanVersion) -> str:
    amendment = version.amendment
    if amendment is None:
        return ""
    return frame.words(
        "A change, agreed on %(day)s, because: %(why)s",
        day=format_day(amendment.agreed_on, frame.lang),
        why=amendment.why.text,
    )


def wish_rows(frame: Frame, found: PlanPage) -> list[dict[str, object]]:
    """Return the wishes, word for word, for the top of what staff write."""
    return [
        {
            "words": frame.say(wish.words),
            "author": found.names.get(wish.author_id, ""),
            "when": format_day(frame.local(wish.said_at).date(), frame.lang),
            "student": wish.voice is Voice.STUDENT,
        }
        for wish in found.wishes
        if wish.words is not None
    ]


def _card(frame: Frame, found: PlanPage, version: PlanVersion, part: PlanPart) -> PartCard:
    pieces = list(_pieces(frame, found, version, part))
    path = piece_path(found.student.id, part, "")
    add: list[tuple[str, str]] = []
    if part in MANY:
        add = [(frame.words("Add"), path)]
    elif not pieces:
        add = [(frame.words("Write it"), path)]
    in_plan = {goal.goal_id for goal in version.contents.goals}
    return PartCard(
        part=part.value,
        title=part_words(frame, part),
        pieces=pieces,
        lacking=[
            (words, citation)
            for one, (words, citation, _) in zip(
                found.lacking, rows_of_lacks(frame, found.lacking, version, may_write=False), strict=True
            )
            if LACKS_IN.get(one.lack) is part
        ],
        add=add,
        goals_in_use=[
            (f"{path}?goal={goal.id}", skill_words(frame, goal))
            for goal in found.goals
            if goal.id not in in_plan
        ]
        if part is PlanPart.GOAL
        else [],
    )


def _pieces(frame: Frame, found: PlanPage, version: PlanVersion, part: PlanPart) -> Iterator[PieceRow]:
    mine = {(form.form, form.about) for form in found.forms if form.version_id == version.id}
    path = piece_path(found.student.id, part, "")
    section = section_of(frame, version.contents, part)
    if part is PlanPart.FACTOR:
        if section.pieces:
            note = frame.words("%(number)s of 5 answered", number=len(section.pieces))
            yield PieceRow(name=frame.words("All five"), note=note, href=path, mine=(part.value, "") in mine)
        return
    for piece in section.pieces:
        yield PieceRow(
            name=piece.title or _first(piece.facts),
            note=Markup(" · ").join(words for _, words in piece.facts[:2]) if piece.title else "",
            href=piece_path(found.student.id, part, piece.about),
            mine=(part.value, piece.about) in mine,
        )
    if (part.value, "") in mine and (part in MANY or not section.pieces):
        yield PieceRow(name=frame.words("Half written"), note="", href=path, mine=True)


def _first(facts: tuple[tuple[str, Markup], ...]) -> Markup:
    return facts[0][1] if facts else Markup("–")
