"""Two people at one plan: both kept, nobody's words lost; forms half written; notices and consents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import PlanVersionId, new_uuid7
from iepcore.memory.plans import MemoryPlans
from iepcore.plan.document import (
    PlanPart,
    PlanState,
    PlanVersion,
    RawField,
    SupportKind,
    Voice,
    part_hash,
)
from iepcore.testing.document_values import a_comment, a_wish
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.plan_town import DAY, PlanTown, said


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def placed(draft: PlanVersion, why: str) -> object:
    """Return the placement of a draft with another reason."""
    assert draft.contents.placement is not None
    return replace(draft.contents.placement, why_apart=said(why))


def stands(draft: PlanVersion, part: PlanPart = PlanPart.PLACEMENT, about: str = "") -> str:
    """Return the hash of a piece as it is on somebody's screen."""
    return part_hash(draft.contents, part, about)


def test_two_people_write_two_parts_side_by_side(make_store: MakeStore) -> None:
    """Each began from the same screen; both parts stand."""
    town = PlanTown(make_store)
    draft = town.draft()
    teacher = town.caseload("teacher").drafting
    town.manager.drafting.put(
        draft.id, PlanPart.PLACEMENT, placed(draft, "A quiet room."), started_from=stands(draft)
    )
    level = replace(draft.contents.levels[0], now=said("Asks in 3 of 10 chances."))
    both = teacher.put(
        draft.id,
        PlanPart.LEVEL,
        level,
        started_from=stands(draft, PlanPart.LEVEL, level.area),
        about=level.area,
    )
    assert (level,) == both.contents.levels
    assert placed(draft, "A quiet room.") == both.contents.placement


def test_two_people_write_one_part_and_nobodys_words_are_lost(make_store: MakeStore) -> None:
    """The second one sees both; the first one's words stay until somebody who saw them decides."""
    town = PlanTown(make_store)
    draft = town.draft()
    teacher = town.caseload("teacher").drafting
    seen, theirs, mine = stands(draft), placed(draft, "A quiet room."), placed(draft, "One to one.")
    town.manager.drafting.put(draft.id, PlanPart.PLACEMENT, theirs, started_from=seen)
    with pytest.raises(Conflict) as clash:
        teacher.put(draft.id, PlanPart.PLACEMENT, mine, started_from=seen)
    assert ("plan_part", theirs, mine) == (clash.value.kind, clash.value.current, clash.value.yours)
    now = town.manager.plans.version(draft.id).version
    assert theirs == now.contents.placement
    decided = teacher.put(draft.id, PlanPart.PLACEMENT, mine, started_from=stands(now))
    assert mine == decided.contents.placement
    again = teacher.put(draft.id, PlanPart.PLACEMENT, mine, started_from=seen)
    assert decided == again  # the same words a second time change nothing


def test_a_part_saved_in_the_same_moment_is_tried_again(
    town: PlanTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a database whose writers need not wait, the other part's save comes between; after three it says
    so."""
    draft = town.draft()
    saved, quick = MemoryPlans.save_version, [1]

    def save(plans: MemoryPlans, version: PlanVersion) -> None:
        if quick and quick.pop():
            raise Conflict("plan_version", current=draft, yours=version)
        saved(plans, version)

    monkeypatch.setattr(MemoryPlans, "save_version", save)
    put = town.manager.drafting.put
    done = put(draft.id, PlanPart.PLACEMENT, placed(draft, "A quiet room."), started_from=stands(draft))
    assert placed(draft, "A quiet room.") == done.contents.placement
    quick[:] = [1, 1, 1]
    with pytest.raises(Conflict):
        put(draft.id, PlanPart.ESY, None, started_from=stands(draft, PlanPart.ESY))


def test_a_form_is_kept_as_it_is_typed(make_store: MakeStore) -> None:
    """Each second, valid or not; another window's words are shown beside; putting the part in ends it."""
    town = PlanTown(make_store)
    draft = town.draft()
    drafting = town.manager.drafting
    form = {"form": "placement", "version_id": draft.id}
    first = drafting.save_form(
        town.maya.id, fields=(RawField(name="with_peers", value="17x"),), version=0,
        started_from=stands(draft), **form,
    )  # type: ignore[arg-type]  # fmt: skip
    more = (RawField(name="with_peers", value="1740"),)
    second = drafting.save_form(town.maya.id, fields=more, version=1, **form)  # type: ignore[arg-type]
    assert (first.id, 2, stands(draft)) == (second.id, second.version, second.started_from)
    assert second == drafting.save_form(town.maya.id, fields=more, version=1, **form)  # type: ignore[arg-type]
    with pytest.raises(Conflict) as clash:
        drafting.save_form(town.maya.id, fields=(), version=1, **form)  # type: ignore[arg-type]
    assert second == clash.value.current
    with pytest.raises(Conflict):
        drafting.save_form(town.maya.id, "esy", (), version=4)
    assert (second,) == town.manager.plans.page(town.maya.id).forms
    assert () == town.caseload("teacher").plans.page(town.maya.id).forms
    worn = town.caseload("manager", masquerade=True).plans.page(town.maya.id)
    assert () == worn.forms
    drafting.put(draft.id, PlanPart.PLACEMENT, placed(draft, "A quiet room."), started_from=stands(draft))
    assert () == town.manager.plans.page(town.maya.id).forms
    loose = drafting.save_form(town.maya.id, "notice", more, version=0)
    town.caseload("teacher").drafting.drop_form(town.maya.id, loose.id)  # not theirs
    assert (loose,) == town.manager.plans.page(town.maya.id).forms
    drafting.drop_form(town.maya.id, loose.id)
    assert () == town.manager.plans.page(town.maya.id).forms
    with pytest.raises(NotPermitted):
        town.caseload("ivos_teacher").drafting.save_form(town.maya.id, **form, fields=(), version=0)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        town.caseload("ivos_teacher").drafting.save_form(town.ivo.id, **form, fields=(), version=0)  # type: ignore[arg-type]


def test_what_was_proposed_is_not_written(town: PlanTown) -> None:
    """Neither a part nor its days nor what it says of itself; it is not dropped either."""
    proposed = town.proposed()
    drafting = town.manager.drafting
    for step in (
        lambda: drafting.put(proposed.id, PlanPart.ESY, None, started_from=""),
        lambda: drafting.set_days(proposed.id, town.days(), version=proposed.version),
        lambda: drafting.tell(proposed.id, town.amendment(), version=proposed.version),
        lambda: drafting.bring_up(proposed.id),
        lambda: drafting.drop(proposed.id),
    ):
        with pytest.raises(IllegalMove, match="plan_stands"):
            step()


def test_a_draft_about_which_somebody_wrote_stays(town: PlanTown) -> None:
    """Their words would go as well."""
    draft = town.draft()
    with town.store.write() as uow:
        uow.plans.add_comment(a_comment(draft, voice=Voice.STAFF))
    with pytest.raises(IllegalMove, match="plan_has_words"):
        town.manager.drafting.drop(draft.id)


def test_the_days_of_a_draft_may_change(town: PlanTown) -> None:
    """By who saw the newest; a plan ends after it begins; only an amendment speaks of itself as one."""
    draft = town.manager.drafting.start(town.maya.id, town.days())
    later = town.days(begins_on=town.today + 3 * DAY)
    moved = town.manager.drafting.set_days(draft.id, later, version=draft.version)
    assert town.today + 3 * DAY == moved.begins_on
    with pytest.raises(Conflict):
        town.manager.drafting.set_days(draft.id, later, version=draft.version)
    with pytest.raises(InvalidValue, match="plan_order"):
        town.manager.drafting.set_days(draft.id, town.days(ends_on=town.today - DAY), version=moved.version)
    with pytest.raises(NotFound):
        town.manager.drafting.tell(draft.id, town.amendment(), version=moved.version)
    with pytest.raises(NotFound):
        town.manager.drafting.bring_up(draft.id)
    with pytest.raises(NotFound):
        town.manager.drafting.drop(PlanVersionId(new_uuid7()))


def test_the_familys_wish_stands_at_the_top_word_for_word(town: PlanTown) -> None:
    """The newest one of the family; a student's wish is not put in its place."""
    with town.store.write() as uow:
        uow.plans.add_wish(a_wish(town.maya.id, words=said("Old."), said_at=town.clock.now() - DAY))
        uow.plans.add_wish(a_wish(town.maya.id, words=said("Read a book."), said_at=town.clock.now()))
        uow.plans.add_wish(
            a_wish(town.maya.id, voice=Voice.STUDENT, words=said("Rockets."), said_at=town.clock.now() + DAY)
        )
    draft = town.manager.drafting.start(town.maya.id, town.days())
    assert said("Read a book.") == draft.contents.family_wish
    assert 3 == len(town.manager.plans.page(town.maya.id).wishes)


def test_a_draft_is_brought_up_to_what_took_effect_meanwhile(town: PlanTown) -> None:
    """Begun from the first version, proposed while another amendment took effect: refused, brought up, then
    it amends the version in force; what both changed is shown, and the draft's words stand."""
    first = town.in_effect()
    drafting = town.manager.drafting
    quick = drafting.amend(town.maya.id, town.amendment())
    speech = quick.contents.services[0]
    quick = drafting.put(
        quick.id,
        PlanPart.SERVICE,
        replace(speech, minutes=45),
        started_from=stands(quick, PlanPart.SERVICE, str(speech.id)),
        about=str(speech.id),
    )
    quick = drafting.put(
        quick.id, PlanPart.PLACEMENT, placed(quick, "A quiet room."), started_from=stands(quick)
    )
    proposed = town.proposed(quick)
    slow = drafting.amend(town.maya.id, town.amendment(begins_on=town.today + 20 * DAY))
    slow = drafting.put(slow.id, PlanPart.PLACEMENT, placed(slow, "One to one."), started_from=stands(slow))
    assert (slow, ()) == drafting.bring_up(slow.id)
    town.go_to(proposed.begins_on)
    second = town.manager.proposing.take_effect(proposed.id)
    town.notice(slow.id)
    late = town.manager.proposing.propose(slow.id, version=slow.version)
    town.go_to(late.begins_on)
    with pytest.raises(IllegalMove, match="amendment_of_another"):
        town.manager.proposing.take_effect(late.id)
    town.manager.proposing.answer(late.id, PlanState.REJECTED, version=late.version)

    with town.store.write() as uow:  # the same draft, had it not been proposed yet
        again = replace(slow, id=PlanVersionId(new_uuid7()), number=4, begins_on=town.today + 9 * DAY)
        uow.plans.add_version(again)
    up, clashes = drafting.bring_up(again.id)
    assert up.amendment is not None
    assert (second.id, first.plan_id) == (up.amendment.of, up.plan_id)
    assert 45 == up.contents.services[0].minutes
    assert placed(slow, "One to one.") == up.contents.placement
    (clash,) = clashes
    assert (PlanPart.PLACEMENT, placed(slow, "One to one."), placed(slow, "A quiet room.")) == (
        clash.part,
        clash.theirs,
        clash.mine,
    )
    with town.store.write() as uow:
        uow.plans.save_version(
            replace(second, state=PlanState.TRANSFERRED_OUT, ended_on=town.today, version=second.version + 1)
        )
    with pytest.raises(IllegalMove, match="plan_none"):
        drafting.bring_up(again.id)


def test_supports_are_known_by_all_they_say(town: PlanTown) -> None:
    """Two people add two supports; each is found again by its key."""
    draft = town.draft()
    more = replace(draft.contents.supports[0], kind=SupportKind.MODIFICATION, words=said("fewer pages"))
    added = town.manager.drafting.put(draft.id, PlanPart.SUPPORT, more, started_from="")
    assert (*draft.contents.supports, more) == added.contents.supports


def test_new_pieces_are_put_in_together(town: PlanTown) -> None:
    """All or none; what stands there word for word is left; another piece in its place is a clash."""
    draft = town.draft()
    support = replace(draft.contents.supports[0], words=said("fewer pages"))
    placement = draft.contents.placement
    pieces = [(PlanPart.SUPPORT, support), (PlanPart.PLACEMENT, placement)]
    added = town.manager.drafting.add(draft.id, pieces)
    assert (*draft.contents.supports, support) == added.contents.supports
    assert added == town.manager.drafting.add(draft.id, pieces)
    with pytest.raises(Conflict) as clash:
        town.manager.drafting.add(draft.id, [(PlanPart.PLACEMENT, placed(draft, "Elsewhere."))])
    assert ("plan_part", placement) == (clash.value.kind, clash.value.current)


def test_a_draft_of_a_copy_needs_to_know_where(town: PlanTown) -> None:
    """Where the plan is kept here, nothing can be the copy of another."""
    with pytest.raises(InvalidValue, match="copy_without_day"):
        town.manager.drafting.start(town.maya.id, town.days(as_of=town.today))
