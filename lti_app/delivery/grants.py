"""A teacher's Canvas consent in our own store: encrypted at rest, one per adult and site."""

from __future__ import annotations

from dataclasses import replace

from connectors.canvas import CHANNEL_SCOPES, Grant
from iepcore.ids import AdultId
from lti_app.doors.records import ApiClient, ApiGrant, DoorStore, Site


class SiteGrants:
    """``connectors.canvas.GrantStore`` over the doors' store."""

    def __init__(self, doors: DoorStore, site: Site, client: ApiClient) -> None:
        self._doors = doors
        self._site = site
        self._client = client

    def load(self, adult_id: AdultId) -> Grant | None:
        """Return the adult's grant, or None when there never was one."""
        held = self._doors.grant(self._site.id, adult_id)
        if held is None or held.registration_id != self._client.registration_id:
            return None  # a token never goes to another platform than the one that gave it
        return Grant(
            canvas_user_id=held.platform_user_id,
            access_token=held.access_token,
            refresh_token=held.refresh_token,
            expires_at=held.expires_at,
            scopes=tuple(CHANNEL_SCOPES),
            is_lost=held.lost,
        )

    def save(self, adult_id: AdultId, grant: Grant) -> None:
        """Store the adult's grant over the former one."""
        self._doors.save_grant(
            ApiGrant(
                site_id=self._site.id,
                registration_id=self._client.registration_id,
                adult_id=adult_id,
                access_token=grant.access_token,
                refresh_token=grant.refresh_token,
                expires_at=grant.expires_at,
                platform_user_id=grant.canvas_user_id,
                lost=grant.is_lost,
            )
        )

    def mark_lost(self, adult_id: AdultId) -> None:
        """Mark the grant as lost and forget its tokens."""
        held = self._doors.grant(self._site.id, adult_id)
        if held is not None:
            self._doors.save_grant(replace(held, access_token="", refresh_token="", lost=True))
