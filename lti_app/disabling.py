"""Disabling a person everywhere at once: the record's side first, then every open door and lent inbox."""

from __future__ import annotations

from dataclasses import dataclass

from iepcore.access import Actor
from iepcore.caseload import Caseload, Disabled
from iepcore.errors import IepError, NotFound
from iepcore.ids import AdultId
from lti_app.doors.records import Site
from lti_app.storage.worn import end_worn_sessions
from lti_app.wiring import Wired


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What was ended: the record's side, how many sessions, and whether a lent inbox was given back."""

    disabled: Disabled
    sessions: int
    gave_back_inbox: bool


def disable_person(wired: Wired, site: Site, actor: Actor, adult_id: AdultId, *, reason: str = "") -> Outside:
    """Disable an adult of a site; see ``KeepingDesk.disable``. Doing it again ends what was
    opened since.

    From the first step on the access decision refuses the person, so a session that opens between the steps
    shows nothing. The grant to send is forgotten here even when Canvas or Google does not answer.
    """
    # Not ``caseload_of``: its channels open secrets, and shutting a door must not depend on them.
    caseload = Caseload(wired.store(site.id), actor, wired.site_clock(site))
    disabled = caseload.keeping.disable(adult_id, reason=reason)
    sessions = wired.doors.revoke_sessions_of(site.id, adult_id, at=wired.clock())
    # The person may sit behind somebody else's face just now; a session does not say whose.
    sessions += end_worn_sessions(wired.engines, site.id, at=wired.clock())
    gave_back = [_give_back(wired, site, adult_id), _give_back_google(wired, site, adult_id)]
    return Outside(disabled=disabled, sessions=sessions, gave_back_inbox=any(gave_back))


def _give_back(wired: Wired, site: Site, adult_id: AdultId) -> bool:
    try:
        grant = wired.doors.grant(site.id, adult_id)
        if grant is None or grant.lost:
            return False
        wired.connections.disconnect(site, adult_id)
    except NotFound:  # the site has no Canvas key any more, so nothing can be sent with the grant
        return False
    except IepError as error:
        if error.code != "secret_unreadable":
            raise
        return False  # sealed with a key that is gone: nobody can send with it either
    return True


def _give_back_google(wired: Wired, site: Site, adult_id: AdultId) -> bool:
    try:
        return wired.google.disconnect(site, adult_id)
    except IepError as error:
        if error.code != "secret_unreadable":
            raise
        return False
