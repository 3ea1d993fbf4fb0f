"""The worker that pulls rosters: nightly and on demand, one at a time per source, resumed after a crash."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from typing import Protocol

from iepcore.caseload import ROSTERS, Caseload
from iepcore.errors import Busy, IepError
from iepcore.people import RosterFeed
from iepcore.ports import RosterSource
from lti_app.doors.records import DoorStore, Site

log = logging.getLogger("lti_app.rosters")

PAUSE_SECONDS = 1.0


class OpenSource(Protocol):
    """What opens the source behind a feed."""

    def open(self, site: Site, feed: RosterFeed) -> AbstractContextManager[RosterSource | None]:
        """Give the source for as long as a pull takes; None where nobody can reach it."""
        ...


class RosterPlace(Protocol):
    """What the worker needs from the wiring."""

    doors: DoorStore

    @property
    def feed_sources(self) -> OpenSource:
        """What is behind the feeds."""
        ...

    def job(self, site: Site, name: str) -> Caseload:
        """Return the use cases of a named job."""
        ...


class RosterWorker:
    """Pulls what is due, site by site. Several may run: a pull is claimed, and leased meanwhile."""

    def __init__(self, place: RosterPlace) -> None:
        self._place = place

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. What fails is told in the pull; it never ends the worker."""
        while not stop.is_set():
            done = 0
            try:
                done = self.round()
            except Busy as busy:
                log.warning("rosters wait: %s", busy.code)
            except IepError as error:
                log.error("rosters failed: %s", error.code)
            except Exception:
                # Somebody else's connector may raise anything. Its words may hold names, so only its kind is
                # logged; the lease of the pull runs out and it is tried again, three times in all.
                log.exception("rosters broke", exc_info=False)
            if not done:
                stop.wait(PAUSE_SECONDS)

    def round(self) -> int:
        """Work once through every site; return how many pulls were worked on."""
        return sum(self._site(site) for site in self._place.doors.sites())

    def _site(self, site: Site) -> int:
        pulling = self._place.job(site, ROSTERS).pulling
        claimed = pulling.claim()
        if claimed is None:
            return 0
        feed, run = claimed
        with self._place.feed_sources.open(site, feed) as source:
            ended = pulling.carry_out(feed, run, source)
        log.info("pull %s %s %s of %s %s", ended.id, ended.state.value, ended.done, ended.of, ended.reason)
        return 1
