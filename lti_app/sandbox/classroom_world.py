"""What the practice Classroom holds while it runs: classes, items, attachments, consents and tokens."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lti_app.sandbox.classroom_people import Account, Class, load_classroom

TOKEN_SECONDS = 3599
CODE_SECONDS = 600
ADD_ON_TOKEN_SECONDS = 3600


class ExchangeRefused(Exception):
    """A code or refresh token that does not work (RFC 6749, 5.2): the text is the ``error``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One person's yes: which scopes, for which address, under which challenge, with which nonce."""

    account: Account
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str
    nonce: str
    offline: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """What an access token stands for."""

    account: Account
    scopes: frozenset[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One add-on attachment; ``body`` is what the add-on sent, ``copy_history`` where a copy came from."""

    id: str
    course_id: str
    item_id: str
    body: Mapping[str, Any]
    copy_history: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One item of a class; ``kind`` is the word of its ``itemType``."""

    id: str
    course_id: str
    kind: str
    title: str
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class _State:
    codes: dict[str, Consent] = field(default_factory=dict)
    bearers: dict[str, Bearer] = field(default_factory=dict)
    refreshes: dict[str, Consent] = field(default_factory=dict)
    said_yes: set[str] = field(default_factory=set)
    posts: dict[str, Post] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    add_on_tokens: dict[str, tuple[str, str, str, datetime]] = field(default_factory=dict)


class Classroom:
    """The practice Classroom; every method is safe from several threads."""

    def __init__(self, people_file: Path, clock: Callable[[], datetime]) -> None:
        self.people = load_classroom(people_file)
        self._clock = clock
        self._lock = threading.RLock()
        self._classes: dict[str, Class] = {one.id: one for one in self.people.classes}
        self._state = _State()
        self._next = 620000000001

    # classes and items

    def classes(self) -> list[Class]:
        """Every class, copies too."""
        with self._lock:
            return list(self._classes.values())

    def a_class(self, course_id: str) -> Class | None:
        """One class."""
        with self._lock:
            return self._classes.get(course_id)

    def furnish(self, add_on: str) -> None:
        """Give each class one item; with an add-on installed, its attachment hangs on it already."""
        for one in self.classes():
            post = self.add_post(one.id, "Before we begin")
            if add_on:
                uris = {f"{who}ViewUri": {"uri": f"{add_on}/{who}"} for who in ("teacher", "student")}
                self.attach(post, {"title": "Check-in", **uris})

    def is_teacher(self, account: Account, course_id: str) -> bool:
        """Whether somebody teaches a class."""
        found = self.a_class(course_id)
        return found is not None and account.key in found.teachers

    def is_student(self, account: Account, course_id: str) -> bool:
        """Whether somebody learns in a class."""
        found = self.a_class(course_id)
        return found is not None and account.key in found.students

    def add_post(
        self, course_id: str, title: str, *, kind: str = "courseWork", links: tuple[str, ...] = ()
    ) -> Post:
        """Add an item to a class."""
        with self._lock:
            post = Post(id=self._number(), course_id=course_id, kind=kind, title=title, links=links)
            self._state.posts[post.id] = post
        return post

    def posts(self, course_id: str) -> list[Post]:
        """The items of a class, newest first."""
        with self._lock:
            return [one for one in reversed(self._state.posts.values()) if one.course_id == course_id]

    def post(self, course_id: str, item_id: str, kind: str | None = None) -> Post | None:
        """One item, when it is of that class and kind."""
        with self._lock:
            found = self._state.posts.get(item_id)
        if found is None or found.course_id != course_id or kind not in (None, found.kind):
            return None
        return found

    def copy_class(self, course_id: str) -> Class:
        """Copy a class as a teacher does for the next year: its items and attachments, none of its pupils."""
        with self._lock:
            old = self._classes[course_id]
            new = replace(old, id=self._number(), name=f"{old.name} (copy)", students=())
            self._classes[new.id] = new
            for post in self.posts(course_id):
                made = self.add_post(new.id, post.title, kind=post.kind, links=post.links)
                for one in self.attachments(post.id):
                    came_from = {"courseId": old.id, "itemId": post.id, "attachmentId": one.id}
                    self._keep(made, one.body, (*one.copy_history, came_from))
        return new

    # attachments

    def attachments(self, item_id: str) -> list[Attachment]:
        """The attachments of an item, oldest first."""
        with self._lock:
            return [one for one in self._state.attachments.values() if one.item_id == item_id]

    def attachment(self, item_id: str, attachment_id: str) -> Attachment | None:
        """One attachment of an item."""
        with self._lock:
            found = self._state.attachments.get(attachment_id)
        return found if found is not None and found.item_id == item_id else None

    def attach(self, post: Post, body: Mapping[str, Any]) -> Attachment:
        """Keep a new attachment."""
        with self._lock:
            return self._keep(post, body, ())

    def change(self, attachment: Attachment, body: Mapping[str, Any]) -> Attachment:
        """Put some fields of an attachment in the place of the former ones."""
        with self._lock:
            changed = replace(attachment, body={**attachment.body, **body})
            self._state.attachments[attachment.id] = changed
        return changed

    def add_on_token(self, account: Account, post: Post) -> str:
        """What a frame that adds is given: good for this person and item, for an hour."""
        token = f"practice-addon.{secrets.token_urlsafe(24)}"
        ends = self._clock() + timedelta(seconds=ADD_ON_TOKEN_SECONDS)
        with self._lock:
            self._state.add_on_tokens[token] = (account.id, post.course_id, post.id, ends)
        return token

    def token_fits(self, token: str, account: Account, post: Post) -> bool:
        """Whether an add-on token was made for this person and item and is not too old."""
        with self._lock:
            held = self._state.add_on_tokens.get(token)
        return (
            held is not None and held[:3] == (account.id, post.course_id, post.id) and held[3] > self._clock()
        )

    # consents and tokens

    def has_said_yes(self, account: Account) -> bool:
        """Whether somebody signed in to the add-on before: only then a frame gets a ``login_hint``."""
        with self._lock:
            return account.id in self._state.said_yes

    def new_code(self, consent: Consent) -> str:
        """A code for the yes just given."""
        code = f"4/practice-{secrets.token_urlsafe(24)}"
        with self._lock:
            self._state.codes[code] = consent
            self._state.said_yes.add(consent.account.id)
        return code

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> tuple[Consent, str, str]:
        """Trade a code, once, for (consent, access token, refresh token); raises :class:`ExchangeRefused`."""
        with self._lock:
            consent = self._state.codes.pop(code, None)
        if consent is None or consent.expires_at <= self._clock() or consent.redirect_uri != redirect_uri:
            raise ExchangeRefused("invalid_grant")
        shown = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if consent.challenge and shown != consent.challenge:
            raise ExchangeRefused("invalid_grant")
        refresh = f"1//practice-{secrets.token_urlsafe(24)}" if consent.offline else ""
        with self._lock:
            if refresh:
                self._state.refreshes[refresh] = consent
        return consent, self._issue(consent), refresh

    def refresh(self, refresh_token: str) -> tuple[Consent, str]:
        """A new access token; the refresh token stays. Raises :class:`ExchangeRefused`."""
        with self._lock:
            consent = self._state.refreshes.get(refresh_token)
        if consent is None:
            raise ExchangeRefused("invalid_grant")
        return consent, self._issue(consent)

    def revoke(self, token: str) -> bool:
        """End a consent by its access or refresh token."""
        with self._lock:
            gone = self._state.bearers.pop(token, None) or self._state.refreshes.pop(token, None)
        return gone is not None

    def bearer(self, token: str) -> Bearer | None:
        """What a token stands for now."""
        with self._lock:
            found = self._state.bearers.get(token)
        return found if found is not None and found.expires_at > self._clock() else None

    def end_tokens(self) -> None:
        """Let every access token run out now."""
        with self._lock:
            self._state.bearers.clear()

    def clear(self) -> None:
        """Forget items, attachments and tokens; copies of classes go, too."""
        with self._lock:
            self._state = _State()
            self._classes = {one.id: one for one in self.people.classes}

    def _issue(self, consent: Consent) -> str:
        token = f"ya29.practice-{secrets.token_urlsafe(32)}"
        ends = self._clock() + timedelta(seconds=TOKEN_SECONDS)
        with self._lock:
            self._state.bearers[token] = Bearer(
                account=consent.account, scopes=consent.scopes, expires_at=ends
            )
        return token

    def _keep(
        self, post: Post, body: Mapping[str, Any], history: tuple[Mapping[str, str], ...]
    ) -> Attachment:
        made = Attachment(
            id=self._number(),
            course_id=post.course_id,
            item_id=post.id,
            body=dict(body),
            copy_history=history,
        )
        self._state.attachments[made.id] = made
        return made

    def _number(self) -> str:
        self._next += 1
        return str(self._next)
