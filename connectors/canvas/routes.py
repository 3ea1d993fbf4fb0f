"""The calls of Canvas this product can make. A call that is not here cannot be made.

Vendor's pages: Conversations API, OAuth2 endpoints (instructure developer documentation, read 2026-11).
"""

from __future__ import annotations

from connectors.http import Route, scopes_of
from connectors.http.routes import Method


def _api(method: Method, template: str) -> Route:
    """Return a route with its scope, which Canvas spells from the method and the template."""
    return Route(method=method, template=template, scope=f"url:{method}|{template}")


SEND_CONVERSATION = _api("POST", "/api/v1/conversations")
LIST_CONVERSATIONS = _api("GET", "/api/v1/conversations")
READ_CONVERSATION = _api("GET", "/api/v1/conversations/:id")

FETCH_TOKEN = Route(method="POST", template="/login/oauth2/token")
REVOKE_TOKEN = Route(method="DELETE", template="/login/oauth2/token")

AUTHORISE_PATH = "/login/oauth2/auth"
"""Opened by the person's browser, not by us."""

CHANNEL_ROUTES = (SEND_CONVERSATION, LIST_CONVERSATIONS, READ_CONVERSATION)
"""What the private-conversation channel needs: to send, and to look up what became of it."""

ALL_ROUTES = (*CHANNEL_ROUTES, FETCH_TOKEN, REVOKE_TOKEN)

CHANNEL_SCOPES = scopes_of(CHANNEL_ROUTES)
