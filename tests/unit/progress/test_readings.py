"""Readings keep what people typed, refuse what cannot be, and survive the way to JSON and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.progress import (
    CbmProbe,
    CbmReading,
    CountReading,
    DurationReading,
    LatencyReading,
    Measure,
    MeasureKind,
    PercentReading,
    PromptReading,
    TaskReading,
    check_reading,
    raw_of,
    reading_from_raw,
    score,
)
from tests.unit.progress.builders import measure

COUNTS = st.integers(0, 400)
SECONDS = st.floats(0, 60, allow_nan=False)
POSITIVE = st.floats(0.01, 600)


@st.composite
def parts(draw: st.DrawFn, part: str, whole: str) -> dict[str, int]:
    """Draw a part and a whole that holds it."""
    total = draw(COUNTS)
    return {part: draw(st.integers(0, total)), whole: total}


PROBES = st.fixed_dictionaries({"correct": COUNTS, "seconds": POSITIVE}, optional={"errors": COUNTS})
RAWS: dict[MeasureKind, st.SearchStrategy[dict[str, Any]]] = {
    MeasureKind.PERCENT_CORRECT: parts("correct", "trials"),
    MeasureKind.FREQUENCY: st.fixed_dictionaries({"count": COUNTS}),
    MeasureKind.RATE: st.fixed_dictionaries({"count": COUNTS, "minutes": POSITIVE}),
    MeasureKind.DURATION: st.fixed_dictionaries(
        {"seconds": st.lists(SECONDS, min_size=1, max_size=5)},
        optional={"observed_seconds": st.floats(300, 900)},
    ),
    MeasureKind.LATENCY: st.fixed_dictionaries({"seconds": st.none() | SECONDS, "ceiling": st.just(60)}),
    MeasureKind.PARTIAL_INTERVAL: parts("scored", "intervals"),
    MeasureKind.WHOLE_INTERVAL: parts("scored", "intervals"),
    MeasureKind.MOMENTARY_TIME_SAMPLE: parts("scored", "samples"),
    MeasureKind.PROMPT_LEVEL: st.fixed_dictionaries({"levels": st.lists(st.none() | st.integers(0, 3))}),
    MeasureKind.RUBRIC: st.fixed_dictionaries({"level": st.integers(0, 4)}),
    MeasureKind.TASK_ANALYSIS: st.fixed_dictionaries(
        {
            "steps": st.lists(
                st.sampled_from(["independent", "prompted", "not_done", "not_applicable"]),
                min_size=4,
                max_size=4,
            )
        }
    ),
    MeasureKind.CBM: PROBES | st.fixed_dictionaries({"probes": st.lists(PROBES, min_size=2, max_size=3)}),
}
KINDS_WITH_RAWS = st.sampled_from(list(MeasureKind)).flatmap(
    lambda kind: RAWS[kind].map(lambda raw: (kind, raw))
)


@given(KINDS_WITH_RAWS)
def test_every_reading_survives_json_and_scores_within_its_scale(
    drawn: tuple[MeasureKind, dict[str, Any]],
) -> None:
    """Raw fields to reading to JSON to reading is the identity, and the score is None or within the scale."""
    kind, raw = drawn
    built = measure(kind)
    reading = reading_from_raw(built, raw)
    assert raw == raw_of(reading)
    assert reading == reading_from_raw(built, json.loads(json.dumps(raw_of(reading))))
    result = score(built, reading)
    low, high = built.scale_bounds
    assert result is None or (low <= result and (high is None or result <= high))


def test_a_total_and_a_list_of_one_are_the_same_duration() -> None:
    """One total may be typed as a number; it is kept as one part."""
    assert {"seconds": [95.5]} == raw_of(reading_from_raw(measure("duration"), {"seconds": 95.5}))


def test_one_probe_in_a_list_is_one_probe() -> None:
    """A single listed probe has the flat form when written."""
    reading = reading_from_raw(measure("cbm"), {"probes": [{"correct": 50, "errors": 2, "seconds": 60}]})
    assert {"correct": 50, "errors": 2, "seconds": 60} == raw_of(reading)


LEVELS = {"prompt_levels": ("physical", "gesture", "verbal", "independent")}


@pytest.mark.parametrize(
    ("built", "raw", "code", "field"),
    [
        (measure("percent_correct"), {"correct": 9, "trials": 8}, "correct_over_trials", "correct"),
        (measure("percent_correct"), {"correct": -1, "trials": 8}, "negative", "correct"),
        (measure("percent_correct"), {"correct": 7.5, "trials": 8}, "not_whole", "correct"),
        (measure("percent_correct"), {"correct": True, "trials": 8}, "not_a_number", "correct"),
        (measure("percent_correct"), {"correct": "7", "trials": 8}, "not_a_number", "correct"),
        (measure("percent_correct"), {"correct": None, "trials": 8}, "not_a_number", "correct"),
        (measure("percent_correct"), {"correct": float("nan"), "trials": 8}, "not_a_number", "correct"),
        (measure("percent_correct"), {"correct": 7, "trials": float("inf")}, "not_a_number", "trials"),
        (measure("percent_correct"), {"correct": 7}, "missing_field", "trials"),
        (measure("percent_correct"), {"correct": 7, "trials": 8, "note": 1}, "unknown_field", "note"),
        (measure("percent_correct"), {"correct": 7, "trials": 8, "Ana L.": 1}, "unknown_field", "raw"),
        (measure("percent_correct"), {"correct": 7, "trials": 8, 3: 1}, "unknown_field", "raw"),
        (measure("percent_correct"), [7, 8], "not_a_mapping", "raw"),
        (measure("frequency", count_limit=20), {"count": 21}, "over_limit", "count"),
        (measure("frequency"), {"count": 10**10}, "too_large", "count"),
        (measure("rate"), {"count": 3, "minutes": 0}, "not_positive", "minutes"),
        (measure("duration"), {"seconds": []}, "missing_field", "seconds"),
        (measure("duration"), {"seconds": [5, -1]}, "negative", "seconds"),
        (measure("duration"), {"seconds": [1] * 1001}, "too_many", "seconds"),
        (measure("duration"), {"seconds": [200, 200], "observed_seconds": 300}, "over_length", "seconds"),
        (measure("duration", observation_seconds=300), {"seconds": 301}, "over_length", "seconds"),
        (measure("duration", as_share_of_session=True), {"seconds": 5}, "missing_field", "observed_seconds"),
        (measure("latency"), {"seconds": 61, "ceiling": 60}, "over_length", "seconds"),
        (measure("latency"), {"seconds": 5, "ceiling": 30}, "ceiling_differs", "ceiling"),
        (measure("latency"), {"ceiling": 60}, "missing_field", "seconds"),
        (measure("partial_interval"), {"scored": 3, "intervals": 2}, "scored_over_intervals", "scored"),
        (measure("momentary_time_sample"), {"scored": 3, "samples": 2}, "scored_over_samples", "scored"),
        (measure("prompt_level"), {"levels": [0, 4]}, "level_out_of_range", "levels"),
        (measure("prompt_level"), {"levels": 3}, "not_a_list", "levels"),
        (measure("rubric"), {"level": 5}, "level_out_of_range", "level"),
        (measure("task_analysis"), {"steps": ["independent"]}, "step_count_differs", "steps"),
        (measure("task_analysis"), {"steps": ["independent", "perfect", 1, 2]}, "unknown_result", "steps"),
        (measure("cbm"), {"probes": []}, "missing_field", "probes"),
        (measure("cbm"), {"probes": [5]}, "not_a_mapping", "probes"),
        (measure("cbm"), {"probes": [{"correct": 5}]}, "missing_field", "seconds"),
        (measure("cbm"), {"correct": 5, "errors": -1, "seconds": 60}, "negative", "errors"),
    ],
)
def test_what_cannot_be_is_refused_with_code_and_field(
    built: Measure, raw: Any, code: str, field: str
) -> None:
    """Each refusal names the raw field and what is wrong, and carries nothing a person typed."""
    with pytest.raises(InvalidValue) as caught:
        reading_from_raw(built, raw)
    assert (code, field) == (caught.value.code, caught.value.field)
    assert "Ana" not in str(caught.value)


def test_the_place_in_a_list_is_named() -> None:
    """An error in a list says which entry, counted from 0."""
    with pytest.raises(InvalidValue) as caught:
        reading_from_raw(
            measure("cbm"), {"probes": [{"correct": 5, "seconds": 60}, {"correct": 5, "seconds": 0}]}
        )
    assert 1 == caught.value.params["index"]


def test_durations_that_fill_the_session_by_rounding_are_not_over_it() -> None:
    """0.1 + 0.2 seconds fit into 0.3 seconds."""
    reading = reading_from_raw(measure("duration"), {"seconds": [0.1, 0.2], "observed_seconds": 0.3})
    assert {"seconds": [0.1, 0.2], "observed_seconds": 0.3} == raw_of(reading)


def test_a_reading_of_another_kind_is_refused() -> None:
    """A count is not a percent, however it was made."""
    with pytest.raises(InvalidValue, match="wrong_reading"):
        check_reading(measure("percent_correct"), CountReading(count=3))


def test_readings_check_themselves_when_made_directly() -> None:
    """No half-valid reading exists, also when made without raw fields."""
    with pytest.raises(InvalidValue, match="correct_over_trials"):
        PercentReading(correct=9, trials=8)
    with pytest.raises(InvalidValue, match="not_a_list"):
        PromptReading(levels=[1])  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="unknown_result"):
        TaskReading(steps=("independent",))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="not_a_probe"):
        CbmReading(probes=(5,))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="missing_field"):
        DurationReading(seconds=())
    with pytest.raises(InvalidValue, match="negative"):
        CbmProbe(correct=5, errors=-1, seconds=60)


def test_no_response_is_censored() -> None:
    """A latency without response says so."""
    assert LatencyReading(seconds=None, ceiling=60).is_censored
    assert not LatencyReading(seconds=60, ceiling=60).is_censored
