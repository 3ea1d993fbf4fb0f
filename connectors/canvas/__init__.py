"""Canvas: a teacher's own consent, and private conversations with exactly one person."""

from __future__ import annotations

from connectors.canvas.channel import CanvasChannel, CanvasUserId
from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.oauth import CanvasOAuth, DeveloperKey, Grant, GrantStore
from connectors.canvas.routes import ALL_ROUTES, CHANNEL_ROUTES, CHANNEL_SCOPES
from connectors.canvas.senders import Senders

__all__ = [
    "ALL_ROUTES",
    "CHANNEL_ROUTES",
    "CHANNEL_SCOPES",
    "CanvasChannel",
    "CanvasDialect",
    "CanvasOAuth",
    "CanvasUserId",
    "DeveloperKey",
    "Grant",
    "GrantStore",
    "Senders",
]
