"""What earlier updates mean for the next words: growth since the last one, and what only staff may choose."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.caseload.updating import has_chosen_look, offered_parts, since_last_update
from iepcore.errors import NotPermitted
from iepcore.family import TEAM_LOOKS, Message, MessageKind
from iepcore.ids import AdultId
from iepcore.language import FreeText, Phrase, render
from iepcore.plan import DataPoint, FindingPolicy, Goal, find, growth_since
from iepcore.progress import FindingWord
from iepcore.testing import a_goal, a_message, a_thread, an_adult, an_assignment
from iepcore.testing.store_values import a_point
from tests.unit.caseload.test_households import assert_nothing_of
from tests.unit.caseload.town import START, Town

DAY, WEEK = timedelta(days=1), timedelta(days=7)
ZONE = ZoneInfo("America/Denver")
POLICY = FindingPolicy()
MOTHER, FATHER = an_adult().id, an_adult().id
GOAL = a_goal(starts_on=START)
SCORES = {1: 30.0, 2: 34.0, 3: 40.0, 4: 45.0, 5: 52.0}
TODAY = START + WEEK * 5


def _points(goal: Goal = GOAL, scores: dict[int, float] | None = None) -> list[DataPoint]:
    """Return a point in each week."""
    return [
        a_point(goal, score=score, observed_on=START + WEEK * week)
        for week, score in (SCORES if scores is None else scores).items()
    ]


def _letter(*readers: AdultId, on: date = START + WEEK * 3, **changes: Any) -> Message:
    """Return an update about the goal, sent at nine in the morning."""
    whole: dict[str, Any] = {
        "kind": MessageKind.UPDATE,
        "recipient_ids": frozenset(readers),
        "sent_at": datetime(on.year, on.month, on.day, 9, tzinfo=ZONE),
        "parts": (Phrase(key="update.question"),),
    }
    return a_message(a_thread(GOAL), **whole | changes)


def _since(*messages: Message, readers: set[AdultId] | None = None, **changes: Any) -> date | None:
    """Return the day of the score that growth is told from, None when there is none to tell."""
    asked: dict[str, Any] = {"on": TODAY, "zone": ZONE, **changes}
    found = since_last_update(GOAL, _points(), messages, {MOTHER} if readers is None else readers, **asked)
    return None if found is None else found.before_on


# ---------------------------------------------------------------------------------------------- growth since


def test_growth_is_told_since_the_newest_update() -> None:
    """From the last score its readers can have known to the newest one."""
    old, new = _letter(MOTHER, on=START + WEEK), _letter(MOTHER, on=START + WEEK * 3)
    found = since_last_update(GOAL, _points(), [new, old], {MOTHER}, on=TODAY, zone=ZONE)

    assert growth_since(GOAL, _points(), START + WEEK * 3, on=TODAY) == found
    assert found is not None
    assert (40.0, 52.0, True) == (found.before, found.now, found.is_gain)


@pytest.mark.parametrize(
    "letter",
    [
        _letter(MOTHER, kind=MessageKind.REPLY),
        _letter(MOTHER, kind=MessageKind.NOTE),
        _letter(MOTHER, kind=MessageKind.REPLY, from_family=True),
        _letter(MOTHER, goal_id=None),
        _letter(MOTHER, goal_id=a_goal().id),
        _letter(FATHER),
        _letter(),
        _letter(MOTHER, on=START),
        _letter(MOTHER, on=TODAY),
    ],
    ids=[
        "an answer", "a note", "the family's own words", "a letter in general", "another goal",
        "the other household's", "nobody's", "before any score", "no score since",
    ],
)  # fmt: skip
def test_only_an_update_about_the_goal_to_its_readers_counts(letter: Message) -> None:
    """Anything else is no day to tell growth from."""
    assert _since(letter) is None


def test_update_that_only_some_readers_got_tells_no_day() -> None:
    """A letter to both goes by the last one that both have, and an adult alone by their own."""
    both = _letter(MOTHER, FATHER, on=START + WEEK)
    hers = _letter(MOTHER, on=START + WEEK * 3)

    assert START + WEEK == _since(both, hers, readers={MOTHER, FATHER})
    assert START + WEEK == _since(both, hers, readers={FATHER})
    assert START + WEEK * 3 == _since(both, hers, readers={MOTHER})
    assert _since(hers, readers={MOTHER, FATHER}) is None
    assert _since(both, hers, readers=set()) is None


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Denver", START + WEEK * 3), ("Asia/Kabul", START + WEEK * 4), ("UTC", START + WEEK * 4)],
)
def test_day_of_an_update_is_the_schools(zone: str, day: date) -> None:
    """Ten in the evening in Denver is the next day further east; the score of that day tells which it was."""
    evening = START + WEEK * 4 - DAY
    late = datetime(evening.year, evening.month, evening.day, 22, tzinfo=ZONE)

    assert day == _since(_letter(MOTHER, sent_at=late), zone=ZoneInfo(zone))


@given(
    letters=st.lists(
        st.tuples(st.integers(0, 34), st.sets(st.sampled_from([MOTHER, FATHER]), min_size=1)), max_size=6
    )
)
def test_one_household_changes_nothing_for_the_other(letters: list[tuple[int, set[AdultId]]]) -> None:
    """Whatever the father alone is sent, what the mother is told since is the same."""
    sent = [_letter(*to, on=START + DAY * day) for day, to in letters]
    hers = [one for one in sent if MOTHER in one.recipient_ids]

    assert _since(*hers) == _since(*sent)
    shared = [one for one in sent if len(one.recipient_ids) == 2]
    both = {MOTHER, FATHER}
    assert _since(*shared, readers=both) == _since(*sent, readers=both)


# ---------------------------------------------------------------------------------------- the team will look

LOW = dict.fromkeys(range(1, 30), 5.0)
LATE = START + DAY * 2 * POLICY.period_days


def _found(on: date = LATE, scores: dict[int, float] | None = None) -> Any:
    return find(GOAL, _points(scores=LOW if scores is None else scores), on=on)


def test_team_looks_is_offered_after_two_periods_of_not_yet() -> None:
    """The sentence is there to choose, once, on the day there have been two; no other word offers it."""
    points = _points(scores=LOW)
    early = LATE - DAY

    assert FindingWord.NOT_YET is _found(early).word
    assert () == offered_parts(GOAL, _found(early), points, on=early, policy=POLICY)
    assert (TEAM_LOOKS,) == offered_parts(GOAL, _found(), points, on=LATE, policy=POLICY)
    good = dict.fromkeys(LOW, 90.0)
    assert () == offered_parts(GOAL, _found(scores=good), _points(scores=good), on=LATE, policy=POLICY)


def _told(*messages: Message, on: date = LATE, scores: dict[int, float] | None = None) -> bool:
    found = _found(on, scores)
    return has_chosen_look(found, messages, {MOTHER}, on=on, zone=ZONE, policy=POLICY)


def test_family_reads_it_once_staff_have_chosen_it() -> None:
    """For as long as the period lasts and the word is still "not yet"."""
    chosen = _letter(MOTHER, on=LATE, parts=(TEAM_LOOKS,))
    lasts = DAY * (POLICY.period_days - 1)

    assert _told(chosen)
    assert _told(chosen, on=LATE + lasts)
    assert not _told(chosen, on=LATE + lasts + DAY)
    assert not _told(chosen, scores=dict.fromkeys(LOW, 90.0))


@pytest.mark.parametrize(
    "letter",
    [
        _letter(MOTHER, on=LATE),
        _letter(FATHER, on=LATE, parts=(TEAM_LOOKS,)),
        _letter(MOTHER, on=LATE, parts=(TEAM_LOOKS,), goal_id=None),
        _letter(MOTHER, on=LATE, parts=(TEAM_LOOKS,), from_family=True),
        _letter(MOTHER, on=LATE, parts=(FreeText(text=render(TEAM_LOOKS, "en").text, lang="en"),)),
    ],
    ids=["without it", "the other household's", "in general", "the family's own words", "edited words"],
)
def test_nobody_else_chooses_it(letter: Message) -> None:
    """Neither the data, nor another letter, nor the family itself."""
    assert not _told(letter)


def test_no_letter_no_look() -> None:
    """Two periods of "not yet" alone put nothing on the family's page."""
    assert not _told()


# ------------------------------------------------------------------------------- on the screens, both stores


def _record(town: Town, scores: dict[int, float]) -> None:
    with town.store.write() as uow:
        for week, score in scores.items():
            uow.plan.add_point(a_point(town.goal, score=score, observed_on=START + WEEK * week))


def _keys(parts: Any) -> list[str]:
    return [part.key for part in parts if isinstance(part, Phrase)]


def test_growth_since_the_last_update_comes_first(each_town: Town) -> None:
    """On the teacher's page by what every reader got, on each family's by what that adult got."""
    town = each_town
    _record(town, {1: 30.0, 2: 36.0, 3: 44.0, 4: 50.0})
    for days, readers in ((8, ("mother", "father")), (15, ("mother",))):
        town.clock.stand_on(START + DAY * days)
        town.write_to(*readers)
    town.clock.stand_on(START + DAY * 29)
    page = town.caseload("teacher").writing.compose(town.maya.id, town.goal.id)
    mother, father = (
        next(row for row in town.caseload(name).home.child(town.maya.id).goals if row.card.goal == town.goal)
        for name in ("mother", "father")
    )

    first = page.suggested[0]
    assert isinstance(first, Phrase)
    assert ("update.growth_since", START + WEEK) == (first.key, first.params["day"])
    assert mother.since is not None
    assert father.since is not None
    assert (36.0, 50.0) == (mother.since.before, mother.since.now)
    assert (30.0, 50.0) == (father.since.before, father.since.now)
    assert_nothing_of(town, "mother", town.caseload("father").home.child(town.maya.id))


def test_letter_to_one_household_only_tells_no_common_day(town: Town) -> None:
    """Nothing both got: growth is told over the period, and neither learns of the other's letter."""
    _record(town, {1: 30.0, 2: 36.0, 3: 44.0, 4: 50.0})
    town.clock.stand_on(START + DAY * 15)
    town.write_to("mother")
    town.clock.stand_on(START + DAY * 29)
    page = town.caseload("teacher").writing.compose(town.maya.id, town.goal.id)

    assert "update.growth" == _keys(page.suggested)[0]
    father = town.caseload("father").home.child(town.maya.id)
    assert [None, None] == [row.since for row in father.goals]


def test_team_looks_is_there_only_once_chosen(each_town: Town) -> None:
    """Offered to the writer, on no page by itself; chosen for the mother, on hers and not on the father's."""
    town = each_town
    _record(town, dict.fromkeys(range(1, 20), 5.0))
    town.clock.stand_on(START + WEEK * 18)

    def looks(name: str) -> list[bool]:
        page = town.caseload(name).home.child(town.maya.id)
        return [row.team_looks for row in page.goals if row.card.goal == town.goal]

    page = town.caseload("teacher").writing.compose(town.maya.id, town.goal.id)
    assert (TEAM_LOOKS,) == page.offered
    assert TEAM_LOOKS.key not in _keys(page.suggested)
    assert ([False], [False]) == (looks("mother"), looks("father"))

    town.write_to("mother", parts=(*page.suggested, TEAM_LOOKS))
    assert ([True], [False]) == (looks("mother"), looks("father"))
    other = town.caseload("teacher").writing.compose(town.maya.id, town.second.id)
    assert () == other.offered


def test_parent_on_the_team_reads_her_own_letters_only(town: Town) -> None:
    """A mother who teaches there wrote it to the father: on her own page nothing was said to her."""
    _record(town, dict.fromkeys(range(1, 20), 5.0))
    town.clock.stand_on(START + WEEK * 18)
    with town.store.write() as uow:
        place = an_assignment(town.maya, town.adults["mother"], starts_on=START)
        uow.people.add_assignment(place)
    town.write_to("father", by="mother", parts=(TEAM_LOOKS,))
    (row,) = [
        one for one in town.caseload("mother").home.child(town.maya.id).goals if one.card.goal == town.goal
    ]

    assert (False, None) == (row.team_looks, row.since)


@pytest.mark.parametrize("name", ["teacher", "aide", "stranger"])
def test_page_of_a_family_is_drawn_for_no_one_else(town: Town, name: str) -> None:
    """What was told to one adult stands on that adult's page only."""
    with pytest.raises(NotPermitted):
        town.caseload(name).home.child(town.maya.id)


@pytest.mark.parametrize("name", ["aide", "sub"])
def test_who_writes_no_letters_sees_none_prepared(town: Town, name: str) -> None:
    """An aide reads her own scores; the sentences are made of everybody's."""
    _record(town, SCORES)
    with pytest.raises(NotPermitted, match="not_in_matrix"):
        town.caseload(name).writing.compose(town.maya.id, town.goal.id)
