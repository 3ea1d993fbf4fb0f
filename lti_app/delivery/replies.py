"""The job that fetches answers by the roads notices took, and files each or hands it to a person.

Every minute: each site's Canvas conversations, then the mailbox, which all sites of a machine share. A
road that cannot be read now is read again next time from where it stood; nothing is filed twice.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from iepcore.caseload import REPLIES, Caseload, ReplyingDesk
from iepcore.errors import Busy, ConnectorError, IepError
from iepcore.ids import OutboxId
from iepcore.notices import IncomingReply, KeptReply, SentNotice
from iepcore.people import AddressKind
from iepcore.ports import ReplySource
from lti_app.doors.records import DoorStore, Site

log = logging.getLogger("lti_app.delivery")

PAUSE_SECONDS = 60.0
FRESH = timedelta(days=2)
ALL_ROUNDS = 30
"""A platform is asked conversation by conversation: of fresh notices in each round, of all in every thirtieth
(the first included, so that what came while nobody worked is found)."""


class ReplyRoads(Protocol):
    """Where answers can be fetched from."""

    @property
    def mailbox(self) -> ReplySource | None:
        """The machine's mailbox, which every site that sends mail by it shares."""
        ...

    def reply_sources(self, site: Site) -> Mapping[AddressKind, ReplySource]:
        """The sources that are one site's own."""
        ...


class ReplyPlace(Protocol):
    """What the job needs from the wiring."""

    doors: DoorStore

    @property
    def reply_roads(self) -> ReplyRoads:
        """Where answers can be fetched from."""
        ...

    def job(self, site: Site, name: str) -> Caseload:
        """Return the use cases of a named job."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one round came to: answers by what became of them, those of no site here, roads that failed."""

    states: Mapping[str, int]
    strangers: int
    failed: int


class ReplyWorker:
    """Fetches answers. Several may run: an answer is kept once per road and id."""

    def __init__(self, place: ReplyPlace) -> None:
        self._place = place
        self._rounds = 0

    def run(self, stop: threading.Event) -> None:
        """Fetch every minute until ``stop`` is set; whatever fails is tried again."""
        while not stop.is_set():
            try:
                self.round()
            except Busy as busy:
                log.warning("answers wait: %s", busy.code)
            except IepError as error:
                log.error("answers failed: %s", error.code)
            stop.wait(PAUSE_SECONDS)

    def round(self) -> Fetched:
        """Read every road once."""
        states: Counter[str] = Counter()
        failed = strangers = 0
        sites = self._place.doors.sites()
        everything = self._rounds % ALL_ROUNDS == 0
        self._rounds += 1
        for site in sites:
            for road, source in self._place.reply_roads.reply_sources(site).items():
                failed += not self._own(site, road, source, states, everything=everything)
        mailbox = self._place.reply_roads.mailbox
        if mailbox is not None:
            read, strangers = self._shared([self._desk(site) for site in sites], mailbox, states)
            failed += not read
        if strangers:
            log.warning("mailbox: %s mails belong to no school here and stay there", strangers)
        return Fetched(states=dict(states), strangers=strangers, failed=failed)

    def _own(
        self,
        site: Site,
        road: AddressKind,
        source: ReplySource,
        states: Counter[str],
        *,
        everything: bool,
    ) -> bool:
        desk = self._desk(site)
        since, sent = desk.sought(road)
        begun = self._now(site)
        if not everything:
            sent = [one for one in sent if one.sent_at > begun - FRESH]
        if not sent:
            return True
        try:
            for reply in source.replies(since=since, sent=sent):
                _count(states, desk.take(reply))
        except ConnectorError as error:
            log.warning("answers of %s at %s: %s", road.value, site.id, error.code)
            return False
        desk.fetched(road, at=begun)
        return True

    def _shared(
        self, desks: list[ReplyingDesk], source: ReplySource, states: Counter[str]
    ) -> tuple[bool, int]:
        """Read the mailbox of all sites; return whether it came to its end, and how many were nobody's."""
        asked: list[datetime] = []
        sent: list[SentNotice] = []
        of_item: dict[OutboxId, ReplyingDesk] = {}
        begun = [self._now(site) for site in self._place.doors.sites()]
        for desk in desks:
            since, theirs = desk.sought(AddressKind.MAIL)
            asked.append(since)
            sent += theirs
            of_item |= {one.item_id: desk for one in theirs}
        if not asked:
            return True, 0
        strangers = 0
        try:
            for reply in source.replies(since=min(asked), sent=sent):
                taker = of_item.get(reply.item_id) if reply.item_id else _whose(desks, reply)
                if taker is None:
                    strangers += 1
                else:
                    _count(states, taker.take(reply))
        except ConnectorError as error:
            log.warning("answers of mail: %s", error.code)
            return False, strangers
        for desk, at in zip(desks, begun, strict=True):
            desk.fetched(AddressKind.MAIL, at=at)
        return True, strangers

    def _desk(self, site: Site) -> ReplyingDesk:
        return self._place.job(site, REPLIES.job).replies

    def _now(self, site: Site) -> datetime:
        return self._place.job(site, REPLIES.job).desk.clock.now()


def _whose(desks: list[ReplyingDesk], reply: IncomingReply) -> ReplyingDesk | None:
    """Return whose list an answer to nothing known goes on: the only site's, or the only one that knows its
    sender."""
    if len(desks) == 1:
        return desks[0]
    knowing = [desk for desk in desks if desk.knows(reply.sender)]
    return knowing[0] if len(knowing) == 1 else None


def _count(states: Counter[str], kept: KeptReply) -> None:
    states[kept.state.value] += 1
