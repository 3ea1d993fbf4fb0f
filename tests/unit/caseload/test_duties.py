"""Staff duties and "got it": per version and person, undone as a slip, asked again by a change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.errors import IllegalMove, NotFound, NotPermitted
from iepcore.ids import PlanVersionId, new_uuid7
from iepcore.people import StaffRole
from iepcore.plan.document import PlanState, PlanVersion
from iepcore.testing import an_assignment
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.plan_town import DAY, PlanTown
from tests.unit.caseload.town import COURSE, SOURCE, START


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def changed(town: PlanTown, first: PlanVersion) -> PlanVersion:
    """Bring an amendment into effect on its day: speech grows to 45 minutes."""
    draft = town.manager.drafting.amend(first.student_id, town.amendment())
    longer = replace(draft.contents, services=(replace(draft.contents.services[0], minutes=45),))
    proposed = town.proposed(town.fill(draft, longer))
    town.go_to(proposed.begins_on)
    return town.manager.proposing.take_effect(proposed.id)


def test_each_colleague_reads_their_duties(make_store: MakeStore) -> None:
    """Who teaches or helps is asked; a substitute reads a short list; the trail knows who read."""
    town = PlanTown(make_store)
    version = town.in_effect()
    for who in ("teacher", "general", "therapist", "aide"):
        (row,) = town.caseload(who).duties.page().others
        assert (town.maya, version.id, True, None, False) == (
            row.student,
            row.version.id,
            row.is_asked,
            row.got_at,
            row.begins_later,
        )
        assert 1 == town.caseload(who).duties.waiting_count()
    (short,) = town.caseload("sub").duties.page().others
    assert (True, False) == (short.duties.is_short, short.is_asked)
    assert 0 == town.caseload("sub").duties.waiting_count()
    assert "duties" in {event.what for event in town.trail() if event.actor_id == town.id("sub")}
    assert () == town.caseload("stranger").duties.page().others
    assert () == town.caseload("principal").duties.page().others


def test_who_wrote_the_plan_is_not_asked(town: PlanTown) -> None:
    """The case manager has the page, without the question, and sees who knows."""
    town.in_effect()
    page = town.manager.duties.page()
    assert [False] == [row.is_asked for row in page.others]
    assert 0 == page.open_count
    (knowing,) = page.knowing
    names = ["Aide Person", "General Person", "Teacher Person", "Therapist Person"]
    assert names == [one.adult.name for one in knowing.missing]


def test_got_it_is_kept_per_version(town: PlanTown) -> None:
    """The first time counts; a change asks again and shows what it changed."""
    version = town.in_effect()
    duties = town.caseload("general").duties
    first = duties.got_it(version.id)
    town.clock.forward(minutes=5)
    assert first == duties.got_it(version.id)
    page = duties.page()
    assert (first.got_at, 0) == (page.others[0].got_at, page.open_count)
    assert 0 == duties.waiting_count()
    (knowing,) = town.manager.duties.knowing(town.maya.id)
    assert "General Person" == knowing.colleagues[-1].adult.name
    second = changed(town, version)
    (row,) = duties.page().others
    assert (second.id, None) == (row.version.id, row.got_at)
    assert ["minutes"] == [field.name for change in row.changes for field in change.fields]
    assert 1 == duties.waiting_count()
    with pytest.raises(IllegalMove, match="duties_past"):
        duties.got_it(version.id)


def test_slip_is_undone_within_ten_minutes(town: PlanTown) -> None:
    """Then it stands. Undoing what was not said is no matter."""
    version = town.in_effect()
    general, aide = town.caseload("general").duties, town.caseload("aide").duties
    general.got_it(version.id)
    aide.got_it(version.id)
    general.undo(version.id)
    general.undo(version.id)
    assert (1, 0) == (general.waiting_count(), aide.waiting_count())
    general.got_it(version.id)
    town.clock.forward(minutes=11)
    with pytest.raises(IllegalMove, match="receipt_stands"):
        general.undo(version.id)


def test_only_who_is_asked_says_it(town: PlanTown) -> None:
    """A substitute, an administrator, a family, a stranger: refused. No such version: not found."""
    version = town.in_effect()
    for who in ("sub", "principal", "mother", "stranger", "ivos_teacher"):
        for act in ("got_it", "undo"):
            with pytest.raises(NotPermitted):
                getattr(town.caseload(who).duties, act)(version.id)
    for act in ("got_it", "undo"):
        with pytest.raises(NotFound):
            getattr(town.caseload("general").duties, act)(PlanVersionId(new_uuid7()))
    for who in ("general", "aide", "principal", "mother", "stranger"):
        with pytest.raises(NotPermitted):
            town.caseload(who).duties.knowing(town.maya.id)


def test_version_to_come_is_asked_for_ahead(town: PlanTown) -> None:
    """A change that holds from a later day stands beside what holds today."""
    version = town.in_effect()
    with town.store.write() as uow:
        later = replace(
            version,
            id=PlanVersionId(new_uuid7()),
            number=2,
            begins_on=town.today + 7 * DAY,
            ends_on=town.today + 300 * DAY,
            state=PlanState.IN_EFFECT,
            version=1,
        )
        uow.plans.add_version(later)
        ended = replace(
            version, state=PlanState.AMENDED, ended_on=town.today + 6 * DAY, version=version.version + 1
        )
        uow.plans.save_version(ended)
    rows = town.caseload("general").duties.page().others
    assert [(1, False), (2, True)] == [(row.version.number, row.begins_later) for row in rows]
    town.caseload("general").duties.got_it(later.id)


def test_class_of_the_launch_comes_first(town: PlanTown) -> None:
    """Children of that course stand together; those without a plan are named, too."""
    town.in_effect()
    with town.store.write() as uow:
        for role in (StaffRole.GEN_ED_TEACHER, StaffRole.ADMINISTRATOR):
            place = an_assignment(town.ivo, town.adults["general"], role=role, starts_on=START)
            uow.people.add_assignment(place)
    general = town.caseload("general").duties
    assert ["Ivo"] == [one.preferred_name for one in general.page().without_plan]
    assert () == general.page((SOURCE, COURSE)).here
    town.enrol("maya")
    page = general.page((SOURCE, COURSE))
    assert (["Maya"], ()) == ([row.student.preferred_name for row in page.here], page.others)


def test_who_has_no_duty_and_is_not_asked_has_no_row(town: PlanTown) -> None:
    """A plan that asks nothing of an administrator stays off their page; one that names them stands there."""
    version = town.in_effect()
    assert () == town.caseload("principal").duties.page().others
    named = replace(version.contents.services[0], provider_id=town.id("principal"))
    with town.store.write() as uow:
        uow.plans.save_version(
            replace(
                version, contents=replace(version.contents, services=(named,)), version=version.version + 1
            )
        )
    (row,) = town.caseload("principal").duties.page().others
    assert (False, ["speech"]) == (row.is_asked, [one.service for one in row.duties.mine])


def test_who_left_the_team_reads_nothing(town: PlanTown) -> None:
    """Nor is the case manager told that they have not said it."""
    town.in_effect()
    town.leave("general")
    assert () == town.caseload("general").duties.page().others
    (knowing,) = town.manager.duties.knowing(town.maya.id)
    assert "General Person" not in {one.adult.name for one in knowing.colleagues}


def test_disabled_colleague_reads_nothing(town: PlanTown) -> None:
    """Whatever places they still hold."""
    town.in_effect()
    town.caseload("officer").keeping.disable(town.id("general"), reason="Left the school")
    assert () == town.caseload("general").duties.page().others
