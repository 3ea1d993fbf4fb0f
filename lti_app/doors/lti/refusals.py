"""Refusals of the LTI door: one exception, one reason code for the log, one sentence key for people."""

from __future__ import annotations

from uuid import UUID


class LaunchRefused(Exception):
    """A login or launch we do not accept.

    ``reason`` is a stable lower-case code for the log (never a value from the message); ``page`` names the
    sentence a person reads; ``status`` is the HTTP status. ``of`` is the registration and deployment it came
    by, as far as they are known; then its administrator is told.
    """

    def __init__(self, reason: str, *, status: int = 400, page: str = "launch_refused") -> None:
        self.reason = reason
        self.status = status
        self.page = page
        self.of: tuple[UUID, str] | None = None
        super().__init__(reason)
