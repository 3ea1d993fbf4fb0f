"""Two sites in one database, used in any order, behave as two stores that have never heard of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iepcore.errors import IepError
from iepcore.ids import SiteId, new_uuid7
from iepcore.memory import MemoryStore
from iepcore.ports import Store, UnitOfWork
from iepcore.testing import store_values as a
from iepcore.testing.archive_contract import everything
from lti_app.doors.records import Site
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines
from lti_app.storage.store import SqlStore
from lti_app.storage.vault import Vault

# A small world made once: the same ids and keys are used in both sites, so that a leak would show.
ROOMS = (a.a_classroom(), a.a_classroom())
KEYS = (a.a_key(), a.a_key())
POINTS = tuple(
    a.a_point(room.goal, client_key=key, recorder_id=room.teacher.id) for room in ROOMS for key in KEYS
)
DRAFTS = tuple(a.a_draft(room.student.id, author_id=room.teacher.id) for room in ROOMS)
ITEMS = tuple(a.an_item(room.message) for room in ROOMS)
EVENTS = tuple(a.an_event(room.student.id, bucket="one") for room in ROOMS)
IDENTITIES = tuple(a.an_identity(room.teacher.id, subject="same") for room in ROOMS)
MEMBERS = (a.a_member("one"), a.a_member("two"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write to one of the two sites; ``fails`` breaks the unit of work after it."""

    site: int
    name: str
    place: int
    version: int
    fails: bool


def _draft(uow: UnitOfWork, step: Step) -> object:
    return uow.family.save_draft(replace(DRAFTS[step.place % 2], version=step.version))


def _goal(uow: UnitOfWork, step: Step) -> object:
    changed = replace(ROOMS[step.place % 2].goal, area=f"area {step.version}", version=step.version)
    return uow.plan.save_goal(changed)


def _roster(uow: UnitOfWork, step: Step) -> object:
    members = MEMBERS[: step.place % 3]
    return uow.people.save_roster("platform-1", "course-1", members, complete=step.version > 2)


OPERATIONS: dict[str, Callable[[UnitOfWork, Step], object]] = {
    "room": lambda uow, step: uow.archive.restore(ROOMS[step.place % 2].values),
    "point": lambda uow, step: uow.plan.add_point(POINTS[step.place]),
    "draft": _draft,
    "goal": _goal,
    "roster": _roster,
    "item": lambda uow, step: uow.outbox.add(ITEMS[step.place % 2]),
    "lease": lambda uow, step: uow.outbox.lease_due(at=a.NOW, until=a.NOW, limit=1),
    "event": lambda uow, step: uow.audit.add(EVENTS[step.place % 2]),
    "identity": lambda uow, step: uow.people.add_identity(IDENTITIES[step.place % 2]),
    "erase": lambda uow, step: uow.archive.erase_student(ROOMS[step.place % 2].student.id),
}

STEPS = st.builds(
    Step,
    site=st.integers(0, 1),
    # rooms come often, because nothing else can be done without one
    name=st.sampled_from(["room", "room", *OPERATIONS]),
    place=st.integers(0, 3),
    version=st.integers(1, 4),
    fails=st.sampled_from([False, False, False, True]),
)


class _Broken(Exception):
    """What a failing step raises at its end."""


def answer_of(store: Store, step: Step) -> object:
    """Do one step; return what it gave or which of our errors it raised."""
    try:
        with store.write() as uow:
            answer = OPERATIONS[step.name](uow, step)
            if step.fails:
                raise _Broken
    except IepError as error:
        return type(error).__name__, error.code
    except _Broken:
        return "broken"
    return answer


def _without_erasures(store: Store) -> list[object]:
    """Return all values but the rows that tell of an erasure: each place writes its own."""
    return [one for one in everything(store) if getattr(one, "reason", "") != "record_erased"]


@pytest.fixture
def doors(engines: Engines, vault: Vault) -> SqlDoorStore:
    """Where sites are made known."""
    return SqlDoorStore(engines, vault)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_two_sites_behave_as_two_stores(engines: Engines, doors: SqlDoorStore, steps: Sequence[Step]) -> None:
    """Any sequence of writes, failures and erasures gives in each site what a store of its own would give."""
    sites = [SiteId(new_uuid7()) for _ in range(2)]
    for site_id in sites:
        doors.add_site(Site(id=site_id, name="A school", zone="UTC"))
    real = [SqlStore(engines, site_id) for site_id in sites]
    model = [MemoryStore(site_id) for site_id in sites]
    for step in steps:
        assert answer_of(model[step.site], step) == answer_of(real[step.site], step)
    for expected, found in zip(model, real, strict=True):
        assert _without_erasures(expected) == _without_erasures(found)
