"""The LTI 1.3 tool people launch: a thin shell of doors, screens, storage, delivery and a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from lti_app.doors.parts import Wiring
    from lti_app.settings import Settings

__all__ = ["create_app"]


def create_app(settings: Settings, *, wiring: Wiring | None = None) -> Flask:
    """Return the WSGI application. ``wiring`` is for tests; by default ``lti_app.wiring`` builds it from
    ``settings``.
    """
    from lti_app.application import build

    return build(settings, wiring=wiring)
