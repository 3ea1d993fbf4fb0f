"""What a family says to a plan: yes, no, a question, a remark; who may say it and who reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iepcore.calendars import OfficialPlan
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import PlanCommentId, PlanVersionId, new_uuid7
from iepcore.language import Phrase
from iepcore.people import AddressKind
from iepcore.plan.document import (
    AnswerKind,
    PartAnswer,
    PlanPart,
    PlanState,
    PlanVersion,
    Voice,
    key_of,
    part_hash,
)
from iepcore.testing import a_key
from tests.unit.caseload.conftest import MakeStore
from tests.unit.caseload.plan_town import DAY, PlanTown, said


@pytest.fixture
def town() -> PlanTown:
    """A town in memory that keeps its plans here."""
    return PlanTown()


def answer(
    town: PlanTown, version: PlanVersion, kind: AnswerKind = AnswerKind.ACCEPTED, *, who: str = "mother"
) -> PartAnswer:
    """Answer the first service of a version, a second after whatever was last."""
    town.clock.forward(seconds=1)
    about = str(version.contents.services[0].id)
    return town.caseload(who).answering.answer(version.id, PlanPart.SERVICE, about, kind, a_key())


def amended(town: PlanTown) -> PlanVersion:
    """Propose a change of Maya's plan in effect: speech grows from 30 to 45 minutes."""
    first = town.in_effect()
    draft = town.manager.drafting.amend(first.student_id, town.amendment())
    speech = replace(draft.contents.services[0], minutes=45)
    services = replace(draft.contents, services=(speech,))
    return town.proposed(town.fill(draft, services))


def test_family_reads_what_is_proposed_first(make_store: MakeStore) -> None:
    """The proposal with what it changes and why, the notice, and the timeline, newest first; no draft."""
    town = PlanTown(make_store)
    draft = town.draft()
    empty = town.caseload("mother").answering.page(town.maya.id)
    assert (None, (), (), False) == (empty.shown, empty.steps, empty.changes, empty.may_answer)
    with pytest.raises(NotFound, match="plan_version"):
        town.caseload("mother").answering.page(town.maya.id, draft.id)
    town = PlanTown()
    second = amended(town)
    page = town.caseload("mother").answering.page(town.maya.id)
    assert (second, True, True, True) == (page.shown, page.may_answer, page.may_comment, page.may_decide)
    assert [(PlanPart.SERVICE, ["minutes"])] == [
        (one.part, [field.name for field in one.fields]) for one in page.changes
    ]
    assert [2, 1] == [step.version.number for step in page.steps]
    assert page.before is not None
    assert 1 == page.before.number
    assert page.notice is not None
    first = town.caseload("mother").answering.page(town.maya.id, page.before.id)
    assert (None, (), False) == (first.before, first.changes, first.may_answer)


def test_without_a_proposal_the_plan_in_force_is_read(town: PlanTown) -> None:
    """What holds today; before its first day, what comes; after its end, what was last."""
    first = town.in_effect()
    reads = town.caseload("father").answering.page
    assert first.id == (reads(town.maya.id).shown or first).id
    assert not reads(town.maya.id).may_comment
    town.go_to(town.today + DAY)
    assert PlanState.IN_EFFECT is (reads(town.maya.id).shown or first).state


def test_newest_answer_counts_until_taken_back(town: PlanTown) -> None:
    """Yes, then no, then nothing: each stays on record, the last one counts."""
    version = town.proposed()
    yes = answer(town, version)
    own = town.caseload("mother").answering.page
    assert (yes,) == own(town.maya.id).answers
    no = answer(town, version, AnswerKind.NOT_ACCEPTED)
    assert (no,) == own(town.maya.id).answers
    answer(town, version, AnswerKind.TAKEN_BACK)
    assert () == own(town.maya.id).answers
    with town.store.read() as uow:
        assert 3 == len(uow.plans.answers_of(version.id))


def test_answer_is_to_a_part_that_is_there(town: PlanTown) -> None:
    """A part of this version, or one that it takes away; no other, none of a draft, none twice by one key."""
    version = amended(town)
    mother = town.caseload("mother").answering
    for part, about in ((PlanPart.SERVICE, "no such"), (PlanPart.OBJECTIVE, ""), (PlanPart.TRANSITION, "")):
        with pytest.raises(NotFound, match="plan_part"):
            mother.answer(version.id, part, about, AnswerKind.ACCEPTED, a_key())
    with pytest.raises(NotFound, match="plan_part"):
        mother.comment(version.id, said("Why?"), a_key(), part=PlanPart.SERVICE, about="no such")
    with pytest.raises(NotFound, match="plan_version"):
        mother.answer(PlanVersionId(new_uuid7()), PlanPart.ESY, "", AnswerKind.ACCEPTED, a_key())
    with pytest.raises(InvalidValue, match="question_empty"):
        mother.answer(version.id, PlanPart.ESY, "", AnswerKind.QUESTION, a_key())
    asked = mother.answer(
        version.id, PlanPart.ESY, "", AnswerKind.QUESTION, a_key(), words=said("What about July?")
    )
    assert said("What about July?") == asked.words
    key = a_key()
    mother.answer(version.id, PlanPart.ESY, "", AnswerKind.ACCEPTED, key)
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        mother.answer(version.id, PlanPart.PLACEMENT, "", AnswerKind.ACCEPTED, key)


def test_part_that_goes_can_be_answered(town: PlanTown) -> None:
    """That a support is taken away is something to say no to."""
    first = town.in_effect()
    draft = town.manager.drafting.amend(first.student_id, town.amendment())
    gone = first.contents.supports[0]
    about = key_of(PlanPart.SUPPORT, gone)
    stands = part_hash(draft.contents, PlanPart.SUPPORT, about)
    draft = town.manager.drafting.put(draft.id, PlanPart.SUPPORT, None, started_from=stands, about=about)
    version = town.proposed(draft)
    kept = town.caseload("mother").answering.answer(
        version.id, PlanPart.SUPPORT, about, AnswerKind.NOT_ACCEPTED, a_key()
    )
    assert about == kept.about


def test_only_who_decides_answers(town: PlanTown) -> None:
    """A parent with records only reads and says nothing here; without rights, or as staff, nobody answers."""
    version = town.proposed()
    for who in ("father", "revoked", "stranger", "ivos_mother", "manager", "aide"):
        with pytest.raises(NotPermitted):
            answer(town, version, who=who)
    page = town.caseload("father").answering.page(town.maya.id)
    assert (False, False, False, ()) == (page.may_answer, page.may_comment, page.may_decide, page.asked)
    with pytest.raises(NotPermitted):
        town.caseload("father").answering.comment(version.id, said("Why?"), a_key())
    for who in ("revoked", "stranger", "ivos_mother", "manager", "aide", "officer"):
        with pytest.raises(NotPermitted):
            town.caseload(who).answering.page(town.maya.id)
    worn = town.caseload("mother", masquerade=True).answering
    with pytest.raises(NotPermitted):
        worn.answer(version.id, PlanPart.ESY, "", AnswerKind.ACCEPTED, a_key())


def test_answer_is_closed_once_it_is_decided(town: PlanTown) -> None:
    """In effect, or turned down: yes and no count no more, a remark does."""
    version = town.in_effect()
    with pytest.raises(IllegalMove, match="answer_closed"):
        answer(town, version)
    mother = town.caseload("mother").answering
    mother.comment(version.id, said("It goes well."), a_key())
    assert ["It goes well."] == [one.comment.words.text for one in mother.page(town.maya.id).remarks]


def test_school_answers_the_one_who_asked(town: PlanTown) -> None:
    """The author reads it and is told neutrally; a remark to every family is read by all of them."""
    version = town.proposed()
    mother = town.caseload("mother").answering
    asked = mother.comment(version.id, said("Why?"), a_key(), part=PlanPart.ESY)
    before = len(town.messages())
    town.clock.forward(seconds=1)
    reply = town.manager.answering.comment(
        version.id, said("Because."), a_key(), part=PlanPart.ESY, answers=asked.id
    )
    town.clock.forward(seconds=1)
    thanks = mother.comment(version.id, said("Thanks."), a_key(), answers=reply.id)
    town.clock.forward(seconds=1)
    to_all = town.manager.answering.comment(version.id, said("We meet on Friday."), a_key())
    assert (Voice.FAMILY, Voice.STAFF) == (asked.voice, reply.voice)
    assert [asked, reply, thanks, to_all] == [one.comment for one in mother.page(town.maya.id).remarks]
    assert [to_all] == [one.comment for one in town.caseload("father").answering.page(town.maya.id).remarks]
    (told,) = town.messages()[before:]
    assert frozenset({town.id("mother")}) == told.recipient_ids
    assert ["plan.told_answered"] == [part.key for part in told.parts if isinstance(part, Phrase)]
    said_page = town.manager.answering.said(version.id)
    assert 4 == len(said_page.remarks)
    assert {"Mother Person", "Manager Person"} == {one.author_name for one in said_page.remarks}


def test_remark_answers_one_that_its_author_reads(town: PlanTown) -> None:
    """Not one of another version, nor another household's."""
    version = town.proposed()
    town.set_rights("father", records=True, decides=True)
    theirs = town.caseload("father").answering.comment(version.id, said("Mine."), a_key())
    for answers in (theirs.id, PlanCommentId(new_uuid7())):
        with pytest.raises(NotFound, match="plan_comment"):
            town.caseload("mother").answering.comment(version.id, said("Yours?"), a_key(), answers=answers)
    key = a_key()
    town.caseload("mother").answering.comment(version.id, said("One."), key)
    with pytest.raises(InvalidValue, match="key_used_elsewhere"):
        town.caseload("mother").answering.comment(version.id, said("Two."), key, part=PlanPart.ESY)


def test_team_reads_every_answer_with_its_name(town: PlanTown) -> None:
    """The team of the child, and no family; an aide does not."""
    version = town.proposed()
    kept = answer(town, version)
    page = town.manager.answering.said(version.id)
    assert ((kept, "Mother Person"),) == page.answers
    assert version == page.version
    for who in ("mother", "father", "aide", "sub", "stranger"):
        with pytest.raises(NotPermitted):
            town.caseload(who).answering.said(version.id)
    with pytest.raises(NotFound):
        town.manager.answering.said(PlanVersionId(new_uuid7()))


def test_family_is_told_of_a_proposal_neutrally(town: PlanTown) -> None:
    """One message in the tool to who may read; the notice outside passes the gate, whatever the plan says."""
    version = town.proposed()
    (told,) = [
        one
        for one in town.messages()
        if "plan.told_proposed" in {part.key for part in one.parts if isinstance(part, Phrase)}
    ]
    assert {town.id("mother"), town.id("father")} == told.recipient_ids
    assert str(version.id) == str(told.client_key)
    with town.store.read() as uow:
        items = uow.outbox.of_messages({told.id})
    assert {AddressKind.MAIL} == {one.channel for one in items}
    assert 2 == len(items)


def test_proposal_answers_nobodys_question(town: PlanTown) -> None:
    """A parent who waits for words still waits after the tool has told of a plan."""
    with town.store.write() as uow:
        assert uow.family.thread_of(town.maya.id, None) is None
    town.caseload("mother").conversation.reply(town.maya.id, None, said("Can we talk?"), a_key())
    town.proposed()
    assert ["Can we talk?"] == [
        part.text
        for row in town.manager.today.page().waiting
        for part in row.message.parts
        if not isinstance(part, Phrase)
    ]


def test_card_tells_what_waits(town: PlanTown) -> None:
    """Nothing, a wish to say, a proposal with what was answered; for who has no right there is no card."""
    mother = town.caseload("mother")
    card = mother.answering.card(town.maya.id)
    assert card is not None
    assert (None, 0, 0, False, False, True, True) == (
        card.proposed_from,
        card.answered,
        card.to_sign,
        card.has_plan,
        card.has_wished,
        card.may_answer,
        card.may_wish,
    )
    version = town.proposed()
    answer(town, version)
    mother.wishes.say(town.maya.id, said("Swim."), a_key())
    card = mother.answering.card(town.maya.id)
    assert card is not None
    assert (version.begins_on, 1, True, True) == (
        card.proposed_from,
        card.answered,
        card.has_plan,
        card.has_wished,
    )
    fathers = town.caseload("father").answering.card(town.maya.id)
    assert fathers is not None
    assert (0, False, False) == (fathers.answered, fathers.has_wished, fathers.may_answer)
    assert None is town.caseload("revoked").answering.card(town.maya.id)


def test_page_tells_where_the_official_plan_is(town: PlanTown) -> None:
    """A school with another system asks for no signature here."""
    town.keep_plans(official_plan=OfficialPlan(name="Old System"))
    page = town.caseload("mother").answering.page(town.maya.id)
    assert page.official is not None
    assert "Old System" == page.official.name


def test_what_nobody_answered_waits_for_the_team(town: PlanTown) -> None:
    """The newest remark of each adult on each piece; a question to a part is one; an answer ends it."""
    version = town.proposed()
    mother = town.caseload("mother").answering
    mother.comment(version.id, said("One."), a_key())
    town.clock.forward(seconds=1)
    newest = mother.comment(version.id, said("Two."), a_key())
    town.clock.forward(seconds=1)
    mother.answer(version.id, PlanPart.ESY, "", AnswerKind.QUESTION, a_key(), words=said("July?"))
    town.manager.answering.comment(version.id, said("To everybody."), a_key())
    waiting = town.manager.answering.waiting()
    assert ["Two.", "July?"] == [one.comment.words.text for one in waiting]
    assert {("Mother Person", town.maya)} == {(one.author_name, one.student) for one in waiting}
    town.clock.forward(seconds=1)
    town.manager.answering.comment(version.id, said("Yes."), a_key(), answers=newest.id)
    assert ["July?"] == [one.comment.words.text for one in town.manager.answering.waiting()]
    for who in ("aide", "mother", "stranger"):
        assert () == town.caseload(who).answering.waiting()
