"""Who takes steps with a plan: the team that writes all of it, never whoever writes a part of their own."""

from __future__ import annotations

import pytest

from iepcore.errors import NotPermitted
from iepcore.people import StaffRole
from iepcore.testing import store_values as a
from tests.unit.screens.conftest import House
from tests.unit.screens.plans import CHILD, begun, keep_plans_here


def provider(house: House) -> str:
    """A speech therapist on the child's team."""
    place = a.an_assignment(
        house.student(CHILD), house.adult("abara"), role=StaffRole.RELATED_SERVICE_PROVIDER
    )
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        uow.people.add_assignment(place)
    return "abara"


def test_a_provider_writes_parts_and_takes_no_step(house: House) -> None:
    """A part of their own area is theirs to write; proposing, ending or beginning a plan is the team's."""
    keep_plans_here(house)
    begun(house)
    base = f"/app/c/{house.student(CHILD)}/doc"
    who = provider(house)
    own = house.caseload(who)
    [draft] = [own.plans.page(house.student(CHILD)).draft]
    assert draft is not None
    with pytest.raises(NotPermitted, match="own_part_only"):
        own.proposing.propose(draft.id, version=draft.version)
    with pytest.raises(NotPermitted, match="own_part_only"):
        own.drafting.drop(draft.id)
    text = house.get(f"{base}/draft", as_=who).text
    assert "Throw this draft away" not in text
    assert "Next: the written notice" not in text
    assert 200 == house.get(f"{base}/draft/service", as_=who).status_code
    for place in ("propose", "begin", "amend", "end", "draft/days"):
        assert 404 == house.get(f"{base}/{place}", as_=who).status_code, place
    for place in ("propose", "begin", "amend", "end", "draft/days", "draft/drop"):
        assert 404 == house.post(f"{base}/{place}", {}, as_=who).status_code, place
