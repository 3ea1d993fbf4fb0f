"""The plans of the demonstration are such as the use cases would have made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from iepcore.access import Person
from iepcore.caseload import Caseload
from iepcore.caseload.plan_rules import in_force_on
from iepcore.ids import AdultId, StudentId
from iepcore.plan.document import IN_FORCE, PlanState, PlanVersion
from iepcore.testing import StoppedClock
from lti_app.demo.caseload import children, demo_id
from lti_app.demo.plans import first_version_id
from lti_app.demo.seed import Practice, seed
from lti_app.storage.migrate import upgrade
from lti_app.wiring import Wired, wire
from tests.unit.demo.test_seed import settings_for


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """A seeded demonstration."""
    found = wire(settings_for(Path(tmp_path_factory.mktemp("plans") / "demo.db")))
    upgrade(found.engines)
    seed(found, Practice(lms_url="http://localhost:8600", api_client_secret="practice-only"))
    yield found
    found.engines.close()


def _manager(wired: Wired) -> Caseload:
    (site,) = wired.doors.sites()
    now = wired.clock().astimezone(ZoneInfo(site.zone))
    clock = StoppedClock(datetime.fromisoformat(now.isoformat()))
    return Caseload(wired.store(site.id), Person(adult_id=AdultId(demo_id("adult", "halloran"))), clock)


def test_every_child_but_one_has_a_plan(wired: Wired) -> None:
    """Most in effect; one amended, one proposed, two half written, one came along, one was ended."""
    manager = _manager(wired)
    with manager.desk.store.read() as uow:
        ids = [StudentId(demo_id("student", row["key"])) for row in children()]
        heads = uow.plans.heads_of(ids)
    states = Counter(one.state for one in heads)
    assert len(children()) - 1 == len({one.student_id for one in heads})
    assert 1 == states[PlanState.AMENDED] == states[PlanState.TRANSFERRED_IN]
    assert (1, 2, 1) == (
        states[PlanState.PROPOSED],
        states[PlanState.DRAFT],
        states[PlanState.ENDED_BY_REVOCATION],
    )
    assert {1} == set(Counter(one.student_id for one in heads if one.state in IN_FORCE).values())


@pytest.mark.parametrize("child", ["maya", "theo", "luca", "ezra", "kiri", "mika", "oona", "bao", "zola"])
def test_the_plans_page_opens(wired: Wired, child: str) -> None:
    """And a plan in force lacks nothing that can be seen without a birthday."""
    manager = _manager(wired)
    student_id = StudentId(demo_id("student", child))
    page = manager.plans.page(student_id)
    assert page.timeline
    current = page.current
    if current is not None:
        assert current == in_force_on([line.version for line in page.timeline], page.today)
        assert current.contents.goals
    first = manager.plans.version(first_version_id(child))
    assert isinstance(first.version, PlanVersion)


def test_a_draft_says_what_it_lacks(wired: Wired) -> None:
    """Oona's first plan is not complete yet."""
    page = _manager(wired).plans.page(StudentId(demo_id("student", "oona")))
    assert {"assessment_missing", "esy_not_decided", "goal_not_measured"} == {
        one.lack.value for one in page.lacking
    }
    assert page.wishes
