"""A child's record as one file for another school: for machines and for people, and read back with care."""

from __future__ import annotations

from lti_app.transfer.file import TransferBroken, read_transfer, write_transfer
from lti_app.transfer.pages import record_page

__all__ = ["TransferBroken", "read_transfer", "record_page", "write_transfer"]
