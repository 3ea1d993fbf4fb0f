"""The components' page is for the demonstration: elsewhere it is not there."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.screens.conftest import House


def test_components_are_absent_outside_the_demonstration(house: House) -> None:
    """The answer is that of any address nobody made, for a signed-in person, too."""
    answer = house.client.get("/_components")
    signed_in = house.get("/_components", as_="halloran")
    nothing = house.client.get("/_nothing")

    assert (404, 404) == (answer.status_code, nothing.status_code)
    assert nothing.data == answer.data == signed_in.data


def test_components_are_shown_in_the_demonstration(house: House) -> None:
    """Without signing in and without anybody's data."""
    house.wired.settings = replace(house.wired.settings, demo=True)

    answer = house.client.get("/_components")

    assert 200 == answer.status_code
    assert "<button" in answer.get_data(as_text=True)
