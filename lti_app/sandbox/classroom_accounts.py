"""Google's accounts page, token endpoint and keys, as far as an add-on meets them.

Documents: "OpenID Connect" (discovery, authorization code flow, ``hd``, ``login_hint``) and "Using OAuth 2.0
for Web Server Applications", read 2026-11. Like the real one the page refuses to be framed.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from joserfc import jwt
from werkzeug.wrappers import Response as AnyResponse

from lti_app.sandbox.classroom_people import Account
from lti_app.sandbox.classroom_world import CODE_SECONDS, TOKEN_SECONDS, Consent, ExchangeRefused
from lti_app.sandbox.hints import CONSENT_SECONDS, HintRefused
from lti_app.sandbox.world import World, world

accounts = Blueprint("classroom_accounts", __name__)

ISSUER = "https://accounts.google.com"
_AUTH = "https://www.googleapis.com/auth/"
# What the consent page says about each scope; a scope that is not here is unknown to it.
WISHES = {
    "openid": "Know who you are",
    "email": "See your email address",
    "profile": "See your name",
    f"{_AUTH}classroom.addons.teacher": "See and add its own attachments in classes you teach",
    f"{_AUTH}classroom.addons.student": "See its own attachments in classes you take",
    f"{_AUTH}classroom.courses.readonly": "See your classes",
    f"{_AUTH}classroom.rosters.readonly": "See who is in your classes",
    f"{_AUTH}classroom.profile.emails": "See the email addresses of people in your classes",
    f"{_AUTH}classroom.guardianlinks.students.readonly": "See guardians of students",
    f"{_AUTH}gmail.send": "Send email in your name",
    f"{_AUTH}calendar.events.owned": "Make events in your calendars",
}


@accounts.get("/oauth2/v3/certs")
def certs() -> Response:
    """Google's public keys; here the ones the whole practice place signs with."""
    key = world().key
    public = {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "RS256"}
    answer = jsonify({"keys": [public]})
    answer.headers["Cache-Control"] = "public, max-age=21600"
    return answer


@accounts.get("/o/oauth2/v2/auth")
def choose() -> AnyResponse | tuple[str, int]:
    """Choose an account and say yes. Google would know who is signed in; here the page asks."""
    here, asked = world(), request.args
    if not here.config.google_client_id or asked.get("client_id") != here.config.google_client_id:
        return _problem("Error 401: invalid_client", "The OAuth client was not found."), 401
    if asked.get("redirect_uri") != here.config.google_redirect_uri:
        return _problem("Error 400: redirect_uri_mismatch", "This redirect URI is unknown."), 400
    scopes = asked.get("scope", "").split()
    unknown = [one for one in scopes if one not in WISHES]
    if asked.get("response_type") != "code" or not scopes or unknown:
        return _problem("Error 400: invalid_request", "Required parameter is missing or wrong."), 400
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return _problem("Error 400: invalid_request", "Only S256 here."), 400
    ticket = here.hints.seal(
        "google",
        {
            "uri": asked["redirect_uri"],
            "state": asked.get("state", ""),
            "scopes": scopes,
            "challenge": asked.get("code_challenge", ""),
            "nonce": asked.get("nonce", ""),
            "offline": asked.get("access_type") == "offline",
        },
    )
    people = here.classroom.people
    hinted = people.by_id(asked.get("login_hint", ""))
    page = render_template(
        "classroom_accounts.html",
        ticket=ticket,
        chosen=[hinted] if hinted is not None else list(people.accounts),
        wishes=[WISHES[one] for one in scopes],
    )
    answer = make_response(page)
    # A form's own redirects count as its target: the way back to the tool must be allowed.
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {_origin(asked['redirect_uri'])}"
    )
    answer.headers["X-Frame-Options"] = "DENY"
    return answer


@accounts.post("/o/oauth2/accept")
def accept() -> AnyResponse | tuple[str, int]:
    """Somebody chose an account, or said no."""
    here = world()
    try:
        asked = here.hints.open("google", request.form.get("ticket", ""), seconds=CONSENT_SECONDS, once=True)
    except HintRefused:
        return _problem("This page was open too long", "Start again from the tool."), 400
    account = here.classroom.people.by_key(request.form.get("account", ""))
    if account is None:
        return _back(asked, error="access_denied")
    consent = Consent(
        account=account,
        scopes=frozenset(asked["scopes"]),
        redirect_uri=asked["uri"],
        challenge=asked["challenge"],
        nonce=asked["nonce"],
        offline=asked["offline"],
        expires_at=here.config.clock() + timedelta(seconds=CODE_SECONDS),
    )
    return _back(asked, code=here.classroom.new_code(consent), scope=" ".join(asked["scopes"]))


@accounts.post("/token")
def token() -> tuple[Response, int]:
    """Trade a code or a refresh token."""
    here, sent = world(), request.form
    if not _is_client(here):
        return jsonify({"error": "invalid_client", "error_description": "Unauthorized"}), 401
    fields: dict[str, Any] = {}
    try:
        if sent.get("grant_type") == "authorization_code":
            consent, access, refresh = here.classroom.exchange(
                sent.get("code", ""), sent.get("redirect_uri", ""), sent.get("code_verifier", "")
            )
            fields = {"refresh_token": refresh} if refresh else {}
        elif sent.get("grant_type") == "refresh_token":
            consent, access = here.classroom.refresh(sent.get("refresh_token", ""))
        else:
            return jsonify({"error": "unsupported_grant_type"}), 400
    except ExchangeRefused as refusal:
        return jsonify({"error": str(refusal), "error_description": "Bad Request"}), 400
    fields |= {
        "access_token": access,
        "expires_in": TOKEN_SECONDS,
        "token_type": "Bearer",
        "scope": " ".join(sorted(consent.scopes)),
    }
    if "openid" in consent.scopes:
        fields["id_token"] = id_token(here, consent.account, consent.scopes, nonce=consent.nonce)
    answer = jsonify(fields)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200


@accounts.post("/revoke")
def revoke() -> tuple[Response, int]:
    """End a consent."""
    if world().classroom.revoke(request.form.get("token", "")):
        return jsonify({}), 200
    return jsonify({"error": "invalid_token"}), 400


def id_token(
    here: World, account: Account, scopes: frozenset[str], *, nonce: str = "", **changes: Any
) -> str:
    """An ID token as Google's; ``changes`` bends it for tests (None leaves a claim out)."""
    now = int(here.config.clock().timestamp())
    client = here.config.google_client_id
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "azp": client,
        "aud": client,
        "sub": account.id,
        "iat": now,
        "exp": now + 3600,
    }
    if account.domain:
        claims["hd"] = account.domain
    if "email" in scopes:
        claims |= {"email": account.email, "email_verified": True}
    if "profile" in scopes:
        claims |= {
            "name": account.name,
            "given_name": account.given_name,
            "family_name": account.family_name,
        }
    if nonce:
        claims["nonce"] = nonce
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": here.key.thumbprint(), "typ": "JWT"}, claims, here.key)


def _is_client(here: World) -> bool:
    sent = request.form
    right = hmac.compare_digest(sent.get("client_id", "").encode(), here.config.google_client_id.encode())
    secret = sent.get("client_secret", "").encode()
    return right and bool(secret) and hmac.compare_digest(secret, here.config.google_client_secret.encode())


def _back(asked: dict[str, Any], **fields: str) -> AnyResponse:
    given = {"state": asked["state"], **fields} if asked["state"] else fields
    return redirect(f"{asked['uri']}?{urlencode(given)}", 303)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _problem(title: str, text: str) -> str:
    return render_template("problem.html", title=title, text=text)
