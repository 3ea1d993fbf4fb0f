"""Norms to hold a score or a growth against; each carries its source, year, measure and grade.

A norm says how other children read. It is no goal by itself, and nothing is said outside its table: below the
lowest percentile is "below the 10th", never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iepcore.progress.checks import check_amount, refuse
from iepcore.progress.norm_tables import GROWTH, ORF_2017, ORF_PERCENTILES

ORF_MEASURE = "oral_reading"
_WEEKS = 32
_WEEKS_FROM_WINTER = 16
_NEEDS_PROGRAM = 10
_MIDDLE = 50


class Season(StrEnum):
    """When in the school year a class is tested."""

    FALL = "fall"
    WINTER = "winter"
    SPRING = "spring"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrfNorm:
    """Words read right in a minute at one percentile of one grade. ``fall`` is None in grade 1."""

    grade: int
    percentile: int
    fall: int | None
    winter: int
    spring: int
    source: str = "Hasbrouck & Tindal"
    year: int = 2017
    measure: str = ORF_MEASURE

    @property
    def weekly_improvement(self) -> float:
        """Words gained a week, computed: (spring - fall) / 32, in grade 1 (spring - winter) / 16."""
        if self.fall is None:
            return (self.spring - self.winter) / _WEEKS_FROM_WINTER
        return (self.spring - self.fall) / _WEEKS

    def at(self, season: Season | str) -> int | None:
        """Return the score in one season; None in the fall of grade 1.

        Raises:
            InvalidValue: ``unknown_season``.
        """
        if season not in tuple(Season):
            raise refuse("unknown_season", "season")
        return {Season.FALL: self.fall, Season.WINTER: self.winter, Season.SPRING: self.spring}[
            Season(season)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NormBand:
    """Between which two percentiles of the table a score lies; None is past that end of the table.

    A score exactly at a percentile has it at both ends. ``below_median`` is how many words it is short of the
    50th percentile (negative when above it).
    """

    low: int | None
    high: int | None
    below_median: float
    grade: int
    season: Season
    source: str
    year: int
    measure: str

    @property
    def suggests_fluency_program(self) -> bool:
        """Whether the score is 10 or more words below the 50th percentile, the source's own mark."""
        return self.below_median >= _NEEDS_PROGRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthNorm:
    """Words gained a week by children of one grade.

    ``is_checked`` says whether the number was held against the paper itself; these were entered from
    knowledge of the tables, so it is False.
    """

    source: str
    year: int
    population: str
    standard: str
    grade: int
    words_per_week: float
    measure: str = ORF_MEASURE
    is_checked: bool = False


def orf_norms() -> tuple[OrfNorm, ...]:
    """Return every oral reading norm, by grade and from the highest percentile down."""
    return tuple(
        OrfNorm(grade=grade, percentile=percentile, fall=fall, winter=winter, spring=spring)
        for grade, rows in ORF_2017.items()
        for percentile, (fall, winter, spring) in zip(ORF_PERCENTILES, rows, strict=True)
    )


def orf_norm(grade: int, percentile: int) -> OrfNorm | None:
    """Return the norm of a grade (1 to 6) at the 10th, 25th, 50th, 75th or 90th percentile, else None."""
    for norm in orf_norms():
        if (norm.grade, norm.percentile) == (grade, percentile):
            return norm
    return None


def orf_band(grade: int, season: Season | str, score: float) -> NormBand | None:
    """Return where a score of words right in a minute lies; None for a grade or season outside the table.

    Raises:
        InvalidValue: ``unknown_season``, or a number's own code for ``score`` (0 or more).
    """
    check_amount(score, "score")
    marks = [
        (mark, norm.percentile)
        for norm in orf_norms()
        if norm.grade == grade and (mark := norm.at(season)) is not None
    ]
    if not marks:
        return None
    return NormBand(
        low=max((percentile for mark, percentile in marks if mark <= score), default=None),
        high=min((percentile for mark, percentile in marks if mark >= score), default=None),
        below_median=next(mark for mark, percentile in marks if percentile == _MIDDLE) - score,
        grade=grade,
        season=Season(season),
        source="Hasbrouck & Tindal",
        year=2017,
        measure=ORF_MEASURE,
    )


def growth_norms(grade: int | None = None) -> tuple[GrowthNorm, ...]:
    """Return the growth norms of a grade (none outside 1 to 6), or all of them."""
    return tuple(
        GrowthNorm(
            source=source,
            year=year,
            population=population,
            standard=standard,
            grade=number,
            words_per_week=float(words),
        )
        for (source, year, population, standard), gains in GROWTH.items()
        for number, words in enumerate(gains, 1)
        if grade in (None, number)
    )
