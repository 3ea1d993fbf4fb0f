"""Canvas: a person's own consent, rosters that are whole or marked, private conversations with one person.

A roster (``CanvasSource``, ``CanvasAccountSource``) is an address book and gives no right. What can be sent
goes to one person (``CanvasChannel``) or to oneself (``CanvasCalendar``): no call reaches a class.

Each name is loaded when it is first asked for: who reads rosters does not wait for the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.canvas.accommodations import CanvasAccommodations
    from connectors.canvas.account_source import CanvasAccountSource
    from connectors.canvas.calendar import CanvasCalendar
    from connectors.canvas.capabilities import CanvasCapabilities
    from connectors.canvas.channel import CanvasChannel, CanvasUserId
    from connectors.canvas.dialect import CanvasDialect
    from connectors.canvas.features import (
        ALL_ROUTES,
        CHANNEL_ROUTES,
        CHANNEL_SCOPES,
        CanvasFeature,
        scopes_for,
    )
    from connectors.canvas.key_check import KeyCheck
    from connectors.canvas.oauth import CanvasOAuth, DeveloperKey, Grant, GrantStore
    from connectors.canvas.replies import CanvasReplies
    from connectors.canvas.senders import Senders
    from connectors.canvas.source import CanvasSource

__all__ = [
    "ALL_ROUTES",
    "CHANNEL_ROUTES",
    "CHANNEL_SCOPES",
    "CanvasAccommodations",
    "CanvasAccountSource",
    "CanvasCalendar",
    "CanvasCapabilities",
    "CanvasChannel",
    "CanvasDialect",
    "CanvasFeature",
    "CanvasOAuth",
    "CanvasReplies",
    "CanvasSource",
    "CanvasUserId",
    "DeveloperKey",
    "Grant",
    "GrantStore",
    "KeyCheck",
    "Senders",
    "scopes_for",
]

_PLACES = {
    "ALL_ROUTES": "features",
    "CHANNEL_ROUTES": "features",
    "CHANNEL_SCOPES": "features",
    "CanvasAccommodations": "accommodations",
    "CanvasAccountSource": "account_source",
    "CanvasCalendar": "calendar",
    "CanvasCapabilities": "capabilities",
    "CanvasChannel": "channel",
    "CanvasDialect": "dialect",
    "CanvasFeature": "features",
    "CanvasOAuth": "oauth",
    "CanvasReplies": "replies",
    "CanvasSource": "source",
    "CanvasUserId": "channel",
    "DeveloperKey": "oauth",
    "Grant": "oauth",
    "GrantStore": "oauth",
    "KeyCheck": "key_check",
    "Senders": "senders",
    "scopes_for": "features",
}


# Hidden from the type checker, which would otherwise believe in every name anyone types.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
