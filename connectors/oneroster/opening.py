"""A zip by what its manifest says: a whole file, or changes to what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from connectors.oneroster.archive import Archive, Limits
from connectors.oneroster.book import Watch
from connectors.oneroster.delta import OneRosterDelta, apply_delta
from connectors.oneroster.faults import Problems
from connectors.oneroster.manifest import read_manifest
from connectors.oneroster.options import OneRosterOptions
from connectors.oneroster.source import OneRosterSource, utc_now
from iepcore.people import CourseRoster


def open_zip(
    path: Path,
    options: OneRosterOptions | None = None,
    *,
    previous: Callable[[], Iterable[CourseRoster]],
    limits: Limits | None = None,
    now: Callable[[], datetime] = utc_now,
    watch: Watch | None = None,
) -> OneRosterSource | OneRosterDelta:
    """Return the source for a zip of either kind. ``previous`` is asked for the rosters as kept, of this
    source, only when the zip tells changes.

    Raises:
        OneRosterFault: when it cannot be used.
    """
    with Archive(path, limits) as archive:
        is_delta = read_manifest(archive, Problems()).is_delta
    if is_delta:
        return apply_delta(previous(), path, options, limits=limits, now=now, watch=watch)
    return OneRosterSource(path, options, limits=limits, now=now, watch=watch)
