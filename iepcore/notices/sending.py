"""What may leave a site: off, listed test addresses, or everything; one switch stops it all; and consents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from iepcore.errors import InvalidValue
from iepcore.ids import AdultId, ConsentId
from iepcore.people import AddressKind, ChannelAddress

MOST_LISTED = 50
"""Test addresses a site may list: a list of everybody would be ``live`` under another name."""

SENDING_OFF = "sending_off"
SENDING_STOPPED = "sending_stopped"
NOT_LISTED = "not_listed"
CONSENT_NEEDED = "sms_consent_needed"
STOPPED_BY_PERSON = "stopped_by_person"


class SendingMode(StrEnum):
    """How far a site is. New ones begin with ``off``."""

    OFF = "off"
    LISTED = "listed"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPolicy:
    """A site's mode and its emergency stop. ``stopped`` leaves the mode as it was, so that undoing is one
    tap; ``listed`` are the only addresses that ``listed`` reaches.

    Raises:
        InvalidValue: ``listed_too_long``.
    """

    mode: SendingMode = SendingMode.OFF
    stopped: bool = False
    listed: tuple[ChannelAddress, ...] = ()
    changed_at: datetime | None = None
    changed_by: AdultId | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if len(self.listed) > MOST_LISTED:
            raise InvalidValue("listed_too_long", field="listed", params={"limit": MOST_LISTED})

    def refusal(self, address: ChannelAddress) -> str:
        """Return why a notice to ``address`` waits, or nothing when it may leave."""
        if self.stopped:
            return SENDING_STOPPED
        if self.mode is SendingMode.OFF:
            return SENDING_OFF
        if self.mode is SendingMode.LISTED and not any(_same(one, address) for one in self.listed):
            return NOT_LISTED
        return ""

    @property
    def lets_go(self) -> frozenset[str]:
        """The reasons that no longer hold anything back under this policy."""
        if self.stopped or self.mode is SendingMode.OFF:
            return frozenset()
        passed = {SENDING_OFF, SENDING_STOPPED}
        return frozenset(passed if self.mode is SendingMode.LISTED else passed | {NOT_LISTED})


class RoadConsentState(StrEnum):
    """Where an adult's consent to one number stands."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    WRONG_NUMBER = "wrong_number"


class ConsentWay(StrEnum):
    """How it was told: to a person of the school, or by a text message from that number."""

    TOLD_STAFF = "told_staff"
    BY_TEXT = "by_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadConsent:
    """One thing an adult said about being written to at one address. Never changed: the newest counts.

    ``noted_by`` is who of the school noted it; None when it came by text.
    """

    id: ConsentId
    adult_id: AdultId
    road: AddressKind
    value: str
    state: RoadConsentState
    way: ConsentWay
    at: datetime
    noted_by: AdultId | None = None


def consent_of(said: Iterable[RoadConsent], address: ChannelAddress) -> RoadConsent | None:
    """Return what counts for an address: the newest word about this very number."""
    about = [one for one in said if one.road is address.kind and one.value == address.value]
    return max(about, key=lambda one: (one.at, one.id), default=None)


def needs_consent(kind: AddressKind) -> bool:
    """Tell whether a road may be used only after the adult said yes (text messages cost and ring)."""
    return kind is AddressKind.SMS


def _same(one: ChannelAddress, other: ChannelAddress) -> bool:
    if one.kind is not other.kind:
        return False
    if one.kind is AddressKind.MAIL:
        return one.value.casefold() == other.value.casefold()
    return one.value == other.value
