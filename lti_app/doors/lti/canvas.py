"""Canvas developer-key JSON for ``/lti/canvas.json``: the neutral title, our addresses, what we ask for.

Shape: https://canvas.instructure.com/doc/api/file.lti_dev_key_config.html (read 2026-11).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from lti_app.doors.lti.id_token import CUSTOM_FIELDS, RESOURCE_LINK_REQUEST
from lti_app.settings import Settings

TITLE = "Rapport"
DESCRIPTION = "Progress notes and conversation between school and home."
NRPS_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def developer_key(settings: Settings) -> dict[str, Any]:
    """Return the configuration an administrator pastes or points Canvas at.

    ``privacy_level`` is public because Canvas names the pupils an observer follows only then;
    ``public_jwk_url`` rather than a key, so that our keys can rotate.
    """

    def placement(name: str, **more: Any) -> dict[str, Any]:
        return {
            "placement": name,
            "enabled": True,
            "message_type": RESOURCE_LINK_REQUEST,
            "target_link_uri": settings.url("/app/"),
            "text": TITLE,
            **more,
        }

    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "oidc_initiation_url": settings.url("/lti/login"),
        "target_link_uri": settings.url("/app/"),
        "public_jwk_url": settings.url("/lti/jwks"),
        "scopes": [NRPS_SCOPE],
        "custom_fields": dict(CUSTOM_FIELDS),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": urlsplit(settings.public_url).netloc,
                "tool_id": "rapport",
                "privacy_level": "public",
                "settings": {
                    "text": TITLE,
                    "placements": [
                        placement("course_navigation", visibility="public", default="disabled"),
                        placement("account_navigation", visibility="admins"),
                    ],
                },
            }
        ],
    }
