"""Progress text for the district's own system: within its codes and its length, to be copied by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint

from iepcore.calendars import OfficialPlan
from iepcore.caseload import GoalPage
from iepcore.errors import NotFound
from iepcore.ids import GoalId
from iepcore.language import format_day
from lti_app.screens.findings import finding_words, last_point_words, skill_words, word_of
from lti_app.screens.page import Frame, frame_of, page
from lti_app.screens.parts import caseload_of
from lti_app.session.viewer import current_viewer

blueprint = Blueprint("official_copy", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialText:
    """The text as it fits, what did not fit, and how long it is (characters)."""

    text: str
    left_out: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many characters it has."""
        return len(self.text)


@blueprint.get("/app/g/<uuid:goal_id>/copy")
def copy(goal_id: UUID) -> str:
    """Show the progress text of a goal for the system where the official plan is kept."""
    viewer = current_viewer()
    frame = frame_of(viewer)
    caseload = caseload_of(viewer)
    found = caseload.goals.goal(GoalId(goal_id))
    official = caseload.choices.held().official_plan
    if official is None or found.report is None:
        raise NotFound("official_plan")
    made = fitted(sentences(frame, found, official), official.text_limit)
    return page(
        frame,
        "official_copy.html",
        title=frame.words("Progress text"),
        child=found.student.preferred_name,
        skill=skill_words(frame, found.card.goal),
        path=f"/app/g/{goal_id}",
        name=official.name or frame.words("the district’s system"),
        link=official.link,
        text=made.text,
        left_out=made.left_out,
        length=made.length,
        limit=official.text_limit,
    )


def sentences(frame: Frame, found: GoalPage, official: OfficialPlan) -> list[str]:
    """Return what there is to say, the most needed first: code and word, the number, when, the growth."""
    card = found.card
    said = finding_words(frame, card, found.report)
    code = next((one.code for one in official.codes if one.word is card.finding.word), found.report_code)
    first, last = card.finding.period
    word = word_of(frame, card.finding.word)
    return [
        f"{code} {word}." if code else f"{word}.",
        _sentence(said.headline.striptags()),
        _sentence(last_point_words(frame, card.finding)),
        _sentence(said.rule.striptags()),
        frame.words(
            "Scores from %(first)s to %(last)s.",
            first=format_day(first, frame.lang),
            last=format_day(last, frame.lang),
        ),
    ]


def fitted(parts: Iterable[str], limit: int | None) -> OfficialText:
    """Return as many sentences as fit in ``limit`` characters, in their order; none is cut in the middle,
    unless the first alone is too long.
    """
    text, left_out = "", []
    for part in parts:
        longer = f"{text} {part}".strip()
        if limit is None or len(longer) <= limit:
            text = longer
        elif not text and limit:
            text = part[:limit].rstrip()
            left_out.append(part[limit:].strip())
        else:
            left_out.append(part)
    return OfficialText(text=text, left_out=tuple(left_out))


def _sentence(words: str) -> str:
    plain = " ".join(words.split())
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."
