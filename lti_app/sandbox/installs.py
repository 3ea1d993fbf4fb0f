"""Tools on their way into the practice LMS: permissions to register, what was registered, what is on.

Checked as strictly as Canvas does (canvas-lms ``app/models/lti/ims/registration.rb``).
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from lti_app.sandbox.claims import NRPS_SCOPE

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPE_WORDS = {
    NRPS_SCOPE: "Can retrieve user data associated with the context the tool is installed in",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem": "Can create and view assignment data",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly": "Can view submission data",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score": "Can create and update submission results",
}
"""The scopes of the LMS, with the words Canvas shows for them."""

TOKEN_SECONDS = 3600
KNOWN_PLACEMENTS = (
    "account_navigation",
    "assignment_selection",
    "course_navigation",
    "global_navigation",
    "link_selection",
    "student_context_card",
    "user_navigation",
)
_PREFIX = "https://canvas.instructure.com/lti/"
_REQUIRED = ("client_name", "initiate_login_uri", "jwks_uri", "redirect_uris", "scope", TOOL)


class RegistrationRefused(Exception):
    """A registration that Canvas would not take; the text is the error it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a tool registered, before an administrator looked at it."""

    client_id: str
    name: str
    launch_url: str
    login_url: str
    privacy: str
    scopes: tuple[str, ...]
    targets: Mapping[str, str] = field(default_factory=dict)


class Installs:
    """The drafts and the permissions; every method is safe from several threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, datetime] = {}
        self._drafts: dict[str, Draft] = {}
        self._current: Draft | None = None

    def permit(self) -> str:
        """A token with which one tool may register within the hour."""
        token = f"practice-registration.{secrets.token_urlsafe(32)}"
        with self._lock:
            self._tokens[token] = self._clock() + timedelta(seconds=TOKEN_SECONDS)
        return token

    def permitted(self, token: str) -> bool:
        """Whether the token is good now."""
        with self._lock:
            ends = self._tokens.get(token)
        return ends is not None and self._clock() < ends

    def register(self, token: str, asked: Any) -> Draft:
        """Keep what a tool registers and use the token up; raises :class:`RegistrationRefused`."""
        draft = self._read(asked)
        with self._lock:
            if self._tokens.pop(token, None) is None:
                raise RegistrationRefused("JWT is invalid")
            self._drafts[token] = draft
        return draft

    def draft(self, token: str) -> Draft | None:
        """What was registered with a token."""
        with self._lock:
            return self._drafts.get(token)

    def switch_on(self, token: str, placements: frozenset[str]) -> Draft | None:
        """Let the tool into the LMS, at some of its places."""
        with self._lock:
            draft = self._drafts.pop(token, None)
            if draft is None:
                return None
            targets = {place: url for place, url in draft.targets.items() if place in placements}
            self._current = replace(draft, targets=targets)
            return self._current

    def target(self, placement: str) -> str | None:
        """Where a tool that registered itself wants to be opened from a place; None when it did not."""
        return None if self._current is None else self._current.targets.get(placement)

    def _read(self, asked: Any) -> Draft:
        if not isinstance(asked, dict):
            raise RegistrationRefused("the body must be JSON")
        missing = [name for name in _REQUIRED if not asked.get(name)]
        if missing:
            raise RegistrationRefused(f"missing: {', '.join(missing)}")
        if asked.get("application_type") != "web":
            raise RegistrationRefused("application_type must be web")
        if not {"client_credentials", "implicit"} <= set(asked.get("grant_types") or ()):
            raise RegistrationRefused("grant_types must hold client_credentials and implicit")
        if asked.get("response_types") != ["id_token"]:
            raise RegistrationRefused("response_types must be [id_token]")
        if asked.get("token_endpoint_auth_method") != "private_key_jwt":
            raise RegistrationRefused("token_endpoint_auth_method must be private_key_jwt")
        unknown = set(asked["scope"].split()) - set(SCOPE_WORDS)
        if unknown:
            raise RegistrationRefused(f"unknown scopes: {', '.join(sorted(unknown))}")
        tool = asked[TOOL]
        domain = tool.get("domain")
        for url in (tool.get("target_link_uri"), *(one.get("target_link_uri") for one in tool["messages"])):
            if urlsplit(url or "").netloc != domain:
                raise RegistrationRefused("target_link_uri must be on the domain")
        privacy = tool.get(_PREFIX + "privacy_level", "anonymous")
        if privacy not in {"public", "name_only", "email_only", "anonymous"}:
            raise RegistrationRefused("unknown privacy_level")
        return Draft(
            client_id=str(10_000_000_000_000 + secrets.randbelow(10**9)),
            name=asked["client_name"],
            launch_url=asked["redirect_uris"][0],
            login_url=asked["initiate_login_uri"],
            privacy=privacy,
            scopes=tuple(asked["scope"].split()),
            targets=_targets(tool),
        )


def _targets(tool: Mapping[str, Any]) -> dict[str, str]:
    """Places and their addresses; a place Canvas does not know is dropped without a word."""
    found: dict[str, str] = {}
    for message in tool["messages"]:
        for name in message.get("placements") or ["link_selection"]:
            place = name.removeprefix(_PREFIX)
            if place in KNOWN_PLACEMENTS:
                found[place] = message.get("target_link_uri") or tool["target_link_uri"]
    return found
