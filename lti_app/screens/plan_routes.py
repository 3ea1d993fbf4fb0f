"""Where the pages of a plan lie, and what waits there: drafts, proposals, and what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup

from iepcore.caseload import PlanPage
from iepcore.ids import StudentId
from iepcore.language import format_day
from iepcore.plan.document import Missing, PlanContents, PlanPart, PlanVersion, differences, pieces_of
from lti_app.screens import plan_versions as versions
from lti_app.screens.page import Frame
from lti_app.screens.plan_changes import ChangeLine, change_lines
from lti_app.screens.plan_words import LACKS_IN, lack_words

LackRow = tuple[Markup, str, str]
"""What is missing, its rule, and where it is mended ("" for nowhere)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVersion:
    """A version that waits for somebody: its title, where it stands, what it changes, what can be done."""

    title: str
    words: str
    lines: Sequence[ChangeLine]
    links: Sequence[tuple[str, str]]


def plan_path(student_id: StudentId) -> str:
    """Return where a child's plan is read."""
    return f"/app/c/{student_id}/doc"


def slug_of(about: str) -> str:
    """Return how a piece is named in an address: its own name can be anybody's words."""
    return sha256(about.encode()).hexdigest()[:12]


def piece_path(student_id: StudentId, part: PlanPart, about: str) -> str:
    """Return where a piece of the draft is written."""
    base = f"{plan_path(student_id)}/draft/{part.value}"
    return f"{base}/{slug_of(about)}" if about else base


def about_of(contents: PlanContents, part: PlanPart, slug: str) -> str | None:
    """Return the key of the piece an address names, None when it is not there."""
    return next((about for about in pieces_of(contents, part) if slug_of(about) == slug), None)


def lacking_rows(frame: Frame, found: PlanPage) -> list[LackRow]:
    """Return what the draft still lacks, each with its rule and where it is mended."""
    if found.draft is None:
        return []
    return rows_of_lacks(frame, found.lacking, found.draft, may_write=found.may_write)


def rows_of_lacks(
    frame: Frame, lacking: Sequence[Missing], version: PlanVersion, *, may_write: bool
) -> list[LackRow]:
    """Return lacks as rows; what lies in the days of the plan is mended there."""
    return [
        (
            lack_words(frame, one, version.contents),
            one.citation,
            _mended_at(version.student_id, one, version.contents) if may_write else "",
        )
        for one in lacking
    ]


def _mended_at(student_id: StudentId, missing: Missing, contents: PlanContents) -> str:
    part = LACKS_IN.get(missing.lack)
    if part is None:
        return f"{plan_path(student_id)}/draft/days"
    about = missing.about if part in {PlanPart.GOAL, PlanPart.SERVICE} else ""
    return piece_path(student_id, part, about if about in pieces_of(contents, part) else "")


def open_versions(frame: Frame, found: PlanPage) -> list[OpenVersion]:
    """Return what waits: proposals first, then the draft, then what is in effect from a later day."""
    path = plan_path(found.student.id)
    waiting = [_proposed(frame, found, one, path) for one in found.proposed]
    if found.draft is not None:
        links = [(frame.words("Go on writing"), f"{path}/draft")] if found.may_write else []
        links.append((frame.words("What changes"), f"{path}/compare?b={found.draft.id}"))
        waiting.append(
            OpenVersion(
                title=frame.words("A draft"),
                words=frame.words(
                    "%(name)s, from %(day)s. Only the team sees it.",
                    name=versions.version_name(frame, found.draft),
                    day=format_day(found.draft.begins_on, frame.lang),
                ),
                lines=[],
                links=links,
            )
        )
    if found.coming is not None:
        coming = found.coming
        words = frame.words(
            "In effect from %(day)s. Until then the version before it holds.",
            day=format_day(coming.begins_on, frame.lang),
        )
        title, links = (
            versions.version_name(frame, coming),
            [(frame.words("Read it"), f"{path}/v/{coming.id}")],
        )
        waiting.append(OpenVersion(title=title, words=words, lines=[], links=links))
    return waiting


def _proposed(frame: Frame, found: PlanPage, version: PlanVersion, path: str) -> OpenVersion:
    everything = [line.version for line in found.timeline]
    before = versions.before_of(version, everything)
    lines = change_lines(frame, differences(before.contents, version.contents)) if before else []
    links = [(frame.words("Read it with what was said"), f"{path}/v/{version.id}")]
    if found.may_step:
        at = 0 if version.begins_on <= found.today else 1  # before its first day it can only be read
        links.insert(at, (frame.words("Put it in effect"), f"{path}/v/{version.id}/effect"))
        links.append((frame.words("It was not accepted"), f"{path}/v/{version.id}/answer"))
    if found.may_ask:
        links.append((frame.words("Ask for a signature"), f"{path}/v/{version.id}/consent"))
    about = [*(one.version_id for one in found.answers), *(one.version_id for one in found.comments)]
    said = about.count(version.id)
    if said and found.may_comment:
        links.append((frame.words("Answer what was said"), f"/app/c/{found.student.id}/said/{version.id}"))
    return OpenVersion(
        title=frame.words("Proposed to the family"),
        words=" ".join(
            (
                frame.words(
                    "%(name)s, to begin on %(day)s.",
                    name=versions.version_name(frame, version),
                    day=format_day(version.begins_on, frame.lang),
                ),
                frame.count_words(
                    "The family has said %(number)s thing to it.",
                    "The family has said %(number)s things to it.",
                    said,
                )
                if said
                else frame.words("The family has not said anything to it yet."),
            )
        ),
        lines=lines,
        links=links,
    )
