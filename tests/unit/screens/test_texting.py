"""Consent to text messages on a screen: asked, noted with the number, taken back; a wrong number is told."""

from __future__ import annotations

from tests.unit.screens.conftest import House


def _post(house: House, number: str, do: str = "agreed", *, as_: str = "halloran") -> int:
    form = {"adult": str(house.adult("elena")), "number": number, "do": do}
    return house.post(f"/app/c/{house.student('lucia')}/texting", form, as_=as_).status_code


def test_what_an_adult_said_is_noted_with_the_number(house: House) -> None:
    """Not asked, agreed, does not want them: each with who noted it; a wrong number stays to be mended."""
    path = f"/app/c/{house.student('lucia')}/texting"
    assert "Not asked yet" in house.get(path, as_="halloran").text
    assert 200 == _post(house, "+1 (504) 555-0117")
    agreed = house.get(path, as_="halloran").text
    assert "Agreed, noted by Priya Halloran" in agreed
    assert "+15045550117" in agreed
    wrong = house.post(
        path, {"adult": str(house.adult("elena")), "number": "555", "do": "agreed"}, as_="halloran"
    )
    assert 422 == wrong.status_code
    assert 'value="555"' in wrong.text
    house.clock.forward(minutes=1)
    assert 200 == _post(house, "+15045550117", "no")
    assert "Does not want text messages" in house.get(path, as_="halloran").text


def test_only_who_may_change_rights_notes_it(house: House) -> None:
    """A family and a stranger see nothing of it."""
    for name in ("elena", "eklund"):
        assert 404 == _post(house, "+15045550117", as_=name)
