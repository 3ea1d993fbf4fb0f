"""Opaque launch hints: what the login initiation carries and the authorisation request brings back.

Both are encrypted, authenticated and dated (Fernet), so the person's key never stands in an address; the
message hint opens one launch only, as Canvas's does.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

HINT_SECONDS = 300
CONSENT_SECONDS = 600


class HintRefused(Exception):
    """The hint is unknown, altered, too old or was used before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchHint:
    """One prepared launch: who, from where, to which target, with which storage frame.

    ``kind`` is ``navigation``, ``wish`` (for a link), ``link`` (an item) or ``card`` (a pupil's); ``about``
    names the wish, the item or the pupil.
    """

    user_key: str
    course_id: int | None
    target_link_uri: str
    storage_target: str | None
    masquerading: str | None
    kind: str = "navigation"
    about: str = ""


class Hints:
    """Makes and opens the hints; remembers which launches were used."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._fernet = Fernet(Fernet.generate_key())
        self._used: set[str] = set()
        self._lock = threading.Lock()

    def seal(self, kind: str, payload: dict[str, Any]) -> str:
        """Encrypt ``payload`` under its kind and the present time."""
        body = json.dumps({"kind": kind, "id": secrets.token_hex(8), **payload}).encode()
        return self._fernet.encrypt_at_time(body, self._now()).decode()

    def open(self, kind: str, sealed: str, *, seconds: int, once: bool = False) -> dict[str, Any]:
        """The payload of a sealed text of that kind; raises :class:`HintRefused`."""
        try:
            body = self._fernet.decrypt_at_time(sealed.encode(), seconds, self._now())
        except (InvalidToken, UnicodeEncodeError) as refusal:
            raise HintRefused from refusal
        payload: dict[str, Any] = json.loads(body)
        if payload.pop("kind") != kind:
            raise HintRefused
        identity = str(payload.pop("id"))
        if once:
            with self._lock:
                if identity in self._used:
                    raise HintRefused
                self._used.add(identity)
        return payload

    def login_hint(self, user_key: str) -> str:
        """The hint that names the person to sign in."""
        return self.seal("login", {"user": user_key})

    def login_user(self, sealed: str) -> str:
        """The key of the person a login hint names; raises :class:`HintRefused`."""
        return str(self.open("login", sealed, seconds=HINT_SECONDS)["user"])

    def message_hint(self, launch: LaunchHint) -> str:
        """The hint that names the launch."""
        return self.seal(
            "launch",
            {
                "user": launch.user_key,
                "course": launch.course_id,
                "target": launch.target_link_uri,
                "storage": launch.storage_target,
                "by": launch.masquerading,
                "kind_of_launch": launch.kind,
                "about": launch.about,
            },
        )

    def launch(self, sealed: str) -> LaunchHint:
        """The launch a message hint names, once; raises :class:`HintRefused`."""
        raw = self.open("launch", sealed, seconds=HINT_SECONDS, once=True)
        return LaunchHint(
            user_key=raw["user"],
            course_id=raw["course"],
            target_link_uri=raw["target"],
            storage_target=raw["storage"],
            masquerading=raw["by"],
            kind=raw["kind_of_launch"],
            about=raw["about"],
        )

    def _now(self) -> int:
        return int(self._clock().timestamp())
