"""The registration request: the offer in the shape of LTI Dynamic Registration 1.0, with Canvas' own keys.

Canvas: https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.registration (read
2026-11). Moodle: ``mod/lti/classes/local/ltiopenid/registration_helper.php`` (reads ``scope`` as words and
names content selection ``ContentArea``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from lti_app.doors.lti import offer
from lti_app.doors.lti.canvas import PRIVACY_LEVEL
from lti_app.doors.lti.id_token import RESOURCE_LINK_REQUEST
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.platform_configuration import PlatformConfiguration
from lti_app.settings import Settings

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
_CANVAS = "https://canvas.instructure.com/lti/"
CONTENT_AREA = "ContentArea"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A fact about a person that we ask to be told at each launch, and why."""

    name: str
    words: str
    reason: str


CLAIMS: tuple[Claim, ...] = (
    Claim(name="iss", words="The platform", reason="To know which platform speaks."),
    Claim(name="sub", words="A number", reason="To know the same person again, without a meaning."),
    Claim(name="name", words="Name", reason="So that families and colleagues see who writes to them."),
    Claim(name="given_name", words="First name", reason="To greet people by the name they use."),
    Claim(name="family_name", words="Last name", reason="To put lists in order."),
    Claim(name="email", words="E-mail", reason="For notices that say only: something is waiting."),
    Claim(name="locale", words="Language", reason="To open in the language the person reads."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the platform answered: our client id there, and a deployment where it names one at once."""

    client_id: str
    deployment_id: str | None


def registration_request(settings: Settings, configuration: PlatformConfiguration) -> dict[str, Any]:
    """Return what we send to the registration endpoint; only what the platform says it has is asked for."""
    scopes = [one.name for one in offer.SCOPES]
    claims = [one.name for one in CLAIMS]
    if configuration.scopes is not None:
        scopes = [one for one in scopes if one in configuration.scopes]
    if configuration.claims is not None:
        claims = [one for one in claims if one in configuration.claims or one in ("iss", "sub")]
    tool: dict[str, Any] = {
        "domain": urlsplit(settings.public_url).netloc,
        "description": offer.DESCRIPTION,
        "target_link_uri": settings.url(offer.FIRST_PATH),
        "custom_parameters": dict(
            offer.custom_fields(None if configuration.is_canvas else configuration.variables)
        ),
        "claims": claims,
        "messages": _messages(settings.url(offer.FIRST_PATH), configuration),
    }
    if configuration.is_canvas:
        # Said outright: Canvas would guess it from the claims, and observers need "public".
        tool |= {_CANVAS + "privacy_level": PRIVACY_LEVEL, _CANVAS + "tool_id": offer.TOOL_ID}
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": settings.url(offer.LOGIN_PATH),
        "redirect_uris": [settings.url(offer.LAUNCH_PATH)],
        "client_name": offer.TITLE,
        "jwks_uri": settings.url(offer.KEYS_PATH),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        TOOL_CONFIGURATION: tool,
    }


def _messages(target: str, configuration: PlatformConfiguration) -> list[dict[str, Any]]:
    """Return one message per place for Canvas, which has settings for each, else one per kind."""
    if configuration.is_canvas:
        places = [place for place in offer.PLACEMENTS if place.on and _has(configuration, place)]
        return [_canvas_message(place, target) for place in places]
    made = [{"type": RESOURCE_LINK_REQUEST, "target_link_uri": target, "label": offer.TITLE}]
    kinds = {one.type: one for one in configuration.messages or ()}
    links = kinds.get(offer.LINK_REQUEST)
    if links is not None:
        wish: dict[str, Any] = {"type": offer.LINK_REQUEST, "target_link_uri": target, "label": offer.TITLE}
        if CONTENT_AREA in links.placements:
            wish["placements"] = [CONTENT_AREA]
        made.append(wish)
    return made


def _canvas_message(place: offer.Placement, target: str) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": place.message_type,
        "target_link_uri": target,
        "label": offer.TITLE,
        "placements": [place.name],
    }
    settings = dict(place.settings)
    if "visibility" in settings:
        message[_CANVAS + "visibility"] = settings["visibility"]
    if "default" in settings:
        message[_CANVAS + "course_navigation/default_enabled"] = settings["default"] != "disabled"
    if place.message_type == offer.LINK_REQUEST:
        message[_CANVAS + "launch_width"] = offer.DIALOG["selection_width"]
        message[_CANVAS + "launch_height"] = offer.DIALOG["selection_height"]
    return message


def _has(configuration: PlatformConfiguration, place: offer.Placement) -> bool:
    """Whether the platform says it has the place for that message; silence counts as yes."""
    if configuration.messages is None:
        return True
    of_kind = [one for one in configuration.messages if one.type == place.message_type]
    named = [name.removeprefix(_CANVAS) for one in of_kind for name in one.placements]
    return bool(of_kind) and (not named or place.name in named)


def read_answer(status: int, document: Any, *, host: str) -> Registered:
    """Return what a platform answered to our request.

    Raises:
        InstallRefused: ``registration_token`` (401, 403), ``registration_refused`` (other 4xx),
            ``platform_trouble`` (5xx), ``answer_form`` when it cannot be read.
    """
    if status in (401, 403):
        raise InstallRefused("registration_token", host=host)
    if 400 <= status < 500:
        raise InstallRefused("registration_refused", host=host)
    if not 200 <= status < 300:
        raise InstallRefused("platform_trouble", host=host)
    answer = document if isinstance(document, dict) else {}
    tool = answer.get(TOOL_CONFIGURATION)
    deployment = tool.get("deployment_id") if isinstance(tool, dict) else None
    client_id = answer.get("client_id")
    if not _is_id(client_id) or not (deployment is None or _is_id(deployment)):
        raise InstallRefused("answer_form", host=host)
    return Registered(client_id=client_id, deployment_id=deployment)


def _is_id(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()
