"""What is behind a source of rosters that no account opens: a file, its changes, another package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from connectors.oneroster import OneRosterDelta, OneRosterFault, OneRosterSource
from iepcore.errors import InvalidValue
from iepcore.ids import SiteId, new_uuid7
from iepcore.memory import MemoryStore
from iepcore.people import plan_course
from iepcore.ports import Store
from iepcore.testing.roster_values import a_feed
from lti_app.delivery.connections import CanvasConnections
from lti_app.doors.records import DoorStore, Site
from lti_app.rosters.sources import FeedSources, file_source, kept_of
from tests.contract.connectors.oneroster_zip import District, enrolled

SITE = Site(id=SiteId(new_uuid7()), name="Cedar Hollow", zone="America/Chicago")
FEED = replace(a_feed(), kind="oneroster", source="oneroster")


def opened(**changes: str) -> object:
    """Return what is behind a feed; no door is needed for it."""
    sources = FeedSources(cast("DoorStore", None), cast("CanvasConnections", None))
    with sources.open(SITE, replace(FEED, **changes)) as source:  # type: ignore[arg-type]
        return source


def stocked(folder: Path) -> Store:
    """Return a store with the small district taken in."""
    store: Store = MemoryStore(SITE.id)
    source = file_source(District().write(folder / "r.zip"), site=SITE, feed=FEED, store=store)
    with store.write() as uow:
        for roster in source.rosters(source.courses().courses):
            plan = plan_course((), (), roster, source="oneroster", seen_at=roster.pulled_at)
            uow.people.save_roster("oneroster", roster.course.id, plan.lines, complete=True)
            uow.rosters.replace_guardians("oneroster", roster.course.id, plan.hints, complete=True)
    return store


def test_a_file_is_there_only_while_it_is_brought(tmp_path: Path) -> None:
    """Without a path in its configuration nothing is behind it; nor behind a kind that nobody gives."""
    path = District().write(tmp_path / "r.zip")

    assert opened() is None
    assert opened(kind="a kind of nobody") is None
    source = opened(config=f"file = {path}\nschool = org-1")
    assert isinstance(source, OneRosterSource)
    assert ("oneroster", 3) == (source.source, len(source.courses().courses))


def test_a_configuration_without_a_form_is_refused() -> None:
    """Before anything is loaded."""
    with pytest.raises(InvalidValue, match="config_line"):
        opened(config="no sign")


def test_a_delta_is_applied_to_what_is_kept(tmp_path: Path) -> None:
    """Names and links are known from there; options stand with the source."""
    store = stocked(tmp_path)
    rows = [enrolled("c-art", "s-lena", status="active")]
    path = District(mode="delta", people=(), classes=(), enrollments=rows).write(tmp_path / "d.zip")
    feed = replace(FEED, config="sis_id = sourcedId")
    source = file_source(path, site=SITE, feed=feed, store=store)

    assert isinstance(source, OneRosterDelta)
    [art] = source.rosters(source.courses().courses)
    assert {"Omar Haidari", "Lena Nguyen", "Farid Haidari"} == {one.name for one in art.people}
    assert {("p-farid", "s-omar"), ("p-farid", "s-lena")} == {
        (one.guardian_subject, one.student_subject) for one in art.guardians
    }


def test_what_is_kept_comes_back_as_rosters(tmp_path: Path) -> None:
    """Every course of the source, and nothing of another."""
    store = stocked(tmp_path)

    assert ["c-art", "c-math", "c-read"] == [one.course.id for one in kept_of(store, "oneroster")]
    assert () == kept_of(store, "another")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """Whatever kind it would have been."""
    path = tmp_path / "r.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(OneRosterFault, match="not_a_zip"):
        file_source(path, site=SITE, feed=FEED, store=MemoryStore(SITE.id))
