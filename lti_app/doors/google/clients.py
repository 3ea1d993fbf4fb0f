"""A school's Google client: one registration, one key, and the domains whose people come by it.

It is kept as what a platform is: a ``Registration`` (Google's addresses and the client id), an ``ApiClient``
of kind ``GOOGLE`` (the secret, sealed), one ``Deployment`` per Workspace domain, all of one site. So it is
listed, turned off and removed like every other platform, and its sessions end with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from iepcore.errors import InvalidValue
from iepcore.ids import SiteId, new_uuid7
from lti_app.doors.google.endpoints import GOOGLE as GOOGLE_ITSELF
from lti_app.doors.google.endpoints import GoogleEndpoints, endpoints_of
from lti_app.doors.installs import Installation, InstallStore
from lti_app.doors.records import (
    GOOGLE,
    ApiClient,
    Deployment,
    DeploymentState,
    DoorStore,
    Registration,
    Site,
)

PRODUCT = "google"
NAME = "Google Classroom"
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleClient:
    """One OAuth client of one site. ``id`` is its registration's; ``domains`` are those that are on."""

    id: UUID
    site_id: SiteId
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...]
    endpoints: GoogleEndpoints


def google_client(doors: DoorStore, client_id: UUID) -> GoogleClient | None:
    """Return the client with this id while it is on and has a domain."""
    registration, key = doors.registration(client_id), doors.api_client(client_id)
    if registration is None or not registration.enabled or key is None or key.kind != GOOGLE:
        return None
    held = [one for one in doors.deployments() if one.registration_id == client_id]
    on = [one for one in held if one.state is DeploymentState.ACTIVE and one.site_id is not None]
    if not on or on[0].site_id is None:
        return None
    return GoogleClient(
        id=client_id,
        site_id=on[0].site_id,
        client_id=key.client_id,
        client_secret=key.client_secret,
        domains=tuple(one.deployment_id for one in on),
        endpoints=endpoints_of(key.base_url),
    )


def google_client_of_site(doors: DoorStore, site_id: SiteId) -> GoogleClient | None:
    """Return the Google client of a site, or None when it has none."""
    key = doors.api_client_of_site(site_id, GOOGLE)
    return google_client(doors, key.registration_id) if key is not None else None


def add_google_client(
    doors: DoorStore,
    installs: InstallStore,
    site: Site,
    *,
    client_id: str,
    client_secret: str,
    domains: Sequence[str],
    clock: Callable[[], datetime],
    endpoints: GoogleEndpoints = GOOGLE_ITSELF,
    id_: UUID | None = None,
) -> GoogleClient:
    """Keep a site's Google client; the same client id again replaces its secret and adds domains.

    Raises:
        InvalidValue: ``google_client_id``, ``google_client_secret``, ``google_domain`` for what cannot be
            one; ``google_other_site`` when the client id belongs to another site.
    """
    named = tuple(dict.fromkeys(one.strip().lower() for one in domains))
    if not _CLIENT_ID.fullmatch(client_id):
        raise InvalidValue("google_client_id", field="client_id")
    if not client_secret.strip() or len(client_secret) > 255:
        raise InvalidValue("google_client_secret", field="client_secret")
    if not named or any(_DOMAIN.fullmatch(one) is None for one in named):
        raise InvalidValue("google_domain", field="domain")
    known = doors.registrations_of(endpoints.issuer, client_id)
    key_id = known[0].id if known else (id_ or new_uuid7())
    sites = {one.site_id for one in doors.deployments() if one.registration_id == key_id}
    if sites - {site.id, None}:
        raise InvalidValue("google_other_site", field="client_id")
    doors.save_registration(
        Registration(
            id=key_id,
            issuer=endpoints.issuer,
            client_id=client_id,
            auth_url=endpoints.auth_url,
            token_url=endpoints.token_url,
            jwks_url=endpoints.jwks_url,
        )
    )
    doors.save_api_client(
        ApiClient(
            registration_id=key_id,
            base_url=endpoints.classroom_url,
            client_id=client_id,
            client_secret=client_secret,
            kind=GOOGLE,
        )
    )
    installs.save_installation(
        Installation(
            registration_id=key_id,
            site_id=site.id,
            product=PRODUCT,
            name=NAME,
            frames=(endpoints.classroom_page,),
            created_at=clock(),
        )
    )
    for domain in named:
        doors.save_deployment(
            Deployment(
                registration_id=key_id,
                deployment_id=domain,
                state=DeploymentState.ACTIVE,
                site_id=site.id,
            )
        )
    client = google_client(doors, key_id)
    assert client is not None, "it was just kept"
    return client
