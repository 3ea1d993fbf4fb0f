"""The id_token's shape as marshmallow schemas: what must be there, what may be, and what counts as absent.

Sources: LTI 1.3 core sections 5.3 and 5.4, NRPS 2.0 section 3.6, OpenID Connect core section 2. Unknown
claims are ignored (core 4.3); ids are at most 255 characters; a variable the platform did not resolve
arrives as the literal ``$Name`` and counts as absent (core appendix B).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
LINK_REQUEST = "LtiDeepLinkingRequest"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
PLACEMENT_CLAIM = "https://www.instructure.com/placement"
CARD_CLAIM = "https://www.instructure.com/lti_student_id"

CUSTOM_FIELDS: Mapping[str, str] = {
    "observees": "$com.instructure.User.observees",
    "canvas_user_id": "$Canvas.user.id",
    "masquerading_user_id": "$Canvas.masqueradingUser.id",
    "time_zone": "$Person.address.timezone",
    "prefers_high_contrast": "$Canvas.user.prefersHighContrast",
}
"""What we ask Canvas to fill in; other platforms leave the literals, which then count as absent."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
"""Control characters and lone surrogates: no database keeps them alike, and nobody can read them."""

_LONGEST_ID = 255
_LONGEST_ROLE, _MOST_ROLES = 255, 200


def _printable(text: str) -> str:
    """Return ``text`` without control characters and lone surrogates, nor space around it."""
    return (text if text.isprintable() else _UNPRINTABLE.sub(" ", text)).strip()


def is_legible(text: str) -> bool:
    """Whether ``text`` holds neither a control character nor a lone surrogate."""
    return text.isprintable() or _UNPRINTABLE.search(text) is None


class _Read(fields.Field[Any]):
    """A field that one plain function reads, so that :mod:`.straight` may call it without the field."""

    read: Callable[[Any], Any]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return type(self).read(value)


def seconds_of(value: Any) -> float:
    """Return a NumericDate (RFC 7519 section 2). Text, booleans, infinities and NaN are refused."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValidationError("not a number of seconds")
    if not 0 <= value < 2**35:
        raise ValidationError("out of range")
    return float(value)


def audience_of(value: Any) -> tuple[str, ...]:
    """Return whom a token is for: one name or a list of them."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(one, str) and one for one in names):
        raise ValidationError("not an audience")
    return tuple(names)


def wording_of(value: Any) -> str | None:
    """Return optional text about a person or course: anything that is not usable text counts as absent."""
    if not isinstance(value, str) or value.startswith("$"):
        return None
    return _printable(value)[:255].strip() or None


def custom_of(value: Any) -> dict[str, str]:
    """Return custom values: text only; null, numbers and unresolved variables count as absent (core 5.4.6,
    appendix B).
    """
    if not isinstance(value, dict):
        return {}
    found = {}
    for key in CUSTOM_FIELDS:
        text = value.get(key)
        if isinstance(text, str) and not text.startswith("$"):
            found[key] = _printable(text)[:8000]
    return found


def id_of(value: Any) -> str:
    """Return an id: 1 to 255 characters, none of them a control character or half of one."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID or not is_legible(value):
        raise ValidationError("not an id")
    return value


def roles_of(value: Any) -> list[str]:
    """Return role names as they were sent."""
    if not isinstance(value, list) or len(value) > _MOST_ROLES:
        raise ValidationError("not a list of roles")
    if not all(isinstance(one, str) and len(one) <= _LONGEST_ROLE for one in value):
        raise ValidationError("not a role")
    return value


class _Id(_Read):
    read = staticmethod(id_of)


class _Roles(_Read):
    read = staticmethod(roles_of)


class _Seconds(_Read):
    read = staticmethod(seconds_of)


class _Audience(_Read):
    read = staticmethod(audience_of)


class _Wording(_Read):
    read = staticmethod(wording_of)


class _Custom(_Read):
    read = staticmethod(custom_of)


def _wording(claim: str) -> _Wording:
    return _Wording(data_key=claim, allow_none=True, load_default=None)


class _Loose(Schema):
    class Meta:
        unknown = EXCLUDE


class _ContextSchema(_Loose):
    id = _Id(required=True)
    title = _wording("title")
    label = _wording("label")
    types = fields.Raw(data_key="type", load_default=None, allow_none=True)


class _ResourceLinkSchema(_Loose):
    id = _Id(required=True)


class _RosterSchema(_Loose):
    url = _wording("context_memberships_url")


class _PresentationSchema(_Loose):
    locale = _wording("locale")


class _GradebookSchema(_Loose):
    """Where a course keeps its columns (AGS 2.0 section 3.1): nothing in it makes a launch fail."""

    columns_url = _wording("lineitems")
    column_url = _wording("lineitem")
    scopes = fields.Raw(data_key="scope", load_default=None, allow_none=True)


class _PlatformSchema(_Loose):
    family = _wording("product_family_code")


class _LinkSettingsSchema(_Loose):
    """What a platform that wants a link says of it (deep linking 2.0 section 4.4.1)."""

    return_url = fields.String(
        required=True, data_key="deep_link_return_url", validate=validate.Length(min=1, max=4000)
    )
    accept_types = fields.List(
        fields.String(validate=validate.Length(max=100)), required=True, validate=validate.Length(max=50)
    )
    targets = fields.List(
        fields.String(validate=validate.Length(max=100)),
        required=True,
        validate=validate.Length(max=50),
        data_key="accept_presentation_document_targets",
    )
    accept_line_item = fields.Raw(data_key="accept_lineitem", load_default=None, allow_none=True)
    data = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64 * 1024))
    title = _wording("title")


class IdTokenSchema(_Loose):
    """A resource link launch (core 5.3 and 5.4) or a wish for a link (deep linking 2.0 section 4.4).

    Signature, parties and times are checked elsewhere.
    """

    audience = _Audience(required=True, data_key="aud")
    azp = fields.String(load_default=None, allow_none=True)
    nonce = fields.String(required=True, validate=validate.Length(min=1, max=512))
    issued_at = _Seconds(required=True, data_key="iat")
    expires_at = _Seconds(required=True, data_key="exp")
    not_before = _Seconds(load_default=None, allow_none=True, data_key="nbf")
    subject = _Id(required=True, data_key="sub")
    version = fields.String(required=True, validate=validate.Equal("1.3.0"), data_key=LTI + "version")
    message_type = fields.String(
        required=True,
        validate=validate.OneOf((RESOURCE_LINK_REQUEST, LINK_REQUEST)),
        data_key=LTI + "message_type",
    )
    deployment_id = _Id(required=True, data_key=LTI + "deployment_id")
    target_link_uri = fields.String(
        required=True, validate=validate.Length(min=1, max=2000), data_key=LTI + "target_link_uri"
    )
    resource_link = fields.Nested(_ResourceLinkSchema, load_default=None, data_key=LTI + "resource_link")
    link_settings = fields.Nested(
        _LinkSettingsSchema, load_default=None, data_key=DL + "deep_linking_settings"
    )
    roles = _Roles(required=True, data_key=LTI + "roles")
    mentor_of = fields.List(
        fields.String(), load_default=None, allow_none=True, data_key=LTI + "role_scope_mentor"
    )
    context = fields.Nested(_ContextSchema, load_default=None, allow_none=True, data_key=LTI + "context")
    roster = fields.Nested(_RosterSchema, load_default=None, allow_none=True, data_key=NRPS_CLAIM)
    gradebook = fields.Nested(_GradebookSchema, load_default=None, allow_none=True, data_key=AGS_CLAIM)
    platform = fields.Nested(
        _PlatformSchema, load_default=None, allow_none=True, data_key=LTI + "tool_platform"
    )
    placement = _wording(PLACEMENT_CLAIM)
    card_of = _wording(CARD_CLAIM)
    presentation = fields.Nested(
        _PresentationSchema, load_default=None, allow_none=True, data_key=LTI + "launch_presentation"
    )
    custom = _Custom(load_default=None, allow_none=True, data_key=LTI + "custom")
    display_name = _wording("name")
    given_name = _wording("given_name")
    family_name = _wording("family_name")
    email = _wording("email")
    locale = _wording("locale")

    @validates_schema(skip_on_field_errors=False)
    def _has_its_subject(self, data: dict[str, Any], **kwargs: Any) -> None:
        """A launch names its link, a wish for a link says where the link goes."""
        names = {
            RESOURCE_LINK_REQUEST: ("resource_link", LTI + "resource_link"),
            LINK_REQUEST: ("link_settings", DL + "deep_linking_settings"),
        }
        wanted = names.get(data.get("message_type", ""))
        if wanted is not None and data.get(wanted[0]) is None:
            raise ValidationError("missing", field_name=wanted[1])
