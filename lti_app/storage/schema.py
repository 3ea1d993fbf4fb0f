"""The whole schema: importing this module has declared every table."""

from __future__ import annotations

from lti_app.storage import (
    calendar_tables,
    delivery_tables,
    door_tables,
    family_tables,
    google_tables,
    gradebook_tables,
    install_tables,
    keeping_tables,
    people_tables,
    plan_document_tables,
    plan_tables,
    roster_tables,
    sending_tables,
    trail_tables,
)
from lti_app.storage.metadata import metadata

__all__ = [
    "calendar_tables",
    "delivery_tables",
    "door_tables",
    "family_tables",
    "google_tables",
    "gradebook_tables",
    "install_tables",
    "keeping_tables",
    "metadata",
    "people_tables",
    "plan_document_tables",
    "plan_tables",
    "roster_tables",
    "sending_tables",
    "trail_tables",
]
