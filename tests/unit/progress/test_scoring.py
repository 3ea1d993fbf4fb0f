"""Scores follow the table of the science file, and nothing to score is None."""

from __future__ import annotations

from typing import Any

import pytest

from iepcore.errors import InvalidValue
from iepcore.progress import CbmReading, CountReading, Measure, accuracy, reading_from_raw, score
from tests.unit.progress.builders import measure

SHARE = {"as_share_of_session": True}


@pytest.mark.parametrize(
    ("built", "raw", "expected"),
    [
        (measure("percent_correct"), {"correct": 4, "trials": 5}, 80.0),
        (measure("percent_correct"), {"correct": 1, "trials": 3}, 100 / 3),
        (measure("percent_correct"), {"correct": 0, "trials": 8}, 0.0),
        (measure("percent_correct"), {"correct": 0, "trials": 0}, None),
        (measure("frequency"), {"count": 7}, 7.0),
        (measure("rate"), {"count": 9, "minutes": 4.5}, 2.0),
        (measure("duration"), {"seconds": [10, 20.5]}, 30.5),
        (measure("duration"), {"seconds": 0}, 0.0),
        (measure("duration", **SHARE), {"seconds": [90, 60], "observed_seconds": 600}, 25.0),
        (measure("duration", **SHARE, observation_seconds=300), {"seconds": 150}, 50.0),
        (
            measure("duration", **SHARE, observation_seconds=300),
            {"seconds": 60, "observed_seconds": 120},
            50.0,
        ),
        (measure("duration", **SHARE), {"seconds": [0.1, 0.2], "observed_seconds": 0.3}, 100.0),
        (measure("latency"), {"seconds": 12.5, "ceiling": 60}, 12.5),
        (measure("latency"), {"seconds": None, "ceiling": 60}, 60.0),
        (measure("partial_interval"), {"scored": 6, "intervals": 20}, 30.0),
        (measure("whole_interval"), {"scored": 0, "intervals": 0}, None),
        (measure("momentary_time_sample"), {"scored": 3, "samples": 12}, 25.0),
        (measure("prompt_level"), {"levels": [3, 3, 0, None, 2]}, 50.0),
        (measure("prompt_level"), {"levels": [None, None]}, None),
        (measure("prompt_level"), {"levels": []}, None),
        (measure("rubric"), {"level": 0}, 0.0),
        (measure("rubric"), {"level": 4}, 4.0),
        (
            measure("task_analysis"),
            {"steps": ["independent", "prompted", "independent", "not_applicable"]},
            200 / 3,
        ),
        (measure("task_analysis"), {"steps": ["not_applicable"] * 4}, None),
        (measure("cbm"), {"correct": 48, "errors": 2, "seconds": 60}, 48.0),
        (measure("cbm"), {"correct": 30, "errors": 2, "seconds": 45}, 40.0),
        (measure("cbm"), {"probes": [{"correct": each, "seconds": 60} for each in (61, 40, 52)]}, 52.0),
        (measure("cbm"), {"probes": [{"correct": each, "seconds": 60} for each in (61, 40)]}, 50.5),
    ],
)
def test_scores(built: Measure, raw: dict[str, Any], expected: float | None) -> None:
    """Each kind has its own formula; zero opportunities is no data, not zero."""
    assert expected == score(built, reading_from_raw(built, raw))


def test_a_reading_of_another_measure_is_not_scored() -> None:
    """Scoring refuses a reading that the measure cannot have."""
    with pytest.raises(InvalidValue, match="wrong_reading"):
        score(measure("rate"), CountReading(count=3))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"correct": 45, "errors": 5, "seconds": 60}, 90.0),
        ({"correct": 45, "seconds": 60}, None),
        ({"correct": 0, "errors": 0, "seconds": 60}, None),
    ],
)
def test_accuracy_needs_errors(raw: dict[str, Any], expected: float | None) -> None:
    """Accuracy is correct of all answers; unknown when errors were not counted or nothing was answered."""
    reading = reading_from_raw(measure("cbm"), raw)
    assert isinstance(reading, CbmReading)
    assert expected == accuracy(reading)
