# ruff: noqa: D102  (Protocols: the class says it)
"""Parts: what the doors and the session need from outside, and where a request finds it.

``lti_app.wiring`` builds a ``Wiring``; ``create_app`` adds what follows from the settings and keeps both on
the app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, cast

from flask import Flask, current_app

from iepcore.ids import AdultId, SiteId
from lti_app.doors.installs import InstallStore, MemoryInstallStore, may_be_inside
from lti_app.doors.launch_notes import LaunchNotes
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.keys import OwnKeys
from lti_app.doors.lti.outside import Outside
from lti_app.doors.lti.outward import outward_session
from lti_app.doors.lti.platform_keys import PlatformKeys
from lti_app.doors.lti.roles import Part
from lti_app.doors.lti.services import PlatformServices
from lti_app.doors.records import DoorStore
from lti_app.doors.seal import Seal
from lti_app.doors.threshold import Known, Person, PlainThreshold, Threshold
from lti_app.doors.turn import Turn
from lti_app.settings import Settings

EXTENSION = "rapport"


class Arrivals(Protocol):
    """What a site does when somebody arrives."""

    def known(self, launch: LaunchContext, person: Person) -> Known | None:
        """Return the person of a launch when their arrival leaves every record as it is, without a question
        to the store; None whenever :meth:`arrive` must be asked.
        """
        ...

    def arrive(self, launch: LaunchContext) -> AdultId | None:
        """Return the adult this subject belongs to, refreshing the links the platform vouches for, or None.

        A ``LEARNER`` or ``NONE`` standing must create nobody: it may only find an adult already known here
        (a platform may enrol a parent as a pupil). Raises ``Busy`` when the store cannot write.
        """
        ...

    def part_of(self, site_id: SiteId, adult_id: AdultId) -> Part:
        """Return what this adult is at the site today, by the site's own records."""
        ...


def utc_now() -> datetime:
    """Return now, aware, in UTC."""
    return datetime.now(UTC)


class Wiring(Protocol):
    """What ``create_app`` is given. ``ready`` answers ``/readyz``: True when the database does."""

    @property
    def doors(self) -> DoorStore: ...
    @property
    def arrivals(self) -> Arrivals: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    def ready(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One application's parts."""

    settings: Settings
    wiring: Wiring
    doors: DoorStore
    arrivals: Arrivals
    threshold: Threshold
    clock: Callable[[], datetime]
    seal: Seal
    own_keys: OwnKeys
    platform_keys: PlatformKeys
    services: PlatformServices
    installs: InstallStore
    outside: Outside
    launch_notes: LaunchNotes
    turn: Turn


def assemble(settings: Settings, wiring: Wiring) -> Parts:
    """Return the parts of an application that runs with ``settings`` and ``wiring``."""
    own_keys, turn = OwnKeys(wiring.doors, clock=wiring.clock), Turn()
    installs: InstallStore = getattr(wiring, "installs", None) or MemoryInstallStore()
    return Parts(
        settings=settings,
        wiring=wiring,
        doors=wiring.doors,
        arrivals=wiring.arrivals,
        threshold=getattr(wiring, "threshold", None) or PlainThreshold(wiring.doors),
        clock=wiring.clock,
        seal=Seal(settings.secret_keys),
        own_keys=own_keys,
        platform_keys=PlatformKeys(
            clock=wiring.clock,
            aside=turn.aside,
            kept=wiring.doors,
            outward=outward_session(practice=settings.demo),
        ),
        services=PlatformServices(
            keys=own_keys,
            clock=wiring.clock,
            outward=outward_session(practice=settings.demo),
            inside=lambda registration_id: may_be_inside(installs, registration_id),
        ),
        installs=installs,
        outside=Outside(practice=settings.demo),
        launch_notes=LaunchNotes(installs, clock=wiring.clock),
        turn=turn,
    )


def parts(app: Flask | None = None) -> Parts:
    """Return the parts of the application that answers this request."""
    return cast(Parts, (app or current_app).extensions[EXTENSION])
