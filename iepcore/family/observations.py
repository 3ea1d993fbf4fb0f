"""What a family saw at home: two taps, in words that test nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from iepcore.ids import AdultId, ClientKey, GoalId, ObservationId, StudentId
from iepcore.language import FreeText


class HomeAnswer(StrEnum):
    """The four answers. ``no_chance`` means nothing was there to see, and is never plotted."""

    YES_ALONE = "yes_alone"
    WITH_HELP = "with_help"
    TRIED_NOT_YET = "tried_not_yet"
    NO_CHANCE = "no_chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeObservation:
    """One answer of one adult about one goal, plotted apart from school data. Append-only."""

    id: ObservationId
    student_id: StudentId
    goal_id: GoalId
    adult_id: AdultId
    answer: HomeAnswer
    observed_on: date
    client_key: ClientKey
    received_at: datetime
    words: FreeText | None = None

    @property
    def is_plotted(self) -> bool:
        """Tell whether the chart shows it."""
        return self.answer is not HomeAnswer.NO_CHANCE
