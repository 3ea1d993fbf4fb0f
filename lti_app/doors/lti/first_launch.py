"""The first launch of a new connection, and what administrators are told of every one.

A connection made with an invite from the command line has nobody to approve it yet. So the first person whom
the platform itself calls an administrator opens its first deployment, within a week; from then on every other
deployment waits for a person of the site. What the first one gets is the site's settings, never a child's
record.
"""

from __future__ import annotations

import logging
from uuid import UUID

from lti_app.doors.lti.administrators import is_administrator
from lti_app.doors.parts import Parts
from lti_app.doors.records import Deployment, DeploymentState

log = logging.getLogger("lti_app.doors.lti")

UNKNOWN_PLATFORM = "login_unknown_platform"
"""Why a login is refused whose issuer and client id are not connected together."""


def open_first(here: Parts, registration_id: UUID, deployment_id: str, roles: tuple[str, ...]) -> None:
    """Approve the first deployment of a new connection when an administrator of the platform opens it."""
    if not is_administrator(roles):
        return
    held = here.doors.deployment(registration_id, deployment_id)
    if held is not None and held.state is not DeploymentState.PENDING:
        return
    made = here.installs.installation(registration_id)
    if made is None or made.claim_until is None or made.claim_until <= here.clock():
        return
    others = (one for one in here.doors.deployments() if one.registration_id == registration_id)
    if any(one.site_id is not None for one in others):
        return
    here.doors.save_deployment(
        Deployment(
            registration_id=registration_id,
            deployment_id=deployment_id,
            state=DeploymentState.ACTIVE,
            site_id=made.site_id,
        )
    )
    log.info("the first deployment of a new connection is open")


def one_of_client(here: Parts, client_id: str) -> UUID | None:
    """Return whose login it may be that named no platform we know: the one connection of that client id.

    Then its issuer here is another than the platform sends, which its administrator is told.
    """
    of_client = [one.id for one in here.doors.registrations() if one.enabled and one.client_id == client_id]
    return of_client[0] if len(of_client) == 1 else None
