"""Claims: marshmallow schemas for the id_token, and the frozen values everything above this door sees.

Sources: LTI 1.3 core sections 5.3 and 5.4, NRPS 2.0 section 3.6, OpenID Connect core section 2. Unknown
claims are ignored (core 4.3); ids are at most 255 characters; a variable the platform did not resolve
arrives as the literal ``$Name`` and counts as absent (core appendix B).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from iepcore.ids import SiteId
from lti_app.doors.lti.refusals import LaunchRefused
from lti_app.doors.lti.roles import TEST_USER, Standing, known_roles, observees_of, standing_of
from lti_app.settings import is_loopback

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

CUSTOM_FIELDS: Mapping[str, str] = {
    "observees": "$com.instructure.User.observees",
    "canvas_user_id": "$Canvas.user.id",
    "masquerading_user_id": "$Canvas.masqueradingUser.id",
    "time_zone": "$Person.address.timezone",
}
"""What we ask Canvas to fill in; other platforms leave the literals, which then count as absent."""

_ID = validate.Length(min=1, max=255)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchContext:
    """One accepted launch. ``source`` names who vouches for ``subject``; together with the site they are the
    identity.

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

    @property
    def test_user(self) -> bool:
        """Whether this is a platform's student view: practice data only."""
        return TEST_USER in self.roles

    @property
    def masquerade(self) -> bool:
        """Whether somebody acts as the subject."""
        return self.masquerading_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
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

    def standing(self) -> Standing:
        """Return the standing of the roles."""
        return standing_of(self.roles, in_course=self.in_course)

    def observees(self) -> tuple[str, ...]:
        """Return the subjects this person observes in the course."""
        return observees_of(
            self.roles, mentor_claim=self.mentor_of, custom_field=self.custom.get("observees")
        )

    def context_for(self, *, site_id: SiteId, registration_id: UUID, target_path: str) -> LaunchContext:
        """Return the launch as everything above this door sees it."""
        return LaunchContext(
            site_id=site_id,
            registration_id=registration_id,
            deployment_id=self.deployment_id,
            source=f"lti:{registration_id}",
            subject=self.subject,
            standing=self.standing(),
            roles=known_roles(self.roles),
            observees=self.observees(),
            message_type=self.message_type,
            target_path=target_path,
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
            time_zone=self.custom.get("time_zone") or None,
        )


class _Seconds(fields.Field[float]):
    """A NumericDate (RFC 7519 section 2). Text, booleans, infinities and NaN are refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValidationError("not a number of seconds")
        if not 0 <= value < 2**35:
            raise ValidationError("out of range")
        return float(value)


class _Audience(fields.Field[tuple[str, ...]]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(one, str) and one for one in names):
            raise ValidationError("not an audience")
        return tuple(names)


class _Wording(fields.Field[Any]):
    """Optional text about a person or course: anything that is not usable text counts as absent."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str) or value.startswith("$"):
            return None
        return value.strip()[:255].strip() or None


def _wording(claim: str) -> _Wording:
    return _Wording(data_key=claim, allow_none=True, load_default=None)


class _Custom(fields.Field[dict[str, str]]):
    """Custom values: text only; null, numbers and unresolved variables count as absent (core 5.4.6, appendix
    B).
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            return {}
        return {
            key: text.strip()[:8000]
            for key, text in value.items()
            if key in CUSTOM_FIELDS and isinstance(text, str) and not text.startswith("$")
        }


class _Loose(Schema):
    class Meta:
        unknown = EXCLUDE


class _ContextSchema(_Loose):
    id = fields.String(required=True, validate=_ID)
    title = _wording("title")
    label = _wording("label")
    types = fields.Raw(data_key="type", load_default=None, allow_none=True)


class _ResourceLinkSchema(_Loose):
    id = fields.String(required=True, validate=_ID)


class _RosterSchema(_Loose):
    url = _wording("context_memberships_url")


class _PresentationSchema(_Loose):
    locale = _wording("locale")


class _IdTokenSchema(_Loose):
    audience = _Audience(required=True, data_key="aud")
    azp = fields.String(load_default=None, allow_none=True)
    nonce = fields.String(required=True, validate=validate.Length(min=1, max=512))
    issued_at = _Seconds(required=True, data_key="iat")
    expires_at = _Seconds(required=True, data_key="exp")
    not_before = _Seconds(load_default=None, allow_none=True, data_key="nbf")
    subject = fields.String(required=True, validate=_ID, data_key="sub")
    version = fields.String(required=True, validate=validate.Equal("1.3.0"), data_key=LTI + "version")
    message_type = fields.String(
        required=True, validate=validate.OneOf((RESOURCE_LINK_REQUEST,)), data_key=LTI + "message_type"
    )
    deployment_id = fields.String(required=True, validate=_ID, data_key=LTI + "deployment_id")
    target_link_uri = fields.String(
        required=True, validate=validate.Length(min=1, max=2000), data_key=LTI + "target_link_uri"
    )
    resource_link = fields.Nested(_ResourceLinkSchema, required=True, data_key=LTI + "resource_link")
    roles = fields.List(
        fields.String(validate=validate.Length(max=255)),
        required=True,
        validate=validate.Length(max=200),
        data_key=LTI + "roles",
    )
    mentor_of = fields.List(
        fields.String(), load_default=None, allow_none=True, data_key=LTI + "role_scope_mentor"
    )
    context = fields.Nested(_ContextSchema, load_default=None, allow_none=True, data_key=LTI + "context")
    roster = fields.Nested(_RosterSchema, load_default=None, allow_none=True, data_key=NRPS_CLAIM)
    presentation = fields.Nested(
        _PresentationSchema, load_default=None, allow_none=True, data_key=LTI + "launch_presentation"
    )
    custom = _Custom(load_default=None, allow_none=True, data_key=LTI + "custom")
    display_name = _wording("name")
    given_name = _wording("given_name")
    family_name = _wording("family_name")
    email = _wording("email")
    locale = _wording("locale")


_SCHEMA = _IdTokenSchema()


def _in_course(context: Mapping[str, Any] | None) -> bool:
    """Whether the context is a course. Canvas sends one of type ``Account`` with its account placements."""
    if context is None:
        return False
    types = context["types"]
    return not (isinstance(types, list) and "Account" in types)


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
        loaded: dict[str, Any] = _SCHEMA.load(body)
    except ValidationError as error:
        names = sorted(str(name).removeprefix(LTI) for name in error.messages_dict)
        anonymous = names == ["sub"] and "sub" not in body
        raise LaunchRefused(
            "claims:" + ",".join(names), page="anonymous" if anonymous else "launch_refused"
        ) from None
    context = loaded["context"]
    mentor_of = loaded["mentor_of"]
    presented = (loaded["presentation"] or {}).get("locale")
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
        roles=tuple(loaded["roles"]),
        mentor_of=None if mentor_of is None else tuple(mentor_of),
        context_id=None if context is None else context["id"],
        context_title=None if context is None else context["title"] or context["label"],
        in_course=_in_course(context),
        roster_url=usable_service_url((loaded["roster"] or {}).get("url")),
        custom=loaded["custom"] or {},
        display_name=loaded["display_name"],
        given_name=loaded["given_name"],
        family_name=loaded["family_name"],
        email=email if email and "@" in email else None,
        locale=presented or loaded["locale"],
    )
