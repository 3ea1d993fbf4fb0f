"""The concrete source behind a feed: Canvas in the name of who connected it, or another package's connector.

A file (OneRoster) is here only while it is brought; such a feed has no source of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.canvas import CanvasSource
from connectors.oneroster import open_zip, options_of
from connectors.registry import config_of, connectors, make_source
from iepcore.people import CourseRoster, RosterFeed, kept_rosters
from iepcore.ports import RosterSource, Store
from lti_app.delivery.connections import CanvasConnections
from lti_app.delivery.google_rosters import GoogleRosters
from lti_app.delivery.grants import SiteGrants
from lti_app.doors.records import DoorStore, Site

ONEROSTER, CANVAS, GOOGLE = "oneroster", "canvas", "google"


class FeedSources:
    """Opens what is behind a feed, for as long as a pull takes."""

    def __init__(
        self, doors: DoorStore, connections: CanvasConnections, google: GoogleRosters | None = None
    ) -> None:
        self._doors = doors
        self._connections = connections
        self._google = google

    @contextmanager
    def open(self, site: Site, feed: RosterFeed) -> Iterator[RosterSource | None]:
        """Give the source, or None where nobody can reach it: a file, or a consent that is gone."""
        if feed.kind == CANVAS:
            with self._canvas(site, feed) as source:
                yield source
        elif feed.kind == GOOGLE:
            with self._of_google(site, feed) as source:
                yield source
        else:
            yield self._other(site, feed)

    def _other(self, site: Site, feed: RosterFeed) -> RosterSource | None:
        """Return the source of another package's connector, made of the feed's configuration (lines of
        ``key = value``), its ``source`` and the site's ``zone``."""
        config = config_of(feed.config)
        known = {one.name for one in connectors() if not one.problem}
        if feed.kind not in known or (feed.kind == ONEROSTER and "file" not in config):
            return None
        return make_source(feed.kind, {**config, "source": feed.source, "zone": site.zone})

    def canvas_source(self, site: Site) -> str:
        """Return the name under which accounts of the site's Canvas are kept; empty without a key."""
        client = self._doors.api_client_of_site(site.id)
        return f"canvas:{client.registration_id}" if client is not None else ""

    @contextmanager
    def _of_google(self, site: Site, feed: RosterFeed) -> Iterator[RosterSource | None]:
        """Give Classroom: of the domain as the administrator named in ``config`` sees it, or the courses of
        the teacher who connected it."""
        if self._google is not None and feed.config:
            with self._google.of_domain(site, feed.config) as source:
                yield source
        elif self._google is not None and feed.connected_by is not None:
            with self._google.of_teacher(site, feed.connected_by) as source:
                yield source
        else:
            yield None

    @contextmanager
    def _canvas(self, site: Site, feed: RosterFeed) -> Iterator[RosterSource | None]:
        client = self._doors.api_client_of_site(site.id)
        if client is None or feed.connected_by is None:
            yield None
            return
        grant = SiteGrants(self._doors, site, client).load(feed.connected_by)
        if grant is None or grant.is_lost:
            yield None
            return
        with self._connections.senders(site, client).transport(feed.connected_by) as transport:
            yield CanvasSource(
                transport,
                source=feed.source,
                user_id=grant.canvas_user_id,
                account_id=feed.config or None,
                zone=ZoneInfo(site.zone),
            )


def file_source(path: Path, *, site: Site, feed: RosterFeed, store: Store) -> RosterSource:
    """Return the source of a OneRoster zip; one that tells changes is applied to what is kept of the feed.

    Raises:
        ConnectorError: from whatever reads it, when it cannot be used.
        InvalidValue: when the feed's configuration has no form.
    """
    config = {**config_of(feed.config), "file": str(path), "source": feed.source, "zone": site.zone}
    _, options = options_of(config)
    return open_zip(path, options, previous=lambda: kept_of(store, feed.source))


def kept_of(store: Store, source: str) -> tuple[CourseRoster, ...]:
    """Return what is kept of a source, as rosters."""
    with store.read() as uow:
        lines = uow.people.roster(source)
        courses = sorted({line.context_id for line in lines})
        hints = [hint for course in courses for hint in uow.rosters.guardians_in(source, course)]
        return kept_rosters(lines, hints)
