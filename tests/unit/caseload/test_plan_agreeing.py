"""Notices, consents and the job of proposed plans: each step on what is on record, and on nothing else."""

from __future__ import annotations

import pytest

from iepcore.caseload import PLANS_TAKE_EFFECT, ConsentAsked, bring_into_effect
from iepcore.errors import Conflict, IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.family import ContactDirection
from iepcore.ids import ParentConsentId, StudentId, WrittenNoticeId, new_uuid7
from iepcore.plan.document import (
    AnswerKind,
    ConsentKind,
    NoticeStep,
    ParentConsentState,
    SignatureMethod,
)
from iepcore.testing.document_values import a_comment, a_part_answer, seven_parts
from iepcore.testing.store_values import a_contact
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.plan_town import DAY, PlanTown, said


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


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
    assert () == town.job("export").plans.page(town.maya.id).forms
