"""Progress text for the district's own system: its codes, its length, no sentence cut."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.calendars import OfficialPlan, ProgressCode
from iepcore.ids import GoalId
from iepcore.progress import FindingWord
from lti_app.screens.official_copy import fitted
from tests.unit.screens.conftest import House
from tests.unit.screens.plans import keep_plans_here


def goal(house: House) -> GoalId:
    """Maya's goal."""
    return house.caseload("halloran").goals.student(house.student("maya")).cards[0].goal.id


def set_system(house: House, official: OfficialPlan) -> None:
    """Say where the official plan is kept."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        now = uow.calendars.choices()
        uow.calendars.add_choices(
            replace(now, version=now.version + 1, official_plan=official, changed_at=house.clock())
        )


def read(house: House) -> str:
    """The page with the text."""
    answer = house.get(f"/app/g/{goal(house)}/copy", as_="halloran")
    assert 200 == answer.status_code
    return html.unescape(answer.text)


def test_the_text_has_the_systems_code_and_fits(house: House) -> None:
    """Code first, then the finding; what does not fit is shown as left out."""
    codes = tuple(ProgressCode(word=word, code=f"P-{place}") for place, word in enumerate(FindingWord))
    set_system(house, OfficialPlan(name="Frontline", link="https://x.example/", codes=codes, text_limit=120))
    text = read(house)
    shown = text.split("readonly>")[1].split("</textarea>")[0]
    assert shown.startswith("P-")
    assert len(shown) <= 120
    assert f"{len(shown)} of 120 characters" in text
    assert "Left out, because it would be too long" in text
    assert "Copy for Frontline" in text
    assert 'href="https://x.example/"' in text
    assert "Copy for Frontline" in house.get(f"/app/g/{goal(house)}", as_="halloran").text


def test_a_system_nobody_has_named_yet(house: House) -> None:
    """The default: elsewhere, and nobody said where. The text is whole."""
    set_system(house, OfficialPlan())
    text = read(house)
    assert "Copy for the district’s system" in text
    assert "Left out" not in text
    assert 200 == house.get(f"/app/g/{goal(house)}/copy?lang=es", as_="halloran").status_code


def test_a_school_that_keeps_its_plans_here_has_nothing_to_copy(house: House) -> None:
    """No page, no button."""
    keep_plans_here(house)
    assert 404 == house.get(f"/app/g/{goal(house)}/copy", as_="halloran").status_code
    assert "Copy for" not in house.get(f"/app/g/{goal(house)}", as_="halloran").text


@pytest.mark.parametrize("key", ["moss", "dana"])
def test_who_does_not_see_everybodys_scores_has_no_text(house: House, key: str) -> None:
    """An aide sees own scores only, a parent has pages of their own."""
    set_system(house, OfficialPlan(name="SEIS"))
    assert 404 == house.get(f"/app/g/{goal(house)}/copy", as_=key).status_code


@given(
    st.lists(st.text(alphabet="abc .", min_size=1, max_size=60), min_size=1, max_size=6), st.integers(1, 200)
)
def test_no_sentence_is_lost_and_none_is_cut(parts: list[str], limit: int) -> None:
    """Each sentence is either in the text or left out; only a first one longer than the limit is parted."""
    parts = [" ".join(part.split()) or "x" for part in parts]
    made = fitted(parts, limit)
    assert made.length <= limit
    told = "".join((made.text, *made.left_out)).replace(" ", "")
    assert sorted("".join(parts).replace(" ", "")) == sorted(told)
    whole = fitted(parts, None)
    assert (" ".join(parts), ()) == (whole.text, whole.left_out)
