"""A strict fake of Google over real HTTP, written from Google's discovery documents, not from our client."""

from __future__ import annotations

from tests.contract.connectors.google_fake.server import FakeGoogle
from tests.contract.connectors.google_fake.world import GoogleWorld

__all__ = ["FakeGoogle", "GoogleWorld"]
