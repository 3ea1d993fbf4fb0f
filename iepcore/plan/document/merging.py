"""Two people who wrote from the same contents: what one of them touched goes together, the rest is shown.

Nothing is decided for anybody: where both changed one piece, the words that stand stay, and both are given
back side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from iepcore.plan.document.contents import PlanContents
from iepcore.plan.document.differences import PlanPart
from iepcore.plan.document.pieces import LISTS, SECTIONS, pieces_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PartClash:
    """One piece that both changed: how it was, and what each made of it (None: taken away, or not there)."""

    part: PlanPart
    about: str
    before: object
    theirs: object
    mine: object


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedContents:
    """Contents of two put together. In a clash what is ``theirs`` stands in ``contents``."""

    contents: PlanContents
    clashes: tuple[PartClash, ...] = ()


def merge_contents(before: PlanContents, *, theirs: PlanContents, mine: PlanContents) -> MergedContents:
    """Return what stands (``theirs``) with everything of ``mine`` that nobody else touched.

    Every word of both is in the result or in a clash; a level that a goal still builds on is never dropped.
    """
    given: dict[str, Any] = {}
    clashes: list[PartClash] = []
    for part, (name, _) in SECTIONS.items():
        kept, found = _merged(part, before, theirs, mine)
        given[name] = kept.get("", () if name == "report_on" else None)
        clashes += found
    for part, many in LISTS.items():
        was, their, my = (getattr(side, many.name) for side in (before, theirs, mine))
        if was in (my, their):  # untouched by one of the two: the other's list as it stands
            given[many.name] = their if my == was else my
            continue
        kept, found = _merged(part, before, theirs, mine)
        given[many.name] = tuple(kept.values())
        clashes += found
    given["levels"], more = _levels(given, before, theirs, mine)
    order = {part: place for place, part in enumerate(PlanPart)}
    clashes = sorted([*clashes, *more], key=lambda clash: order[clash.part])
    return MergedContents(contents=replace(theirs, **given), clashes=tuple(clashes))


def _merged(
    part: PlanPart, before: PlanContents, theirs: PlanContents, mine: PlanContents
) -> tuple[dict[str, Any], list[PartClash]]:
    old, stands, new = pieces_of(before, part), pieces_of(theirs, part), pieces_of(mine, part)
    kept: dict[str, Any] = {}
    clashes = []
    for about in (*stands, *(key for key in new if key not in stands)):
        was, their, my = old.get(about), stands.get(about), new.get(about)
        value = my if their == was else their
        if my not in (was, their) and their != was:
            clashes.append(PartClash(part=part, about=about, before=was, theirs=their, mine=my))
        if value is not None:
            kept[about] = value
    return kept, clashes


def _levels(
    given: dict[str, Any], before: PlanContents, theirs: PlanContents, mine: PlanContents
) -> tuple[tuple[Any, ...], list[PartClash]]:
    """Return the levels with those that a goal of the result needs and that one of the two took away."""
    levels = {level.area: level for level in given["levels"]}
    clashes = []
    for area in dict.fromkeys(area for goal in given["goals"] for area in goal.levels):
        if area in levels:
            continue
        sides = [pieces_of(side, PlanPart.LEVEL).get(area) for side in (before, theirs, mine)]
        levels[area] = next(one for one in (sides[1], sides[2], sides[0]) if one is not None)
        clashes.append(
            PartClash(part=PlanPart.LEVEL, about=area, before=sides[0], theirs=sides[1], mine=sides[2])
        )
    return tuple(levels.values()), clashes
