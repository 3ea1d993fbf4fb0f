"""The id_token's shape as marshmallow schemas: what must be there, what may be, and what counts as absent.

Sources: LTI 1.3 core sections 5.3 and 5.4, NRPS 2.0 section 3.6, OpenID Connect core section 2. Unknown
claims are ignored (core 4.3); ids are at most 255 characters; a variable the platform did not resolve
arrives as the literal ``$Name`` and counts as absent (core appendix B).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

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


class IdTokenSchema(_Loose):
    """A resource link launch (core 5.3 and 5.4). Signature, parties and times are checked elsewhere."""

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
