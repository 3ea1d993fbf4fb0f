"""Recording over real HTTP: the grid, one tap at a time, the end of a session, the forms, and corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from iepcore.plan import DataPoint, TrialOutcome
from tests.unit.screens.conftest import House

GROUP = ("maya", "theo", "tess", "ivo")


def test_grid_opens_at_once(house: House) -> None:
    """The obvious group needs no choosing: four children who practise the same words, five tries each."""
    answer = house.get("/app/record", as_="halloran")

    assert 200 == answer.status_code
    text = answer.get_data(as_text=True)
    assert 4 == text.count("data-row=")
    assert "4 children · 5 tries each" in text
    assert "Reading common words" in text
