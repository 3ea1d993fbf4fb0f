"""The family in SQL: the repository of conversations, home observations, contacts, translations, drafts."""

# ruff: noqa: D102 -- the words stand on the Protocol this class implements

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

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
from lti_app.storage import family_tables as t
from lti_app.storage.keeping_tables import legal_hold
from lti_app.storage.site_rows import Mapped, SiteRows, Where

THREADS = Mapped(t.thread, Thread)
MESSAGES = Mapped(t.message, Message)
OPENED = Mapped(t.message_opened, MessageOpened)
DRAFTS = Mapped(t.draft, Draft)
OBSERVATIONS = Mapped(t.home_observation, HomeObservation)
CONTACTS = Mapped(t.contact, ContactLogEntry)
REQUESTS = Mapped(t.translation_request, TranslationRequest)
TRANSLATIONS = Mapped(t.translation, Translation, extras={"lang": lambda made: made.text.lang})


def _about(column: sa.Column[GoalId], goal_id: GoalId | None) -> Where:
    return column.is_(None) if goal_id is None else column == goal_id


class FamilyRows:
    """``FamilyRepository`` over one transaction."""

    def __init__(self, rows: SiteRows) -> None:
        self._rows = rows

    # conversations
    def add_thread(self, thread: Thread) -> Thread:
        c = t.thread.c
        same = (c.student_id == thread.student_id, _about(c.goal_id, thread.goal_id))
        return self._rows.add_first(THREADS, thread, *same)

    def thread(self, thread_id: ThreadId) -> Thread | None:
        return self._rows.one(THREADS, t.thread.c.id == thread_id)

    def thread_of(self, student_id: StudentId, goal_id: GoalId | None) -> Thread | None:
        c = t.thread.c
        return self._rows.one(THREADS, c.student_id == student_id, _about(c.goal_id, goal_id))

    def threads_of_students(self, student_ids: Collection[StudentId]) -> Sequence[Thread]:
        return self._rows.all(THREADS, t.thread.c.student_id.in_(student_ids))

    def add_message(self, message: Message) -> Message:
        c = t.message.c
        same = (c.author_id == message.author_id, c.client_key == message.client_key)
        return self._rows.add_first(MESSAGES, message, *same)

    def message(self, message_id: MessageId) -> Message | None:
        return self._rows.one(MESSAGES, t.message.c.id == message_id)

    def messages_of_thread(self, thread_id: ThreadId) -> Sequence[Message]:
        c = t.message.c
        return self._rows.all(MESSAGES, c.thread_id == thread_id, order=(c.sent_at,))

    def messages_of_students(
        self, student_ids: Collection[StudentId], *, since: datetime | None = None
    ) -> Sequence[Message]:
        c = t.message.c
        where: list[Where] = [c.student_id.in_(student_ids)]
        if since is not None:
            where.append(c.sent_at >= since)
        return self._rows.all(MESSAGES, *where, order=(c.sent_at,))

    def add_opened(self, opened: MessageOpened) -> None:
        self._rows.add_first(OPENED, opened, *OPENED.same(opened))

    def opened_of(self, message_ids: Collection[MessageId]) -> Sequence[MessageOpened]:
        c = t.message_opened.c
        return self._rows.all(OPENED, c.message_id.in_(message_ids), order=(c.opened_at,))

    # drafts
    def save_draft(self, draft: Draft) -> None:
        c = t.draft.c
        same = (
            c.author_id == draft.author_id,
            c.student_id == draft.student_id,
            _about(c.goal_id, draft.goal_id),
        )
        row = DRAFTS.row(self._rows.site_id, draft)
        if self._rows.change(DRAFTS, *same, c.version == draft.version - 1, **row) == 1:
            return
        stored = self._rows.one(DRAFTS, *same)
        if stored is None and draft.version == 1:
            stored = self._rows.add_first(DRAFTS, draft, *same)
        if stored is None:
            raise NotFound(DRAFTS.kind)
        if stored != draft:
            raise Conflict(DRAFTS.kind, current=stored, yours=draft)

    def draft_of(self, author_id: AdultId, student_id: StudentId, goal_id: GoalId | None) -> Draft | None:
        c = t.draft.c
        where = (c.author_id == author_id, c.student_id == student_id, _about(c.goal_id, goal_id))
        return self._rows.one(DRAFTS, *where)

    def delete_draft(self, draft_id: DraftId) -> None:
        self._rows.delete(DRAFTS, t.draft.c.id == draft_id)

    def delete_drafts_before(self, saved_before: datetime) -> int:
        hold, c = legal_hold.c, t.draft.c
        held = sa.exists().where(
            hold.site_id == c.site_id,
            hold.lifted_at.is_(None),
            sa.or_(hold.student_id == c.student_id, hold.student_id.is_(None)),
        )
        return self._rows.delete(DRAFTS, c.saved_at < saved_before, ~held)

    # home and contacts
    def add_observation(self, observation: HomeObservation) -> HomeObservation:
        c = t.home_observation.c
        same = (c.adult_id == observation.adult_id, c.client_key == observation.client_key)
        return self._rows.add_first(OBSERVATIONS, observation, *same)

    def observations_of_goals(
        self, goal_ids: Collection[GoalId]
    ) -> Mapping[GoalId, Sequence[HomeObservation]]:
        c = t.home_observation.c
        found: dict[GoalId, list[HomeObservation]] = {goal_id: [] for goal_id in goal_ids}
        order = (c.observed_on, c.received_at)
        for seen in self._rows.all(OBSERVATIONS, c.goal_id.in_(goal_ids), order=order):
            found[seen.goal_id].append(seen)
        return found

    def add_contact(self, entry: ContactLogEntry) -> ContactLogEntry:
        c = t.contact.c
        return self._rows.add_first(CONTACTS, entry, c.by_id == entry.by_id, c.client_key == entry.client_key)

    def contacts_of_students(self, student_ids: Collection[StudentId]) -> Sequence[ContactLogEntry]:
        c = t.contact.c
        return self._rows.all(CONTACTS, c.student_id.in_(student_ids), order=(c.at,))

    # translations
    def add_request(self, request: TranslationRequest) -> TranslationRequest:
        c = t.translation_request.c
        same = (
            c.message_id == request.message_id,
            c.part == request.part,
            c.to_language == request.to_language,
        )
        return self._rows.add_first(REQUESTS, request, *same)

    def save_request(self, request: TranslationRequest) -> None:
        row = REQUESTS.row(self._rows.site_id, request)
        if not self._rows.change(REQUESTS, *REQUESTS.same(request), **row):
            raise NotFound(REQUESTS.kind)

    def request(self, request_id: TranslationId) -> TranslationRequest | None:
        return self._rows.one(REQUESTS, t.translation_request.c.id == request_id)

    def requests_of_interpreter(self, interpreter_id: AdultId) -> Sequence[TranslationRequest]:
        return self._rows.all(REQUESTS, t.translation_request.c.interpreter_id == interpreter_id)

    def requests_of_messages(self, message_ids: Collection[MessageId]) -> Sequence[TranslationRequest]:
        return self._rows.all(REQUESTS, t.translation_request.c.message_id.in_(message_ids))

    def add_translation(self, translation: Translation) -> None:
        c = t.translation.c
        same = (c.message_id == translation.message_id, c.part == translation.part)
        self._rows.add_first(TRANSLATIONS, translation, *same, c.made_at == translation.made_at)

    def translations_of(self, message_ids: Collection[MessageId]) -> Sequence[Translation]:
        c = t.translation.c
        return self._rows.all(TRANSLATIONS, c.message_id.in_(message_ids), order=(c.made_at,))
