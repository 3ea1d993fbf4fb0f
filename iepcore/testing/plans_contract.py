"""What every PlansRepository does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from iepcore.errors import Conflict, IepError, IllegalMove, NotFound
from iepcore.ids import AdultId, PlanVersionId, new_uuid7
from iepcore.plan.document import (
    Amendment,
    AmendmentMethod,
    ParentConsentState,
    PlanState,
    PlanStep,
    head_of,
)
from iepcore.ports import Store
from iepcore.testing import document_values as v
from iepcore.testing import store_values as a
from iepcore.testing.contract_fixtures import StoreFixtures

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class PlansContract(StoreFixtures):
    """Versions, notices, consents, what people said, half-written forms, receipts and copies."""

    def test_versions_come_back_by_number(self, store: Store, room: a.Classroom) -> None:
        """Whole and as heads, of one child and of several; a version that does not follow is a Conflict."""
        first = v.a_plan_version(room.student.id, state=PlanState.IN_EFFECT)
        amendment = Amendment(
            of=first.id, method=AmendmentMethod.AGREEMENT, agreed_on=a.TODAY, why=a.words("She grew.")
        )
        second = v.a_plan_version(room.student.id, number=2, plan_id=first.plan_id, amendment=amendment)
        with store.write() as uow:
            uow.plans.add_version(second)
            uow.plans.add_version(first)
        step = PlanStep(state=PlanState.SUPERSEDED, on=a.TODAY, by=room.teacher.id)
        ended = replace(first, state=PlanState.SUPERSEDED, ended_on=a.TODAY, steps=(step,), version=2)
        with store.write() as uow:
            uow.plans.save_version(ended)
        with pytest.raises(Conflict) as conflict, store.write() as uow:
            uow.plans.save_version(replace(first, version=2))
        assert ended == conflict.value.current
        with store.read() as uow:
            assert [ended, second] == list(uow.plans.versions_of(room.student.id))
            assert second == uow.plans.version(second.id)
            assert uow.plans.version(PlanVersionId(new_uuid7())) is None
            assert [head_of(ended), head_of(second)] == list(uow.plans.heads_of({room.student.id}))
            assert [] == list(uow.plans.heads_of(set()))
            assert [second] == list(uow.plans.versions_in({PlanState.DRAFT}))
            assert [] == list(uow.plans.versions_in({PlanState.DRAFT}, student_ids=set()))
            both = uow.plans.versions_in(set(PlanState), student_ids={room.student.id})
            assert [ended, second] == list(both)

    def test_a_child_has_one_draft_and_each_number_once(self, store: Store, room: a.Classroom) -> None:
        """A second draft, and a number that is taken, are refused; with the draft proposed there is room."""
        draft = v.a_plan_version(room.student.id)
        other = v.a_plan_version(room.student.id, number=2)
        with store.write() as uow:
            uow.plans.add_version(draft)
        for wrong in (other, replace(other, number=1, state=PlanState.IN_EFFECT)):
            with pytest.raises(IepError, match="store_refused"), store.write() as uow:
                uow.plans.add_version(wrong)
        with store.write() as uow:
            uow.plans.save_version(replace(draft, state=PlanState.PROPOSED, version=2))
            uow.plans.add_version(other)
        with store.read() as uow:
            assert 2 == len(uow.plans.versions_of(room.student.id))

    def test_only_a_draft_can_be_dropped(self, store: Store, room: a.Classroom) -> None:
        """It goes with its half-written forms; not when somebody said something to it, nor once proposed."""
        draft = v.a_plan_version(room.student.id)
        form = v.a_part_draft(room.student.id, version_id=draft.id)
        elsewhere = v.a_part_draft(room.student.id)
        with store.write() as uow:
            uow.plans.add_version(draft)
            uow.plans.save_part_draft(form)
            uow.plans.save_part_draft(elsewhere)
            uow.plans.drop_version(draft.id)
        with store.read() as uow:
            assert uow.plans.version(draft.id) is None
            assert [] == list(uow.plans.part_drafts_of(form.author_id, room.student.id))
            assert [elsewhere] == list(uow.plans.part_drafts_of(elsewhere.author_id, room.student.id))
        with store.write() as uow:
            uow.plans.add_version(draft)
            uow.plans.save_part_draft(form)
            uow.plans.add_comment(v.a_comment(draft))
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.plans.drop_version(draft.id)
        with pytest.raises(NotFound), store.write() as uow:
            uow.plans.drop_version(PlanVersionId(new_uuid7()))
        with store.write() as uow:
            uow.plans.save_version(replace(draft, state=PlanState.PROPOSED, version=2))
        with pytest.raises(IllegalMove, match="plan_stands"), store.write() as uow:
            uow.plans.drop_version(draft.id)
        with store.read() as uow:
            assert [form] == list(uow.plans.part_drafts_of(form.author_id, room.student.id))

    def test_notices_and_consents_are_kept_by_version(self, store: Store, room: a.Classroom) -> None:
        """Found by id, by child and by children; a stale one is a Conflict."""
        student = room.student.id
        notice, later = v.a_notice(student), v.a_notice(student)
        consent = v.a_parent_consent(student, requested_on=a.TODAY + DAY)
        earlier = v.a_parent_consent(student, of_id=room.mother.id, text=a.words("Speech."))
        with store.write() as uow:
            for one in (notice, later):
                uow.plans.add_notice(one)
            for asked in (consent, earlier):
                uow.plans.add_consent(asked)
        sent = replace(notice, sent_on=a.TODAY, version=2)
        given = replace(
            consent,
            state=ParentConsentState.GIVEN,
            decided_on=a.TODAY + DAY,
            signature=v.a_signature(room.mother.id),
            version=2,
        )
        with store.write() as uow:
            uow.plans.save_notice(sent)
            uow.plans.save_consent(given)
        with pytest.raises(Conflict), store.write() as uow:
            uow.plans.save_notice(sent)
        with pytest.raises(Conflict), store.write() as uow:
            uow.plans.save_consent(given)
        with store.read() as uow:
            assert sent == uow.plans.notice(notice.id)
            assert {sent.id, later.id} == {one.id for one in uow.plans.notices_of(student)}
            assert [] == list(uow.plans.notices_of_students(set()))
            assert given == uow.plans.consent(consent.id)
            assert [earlier, given] == list(uow.plans.consents_of(student))
            assert [earlier, given] == list(uow.plans.consents_of_students({student}))

    def test_what_people_say_comes_back_in_the_order_it_was_said(
        self, store: Store, room: a.Classroom
    ) -> None:
        """Wishes, comments and answers; a repeated client key gives what was stored first."""
        version = v.a_plan_version(room.student.id, state=PlanState.PROPOSED)
        first, second = v.a_wish(room.student.id), v.a_wish(room.student.id, said_at=a.NOW + HOUR, words=None)
        comment = v.a_comment(version, said_at=a.NOW + HOUR)
        before = v.a_comment(version, answers=None)
        answer = v.a_part_answer(version)
        with store.write() as uow:
            uow.plans.add_version(version)
            for wish in (second, first):
                assert wish == uow.plans.add_wish(wish)
            assert first == uow.plans.add_wish(replace(second, id=first.id, author_id=first.author_id,
                                                       client_key=first.client_key))  # fmt: skip
            for said in (comment, before):
                assert said == uow.plans.add_comment(said)
            assert comment == uow.plans.add_comment(replace(comment, id=before.id, words=a.words("Other.")))
            assert answer == uow.plans.add_answer(answer)
            assert answer == uow.plans.add_answer(replace(answer, words=a.words("Again.")))
        with store.read() as uow:
            assert [first, second] == list(uow.plans.wishes_of(room.student.id))
            assert [] == list(uow.plans.wishes_of_students(set()))
            assert [before, comment] == list(uow.plans.comments_of(version.id))
            of_child = uow.plans.comments_of_students({room.student.id}, since=a.NOW + HOUR)
            assert [comment] == list(of_child)
            assert [before, comment] == list(uow.plans.comments_of_students({room.student.id}))
            assert [answer] == list(uow.plans.answers_of(version.id))

    def test_words_hang_on_a_version(self, store: Store, room: a.Classroom) -> None:
        """A comment on a version that is not there is refused."""
        with pytest.raises(IepError, match="store_refused"), store.write() as uow:
            uow.plans.add_comment(v.a_comment(v.a_plan_version(room.student.id)))

    def test_a_half_written_form_follows_its_author(self, store: Store, room: a.Classroom) -> None:
        """One per author, child, version, form and place; versions follow each other, also without a
        version of the plan; another author's form is another."""
        version = v.a_plan_version(room.student.id)
        mine = v.a_part_draft(room.student.id, author_id=room.teacher.id)
        in_version = replace(
            v.a_part_draft(room.student.id), author_id=room.teacher.id, version_id=version.id
        )
        theirs = v.a_part_draft(room.student.id, author_id=room.mother.id)
        more = replace(mine, fields=mine.fields[:1], saved_at=a.NOW + HOUR, version=2)
        with store.write() as uow:
            uow.plans.add_version(version)
            for one in (mine, in_version, theirs, more, more):
                uow.plans.save_part_draft(one)
        with pytest.raises(Conflict) as conflict, store.write() as uow:
            uow.plans.save_part_draft(replace(mine, saved_at=a.NOW + HOUR))
        assert more == conflict.value.current
        with pytest.raises(NotFound), store.write() as uow:
            uow.plans.save_part_draft(replace(theirs, about="other", version=2))
        with store.read() as uow:
            assert more == uow.plans.part_draft(room.teacher.id, room.student.id, "placement")
            found = uow.plans.part_draft(room.teacher.id, room.student.id, "placement", version_id=version.id)
            assert in_version == found
            assert uow.plans.part_draft(room.mother.id, room.student.id, "goal") is None
            assert [in_version, more] == list(uow.plans.part_drafts_of(room.teacher.id, room.student.id))
        with store.write() as uow:
            uow.plans.delete_part_draft(theirs.id)
            assert [] == list(uow.plans.part_drafts_of(room.mother.id, room.student.id))
            assert 1 == uow.plans.delete_part_drafts_before(a.NOW + HOUR)
            assert [more] == list(uow.plans.part_drafts_of(room.teacher.id, room.student.id))

    def test_a_hold_keeps_half_written_forms(self, store: Store, room: a.Classroom) -> None:
        """Nothing of a record under hold goes, however old."""
        with store.write() as uow:
            uow.plans.save_part_draft(v.a_part_draft(room.student.id))
            uow.keeping.add_hold(a.a_hold(room.student.id))
            assert 0 == uow.plans.delete_part_drafts_before(a.NOW + HOUR)

    def test_the_first_receipt_counts(self, store: Store, room: a.Classroom) -> None:
        """One per adult and version."""
        version = v.a_plan_version(room.student.id)
        receipt = v.a_receipt(version, adult_id=room.teacher.id)
        other = v.a_receipt(version, adult_id=AdultId(new_uuid7()), got_at=a.NOW + HOUR)
        with store.write() as uow:
            uow.plans.add_version(version)
            assert other == uow.plans.add_receipt(other)
            assert receipt == uow.plans.add_receipt(receipt)
            assert receipt == uow.plans.add_receipt(replace(receipt, got_at=a.NOW + HOUR))
        with store.read() as uow:
            assert [receipt, other] == list(uow.plans.receipts_of({version.id}))
            assert [] == list(uow.plans.receipts_of(set()))

    def test_a_receipt_that_was_a_slip_is_forgotten(self, store: Store, room: a.Classroom) -> None:
        """Only that adult's for that version; one that is not there is no matter."""
        version = v.a_plan_version(room.student.id)
        receipt, other = (v.a_receipt(version, adult_id=AdultId(new_uuid7())) for _ in range(2))
        with store.write() as uow:
            uow.plans.add_version(version)
            uow.plans.add_receipt(receipt)
            uow.plans.add_receipt(other)
        with store.write() as uow:
            uow.plans.drop_receipt(version.id, receipt.adult_id)
            uow.plans.drop_receipt(version.id, receipt.adult_id)
        with store.read() as uow:
            assert [other] == list(uow.plans.receipts_of({version.id}))

    def test_copies_are_listed_by_day(self, store: Store, room: a.Classroom) -> None:
        """A repeated key adds none."""
        later = v.a_copy(room.student.id, sent_on=a.TODAY + DAY)
        copy = v.a_copy(room.student.id, noted_by=room.teacher.id)
        with store.write() as uow:
            for one in (later, copy, copy):
                assert one == uow.plans.add_copy(one)
        with store.read() as uow:
            assert [copy, later] == list(uow.plans.copies_of(room.student.id))
            assert [later] == list(uow.plans.copies_of(room.student.id, since=a.TODAY + DAY))
