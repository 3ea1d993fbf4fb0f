"""The recording grid over real HTTP: one tap at a time, undo, repeats, refusals, and the end of a session."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from iepcore.caseload import NewGoal
from iepcore.ids import ClientKey, GoalId
from iepcore.language import FreeText
from iepcore.plan import TrialOutcome
from iepcore.progress import PercentReading
from lti_app.session.tokens import hash_of
from tests.unit.screens.conftest import House

GROUP = ("ivo", "maya", "tess", "theo")


class Hand:
    """A member of staff who taps on one child's words goal, as the page's script would."""

    def __init__(self, house: House, *, who: str = "halloran", child: str = "maya") -> None:
        self.house, self.who = house, who
        self.goal = house.goal(child, "words")
        self.set_key = uuid4()

    def send(self, **changes: object) -> Any:
        body: dict[str, object] = {
            "goal": str(self.goal),
            "set_key": str(self.set_key),
            "client_key": str(uuid4()),
            "outcome": "correct",
            "at": self.house.clock().isoformat(),
            "planned": 5,
        } | changes
        answer = self.house.post(
            "/app/record/tap", as_=self.who, json={k: v for k, v in body.items() if v is not None}
        )
        self.house.clock.forward(seconds=2)
        return answer

    def tap(self, outcome: str = "correct", **changes: object) -> Any:
        answer = self.send(outcome=outcome, **changes)
        assert 200 == answer.status_code
        return answer.get_json()

    def undo(self, key: str, **changes: object) -> Any:
        return self.send(outcome=None, undoes=key, **changes)

    def end(self) -> Any:
        return self.house.post("/app/record/end", {"s": f"{self.goal}.{self.set_key}"}, as_=self.who)

    def points(self) -> list[PercentReading]:
        """The readings that came from sets, oldest first."""
        history = self.house.caseload(self.who).goals.goal(GoalId(self.goal)).history
        found = [point.reading for point in history if point.from_set is not None]
        return [reading for reading in found if isinstance(reading, PercentReading)]


@pytest.fixture
def hand(house: House) -> Hand:
    """Ms. Halloran at Maya's row."""
    return Hand(house)


def rows_of(text: str) -> list[str]:
    """The ids of the goals whose rows a page shows."""
    return re.findall(r'data-row="([0-9a-f-]+)"', text)


def test_grid_opens_at_once(house: House) -> None:
    """The obvious group needs no choosing: four children who practise the same words, five tries each."""
    answer = house.get("/app/record", as_="halloran")

    assert 200 == answer.status_code
    text = answer.get_data(as_text=True)
    assert [str(house.goal(child, "words")) for child in GROUP] == rows_of(text)
    assert "4 children · 5 tries each" in text
    assert "Reading common words" in text


def test_grid_shows_the_tries_that_stand(house: House, hand: Hand) -> None:
    """A page loaded again goes on where the last one was."""
    hand.tap("correct")
    hand.tap("prompted")
    text = house.get("/app/record", as_="halloran").get_data(as_text=True)

    assert "1 of 2 alone" in text
    assert f'value="{hand.set_key}"' in text


def test_rows_can_be_picked(house: House) -> None:
    """An address with goals shows these and in this order; one that is unknown is left out."""
    wanted = [str(house.goal("theo", "words")), str(house.goal("maya", "words"))]
    query = "&".join(f"g={one}" for one in [*wanted, str(uuid4())])
    text = house.get(f"/app/record?{query}", as_="halloran").get_data(as_text=True)

    assert wanted == rows_of(text)


def test_two_skills_on_one_grid_are_named(house: House) -> None:
    """Where skills differ the row says which, so that one child can stand there twice."""
    query = f"g={house.goal('theo', 'words')}&g={house.goal('theo')}"
    text = house.get(f"/app/record?{query}", as_="halloran").get_data(as_text=True)

    assert "Theo: Reading common words" in text
    assert "Theo: Clear speech" in text


def test_goal_with_another_measure_leads_to_its_form(house: House) -> None:
    """Words in a minute are not tapped try by try."""
    goal = house.goal("maya")
    answer = house.get(f"/app/record?g={goal}", as_="halloran")

    assert f"/app/g/{goal}/point" == answer.headers["Rapport-Goto"]
    assert f'href="/app/g/{goal}/point"' in house.get("/app/record", as_="halloran").get_data(as_text=True)


def test_a_tap_is_stored_and_answered_with_what_stands(hand: Hand) -> None:
    """One tap is one request: the set begins with it."""
    assert ["correct"] == [outcome for _, outcome in hand.tap("correct")["tries"]]
    assert ["correct", "no_response"] == [outcome for _, outcome in hand.tap("no_response")["tries"]]


def test_the_same_tap_twice_is_one_try(hand: Hand) -> None:
    """A lost answer is followed by the same tap again."""
    key = str(uuid4())
    first = hand.tap("correct", client_key=key)
    again = hand.tap("correct", client_key=key)

    assert [[key, "correct"]] == first["tries"] == again["tries"]
    assert 1 == again["lines"]


def test_undo_takes_a_try_back_once(hand: Hand) -> None:
    """The page names the try; sending the undo again changes nothing."""
    kept = hand.tap("correct")["tries"][0][0]
    wrong = hand.tap("incorrect")["tries"][1][0]
    key = str(uuid4())

    assert [[kept, "correct"]] == hand.undo(wrong, client_key=key).get_json()["tries"]
    assert [[kept, "correct"]] == hand.undo(wrong, client_key=key).get_json()["tries"]


def test_a_full_set_refuses_one_more_and_says_how_it_stands(hand: Hand) -> None:
    """Five were planned; the sixth comes back with a sentence and the five."""
    for _ in range(5):
        hand.tap("correct")
    answer = hand.send()

    assert 422 == answer.status_code
    assert "tries_full" == answer.get_json()["code"]
    assert "All planned tries are in. Undo one, or end the set." == answer.get_json()["words"]
    assert 5 == len(answer.get_json()["tries"])


def test_an_ended_set_takes_no_tap(hand: Hand) -> None:
    """The page learns that it must begin a new set."""
    hand.tap("correct")
    hand.end()
    answer = hand.send()

    assert (409, "set_ended") == (answer.status_code, answer.get_json()["code"])


def test_a_wrong_clock_does_not_move_a_try_into_another_year(house: House, hand: Hand) -> None:
    """A device that believes in 1970 or in next week gets the server's time."""
    hand.tap(at="1970-01-01T00:00:00Z")
    hand.tap(at=(house.clock() + timedelta(days=7)).isoformat())
    hand.tap(at="no time at all")
    hand.end()
    point = house.caseload("halloran").goals.goal(GoalId(hand.goal)).history[-1]

    assert "2026-11-23" == point.observed_on.isoformat()


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "perfect"},
        {"outcome": None},
        {"planned": True},
        {"planned": 0},
        {"planned": "5"},
        {"client_key": "short"},
        {"set_key": 7},
    ],
)
def test_what_is_no_tap_is_refused(hand: Hand, changes: dict[str, object]) -> None:
    """A tap that does not say what happened comes back with a sentence; nothing is stored."""
    answer = hand.send(**changes)

    assert 422 == answer.status_code
    assert answer.get_json()["words"]
    assert ["correct"] == [outcome for _, outcome in hand.tap()["tries"]]


def test_a_key_of_another_childs_set_is_refused(house: House, hand: Hand) -> None:
    """A set belongs to one goal."""
    hand.tap()
    other = Hand(house, child="theo")
    other.set_key = hand.set_key

    assert "key_of_other_set" == other.send().get_json()["code"]


def test_a_strangers_goal_is_not_there(house: House) -> None:
    """A goal of a child whose team one is not on, and a goal that does not exist: the same bytes."""
    stranger = Hand(house, who="daly")
    barred = stranger.send()
    absent = stranger.send(goal=str(uuid4()))

    assert (404, 404) == (barred.status_code, absent.status_code)
    assert absent.data == barred.data
    for path in ("/app/record?g={}", "/app/g/{}/point"):
        barred = house.get(path.format(stranger.goal), as_="daly")
        absent = house.get(path.format(uuid4()), as_="daly")
        assert (404, absent.data) == (barred.status_code, barred.data)


def test_a_family_has_no_recording_screens(house: House, hand: Hand) -> None:
    """A parent with every right still finds nothing here."""
    for path in ("/app/record", "/app/record/done", f"/app/g/{hand.goal}/point"):
        assert 404 == house.get(path, as_="dana").status_code
    assert 404 == Hand(house, who="dana").send().status_code


def test_somebody_acting_as_a_teacher_can_only_look(house: House, hand: Hand) -> None:
    """The grid is shown without its script and its end; a tap that is sent all the same is refused."""
    token = house.token("halloran")
    session = house.wired.doors.session(hash_of(token))
    assert session is not None
    house.wired.doors.open_session(replace(session, key="", token_hash=hash_of("m" * 43), masquerade=True))
    house.tokens["halloran/auto"] = "m" * 43
    text = house.get("/app/record", as_="halloran").get_data(as_text=True)

    assert "You are acting as someone else" in text
    assert "record.js" not in text
    assert "End session" not in text
    assert (403, "masquerade") == ((refused := hand.send()).status_code, refused.headers["Rapport-Answer"])


def test_somebody_without_children_is_told_so(house: House) -> None:
    """A records officer is on no team."""
    assert "Nothing to record yet" in house.get("/app/record", as_="ames").get_data(as_text=True)


def test_the_end_makes_points_and_shows_them(house: House, hand: Hand) -> None:
    """What each set became: count, finding, the ways to the family and to a correction."""
    for outcome in ("correct", "correct", "prompted", "incorrect", "no_response"):
        hand.tap(outcome)
    answer = hand.end()
    path = answer.headers["Rapport-Goto"]
    text = house.get(path, as_="halloran").get_data(as_text=True)

    assert [PercentReading(correct=2, trials=5)] == hand.points()
    assert "2 of 5 alone" in text
    assert 'class="status ' in text
    assert f'href="/app/g/{hand.goal}/write"' in text
    assert "1 score is saved at school." in text


def test_the_end_twice_is_one_point(house: House, hand: Hand) -> None:
    """A lost answer is followed by the same end again; both lead to the same page with the same point."""
    hand.tap("correct")
    first, again = hand.end(), hand.end()

    assert first.headers["Rapport-Goto"] == again.headers["Rapport-Goto"]
    assert 1 == len(hand.points())
    assert "1 of 1 alone" in house.get(again.headers["Rapport-Goto"], as_="halloran").get_data(as_text=True)


def test_a_session_without_tries_makes_no_point(house: House, hand: Hand) -> None:
    """All taken back is not zero of five."""
    key = hand.tap("correct")["tries"][0][0]
    hand.undo(key)
    path = hand.end().headers["Rapport-Goto"]

    assert [] == hand.points()
    assert "No score was made" in house.get(path, as_="halloran").get_data(as_text=True)


def test_a_paraprofessional_records_and_is_not_offered_the_family(house: House) -> None:
    """An aide of the team taps like the teacher; writing to the family is not theirs."""
    aide = Hand(house, who="moss")
    aide.tap("correct")
    text = house.get(aide.end().headers["Rapport-Goto"], as_="moss").get_data(as_text=True)

    assert "1 of 1 alone" in text
    assert "/write" not in text


def test_two_people_at_one_child_keep_their_own_sets(house: House, hand: Hand) -> None:
    """The aide's tries are not the teacher's; both become points."""
    aide = Hand(house, who="moss")
    assert 1 == len(hand.tap()["tries"])
    assert 1 == len(aide.tap("incorrect")["tries"])
    hand.end()
    aide.end()
    expected = [PercentReading(correct=1, trials=1), PercentReading(correct=0, trials=1)]

    assert expected == hand.points()


def test_a_form_is_no_tap(house: House) -> None:
    """Only the page's script speaks to this address."""
    assert 422 == house.post("/app/record/tap", {"outcome": "correct"}, as_="halloran").status_code


def test_the_group_one_is_in_the_middle_of_opens_first(house: House) -> None:
    """Whoever comes back finds the tries that stand, not the larger group."""
    goal = house.goal("theo")
    key = ClientKey(uuid4())
    house.caseload("halloran").progress.tap(
        goal, key, ClientKey(uuid4()), TrialOutcome.CORRECT, planned_trials=20
    )
    text = house.get("/app/record", as_="halloran").get_data(as_text=True)

    assert [str(goal)] == rows_of(text)
    assert "Reading common words" in text  # the other group, as a link


def test_a_skill_in_own_words_makes_a_group_too(house: House) -> None:
    """The same words of the author, whatever the letters' size, are the same skill."""
    known = house.caseload("halloran").goals.goal(house.goal("maya", "words")).card.goal
    for child, words in (("maya", "Tying shoes"), ("theo", "tying shoes")):
        new = NewGoal(
            area=known.area,
            text=known.text,
            measure=known.measure,
            baseline=known.baseline,
            target=known.target,
            direction=known.direction,
            criterion=known.criterion,
            starts_on=known.starts_on,
            ends_on=known.ends_on,
            skill_words=FreeText(text=words, lang="en"),
        )
        house.caseload("halloran").goals.add(house.student(child), new)
    text = house.get("/app/record", as_="halloran").get_data(as_text=True)

    assert "Maya, Theo" in text
    assert "Tying shoes" in text


@pytest.mark.parametrize("path", ["/app/record", "/app/record/done"])
def test_no_name_is_in_an_address(house: House, path: str) -> None:
    """Ids alone stand in the links of the recording screens."""
    text = house.get(path, as_="halloran").get_data(as_text=True)
    for link in re.findall(r'(?:href|action)="(/app/[^"]*)"', text):
        for word in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", link):
            UUID(word)
        assert not re.search("maya|theo|tess|ivo|words", link, re.IGNORECASE)
