"""Refusals of the LTI door: one exception, one reason code for the log, one sentence key for people."""

from __future__ import annotations


class LaunchRefused(Exception):
    """A login or launch we do not accept.

    ``reason`` is a stable lower-case code for the log (never a value from the message); ``page`` names the
    sentence a person reads; ``status`` is the HTTP status.
    """

    def __init__(self, reason: str, *, status: int = 400, page: str = "launch_refused") -> None:
        self.reason = reason
        self.status = status
        self.page = page
        super().__init__(reason)
