"""A word in the gradebook: off unless the school turned it on, one tap and one warning each, sent once."""

from __future__ import annotations

from collections.abc import Sequence

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload.desk import Desk
from iepcore.errors import InvalidValue, NotFound, NotPermitted
from iepcore.ids import ClientKey, GradebookWordId, StudentId, new_uuid7
from iepcore.notices import GradebookWord, neutral_word, settle_word
from iepcore.people import Student
from iepcore.ports import GradebookSink, UnitOfWork


class GradebookDesk:
    """Use cases of words in a gradebook."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def page(self, student_id: StudentId) -> tuple[Student, Sequence[GradebookWord]]:
        """Return the student and every word that went out about them, oldest first.

        Raises:
            NotFound: ``gradebook`` where the school has not turned it on.
            NotPermitted: ``staff_only``, and what the access decision says.
        """
        desk = self._desk
        if not desk.policy.gradebook_words:
            raise NotFound("gradebook")
        desk.open_record(_shared(student_id), what="gradebook_words")
        with desk.store.read() as uow:
            return self._own(uow, student_id), uow.gradebook.of_student(student_id)

    def send(
        self,
        student_id: StudentId,
        column: str,
        text: str,
        client_key: ClientKey,
        sink: GradebookSink,
        *,
        aware: bool,
    ) -> GradebookWord:
        """Send one word to the pupil's cell of a column, once, and return what became of it.

        It is written down before it leaves. A repeated key returns the first one; a word that may already
        stand in that cell is not sent again. ``aware``: the teacher has read who will see it.

        Raises:
            NotFound: ``gradebook`` where the school has not turned it on.
            InvalidValue: ``gradebook_unaware``, ``word_sent_already``, ``not_in_gradebook`` (this platform
                does not know the child), and those of ``neutral_word`` and ``GradebookWord``.
        """
        desk = self._desk
        if not desk.policy.gradebook_words:
            raise NotFound("gradebook")
        with desk.changing() as change:
            change.permit(Action.WRITE, _shared(student_id), what="gradebook_word")
            student = self._own(change.uow, student_id)
            if not aware:
                raise InvalidValue("gradebook_unaware", field="aware")
            words = change.uow.gradebook.of_student(student_id)
            word = GradebookWord(
                id=GradebookWordId(new_uuid7()),
                student_id=student_id,
                by_id=desk.adult_id,
                column=column,
                text=neutral_word(text, names=(student.legal_name, student.preferred_name)),
                client_key=client_key,
                written_at=desk.clock.now(),
            )
            stored = change.uow.gradebook.add(word)
            if stored.id != word.id:
                if stored.student_id != student_id:
                    raise InvalidValue("key_used_elsewhere", field="client_key")
                return stored
            there = [one for one in words if one.column == column and one.may_be_there]
            if any(one.text == word.text for one in there):
                raise InvalidValue("word_sent_already", field="text")
            known = change.uow.people.identities_of(student_id)
            subject = next((one.subject for one in known if one.source == sink.source), None)
            if subject is None:
                raise InvalidValue("not_in_gradebook", field="column")
        times = [one.sent_at for one in there if one.sent_at is not None]
        receipt = sink.post(column, subject, word.text, after=max(times, default=None))
        settled = settle_word(word, receipt)
        with desk.store.write() as uow:
            uow.gradebook.save(settled)
        return settled

    def _own(self, uow: UnitOfWork, student_id: StudentId) -> Student:
        """Return a student of the actor's own. A parent may write to the school, not into a gradebook."""
        today = self._desk.clock.today()
        places = uow.people.assignments_of_adult(self._desk.adult_id)
        if not any(one.student_id == student_id and one.holds_on(today) for one in places):
            raise NotPermitted("staff_only", citation="product rule: a teacher's tap")
        (student,) = uow.people.students({student_id})  # a place on a team is about a student of this store
        return student


def _shared(student_id: StudentId) -> Resource:
    return Resource(kind=ResourceKind.SHARED_NOTE, student_id=student_id)
