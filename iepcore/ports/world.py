"""What the domain asks of the world beside its records: the time, roads out, and address books.

Implementations live in ``lti_app`` and ``connectors``; third parties add theirs by entry point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from iepcore.ids import AdultId
from iepcore.notices import ChannelTraits, IncomingReply, Notice, Receipt, SentNotice
from iepcore.people import ChannelAddress, CourseList, CourseListing, CourseRoster, PullProgress


class Clock(Protocol):
    """What time it is. Instants are aware UTC; the school date is in the site's zone."""

    @property
    def zone(self) -> ZoneInfo: ...
    def now(self) -> datetime: ...
    def today(self) -> date: ...


class NoticeChannel(Protocol):
    """A road out of the tool: one notice, one recipient, one receipt. It never raises for a delivery's
    outcome."""

    @property
    def traits(self) -> ChannelTraits:
        """What can be said of this road; the policy chooses by it, never by a product's name."""
        ...

    def deliver(
        self, notice: Notice, text: str, subject: str, recipient: ChannelAddress, *, sender_id: AdultId
    ) -> Receipt:
        """Send ``text`` (already rendered, already through the gate) to exactly one recipient, once."""
        ...

    def look(self, reference: str, recipient: ChannelAddress, *, sender_id: AdultId) -> Receipt:
        """Find out what became of a notice: ``sent`` when found, ``unknown`` when not to be seen."""
        ...


Tell = Callable[[PullProgress], None]
"""Hears how far a pull is. It is called from the thread that asked, and may raise to stop the pull."""


class RosterSource(Protocol):
    """Where an address book comes from. ``source`` names whose subjects it knows (the same word as
    ``Identity.source``)."""

    @property
    def source(self) -> str: ...
    def courses(self) -> CourseList:
        """Return the courses this account can see. Raises ``ConnectorError`` when there is no list at all."""
        ...

    def rosters(
        self, courses: Sequence[CourseListing], *, tell: Tell | None = None
    ) -> Iterator[CourseRoster]:
        """Yield the roster of each course as it is whole, in any order, each course exactly once.

        What goes wrong with one course is a shortfall of that course. Raises ``ConnectorError`` only for what
        concerns all of them (the consent is gone, the platform is down); those already yielded stay good.
        """
        ...


class ReplySource(Protocol):
    """Where answers to notices can be fetched from."""

    def replies(self, *, since: datetime, sent: Sequence[SentNotice]) -> Iterator[IncomingReply]:
        """Yield what came in after ``since``, oldest first; ``sent`` are the notices that may be answered.

        The same reply may be yielded again later: ``IncomingReply.platform_id`` recognises it. Raises
        ``ConnectorError``.
        """
        ...


class GradebookSink(Protocol):
    """One course's gradebook in an LMS, for one neutral word at a time. ``source`` names the platform whose
    subjects it knows."""

    @property
    def source(self) -> str: ...
    def columns(self) -> Sequence[tuple[str, str]]:
        """Return (address, title) of the columns a word may go to. Raises ``ConnectorError``."""
        ...

    def make_column(self, title: str) -> str:
        """Return the address of our own column, made now when there is none. Raises ``ConnectorError``."""
        ...

    def post(self, column: str, subject: str, text: str, *, after: datetime | None) -> Receipt:
        """Send ``text`` to one pupil's cell, once, leaving any mark as it is; later than ``after``. It never
        raises for what becomes of it."""
        ...
