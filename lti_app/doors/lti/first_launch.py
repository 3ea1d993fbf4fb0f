"""The first launch of a new connection, and what administrators are told of every one.

A connection made with an invite from the command line has nobody to approve it yet. So the first person whom
the platform itself calls an administrator opens its first deployment, within a week; from then on every other
deployment waits for a person of the site. What the first one gets is the site's settings, never a child's
record.
"""

from __future__ import annotations

import logging
from uuid import UUID

from flask import g
from typing_extensions import override

from lti_app.doors.lti.administrators import is_administrator
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.launch import StrictLaunch
from lti_app.doors.parts import Parts, parts
from lti_app.doors.records import Deployment, DeploymentState

log = logging.getLogger("lti_app.doors.lti")

UNKNOWN_PLATFORM = "login_unknown_platform"
"""Why a login is refused whose issuer and client id are not connected together."""


class WatchedLaunch(StrictLaunch):
    """A strict launch that lets the first administrator in and remembers where it came from."""

    @override
    def validate_state(self) -> StrictLaunch:
        super().validate_state()
        g.launch_of = (self._record.registration_id, "")
        return self

    @override
    def validate_deployment(self) -> StrictLaunch:
        g.launch_of = (self._known.id, self._claims.deployment_id)
        if not self._claims.custom.get("masquerading_user_id"):
            open_first(self._parts, self._known.id, self._claims.deployment_id, self._claims.roles)
        super().validate_deployment()
        return self

    @override
    def accept(self) -> LaunchContext:
        context = super().accept()
        self._parts.launch_notes.opened(self._known.id, self._claims.deployment_id)
        return context


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


def tie_to_client(client_id: str) -> None:
    """Remember whose login it may be that named no platform we know: the one connection of that client id.

    Then its issuer here is another than the platform sends, which its administrator is told.
    """
    of_client = [one for one in parts().doors.registrations() if one.enabled and one.client_id == client_id]
    if len(of_client) == 1:
        g.launch_of = (of_client[0].id, "")


def note_refused(reason: str, reference: str) -> None:
    """Remember a refusal with the number the person was shown, when it is known whose launch it was."""
    launch_of: tuple[UUID, str] | None = g.get("launch_of")
    if launch_of is not None:
        parts().launch_notes.refused(*launch_of, reason, reference)
