"""A change on the way to a goal: from a day on, teaching (or the goal) is another, and the line starts again.

What was decided before keeps its old line: a change adds a segment and touches none (progress science,
section 3). In single-case charts this is the phase line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId
from iepcore.language import FreeText
from iepcore.progress import Aimline

MAX_WORDS = 80
"""Longest name of a change in characters: it stands in the chart, above its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPhase:
    """What changed on a day, in staff's own words, and the line that holds from that day on.

    ``baseline`` is where the new line starts (usually the middle of the last three scores up to that day),
    ``target`` and ``ends_on`` where it leads: the goal's own, unless the goal itself was changed.

    Raises:
        InvalidValue: ``text_too_long`` (more than 80 characters, field ``words``), ``ends_before_start``
            (field ``ends_on``), ``not_a_number``, ``too_large``.
    """

    starts_on: date
    words: FreeText
    baseline: float
    target: float
    ends_on: date
    noted_by: AdultId
    noted_at: datetime

    def __post_init__(self) -> None:
        if len(self.words.text) > MAX_WORDS:
            raise InvalidValue("text_too_long", field="words", params={"limit": MAX_WORDS})
        line = self.line
        object.__setattr__(self, "baseline", line.baseline)
        object.__setattr__(self, "target", line.target)

    @property
    def line(self) -> Aimline:
        """The segment of the aimline that this change begins."""
        return Aimline(
            baseline=self.baseline, target=self.target, starts_on=self.starts_on, ends_on=self.ends_on
        )
