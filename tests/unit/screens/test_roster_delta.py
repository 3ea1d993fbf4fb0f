"""A file of changes brought on the page "Rosters": applied to what is known, and called what it is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from iepcore.people import Shortfall, ShortfallKind
from lti_app.rosters.pulling import RosterWorker
from lti_app.screens.page import Frame
from lti_app.screens.rosters_words import shortfall_words
from tests.contract.connectors.oneroster_zip import District, enrolled
from tests.unit.screens.conftest import House
from tests.unit.screens.test_rosters import bring


def contents(path: Path, district: District) -> bytes:
    """Return a zip's bytes."""
    return district.write(path).read_bytes()


def test_a_file_of_changes_is_taken_in(house: House, tmp_path: Path) -> None:
    """Who is deleted leaves, everybody else stays, and the course says why it is a part."""
    place = bring(house, content=contents(tmp_path / "whole.zip", District())).headers["Rapport-Goto"]
    house.post(place, {"do": "accept"}, as_="ames")
    RosterWorker(house.wired).round()
    rows = [enrolled("c-read", "s-omar", status="tobedeleted")]
    changes = District(mode="delta", people=(), classes=(), enrollments=rows)
    again = bring(house, content=contents(tmp_path / "delta.zip", changes)).headers["Rapport-Goto"]
    RosterWorker(house.wired).round()
    page = house.get(again, as_="ames").get_data(as_text=True)

    assert place == again
    assert "The file told changes only; everybody else is as before." in page
    site = house.wired.doors.sites()[0]
    with house.wired.store(site.id).read() as uow:
        active = {one.subject for one in uow.people.roster("oneroster", "c-read") if one.active}
    assert {"t-reed", "t-park", "s-maya", "p-grace", "p-farid"} == active


def test_changes_before_anything_is_known_change_nothing(house: House, tmp_path: Path) -> None:
    """They are about classes that nobody knows here."""
    changes = District(mode="delta", people=(), classes=(), enrollments=[enrolled("c-x", "s-y")])
    assert bring(house, content=contents(tmp_path / "delta.zip", changes)).headers["Rapport-Goto"]


@pytest.mark.parametrize("kind", ShortfallKind)
def test_each_reason_has_its_sentence(kind: ShortfallKind) -> None:
    """A page that lacks one would not open at all."""
    frame = cast("Frame", SimpleNamespace(words=lambda text: text))
    assert all(shortfall_words(frame, [Shortfall(kind=kind)]))
