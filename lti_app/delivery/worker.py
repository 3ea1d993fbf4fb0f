"""The outbox worker: one round is vanished -> look -> lease -> check -> deliver -> settle, site by site.

A worker that dies between sending and saying so leaves a leased item. When the lease runs out it becomes
"unknown, look first": the platform is asked, and only a person sends again what was not found.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from iepcore.caseload import (
    IDLE_SETS,
    PLANS_TAKE_EFFECT,
    Caseload,
    Ready,
    SiteFacts,
    bring_into_effect,
    close_idle_sets,
)
from iepcore.errors import Busy, IepError
from iepcore.ids import AdultId
from iepcore.notices import OutboxItem, Receipt, ReceiptState
from iepcore.ports import NoticeChannel
from lti_app.delivery.roads import Roads
from lti_app.doors.records import DoorStore, NoticeLink, Site
from lti_app.session.tokens import hash_of
from lti_app.settings import Sending, Settings

log = logging.getLogger("lti_app.delivery")

LINK_LIFE = timedelta(days=60)
PAUSE_SECONDS = 1.0
HOUSEKEEPING_ROUNDS = 300


class Workplace(Protocol):
    """What the worker needs from the wiring."""

    settings: Settings
    doors: DoorStore
    roads: Roads

    def job(self, site: Site, name: str) -> Caseload:
        """Return the use cases of a named job."""
        ...

    def has_connected(self, site: Site, reason: str, adult_id: AdultId) -> bool:
        """Tell whether what a notice waits for (``connect_canvas``, ``connect_google``) has happened."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round did."""

    delivered: int = 0
    unsettled: int = 0
    looked: int = 0
    closed_sets: int = 0


class Worker:
    """Works through every site's outbox. Several workers may run; leases keep them apart."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. A database that cannot be reached is tried again, nothing is lost."""
        rounds = 0
        while not stop.is_set():
            try:
                done = self.round()
                if rounds % HOUSEKEEPING_ROUNDS == 0:
                    self.sweep()
                rounds += 1
                idle = not done.delivered
            except Busy as busy:
                log.warning("worker waits: %s", busy.code)
                idle = True
            except IepError as error:
                log.error("round failed: %s", error.code)
                idle = True
            if idle:
                stop.wait(PAUSE_SECONDS)

    def round(self) -> Round:
        """Work once through every site."""
        total = Round()
        for site in self._place.doors.sites():
            done = self._site(site)
            total = Round(
                delivered=total.delivered + done.delivered,
                unsettled=total.unsettled + done.unsettled,
                looked=total.looked + done.looked,
                closed_sets=total.closed_sets + done.closed_sets,
            )
        return total

    def sweep(self) -> None:
        """Remove what has expired: door records, and drafts older than the policy keeps them. Proposed plans
        whose day has come take effect."""
        for site in self._place.doors.sites():
            desk = self._place.job(site, "outbox").desk
            before = desk.clock.now() - timedelta(days=desk.policy.draft_days)
            with desk.store.write() as uow:
                uow.family.delete_drafts_before(before)
                uow.plans.delete_part_drafts_before(before)
            bring_into_effect(self._place.job(site, PLANS_TAKE_EFFECT.job).desk)
            self._place.doors.sweep(at=desk.clock.now())

    def _site(self, site: Site) -> Round:
        closed = close_idle_sets(self._place.job(site, IDLE_SETS.job).desk)
        if self._place.settings.sending is Sending.OFF:
            return Round(closed_sets=closed)
        delivery = self._place.job(site, "outbox").delivery
        roads = self._place.roads.of(site)
        delivery.mark_vanished()
        delivery.let_go(tuple(roads))
        looked = 0
        for item in delivery.unlooked():
            channel, address = roads.get(item.channel), delivery.address_of(item)
            if channel is None or address is None:
                continue
            delivery.looked(item, channel.look(item.reference, address, sender_id=item.sender_id))
            looked += 1
        delivered = unsettled = 0
        for item in delivery.lease():
            settled = self._deliver(site, roads.get(item.channel), item)
            delivered += settled
            unsettled += not settled
        return Round(delivered=delivered, unsettled=unsettled, looked=looked, closed_sets=closed)

    def _deliver(self, site: Site, channel: NoticeChannel | None, item: OutboxItem) -> bool:
        delivery = self._place.job(site, "outbox").delivery
        takes_replies = channel is None or channel.traits.takes_replies
        ready = delivery.prepare(item, facts_of(site, self._place.settings), takes_replies=takes_replies)
        if ready is None:
            log.info("item %s held", item.id)
            return False
        if channel is None:
            now = self._place.job(site, "outbox").desk.clock.now()
            receipt = Receipt(state=ReceiptState.REFUSED, at=now, reason="no_channel")
        else:
            self._open_link(site, ready)
            receipt = channel.deliver(
                ready.notice, ready.text, ready.subject, ready.address, sender_id=item.sender_id
            )
        settled = delivery.settle(item, receipt)
        log.info("item %s %s %s", item.id, settled.state.value, settled.reason)
        if settled.reason and self._place.has_connected(site, settled.reason, item.sender_id):
            # She connected while this item was in our hands: what woke the waiting items missed this one.
            delivery.connected(item.sender_id)
        return receipt.state is ReceiptState.SENT

    def _open_link(self, site: Site, ready: Ready) -> None:
        """Make the notice's link lead somewhere before anybody can open it."""
        now = self._place.job(site, "outbox").desk.clock.now()
        self._place.doors.add_notice_link(
            NoticeLink(
                link_hash=hash_of(ready.item.link_secret),
                site_id=site.id,
                created_at=now,
                expires_at=now + LINK_LIFE,
            )
        )


def facts_of(site: Site, settings: Settings) -> SiteFacts:
    """Return what a notice may say of a school."""
    return SiteFacts(
        school_name=site.name,
        school_phone=site.phone,
        lms_name=site.lms_name,
        public_url=settings.public_url,
    )
