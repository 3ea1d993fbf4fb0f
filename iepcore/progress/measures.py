"""The twelve ways a goal is measured, with the settings each of them needs.

Source: progress science, section 2. Changing the recording method, the probe level or the observation
length makes a new measure and starts a new series: points of two measures are not pooled.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iepcore.progress.checks import LIST_LIMIT, check_positive, check_whole, refuse

_LABEL_LIMIT = 120
_UNIT_LIMIT = 60


class MeasureKind(StrEnum):
    """What is recorded. The values are the names used in files, forms and the database."""

    PERCENT_CORRECT = "percent_correct"
    FREQUENCY = "frequency"
    RATE = "rate"
    DURATION = "duration"
    LATENCY = "latency"
    PARTIAL_INTERVAL = "partial_interval"
    WHOLE_INTERVAL = "whole_interval"
    MOMENTARY_TIME_SAMPLE = "momentary_time_sample"
    PROMPT_LEVEL = "prompt_level"
    RUBRIC = "rubric"
    TASK_ANALYSIS = "task_analysis"
    CBM = "cbm"


class CbmTask(StrEnum):
    """The curriculum-based measures; each is scored per minute."""

    ORAL_READING = "oral_reading"
    DIGITS_CORRECT = "digits_correct"
    MAZE = "maze"
    CORRECT_LETTER_SEQUENCES = "correct_letter_sequences"
    CORRECT_WORD_SEQUENCES = "correct_word_sequences"


_CBM_UNITS = {
    CbmTask.ORAL_READING: "words_correct_per_minute",
    CbmTask.DIGITS_CORRECT: "digits_correct_per_minute",
    CbmTask.MAZE: "maze_correct_per_minute",
    CbmTask.CORRECT_LETTER_SEQUENCES: "correct_letter_sequences_per_minute",
    CbmTask.CORRECT_WORD_SEQUENCES: "correct_word_sequences_per_minute",
}
_UNITS = {
    MeasureKind.FREQUENCY: "count",
    MeasureKind.RATE: "count_per_minute",
    MeasureKind.DURATION: "seconds",
    MeasureKind.LATENCY: "seconds",
    MeasureKind.PARTIAL_INTERVAL: "percent_of_intervals",
    MeasureKind.WHOLE_INTERVAL: "percent_of_intervals",
    MeasureKind.MOMENTARY_TIME_SAMPLE: "percent_of_samples",
    MeasureKind.PROMPT_LEVEL: "percent_independent",
    MeasureKind.RUBRIC: "rubric_level",
    MeasureKind.TASK_ANALYSIS: "percent_of_steps",
}

_PERCENT, _PERCENT_OF_SESSION = "percent", "percent_of_session"

UNIT_KEYS: tuple[str, ...] = tuple(
    dict.fromkeys((*_CBM_UNITS.values(), *_UNITS.values(), _PERCENT, _PERCENT_OF_SESSION))
)
"""The units that have words in every catalogue (``value.<unit>``, ``unit.<unit>``)."""

_INTERVAL_SETTINGS = (("intervals", "interval_seconds"), ())
# kind -> (settings it may have, settings it must have)
_SETTINGS: dict[MeasureKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    MeasureKind.PERCENT_CORRECT: (("trials_per_set",), ()),
    MeasureKind.FREQUENCY: (("observation_seconds", "count_limit"), ()),
    MeasureKind.RATE: (("observation_seconds",), ()),
    MeasureKind.DURATION: (("observation_seconds", "as_share_of_session"), ()),
    MeasureKind.LATENCY: (("ceiling_seconds",), ("ceiling_seconds",)),
    MeasureKind.PARTIAL_INTERVAL: _INTERVAL_SETTINGS,
    MeasureKind.WHOLE_INTERVAL: _INTERVAL_SETTINGS,
    MeasureKind.MOMENTARY_TIME_SAMPLE: _INTERVAL_SETTINGS,
    MeasureKind.PROMPT_LEVEL: (("prompt_levels", "trials_per_set"), ("prompt_levels",)),
    MeasureKind.RUBRIC: (("rubric_top",), ("rubric_top",)),
    MeasureKind.TASK_ANALYSIS: (("steps",), ("steps",)),
    MeasureKind.CBM: (("cbm_task", "material", "probe_seconds"), ("cbm_task",)),
}
_WHOLE_SETTINGS = ("trials_per_set", "count_limit", "intervals", "rubric_top")
_SECONDS_SETTINGS = ("observation_seconds", "interval_seconds", "ceiling_seconds", "probe_seconds")
_TEXT_LIST_SETTINGS = ("prompt_levels", "steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One way of recording one goal.

    A setting that the kind does not use is refused, one that it needs must be there:

    - ``unit``: key of the unit's label; empty means the kind's own (``words_correct_per_minute``, ...).
    - ``trials_per_set``: how many trials the recording form offers (percent correct, prompt level).
    - ``observation_seconds``: the planned length of observation (frequency, rate, duration).
    - ``count_limit``: the highest count there can be, such as 20 problems on a page (frequency).
    - ``as_share_of_session``: score a duration as percent of the observed time instead of seconds.
    - ``ceiling_seconds``: how long one waits for a response (latency; needed).
    - ``intervals``, ``interval_seconds``: the planned grid of an interval or time-sample record.
    - ``prompt_levels``: names from most to least help; the last is independent (prompt level; needed).
    - ``rubric_top``: the highest level of a rubric that starts at 0 (rubric; needed).
    - ``steps``: the steps in order (task analysis; needed).
    - ``cbm_task`` (needed), ``material`` (probe set or level), ``probe_seconds`` (CBM).

    Raises:
        InvalidValue: ``unknown_kind``, ``unknown_task``, ``setting_missing``, ``setting_not_used``,
            ``not_a_key``, ``not_a_list``, ``too_few``, ``too_many``, ``empty_text``,
            ``too_long``, ``not_different`` or a number's own code; ``field`` is the setting.
    """

    kind: MeasureKind
    unit: str = ""
    trials_per_set: int | None = None
    observation_seconds: float | None = None
    count_limit: int | None = None
    as_share_of_session: bool = False
    ceiling_seconds: float | None = None
    intervals: int | None = None
    interval_seconds: float | None = None
    prompt_levels: tuple[str, ...] = ()
    rubric_top: int | None = None
    steps: tuple[str, ...] = ()
    cbm_task: CbmTask | None = None
    material: str = ""
    probe_seconds: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.kind, MeasureKind):
            raise refuse("unknown_kind", "kind")
        if self.cbm_task is not None and not isinstance(self.cbm_task, CbmTask):
            raise refuse("unknown_task", "cbm_task")
        allowed, needed = _SETTINGS[self.kind]
        for names in _SETTINGS.values():
            for name in names[0]:
                if name not in allowed and _is_set(getattr(self, name)):
                    raise refuse("setting_not_used", name)
        for name in needed:
            if not _is_set(getattr(self, name)):
                raise refuse("setting_missing", name)
        self._check_numbers()
        for name in _TEXT_LIST_SETTINGS:
            _check_labels(getattr(self, name), name)
        if self.prompt_levels and len(self.prompt_levels) < 2:
            raise refuse("too_few", "prompt_levels")
        if len(set(self.prompt_levels)) != len(self.prompt_levels):
            raise refuse("not_different", "prompt_levels")
        if len(self.material) > _LABEL_LIMIT:
            raise refuse("too_long", "material")
        if not self.unit:
            object.__setattr__(self, "unit", self._default_unit())
        elif not (self.unit.isascii() and self.unit.isidentifier() and self.unit.islower()):
            raise refuse("not_a_key", "unit")
        elif len(self.unit) > _UNIT_LIMIT:
            raise refuse("too_long", "unit")

    def _check_numbers(self) -> None:
        for name in _WHOLE_SETTINGS:
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, check_whole(value, name, low=1))
        for name in _SECONDS_SETTINGS:
            if (value := getattr(self, name)) is not None:
                check_positive(value, name)

    def _default_unit(self) -> str:
        if self.cbm_task is not None:
            return _CBM_UNITS[self.cbm_task]
        if self.as_share_of_session:
            return _PERCENT_OF_SESSION
        return _UNITS.get(self.kind, _PERCENT)

    @property
    def unit_key(self) -> str:
        """The unit the catalogues have words for: ``unit`` itself, else the kind's own (``UNIT_KEYS``)."""
        return self.unit if self.unit in UNIT_KEYS else self._default_unit()

    @property
    def scale_bounds(self) -> tuple[float, float | None]:
        """The lowest and highest score there can be; None where the scale has no top.

        Displayed values (a forecast, an axis) are kept inside; computations are not clamped.
        """
        match self.kind:
            case MeasureKind.RATE | MeasureKind.CBM:
                return 0.0, None
            case MeasureKind.FREQUENCY:
                return 0.0, self.count_limit
            case MeasureKind.DURATION if not self.as_share_of_session:
                return 0.0, self.observation_seconds
            case MeasureKind.LATENCY:
                return 0.0, self.ceiling_seconds
            case MeasureKind.RUBRIC:
                return 0.0, self.rubric_top
            case _:
                return 0.0, 100.0

    @property
    def is_ordinal(self) -> bool:
        """True where only order has meaning (rubric, prompt level): medians and ranks, no means or ratios."""
        return self.kind in (MeasureKind.RUBRIC, MeasureKind.PROMPT_LEVEL)

    @property
    def default_minimum(self) -> int:
        """How many scored points a period needs before its status is judged (domain guide 2.5: 3).

        The number of a district's policy profile goes before it.
        """
        return DEFAULT_MINIMUM


DEFAULT_MINIMUM = 3
"""Scored points in a period below which its status is ``not_enough_data`` (domain guide 2.5)."""


def _is_set(value: object) -> bool:
    """Say whether a setting was given; 0 was given, though it may be refused for being 0."""
    return value is not None and value is not False and value not in ((), "")


def _check_labels(labels: tuple[object, ...], field: str) -> None:
    if not isinstance(labels, tuple):
        raise refuse("not_a_list", field)
    if len(labels) > LIST_LIMIT:
        raise refuse("too_many", field)
    for index, label in enumerate(labels):
        if not isinstance(label, str) or not label.strip():
            raise refuse("empty_text", field, index)
        if len(label) > _LABEL_LIMIT:
            raise refuse("too_long", field, index)
