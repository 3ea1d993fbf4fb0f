"""Two people at one plan: both kept, nobody's words lost; forms half written; notices and consents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.caseload import PLANS_TAKE_EFFECT, ConsentAsked, bring_into_effect
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.family import ContactDirection
from iepcore.ids import ParentConsentId, PlanVersionId, StudentId, WrittenNoticeId, new_uuid7
from iepcore.memory.plans import MemoryPlans
from iepcore.plan.document import (
    AnswerKind,
    ConsentKind,
    NoticeStep,
    ParentConsentState,
    PlanPart,
    PlanState,
    PlanVersion,
    RawField,
    SignatureMethod,
    SupportKind,
    Voice,
    part_hash,
)
from iepcore.testing.document_values import a_comment, a_part_answer, a_wish, seven_parts
from iepcore.testing.store_values import a_contact
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


def test_a_notice_is_written_until_it_is_sent(town: PlanTown) -> None:
    """By version; once sent its words stand; telling aloud needs its evidence; no other child's."""
    noticed = town.manager.noticed
    draft = town.draft()
    written = noticed.write(town.maya.id, seven_parts(), language="es", version_id=draft.id)
    better = seven_parts(why=said("Her scores rose."))
    change = {"language": "es", "notice_id": written.id, "version_id": draft.id}
    second = noticed.write(town.maya.id, better, version=1, **change)  # type: ignore[arg-type]
    assert (better, 2) == (second.parts, second.version)
    with pytest.raises(Conflict):
        noticed.write(town.maya.id, better, version=1, **change)  # type: ignore[arg-type]
    with pytest.raises(IllegalMove, match="plan_not_yet"):
        noticed.send(written.id, on=town.today + DAY)
    with pytest.raises(InvalidValue, match="telling_without_evidence"):
        noticed.send(written.id, told_aloud_on=town.today)
    sent = noticed.send(
        written.id, on=town.today - DAY, told_aloud_on=town.today, evidence=said("She said it back.")
    )
    assert town.today - DAY == sent.sent_on
    for again in (
        lambda: noticed.send(written.id),
        lambda: noticed.write(town.maya.id, better, version=3, **change),  # type: ignore[arg-type]
    ):
        with pytest.raises(IllegalMove, match="notice_sent"):
            again()
    ivos = town.caseload("ivos_teacher").noticed
    for unknown in (
        lambda: noticed.send(WrittenNoticeId(new_uuid7())),
        lambda: ivos.write(town.ivo.id, better, language="en", notice_id=written.id, version=3),
        lambda: ivos.write(town.ivo.id, better, language="en", version_id=draft.id),
    ):
        with pytest.raises(NotFound):
            unknown()
    assert NoticeStep.PLAN is sent.step


def test_consent_comes_from_who_may_decide(town: PlanTown) -> None:
    """Asked, then given on paper by the mother; not by a parent with records only, not in the tool for her,
    not before it was asked, not twice."""
    agreeing = town.manager.agreeing
    with pytest.raises(InvalidValue, match="signer_may_not_decide"):
        agreeing.ask(town.maya.id, ConsentAsked(kind=ConsentKind.PLAN, of_id=town.id("father")))
    asked = agreeing.ask(
        town.maya.id,
        ConsentAsked(kind=ConsentKind.REEVALUATION, text=said("New tests."), of_id=town.id("mother")),
    )
    given = {"on": town.today, "method": SignatureMethod.PAPER, "version": 1}
    for signer, changes, code in (
        ("father", {}, "signer_may_not_decide"),
        ("mother", {"method": SignatureMethod.IN_TOOL}, "signed_in_tool"),
        ("mother", {"method": SignatureMethod.ELSEWHERE}, "plan_kept_here"),
        ("mother", {"on": town.today + DAY}, "plan_not_yet"),
        ("mother", {"on": town.today - DAY}, "consent_before_request"),
    ):
        with pytest.raises((InvalidValue, IllegalMove), match=code):
            agreeing.record(asked.id, town.id(signer), **given | changes)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        agreeing.record(asked.id, town.id("mother"), **given | {"version": 2})  # type: ignore[arg-type]
    done = agreeing.record(asked.id, town.id("mother"), **given)  # type: ignore[arg-type]
    assert done.held_on(town.today)
    assert done.signature is not None
    assert (town.id("mother"), "") == (done.signature.signer_id, done.signature.text_hash)
    with pytest.raises(IllegalMove, match="consent_state"):
        agreeing.refused(done.id, town.id("mother"), on=town.today, version=2)
    over = agreeing.expired(done.id, on=town.today, version=2)
    assert ParentConsentState.EXPIRED is over.state
    with pytest.raises(NotFound):
        agreeing.expired(ParentConsentId(new_uuid7()), on=town.today, version=2)
    draft = town.draft()
    with pytest.raises(NotFound):
        town.caseload("ivos_teacher").agreeing.ask(
            town.ivo.id, ConsentAsked(kind=ConsentKind.PLAN, version_id=draft.id)
        )


def test_no_is_a_right_and_silence_needs_efforts(town: PlanTown) -> None:
    """A refusal is kept with who said it; no answer counts after an attempt of the school's on record."""
    agreeing = town.manager.agreeing
    first = agreeing.ask(town.maya.id, ConsentAsked(kind=ConsentKind.REEVALUATION))
    no = agreeing.refused(first.id, town.id("mother"), on=town.today, version=1)
    assert (ParentConsentState.REFUSED, town.id("mother")) == (no.state, no.of_id)
    second = agreeing.ask(town.maya.id, ConsentAsked(kind=ConsentKind.REEVALUATION))
    for direction, days in ((ContactDirection.FROM_FAMILY, 0), (ContactDirection.FROM_SCHOOL, -1)):
        with town.store.write() as uow:
            uow.family.add_contact(
                a_contact(town.maya.id, direction=direction, at=town.clock.now() + days * DAY)
            )
    with pytest.raises(IllegalMove, match="efforts_missing"):
        agreeing.unanswered(second.id, on=town.today, version=1)
    with town.store.write() as uow:
        uow.family.add_contact(
            a_contact(town.maya.id, direction=ContactDirection.FROM_SCHOOL, at=town.clock.now())
        )
    silent = agreeing.unanswered(second.id, on=town.today, version=1)
    assert ParentConsentState.NO_RESPONSE is silent.state


def test_the_job_brings_plans_into_effect_on_their_day(make_store: MakeStore) -> None:
    """Not before it, not while a parent's question is open, not where a state asks for an answer that is not
    on record; and once."""
    town = PlanTown(make_store)
    town.consent()
    proposed = town.proposed()
    desk = town.job(PLANS_TAKE_EFFECT.job).desk
    assert 0 == bring_into_effect(desk)
    town.go_to(proposed.begins_on)
    mother = town.id("mother")
    with town.store.write() as uow:
        uow.plans.add_answer(
            a_part_answer(
                proposed, adult_id=mother, answer=AnswerKind.QUESTION, words=said("When?"),
                answered_at=town.clock.now(),
            )
        )  # fmt: skip
    assert 0 == bring_into_effect(desk)
    with town.store.write() as uow:
        uow.plans.add_answer(a_part_answer(proposed, adult_id=mother, answered_at=town.clock.now() + DAY))
    town.keep_plans(state="MA")
    assert 0 == bring_into_effect(desk)
    asked = town.manager.agreeing.ask(
        town.maya.id, ConsentAsked(kind=ConsentKind.PLAN, version_id=proposed.id)
    )
    town.manager.agreeing.record(asked.id, mother, on=town.today, method=SignatureMethod.PAPER, version=1)
    assert 1 == bring_into_effect(desk)
    assert 0 == bring_into_effect(desk)
    page = town.manager.plans.page(town.maya.id)
    assert page.current is not None
    assert (proposed.id, None) == (page.current.id, page.current.steps[-1].by)


def test_supports_are_known_by_all_they_say(town: PlanTown) -> None:
    """Two people add two supports; each is found again by its key."""
    draft = town.draft()
    more = replace(draft.contents.supports[0], kind=SupportKind.MODIFICATION, words=said("fewer pages"))
    added = town.manager.drafting.put(draft.id, PlanPart.SUPPORT, more, started_from="")
    assert (*draft.contents.supports, more) == added.contents.supports


def test_a_child_that_is_not_there_has_no_plan(town: PlanTown) -> None:
    """Whoever may write in general meets a child that is gone."""
    gone = StudentId(new_uuid7())
    with pytest.raises(NotPermitted):
        town.manager.plans.page(gone)
    with pytest.raises(NotFound):
        town.job("seed").noticed.write(gone, seven_parts(), language="en")


def test_a_question_the_family_asked_is_shown_to_the_team(town: PlanTown) -> None:
    """On the page of the child and on that of the version."""
    proposed = town.proposed()
    answer = a_part_answer(proposed, adult_id=town.id("mother"), answer=AnswerKind.NOT_ACCEPTED)
    comment = a_comment(proposed, author_id=town.id("mother"))
    with town.store.write() as uow:
        uow.plans.add_answer(answer)
        uow.plans.add_comment(comment)
    page, version = town.manager.plans.page(town.maya.id), town.manager.plans.version(proposed.id)
    assert ((answer,), (comment,)) == (page.answers, page.comments) == (version.answers, version.comments)
    assert ("Mother Person", True) == (page.names[town.id("mother")], version.notice is not None)
    assert (proposed,) == page.proposed


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


def test_the_job_waits_for_what_a_state_asks(town: PlanTown) -> None:
    """A part that is not accepted waits for a person."""
    town.consent()
    proposed = town.proposed()
    no = a_part_answer(proposed, adult_id=town.id("mother"), answer=AnswerKind.NOT_ACCEPTED)
    with town.store.write() as uow:
        uow.plans.add_answer(no)
    town.go_to(proposed.begins_on)
    desk = town.job(PLANS_TAKE_EFFECT.job).desk
    assert 0 == bring_into_effect(desk)
    with town.store.write() as uow:
        uow.plans.add_answer(
            a_part_answer(proposed, adult_id=town.id("mother"), answered_at=no.answered_at + DAY)
        )
    assert 1 == bring_into_effect(desk)


def test_a_draft_of_a_copy_needs_to_know_where(town: PlanTown) -> None:
    """Where the plan is kept here, nothing can be the copy of another."""
    with pytest.raises(InvalidValue, match="copy_without_day"):
        town.manager.drafting.start(town.maya.id, town.days(as_of=town.today))
