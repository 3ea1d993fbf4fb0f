# ruff: noqa: D102  (Protocols: the class says it)
"""What a screen may ask for: the viewer's caseload and a few small services. No SQL, no HTTP, no connectors.

``lti_app.wiring`` implements ``ScreenParts``; a screen finds it on the application.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from iepcore.access import Person
from iepcore.caseload import Caseload, SiteFacts
from iepcore.errors import NotPermitted
from iepcore.ids import RosterFeedId
from iepcore.notices import ChannelTraits
from iepcore.people import AddressKind, Adult, ChannelAddress, RosterRun
from iepcore.ports import GradebookSink
from lti_app.console import Console
from lti_app.doors.parts import EXTENSION
from lti_app.doors.records import Site
from lti_app.session.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPull:
    """What a roster pull came to. ``problem`` is a reason code, empty when it went well."""

    count: int
    complete: bool
    problem: str = ""


class ScreenParts(Protocol):
    """Everything a screen may use beside the viewer."""

    def caseload(self, viewer: Viewer) -> Caseload:
        """The use cases, acting as the viewer at the viewer's site."""
        ...

    def adult(self, viewer: Viewer) -> Adult | None:
        """The viewer as an adult of the site."""
        ...

    def pull_roster(self, viewer: Viewer, *, fresh: bool = False, confirmed: bool = False) -> RosterPull:
        """Refresh the address book of the course the viewer came from, as the viewer; at most once a minute
        unless ``fresh``. ``confirmed``: a person says that the many who are missing have really left."""
        ...

    def pupil_names(self, viewer: Viewer) -> tuple[tuple[str, ...], bool]:
        """The names of all pupils of the course the viewer came from, and whether they could be read. For
        checking words before they leave; never shown."""
        ...

    def gradebook(self, viewer: Viewer) -> GradebookSink | None:
        """The gradebook of the course the viewer came from; None where the launch offered none."""
        ...

    def canvas_state(self, viewer: Viewer) -> str:
        """``none`` (this site has no Canvas key), ``needed``, ``lost`` or ``connected`` for this viewer."""
        ...

    def canvas_address(self, viewer: Viewer) -> str:
        """The address in the school's Canvas where the viewer lends us her own inbox."""
        ...

    def canvas_finish(self, state: str, code: str) -> Site:
        """End a connection that came back from Canvas; what waited for it goes on. Return the site."""
        ...

    def canvas_leave(self, viewer: Viewer) -> None:
        """Take the viewer's Canvas connection back."""
        ...

    def google_state(self, viewer: Viewer) -> str:
        """``none`` (this site sends no mail by its adults' own Google accounts), ``needed``, ``lost`` or
        ``connected`` for this viewer."""
        ...

    def google_address(self, viewer: Viewer) -> str:
        """The address at Google where the viewer lends us her own account."""
        ...

    def google_finish(self, state: str, code: str) -> Site:
        """End a connection that came back from Google; what waited for it goes on. Return the site."""
        ...

    def google_leave(self, viewer: Viewer) -> None:
        """Take the viewer's Google connection back."""
        ...

    def school_of_link(self, secret: str) -> Site | None:
        """The school behind a notice's link; None for an unknown or old one."""
        ...

    def roads_of(self, site: Site) -> Mapping[AddressKind, ChannelTraits]:
        """The roads a notice of a site can take, and what each promises."""
        ...

    def notice_facts(self, viewer: Viewer) -> SiteFacts:
        """What notices of the viewer's site say of the school."""
        ...

    def sends_here(self) -> bool:
        """Whether this machine sends at all (``IEP_SENDING``), whatever a site has chosen."""
        ...

    def sms_crowded(self) -> bool:
        """Whether too many text messages came in of late; counts one."""
        ...

    def sms_came_in(self, token: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take what a provider says came in; nothing is told about it. Raises ``Busy``."""
        ...

    def address_of(self, text: str) -> ChannelAddress:
        """What somebody typed as an address; raises ``InvalidValue``."""
        ...

    def console(self, viewer: Viewer) -> Console:
        """What a site's administrator may see and do about platforms."""
        ...

    def google_rosters(self, viewer: Viewer) -> tuple[str, str]:
        """How Classroom can be read: ``domain`` with the account of the administrator that the school's
        service account acts for, or the viewer's own consent: ``connected``, ``needed``, ``lost``, ``none``.
        """
        ...

    def canvas_rosters(self, viewer: Viewer) -> str:
        """Whose accounts the rosters of the site's Canvas name; empty where the site has no Canvas key."""
        ...

    def bring_file(self, viewer: Viewer, feed_id: RosterFeedId, path: Path) -> RosterRun:
        """Read a OneRoster file and lay its courses ready. Raises ``ConnectorError`` when it cannot be used,
        ``IllegalMove`` (``pull_open``) while another pull of the source goes on."""
        ...

    def is_demo(self) -> bool: ...


def screen_parts() -> ScreenParts:
    """Return the parts of the application that answers this request."""
    return cast(ScreenParts, current_app.extensions[EXTENSION].wiring)


def caseload_of(viewer: Viewer) -> Caseload:
    """Return the viewer's use cases.

    Raises:
        NotPermitted: ``unknown_here`` when this site does not know the person.
    """
    if viewer.adult_id is None:
        raise NotPermitted("unknown_here")
    return screen_parts().caseload(viewer)


def actor_of(viewer: Viewer) -> Person:
    """Return the viewer as the actor of use cases."""
    if viewer.adult_id is None:
        raise NotPermitted("unknown_here")
    return Person(adult_id=viewer.adult_id, masquerade=viewer.masquerade)
