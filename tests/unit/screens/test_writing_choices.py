"""Writing to a family: what only staff may choose to say, and the way from an empty page to a goal's."""

from __future__ import annotations

import re

from iepcore.language import Phrase
from tests.unit.screens.conftest import House
from tests.unit.screens.letters_of import form_of


def path_of(house: House) -> str:
    """Return the address of Lucía's goal."""
    return f"/app/g/{house.goal('lucia')}"


def test_a_note_about_a_child_in_general_leads_to_the_goals_with_sentences(house: House) -> None:
    """The empty page teaches: each goal in use is one tap away; a goal's own page has no such line."""
    page = house.get(f"/app/c/{house.student('rosenda')}/write", as_="halloran").text

    assert "About one goal? Choose it" in page
    for goal in (house.goal("rosenda"), house.goal("rosenda", "next")):
        assert f'href="/app/g/{goal}/write"' in page
    assert "About one goal?" not in house.get(f"{path_of(house)}/write", as_="halloran").text


def test_what_staff_may_choose_to_say_is_never_ticked_by_itself(house: House) -> None:
    """After two periods of "not yet" the sentence stands there, explained; it goes out only when ticked."""
    path = f"/app/g/{house.goal('rosenda', 'next')}"
    page = house.get(f"{path}/write", as_="halloran").text
    assert "Yours to choose" in page
    assert "The sentence below goes out only when you tick it; the data never adds it." in page
    form = form_of(page)
    mark = re.findall(r'id="keep-(\w+)"[^>]*><span>The team will look at this plan', page)[0]
    assert mark not in form["keep"]
    assert "Yours to choose" not in house.get(f"{path_of(house)}/write", as_="halloran").text

    house.post(f"{path}/write", {**form, "keep": [*form["keep"], mark]}, as_="halloran")

    talk = house.caseload("halloran").conversation
    (entry,) = talk.page(house.student("rosenda"), house.goal("rosenda", "next")).entries
    assert "family.team_looks" in [part.key for part in entry.message.parts if isinstance(part, Phrase)]


def test_the_next_step_reaches_the_family_under_its_writers_name(house: House) -> None:
    """Staff wrote it, so their name stands with it: in the conversation and on the child's page."""
    form = {
        **form_of(house.get(f"{path_of(house)}/write", as_="halloran").text),
        "next_step": "We read in pairs on Tuesdays.",
    }
    house.post(f"{path_of(house)}/write", form, as_="halloran")

    for path in (f"{path_of(house)}/talk", f"/app/my/{house.student('lucia')}"):
        page = house.get(path, as_="elena").text
        before = page[: page.index("We read in pairs on Tuesdays.")]
        bubble = before[before.rindex("bubble-meta") :]
        assert "Priya Halloran" in bubble
        assert "Lo que hará la escuela" in bubble
