"""Canvas: a person's own consent, rosters that are whole or marked, private conversations with one person.

A roster (``CanvasSource``, ``CanvasAccountSource``) is an address book and gives no right. What can be sent
goes to one person (``CanvasChannel``) or to oneself (``CanvasCalendar``): no call reaches a class.
"""

from __future__ import annotations

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
