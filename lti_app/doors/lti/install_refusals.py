"""Refusals while somebody connects a platform: one exception, one code; the words stand in one table."""

from __future__ import annotations


class InstallRefused(Exception):
    """What was given, or what a platform said, cannot be used.

    ``code`` is stable and lower-case; ``lti_app.platform_words`` has what to do about it. ``field`` names the
    field of a form where one is to blame; ``host`` the host meant, the only value that ever travels along.
    """

    def __init__(self, code: str, *, field: str | None = None, host: str = "") -> None:
        self.code = code
        self.field = field
        self.host = host[:253]
        super().__init__(code)
