"""Roster by Names and Role Provisioning Services 2.0: every member of a course, page by page, or an error.

Canvas pages hold 50 (its most); the ``next`` address is used exactly as sent, since its bookmark is case-
sensitive. A roster that breaks off is an error, never a short roster: somebody would seem to have left. A
platform that keeps count of changes names an address for them (``rel="differences"``); for the others we
compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRead:
    """What one reading came to. ``complete``: everybody is in it, so whoever is missing has left.

    ``differences_url`` is where this platform, if it keeps count, tells what changed from now on.
    """

    members: tuple[Member, ...]
    complete: bool = True
    differences_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One course's roster as a launch offered it, with a way to read it.

    Raises, whatever is read: ``ServiceRefused`` when the platform said no; ``ServiceSilent`` for no answer,
    no JSON, and pages that loop, lead to another host or are too many. Nothing is returned then.
    """

    services: PlatformServices
    registration: Registration
    deployment_id: str
    url: str

    def read(
        self, *, role: str | None = None, link: str | None = None, limit: int | None = None
    ) -> RosterRead:
        """Return the members; one person listed twice is one member with all their roles.

        ``role`` is a full role URI: the rest is left out, so such a reading is not complete. ``link`` is a
        resource link's id (``rlid``, NRPS 3.1): each member then brings our custom fields as that link sends
        them. ``limit`` asks for pages of that size; a platform may give smaller ones.
        """
        asked = {"rlid": link, "role": role, "limit": None if limit is None else str(limit)}
        read = self._all(_asking(self.url, asked))
        if role is None:
            return read
        chosen = tuple(one for one in read.members if role in one.roles)
        return RosterRead(members=chosen, complete=False)

    def differences(self, url: str) -> RosterRead:
        """Return who changed since an earlier reading told this address; who left is ``Deleted``."""
        read = self._all(url)
        return RosterRead(members=read.members, complete=False, differences_url=read.differences_url)

    def _all(self, url: str) -> RosterRead:
        members: dict[str, Member] = {}
        differences: str | None = None
        for rows, told in self._pages(url):
            differences = told or differences
            for row in rows:
                member = _member(row)
                if member is None:
                    continue
                known = members.get(member.user_id)
                members[member.user_id] = member if known is None else _merged(known, member)
        return RosterRead(members=tuple(members.values()), differences_url=differences)

    def _pages(self, first: str) -> Iterator[tuple[list[Any], str | None]]:
        url: str | None = first
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= MOST_PAGES:
                raise ServiceSilent("roster_endless")
            if _origin(url) != _origin(self.url):
                raise ServiceSilent("roster_other_host")
            seen.add(url)
            answer = self.services.read(
                self.registration, self.deployment_id, url, scopes=(NRPS_SCOPE,), accept=MEDIA_TYPE
            )
            document = read_json(answer)
            rows = document.get("members") if isinstance(document, dict) else None
            if not isinstance(rows, list):
                raise ServiceSilent("roster_shape")
            links = {
                name: urljoin(url, told["url"]) for name, told in answer.links.items() if told.get("url")
            }
            yield rows, links.get("differences")
            url = links.get("next")


def read_roster(
    services: PlatformServices,
    registration: Registration,
    deployment_id: str,
    roster_url: str,
    *,
    custom_of: str | None = None,
) -> tuple[Member, ...]:
    """Return every member behind ``roster_url``; see :func:`read_whole`."""
    roster = Roster(services=services, registration=registration, deployment_id=deployment_id, url=roster_url)
    return read_whole(roster, custom_of=custom_of).members


def read_whole(roster: Roster, *, custom_of: str | None = None) -> RosterRead:
    """Return everybody in a course.

    ``custom_of`` is the course's context id: Canvas then adds the tool's custom fields to each member
    (``rlid`` may be the context id, ``memberships_provider.rb``). A platform that refuses that, or names
    nobody, is asked again without.

    Raises:
        ServiceRefused, ServiceSilent: as :class:`Roster` does.
    """
    if custom_of:
        try:
            found = roster.read(link=custom_of)
        except ServiceRefused as refusal:
            if refusal.code != ServiceRefused.default_code:  # no token: asking again would not help
                raise
        else:
            if found.members:
                return found
    return roster.read()


def _asking(roster_url: str, asked: dict[str, str | None]) -> str:
    """Return the address with what is asked for; what it names already is not named twice."""
    query = urlsplit(roster_url).query
    named = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    more = {name: value for name, value in asked.items() if value is not None and name not in named}
    if not more:
        return roster_url
    return f"{roster_url}{'&' if query else '?'}{urlencode(more)}"


def _merged(first: Member, again: Member) -> Member:
    """Return one member of two listings: the roles of both; what the first does not tell the second may."""
    return replace(
        first,
        roles=tuple(dict.fromkeys((*first.roles, *again.roles))),
        name=first.name or again.name,
        email=first.email or again.email,
        canvas_user_id=first.canvas_user_id or again.canvas_user_id,
    )


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
