"""What earlier updates mean for the next words: growth since the last one, and what staff chose to say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from iepcore.family import TEAM_LOOKS, Message, MessageKind
from iepcore.ids import AdultId
from iepcore.language import Part
from iepcore.plan import (
    DataPoint,
    Finding,
    FindingPolicy,
    Goal,
    Growth,
    growth_since,
    is_second_not_yet,
)
from iepcore.progress import FindingWord


def since_last_update(
    goal: Goal,
    points: Sequence[DataPoint],
    messages: Collection[Message],
    readers: Collection[AdultId],
    *,
    on: date,
    zone: ZoneInfo,
) -> Growth | None:
    """Return how scores moved since the last update about the goal that every one of ``readers`` got.

    An update that only some of them got does not count: its day would tell one household of another's mail.
    Nor does an answer: "Thank you" tells nobody how far the child has come. None without such an update,
    without readers, or without scores on both sides of it.
    """
    days = [
        one.sent_at.astimezone(zone).date()
        for one in messages
        if one.goal_id == goal.id and one.kind is MessageKind.UPDATE and _is_for_all(one, readers)
    ]
    return growth_since(goal, points, max(days), on=on) if days and readers else None


def offered_parts(
    goal: Goal, finding: Finding, points: Sequence[DataPoint], *, on: date, policy: FindingPolicy
) -> tuple[Part, ...]:
    """Return what staff may choose to add: after two periods of "not yet", that the team will look at the
    plan. Never there by itself."""
    if finding.word is not FindingWord.NOT_YET:
        return ()
    return (TEAM_LOOKS,) if is_second_not_yet(goal, points, on=on, policy=policy) else ()


def has_chosen_look(
    finding: Finding,
    messages: Collection[Message],
    readers: Collection[AdultId],
    *,
    on: date,
    zone: ZoneInfo,
    policy: FindingPolicy,
) -> bool:
    """Tell whether staff have told these readers, within the period, that the team will look at the plan, and
    the finding still says "not yet"."""
    return finding.word is FindingWord.NOT_YET and any(
        one.goal_id == finding.goal_id
        and not one.from_family
        and _is_for_all(one, readers)
        and TEAM_LOOKS in one.parts
        and (on - one.sent_at.astimezone(zone).date()).days < policy.period_days
        for one in messages
    )


def _is_for_all(message: Message, readers: Collection[AdultId]) -> bool:
    return set(readers) <= message.recipient_ids
