"""Plans that come from elsewhere, go elsewhere, or are kept in the system of the district."""

from __future__ import annotations

import pytest

from iepcore.calendars import OfficialPlan
from iepcore.caseload import ConsentAsked
from iepcore.errors import IllegalMove, InvalidValue
from iepcore.plan.document import (
    ConsentKind,
    PlanState,
    SignatureMethod,
)
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.plan_town import DAY, PlanTown


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def test_exit_needs_its_notice_and_a_transfer_none(town: PlanTown) -> None:
    """A child who moves away takes the plan along."""
    first = town.in_effect()
    with pytest.raises(IllegalMove, match="notice_first"):
        town.manager.proposing.end(first.id, PlanState.ENDED_BY_EXIT, last_day=town.today)
    moved = town.manager.proposing.end(first.id, PlanState.TRANSFERRED_OUT, last_day=town.today)
    assert PlanState.TRANSFERRED_OUT is moved.state
    with pytest.raises(IllegalMove, match="plan_state"):
        town.manager.proposing.end(first.id, PlanState.SUPERSEDED, last_day=town.today)


def test_a_child_comes_with_a_plan(town: PlanTown) -> None:
    """Comparable services at once; adopted or replaced by a new plan, never amended before; one at a time."""
    proposing = town.manager.proposing
    days = town.days(begins_on=town.today, reviewed_on=town.today - 30 * DAY, ends_on=town.today + 300 * DAY)
    come = proposing.receive(town.maya.id, town.contents(), days)
    assert (PlanState.TRANSFERRED_IN, come.id) == (
        come.state,
        town.manager.plans.page(town.maya.id).current.id,  # type: ignore[union-attr]
    )
    with pytest.raises(IllegalMove, match="plan_exists"):
        proposing.receive(town.maya.id, town.contents(), days)
    with pytest.raises(IllegalMove, match="plan_none"):
        town.manager.drafting.amend(town.maya.id, town.amendment())
    adopted = proposing.adopt(come.id, version=come.version)
    assert PlanState.ADOPTED is adopted.state
    amended = town.manager.drafting.amend(town.maya.id, town.amendment())
    assert amended.amendment is not None
    assert amended.amendment.of == come.id


def test_beside_the_districts_own_system_a_copy_is_recorded(make_store: MakeStore) -> None:
    """Nothing is proposed here; the copy says where and as of when; the rest is "done there on"."""
    town = PlanTown(make_store)
    town.keep_plans(official_plan=OfficialPlan(name="SEIS"))
    draft = town.draft(as_of=town.today)
    assert ("SEIS", town.today) == (draft.kept_in, draft.as_of)
    with pytest.raises(IllegalMove, match="plan_kept_elsewhere"):
        town.manager.proposing.propose(draft.id, version=draft.version)
    with pytest.raises(IllegalMove, match="plan_not_yet"):
        town.manager.proposing.record(draft.id)
    notice = town.manager.noticed.sent_elsewhere(town.maya.id, town.today, language="es", version_id=draft.id)
    assert (None, "SEIS", town.today) == (notice.parts, notice.kept_in, notice.sent_on)
    asked = ConsentAsked(kind=ConsentKind.INITIAL_SERVICES, version_id=draft.id)
    consent = town.manager.agreeing.done_elsewhere(
        town.maya.id, asked, town.id("mother"), on=town.today - DAY
    )
    assert consent.signature is not None
    assert (SignatureMethod.ELSEWHERE, "SEIS", 1) == (
        consent.signature.method,
        consent.kept_in,
        consent.version,
    )
    town.go_to(draft.begins_on)
    taken = town.manager.proposing.record(draft.id)
    assert (PlanState.IN_EFFECT, True) == (taken.state, taken.is_copy)
    newer = town.manager.drafting.amend(town.maya.id, town.amendment(as_of=town.today + 7 * DAY))
    town.go_to(newer.begins_on)
    again = town.manager.proposing.record(newer.id)
    assert again == town.manager.plans.page(town.maya.id).current


def test_a_plan_of_our_own_is_not_recorded_as_a_copy(town: PlanTown) -> None:
    """Where the plan is kept here there is nothing that was done elsewhere."""
    draft = town.draft()
    town.go_to(draft.begins_on)
    with pytest.raises(IllegalMove, match="copy_only"):
        town.manager.proposing.record(draft.id)
    with pytest.raises(IllegalMove, match="plan_kept_here"):
        town.manager.noticed.sent_elsewhere(town.maya.id, town.today, language="es")
    asked = ConsentAsked(kind=ConsentKind.PLAN)
    with pytest.raises(IllegalMove, match="plan_kept_here"):
        town.manager.agreeing.done_elsewhere(town.maya.id, asked, town.id("mother"), on=town.today)
    with pytest.raises(InvalidValue, match="copy_without_day"):
        town.manager.drafting.set_days(draft.id, town.days(as_of=town.today), version=draft.version)
