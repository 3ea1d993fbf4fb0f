"""What each contract class starts from: a store of a new site, and a classroom in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iepcore.ids import SiteId, new_uuid7
from iepcore.ports import Store
from iepcore.testing.store_values import Classroom, a_classroom

OpenStore = Callable[[SiteId], Store]
"""Opens the store of a site. Two sites opened in one test lie in the same database."""


class StoreFixtures:
    """Fixtures of the contract classes. An implementation's test overrides ``open_store``."""

    @pytest.fixture
    def open_store(self) -> OpenStore:
        """Return what opens a store. To be overridden."""
        raise NotImplementedError("override the fixture open_store")

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        """The empty store of a new site."""
        return open_store(SiteId(new_uuid7()))

    @pytest.fixture
    def room(self, store: Store) -> Classroom:
        """A child with teacher, mother, goal, conversation and message, all stored."""
        classroom = a_classroom()
        with store.write() as uow:
            uow.archive.restore(classroom.values)
        return classroom
