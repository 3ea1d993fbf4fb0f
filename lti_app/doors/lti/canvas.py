"""Canvas developer-key JSON for ``/lti/canvas.json``: the offer in Canvas' shape. Public, no secrets.

Shape: https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_dev_key_config
(read 2026-11).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from lti_app.doors.lti import offer
from lti_app.settings import Settings

NRPS_SCOPE = offer.NRPS_SCOPE
PRIVACY_LEVEL = "public"
"""Canvas names the pupils an observer follows (``role_scope_mentor``) only at this level."""


def developer_key(settings: Settings) -> dict[str, Any]:
    """Return the configuration an administrator pastes or points Canvas at.

    ``public_jwk_url`` rather than a key, so that our keys can rotate.
    """
    first = settings.url(offer.FIRST_PATH)
    return {
        "title": offer.TITLE,
        "description": offer.DESCRIPTION,
        "oidc_initiation_url": settings.url(offer.LOGIN_PATH),
        "target_link_uri": first,
        "public_jwk_url": settings.url(offer.KEYS_PATH),
        "scopes": [scope.name for scope in offer.SCOPES],
        "custom_fields": dict(offer.custom_fields(None)),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": urlsplit(settings.public_url).netloc,
                "tool_id": offer.TOOL_ID,
                "privacy_level": PRIVACY_LEVEL,
                "settings": {
                    "text": offer.TITLE,
                    "placements": [_placement(one, first) for one in offer.PLACEMENTS],
                },
            }
        ],
    }


def _placement(place: offer.Placement, target: str) -> dict[str, Any]:
    return {
        "placement": place.name,
        "enabled": place.on,
        "message_type": place.message_type,
        "target_link_uri": target,
        "text": offer.TITLE,
        **(offer.DIALOG if place.message_type == offer.LINK_REQUEST else {}),
        **dict(place.settings),
    }
