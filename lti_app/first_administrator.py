"""The first administrator: who installs the tool from the platform looks after the connection from then on.

Bootstrapping, and only that: the platform itself vouches for an administrator, the connection is new, and the
site has no administrator yet. The standing opens settings and the list of staff, no child's record.
"""

from __future__ import annotations

from dataclasses import replace

from iepcore.access import AuditEvent, AuditKind
from iepcore.ids import AdultId, EventId, new_uuid7
from iepcore.people import Appointment, SiteRole
from iepcore.ports import Clock, Store
from lti_app.doors.installs import InstallStore
from lti_app.doors.lti.administrators import is_administrator
from lti_app.doors.lti.claims import LaunchContext

CITATION = "product rule: bootstrapping"


def welcome(
    installs: InstallStore, store: Store, clock: Clock, launch: LaunchContext, adult_id: AdultId
) -> bool:
    """Appoint ``adult_id`` as the site's administrator when this launch is the first one; say whether.

    A masqueraded launch never counts. Raises ``Busy`` when the store cannot write.
    """
    if launch.masquerade or not is_administrator(launch.roles):
        return False
    made = installs.installation(launch.registration_id)
    if made is None or made.claim_until is None or made.claim_until <= clock.now():
        return False
    if made.site_id != launch.site_id:
        return False
    today = clock.today()
    with store.write() as uow:
        held = [one for one in uow.people.appointments() if one.role is SiteRole.ADMINISTRATOR]
        is_first = not any(one.holds_on(today) for one in held)
        if is_first:
            uow.people.add_appointment(
                Appointment(
                    adult_id=adult_id,
                    role=SiteRole.ADMINISTRATOR,
                    starts_on=today,
                    appointed_by=None,
                    appointed_at=clock.now(),
                )
            )
            uow.audit.add(
                AuditEvent(
                    id=EventId(new_uuid7()),
                    at=clock.now(),
                    kind=AuditKind.WRITE,
                    what="appoint_administrator",
                    reason="first_launch_of_a_connection",
                    citation=CITATION,
                    actor_id=adult_id,
                )
            )
    installs.save_installation(replace(made, claim_until=None))
    return is_first
