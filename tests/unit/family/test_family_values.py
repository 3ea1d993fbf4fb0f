"""Family: what a message, contact, observation and translation refuse; who sees what; what data can say."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.errors import InvalidValue
from iepcore.family import TEAM_LOOKS, HomeAnswer, is_visible_to, source_hash, update_parts
from iepcore.family.updates import skill_of, value_phrase
from iepcore.language import FreeText, Name, Phrase, render
from iepcore.notices import Urgency
from iepcore.plan import Goal, find, growth_since
from iepcore.progress import CbmTask, Measure, MeasureKind
from iepcore.testing import TODAY, a_goal, a_message, a_thread, an_adult, points_of, words
from iepcore.testing.store_samples import MEASURES
from iepcore.testing.store_values import a_contact, a_draft, a_point, a_request, a_student, an_observation

START = date(2026, 9, 7)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"parts": ()}, "message_empty"),
        ({"parts": (words(),) * 41}, "too_many_parts"),
        ({"to_staff": False}, "nobody_to_read"),
        ({"urgency": Urgency.PLEASE_ANSWER}, "answer_day_missing"),
    ],
)
def test_message_must_say_something_to_somebody(changes: dict[str, object], code: str) -> None:
    """Each refusal has its code; forty parts and a day to answer by are fine."""
    with pytest.raises(InvalidValue, match=code):
        replace(a_message(), **changes)  # type: ignore[arg-type]
    assert a_message(parts=(words(),) * 40, urgency=Urgency.PLEASE_ANSWER, answer_by=TODAY)


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_message_is_seen_by_author_readers_and_the_childs_staff(
    wrote: bool, named: bool, staff: bool, to_staff: bool
) -> None:
    """Three ways to take part and no fourth."""
    me, somebody = an_adult().id, an_adult().id
    readers = frozenset({me} if named else set()) | {somebody}
    message = a_message(author_id=me if wrote else somebody, recipient_ids=readers, to_staff=to_staff)

    assert (wrote or named or (staff and to_staff)) == is_visible_to(message, me, is_staff=staff)


def test_follow_up_needs_an_owner() -> None:
    """A day without a person is nobody's task."""
    with pytest.raises(InvalidValue, match="follow_up_owner_missing"):
        a_contact(a_student().id, follow_up_on=TODAY)
    assert "es-MX" == a_contact(a_student().id, language="ES-mx").language


def test_translation_request_counts_parts_from_zero() -> None:
    """There is no part before the first."""
    with pytest.raises(InvalidValue, match="part_range"):
        a_request(a_message(a_thread()), part=-1)
    assert "prs" == a_request(a_message(a_thread()), to_language="PRS").to_language


def test_draft_writes_its_language_one_way() -> None:
    """The tag of a draft is put in its usual form."""
    assert "pt-BR" == a_draft(a_student().id, language="PT-br").language


@pytest.mark.parametrize("answer", HomeAnswer)
def test_no_chance_to_see_is_never_plotted(answer: HomeAnswer) -> None:
    """Nothing was there to see: that is no data, not a zero."""
    assert (answer is not HomeAnswer.NO_CHANCE) == an_observation(a_goal(), answer=answer).is_plotted


@given(
    st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text), st.sampled_from(["en", "es"])
)
def test_hash_ties_a_translation_to_language_and_words(text: str, lang: str) -> None:
    """Another word or another language is another original."""
    original = FreeText(text=text, lang=lang)

    assert hashlib.sha256(f"{lang}\0{text}".encode()).hexdigest() == source_hash(original)
    assert source_hash(original) != source_hash(FreeText(text=text + "x", lang=lang))
    assert source_hash(original) != source_hash(FreeText(text=text, lang="fa"))


# ------------------------------------------------------------------------------------------ what data can say


def _keys(goal: Goal, *scores: int, weeks: int = 0) -> list[str]:
    """Return the sentences an update has after weekly scores of ten tries."""
    days = {START + WEEK * (i + 1): {"correct": n, "trials": 10} for i, n in enumerate(scores)}
    finding = find(goal, points_of(goal, days), on=START + WEEK * (len(scores) + weeks))
    return [part.key for part in update_parts(goal, finding, child="Maya") if isinstance(part, Phrase)]


@pytest.mark.parametrize(
    ("scores", "keys"),
    [
        ((), ["family.not_enough_data", "update.question"]),
        ((3,), ["update.last", "update.path", "family.not_enough_data", "update.question"]),
        ((3, 3, 3), ["update.last", "update.path", "family.on_track", "update.question"]),
        ((2, 3, 3), ["update.growth", "update.path", "family.on_track", "update.question"]),
        ((3, 1, 0), ["update.last", "update.path", "family.not_yet", "update.question"]),
        ((8, 8, 9), ["update.growth", "family.met", "update.question"]),
    ],
)
def test_update_says_growth_first_and_ends_with_a_question(scores: tuple[int, ...], keys: list[str]) -> None:
    """Growth where there is some, the last value otherwise, the path unless the goal is met, a question."""
    assert keys == _keys(a_goal(starts_on=START), *scores)


def test_less_of_what_should_fall_is_growth() -> None:
    """Fewer call-outs are good news; more are not told as growth."""
    falling = a_goal(starts_on=START, baseline=80, target=20)

    assert "update.growth" == _keys(falling, 8, 7, 7)[0]
    assert "update.last" == _keys(falling, 7, 7, 8)[0]


def _after(before: float, now: float, *, since_day: int = 1, **changes: Any) -> list[str]:
    """Return the sentences after two scores, the first of which the family knows from an update."""
    goal = a_goal(starts_on=START, **changes)
    points = [
        a_point(goal, score=score, observed_on=START + WEEK * week) for week, score in ((1, before), (2, now))
    ]
    on = START + WEEK * 2
    since = growth_since(goal, points, START + timedelta(days=7 * since_day), on=on)
    parts = update_parts(goal, find(goal, points, on=on), child="Maya", since=since)
    return [part.key for part in parts if isinstance(part, Phrase)]


def test_growth_since_the_last_update_goes_before_growth_of_the_period() -> None:
    """Where there is none since, that of the period or the last value stands there."""
    assert "update.growth_since" == _after(30, 40)[0]
    assert "update.growth" == _after(30, 40, since_day=2)[0]
    assert "update.last" == _after(40, 30)[0]
    falling = {"baseline": 80, "target": 20}
    assert ["update.growth_since", "update.last"] == [
        _after(*scores, **falling)[0] for scores in ((40, 30), (30, 40))
    ]


@pytest.mark.parametrize("since_day", [1, 2], ids=["since the last update", "in the period"])
def test_growth_that_cannot_be_read_is_not_told(since_day: int) -> None:
    """From 33.3 to 33.3 is no news to whoever reads it, whatever the third decimal says."""
    assert "update.last" == _after(100 / 3, 100 / 3 + 0.01, since_day=since_day)[0]
    assert "update.last" != _after(33.34, 33.36, since_day=since_day)[0]


@pytest.mark.parametrize("language", ["en", "es", "prs"])
def test_growth_since_can_be_read_in_every_language(language: str) -> None:
    """With its day and both values, and no key in sight."""
    goal = a_goal(starts_on=START)
    points = [a_point(goal, score=30.0 + 10 * week, observed_on=START + WEEK * week) for week in (1, 2)]
    since = growth_since(goal, points, START + WEEK, on=START + WEEK * 2)
    told = update_parts(goal, find(goal, points, on=START + WEEK * 2), child="Maya", since=since)
    text = render(told[0], language).text

    assert "Maya" in text
    assert "update." not in text
    assert "value." not in text


def test_team_looks_stands_before_the_question_only_when_chosen() -> None:
    """It speaks of the plan, names nobody, and is never there by itself."""
    goal = a_goal(starts_on=START)
    finding = find(goal, [], on=START + WEEK)
    plain = update_parts(goal, finding, child="Maya")
    chosen = update_parts(goal, finding, child="Maya", team_looks=True)

    assert TEAM_LOOKS not in plain
    assert (*plain[:-1], TEAM_LOOKS, plain[-1]) == chosen
    assert {} == TEAM_LOOKS.params


def test_old_points_are_told_as_last_and_not_as_growth() -> None:
    """When the period holds no two points, nothing is called growth."""
    assert ["update.last", "update.path", "family.not_enough_data", "update.question"] == _keys(
        a_goal(starts_on=START), 2, 5, weeks=20
    )


@pytest.mark.parametrize("language", ["en", "es", "prs"])
@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.kind.value)
def test_every_measure_can_be_told_in_every_language(measure: Measure, language: str) -> None:
    """A value of any measure has words; no key of a phrase reaches a family."""
    text = render(value_phrase(a_goal(measure=measure, baseline=1, target=2), 1.25), language).text

    assert text
    assert "value." not in text


def test_measure_speaks_with_its_own_unit() -> None:
    """Reading aloud is told in words in a minute, not in counts."""
    goal = a_goal(measure=Measure(kind=MeasureKind.CBM, cbm_task=CbmTask.ORAL_READING))

    assert Phrase(key="value.words_correct_per_minute", params={"value": 58.3}) == value_phrase(goal, 58.333)


def test_own_words_for_a_skill_stay_in_their_language() -> None:
    """A skill outside the catalogue is quoted as written and never translated."""
    own = words("amarrarse los zapatos", "es")
    goal = a_goal(skill_words=own)

    assert Phrase(key="skill.own_words", params={"words": own}) == skill_of(goal)
    assert Phrase(key="skill.sight_words") == skill_of(a_goal(skill_key="sight_words"))
    finding = find(goal, [], on=TODAY)
    parts = update_parts(goal, finding, child="Maya")
    for language in ("en", "prs"):
        assert all("amarrarse los zapatos" in render(part, language).text for part in parts)
    assert {Name(text="Maya")} == {
        part.params["child"] for part in parts if isinstance(part, Phrase) and "child" in part.params
    }
