"""Installing a tool by its address, as in Canvas' developer keys: settings page, endpoint, and the pages.

LTI Dynamic Registration 1.0; Canvas' "Registration" page of its developer documentation (read 2026-11).
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lti_app.sandbox.hints import HintRefused
from lti_app.sandbox.installs import (
    KNOWN_PLACEMENTS,
    SCOPE_WORDS,
    TOKEN_SECONDS,
    TOOL,
    Draft,
    RegistrationRefused,
)
from lti_app.sandbox.people import User
from lti_app.sandbox.world import World, world

registration = Blueprint("registration", __name__)

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
KEYS = "/accounts/1/developer_keys"
_LINKS = ("assignment_selection", "link_selection")


@registration.get("/api/lti/security/openid-configuration")
def configuration() -> tuple[Response, int] | Response:
    """What the LMS says of itself to a tool that may register."""
    here = world()
    if not here.installs.permitted(_bearer()):
        return jsonify({"errors": [{"message": "JWT is invalid"}]}), 401
    root = here.config.issuer
    places = [place for place in KNOWN_PLACEMENTS if place not in _LINKS]
    return jsonify(
        {
            "issuer": root,
            "authorization_endpoint": f"{root}/api/lti/authorize_redirect",
            "registration_endpoint": f"{root}/api/lti/registrations",
            "jwks_uri": f"{root}/api/lti/security/jwks",
            "token_endpoint": here.config.token_url,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", *SCOPE_WORDS],
            "response_types_supported": ["id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "name", "given_name", "family_name", "email", "locale", "picture"],
            "subject_types_supported": ["public"],
            PLATFORM: {
                "product_family_code": "canvas",
                "version": "practice",
                "https://canvas.instructure.com/lti/account_name": here.people.school.name,
                "https://canvas.instructure.com/lti/account_lti_guid": here.people.school.guid,
                "messages_supported": [
                    {"type": "LtiResourceLinkRequest", "placements": places},
                    {"type": "LtiDeepLinkingRequest", "placements": list(_LINKS)},
                ],
                "variables": ["Canvas.user.id", "Person.address.timezone"],
            },
        }
    )


@registration.post("/api/lti/registrations")
def register() -> tuple[Response, int]:
    """Take a tool's registration; the token is good for one."""
    here, token = world(), _bearer()
    if not here.installs.permitted(token):
        return jsonify({"errors": [{"message": "JWT is invalid"}]}), 401
    asked: Any = request.get_json(silent=True)
    try:
        draft = here.installs.register(token, asked)
    except (RegistrationRefused, KeyError, TypeError, AttributeError, IndexError) as refusal:
        return jsonify({"errors": [{"message": str(refusal)}]}), 422
    return jsonify({**asked, "client_id": draft.client_id, TOOL: asked[TOOL]}), 200


@registration.get(KEYS)
def keys() -> str:
    """The list of developer keys, with the one tool this LMS holds."""
    here = world()
    return render_template("developer_keys.html", user=_administrator(here), account=True, page="keys")


@registration.get(f"{KEYS}/new")
def new_key() -> str:
    """Ask for the tool's address."""
    return render_template("developer_key_new.html", user=_administrator(world()), account=True, page="keys")


@registration.post(f"{KEYS}/new")
def begin() -> AnyResponse | tuple[str, int]:
    """Open the tool's own page in a frame, with a permission to register."""
    here = world()
    user, url = _administrator(here), request.form.get("url", "").strip()
    if here.config.installed:
        abort(409)
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != here.config.tool_origin:
        problem = "This practice LMS installs the tool beside it only."
        page = render_template(
            "developer_key_new.html", user=user, account=True, page="keys", url=url, problem=problem
        )
        return page, 422
    ticket = here.hints.seal("registration", {"url": url, "token": here.installs.permit()})
    return redirect(f"{KEYS}/frame?{urlencode({'as': user.key, 'ticket': ticket})}", 303)


@registration.get(f"{KEYS}/frame")
def frame() -> str:
    """The tool's page in a frame; once it is done, the administrator looks at what it asked for."""
    here = world()
    user, ticket = _administrator(here), request.args.get("ticket", "")
    opened = _opened(here, ticket)
    query = {
        "openid_configuration": f"{here.config.issuer}/api/lti/security/openid-configuration",
        "registration_token": opened["token"],
    }
    review = f"{KEYS}/review?{urlencode({'as': user.key, 'ticket': ticket})}"
    return render_template(
        "developer_key_frame.html",
        user=user,
        account=True,
        page="keys",
        src=f"{opened['url']}{'&' if '?' in opened['url'] else '?'}{urlencode(query)}",
        review=review,
    )


@registration.route(f"{KEYS}/review", methods=["GET", "POST"])
def review() -> AnyResponse | str:
    """Show what the tool asked for; the button switches it on for the whole account."""
    here = world()
    user, ticket = _administrator(here), request.args.get("ticket", "")
    token = str(_opened(here, ticket)["token"])
    draft = here.installs.draft(token)
    if draft is None:
        abort(404)
    if request.method == "GET":
        return render_template(
            "developer_key_review.html",
            user=user,
            account=True,
            page="keys",
            draft=draft,
            scopes=[SCOPE_WORDS[one] for one in draft.scopes],
        )
    on = here.installs.switch_on(token, frozenset(request.form.getlist("placement")))
    if on is not None:
        _hold(here, on)
    return redirect(f"{KEYS}?{urlencode({'as': user.key})}", 303)


def _opened(here: World, ticket: str) -> dict[str, Any]:
    try:
        return here.hints.open("registration", ticket, seconds=TOKEN_SECONDS)
    except HintRefused:
        abort(404)


def _hold(here: World, draft: Draft) -> None:
    """Let this be the one tool of the LMS, deployed to its root account."""
    here.config = replace(
        here.config,
        client_id=draft.client_id,
        deployment_id=f"{here.people.school.account_id}:{secrets.token_hex(20)}",
        tool_name=draft.name,
        tool_url=draft.launch_url.removesuffix("/lti/launch"),
        installed=True,
    )


def _administrator(here: World) -> User:
    user = here.people.by_key(request.args.get("as", ""))
    if user is None:
        abort(404)
    if not user.is_administrator:
        abort(403)
    return user


def _bearer() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
