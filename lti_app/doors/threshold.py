"""Threshold: what a launch asks the store before anything it says is believed, in one question.

A launch needs its login, the registration and deployment behind it, and who stands there. Asked one after the
other these cost more than all checks together, so they are asked at once, by what the token says; what comes
back is used only after the token was verified.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lti_app.doors.lti.roles import Part
from lti_app.doors.records import DoorStore, Login

if TYPE_CHECKING:
    from iepcore.caseload.arrivals import Arrival
    from iepcore.ids import AdultId, SiteId


class Asked(NamedTuple):
    """What a launch says of itself, not verified: the hash of its state, and what its token claims."""

    state_hash: str
    issuer: str = ""
    deployment_id: str = ""
    subject: str = ""


class Known(NamedTuple):
    """An adult whom a site knows, and what they are there today."""

    adult_id: AdultId
    part: Part


class Person(Protocol):
    """The adult whom a site knows under the subject a launch claimed."""

    @property
    def site_id(self) -> SiteId:
        """The school that knows them."""
        ...

    @property
    def subject(self) -> str:
        """What the launch claimed."""
        ...

    def known(self, arrival: Arrival, at: datetime) -> Known | None:
        """Return them when ``arrival`` leaves every record as it is; None when something is to be written or
        they are disabled.
        """
        ...


class Sight(NamedTuple):
    """A login in flight, and the person its launch claims to bring, where the store looked and found one."""

    login: Login
    person: Person | None = None


class Threshold(Protocol):
    """Asks the store on behalf of a launch."""

    def look(self, asked: Asked, *, at: datetime) -> Sight | None:
        """Return what is there and leave it as it is; None without a login that is good now.

        Raises:
            Busy: the store is away.
        """
        ...


class PlainThreshold:
    """A threshold over any :class:`DoorStore`: the login only, so that every arrival asks the site."""

    def __init__(self, doors: DoorStore) -> None:
        self._doors = doors

    def look(self, asked: Asked, *, at: datetime) -> Sight | None:
        """Return the login."""
        login = self._doors.login(asked.state_hash, asked.deployment_id, at=at)
        return None if login is None else Sight(login=login)
