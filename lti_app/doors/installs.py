# ruff: noqa: D102  (Protocol and memory: the Protocol says what each call means)
"""What is remembered of connecting platforms: invites, how each connection came about, the last launches.

Beside ``DoorStore``, which a launch needs; these are read by administrators. Nothing here is about a child,
and of adults only who made an invite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Protocol
from uuid import UUID

from iepcore.ids import AdultId, SiteId

MOST_NOTES = 100
"""Launch notes kept per registration; older ones go when a new one comes."""

OPENED = "opened"
"""The outcome of a launch that was let in; every other outcome is a reason code of a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A link that connects one platform to one site, once. Only the hash of its code is kept.

    ``made_by`` None: made on the command line, so whoever first opens the tool from the platform as its
    administrator becomes the site's administrator (there may be nobody else to let them in).
    """

    code_hash: str
    site_id: SiteId
    made_by: AdultId | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """How a registration came about and whose it is.

    ``site_id`` is the site that may look after it; ``product`` a family code such as ``canvas``, empty when
    unknown; ``name`` what the platform calls itself; ``frames`` origins whose pages may frame us, beside the
    issuer's. Until ``claim_until`` the first administrator of the platform who launches is let in.
    ``inside``: whoever runs the tool connected it by hand, so it may be in a private network.
    """

    registration_id: UUID
    site_id: SiteId
    product: str
    name: str
    frames: tuple[str, ...]
    created_at: datetime
    claim_until: datetime | None = None
    inside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchNote:
    """One launch as an administrator may see it: when, from which deployment, and what came of it.

    Nobody is named. ``reference`` is the number a person was shown; empty for ``OPENED``.
    """

    id: UUID
    registration_id: UUID
    deployment_id: str
    at: datetime
    outcome: str
    reference: str = ""


class InstallStore(Protocol):
    """Each call is one short transaction. Raises ``Busy`` when it cannot write."""

    def add_invite(self, invite: Invite) -> None:
        """Keep an invite; the same one again replaces it. Those that ended before it was made go."""
        ...

    def invite(self, code_hash: str, *, at: datetime) -> Invite | None: ...
    def take_invite(self, code_hash: str, *, at: datetime) -> Invite | None:
        """Return the invite and delete it, atomically: of many callers exactly one gets it."""
        ...

    def save_installation(self, installation: Installation) -> None: ...
    def installation(self, registration_id: UUID) -> Installation | None: ...
    def installations(self) -> Sequence[Installation]: ...
    def note_launch(self, note: LaunchNote) -> None:
        """Keep a note; of one registration only the newest ``MOST_NOTES`` stay."""
        ...

    def launch_notes(self, registration_id: UUID, *, limit: int) -> Sequence[LaunchNote]:
        """Newest first."""
        ...


class MemoryInstallStore:
    """An ``InstallStore`` that forgets everything when the process ends."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._invites: dict[str, Invite] = {}
        self._installations: dict[UUID, Installation] = {}
        self._notes: dict[UUID, list[LaunchNote]] = {}

    def add_invite(self, invite: Invite) -> None:
        with self._lock:
            live = {key: one for key, one in self._invites.items() if one.expires_at > invite.created_at}
            self._invites = {**live, invite.code_hash: invite}

    def invite(self, code_hash: str, *, at: datetime) -> Invite | None:
        found = self._invites.get(code_hash)
        return found if found is not None and found.expires_at > at else None

    def take_invite(self, code_hash: str, *, at: datetime) -> Invite | None:
        with self._lock:
            found = self._invites.pop(code_hash, None)
        return found if found is not None and found.expires_at > at else None

    def save_installation(self, installation: Installation) -> None:
        with self._lock:
            self._installations[installation.registration_id] = installation

    def installation(self, registration_id: UUID) -> Installation | None:
        return self._installations.get(registration_id)

    def installations(self) -> Sequence[Installation]:
        return tuple(sorted(self._installations.values(), key=lambda one: one.registration_id))

    def note_launch(self, note: LaunchNote) -> None:
        with self._lock:
            kept = [note, *self._notes.get(note.registration_id, [])]
            kept.sort(key=lambda one: (one.at, one.id), reverse=True)
            self._notes[note.registration_id] = kept[:MOST_NOTES]

    def launch_notes(self, registration_id: UUID, *, limit: int) -> Sequence[LaunchNote]:
        return tuple(self._notes.get(registration_id, [])[:limit])


def may_be_inside(installs: InstallStore, registration_id: UUID) -> bool:
    """Whether a platform may be in a private network: whoever runs the tool connected it by hand.

    One without an installation was never connected by an address that somebody else chose.
    """
    made = installs.installation(registration_id)
    return made is None or made.inside
