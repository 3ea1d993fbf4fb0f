"""Notes of launches for administrators: that a deployment works, now and then, and every refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from iepcore.errors import IepError
from iepcore.ids import new_uuid7
from lti_app.doors.installs import OPENED, InstallStore, LaunchNote

log = logging.getLogger("lti_app.doors")

NOTE_EVERY = timedelta(minutes=10)
"""A deployment that works is noted this often, so that launches stay cheap."""


class LaunchNotes:
    """Writes the notes of one application. A note that cannot be written costs nobody a launch."""

    def __init__(self, installs: InstallStore, *, clock: Callable[[], datetime]) -> None:
        self._installs = installs
        self._clock = clock
        self._noted: dict[tuple[UUID, str], datetime] = {}
        self._lock = Lock()

    def opened(self, registration_id: UUID, deployment_id: str) -> None:
        """Remember that a deployment works."""
        now, key = self._clock(), (registration_id, deployment_id)
        with self._lock:
            seen = self._noted.get(key)
            if seen is not None and timedelta(0) <= now - seen < NOTE_EVERY:
                return
            self._noted[key] = now
        self._write(registration_id, deployment_id, OPENED, "")

    def refused(self, registration_id: UUID, deployment_id: str, reason: str, reference: str) -> None:
        """Remember a refusal with the number the person was shown."""
        with self._lock:
            # So that its mending is seen at once. A refusal may come before the deployment is known.
            self._noted = {key: at for key, at in self._noted.items() if key[0] != registration_id}
        self._write(registration_id, deployment_id, reason, reference)

    def _write(self, registration_id: UUID, deployment_id: str, outcome: str, reference: str) -> None:
        note = LaunchNote(
            id=new_uuid7(),
            registration_id=registration_id,
            deployment_id=deployment_id[:255],
            at=self._clock(),
            outcome=outcome[:80],
            reference=reference,
        )
        try:
            self._installs.note_launch(note)
        except IepError:
            log.warning("a launch could not be noted")
