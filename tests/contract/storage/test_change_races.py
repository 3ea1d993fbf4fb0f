"""Two people note a change at once on PostgreSQL, where both may read before either has written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from iepcore.access import AuditKind, Person
from iepcore.caseload import Caseload, NewPhase
from iepcore.errors import Conflict
from iepcore.ids import SiteId
from iepcore.plan import Goal
from iepcore.ports import Store
from iepcore.testing import words
from lti_app.doors.records import Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault
from tests.unit.caseload.test_changes import CHANGE
from tests.unit.caseload.test_races import Moment
from tests.unit.caseload.town import Town


class _MeetingStore:
    """A store whose writers read the scores, wait for each other, and only then go on."""

    def __init__(self, store: Store, meeting: threading.Barrier) -> None:
        self.store, self.site_id, self._meeting = store, store.site_id, meeting

    def read(self) -> Any:
        """Give a read unit as it is."""
        return self.store.read()

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Give a write unit that meets the other one half-way."""
        with self.store.write() as uow:

            def meet(goal_ids: Any) -> Any:
                found = uow.plan.points_of_goals(goal_ids)
                self._meeting.wait(30)
                return found

            yield Moment(uow, {"points_of_goals": meet})


@pytest.mark.postgres
def test_of_two_changes_at_once_one_is_kept_and_the_other_carried(
    postgres_engines: Engines, vault: Vault
) -> None:
    """Both saw version 1; the second to write is told of the first, and holds what was written."""

    def open_store(site_id: SiteId) -> Store:
        SqlDoorStore(postgres_engines, vault).add_site(Site(id=site_id, name="A school", zone="UTC"))
        return SqlStore(postgres_engines, site_id)

    town = Town(open_store)
    meeting = threading.Barrier(2)
    kept: list[Goal] = []
    stale: list[Conflict] = []
    news = {
        name: NewPhase(starts_on=CHANGE, words=words(f"By the {name}")) for name in ("manager", "teacher")
    }

    def note(name: str) -> None:
        store = _MeetingStore(town.store, meeting)
        desk = Caseload(store, Person(adult_id=town.id(name)), town.clock).changes
        try:
            kept.append(desk.add(town.goal.id, news[name], version=1))
        except Conflict as refused:
            stale.append(refused)

    threads = [threading.Thread(target=note, args=(name,)) for name in news]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (1, 1) == (len(kept), len(stale))
    with town.store.read() as uow:
        assert kept[0] == uow.plan.goal(town.goal.id) == stale[0].current
    yours = stale[0].yours
    assert isinstance(yours, NewPhase)
    assert {kept[0].phases[0].words, yours.words} == {one.words for one in news.values()}
    assert replace(yours, words=kept[0].phases[0].words) in news.values()
    assert 1 == sum(one.kind is AuditKind.WRITE for one in town.trail())
