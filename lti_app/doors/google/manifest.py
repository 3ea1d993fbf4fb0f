"""What an administrator enters in the Google Workspace Marketplace SDK so that Classroom shows the add-on.

Document: "Configure a Google Cloud project" of the Classroom add-ons developer guide (read 2026-11).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from connectors.google_classroom.reasons import REASONS
from connectors.google_classroom.routes import ADD_ON_SCOPES
from lti_app.doors.google.clients import GoogleClient
from lti_app.doors.google.sign_in import BACK_PATH, PROFILE
from lti_app.doors.lti.placements import PUBLIC_CHECK_IN_PATH


def manifest(client: GoogleClient, public_url: str) -> dict[str, Any]:
    """Return every field of the Marketplace SDK's page "App Configuration" that is ours to say."""
    base = f"{public_url}/classroom/{client.id}"
    return {
        "name": "Rapport",
        "visibility": "private",
        "installation": "by an administrator only",
        "integration": "Classroom add-on",
        "attachment_setup_uri": f"{base}/setup",
        "allowed_attachment_uri_prefixes": [f"{base}/"],
        "link_upgrade": {
            "uri": f"{base}/upgrade",
            "host": urlsplit(public_url).netloc,
            "path_prefix": PUBLIC_CHECK_IN_PATH,
        },
        "student_work_review": "none: no mark is ever given",
        "oauth_client_id": client.client_id,
        "authorised_redirect_uris": [f"{public_url}{BACK_PATH}"],
        "scopes": {scope: REASONS[scope] for scope in (*PROFILE, *ADD_ON_SCOPES)},
        "page_of_its_own": base,
    }
