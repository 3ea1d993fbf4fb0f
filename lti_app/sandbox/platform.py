"""The LTI platform: OIDC authorisation endpoint and key set (1EdTech Security Framework 5.1, LTI 1.3)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from joserfc import jwt

from lti_app.sandbox.claims import LTI, id_token_claims
from lti_app.sandbox.deep_linking import WISH, more_claims
from lti_app.sandbox.hints import HintRefused, LaunchHint
from lti_app.sandbox.people import User
from lti_app.sandbox.world import World, world

platform = Blueprint("platform", __name__)


class AuthRefused(Exception):
    """An authorisation request that is answered with an OIDC error (OpenID Connect Core 3.1.2.6)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@platform.get("/api/lti/security/jwks")
def key_set() -> Response:
    """The platform's public keys."""
    key = world().key
    public = {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "RS256"}
    answer = jsonify({"keys": [public]})
    answer.headers["Cache-Control"] = "max-age=864000, public"
    return answer


@platform.route("/api/lti/authorize_redirect", methods=["GET", "POST"])
def authorize() -> tuple[str, int] | str:
    """Answer an authorisation request with a self-posting form.

    An unknown client or redirect address gets a page and nothing is sent anywhere; every other fault goes
    back to the tool as ``error``, ``error_description`` and ``state``.
    """
    here = world()
    asked = request.values
    if not here.config.installed or asked.get("client_id") != here.config.client_id:
        return render_template(
            "problem.html", title="Unknown tool", text="This client_id is not installed here."
        ), 400
    if asked.get("redirect_uri") != here.config.launch_url:
        text = "The redirect_uri is not one of the tool's registered addresses."
        return render_template("problem.html", title="Wrong address", text=text), 400
    fields = {"state": asked["state"]} if asked.get("state") else {}
    try:
        _check_protocol(asked.to_dict())
        user, launch = _who_and_what(here, asked.get("login_hint", ""), asked.get("lti_message_hint", ""))
        fields["id_token"] = _signed(here, user, launch, asked["nonce"])
        if launch.storage_target:
            fields["lti_storage_target"] = launch.storage_target
    except AuthRefused as refusal:
        fields = {**fields, "error": refusal.error, "error_description": refusal.description}
    return render_template("auto_post.html", action=here.config.launch_url, fields=fields)


def _check_protocol(asked: dict[str, str]) -> None:
    if "openid" not in asked.get("scope", "").split():
        raise AuthRefused("invalid_scope", "The 'scope' must be 'openid'")
    if asked.get("response_type") != "id_token":
        raise AuthRefused("unsupported_response_type", "The 'response_type' must be 'id_token'")
    if asked.get("response_mode") != "form_post":
        raise AuthRefused("invalid_request", "The 'response_mode' must be 'form_post'")
    if asked.get("prompt") != "none":
        raise AuthRefused("invalid_request", "The 'prompt' must be 'none'")
    for name in ("state", "nonce", "login_hint", "lti_message_hint"):
        if not asked.get(name):
            raise AuthRefused("invalid_request", f"The following parameters are missing: {name}")


def _who_and_what(here: World, login_hint: str, message_hint: str) -> tuple[User, LaunchHint]:
    try:
        user = here.people.by_key(here.hints.login_user(login_hint))
    except HintRefused as refusal:
        raise AuthRefused("login_required", "Must have an active user session") from refusal
    try:
        launch = here.hints.launch(message_hint)
    except HintRefused as refusal:
        raise AuthRefused(
            "launch_no_longer_valid", "The launch has either expired or already been used"
        ) from refusal
    if user is None or launch.user_key != user.key:
        raise AuthRefused("login_required", "The user is not logged in")
    if launch.course_id is not None and not here.people.may_open(user, launch.course_id):
        raise AuthRefused("unauthorized_client", "The user has no place in this course")
    return user, launch


def _signed(here: World, user: User, launch: LaunchHint, nonce: str) -> str:
    claims = id_token_claims(here.config, here.people, user, launch, nonce=nonce, now=here.config.clock())
    more = more_claims(here, launch)
    custom = {**claims[f"{LTI}custom"], **more.pop(f"{LTI}custom", {})}
    claims |= {**more, f"{LTI}custom": custom}
    if launch.kind == WISH:  # it is about no link yet
        del claims[f"{LTI}resource_link"]
    return jwt.encode({"typ": "JWT", "alg": "RS256", "kid": here.key.thumbprint()}, claims, here.key)
