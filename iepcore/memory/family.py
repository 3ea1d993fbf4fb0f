"""The family in memory."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from iepcore.errors import Conflict, NotFound
from iepcore.family import (
    ContactLogEntry,
    Draft,
    HomeObservation,
    Message,
    MessageOpened,
    Thread,
    Translation,
    TranslationRequest,
)
from iepcore.ids import AdultId, DraftId, GoalId, MessageId, StudentId, ThreadId, TranslationId
from iepcore.memory.keeping import MemoryKeeping
from iepcore.memory.rows import MemoryRows, grouped


class MemoryFamily:
    """``FamilyRepository`` over one unit of work."""

    def __init__(self, rows: MemoryRows) -> None:
        self._rows = rows

    # conversations
    def add_thread(self, thread: Thread) -> Thread:
        return self._rows.add_first(thread)

    def thread(self, thread_id: ThreadId) -> Thread | None:
        return self._rows.get(Thread, thread_id)

    def thread_of(self, student_id: StudentId, goal_id: GoalId | None) -> Thread | None:
        about = (student_id, goal_id)
        return next(iter(self._rows.all(Thread, lambda one: (one.student_id, one.goal_id) == about)), None)

    def threads_of_students(self, student_ids: Collection[StudentId]) -> Sequence[Thread]:
        wanted = set(student_ids)
        return self._rows.all(Thread, lambda one: one.student_id in wanted)

    def add_message(self, message: Message) -> Message:
        return self._rows.add_first(message)

    def message(self, message_id: MessageId) -> Message | None:
        return self._rows.get(Message, message_id)

    def messages_of_thread(self, thread_id: ThreadId) -> Sequence[Message]:
        return self._rows.all(Message, lambda one: one.thread_id == thread_id, order=lambda one: one.sent_at)

    def messages_of_students(
        self, student_ids: Collection[StudentId], *, since: datetime | None = None
    ) -> Sequence[Message]:
        wanted = set(student_ids)
        return self._rows.all(
            Message,
            lambda one: one.student_id in wanted and (since is None or one.sent_at >= since),
            order=lambda one: one.sent_at,
        )

    def add_opened(self, opened: MessageOpened) -> None:
        self._rows.add_first(opened)

    def opened_of(self, message_ids: Collection[MessageId]) -> Sequence[MessageOpened]:
        wanted = set(message_ids)
        return self._rows.all(
            MessageOpened, lambda one: one.message_id in wanted, order=lambda one: one.opened_at
        )

    # drafts
    def save_draft(self, draft: Draft) -> None:
        stored = self.draft_of(draft.author_id, draft.student_id, draft.goal_id)
        if stored is None and draft.version > 1:
            raise NotFound("draft")
        if stored is not None and stored != draft and stored.version != draft.version - 1:
            raise Conflict("draft", current=stored, yours=draft)
        if stored is not None:
            self.delete_draft(stored.id)
        self._rows.add(draft)

    def draft_of(self, author_id: AdultId, student_id: StudentId, goal_id: GoalId | None) -> Draft | None:
        about = (author_id, student_id, goal_id)
        found = self._rows.all(Draft, lambda one: (one.author_id, one.student_id, one.goal_id) == about)
        return next(iter(found), None)

    def delete_draft(self, draft_id: DraftId) -> None:
        self._rows.delete(Draft, lambda one: one.id == draft_id)

    def delete_drafts_before(self, saved_before: datetime) -> int:
        keeping = MemoryKeeping(self._rows)
        return self._rows.delete(
            Draft, lambda one: one.saved_at < saved_before and not keeping.holds_on(one.student_id)
        )

    # home and contacts
    def add_observation(self, observation: HomeObservation) -> HomeObservation:
        return self._rows.add_first(observation)

    def observations_of_goals(
        self, goal_ids: Collection[GoalId]
    ) -> Mapping[GoalId, Sequence[HomeObservation]]:
        wanted = set(goal_ids)
        seen = self._rows.all(
            HomeObservation,
            lambda one: one.goal_id in wanted,
            order=lambda one: (one.observed_on, one.received_at),
        )
        return grouped(goal_ids, seen, lambda one: one.goal_id)

    def add_contact(self, entry: ContactLogEntry) -> ContactLogEntry:
        return self._rows.add_first(entry)

    def contacts_of_students(self, student_ids: Collection[StudentId]) -> Sequence[ContactLogEntry]:
        wanted = set(student_ids)
        return self._rows.all(ContactLogEntry, lambda one: one.student_id in wanted, order=lambda one: one.at)

    # translations
    def add_request(self, request: TranslationRequest) -> TranslationRequest:
        return self._rows.add_first(request)

    def save_request(self, request: TranslationRequest) -> None:
        if self.request(request.id) is None:
            raise NotFound("translation_request")
        self._rows.put(request)

    def request(self, request_id: TranslationId) -> TranslationRequest | None:
        return self._rows.get(TranslationRequest, request_id)

    def requests_of_interpreter(self, interpreter_id: AdultId) -> Sequence[TranslationRequest]:
        return self._rows.all(TranslationRequest, lambda one: one.interpreter_id == interpreter_id)

    def requests_of_messages(self, message_ids: Collection[MessageId]) -> Sequence[TranslationRequest]:
        wanted = set(message_ids)
        return self._rows.all(TranslationRequest, lambda one: one.message_id in wanted)

    def add_translation(self, translation: Translation) -> None:
        self._rows.add_first(translation)

    def translations_of(self, message_ids: Collection[MessageId]) -> Sequence[Translation]:
        wanted = set(message_ids)
        return self._rows.all(
            Translation, lambda one: one.message_id in wanted, order=lambda one: one.made_at
        )
