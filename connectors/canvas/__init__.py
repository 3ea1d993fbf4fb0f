"""Canvas: a teacher's own consent, and private conversations with exactly one person."""

from __future__ import annotations

from connectors.canvas.channel import CanvasChannel, CanvasUserId
from connectors.canvas.dialect import CanvasDialect
from connectors.canvas.features import (
    ALL_ROUTES,
    CHANNEL_ROUTES,
    CHANNEL_SCOPES,
    CanvasFeature,
    scopes_for,
)
from connectors.canvas.oauth import CanvasOAuth, DeveloperKey, Grant, GrantStore
from connectors.canvas.senders import Senders
from connectors.canvas.source import CanvasSource

__all__ = [
    "ALL_ROUTES",
    "CHANNEL_ROUTES",
    "CHANNEL_SCOPES",
    "CanvasChannel",
    "CanvasDialect",
    "CanvasFeature",
    "CanvasOAuth",
    "CanvasSource",
    "CanvasUserId",
    "DeveloperKey",
    "Grant",
    "GrantStore",
    "Senders",
    "scopes_for",
]
