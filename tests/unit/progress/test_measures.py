"""A measure has the settings its kind needs and no others."""

from __future__ import annotations

from typing import Any

import pytest

from iepcore.errors import InvalidValue
from iepcore.progress import CbmTask, Measure, MeasureKind
from tests.unit.progress.builders import measure


def test_the_twelve_kinds_have_the_names_of_the_files() -> None:
    """The values are an interface: files, forms and the database hold them."""
    expected = (
        "percent_correct frequency rate duration latency partial_interval whole_interval "
        "momentary_time_sample prompt_level rubric task_analysis cbm"
    )
    assert expected.split() == [kind.value for kind in MeasureKind]


@pytest.mark.parametrize(
    ("kind", "settings", "unit", "bounds"),
    [
        ("percent_correct", {"trials_per_set": 10}, "percent", (0, 100)),
        ("frequency", {}, "count", (0, None)),
        ("frequency", {"count_limit": 20, "observation_seconds": 600}, "count", (0, 20)),
        ("rate", {}, "count_per_minute", (0, None)),
        ("duration", {}, "seconds", (0, None)),
        ("duration", {"observation_seconds": 1800}, "seconds", (0, 1800)),
        ("duration", {"as_share_of_session": True}, "percent_of_session", (0, 100)),
        ("latency", {}, "seconds", (0, 60)),
        ("partial_interval", {"intervals": 20, "interval_seconds": 15}, "percent_of_intervals", (0, 100)),
        ("whole_interval", {}, "percent_of_intervals", (0, 100)),
        ("momentary_time_sample", {}, "percent_of_samples", (0, 100)),
        ("prompt_level", {}, "percent_independent", (0, 100)),
        ("rubric", {}, "rubric_level", (0, 4)),
        ("task_analysis", {}, "percent_of_steps", (0, 100)),
        ("cbm", {"material": "grade 4", "probe_seconds": 60}, "words_correct_per_minute", (0, None)),
        ("cbm", {"cbm_task": CbmTask.DIGITS_CORRECT}, "digits_correct_per_minute", (0, None)),
    ],
)
def test_each_kind_has_its_unit_and_scale(
    kind: str, settings: dict[str, Any], unit: str, bounds: tuple[float, float | None]
) -> None:
    """Unit and bounds follow from kind and settings."""
    built = measure(kind, **settings)
    assert (unit, bounds) == (built.unit, built.scale_bounds)
    assert 3 == built.default_minimum


def test_a_unit_may_be_named() -> None:
    """A label of one's own is a key, kept as given."""
    assert "letters_named" == measure("frequency", unit="letters_named").unit


def test_only_rubrics_and_prompts_are_ordinal() -> None:
    """Where only order has meaning, means and ratios are not offered."""
    assert {MeasureKind.RUBRIC, MeasureKind.PROMPT_LEVEL} == {
        kind for kind in MeasureKind if measure(kind).is_ordinal
    }


def test_an_unknown_kind_is_refused() -> None:
    """A kind is one of the twelve, not text."""
    with pytest.raises(InvalidValue, match="unknown_kind"):
        Measure(kind="percent_correct")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["latency", "prompt_level", "rubric", "task_analysis", "cbm"])
def test_a_needed_setting_is_asked_for(kind: str) -> None:
    """Five kinds cannot be scored without their setting."""
    with pytest.raises(InvalidValue, match="setting_missing"):
        Measure(kind=MeasureKind(kind))


@pytest.mark.parametrize(
    ("kind", "settings", "code", "field"),
    [
        ("frequency", {"trials_per_set": 10}, "setting_not_used", "trials_per_set"),
        ("rubric", {"steps": ("open",)}, "setting_not_used", "steps"),
        ("rate", {"as_share_of_session": True}, "setting_not_used", "as_share_of_session"),
        ("percent_correct", {"trials_per_set": 0}, "too_small", "trials_per_set"),
        ("percent_correct", {"trials_per_set": True}, "not_a_number", "trials_per_set"),
        ("latency", {"ceiling_seconds": 0}, "not_positive", "ceiling_seconds"),
        ("duration", {"observation_seconds": -5}, "negative", "observation_seconds"),
        ("prompt_level", {"prompt_levels": ("independent",)}, "too_few", "prompt_levels"),
        ("prompt_level", {"prompt_levels": ("full", "full")}, "not_different", "prompt_levels"),
        ("prompt_level", {"prompt_levels": ("full", " ")}, "empty_text", "prompt_levels"),
        ("prompt_level", {"prompt_levels": ("full", 3)}, "empty_text", "prompt_levels"),
        ("prompt_level", {"prompt_levels": ["full", "none"]}, "not_a_list", "prompt_levels"),
        ("task_analysis", {"steps": ("x" * 121,)}, "too_long", "steps"),
        ("task_analysis", {"steps": ("open",) * 1001}, "too_many", "steps"),
        ("cbm", {"material": "x" * 121}, "too_long", "material"),
        ("rate", {"unit": "Per Minute"}, "not_a_key", "unit"),
        ("cbm", {"cbm_task": "oral_reading"}, "unknown_task", "cbm_task"),
        ("rate", {"unit": "x" * 61}, "too_long", "unit"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(
    kind: str, settings: dict[str, Any], code: str, field: str
) -> None:
    """The error says which setting and what is wrong with it."""
    with pytest.raises(InvalidValue) as caught:
        measure(kind, **settings)
    assert (code, field) == (caught.value.code, caught.value.field)
