"""Claims: from a verified id_token to the frozen ``LaunchContext`` that everything above this door sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError

from iepcore.ids import SiteId
from lti_app.doors.launch_offers import NOTHING, Gradebook, LinkWish, Offers
from lti_app.doors.lti.id_token import LINK_REQUEST, LTI, IdTokenSchema, is_legible
from lti_app.doors.lti.placements import OUTSIDE_COURSES, first_path
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import TEST_USER, Standing, known_roles, observees_of, standing_of
from lti_app.doors.lti.straight import straight
from lti_app.settings import is_loopback

_load = straight(IdTokenSchema())
ITEM_KINDS = frozenset({"file", "html", "image", "link", "ltiResourceLink"})
"""The kinds of item of deep linking 2.0, section 2."""

_FORM_TARGET = re.compile(r"https?://[A-Za-z0-9.\-]+(?::\d{1,5})?(?:[/?][!#-;=?-Z_a-z\[\]~%&]*)?")
"""An address that a form may post to and a policy may name: printable, no quotes, spaces or user names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchContext:
    """One accepted launch, by this or another ``door``. ``source`` names who vouches for ``subject``;
    together with the site they are the identity.

    ``context_id`` is None outside a course; ``target_path`` is a path of ours; ``observees`` are subjects,
    not children: what the platform links still needs a person's confirmation here.
    """

    site_id: SiteId
    registration_id: UUID
    deployment_id: str
    source: str
    subject: str
    standing: Standing
    roles: tuple[str, ...]
    observees: tuple[str, ...]
    message_type: str
    target_path: str
    context_id: str | None = None
    context_title: str | None = None
    roster_url: str | None = None
    canvas_user_id: str | None = None
    masquerading_id: str | None = None
    display_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    high_contrast: bool = False
    offers: Offers = NOTHING
    door: str = "lti"

    @property
    def test_user(self) -> bool:
        """Whether this is a platform's student view: practice data only."""
        return TEST_USER in self.roles

    @property
    def masquerade(self) -> bool:
        """Whether somebody acts as the subject."""
        return self.masquerading_id is not None


class Claims(NamedTuple):
    """The id_token's body after its shape was checked; instants are Unix seconds."""

    audience: tuple[str, ...]
    azp: str | None
    nonce: str
    issued_at: float
    expires_at: float
    not_before: float | None
    subject: str
    deployment_id: str
    message_type: str
    target_link_uri: str
    roles: tuple[str, ...]
    mentor_of: tuple[str, ...] | None
    context_id: str | None
    context_title: str | None
    in_course: bool
    roster_url: str | None
    custom: Mapping[str, str]
    display_name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    locale: str | None
    offers: Offers

    def standing(self) -> Standing:
        """Return the standing of the roles."""
        return standing_of(self.roles, in_course=self.in_course)

    def observees(self) -> tuple[str, ...]:
        """Return the subjects this person observes in the course."""
        return observees_of(
            self.roles, mentor_claim=self.mentor_of, custom_field=self.custom.get("observees")
        )

    def context_for(
        self, *, site_id: SiteId, registration_id: UUID, target_path: str | None
    ) -> LaunchContext:
        """Return the launch as everything above this door sees it. ``target_path``: the target's, if ours."""
        return LaunchContext(
            site_id=site_id,
            registration_id=registration_id,
            deployment_id=self.deployment_id,
            source=_source(registration_id),
            subject=self.subject,
            standing=self.standing(),
            roles=known_roles(self.roles),
            observees=self.observees(),
            message_type=self.message_type,
            target_path=first_path(
                message_type=self.message_type, asked=target_path, card_of=self.offers.card_of
            ),
            context_id=self.context_id if self.in_course else None,
            context_title=self.context_title if self.in_course else None,
            roster_url=self.roster_url if self.in_course else None,
            canvas_user_id=self.custom.get("canvas_user_id") or None,
            masquerading_id=self.custom.get("masquerading_user_id") or None,
            display_name=self.display_name,
            given_name=self.given_name,
            family_name=self.family_name,
            email=self.email,
            locale=self.locale,
            time_zone=_known_zone(self.custom.get("time_zone")),
            high_contrast=self.custom.get("prefers_high_contrast") == "true",
            offers=self.offers,
        )


def _in_course(context: Mapping[str, Any] | None, placement: str | None) -> bool:
    """Whether the context is a course. Canvas sends one of type ``Account`` with its account placements."""
    if context is None or placement in OUTSIDE_COURSES:
        return False
    types = context["types"]
    return not (isinstance(types, list) and "Account" in types)


@lru_cache(maxsize=256)
def _source(registration_id: UUID) -> str:
    """Return who vouches for the subjects of a registration."""
    return f"lti:{registration_id}"


@lru_cache(maxsize=64)
def _known_zone(name: str | None) -> str | None:
    """Return ``name`` when it is an IANA time zone; anything else counts as absent."""
    try:
        return ZoneInfo(name).key if name else None
    except (OSError, ValueError, ZoneInfoNotFoundError):  # a folder of zones, an odd path, an unknown name
        return None


@lru_cache(maxsize=1024)  # a course says the same at every launch
def usable_service_url(url: str | None) -> str | None:
    """Return ``url`` when it is https (or plain http on this machine); anything else counts as absent."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname or ""
    except ValueError:
        return None
    if host and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        return url
    return None


def read_claims(body: Mapping[str, Any]) -> Claims:
    """Return the claims of a verified id_token body.

    Raises:
        LaunchRefused: ``claims:`` and the names of the claims that are missing or malformed (for the log
            only).
    """
    try:
        loaded = _load(body)
    except ValidationError as error:
        names = sorted(str(name).removeprefix(LTI) for name in error.messages_dict)
        anonymous = names == ["sub"] and "sub" not in body
        raise LaunchRefused(
            "claims:" + ",".join(names), page="anonymous" if anonymous else "launch_refused"
        ) from None
    context = loaded["context"]
    mentor_of = loaded["mentor_of"]
    locale = (loaded["presentation"] or {}).get("locale") or loaded["locale"]
    email = loaded["email"]
    return Claims(
        audience=loaded["audience"],
        azp=loaded["azp"],
        nonce=loaded["nonce"],
        issued_at=loaded["issued_at"],
        expires_at=loaded["expires_at"],
        not_before=loaded["not_before"],
        subject=loaded["subject"],
        deployment_id=loaded["deployment_id"],
        message_type=loaded["message_type"],
        target_link_uri=loaded["target_link_uri"],
        roles=tuple(role for role in loaded["roles"] if is_legible(role)),
        mentor_of=None if mentor_of is None else tuple(filter(is_legible, mentor_of)),
        context_id=None if context is None else context["id"],
        context_title=None if context is None else context["title"] or context["label"],
        in_course=_in_course(context, loaded["placement"]),
        roster_url=usable_service_url((loaded["roster"] or {}).get("url")),
        custom=loaded["custom"] or {},
        display_name=loaded["display_name"],
        given_name=loaded["given_name"],
        family_name=loaded["family_name"],
        email=email if email and "@" in email else None,
        locale=locale.replace("_", "-") if locale else None,  # Blackboard and Moodle write ``es_ES``
        offers=_offers(loaded),
    )


def _offers(loaded: Mapping[str, Any]) -> Offers:
    """Return what else the launch offers.

    Raises:
        LaunchRefused: for a wish for a link whose answer would go nowhere safe (deep linking 4.4.1).
    """
    family = (loaded["platform"] or {}).get("family")
    return Offers(
        family=family.lower() if family else None,
        gradebook=_gradebook(loaded["gradebook"]),
        wish=_wish(loaded["link_settings"]) if loaded["message_type"] == LINK_REQUEST else None,
        card_of=loaded["card_of"],
    )


def _gradebook(said: Mapping[str, Any] | None) -> Gradebook | None:
    if said is None:
        return None
    granted = said["scopes"] if isinstance(said["scopes"], list) else []
    return Gradebook(
        scopes=tuple(one for one in granted if isinstance(one, str) and len(one) <= 255 and one.isascii()),
        columns_url=usable_service_url(said["columns_url"]),
        column_url=usable_service_url(said["column_url"]),
    )


def _can_be_kept(text: str) -> bool:
    """Whether a database can hold ``text`` and give it back as it was: no NUL, no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _wish(said: Mapping[str, Any]) -> LinkWish:
    return_url = usable_service_url(said["return_url"])
    if not _can_be_kept(said["data"] or ""):
        raise LaunchRefused("claims:data")
    if return_url is None or not _FORM_TARGET.fullmatch(return_url):
        raise LaunchRefused("claims:deep_link_return_url")
    return LinkWish(
        return_url=return_url,
        takes=tuple(one for one in said["accept_types"] if one in ITEM_KINDS),
        takes_column=said["accept_line_item"] is True,
        data=said["data"],
        title=said["title"],
    )
