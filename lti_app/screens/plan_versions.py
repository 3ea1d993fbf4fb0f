"""The versions of a plan in words: their names, days and states, and what each changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from iepcore.language import format_day, format_number
from iepcore.plan.document import IN_FORCE, PlanState, PlanVersion, differences
from lti_app.screens.page import Frame
from lti_app.screens.plan_changes import ChangeLine, change_lines, whole_sentence
from lti_app.screens.plan_words import part_words, plan_state_words

FEW_CHANGES = 3
"""As many changes of a version as its row in the timeline tells; the page of the difference has them all."""

_NEVER_HELD = frozenset({PlanState.DRAFT, PlanState.PROPOSED, PlanState.REJECTED, PlanState.PARTLY_ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version in the timeline. ``kind`` is that of its badge, ``lines`` are what it changed."""

    name: str
    state: str
    kind: str
    days: str
    lines: tuple[Markup | str, ...]
    href: str
    compare: str
    is_shown: bool


def version_name(frame: Frame, version: PlanVersion) -> str:
    """Return what a version is called."""
    number = format_number(version.number, frame.lang)
    if version.amendment is not None:
        return frame.words("Version %(number)s, a change", number=number)
    return frame.words("Version %(number)s", number=number)


def days_of(frame: Frame, version: PlanVersion) -> str:
    """Return from when to when a version holds, or held."""
    last = version.ended_on or version.ends_on
    return frame.words(
        "%(first)s to %(last)s",
        first=format_day(version.begins_on, frame.lang),
        last=format_day(last, frame.lang),
    )


def before_of(version: PlanVersion, versions: Iterable[PlanVersion]) -> PlanVersion | None:
    """Return the version that another one changes: the one it amends, else the last before it that held."""
    earlier = [one for one in versions if one.number < version.number and one.state not in _NEVER_HELD]
    amended = version.amendment.of if version.amendment is not None else None
    for one in earlier:
        if one.id == amended:
            return one
    return max(earlier, key=lambda one: one.number, default=None)


def rows_of(
    frame: Frame, versions: Sequence[PlanVersion], *, path: str, shown: PlanVersion | None
) -> list[VersionRow]:
    """Return the timeline, newest first."""
    return [_row(frame, one, versions, path, shown) for one in sorted(versions, key=_number, reverse=True)]


def _row(
    frame: Frame, version: PlanVersion, versions: Sequence[PlanVersion], path: str, shown: PlanVersion | None
) -> VersionRow:
    before = before_of(version, versions)
    return VersionRow(
        name=version_name(frame, version),
        state=plan_state_words(frame, version.state),
        kind="done" if version.state in IN_FORCE else "open" if version.state in _NEVER_HELD else "",
        days=days_of(frame, version),
        lines=_told(frame, before, version),
        href=f"{path}/draft" if version.state is PlanState.DRAFT else f"{path}/v/{version.id}",
        compare=f"{path}/compare?a={before.id}&b={version.id}" if before is not None else "",
        is_shown=shown is not None and shown.id == version.id,
    )


def _told(frame: Frame, before: PlanVersion | None, version: PlanVersion) -> tuple[Markup | str, ...]:
    if before is None:
        return ()
    lines = change_lines(frame, differences(before.contents, version.contents))
    told: list[Markup | str] = [whole_sentence(frame, line, version) for line in lines[:FEW_CHANGES]]
    if len(lines) > FEW_CHANGES:
        more = len(lines) - FEW_CHANGES
        told.append(frame.count_words("and %(number)s more", "and %(number)s more", more))
    return tuple(told)


def by_part(frame: Frame, lines: Iterable[ChangeLine]) -> list[tuple[str, list[ChangeLine]]]:
    """Return the lines of a difference under the headings of the plan."""
    found: dict[str, list[ChangeLine]] = {}
    for line in lines:
        found.setdefault(part_words(frame, line.part), []).append(line)
    return list(found.items())


def _number(version: PlanVersion) -> int:
    return version.number
