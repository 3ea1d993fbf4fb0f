"""The words around a reading's fields: what each asks for, in the reader's language, and its choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from iepcore.language import format_number
from iepcore.progress import CbmTask, Measure, MeasureKind, StepResult
from lti_app.screens.page import Frame
from lti_app.screens.reading_fields import NO_TRY, Place, places_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field ready to be shown."""

    place: Place
    label: str
    hint: str
    value: str
    error: Markup | str
    choices: tuple[tuple[str, str], ...]


def fields_of(
    frame: Frame,
    measure: Measure,
    typed: Mapping[str, str],
    errors: Mapping[str, Markup | str],
    *,
    several: int = 1,
) -> list[Field]:
    """Return the fields of a form with what was typed and what is wrong with it."""
    return [
        Field(
            place=place,
            label=_label(frame, measure, place),
            hint=_hint(frame, measure, place),
            value=typed.get(place.name, ""),
            error=errors.get(place.name, ""),
            choices=_choices(frame, measure, place),
        )
        for place in places_of(measure, several=several)
    ]


def _label(frame: Frame, measure: Measure, place: Place) -> str:
    words = frame.words
    if place.of == "step":
        return place.label
    labels = {
        "correct": words("Correct"),
        "trials": words("Of how many tries"),
        "count": words("How many times"),
        "minutes": words("Minutes"),
        "seconds": words("Seconds"),
        "observed": words("How many minutes you watched"),
        "wait": words("Seconds until the answer began"),
        "partial_interval": words("Intervals in which it happened at all"),
        "whole_interval": words("Intervals in which it lasted the whole time"),
        "momentary_time_sample": words("Moments in which it was happening"),
        "intervals": words("Of how many intervals"),
        "samples": words("Of how many moments"),
        "rubric": words("Level on the rubric"),
        "errors": words("Errors"),
        "probe_seconds": words("Seconds"),
        "cbm": _cbm(frame, measure),
    }
    if place.of == "no_response":
        ceiling = format_number(measure.ceiling_seconds or 0, frame.lang)
        return words("No answer within %(seconds)s seconds", seconds=ceiling)
    if place.of == "prompt":
        return words("Try %(number)s", number=place.index)
    label = labels[place.of]
    if place.index:
        return words("Passage %(number)s: %(label)s", number=place.index, label=label)
    return label


def _cbm(frame: Frame, measure: Measure) -> str:
    words = frame.words
    return {
        CbmTask.ORAL_READING: words("Words read correctly"),
        CbmTask.DIGITS_CORRECT: words("Digits correct"),
        CbmTask.MAZE: words("Correct choices"),
        CbmTask.CORRECT_LETTER_SEQUENCES: words("Correct letter sequences"),
        CbmTask.CORRECT_WORD_SEQUENCES: words("Correct word sequences"),
    }.get(measure.cbm_task or CbmTask.ORAL_READING, "")


def _hint(frame: Frame, measure: Measure, place: Place) -> str:
    words = frame.words
    if place.of == "count" and measure.count_limit is not None:
        return words("At most %(number)s.", number=format_number(measure.count_limit, frame.lang))
    if place.of == "count" and measure.kind is MeasureKind.FREQUENCY and measure.observation_seconds:
        minutes = format_number(measure.observation_seconds / 60, frame.lang)
        return words("In %(minutes)s minutes, as planned.", minutes=minutes)
    if place.of == "minutes" and measure.kind is MeasureKind.DURATION:
        return words("All times together. When it did not happen, write 0.")
    if place.of == "intervals" and measure.interval_seconds:
        seconds = format_number(measure.interval_seconds, frame.lang)
        return words("Each of %(seconds)s seconds.", seconds=seconds)
    if place.of == "trials":
        return words("0 when there was no chance to try: it counts as no data, not as zero.")
    return ""


def _choices(frame: Frame, measure: Measure, place: Place) -> tuple[tuple[str, str], ...]:
    words = frame.words
    if place.of == "step":
        said = {
            StepResult.INDEPENDENT.value: words("Alone"),
            StepResult.PROMPTED.value: words("With help"),
            StepResult.NOT_DONE.value: words("Not done"),
            StepResult.NOT_APPLICABLE.value: words("Does not apply"),
        }
        return tuple((one, said[one]) for one in place.choices)
    if place.of == "prompt":
        return tuple(
            (one, words("No try") if one == NO_TRY else measure.prompt_levels[int(one)])
            for one in place.choices
        )
    return tuple((one, one) for one in place.choices)
