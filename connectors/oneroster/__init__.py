"""OneRoster 1.1 and 1.2, CSV in a zip: whole rosters, and changes to those that are known already."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.oneroster.archive import Limits
from connectors.oneroster.delta import OneRosterDelta, apply_delta
from connectors.oneroster.faults import OneRosterFault, ProblemReport
from connectors.oneroster.opening import open_zip
from connectors.oneroster.options import OneRosterOptions, options_of
from connectors.oneroster.source import OneRosterSource

__all__ = [
    "Limits",
    "OneRosterDelta",
    "OneRosterFault",
    "OneRosterOptions",
    "OneRosterSource",
    "ProblemReport",
    "apply_delta",
    "make",
    "open_zip",
    "options_of",
]


def make(config: Mapping[str, str]) -> OneRosterSource:
    """Return the source for a configuration: ``file``, and if need be ``source``, ``school``, ``sis_id``,
    ``mail_domains`` (with commas between them).

    Raises:
        InvalidValue: for a key that is missing, unknown or has no form.
    """
    path, options = options_of(config)
    return OneRosterSource(path, options)
