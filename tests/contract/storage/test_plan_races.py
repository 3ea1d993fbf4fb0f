"""Two people put two parts into one plan at once on PostgreSQL, where both read before either has written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from iepcore.access import Person
from iepcore.caseload import Caseload
from iepcore.errors import Conflict
from iepcore.ids import SiteId
from iepcore.plan.document import PlanPart, part_hash
from iepcore.ports import Store
from lti_app.doors.records import Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault
from tests.unit.caseload.plan_town import PlanTown, said


class _Plans:
    """Plans whose first reader of a version waits for the other one."""

    def __init__(self, plans: Any, meet: Any) -> None:
        self._plans, self._meet = plans, meet

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plans, name)

    def version(self, version_id: Any) -> Any:
        """Read, then wait until the other has read, too."""
        found = self._plans.version(version_id)
        self._meet()
        return found


class _Unit:
    def __init__(self, uow: Any, meet: Any) -> None:
        self._uow, self.plans = uow, _Plans(uow.plans, meet)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


class _MeetingStore:
    """A store whose first write unit meets the other writer's half-way; later ones go on alone."""

    def __init__(self, store: Store, meeting: threading.Barrier) -> None:
        self.store, self.site_id, self._meeting = store, store.site_id, meeting
        self._has_met = False

    def read(self) -> Any:
        """Give a read unit as it is."""
        return self.store.read()

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Give a write unit."""
        with self.store.write() as uow:
            yield _Unit(uow, self._meet)

    def _meet(self) -> None:
        if not self._has_met:
            self._has_met = True
            self._meeting.wait(30)


@pytest.mark.postgres
@pytest.mark.parametrize("same", [False, True], ids=["two parts", "one part"])
def test_of_two_writers_at_once_nobody_loses_words(
    postgres_engines: Engines, vault: Vault, same: bool
) -> None:
    """Different parts both stand; of one part the first stands and the second is carried beside it."""

    def open_store(site_id: SiteId) -> Store:
        SqlDoorStore(postgres_engines, vault).add_site(Site(id=site_id, name="A school", zone="UTC"))
        return SqlStore(postgres_engines, site_id)

    town = PlanTown(open_store)
    draft = town.draft()
    assert draft.contents.placement is not None
    level = draft.contents.levels[0]
    placed = {
        name: replace(draft.contents.placement, why_apart=said(f"Said by the {name}."))
        for name in ("manager", "teacher")
    }
    written = replace(level, now=said("Asks in 3 of 10 chances."))
    meeting = threading.Barrier(2)
    clashes: list[Conflict] = []

    def put(name: str) -> None:
        store = _MeetingStore(town.store, meeting)
        drafting = Caseload(store, Person(adult_id=town.id(name)), town.clock).drafting
        part, value, about = PlanPart.PLACEMENT, placed[name], ""
        if name == "teacher" and not same:
            part, value, about = PlanPart.LEVEL, written, level.area  # type: ignore[assignment]
        stands = part_hash(draft.contents, part, about)
        try:
            drafting.put(draft.id, part, value, started_from=stands, about=about)
        except Conflict as clash:
            clashes.append(clash)

    threads = [threading.Thread(target=put, args=(name,)) for name in placed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with town.store.read() as uow:
        kept = uow.plans.version(draft.id)
    assert kept is not None
    if same:
        (clash,) = clashes
        assert {clash.current, clash.yours} == set(placed.values())
        assert clash.current == kept.contents.placement
    else:
        assert [] == clashes
        assert (placed["manager"], (written,)) == (kept.contents.placement, kept.contents.levels)
