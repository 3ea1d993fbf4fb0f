"""Checks a tool's client assertion (RFC 7523 as used by the 1EdTech Security Framework 4.1)."""

from __future__ import annotations

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lti_app.sandbox.world import World

LEEWAY_SECONDS = 60
LONGEST_SECONDS = 3600
FETCH_TIMEOUT_SECONDS = 5.0


class AssertionRefused(Exception):
    """The assertion does not prove that the tool is asking; the text says what is wrong."""


def check_assertion(here: World, assertion: str) -> None:
    """Raise :class:`AssertionRefused` unless the tool signed this assertion for us, now and for the first
    time.
    """
    try:
        token = jwt.decode(assertion, tool_keys(here), algorithms=["RS256"])
    except (JoseError, ValueError) as fault:
        raise AssertionRefused("JWT signature is invalid") from fault
    if not token.header.get("kid"):
        raise AssertionRefused("the header must name a kid")
    claims = token.claims
    client_id = here.config.client_id
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise AssertionRefused("the 'iss' and 'sub' must be the client id")
    audience = claims.get("aud")
    if here.config.token_url not in (audience if isinstance(audience, list) else [audience]):
        raise AssertionRefused("the 'aud' is invalid")
    now = here.config.clock().timestamp()
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int | float) or issued > now + LEEWAY_SECONDS:
        raise AssertionRefused("the 'iat' is missing or in the future")
    if not isinstance(expires, int | float) or expires < now - LEEWAY_SECONDS:
        raise AssertionRefused("the JWT has expired")
    if expires - issued > LONGEST_SECONDS:
        raise AssertionRefused("the 'exp' is too far in the future")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise AssertionRefused("the 'jti' is missing")
    if not here.tokens.first_use(jti):
        raise AssertionRefused("the 'jti' was used before")


def tool_keys(here: World) -> KeySet:
    """The tool's public keys, fetched anew: a practice LMS has few calls, and rotation must show at once."""
    try:
        answer = requests.get(f"{here.config.tool_base}/lti/jwks", timeout=FETCH_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return KeySet.import_key_set(answer.json())
    except (requests.RequestException, JoseError, ValueError, KeyError, TypeError) as fault:
        raise AssertionRefused("the tool's key set could not be read") from fault
