"""A pasted plan: goals with their objectives and baselines, services and supports, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass, field

from iepcore.plan.document.parts import SupportKind
from iepcore.plan.incoming.blocks import Block, BlockKind, PastedLine, blocks_of
from iepcore.plan.incoming.goals import PastedGoal, goal_of
from iepcore.plan.incoming.services import PastedService, service_of

_SUPPORTS = {
    BlockKind.ACCOMMODATION: SupportKind.ACCOMMODATION,
    BlockKind.MODIFICATION: SupportKind.MODIFICATION,
}
_BESIDE_A_GOAL = frozenset({BlockKind.BASELINE, BlockKind.OBJECTIVE, BlockKind.FURNITURE, BlockKind.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedSupport:
    """One accommodation or modification, in the words of the paste."""

    lines: tuple[PastedLine, ...] = field(repr=False)
    kind: SupportKind
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedPlan:
    """What a paste holds. Every line that is not blank is in exactly one of the five; ``furniture`` are page
    heads, page feet and bare headings.
    """

    goals: tuple[PastedGoal, ...] = ()
    services: tuple[PastedService, ...] = ()
    supports: tuple[PastedSupport, ...] = ()
    furniture: tuple[PastedLine, ...] = field(default=(), repr=False)
    rest: tuple[PastedLine, ...] = field(default=(), repr=False)


def read_pasted_plan(text: str) -> PastedPlan:
    """Return the goals, services and supports that a paste seems to hold, for a person to confirm one by one.

    Raises:
        InvalidValue: ``paste_too_long``.
    """
    goals: list[PastedGoal] = []
    services: list[PastedService] = []
    supports: list[PastedSupport] = []
    rest: list[PastedLine] = []
    furniture: list[PastedLine] = []
    blocks = blocks_of(text)
    taken: set[int] = set()
    for place, block in enumerate(blocks):
        if place in taken:
            continue
        if block.kind is BlockKind.FURNITURE or not block.words:
            furniture += block.lines
        elif _is_goal(block):
            goals.append(_goal(block, blocks, place, taken))
        elif block.kind in _SUPPORTS:
            supports.append(PastedSupport(lines=block.lines, kind=_SUPPORTS[block.kind], words=block.words))
        elif (service := _service(block)) is not None:
            services.append(service)
        else:
            rest += block.lines
    return PastedPlan(
        goals=tuple(goals),
        services=tuple(services),
        supports=tuple(supports),
        furniture=tuple(furniture),
        rest=tuple(sorted(rest, key=lambda line: line.number)),
    )


def _is_goal(block: Block) -> bool:
    """Tell whether a block is a goal: by its label, or, without one, by a sentence that says what will be."""
    if block.kind is BlockKind.GOAL:
        return True
    says = f" {block.words.lower()} "
    return block.kind is BlockKind.UNKNOWN and " will " in says and (says.startswith(" by ") or "%" in says)


def _goal(block: Block, blocks: tuple[Block, ...], place: int, taken: set[int]) -> PastedGoal:
    """Return a goal with the baseline and the objectives that stand after it, before the next goal."""
    baseline, objectives, lines = "", [], list(block.lines)
    for later in range(place + 1, len(blocks)):
        beside = blocks[later]
        if beside.kind not in _BESIDE_A_GOAL:
            break
        if beside.kind is BlockKind.BASELINE and not baseline:
            baseline = beside.words
        elif beside.kind is BlockKind.OBJECTIVE:
            if beside.words:
                objectives.append(beside.words)
        else:
            continue
        lines += beside.lines
        taken.add(later)
    return goal_of(block.words, lines=tuple(lines), baseline_words=baseline, objectives=tuple(objectives))


def _service(block: Block) -> PastedService | None:
    """Return a service where a label says so and minutes or times are told, or both where none says it."""
    if block.kind not in {BlockKind.SERVICE, BlockKind.UNKNOWN}:
        return None
    service = service_of(block.words, lines=block.lines)
    if block.kind is BlockKind.SERVICE:
        return service if service.is_one else None
    told = service.minutes is not None and service.interval is not None
    return service if told and len(block.words) <= 200 else None
