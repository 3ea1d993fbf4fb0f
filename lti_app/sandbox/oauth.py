"""Token endpoint and consent page (Canvas ``doc/api/oauth_endpoints.md``; scopes of a scoped developer
key).
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lti_app.sandbox.ags import AGS_SCOPES
from lti_app.sandbox.assertion import AssertionRefused, check_assertion
from lti_app.sandbox.claims import NRPS_SCOPE
from lti_app.sandbox.hints import CONSENT_SECONDS, HintRefused
from lti_app.sandbox.tokens import TOKEN_SECONDS, Grant, GrantRefused
from lti_app.sandbox.world import World, world

oauth = Blueprint("oauth", __name__)

LTI_SCOPES = frozenset({NRPS_SCOPE, *AGS_SCOPES})
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
API_SCOPES: dict[str, str] = {
    "url:POST|/api/v1/conversations": "Send messages in your name",
    "url:GET|/api/v1/conversations": "Read the list of your conversations",
    "url:GET|/api/v1/conversations/:id": "Read one of your conversations",
    "url:GET|/api/v1/users/:id": "See who you are",
    "url:GET|/api/v1/courses": "See the list of your courses",
    "url:GET|/api/v1/accounts/:account_id/courses": "See the list of the school's courses",
    "url:GET|/api/v1/courses/:course_id/sections": "See the sections of a course",
    "url:GET|/api/v1/courses/:course_id/enrollments": "See who is in a course, and who observes whom",
}
INVALID_SCOPE = (
    "A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner. "
    "The following scopes were requested, but not granted: {}"
)


class ConsentRefused(Exception):
    """A consent request that cannot be trusted enough to send an answer anywhere."""


@oauth.post("/login/oauth2/token")
def token() -> tuple[Response, int]:
    """Grant a token: ``client_credentials``, ``authorization_code`` or ``refresh_token``."""
    here = world()
    match request.form.get("grant_type"):
        case "client_credentials":
            return _client_credentials(here)
        case "authorization_code":
            return _user_token(here, _from_code)
        case "refresh_token":
            return _user_token(here, _from_refresh)
    return _refused(
        "unsupported_grant_type", "The grant_type you requested is not currently supported by Canvas"
    )


@oauth.delete("/login/oauth2/token")
def forget_token() -> tuple[Response, int]:
    """End the consent of the bearer (Canvas: log out of this application)."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not world().tokens.revoke(bearer):
        return jsonify({"errors": [{"message": "Invalid access token."}]}), 401
    return jsonify({}), 200


@oauth.get("/login/oauth2/auth")
def consent() -> AnyResponse | str | tuple[str, int]:
    """Ask a person whether the tool may act in their name.

    A real LMS knows who is signed in; here ``?as=`` says it, and without it the page asks.
    """
    here = world()
    try:
        uri = _trusted_redirect(here)
    except ConsentRefused as refusal:
        return render_template("problem.html", title="Cannot connect", text=str(refusal)), 400
    state = request.args.get("state", "")
    if request.args.get("response_type") != "code":
        return _back(
            uri, state, error="unsupported_response_type", error_description="Only response_type=code"
        )
    scopes = request.args.get("scope", "").split()
    unknown = [s for s in scopes if s not in API_SCOPES]
    if unknown or not scopes:
        return _back(
            uri, state, error="invalid_scope", error_description=INVALID_SCOPE.format(", ".join(unknown))
        )
    ticket = here.hints.seal("consent", {"uri": uri, "state": state, "scopes": scopes})
    chosen = here.people.by_key(request.args.get("as", ""))
    candidates = (
        [chosen] if chosen else [u for u in here.people.users if u.kind in {"teacher", "ta", "administrator"}]
    )
    return render_template(
        "consent.html",
        ticket=ticket,
        candidates=candidates,
        known=chosen is not None,
        wishes=[API_SCOPES[s] for s in scopes],
    )


@oauth.post("/login/oauth2/accept")
def accept() -> AnyResponse | tuple[str, int]:
    """The person tapped Authorize or Cancel."""
    here = world()
    try:
        asked = here.hints.open("consent", request.form.get("ticket", ""), seconds=CONSENT_SECONDS, once=True)
    except HintRefused:
        text = "This page was open too long or was used before. Start again from the tool."
        return render_template("problem.html", title="Cannot connect", text=text), 400
    user = here.people.by_key(request.form.get("as", ""))
    if request.form.get("decision") != "authorize":
        text = "The resource owner or authorization server denied the request."
        return _back(asked["uri"], asked["state"], error="access_denied", error_description=text)
    if user is None:
        return render_template("problem.html", title="Cannot connect", text="Nobody is signed in."), 400
    code = here.tokens.new_code(user.key, frozenset(asked["scopes"]), asked["uri"])
    return _back(asked["uri"], asked["state"], code=code)


def _trusted_redirect(here: World) -> str:
    """The redirect address, if key and address are ours to answer; else :class:`ConsentRefused`."""
    if request.args.get("client_id") != here.config.api_client_id:
        raise ConsentRefused("Unknown client id: no such developer key.")
    uri = request.args.get("redirect_uri", "")
    parts = urlsplit(uri)
    if f"{parts.scheme}://{parts.netloc}" != here.config.tool_origin or parts.fragment:
        raise ConsentRefused("The redirect_uri does not match the developer key.")
    return uri


def _back(uri: str, state: str, **fields: str) -> AnyResponse:
    given = {**fields, "state": state} if state else fields
    return redirect(f"{uri}{'&' if '?' in uri else '?'}{urlencode(given)}", 302)


def _client_credentials(here: World) -> tuple[Response, int]:
    if request.form.get("client_assertion_type") != JWT_BEARER:
        return _refused("invalid_request", "assertion method not supported for this grant_type")
    try:
        check_assertion(here, request.form.get("client_assertion", ""))
    except AssertionRefused as refusal:
        return _refused("invalid_client", str(refusal))
    scopes = request.form.get("scope", "").split()
    if not scopes or not LTI_SCOPES.issuperset(scopes):
        return _refused("invalid_scope", INVALID_SCOPE.format(" ".join(sorted(set(scopes) - LTI_SCOPES))))
    text = here.tokens.issue(frozenset(scopes))
    return _granted({"access_token": text, "scope": " ".join(scopes)})


def _user_token(here: World, trade: Any) -> tuple[Response, int]:
    key_ok = hmac.compare_digest(
        request.form.get("client_id", "").encode(), here.config.api_client_id.encode()
    )
    secret = request.form.get("client_secret", "").encode()
    if not (key_ok and hmac.compare_digest(secret, here.config.api_client_secret.encode())):
        return _refused("invalid_client", "unknown client", status=401)
    try:
        fields, grant = trade(here)
    except GrantRefused as refusal:
        return _refused("invalid_grant" if "code" in str(refusal) else "invalid_request", str(refusal))
    user = here.people.by_key(grant.user_key)
    assert user is not None  # a grant is only ever made for somebody in the people file
    who = {
        "id": user.canvas_user_id,
        "name": user.name,
        "global_id": str(10_000_000_000_000 + user.canvas_user_id),
    }
    return _granted({**fields, "user": {**who, "effective_locale": user.locale}, "canvas_region": "practice"})


def _from_code(here: World) -> tuple[dict[str, str], Grant]:
    wanted = request.form
    access, refresh, grant = here.tokens.exchange(
        wanted.get("code", ""),
        wanted.get("redirect_uri", ""),
        replace_tokens=wanted.get("replace_tokens") == "1",
    )
    return {"access_token": access, "refresh_token": refresh}, grant


def _from_refresh(here: World) -> tuple[dict[str, str], Grant]:
    access, grant = here.tokens.refresh(request.form.get("refresh_token", ""))
    return {"access_token": access}, grant


def _granted(fields: dict[str, object]) -> tuple[Response, int]:
    answer = jsonify({"token_type": "Bearer", "expires_in": TOKEN_SECONDS, **fields})
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200


def _refused(error: str, description: str, *, status: int = 400) -> tuple[Response, int]:
    return jsonify({"error": error, "error_description": description}), status
