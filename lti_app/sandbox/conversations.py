"""The inbox of the practice LMS: threads, who is in them, and Canvas's rules for writing to somebody.

Rules (Canvas ``conversations_controller.rb`` and its API pages): recipients the sender may not write to are
dropped silently; with ``force_new`` not true the private thread with the same person goes on, keeping its old
subject and context; with ``group_conversation`` everybody shares one thread and sees everybody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lti_app.sandbox.people import People, User

MAX_GROUP = 100


class ConversationRefused(Exception):
    """A refused message: the attribute at fault and Canvas's word for it."""

    def __init__(self, attribute: str, message: str) -> None:
        super().__init__(f"{attribute} {message}")
        self.attribute = attribute
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; ``participants`` are the user numbers that can read it."""

    id: int
    author_id: int
    body: str
    created_at: datetime
    participants: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Thread:
    """One conversation. ``read_by`` holds the numbers of those who opened it since the last message."""

    id: int
    subject: str | None
    context_code: str | None
    private: bool
    participants: tuple[int, ...]
    messages: list[Message] = field(default_factory=list)
    read_by: set[int] = field(default_factory=set)

    def wrote(self, user_id: int) -> bool:
        """Whether this person wrote a message in it."""
        return any(m.author_id == user_id for m in self.messages)

    def received(self, user_id: int) -> bool:
        """Whether somebody else wrote to this person in it."""
        return user_id in self.participants and any(m.author_id != user_id for m in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a POST asks for, read from the wire."""

    recipients: tuple[str, ...]
    body: str
    subject: str | None = None
    force_new: bool = False
    group: bool = False
    context_code: str | None = None


class Inbox:
    """All threads, in memory, safe from several threads of the server."""

    def __init__(self, people: People, clock: Callable[[], datetime]) -> None:
        self._people = people
        self._clock = clock
        self._lock = threading.RLock()
        self._threads: dict[int, Thread] = {}
        self._next_thread = 90001
        self._next_message = 1

    def send(self, sender: User, draft: Draft) -> list[Thread]:
        """Deliver a message; one thread per recipient unless it is a group. Raises
        :class:`ConversationRefused`.
        """
        if not draft.recipients:
            raise ConversationRefused("recipients", "blank")
        if not draft.body.strip():
            raise ConversationRefused("body", "blank")
        if draft.subject is not None and len(draft.subject) > 255:
            raise ConversationRefused("subject", "too_long")
        course_id = self._course_of(sender, draft.context_code)
        recipients = self._resolve(sender, draft.recipients, course_id)
        if not recipients:
            raise ConversationRefused("recipients", "invalid")
        if draft.group and len(recipients) > MAX_GROUP:
            raise ConversationRefused("recipients", "too many for group conversation")
        with self._lock:
            if draft.group and len(recipients) > 1:
                return [self._deliver(sender, recipients, draft, private=False)]
            return [self._deliver(sender, [one], draft, private=True) for one in recipients]

    def of(self, user: User, *, scope: str | None, filters: Sequence[str], match_all: bool) -> list[Thread]:
        """One person's threads, newest first; ``filters`` are ``user_<id>`` and ``course_<id>``."""
        with self._lock:
            mine = [t for t in self._threads.values() if user.canvas_user_id in t.participants]
        if scope == "sent":
            mine = [t for t in mine if t.wrote(user.canvas_user_id)]
        elif scope == "unread":
            mine = [
                t for t in mine if user.canvas_user_id not in t.read_by and t.received(user.canvas_user_id)
            ]
        elif scope is None:
            mine = [t for t in mine if t.received(user.canvas_user_id)]
        else:
            mine = []
        if filters:
            test = all if match_all else any
            mine = [t for t in mine if test(_matches(t, f) for f in filters)]
        return sorted(mine, key=lambda t: t.messages[-1].id, reverse=True)

    def get(self, user: User, thread_id: int) -> Thread | None:
        """One thread, if this person is in it."""
        with self._lock:
            thread = self._threads.get(thread_id)
        return thread if thread is not None and user.canvas_user_id in thread.participants else None

    def all(self) -> list[Thread]:
        """Every thread, oldest first."""
        with self._lock:
            return list(self._threads.values())

    def clear(self) -> None:
        """Forget everything; numbers go on, so an old number never means a new thread."""
        with self._lock:
            self._threads.clear()

    def _course_of(self, sender: User, code: str | None) -> int | None:
        if not code:
            return None
        kind, _, number = code.partition("_")
        if kind != "course" or not number.isdecimal() or not self._people.may_open(sender, int(number)):
            raise ConversationRefused("context_code", "invalid")
        if self._people.course(int(number)) is None:
            raise ConversationRefused("context_code", "invalid")
        return int(number)

    def _resolve(self, sender: User, wanted: Sequence[str], course_id: int | None) -> list[User]:
        found: dict[str, User] = {}
        for text in wanted:
            for user in self._expand(text):
                if self._people.may_message(sender, user, course_id):
                    found[user.key] = user
        return list(found.values())

    def _expand(self, text: str) -> list[User]:
        """``7`` is a person; ``course_1``, ``course_1_observers``... are everybody in it (of that kind)."""
        if text.isdecimal():
            user = self._people.by_id(int(text))
            return [user] if user else []
        parts = text.split("_")
        if parts[0] != "course" or len(parts) not in (2, 3) or not parts[1].isdecimal():
            return []
        role = {"students": "student", "observers": "observer", "teachers": "teacher", "tas": "ta"}.get(
            parts[-1]
        )
        members = self._people.members(int(parts[1]))
        return [u for u in members if len(parts) == 2 or role in u.roles_in(int(parts[1]))]

    def _deliver(self, sender: User, recipients: Sequence[User], draft: Draft, *, private: bool) -> Thread:
        everybody = tuple(sorted({sender.canvas_user_id, *(r.canvas_user_id for r in recipients)}))
        thread = None if draft.force_new or not private else self._private_thread(everybody)
        if thread is None:
            thread = Thread(
                id=self._next_thread,
                subject=draft.subject or None,
                context_code=draft.context_code or None,
                private=private,
                participants=everybody,
            )
            self._next_thread += 1
            self._threads[thread.id] = thread
        thread.messages.append(
            Message(
                id=self._next_message,
                author_id=sender.canvas_user_id,
                body=draft.body,
                created_at=self._clock(),
                participants=everybody,
            )
        )
        self._next_message += 1
        thread.read_by = {sender.canvas_user_id}
        return thread

    def _private_thread(self, everybody: tuple[int, ...]) -> Thread | None:
        same = [t for t in self._threads.values() if t.private and t.participants == everybody]
        return max(same, key=lambda t: t.messages[-1].id, default=None)


def _matches(thread: Thread, wanted: str) -> bool:
    kind, _, number = wanted.partition("_")
    if kind == "user":
        return number.isdecimal() and int(number) in thread.participants
    return thread.context_code == wanted
