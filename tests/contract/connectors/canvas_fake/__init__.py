"""A strict fake of Canvas over real HTTP, written from the contracts and the vendor's pages, never from our
client; and an oracle that says of everything in it who can see it."""

from __future__ import annotations

from tests.contract.connectors.canvas_fake.routes import ROUTES
from tests.contract.connectors.canvas_fake.server import (
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT,
    FakeCanvas,
    Fault,
    Seen,
)
from tests.contract.connectors.canvas_fake.world import CanvasWorld

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "REDIRECT",
    "ROUTES",
    "CanvasWorld",
    "FakeCanvas",
    "Fault",
    "Seen",
]
