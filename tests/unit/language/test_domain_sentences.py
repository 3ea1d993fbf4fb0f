"""The sentences the domain puts together are all in the catalogues: notices, updates, scores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from iepcore.family.updates import update_parts, value_phrase
from iepcore.ids import AdultId, GoalId, StudentId
from iepcore.language import FreeText, Part, render
from iepcore.notices import Notice, Urgency, notice_phrases
from iepcore.plan import Goal, find
from iepcore.progress import CbmTask, ConsecutiveCriterion, Direction, Measure, MeasureKind
from iepcore.progress.measures import UNIT_KEYS

START = date(2026, 10, 19)
NEEDED: dict[MeasureKind, dict[str, object]] = {
    MeasureKind.LATENCY: {"ceiling_seconds": 30},
    MeasureKind.PROMPT_LEVEL: {"prompt_levels": ("full", "none")},
    MeasureKind.RUBRIC: {"rubric_top": 4},
    MeasureKind.TASK_ANALYSIS: {"steps": ("one", "two")},
    MeasureKind.CBM: {"cbm_task": CbmTask.ORAL_READING},
}


def _goal(measure: Measure, *, own_words: bool = False) -> Goal:
    words = FreeText(text="reads a story aloud", lang="en")
    return Goal(
        id=GoalId(UUID(int=1)),
        student_id=StudentId(UUID(int=2)),
        area="reading",
        text=words,
        measure=measure,
        baseline=0,
        target=1,
        direction=Direction.INCREASE,
        criterion=ConsecutiveCriterion(k=3),
        starts_on=START,
        ends_on=START + timedelta(days=350),
        created_by=AdultId(UUID(int=3)),
        created_at=datetime(2026, 10, 19, tzinfo=UTC),
        skill_key=None if own_words else "reading_aloud",
        skill_words=words if own_words else None,
    )


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
@pytest.mark.parametrize("kind", MeasureKind)
def test_score_of_every_measure_has_words(kind: MeasureKind, lang: str) -> None:
    """A score is shown with its unit whatever the goal is measured by."""
    shown = render(value_phrase(_goal(Measure(kind=kind, **NEEDED.get(kind, {}))), 1.04), lang)  # type: ignore[arg-type]

    assert shown.text
    assert not shown.fallback


@pytest.mark.parametrize("task", CbmTask)
def test_unit_of_every_probe_has_words(task: CbmTask) -> None:
    """Each curriculum-based measure has its own unit."""
    assert Measure(kind=MeasureKind.CBM, cbm_task=task).unit_key in UNIT_KEYS


def test_unit_nobody_translated_gives_way_to_the_kinds_own() -> None:
    """A district's own unit label has no words in a catalogue; the kind's has."""
    measure = Measure(kind=MeasureKind.FREQUENCY, unit="call_outs_at_lunch")

    assert ("call_outs_at_lunch", "count") == (measure.unit, measure.unit_key)
    assert "3 times" == render(value_phrase(_goal(measure), 3.0), "en").text


def test_share_of_a_session_keeps_its_unit() -> None:
    """Duration as a share of the session is a percentage, not seconds."""
    measure = Measure(kind=MeasureKind.DURATION, as_share_of_session=True, unit="own")

    assert "percent_of_session" == measure.unit_key


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
@pytest.mark.parametrize("own_words", [False, True])
def test_update_without_data_can_be_read(lang: str, own_words: bool) -> None:
    """The parts of an update come out in the family's language; the author's own words stay theirs."""
    goal = _goal(Measure(kind=MeasureKind.FREQUENCY), own_words=own_words)
    parts: tuple[Part, ...] = update_parts(goal, find(goal, [], on=START + timedelta(days=30)), child="Luz")

    shown = [render(part, lang) for part in parts]
    assert [lang] * len(parts) == [part.lang for part in shown]
    assert not any(part.fallback for part in shown)


@pytest.mark.parametrize("lang", ["en", "es", "prs"])
@pytest.mark.parametrize("urgency", Urgency)
def test_notice_can_be_read(lang: str, urgency: Urgency) -> None:
    """Every line of a notice comes from the catalogue and says whom it is from."""
    notice = Notice(
        school_name="Hill School",
        school_phone="555-0100",
        sender_name="Ms. Halloran",
        language=lang,
        urgency=urgency,
        link="https://school.test/n/abc",
        reference="R7K2",
        answer_by=date(2026, 11, 27),
        lms_name="Canvas",
    )
    text = "\n".join(render(phrase, lang).text for phrase in notice_phrases(notice))

    assert all(part in text for part in ("Hill School", "Ms. Halloran", "555-0100", "R7K2", "Canvas"))
    assert "\nhttps://school.test/n/abc\n" in text
