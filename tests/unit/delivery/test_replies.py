"""The job that fetches answers: every road in its turn, once, whatever fails, and nobody's words in a log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from connectors.mail import InboxError
from iepcore.errors import Busy
from iepcore.ids import SiteId, new_uuid7
from iepcore.notices import IncomingReply, OutboxItem, OutboxState, ReplyKind, SentNotice
from iepcore.people import AddressKind, ChannelAddress
from iepcore.ports import ReplySource
from lti_app.delivery.replies import Fetched, ReplyWorker
from lti_app.delivery.worker import Worker
from lti_app.doors.records import Site
from tests.contract.connectors.imap_server import Box, imap_server, mail
from tests.unit.delivery.conftest import FakeRoad, OneRoad, WorkingHouse

STRANGER = ChannelAddress(kind=AddressKind.MAIL, value="somebody@example.org")


@dataclass
class FakeSource:
    """A road that gives what it was told to, and may fail after it."""

    gives: list[IncomingReply] = field(default_factory=list)
    fails: bool = False
    asked: list[tuple[datetime, Sequence[SentNotice]]] = field(default_factory=list)

    def replies(self, *, since: datetime, sent: Sequence[SentNotice]) -> Iterator[IncomingReply]:
        self.asked.append((since, sent))
        yield from self.gives
        if self.fails:
            raise InboxError("mail_inbox_down")


class TwoWays(OneRoad):
    """Roads whose answers a test decides."""

    def __init__(
        self, road: FakeRoad, *, canvas: FakeSource | None = None, box: ReplySource | None = None
    ) -> None:
        super().__init__(road)
        self.canvas = canvas
        self.mailbox = box

    def reply_sources(self, site: Site) -> Mapping[AddressKind, ReplySource]:
        return {AddressKind.CANVAS: self.canvas} if self.canvas is not None else {}


def _left(working: WorkingHouse) -> OutboxItem:
    item = working.send()
    Worker(working.house.wired).round()
    return working.item(item)


def _reply(working: WorkingHouse, item: OutboxItem | None, **changes: object) -> IncomingReply:
    with working.house.wired.store(working.house.wired.doors.sites()[0].id).read() as uow:
        elena = uow.people.adult(working.house.adult("elena"))
    assert elena is not None
    values: dict[str, object] = {
        "kind": ReplyKind.ANSWER,
        "platform_id": str(new_uuid7()),
        "sender": elena.address(AddressKind.CANVAS),
        "received_at": working.house.clock(),
        "item_id": item.id if item is not None else None,
        "text": "Gracias por todo, Lucia esta feliz",
    }
    return IncomingReply(**(values | changes))  # type: ignore[arg-type]


def _as_mail(working: WorkingHouse, item: OutboxItem) -> None:
    """Make an item one that left by mail, and give its reader a mail address."""
    wired = working.house.wired
    with wired.store(wired.doors.sites()[0].id).write() as uow:
        elena = uow.people.adult(working.house.adult("elena"))
        assert elena is not None
        address = ChannelAddress(kind=AddressKind.MAIL, value="elena@example.org")
        addresses = (address, *(one for one in elena.addresses if one.kind is not AddressKind.MAIL))
        uow.people.save_adult(replace(elena, addresses=addresses, version=elena.version + 1))
        uow.outbox.save(
            replace(item, channel=AddressKind.MAIL, platform_id="<a@b.example>", version=item.version + 1)
        )


def _round(working: WorkingHouse, **ways: object) -> Fetched:
    working.house.wired.roads = TwoWays(working.road, **ways)  # type: ignore[arg-type,assignment]
    return ReplyWorker(working.house.wired).round()


def test_an_answer_comes_into_the_conversation(
    working: WorkingHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Fetched, filed, shown to the teacher with the road it came by; a second round changes nothing."""
    item = _left(working)
    source = FakeSource([_reply(working, item)])
    with caplog.at_level(logging.DEBUG):
        first, again = _round(working, canvas=source), _round(working, canvas=source)
    shown = working.house.get(f"/app/g/{working.house.goal('lucia')}/talk", as_="halloran").text

    assert {"filed": 1} == first.states == again.states
    assert [item.id] == [one.item_id for one in source.asked[0][1]]
    assert source.asked[0][0] < source.asked[1][0]
    assert 1 == shown.count("Gracias por todo")
    assert "came by Canvas Inbox" in shown
    assert "Gracias" not in caplog.text
    assert "Lucia" not in caplog.text


def test_a_road_that_fails_is_read_again_from_where_it_stood(working: WorkingHouse) -> None:
    """What it gave before is kept; the time of the last reading does not move."""
    item = _left(working)
    source = FakeSource([_reply(working, item)], fails=True)
    first = _round(working, canvas=source)
    _round(working, canvas=source)

    assert (1, {"filed": 1}) == (first.failed, first.states)
    assert source.asked[0][0] == source.asked[1][0]


def test_old_conversations_are_asked_seldom(working: WorkingHouse) -> None:
    """A platform is asked for each one: the first round and every thirtieth ask for all, the others for
    fresh."""
    _left(working)
    source = FakeSource()
    working.house.wired.roads = TwoWays(working.road, canvas=source)  # type: ignore[assignment]
    worker = ReplyWorker(working.house.wired)
    worker.round()
    worker.round()
    working.house.clock.forward(days=3)
    for _ in range(29):
        worker.round()

    assert [1, 1, 1] == [len(sent) for _, sent in source.asked]


def test_a_road_without_notices_is_not_asked(working: WorkingHouse) -> None:
    """No notice has left: nobody's inbox is opened."""
    source = FakeSource()
    assert Fetched(states={}, strangers=0, failed=0) == _round(working, canvas=source)
    assert [] == source.asked


def test_one_mailbox_serves_all_schools(working: WorkingHouse, caplog: pytest.LogCaptureFixture) -> None:
    """What names a notice goes to its school; what nobody knows stays where it is, counted."""
    wired = working.house.wired
    alone = _round(working, box=FakeSource([_reply(working, None, sender=STRANGER)]))
    item = _left(working)
    _as_mail(working, item)
    mails = [
        _reply(working, None, sender=STRANGER),
        _reply(working, item, sender=STRANGER),
        _reply(working, None, sender=_reply(working, None).sender),
    ]
    wired.doors.add_site(Site(id=SiteId(new_uuid7()), name="Zeta Creek", zone="America/Chicago"))
    both = _round(working, box=FakeSource(mails))

    assert {"waiting": 1} == alone.states
    assert ({"waiting": 2}, 1) == (both.states, both.strangers)
    assert "1 mails belong to no school" in caplog.text
    assert "example.org" not in caplog.text
    assert 1 == _round(working, box=FakeSource(fails=True)).failed


def test_no_school_no_reading(working: WorkingHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a school reads no mailbox."""
    source = FakeSource()
    monkeypatch.setattr(working.house.wired.doors, "sites", list)
    _round(working, box=source)
    assert [] == source.asked


def test_a_real_mailbox_end_to_end(working: WorkingHouse) -> None:
    """A mail in answer to our Message-ID, out of a real IMAP server, into the conversation; a bounce, too."""
    from lti_app.delivery.roads import Roads
    from lti_app.road_settings import Imap

    item = _left(working)
    wired = working.house.wired
    _as_mail(working, item)
    with imap_server(Box()) as box:
        box.put(mail("Nos vemos el lunes", answers="<a@b.example>"), working.house.clock())
        box.put(
            mail(
                "550 5.1.1 user unknown\n<a@b.example>",
                sender="MAILER-DAEMON@mx.example.org",
            ),
            working.house.clock(),
        )
        imap = Imap(host="127.0.0.1", port=box.port, user="notices", password="right")
        wired.roads = Roads(replace(wired.settings, imap=imap), wired.doors, wired.connections)
        done = ReplyWorker(wired).round()

    assert {"filed": 1, "noted": 1} == done.states
    assert (OutboxState.REFUSED, "mailbox_no_address") == (
        working.item(item).state,
        working.item(item).reason,
    )
    shown = working.house.get(f"/app/g/{working.house.goal('lucia')}/talk", as_="halloran").text
    assert "Nos vemos el lunes" in shown
    assert "came by Mail" in shown
    assert "there is no such address" in shown


@pytest.mark.parametrize("error", [Busy("database_full"), InboxError("mail_inbox_down")])
def test_the_job_outlives_what_fails(
    working: WorkingHouse, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk or a closed mailbox: said in the log, tried again after a minute."""
    stop = threading.Event()
    rounds = []

    def fail(self: ReplyWorker) -> Fetched:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
        raise error

    monkeypatch.setattr(ReplyWorker, "round", fail)
    monkeypatch.setattr("lti_app.delivery.replies.PAUSE_SECONDS", 0.0)
    ReplyWorker(working.house.wired).run(stop)

    assert 2 == len(rounds)
    assert error.code in caplog.text  # type: ignore[attr-defined]


def test_a_full_disk_while_filing_loses_nothing(
    working: WorkingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first try finds the disk full; the next files it, once."""
    item = _left(working)
    source = FakeSource([_reply(working, item)])
    store = working.house.wired.store(working.house.wired.doors.sites()[0].id)
    with monkeypatch.context() as full:

        def refuse(self: object) -> None:
            raise Busy("database_full")

        full.setattr(type(store), "write", refuse)
        with pytest.raises(Busy):
            _round(working, canvas=source)

    assert {"filed": 1} == _round(working, canvas=source).states
