"""Items that teachers added to courses of the practice LMS, and the questions to the tool that are open."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_app.sandbox.gradebook import Column


class AnswerRefused(Exception):
    """The tool's answer is not what was asked for; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One item a teacher added to a course."""

    id: int
    course_id: int
    kind: str
    title: str
    url: str
    custom: Mapping[str, str] = field(default_factory=dict)
    column: Column | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One question to the tool: who asked, for which course, and the opaque text that must come back."""

    user_key: str
    course_id: int
    data: str


class Links:
    """Wishes under way and items kept, in memory; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes: dict[str, Wish] = {}
        self._links: dict[int, Link] = {}
        self._nonces: set[str] = set()
        self._next = 1

    def ask(self, user_key: str, course_id: int) -> str:
        """Remember a question; return its name."""
        name = secrets.token_urlsafe(12)
        data = json.dumps({"wish": name, "opaque": "ä&=\u00df"}, ensure_ascii=False)
        with self._lock:
            self._wishes[name] = Wish(user_key=user_key, course_id=course_id, data=data)
        return name

    def wish(self, name: str) -> Wish | None:
        """The question of this name, while it is open."""
        with self._lock:
            return self._wishes.get(name)

    def close(self, name: str, nonce: str) -> Wish:
        """End a question; raises :class:`AnswerRefused` for one that is over, or a nonce seen before."""
        with self._lock:
            if nonce in self._nonces:
                raise AnswerRefused("the nonce was used before")
            wish = self._wishes.pop(name, None)
            if wish is None:
                raise AnswerRefused("nobody asked for this")
            self._nonces.add(nonce)
            return wish

    def add(self, course_id: int, item: Mapping[str, Any], column: Column | None) -> Link:
        """Keep an item."""
        with self._lock:
            link = Link(
                id=self._next,
                course_id=course_id,
                kind=str(item["type"]),
                title=str(item.get("title") or "Link"),
                url=str(item.get("url") or ""),
                custom=dict(item.get("custom") or {}),
                column=column,
            )
            self._links[link.id] = link
            self._next += 1
        return link

    def of_course(self, course_id: int) -> list[Link]:
        """The items of a course, oldest first."""
        with self._lock:
            return [one for one in self._links.values() if one.course_id == course_id]

    def link(self, link_id: int) -> Link | None:
        """One item."""
        with self._lock:
            return self._links.get(link_id)

    def clear(self) -> None:
        """Forget items and questions; numbers go on."""
        with self._lock:
            self._links.clear()
            self._wishes.clear()
            self._nonces.clear()
