"""What a platform says of itself when it registers tools, checked before anything of it is believed.

LTI Dynamic Registration 1.0 section 3.3 (OpenID Provider configuration with the LTI claim). The address of
the configuration is chosen by whoever pastes the link; what it may speak for is its own host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from lti_app.doors.lti.install_refusals import InstallRefused

_LTI_PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"

KIN: Mapping[str, tuple[str, ...]] = {
    # Hosted Canvas: one issuer for every school, endpoints at its sign-in host or at the school's own.
    "canvas.instructure.com": (".instructure.com", ".canvaslms.com"),
    "canvas.beta.instructure.com": (".beta.instructure.com", ".beta.canvaslms.com"),
    "canvas.test.instructure.com": (".test.instructure.com", ".test.canvaslms.com"),
}
"""Issuer host -> endings of hosts that belong to it. Source: Canvas' lti_dev_key_config (read 2026-11)."""

KIN_OF_ALL = ("auth.brightspace.com",)
"""Hosts that serve many issuers: D2L's token endpoint. Source: community.d2l.com article 23730."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message type a platform can send, with the places it can send it from (empty: not said)."""

    type: str
    placements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformConfiguration:
    """A checked configuration. Lists are None where the platform does not say."""

    issuer: str
    authorization_endpoint: str
    registration_endpoint: str
    jwks_uri: str
    token_endpoint: str
    authorization_server: str | None
    scopes: tuple[str, ...] | None
    claims: tuple[str, ...] | None
    product: str
    name: str
    messages: tuple[Message, ...] | None
    variables: tuple[str, ...]

    @property
    def is_canvas(self) -> bool:
        """Whether Canvas' own keys are understood."""
        return self.product == "canvas"


class _Loose(Schema):
    class Meta:
        unknown = EXCLUDE


class _Names(fields.Field[tuple[str, ...] | None]):
    """A list of names; what is no list counts as not said, what is no name is left out."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...] | None:
        if not isinstance(value, list):
            return None
        return tuple(one for one in value[:200] if isinstance(one, str) and 0 < len(one) <= 255)


class _Words(fields.Field[str]):
    """A short name; anything else counts as none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return "".join(c for c in value if c.isprintable()).strip()[:80] if isinstance(value, str) else ""


class _Messages(fields.Field[tuple[Message, ...] | None]):
    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> tuple[Message, ...] | None:
        if not isinstance(value, list):
            return None
        found = []
        for one in value[:50]:
            kind = one.get("type") if isinstance(one, dict) else one  # some list the bare types
            if not isinstance(kind, str):
                continue
            places = one.get("placements") if isinstance(one, dict) else None
            named = [p for p in places if isinstance(p, str)] if isinstance(places, list) else []
            found.append(Message(type=kind, placements=tuple(named[:100])))
        return tuple(found)


class _LtiSchema(_Loose):
    product = _Words(data_key="product_family_code", load_default="")
    name = _Words(data_key="https://canvas.instructure.com/lti/account_name", load_default="")
    messages = _Messages(data_key="messages_supported", load_default=None)
    variables = _Names(load_default=None)


def _url(**more: Any) -> fields.String:
    return fields.String(validate=validate.Length(min=8, max=2000), **more)


class _ConfigurationSchema(_Loose):
    issuer = _url(required=True)
    authorization_endpoint = _url(required=True)
    registration_endpoint = _url(required=True)
    jwks_uri = _url(required=True)
    token_endpoint = _url(required=True)
    authorization_server = _url(load_default=None, allow_none=True)
    scopes = _Names(data_key="scopes_supported", load_default=None)
    claims = _Names(data_key="claims_supported", load_default=None)
    algorithms = _Names(data_key="id_token_signing_alg_values_supported", load_default=None)
    lti = fields.Nested(_LtiSchema, load_default=None, allow_none=True, data_key=_LTI_PLATFORM)


_SCHEMA = _ConfigurationSchema()


def read_configuration(document: Any, *, url: str) -> PlatformConfiguration:
    """Return the configuration found at ``url``.

    Raises:
        InstallRefused: ``configuration_form`` when something needed is missing, ``issuer_elsewhere`` when it
            speaks for another host, ``endpoint_elsewhere`` when it sends us to one, ``no_rs256``.
    """
    if not isinstance(document, dict):
        raise InstallRefused("configuration_form", host=_host(url))
    try:
        found: dict[str, Any] = _SCHEMA.load(document)
    except ValidationError:
        raise InstallRefused("configuration_form", host=_host(url)) from None
    lti = found.pop("lti") or {"product": "", "name": "", "messages": None, "variables": None}
    algorithms = found.pop("algorithms")
    _check_hosts(found, url)
    if algorithms is not None and "RS256" not in algorithms:
        raise InstallRefused("no_rs256", host=_host(url))
    return PlatformConfiguration(
        **found,
        product=lti["product"].casefold(),
        name=lti["name"],
        messages=lti["messages"],
        variables=lti["variables"] or (),
    )


def _check_hosts(found: Mapping[str, Any], url: str) -> None:
    """The issuer is where the configuration was; its endpoints are there too, or at its kin."""
    issuer = _origin(found["issuer"])
    if issuer is None or issuer != _origin(url) or urlsplit(found["issuer"]).query:
        raise InstallRefused("issuer_elsewhere", host=_host(found["issuer"]))
    kin = KIN.get(_host(url), ())
    for name in ("authorization_endpoint", "registration_endpoint", "jwks_uri", "token_endpoint"):
        origin, host = _origin(found[name]), _host(found[name])
        alike = origin is not None and origin.startswith("https://") and ":" not in origin[8:]
        if origin == issuer or (alike and (host.endswith(kin) or host in KIN_OF_ALL)):
            continue
        raise InstallRefused("endpoint_elsewhere", host=host)


def _origin(url: str) -> str | None:
    """Return scheme, host and port of an address, None when it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in ("https", "http") or "@" in parts.netloc:
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (
        f":{port}" if port and port != {"https": 443, "http": 80}[parts.scheme] else ""
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
