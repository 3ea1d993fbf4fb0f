"""Roster by Names and Role Provisioning Services 2.0: every member of a course, page by page, or an error.

Canvas pages hold 50 (its most); the ``next`` address is used exactly as sent, since its bookmark is case-
sensitive. A roster that breaks off is an error, never a short roster: somebody would seem to have left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from lti_app.doors.lti.id_token import LTI
from lti_app.doors.lti.offer import NRPS_SCOPE
from lti_app.doors.lti.roles import known_roles
from lti_app.doors.lti.services import PlatformServices, ServiceRefused, ServiceSilent, read_json
from lti_app.doors.records import Registration

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MOST_PAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of a course as the platform lists them. ``status`` is ``Active``, ``Inactive`` or
    ``Deleted``; ``canvas_user_id`` is there when custom fields were asked for and the platform is Canvas.
    """

    user_id: str
    roles: tuple[str, ...]
    status: str = "Active"
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    sourced_id: str | None = None
    legacy_user_id: str | None = None
    canvas_user_id: str | None = None


def read_roster(
    services: PlatformServices,
    registration: Registration,
    deployment_id: str,
    roster_url: str,
    *,
    custom_of: str | None = None,
) -> tuple[Member, ...]:
    """Return every member behind ``roster_url``; one person listed twice is one member with all their roles.

    ``custom_of`` is the course's context id: Canvas then adds the tool's custom fields to each member
    (``rlid`` may be the context id, ``memberships_provider.rb``). A platform that refuses that, or names
    nobody, is asked again without.

    Raises:
        ServiceRefused: the platform said no. ServiceSilent: no answer, no JSON, pages that loop, lead to
            another host or are too many. Nothing is returned.
    """
    if custom_of:
        try:
            found = _all(services, registration, deployment_id, _with_custom(roster_url, custom_of))
        except ServiceRefused as refusal:
            if refusal.code != ServiceRefused.default_code:  # no token: asking again would not help
                raise
        else:
            if found:
                return found
    return _all(services, registration, deployment_id, roster_url)


def _all(
    services: PlatformServices, registration: Registration, deployment_id: str, roster_url: str
) -> tuple[Member, ...]:
    members: dict[str, Member] = {}
    for page in _pages(services, registration, deployment_id, roster_url):
        for row in page:
            member = _member(row)
            if member is None:
                continue
            known = members.get(member.user_id)
            if known is not None:
                member = replace(known, roles=tuple(dict.fromkeys((*known.roles, *member.roles))))
            members[member.user_id] = member
    return tuple(members.values())


def _pages(
    services: PlatformServices, registration: Registration, deployment_id: str, roster_url: str
) -> Iterator[list[Any]]:
    url: str | None = roster_url
    seen: set[str] = set()
    while url is not None:
        if url in seen or len(seen) >= MOST_PAGES:
            raise ServiceSilent("roster_endless")
        if _origin(url) != _origin(roster_url):
            raise ServiceSilent("roster_other_host")
        seen.add(url)
        answer = services.read(registration, deployment_id, url, scopes=(NRPS_SCOPE,), accept=MEDIA_TYPE)
        document = read_json(answer)
        rows = document.get("members") if isinstance(document, dict) else None
        if not isinstance(rows, list):
            raise ServiceSilent("roster_shape")
        yield rows
        following = answer.links.get("next", {}).get("url")
        url = urljoin(url, following) if following else None


def _with_custom(roster_url: str, context_id: str) -> str:
    joint = "&" if urlsplit(roster_url).query else "?"
    return f"{roster_url}{joint}{urlencode({'rlid': context_id})}"


def _origin(url: str) -> tuple[str, str]:
    address = urlsplit(url)
    return address.scheme.lower(), address.netloc.lower()


def _member(row: Any) -> Member | None:
    """Return a row as a member; one without a usable id cannot be matched to anybody and is left out."""
    if (
        not isinstance(row, dict)
        or not isinstance(row.get("user_id"), str)
        or not 0 < len(row["user_id"]) <= 255
    ):
        return None
    roles = row.get("roles")
    listed = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    status = row.get("status")
    return Member(
        user_id=row["user_id"],
        roles=known_roles(listed),
        status=status if status in ("Active", "Inactive", "Deleted") else "Active",
        name=_text(row, "name"),
        given_name=_text(row, "given_name"),
        family_name=_text(row, "family_name"),
        email=_text(row, "email"),
        sourced_id=_text(row, "lis_person_sourcedid"),
        legacy_user_id=_text(row, "lti11_legacy_user_id"),
        canvas_user_id=_canvas_user_id(row.get("message")),
    )


def _canvas_user_id(messages: Any) -> str | None:
    """Return the number Canvas knows the member by, out of the tool's own custom fields."""
    for message in messages if isinstance(messages, list) else ():
        custom = message.get(LTI + "custom") if isinstance(message, dict) else None
        found = _text(custom, "canvas_user_id") if isinstance(custom, dict) else None
        if found is not None and found.isascii() and found.isdecimal():
            return found
    return None


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if not isinstance(value, str) or value.startswith("$"):
        return None
    return value.strip()[:255] or None
