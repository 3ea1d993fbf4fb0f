"""The whole schema: importing this module has declared every table."""

from __future__ import annotations

from lti_app.storage import door_tables
from lti_app.storage.metadata import metadata

__all__ = ["door_tables", "metadata"]
