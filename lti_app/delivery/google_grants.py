"""An adult's consent at Google in our own store: encrypted at rest, one per adult and site."""

from __future__ import annotations

from dataclasses import replace

from connectors.google_classroom import GoogleGrant
from iepcore.ids import AdultId
from lti_app.doors.google.clients import GoogleClient
from lti_app.doors.google_access import GoogleAccessStore, GoogleConsent


class SiteGoogleGrants:
    """``connectors.google_classroom.GoogleGrantStore`` over what a site keeps."""

    def __init__(self, kept: GoogleAccessStore, client: GoogleClient) -> None:
        self._kept = kept
        self._client = client

    def load(self, adult_id: AdultId) -> GoogleGrant | None:
        """Return the adult's grant, or None when there never was one."""
        held = self._kept.google_consent(self._client.site_id, adult_id)
        if held is None or held.registration_id != self._client.id:
            return None  # a token never goes to another client than the one that it was given to
        return GoogleGrant(
            subject=held.subject,
            email=held.email,
            access_token=held.access_token,
            refresh_token=held.refresh_token,
            expires_at=held.expires_at,
            scopes=held.scopes,
            domain=held.domain,
            is_lost=held.lost,
        )

    def save(self, adult_id: AdultId, grant: GoogleGrant) -> None:
        """Store the adult's grant over the former one."""
        self._kept.save_google_consent(
            GoogleConsent(
                site_id=self._client.site_id,
                adult_id=adult_id,
                registration_id=self._client.id,
                subject=grant.subject,
                email=grant.email,
                access_token=grant.access_token,
                refresh_token=grant.refresh_token,
                expires_at=grant.expires_at,
                scopes=grant.scopes,
                domain=grant.domain,
                lost=grant.is_lost,
            )
        )

    def mark_lost(self, adult_id: AdultId) -> None:
        """Mark the grant as lost; tokens and address are forgotten."""
        held = self._kept.google_consent(self._client.site_id, adult_id)
        if held is not None:
            self._kept.save_google_consent(
                replace(held, email="", access_token="", refresh_token="", lost=True)
            )
